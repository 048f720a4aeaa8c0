//! Requests and responses that an adapter can take apart and put together anew.

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::exchange::{Answer, Limits, Received, Unread};
use super::request::{Head, Route, Unreadable, Written};
use crate::wire::LOCATION_LIMIT;

/// A request.
pub(crate) trait Sent: Sized + Send + 'static {
    /// Where it leads, if that is a portal.
    fn route(&self) -> Option<Route>;

    /// The address; none where the responses do not say whose they are.
    fn address(&self) -> Option<Url>;

    /// The body; `None` for a stream.
    fn bytes(&self) -> Option<&[u8]>;

    /// The same with a body that is no stream, and no longer than this if it was one.
    fn gather(self, method: &str, limit: usize) -> impl Future<Output = Result<Self, Unreadable>> + Send;

    /// The same without a body.
    fn head(&mut self) -> Self;

    /// This head, with an address and a body that were written anew.
    fn with(&self, written: Written) -> Self;
}

/// A response.
pub(crate) trait Came: Sized + Send + 'static {
    /// What is known of it beside what a gate reads.
    type Head: Send;

    fn status(&self) -> u16;

    /// It without its body.
    fn into_head(self) -> Self::Head;

    /// Reads it to its end, within the limits, if it is of the address that the request was sent
    /// to. One that breaks off comes back, and breaks off
    /// again for whoever reads it; one beyond the limits comes back whole.
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

/// Lets the headers of a request tell of a body that was written anew.
pub(crate) fn set_body(headers: &mut HeaderMap, length: usize) {
    set_length(headers, length);
    // Compressed on demand the reply could not be read.
    headers.remove(ACCEPT_ENCODING);
}

/// Lets the headers tell of a body of this length, if they tell of any.
pub(crate) fn set_length(headers: &mut HeaderMap, length: usize) {
    headers.remove(TRANSFER_ENCODING);
    if let Some(told) = headers.get_mut(CONTENT_LENGTH) {
        *told = HeaderValue::from(length);
    }
}
