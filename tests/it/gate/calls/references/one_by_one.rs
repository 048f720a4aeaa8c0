//! One call that goes out as several older ones: not in a batch where its text reads like a
//! reference.

use imbot_caps::Portal;
use imbot_caps::portal::StaticToken;
use imbot_caps_emulator::OauthToken;

use super::*;
use crate::support::http::untimed;

async fn chat(client: &Client, id: u64) -> (u64, String) {
    let add = own(id, "imbot.v2.Chat.add").with("fields", json!({"title": "Team", "userIds": [1]}));
    let chat = client.send_call(add).await.unwrap()["chat"].clone();
    (
        chat["id"].as_u64().unwrap(),
        chat["dialogId"].as_str().unwrap().to_owned(),
    )
}

/// A change that older portals take as two calls.
fn two_in_one(id: u64, dialog: &str, title: &str) -> Call {
    own(id, "imbot.v2.Chat.update")
        .with("dialogId", dialog)
        .with("fields", json!({"title": title, "color": "mint"}))
}

const TITLE: &str = "Costs: $result[part0][x] $TIME[part0]";

#[tokio::test]
async fn gate_sends_calls_singly() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let (chat, dialog) = chat(&client, id).await;
    portal.take_requests();
    let answer = client.send_call(two_in_one(id, &dialog, TITLE)).await.unwrap();
    assert_eq!(answer, json!({"result": true}));
    assert_eq!(
        called(&portal),
        ["imbot.chat.updateTitle", "imbot.chat.updateColor"]
    );
    let changed = portal.chats().into_iter().find(|own| own.id == chat).unwrap();
    assert_eq!(
        (changed.title.as_str(), changed.color.as_str()),
        (TITLE, "#4ba984")
    );
    // Other text goes out in one request.
    let other = own(id, "imbot.v2.Chat.update")
        .with("dialogId", dialog)
        .with("fields", json!({"title": "Costs: $5 [a]", "color": "red"}));
    client.send_call(other).await.unwrap();
    assert_eq!(called(&portal), ["batch"]);
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn middleware_sends_calls_singly() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let (chat, dialog) = chat(&client, id).await;
    portal.take_requests();
    let http = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(imbot_caps::gate::GateMiddleware::new(client.gate()))
        .build();
    let call = two_in_one(id, &dialog, TITLE);
    let request = http
        .post(format!("{}{}", portal.webhook_url(), call.method()))
        .header("content-type", "application/json")
        .body(Value::Object(call.params().clone()).to_string());
    let answer: Value =
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(answer["result"], json!({"result": true}));
    assert_eq!(
        called(&portal),
        ["imbot.chat.updateTitle", "imbot.chat.updateColor"]
    );
    let changed = portal.chats().into_iter().find(|own| own.id == chat).unwrap();
    assert_eq!(changed.title, TITLE);
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn tower_sends_calls_singly() {
    use imbot_caps::gate::GateLayer;
    use tower::{Layer, ServiceExt};

    let (portal, client, id) = stage(Build::rest(30)).await;
    let (chat, dialog) = chat(&client, id).await;
    portal.take_requests();
    let address = portal.webhook_url().to_owned();
    let http = reqwest::Client::new();
    let sender = tower::service_fn(move |call: Call| {
        let request = http
            .post(format!("{address}{}", call.method()))
            .header("content-type", "application/json")
            .body(Value::Object(call.params().clone()).to_string());
        async move {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok::<_, reqwest::Error>(Reply::read(status, None, &response.bytes().await?))
        }
    });
    let service = GateLayer::new(client.gate(), &webhook(&portal)).layer(sender);
    let reply = service.oneshot(two_in_one(id, &dialog, TITLE)).await.unwrap();
    assert!(
        matches!(&reply, Reply::Result(result) if result == &json!({"result": true})),
        "{reply:?}"
    );
    assert_eq!(
        called(&portal),
        ["imbot.chat.updateTitle", "imbot.chat.updateColor"]
    );
    let changed = portal.chats().into_iter().find(|own| own.id == chat).unwrap();
    assert_eq!(changed.title, TITLE);
}

#[tokio::test]
async fn split_calls_stop_at_failure() {
    for (fails, done) in [
        ("imbot.chat.updateTitle", false),
        ("imbot.chat.updateColor", true),
    ] {
        let (portal, client, id) = stage(Build::rest(30)).await;
        let (chat, dialog) = chat(&client, id).await;
        portal.take_requests();
        portal.fault(Fault::error("NO_LUCK").on(fails));
        let error = client
            .send_call(two_in_one(id, &dialog, TITLE))
            .await
            .unwrap_err();
        assert_eq!(matches!(error, CallError::Partly(_)), done, "{error}");
        assert_eq!(error.api_error().unwrap().code.to_string(), "NO_LUCK");
        let last = called(&portal).pop();
        assert_eq!(last.as_deref(), Some(fails));
        let changed = portal.chats().into_iter().find(|own| own.id == chat).unwrap();
        assert_eq!(changed.title == TITLE, done);
    }
}

#[tokio::test]
async fn lost_connection_gives_partly_error() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let (_, dialog) = chat(&client, id).await;
    portal.fault(Fault::hang_up().on("imbot.chat.updateColor"));
    let error = client
        .send_call(two_in_one(id, &dialog, TITLE))
        .await
        .unwrap_err();
    assert!(error.may_have_run());
    let CallError::Partly(why) = error else { panic!() };
    assert!(matches!(*why, CallError::Transport(_)), "{why}");
}

/// As the failure of a request it would be repeated from the start.
#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
#[tokio::test]
async fn partial_failure_is_a_reply() {
    use imbot_caps::gate::{GateLayer, GateMiddleware, HttpGateLayer};
    use tower::{Layer, ServiceExt};

    let http = reqwest::Client::new();
    for fault in [
        Fault::hang_up(),
        Fault::half_body(),
        Fault::html(503),
        Fault::redirect("https://elsewhere.example/"),
        Fault::error("QUERY_LIMIT_EXCEEDED"),
    ] {
        for adapter in ["middleware", "layer", "calls"] {
            let case = format!("{fault:?}, {adapter}");
            let (portal, client, id) = stage(Build::rest(30)).await;
            let (_, dialog) = chat(&client, id).await;
            portal.take_requests();
            portal.fault(fault.clone().on("imbot.chat.updateColor"));
            let call = two_in_one(id, &dialog, TITLE);
            let (sender, address) = (http.clone(), portal.webhook_url().to_owned());
            let request = move |call: &Call| {
                let request = sender.post(format!("{address}{}", call.method()));
                let request = request.header("content-type", "application/json");
                let body = Value::Object(call.params().clone()).to_string();
                request.body(body).build().unwrap()
            };
            let answer = match adapter {
                "middleware" => {
                    let chain = reqwest_middleware::ClientBuilder::new(http.clone());
                    let chain = chain.with(GateMiddleware::new(client.gate())).build();
                    Ok(chain.execute(request(&call)).await.unwrap())
                }
                "layer" => {
                    let layer = HttpGateLayer::new(client.gate());
                    Ok(layer.layer(http.clone()).oneshot(request(&call)).await.unwrap())
                }
                _ => {
                    let http = http.clone();
                    let sender = tower::service_fn(move |call: Call| {
                        let sent = http.execute(request(&call));
                        async move {
                            let response = sent.await?;
                            let status = response.status().as_u16();
                            Ok::<_, reqwest::Error>(Reply::read(status, None, &response.bytes().await?))
                        }
                    });
                    let layer = GateLayer::new(client.gate(), &webhook(&portal));
                    Err(layer.layer(sender).oneshot(call).await.unwrap())
                }
            };
            let reply = match answer {
                Ok(response) => {
                    assert_eq!(response.status(), 400, "{case}");
                    Reply::read(400, None, &response.bytes().await.unwrap())
                }
                Err(reply) => reply,
            };
            let Reply::Error(error) = reply else {
                panic!("{case}: {reply:?}")
            };
            assert!(error.has_result, "{case}: {error}");
            let is_of_api = error.code == "QUERY_LIMIT_EXCEEDED";
            assert!(is_of_api || error.code == "PARTLY_DONE", "{case}: {error}");
            assert_eq!(
                called(&portal),
                ["imbot.chat.updateTitle", "imbot.chat.updateColor"],
                "{case}"
            );
        }
    }
}

#[tokio::test]
async fn reference_like_handler_is_unbound() {
    const OLD: &str = "https://old.example/$result[bots][x]";
    const NEW: &str = "https://new.example/events";
    let portal = portal(Build::rest(33)).await;
    portal.add_token(OauthToken::new(ACCESS, "local.app"));
    let at = Portal::builder()
        .allow_http()
        .oauth(&portal.rest_url(), StaticToken::new(ACCESS))
        .unwrap();
    let client = untimed().client(&at);
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": OLD,
    });
    let made = client
        .call("imbot.v2.Bot.register", json!({"fields": fields}))
        .await
        .unwrap();
    assert!(portal.subscriptions().iter().any(|url| url == OLD));
    portal.take_requests();
    let moving = json!({"botId": made["bot"]["id"], "fields": {"webhookUrl": NEW}});
    client.call(UPDATE, moving).await.unwrap();
    let kept = portal.subscriptions();
    assert!(kept.iter().all(|url| url == NEW), "{kept:?}");
    let asked = called(&portal);
    assert!(asked.iter().any(|method| method == "event.unbind"), "{asked:?}");
}
