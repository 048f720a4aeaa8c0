//! Exchanges the state with a store, which other processes share.

use std::time::SystemTime;

use super::State;
use super::apply_probe::changed;
use super::merge::bounds;
use super::wanted::Wanted;
use crate::freshness::{Decision, Observation, Purpose};
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::portal_probe::ProbeError;
use crate::registry::event::Event;
use crate::registry::settings::Settings;
use crate::registry::snapshot::SnapshotRecord;
use crate::registry::stored::{SKEW, SharedFailure, StoredRecord};

impl State {
    /// Whether a caller of the running probe wants the portal itself to be asked.
    pub(crate) fn must_ask(&self) -> bool {
        self.wanted == Wanted::Asked
    }

    /// What a store keeps of the portal at this address.
    pub(crate) fn to_store(&self, address: &PortalId) -> StoredRecord {
        let record = self.record().map(|(known, learned, outdated)| {
            SnapshotRecord::at_address(address.clone(), known, learned, outdated)
        });
        let failing = self.failures.of_portal();
        let failed = failing
            .filter(|failing| failing.error.is_of_fleet())
            .map(|failing| SharedFailure {
                failure: failing.failure,
                class: failing.error.class(),
            });
        StoredRecord { record, failed }
    }

    /// Merges what a store has. Returns the event to report, if the knowledge has changed.
    pub(crate) fn take_stored(
        &mut self,
        address: &PortalId,
        stored: &StoredRecord,
        now: SystemTime,
    ) -> Option<Event> {
        let event = stored
            .record
            .as_ref()
            .and_then(|record| self.take_record(address, record, now));
        let latest = now.checked_add(SKEW).unwrap_or(now);
        let met = self.failures.of_portal().map(|failing| failing.failure.at);
        let learned = stored.learned().filter(|learned| *learned <= latest);
        if met.is_some_and(|met| learned > Some(met)) {
            // Another process got an answer since.
            self.failures.end_of_portal();
        }
        if let Some(SharedFailure { failure, class }) = stored.failed
            && failure.at <= latest
            && Some(failure.at) > met
            && self.learned.is_none_or(|learned| failure.at > learned.at)
        {
            let error = ProbeError::elsewhere(address.clone(), class);
            self.failures.set_portal(failure, error);
        }
        event
    }

    fn take_record(&mut self, address: &PortalId, record: &SnapshotRecord, now: SystemTime) -> Option<Event> {
        let (before, since) = (self.known, self.learned);
        let latest = now.checked_add(SKEW).unwrap_or(now);
        let observed = Observation {
            at: record.learned(),
            same_since: record.same_since(),
        };
        let is_ahead = observed.at > latest;
        if is_ahead && since.is_some() {
            // The writer's clock is wrong, so the record may be older than the knowledge here.
            return None;
        }
        // The clocks of two machines differ a little.
        let observed = if is_ahead {
            observed
        } else {
            observed.clamped_to(now)
        };
        self.restore(record.known(), observed, record.is_marked_stale(), now);
        // A later answer covers what has happened before. The time of an event is not kept, so the
        // portal must not have been marked since the last probe, and no probe may have failed.
        let is_later = since.is_none_or(|since| observed.at > since.at);
        let is_whole = self.learned.is_some_and(|learned| learned.at == observed.at);
        if is_later && is_whole && !is_ahead && !record.is_marked_stale() {
            self.outdated &= self.outdated_anew || !self.failures.is_empty();
        }
        match since {
            None => Some(Event::Learned {
                portal: address.clone(),
                known: self.known,
            }),
            Some(_) if bounds(&self.known) == bounds(&before) => None,
            Some(_) => Some(changed(address.clone(), before, self.known)),
        }
    }

    /// The result for the callers of the running probe, if what the store had is good enough: the
    /// time of the answer, or the failure of the portal. `purpose` is that of the first caller, and
    /// `decision` is the decision for it before.
    pub(crate) fn answer_by_store(
        &mut self,
        (purpose, decision): (Purpose, Decision),
        portal: &Portal,
        now: SystemTime,
        settings: &Settings,
        seed: u64,
    ) -> Option<Result<SystemTime, ProbeError>> {
        if self.wanted == Wanted::Asked {
            return None;
        }
        let failing = self.failures.of_portal();
        if let Some(failing) = failing.filter(|failing| failing.error.is_elsewhere())
            && failing.failure.is_paused(now, &settings.lifetimes, seed)
        {
            return Some(Err(failing.error.clone()));
        }
        let learned = self.learned?;
        let is_young = || !self.outdated && settings.lifetimes.holds_refusal(learned.at, now);
        if self.wanted == Wanted::Young && !is_young() {
            return None;
        }
        // The callers that joined wait for all rows, or for some.
        let all = (self.wanted == Wanted::Known).then_some(Purpose::All);
        let own = Some(purpose).filter(|purpose| Wanted::by(*purpose) == Wanted::Known);
        let may_be_stale = matches!(decision, Decision::Ask { .. }) && !self.outdated;
        let is_good = own.into_iter().chain(all).all(|purpose| {
            match self.decide(purpose, portal, now, settings, seed) {
                (Decision::Serve, None) => true,
                // The callers get this answer, and the next attempt refreshes it.
                (Decision::Revalidate, _) => may_be_stale,
                _ => false,
            }
        });
        is_good.then_some(Ok(learned.at))
    }
}
