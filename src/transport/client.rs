//! [`ReqwestTransport`]: the transport over reqwest.

use std::error::Error;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use tokio::runtime;
use tokio::time::Instant;
use url::Url;

use super::error::TransportError;
use super::request::{REPLY_LIMIT, Request};
use super::transport::Transport;
use crate::wire::LOCATION_LIMIT;
use crate::wire::Response;
use crate::wire::budget::Meter;
use crate::wire::redact::shown;

mod proxy;
mod public;
mod tls;

pub use public::{NotPublicError, PublicResolver};

/// How many clients are kept. Each runtime has one or two. A program with a runtime for each thread
/// seldom has more than 64 threads. A client holds a few hundred KiB of certificates.
const CLIENTS: usize = 64;

/// The time limit of a request that has none of its own.
const UNTOLD: Duration = Duration::from_secs(10);

/// The limit of `Retry-After`, in bytes. A date has 29.
const RETRY_AFTER_LIMIT: usize = 64;

/// [`Transport`] over a [`reqwest::Client`].
///
/// The default client uses rustls with the system's certificates. It follows no redirect, sends no
/// `Referer` (that would hold a webhook's code), and asks for no compression. It waits 5 seconds for
/// a connection and 10 seconds in all, unless [`Request::timeout`] says otherwise. It is made at the
/// first request, since reading the certificates is I/O and may fail.
///
/// # Proxies
///
/// - The proxy comes from `HTTPS_PROXY`, otherwise from `ALL_PROXY`, in capitals or small letters.
///   On macOS and Windows it may come from the system's settings. Hosts in `NO_PROXY` are excepted.
/// - Only requests over https use it. The client asks for a tunnel (CONNECT). So the proxy learns a
///   portal's host and port, and neither a webhook's code nor a token.
/// - Requests over plain http use no proxy. `HTTP_PROXY` is not used.
/// - Requests to this machine use no proxy: `localhost`, names below it, and loopback addresses.
/// - The proxy must be of http or https. With another kind, such as SOCKS, requests fail and their
///   error says so, unless another crate of the program turns on reqwest's feature `socks`. A SOCKS
///   proxy learns no more than the others.
/// - [`without_proxy`](ReqwestTransportBuilder::without_proxy) turns all of this off.
///
/// # Runtimes
///
/// Each tokio runtime gets a client of its own, and a second one for requests that may use a proxy. A
/// pooled connection belongs to the runtime that opened it, and does not answer while that runtime
/// is stopped. At most 64 clients are kept. A further one replaces the client that was unused for
/// longest.
pub struct ReqwestTransport(Clients);

enum Clients {
    /// The program's client, for all runtimes.
    Given(Client),
    Own(Own),
}

/// Clients that are made when they are needed.
struct Own {
    settings: ReqwestTransportBuilder,
    /// In the order of their last use.
    made: Mutex<Vec<(Use, Client)>>,
}

/// The purpose of a client.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Use {
    runtime: Option<runtime::Id>,
    /// Whether it uses the environment's proxy.
    by_proxy: bool,
}

/// Chooses the settings of a [`ReqwestTransport`] that makes its own client.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ReqwestTransportBuilder {
    without_proxy: bool,
    public_addresses_only: bool,
}

impl ReqwestTransportBuilder {
    /// Uses no proxy, even if the environment names one.
    pub fn without_proxy(mut self) -> Self {
        self.without_proxy = true;
        self
    }

    /// Sends requests to public addresses only. For programs that get the addresses of portals or
    /// authorisation servers from others. For another address the error is
    /// [`TransportError::NotPublic`], and nothing is sent.
    ///
    /// - An IP address in a URL is checked before anything is sent. A name is resolved by the
    ///   system, and connections go to its public addresses only.
    /// - These are not public: private, loopback, link-local, shared (CGNAT), documentation,
    ///   benchmarking, multicast, reserved and unspecified addresses; IPv6 addresses other than
    ///   global unicast; Teredo and 6to4; and the addresses at which clouds serve metadata. An IPv4
    ///   address inside IPv6 (mapped, or NAT64 with the well-known prefix) counts as that IPv4
    ///   address. The lists are those of IANA's registries.
    /// - No proxy is used, as with [`without_proxy`](Self::without_proxy): a proxy resolves names
    ///   itself.
    ///
    /// This holds for all requests of this transport: probes, calls of a
    /// [`Client`](crate::gate::Client), and a [`RefreshGrant`](crate::RefreshGrant) that shares it.
    /// A client behind `HttpGateLayer` or `GateMiddleware` has its own resolver. Ports are not
    /// checked.
    pub fn public_addresses_only(mut self) -> Self {
        self.public_addresses_only = true;
        self
    }

    /// The transport. No I/O.
    #[must_use]
    pub fn build(self) -> ReqwestTransport {
        ReqwestTransport(Clients::Own(Own {
            settings: self,
            made: Mutex::default(),
        }))
    }
}

impl ReqwestTransport {
    /// A transport with the default client.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A builder for the default client with other settings.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }

    /// A transport with the program's own client: with a proxy, a private certificate, a limit.
    ///
    /// - Build the client with `redirect::Policy::none()` and `referer(false)`. If it follows a
    ///   redirect, the reply is refused as [`TransportError::Redirected`], but the request was
    ///   already repeated.
    /// - Leave its `retry` as it is. By default it repeats a request only if the server says that it
    ///   has not read it.
    /// - It has its own proxies. By default reqwest sends requests over plain http through the
    ///   `HTTP_PROXY` of the environment, and that proxy reads a webhook's code or a token. For
    ///   portals at plain http, use `ClientBuilder::no_proxy()`.
    ///
    /// To trust a private root certificate in addition to the system's:
    ///
    /// ```no_run
    /// use imbot_caps::Registry;
    /// use imbot_caps::transport::ReqwestTransport;
    /// use reqwest::{Certificate, Client, redirect};
    ///
    /// # fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let root = Certificate::from_pem(&std::fs::read("root.pem")?)?;
    /// let client = Client::builder()
    ///     .tls_certs_merge([root])
    ///     .redirect(redirect::Policy::none())
    ///     .referer(false)
    ///     .build()?;
    /// let registry = Registry::builder(ReqwestTransport::with_client(client)).build();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// All runtimes share this client, since the transport cannot make another one. If one runtime is
    /// stopped, a request on another runtime can wait on a pooled connection of the first one until
    /// it times out. If your program stops runtimes, give each its own registry, or build the client
    /// with `pool_max_idle_per_host(0)`, which opens a connection for each request.
    #[must_use]
    pub fn with_client(client: Client) -> Self {
        Self(Clients::Given(client))
    }

    /// The client for a request, and whether it uses the environment's proxy.
    fn client(&self, url: &Url) -> Result<(Client, bool), TransportError> {
        let own = match &self.0 {
            Clients::Given(client) => return Ok((client.clone(), false)),
            Clients::Own(own) => own,
        };
        let ReqwestTransportBuilder {
            without_proxy,
            public_addresses_only,
        } = own.settings;
        if public_addresses_only {
            PublicResolver::check(url).map_err(|error| TransportError::NotPublic(error.to_string()))?;
        }
        let by_proxy = !without_proxy && !public_addresses_only && proxy::may_serve(url);
        Ok((own.client(by_proxy)?, by_proxy))
    }
}

impl Own {
    /// The client of the current runtime.
    fn client(&self, by_proxy: bool) -> Result<Client, TransportError> {
        // Outside of a runtime reqwest returns its own error.
        let runtime = runtime::Handle::try_current().ok().map(|runtime| runtime.id());
        let this = Use { runtime, by_proxy };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match made.iter().position(|(own, _)| *own == this) {
            Some(place) => made.remove(place).1,
            None => make(by_proxy, self.settings.public_addresses_only)?,
        };
        if made.len() >= CLIENTS {
            made.remove(0);
        }
        made.push((this, client.clone()));
        Ok(client)
    }
}

#[cfg(test)]
impl ReqwestTransport {
    /// A client without a time limit, so that a loaded machine fails no test.
    pub(crate) fn untimed() -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_gzip()
            .no_proxy()
            .build()
            .unwrap();
        Self::with_client(client)
    }
}

fn make(by_proxy: bool, public_addresses_only: bool) -> Result<Client, TransportError> {
    let mut builder = match by_proxy {
        // This client gets requests over https only. For these, reqwest asks a proxy for a tunnel.
        true => Client::builder(),
        false => Client::builder().no_proxy(),
    };
    if public_addresses_only {
        builder = builder.dns_resolver(PublicResolver);
    }
    builder
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Another crate may have turned these on for the whole program. Most replies have less than
        // a KiB and need no compression.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(Duration::from_secs(5))
        .timeout(UNTOLD)
        .user_agent(concat!("imbot-caps/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| TransportError::Client(describe(&error.without_url())))
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport")
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            let (content_type, budget, timeout) =
                (request.content_type(), request.budget(), request.timeout());
            let reservation = request.reservation();
            let begun = Instant::now();
            let (url, body) = request.into_parts();
            let asked = url.clone();
            let (client, by_proxy) = self.client(&url)?;
            let failure = |error| failure(error, by_proxy);
            let mut call = client
                .post(url)
                .header(CONTENT_TYPE, content_type)
                .header(ACCEPT, "application/json")
                .body(body);
            if let Some(timeout) = timeout {
                call = call.timeout(timeout);
            }
            let mut reply = call.send().await.map_err(failure)?;
            if *reply.url() != asked {
                return Err(TransportError::Redirected);
            }
            let status = reply.status().as_u16();
            let header = |name: HeaderName| reply.headers().get(name)?.to_str().ok();
            // A longer header is left out and not copied.
            let short = |name, most| header(name).filter(|text| text.len() <= most).map(str::to_owned);
            let location = short(LOCATION, LOCATION_LIMIT);
            let retry_after = short(RETRY_AFTER, RETRY_AFTER_LIMIT);
            let mut meter = Meter::new(budget, status);
            if let Some(length) = reply.content_length()
                && usize::try_from(length).map_or(true, |length| length > meter.most_bytes())
            {
                return Err(TransportError::TooLong {
                    limit: meter.most_bytes(),
                });
            }
            let mut body = Vec::new();
            while let Some(chunk) = reply.chunk().await.map_err(failure)? {
                meter.take(&chunk)?;
                if body.len().saturating_add(chunk.len()) > REPLY_LIMIT {
                    let left = timeout.unwrap_or(UNTOLD).saturating_sub(begun.elapsed());
                    let reserved = tokio::time::timeout(left, reservation.acquire()).await;
                    reserved.map_err(|_| TransportError::Timeout)?;
                }
                body.extend_from_slice(&chunk);
            }
            let response = Response::new(status, location, body);
            Ok(response.with_retry_after(&retry_after.unwrap_or_default()))
        })
    }
}

fn failure(error: reqwest::Error, by_proxy: bool) -> TransportError {
    let error = error.without_url();
    let is_sent = !error.is_connect();
    for cause in causes(&error) {
        if let Some(error) = cause.downcast_ref::<rustls::Error>()
            && tls::lasts(error, is_sent)
        {
            return TransportError::Tls(shown(&tls::explain(error), &[]));
        }
        if let Some(error) = cause.downcast_ref::<NotPublicError>() {
            return TransportError::NotPublic(shown(&error.to_string(), &[]));
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>()
            && http.is_parse()
        {
            return TransportError::NotHttp(describe(&error));
        }
    }
    if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_connect() {
        let advice = by_proxy.then(proxy::advice).flatten();
        TransportError::Connect(describe(&error) + &advice.unwrap_or_default())
    } else {
        TransportError::Broken(describe(&error))
    }
}

/// An error and what caused it, from the outermost to the innermost.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // The `source` of an `io::Error` skips the error that it holds.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held),
            None => error.source(),
        }
    })
}

/// The innermost reason: the outer ones only say that a request failed.
fn describe(error: &(dyn Error + 'static)) -> String {
    let innermost = causes(error).last().unwrap_or(error);
    shown(&innermost.to_string(), &[])
}
