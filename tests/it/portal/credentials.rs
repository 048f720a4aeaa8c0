//! Many credentials of one portal: the bad ones cost little, and the good one is
//! heard.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::portal::StaticToken;
use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry, Requirement};

use crate::support::fixture::{HOUR, Stage, scoped};

mod waits;

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
async fn each_bad_credential_is_tried_once() {
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
async fn endless_bad_refreshes_block_nobody() {
    let (registry, requests) = one_good();
    let bad = registry.handle(&user(2));
    let asking = tokio::spawn(async move { while bad.refresh().await.is_err() {} });
    tokio::task::yield_now().await;
    let caps = registry.caps(&user(1)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    // And what the good one learned is the other's answer, too.
    asking.await.unwrap();
    assert!(requests.load(Ordering::Relaxed) < 8);
}

#[tokio::test]
async fn many_bad_credentials_starve_no_other() {
    let (registry, requests) = one_good();
    let asking: Vec<_> = (2..30)
        .map(|number| {
            let bad = registry.handle(&user(number));
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
async fn direct_answer_overrides_others_inference() {
    const WHAT: Requirement = Requirement::rest("acme.what", 32);
    let stage = Stage::set().await;
    // A newer module imbot beside an old im: imbot.v2 is there, and the number is lower.
    let build = imbot_caps_emulator::Build::rest(31).imbot(imbot_caps_emulator::Imbot::WithoutRevisionGet);
    let (emulated, full) = stage.known(build).await;
    assert!(!full.caps().supports(WHAT));
    stage.clock.advance(HOUR);
    let less = stage.registry.handle(&scoped(&emulated, "noscope1", &["user"]));
    assert!(less.refresh().await.is_err(), "less than is known");
    assert_eq!(full.caps().knowledge().rest(), Some(31));
    assert!(!full.caps().supports(WHAT));
}

#[tokio::test]
async fn poor_credential_probes_are_bounded() {
    let stage = Stage::set().await;
    let (emulated, _good) = stage.known(imbot_caps_emulator::Build::rest(34)).await;
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
    let application = registry.handle(&application);
    if meanwhile {
        let waits = tokio::spawn(async move { application.ready().await.map(|_| ()) });
        tokio::task::yield_now().await;
        let caps = registry.caps(&user(1)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36), "{code} {status}");
        // What the webhook has learned is the application's answer, too.
        waits.await.unwrap().unwrap();
        let again = Portal::oauth("https://acme.example/rest/", StaticToken::new("token")).unwrap();
        return registry.handle(&again).refresh().await.unwrap_err();
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
            assert_eq!(error.class(), ProbeErrorClass::Credential, "{error}");
            assert!(!error.is_transient(), "{error}");
        }
    }
    let error = beside_an_application(401, "ERROR_OAUTH", false).await.to_string();
    assert!(error.contains("have it installed again"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn unknown_codes_pause_one_credential() {
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
async fn credential_errors_pause_no_other() {
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

/// Answers user 1 with a revision. Something before the portal answers all others, or is silent.
#[derive(Clone)]
struct BehindFilter {
    others: Option<Response>,
    is_open: bool,
    requests: Arc<std::sync::Mutex<Vec<String>>>,
}

impl BehindFilter {
    fn new(others: Option<Response>) -> Self {
        Self {
            others,
            is_open: true,
            requests: Arc::default(),
        }
    }

    /// How many requests had this credential.
    fn of(&self, credential: &str) -> usize {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|text| text.contains(credential)).count()
    }
}

impl Transport for BehindFilter {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let text = format!("{} {}", request.url(), String::from_utf8_lossy(request.body()));
        let is_good = self.is_open && text.contains("/rest/1/");
        self.requests.lock().unwrap().push(text);
        let good = || Response::new(200, None, br#"{"result":{"rest":36}}"#.to_vec());
        let answer = match is_good {
            true => Some(good()),
            false => self.others.clone(),
        };
        Box::pin(async move {
            match answer {
                Some(answer) => Ok(answer),
                None => std::future::pending().await,
            }
        })
    }
}

/// What something before a portal may do with one credential.
fn refusals() -> Vec<(&'static str, Option<Response>)> {
    let page = |status| Some(Response::new(status, None, b"<html>Attack detected".to_vec()));
    let to = |to: &str| Some(Response::new(308, Some(to.to_owned()), Vec::new()));
    vec![
        ("403", page(403)),
        ("404", page(404)),
        ("414", page(414)),
        ("500", page(500)),
        ("503", page(503)),
        ("200", page(200)),
        ("empty", Some(Response::new(400, None, Vec::new()))),
        ("login page", to("https://login.example/")),
        ("silence", None),
    ]
}

#[tokio::test(start_paused = true)]
async fn strangers_failure_affects_no_other() {
    for (what, refusal) in refusals() {
        for strangers in [1, 7, 30] {
            let transport = BehindFilter::new(refusal.clone());
            let registry = Registry::builder(transport.clone()).build();
            let asking: Vec<_> = (2..2 + strangers)
                .map(|number| {
                    let registry = registry.clone();
                    tokio::spawn(async move { registry.caps(&user(number)).await.map(drop) })
                })
                .collect();
            if strangers == 1 {
                for asking in asking {
                    asking.await.unwrap().unwrap_err();
                }
            } else if refusal.is_none() {
                tokio::task::yield_now().await;
            } else {
                continue;
            }
            let good = registry.caps(&user(1)).await;
            let good = good.unwrap_or_else(|error| panic!("{what} {strangers}: {error}"));
            assert_eq!(good.knowledge().rest(), Some(36), "{what}");
            assert_eq!(transport.of("/rest/1/"), 1, "{what} {strangers}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_credential_failures_pause_all() {
    for (what, refusal) in refusals() {
        let transport = BehindFilter {
            is_open: false,
            ..BehindFilter::new(refusal)
        };
        let registry = Registry::builder(transport.clone()).build();
        for number in [2, 3] {
            registry.caps(&user(number)).await.unwrap_err();
        }
        let error = registry.caps(&user(4)).await.unwrap_err();
        assert!(!error.is_credential(), "{error}");
        assert_eq!(transport.of("/rest/4/"), 0, "{what}");
    }
}

#[cfg(feature = "tower")]
#[tokio::test(start_paused = true)]
async fn links_block_no_registered_credential() {
    use bytes::Bytes;
    use imbot_caps::gate::{Gate, HttpGateLayer};
    use tower::{Layer, ServiceExt, service_fn};

    for (what, refusal) in refusals() {
        let transport = BehindFilter::new(refusal);
        let registry = Registry::builder(transport.clone()).build();
        let good = registry.handle(&user(1));
        let inner = service_fn(|_: http::Request<Bytes>| async {
            Ok::<_, std::convert::Infallible>(http::Response::new(Bytes::from_static(b"{\"result\":true}")))
        });
        let service = HttpGateLayer::new(&Gate::new(&registry)).layer(inner);
        for nth in 0..100 {
            let link = format!("https://acme.example/rest/imbot.v2.Bot.list?auth=stranger{nth}");
            let request = http::Request::get(link).body(Bytes::new()).unwrap();
            drop(service.clone().oneshot(request).await);
        }
        assert!(transport.of("stranger") > 1, "{what}");
        let caps = good.ready().await;
        let caps = caps.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(caps.knowledge().rest(), Some(36), "{what}");
        assert_eq!(transport.of("/rest/1/"), 1, "{what}");
    }
}
