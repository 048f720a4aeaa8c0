//! One portal, for those who make calls.

use std::fmt;
use std::sync::Arc;

use super::event::Event;
use super::shared::Shared;
use super::slot::Slot;
use super::state::State;
use crate::caps::{Caps, Support, Unsupported};
use crate::feature::Capability;
use crate::freshness::Question;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::probe::ProbeError;
use crate::wire::{Class, Reply};

/// One portal of a [`Registry`](crate::Registry), with the credential to ask it with. Cheap to
/// clone; handles of one portal share what is known.
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

    /// What is known now; [`Caps::unknown`] before the first answer. One atomic
    /// load: no lock, no clock, no I/O, no allocation.
    #[inline]
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.slot.caps()
    }

    /// [`Caps::supports`] by what is known now, and a "no" that is past due is asked
    /// again behind: how a bot that never waits comes to notice an upgrade.
    ///
    /// A "yes" costs what it costs of [`caps`](Self::caps); a "no" reads the clock
    /// and takes the portal's lock for a moment. Outside of a tokio runtime nothing is asked.
    #[inline]
    #[must_use]
    pub fn supports(&self, what: impl Capability) -> bool {
        let caps = self.caps();
        let supported = caps.supports(what);
        if !supported {
            self.missed(&caps, what);
        }
        supported
    }

    /// [`Caps::check`], asking behind as [`supports`](Self::supports) does.
    pub fn check(&self, what: impl Capability) -> Support {
        let caps = self.caps();
        let support = caps.check(what);
        if !support.is_supported() {
            self.missed(&caps, what);
        }
        support
    }

    /// [`Caps::require`], asking behind as [`supports`](Self::supports) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn require(&self, what: impl Capability) -> Result<(), Unsupported> {
        let caps = self.caps();
        caps.require(what).inspect_err(|_| self.missed(&caps, what))
    }

    #[cold]
    fn missed(&self, caps: &Caps, what: impl Capability) {
        let id = || what.requirement_in(caps).id();
        self.shared.metrics.refused(&self.portal, id);
        let question = Question::One(what.gate(caps));
        self.slot.revalidate(&self.portal, &self.shared, question);
    }

    /// Waits until enough is known, asking if need be: from memory while all that
    /// the table asks about is within its lifetime.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`](crate::Registry::caps).
    pub async fn ready(&self) -> Result<Caps, ProbeError> {
        self.ask(Question::All).await
    }

    /// Waits until enough is known to decide this: a feature that is there stays
    /// good for longer than the next one that is not.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`](crate::Registry::caps).
    pub async fn ready_for(&self, what: impl Capability) -> Result<Caps, ProbeError> {
        self.ask(Question::One(what.gate(&self.caps()))).await
    }

    /// Asks the portal again, whatever was learned or has failed; joins a probe that is
    /// already under way. A [pinned](Self::pin) portal is not asked.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    ///
    /// # Errors
    ///
    /// [`ProbeError`] when it could not be learned; what was known still stands.
    pub async fn refresh(&self) -> Result<Caps, ProbeError> {
        self.ask(Question::Again).await
    }

    /// Takes a reply that says otherwise than these caps: something they support was
    /// refused as absent. The portal is asked again, and what to do comes back.
    ///
    /// Asked once: if the portal claims it still, further contradictions are
    /// counted and reported as [`Event::Contradicted`], and asked about again after
    /// pauses that grow, as after failures that last. What was known stands.
    ///
    /// Cancel-safe, as [`Registry::caps`](crate::Registry::caps).
    pub async fn report_absent(&self, what: impl Capability, reply: &Reply) -> Contradicted {
        let absent = matches!(reply, Reply::Error(error) if error.class() == Class::Absent);
        // By the policy for what is not known, too: that is how it came to be called.
        let claims = |caps: &Caps| caps.supports(what);
        let caps = self.caps();
        if !absent {
            return Contradicted::Unrelated;
        }
        if !claims(&caps) {
            return Contradicted::Resolved(caps);
        }
        let id = what.requirement_in(&caps).id();
        let now = self.shared.clock.now();
        let (times, ask) = self.slot.report_absent(id, now, &self.shared.settings);
        match ask {
            // A failure is told as an event already; for this call the reply decides.
            true => drop(self.refresh().await),
            // Others may be asking about it at this moment.
            false => self.slot.settled(&self.shared).await,
        }
        let caps = self.caps();
        if !claims(&caps) {
            return Contradicted::Resolved(caps);
        }
        if times.is_power_of_two() {
            let portal = self.portal.address().clone();
            let event = Event::Contradicted { portal, id, times };
            self.shared.tell(self.portal.address(), event);
        }
        Contradicted::Stands(caps)
    }

    /// The ids of what replies have contradicted and the portal claims still: treat
    /// them as unsupported. Each is listed for as long as a "no" is good: then it may
    /// be tried again, since an update of one module changes no revision.
    #[must_use]
    pub fn contradicted(&self) -> Vec<&'static str> {
        if !self.slot.is_full() {
            return Vec::new();
        }
        let (now, settings) = (self.shared.clock.now(), &self.shared.settings);
        self.slot.with(|state| state.contradicted(now, settings))
    }

    /// Takes a reply that shows what the portal has: a method of imbot.v2 that ran, or
    /// that refused as only a method can that is there. Adds to what is known and
    /// renews nothing; where it contradicts that, the portal is asked when it is next
    /// needed. Costs an atomic load where it shows nothing new.
    pub fn observe_reply(&self, method: &str, reply: &Reply) {
        const IMBOT_V2: &str = "imbot.v2.";
        let ran = match reply {
            Reply::Result(_) => true,
            Reply::Error(error) => error.proves_method(),
            _ => false,
        };
        if ran && method.starts_with(IMBOT_V2) && self.caps().knowledge().imbot_v2() != Some(true) {
            self.slot
                .with(|state| state.observe_reply(&Knowledge::imbot_v2_exists()));
        }
    }

    /// Decides what is known of the portal, which is not asked any more: a pin, or
    /// the versions of its modules, by
    /// [`Table::knowledge_of`](crate::Table::knowledge_of). Holds for all handles
    /// of the portal.
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

    /// Ends a pin: what the portal said before it holds again.
    pub fn unpin(&self) {
        self.slot.with(|state| state.pin(None));
    }

    /// What to go by until the portal has answered for the first time; does nothing
    /// after that, and is in no [`Snapshot`](crate::Snapshot).
    pub fn assume(&self, known: Knowledge) {
        self.slot.with(|state| state.assume(&known));
    }

    /// Tells that the portal may have changed, by an event that it sent, say: what
    /// is known is served on, and asked again when it is next needed.
    pub fn mark_stale(&self) {
        self.slot.with(State::mark_stale);
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

    pub(super) async fn ask(&self, question: Question) -> Result<Caps, ProbeError> {
        let served = self.slot.ask(&self.portal, &self.shared, question).await;
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

/// What came of a reply that contradicts what is known.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Contradicted {
    /// It does not: the reply says nothing about what the portal has.
    Unrelated,
    /// The portal has changed, and does not claim it any more. These caps tell which
    /// way to take.
    Resolved(Caps),
    /// The portal claims it still, or could not be asked. Take the fallback for what
    /// was contradicted; for the rest these caps hold.
    Stands(Caps),
}
