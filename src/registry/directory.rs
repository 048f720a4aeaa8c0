//! Each address has one slot. Here a slot is found by its address, or by a `member_id`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, SystemTime};

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::event::{ClaimedBy, Event};
use super::notice::Noticed;
use super::place::{Claim, Member, Place, hash_of_address, hash_of_member};
use super::shards::{Shards, take_out};
use super::slot::Slot;
use super::state::State;
use crate::caps::Caps;
use crate::portal_id::PortalId;

use contests::Contests;

/// All slots of a registry, one for each address.
///
/// What is known belongs to an address. Anybody may say that a member is at an address. Such a
/// claim leads look-ups by `member_id` there until somebody claims otherwise, and moves no
/// knowledge. What is known goes to another address by proof alone: the authorisation server
/// names the new address, or a redirect was followed and the portal answered there.
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
    /// By the member: at most one slot for each.
    members: Shards,
    /// The address of each member that was claimed there after another one. Few are.
    later: RwLock<HashMap<Member, PortalId, RandomState>>,
    /// By the address: every slot.
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
    contests: Contests,
}

impl Directory {
    pub(super) fn new(unknown: Caps, capacity: usize, idle: Duration) -> Self {
        Self {
            unknown,
            hasher: RandomState::default(),
            members: Shards::new(),
            later: RwLock::default(),
            addresses: Shards::new(),
            slots: AtomicUsize::new(0),
            capacity,
            idle,
            books: Mutex::new(Books {
                next_sweep: capacity,
                contests: Contests::new(contests::NAMED),
            }),
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
            let mut look = Some(look);
            let found = self.members.find(hash, is, |slot| Some(look.take()?(slot)));
            return found.flatten().or_else(|| self.look_later(member, look?));
        }
        self.look_at(id.as_origin()?, look)
    }

    /// The same by a member that was claimed after another one.
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
        let is = |slot: &Slot| slot.place().is_at(address);
        self.addresses.find(hash, is, look)
    }

    fn at(&self, id: &PortalId) -> Option<Arc<Slot>> {
        self.look(id, Arc::clone)
    }

    /// The portal's slot, when it has one and nothing about it is new.
    pub(super) fn find(&self, id: &PortalId, address: &PortalId) -> Option<Arc<Slot>> {
        let slot = self.at(address)?;
        let is_known = |member| slot.place().has_claim(member);
        id.as_member().is_none_or(is_known).then_some(slot)
    }

    /// The portal's slot, made if need be; and what is to be told of it.
    pub(super) fn enter(
        &self,
        id: &PortalId,
        address: &PortalId,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        let mut books = self.books();
        let slot = self.at_or_made(&mut books, address, now);
        let event = id
            .as_member()
            .and_then(|member| self.claim(&mut books, &slot, member));
        (slot, event)
    }

    /// Takes in that a member is said to be at a slot's address.
    fn claim(&self, books: &mut Books, slot: &Arc<Slot>, member: &Member) -> Option<Event> {
        let is_first = match slot.place().claim_member(member) {
            Claim::Old => return None,
            Claim::First => true,
            // The authorisation server says who is there.
            Claim::Later if slot.with(|state| state.is_confirmed()) => return None,
            Claim::Later => false,
        };
        let address = slot.place().address();
        let hash = hash_of_member(member, &self.hasher);
        let from = match books.contests.first(member) {
            Some(first) => first.clone(),
            None => {
                let Some(other) = self.at(&PortalId::from_member(*member)) else {
                    match (books.contests.may_have(hash), is_first) {
                        (true, _) => {}
                        (false, true) => self.put_member(slot),
                        (false, false) => drop(self.later().insert(*member, address)),
                    }
                    return None;
                };
                let from = other.place().address();
                if !is_confirmed(&other, member) {
                    self.take_member(&other, member);
                    books.contests.add(member, hash, &from);
                }
                from
            }
        };
        Some(claimed(&from, &address, ClaimedBy::Program))
    }

    /// Takes in where a verified event says that a member is. An event moves no knowledge.
    pub(super) fn notice(&self, member: &PortalId, address: Option<&PortalId>) -> (Noticed, Option<Event>) {
        let Some(slot) = self.at(member) else {
            return (Noticed::Unknown, None);
        };
        let Some(to) = address.filter(|address| !is_at(&slot, address)) else {
            return (Noticed::Unchanged, None);
        };
        let noticed = Noticed::MoveClaimed {
            from: slot.place().address(),
            to: to.clone(),
        };
        let (is_new, is_early) = slot.place().claim_address(to);
        // A flood of claims does not have the portal asked without end.
        if is_early {
            slot.with(State::mark_stale);
        }
        let event = is_new.then(|| claimed(&slot.place().address(), to, ClaimedBy::Event));
        (noticed, event)
    }

    /// The authorisation server says that a member is at this address. What was known at the
    /// address that the server named before is moved here.
    pub(super) fn confirm(&self, member: &PortalId, address: &PortalId, now: SystemTime) -> Option<Event> {
        let number = member.as_member()?;
        let is_confirmed_there = |slot: &Arc<Slot>| is_at(slot, address) && is_confirmed(slot, number);
        if self.look(member, is_confirmed_there) == Some(true) {
            return None;
        }
        let mut books = self.books();
        let slot = self.at_or_made(&mut books, address, now);
        let former = self
            .at(member)
            .filter(|own| !Arc::ptr_eq(own, &slot) && is_confirmed(own, number));
        self.settle(&mut books, &slot, number, true);
        let former = former?;
        let inheritance = former.with(|state| {
            state.confirm(false);
            state.inheritance()
        });
        slot.with(|state| state.inherit(inheritance));
        Some(Event::Moved {
            portal: former.place().address(),
            to: address.endpoint().unwrap_or_default(),
        })
    }

    /// The slot of the address that a portal has moved to: the old address redirected there,
    /// and the new one has answered.
    pub(super) fn follow(&self, from: &Slot, to: &PortalId, now: SystemTime) -> Arc<Slot> {
        let mut books = self.books();
        let slot = self.at_or_made(&mut books, to, now);
        if let Some(id) = from.place().member()
            && let Some(member) = id.as_member()
            && !std::ptr::eq(from, &*slot)
            && self.look(&id, |own| std::ptr::eq(from, &**own)) == Some(true)
        {
            let confirmed = from.with(|state| {
                let confirmed = state.is_confirmed();
                state.confirm(false);
                confirmed
            });
            self.settle(&mut books, &slot, member, confirmed);
        }
        slot
    }

    /// From now on look-ups by a member find this slot: the member is proven to be there.
    fn settle(&self, books: &mut Books, slot: &Arc<Slot>, member: &Member, confirmed: bool) {
        if let Some(other) = slot.place().member()
            && let Some(other) = other.as_member().filter(|other| *other != member)
        {
            // Another member was claimed there.
            self.take_member(slot, other);
        }
        if confirmed {
            self.take_later(slot);
        }
        self.later().remove(member);
        slot.place().confirm_member(member);
        slot.with(|state| state.confirm(confirmed));
        books.contests.end(member);
        self.put_member(slot);
    }

    /// The slot of a portal that is remembered from elsewhere, made if need be.
    pub(super) fn recall(
        &self,
        id: &PortalId,
        address: &PortalId,
        confirmed: bool,
        now: SystemTime,
    ) -> Arc<Slot> {
        let (slot, _) = self.enter(id, address, now);
        // What was confirmed since is newer.
        if let Some(member) = id.as_member().filter(|_| confirmed)
            && self.look(id, |own| is_confirmed(own, member)) != Some(true)
        {
            self.settle(&mut self.books(), &slot, member, true);
        }
        slot
    }

    fn at_or_made(&self, books: &mut Books, address: &PortalId, now: SystemTime) -> Arc<Slot> {
        self.at(address).unwrap_or_else(|| self.make(books, address, now))
    }

    fn make(&self, books: &mut Books, address: &PortalId, now: SystemTime) -> Arc<Slot> {
        if self.len() >= books.next_sweep {
            self.sweep(books, now);
        }
        self.count(1);
        let slot = Arc::new(Slot::new(Place::new(address), self.unknown));
        self.put_address(&slot, address);
        slot
    }

    fn put_member(&self, slot: &Arc<Slot>) {
        let hash = slot.place().hash_of_member(&self.hasher);
        let is = |own: &Slot| own.place().is_same_member(slot.place());
        let rehash = |slot: &Slot| slot.place().hash_of_member(&self.hasher);
        self.members.put(hash, Arc::clone(slot), is, rehash);
    }

    /// From now on no look-up by this member finds the slot.
    fn take_member(&self, slot: &Arc<Slot>, member: &Member) {
        match slot.place().is_member(member) {
            true => {
                let hash = slot.place().hash_of_member(&self.hasher);
                take_out(&mut self.members.lock(hash), hash, slot);
            }
            false => drop(self.later().remove(member)),
        }
    }

    /// The same for all that were claimed there after the first.
    fn take_later(&self, slot: &Slot) {
        let members = slot.place().later_members();
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

    fn later(&self) -> RwLockWriteGuard<'_, HashMap<Member, PortalId, RandomState>> {
        self.later.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_address(&self, slot: &Arc<Slot>, address: &PortalId) {
        let hash = slot.place().hash_of_address(&self.hasher);
        let is = |own: &Slot| own.place().is_at(address.as_origin().unwrap_or_default());
        let rehash = |slot: &Slot| slot.place().hash_of_address(&self.hasher);
        self.addresses.put(hash, Arc::clone(slot), is, rehash);
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
        for shard in self.addresses.each() {
            shard.iter().for_each(&mut look);
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

/// Whether the authorisation server has said that this member is there.
fn is_confirmed(slot: &Slot, member: &Member) -> bool {
    slot.place().is_member(member) && slot.with(|state| state.is_confirmed())
}

fn claimed(from: &PortalId, to: &PortalId, by: ClaimedBy) -> Event {
    Event::MoveClaimed {
        portal: from.clone(),
        to: to.endpoint().unwrap_or_default(),
        by,
    }
}

mod contests;
mod sweep;

#[cfg(test)]
mod tests;
