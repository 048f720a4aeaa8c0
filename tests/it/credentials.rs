//! Many credentials of one portal: the bad ones cost little, and the good one is
//! heard.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Portal, Registry, Requirement};

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
