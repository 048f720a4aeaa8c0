//! Slots by a key, for many readers: a table in parts, each behind a lock of its own.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crossbeam_utils::CachePadded;
use hashbrown::HashTable;

use super::slot::Slot;

/// Readers of different keys seldom meet at one lock.
const SHARDS: usize = 64;

/// Where the number of a shard lies in a hash: below the seven bits that a table tells
/// its entries apart by, and above those that it places them by.
const SHIFT: u32 = 51;

type Table = HashTable<Arc<Slot>>;

/// An entry is a pointer: the key is in the slot, beside what is looked up.
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

    /// Looks at the slot with a key.
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

    /// Puts a slot in the place of the one with its key, if there is one.
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

/// Takes a slot out; whether it was there.
pub(super) fn take_out(shard: &mut Table, hash: u64, slot: &Arc<Slot>) -> bool {
    match shard.find_entry(hash, |own| Arc::ptr_eq(own, slot)) {
        Ok(entry) => {
            entry.remove();
            true
        }
        Err(_) => false,
    }
}
