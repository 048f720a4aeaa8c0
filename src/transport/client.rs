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

use super::{BODY_LIMIT, Request, Response, Transport, TransportError};
use crate::wire::LOCATION_LIMIT;
use crate::wire::budget::Meter;
use crate::wire::redact::shown;

mod tls;

/// How many runtimes' clients are kept. A program that has a runtime for each thread
/// seldom has more threads, and a client is a few hundred KiB of certificates.
const CLIENTS: usize = 64;

/// How long a request may take that does not tell.
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
/// Each tokio runtime gets a client of its own. A pooled connection belongs to the
/// runtime that opened it, and does not answer while that runtime stands still. At most
/// 64 are kept: one more takes the place of the one that was unused for longest.
pub struct ReqwestTransport(Clients);

enum Clients {
    /// The caller's, for all runtimes.
    Given(Client),
    /// Of each runtime, the last used last.
    Own(Mutex<Vec<(Option<runtime::Id>, Client)>>),
}

impl ReqwestTransport {
    /// The default client, made when it is first needed.
    #[must_use]
    pub fn new() -> Self {
        Self(Clients::Own(Mutex::default()))
    }

    /// A client of the caller's: with a proxy, a private certificate, a limit.
    ///
    /// Build it with `redirect::Policy::none()` and `referer(false)`. A reply
    /// that came over a followed redirect is refused as
    /// [`TransportError::Redirected`], but by then the request was repeated. Its
    /// `retry` is best left as it is: by default it repeats only what the server says
    /// it has not looked at.
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

    /// The client of the runtime at hand.
    fn client(&self) -> Result<Client, TransportError> {
        let clients = match &self.0 {
            Clients::Given(client) => return Ok(client.clone()),
            Clients::Own(clients) => clients,
        };
        // Outside of a runtime reqwest has its own to say.
        let runtime = runtime::Handle::try_current().ok().map(|runtime| runtime.id());
        let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match clients.iter().position(|(own, _)| *own == runtime) {
            Some(place) => clients.remove(place).1,
            None => make()?,
        };
        if clients.len() >= CLIENTS {
            clients.remove(0);
        }
        clients.push((runtime, client.clone()));
        Ok(client)
    }
}

fn make() -> Result<Client, TransportError> {
    Client::builder()
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
            let mut call = self
                .client()?
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
                if body.len() + chunk.len() > BODY_LIMIT {
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

fn failure(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let is_sent = !error.is_connect();
    for cause in causes(&error) {
        if let Some(error) = cause.downcast_ref::<rustls::Error>()
            && tls::lasts(error, is_sent)
        {
            return TransportError::Tls(shown(&tls::explain(error), &[]));
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
        TransportError::Connect(describe(&error))
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

#[cfg(test)]
#[cfg(feature = "emulator-tls")]
mod tests;
