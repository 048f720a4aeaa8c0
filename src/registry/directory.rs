//! Which slot a portal has: by its `member_id` where that is known, else by where
//! it answers, and how the two come together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::event::Event;
use super::notice::Noticed;
use super::slot::Slot;
use super::state::State;
use crate::caps::Caps;
use crate::portal::PortalId;

/// All slots of a registry.
///
/// A portal with a `member_id` is found by that and by its address, so that a
/// webhook, which knows the address alone, shares what is known.
#[derive(Debug)]
pub(super) struct Directory {
    /// How portals are read, of which nothing is known.
    unknown: Caps,
    places: HashMap<PortalId, Arc<Place>>,
    /// How many slots there are.
    slots: usize,
    /// Beyond how many slots those without a handle are forgotten.
    capacity: usize,
    idle: Duration,
    /// At how many slots to look for idle ones again.
    next_sweep: usize,
}

/// Where a portal is, and who it is.
#[derive(Clone, Debug)]
struct Place {
    slot: Arc<Slot>,
    member: Option<PortalId>,
    address: PortalId,
    /// Addresses that the member had before, up to [`FORMER`]. None is forgotten: it
    /// would be taken for new, and the member would go round in circles.
    former: Vec<PortalId>,
    /// Those of them that came back while the member was elsewhere.
    contested: Vec<PortalId>,
    /// Where the member says that it is, before anybody has gone there.
    announced: Option<PortalId>,
}

impl Place {
    /// What it is found by.
    fn keys(&self) -> impl Iterator<Item = &PortalId> {
        self.member.iter().chain([&self.address])
    }

    /// Whether a member that has moved so often stays where it is. Beyond that its
    /// other addresses are those of copies, as far as anybody can tell.
    fn is_settled(&self) -> bool {
        self.former.len() >= FORMER
    }

    /// Whether the address, not the member's own, is known to be kept apart.
    fn keeps_apart(&self, address: &PortalId) -> bool {
        match self.former.contains(address) {
            true => self.contested.contains(address),
            false => self.is_settled(),
        }
    }
}

/// How often a member is followed to another address.
const FORMER: usize = 8;

impl Directory {
    pub(super) fn new(unknown: Caps, capacity: usize, idle: Duration) -> Self {
        Self {
            unknown,
            places: HashMap::new(),
            slots: 0,
            capacity,
            idle,
            next_sweep: capacity,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.slots
    }

    /// The portal's slot, when it has one and nothing about it is new.
    pub(super) fn find(&self, id: &PortalId, address: &PortalId) -> Option<Arc<Slot>> {
        let place = self.places.get(id)?;
        let place = match place.address == *address {
            true => place,
            // Found there once it was told.
            false if place.keeps_apart(address) => self.places.get(address)?,
            false => return None,
        };
        Some(Arc::clone(&place.slot))
    }

    /// The portal's slot, made if need be; and what is to be told of it.
    pub(super) fn enter(
        &mut self,
        id: &PortalId,
        address: &PortalId,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        let at_address = self.places.get(address).cloned();
        if id == address {
            // Known by its address alone.
            let place = at_address.unwrap_or_else(|| self.make(None, address, now));
            return (Arc::clone(&place.slot), None);
        }
        let Some(place) = self.places.get(id).cloned() else {
            let place = match at_address {
                // Known by its address so far.
                Some(place) if place.member.is_none() => self.put(Place {
                    member: Some(id.clone()),
                    ..Place::clone(&place)
                }),
                // Another portal was there before, or the portal got another id.
                _ => self.make(Some(id), address, now),
            };
            return (Arc::clone(&place.slot), None);
        };
        if place.address == *address {
            return (Arc::clone(&place.slot), None);
        }
        let was_there = place.former.contains(address);
        if was_there || place.is_settled() {
            // Two addresses of one member are in use. They may be two portals, one a
            // copy of the other: what one can do says nothing of the other.
            let event = match was_there {
                true => self.contest(&place, address),
                // Told when its slot is made, and not written down: they may be many.
                false => at_address.is_none().then(|| contested(id, address)),
            };
            // Held, so that making room for the one does not forget the other.
            let _held = Arc::clone(&place.slot);
            let apart = at_address.unwrap_or_else(|| self.make(None, address, now));
            return (Arc::clone(&apart.slot), event);
        }
        let event = self.relocate(&place, id, address);
        (Arc::clone(&place.slot), event)
    }

    /// Takes in where a member says that it is. It stays where it is until a portal
    /// is entered there: what somebody sends moves nobody.
    pub(super) fn notice(
        &mut self,
        member: &PortalId,
        address: Option<&PortalId>,
    ) -> (Noticed, Option<Event>) {
        let Some(place) = self.places.get(member).cloned() else {
            return (Noticed::Unknown, None);
        };
        let Some(to) = address.filter(|address| **address != place.address) else {
            return (Noticed::Unchanged, None);
        };
        if place.former.contains(to) {
            return (Noticed::Contested, self.contest(&place, to));
        }
        if place.is_settled() {
            // Told when somebody goes there.
            return (Noticed::Contested, None);
        }
        let noticed = Noticed::Moved {
            from: place.address.clone(),
            to: to.clone(),
        };
        if place.announced.as_ref() == Some(to) {
            return (noticed, None);
        }
        place.slot.with(State::outdate);
        self.amend(&place, |place| place.announced = Some(to.clone()));
        (noticed, Some(moved(member, to)))
    }

    /// The slot of a portal that is remembered from elsewhere, made if need be;
    /// none where the portal is known at another address now, or the address to be
    /// another portal's.
    pub(super) fn recall(&mut self, id: &PortalId, address: &PortalId, now: SystemTime) -> Option<Arc<Slot>> {
        let at_address = self.places.get(address);
        match self.places.get(id) {
            Some(place) if place.address != *address => None,
            None if at_address.is_some_and(|place| place.member.is_some()) => None,
            _ => Some(self.enter(id, address, now).0),
        }
    }

    /// A former address of a member is in use again, which is told once.
    fn contest(&mut self, place: &Arc<Place>, address: &PortalId) -> Option<Event> {
        let member = place.member.clone()?;
        if place.contested.contains(address) {
            return None;
        }
        self.amend(place, |place| place.contested.push(address.clone()));
        Some(contested(&member, address))
    }

    /// Changes a place where it stands and nowhere else: its address may be
    /// another's by now.
    fn amend(&mut self, place: &Arc<Place>, change: impl FnOnce(&mut Place)) {
        let mut amended = Place::clone(place);
        change(&mut amended);
        let amended = Arc::new(amended);
        for key in place.keys() {
            if let Some(own) = self.places.get_mut(key).filter(|own| Arc::ptr_eq(own, place)) {
                *own = Arc::clone(&amended);
            }
        }
    }

    /// A member has a new address.
    fn relocate(&mut self, place: &Arc<Place>, member: &PortalId, address: &PortalId) -> Option<Event> {
        let slot = Arc::clone(&place.slot);
        let is_own = |other: &Arc<Place>| Arc::ptr_eq(&other.slot, &slot);
        if self.places.get(&place.address).is_some_and(is_own) {
            self.places.remove(&place.address);
        }
        if let Some(other) = self.places.get(address).filter(|other| other.member.is_none()) {
            // The new address was in use by itself before.
            other.slot.join(&slot);
            self.slots = self.slots.saturating_sub(1);
        }
        let mut former = place.former.clone();
        former.push(place.address.clone());
        self.put(Place {
            slot: Arc::clone(&slot),
            member: Some(member.clone()),
            address: address.clone(),
            former,
            contested: place.contested.clone(),
            announced: None,
        });
        slot.with(|state| state.relocate(address));
        let is_news = place.announced.as_ref() != Some(address);
        is_news.then(|| moved(member, address))
    }

    fn make(&mut self, member: Option<&PortalId>, address: &PortalId, now: SystemTime) -> Arc<Place> {
        if self.slots >= self.next_sweep {
            self.sweep(now);
        }
        self.slots += 1;
        self.put(Place {
            slot: Arc::new(Slot::new(member.unwrap_or(address), self.unknown)),
            member: member.cloned(),
            address: address.clone(),
            former: Vec::new(),
            contested: Vec::new(),
            announced: None,
        })
    }

    fn put(&mut self, place: Place) -> Arc<Place> {
        let place = Arc::new(place);
        if let Some(member) = &place.member {
            self.places.insert(member.clone(), Arc::clone(&place));
        }
        self.places.insert(place.address.clone(), Arc::clone(&place));
        place
    }

    /// Forgets slots that nobody holds: those that were idle for long, and then the
    /// longest idle ones until a sixteenth of the capacity is free. Never done by who
    /// reads.
    fn sweep(&mut self, now: SystemTime) {
        let now = super::slot::seconds(now);
        let mut unheld: Vec<(u64, Arc<Place>)> = Vec::new();
        for (key, place) in &self.places {
            let is_own_key = *key == *place.member.as_ref().unwrap_or(&place.address);
            if is_own_key && place.slot.is_unheld() {
                unheld.push((place.slot.used(), Arc::clone(place)));
            }
        }
        unheld.sort_unstable_by_key(|(used, _)| *used);
        let spare = (self.capacity / 16).max(1);
        let excess = (self.slots + spare).saturating_sub(self.capacity);
        for (nth, (used, place)) in unheld.into_iter().enumerate() {
            if nth >= excess && now.saturating_sub(used) < self.idle.as_secs() {
                break;
            }
            self.remove(&place);
        }
        // With too many held to make room, it is tried again after as many more. A
        // look at all slots is then one at about sixteen for each that is new, however
        // far beyond the capacity they are.
        self.next_sweep = self.capacity.max(self.slots + spare.max(self.slots / 16));
    }

    fn remove(&mut self, place: &Arc<Place>) {
        for key in place.keys() {
            if self.places.get(key).is_some_and(|own| Arc::ptr_eq(own, place)) {
                self.places.remove(key);
            }
        }
        self.slots = self.slots.saturating_sub(1);
    }

    /// Every portal once, by its best id, with its address.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&PortalId, &PortalId, &Arc<Slot>)> {
        self.places.iter().filter_map(|(key, place)| {
            let id = place.member.as_ref().unwrap_or(&place.address);
            (key == id).then_some((id, &place.address, &place.slot))
        })
    }
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
