//! All portals of a process: what is known of each, how old it may be, and one
//! probe in flight for each.

use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};

use crate::caps::{Caps, OnUnknown, Support, Trust, Unsupported};
use crate::clock::{Clock, SystemClock, within};
use crate::feature::Capability;
use crate::freshness::Lifetimes;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::probe::ProbeError;
use crate::revision::Revision;
use crate::table::Table;
use crate::transport::{Redirects, Transport};
use crate::wire::{Class, Reply};

mod directory;
mod event;
mod flight;
#[cfg_attr(not(feature = "metrics"), path = "registry/metrics/off.rs")]
mod metrics;
mod notice;
mod slot;
mod snapshot;
mod state;
mod warm_up;
/// What `flight` is built from: the model of it puts other ones here.
mod sync {
    pub(super) use std::sync::{Arc, Mutex, MutexGuard};
}

pub use event::{Event, Events};
pub use notice::{Notice, NoticeError, Noticed};
pub use snapshot::{Record, Restored, Skip, Skipped, Snapshot, SnapshotError};
pub use warm_up::{Progress, WarmUp, WarmedUp};

use directory::Directory;
use slot::{Question, Slot};

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
    directory: RwLock<Directory>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    /// Lets probes through, first come first served.
    probes: Arc<Semaphore>,
    /// Made by the first who listens: few do.
    events: OnceLock<broadcast::Sender<Event>>,
    settings: Settings,
    #[cfg(feature = "metrics")]
    portal_label: bool,
}

/// How many events wait for a listener that is slow.
const EVENTS: usize = 1_024;

impl Shared {
    /// Waits to be let through; not longer than a probe may take.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.probes).try_acquire_owned() {
            return Some(permit);
        }
        let permit = Arc::clone(&self.probes).acquire_owned();
        // The semaphore is never closed.
        within(&*self.clock, self.settings.deadline, permit).await?.ok()
    }

    fn tell(&self, event: Event) {
        event.trace();
        self.send(event);
    }

    fn send(&self, event: Event) {
        if let Some(events) = self.events.get() {
            // Fails when nobody listens any more.
            let _ = events.send(event);
        }
    }
}

#[derive(Clone, Debug)]
struct Settings {
    /// Caps of an unknown portal: each portal's differ in what is known alone.
    reading: Caps,
    cap: Option<Revision>,
    deadline: Duration,
    redirects: Redirects,
    lifetimes: Lifetimes,
    /// The highest REST revision that makes a difference by the table.
    newest: Revision,
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
            clock: Arc::new(SystemClock),
            probes: 128,
            capacity: 100_000,
            idle: Duration::from_secs(7 * 86_400),
            settings: Settings {
                reading: Caps::unknown(),
                cap: None,
                deadline: Duration::from_secs(10),
                redirects: Redirects::deny(),
                lifetimes: Lifetimes::new(),
                newest: 0,
            },
            #[cfg(feature = "metrics")]
            portal_label: false,
        }
    }

    /// A portal's handle, made at the first call. No I/O. Keep it where calls are
    /// made: it answers without a look-up.
    #[must_use]
    pub fn portal(&self, portal: &Portal) -> Handle {
        let now = self.shared.clock.now();
        let directory = &self.shared.directory;
        let found = directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .find(portal.id(), portal.address());
        let slot = found.unwrap_or_else(|| {
            let mut directory = directory.write().unwrap_or_else(PoisonError::into_inner);
            let (slot, event) = directory.enter(portal.id(), portal.address(), now);
            let portals = directory.len();
            drop(directory);
            metrics::remembered(portals);
            if let Some(event) = event {
                self.shared.tell(event);
            }
            slot
        });
        slot.touch(now);
        Handle {
            slot,
            portal: portal.clone(),
            shared: Arc::clone(&self.shared),
        }
    }

    /// What a portal can do: from memory while that is good, else asked once,
    /// however many callers wait. See [`Lifetimes`] for how long it is good.
    ///
    /// Cancel-safe: the probe goes on for others, and for the next call.
    ///
    /// # Errors
    ///
    /// [`ProbeError`] when it is not known, or was known too long ago, and could
    /// not be learned. A failure is remembered for a short while, and told to
    /// those who ask meanwhile: see [`Lifetimes::after_passing_failures`].
    pub async fn caps(&self, portal: &Portal) -> Result<Caps, ProbeError> {
        self.portal(portal).ready().await
    }

    /// What happens to all portals from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        let events = &self.shared.events;
        Events(events.get_or_init(|| broadcast::channel(EVENTS).0).subscribe())
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
        let directory = self
            .shared
            .directory
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Registry")
            .field("portals", &directory.len())
            .field("settings", &self.shared.settings)
            .finish_non_exhaustive()
    }
}

/// Chooses the settings of a [`Registry`].
#[must_use]
pub struct RegistryBuilder {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    probes: usize,
    capacity: usize,
    idle: Duration,
    settings: Settings,
    #[cfg(feature = "metrics")]
    portal_label: bool,
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

    /// How long one probe may take in all, with its pauses; 10 seconds by default.
    /// Before that it may wait as long to be let through.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Which redirects to follow; none by default. One that was followed is told as
    /// [`Event::Moved`].
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        self.settings.redirects = redirects;
        self
    }

    /// How long answers are good for.
    pub fn lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.settings.lifetimes = lifetimes;
        self
    }

    /// How many portals may be asked at the same time; 128 by default, at least 1.
    /// Others wait in the order they came, each portal once.
    pub fn concurrent_probes(mut self, probes: usize) -> Self {
        self.probes = probes.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// How many portals are remembered; 100,000 by default, at some hundred bytes
    /// each. Beyond that, those that were not looked up for the longest time are
    /// forgotten. Portals with a [`Handle`] or a pin are kept, and count.
    pub fn capacity(mut self, portals: usize) -> Self {
        self.capacity = portals;
        self
    }

    /// After what time without a look-up a portal may be forgotten even below the
    /// capacity, when that is next reached; a week by default.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Whether counters carry a label `portal` with [`Portal::id`]; no by default. It
    /// makes each counter as many series as there are portals, times the values of its
    /// other label: ten thousands for a thousand portals, kept by most recorders for
    /// as long as the process lives. The duration of probes never carries it.
    #[cfg(feature = "metrics")]
    #[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
    pub fn portal_label(mut self, portal_label: bool) -> Self {
        self.portal_label = portal_label;
        self
    }

    /// Tells the time by this clock: for tests.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The registry. No I/O.
    #[must_use]
    pub fn build(mut self) -> Registry {
        self.settings.newest = self.settings.reading.newest();
        metrics::describe();
        Registry {
            shared: Arc::new(Shared {
                directory: RwLock::new(Directory::new(self.capacity, self.idle)),
                transport: self.transport,
                clock: self.clock,
                probes: Arc::new(Semaphore::new(self.probes)),
                events: OnceLock::new(),
                settings: self.settings,
                #[cfg(feature = "metrics")]
                portal_label: self.portal_label,
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

    /// [`Caps::supports`] by what is known now, and a "no" that is past due is asked
    /// again behind: how a bot that never waits comes to notice an upgrade.
    ///
    /// A "yes" costs what it costs of [`caps`](Self::caps); a "no" reads the clock
    /// and takes the portal's lock for a moment.
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
        metrics::refused(&self.shared, &self.portal, id);
        let question = Question::One(what.gate(caps));
        self.slot.revalidate(&self.portal, &self.shared, question);
    }

    /// Waits until enough is known, asking if need be: from memory while all that
    /// the table asks about is within its lifetime.
    ///
    /// Cancel-safe, as [`Registry::caps`].
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`].
    pub async fn ready(&self) -> Result<Caps, ProbeError> {
        self.ask(Question::All).await
    }

    /// Waits until enough is known to decide this: a feature that is there stays
    /// good for longer than the next one that is not.
    ///
    /// Cancel-safe, as [`Registry::caps`].
    ///
    /// # Errors
    ///
    /// As [`Registry::caps`].
    pub async fn ready_for(&self, what: impl Capability) -> Result<Caps, ProbeError> {
        self.ask(Question::One(what.gate(&self.caps()))).await
    }

    /// Asks the portal again, whatever is known or has failed; joins a probe that is
    /// already under way.
    ///
    /// Cancel-safe, as [`Registry::caps`].
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
    /// Cancel-safe, as [`Registry::caps`].
    pub async fn contradict(&self, what: impl Capability, reply: &Reply) -> Contradicted {
        let absent = matches!(reply, Reply::Error(error) if error.class() == Class::Absent);
        // By the policy for what is not known, too: that is how it came to be called.
        let claims = |caps: &Caps| caps.supports(what);
        let caps = self.caps();
        if !absent {
            return Contradicted::Not;
        }
        if !claims(&caps) {
            return Contradicted::Resolved(caps);
        }
        let id = what.requirement_in(&caps).id();
        let now = self.shared.clock.now();
        let (times, ask) = self.slot.contradict(id, now, &self.shared.settings);
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
            self.shared.tell(Event::Contradicted {
                portal: self.portal.id().clone(),
                id,
                times,
            });
        }
        Contradicted::Stands(caps)
    }

    /// The ids of what replies have contradicted and the portal claims still: treat
    /// them as unsupported. Each is listed for as long as a "no" is good: then it may
    /// be tried again, since an update of one module changes no revision.
    #[must_use]
    pub fn contradicted(&self) -> Vec<&'static str> {
        let (now, settings) = (self.shared.clock.now(), &self.shared.settings);
        self.slot.with(|state| state.contradicted(now, settings))
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
    /// let handle = Registry::new().portal(&portal);
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

    /// What to go by until the portal has answered for the first time.
    pub fn assume(&self, known: Knowledge) {
        self.slot.with(|state| state.assume(&known));
    }

    /// Tells that the portal may have changed, by an event that it sent, say: what
    /// is known is served on, and asked again when it is next needed.
    pub fn outdate(&self) {
        self.slot.with(state::State::outdate);
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

    async fn ask(&self, question: Question) -> Result<Caps, ProbeError> {
        let served = self.slot.ask(&self.portal, &self.shared, question).await;
        metrics::answered(&self.shared, &self.portal, &served);
        served.map(|_| self.caps())
    }
}

/// What came of a reply that contradicts what is known.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Contradicted {
    /// It does not: the reply says nothing about what the portal has.
    Not,
    /// The portal has changed, and does not claim it any more. These caps tell which
    /// way to take.
    Resolved(Caps),
    /// The portal claims it still, or could not be asked. Take the fallback for what
    /// was contradicted; for the rest these caps hold.
    Stands(Caps),
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("portal", &self.portal)
            .field("caps", &self.caps())
            .finish()
    }
}
