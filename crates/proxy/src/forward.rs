//! Sends calls on to portals.

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::sync::Semaphore;
use url::Url;

use crate::body::{BodyError, BodyFailure, Failed, Guarded, ProxyBody, read};
use crate::builder::Limits;
use crate::code;
use crate::events::intercept::Interception;
use crate::events::polling::PollingEmulation;
use crate::failure::Failure;
use crate::headers::{for_portal, remove_hop_by_hop};
use crate::portals::PortalList;
use crate::redirect::follow;
use crate::target::target;
use crate::upstream::Upstream;

/// A body with a length up to this is read before the call is sent: then the gate sees its parameters.
const READ: u64 = 256 * 1024;

/// A body of any length up to this is read if it may be about events that the server keeps.
const READ_FOR_EVENTS: usize = 16 * 1024 * 1024;

/// Takes calls, and sends them on.
pub(crate) struct Forwarder {
    pub(crate) upstream: Upstream,
    pub(crate) portals: PortalList,
    pub(crate) insecure_http: bool,
    pub(crate) polling: Option<PollingEmulation>,
    pub(crate) limits: Limits,
    /// Bodies that are sent in pieces, or that the gate may read.
    pub(crate) streams: Arc<Semaphore>,
}

impl Forwarder {
    /// Where a request goes.
    pub(crate) fn target(&self, uri: &http::Uri) -> Result<Url, Failure> {
        target(uri, &self.portals, self.insecure_http)
    }

    /// Sends a call, and returns the answer of the portal in the newest form.
    pub(crate) async fn forward(
        &self,
        url: Url,
        request: Request<Incoming>,
    ) -> Result<Response<ProxyBody>, Failure> {
        let (head, body) = request.into_parts();
        let length = body.size_hint().exact();
        if head.method == Method::GET && length != Some(0) {
            let text = "not sent. The request is a GET and has a body: send the parameters as POST";
            return Err(Failure::new(StatusCode::BAD_REQUEST, code::BAD_REQUEST, text).closing());
        }
        let mut call = reqwest::Request::new(head.method, url);
        *call.headers_mut() = for_portal(head.headers);
        let idle = self.limits.body_idle;
        match length {
            Some(0) => self.send(call, None).await,
            Some(length) if length <= READ => {
                let most = usize::try_from(READ).unwrap_or(usize::MAX);
                let read = read(body, most, idle).await;
                *call.body_mut() = Some(read.map_err(BodyFailure::into_failure)?.into());
                self.send(call, None).await
            }
            Some(length) if length > self.limits.body => Err(BodyFailure::TooLarge.into_failure()),
            _ => {
                // Slow bodies must not keep others waiting without end.
                let stream = tokio::time::timeout(idle, self.streams.acquire()).await;
                let _stream = stream.map_err(|_| {
                    let text = "not sent. The server sends as many long bodies as it takes: try again later";
                    Failure::new(StatusCode::SERVICE_UNAVAILABLE, code::BUSY, text).closing()
                })?;
                if self
                    .polling
                    .as_ref()
                    .is_some_and(|polling| polling.concerns(call.url()))
                {
                    let read = read(body, READ_FOR_EVENTS, idle).await;
                    *call.body_mut() = Some(read.map_err(BodyFailure::into_failure)?.into());
                    return self.send(call, None).await;
                }
                let limits = &self.limits;
                let (guarded, failed) = Guarded::new(body, limits.body, idle, limits.body_total);
                *call.body_mut() = Some(reqwest::Body::wrap(guarded));
                self.send(call, Some(failed)).await
            }
        }
    }

    /// Sends a call whose body is ready.
    async fn send(
        &self,
        call: reqwest::Request,
        failed: Option<Failed>,
    ) -> Result<Response<ProxyBody>, Failure> {
        let (call, after) = match &self.polling {
            None => (call, None),
            Some(polling) => match Box::pin(polling.intercept(call, &self.upstream)).await? {
                Interception::Pass(call) => (call, None),
                Interception::Answer(answer) => return Ok(answer),
                Interception::Send(call, after) => (call, Some((polling, after))),
            },
        };
        let asked = call.url().clone();
        let answered = self.upstream.send(call).await;
        let response = match (answered, failed.and_then(|failed| failed.get())) {
            (Ok(response), _) => response,
            (Err(_), Some(failed)) => return Err(failed.into_failure()),
            (Err(failure), None) => return Err(failure),
        };
        let (mut head, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        remove_hop_by_hop(&mut head.headers);
        follow(head.status, &mut head.headers, &asked, &self.portals)?;
        head.version = Version::HTTP_11;
        head.extensions.clear();
        let body = body.map_err(|error| BodyError::from(error.without_url()));
        let response = Response::from_parts(head, body.boxed_unsync());
        match after {
            None => Ok(response),
            Some((polling, after)) => Box::pin(polling.finish(after, response)).await,
        }
    }
}
