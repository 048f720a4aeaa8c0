//! The requests and responses of an HTTP client, as the gate uses them.

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::request::{Head, RequestParts, Route};
use super::response::{Answer, Limits, Received, Unread};
use super::unreadable::UnreadableError;
use crate::wire::LOCATION_LIMIT;

/// A request.
pub(crate) trait GateRequest: Sized + Send + 'static {
    /// The portal and the method; `None` if it is no call of a portal.
    fn route(&self) -> Option<Route>;

    /// The address; `None` if responses of this client have no address to compare.
    fn address(&self) -> Option<Url>;

    /// The body; `None` for a stream.
    fn bytes(&self) -> Option<&[u8]>;

    /// The same with its body in memory. A stream may have this many bytes at most.
    fn gather(self, method: &str, limit: usize)
    -> impl Future<Output = Result<Self, UnreadableError>> + Send;

    /// The same without a body.
    fn head(&mut self) -> Self;

    /// This head with another address and body.
    fn with(&self, parts: RequestParts) -> Self;
}

/// A response.
pub(crate) trait GateResponse: Sized + Send + 'static {
    /// The response without its body.
    type Head: Send;

    fn status(&self) -> u16;

    fn into_head(self) -> Self::Head;

    /// Reads the response to its end, within the limits. It has to be of the address that the
    /// request was sent to. If it breaks off, it is returned, and its reader sees the same
    /// failure. If it is beyond the limits, it is returned whole.
    fn read(
        self,
        sent: Option<&Url>,
        limits: &Limits,
    ) -> impl Future<Output = Result<(Self::Head, Received), Unread<Self>>> + Send;

    fn answer(answer: Answer<Self::Head>) -> Self;
}

pub(crate) fn route_of(verb: &Method, url: &Url, headers: &HeaderMap) -> Option<Route> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    Route::of(&Head {
        verb: verb.as_str(),
        url,
        content_type: text(CONTENT_TYPE),
        content_encoding: text(CONTENT_ENCODING),
        authorization: text(AUTHORIZATION),
    })
}

pub(crate) fn location_of(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    (location.len() <= LOCATION_LIMIT).then(|| location.to_owned())
}

/// Sets the headers of a request with a new body.
pub(crate) fn set_body(headers: &mut HeaderMap, length: usize) {
    set_length(headers, length);
    // The gate does not read compressed replies.
    headers.remove(ACCEPT_ENCODING);
}

/// Sets the length of the body in the headers, if they have one.
pub(crate) fn set_length(headers: &mut HeaderMap, length: usize) {
    headers.remove(TRANSFER_ENCODING);
    if let Some(told) = headers.get_mut(CONTENT_LENGTH) {
        *told = HeaderValue::from(length);
    }
}
