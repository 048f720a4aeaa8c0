//! [`Snapshot`]: the records of a registry's portals.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::limits::FORMAT;
use super::record::{Skipped, SnapshotRecord};

/// The knowledge of a registry about its portals. Serde writes it, and another registry can restore
/// it, in a later process or in another one.
///
/// It holds no secret: no credential is part of it. It holds no pins: the program sets them again.
///
/// # The form
///
/// ```json
/// {
///   "format": 1,
///   "records": [
///     {
///       "portal": "0123456789abcdef0123456789abcdef",
///       "address": "https://acme.bitrix24.com",
///       "learned_unix_ms": 1775088000000,
///       "known": {
///         "rest": { "least": 33, "least_from": "im.revision.get", "most": 33, "most_from": "im.revision.get" },
///         "imbot_v2": { "most": "absent", "most_from": "method_not_found" }
///       }
///     }
///   ]
/// }
/// ```
///
/// The fields of a record:
///
/// - `address`: the address that the knowledge belongs to.
/// - `portal`: the `member_id` that is claimed at the address, or the address again.
/// - `confirmed`, if true: the authorisation server has named both together.
/// - `contested`, if true: the `member_id` was claimed at another address, too, and is proven at none.
/// - `learned_unix_ms`: the time of the last answer in milliseconds since 1970. Stores compare it
///   without a calendar.
/// - `same_since_unix_ms`, if it differs from that: the time since when the answer is the same.
/// - `outdated`, if true: something happened since the answer that may have changed the portal.
///
/// A file of a newer format is an error, since its words may mean something else. Each record is
/// read by itself. A record that this version does not understand is [skipped](Self::skipped), and
/// its portal is asked when an answer is needed. The same holds for a record that no portal can
/// have answered: a revision of 0, a bound from a source that does not give it, or no knowledge at
/// all. A version reads every record that it wrote. A text of more than 1 GiB, or of more than four
/// million records, is refused: keep the records of so many portals one by one.
///
/// Read JSON by [`from_json`](Self::from_json), for its typed errors. Serde can read any other
/// self-describing format, such as CBOR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub(super) records: Vec<SnapshotRecord>,
    pub(super) skipped: Vec<Skipped>,
}

impl Snapshot {
    /// The records.
    #[must_use]
    pub fn records(&self) -> &[SnapshotRecord] {
        &self.records
    }

    /// The records that were not read.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }
}

/// A snapshot of records that were kept one by one.
impl FromIterator<SnapshotRecord> for Snapshot {
    fn from_iter<I: IntoIterator<Item = SnapshotRecord>>(records: I) -> Self {
        Self {
            records: records.into_iter().collect(),
            skipped: Vec::new(),
        }
    }
}

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut snapshot = serializer.serialize_struct("Snapshot", 2)?;
        snapshot.serialize_field("format", &FORMAT)?;
        snapshot.serialize_field("records", &self.records)?;
        snapshot.end()
    }
}
