//! [`TransportError`]: why a transport returns no reply.

use crate::wire::budget::Excess;
use crate::wire::redact::shown;

/// The reason that no whole reply came. It says nothing about the portal's capabilities.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection: the name or the network.
    #[error("no connection: {0}")]
    Connect(String),
    /// No TLS connection: the certificate is not trusted, belongs to another host or has
    /// expired, or the port does not accept TLS. The text says what to change; the error lasts
    /// until then. The portal did not read the request.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The answer is not HTTP. For example, the port accepts TLS only. The error lasts until
    /// the address or the server is changed.
    #[error("the answer is not HTTP: {0}; if the port takes TLS, let the address begin with https://")]
    NotHttp(String),
    /// The host has no public address, and the transport sends to public addresses only: see
    /// [`ReqwestTransportBuilder::public_addresses_only`](super::ReqwestTransportBuilder::public_addresses_only).
    /// Nothing was sent. The error lasts until the portal's address or the DNS entry of its name is changed.
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
        /// The limit: [`Request::max_reply_bytes`](super::Request::max_reply_bytes), or
        /// [`REPLY_LIMIT`](super::REPLY_LIMIT) for an error.
        limit: usize,
    },
    /// The body has more JSON values than the request allows. Names of members count, too.
    #[error(
        "the reply has more than the limit of {limit} JSON values; ask for less at a time, or raise \
         `max_reply_values` of the client"
    )]
    TooMany {
        /// The limit: [`Request::max_reply_values`](super::Request::max_reply_values), or 8,192 for an error.
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
    /// The same error. Its texts are cut, and these secrets are redacted.
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
