//! What a registry is made with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::directory::Directory;
use super::feed::Feed;
use super::{Registry, Settings, Shared, metrics};
use crate::caps::{Caps, OnUnknown, Trust};
use crate::clock::{Clock, SystemClock};
use crate::freshness::Lifetimes;
use crate::permits::Permits;
use crate::revision::Revision;
use crate::site::Sites;
use crate::table::Table;
use crate::transport::{Redirects, Rooms, Transport};

/// Chooses the settings of a [`Registry`](crate::Registry).
#[must_use]
pub struct RegistryBuilder {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    probes: usize,
    reply_memory: usize,
    capacity: usize,
    idle: Duration,
    settings: Settings,
    #[cfg(feature = "metrics")]
    portal_label: bool,
}

impl RegistryBuilder {
    pub(super) fn new(transport: impl Transport) -> Self {
        Self {
            transport: Arc::new(transport),
            clock: Arc::new(SystemClock),
            probes: 128,
            reply_memory: 1 << 30,
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
        self.settings.reading = self.settings.reading.below(rest);
        self
    }

    /// How long one probe may take in all, with its pauses; 10 seconds by default.
    /// Before that it may wait as long to be let through.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Which redirects to follow; none by default. One that was followed is told as
    /// [`Event::Moved`](crate::Event::Moved).
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
    /// Others wait, each portal once.
    ///
    /// One site gets a quarter of them at most. A site is a registrable domain with the names
    /// below it, a host, or an IPv6 network; each portal of the cloud is a site by itself. If
    /// several sites want many, each gets less. A site that has none gets the first that is
    /// free. Portals of one site are asked in the order they
    /// came, and sites that wait take turns.
    pub fn concurrent_probes(mut self, probes: usize) -> Self {
        self.probes = probes.max(1);
        self
    }

    /// The memory for all replies of more than 64 KiB that clients and gates are reading, in
    /// bytes; 1 GiB by default. One portal gets an eighth of it at most, and one site about a
    /// quarter; see [`concurrent_probes`](Self::concurrent_probes) for sites.
    ///
    /// Each reply counts with both limits of its client or gate: the bytes, and 72 for each
    /// value. By default that is 52 MiB. The most memory that was measured is twice that. If
    /// there is no room, a reply waits its turn, within the
    /// [time](crate::gate::Client::timeout) of its call. A gate around an HTTP client waits 10
    /// seconds. Then it passes the reply on as it came, or as an error if the reply had to be
    /// translated. A reply that the program has received counts no more.
    pub fn reply_memory(mut self, bytes: usize) -> Self {
        self.reply_memory = bytes;
        self
    }

    /// How many portals are remembered; 100,000 by default, at about 115 bytes each beside
    /// the address, and more while one is asked, fails or is pinned. If there are more, the
    /// site that has most portals loses those that were not looked up for the longest time.
    /// Portals with a [`Handle`](crate::Handle) or a pin are kept. They count, too, but those
    /// of one site for a quarter of the capacity at most.
    pub fn capacity(mut self, portals: usize) -> Self {
        self.capacity = portals;
        self
    }

    /// When the capacity is reached, all portals that were not looked up for this long
    /// are forgotten, and not only as many as needed; a week by default.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Whether counters carry a label `portal` with the portal's address; no by default. It
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
        let table = self.settings.reading.table();
        self.settings.redirects = self.settings.redirects.with_table(table);
        self.settings.newest = self.settings.reading.newest();
        metrics::describe();
        Registry {
            shared: Arc::new(Shared {
                directory: Directory::new(self.settings.reading, self.capacity, self.idle),
                transport: self.transport,
                clock: self.clock,
                probes: Permits::new(self.probes),
                rooms: Rooms::new(self.reply_memory, Sites::by(table)),
                events: Feed::default(),
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
