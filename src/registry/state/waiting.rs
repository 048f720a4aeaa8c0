//! The credentials whose callers wait for the running probe, and their order.

use std::time::SystemTime;

use super::State;
use super::wanted::Wanted;
use crate::freshness::Purpose;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;
use crate::registry::settings::Settings;

/// How many credentials one attempt may try. Each may take as long as a probe.
const WAITING: usize = 8;

impl State {
    /// Records that a caller with this credential waits. If the list is full, the program's
    /// credential replaces a guest's, or the last one: the earlier ones may be strangers'.
    pub(crate) fn wants_to_ask(&mut self, portal: &Portal, purpose: Purpose) {
        self.wanted = self.wanted.max(Wanted::by(purpose));
        let own = |waiting: &&mut Portal| waiting.same_credential(portal);
        if let Some(waiting) = self.waiting.iter_mut().find(own) {
            if !portal.is_of_request() {
                *waiting = portal.clone();
            }
            return;
        }
        if self.waiting.len() < WAITING {
            self.waiting.push(portal.clone());
            return;
        }
        let place = match self.waiting.iter().rposition(Portal::is_of_request) {
            None if !portal.is_of_request() => self.waiting.len().checked_sub(1),
            place => place,
        };
        if let Some(waiting) = place.and_then(|place| self.waiting.get_mut(place)) {
            *waiting = portal.clone();
        }
    }

    /// The next credential to try: it has not failed in this attempt, and it is in no pause. The
    /// program's credentials come before guests'. The first and the last one take turns, so that
    /// neither many earlier nor many later credentials can keep one from being tried.
    pub(crate) fn next_to_ask(
        &self,
        failed: &[(Portal, ProbeError)],
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> Option<Portal> {
        let may_ask = |waiting: &&Portal| {
            let has_failed = failed.iter().any(|(failed, _)| failed.same_credential(waiting));
            let mut failures = self.failures.of(waiting);
            !has_failed && !failures.any(|own| own.failure.is_paused(now, &settings.lifetimes, seed))
        };
        if failed.len() >= WAITING {
            return None;
        }
        let next = |of_request: bool| {
            let is_of = |waiting: &&Portal| waiting.is_of_request() == of_request && may_ask(waiting);
            let mut waiting = self.waiting.iter().filter(is_of);
            match failed.len() % 2 {
                1 => waiting.next_back(),
                _ => waiting.next(),
            }
        };
        next(false).or_else(|| next(true)).cloned()
    }

    /// Clears the list at the end of an attempt.
    pub(crate) fn all_asked(&mut self) {
        self.wanted = Wanted::Known;
        self.waiting.clear();
    }
}
