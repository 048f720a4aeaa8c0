//! [`SnapshotRecord`]: one portal in a snapshot.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::{self, Deserialize, Deserializer};

use super::limits::LAST_MS;
use crate::freshness::Observation;
use crate::knowledge::{self, Knowledge};
use crate::portal_id::PortalId;
use crate::wire::redact::shown;

/// The knowledge of one portal, and its times. See [`Snapshot`](crate::Snapshot) for the form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(into = "RecordForm")]
pub struct SnapshotRecord {
    pub(super) portal: PortalId,
    pub(super) address: PortalId,
    pub(super) known: Knowledge,
    pub(super) learned: SystemTime,
    pub(super) same_since: SystemTime,
    pub(super) outdated: bool,
    pub(super) confirmed: bool,
    pub(super) contested: bool,
}

/// A record that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The position among the records, from 0.
    pub place: usize,
    /// The reason.
    pub reason: SkipReason,
}

/// The reason that a record was not read. Repeats nothing of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The record has another form.
    Malformed,
    /// No portal can have given this answer, or a time is after the year 9999.
    Impossible,
    /// The `address` is not an address, or `portal` is another address.
    Identity,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipReason::Malformed => {
                "the record has a field or a word that this version does not know, or lacks one"
            }
            SkipReason::Impossible => {
                "the record is impossible: a bound without a source, a lower bound above the upper one, a revision \
                 out of range, a bound from a source that does not give it, parts that contradict each other, \
                 nothing learned, or a time after the year 9999"
            }
            SkipReason::Identity => "the record's portal is neither a member_id nor the record's address",
        })
    }
}

impl<'de> Deserialize<'de> for SnapshotRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An error of serde repeats an unknown word in full.
        let form = RecordForm::deserialize(deserializer)
            .map_err(|error| de::Error::custom(shown(&error.to_string(), &[])))?;
        Self::try_from(form).map_err(de::Error::custom)
    }
}

impl SnapshotRecord {
    /// The record of an address, without a `member_id`.
    pub(crate) fn at_address(
        address: PortalId,
        known: Knowledge,
        learned: Observation,
        outdated: bool,
    ) -> Self {
        Self {
            portal: address.clone(),
            address,
            known,
            learned: learned.at,
            same_since: learned.same_since,
            outdated,
            confirmed: false,
            contested: false,
        }
    }

    /// The portal's id: its `member_id`, or its address.
    #[must_use]
    pub fn portal(&self) -> &PortalId {
        &self.portal
    }

    /// The portal's address.
    #[must_use]
    pub fn address(&self) -> &PortalId {
        &self.address
    }

    /// The knowledge of the portal.
    #[must_use]
    pub fn known(&self) -> &Knowledge {
        &self.known
    }

    /// The time of the portal's last answer. In milliseconds after it was written.
    #[must_use]
    pub fn learned(&self) -> SystemTime {
        self.learned
    }

    /// The time since when the portal gives this answer. In milliseconds after it was written.
    #[must_use]
    pub fn same_since(&self) -> SystemTime {
        self.same_since
    }

    /// Whether the authorisation server has named this portal for this address.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Whether the `member_id` was claimed at another address, too, and is proven at none.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.contested
    }

    /// Whether something happened since the answer that may have changed the portal.
    #[must_use]
    pub fn is_marked_stale(&self) -> bool {
        self.outdated
    }
}

/// The serde form of a record.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordForm {
    portal: PortalId,
    address: PortalId,
    learned_unix_ms: u64,
    /// Left out if it is the time above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_since_unix_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    outdated: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    confirmed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    contested: bool,
    known: knowledge::Written,
}

impl From<SnapshotRecord> for RecordForm {
    fn from(record: SnapshotRecord) -> Self {
        let (learned, same_since) = (unix_ms(record.learned), unix_ms(record.same_since));
        Self {
            portal: record.portal,
            address: record.address,
            learned_unix_ms: learned,
            same_since_unix_ms: (same_since != learned).then_some(same_since),
            outdated: record.outdated,
            confirmed: record.confirmed,
            contested: record.contested,
            known: record.known.into(),
        }
    }
}

impl TryFrom<RecordForm> for SnapshotRecord {
    type Error = SkipReason;

    fn try_from(form: RecordForm) -> Result<Self, SkipReason> {
        let RecordForm { portal, address, .. } = form;
        if address.is_member() || !(portal.is_member() || portal == address) {
            return Err(SkipReason::Identity);
        }
        let time = |ms| {
            let time = UNIX_EPOCH.checked_add(Duration::from_millis(ms));
            time.filter(|_| ms <= LAST_MS).ok_or(SkipReason::Impossible)
        };
        let learned = time(form.learned_unix_ms)?;
        Ok(Self {
            portal,
            address,
            known: form.known.answered().map_err(|_| SkipReason::Impossible)?,
            learned,
            same_since: form.same_since_unix_ms.map_or(Ok(learned), time)?,
            outdated: form.outdated,
            confirmed: form.confirmed,
            contested: form.contested,
        })
    }
}

pub(crate) fn unix_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).map_or(LAST_MS, |ms| ms.min(LAST_MS))
}
