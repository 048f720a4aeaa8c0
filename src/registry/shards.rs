//! [`Shards`]: a table of slots in parts. Each part has its own lock.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;

use super::slot::Slot;

/// With this many parts, readers of different keys seldom wait for one lock.
const SHARDS: usize = 64;

/// The position of a shard's number in a hash. A table compares entries by the seven bits above,
/// and places them by the bits below.
const SHIFT: u32 = 51;

type Table = HashTable<Arc<Slot>>;

/// An entry is a pointer. The key is in the slot, beside the published caps. So a portal takes 108
/// to 122 bytes beside its key.
///
/// Slots of plain fields, as values of a map from `PortalId`, were measured in DashMap, in papaya and
/// in 64 maps of std. The key stands twice then: a portal took 234 to 303 bytes. A look-up by
/// `member_id` took 2.6 to 8 times that of the fastest map, and by domain 0.98 to 1.4 times.
#[derive(Debug)]
pub(super) struct Shards(Box<[CachePadded<RwLock<Table>>; SHARDS]>);

impl Shards {
    pub(super) fn new() -> Self {
        Self(Box::new(std::array::from_fn(|_| CachePadded::default())))
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "there are as many as the mask allows")]
    fn shard(&self, hash: u64) -> &RwLock<Table> {
        &self.0[(hash >> SHIFT) as usize % SHARDS]
    }

    /// Calls `look` with the slot of a key.
    #[inline]
    pub(super) fn find<R>(
        &self,
        hash: u64,
        is: impl Fn(&Slot) -> bool,
        look: impl FnOnce(&Arc<Slot>) -> R,
    ) -> Option<R> {
        let shard = self.shard(hash).read().unwrap_or_else(PoisonError::into_inner);
        shard.find(hash, |slot| is(slot)).map(look)
    }

    /// Inserts a slot, or replaces the slot with the same key.
    pub(super) fn put(
        &self,
        hash: u64,
        slot: Arc<Slot>,
        is: impl Fn(&Slot) -> bool,
        rehash: impl Fn(&Slot) -> u64,
    ) {
        let mut shard = self.lock(hash);
        match shard.find_mut(hash, |own| is(own)) {
            Some(own) => *own = slot,
            None => drop(shard.insert_unique(hash, slot, |slot| rehash(slot))),
        }
    }

    /// The shard of a hash, for changes.
    pub(super) fn lock(&self, hash: u64) -> RwLockWriteGuard<'_, Table> {
        self.shard(hash).write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each shard in turn.
    pub(super) fn each(&self) -> impl Iterator<Item = RwLockReadGuard<'_, Table>> {
        let shards = self.0.iter();
        shards.map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Removes a slot. Returns whether it was there.
pub(super) fn take_out(shard: &mut Table, hash: u64, slot: &Arc<Slot>) -> bool {
    match shard.find_entry(hash, |own| Arc::ptr_eq(own, slot)) {
        Ok(entry) => {
            entry.remove();
            true
        }
        Err(_) => false,
    }
}
