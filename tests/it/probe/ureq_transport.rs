//! A [`Transport`] over a blocking client, in 25 lines, serves the registry.

use std::pin::Pin;

use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::transport::{REPLY_LIMIT, Request, Response, Transport, TransportError};
use imbot_caps::{Feature, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault};
use serde_json::json;

use crate::support::http::{LONG, asked, webhook};

// The transport begins here.
struct Ureq(ureq::Agent);

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

impl Transport for Ureq {
    fn send(&self, request: Request) -> Sending<'_> {
        let agent = self.0.clone();
        let posting = tokio::task::spawn_blocking(move || post(&agent, &request).map_err(failure));
        Box::pin(async { posting.await.map_err(stopped)? })
    }
}

fn stopped(error: tokio::task::JoinError) -> TransportError {
    TransportError::Broken(error.to_string())
}

fn post(agent: &ureq::Agent, request: &Request) -> Result<Response, ureq::Error> {
    let post = agent.post(request.url().as_str()).config();
    let post = post.timeout_global(request.timeout()).build();
    let mut reply = post.content_type(request.content_type()).send(request.body())?;
    let header = |name| reply.headers().get(name)?.to_str().ok().map(str::to_owned);
    let (location, wait) = (header("Location"), header("Retry-After").unwrap_or_default());
    let (status, ok) = (reply.status().as_u16(), reply.status().is_success());
    let most = request.max_reply_bytes();
    let limit = if ok { most } else { REPLY_LIMIT };
    let body = reply.body_mut().with_config().limit(limit as u64 + 1);
    let response = Response::new(status, location, body.read_to_vec()?);
    Ok(response.with_retry_after(&wait))
}
// The transport ends here.

/// The words of the crate for the client's errors.
fn failure(error: ureq::Error) -> TransportError {
    match error {
        ureq::Error::Timeout(_) => TransportError::Timeout,
        ureq::Error::BodyExceedsLimit(limit) => TransportError::TooLong {
            limit: limit as usize,
        },
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
            TransportError::Connect(error.to_string())
        }
        ureq::Error::Protocol(_) => TransportError::NotHttp(error.to_string()),
        other => TransportError::Broken(other.to_string()),
    }
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false);
    config
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into()
}

#[test]
fn transport_has_25_lines_at_most() {
    let source = include_str!("ureq_transport.rs")
        .split("// The transport ")
        .nth(1)
        .unwrap();
    let lines = source
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .count();
    assert!((15..=25).contains(&lines), "{lines} lines");
}

#[tokio::test]
async fn ureq_serves_the_registry() {
    let emulator = Emulator::start().await.unwrap();
    let registry = Registry::builder(Ureq(agent())).deadline(LONG).build();
    for build in Build::shipped() {
        let emulated = emulator.portal(build.clone());
        let portal = webhook(&emulated);
        let caps = registry.caps(&portal).await.unwrap();
        assert_eq!(caps.features(), build.caps().features(), "{build:?}");
        let requests = asked(&emulated).len();
        let expected = if caps.supports(Feature::ImbotV2RevisionGet) {
            1
        } else {
            2
        };
        assert_eq!(requests, expected, "{build:?}");

        let sent = registry.client(&portal).call("profile", json!({})).await;
        assert!(sent.is_ok(), "{sent:?}");
    }
    for (fault, kind) in [
        (Fault::redirect("/elsewhere"), ProbeErrorClass::Blocked),
        (Fault::html(404), ProbeErrorClass::Malformed),
        (Fault::big_body(70_000), ProbeErrorClass::Malformed),
        (Fault::error("NO_AUTH_FOUND"), ProbeErrorClass::Credential),
    ] {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(fault.clone());
        let error = registry.caps(&webhook(&emulated)).await.unwrap_err();
        assert_eq!(error.class(), kind, "{fault:?}: {error}");
        assert_eq!(asked(&emulated).len(), 1, "{fault:?}");
    }
}
