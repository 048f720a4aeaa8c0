//! [`RegistryBuilder`], and the constructors of [`Registry`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::directory::Directory;
use super::feed::Feed;
use super::metrics::Metrics;
use super::registry::Registry;
use super::settings::Settings;
use super::shared::Shared;
use super::stored::StoreClient;
use crate::caps::{Caps, OnUnknown};
use crate::clock::{Clock, SystemClock};
use crate::freshness::Lifetimes;
use crate::permits::Permits;
use crate::probe::DEADLINE;
use crate::revision::Revision;
use crate::site::Sites;
use crate::store::Store;
use crate::table::{RevisionBasis, Table};
use crate::transport::{Redirects, ReplyMemory, Transport};

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
    metrics: Metrics,
    store: Option<Arc<dyn Store>>,
    store_timeout: Duration,
}

impl Registry {
    /// A registry with the default transport and the built-in table.
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn new() -> Self {
        Self::builder(crate::transport::ReqwestTransport::new()).build()
    }

    /// A builder for a registry over this transport.
    pub fn builder(transport: impl Transport) -> RegistryBuilder {
        RegistryBuilder::new(transport)
    }
}

#[cfg(feature = "reqwest")]
impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

impl RegistryBuilder {
    fn new(transport: impl Transport) -> Self {
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
                deadline: DEADLINE,
                redirects: Redirects::deny(),
                lifetimes: Lifetimes::new(),
                newest: 0,
            },
            metrics: Metrics::default(),
            store: None,
            store_timeout: Duration::from_millis(100),
        }
    }

    /// Sets the table that decides features: the built-in one with overlays.
    pub fn table(mut self, table: &'static Table) -> Self {
        self.settings.reading = self.settings.reading.with_table(table);
        self
    }

    /// Sets which first revision of each row decides: the documented one (the default) or the observed one.
    pub fn revision_basis(mut self, revision_basis: RevisionBasis) -> Self {
        self.settings.reading = self.settings.reading.with_revision_basis(revision_basis);
        self
    }

    /// Sets what caps answer if a feature is unknown; "no" by default.
    pub fn on_unknown(mut self, policy: OnUnknown) -> Self {
        self.settings.reading = self.settings.reading.on_unknown(policy);
        self
    }

    /// Treats every portal as having at most this REST revision.
    pub fn max_revision(mut self, rest: Revision) -> Self {
        self.settings.cap = Some(rest);
        self.settings.reading = self.settings.reading.below(rest);
        self
    }

    /// The time limit of one probe with its pauses; 10 seconds by default. The wait for a free probe
    /// has the same limit, in addition.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// Sets which redirects to follow; none by default. [`Event::Moved`](crate::registry::Event::Moved) reports
    /// a redirect that was followed.
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        self.settings.redirects = redirects;
        self
    }

    /// Sets the lifetimes of answers.
    pub fn lifetimes(mut self, lifetimes: Lifetimes) -> Self {
        self.settings.lifetimes = lifetimes;
        self
    }

    /// How many portals may be asked at the same time; 128 by default, at least 1. Other portals wait,
    /// each once.
    ///
    /// One site gets at most a quarter of them. A site is a registrable domain with the names below
    /// it, a host, or an IPv6 network. Each portal of the cloud is a site by itself. If several sites
    /// want many probes, each gets less. A site without a probe gets the next free one. Portals of
    /// one site are asked in their order, and sites that wait take turns.
    pub fn concurrent_probes(mut self, probes: usize) -> Self {
        self.probes = probes.max(1);
        self
    }

    /// The memory for all replies of more than 64 KiB that clients and gates are reading, in bytes;
    /// 1 GiB by default. One portal gets at most an eighth of it, and one site about a quarter; see
    /// [`concurrent_probes`](Self::concurrent_probes) for sites.
    ///
    /// Each reply counts with both limits of its client or gate: the bytes, and 72 bytes for each
    /// value. By default that is 52 MiB. The measured maximum is twice that. If there is no room, a
    /// reply waits, within the [time limit](crate::gate::Client::timeout) of its call. A gate around
    /// an HTTP client waits 10 seconds. Then it passes the reply on unread, or returns an error if
    /// the reply needs a translation. A reply that the program has received does not count.
    pub fn reply_memory(mut self, bytes: usize) -> Self {
        self.reply_memory = bytes;
        self
    }

    /// How many portals the registry keeps; 100,000 by default. A portal takes about 115 bytes and its
    /// address, and more while it is asked, fails or is pinned. If there are more portals, the site
    /// with the most portals loses those that were not looked up for the longest time. Portals with
    /// a [`Handle`](crate::Handle) or a pin are kept. They count, too, but those of one site count
    /// for at most a quarter of the capacity.
    pub fn capacity(mut self, portals: usize) -> Self {
        self.capacity = portals;
        self
    }

    /// When the capacity is reached, all portals that were not looked up for this time are evicted,
    /// even if fewer would be enough; a week by default.
    pub fn evict_first_after(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Shares what is known with other processes, and keeps it over restarts. Without a store, each
    /// process asks each portal itself.
    ///
    /// Before a portal is asked, its record is loaded. One process of the fleet asks, and the others
    /// take its answer. A change of a portal reaches all processes within a second. Calls that answer
    /// from memory do not use the store. A store that fails or is slow fails no call.
    /// [`Event::StoreFailed`](crate::registry::Event::StoreFailed) reports it. See
    /// [`docs::fleet`](crate::docs::fleet).
    ///
    /// A registry with a store has one background task. It listens for changes, runs on the runtime of
    /// the first probe, and ends with the registry.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// How long a call may wait for the [store](Self::store); 100 milliseconds by default. After that,
    /// the registry goes on without it, and does not wait for it again before a pause of one to five
    /// seconds is over.
    pub fn store_timeout(mut self, timeout: Duration) -> Self {
        self.store_timeout = timeout;
        self
    }

    /// Adds the label `portal`, with the portal's address, to the counters. Each counter then has one
    /// series for each portal and each value of its other label. That is tens of thousands for a
    /// thousand portals, and most recorders keep them as long as the process lives. The duration of
    /// probes never carries it.
    #[cfg(feature = "metrics")]
    #[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
    pub fn metrics_by_portal(mut self) -> Self {
        self.metrics.metrics_by_portal = true;
        self
    }

    /// Sets the clock: for tests.
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
        Metrics::describe();
        Registry {
            shared: Arc::new(Shared {
                directory: Directory::new(self.settings.reading, self.capacity, self.idle),
                transport: self.transport,
                clock: self.clock,
                probes: Permits::new(self.probes),
                reply_memory: ReplyMemory::new(self.reply_memory, Sites::by(table)),
                events: Feed::default(),
                settings: self.settings,
                metrics: self.metrics,
                store: self
                    .store
                    .map(|store| StoreClient::new(store, self.store_timeout)),
                #[cfg(feature = "metrics")]
                gauges: Default::default(),
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
