//! How long an answer is good for, and when to ask again. The module reads no clock: its functions
//! take the time as an argument.
//!
//! Revisions nearly always go up. So the lifetime of an answer depends on what an upgrade of the
//! portal can change. If an upgrade can change an answer, its lifetime grows with the time for which
//! the answer has been the same, as the heuristic of RFC 9111, section 4.2.2, does. After the
//! lifetime come the two windows of RFC 5861: the answer is still served while it is refreshed,
//! and for longer while probes fail. Failures have short lifetimes of their own.
//!
//! The registry decides by these rules. A program without the registry keeps an [`Entry`] for each
//! portal, and asks it before each use:
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use imbot_caps::{Caps, Feature};
//! use imbot_caps::freshness::{Decision, Entry, Failure, Lifetimes, Observation, Volatility};
//!
//! let (lifetimes, seed) = (Lifetimes::new(), 7);
//! let asked = SystemTime::UNIX_EPOCH + Duration::from_secs(1_775_088_000);
//! let hour = Duration::from_secs(3_600);
//! let caps = Caps::just_below(Feature::SystemMessage);
//!
//! // The portal lacks the feature, and the next upgrade may bring it.
//! let mut entry = Entry::new(Volatility::of(&caps, Feature::SystemMessage));
//! assert_eq!(entry.decide(asked, &lifetimes, seed), Decision::Ask { else_serve: false });
//!
//! entry.learn(Observation::new(asked), entry.volatility);
//! assert_eq!(entry.decide(asked + hour / 2, &lifetimes, seed), Decision::Serve);
//! assert_eq!(entry.decide(asked + hour, &lifetimes, seed), Decision::Revalidate);
//! assert_eq!(entry.decide(asked + hour * 3, &lifetimes, seed), Decision::Ask { else_serve: true });
//!
//! // The portal was asked and did not answer. Until the pause is over, the old answer serves.
//! let failed = asked + hour * 3;
//! entry.failure = Some(Failure::transient(None, failed));
//! assert_eq!(entry.decide(failed, &lifetimes, seed), Decision::Serve);
//! ```

// The decision is pure: times come in, decisions go out. See `Volatility`.
mod decision;
mod failure;
mod jitter;
mod lifetimes;
mod observation;
#[cfg(feature = "registry")]
mod purpose;
mod volatility;

pub use decision::{Decision, Entry};
pub use failure::Failure;
pub(crate) use jitter::fraction;
pub use lifetimes::Lifetimes;
pub use observation::Observation;
#[cfg(feature = "registry")]
pub(crate) use purpose::Purpose;
pub use volatility::Volatility;

#[cfg(test)]
mod tests;
