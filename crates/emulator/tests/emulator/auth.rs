//! The token endpoint, at an address of its own.

use std::time::Duration;

use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Fault, Installation};
use serde_json::json;

use crate::client::{Answer, get, post, send};

async fn refresh(portal: &EmulatedPortal, secret: &str, refresh_token: &str) -> Answer {
    let token_url = portal.auth_server().token_url();
    get(&format!(
        "{token_url}?grant_type=refresh_token&client_id=local.app\
         &client_secret={secret}&refresh_token={refresh_token}"
    ))
    .await
}

async fn installed() -> (EmulatedPortal, Installation) {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    portal.clock().stop();
    let installation = portal.install(App::new("local.app", "secret").scopes(["imbot"]));
    (portal, installation)
}

#[tokio::test]
async fn expired_token_is_refreshed() {
    let (portal, first) = installed().await;
    let url = format!("{}imbot.v2.Revision.get", first.client_endpoint);
    assert_eq!(post(&url, &json!({"auth": first.access_token})).await.status, 200);
    portal.clock().advance(Duration::from_secs(3_600));
    assert_eq!(
        post(&url, &json!({"auth": first.access_token})).await.code(),
        "expired_token"
    );

    let answer = refresh(&portal, "secret", &first.refresh_token).await;
    assert_eq!(answer.status, 200);
    let mut tokens = answer.json();
    assert_eq!(
        post(&url, &json!({"auth": tokens["access_token"].take()}))
            .await
            .status,
        200
    );
    assert_ne!(tokens["refresh_token"].take(), first.refresh_token);
    let authority = portal.auth_server().token_url();
    let authority = authority.split('/').nth(2).unwrap();
    assert!(!portal.url().contains(authority));
    assert!(tokens["expires"].take().is_u64());
    let rest = json!({
        "access_token": null,
        "expires": null,
        "expires_in": 3_600,
        "scope": "imbot",
        "domain": authority,
        "server_endpoint": format!("http://{authority}/rest/"),
        "status": "L",
        "client_endpoint": portal.rest_url(),
        "member_id": portal.member_id(),
        "user_id": 1,
        "refresh_token": null,
    });
    assert_eq!(tokens, rest);
    assert_eq!(portal.auth_server().server_endpoint(), rest["server_endpoint"]);

    let requests = portal.auth_server().take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method, "refresh_token");
    assert_eq!(requests[0].params["client_id"], "local.app");
    assert!(portal.auth_server().requests().is_empty());
}

#[tokio::test]
async fn refresh_token_works_once_and_expires() {
    let (portal, first) = installed().await;
    let renewed = refresh(&portal, "secret", &first.refresh_token).await.json();
    let again = refresh(&portal, "secret", &first.refresh_token).await;
    assert_eq!((again.status, again.code().as_str()), (400, "invalid_grant"));

    let second = renewed["refresh_token"].as_str().unwrap();
    portal.clock().advance(Duration::from_secs(180 * 86_400));
    assert_eq!(refresh(&portal, "secret", second).await.code(), "invalid_grant");
    let other = portal.install(App::new("local.app", "secret"));
    portal.auth_server().revoke(&other.refresh_token);
    let third = refresh(&portal, "secret", &other.refresh_token).await;
    assert_eq!(third.code(), "invalid_grant");
}

#[tokio::test]
async fn token_request_must_be_valid() {
    let (portal, first) = installed().await;
    let wrong = refresh(&portal, "wrong", &first.refresh_token).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "invalid_client"));
    let url = portal.auth_server().token_url();
    assert_eq!(get(&url).await.code(), "invalid_request");
    assert_eq!(get(&format!("{url}x")).await.status, 404);
    // The form of the protocol does as well as the documentation's query.
    let form = format!(
        "grant_type=refresh_token&client_id=local.app&client_secret=secret&refresh_token={}",
        first.refresh_token
    );
    let posted = send("POST", &url, "", form.as_bytes()).await.unwrap();
    assert_eq!(posted.status, 200);
}

#[tokio::test]
async fn auth_server_has_own_faults() {
    let (portal, first) = installed().await;
    let auth = portal.auth_server();
    auth.fault(Fault::html(502).on("refresh_token").once());
    auth.fault(Fault::error("PAYMENT_REQUIRED").once());
    let ask = || refresh(&portal, "secret", &first.refresh_token);
    assert_eq!(ask().await.status, 502);
    assert_eq!(ask().await.code(), "PAYMENT_REQUIRED");
    auth.fault(Fault::html(502));
    auth.clear_faults();
    assert_eq!(ask().await.status, 200);
}

#[tokio::test]
async fn portals_share_auth_server_not_tokens() {
    let emulator = Emulator::start().await.unwrap();
    let (one, two) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(33)));
    let app = App::new("local.app", "secret");
    let (first, second) = (one.install(app.clone()), two.install(app));
    assert_eq!(emulator.auth_server().token_url(), one.auth_server().token_url());
    assert_ne!(first.member_id, second.member_id);
    let url = format!("{}server.time", two.rest_url());
    let foreign = post(&url, &json!({"auth": first.access_token})).await;
    assert_eq!(foreign.code(), "invalid_token");
    let renewed = refresh(&two, "secret", &second.refresh_token).await.json();
    assert_eq!(renewed["member_id"], second.member_id);
}
