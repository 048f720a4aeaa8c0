//! The one-method seam to HTTP.
//!
//! [`ReqwestTransport`] is the ready one. A program with an HTTP stack of its
//! own (a limiter, a proxy, a test double) implements [`Transport`] over it, so
//! that probes share its budget: a portal counts requests by source address.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::{Url, form_urlencoded};

use crate::portal::PortalId;
use crate::wire::budget::{Budget, Excess};
use crate::wire::redact::shown;
use crate::wire::wait::{clamped, seconds};
use crate::wire::{ApiError, Reply};

#[cfg(feature = "reqwest")]
mod client;
mod labels;
mod path;
mod redirect;
mod room;

#[cfg(feature = "reqwest")]
pub use client::{ReqwestTransport, ReqwestTransportBuilder};
pub(crate) use labels::tells;
pub(crate) use path::decoded;
pub use redirect::{NotAHost, Redirects};
pub(crate) use redirect::{host_and_port, moved};
pub use room::Room;
pub(crate) use room::Rooms;

/// The most of a reply's body that is read, in bytes, where a request says nothing
/// else. The replies of a probe and of an authorisation server are below one KiB;
/// what is longer is none of them.
pub const BODY_LIMIT: usize = Budget::SMALL.bytes;

/// Sends one request and returns the reply as it came.
///
/// # What an implementation must keep
///
/// - Redirects are not followed: a credential must not reach another host, and a
///   redirected POST loses its body. Those that may be followed are followed
///   above, by [`Redirects`].
/// - A request is sent once. What may have reached the portal is not sent again: a
///   call that failed on the way may have run.
/// - No more than [`Request::body_limit`] bytes of a body are kept, and no more than
///   [`BODY_LIMIT`] where the status is none of success; longer ones are
///   [`TransportError::TooLong`]. If a body is decompressed, the bytes that come out count.
///   The reader of the reply checks the length again, and counts the values. A transport that
///   does both while bytes arrive gives a hostile reply up earlier.
/// - Before more than [`BODY_LIMIT`] bytes of a body are kept, [`Room::reserve`] is awaited,
///   no longer than the request may take. If a transport leaves that out, the reader of the
///   reply waits for the room, with the reply in memory.
/// - [`Request::timeout`], where there is one, is heeded in place of a time limit
///   of the transport's own.
/// - Errors and logs do not show the address: a webhook's holds its code.
/// - Dropping the future gives the request up and leaves nothing behind.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no whole reply came. A reply with an HTTP status
    /// of failure is a reply.
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        T::send(self, request)
    }
}

/// A request: always POST. To a portal with a JSON body, as the documentation
/// asks; to an authorisation server with a form, as the protocol does.
#[derive(Clone)]
pub struct Request {
    url: Url,
    content_type: &'static str,
    body: Vec<u8>,
    budget: Budget,
    timeout: Option<Duration>,
    room: Room,
}

impl Request {
    /// A request with a JSON body, with the small budgets of a probe and no time limit.
    ///
    /// The crate makes its own requests; this one is for tests of a [`Transport`].
    #[must_use]
    pub fn new(url: Url, body: Vec<u8>) -> Self {
        Self {
            url,
            content_type: "application/json",
            body,
            budget: Budget::SMALL,
            timeout: None,
            room: Room::default(),
        }
    }

    /// A request with a form.
    pub(crate) fn form(url: Url, fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish().into_bytes();
        Self {
            content_type: "application/x-www-form-urlencoded",
            ..Self::new(url, body)
        }
    }

    /// The same with other limits.
    pub(crate) fn limited(mut self, budget: Budget, timeout: Option<Duration>) -> Self {
        self.budget = budget;
        self.timeout = timeout;
        self
    }

    /// The same, whose reply shares the memory of these as one of the portal at this address.
    pub(crate) fn sharing(mut self, rooms: Option<&Arc<Rooms>>, portal: &PortalId) -> Self {
        self.room = rooms
            .map(|rooms| rooms.room(portal, self.budget))
            .unwrap_or_default();
        self
    }

    /// The address. For a webhook it holds the code: do not print it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The header `Content-Type` to send: JSON, or a form to an authorisation
    /// server.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The body. May hold an access token, or an application's secret: do not
    /// print it.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The most of the reply's body to read, in bytes: [`BODY_LIMIT`], or more for
    /// what may answer more.
    #[must_use]
    pub fn body_limit(&self) -> usize {
        self.budget.bytes
    }

    /// The most JSON values of the reply's body to read, names of members among them.
    #[must_use]
    pub fn value_limit(&self) -> usize {
        self.budget.values
    }

    /// The room for the reply, where it is longer than [`BODY_LIMIT`].
    #[must_use]
    pub fn room(&self) -> Room {
        self.room.clone()
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn budget(&self) -> Budget {
        self.budget
    }

    /// How long it may take until the reply's body is whole. Where there is none,
    /// the transport's own limit holds.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Address and body; the header and the limits are told by the functions above.
    #[must_use]
    pub fn into_parts(self) -> (Url, Vec<u8>) {
        (self.url, self.body)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "Request(POST to {host}, {} bytes)", self.body.len())
    }
}

/// A reply as it came.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header `Location`, when there is one.
    pub location: Option<String>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// The header `Retry-After` in seconds, when there is one. Portals send none,
    /// but what stands before them may.
    pub retry_after: Option<Duration>,
    /// The same where the header is a date. Whoever reads the reply counts from its own
    /// clock.
    pub retry_at: Option<SystemTime>,
}

impl Response {
    /// A reply, without `Retry-After`.
    #[must_use]
    pub fn new(status: u16, location: Option<String>, body: Vec<u8>) -> Self {
        Self {
            status,
            location,
            body,
            retry_after: None,
            retry_at: None,
        }
    }

    /// The same with what the header `Retry-After` says: seconds, or a date as HTTP
    /// writes it. Anything else is as good as no header. More than a day of seconds is
    /// a day.
    #[must_use]
    pub fn with_retry_after(mut self, header: &str) -> Self {
        self.retry_after = seconds(header);
        self.retry_at = httpdate::parse_http_date(header.trim()).ok();
        self
    }

    /// How long to wait: the longest that the header or this reply of the body asks for,
    /// and a day at most.
    pub(crate) fn wait(&self, reply: &Reply, now: SystemTime) -> Option<Duration> {
        let error = match reply {
            Reply::Error(error) => Some(error),
            _ => None,
        };
        let until = |at: SystemTime| at.duration_since(now).ok();
        let reset_at = error
            .and_then(|error| error.reset_at)
            .and_then(|reset| UNIX_EPOCH.checked_add(Duration::from_secs(reset)));
        let waits = [
            self.retry_after,
            self.retry_at.and_then(until),
            error.and_then(ApiError::retry_after),
            reset_at.and_then(until),
        ];
        waits.into_iter().flatten().max().map(clamped)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response(HTTP {}, {} bytes)", self.status, self.body.len())
    }
}

/// Why no whole reply came. Nothing of this says anything about the portal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection: the name or the network.
    #[error("no connection: {0}")]
    Connect(String),
    /// No TLS connection: the certificate is not trusted, is of another host or has
    /// expired, or the port takes no TLS. The text says what to change. It lasts until
    /// that is done, and the request was not sent, or not looked at.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The answer is not HTTP: that of a port which takes TLS alone, for example. It
    /// lasts until the address or the server is changed.
    #[error("the answer is not HTTP: {0}; if the port takes TLS, let the address begin with https://")]
    NotHttp(String),
    /// The host has no public address, and the transport sends to no others: see
    /// [`ReqwestTransportBuilder::public_addresses_only`]. Nothing was sent. The error
    /// lasts until the portal's address or the DNS entry of its name is changed.
    #[error("not sent: {0}. If this host is meant, use a transport without `public_addresses_only` for it")]
    NotPublic(String),
    /// The time of the request, or of the HTTP client, ran out.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke before the reply was whole.
    #[error("the connection broke before the reply was whole: {0}")]
    Broken(String),
    /// The body is longer than the request allows.
    #[error("the reply is longer than the {limit} bytes that are read of it")]
    TooLong {
        /// The most that is read: the [`Request::body_limit`], or [`BODY_LIMIT`] of an error.
        limit: usize,
    },
    /// The body has more JSON values than the request allows. Names of members count, too.
    #[error(
        "the reply has more than the limit of {limit} JSON values; ask for less at a time, or raise \
         `reply_values` of the client"
    )]
    TooMany {
        /// The [`Request::value_limit`] that was passed, or 8,192 of an error.
        limit: usize,
    },
    /// The HTTP client followed a redirect, which a transport must not.
    #[error("the HTTP client followed a redirect; build it with `redirect::Policy::none()`")]
    Redirected,
    /// The HTTP client could not be made.
    #[error("no HTTP client: {0}")]
    Client(String),
}

impl From<Excess> for TransportError {
    fn from(excess: Excess) -> Self {
        match excess {
            Excess::Bytes(limit) => Self::TooLong { limit },
            Excess::Values(limit) => Self::TooMany { limit },
        }
    }
}

impl TransportError {
    /// The same with texts that show none of these, and are cut.
    pub(crate) fn hiding(self, secrets: &[&str]) -> Self {
        match self {
            Self::Connect(text) => Self::Connect(shown(&text, secrets)),
            Self::Tls(text) => Self::Tls(shown(&text, secrets)),
            Self::NotHttp(text) => Self::NotHttp(shown(&text, secrets)),
            Self::NotPublic(text) => Self::NotPublic(shown(&text, secrets)),
            Self::Broken(text) => Self::Broken(shown(&text, secrets)),
            Self::Client(text) => Self::Client(shown(&text, secrets)),
            other @ (Self::Timeout | Self::TooLong { .. } | Self::TooMany { .. } | Self::Redirected) => other,
        }
    }
}
