//! The short conversation that turns a portal's answers into knowledge.
//!
//! The pure part is in [`inquiry`] (what to ask next, and what an answer proves) and in [`retry`]
//! (when to repeat a question). [`session`] sends the questions, and [`conversation`] runs the
//! probe. A probe uses the transport alone, never anything that needs its result.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod conversation;
mod error;
mod inquiry;
mod options;
mod retry;
mod session;

pub(crate) use conversation::{Found, probe};
pub use error::{FailureKind, ProbeError, ProbeErrorKind};
pub(crate) use options::ProbeOptions;

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
