//! [`Request`]: what a transport sends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::{Url, form_urlencoded};

use super::reply_memory::{MemoryReservation, ReplyMemory};
use crate::portal_id::PortalId;
use crate::wire::budget::Budget;

/// The default limit of a reply's body, in bytes. The replies to a probe and of an authorisation
/// server have less than one KiB, so a longer reply is something else.
pub const REPLY_LIMIT: usize = Budget::SMALL.bytes;

/// A POST request. Its body is JSON for a portal, as the documentation asks. It is a form for an
/// authorisation server, as the protocol asks.
#[derive(Clone)]
pub struct Request {
    url: Url,
    content_type: &'static str,
    body: Vec<u8>,
    budget: Budget,
    timeout: Option<Duration>,
    reservation: MemoryReservation,
}

impl Request {
    /// A request with a JSON body, with the small budgets of a probe and no time limit.
    ///
    /// For tests of a [`Transport`](super::Transport): the crate makes its own requests.
    #[must_use]
    pub fn new(url: Url, body: Vec<u8>) -> Self {
        Self {
            url,
            content_type: "application/json",
            body,
            budget: Budget::SMALL,
            timeout: None,
            reservation: MemoryReservation::default(),
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

    /// The same request, with a reply that takes its memory from this one, from the share of
    /// the portal at this address.
    pub(crate) fn sharing(mut self, reply_memory: Option<&Arc<ReplyMemory>>, portal: &PortalId) -> Self {
        self.reservation = reply_memory
            .map(|reply_memory| reply_memory.reservation(portal, self.budget))
            .unwrap_or_default();
        self
    }

    /// The address. A webhook's address holds the code: do not print it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The header `Content-Type` to send.
    #[must_use]
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// The body. It may hold an access token or an application's secret: do not print it.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The limit of the reply's body, in bytes: [`REPLY_LIMIT`], or more if the reply may be
    /// longer.
    #[must_use]
    pub fn max_reply_bytes(&self) -> usize {
        self.budget.bytes
    }

    /// The limit of JSON values in the reply's body. Names of members count, too.
    #[must_use]
    pub fn max_reply_values(&self) -> usize {
        self.budget.values
    }

    /// The memory to reserve if the reply is longer than [`REPLY_LIMIT`].
    #[must_use]
    pub fn reservation(&self) -> MemoryReservation {
        self.reservation.clone()
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn budget(&self) -> Budget {
        self.budget
    }

    /// The time limit until the reply's body is whole. If there is none, the transport's own
    /// limit applies.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The address and the body. The functions above return the header and the limits.
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
