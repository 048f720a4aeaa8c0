//! [`Registry`], and its look-ups.

use std::fmt;
use std::sync::Arc;

use super::feed::Events;
use super::handle::Handle;
use super::shared::Shared;
use crate::caps::Caps;
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::portal_probe::ProbeError;

/// All portals of a process. When a caller needs an answer and the cached one has expired, the
/// registry probes the portal. One probe at a time runs for each portal.
///
/// Cheap to clone; clones share everything. Making a registry does no I/O and cannot fail. Probes
/// are tasks with a deadline, so they need a tokio runtime with time and I/O enabled.
///
/// ```no_run
/// use imbot_caps::{Feature, Portal, Registry};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::new();
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// let caps = registry.caps(&portal).await?; // the first time: a request
///
/// if caps.supports(Feature::SystemMessage) {
///     // …
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Registry {
    pub(super) shared: Arc<Shared>,
}

impl Registry {
    /// The handle of a portal. The first call enters the portal into the registry. No I/O. Keep the
    /// handle where calls are made: it answers without a look-up.
    ///
    /// What is known belongs to the portal's address: all handles of one address share it,
    /// whatever their credential and `member_id`. A `member_id` moves no knowledge from
    /// another address, since anybody may have named it. What is known goes to a new address
    /// in two cases, which [`Event::Moved`](crate::registry::Event::Moved) reports:
    ///
    /// - The authorisation server names the `member_id` and its new address, in its reply to
    ///   a [`RefreshGrant`](crate::RefreshGrant).
    /// - The old address redirects there, [`redirects`](crate::registry::RegistryBuilder::redirects) allow
    ///   that, and the portal answers.
    ///
    /// Takes the shared lock of one of 64 parts of the registry for a moment. A new portal or
    /// address takes exclusive locks, one at a time. Above the
    /// [capacity](crate::registry::RegistryBuilder::capacity), some of the new ones start an eviction, which reads
    /// all portals.
    #[must_use]
    pub fn handle(&self, portal: &Portal) -> Handle {
        let now = self.shared.clock.now();
        let directory = &self.shared.directory;
        let found = directory.find(portal.id(), portal.address());
        let slot = found.unwrap_or_else(|| {
            let (slot, event) = directory.enter(portal.id(), portal.address(), now);
            self.shared.metrics.remembered(directory.len());
            if let Some(event) = event {
                self.shared.tell(portal.address(), event);
            }
            slot
        });
        slot.key().touch(now);
        Handle {
            slot,
            portal: portal.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// The caps of the portal with this id, as [`Handle::caps`] returns them: unknown before its
    /// first answer. `None` if the portal is not in the registry: it was neither
    /// [entered](Self::handle) nor [restored](Self::restore), or it was evicted.
    ///
    /// For code that has no handle at hand, such as a server of events of very many portals. The
    /// look-up probes no portal, refreshes nothing and enters nothing. [`caps`](Self::caps) and
    /// [`handle`](Self::handle) do that. It counts as use, so eviction does not treat the portal
    /// as [idle](crate::registry::RegistryBuilder::evict_first_after).
    ///
    /// It hashes the id and takes the shared lock of one of 64 parts of the registry. It waits only
    /// while that part is being changed. It reads no clock and allocates nothing. A `member_id`
    /// costs less than an address, which is longer.
    ///
    /// A `member_id` leads to the address that the authorisation server has named with it,
    /// otherwise to the address that a [`Portal`] was made with. If portals were made with one
    /// `member_id` at several addresses, and the server has named none, the result is `None` from
    /// then on: a copy of a portal has the same `member_id`, and anybody can pretend to have it.
    ///
    /// Caps are `Copy`: take them once for each event. Parsing an id from text has a cost, too:
    /// keep the id if you can.
    ///
    /// ```no_run
    /// # use imbot_caps::{Feature, PortalId, Registry};
    /// # fn handle(registry: &Registry, member_id: &str) -> Result<(), imbot_caps::PortalError> {
    /// let id: PortalId = member_id.parse()?;
    /// if registry.get(&id).is_some_and(|caps| caps.supports(Feature::SystemMessage)) {
    ///     // …
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[must_use]
    pub fn get(&self, id: &PortalId) -> Option<Caps> {
        self.shared.directory.look(id, |slot| {
            slot.key().touch_now();
            slot.caps()
        })
    }

    /// The caps of a portal: from memory within their lifetime, otherwise by one probe, however
    /// many callers wait. See [`Lifetimes`](crate::freshness::Lifetimes).
    ///
    /// Cancel-safe: the probe goes on for other callers, and for the next call.
    ///
    /// # Errors
    ///
    /// [`ProbeError`] if the probe fails and there is no answer that may still be served. A failure
    /// is kept for a short time, and callers in that time get it, too: see
    /// [`Lifetimes::after_transient_failures`](crate::freshness::Lifetimes::after_transient_failures).
    pub async fn caps(&self, portal: &Portal) -> Result<Caps, ProbeError> {
        self.handle(portal).ready().await
    }

    /// Listens to the events of all portals from now on. Every listener gets every event. Listening
    /// probes no portal.
    ///
    /// At most 1,024 events wait for slow listeners. If there are more, an event is lost: the
    /// oldest one of the busiest portal of the busiest site. So a portal that makes many events
    /// loses its own. [`Event::Lagged`](crate::registry::Event::Lagged) reports lost events.
    #[must_use]
    pub fn events(&self) -> Events {
        self.shared.events.listen()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("portals", &self.shared.directory.len())
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}
