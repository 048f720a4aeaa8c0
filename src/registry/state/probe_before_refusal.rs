//! Decides whether to ask again before a gate refuses a call. Returns the age of the answer.

use std::time::{Duration, SystemTime};

use super::State;
use crate::freshness::{Decision, Observation};
use crate::portal::Portal;
use crate::portal_probe::ProbeError;
use crate::registry::failures::Failing;
use crate::registry::settings::Settings;

impl State {
    /// The decision before a call is refused. The portal is asked once in a while, and not in a
    /// pause. Callers that come during the probe wait, too: the credential that is tried first may
    /// be bad.
    pub(super) fn decide_refusal(
        &mut self,
        insist: bool,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (Decision, Option<&ProbeError>) {
        let lifetimes = &settings.lifetimes;
        let is_young = |learned: Observation| lifetimes.holds_refusal(learned.at, now);
        let is_good = !insist && !self.outdated && self.learned.is_some_and(is_young);
        let is_paused = self.recent_failure(portal, now, settings, seed).is_some();
        let was_asked = self.asked_to_refuse.is_some() && self.waiting.is_empty();
        if is_paused || is_good || was_asked {
            let failing = self.recent_failure(portal, now, settings, seed);
            return (Decision::Serve, failing.map(|failing| &failing.error));
        }
        self.asked_to_refuse = Some(now);
        (Decision::Ask { else_serve: false }, None)
    }

    /// Lets a caller with another credential ask at once, since each tried credential failed for a
    /// reason of its own.
    pub(crate) fn others_may_ask(&mut self) {
        self.asked_to_refuse = None;
    }

    /// The decision before a call is sent that does harm if the portal ignores it. The portal is
    /// asked, unless a probe has failed so recently that it would not be asked before a refusal.
    pub(super) fn decide_harm(
        &mut self,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (Decision, Option<&ProbeError>) {
        if self.recent_failure(portal, now, settings, seed).is_some() {
            let failing = self.recent_failure(portal, now, settings, seed);
            return (Decision::ReturnError, failing.map(|failing| &failing.error));
        }
        // The answer may be the reason for a refusal.
        self.asked_to_refuse = Some(now);
        (Decision::Ask { else_serve: false }, None)
    }

    /// A failure after which the portal is not asked yet. A credential's own failure uses up its minute, whatever other
    /// credentials do.
    fn recent_failure(
        &self,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> Option<&Failing> {
        let lifetimes = &settings.lifetimes;
        self.failures.of(portal).find(|failing| {
            let failure = &failing.failure;
            failure.is_paused(now, lifetimes, seed) || lifetimes.holds_refusal(failure.at, now)
        })
    }

    /// The age of the answer, and the failure since then.
    pub(crate) fn answer(&self, portal: &Portal, now: SystemTime) -> (Option<Duration>, Option<&ProbeError>) {
        if self.pinned.is_some() {
            return (None, None);
        }
        let learned = self.learned.map(|learned| learned.at);
        let since = |failing: &&Failing| learned.is_none_or(|at| failing.failure.at >= at);
        let failing = self.failures.of(portal).find(since);
        let age = learned.map(|at| now.duration_since(at).unwrap_or_default());
        (age, failing.map(|failing| &failing.error))
    }
}
