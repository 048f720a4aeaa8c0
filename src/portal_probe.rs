//! The errors of a registry's probe: the few requests by which a registry learns what a portal can do.
//!
//! The registry sends what the state machine [`Probe`](crate::probe::Probe) says, with one credential of one
//! portal. If a probe fails, [`ProbeError`] names the question and the cause.
//! [`docs::knowledge`](crate::docs::knowledge) says what a probe asks.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod driver;
mod error;
mod options;

pub(crate) use driver::{Found, probe};
pub use error::{ProbeError, ProbeErrorKind};
pub(crate) use options::ProbeOptions;

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
