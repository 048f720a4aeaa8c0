//! The memory of large replies, shared by all calls of a registry.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::wire::budget::Budget;

/// What is reserved is counted in pieces of so many bytes.
const UNIT: usize = 64 * 1024;

/// A portal gets this part of the whole at most, so that seven others have room beside it.
const SHARES: u32 = 8;

/// All the memory.
pub(crate) struct Rooms {
    all: Arc<Semaphore>,
    /// The most of one portal, in units.
    share: u32,
    /// Of the portals that have large replies under way, by their origin.
    portals: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl Rooms {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        let units = units(bytes).max(SHARES);
        Arc::new(Self {
            all: Arc::new(Semaphore::new(
                usize::try_from(units).unwrap_or(Semaphore::MAX_PERMITS),
            )),
            share: units / SHARES,
            portals: Mutex::default(),
        })
    }

    /// The room for one reply of the portal at this origin.
    pub(crate) fn room(self: &Arc<Self>, origin: String, budget: Budget) -> Room {
        // Each value counts as in a list. With what the values hold, it was twice that at most.
        let values = budget.values.saturating_mul(size_of::<Value>());
        Room(Some(Arc::new(Place {
            rooms: Arc::clone(self),
            origin,
            // A reply that may be larger than a share counts as one share: else it would wait for ever.
            need: units(budget.bytes.saturating_add(values)).min(self.share),
            held: OnceCell::new(),
        })))
    }

    fn of_portal(&self, origin: &str) -> Arc<Semaphore> {
        let mut portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(portal) = portals.get(origin).and_then(Weak::upgrade) {
            return portal;
        }
        // Few have large replies at a time.
        portals.retain(|_, portal| portal.strong_count() > 0);
        let share = usize::try_from(self.share).unwrap_or(Semaphore::MAX_PERMITS);
        let portal = Arc::new(Semaphore::new(share));
        portals.insert(origin.to_owned(), Arc::downgrade(&portal));
        portal
    }
}

fn units(bytes: usize) -> u32 {
    let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(most)
}

/// The room that a registry has for one reply beyond [`BODY_LIMIT`](super::BODY_LIMIT).
///
/// All large replies of a registry share its
/// [`reply_memory`](crate::RegistryBuilder::reply_memory), and those of one portal an eighth of
/// it. The room is reserved as a whole, for as much as both limits of the request allow. So no
/// reply waits for more room while it is read. The room is given back when the reply has been
/// read, or the request was given up.
///
/// Clones are one room.
#[derive(Clone, Default)]
pub struct Room(Option<Arc<Place>>);

struct Place {
    rooms: Arc<Rooms>,
    origin: String,
    need: u32,
    held: OnceCell<[Option<OwnedSemaphorePermit>; 2]>,
}

impl Room {
    /// Waits for the room: first come, first served. Comes at once where it was reserved
    /// before, and where the request needs none.
    ///
    /// Cancel-safe. Wait no longer than [`Request::timeout`](super::Request::timeout).
    pub async fn reserve(&self) {
        if let Some(place) = &self.0 {
            place.held.get_or_init(|| place.take()).await;
        }
    }
}

impl Place {
    async fn take(&self) -> [Option<OwnedSemaphorePermit>; 2] {
        // The portal's share comes first: a reply that waits for it keeps no other portal waiting.
        // Neither semaphore is ever closed.
        let portal = self
            .rooms
            .of_portal(&self.origin)
            .acquire_many_owned(self.need)
            .await;
        let all = Arc::clone(&self.rooms.all).acquire_many_owned(self.need).await;
        [portal.ok(), all.ok()]
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Room(..)")
    }
}
