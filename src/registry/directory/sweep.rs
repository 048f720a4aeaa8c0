//! Which slots are forgotten where there are too many.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashTable};

use super::{Books, Directory};
use crate::registry::place::seconds;
use crate::registry::shards::take_out;
use crate::registry::slot::Slot;
use crate::site::Sites;

/// The slots of a site.
#[derive(Default)]
struct Site {
    size: usize,
    /// Those that nobody holds, each with its last use: those that never answered first, then
    /// the longest idle one.
    unheld: VecDeque<(u32, Arc<Slot>)>,
}

impl Directory {
    /// Forgets slots that nobody holds: those that were idle for long, and then others
    /// until a sixteenth of the capacity is free. Never done by who reads.
    pub(super) fn sweep(&self, books: &mut Books, now: SystemTime) {
        let now = seconds(now);
        let mut unheld: Vec<(u32, Arc<Slot>)> = Vec::new();
        self.each(|slot| {
            // The directory holds a slot by these entries alone. Any other holder is a handle.
            let entries = 1 + usize::from(slot.place().member().is_some());
            if Arc::strong_count(slot) <= entries {
                unheld.push((slot.place().used(now), Arc::clone(slot)));
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
        // If handles hold too many slots to make room, the next sweep comes after a sixteenth
        // more. So each new slot costs a look at about sixteen slots, however far the
        // registry is beyond its capacity.
        books.next_sweep = self.capacity.max(self.len() + spare.max(self.len() / 16));
    }

    /// Forgets some of these slots until there is room for `spare` more. `unheld` is in the
    /// order of use. Each time, the site with the most slots loses one: of those that never
    /// answered, and then of the others, the one that was idle longest. So a site with many names makes room for its own. If all of a site's slots
    /// are held, they count for a quarter of the capacity at most.
    fn make_room(&self, unheld: Vec<(u32, Arc<Slot>)>, spare: usize) {
        let sites = Sites::by(self.unknown.table());
        let site_of = |slot: &Slot| {
            let address = slot.place().address();
            sites.of_address(address.as_origin().unwrap_or_default())
        };
        let mut all: HashMap<String, Site, RandomState> = HashMap::default();
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

    /// Takes out a slot if only the directory and the caller have it, and if it holds nothing
    /// that the user has set.
    fn forget(&self, slot: &Arc<Slot>) -> bool {
        let place = slot.place();
        let (by_member, by_address) = (
            place.hash_of_member(&self.hasher),
            place.hash_of_address(&self.hasher),
        );
        // While both are locked, nobody else can get the slot.
        let mut members = place.member().map(|_| self.members.lock(by_member));
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
