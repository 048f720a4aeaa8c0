//! What an operator counts of a portal.

use std::time::SystemTime;

use super::State;
use crate::freshness::{Decision, Entry, Purpose};
use crate::registry::settings::Settings;
use crate::revision::Revision;

impl State {
    /// The REST revision that the portal has shown, if it is exactly known.
    pub(crate) fn answered_rest(&self) -> Option<Revision> {
        self.learned.and(self.known.rest())
    }

    /// Whether the last probe failed, for all credentials or for one of them.
    pub(crate) fn is_failing(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Whether the portal has an answer that is past its lifetime.
    pub(crate) fn is_stale(&self, now: SystemTime, settings: &Settings, seed: u64) -> bool {
        let Some(volatility) = settings.volatility(Purpose::All, &self.known) else {
            return false;
        };
        let entry = Entry {
            learned: self.learned,
            outdated: self.outdated,
            failure: None,
            volatility,
        };
        let is_due = entry.decide(now, &settings.lifetimes, seed) != Decision::Serve;
        self.learned.is_some() && self.pinned.is_none() && is_due
    }
}
