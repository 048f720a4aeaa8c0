//! After a failure: who is told, and when the portal is asked again.

use std::pin::Pin;
use std::time::{Duration, UNIX_EPOCH};

use imbot_caps::freshness::Lifetimes;
use imbot_caps::gate::CallError;
use imbot_caps::portal::{AccessToken, TokenError, TokenSource};
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::{Feature, Portal};
use imbot_caps_emulator::{Build, Fault};
use serde_json::json;

use crate::support::fixture::{
    DAY, DEADLINE, HOUR, MINUTE, SECOND, Stage, WEEK, closed, is_overloaded, overloaded,
};
use crate::support::http::webhook;

#[tokio::test]
async fn pauses_double_until_success() {
    for (fault, first, longest) in [
        (overloaded(), SECOND, 300 * SECOND),
        (closed(), MINUTE, 15 * MINUTE),
    ] {
        let stage = Stage::set().await;
        let (emulated, handle) = stage.portal(Build::rest(36));
        emulated.fault(fault.clone());
        handle.ready().await.unwrap_err();
        assert_eq!(stage.probes(&emulated).await, 1);
        let mut pause = first;
        for _ in 0..12 {
            // Pauses are shortened by less than a quarter.
            stage.clock.advance(pause * 3 / 4);
            for _ in 0..100 {
                handle.ready().await.unwrap_err();
            }
            assert_eq!(stage.probes(&emulated).await, 0, "{pause:?}");
            stage.clock.advance(pause / 4);
            handle.ready().await.unwrap_err();
            assert_eq!(stage.probes(&emulated).await, 1, "{pause:?}");
            pause = (pause * 2).min(longest);
        }
        stage.clock.advance(longest);
        emulated.clear_faults();
        handle.ready().await.unwrap();
        emulated.fault(fault);
        // It is good for a week, served for an hour more, and then it is as before.
        stage.clock.advance(WEEK + 2 * HOUR);
        emulated.take_requests();
        handle.ready().await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1);
        stage.clock.advance(first);
        handle.ready().await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1, "the first pause again");
    }
}

#[tokio::test]
async fn callers_share_error_during_pause() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    emulated.fault(overloaded().once());
    assert!(is_overloaded(&handle.ready().await.unwrap_err()));
    let storm = async || {
        let callers: Vec<_> = (0..1_000)
            .map(|_| {
                let handle = handle.clone();
                tokio::spawn(async move { handle.ready().await })
            })
            .collect();
        let mut answers = Vec::new();
        for caller in callers {
            answers.push(caller.await.unwrap());
        }
        answers
    };
    for answer in storm().await {
        assert!(is_overloaded(&answer.unwrap_err()), "the same error");
    }
    assert_eq!(stage.probes(&emulated).await, 1, "the first caller's");
    stage.clock.advance(SECOND);
    for answer in storm().await {
        assert_eq!(answer.unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn refresh_ignores_pauses() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    handle.refresh().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1, "though it is fresh");
    emulated.fault(closed());
    for _ in 0..3 {
        assert!(handle.refresh().await.unwrap_err().is_blocked());
    }
    assert_eq!(stage.probes(&emulated).await, 3, "though it failed a moment ago");
    assert!(handle.ready().await.is_ok(), "what is fresh is not touched by it");
}

#[tokio::test]
async fn supports_starts_one_probe_per_pause() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    emulated.fault(closed().once());
    for (advance, probes) in [(SECOND, 1), (MINUTE, 0), (MINUTE, 1), (MINUTE, 0)] {
        for _ in 0..100 {
            let _ = handle.supports(Feature::BotTokenRotation);
        }
        assert_eq!(stage.probes(&emulated).await, probes);
        stage.clock.advance(advance);
    }
    assert!(handle.supports(Feature::BotTokenRotation));
}

#[tokio::test]
async fn probe_timeout_serves_stale_answer() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    stage.clock.advance(WEEK + 2 * HOUR);
    let waiting = tokio::spawn({
        let handle = handle.clone();
        async move { handle.ready().await }
    });
    held.arrived(1).await;
    stage.clock.advance(DEADLINE);
    assert!(waiting.await.unwrap().unwrap().supports(Feature::SystemMessage));
    let refreshing = tokio::spawn({
        let handle = handle.clone();
        async move { handle.refresh().await }
    });
    held.arrived(2).await;
    stage.clock.advance(DEADLINE);
    let error = refreshing.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::Deadline(_)), "{error}");
    held.release();
}

#[tokio::test]
async fn zero_lifetimes_probe_every_time() {
    let none = std::time::Duration::ZERO;
    let lifetimes = Lifetimes::new()
        .supported(none)
        .unsupported(none)
        .unknown(none)
        .stale_while_revalidate(none)
        .stale_if_error(none)
        .after_lasting_failures(none, none);
    let stage = Stage::with(|builder| builder.lifetimes(lifetimes)).await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    for _ in 0..3 {
        handle.ready().await.unwrap();
    }
    emulated.fault(closed());
    for _ in 0..3 {
        handle.ready().await.unwrap_err();
    }
    assert_eq!(stage.probes(&emulated).await, 6);
}

const SEND: &str = "imbot.v2.Chat.Message.send";

#[tokio::test]
async fn call_error_reports_retry_after() {
    let stage = Stage::set().await;
    // Sun, 29 Nov 2026 03:00:00 GMT.
    stage.clock.set(UNIX_EPOCH + Duration::from_secs(1_795_921_200));
    let (emulated, _) = stage.known(Build::rest(36)).await;
    let client = stage.registry.client(&webhook(&emulated));
    let limit = || Fault::error("QUERY_LIMIT_EXCEEDED");
    let in_body = |name: &str, wait| Fault::json(429, &json!({"error": "QUERY_LIMIT_EXCEEDED", name: wait}));
    let reset_at = json!({"operating_reset_at": 1_795_921_800});
    for (fault, wait) in [
        (Fault::html(503), None),
        (limit(), None),
        (Fault::error("ACCESS_DENIED"), None),
        (Fault::hang_up(), None),
        (Fault::html(503).header("Retry-After", "30"), Some(30 * SECOND)),
        (limit().header("Retry-After", "7"), Some(7 * SECOND)),
        (
            limit().header("Retry-After", "Sun, 29 Nov 2026 03:01:00 GMT"),
            Some(MINUTE),
        ),
        (
            Fault::html(429).header("Retry-After", "99999999999999999999"),
            Some(DAY),
        ),
        (in_body("retryAfter", json!(12)), Some(12 * SECOND)),
        (in_body("retry_after", json!(u64::MAX)), Some(DAY)),
        (
            in_body("retryAfter", json!(12)).header("Retry-After", "60"),
            Some(MINUTE),
        ),
        (in_body("time", reset_at), Some(600 * SECOND)),
    ] {
        emulated.fault(fault.clone().on(SEND).once());
        let error = client.call(SEND, json!({})).await.unwrap_err();
        assert_eq!(error.retry_after(), wait, "{fault:?}: {error}");
        emulated.clear_faults();
    }
}

/// Has no token for a long time.
struct Waiting;

impl TokenSource for Waiting {
    fn token<'a>(
        &'a self,
        _: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let error = TokenError::transient("the server is overloaded").with_retry_after(30 * DAY);
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn call_error_reports_token_wait() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.known(Build::rest(36)).await;
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), Waiting)
        .unwrap();
    let error = stage
        .registry
        .client(&portal)
        .call(SEND, json!({}))
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::Token(_)), "{error}");
    assert_eq!(error.retry_after(), Some(DAY));
}

/// A reply with a number of any size is read, and says whether the call may have run.
#[tokio::test]
async fn huge_number_keeps_reply_readable() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.known(Build::rest(36)).await;
    let client = stage.registry.client(&webhook(&emulated));
    let digits = "7".repeat(400);
    for large in ["1e400", "-1e999", &digits] {
        let body = format!(r#"{{"result":{{"id":5,"size":{large}}},"time":{{"start":{large}}}}}"#);
        emulated.fault(Fault::body(200, "application/json", body).on(SEND).once());
        let result = client.call(SEND, json!({})).await.unwrap();
        assert_eq!(result, json!({"id": 5, "size": large}));
        let body = format!(r#"{{"error":"SENDING_FAILED","error_description":{large}}}"#);
        emulated.fault(Fault::body(400, "application/json", body).on(SEND).once());
        let error = client.call(SEND, json!({})).await.unwrap_err();
        assert!(
            error
                .api_error()
                .is_some_and(|error| error.code == "SENDING_FAILED"),
            "{error}"
        );
        assert!(error.may_have_run());
        // Half of it may have run, too.
        let body = format!(r#"{{"result":{{"id":5,"size":{large}"#);
        emulated.fault(Fault::body(200, "application/json", body).on(SEND).once());
        assert!(client.call(SEND, json!({})).await.unwrap_err().may_have_run());
    }
}
