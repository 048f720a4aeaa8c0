//! Probes one portal with one credential: sends what [`Probe`](crate::probe::Probe) says. A probe uses
//! the transport alone, never anything that needs its result.

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
