//! Many credentials of one portal: the bad ones cost little, and the good one is
//! heard.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{FailureKind, Portal, Registry, Requirement, StaticToken};

use crate::stage::{HOUR, Stage, scoped};

/// A portal where the webhook of user 1 is good and the others are not, and which
/// answers in one turn of the runtime.
struct OneGood(Arc<AtomicUsize>);

impl Transport for OneGood {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let (status, body) = match request.url().path().contains("/rest/1/") {
            true => (200, r#"{"result":{"rest":36}}"#),
            false => (401, r#"{"error":"INVALID_CREDENTIALS","error_description":""}"#),
        };
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(Response::new(status, None, body.into()))
        })
    }
}

fn one_good() -> (Registry, Arc<AtomicUsize>) {
    let requests = Arc::default();
    (
        Registry::builder(OneGood(Arc::clone(&requests))).build(),
        requests,
    )
}

fn user(number: u32) -> Portal {
    Portal::webhook(&format!("https://acme.example/rest/{number}/s3cretcode/")).unwrap()
}

#[tokio::test]
async fn bad_ones_are_asked_with_once_each_and_beyond_what_is_remembered_not_at_all() {
    let (registry, requests) = one_good();
    for _ in 0..20 {
        for number in 2..202 {
            registry.caps(&user(number)).await.unwrap_err();
        }
    }
    let requests = requests.load(Ordering::Relaxed);
    // Beyond those that are remembered one in a pause, which begins with a second.
    assert!((64..200).contains(&requests), "{requests}");
}

#[tokio::test]
async fn a_bad_one_that_asks_without_end_starves_no_good_one() {
    let (registry, requests) = one_good();
    let bad = registry.portal(&user(2));
    let asking = tokio::spawn(async move { while bad.refresh().await.is_err() {} });
    tokio::task::yield_now().await;
    let caps = registry.caps(&user(1)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    // And what the good one learned is the other's answer, too.
    asking.await.unwrap();
    assert!(requests.load(Ordering::Relaxed) < 8);
}

#[tokio::test]
async fn many_bad_ones_starve_no_good_one() {
    let (registry, requests) = one_good();
    let asking: Vec<_> = (2..30)
        .map(|number| {
            let bad = registry.portal(&user(number));
            tokio::spawn(async move {
                while bad.ready().await.is_err() {
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    tokio::task::yield_now().await;
    assert_eq!(
        registry.caps(&user(1)).await.unwrap().knowledge().rest(),
        Some(36)
    );
    for asking in asking {
        asking.await.unwrap();
    }
    assert!(requests.load(Ordering::Relaxed) <= 30);
}

#[tokio::test]
async fn what_one_was_told_stands_against_what_anothers_answer_implies() {
    const WHAT: Requirement = Requirement::rest("acme.what", 32);
    let stage = Stage::set().await;
    // A newer module imbot beside an old im: imbot.v2 is there, and the number is lower.
    let build = imbot_caps::emulator::Build::rest(31).imbot(imbot_caps::emulator::Imbot::WithoutRevisionGet);
    let (emulated, full) = stage.known(build).await;
    assert!(!full.caps().supports(WHAT));
    stage.clock.advance(HOUR);
    let less = stage.registry.portal(&scoped(&emulated, "noscope1", &["user"]));
    assert!(less.refresh().await.is_err(), "less than is known");
    assert_eq!(full.caps().knowledge().rest(), Some(31));
    assert!(!full.caps().supports(WHAT));
}

#[tokio::test]
async fn a_crowd_that_is_told_less_than_is_known_does_not_let_itself_through() {
    let stage = Stage::set().await;
    let (emulated, _good) = stage.known(imbot_caps::emulator::Build::rest(34)).await;
    stage.clock.advance(720 * HOUR);
    let poor: Vec<_> = (0..100)
        .map(|nth| scoped(&emulated, &format!("noscope{nth}"), &["user"]))
        .collect();
    for _ in 0..5 {
        for poor in &poor {
            assert!(stage.registry.caps(poor).await.is_err());
        }
    }
    // 64 by themselves, and one of the others.
    assert_eq!(stage.probes(&emulated).await, 65);
}

/// A portal that refuses applications with an error, and answers webhooks.
struct RefusesApplications {
    status: u16,
    code: String,
    webhooks: Arc<AtomicUsize>,
}

impl Transport for RefusesApplications {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let is_webhook = request.url().path().contains("/rest/1/");
        Box::pin(async move {
            tokio::task::yield_now().await;
            let (status, body) = match is_webhook {
                true => {
                    self.webhooks.fetch_add(1, Ordering::Relaxed);
                    (200, serde_json::json!({"result": {"rest": 36}}))
                }
                false => (
                    self.status,
                    serde_json::json!({"error": self.code, "error_description": "x"}),
                ),
            };
            Ok(Response::new(status, None, body.to_string().into_bytes()))
        })
    }
}

/// Asks with the application, then or meanwhile with the webhook, which must learn the
/// revision from one request. What the application is told comes back.
async fn beside_an_application(status: u16, code: &str, meanwhile: bool) -> imbot_caps::ProbeError {
    let webhooks = Arc::default();
    let registry = Registry::builder(RefusesApplications {
        status,
        code: code.to_owned(),
        webhooks: Arc::clone(&webhooks),
    })
    .build();
    let application = Portal::oauth("https://acme.example/rest/", StaticToken::new("token")).unwrap();
    let application = registry.portal(&application);
    if meanwhile {
        let waits = tokio::spawn(async move { application.ready().await.map(|_| ()) });
        tokio::task::yield_now().await;
        let caps = registry.caps(&user(1)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36), "{code} {status}");
        // What the webhook has learned is the application's answer, too.
        waits.await.unwrap().unwrap();
        let again = Portal::oauth("https://acme.example/rest/", StaticToken::new("token")).unwrap();
        return registry.portal(&again).refresh().await.unwrap_err();
    }
    let error = application.ready().await.unwrap_err();
    let caps = registry.caps(&user(1)).await;
    let caps = caps.unwrap_or_else(|error| panic!("{code} {status}: {error}"));
    assert_eq!(caps.knowledge().rest(), Some(36), "{code} {status}");
    assert_eq!(webhooks.load(Ordering::Relaxed), 1, "{code} {status}");
    error
}

#[tokio::test(start_paused = true)]
async fn removed_application_leaves_webhooks_alone() {
    for code in [
        "ERROR_OAUTH",
        "error_oauth",
        "NOT_INSTALLED",
        "wrong_client",
        "invalid_scope",
    ] {
        for meanwhile in [false, true] {
            let error = beside_an_application(401, code, meanwhile).await;
            assert_eq!(error.kind(), FailureKind::Credential, "{error}");
            assert!(!error.is_transient(), "{error}");
        }
    }
    let error = beside_an_application(401, "ERROR_OAUTH", false).await.to_string();
    assert!(error.contains("have it installed again"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn unknown_codes_pause_no_other_credential() {
    const STATUSES: [u16; 18] = [
        200, 400, 401, 402, 403, 404, 405, 409, 410, 418, 422, 429, 451, 500, 501, 502, 503, 520,
    ];
    let codes = [
        "",
        "0",
        "7",
        "1048582",
        "SOMETHING_NEW",
        "ERROR_OAUTH2",
        "PORTAL_DELETED_",
        "ошибка",
        "a b",
    ];
    for code in codes {
        for status in STATUSES {
            for meanwhile in [false, true] {
                let error = beside_an_application(status, code, meanwhile).await;
                // Whether it passes, the status may tell.
                let passes = status == 429 || status >= 500;
                assert_eq!(error.is_transient(), passes, "{code} {status}: {error}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn codes_of_one_credential_pause_no_other() {
    for (status, code) in [
        (503, "OVERLOAD_LIMIT"),
        (429, "OPERATION_TIME_LIMIT"),
        (401, "CONNECTION_ERROR"),
        (401, "expired_token"),
        (403, "ACCESS_DENIED"),
        (400, "ERROR_CORE"),
        (404, "NOT_FOUND"),
    ] {
        beside_an_application(status, code, false).await;
    }
}
