//! Responses: as they were read, and as the gate returns them.

use crate::registry::Registry;
use crate::transport::{MemoryReservation, REPLY_LIMIT};
use crate::wire::budget::Budget;

/// A response, read to its end.
#[derive(Default)]
pub(crate) struct Received {
    pub(crate) status: u16,
    /// The header `Location`.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
    /// The most JSON values that are read.
    pub(crate) values: usize,
}

/// A response that was not read to its end. It still has the bytes that came, for the program.
pub(crate) enum Unread<R> {
    /// It broke off.
    Broken(R),
    /// It broke off, since it did not come in time.
    #[cfg(feature = "reqwest")]
    Late(R),
    /// It is larger than the gate reads. The rest is still a stream.
    Beyond(R),
    /// Nothing of it was read: its address is not the address of the request, since the client
    /// has followed a redirect. It proves nothing about the portal.
    #[cfg(feature = "reqwest")]
    Elsewhere(R),
}

/// How much of a response may be read, and the memory that large responses share.
#[derive(Clone)]
pub(crate) struct Limits {
    pub(crate) budget: Budget,
    pub(super) registry: Registry,
    pub(super) reservation: MemoryReservation,
}

impl Limits {
    /// Whether there is room for a reply of so many bytes. May wait for it.
    pub(crate) async fn admit(&self, bytes: usize) -> bool {
        bytes <= REPLY_LIMIT || self.registry.admits(&self.reservation).await
    }
}

/// The response that the program gets.
pub(crate) struct Answer<H> {
    /// The head of the response that it is made of.
    pub(crate) head: H,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Whether the status or the body has changed.
    pub(crate) is_changed: bool,
}

impl<H> Answer<H> {
    pub(super) fn unchanged(head: H, received: Received) -> Self {
        Self::new(head, received, None)
    }

    pub(super) fn new(head: H, received: Received, rewritten: Option<(u16, Vec<u8>)>) -> Self {
        let is_changed = rewritten.is_some();
        let (status, body) = rewritten.unwrap_or((received.status, received.body));
        Self {
            head,
            status,
            body,
            is_changed,
        }
    }
}
