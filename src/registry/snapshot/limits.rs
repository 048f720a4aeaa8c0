//! The format of snapshots, and the limits of reading one.

use crate::wire::wait::LATEST;

/// The format that is written, of snapshots and of records in stores. It is the newest one that is
/// read.
pub(crate) const FORMAT: u64 = 1;

/// The limit of a text, in bytes.
pub(super) const BYTE_LIMIT: usize = 1 << 30;

/// The limit of records: forty times the default capacity of a registry.
pub(super) const RECORD_LIMIT: usize = 4_000_000;

/// The end of the year 9999. No clock has a later time.
pub(crate) const LAST_MS: u64 = LATEST * 1_000 + 999;
