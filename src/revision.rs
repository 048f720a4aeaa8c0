//! The four counters that a portal reports.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod axis;
mod number;
mod revisions;
mod serial;

pub use axis::Axis;
pub use number::{MAX_REVISION, Revision};
pub use revisions::Revisions;
pub(crate) use serial::Counters;

#[cfg(test)]
mod tests;
