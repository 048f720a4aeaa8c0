//! [`Observation`]: the times of a portal's answers.

use std::time::{Duration, SystemTime};

/// When a portal last answered, and since when its answer is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observation {
    /// When the portal was last asked.
    pub at: SystemTime,
    /// Since when the answer is the same. Later than `at` if the portal has changed and its new answer
    /// was incomplete.
    pub same_since: SystemTime,
}

impl Observation {
    /// The first answer, or a changed one.
    #[must_use]
    pub fn new(at: SystemTime) -> Self {
        Self { at, same_since: at }
    }

    /// The same answer again.
    #[must_use]
    pub fn confirmed(self, at: SystemTime) -> Self {
        Self {
            at,
            same_since: self.same_since.min(at),
        }
    }

    /// The same observation with no time after now. Such a time comes from a clock that ran ahead
    /// or was set back.
    #[must_use]
    pub fn clamped_to(self, now: SystemTime) -> Self {
        Self {
            at: self.at.min(now),
            same_since: self.same_since.min(now),
        }
    }

    /// How long the answer had been the same at the last answer. The time after that does not
    /// count: the portal may have changed in it.
    pub(super) fn steady(self) -> Duration {
        self.at.duration_since(self.same_since).unwrap_or_default()
    }
}
