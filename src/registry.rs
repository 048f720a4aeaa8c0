//! All portals of a process: one slot for each, one probe in flight for each.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::caps::{Caps, OnUnknown, Trust};
use crate::knowledge::Knowledge;
use crate::portal::{Portal, PortalId};
use crate::probe::ProbeError;
use crate::revision::Revision;
use crate::table::Table;
use crate::transport::Transport;

mod slot;

use slot::Slot;

/// The portals of a process, each asked once.
///
/// Cheap to clone; clones share everything. Making one does no I/O and cannot
/// fail. Asking needs a tokio runtime with time and I/O enabled, since probes are
/// tasks with a deadline.
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
    shared: Arc<Shared>,
}

struct Shared {
    slots: RwLock<HashMap<PortalId, Arc<Slot>>>,
    transport: Arc<dyn Transport>,
    settings: Settings,
}

#[derive(Clone, Debug)]
struct Settings {
    /// Caps of an unknown portal: each portal's differ in what is known alone.
    reading: Caps,
    cap: Option<Revision>,
    deadline: Duration,
}

impl Settings {
    #[inline]
    fn caps(&self, known: Knowledge) -> Caps {
        let caps = self.reading.knowing(known);
        match self.cap {
            Some(cap) => caps.capped(cap),
            None => caps,
        }
    }
}

impl Registry {
    /// A registry with the default transport and the built-in table.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn new() -> Self {
        Self::builder(crate::transport::ReqwestTransport::new()).build()
    }

    /// A registry over a transport, with settings to choose.
    pub fn builder(transport: impl Transport) -> RegistryBuilder {
        RegistryBuilder {
            transport: Arc::new(transport),
            settings: Settings {
                reading: Caps::unknown(),
                cap: None,
                deadline: Duration::from_secs(10),
            },
        }
    }

    /// A portal's handle, made at the first call. No I/O. Keep it where calls are
    /// made: it answers without a look-up.
    #[must_use]
    pub fn portal(&self, portal: &Portal) -> Handle {
        let slots = &self.shared.slots;
        let found = slots
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(portal.id())
            .cloned();
        let slot = found.unwrap_or_else(|| {
            let mut slots = slots.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(portal.id().clone()).or_default())
        });
        Handle {
            slot,
            portal: portal.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// What a portal can do: from memory, or asked once, however many callers
    /// wait.
    ///
    /// Cancel-safe: the probe goes on for others, and for the next call.
    ///
    /// # Errors
    ///
    /// [`ProbeError`] when it is not known and could not be learned. Nothing of
    /// a failure is kept: the next call asks again.
    pub async fn caps(&self, portal: &Portal) -> Result<Caps, ProbeError> {
        self.portal(portal).ready().await
    }
}

#[cfg(feature = "reqwest")]
impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.shared.slots.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Registry")
            .field("portals", &slots.len())
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}

/// Chooses the settings of a [`Registry`].
#[must_use]
pub struct RegistryBuilder {
    transport: Arc<dyn Transport>,
    settings: Settings,
}

impl RegistryBuilder {
    /// Reads knowledge against this table: the built-in one with overlays.
    pub fn table(mut self, table: &'static Table) -> Self {
        self.settings.reading = self.settings.reading.with_table(table);
        self
    }

    /// Which lower bound of a row to believe; the documented one by default.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.settings.reading = self.settings.reading.with_trust(trust);
        self
    }

    /// What caps make of "not known"; "no" by default.
    pub fn on_unknown(mut self, policy: OnUnknown) -> Self {
        self.settings.reading = self.settings.reading.on_unknown(policy);
        self
    }

    /// Treats every portal as having at most this REST revision.
    pub fn cap(mut self, rest: Revision) -> Self {
        self.settings.cap = Some(rest);
        self
    }

    /// How long one probe may take in all; 10 seconds by default.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// The registry. No I/O.
    #[must_use]
    pub fn build(self) -> Registry {
        Registry {
            shared: Arc::new(Shared {
                slots: RwLock::default(),
                transport: self.transport,
                settings: self.settings,
            }),
        }
    }
}

impl fmt::Debug for RegistryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryBuilder")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// One portal of a [`Registry`], with the credential to ask it with. Cheap to
/// clone; handles of one portal share what is known.
#[derive(Clone)]
pub struct Handle {
    slot: Arc<Slot>,
    portal: Portal,
    shared: Arc<Shared>,
}

impl Handle {
    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// What is known now; [`Caps::unknown`] before the first answer. Two atomic
    /// loads: no lock, no clock, no I/O, no allocation.
    #[inline]
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.shared.settings.caps(self.slot.known())
    }

    /// Waits until something is known, asking if need be.
    ///
    /// Cancel-safe, as [`Registry::caps`].
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`].
    pub async fn ready(&self) -> Result<Caps, ProbeError> {
        if !self.slot.is_known() {
            self.ask(false).await?;
        }
        Ok(self.caps())
    }

    /// Asks the portal again; joins a probe that is already under way.
    ///
    /// Cancel-safe, as [`Registry::caps`].
    ///
    /// # Errors
    ///
    /// [`ProbeError`] when it could not be learned; what was known still stands.
    pub async fn refresh(&self) -> Result<Caps, ProbeError> {
        self.ask(true).await?;
        Ok(self.caps())
    }

    /// Waits for the next change of what is known of the portal: it was first
    /// asked, upgraded, or restored from a backup. Cancel-safe.
    ///
    /// Learns of what probes find, and starts none. In a loop, changes that come
    /// between two calls are missed: see [`changed_since`](Self::changed_since).
    pub async fn changed(&self) -> Caps {
        self.changed_since(&self.caps()).await
    }

    /// Waits until more, less or something else is known of the portal than these
    /// caps know; returns at once when that is so. Cancel-safe.
    ///
    /// ```no_run
    /// # async fn run(handle: imbot_caps::Handle) {
    /// let mut caps = handle.caps();
    /// loop {
    ///     // work by `caps`, and then
    ///     caps = handle.changed_since(&caps).await;
    /// }
    /// # }
    /// ```
    pub async fn changed_since(&self, seen: &Caps) -> Caps {
        let mut changes = self.slot.changes();
        loop {
            let caps = self.caps();
            if caps.knowledge() != seen.knowledge() {
                return caps;
            }
            if changes.changed().await.is_err() {
                // The sender is in the slot, which this handle keeps.
                std::future::pending::<()>().await;
            }
        }
    }

    async fn ask(&self, again: bool) -> Result<(), ProbeError> {
        let Shared {
            transport, settings, ..
        } = &*self.shared;
        self.slot
            .ask(&self.portal, transport, settings.deadline, again)
            .await
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("portal", &self.portal)
            .field("caps", &self.caps())
            .finish()
    }
}
