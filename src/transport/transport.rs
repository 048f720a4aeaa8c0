//! [`Transport`]: the one method that sends requests.

use std::pin::Pin;
use std::sync::Arc;

use super::error::TransportError;
use super::request::Request;
use crate::wire::Response;

/// Sends one request and returns the reply.
///
/// # Rules for an implementation
///
/// - It follows no redirect: a credential must not reach another host, and a redirected POST
///   loses its body. The caller of the transport follows the redirects that
///   [`Redirects`](super::Redirects) allow.
/// - It sends a request once. A failed request may have run on the portal.
/// - It keeps at most [`Request::max_reply_bytes`] bytes of a body, and at most
///   [`REPLY_LIMIT`](super::REPLY_LIMIT) if the status is an error. A longer body is
///   [`TransportError::TooLong`]. Decompressed bytes count. The reader of the reply checks the
///   length again, and counts the values. If a transport checks both while bytes arrive, it
///   rejects a hostile reply earlier.
/// - Before it keeps more than [`REPLY_LIMIT`](super::REPLY_LIMIT) bytes of a body, it awaits
///   [`MemoryReservation::acquire`](super::MemoryReservation::acquire), no longer than the request may take. If it does
///   not, the reader of the reply waits for the memory, with the reply in memory.
/// - If there is a [`Request::timeout`], it replaces the transport's own time limit.
/// - Errors and logs do not show the address: a webhook's address holds its code.
/// - If the future is dropped, the request is cancelled and nothing is left behind.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if no whole reply came. A reply with an HTTP status of an error is a
    /// reply.
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
