//! What is known of all portals, to be kept outside of the process.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod contents;
mod error;
mod limits;
mod reading;
mod record;
mod restore;

pub use contents::Snapshot;
pub use error::SnapshotError;
pub(super) use limits::{FORMAT, LAST_MS};
pub(super) use record::{RecordForm, unix_ms};
pub use record::{SkipReason, Skipped, SnapshotRecord};
pub use restore::RestoreReport;

#[cfg(test)]
mod tests;
