//! [`Handle`]: one portal, for the code that calls it.

use std::fmt;
use std::sync::Arc;

use super::event::Event;
use super::shared::Shared;
use super::slot::Slot;
use super::state::State;
use crate::caps::Capability;
use crate::caps::{Caps, Support, Unsupported};
use crate::freshness::Purpose;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;
use crate::wire::{ErrorClass, Reply};

/// One portal of a [`Registry`](crate::Registry), with a credential for its probes. Cheap to clone.
/// All handles of one portal share its knowledge.
#[derive(Clone)]
pub struct Handle {
    pub(super) slot: Arc<Slot>,
    pub(super) portal: Portal,
    pub(super) shared: Arc<Shared>,
}

impl Handle {
    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The present caps; [`Caps::unknown`] before the first answer. One atomic load: no lock, no
    /// clock, no I/O, no allocation.
    #[inline]
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.slot.caps()
    }

    /// [`Caps::supports`] of the present caps. If the result is "no" and its lifetime is over, a
    /// refresh starts in the background. So a bot that never waits notices an upgrade.
    ///
    /// A "yes" costs as much as with [`caps`](Self::caps). A "no" reads the clock and takes the
    /// portal's lock for a moment. Outside of a tokio runtime there is no refresh.
    #[inline]
    #[must_use]
    pub fn supports(&self, what: impl Capability) -> bool {
        let caps = self.caps();
        let supported = caps.supports(&what);
        if !supported {
            self.missed(&caps, &what);
        }
        supported
    }

    /// [`Caps::check`], with a refresh in the background as [`supports`](Self::supports) has it.
    pub fn check(&self, what: impl Capability) -> Support {
        let caps = self.caps();
        let support = caps.check(&what);
        if !support.is_supported() {
            self.missed(&caps, &what);
        }
        support
    }

    /// [`Caps::require`], with a refresh in the background as [`supports`](Self::supports) has it.
    ///
    /// # Errors
    ///
    /// As [`Caps::require`].
    pub fn require(&self, what: impl Capability) -> Result<(), Unsupported> {
        let caps = self.caps();
        caps.require(&what).inspect_err(|_| self.missed(&caps, &what))
    }

    #[cold]
    fn missed(&self, caps: &Caps, what: impl Capability) {
        let id = || what.requirement_in(caps).id();
        self.shared.metrics.negative_check(&self.portal, id);
        let purpose = Purpose::One(what.range(caps));
        self.slot.revalidate(&self.portal, &self.shared, purpose);
    }

    /// Returns the caps from memory while the answers to all rows of the table are within their
    /// lifetimes. Otherwise waits for a probe.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`](crate::Registry::caps).
    pub async fn ready(&self) -> Result<Caps, ProbeError> {
        self.ask(Purpose::All).await
    }

    /// The same for the answer to this feature alone. A "yes" has a longer lifetime than the "no" of
    /// another row.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`](crate::Registry::caps).
    pub async fn ready_for(&self, what: impl Capability) -> Result<Caps, ProbeError> {
        self.ask(Purpose::One(what.range(&self.caps()))).await
    }

    /// Asks the portal again, whatever is known and whatever has failed. Joins a running probe. A
    /// [pinned](Self::pin) portal is not asked.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// [`ProbeError`] if the probe fails. The earlier knowledge stands.
    pub async fn refresh(&self) -> Result<Caps, ProbeError> {
        self.ask(Purpose::Again).await
    }

    /// Reports a reply that contradicts the caps: the portal refused something as absent that they
    /// support. The portal is asked again, and the result says what to do.
    ///
    /// If the portal still claims to have it, further contradictions are counted and reported as
    /// [`Event::Contradicted`]. The portal is asked about them again after growing pauses, as after
    /// failures that last. The knowledge stands.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    pub async fn report_not_found(&self, what: impl Capability, reply: &Reply) -> NotFoundOutcome {
        let absent = matches!(reply, Reply::Error(error) if error.class() == ErrorClass::Absent);
        // The policy for unknown answers counts, too: it may be the reason for the call.
        let claims = |caps: &Caps| caps.supports(&what);
        let caps = self.caps();
        if !absent {
            return NotFoundOutcome::Unrelated;
        }
        if !claims(&caps) {
            return NotFoundOutcome::NoLongerClaimed(caps);
        }
        let id = what.requirement_in(&caps).id();
        let now = self.shared.clock.now();
        let (times, ask) = self.slot.report_not_found(id, now, &self.shared.settings);
        match ask {
            // A failure is already reported as an event. For this call the reply decides.
            true => drop(self.refresh().await),
            // A probe for another caller may be running.
            false => self.slot.settled(&self.shared).await,
        }
        let caps = self.caps();
        if !claims(&caps) {
            return NotFoundOutcome::NoLongerClaimed(caps);
        }
        if times.is_power_of_two() {
            let portal = self.portal.address().clone();
            let event = Event::Contradicted { portal, id, times };
            self.shared.tell(self.portal.address(), event);
        }
        NotFoundOutcome::StillClaimed(caps)
    }

    /// The ids of features that replies have contradicted while the portal still claims to have
    /// them. Treat them as unsupported. Each is listed for the lifetime of a "no". After that it may
    /// be tried again, since an update of one module changes no revision.
    #[must_use]
    pub fn contradicted(&self) -> Vec<&'static str> {
        if !self.slot.is_full() {
            return Vec::new();
        }
        let (now, settings) = (self.shared.clock.now(), &self.shared.settings);
        self.slot.with(|state| state.contradicted(now, settings))
    }

    /// Reports a reply that shows a method of imbot.v2: the method ran, or it refused in a way that
    /// only an existing method can. This adds to the knowledge and does not extend its lifetime. If
    /// it contradicts the knowledge, the portal is asked when an answer is next needed. If it shows
    /// nothing new, it costs an atomic load.
    pub fn report_found(&self, method: &str, reply: &Reply) {
        const IMBOT_V2: &str = "imbot.v2.";
        let ran = match reply {
            Reply::Result(_) => true,
            Reply::Error(error) => error.proves_method(),
            _ => false,
        };
        if ran && method.starts_with(IMBOT_V2) && self.caps().knowledge().imbot_v2() != Some(true) {
            self.slot
                .with(|state| state.report_found(&Knowledge::imbot_v2_exists()));
        }
    }

    /// Sets the knowledge of the portal, for all its handles. The portal is not asked any more. For
    /// the versions of modules, use [`Table::knowledge_of`](crate::Table::knowledge_of).
    ///
    /// ```
    /// # #[cfg(feature = "reqwest")] {
    /// use imbot_caps::{Feature, Knowledge, Portal, Registry};
    ///
    /// let portal = Portal::webhook("https://box.example/rest/1/s3cret/")?;
    /// let handle = Registry::new().handle(&portal);
    /// handle.pin(Knowledge::pinned(33));
    /// assert!(handle.caps().supports(Feature::SystemMessage)); // no request
    /// # }
    /// # Ok::<(), imbot_caps::PortalError>(())
    /// ```
    pub fn pin(&self, known: Knowledge) {
        self.slot.with(|state| state.pin(Some(known)));
    }

    /// Ends a pin. The portal's own answer holds again.
    pub fn unpin(&self) {
        self.slot.with(|state| state.pin(None));
    }

    /// Sets the knowledge until the portal's first answer. Does nothing after that. It is in no
    /// [`Snapshot`](crate::Snapshot).
    pub fn assume(&self, known: Knowledge) {
        self.slot.with(|state| state.assume(&known));
    }

    /// Marks the answer as stale because the portal may have changed, for example after an event.
    /// The answer is still served. The portal is asked when an answer is next needed.
    pub fn mark_stale(&self) {
        self.slot.with(State::mark_stale);
    }

    /// Waits for the next change of the knowledge: the first answer, an upgrade, or a restore from a
    /// backup. Cancel-safe.
    ///
    /// Starts no probe. In a loop, changes between two calls are missed: see
    /// [`changed_since`](Self::changed_since).
    pub async fn changed(&self) -> Caps {
        self.changed_since(&self.caps()).await
    }

    /// Waits until the knowledge differs from the knowledge of these caps. Returns at once if it
    /// does. Cancel-safe.
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
                // The sender is in the slot, and this handle keeps the slot.
                std::future::pending::<()>().await;
            }
        }
    }

    pub(super) async fn ask(&self, purpose: Purpose) -> Result<Caps, ProbeError> {
        let served = self.slot.ask(&self.portal, &self.shared, purpose).await;
        self.shared.metrics.answered(&self.portal, &served);
        served.map(|_| self.caps())
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

/// The result of a reply that contradicts the caps.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum NotFoundOutcome {
    /// The reply does not contradict them: it says nothing about the portal's features.
    Unrelated,
    /// The portal has changed, and does not claim the feature any more. Decide by these caps.
    NoLongerClaimed(Caps),
    /// The portal still claims the feature, or could not be asked. Take the feature's fallback. For
    /// the rest these caps hold.
    StillClaimed(Caps),
}
