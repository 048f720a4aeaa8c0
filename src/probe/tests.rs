//! The machine by hand: steps, limits and times, without I/O.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::freshness::Failure;
use crate::wire::{BATCH, REVISION_GET, Response};

const REVISIONS: &str = r#"{"result":{"rest":36,"web":130}}"#;
const EXPIRED: &str = r#"{"error":"expired_token","error_description":""}"#;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn response(status: u16, body: &str) -> Response {
    Response::new(status, None, body.into())
}

fn begin() -> Probe<&'static str> {
    Probe::new(at(0))
}

#[track_caller]
fn sending<'p>(step: Step<'p, &'static str>) -> Outgoing<'p, &'static str> {
    match step {
        Step::Send(request) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn token_is_in_the_body_only() {
    let mut probe = begin().with_token("t0ken-one");
    let request = sending(probe.step(at(0)));
    assert_eq!(request.method(), REVISION_GET);
    assert_eq!(request.body(), r#"{"auth":"t0ken-one"}"#);
    assert!(request.params().is_empty());
    request.reply(at(0), &response(401, EXPIRED));
    let Step::Renew(renewal) = probe.step(at(0)) else {
        panic!("no renewal")
    };
    renewal.done("t0ken-two");
    let request = sending(probe.step(at(0)));
    assert_eq!(request.body(), r#"{"auth":"t0ken-two"}"#);
    assert_eq!(sending(begin().step(at(0))).body(), "{}");

    let mut probe = begin().with_token("t0ken");
    let absent = response(400, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#);
    sending(probe.step(at(0))).reply(at(0), &absent);
    let request = sending(probe.step(at(0)));
    assert_eq!(request.method(), BATCH);
    let body: serde_json::Value = serde_json::from_str(&request.body()).unwrap();
    assert_eq!((&body["halt"], &body["auth"]), (&json!(0), &json!("t0ken")));
    assert_eq!(body["cmd"].as_object().unwrap().len(), 4);
}

#[test]
fn dropped_step_is_returned_again() {
    let mut probe = begin();
    drop(probe.step(at(0)));
    let request = sending(probe.step(at(3)));
    assert_eq!(request.time_left(), Duration::from_secs(7));
    request.fail(at(3), ProbeErrorClass::Transient, "lost");
    for _ in 0..2 {
        let Step::Wait(pause) = probe.step(at(3)) else {
            panic!("no pause")
        };
        assert_eq!(pause.repeats(), 1);
        assert!(matches!(
            pause.reason(),
            Some((REVISION_GET, ErrorKind::NoReply { error: "lost", .. }))
        ));
    }
    let Step::Wait(pause) = probe.step(at(3)) else {
        panic!("no pause")
    };
    pause.resume();
    sending(probe.step(at(4))).reply(at(4), &response(200, REVISIONS));
    assert!(matches!(probe.step(at(4)), Step::Done));
    assert_eq!(probe.finish().unwrap().knowledge.rest(), Some(36));
}

#[test]
fn token_is_renewed_once_if_any() {
    // A webhook has no token to renew.
    let mut probe = begin();
    sending(probe.step(at(0))).reply(at(0), &response(401, EXPIRED));
    assert!(matches!(probe.step(at(0)), Step::Done));
    assert_eq!(probe.finish().unwrap_err().class(), ProbeErrorClass::Credential);

    let mut probe = begin().with_token("t0ken-one");
    sending(probe.step(at(0))).reply(at(0), &response(401, EXPIRED));
    let Step::Renew(renewal) = probe.step(at(0)) else {
        panic!("no renewal")
    };
    renewal.done("t0ken-two");
    let echo = r#"{"error":"expired_token","error_description":"not t0ken-two"}"#;
    sending(probe.step(at(0))).reply(at(0), &response(401, echo));
    assert!(matches!(probe.step(at(0)), Step::Done));
    let error = probe.finish().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("t0ken-two"), "{error}");

    let mut probe = begin().with_token("t0ken-one");
    sending(probe.step(at(0))).reply(at(0), &response(401, EXPIRED));
    let Step::Renew(renewal) = probe.step(at(0)) else {
        panic!("no renewal")
    };
    renewal.fail("revoked");
    let error = probe.finish().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NoToken("revoked")));
}

#[test]
fn finish_names_the_open_step() {
    let end = |reply: &Response| {
        let mut probe = begin().with_token("t0ken-one");
        sending(probe.step(at(0))).reply(at(0), reply);
        probe.finish().unwrap_err()
    };
    let moved = end(&Response::new(
        301,
        Some("https://new.example/".into()),
        Vec::new(),
    ));
    assert!(matches!(moved.kind(), ErrorKind::Moved { to: None }), "{moved:?}");
    let expired = end(&response(401, EXPIRED));
    assert!(matches!(expired.kind(), ErrorKind::Api(_)), "{expired:?}");
    assert_eq!(expired.class(), ProbeErrorClass::Credential);
    let lost = end(&response(503, ""));
    assert!(matches!(lost.kind(), ErrorKind::Malformed(_)), "{lost:?}");
}

#[test]
fn failure_lasts_unless_transient() {
    let end = |reply: &Response| {
        let mut probe = begin().deadline(Duration::ZERO);
        sending(probe.step(at(0))).reply(at(0), reply);
        probe.finish().unwrap_err()
    };
    let busy = end(&response(503, "").with_retry_after("30")).failure(None, at(0));
    assert_eq!(
        busy,
        Failure::transient(None, at(0)).with_retry_after(Some(Duration::from_secs(30)))
    );
    let closed = end(&response(401, r#"{"error":"NO_AUTH_FOUND"}"#)).failure(Some(&busy), at(9));
    assert_eq!(closed, Failure::lasting(Some(&busy), at(9)));
    assert_eq!(closed.count, 2);
}

#[test]
fn one_redirect_is_followed() {
    let moved = Response::new(
        301,
        Some("https://new.example/rest/1/s3cret/x".into()),
        Vec::new(),
    );
    let mut probe = begin();
    sending(probe.step(at(0))).reply(at(0), &moved);
    for followed in [true, false] {
        let Step::Redirect(redirect) = probe.step(at(0)) else {
            panic!("no redirect")
        };
        assert_eq!(redirect.location(), moved.location.as_deref());
        assert!(!format!("{redirect:?}").contains("s3cret"));
        assert_eq!(redirect.follow("https://new.example"), followed);
        if followed {
            sending(probe.step(at(0))).reply(at(0), &moved);
        }
    }
    assert!(matches!(probe.step(at(0)), Step::Done));
    let error = probe.finish().unwrap_err();
    assert_eq!(error.class(), ProbeErrorClass::Moved);

    let mut probe = begin();
    sending(probe.step(at(0))).reply(at(0), &moved);
    if let Step::Redirect(redirect) = probe.step(at(0)) {
        redirect.refuse(None);
    }
    assert_eq!(probe.finish().unwrap_err().class(), ProbeErrorClass::Blocked);
}

#[test]
fn passed_deadline_sends_no_more() {
    // The reply that came late counts. The next question is not asked.
    let mut probe = begin();
    let absent = response(400, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#);
    sending(probe.step(at(0))).reply(at(11), &absent);
    assert!(matches!(probe.step(at(11)), Step::Done));
    let error = probe.finish().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Deadline(_)), "{error}");
    assert_eq!(error.method(), BATCH);

    // A repeat that takes too long is not the reason.
    let mut probe = begin();
    sending(probe.step(at(0))).reply(at(0), &response(502, "<html>"));
    if let Step::Wait(pause) = probe.step(at(0)) {
        pause.resume();
    }
    sending(probe.step(at(1))).fail(at(11), ProbeErrorClass::Transient, "late");
    let error = probe.finish().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Malformed(_)), "{error}");

    // An early end is no answer either.
    let error = begin().finish().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Deadline(_)), "{error}");
}

#[test]
fn large_reply_is_not_read() {
    for body in [
        format!("{REVISIONS}{}", " ".repeat(64 * 1024)),
        format!(r#"{{"result":[{}0]}}"#, "0,".repeat(8 * 1024)),
    ] {
        let mut probe = begin();
        sending(probe.step(at(0))).reply(at(0), &response(200, &body));
        assert!(matches!(probe.step(at(0)), Step::Done));
        let error = probe.finish().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooLarge), "{error}");
        assert_eq!(error.class(), ProbeErrorClass::Malformed);
    }
}

/// The caller's errors may show the address of the request.
#[test]
fn own_errors_show_no_caller_text() {
    let mut probe = Probe::new(at(0)).redacting("s3cret-code");
    if let Step::Send(request) = probe.step(at(0)) {
        let error = std::io::Error::other("https://acme.example/rest/1/s3cret-code/");
        request.fail(at(0), ProbeErrorClass::Permanent, error);
    }
    let error = probe.finish().unwrap_err();
    let text = format!("{error} {error:?} {:?}", error.kind());
    assert!(!text.contains("s3cret-code"), "{text}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("s3cret-code"));
}

/// What a portal, a proxy or a network may do, and any caller.
#[derive(Clone, Debug)]
enum Event {
    Reply {
        status: u16,
        body: String,
        location: Option<String>,
        retry_after: Option<String>,
    },
    Failure(ProbeErrorClass),
    NoToken,
    Expire,
    Nothing,
}

fn body() -> impl Strategy<Value = String> {
    let codes = prop::sample::select(vec![
        "ERROR_METHOD_NOT_FOUND",
        "insufficient_scope",
        "expired_token",
        "QUERY_LIMIT_EXCEEDED",
        "OPERATION_TIME_LIMIT",
        "PORTAL_DELETED",
        "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "SOMETHING_NEW",
    ]);
    let results = prop::sample::select(vec![
        json!({"rest": 36, "web": 130}),
        json!({"rest": 31, "web": 130}),
        json!({"web": 130, "mobile": 20}),
        json!({"bots": []}),
        json!("2026-04-02T00:00:00+00:00"),
        json!({"result": {"old": {"rest": 31}, "bots": {"bots": []}}, "result_error": []}),
        json!({"result": {"again": {"rest": 36}}, "result_error": {"old": {"error": "expired_token"}}}),
        json!({"result": [], "result_error": {"bots": {"error": "ERROR_METHOD_NOT_FOUND"}}}),
    ]);
    prop_oneof![
        3 => results.prop_map(|result| json!({"result": result}).to_string()),
        3 => codes.prop_map(|code| json!({"error": code, "retryAfter": 3}).to_string()),
        1 => Just(String::new()),
        1 => ".{0,40}",
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let kinds = vec![
        ProbeErrorClass::Transient,
        ProbeErrorClass::Credential,
        ProbeErrorClass::Malformed,
        ProbeErrorClass::Permanent,
        ProbeErrorClass::Internal,
    ];
    let status = prop::sample::select(vec![200, 204, 301, 302, 400, 401, 404, 429, 500, 502, 503]);
    let location = prop::option::of(prop::sample::select(vec!["https://new.example/", "/x", ""]));
    let retry_after = prop::option::of(prop::sample::select(vec!["0", "3", "99999999999999999999", "x"]));
    let reply = (status, body(), location, retry_after).prop_map(|(status, body, location, retry_after)| {
        Event::Reply {
            status,
            body,
            location: location.map(str::to_owned),
            retry_after: retry_after.map(str::to_owned),
        }
    });
    prop_oneof![
        8 => reply,
        3 => prop::sample::select(kinds).prop_map(Event::Failure),
        1 => Just(Event::NoToken),
        1 => Just(Event::Expire),
        1 => Just(Event::Nothing),
    ]
}

/// Times as a clock may say them: later, the same, or before.
fn time() -> impl Strategy<Value = SystemTime> {
    prop_oneof![
        4 => (0..12_000u64).prop_map(|millis| at(1_000_000) + Duration::from_millis(millis)),
        1 => any::<u32>().prop_map(|seconds| at(seconds.into())),
        1 => Just(UNIX_EPOCH),
    ]
}

proptest! {
    /// Whatever comes in, and however the clock jumps.
    #[test]
    fn any_conversation_ends_within_limits(
        events in prop::collection::vec((event(), time(), any::<bool>()), 60),
        has_token: bool,
        deadline in 0..20_000u64,
        jitter: u64,
    ) {
        let deadline = Duration::from_millis(deadline);
        let mut probe = Probe::new(at(1_000_000)).deadline(deadline).jitter(jitter);
        if has_token {
            probe = probe.with_token("t0ken-one");
        }
        let (mut requests, mut pauses, mut renewals, mut redirects, mut idle) = (0, 0, 0, 0, 0);
        let mut is_done = false;
        for (event, now, yes) in events {
            match (probe.step(now), event) {
                (_, Event::Nothing) => idle += 1,
                (Step::Send(request), Event::Reply { status, body, location, retry_after }) => {
                    requests += 1;
                    let mut response = Response::new(status, location, body.into());
                    if let Some(header) = retry_after {
                        response = response.with_retry_after(&header);
                    }
                    request.reply(now, &response);
                }
                (Step::Send(request), Event::Failure(kind)) => {
                    requests += 1;
                    request.fail(now, kind, "lost");
                }
                (Step::Send(request), Event::NoToken) => request.no_token("none"),
                (Step::Send(_) | Step::Done, Event::Expire) => probe.expire(),
                (Step::Wait(pause), _) => {
                    pauses += 1;
                    prop_assert!(pause.duration() < deadline);
                    pause.resume();
                }
                (Step::Renew(renewal), _) => {
                    renewals += 1;
                    match yes {
                        true => renewal.done("t0ken-two"),
                        false => renewal.fail("none"),
                    }
                }
                (Step::Redirect(redirect), _) => match yes {
                    true => redirects += usize::from(redirect.follow("https://new.example")),
                    false => redirect.refuse(Some("https://new.example".to_owned())),
                },
                (Step::Done, _) => is_done = true,
            }
            prop_assert!(!is_done || matches!(probe.step(now), Step::Done));
        }
        prop_assert!(requests <= 5 && pauses <= 2 && redirects <= 1);
        prop_assert!(renewals <= usize::from(has_token));
        // Sixty events are enough for every way to the end.
        prop_assert!(is_done || idle > 20, "{requests} requests, {pauses} pauses");
        if let Err(error) = probe.finish() {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
