//! Sends calls on to portals, through the gate.

use std::sync::Arc;

use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use imbot_caps::gate::{Gate, GateError, HttpGateLayer, HttpGateService, PortalPattern};
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;
use tower_layer::Layer;
use tower_service::Service;
use url::{Position, Url};

use crate::body::{BodyError, Failed, Guarded, ProxyBody, read};
use crate::builder::Limits;
use crate::code;
use crate::events::kept::{Kept, Taken};
use crate::failure::Failure;
use crate::headers::{for_portal, remove_hop_by_hop};
use crate::limiter::Limiter;
use crate::portals::PortalList;
use crate::redirect::follow;
use crate::target::target;

/// A body with a length up to this is read before the call is sent: then the gate sees its parameters.
const READ: u64 = 256 * 1024;

/// The way to portals.
pub(crate) struct Forwarder {
    gated: HttpGateService<reqwest::Client>,
    portals: PortalList,
    insecure_http: bool,
    limiter: Option<Limiter>,
    kept: Option<Kept>,
    limits: Limits,
    /// Bodies that are sent in pieces, or that the gate may read.
    streams: Arc<Semaphore>,
}

/// The client for all portals.
pub(crate) fn client(limits: &Limits, insecure_http: bool) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .referer(false)
        // Another crate may have turned these on for the whole program.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(limits.connect)
        .read_timeout(limits.reply);
    match insecure_http {
        // A proxy of the environment would read the credential of such a call.
        true => builder.no_proxy().build(),
        false => builder.build(),
    }
}

impl Forwarder {
    pub(crate) fn new(
        gate: &Gate,
        client: reqwest::Client,
        portals: PortalList,
        insecure_http: bool,
        limiter: Option<Limiter>,
        kept: Option<Kept>,
        limits: Limits,
    ) -> Self {
        // The list is checked before.
        let pattern = match insecure_http {
            true => PortalPattern::any().allow_http(),
            false => PortalPattern::any(),
        };
        Self {
            gated: HttpGateLayer::new(gate).portals(pattern).layer(client),
            portals,
            insecure_http,
            limiter,
            kept,
            streams: Arc::new(Semaphore::new(limits.streams)),
            limits,
        }
    }

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
        match length {
            Some(0) => self.send(call, None).await,
            Some(length) if length <= READ => {
                let most = usize::try_from(READ).unwrap_or(usize::MAX);
                let read = read(body, most, self.limits.body_idle).await;
                let read = read.map_err(crate::body::BodyFailure::into_failure)?;
                *call.body_mut() = Some(read.into());
                self.send(call, None).await
            }
            Some(length) if length > self.limits.body => {
                Err(crate::body::BodyFailure::TooLarge.into_failure())
            }
            _ => {
                let _stream = self.streams.acquire().await;
                let limits = &self.limits;
                let (guarded, failed) = Guarded::new(body, limits.body, limits.body_idle, limits.body_total);
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
        let call = match &self.kept {
            None => call,
            Some(kept) => match kept.take(call).await? {
                Taken::Pass(call) => call,
                Taken::Answer(answer) => return Ok(answer),
            },
        };
        let asked = call.url().clone();
        if let Some(limiter) = &self.limiter {
            limiter
                .wait(&asked[Position::BeforeHost..Position::AfterPort])
                .await?;
        }
        let mut gated = self.gated.clone();
        let answered = gated.call(call).await;
        let failed = failed.and_then(|failed| failed.get());
        let response = match answered {
            Ok(response) => response,
            Err(error) => {
                return Err(match failed {
                    Some(failed) => failed.into_failure(),
                    None => failure(error),
                });
            }
        };
        let (mut head, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        remove_hop_by_hop(&mut head.headers);
        follow(head.status, &mut head.headers, &asked, &self.portals)?;
        head.version = Version::HTTP_11;
        head.extensions.clear();
        let body = body.map_err(|error| BodyError::from(error.without_url()));
        Ok(Response::from_parts(head, body.boxed_unsync()))
    }
}

fn failure(error: GateError<reqwest::Error>) -> Failure {
    match error {
        GateError::Refused(refused) => {
            let failure = Failure::new(StatusCode::BAD_REQUEST, code::REFUSED, refused.to_string());
            match serde_json::to_value(&*refused) {
                Ok(details) => failure.with(details),
                Err(_) => failure,
            }
        }
        GateError::Unreadable(unreadable) => {
            Failure::new(StatusCode::BAD_REQUEST, code::UNREADABLE, unreadable.to_string())
        }
        GateError::Inner(error) => unsent(error),
        // No other errors are known.
        other => Failure::new(StatusCode::BAD_GATEWAY, code::NO_ANSWER, other.to_string()),
    }
}

/// An error of the way to the portal.
fn unsent(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    let mut why = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    if error.is_connect() {
        let text = format!("not sent. There is no connection to the portal: {why}");
        return Failure::new(StatusCode::BAD_GATEWAY, code::UNREACHABLE, text);
    }
    let status = match error.is_timeout() {
        true => StatusCode::GATEWAY_TIMEOUT,
        false => StatusCode::BAD_GATEWAY,
    };
    let text = format!("the call may have run: the portal gave no answer: {why}");
    Failure::new(status, code::NO_ANSWER, text)
}
