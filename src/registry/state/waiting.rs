//! Who waits for the flight under way, and whose credential is tried next.

use std::time::SystemTime;

use super::State;
use crate::portal::Portal;
use crate::probe::ProbeError;
use crate::registry::settings::Settings;

/// How many credentials one flight may try: each may take as long as a probe.
const WAITING: usize = 8;

impl State {
    /// Somebody boards the flight under way, or begins one. Where there is no more room, the
    /// program's credential takes the place of a guest or of the last: those that came
    /// before it may be strangers'.
    pub(crate) fn wants_to_ask(&mut self, portal: &Portal) {
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

    /// Who waits with a credential that has not failed in this flight, and that no pause
    /// keeps from asking. The program's credentials come before guests. The last and the
    /// first take turns: so neither many who came before nor many who come later keep one
    /// from being tried.
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
            !has_failed && !failures.any(|own| own.failure.holds(now, &settings.lifetimes, seed))
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

    /// The flight under way ends.
    pub(crate) fn all_asked(&mut self) {
        self.waiting.clear();
    }
}
