//! The settings of a server.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use imbot_caps::Registry;
use imbot_caps::plan::Policy;
use url::Url;

use crate::admin::Metrics;
use crate::events::settings::Bots;
use crate::limiter::Rate;
use crate::portals::PortalList;
use crate::server::{Proxy, StartError};

/// Limits for clients and portals.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The most connections of clients: 1,024. Further ones get an error.
    pub connections: usize,
    /// The most bodies that are sent in pieces at one time: 64. Others wait. The gate may read up to 16 MiB of each.
    pub streamed_bodies: usize,
    /// The most bytes of a request's body: 256 MiB.
    pub body: u64,
    /// The longest wait for the head of a request, also on a connection that is kept open: 30 seconds.
    pub head: Duration,
    /// The longest wait for the next bytes of a body, and for all of a body up to 256 KiB: 30 seconds.
    pub body_idle: Duration,
    /// The longest time for a whole body: 10 minutes.
    pub body_total: Duration,
    /// The longest wait until a client takes the next bytes: 30 seconds.
    pub write: Duration,
    /// The longest wait for a connection to a portal: 10 seconds.
    pub connect: Duration,
    /// The longest wait for the next bytes of a portal's reply: 90 seconds.
    pub reply: Duration,
    /// The most events that are kept for a bot: 100,000. Further ones are refused, so the portal knows.
    pub events: u64,
    /// The most bytes of these events: 256 MiB for a bot. Further events are refused, too.
    pub event_bytes: u64,
    /// The most posted events of a bot that are read at one time: 16. Others wait.
    pub posts: usize,
    /// The longest wait for a bot's answer to an event: 30 seconds.
    pub bot: Duration,
    /// The pause after the first failure to hand an event on: 1 second. Each further one is twice as long.
    pub retry_first: Duration,
    /// The longest of these pauses: 5 minutes.
    pub retry_longest: Duration,
    /// How long a stop waits for requests to end: 30 seconds.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            streamed_bodies: 64,
            body: 256 * 1024 * 1024,
            head: Duration::from_secs(30),
            body_idle: Duration::from_secs(30),
            body_total: Duration::from_secs(600),
            write: Duration::from_secs(30),
            connect: Duration::from_secs(10),
            reply: Duration::from_secs(90),
            events: 100_000,
            event_bytes: 256 * 1024 * 1024,
            posts: 16,
            bot: Duration::from_secs(30),
            retry_first: Duration::from_secs(1),
            retry_longest: Duration::from_secs(300),
            stop: Duration::from_secs(30),
        }
    }
}

/// Sets up a [`Proxy`].
#[must_use]
pub struct ProxyBuilder {
    pub(crate) portals: PortalList,
    pub(crate) listen: SocketAddr,
    pub(crate) admin: Option<SocketAddr>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) registry: Option<Registry>,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
    pub(crate) rate: Option<Rate>,
    pub(crate) insecure_http: bool,
    pub(crate) client: Option<reqwest::Client>,
    pub(crate) metrics: Option<Metrics>,
    pub(crate) bots: Option<(Bots, PathBuf)>,
    pub(crate) token_server: Option<Url>,
}

impl ProxyBuilder {
    pub(crate) fn new(portals: PortalList) -> Self {
        Self {
            portals,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            admin: None,
            allowed_hosts: Vec::new(),
            registry: None,
            policy: Policy::default(),
            limits: Limits::default(),
            rate: None,
            insecure_http: false,
            client: None,
            metrics: None,
            bots: None,
            token_server: None,
        }
    }

    /// Where the server listens; a free port of 127.0.0.1 by default. Whoever reaches it can call the listed portals
    /// with the credentials that they have.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Where the server answers `/ready`, `/live` and `/metrics`; nowhere by default.
    pub fn admin(mut self, address: SocketAddr) -> Self {
        self.admin = Some(address);
        self
    }

    /// Allows one more name in the header `Host`. IP addresses and names of loopback are always allowed.
    pub fn allowed_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// The registry that knows the portals: with a store, for example. By default one with the transport
    /// [`PortalList::transport`], and all other defaults of a registry.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// What the gate may do.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Limits for clients and portals.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Holds calls back until their portal takes them. By default, no call is held back.
    pub fn rate(mut self, rate: Rate) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Portals at loopback are called by plain http. For tests with an emulated portal.
    pub fn insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }

    /// The client for calls of listed portals: with a private root certificate, for example. It must follow no
    /// redirects, and must not decompress replies. Portals that [`PortalList::any`] stands for have a client of their
    /// own, which connects to public addresses alone.
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Writes the metrics that `/metrics` answers with, in the text form of Prometheus. The server counts by the
    /// facade of crate `metrics`: the program installs an exporter.
    pub fn metrics(mut self, write: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.metrics = Some(Arc::new(write));
        self
    }

    /// Takes the events of these bots. The journal is a file that the server makes: an event is in it before the
    /// portal gets its answer.
    pub fn bots(mut self, bots: Bots, journal: impl Into<PathBuf>) -> Self {
        self.bots = Some((bots, journal.into()));
        self
    }

    /// The authorisation server that renewals of tokens at `/oauth/token/` are sent to, by default
    /// `https://oauth.bitrix.info/oauth/token/`.
    pub fn token_server(mut self, address: Url) -> Self {
        self.token_server = Some(address);
        self
    }

    /// Starts the server on the runtime of the caller.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn start(self) -> Result<Proxy, StartError> {
        Proxy::start(self).await
    }
}

impl fmt::Debug for ProxyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBuilder")
            .field("portals", &self.portals)
            .field("listen", &self.listen)
            .field("admin", &self.admin)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
