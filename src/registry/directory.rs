//! Which slot a portal has: by its `member_id` where that is known, else by where
//! it answers, and how the two come together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::event::Event;
use super::notice::Noticed;
use super::place::{Place, hash_of_address, hash_of_member, seconds};
use super::shards::{Shards, take_out};
use super::slot::Slot;
use super::state::State;
use crate::caps::Caps;
use crate::portal::PortalId;

/// All slots of a registry.
///
/// A portal with a `member_id` is found by that and by its address, so that a
/// webhook, which knows the address alone, shares what is known.
///
/// Readers take the lock of one shard. Whoever changes something has the books, one
/// at a time; a reader that comes in the middle finds a slot of the portal or none,
/// and then waits for the books.
#[derive(Debug)]
pub(super) struct Directory {
    /// How portals are read, of which nothing is known.
    unknown: Caps,
    /// Keyed: ids come from whoever sends them.
    hasher: RandomState,
    members: Shards,
    addresses: Shards,
    /// How many slots there are. Written by who has the books.
    slots: AtomicUsize,
    /// Beyond how many slots those without a handle are forgotten.
    capacity: usize,
    idle: Duration,
    books: Mutex<Books>,
}

/// What is written down of changes; having it is leave to make them.
#[derive(Debug)]
struct Books {
    /// At how many slots to look for idle ones again.
    next_sweep: usize,
}

impl Directory {
    pub(super) fn new(unknown: Caps, capacity: usize, idle: Duration) -> Self {
        Self {
            unknown,
            hasher: RandomState::default(),
            members: Shards::new(),
            addresses: Shards::new(),
            slots: AtomicUsize::new(0),
            capacity,
            idle,
            books: Mutex::new(Books { next_sweep: capacity }),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.load(Ordering::Relaxed)
    }

    /// Looks at the slot that is found by an id.
    #[inline]
    pub(super) fn look<R>(&self, id: &PortalId, look: impl FnOnce(&Arc<Slot>) -> R) -> Option<R> {
        if let Some(member) = id.as_member() {
            let hash = hash_of_member(member, &self.hasher);
            let is = |slot: &Slot| slot.place().is_member(member);
            return self.members.find(hash, is, look);
        }
        let address = id.as_origin()?;
        let hash = hash_of_address(address, &self.hasher);
        let is = |slot: &Slot| slot.place().is_at(address);
        self.addresses.find(hash, is, look)
    }

    fn at(&self, id: &PortalId) -> Option<Arc<Slot>> {
        self.look(id, Arc::clone)
    }

    /// The portal's slot, when it has one and nothing about it is new.
    pub(super) fn find(&self, id: &PortalId, address: &PortalId) -> Option<Arc<Slot>> {
        let slot = self.at(id)?;
        if id == address || is_at(&slot, address) {
            return Some(slot);
        }
        match slot.place().keeps_apart(address) {
            // Found there once it was told.
            true => self.at(address),
            false => None,
        }
    }

    /// The portal's slot, made if need be; and what is to be told of it.
    pub(super) fn enter(
        &self,
        id: &PortalId,
        address: &PortalId,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        self.enter_in(&mut self.books(), id, address, now)
    }

    fn enter_in(
        &self,
        books: &mut Books,
        id: &PortalId,
        address: &PortalId,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        let at_address = self.at(address);
        if id == address {
            // Known by its address alone.
            let slot = at_address.unwrap_or_else(|| self.make(books, None, address, now));
            return (slot, None);
        }
        let Some(slot) = self.at(id) else {
            let slot = match at_address {
                // Known by its address so far.
                Some(slot) if !slot.place().has_member() => {
                    slot.place().belongs_to(id);
                    self.put_member(&slot);
                    slot
                }
                // Another portal was there before, or the portal got another id.
                _ => self.make(books, Some(id), address, now),
            };
            return (slot, None);
        };
        if is_at(&slot, address) {
            return (slot, None);
        }
        let was_there = slot.place().was_at(address);
        if was_there || slot.place().is_settled() {
            // Two addresses of one member are in use. They may be two portals, one a
            // copy of the other: what one can do says nothing of the other.
            let is_news = match was_there {
                true => slot.place().contest(address),
                // Told when its slot is made, and not written down: they may be many.
                false => at_address.is_none(),
            };
            let event = is_news.then(|| contested(id, address));
            // The member's own is held here: making room for the one does not forget it.
            let apart = at_address.unwrap_or_else(|| self.make(books, None, address, now));
            return (apart, event);
        }
        let event = self.relocate(&slot, id, address);
        (slot, event)
    }

    /// Takes in where a member says that it is. It stays where it is until a portal
    /// is entered there: what somebody sends moves nobody.
    pub(super) fn notice(&self, member: &PortalId, address: Option<&PortalId>) -> (Noticed, Option<Event>) {
        let _books = self.books();
        let Some(slot) = self.at(member) else {
            return (Noticed::Unknown, None);
        };
        let place = slot.place();
        let Some(to) = address.filter(|address| !is_at(&slot, address)) else {
            return (Noticed::Unchanged, None);
        };
        if place.was_at(to) {
            let is_news = place.contest(to);
            return (Noticed::Contested, is_news.then(|| contested(member, to)));
        }
        if place.is_settled() {
            // Told when somebody goes there.
            return (Noticed::Contested, None);
        }
        let noticed = Noticed::Moved {
            from: place.address(),
            to: to.clone(),
        };
        if !place.announce(to) {
            return (noticed, None);
        }
        slot.with(State::outdate);
        (noticed, Some(moved(member, to)))
    }

    /// The slot of a portal that is remembered from elsewhere, made if need be;
    /// none where the portal is known at another address now, or the address to be
    /// another portal's.
    pub(super) fn recall(&self, id: &PortalId, address: &PortalId, now: SystemTime) -> Option<Arc<Slot>> {
        let mut books = self.books();
        match self.at(id) {
            Some(slot) if !is_at(&slot, address) => None,
            None if self.look(address, |slot| slot.place().has_member()) == Some(true) => None,
            _ => Some(self.enter_in(&mut books, id, address, now).0),
        }
    }

    /// A member has a new address.
    fn relocate(&self, slot: &Arc<Slot>, member: &PortalId, address: &PortalId) -> Option<Event> {
        // Before anybody finds it there.
        slot.with(|state| state.relocate(address));
        let hash = slot.place().hash_of_address(&self.hasher);
        // Where it was may be another's by now.
        take_out(&mut self.addresses.lock(hash), hash, slot);
        if let Some(other) = self.at(address).filter(|other| !other.place().has_member()) {
            // The new address was in use by itself before.
            other.join(slot);
            self.count(-1);
        }
        let is_news = slot.place().move_to(address);
        self.put_address(slot, address);
        is_news.then(|| moved(member, address))
    }

    fn make(
        &self,
        books: &mut Books,
        member: Option<&PortalId>,
        address: &PortalId,
        now: SystemTime,
    ) -> Arc<Slot> {
        if self.len() >= books.next_sweep {
            self.sweep(books, now);
        }
        self.count(1);
        let slot = Arc::new(Slot::new(Place::new(member, address), self.unknown));
        if member.is_some() {
            self.put_member(&slot);
        }
        self.put_address(&slot, address);
        slot
    }

    fn put_member(&self, slot: &Arc<Slot>) {
        let hash = slot.place().hash_of_member(&self.hasher);
        let is = |own: &Slot| own.place().is_same_member(slot.place());
        let rehash = |slot: &Slot| slot.place().hash_of_member(&self.hasher);
        self.members.put(hash, Arc::clone(slot), is, rehash);
    }

    fn put_address(&self, slot: &Arc<Slot>, address: &PortalId) {
        let hash = slot.place().hash_of_address(&self.hasher);
        let is = |own: &Slot| own.place().is_at(address.as_origin().unwrap_or_default());
        let rehash = |slot: &Slot| slot.place().hash_of_address(&self.hasher);
        self.addresses.put(hash, Arc::clone(slot), is, rehash);
    }

    /// Forgets slots that nobody holds: those that were idle for long, and then the
    /// longest idle ones until a sixteenth of the capacity is free. Never done by who
    /// reads.
    fn sweep(&self, books: &mut Books, now: SystemTime) {
        let now = seconds(now);
        let mut unheld: Vec<(u32, Arc<Slot>)> = Vec::new();
        self.each(|slot| {
            // More entries than these a slot has not: who holds it beside them is a handle.
            let entries = 1 + usize::from(slot.place().has_member());
            if Arc::strong_count(slot) <= entries {
                unheld.push((slot.place().used(now), Arc::clone(slot)));
            }
        });
        unheld.sort_unstable_by_key(|(used, _)| *used);
        let spare = (self.capacity / 16).max(1);
        let mut excess = (self.len() + spare).saturating_sub(self.capacity);
        for (used, slot) in unheld {
            if excess == 0 && u64::from(now.saturating_sub(used)) < self.idle.as_secs() {
                break;
            }
            if self.forget(&slot) {
                excess = excess.saturating_sub(1);
            }
        }
        // With too many held to make room, it is tried again after as many more. A
        // look at all slots is then one at about sixteen for each that is new, however
        // far beyond the capacity they are.
        books.next_sweep = self.capacity.max(self.len() + spare.max(self.len() / 16));
    }

    /// Takes out a slot that nobody has but the directory, and the caller once, and that
    /// would lose nothing that was said by the user.
    fn forget(&self, slot: &Arc<Slot>) -> bool {
        let place = slot.place();
        let (by_member, by_address) = (
            place.hash_of_member(&self.hasher),
            place.hash_of_address(&self.hasher),
        );
        // With both locked nobody comes to have it.
        let mut members = place.has_member().then(|| self.members.lock(by_member));
        let mut addresses = self.addresses.lock(by_address);
        let has = |table: &HashTable<Arc<Slot>>, hash| {
            let own = table.find(hash, |own| Arc::ptr_eq(own, slot));
            usize::from(own.is_some())
        };
        let entries =
            members.as_deref().map_or(0, |table| has(table, by_member)) + has(&addresses, by_address);
        if Arc::strong_count(slot) > entries + 1 || slot.is_pinned() {
            return false;
        }
        if let Some(members) = &mut members {
            take_out(members, by_member, slot);
        }
        take_out(&mut addresses, by_address, slot);
        self.count(-1);
        true
    }

    /// Every slot once.
    pub(super) fn all(&self) -> Vec<Arc<Slot>> {
        let _books = self.books();
        let mut all = Vec::with_capacity(self.len());
        self.each(|slot| all.push(Arc::clone(slot)));
        all
    }

    /// The same; called by who has the books.
    fn each(&self, mut look: impl FnMut(&Arc<Slot>)) {
        for shard in self.members.each() {
            shard.iter().for_each(&mut look);
        }
        for shard in self.addresses.each() {
            let alone = shard.iter().filter(|slot| !slot.place().has_member());
            alone.for_each(&mut look);
        }
    }

    fn count(&self, more: isize) {
        let slots = self.len().saturating_add_signed(more);
        self.slots.store(slots, Ordering::Relaxed);
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_at(slot: &Slot, address: &PortalId) -> bool {
    address
        .as_origin()
        .is_some_and(|address| slot.place().is_at(address))
}

fn contested(member: &PortalId, address: &PortalId) -> Event {
    Event::Contested {
        portal: member.clone(),
        former: address.clone(),
    }
}

fn moved(member: &PortalId, to: &PortalId) -> Event {
    Event::Moved {
        portal: member.clone(),
        to: to.endpoint().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
