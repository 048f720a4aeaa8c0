//! Evicts slots when there are too many.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use hashbrown::HashTable;

use super::{Directory, Writer};
use crate::registry::portal_key::seconds;
use crate::registry::shards::take_out;
use crate::registry::slot::Slot;
use crate::site::Sites;

/// The slots of a site.
#[derive(Default)]
struct Site {
    size: usize,
    /// Slots without a handle, each with its last use. Portals that never answered come first, then
    /// the slot that was idle for longest.
    unheld: VecDeque<(u32, Arc<Slot>)>,
}

impl Directory {
    /// Evicts slots without a handle: all idle ones, and then others until a sixteenth of the
    /// capacity is free. Readers never do this.
    pub(super) fn sweep(&self, writer: &mut Writer, now: SystemTime) {
        let now = seconds(now);
        let mut unheld: Vec<(u32, Arc<Slot>)> = Vec::new();
        self.each(|slot| {
            // These entries are the directory's references. Any other one is a handle's.
            let entries = 1 + usize::from(slot.member().is_some());
            if Arc::strong_count(slot) <= entries {
                unheld.push((slot.key().used(now), Arc::clone(slot)));
            }
        });
        unheld.sort_unstable_by_key(|(used, _)| *used);
        let is_idle = |used: u32| u64::from(now.saturating_sub(used)) >= self.idle.as_secs();
        let young = unheld.split_off(unheld.partition_point(|(used, _)| is_idle(*used)));
        for (_, slot) in unheld {
            self.forget(&slot);
        }
        let spare = (self.capacity / 16).max(1);
        if self.len() + spare > self.capacity {
            self.make_room(young, spare);
        }
        // If handles hold too many slots, the next sweep starts after a sixteenth more. So each new
        // slot costs reading about sixteen slots, however far the registry is above its capacity.
        writer.next_sweep = self.capacity.max(self.len() + spare.max(self.len() / 16));
    }

    /// Evicts some of these slots until there is room for `spare` more. `unheld` is in the order of
    /// use.
    ///
    /// Each time, the site with the most slots loses one: first the longest idle portal that never
    /// answered, then the longest idle portal. So a site with many names makes room for its own.
    /// If handles hold all slots of a site, these count for at most a quarter of the capacity.
    fn make_room(&self, unheld: Vec<(u32, Arc<Slot>)>, spare: usize) {
        let sites = Sites::by(self.unknown.table());
        let site_of = |slot: &Slot| {
            let address = slot.key().address();
            sites.of_address(address.as_origin().unwrap_or_default())
        };
        let mut all: HashMap<String, Site> = HashMap::default();
        self.each(|slot| all.entry(site_of(slot)).or_default().size += 1);
        for (used, slot) in unheld {
            all.entry(site_of(&slot))
                .or_default()
                .unheld
                .push_back((used, slot));
        }
        let mut all: Vec<Site> = all.into_values().collect();
        for site in &mut all {
            // A stable sort: the order of use holds within each part.
            let unheld = site.unheld.make_contiguous();
            unheld.sort_by_cached_key(|(_, slot)| slot.has_answered());
        }
        let counted = |site: &Site| {
            let held = site.size.saturating_sub(site.unheld.len());
            site.unheld.len() + held.min(self.capacity / 4)
        };
        let taken: usize = all.iter().map(counted).sum();
        let mut excess = (taken + spare).saturating_sub(self.capacity);
        let rank = |site: &Site, nth: usize| Some((site.size, Reverse(site.unheld.front()?.0), nth));
        let mut ranks: BinaryHeap<_> = all
            .iter()
            .zip(0..)
            .filter_map(|(site, nth)| rank(site, nth))
            .collect();
        while excess > 0
            && let Some((_, _, nth)) = ranks.pop()
            && let Some(site) = all.get_mut(nth)
        {
            if let Some((_, slot)) = site.unheld.pop_front()
                && self.forget(&slot)
            {
                site.size -= 1;
                excess -= 1;
            }
            ranks.extend(rank(site, nth));
        }
    }

    /// Removes a slot if only the directory and the caller refer to it, and if it has no pin.
    fn forget(&self, slot: &Arc<Slot>) -> bool {
        let (by_member, by_address) = (
            slot.hash_of_member(&self.hasher),
            slot.key().hash_of_address(&self.hasher),
        );
        // While both are locked, no other thread can get the slot.
        let mut members = slot.member().map(|_| self.members.lock(by_member));
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
        self.take_later(slot);
        self.count(-1);
        true
    }
}
