//! First contact over the wire: what is asked, how often, and what is made of
//! the answers. The portals are emulated; assertions are on what they received.

use std::time::Duration;

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Fault, Imbot, OauthToken, Statuses, Webhook};
use imbot_caps::{
    AccessToken, Caps, Feature, Portal, ProbeError, Registry, StaticToken, TokenError, TokenSource, Trouble,
};
use std::pin::Pin;
use std::sync::Mutex;

const REVISION: &str = "imbot.v2.Revision.get";
const OLD: &str = "im.revision.get";
const LIST: &str = "imbot.v2.Bot.list";

fn webhook(emulated: &EmulatedPortal) -> Portal {
    Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap()
}

fn asked(emulated: &EmulatedPortal) -> Vec<String> {
    emulated
        .take_requests()
        .into_iter()
        .map(|request| request.method)
        .collect()
}

async fn learn(build: Build) -> (Result<Caps, ProbeError>, Vec<String>) {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(build);
    let caps = Registry::new().caps(&webhook(&emulated)).await;
    (caps, asked(&emulated))
}

#[tokio::test]
async fn every_build_is_recognised_with_as_few_questions_as_it_takes() {
    for statuses in [Statuses::Source, Statuses::Documented] {
        for (build, rest, api, questions) in [
            (Build::rest(18), 18, false, &[REVISION, OLD][..]),
            (Build::rest(30), 30, false, &[REVISION, OLD]),
            (Build::rest(31), 31, false, &[REVISION, OLD]),
            (
                Build::rest32_without_imbot_v2(),
                32,
                false,
                &[REVISION, OLD, LIST],
            ),
            (Build::rest32_with_imbot_v2(), 32, true, &[REVISION, OLD, LIST]),
            (
                Build::rest(33).imbot(Imbot::WithoutV2),
                33,
                false,
                &[REVISION, OLD, LIST],
            ),
            (
                Build::rest(33).imbot(Imbot::WithoutRevisionGet),
                33,
                true,
                &[REVISION, OLD, LIST],
            ),
            (
                Build::rest(33).imbot(Imbot::NotInstalled),
                33,
                false,
                &[REVISION, OLD, LIST],
            ),
            (
                Build::rest(32).imbot(Imbot::WithRevisionGet),
                32,
                true,
                &[REVISION],
            ),
            (Build::rest(33), 33, true, &[REVISION]),
            (Build::rest(34).on_premise(), 34, true, &[REVISION]),
            (Build::rest(36), 36, true, &[REVISION]),
            (Build::rest(41), 41, true, &[REVISION]),
        ] {
            let truth = build.clone();
            let (caps, asked) = learn(build.statuses(statuses)).await;
            let caps = caps.unwrap();
            assert_eq!(asked, questions, "{truth:?}");
            assert_eq!(caps.knowledge().rest(), Some(rest), "{truth:?}");
            assert_eq!(caps.knowledge().imbot_v2(), Some(api), "{truth:?}");
            for feature in Feature::all() {
                assert!(!caps.check(feature).is_unknown(), "{feature} on {truth:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_request_is_what_the_documentation_asks() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    Registry::new().caps(&webhook(&emulated)).await.unwrap();
    let requests = emulated.take_requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(request.verb, "POST");
    assert!(
        request.path.ends_with("/imbot.v2.Revision.get"),
        "{}",
        request.path
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(request.header("user-agent").unwrap().starts_with("imbot-caps/"));
    assert_eq!(request.header("referer"), None);
    assert_eq!(request.params, serde_json::json!({}));
}

#[tokio::test]
async fn a_thousand_callers_ask_once_and_then_never() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let (registry, portal) = (Registry::new(), webhook(&emulated));
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let (registry, portal) = (registry.clone(), portal.clone());
            tokio::spawn(async move { registry.caps(&portal).await.map(|caps| caps.knowledge().rest()) })
        })
        .collect();
    held.arrived(1).await;
    held.release();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), Some(36));
    }
    let handle = registry.portal(&portal);
    for _ in 0..1000 {
        assert!(handle.caps().supports(Feature::SystemMessage));
        assert!(
            registry
                .caps(&portal)
                .await
                .unwrap()
                .supports(Feature::SystemMessage)
        );
    }
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn the_first_caller_may_leave() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let (registry, portal) = (Registry::new(), webhook(&emulated));
    let leader = tokio::spawn({
        let (registry, portal) = (registry.clone(), portal.clone());
        async move { registry.caps(&portal).await }
    });
    held.arrived(1).await;
    let follower = tokio::spawn({
        let (registry, portal) = (registry.clone(), portal.clone());
        async move { registry.caps(&portal).await }
    });
    tokio::task::yield_now().await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    held.release();
    assert_eq!(follower.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(
        asked(&emulated),
        [REVISION],
        "the probe went on without its first caller"
    );
}

#[tokio::test]
async fn no_failure_is_an_old_portal_and_none_is_kept() {
    let emulator = Emulator::start().await.unwrap();
    let faults: Vec<(&str, Fault, bool, bool)> = vec![
        (
            "rate limit",
            Fault::error("QUERY_LIMIT_EXCEEDED").status(503),
            true,
            false,
        ),
        (
            "rate limit as 429",
            Fault::error("QUERY_LIMIT_EXCEEDED").status(429),
            true,
            false,
        ),
        (
            "time limit",
            Fault::error("OPERATION_TIME_LIMIT").status(429),
            true,
            false,
        ),
        (
            "authorisation server down",
            Fault::error("CONNECTION_ERROR").status(401),
            true,
            false,
        ),
        ("expired", Fault::error("expired_token").status(401), false, true),
        ("no auth", Fault::error("NO_AUTH_FOUND").status(401), false, true),
        (
            "credentials",
            Fault::error("INVALID_CREDENTIALS").status(403),
            false,
            true,
        ),
        ("tariff", Fault::error("ACCESS_DENIED").status(403), false, true),
        ("closed", Fault::error("PORTAL_DELETED").status(403), false, false),
        (
            "blocked",
            Fault::error("OVERLOAD_LIMIT").status(401),
            false,
            false,
        ),
        (
            "unknown code",
            Fault::error("NEVER_SEEN").status(400),
            false,
            false,
        ),
        (
            "unknown code of a server error",
            Fault::error("NEVER_SEEN").status(500),
            true,
            false,
        ),
        ("no code", Fault::error("").status(400), false, false),
        ("HTML 502", Fault::html(502), true, false),
        ("HTML 200", Fault::html(200), true, false),
        ("HTML 404", Fault::html(404), false, false),
        ("empty", Fault::empty_body(), true, false),
        ("half a body", Fault::half_body(), true, false),
        ("10 MB", Fault::big_body(10_000_000), true, false),
        ("hang up", Fault::hang_up(), true, false),
        (
            "no counter",
            Fault::result(serde_json::json!({"web": 130})),
            true,
            false,
        ),
        ("wrong type", Fault::result(serde_json::json!("36")), true, false),
        (
            "negative",
            Fault::result(serde_json::json!({"rest": -1})),
            true,
            false,
        ),
        (
            "moved",
            Fault::redirect("https://new.example/rest/"),
            false,
            false,
        ),
        (
            "closed by licence",
            Fault::redirect("/bitrix/coupon_activation.php"),
            false,
            false,
        ),
    ];
    for (name, fault, transient, credential) in faults {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(fault);
        let (registry, portal) = (Registry::new(), webhook(&emulated));
        let handle = registry.portal(&portal);
        let error = registry.caps(&portal).await.expect_err(name);
        assert_eq!(error.is_transient(), transient, "{name}: {error}");
        assert_eq!(error.is_credential(), credential, "{name}: {error}");
        assert!(handle.caps().check(Feature::SystemMessage).is_unknown(), "{name}");
        let requests = asked(&emulated);
        assert!(
            requests.iter().all(|method| method == REVISION),
            "{name}: {requests:?}"
        );

        emulated.clear_faults();
        let caps = registry
            .caps(&portal)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(caps.knowledge().rest(), Some(36), "{name}");

        // What was learned outlives the next failure.
        emulated.fault(Fault::html(502));
        assert!(handle.refresh().await.is_err(), "{name}");
        assert_eq!(handle.caps().knowledge().rest(), Some(36), "{name}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_no_failure() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::byte_order_mark());
    let caps = Registry::new().caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
}

#[tokio::test]
async fn redirects_are_told_and_not_followed() {
    let emulator = Emulator::start().await.unwrap();
    let elsewhere = emulator.portal(Build::rest(36));
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    for (location, to) in [
        (
            elsewhere.url().to_owned(),
            Some(format!("http://{}", emulator.address())),
        ),
        ("/bitrix/coupon_activation.php".to_owned(), None),
        (emulated.webhook_url().to_owned(), None),
    ] {
        emulated.fault(Fault::redirect(&location).once());
        let error = Registry::new().caps(&webhook(&emulated)).await.unwrap_err();
        let Trouble::Moved { to: found } = error.trouble() else {
            panic!("{error}");
        };
        assert_eq!(*found, to);
        assert_eq!(emulated.take_requests().len(), 1);
    }
    assert_eq!(
        elsewhere.requests().len(),
        0,
        "no credential reached another host"
    );
}

#[tokio::test]
async fn a_client_that_follows_redirects_is_refused() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.fault(
        Fault::redirect(&format!(
            "{}imbot.v2.Revision.get",
            emulated.webhook_url().replace("/1/", "/2/")
        ))
        .once(),
    );
    let client = reqwest::Client::new();
    let transport = imbot_caps::transport::ReqwestTransport::with_client(client);
    let error = Registry::builder(transport)
        .build()
        .caps(&webhook(&emulated))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("redirect::Policy::none()"), "{error}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_scope_that_is_missing_proves_the_method() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let url = emulated.add_webhook(Webhook::new(7, "imonly").scopes(["im"]));
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let caps = Registry::new().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (Some(36), Some(true))
    );
    assert_eq!(asked(&emulated), [REVISION, OLD]);

    let emulated = emulator.portal(Build::rest32_without_imbot_v2());
    let url = emulated.add_webhook(Webhook::new(7, "imbotonly").scopes(["imbot"]));
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let caps = Registry::new().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (None, Some(false))
    );
    assert!(caps.check(Feature::ImbotV2ChatMessageSend).is_unsupported());
    assert_eq!(asked(&emulated), [REVISION, OLD, LIST]);
}

#[tokio::test]
async fn a_wrong_address_is_no_old_portal() {
    // A prefix that is not the portal's: everything is "not found" there.
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::error("ERROR_METHOD_NOT_FOUND").status(404));
    let error = Registry::new().caps(&webhook(&emulated)).await.unwrap_err();
    assert!(matches!(error.trouble(), Trouble::NothingFound), "{error}");
    assert!(
        error
            .to_string()
            .contains("check that the address is the portal's REST address"),
        "{error}"
    );
}

/// Gives these tokens in turn, and notes what it was told had expired.
struct Tokens {
    left: Mutex<Vec<&'static str>>,
    expired: Mutex<Vec<String>>,
}

impl Tokens {
    fn new(tokens: &[&'static str]) -> Self {
        Self {
            left: Mutex::new(tokens.iter().rev().copied().collect()),
            expired: Mutex::default(),
        }
    }
}

impl TokenSource for Tokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        if let Some(expired) = expired {
            self.expired.lock().unwrap().push(expired.expose().to_owned());
        }
        let next = self.left.lock().unwrap().pop();
        Box::pin(std::future::ready(
            next.map(AccessToken::new)
                .ok_or_else(|| TokenError::new("none is left")),
        ))
    }
}

#[tokio::test]
async fn an_expired_token_is_replaced_once() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest32_with_imbot_v2());
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1"));
    let tokens = std::sync::Arc::new(Tokens::new(&["first", "second"]));
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), tokens.clone())
        .unwrap();
    // Below imbot.v2.Revision.get the method is not found whatever the token: the
    // next question is the first to meet the expiry.
    let caps = Registry::new().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (Some(32), Some(true))
    );
    let sent: Vec<_> = emulated
        .take_requests()
        .into_iter()
        .map(|request| {
            (
                request.method,
                request.params["auth"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let sent: Vec<_> = sent
        .iter()
        .map(|(method, token)| (method.as_str(), token.as_str()))
        .collect();
    assert_eq!(
        sent,
        [
            (REVISION, "first"),
            (OLD, "first"),
            (OLD, "second"),
            (LIST, "second")
        ]
    );
    assert_eq!(*tokens.expired.lock().unwrap(), ["first"]);
}

#[tokio::test]
async fn a_token_that_stays_expired_is_the_credentials_trouble() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1").expired());
    let tokens = std::sync::Arc::new(Tokens::new(&["first", "second", "third"]));
    let portal = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), tokens.clone())
        .unwrap();
    let error = Registry::new().caps(&portal).await.unwrap_err();
    assert!(error.is_credential(), "{error}");
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
    assert_eq!(tokens.left.lock().unwrap().len(), 1);

    let only = Portal::builder()
        .allow_http()
        .oauth(&emulated.rest_url(), StaticToken::new("first"))
        .unwrap();
    let error = Registry::new().caps(&only).await.unwrap_err();
    assert!(
        error.is_credential() && error.to_string().contains("source that refreshes"),
        "{error}"
    );
}

#[tokio::test]
async fn two_credentials_share_knowledge_and_not_failures() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let wrong = emulated.webhook_url().replace("/rest/1/", "/rest/2/");
    let wrong = Portal::builder().allow_http().webhook(&wrong).unwrap();
    let right = webhook(&emulated);
    assert_eq!(wrong.id(), right.id());
    let registry = Registry::new();
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let leader = tokio::spawn({
        let (registry, wrong) = (registry.clone(), wrong.clone());
        async move { registry.caps(&wrong).await }
    });
    held.arrived(1).await;
    let follower = tokio::spawn({
        let (registry, right) = (registry.clone(), right.clone());
        async move { registry.caps(&right).await }
    });
    tokio::task::yield_now().await;
    held.release();
    assert!(leader.await.unwrap().unwrap_err().is_credential());
    assert_eq!(follower.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(
        registry.caps(&wrong).await.unwrap().knowledge().rest(),
        Some(36),
        "from memory"
    );
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
}

#[tokio::test]
async fn any_number_of_bad_credentials_takes_nothing_from_a_good_one() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let registry = Registry::new();
    let ask = |user: u32| {
        let url = emulated
            .webhook_url()
            .replace("/rest/1/", &format!("/rest/{user}/"));
        let portal = Portal::builder().allow_http().webhook(&url).unwrap();
        let registry = registry.clone();
        tokio::spawn(async move { registry.caps(&portal).await })
    };
    let mut bad: Vec<_> = (2..12).map(ask).collect();
    held.arrived(1).await;
    let good = ask(1);
    bad.extend((12..22).map(ask));
    tokio::task::yield_now().await;
    held.release();
    assert_eq!(good.await.unwrap().unwrap().knowledge().rest(), Some(36));
    for caller in bad {
        // From memory, if the good one came first.
        if let Err(error) = caller.await.unwrap() {
            assert!(error.is_credential(), "{error}");
        }
    }
}

#[tokio::test]
async fn changes_between_two_waits_are_not_missed() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(33));
    let handle = Registry::new().portal(&webhook(&emulated));
    let seen = handle.ready().await.unwrap();
    emulated.set_build(Build::rest(36));
    handle.refresh().await.unwrap();
    assert_eq!(handle.changed_since(&seen).await.knowledge().rest(), Some(36));
}

#[tokio::test]
async fn upgrades_and_restores_are_seen_by_a_refresh_and_told() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let registry = Registry::new();
    let handle = registry.portal(&webhook(&emulated));
    assert!(handle.caps().check(Feature::BotTokenRotation).is_unknown());
    handle.ready().await.unwrap();
    assert!(!handle.caps().supports(Feature::BotTokenRotation));
    for (build, supported) in [
        (Build::rest(35), true),
        (Build::rest(32), false),
        (Build::rest(36), true),
    ] {
        let watching = {
            let handle = handle.clone();
            let (ready, started) = tokio::sync::oneshot::channel();
            let task = tokio::spawn(async move {
                let mut changed = std::pin::pin!(handle.changed());
                // Polled once, it has subscribed; only then the portal may change.
                let first =
                    std::future::poll_fn(|context| std::task::Poll::Ready(changed.as_mut().poll(context)))
                        .await;
                assert!(first.is_pending());
                ready.send(()).unwrap();
                changed.await
            });
            started.await.unwrap();
            task
        };
        emulated.set_build(build);
        let caps = handle.refresh().await.unwrap();
        assert_eq!(caps.supports(Feature::BotTokenRotation), supported);
        assert_eq!(handle.caps().supports(Feature::BotTokenRotation), supported);
        let told = watching.await.unwrap();
        assert_eq!(told.supports(Feature::BotTokenRotation), supported);
    }
}

#[tokio::test]
async fn a_cap_binds_what_portals_say() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let transport = imbot_caps::transport::ReqwestTransport::new();
    let registry = Registry::builder(transport).cap(34).build();
    let caps = registry.caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34));
    assert!(!caps.supports(Feature::BotTokenRotation));
    assert!(
        !registry
            .portal(&webhook(&emulated))
            .caps()
            .supports(Feature::BotTokenRotation)
    );
}

#[tokio::test]
async fn a_probe_that_never_ends_ends() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let transport = imbot_caps::transport::ReqwestTransport::new();
    let registry = Registry::builder(transport)
        .deadline(Duration::from_millis(50))
        .build();
    let error = registry.caps(&webhook(&emulated)).await.unwrap_err();
    assert!(matches!(error.trouble(), Trouble::Deadline(_)), "{error}");
    assert!(error.is_transient());
    held.release();
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let registry = Registry::new();
    let mut caps = std::pin::pin!(registry.caps(&portal));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = caps.as_mut().poll(&mut context) else {
        panic!("it waits for a runtime that is not there");
    };
    assert!(matches!(error.trouble(), Trouble::NoRuntime), "{error}");
}

#[test]
fn a_runtime_that_ends_takes_no_portal_with_it() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let server = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let (registry, portal) = (Registry::new(), webhook(&emulated));
    let first = runtime();
    first.block_on(async {
        let caps = registry.caps(&portal);
        let arrived = held.arrived(1);
        tokio::select! {
            _ = caps => panic!("it is held"),
            () = arrived => {}
        }
    });
    drop(first); // and with it the probe
    let caps = runtime().block_on(registry.caps(&portal)).unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    held.release();
}

#[test]
fn a_runtime_that_stands_still_keeps_nobody_waiting() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let server = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let transport = imbot_caps::transport::ReqwestTransport::new();
    let registry = Registry::builder(transport)
        .deadline(Duration::from_millis(100))
        .build();
    let portal = webhook(&emulated);
    let idle = runtime();
    idle.block_on(async {
        tokio::select! {
            _ = registry.caps(&portal) => panic!("it is held"),
            () = held.arrived(1) => {}
        }
    });
    // `idle` lives on, and with it the probe, but nobody runs it.
    let caps = runtime().block_on(registry.caps(&portal)).unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    held.release();
    drop(idle);
}

/// A transport with a mistake in it.
struct Panicking(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl imbot_caps::transport::Transport for Panicking {
    fn send(
        &self,
        _: imbot_caps::transport::Request,
    ) -> Pin<
        Box<
            dyn Future<
                    Output = Result<imbot_caps::transport::Response, imbot_caps::transport::TransportError>,
                > + Send
                + '_,
        >,
    > {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        panic!("a mistake of the transport");
    }
}

#[tokio::test]
async fn a_panic_of_the_transport_is_an_error_told_once() {
    let sent = std::sync::Arc::default();
    let registry = Registry::builder(Panicking(std::sync::Arc::clone(&sent))).build();
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let error = registry.caps(&portal).await.unwrap_err();
    assert!(matches!(error.trouble(), Trouble::Panicked), "{error}");
    assert_eq!(sent.load(std::sync::atomic::Ordering::Relaxed), 1);
}
