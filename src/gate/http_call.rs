//! [`HttpCall`]: a request as the gate reads it, for a program that answers or changes some calls itself.

use std::fmt;

use reqwest::Request;

use super::http::Recognised;
use super::http::message::GateRequest;
use crate::portal::{AccessToken, Portal};
use crate::wire::Call;

/// A request that is a call of a portal, as the gate reads it.
///
/// A server between bots and portals uses it to answer some calls itself, or to send another call in place of one.
///
/// ```
/// use imbot_caps::gate::HttpCall;
/// use imbot_caps::wire::Call;
/// use reqwest::{Client, Method, Request};
///
/// let address = "https://acme.bitrix24.com/rest/app.info?auth=8f2c1d0b7a6e5d4c";
/// let request = Request::new(Method::GET, address.parse()?);
/// let read = HttpCall::read(&request).expect("it is a call");
/// assert_eq!(read.call().method(), "app.info");
/// assert_eq!(read.portal().id().to_string(), "https://acme.bitrix24.com");
///
/// let other = read.with_call(&request, &Call::new("user.current"));
/// assert_eq!(other.url().path(), "/rest/user.current");
/// assert_eq!(other.url().query(), Some("auth=8f2c1d0b7a6e5d4c"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct HttpCall(Recognised);

impl HttpCall {
    /// Reads a request. `None` if the request is no call, or has no credential, or its body is a stream. It asks no
    /// portal, and does not check whether the portal is registered.
    ///
    /// It reads the whole body on this thread, in time that is proportional to its length. JSON with
    /// more than 524,288 values, and a form with more than 65,536 entries, count as no parameters.
    /// The length in bytes has no limit, since the body is in memory already. For a body of more than
    /// 256 KiB, call it in [`spawn_blocking`](tokio::task::spawn_blocking). The gate itself does so.
    #[must_use]
    pub fn read(request: &Request) -> Option<Self> {
        let route = request.route()?;
        route.readable().ok()?;
        route.read(request.bytes()?).map(Self)
    }

    /// The portal, with the credential of the request.
    #[must_use]
    pub fn portal(&self) -> &Portal {
        &self.0.portal
    }

    /// The call, without its credential.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.0.call
    }

    /// The access token that is the credential. `None` if the credential is a webhook.
    #[must_use]
    pub fn access_token(&self) -> Option<AccessToken> {
        self.0.access_token()
    }

    /// A request with another call in place of its own. `request` is the one that was read. The parameters keep
    /// their format, and the credential its place.
    #[must_use]
    pub fn with_call(&self, request: &Request, call: &Call) -> Request {
        request.with(self.0.write(call))
    }
}

impl fmt::Debug for HttpCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpCall")
            .field("portal", self.portal())
            .field("call", self.call())
            .finish_non_exhaustive()
    }
}
