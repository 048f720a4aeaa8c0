//! The transport over reqwest.

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
use super::request::{BODY_LIMIT, Request};
use super::response::Response;
use super::seam::Transport;
use crate::wire::LOCATION_LIMIT;
use crate::wire::budget::Meter;
use crate::wire::redact::shown;

mod proxy;
mod public;
mod tls;

/// How many clients are kept. Each runtime has one or two. A program with a runtime for each
/// thread seldom has more threads than this. A client holds a few hundred KiB of certificates.
const CLIENTS: usize = 64;

/// How long a request without a time limit of its own may take.
const UNTOLD: Duration = Duration::from_secs(10);

/// The longest `Retry-After` that is read, in bytes: a date has 29.
const RETRY_AFTER_LIMIT: usize = 64;

/// [`Transport`] over a [`reqwest::Client`].
///
/// The default client uses rustls with the system's certificates, follows no
/// redirect, sends no `Referer` (it would hold a webhook's code), asks for no
/// compression, and gives up after 5 seconds without a connection or 10 in all,
/// unless [`Request::timeout`] says otherwise. It is made at the first request, not
/// before: reading the certificates is I/O, and may fail.
///
/// # Proxies
///
/// A proxy that the environment names serves https alone: `HTTPS_PROXY`, else `ALL_PROXY`,
/// except for hosts in `NO_PROXY`, all in capitals or small letters; on macOS and Windows
/// the system's settings besides. The proxy is asked for a tunnel (CONNECT), so that it
/// learns a portal's host and port, and neither a webhook's code nor a token. A request
/// over plain http never goes by a proxy, and none to this machine does: `localhost`, names
/// below it, and loopback addresses. `HTTP_PROXY` is not used. A proxy must be of http or
/// https. With any other, such as SOCKS, requests fail and their error says so, unless another
/// crate of the program turns on reqwest's feature `socks`. A SOCKS proxy learns no more.
/// [`without_proxy`](ReqwestTransportBuilder::without_proxy) switches all of this off.
///
/// # Runtimes
///
/// Each tokio runtime gets a client of its own, and another one for what may go by a proxy.
/// A pooled connection belongs to the runtime that opened it, and does not answer while that
/// runtime stands still. At most 64 clients are kept: one more takes the place of the one
/// that was unused for longest.
pub struct ReqwestTransport(Clients);

enum Clients {
    /// The caller's, for all runtimes.
    Given(Client),
    Own(Own),
}

/// Clients that are made as they are needed.
struct Own {
    settings: ReqwestTransportBuilder,
    /// The last used last.
    made: Mutex<Vec<(Use, Client)>>,
}

/// What a client is for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Use {
    runtime: Option<runtime::Id>,
    /// Whether it goes by the proxy that the environment names, if any.
    by_proxy: bool,
}

/// Chooses the settings of a [`ReqwestTransport`] with a client of its own.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ReqwestTransportBuilder {
    without_proxy: bool,
    public_addresses_only: bool,
}

impl ReqwestTransportBuilder {
    /// Uses no proxy, whatever the environment says.
    pub fn without_proxy(mut self) -> Self {
        self.without_proxy = true;
        self
    }

    /// Sends requests to public addresses alone: for programs that take the addresses of
    /// portals or authorisation servers from others. Another address is
    /// [`TransportError::NotPublic`], and nothing is sent to it.
    ///
    /// - An address in place of a name is looked at before anything is sent. A name is
    ///   resolved by the system, and connections go to the public ones of its addresses.
    /// - Not public are private, loopback, link-local, shared (CGNAT), documentation,
    ///   benchmarking, multicast, reserved and unspecified addresses, IPv6 that is no global
    ///   unicast, Teredo and 6to4, and the addresses at which clouds serve metadata. An
    ///   IPv4 address inside IPv6 (mapped, or NAT64 with the well-known prefix) counts as
    ///   itself. The lists are those of IANA's registries.
    /// - No proxy is used, as [`without_proxy`](Self::without_proxy): a proxy resolves names
    ///   itself.
    ///
    /// This holds for all that goes through this transport: probes, calls of a
    /// [`Client`](crate::gate::Client), and a [`RefreshGrant`](crate::RefreshGrant) that
    /// shares it. A client behind `HttpGateLayer` or `GateMiddleware` has its own resolver.
    /// The ports are not looked at.
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
    /// The default client, made when it is first needed.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// The default client with settings to choose.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }

    /// A client of the caller's: with a proxy, a private certificate, a limit.
    ///
    /// Build it with `redirect::Policy::none()` and `referer(false)`. A reply
    /// that came over a followed redirect is refused as
    /// [`TransportError::Redirected`], but by then the request was repeated. Its
    /// `retry` is best left as it is: by default it repeats only what the server says
    /// it has not looked at. Its proxies are the client's affair: by default reqwest sends
    /// requests over plain http through the `HTTP_PROXY` of the environment, where the proxy
    /// reads a webhook's code or a token. Portals at plain http want
    /// `ClientBuilder::no_proxy()`.
    ///
    /// To trust a private root certificate besides the system's:
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
    /// This client serves all runtimes, since it cannot be made anew. If one runtime
    /// stands still while others ask, a request of another can wait on a pooled
    /// connection of the first until it times out. Give each runtime a registry of its
    /// own then, or build the client with `pool_max_idle_per_host(0)`, which opens a
    /// connection for each request.
    #[must_use]
    pub fn with_client(client: Client) -> Self {
        Self(Clients::Given(client))
    }

    /// The client for a request, and whether it goes by the proxy that the environment
    /// names.
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
            public::check_literal(url).map_err(|error| TransportError::NotPublic(error.to_string()))?;
        }
        let by_proxy = !without_proxy && !public_addresses_only && proxy::may_serve(url);
        Ok((own.client(by_proxy)?, by_proxy))
    }
}

impl Own {
    /// The client of the runtime at hand.
    fn client(&self, by_proxy: bool) -> Result<Client, TransportError> {
        // Outside of a runtime reqwest has its own to say.
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
        // It sees requests over https alone, for which reqwest asks proxies for a tunnel.
        true => Client::builder(),
        false => Client::builder().no_proxy(),
    };
    if public_addresses_only {
        builder = builder.dns_resolver(public::PublicResolver);
    }
    builder
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Another crate may have turned these on for all of the program. Most
        // replies are below a KiB, and the same without.
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
            let room = request.room();
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
            // What is longer is left out, and not copied.
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
                if body.len().saturating_add(chunk.len()) > BODY_LIMIT {
                    let left = timeout.unwrap_or(UNTOLD).saturating_sub(begun.elapsed());
                    let reserved = tokio::time::timeout(left, room.reserve()).await;
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
        if let Some(error) = cause.downcast_ref::<public::NotPublic>() {
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
        // An `io::Error` passes over the error that it holds.
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
