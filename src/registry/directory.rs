//! Which slot a portal has: by its `member_id` where that is known, else by where
//! it answers, and how the two come together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::event::Event;
use super::slot::Slot;
use crate::portal::{Portal, PortalId};

/// All slots of a registry.
///
/// A portal with a `member_id` is found by that and by its address, so that a
/// webhook, which knows the address alone, shares what is known.
#[derive(Debug)]
pub(super) struct Directory {
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
#[derive(Debug)]
struct Place {
    slot: Arc<Slot>,
    member: Option<PortalId>,
    address: PortalId,
    /// Addresses that the member had before.
    former: Vec<PortalId>,
}

/// How many former addresses of a portal are remembered.
const FORMER: usize = 8;

impl Directory {
    pub(super) fn new(capacity: usize, idle: Duration) -> Self {
        Self {
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
    pub(super) fn find(&self, portal: &Portal) -> Option<Arc<Slot>> {
        let place = self.places.get(portal.id())?;
        (place.address == *portal.address()).then(|| Arc::clone(&place.slot))
    }

    /// The portal's slot, made if need be; and what is to be told of it.
    pub(super) fn enter(&mut self, portal: &Portal, now: SystemTime) -> (Arc<Slot>, Option<Event>) {
        let (id, address) = (portal.id(), portal.address());
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
                    slot: Arc::clone(&place.slot),
                    member: Some(id.clone()),
                    address: address.clone(),
                    former: Vec::new(),
                }),
                // Another portal was there before, or the portal got another id.
                _ => self.make(Some(id), address, now),
            };
            return (Arc::clone(&place.slot), None);
        };
        if place.address == *address {
            return (Arc::clone(&place.slot), None);
        }
        if place.former.contains(address) {
            // Two addresses of one member are in use. They may be two portals, one a
            // copy of the other: what one can do says nothing of the other.
            let apart = at_address.unwrap_or_else(|| self.make(None, address, now));
            let event = Event::Contested {
                portal: id.clone(),
                former: address.clone(),
            };
            return (Arc::clone(&apart.slot), Some(event));
        }
        self.relocate(&place, portal, at_address, now)
    }

    /// A member has a new address.
    fn relocate(
        &mut self,
        place: &Arc<Place>,
        portal: &Portal,
        at_address: Option<Arc<Place>>,
        now: SystemTime,
    ) -> (Arc<Slot>, Option<Event>) {
        let slot = Arc::clone(&place.slot);
        if self
            .places
            .get(&place.address)
            .is_some_and(|other| Arc::ptr_eq(&other.slot, &slot))
        {
            self.places.remove(&place.address);
        }
        if let Some(other) = at_address.filter(|other| other.member.is_none()) {
            // The new address was in use by itself before.
            other.slot.join(&slot, now);
            self.slots = self.slots.saturating_sub(1);
        }
        let mut former = place.former.clone();
        former.truncate(FORMER - 1);
        former.insert(0, place.address.clone());
        self.put(Place {
            slot: Arc::clone(&slot),
            member: Some(portal.id().clone()),
            address: portal.address().clone(),
            former,
        });
        slot.with(super::state::State::outdate);
        let event = Event::Moved {
            portal: portal.id().clone(),
            to: portal.endpoint().to_owned(),
        };
        (slot, Some(event))
    }

    fn make(&mut self, member: Option<&PortalId>, address: &PortalId, now: SystemTime) -> Arc<Place> {
        if self.slots >= self.next_sweep {
            self.sweep(now);
        }
        self.slots += 1;
        self.put(Place {
            slot: Arc::new(Slot::new(member.unwrap_or(address))),
            member: member.cloned(),
            address: address.clone(),
            former: Vec::new(),
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
    /// longest idle ones until a sixteenth of the capacity is free. Rare enough to
    /// cost little for each new portal, and never done by who reads.
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
        // With too many held to make room, it is tried again after as many more.
        self.next_sweep = self.capacity.max(self.slots + spare);
    }

    fn remove(&mut self, place: &Arc<Place>) {
        for key in [place.member.as_ref(), Some(&place.address)]
            .into_iter()
            .flatten()
        {
            if self
                .places
                .get(key)
                .is_some_and(|other| Arc::ptr_eq(other, place))
            {
                self.places.remove(key);
            }
        }
        self.slots = self.slots.saturating_sub(1);
    }

    /// Every portal once, by its best id, with its address.
    #[expect(dead_code, reason = "snapshots")]
    pub(super) fn iter(&self) -> impl Iterator<Item = (&PortalId, &PortalId, &Arc<Slot>)> {
        self.places.iter().filter_map(|(key, place)| {
            let id = place.member.as_ref().unwrap_or(&place.address);
            (key == id).then_some((id, &place.address, &place.slot))
        })
    }
}
