//! [`Connector`]: connections to portals: addresses of names, the proxy of the environment, TLS, the time limit.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use imbot_caps::transport::PublicResolver;
use reqwest::dns::{Addrs, Resolve, Resolving};
use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tower_service::Service;

/// A dead connection is found by these probes, and by data that is not acknowledged; as in reqwest.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_PROBES: u32 = 3;
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

type BoxError = Box<dyn Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Plain, or within the TLS of an https proxy.
type Outer = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Which certificates are trusted, and which protocols are offered.
#[derive(Clone)]
pub(crate) struct Tls {
    to_portal: Arc<ClientConfig>,
    to_proxy: Arc<ClientConfig>,
}

/// Connects to portals.
#[derive(Clone)]
pub(super) struct Connector {
    // The client clones its connector for each request.
    https: Arc<HttpsConnector<Way>>,
    longest: Duration,
}

/// The addresses of names.
#[derive(Clone)]
pub(super) enum Resolver {
    System(GaiResolver),
    /// Public addresses alone.
    Public,
}

/// The way to a portal: at its address, or through the proxy of the environment.
#[derive(Clone)]
struct Way {
    http: HttpConnector<Resolver>,
    proxy: Option<Arc<Matcher>>,
    https_to_proxy: HttpsConnector<HttpConnector<Resolver>>,
}

impl Tls {
    /// The trust of the platform, with the cryptography that reqwest takes.
    pub(crate) fn of_platform() -> Result<Self, rustls::Error> {
        let provider = CryptoProvider::get_default();
        let provider = provider.map_or_else(|| Arc::new(aws_lc_rs::default_provider()), Arc::clone);
        let verifier = Verifier::new(Arc::clone(&provider))?;
        let to_proxy = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(rustls::ALL_VERSIONS)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let mut to_portal = to_proxy.clone();
        to_portal.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            to_portal: Arc::new(to_portal),
            to_proxy: Arc::new(to_proxy),
        })
    }
}

impl Connector {
    /// Without a proxy.
    pub(super) fn direct(tls: &Tls, resolver: Resolver, longest: Duration) -> Self {
        Self::new(tls, resolver, None, longest)
    }

    /// Through the proxy that the environment or the system names for a portal, if it names one.
    pub(super) fn by_environment(tls: &Tls, resolver: Resolver, longest: Duration) -> Self {
        Self::new(tls, resolver, Some(Arc::new(Matcher::from_system())), longest)
    }

    fn new(tls: &Tls, resolver: Resolver, proxy: Option<Arc<Matcher>>, longest: Duration) -> Self {
        let mut http = HttpConnector::new_with_resolver(resolver);
        http.enforce_http(false);
        http.set_nodelay(true);
        // The addresses of a name share this time.
        http.set_connect_timeout(Some(longest));
        http.set_keepalive(Some(KEEPALIVE));
        http.set_keepalive_interval(Some(KEEPALIVE));
        http.set_keepalive_retries(Some(KEEPALIVE_PROBES));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        http.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        let way = Way {
            https_to_proxy: HttpsConnector::from((http.clone(), Arc::clone(&tls.to_proxy))),
            http,
            proxy,
        };
        Self {
            https: Arc::new(HttpsConnector::from((way, Arc::clone(&tls.to_portal)))),
            longest,
        }
    }
}

impl Resolver {
    pub(super) fn system() -> Self {
        Self::System(GaiResolver::new())
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Outer>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, portal: Uri) -> Self::Future {
        let connecting = HttpsConnector::clone(&self.https).call(portal);
        let longest = self.longest;
        Box::pin(async move {
            let connected = tokio::time::timeout(longest, connecting).await;
            connected.unwrap_or_else(|_| {
                Err(io::Error::new(io::ErrorKind::TimedOut, "operation timed out").into())
            })
        })
    }
}

impl Service<Uri> for Way {
    type Response = Outer;
    type Error = BoxError;
    type Future = Connecting<Outer>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, portal: Uri) -> Self::Future {
        // Plain http is never sent through a proxy: it would read the credential.
        let proxy = match portal.scheme() == Some(&Scheme::HTTPS) {
            true => self.proxy.as_ref().and_then(|proxy| proxy.intercept(&portal)),
            false => None,
        };
        let Some(proxy) = proxy else {
            let connecting = self.http.call(portal);
            return Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) });
        };
        // For other kinds of proxies, such as SOCKS, this connector fails, and names the kind.
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.https_to_proxy.clone());
        if let Some(credential) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credential.clone());
        }
        let connecting = tunnel.call(portal);
        Box::pin(async move { Ok(connecting.await?) })
    }
}

impl Service<Name> for Resolver {
    type Response = Addrs;
    type Error = BoxError;
    type Future = Resolving;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Resolving {
        match self {
            Self::System(system) => {
                let found = system.call(name);
                Box::pin(async move { Ok(Box::new(found.await?) as Addrs) })
            }
            Self::Public => match name.as_str().parse() {
                Ok(name) => PublicResolver.resolve(name),
                Err(_) => Box::pin(async { Err(io::Error::other("the name cannot be resolved").into()) }),
            },
        }
    }
}
