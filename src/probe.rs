//! The errors of a probe: the few requests by which a registry learns what a portal can do.
//!
//! A registry runs the probes. If one fails, [`ProbeError`] names the question and the cause.
//! [`docs::knowledge`](crate::docs::knowledge) says what a probe asks.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

// `inquiry` (what to ask next, and what an answer proves) and `retry` (when to repeat a question)
// are pure. `session` sends the questions, and `conversation` runs the probe. A probe uses the
// transport alone, never anything that needs its result.
mod conversation;
mod error;
mod inquiry;
mod options;
mod retry;
mod session;

pub(crate) use conversation::{Found, probe};
pub use error::{ProbeError, ProbeErrorClass, ProbeErrorKind};
pub(crate) use options::ProbeOptions;

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
