//! What is known of all portals, as it is kept outside of the process.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::cmp::Reverse;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Registry, metrics, place};
use crate::freshness::Observation;
use crate::knowledge::{self, Knowledge};
use crate::portal_id::PortalId;
use crate::wire::redact::shown;
use crate::wire::wait::LATEST;
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

mod reading;

use reading::Read;

/// What a registry knows of its portals: to be written with serde, kept, and
/// given to a registry of a later process or of another one.
///
/// It holds no secret: a credential is not part of what is known. Neither are
/// pins, which are the program's own and are set by it again.
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
/// What is known belongs to the `address`. `portal` is the `member_id` that is said to be
/// there, else the address again. With `"confirmed": true` the authorisation server has named
/// both together. The time is in milliseconds since
/// 1970, which stores compare without a calendar. A record may have
/// `"outdated": true`: something happened since that may have changed the portal; and
/// `"same_since_unix_ms"`: since when the portal has given the same answer, where that
/// is not the time of the last one alone.
///
/// A file is read as a whole or not at all: one of a newer format is an error,
/// since what it says may mean something else. A record is read by itself: one
/// that this version does not understand is [skipped](Self::skipped), and its
/// portal is asked when it is needed. So is a record that tells what no portal can have
/// answered: a revision of 0, a bound from a source that does not give it, or nothing at
/// all. A version reads every record that it wrote. A text of more than 1 GiB, or of more than
/// four million records, is refused: keep the records of so many portals one by one.
///
/// Read JSON by [`from_json`](Self::from_json), for its typed errors. With serde
/// any other format will do that describes itself, such as CBOR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    records: Vec<SnapshotRecord>,
    skipped: Vec<Skipped>,
}

/// What is known of one portal, and since when. See [`Snapshot`] for its form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(into = "Written")]
pub struct SnapshotRecord {
    portal: PortalId,
    address: PortalId,
    known: Knowledge,
    learned: SystemTime,
    same_since: SystemTime,
    outdated: bool,
    confirmed: bool,
}

/// A record that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Its place among the records, from 0.
    pub place: usize,
    /// Why.
    pub reason: SkipReason,
}

/// Why a record was not read. Repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SkipReason {
    /// It is of another form.
    #[error("the record has a field or a word that this version does not know, or lacks one")]
    Form,
    /// It tells what no portal can have answered, or a time after the year 9999.
    #[error(
        "the record is impossible: a bound without a source, a lower bound above the upper one, a revision out of range, a \
         bound from a source that does not give it, parts that contradict each other, nothing learned, or a time after \
         the year 9999"
    )]
    Impossible,
    /// Its `address` is none, or its `portal` is another one.
    #[error("the record's portal is neither a member_id nor the record's address")]
    Identity,
}

/// Why a snapshot was not read.
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
        /// Its format.
        found: u64,
    },
    /// It is no JSON.
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
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// The text has more records than the limit.
    #[error("the snapshot has more than {limit} records: keep them one by one, and collect them in parts")]
    TooMany {
        /// The most that are read.
        limit: usize,
    },
    /// It is something else.
    #[error("this is no snapshot: it must be an object with the number `format` and the list `records`")]
    NotASnapshot,
}

/// What came of a [`restore`](Registry::restore): each record counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreReport {
    /// Taken in.
    pub taken: usize,
    /// Not newer than what was known.
    pub older: usize,
    /// Not read: see [`Snapshot::skipped`].
    pub skipped: usize,
}

/// The format that is written, and the newest that is read.
const FORMAT: u64 = 1;

/// The longest text that is read, in bytes.
const BYTE_LIMIT: usize = 1 << 30;

/// The most records that are read: forty times the portals that a registry remembers unless
/// told otherwise.
const RECORD_LIMIT: usize = 4_000_000;

/// The end of the year 9999: what is later is no time of a clock.
const LAST_MS: u64 = LATEST * 1_000 + 999;

impl Registry {
    /// All that is known now, ordered by portal.
    ///
    /// What [`Handle::assume`](crate::Handle::assume) said of a portal that never
    /// answered is not part of it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let slots = self.shared.directory.all();
        let mut records: Vec<SnapshotRecord> = slots
            .iter()
            .filter_map(|slot| {
                let (portal, address) = (slot.place().id(), slot.place().address());
                let ((known, learned, outdated), confirmed) =
                    slot.with(|state| Some((state.record()?, state.is_confirmed())))?;
                Some(SnapshotRecord {
                    portal,
                    address,
                    known,
                    learned: learned.at,
                    same_since: learned.same_since,
                    outdated,
                    confirmed,
                })
            })
            .collect();
        records
            .sort_unstable_by(|one, other| (&one.portal, &one.address).cmp(&(&other.portal, &other.address)));
        Snapshot::from_iter(records)
    }

    /// Takes in what was known before, or elsewhere. No I/O: what is fresh is then
    /// answered from memory, and what is not is asked when it is needed.
    ///
    /// Of two pieces of knowledge the one that was learned later is kept. A time in
    /// the future, by a clock that ran ahead, counts as now, and what was learned
    /// then is asked again when it is next needed. Pins stand. Beyond the
    /// [capacity](crate::RegistryBuilder::capacity), what was learned first is
    /// forgotten again.
    pub fn restore(&self, snapshot: &Snapshot) -> RestoreReport {
        let now = self.shared.clock.now();
        let mut restored = RestoreReport {
            skipped: snapshot.skipped.len(),
            ..RestoreReport::default()
        };
        let mut records: Vec<&SnapshotRecord> = snapshot.records.iter().collect();
        // Where two name one member, the later one has it.
        records.sort_by_key(|record| Reverse(record.learned));
        for record in records {
            let directory = &self.shared.directory;
            let slot = directory.recall(&record.portal, &record.address, record.confirmed, now);
            let SnapshotRecord { known, outdated, .. } = record;
            let learned = Observation {
                at: record.learned,
                same_since: record.same_since,
            };
            slot.place().used_before(place::seconds(learned.at.min(now)));
            match slot.with(|state| state.restore(known, learned, *outdated, now)) {
                true => restored.taken = restored.taken.saturating_add(1),
                false => restored.older = restored.older.saturating_add(1),
            }
        }
        metrics::remembered(self.shared.directory.len());
        let RestoreReport {
            taken,
            older,
            skipped,
        } = restored;
        tracing::info!(
            bitrix24.restored.taken = taken,
            bitrix24.restored.older = older,
            bitrix24.restored.skipped = skipped,
            "restored what was known"
        );
        restored
    }
}

impl Snapshot {
    /// Reads it as it was written with `serde_json`.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when it is none, of a newer format, or too large. Records that cannot
    /// be read are no error: see [`skipped`](Self::skipped).
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, SnapshotError> {
        let json = json.as_ref();
        if json.len() > BYTE_LIMIT {
            return Err(SnapshotError::TooLong { limit: BYTE_LIMIT });
        }
        let read: Result<Read, _> = serde_json::from_slice(json);
        let read = read.map_err(|error| SnapshotError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        read.finish()
    }

    /// What was read, or what a registry knew.
    #[must_use]
    pub fn records(&self) -> &[SnapshotRecord] {
        &self.records
    }

    /// What was not read.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }
}

/// Of records that were kept one by one.
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

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::deserialize(deserializer)?
            .finish()
            .map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for SnapshotRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What serde says of a word that it does not know repeats all of that word.
        let written = Written::deserialize(deserializer)
            .map_err(|error| de::Error::custom(shown(&error.to_string(), &[])))?;
        Self::try_from(written).map_err(de::Error::custom)
    }
}

impl SnapshotRecord {
    /// What the portal is known by.
    #[must_use]
    pub fn portal(&self) -> &PortalId {
        &self.portal
    }

    /// What it is known by to those who do not know its `member_id`: where it
    /// answers.
    #[must_use]
    pub fn address(&self) -> &PortalId {
        &self.address
    }

    /// What is known of it.
    #[must_use]
    pub fn known(&self) -> &Knowledge {
        &self.known
    }

    /// When the portal last confirmed it, to the millisecond once it was written.
    #[must_use]
    pub fn learned(&self) -> SystemTime {
        self.learned
    }

    /// Since when the portal has given this answer, to the millisecond once it was
    /// written.
    #[must_use]
    pub fn same_since(&self) -> SystemTime {
        self.same_since
    }

    /// Whether the authorisation server has said that this portal is at this address.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Whether something happened since that may have changed the portal.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.outdated
    }
}

/// A record as it is written.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    portal: PortalId,
    address: PortalId,
    learned_unix_ms: u64,
    /// Left out where it is the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_since_unix_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    outdated: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    confirmed: bool,
    known: knowledge::Written,
}

impl From<SnapshotRecord> for Written {
    fn from(record: SnapshotRecord) -> Self {
        let (learned, same_since) = (unix_ms(record.learned), unix_ms(record.same_since));
        Self {
            portal: record.portal,
            address: record.address,
            learned_unix_ms: learned,
            same_since_unix_ms: (same_since != learned).then_some(same_since),
            outdated: record.outdated,
            confirmed: record.confirmed,
            known: record.known.into(),
        }
    }
}

impl TryFrom<Written> for SnapshotRecord {
    type Error = SkipReason;

    fn try_from(written: Written) -> Result<Self, SkipReason> {
        let Written { portal, address, .. } = written;
        if address.is_member() || !(portal.is_member() || portal == address) {
            return Err(SkipReason::Identity);
        }
        let time = |ms| {
            let time = UNIX_EPOCH.checked_add(Duration::from_millis(ms));
            time.filter(|_| ms <= LAST_MS).ok_or(SkipReason::Impossible)
        };
        let learned = time(written.learned_unix_ms)?;
        Ok(Self {
            portal,
            address,
            known: written.known.answered().map_err(|_| SkipReason::Impossible)?,
            learned,
            same_since: written.same_since_unix_ms.map_or(Ok(learned), time)?,
            outdated: written.outdated,
            confirmed: written.confirmed,
        })
    }
}

fn unix_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).map_or(LAST_MS, |ms| ms.min(LAST_MS))
}

#[cfg(test)]
mod tests;
