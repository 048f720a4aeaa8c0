//! Readiness and metrics, on a socket of their own.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use crate::body::{ProxyBody, whole};
use crate::headers::check;
use crate::routes::Shared;

/// Writes the metrics of the process, in the text form of Prometheus.
pub(crate) type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Answers `/ready`, `/live` and `/metrics`. Portals do not count: a portal that is down would take the server from
/// all other portals.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    metrics: Option<Metrics>,
    request: Request<Incoming>,
) -> Response<ProxyBody> {
    let (head, _) = request.into_parts();
    if let Err(failure) = check(&head, &shared.allowed_hosts) {
        return failure.into_response();
    }
    let (status, body) = match (head.method, head.uri.path()) {
        (Method::GET, "/live") => (StatusCode::OK, "live\n".to_owned()),
        (Method::GET, "/ready") if shared.is_ready() => (StatusCode::OK, "ready\n".to_owned()),
        (Method::GET, "/ready") => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n".to_owned()),
        (Method::GET, "/metrics") => match metrics {
            Some(metrics) => (StatusCode::OK, metrics()),
            None => (
                StatusCode::NOT_FOUND,
                "the program installed no metrics\n".to_owned(),
            ),
        },
        _ => (
            StatusCode::NOT_FOUND,
            "there is /ready, /live and /metrics\n".to_owned(),
        ),
    };
    let mut response = Response::new(whole(Bytes::from(body)));
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    response
}
