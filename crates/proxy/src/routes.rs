//! What a request is for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use crate::body::{BodyFailure, ProxyBody, read};
use crate::builder::Limits;
use crate::code;
use crate::events::receive::Receiver;
use crate::failure::Failure;
use crate::forward::Forwarder;
use crate::headers::check;
use crate::questions::Questions;
use crate::renewals::Renewals;

/// The longest body of a question.
const QUESTION: usize = 1024 * 1024;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) forwarder: Forwarder,
    pub(crate) questions: Questions,
    pub(crate) renewals: Renewals,
    pub(crate) receiver: Option<Receiver>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) limits: Limits,
    pub(crate) is_ready: AtomicBool,
}

/// Answers a request.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
    is_busy: bool,
) -> Response<ProxyBody> {
    let begun = Instant::now();
    let answered = match is_busy {
        true => Err(Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            code::BUSY,
            "not sent. The server has as many connections as it takes: try again later, and keep connections open",
        )
        .closing()),
        false => route(&shared, request).await,
    };
    let outcome = answered
        .as_ref()
        .map_or_else(|failure| failure.code, |_| "answered");
    metrics::counter!("imbot_caps.proxy.requests", "outcome" => outcome).increment(1);
    metrics::histogram!("imbot_caps.proxy.duration_seconds").record(begun.elapsed().as_secs_f64());
    match answered {
        Ok(response) => response,
        Err(failure) => {
            tracing::info!(
                error.code = failure.code,
                error.message = failure.text,
                http.response.status_code = failure.status.as_u16(),
                "the server answered with an error of its own"
            );
            failure.into_response()
        }
    }
}

async fn route(shared: &Shared, request: Request<Incoming>) -> Result<Response<ProxyBody>, Failure> {
    let (head, body) = request.into_parts();
    check(&head, &shared.allowed_hosts)?;
    let path = head.uri.path();
    if let Some(portal) = path.strip_prefix("/caps/") {
        allow(&head, &Method::GET)?;
        return shared.questions.caps(portal);
    }
    if path == "/plan" {
        allow(&head, &Method::POST)?;
        let body = read(body, QUESTION, shared.limits.body_idle).await;
        return shared.questions.plan(&body.map_err(BodyFailure::into_failure)?);
    }
    if head.method != Method::GET && head.method != Method::POST {
        return Err(not_allowed("GET or POST"));
    }
    if path.trim_end_matches('/') == "/oauth/token" {
        let query = head.uri.query().unwrap_or_default();
        let form = read(body, QUESTION, shared.limits.body_idle).await;
        let form = form.map_err(BodyFailure::into_failure)?;
        return Box::pin(shared.renewals.renew(query, &form)).await;
    }
    if let Some(secret) = path.strip_prefix("/events/")
        && let Some(receiver) = &shared.receiver
    {
        allow(&head, &Method::POST)?;
        // Boxed: else the future of each call is as large as this rare one.
        return Box::pin(receiver.take(secret, &head, body, &shared.limits)).await;
    }
    let url = shared.forwarder.target(&head.uri)?;
    let request = Request::from_parts(head, body);
    shared.forwarder.forward(url, request).await
}

fn allow(head: &Parts, verb: &Method) -> Result<(), Failure> {
    match head.method == *verb {
        true => Ok(()),
        false => Err(not_allowed(verb.as_str())),
    }
}

fn not_allowed(verbs: &str) -> Failure {
    let text = format!("not sent. This path takes {verbs} alone");
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, code::BAD_REQUEST, text).closing()
}

impl Shared {
    pub(crate) fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Acquire)
    }
}
