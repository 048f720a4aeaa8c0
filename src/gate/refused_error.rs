//! [`RefusedError`]: the refusal of a plan, and what a live gate knows about the portal's answer.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::caps::Unsupported;
use crate::plan::{Reason, Refused};
use crate::portal_probe::ProbeError;
use crate::table::Row;

/// The error of a call that a live gate refused. Nothing was sent.
///
/// It has the [`Refused`] of the plan, the age of the portal's answer, and why the portal could not
/// be asked again. `Display` is for people, and shows no value of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedError {
    refused: Refused,
    answer_age: Option<Duration>,
    probe_error: Option<ProbeError>,
}

impl RefusedError {
    pub(super) fn new(
        refused: Refused,
        answer_age: Option<Duration>,
        probe_error: Option<ProbeError>,
    ) -> Self {
        Self {
            refused,
            answer_age,
            probe_error,
        }
    }

    /// The refusal of the plan.
    #[must_use]
    pub fn refused(&self) -> &Refused {
        &self.refused
    }

    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        self.refused.method()
    }

    /// The parameter that is the reason, if it is not the method.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        self.refused.parameter()
    }

    /// The key of the command in a batch.
    #[must_use]
    pub fn batch_key(&self) -> Option<&str> {
        self.refused.batch_key()
    }

    /// The row of the table that is the reason.
    #[must_use]
    pub fn row(&self) -> &'static Row {
        self.refused.row()
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        self.refused.reason()
    }

    /// The feature that the portal lacks, if that is the reason.
    #[must_use]
    pub fn unsupported(&self) -> Option<&Unsupported> {
        self.refused.unsupported()
    }

    /// The age of the portal's answer, if the portal lacks a feature. `None` for a pinned portal, and
    /// without an answer.
    #[must_use]
    pub fn answer_age(&self) -> Option<Duration> {
        self.answer_age
    }

    /// Why the gate could not ask the portal again before it refused the call.
    #[must_use]
    pub fn probe_error(&self) -> Option<&ProbeError> {
        self.probe_error.as_ref()
    }
}

impl fmt::Display for RefusedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(86_400, "days"), (3_600, "hours"), (60, "minutes")];
        self.refused.fmt(f)?;
        if let Some(age) = self.answer_age {
            let seconds = age.as_secs();
            match UNITS.iter().find(|(unit, _)| seconds >= 2 * unit) {
                None if seconds == 0 => f.write_str(". The portal has just been asked")?,
                Some((unit, name)) => write!(f, ". The portal answered {} {name} ago", seconds / unit)?,
                None => write!(f, ". The portal answered {seconds} seconds ago")?,
            }
        }
        match &self.probe_error {
            Some(error) => write!(f, ". The portal could not be asked again: {error}"),
            None => Ok(()),
        }
    }
}

impl Error for RefusedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // Its text has the text of this error, so its source is the source of this error.
        self.probe_error.as_ref().and_then(Error::source)
    }
}

impl Serialize for RefusedError {
    /// The refusal, the age in seconds, and the text of the error. No value of the call.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut view = serializer.serialize_struct("RefusedError", 3)?;
        view.serialize_field("refused", &self.refused)?;
        view.serialize_field("answer_age", &self.answer_age.map(|age| age.as_secs()))?;
        view.serialize_field("probe_error", &self.probe_error.as_ref().map(ToString::to_string))?;
        view.end()
    }
}
