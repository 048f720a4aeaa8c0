//! What passes is asked again, twice at most in a probe and within its deadline.

use std::time::UNIX_EPOCH;

use serde_json::json;

use super::*;
use imbot_caps_emulator::{Fault, RateLimit, Webhook};

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// Whether each pause is at least so long, and at most half as long again.
#[track_caller]
fn assert_paces(pauses: &[Duration], least: &[f64]) {
    assert_eq!(pauses.len(), least.len(), "{pauses:?}");
    for (pause, least) in pauses.iter().zip(least) {
        assert!(
            (seconds(*least)..=seconds(least * 1.5)).contains(pause),
            "{pauses:?}"
        );
    }
}

#[tokio::test]
async fn recovered_error_is_no_failure() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let network = [0.25, 0.5];
    for (fault, paces) in [
        (Fault::error("QUERY_LIMIT_EXCEEDED"), [1.0, 1.5]),
        (Fault::html(429), [1.0, 1.5]),
        (Fault::error("CONNECTION_ERROR"), network),
        (Fault::html(502), network),
        (Fault::html(408), network),
        (Fault::empty_body(), network),
        (Fault::half_body(), network),
        (Fault::hang_up(), network),
        (Fault::reset(), network),
        (Fault::lose_answer(), network),
    ] {
        for failures in [1, 2] {
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(fault.clone().times(failures));
            let (found, pauses) = prober.ask(&emulated).await;
            let found = found.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
            assert_eq!(found.known.rest(), Some(36));
            assert!(found.incomplete.is_none(), "{fault:?}");
            let requests = asked(&emulated).len();
            assert_eq!(requests, 1 + failures as usize, "{fault:?}");
            assert_paces(&pauses, &paces[..failures as usize]);
        }
    }
}

#[tokio::test]
async fn all_requests_share_two_retries() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    emulated.fault(Fault::html(502).on(REVISION_GET).once());
    emulated.fault(Fault::html(503).on(BATCH).once());
    let (found, pauses) = prober.ask(&emulated).await;
    assert_eq!(found.unwrap().known.imbot_v2(), Some(true));
    assert_eq!(asked(&emulated), [REVISION_GET, REVISION_GET, BATCH, BATCH]);
    assert_paces(&pauses, &[0.25, 0.5]);

    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    emulated.fault(Fault::html(502).on(REVISION_GET).once());
    emulated.fault(Fault::html(503).on(BATCH));
    let (found, _) = prober.ask(&emulated).await;
    let error = found.unwrap_err();
    assert!(
        error.is_transient() && error.to_string().contains("batch"),
        "{error}"
    );
    assert_eq!(asked(&emulated), [REVISION_GET, REVISION_GET, BATCH, BATCH]);
}

#[tokio::test]
async fn probe_waits_for_rate_limit() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let emulated = emulator.portal(Build::rest32_without_imbot_v2());
    emulated.clock().stop();
    emulated.limit_rate(RateLimit::new(1, 2));
    let (found, pauses) = prober.ask(&emulated).await;
    assert_eq!(found.unwrap().known.imbot_v2(), Some(false));
    assert_eq!(asked(&emulated), [REVISION_GET, BATCH, BATCH]);
    assert_paces(&pauses, &[1.0]);
}

#[tokio::test]
async fn retry_after_respected_or_reported() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for fault in [Fault::html(503), Fault::error("QUERY_LIMIT_EXCEEDED")] {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(fault.clone().header("Retry-After", "3").once());
        let (found, pauses) = prober.ask(&emulated).await;
        assert_eq!(found.unwrap().known.rest(), Some(36));
        assert!(
            matches!(*pauses, [pause] if pause >= seconds(3.0) && pause < seconds(4.0)),
            "{pauses:?}"
        );

        for (wait, known) in [
            ("60", Some(60)),
            ("10", Some(10)),
            ("18446744073709551615", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
        ] {
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(fault.clone().header("Retry-After", wait));
            let (found, pauses) = prober.ask(&emulated).await;
            let error = found.unwrap_err();
            assert_eq!(error.retry_after(), known.map(Duration::from_secs));
            assert_eq!((asked(&emulated).len(), pauses), (1, vec![]), "{wait}");
        }
        // What is neither a number nor a date is as good as nothing.
        for odd in ["Sun, 32 Nov 2026 03:00:30 GMT", "-1", "1.5", "soon", ""] {
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(fault.clone().header("Retry-After", odd));
            let (found, pauses) = prober.ask(&emulated).await;
            assert_eq!(found.unwrap_err().retry_after(), None, "{odd}");
            assert_eq!((asked(&emulated).len(), pauses.len()), (3, 2), "{odd}");
        }
    }
}

#[tokio::test]
async fn retry_date_counts_from_clock() {
    // Sun, 29 Nov 2026 03:00:00 GMT.
    let now = UNIX_EPOCH + Duration::from_secs(1_795_921_200);
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    emulator.clock().stop();
    for (date, known) in [
        ("Sun, 29 Nov 2026 03:00:30 GMT", Some(30)),
        ("Sunday, 29-Nov-26 03:00:30 GMT", Some(30)),
        ("Sun Nov 29 03:00:30 2026", Some(30)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
        // It has passed.
        ("Sun, 29 Nov 2026 02:59:59 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    ] {
        for fault in [Fault::html(503), Fault::error("QUERY_LIMIT_EXCEEDED").status(429)] {
            emulator.clock().set(now);
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(fault.header("Retry-After", date));
            let (found, pauses) = prober.ask(&emulated).await;
            let error = found.unwrap_err();
            assert_eq!(error.retry_after(), known.map(Duration::from_secs), "{date}");
            assert_eq!(pauses.is_empty(), known.is_some(), "{date}: {pauses:?}");
        }
    }
    // One that there is time for is kept.
    emulator.clock().set(now);
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(
        Fault::html(503)
            .header("Retry-After", "Sun, 29 Nov 2026 03:00:03 GMT")
            .once(),
    );
    let (found, pauses) = prober.ask(&emulated).await;
    assert_eq!(found.unwrap().known.rest(), Some(36));
    assert!(
        matches!(*pauses, [pause] if pause >= seconds(3.0) && pause < seconds(4.0)),
        "{pauses:?}"
    );
}

#[tokio::test]
async fn body_wait_respected_or_reported() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    for code in ["OPERATION_TIME_LIMIT", "QUERY_LIMIT_EXCEEDED"] {
        for (wait, told) in [
            (json!(3), None),
            (json!("3"), None),
            (json!(12), Some(12)),
            (json!("12"), Some(12)),
            (json!(u64::MAX), Some(86_400)),
        ] {
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(Fault::json(429, &json!({"error": code, "retryAfter": wait})).once());
            let (found, pauses) = prober.ask(&emulated).await;
            match told {
                None => {
                    assert_eq!(found.unwrap().known.rest(), Some(36), "{wait}");
                    assert!(matches!(*pauses, [pause] if pause >= seconds(3.0)), "{pauses:?}");
                }
                Some(_) => {
                    let known = found.unwrap_err().retry_after();
                    assert_eq!(known, told.map(Duration::from_secs), "{wait}");
                    assert!(pauses.is_empty(), "{pauses:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn operating_reset_time_is_respected() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    emulator.clock().stop();
    emulator.clock().set(UNIX_EPOCH + Duration::from_secs(60_000));
    for (reset, requests, known) in [
        (Some(60_005), 2, None),
        (Some(60_600), 1, Some(Duration::from_secs(600))),
        (None, 1, None),
    ] {
        emulator.clock().set(UNIX_EPOCH + Duration::from_secs(60_000));
        let emulated = emulator.portal(Build::rest(36));
        let mut body = json!({"error": "OPERATION_TIME_LIMIT", "error_description": ""});
        if let Some(reset) = reset {
            body["time"] = json!({"operating": 480.1, "operating_reset_at": reset});
        }
        emulated.fault(Fault::json(429, &body).once());
        let (found, pauses) = prober.ask(&emulated).await;
        assert_eq!(asked(&emulated).len(), requests, "{reset:?}");
        match found {
            Ok(found) => {
                assert_eq!(found.known.rest(), Some(36));
                assert!(matches!(*pauses, [pause] if pause >= seconds(5.0)), "{pauses:?}");
            }
            Err(error) => assert_eq!(error.retry_after(), known),
        }
    }
}

#[tokio::test]
async fn retry_jitter_differs_per_portal() {
    let emulator = Emulator::start().await.unwrap();
    let transport = ReqwestTransport::untimed();
    let mut prober = Prober {
        transport,
        ..Prober::default()
    };
    let mut seen = std::collections::BTreeSet::new();
    for jitter in 0..20 {
        prober.jitter = jitter;
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(Fault::html(502));
        let (_, first) = prober.ask(&emulated).await;
        let (_, again) = prober.ask(&emulated).await;
        assert_eq!(first, again, "the same portal pauses the same");
        seen.insert(first);
    }
    assert_eq!(seen.len(), 20);
}

#[tokio::test]
async fn pause_beyond_deadline_is_skipped() {
    let emulator = Emulator::start().await.unwrap();
    for (deadline, requests) in [(0.2, 1), (0.6, 2), (1.2, 3)] {
        let prober = Prober {
            deadline: seconds(deadline),
            ..Prober::default()
        };
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(Fault::html(502));
        let (found, pauses) = prober.ask(&emulated).await;
        let error = found.unwrap_err();
        assert!(matches!(error.kind(), ProbeErrorKind::Malformed(_)), "{error}");
        assert_eq!(asked(&emulated).len(), requests);
        assert!(pauses.iter().sum::<Duration>() < prober.deadline);
    }
}

/// Probes a portal that lets this question wait for ever, and moves the clock to
/// the deadline.
async fn strike(emulated: &EmulatedPortal, portal: &Portal, on: &str) -> Result<Found, ProbeError> {
    let (hold, held) = Fault::hold();
    emulated.fault(hold.on(on));
    let (prober, clock) = (Prober::default(), emulated.clock());
    let strike = async {
        held.arrived(1).await;
        clock.advance(DEADLINE);
    };
    let ((found, _), ()) = tokio::join!(prober.probe(emulated.clock(), portal), strike);
    found
}

#[tokio::test]
async fn hanging_probe_ends_at_deadline() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let portal = webhook(emulated.webhook_url());
    let error = strike(&emulated, &portal, REVISION_GET).await.unwrap_err();
    assert!(
        matches!(error.kind(), ProbeErrorKind::Deadline(DEADLINE)),
        "{error}"
    );
    assert_eq!(error.class(), ProbeErrorClass::Transient);
    assert_eq!(asked(&emulated), [REVISION_GET]);
}

#[tokio::test]
async fn deadline_error_names_original_failure() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::html(502).once());
    let portal = webhook(emulated.webhook_url());
    let error = strike(&emulated, &portal, REVISION_GET).await.unwrap_err();
    assert!(error.to_string().contains("502 Bad Gateway"), "{error}");
    assert_eq!(asked(&emulated), [REVISION_GET, REVISION_GET]);

    // It was mended: the question after it is what took too long.
    let emulated = emulator.portal(Build::rest(31));
    emulated.fault(Fault::html(502).on(REVISION_GET).once());
    let portal = webhook(emulated.webhook_url());
    let error = strike(&emulated, &portal, BATCH).await.unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::Deadline(_)), "{error}");
    assert!(error.to_string().contains("batch: no answer"), "{error}");
}

#[tokio::test]
async fn deadline_keeps_learned_facts() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let url = emulated.add_webhook(Webhook::new(7, "imonly").scopes(["im"]));
    let found = strike(&emulated, &webhook(&url), IM_REVISION_GET).await.unwrap();
    assert_eq!((found.known.rest(), found.known.imbot_v2()), (None, Some(true)));
    let error = found.incomplete.unwrap();
    assert!(matches!(error.kind(), ProbeErrorKind::Deadline(_)), "{error}");
    assert_eq!(asked(&emulated), [REVISION_GET, IM_REVISION_GET]);
}

/// Whatever fails on the way, and whichever portal it is.
#[tokio::test]
async fn probe_sends_at_most_five_requests() {
    let (emulator, prober) = (Emulator::start().await.unwrap(), Prober::default());
    let passing = [
        None,
        Some(Fault::html(502).once()),
        Some(Fault::error("CONNECTION_ERROR").times(2)),
        Some(Fault::hang_up()),
    ];
    let batch = [
        None,
        Some(Fault::html(404)),
        Some(Fault::error("ERROR_BATCH_METHOD_NOT_ALLOWED")),
        Some(Fault::html(502).once()),
    ];
    let mut most = 0;
    for build in [Build::rest(31), Build::rest32_with_imbot_v2(), Build::rest(36)] {
        for first in &passing {
            for together in &batch {
                for old in &passing {
                    for list in &passing {
                        let emulated = emulator.portal(build.clone());
                        for (fault, method) in [
                            (first, REVISION_GET),
                            (together, BATCH),
                            (old, IM_REVISION_GET),
                            (list, BOT_LIST),
                        ] {
                            if let Some(fault) = fault {
                                emulated.fault(fault.clone().on(method));
                            }
                        }
                        let (found, _) = prober.ask(&emulated).await;
                        let requests = asked(&emulated);
                        assert!(requests.len() <= 5, "{requests:?}");
                        most = most.max(requests.len());
                        // The error names what was asked last, or was not asked any more.
                        if let Ok(found) = &found
                            && found.known.imbot_v2().is_none()
                        {
                            let error = found.incomplete.as_ref().unwrap();
                            assert!(error.to_string().contains(BOT_LIST), "{error}: {requests:?}");
                        }
                    }
                }
            }
        }
    }
    assert_eq!(most, 5);
}

#[tokio::test]
async fn hanging_request_keeps_the_number() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    emulated.fault(Fault::html(404).on(BATCH));
    let found = strike(&emulated, &webhook(emulated.webhook_url()), BOT_LIST).await;
    let found = found.unwrap();
    assert_eq!((found.known.rest(), found.known.imbot_v2()), (Some(32), None));
    let error = found.incomplete.unwrap();
    assert!(
        error.to_string().contains("imbot.v2.Bot.list: no answer"),
        "{error}"
    );
}
