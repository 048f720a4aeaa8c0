//! [`ReplyMemory`]: the memory of large replies, which all calls of a registry share. A
//! [`MemoryReservation`] is the part for one reply.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::permits::{Permit, Permits};
use crate::portal_id::PortalId;
use crate::site::Sites;
use crate::wire::budget::Budget;

/// The unit of reservations, in bytes.
const UNIT: usize = 64 * 1024;

/// A portal gets at most one part of so many.
const SHARES: u32 = 8;

/// The whole memory.
pub(crate) struct ReplyMemory {
    sites: Sites,
    /// Shared by sites.
    all: Permits,
    /// The limit of one portal, in units.
    share: u32,
    /// The shares of portals with large replies, by their address.
    portals: Mutex<HashMap<Box<str>, Weak<Semaphore>>>,
}

impl ReplyMemory {
    pub(crate) fn new(bytes: usize, sites: Sites) -> Arc<Self> {
        let units = units(bytes).max(SHARES);
        Arc::new(Self {
            sites,
            all: Permits::new(usize::try_from(units).unwrap_or(usize::MAX)),
            share: units / SHARES,
            portals: Mutex::default(),
        })
    }

    /// The reservation for one reply of the portal at this address.
    pub(crate) fn reservation(self: &Arc<Self>, portal: &PortalId, budget: Budget) -> MemoryReservation {
        // Each value counts like in a list. The measured maximum, with the contents, was twice that.
        let values = budget.values.saturating_mul(size_of::<Value>());
        MemoryReservation(Some(Arc::new(Pending {
            reply_memory: Arc::clone(self),
            portal: portal.clone(),
            // A reply that may be larger than a share counts as one share. Otherwise it would wait
            // for ever.
            need: units(budget.bytes.saturating_add(values)).min(self.share),
            held: OnceCell::new(),
        })))
    }

    fn of_portal(&self, address: &str) -> Arc<Semaphore> {
        let mut portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(portal) = portals.get(address).and_then(Weak::upgrade) {
            return portal;
        }
        // Few portals have large replies at the same time.
        portals.retain(|_, portal| portal.strong_count() > 0);
        let share = usize::try_from(self.share).unwrap_or(Semaphore::MAX_PERMITS);
        let portal = Arc::new(Semaphore::new(share));
        portals.insert(address.into(), Arc::downgrade(&portal));
        portal
    }
}

fn units(bytes: usize) -> u32 {
    let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).min(most)
}

/// The memory that a registry reserves for one reply beyond [`REPLY_LIMIT`](super::REPLY_LIMIT).
///
/// All large replies of a registry share its
/// [`reply_memory`](crate::registry::RegistryBuilder::reply_memory). One portal gets at most an eighth of it.
/// One site gets about a quarter, and less if other sites want some. A reservation is for as much as
/// both limits of the request allow. So no reply waits for more memory while it is read. It is
/// released when the reply has been read or the request was dropped.
///
/// Clones are one reservation.
#[derive(Clone, Default)]
pub struct MemoryReservation(Option<Arc<Pending>>);

struct Pending {
    reply_memory: Arc<ReplyMemory>,
    portal: PortalId,
    need: u32,
    held: OnceCell<Held>,
}

/// The reservations in the portal's share and in the whole.
struct Held {
    _portal: Option<OwnedSemaphorePermit>,
    _all: Permit,
}

impl MemoryReservation {
    /// Waits for the memory. The site that has least comes first; within a site, the first request comes
    /// first. Returns at once if it was reserved before, or if the request needs none.
    ///
    /// Cancel-safe. Wait no longer than [`Request::timeout`](super::Request::timeout).
    pub async fn acquire(&self) {
        if let Some(pending) = &self.0 {
            pending.held.get_or_init(|| pending.take()).await;
        }
    }
}

impl Pending {
    async fn take(&self) -> Held {
        let account = self.reply_memory.sites.account(&self.portal);
        // The portal's share comes first: a reply that waits for it keeps no other portal waiting.
        let portal = self.reply_memory.of_portal(account.portal());
        // The semaphore is never closed.
        let portal = portal.acquire_many_owned(self.need).await.ok();
        let need = usize::try_from(self.need).unwrap_or(usize::MAX);
        Held {
            _portal: portal,
            _all: self
                .reply_memory
                .all
                .acquire_many(account.site(), true, need)
                .await,
        }
    }
}

impl fmt::Debug for MemoryReservation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryReservation(..)")
    }
}
