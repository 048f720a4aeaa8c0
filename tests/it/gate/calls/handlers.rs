//! Handlers of events that older portals leave behind: removed where it is sure that
//! nobody needs them.

use imbot_caps::Portal;
use imbot_caps::gate::Client;
use imbot_caps::portal::StaticToken;
use imbot_caps::wire::Call;
use imbot_caps_emulator::{Build, EmulatedPortal, Fault, OauthToken};
use serde_json::json;

use super::*;
use crate::support::http::untimed;

/// A portal with one application that has bots with these addresses.
async fn application(build: Build, urls: &[&str]) -> (EmulatedPortal, Client, Vec<u64>) {
    let portal = portal(build).await;
    portal.add_token(OauthToken::new(ACCESS, "local.app"));
    let at = Portal::builder()
        .allow_http()
        .oauth(&portal.rest_url(), StaticToken::new(ACCESS))
        .unwrap();
    let client = untimed().client(&at);
    let mut ids = Vec::new();
    for (nth, url) in urls.iter().enumerate() {
        let fields = json!({
            "code": format!("bot{nth}"), "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": url,
        });
        let registered = client
            .call("imbot.v2.Bot.register", json!({"fields": fields}))
            .await;
        ids.push(registered.unwrap()["bot"]["id"].as_u64().unwrap());
    }
    (portal, client, ids)
}

const OLD: &str = "https://old.example/events";
const NEW: &str = "https://new.example/events";

async fn moves(client: &Client, bot: u64, to: &str) {
    client
        .call(UPDATE, json!({"botId": bot, "fields": {"webhookUrl": to}}))
        .await
        .unwrap();
}

#[tokio::test]
async fn leftover_handlers_are_removed() {
    let (portal, client, ids) = application(Build::rest(33), &[OLD]).await;
    portal.take_requests();
    moves(&client, ids[0], NEW).await;
    assert_eq!(called(&portal), [UPDATE, "batch", "batch"]);
    assert!(
        portal.subscriptions().iter().all(|url| url == NEW),
        "{:?}",
        portal.subscriptions()
    );
    // The same address again: there is nothing to remove.
    moves(&client, ids[0], NEW).await;
    assert_eq!(called(&portal), [UPDATE, "batch"]);
    assert!(portal.subscriptions().iter().any(|url| url == NEW));
    // What does not touch the address needs no look.
    let profile = json!({"botId": ids[0], "fields": {"properties": {"name": "Bea"}}});
    client.call(UPDATE, profile).await.unwrap();
    assert_eq!(called(&portal), [UPDATE]);
}

#[tokio::test]
async fn shared_handlers_are_kept() {
    let (portal, client, ids) = application(Build::rest(33), &[OLD, OLD]).await;
    portal.take_requests();
    moves(&client, ids[0], NEW).await;
    assert_eq!(called(&portal), [UPDATE, "batch"], "asked, and nothing removed");
    assert!(portal.subscriptions().iter().any(|url| url == OLD));
    let gone = json!({"botId": ids[0]});
    client.call("imbot.v2.Bot.unregister", gone).await.unwrap();
    assert_eq!(called(&portal), ["imbot.v2.Bot.unregister", "batch"]);
    assert!(portal.subscriptions().iter().any(|url| url == OLD));
}

#[tokio::test]
async fn last_unregister_removes_handlers() {
    let (portal, client, ids) = application(Build::rest(33), &[OLD]).await;
    client
        .call("imbot.v2.Bot.unregister", json!({"botId": ids[0]}))
        .await
        .unwrap();
    assert_eq!(portal.subscriptions(), [""; 0]);
}

#[tokio::test]
async fn newer_portals_need_no_handler_cleanup() {
    let (portal, client, ids) = application(Build::rest(35), &[OLD]).await;
    portal.take_requests();
    moves(&client, ids[0], NEW).await;
    assert_eq!(called(&portal), [UPDATE]);

    // A webhook may neither list nor remove handlers.
    let portal = self::portal(Build::rest(33)).await;
    let client = self::client(&portal);
    let id = bot(&client).await;
    portal.take_requests();
    let call = Call::new(UPDATE)
        .with("botId", id)
        .with("botToken", "old")
        .with("fields", json!({"webhookUrl": format!("{NEW}?CLIENT_ID=old")}));
    client.send_call(call).await.unwrap();
    assert_eq!(called(&portal), [UPDATE]);
    let report = client.gate().report();
    let cleanup = report
        .features
        .iter()
        .find(|feature| feature.row.id() == "events.subscription_cleanup");
    assert_eq!(cleanup.unwrap().observed.calls, 1, "told as not done:\n{report}");
    // Neither a bot that polls nor a profile leaves a handler behind, and a bot that is
    // gone hears nothing at any address.
    for fields in [
        json!({"eventMode": "fetch", "webhookUrl": NEW}),
        json!({"properties": {"name": "Bea"}}),
    ] {
        let params = json!({"botId": id, "botToken": "old", "fields": fields});
        client.call(UPDATE, params).await.unwrap();
    }
    let gone = json!({"botId": id, "botToken": "old"});
    client.call("imbot.v2.Bot.unregister", gone).await.unwrap();
    let report = client.gate().report();
    let cleanup = report
        .features
        .iter()
        .find(|feature| feature.row.id() == "events.subscription_cleanup");
    assert_eq!(cleanup.unwrap().observed.calls, 1, "{report}");
}

#[tokio::test]
async fn failed_cleanup_keeps_call_result() {
    let (portal, client, ids) = application(Build::rest(33), &[OLD]).await;
    for fault in [Fault::html(502), Fault::hang_up(), Fault::error("ACCESS_DENIED")] {
        portal.fault(fault.on("batch").once());
        moves(&client, ids[0], NEW).await;
    }
}

/// However many handlers a portal lists, one call makes some requests.
#[tokio::test]
async fn many_handlers_make_few_requests() {
    for url in ["https://old.example/?x=", "$result[a]"] {
        let (portal, client, ids) = application(Build::rest(33), &[OLD]).await;
        portal.take_requests();
        let listed = |nth: usize| json!({"event": "ONIMBOTV2MESSAGEADD", "handler": format!("{url}{nth}")});
        let mut handlers: Vec<_> = (0..2_000).map(listed).collect();
        handlers.push(json!({"event": "ONIMBOTV2MESSAGEADD", "handler": NEW}));
        portal.fault(
            Fault::result(json!(handlers))
                .on("event.get")
                .inside_batch()
                .once(),
        );
        moves(&client, ids[0], NEW).await;
        let called = called(&portal);
        assert!((3..=16).contains(&called.len()), "{url}: {called:?}");
    }
}
