//! [`Lifetimes`]: how long an answer is good for, and when to ask again.
//!
//! Revisions nearly always go up. So the lifetime of an answer depends on what an upgrade of the
//! portal can change. If an upgrade can change an answer, its lifetime grows with the time for which
//! the answer has been the same, as the heuristic of RFC 9111, section 4.2.2, does. After the
//! lifetime come the two windows of RFC 5861: the answer is still served while it is refreshed, and
//! for longer while probes fail. Failures have short lifetimes of their own.
//! [`docs::tuning`](crate::docs::tuning) has all times.

// The decision is pure: times come in, decisions go out. See `Volatility`.
mod decision;
mod failure;
mod jitter;
mod lifetimes;
mod observation;
mod purpose;
mod volatility;

pub(crate) use decision::{Decision, decide};
pub(crate) use failure::Failure;
pub(crate) use jitter::fraction;
pub use lifetimes::Lifetimes;
pub(crate) use observation::Observation;
pub(crate) use purpose::Purpose;
pub(crate) use volatility::Volatility;

#[cfg(test)]
mod tests;
