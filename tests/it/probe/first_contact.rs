//! First contact over the wire: what is asked, and what is made of the answers.
//! The portals are emulated; assertions are on what they received.

use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::{Caps, Feature, Portal, ProbeError, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault, Imbot, StatusBasis, Webhook};

use crate::support::http::{BATCH, OLD, REVISION, asked, untimed, untimed_builder, webhook};
use crate::support::simulated_clock::Pace;

async fn learn(build: Build) -> (Result<Caps, ProbeError>, Vec<String>) {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(build);
    let caps = untimed().caps(&webhook(&emulated)).await;
    (caps, asked(&emulated))
}

#[tokio::test]
async fn every_build_needs_minimal_requests() {
    for statuses in [StatusBasis::Source, StatusBasis::Documented] {
        for (build, rest, api, questions) in [
            (Build::rest(18), 18, false, &[REVISION, BATCH][..]),
            (Build::rest(30), 30, false, &[REVISION, BATCH]),
            (Build::rest(31), 31, false, &[REVISION, BATCH]),
            (Build::rest32_without_imbot_v2(), 32, false, &[REVISION, BATCH]),
            (Build::rest32_with_imbot_v2(), 32, true, &[REVISION, BATCH]),
            (
                Build::rest(33).imbot(Imbot::WithoutV2),
                33,
                false,
                &[REVISION, BATCH],
            ),
            (
                Build::rest(33).imbot(Imbot::WithoutRevisionGet),
                33,
                true,
                &[REVISION, BATCH],
            ),
            (
                Build::rest(33).imbot(Imbot::NotInstalled),
                33,
                false,
                &[REVISION, BATCH],
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
            let (caps, asked) = learn(build.status_basis(statuses)).await;
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
async fn caps_match_every_shipped_build() {
    let emulator = Emulator::start().await.unwrap();
    let mut builds = 0;
    let count = &mut builds;
    emulator
        .on_every_build(|emulated| {
            *count += 1;
            async move {
                emulated.strict();
                let caps = untimed().caps(&webhook(&emulated)).await.unwrap();
                assert_eq!(
                    caps.features(),
                    emulated.build().caps().features(),
                    "{emulated:?}"
                );
                emulated.assert_no_violations();
            }
        })
        .await;
    assert_eq!(
        builds,
        imbot_caps::Table::builtin().releases().len() + 1,
        "and both kinds of one"
    );
}

#[tokio::test]
async fn first_request_matches_documentation() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    imbot_caps::Registry::new()
        .caps(&webhook(&emulated))
        .await
        .unwrap();
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
async fn failures_never_mean_old_portal() {
    let emulator = Emulator::start().await.unwrap();
    let pace = Pace::new(emulator.clock());
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
        ("10 MB", Fault::big_body(10_000_000), false, false),
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
        ("moved", Fault::moved("https://new.example/"), false, false),
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
        let registry = Registry::builder(pace.transport()).clock(pace.clone()).build();
        let portal = webhook(&emulated);
        let handle = registry.handle(&portal);
        let error = pace.run(registry.caps(&portal)).await.expect_err(name);
        assert_eq!(error.is_transient(), transient, "{name}: {error}");
        assert_eq!(error.is_credential(), credential, "{name}: {error}");
        assert!(handle.caps().check(Feature::SystemMessage).is_unknown(), "{name}");
        let requests = asked(&emulated);
        assert!(
            requests.iter().all(|method| method == REVISION),
            "{name}: {requests:?}"
        );

        emulated.clear_faults();
        let caps = pace
            .run(handle.refresh())
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(caps.knowledge().rest(), Some(36), "{name}");

        // What was learned outlives the next failure.
        emulated.fault(Fault::html(502));
        assert!(pace.run(handle.refresh()).await.is_err(), "{name}");
        assert_eq!(handle.caps().knowledge().rest(), Some(36), "{name}");
    }
}

#[tokio::test]
async fn byte_order_mark_is_accepted() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::byte_order_mark());
    let caps = untimed().caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
}

#[tokio::test]
async fn redirects_are_reported_not_followed() {
    let emulator = Emulator::start().await.unwrap();
    let elsewhere = emulator.portal(Build::rest(36));
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let new = format!("http://{}", emulator.address());
    for (fault, to) in [
        (Fault::moved(&new), Some(new.clone())),
        (Fault::redirect(elsewhere.url()), None),
        (Fault::redirect("/bitrix/coupon_activation.php"), None),
        (Fault::redirect(emulated.webhook_url()), None),
    ] {
        emulated.fault(fault.once());
        let error = untimed().caps(&webhook(&emulated)).await.unwrap_err();
        let ProbeErrorKind::Moved { to: found } = error.kind() else {
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
async fn redirect_following_client_is_rejected() {
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
async fn missing_scope_still_proves_method() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let url = emulated.add_webhook(Webhook::new(7, "imonly").scopes(["im"]));
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let caps = untimed().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (Some(36), Some(true))
    );
    assert_eq!(asked(&emulated), [REVISION, OLD]);

    let emulated = emulator.portal(Build::rest32_without_imbot_v2());
    let url = emulated.add_webhook(Webhook::new(7, "imbotonly").scopes(["imbot"]));
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let caps = untimed().caps(&portal).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (None, Some(false))
    );
    assert!(caps.check(Feature::ImbotV2ChatMessageSend).is_unsupported());
    assert_eq!(asked(&emulated), [REVISION, BATCH]);
}

#[tokio::test]
async fn wrong_address_is_reported() {
    // A prefix that is not the portal's: everything is "not found" there.
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::error("ERROR_METHOD_NOT_FOUND").status(404));
    let error = untimed().caps(&webhook(&emulated)).await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ProbeErrorKind::NothingFound {
                portal_answers: false
            }
        ),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("check that the address is the portal's REST address"),
        "{error}"
    );
}

#[tokio::test]
async fn cap_limits_reported_revision() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let registry = untimed_builder().max_revision(34).build();
    let caps = registry.caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34));
    assert!(!caps.supports(Feature::BotTokenRotation));
    assert!(
        !registry
            .handle(&webhook(&emulated))
            .caps()
            .supports(Feature::BotTokenRotation)
    );
}
