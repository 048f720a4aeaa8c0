//! [`SnapshotError`]: why a snapshot was not read.

use super::limits::FORMAT;

/// The reason that a snapshot was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// A newer version of this crate wrote it.
    #[error(
        "the snapshot is of format {found}, and this version reads up to {}: read it with the version that \
         wrote it, or begin without it and let the portals be asked again",
        FORMAT
    )]
    Newer {
        /// The format of the snapshot.
        found: u64,
    },
    /// The text is not JSON.
    #[error(
        "the snapshot is no JSON from line {line}, column {column} on: it may have been cut; begin without it"
    )]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The text is longer than the limit.
    #[error(
        "the snapshot is longer than {limit} bytes: keep its records one by one, and collect them in parts"
    )]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The text has more records than the limit.
    #[error("the snapshot has more than {limit} records: keep them one by one, and collect them in parts")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The text is JSON, and not a snapshot.
    #[error("this is no snapshot: it must be an object with the number `format` and the list `records`")]
    NotASnapshot,
}
