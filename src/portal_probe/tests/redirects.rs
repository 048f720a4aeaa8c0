//! A renamed portal is followed by leave alone, once, and with the whole request.

use serde_json::json;

use super::*;
use crate::portal::StaticToken;
use imbot_caps_emulator::{Fault, OauthToken};

/// Two portals at the roots of two ports, which know the same webhook: the old
/// address leads to the new one.
async fn renamed(build: Build) -> (EmulatedPortal, EmulatedPortal) {
    let names = ["old.bitrix24.com", "new.bitrix24.com", "new.bitrix24.de"];
    let named = || {
        names
            .into_iter()
            .fold(Emulator::builder(), |builder, name| builder.allowed_host(name))
    };
    let old = named().start_single(build.clone()).await.unwrap();
    let new = named().start_single(build).await.unwrap();
    let path = |emulated: &EmulatedPortal| {
        let url = emulated.webhook_url();
        url.split_once("/rest/").unwrap().1.to_owned()
    };
    assert_eq!(path(&old), path(&new));
    old.fault(Fault::moved(new.url()));
    (old, new)
}

/// Host and port.
fn authority(emulated: &EmulatedPortal) -> &str {
    emulated.url().trim_start_matches("http://").trim_end_matches('/')
}

fn allowing(hosts: &[&str]) -> Prober {
    Prober {
        redirects: Redirects::to_hosts(hosts).unwrap(),
        ..Prober::default()
    }
}

#[tokio::test]
async fn unallowed_redirect_sends_nothing() {
    let (old, new) = renamed(Build::rest(36)).await;
    for redirects in [
        Redirects::deny(),
        Redirects::same_site(),
        Redirects::any_cloud_portal(),
        Redirects::to_hosts(["127.0.0.1", "127.0.0.1:1", "new.example"]).unwrap(),
    ] {
        let prober = Prober {
            redirects,
            ..Prober::default()
        };
        let (found, pauses) = prober.ask(&old).await;
        let error = found.unwrap_err();
        let ProbeErrorKind::Moved { to: Some(to) } = error.kind() else {
            panic!("{error}");
        };
        assert_eq!(format!("{to}/"), new.url());
        assert_eq!((error.class(), pauses), (ProbeErrorClass::Moved, vec![]));
        assert_eq!(asked(&old), [REVISION_GET]);
        assert!(new.requests().is_empty());
    }
}

#[tokio::test]
async fn allowed_redirect_moves_whole_probe() {
    for status in [301, 302, 307, 308] {
        let (old, new) = renamed(Build::rest32_with_imbot_v2()).await;
        old.clear_faults();
        old.fault(Fault::moved(new.url()).status(status));
        for emulated in [&old, &new] {
            emulated.add_token(OauthToken::new("t0ken", "app.1"));
        }
        let portal = Portal::builder()
            .allow_http()
            .oauth(&old.rest_url(), StaticToken::new("t0ken"))
            .unwrap();
        let (found, pauses) = allowing(&[authority(&new)]).probe(old.clock(), &portal).await;
        let found = found.unwrap();
        assert_eq!(
            (found.known.rest(), found.known.imbot_v2()),
            (Some(32), Some(true))
        );
        assert_eq!(found.moved_to, Some(new.rest_url()));
        assert!(pauses.is_empty(), "{pauses:?}");
        assert_eq!(asked(&old), [REVISION_GET]);
        let requests = new.take_requests();
        let methods: Vec<_> = requests.iter().map(|request| &*request.method).collect();
        assert_eq!(methods, [REVISION_GET, BATCH]);
        for request in &requests {
            assert_eq!(request.verb, "POST", "{status}");
            assert_eq!(request.params["auth"], "t0ken", "{status}: the body goes along");
            assert_eq!(request.header("content-type"), Some("application/json"));
            assert_eq!(request.header("referer"), None);
            assert_eq!(request.path, format!("/rest/{}", request.method));
        }
        assert_eq!(requests[1].params["cmd"]["bots"], BOT_LIST);
    }
}

#[tokio::test]
async fn later_request_may_be_redirected() {
    let (old, new) = renamed(Build::rest(31)).await;
    old.clear_faults();
    old.fault(Fault::moved(new.url()).on(BATCH));
    let (found, _) = allowing(&[authority(&new)]).ask(&old).await;
    let found = found.unwrap();
    assert_eq!(found.known.rest(), Some(31));
    assert_eq!(found.moved_to, Some(new.rest_url()));
    assert_eq!(asked(&old), [REVISION_GET, BATCH]);
    assert_eq!(asked(&new), [BATCH]);
}

#[tokio::test]
async fn second_redirect_is_not_followed() {
    let (old, new) = renamed(Build::rest(36)).await;
    let newest = Emulator::start_single(Build::rest(36)).await.unwrap();
    new.fault(Fault::moved(newest.url()));
    let hosts = [&old, &new, &newest].map(authority);
    let (found, _) = allowing(&hosts).ask(&old).await;
    let error = found.unwrap_err();
    let ProbeErrorKind::Moved { to: Some(to) } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(format!("{to}/"), newest.url());
    assert_eq!((asked(&old).len(), asked(&new).len()), (1, 1));
    assert!(newest.requests().is_empty());

    // Two that lead to each other.
    new.clear_faults();
    new.fault(Fault::moved(old.url()));
    let (found, _) = allowing(&hosts).ask(&old).await;
    assert_eq!(found.unwrap_err().class(), ProbeErrorClass::Moved);
    assert_eq!((asked(&old).len(), asked(&new).len()), (1, 1));
}

#[tokio::test]
async fn redirect_to_page_is_blocked() {
    let (old, new) = renamed(Build::rest(36)).await;
    let own = format!("{}{REVISION_GET}", old.webhook_url());
    for location in [
        "/bitrix/coupon_activation.php",
        "http://localhost/bitrix/coupon_activation.php",
        "https://sso.example/login?backurl=/rest/1/x",
        old.url(),
        old.webhook_url(),
        &own,
        "",
        new.url(),
        &new.rest_url(),
        new.webhook_url(),
        &format!("{}{BATCH}", new.webhook_url()),
        &format!("{}login?to={REVISION_GET}", new.webhook_url()),
    ] {
        old.clear_faults();
        old.fault(Fault::redirect(location));
        for prober in [
            allowing(&[
                authority(&old),
                authority(&new),
                "localhost:80",
                "sso.example:443",
            ]),
            allowing(&["127.0.0.1"]),
            Prober::default(),
        ] {
            let (found, _) = prober.ask(&old).await;
            let error = found.unwrap_err();
            assert!(
                matches!(error.kind(), ProbeErrorKind::Moved { to: None }),
                "{error}"
            );
            assert_eq!(error.class(), ProbeErrorClass::Blocked);
            assert!(
                error.to_string().contains("its licence may have expired"),
                "{error}"
            );
            assert_eq!(asked(&old), [REVISION_GET]);
        }
    }
    assert!(new.requests().is_empty());
}

#[tokio::test]
async fn other_redirect_statuses_are_malformed() {
    let (old, new) = renamed(Build::rest(36)).await;
    for status in [300, 303, 304, 305, 306, 399] {
        old.clear_faults();
        old.fault(Fault::moved(new.url()).status(status));
        let (found, _) = allowing(&[authority(&new)]).ask(&old).await;
        let error = found.unwrap_err();
        assert_eq!(error.class(), ProbeErrorClass::Malformed, "{status}: {error}");
        assert_eq!(asked(&old), [REVISION_GET], "{status}");
    }
    assert!(new.requests().is_empty());
}

#[tokio::test]
async fn cloud_move_needs_permission() {
    let (old, new) = renamed(Build::rest(36)).await;
    let address = |emulated: &EmulatedPortal| authority(emulated).parse().unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .resolve("old.bitrix24.com", address(&old))
        .resolve("new.bitrix24.com", address(&new))
        .resolve("new.bitrix24.de", address(&new))
        .build()
        .unwrap();
    let following = |redirects| Prober {
        transport: ReqwestTransport::with_client(client.clone()),
        redirects,
        ..Prober::default()
    };
    let path = old.webhook_url().split_once("/rest/").unwrap().1;
    let portal = webhook(&format!("http://old.bitrix24.com/rest/{path}"));

    old.clear_faults();
    // Names of two customers are not one site.
    for to in ["http://new.bitrix24.com/", "http://new.bitrix24.de/"] {
        old.fault(Fault::moved(to).once());
        let (found, _) = following(Redirects::same_site())
            .probe(old.clock(), &portal)
            .await;
        assert_eq!(found.unwrap_err().class(), ProbeErrorClass::Moved);
        assert_eq!((asked(&old).len(), asked(&new).len()), (1, 0));
    }

    old.fault(Fault::moved("http://new.bitrix24.com/").once());
    let prober = following(Redirects::any_cloud_portal());
    let (found, _) = prober.probe(old.clock(), &portal).await;
    let found = found.unwrap();
    assert_eq!(found.known.rest(), Some(36));
    assert_eq!(found.moved_to.as_deref(), Some("http://new.bitrix24.com/rest/"));
    assert_eq!(asked(&old), [REVISION_GET]);
    let requests = new.take_requests();
    assert!(matches!(&*requests, [request] if request.params == json!({})));
    assert_eq!(requests[0].header("host"), Some("new.bitrix24.com"));
    assert_eq!(requests[0].header("referer"), None);
}
