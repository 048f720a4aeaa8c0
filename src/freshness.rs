//! How long an answer is good for, and when to ask again. Pure: times come in, decisions go out.
//!
//! Revisions nearly always go up, so an answer ages by what an upgrade can change: see
//! [`Volatility`]. If an upgrade can change an answer, its lifetime grows with the time for which
//! the answer has been the same, as the heuristic of RFC 9111, section 4.2.2, does. After the
//! lifetime come the two windows of RFC 5861: the answer is still served while it is refreshed,
//! and for longer while probes fail. Failures have short lifetimes of their own.

mod decision;
mod failure;
mod jitter;
mod lifetimes;
mod observation;
mod question;
mod volatility;

pub(crate) use decision::{Decision, decide};
pub(crate) use failure::Failure;
pub(crate) use jitter::fraction;
pub use lifetimes::Lifetimes;
pub(crate) use observation::Observation;
pub(crate) use question::Question;
pub(crate) use volatility::Volatility;

#[cfg(test)]
mod tests;
