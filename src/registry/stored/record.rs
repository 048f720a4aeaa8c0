//! [`StoredRecord`]: what a store has of one portal, as text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::freshness::{Failure, Observation};
use crate::knowledge::Knowledge;
use crate::portal_id::PortalId;
use crate::probe::ProbeErrorClass;
use crate::registry::snapshot::{FORMAT, LAST_MS, RecordForm, SkipReason, SnapshotRecord, unix_ms};
use crate::store::BODY_LIMIT;

/// How far the clocks of two processes may differ. A record with a later time comes from a clock that
/// is wrong.
pub(crate) const SKEW: Duration = Duration::from_secs(10);

/// The knowledge of one portal with its times, and the failure that counts for all its credentials.
///
/// It names no `member_id`: anybody can claim one. So a record moves no knowledge to another address,
/// and changes no look-up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredRecord {
    pub(crate) record: Option<SnapshotRecord>,
    pub(crate) failed: Option<SharedFailure>,
}

/// A failure that the portal itself has reported, to any credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedFailure {
    pub(crate) failure: Failure,
    pub(crate) class: ProbeErrorClass,
}

/// Why a text was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// A newer version has written it. It stays as it is.
    Newer,
    /// No version writes this, or it is of another portal. It is replaced.
    Skipped(SkipReason),
}

impl Unread {
    /// The word for logs and metrics.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Unread::Newer => "newer",
            Unread::Skipped(SkipReason::Malformed) => "form",
            Unread::Skipped(SkipReason::Impossible) => "impossible",
            Unread::Skipped(SkipReason::Identity) => "identity",
        }
    }
}

/// The format, of any version.
#[derive(Deserialize)]
struct Head {
    format: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    format: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<RecordForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failed: Option<FailedForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FailedForm {
    at_unix_ms: u64,
    count: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lasting: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    class: ProbeErrorClass,
}

impl StoredRecord {
    /// Reads the text that a store has for the portal at this address.
    pub(super) fn read(address: &PortalId, body: &str) -> Result<Self, Unread> {
        let form = Unread::Skipped(SkipReason::Malformed);
        if body.len() > BODY_LIMIT {
            return Err(form);
        }
        let Head { format } = serde_json::from_str(body).map_err(|_| form)?;
        match format {
            1..=FORMAT => {}
            0 => return Err(form),
            _ => return Err(Unread::Newer),
        }
        let Form { record, failed, .. } = serde_json::from_str(body).map_err(|_| form)?;
        let record = record.map(SnapshotRecord::try_from).transpose();
        let record = record.map_err(Unread::Skipped)?;
        let is_own = |record: &SnapshotRecord| record.address() == address && record.portal() == address;
        if !record.as_ref().is_none_or(is_own) {
            return Err(Unread::Skipped(SkipReason::Identity));
        }
        let failed = failed.map(SharedFailure::try_from).transpose();
        Ok(Self {
            record,
            failed: failed.map_err(Unread::Skipped)?,
        })
    }

    /// The text for a store. `None` if there is nothing to store.
    pub(super) fn to_text(&self) -> Option<String> {
        if self.record.is_none() && self.failed.is_none() {
            return None;
        }
        let form = Form {
            format: FORMAT,
            record: self.record.clone().map(RecordForm::from),
            failed: self.failed.map(FailedForm::from),
        };
        // No map of the form has keys that are no text, so this does not fail.
        serde_json::to_string(&form).ok()
    }

    pub(super) fn known(&self) -> Option<&Knowledge> {
        self.record.as_ref().map(SnapshotRecord::known)
    }

    /// The time of the portal's last answer.
    pub(crate) fn learned(&self) -> Option<SystemTime> {
        self.record.as_ref().map(SnapshotRecord::learned)
    }

    /// The same record with a later time than this one. It was learned after that, by a clock that is
    /// a little slow.
    pub(super) fn after(mut self, earlier: SystemTime) -> Self {
        if let Some(record) = &mut self.record
            && record.learned() <= earlier
            && let Some(next) = earlier.checked_add(Duration::from_millis(1))
        {
            let learned = Observation {
                at: next,
                same_since: record.same_since(),
            };
            *record = SnapshotRecord::at_address(
                record.address().clone(),
                *record.known(),
                learned,
                record.is_marked_stale(),
            );
        }
        self
    }
}

impl From<SharedFailure> for FailedForm {
    fn from(SharedFailure { failure, class }: SharedFailure) -> Self {
        let wait = failure.wait.map(|wait| wait.as_millis());
        Self {
            at_unix_ms: unix_ms(failure.at),
            count: failure.count,
            lasting: failure.lasting,
            wait_ms: wait.map(|wait| u64::try_from(wait).unwrap_or(LAST_MS)),
            class,
        }
    }
}

impl TryFrom<FailedForm> for SharedFailure {
    type Error = SkipReason;

    fn try_from(form: FailedForm) -> Result<Self, SkipReason> {
        let at = UNIX_EPOCH.checked_add(Duration::from_millis(form.at_unix_ms));
        let at = at.filter(|_| form.at_unix_ms <= LAST_MS);
        // A credential's failure is its own.
        let is_shared = form.count > 0 && form.class != ProbeErrorClass::Credential;
        let mut failure = Failure::transient(None, at.filter(|_| is_shared).ok_or(SkipReason::Impossible)?);
        failure.count = form.count;
        failure.lasting = form.lasting;
        failure.wait = form.wait_ms.map(Duration::from_millis);
        Ok(Self {
            failure,
            class: form.class,
        })
    }
}

#[cfg(test)]
mod tests;
