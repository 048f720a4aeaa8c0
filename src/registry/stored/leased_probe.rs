//! [`LeasedProbe`]: what the store has to do with one attempt to ask a portal.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::client::{Budget, StoreClient};
use super::record::{SKEW, StoredRecord, Unread};
use crate::freshness::{Decision, Purpose};
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::registry::event::Event;
use crate::registry::shared::Shared;
use crate::registry::slot::{Failed, Outcome, Slot};
use crate::single_flight::Leader;
use crate::store::{Change, Entry, Lease, SaveOutcome, Version};

/// How often a save is tried if other processes save at the same time. Each of them has then saved.
const TRIES: usize = 4;

/// The pauses between two looks at the record of a portal that another process asks.
const FIRST_LOOK: Duration = Duration::from_millis(10);
const LAST_LOOK: Duration = Duration::from_millis(250);

/// Why a portal is to be asked: the question of the first caller, and the decision for it.
pub(crate) type Reason = (Purpose, Decision);

/// What the store had of a portal before it was asked, and the lease.
#[derive(Debug, Default)]
pub(crate) struct LeasedProbe {
    version: Option<Version>,
    known: Option<Knowledge>,
    learned: Option<SystemTime>,
    /// A newer version of the crate has written the entry. It stays as it is.
    is_newer: bool,
    lease: Option<Lease>,
}

/// What a probe has shown that counts for other processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gained {
    /// Nothing: a credential has failed, or the network of this machine.
    Nothing,
    /// An answer.
    Answer,
    /// A failure that every process would get.
    Failure,
    /// An answer that is older than the record of the store may be.
    Earlier,
}

/// What a look at the record of a portal has led to.
enum Look {
    /// The callers have their answer.
    Answered,
    /// The portal has to be asked.
    Unanswered(Leader<Outcome>),
    /// The same, and the store does not help.
    Alone(Leader<Outcome>),
}

/// What all steps of a leased probe need.
struct Asker<'a> {
    slot: &'a Slot,
    shared: &'a Shared,
    client: &'a StoreClient,
    portal: &'a Portal,
    reason: Reason,
}

impl LeasedProbe {
    /// Looks for the answer in the store, before the portal is asked. Returns the leader if the portal
    /// has to be asked.
    pub(crate) async fn begin(
        slot: &Slot,
        shared: &Shared,
        portal: &Portal,
        reason: Reason,
        leader: Leader<Outcome>,
    ) -> (Option<Leader<Outcome>>, Self) {
        let mut own = LeasedProbe::default();
        let Some(client) = &shared.store else {
            return (Some(leader), own);
        };
        let asker = Asker {
            slot,
            shared,
            client,
            portal,
            reason,
        };
        let left = own.consult(&asker, leader).await;
        if left.is_none() {
            own.release(shared, client).await;
        }
        (left, own)
    }

    async fn consult(&mut self, asker: &Asker<'_>, leader: Leader<Outcome>) -> Option<Leader<Outcome>> {
        let Asker { shared, client, .. } = *asker;
        let mut budget = client.budget();
        let mut leader = match self.look(asker, &mut budget, leader).await {
            Look::Answered => return None,
            Look::Alone(leader) => return Some(leader),
            Look::Unanswered(leader) => leader,
        };
        let key = || asker.slot.key().address().to_string();
        let began = shared.clock.now();
        let patience = client.holder_patience(shared.settings.deadline);
        let mut pause = FIRST_LOOK;
        // A caller that wants the portal to be asked gets its wish at once.
        while !asker.slot.with(|state| state.must_ask()) {
            match shared.lease(client, key(), &mut budget).await {
                None => break,
                Some(Some(lease)) => {
                    self.lease = Some(lease);
                    // The last holder may have saved since the first look.
                    return match self.look(asker, &mut budget, leader).await {
                        Look::Answered => None,
                        Look::Alone(leader) | Look::Unanswered(leader) => Some(leader),
                    };
                }
                Some(None) => {}
            }
            let waited = shared.clock.now().duration_since(began);
            if waited.is_ok_and(|waited| waited >= patience) {
                break;
            }
            shared.clock.sleep(pause).await;
            pause = pause.saturating_mul(2).min(LAST_LOOK);
            budget = client.budget();
            leader = match self.look(asker, &mut budget, leader).await {
                Look::Answered => return None,
                Look::Alone(leader) => return Some(leader),
                Look::Unanswered(leader) => leader,
            };
        }
        Some(leader)
    }

    /// Loads the record, merges it, and answers the callers if it is good enough.
    async fn look(&mut self, asker: &Asker<'_>, budget: &mut Budget, leader: Leader<Outcome>) -> Look {
        let Asker {
            slot,
            shared,
            client,
            portal,
            reason,
        } = *asker;
        let keys = vec![slot.key().address().to_string()];
        let Some(entries) = shared.load(client, keys, budget).await else {
            return Look::Alone(leader);
        };
        self.receive(slot, shared, entries.into_iter().flatten().next());
        let now = shared.clock.now();
        let left = slot.state.complete(leader, |state| {
            state.with(&|| slot.account(), |state| {
                let answer = state.answer_by_store(reason, portal, now, &shared.settings, slot.seed());
                let answer = answer?;
                state.all_asked();
                Some(answer.map_err(|error| {
                    Arc::new(Failed {
                        own: Vec::new(),
                        shared: Some(error),
                    })
                }))
            })
        });
        match left {
            Some(leader) => Look::Unanswered(leader),
            None => Look::Answered,
        }
    }

    /// Merges an entry into the slot, and keeps what a save depends on.
    fn receive(&mut self, slot: &Slot, shared: &Shared, entry: Option<Entry>) {
        self.version = entry.as_ref().map(|entry| entry.version);
        (self.known, self.learned, self.is_newer) = (None, None, false);
        let Some(entry) = entry else {
            return;
        };
        match shared.read(&slot.key().address(), &entry.body) {
            Ok(stored) => {
                self.known = stored.known().copied();
                self.learned = stored.learned();
                merge(slot, shared, &stored);
            }
            Err(Unread::Newer) => self.is_newer = true,
            Err(Unread::Skipped(_)) => {}
        }
    }

    /// Saves what the probe has shown, and releases the lease.
    pub(crate) async fn end(mut self, slot: &Slot, shared: &Shared, gained: Gained) {
        let Some(client) = &shared.store else {
            return;
        };
        if gained != Gained::Nothing {
            self.save(slot, shared, client, gained).await;
        }
        self.release(shared, client).await;
    }

    async fn save(&mut self, slot: &Slot, shared: &Shared, client: &StoreClient, gained: Gained) {
        let address = slot.key().address();
        for _ in 0..TRIES {
            let mut stored = slot.with(|state| state.to_store(&address));
            let now = shared.clock.now();
            // The answer came after the record that was read. The writer's clock may be a little ahead.
            if let Some(earlier) = self.learned.filter(|_| gained == Gained::Answer)
                && now.checked_add(SKEW).is_some_and(|latest| earlier <= latest)
            {
                stored = stored.after(earlier);
            }
            let Some(body) = stored.to_text().filter(|_| !self.is_newer) else {
                return;
            };
            let mut change = Change::new(address.to_string(), body, self.version);
            change.announce = stored.known() != self.known.as_ref();
            let saved = shared.save(client, vec![change], &mut client.budget()).await;
            match saved.and_then(|mut saved| saved.pop()) {
                Some(SaveOutcome::Conflict(entry)) => self.receive(slot, shared, entry),
                Some(SaveOutcome::Done(_)) => return,
                // A failure is met again by whoever asks.
                None if gained == Gained::Failure => return,
                None => return client.add_unsaved(address),
            }
        }
    }

    /// What to save if the slot has a later answer than the entry that was received. An answer that an event has marked
    /// as stale stays here.
    fn later_change(&self, slot: &Slot, shared: &Shared, cause: Cause) -> Option<Change> {
        let address = slot.key().address();
        let stored = slot.with(|state| state.to_store(&address));
        stored
            .record
            .as_ref()
            .filter(|record| !record.is_marked_stale())?;
        if self.is_newer || !is_later(stored.learned(), self.learned, shared.clock.now()) {
            return None;
        }
        let mut change = Change::new(address.to_string(), stored.to_text()?, self.version);
        change.announce = match cause {
            // Each process exchanges everything, so nobody has to hear of an entry that was lost.
            Cause::Missed => self.known.is_some() && stored.known() != self.known.as_ref(),
            Cause::Unsaved => stored.known() != self.known.as_ref(),
        };
        Some(change)
    }

    async fn release(&mut self, shared: &Shared, client: &StoreClient) {
        if let Some(lease) = self.lease.take() {
            shared.release(client, lease).await;
        }
    }
}

/// Merges a record into a slot.
pub(super) fn merge(slot: &Slot, shared: &Shared, stored: &StoredRecord) {
    let (address, now) = (slot.key().address(), shared.clock.now());
    let event = slot.with(|state| {
        let event = state.take_stored(&address, stored, now)?;
        // Sent under the lock, so that listeners get them in order.
        shared.send(&address, event.clone(), true);
        Some(event)
    });
    event.iter().for_each(Event::trace);
}

/// Saves what is known of a portal that was not asked at its own address: its former address has
/// redirected there. Without a lease, since nothing is asked.
pub(crate) async fn save_known(slot: &Slot, shared: &Shared) {
    let Some(client) = &shared.store else {
        return;
    };
    let (mut own, address) = (LeasedProbe::default(), slot.key().address());
    let keys = vec![address.to_string()];
    let Some(entries) = shared.load(client, keys, &mut client.budget()).await else {
        return client.add_unsaved(address);
    };
    own.receive(slot, shared, entries.into_iter().flatten().next());
    let learned = slot.with(|state| state.to_store(&address)).learned();
    if is_later(learned, own.learned, shared.clock.now()) {
        own.save(slot, shared, client, Gained::Earlier).await;
    }
}

/// How many records are loaded at a time.
pub(crate) const BATCH: usize = 256;

/// Loads the records of slots, and merges them. Returns whether the store has answered.
pub(crate) async fn preload(slots: &[Arc<Slot>], shared: &Shared) -> bool {
    let Some(client) = &shared.store else {
        return true;
    };
    for part in slots.chunks(BATCH) {
        if load_part(part, shared, client).await.is_none() {
            return false;
        }
    }
    true
}

/// How many records are saved at a time. A store may need a round trip for each.
const SAVED: usize = 32;

/// Why records are exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Changes were missed, or entries were lost.
    Missed,
    /// The store did not take answers.
    Unsaved,
}

/// Loads and merges the records of slots, and saves each answer that is later than its record. What the store does not
/// take is unsaved. Returns whether all records were loaded.
pub(super) async fn exchange(slots: &[Arc<Slot>], shared: &Shared, cause: Cause) -> bool {
    let Some(client) = &shared.store else {
        return true;
    };
    for part in slots.chunks(BATCH) {
        let Some(loaded) = load_part(part, shared, client).await else {
            return false;
        };
        let later: Vec<(&Arc<Slot>, Change)> = part
            .iter()
            .zip(&loaded)
            .filter_map(|(slot, own)| Some((slot, own.later_change(slot, shared, cause)?)))
            .collect();
        for changes in later.chunks(SAVED) {
            let texts = changes.iter().map(|(_, change)| change.clone()).collect();
            let saved = shared.save(client, texts, &mut client.budget()).await;
            let saved = saved.unwrap_or_default().into_iter().map(Some);
            // A conflict is another process's answer, which may be an earlier one.
            for ((slot, _), saved) in changes.iter().zip(saved.chain(std::iter::repeat(None))) {
                if !matches!(saved, Some(SaveOutcome::Done(_))) {
                    client.add_unsaved(slot.key().address());
                }
            }
        }
    }
    true
}

/// Whether an answer is later than the one of an entry, whose time has milliseconds. A time that is not yet is of a
/// wrong clock.
fn is_later(own: Option<SystemTime>, entry: Option<SystemTime>, now: SystemTime) -> bool {
    let millis = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default().as_millis()
    };
    let latest = now.checked_add(SKEW).unwrap_or(now);
    own.map(millis) > entry.filter(|entry| *entry <= latest).map(millis)
}

/// Loads and merges some records. `None` if the store has not answered.
async fn load_part(part: &[Arc<Slot>], shared: &Shared, client: &StoreClient) -> Option<Vec<LeasedProbe>> {
    let keys = part.iter().map(|slot| slot.key().address().to_string()).collect();
    let entries = shared.load(client, keys, &mut client.budget()).await?;
    let loaded = part.iter().zip(entries).map(|(slot, entry)| {
        let mut own = LeasedProbe::default();
        own.receive(slot, shared, entry);
        own
    });
    Some(loaded.collect())
}
