//! Before a call is refused by what is known: whether to ask once more, and how old the
//! answer is.

use std::time::{Duration, SystemTime};

use super::State;
use crate::freshness::{Decision, Observation};
use crate::portal::Portal;
use crate::probe::ProbeError;
use crate::registry::failures::Failing;
use crate::registry::settings::Settings;

impl State {
    /// What to do before a call is refused. Asks once in a while, and not in a pause. Who
    /// comes while the portal is being asked waits as well: the credential that is tried
    /// first may be bad.
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
        // Its own failure uses up the minute of a credential, whatever others may do.
        let holds = |failing: &&Failing| {
            let failure = &failing.failure;
            failure.holds(now, lifetimes, seed) || lifetimes.holds_refusal(failure.at, now)
        };
        let is_paused = self.failures.of(portal).any(|failing| holds(&failing));
        let was_asked = self.asked_to_refuse.is_some() && self.waiting.is_empty();
        if is_paused || is_good || was_asked {
            let failing = self.failures.of(portal).find(holds);
            return (Decision::Serve, failing.map(|failing| &failing.error));
        }
        self.asked_to_refuse = Some(now);
        (Decision::Ask { else_serve: false }, None)
    }

    /// Each credential that was tried failed for a reason of its own: whoever has another
    /// may ask at once.
    pub(crate) fn others_may_ask(&mut self) {
        self.asked_to_refuse = None;
    }

    /// What to do before a call is sent that does harm where it is ignored. Asks, unless
    /// that has failed so lately that it would not be asked before a refusal either.
    pub(super) fn decide_harm(
        &mut self,
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> (Decision, Option<&ProbeError>) {
        let lifetimes = &settings.lifetimes;
        let holds = |failing: &&Failing| {
            let failure = &failing.failure;
            failure.holds(now, lifetimes, seed) || lifetimes.holds_refusal(failure.at, now)
        };
        if self.failures.of(portal).any(|failing| holds(&failing)) {
            let failing = self.failures.of(portal).find(holds);
            return (Decision::Refuse, failing.map(|failing| &failing.error));
        }
        // The answer may be the reason of a refusal.
        self.asked_to_refuse = Some(now);
        (Decision::Ask { else_serve: false }, None)
    }

    /// How old the answer is, and why the portal could not be asked since.
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
