//! [`Directory`]: the slot of each address. Finds a slot by its address or by a `member_id`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use super::event::{ClaimedBy, Event};
use super::portal_key::{KeyedHash, Member, PortalKey, hash_of_address, hash_of_member};
use super::shards::{Shards, take_out};
use super::slot::{ClaimNovelty, Slot};
use crate::caps::Caps;
use crate::portal_id::PortalId;

use member_conflicts::MemberConflicts;

/// All slots of a registry, one for each address.
///
/// Knowledge belongs to an address. Anybody can claim that a member is at an address. Such a claim
/// leads look-ups by `member_id` there until another address is claimed. It moves no knowledge.
/// Knowledge goes to another address only by a proof: the authorisation server names the new
/// address, or a redirect was followed and the portal answered there.
///
/// Readers take the lock of one shard. Writers hold one mutex, so all tables change together. A
/// reader during a change finds a slot of the portal or none. If it finds none and has to enter
/// the portal, it waits for the mutex.
#[derive(Debug)]
pub(super) struct Directory {
    /// The caps of portals of which nothing is known.
    unknown: Caps,
    /// With a random key: strangers can send ids.
    hasher: KeyedHash,
    /// Slots by their member: at most one slot for each member.
    members: Shards,
    /// Addresses of members that were claimed there after another member. There are few.
    later: RwLock<HashMap<Member, PortalId>>,
    /// Every slot, by its address.
    addresses: Shards,
    /// The number of slots. Written under the write lock.
    slots: AtomicUsize,
    /// The number of slots above which slots without a handle are evicted.
    capacity: usize,
    idle: Duration,
    write_lock: Mutex<Writer>,
}

/// What writers need. Its lock is the directory's write lock.
#[derive(Debug)]
struct Writer {
    /// The number of slots at which the next eviction starts.
    next_sweep: usize,
    contests: MemberConflicts,
}

impl Directory {
    pub(super) fn new(unknown: Caps, capacity: usize, idle: Duration) -> Self {
        Self {
            unknown,
            hasher: KeyedHash::new(),
            members: Shards::new(),
            later: RwLock::default(),
            addresses: Shards::new(),
            slots: AtomicUsize::new(0),
            capacity,
            idle,
            write_lock: Mutex::new(Writer {
                next_sweep: capacity,
                contests: MemberConflicts::new(member_conflicts::NAMED),
            }),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.load(Ordering::Relaxed)
    }

    /// Calls `look` with the slot of an id.
    #[inline]
    pub(super) fn look<R>(&self, id: &PortalId, look: impl FnOnce(&Arc<Slot>) -> R) -> Option<R> {
        if let Some(member) = id.as_member() {
            let hash = hash_of_member(member, &self.hasher);
            let is = |slot: &Slot| slot.is_member(member);
            let mut look = Some(look);
            let found = self.members.find(hash, is, |slot| Some(look.take()?(slot)));
            return found.flatten().or_else(|| self.look_later(member, look?));
        }
        self.look_at(id.as_origin()?, look)
    }

    /// The same for a member that was claimed after another one.
    #[cold]
    fn look_later<R>(&self, member: &Member, look: impl FnOnce(&Arc<Slot>) -> R) -> Option<R> {
        let later = self.later.read().unwrap_or_else(PoisonError::into_inner);
        let address = later.get(member)?.clone();
        drop(later);
        self.look_at(address.as_origin()?, look)
    }

    #[inline]
    fn look_at<R>(&self, address: &str, look: impl FnOnce(&Arc<Slot>) -> R) -> Option<R> {
        let hash = hash_of_address(address, &self.hasher);
        let is = |slot: &Slot| slot.key().is_at(address);
        self.addresses.find(hash, is, look)
    }

    pub(super) fn at(&self, id: &PortalId) -> Option<Arc<Slot>> {
        self.look(id, Arc::clone)
    }

    /// The slot of a portal, if there is one and its member was claimed before.
    pub(super) fn find(&self, id: &PortalId, address: &PortalId) -> Option<Arc<Slot>> {
        let slot = self.at(address)?;
        let is_known = |member| slot.has_claim(member);
        id.as_member().is_none_or(is_known).then_some(slot)
    }

    /// The slot of a portal. Makes it if there is none. Returns the event to report.
    pub(super) fn enter(
        &self,
        id: &PortalId,
        address: &PortalId,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        let mut writer = self.write();
        let slot = self.at_or_made(&mut writer, address, now);
        let event = id
            .as_member()
            .and_then(|member| self.claim(&mut writer, &slot, member));
        (slot, event)
    }

    /// Records the claim that a member is at a slot's address.
    fn claim(&self, writer: &mut Writer, slot: &Arc<Slot>, member: &Member) -> Option<Event> {
        let is_first = match slot.claim_member(member) {
            ClaimNovelty::Old => return None,
            ClaimNovelty::First => true,
            // The authorisation server has named the member that is there.
            ClaimNovelty::Later if slot.with(|state| state.is_confirmed()) => return None,
            ClaimNovelty::Later => false,
        };
        let address = slot.key().address();
        let hash = hash_of_member(member, &self.hasher);
        let from = match writer.contests.first(member) {
            Some(first) => first.clone(),
            None => {
                let Some(other) = self.at(&PortalId::from_member(*member)) else {
                    match (writer.contests.may_have(hash), is_first) {
                        (true, _) => {}
                        (false, true) => self.put_member(slot),
                        (false, false) => drop(self.later().insert(*member, address)),
                    }
                    return None;
                };
                let from = other.key().address();
                if !is_confirmed(&other, member) {
                    self.take_member(&other, member);
                    writer.contests.add(member, hash, &from);
                }
                from
            }
        };
        Some(move_claimed(&from, &address, ClaimedBy::Program))
    }

    /// Records that the authorisation server has named this address for a member. Moves the
    /// knowledge from the address that the server named before.
    pub(super) fn confirm(&self, member: &PortalId, address: &PortalId, now: SystemTime) -> Option<Event> {
        let number = member.as_member()?;
        let is_confirmed_there = |slot: &Arc<Slot>| is_at(slot, address) && is_confirmed(slot, number);
        if self.look(member, is_confirmed_there) == Some(true) {
            return None;
        }
        let mut writer = self.write();
        let slot = self.at_or_made(&mut writer, address, now);
        let former = self
            .at(member)
            .filter(|own| !Arc::ptr_eq(own, &slot) && is_confirmed(own, number));
        self.settle(&mut writer, &slot, number, true);
        let former = former?;
        let inheritance = former.with(|state| {
            state.confirm(false);
            state.inheritance()
        });
        slot.with(|state| state.inherit(inheritance));
        Some(Event::Moved {
            portal: former.key().address(),
            to: address.endpoint().unwrap_or_default(),
        })
    }

    /// The slot of the address that a portal has moved to: the old address redirects there, and
    /// the portal has answered there.
    pub(super) fn follow(&self, from: &Slot, to: &PortalId, now: SystemTime) -> Arc<Slot> {
        let mut writer = self.write();
        let slot = self.at_or_made(&mut writer, to, now);
        if let Some(id) = from.member()
            && let Some(member) = id.as_member()
            && !std::ptr::eq(from, &*slot)
            && self.look(&id, |own| std::ptr::eq(from, &**own)) == Some(true)
        {
            let confirmed = from.with(|state| {
                let confirmed = state.is_confirmed();
                state.confirm(false);
                confirmed
            });
            self.settle(&mut writer, &slot, member, confirmed);
        }
        slot
    }

    /// Makes look-ups by a member find this slot, since the member is proven to be there.
    fn settle(&self, writer: &mut Writer, slot: &Arc<Slot>, member: &Member, confirmed: bool) {
        if let Some(other) = slot.member()
            && let Some(other) = other.as_member().filter(|other| *other != member)
        {
            // Another member was claimed there.
            self.take_member(slot, other);
        }
        if confirmed {
            self.take_later(slot);
        }
        self.later().remove(member);
        slot.confirm_member(member);
        slot.with(|state| state.confirm(confirmed));
        writer.contests.end(member);
        self.put_member(slot);
    }

    /// The slot of a portal from a snapshot. Makes it if there is none.
    pub(super) fn recall(
        &self,
        id: &PortalId,
        address: &PortalId,
        confirmed: bool,
        now: SystemTime,
    ) -> Arc<Slot> {
        let (slot, _) = self.enter(id, address, now);
        // A confirmation since the snapshot is newer.
        if let Some(member) = id.as_member().filter(|_| confirmed)
            && self.look(id, |own| is_confirmed(own, member)) != Some(true)
        {
            self.settle(&mut self.write(), &slot, member, true);
        }
        slot
    }

    /// Whether a member was claimed at several addresses and is proven at none.
    pub(super) fn is_contested(&self, id: &PortalId) -> bool {
        let Some(member) = id.as_member() else {
            return false;
        };
        let contests = &self.write().contests;
        let is_marked = || contests.may_have(hash_of_member(member, &self.hasher));
        contests.first(member).is_some() || (is_marked() && self.at(id).is_none())
    }

    /// Records what a snapshot says: the member was claimed at this address and at another one. A
    /// proof since then is newer.
    pub(super) fn recall_contest(&self, id: &PortalId, address: &PortalId) {
        let Some(member) = id.as_member() else {
            return;
        };
        let mut writer = self.write();
        let found = self.at(id);
        let is_proven = found.as_ref().is_some_and(|own| is_confirmed(own, member));
        if is_proven || writer.contests.first(member).is_some() {
            return;
        }
        if let Some(own) = found {
            self.take_member(&own, member);
        }
        let hash = hash_of_member(member, &self.hasher);
        writer.contests.add(member, hash, address);
    }

    fn at_or_made(&self, writer: &mut Writer, address: &PortalId, now: SystemTime) -> Arc<Slot> {
        self.at(address)
            .unwrap_or_else(|| self.make(writer, address, now))
    }

    fn make(&self, writer: &mut Writer, address: &PortalId, now: SystemTime) -> Arc<Slot> {
        if self.len() >= writer.next_sweep {
            self.sweep(writer, now);
        }
        self.count(1);
        let slot = Arc::new(Slot::new(PortalKey::new(address), self.unknown));
        self.put_address(&slot, address);
        slot
    }

    fn put_member(&self, slot: &Arc<Slot>) {
        let hash = slot.hash_of_member(&self.hasher);
        let is = |own: &Slot| own.is_same_member(slot);
        let rehash = |slot: &Slot| slot.hash_of_member(&self.hasher);
        self.members.put(hash, Arc::clone(slot), is, rehash);
    }

    /// Makes look-ups by this member find nothing here.
    fn take_member(&self, slot: &Arc<Slot>, member: &Member) {
        match slot.is_member(member) {
            true => {
                let hash = slot.hash_of_member(&self.hasher);
                take_out(&mut self.members.lock(hash), hash, slot);
            }
            false => drop(self.later().remove(member)),
        }
    }

    /// The same for all members that were claimed there after the first one.
    fn take_later(&self, slot: &Slot) {
        let members = slot.later_members();
        if members.is_empty() {
            return;
        }
        let mut later = self.later();
        for member in members {
            if later.get(&member).is_some_and(|address| is_at(slot, address)) {
                later.remove(&member);
            }
        }
    }

    fn later(&self) -> RwLockWriteGuard<'_, HashMap<Member, PortalId>> {
        self.later.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_address(&self, slot: &Arc<Slot>, address: &PortalId) {
        let hash = slot.key().hash_of_address(&self.hasher);
        let is = |own: &Slot| own.key().is_at(address.as_origin().unwrap_or_default());
        let rehash = |slot: &Slot| slot.key().hash_of_address(&self.hasher);
        self.addresses.put(hash, Arc::clone(slot), is, rehash);
    }

    /// Every slot once.
    pub(super) fn all(&self) -> Vec<Arc<Slot>> {
        let _writer = self.write();
        let mut all = Vec::with_capacity(self.len());
        self.each(|slot| all.push(Arc::clone(slot)));
        all
    }

    /// Calls `look` with each slot. Called under the write lock.
    fn each(&self, mut look: impl FnMut(&Arc<Slot>)) {
        for shard in self.addresses.each() {
            shard.iter().for_each(&mut look);
        }
    }

    fn count(&self, more: isize) {
        let slots = self.len().saturating_add_signed(more);
        self.slots.store(slots, Ordering::Relaxed);
    }

    fn write(&self) -> MutexGuard<'_, Writer> {
        self.write_lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn is_at(slot: &Slot, address: &PortalId) -> bool {
    address
        .as_origin()
        .is_some_and(|address| slot.key().is_at(address))
}

/// Whether the authorisation server has named this member for this slot.
fn is_confirmed(slot: &Slot, member: &Member) -> bool {
    slot.is_member(member) && slot.with(|state| state.is_confirmed())
}

pub(super) fn move_claimed(from: &PortalId, to: &PortalId, by: ClaimedBy) -> Event {
    Event::MoveClaimed {
        portal: from.clone(),
        to: to.endpoint().unwrap_or_default(),
        by,
    }
}

mod member_conflicts;
mod sweep;

#[cfg(test)]
mod tests;
