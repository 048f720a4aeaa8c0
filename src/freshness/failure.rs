//! [`Failure`]: how long a portal is not asked after failures.

use std::time::{Duration, SystemTime};

use super::jitter::fraction;
use super::lifetimes::{Backoff, HOUR, Lifetimes};

/// A failure, or several in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The time of the last one.
    pub at: SystemTime,
    /// How many there were in a row: at least one.
    pub count: u32,
    /// Whether the failure lasts until somebody repairs its cause.
    pub lasting: bool,
    /// The wait that the portal asked for.
    pub wait: Option<Duration>,
}

impl Failure {
    /// A failure that passes by itself, after this one. `None` if it is the first since the last success.
    /// Failures of the kind [`Transient`](crate::probe::ProbeErrorClass::Transient) are such.
    #[must_use]
    pub fn transient(before: Option<&Failure>, at: SystemTime) -> Self {
        Self::after(before, at, false)
    }

    /// The same for a failure that lasts until somebody repairs its cause. Its pauses are longer.
    #[must_use]
    pub fn lasting(before: Option<&Failure>, at: SystemTime) -> Self {
        Self::after(before, at, true)
    }

    /// The same with the wait that the portal asked for.
    #[must_use]
    pub fn with_retry_after(self, wait: Option<Duration>) -> Self {
        Self { wait, ..self }
    }

    pub(crate) fn after(before: Option<&Failure>, at: SystemTime, lasting: bool) -> Self {
        Self {
            at,
            count: before.map_or(0, |before| before.count).saturating_add(1),
            lasting,
            wait: None,
        }
    }

    /// How long the portal is not asked, from the time of the failure on. `seed` is as for
    /// [`Entry::decide`](super::Entry::decide).
    #[must_use]
    pub fn pause(&self, lifetimes: &Lifetimes, seed: u64) -> Duration {
        let Backoff { first, longest } = match self.lasting {
            true => lifetimes.lasting,
            false => lifetimes.passing,
        };
        let doubled =
            first.saturating_mul(1u32.checked_shl(self.count.saturating_sub(1)).unwrap_or(u32::MAX));
        let pause = doubled.min(longest);
        // Up to a quarter less, so that portals that failed together are not asked together.
        let pause = pause - (pause / 4).mul_f64(fraction(seed ^ u64::from(self.count)));
        // A proxy can name any time. More than an hour is not believed.
        pause.max(self.wait.unwrap_or_default().min(HOUR))
    }

    /// Whether the pause is not over.
    #[must_use]
    pub fn is_paused(&self, now: SystemTime, lifetimes: &Lifetimes, seed: u64) -> bool {
        // A failure in the future was before the clock was set back.
        now.duration_since(self.at)
            .is_ok_and(|ago| ago < self.pause(lifetimes, seed))
    }
}
