//! The counters that a portal reports, each for one of its interfaces.
//!
//! [`Revisions`] are all counters of one reply. The table compares the counter of [`Counter::Rest`].

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod counter;
mod number;
mod revisions;
mod serial;

pub use counter::Counter;
pub use number::{MAX_REVISION, Revision};
pub use revisions::Revisions;
pub(crate) use serial::Counters;

#[cfg(test)]
mod tests;
