//! [`Proxy`]: the server.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use imbot_caps::Registry;
use imbot_caps::gate::Gate;
use reqwest::redirect::Policy;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use url::Url;

use crate::builder::ProxyBuilder;
use crate::client::{PortalClient, Tls};
use crate::events::deliver::{self, Bells};
use crate::events::journal::{Journal, JournalError};
use crate::events::owner::Owners;
use crate::events::polling::PollingEmulation;
use crate::events::receive::Receiver;
use crate::events::settings::BotsError;
use crate::forward::Forwarder;
use crate::limiter::Limiter;
use crate::portals::PortalList;
use crate::questions::Questions;
use crate::renewals::{self, Renewals};
use crate::routes::{self, Shared};
use crate::upstream::Upstream;
use crate::{admin, connections};

/// The documented address of the authorisation server.
const TOKEN_SERVER: &str = "https://oauth.bitrix.info/oauth/token/";

/// A running server. If it is dropped, it takes no more connections, and the requests that it has end in the
/// background.
pub struct Proxy {
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    gate: Gate,
    shared: Arc<Shared>,
    calls: Running,
    admin: Option<Running>,
    deliveries: Option<Running>,
}

/// A listener and its task.
struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    async fn stop(self) {
        // Without a receiver, the task has ended.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(error.message = %error, "a listener did not end");
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no list of portals.
    #[error(
        "the server has no list of portals: name each with --portal HOST or --domain DOMAIN. With --any it talks to \
         every public host, as an open relay"
    )]
    NoPortals,
    /// An address cannot be listened at.
    #[error("the server cannot listen at {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The client for renewals of tokens, or for bots, cannot be made.
    #[error("the client for renewals of tokens, or for bots, cannot be made: {0}")]
    Client(#[source] reqwest::Error),
    /// TLS cannot be set up: the platform gives no certificates to trust, for example.
    #[error("TLS for calls of portals cannot be set up: {0}")]
    Tls(#[source] io::Error),
    /// The address of the authorisation server is none.
    #[error("the authorisation server is no URL: write it as {TOKEN_SERVER}")]
    TokenServer,
    /// The bots cannot be used.
    #[error(transparent)]
    Bots(#[from] BotsError),
    /// The journal of events cannot be opened.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Proxy {
    /// A server for these portals.
    pub fn builder(portals: PortalList) -> ProxyBuilder {
        ProxyBuilder::new(portals)
    }

    pub(crate) async fn start(settings: ProxyBuilder) -> Result<Self, StartError> {
        if settings.portals.is_empty() {
            return Err(StartError::NoPortals);
        }
        let limits = settings.limits;
        let registry = settings
            .registry
            .unwrap_or_else(|| Registry::builder(settings.portals.transport()).build());
        let mut gate = Gate::builder(&registry);
        gate = gate.policy(settings.policy.clone());
        let gate = gate.build();
        let tls = Tls::of_platform().map_err(|error| StartError::Tls(io::Error::other(error)))?;
        let (every, for_renewals) = match settings.client {
            Some(client) => (PortalClient::Given(client.clone()), client),
            None => {
                let client = renewals::client(&limits, settings.insecure_http).map_err(StartError::Client)?;
                let every = PortalClient::every(&tls, &limits, settings.insecure_http);
                (every, client)
            }
        };
        let public = PortalClient::public(&tls, &limits);
        let (listener, address) = listen(settings.listen).await?;
        let events = match settings.bots {
            None => None,
            Some((bots, path)) => {
                bots.check(&settings.portals)?;
                let journal = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
                Some((bots, journal.unwrap_or(Err(JournalError::Ended))?))
            }
        };
        let polling = events.as_ref().map(|(bots, journal)| PollingEmulation {
            bots: bots.clone(),
            journal: journal.clone(),
            registry: registry.clone(),
            own: own_url(address),
            owners: Owners::default(),
        });
        let bells = events
            .as_ref()
            .map(|(bots, _)| Bells::new(bots))
            .unwrap_or_default();
        let deliveries = match &events {
            None => None,
            Some((bots, journal)) => {
                let (stop, stopped) = watch::channel(false);
                // The bots' addresses are the operator's own.
                let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
                let client = client.build().map_err(StartError::Client)?;
                let (bots, journal) = (bots.clone(), journal.clone());
                let task = deliver::run(bots, journal, bells.clone(), client, limits.clone(), stopped);
                Some(Running {
                    stop,
                    task: tokio::spawn(task),
                })
            }
        };
        let receiver = match events {
            None => None,
            Some((bots, journal)) => Some(Receiver::new(
                bots,
                journal,
                bells,
                &gate,
                settings.insecure_http,
                &limits,
            )?),
        };
        let token_server = settings.token_server.map_or_else(|| Url::parse(TOKEN_SERVER), Ok);
        let token_server = token_server.map_err(|_| StartError::TokenServer)?;
        let shared = Arc::new(Shared {
            renewals: Renewals::new(for_renewals, token_server),
            forwarder: Forwarder {
                upstream: Upstream::new(
                    &gate,
                    [every, public],
                    settings.portals.clone(),
                    settings.insecure_http,
                    settings.rate.map(Limiter::new),
                ),
                portals: settings.portals.clone(),
                insecure_http: settings.insecure_http,
                polling,
                streams: Arc::new(Semaphore::new(limits.streamed_bodies)),
                limits: limits.clone(),
            },
            questions: Questions {
                registry,
                policy: settings.policy,
                portals: settings.portals.clone(),
                insecure_http: settings.insecure_http,
            },
            receiver,
            allowed_hosts: settings.allowed_hosts,
            limits: limits.clone(),
            is_ready: AtomicBool::new(false),
        });
        let (admin, admin_address) = match settings.admin {
            None => (None, None),
            Some(address) => {
                let (listener, address) = listen(address).await?;
                let (stop, stopped) = watch::channel(false);
                let (own, metrics) = (Arc::clone(&shared), settings.metrics);
                let task = tokio::spawn(connections::serve(
                    listener,
                    limits.clone(),
                    stopped,
                    move |request, _| admin::answer(Arc::clone(&own), metrics.clone(), request),
                ));
                (Some(Running { stop, task }), Some(address))
            }
        };
        let (stop, stopped) = watch::channel(false);
        let own = Arc::clone(&shared);
        let task = tokio::spawn(connections::serve(
            listener,
            limits,
            stopped,
            move |request, is_busy| routes::answer(Arc::clone(&own), request, is_busy),
        ));
        shared.set_ready(true);
        tracing::info!(
            server.address = %address,
            imbot_caps.portals = %settings.portals,
            "the server has started"
        );
        Ok(Self {
            address,
            admin_address,
            gate,
            shared,
            calls: Running { stop, task },
            admin,
            deliveries,
        })
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server answers `/ready` and `/metrics`.
    #[must_use]
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// The gate, for its report.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Stops: takes no more connections, and returns when the requests that it has are answered, or after
    /// [`Limits::stop`](crate::Limits::stop). Meanwhile, `/ready` says that the server is stopping.
    pub async fn stop(self) {
        self.shared.set_ready(false);
        let deliveries = self.deliveries;
        // A bot can take long for an event. Its time is not added to that of the calls.
        tokio::join!(self.calls.stop(), async {
            if let Some(deliveries) = deliveries {
                deliveries.stop().await;
            }
        });
        if let Some(admin) = self.admin {
            admin.stop().await;
        }
        tracing::info!("the server has stopped");
    }
}

/// The address of the server for programs on this machine.
fn own_url(address: SocketAddr) -> String {
    match address.ip().is_unspecified() {
        true => format!("http://127.0.0.1:{}/", address.port()),
        false => format!("http://{address}/"),
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.address)
            .field("admin_address", &self.admin_address)
            .finish_non_exhaustive()
    }
}
