//! What is known of all portals, to be kept outside of the process.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

mod error;
mod limits;
mod reading;
mod record;
mod restore;
#[expect(
    clippy::module_inception,
    reason = "the file of the type that gives the folder its name"
)]
mod snapshot;

pub use error::SnapshotError;
pub(super) use limits::{FORMAT, LAST_MS};
pub(super) use record::{RecordForm, unix_ms};
pub use record::{SkipReason, Skipped, SnapshotRecord};
pub use restore::RestoreReport;
pub use snapshot::Snapshot;

#[cfg(test)]
mod tests;
