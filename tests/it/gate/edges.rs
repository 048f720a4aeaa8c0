//! What the gate promises, tried from its edges. Each test is named for its promise.

use imbot_caps::gate::{Batch, Client, Gate, GateMiddleware};
use imbot_caps::plan::{Mode, Policy, plan};
use imbot_caps::portal::StaticToken;
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Caps, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Imbot, OauthToken};
use reqwest::{Method, Request};
use reqwest_middleware::ClientBuilder;
use serde_json::{Value, json};

use crate::support::http::untimed;

mod rotation;
mod settings;

const UPDATE: &str = "imbot.v2.Bot.update";
const SEND: &str = "imbot.v2.Chat.Message.send";
const TOKEN: &str = "t0ken-of-the-bot";
const ACCESS: &str = "0a1b2c3d4e5f";
const OLD: &str = "https://old.example/events";
const NEW: &str = "https://new.example/events";

fn webhook(portal: &EmulatedPortal) -> Portal {
    let builder = Portal::builder().allow_http();
    builder.webhook(portal.webhook_url()).unwrap()
}

/// A portal with a bot, and a client for it.
async fn stage(build: Build) -> (EmulatedPortal, Client, u64) {
    let portal = Emulator::start_single(build).await.unwrap();
    let client = untimed().client(&webhook(&portal));
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
        "webhookUrl": format!("{OLD}?CLIENT_ID={TOKEN}"),
    });
    let made = client
        .call(
            "imbot.v2.Bot.register",
            json!({"botToken": TOKEN, "fields": fields}),
        )
        .await
        .unwrap();
    portal.take_requests();
    let id = made["bot"]["id"].as_u64().unwrap();
    (portal, client, id)
}

fn rotation(bot: u64) -> Value {
    json!({"botId": bot, "botToken": TOKEN, "fields": {"botToken": "new"}})
}

/// What came in, but for questions about the revision.
fn came(portal: &EmulatedPortal) -> Vec<String> {
    let methods = portal.take_requests().into_iter().map(|own| own.method);
    methods.filter(|own| !own.ends_with("evision.get")).collect()
}

async fn through(gate: &Gate, url: &str, content_type: &str, body: String) -> bool {
    let client = ClientBuilder::new(reqwest::Client::new())
        .with(GateMiddleware::new(gate))
        .build();
    let mut request = Request::new(Method::POST, url.parse().unwrap());
    request
        .headers_mut()
        .insert("content-type", content_type.parse().unwrap());
    *request.body_mut() = Some(body.into());
    client.execute(request).await.is_ok()
}

#[tokio::test]
async fn partial_call_may_have_run() {
    for code in [
        "OPERATION_TIME_LIMIT",
        "insufficient_scope",
        "ERROR_METHOD_NOT_FOUND",
    ] {
        let (portal, client, id) = stage(Build::rest(30)).await;
        let made = client
            .call(
                "imbot.v2.Chat.add",
                json!({"botId": id, "botToken": TOKEN, "fields": {"title": "Team", "userIds": [1]}}),
            )
            .await
            .unwrap();
        portal.fault(Fault::error(code).on("imbot.chat.updateColor").inside_batch());
        let error = client
            .call(
                "imbot.v2.Chat.update",
                json!({
                    "botId": id, "botToken": TOKEN, "dialogId": made["chat"]["dialogId"],
                    "fields": {"title": "The team", "color": "mint"},
                }),
            )
            .await
            .unwrap_err();
        let renamed = portal.chats().iter().any(|chat| chat.title == "The team");
        assert!(renamed, "{error}");
        assert!(error.may_have_run(), "{code}: the title is another now: {error}");
    }
}

#[tokio::test]
async fn split_call_error_is_redacted() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    portal.fault(
        Fault::error(format!("WRONG {TOKEN}"))
            .on("imbot.chat.updateTitle")
            .inside_batch(),
    );
    let error = client
        .call(
            "imbot.v2.Chat.update",
            json!({
                "botId": id, "botToken": TOKEN, "dialogId": "chat5",
                "fields": {"title": "The team", "color": "mint"},
            }),
        )
        .await
        .unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn list_batch_error_is_redacted() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    portal.fault(Fault::error(format!("WRONG {TOKEN}")).on("batch"));
    let command = format!("{SEND}?botId={id}&botToken={TOKEN}");
    let call = Call::new("batch").with("cmd", json!([command]));
    let error = client.send_call(call).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(TOKEN), "{shown}");
}

/// A portal with one application that has one bot at [`OLD`].
async fn application(build: Build) -> (EmulatedPortal, Client, u64) {
    let portal = Emulator::start_single(build).await.unwrap();
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
        .await;
    let id = made.unwrap()["bot"]["id"].as_u64().unwrap();
    (portal, client, id)
}

/// Moves the bot without a gate.
async fn moved(portal: &EmulatedPortal, bot: u64, to: &str) {
    let body = json!({"auth": ACCESS, "botId": bot, "fields": {"webhookUrl": to}}).to_string();
    let request = reqwest::Client::new()
        .post(format!("{}{UPDATE}", portal.rest_url()))
        .header("content-type", "application/json")
        .body(body);
    let reply = request.send().await.unwrap();
    let status = reply.status().as_u16();
    let reply = Reply::read(status, None, &reply.bytes().await.unwrap());
    assert!(matches!(reply, Reply::Result(_)), "{reply:?}");
}

#[tokio::test]
async fn unexecuted_command_removes_no_handler() {
    let (portal, client, id) = application(Build::rest(33)).await;
    moved(&portal, id, NEW).await;
    portal.take_requests();
    let back = Call::new(UPDATE)
        .with("botId", id)
        .with("fields", json!({"webhookUrl": OLD}));
    let replies = client
        .batch(Batch::from([("no", Call::new("no.such.method")), ("back", back)]).halt())
        .await
        .unwrap();
    assert_eq!(replies.get("back"), None, "it did not run");
    let kept = portal.subscriptions();
    assert!(kept.iter().any(|url| url == NEW), "{kept:?}");
}

#[tokio::test]
async fn all_useless_handlers_are_removed() {
    let (portal, client, id) = application(Build::rest(33)).await;
    for nth in 0..9 {
        moved(&portal, id, &format!("https://old.example/{nth}")).await;
    }
    let before = portal.subscriptions().len();
    let moving = json!({"botId": id, "fields": {"webhookUrl": NEW}});
    client.call(UPDATE, moving).await.unwrap();
    let kept = portal.subscriptions();
    let useless = kept.iter().filter(|url| *url != NEW).count();
    assert_eq!(useless, 0, "of {before}");
}

#[tokio::test]
async fn proxy_page_proves_nothing() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    for method in ["imbot.v2.Revision.get", "im.revision.get", "batch"] {
        portal.fault(Fault::html(502).on(method));
    }
    portal.fault(Fault::html(200).on("imbot.v2.Chat.get"));
    let gate = Gate::new(&untimed());
    let url = format!("{}imbot.v2.Chat.get", portal.webhook_url());
    let body = json!({"botId": 1, "dialogId": "chat5"}).to_string();
    assert!(through(&gate, &url, "application/json", body).await);
    let handle = gate.registry().handle(&webhook(&portal));
    assert_eq!(handle.caps().knowledge().imbot_v2(), None);
}

#[tokio::test]
async fn absent_batch_commands_share_probe() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    for method in ["imbot.v2.Revision.get", "im.revision.get"] {
        portal.fault(Fault::html(502).on(method));
    }
    let client = untimed().client(&webhook(&portal));
    let calls = (0..10).map(|nth| {
        let call = Call::new("imbot.v2.Chat.leave")
            .with("botId", 1)
            .with("dialogId", "chat5");
        (format!("c{nth}"), call)
    });
    client.batch(calls).await.unwrap();
    let asked = portal.count("imbot.v2.Revision.get");
    // A probe tries three times.
    assert!(asked <= 6, "asked {asked} times");
}

#[tokio::test]
async fn inactive_gate_forwards_call_unchanged() {
    for mode in [Mode::Off, Mode::Observe] {
        let (portal, client, id) = stage(Build::rest32_with_imbot_v2()).await;
        let gate = Gate::builder(client.gate().registry())
            .policy(Policy::new(mode))
            .build();
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = format!(
            "{}{}--x--\r\n",
            part("botId", &id.to_string()),
            part("botToken", TOKEN)
        );
        let url = format!("{}{SEND}", portal.webhook_url());
        let sent = through(&gate, &url, "multipart/form-data; boundary=x", body).await;
        assert!(sent, "{mode:?}");
        assert_eq!(came(&portal), [SEND], "{mode:?}");
    }
}

#[tokio::test]
async fn title_language_is_lower_cased() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let fields = json!({"command": "help", "title": {"EN": "Help"}, "params": {"EN": "[topic]"}});
    client
        .call(
            "imbot.v2.Command.register",
            json!({"botId": id, "botToken": TOKEN, "fields": fields}),
        )
        .await
        .unwrap();
    portal
        .expect("imbot.command.register")
        .with("/LANG/0/LANGUAGE_ID", "en")
        .times(1);
}

#[tokio::test]
async fn ignored_update_field_is_refused() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let own = |more: Value| {
        let mut params = json!({"botId": id, "botToken": TOKEN});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let message = json!({"dialogId": "1", "fields": {"message": "https://a.example"}});
    let sent = client.call(SEND, own(message)).await.unwrap();
    let update = json!({"messageId": sent["id"], "fields": {"urlPreview": false}});
    let answer = client.call("imbot.v2.Chat.Message.update", own(update)).await;
    let shows = portal.messages()[0].url_preview;
    assert!(answer.is_err() || !shows, "success, and the preview stays");
}

#[test]
fn useless_button_is_always_refused() {
    let button = json!({"TEXT": "Put", "ACTION": "PUT", "ACTION_VALUE": "x"});
    for (name, value) in [
        ("KEYBOARD", json!({"BUTTONS": [button]})),
        ("KEYBOARD", json!([button])),
        ("MENU", json!([button])),
        ("MENU", json!({"ITEMS": [button]})),
    ] {
        let call = Call::new("imbot.message.add").with(name, value);
        let planned = plan(&call, &Caps::at(27), &Policy::default());
        assert!(planned.is_err(), "{name}: {:?}", call.params());
    }
}

#[tokio::test]
async fn batch_drops_no_duplicate_key() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    let say = |text: &str| {
        Call::new(SEND)
            .with("botId", id)
            .with("botToken", TOKEN)
            .with("dialogId", "1")
            .with("fields", json!({"message": text}))
    };
    let answer = client.batch([("a", say("one")), ("a", say("two"))]).await;
    assert!(answer.is_err() || portal.messages().len() == 2, "{answer:?}");
}

#[tokio::test]
async fn unexpected_older_reply_is_failure() {
    for result in [json!(null), json!(false), json!("x"), json!({"a": 1}), json!([])] {
        let (portal, client, id) = stage(Build::rest(30)).await;
        portal.fault(Fault::result(result.clone()).on("imbot.message.add"));
        let answer = client
            .call(
                SEND,
                json!({"botId": id, "botToken": TOKEN, "dialogId": "1", "fields": {"message": "Hello"}}),
            )
            .await;
        let has_id = answer.as_ref().is_ok_and(|sent| sent["id"].is_u64());
        assert!(answer.is_err() || has_id, "{result}: {answer:?}");
    }
}

#[tokio::test]
async fn batch_registration_reveals_bot_address() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    let client = untimed().client(&webhook(&portal));
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
        "webhookUrl": format!("{OLD}?CLIENT_ID={TOKEN}"),
    });
    let register = Call::new("imbot.v2.Bot.register")
        .with("botToken", TOKEN)
        .with("fields", fields);
    let replies = client.batch([("bot", register)]).await.unwrap();
    let Some(Reply::Result(made)) = replies.get("bot") else {
        panic!()
    };
    let fields = json!({"command": "help", "title": {"en": "Help"}});
    let params = json!({"botId": made["bot"]["id"], "botToken": TOKEN, "fields": fields});
    client.call("imbot.v2.Command.register", params).await.unwrap();
}

#[tokio::test]
async fn numeric_secret_is_redacted() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    portal.fault(Fault::error("WRONG 1234567890").on(SEND));
    let params = json!({"botId": id, "botToken": 1_234_567_890, "dialogId": "1", "fields": {"message": "x"}});
    let error = client.call(SEND, params).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("1234567890"), "{shown}");
}

#[tokio::test]
async fn split_call_halts_with_batch() {
    let (portal, client, id) = stage(Build::rest(30)).await;
    let own = |method: &str, more: Value| {
        let mut call = Call::new(method).with("botId", id).with("botToken", TOKEN);
        call.params_mut().extend(more.as_object().unwrap().clone());
        call
    };
    let made = own(
        "imbot.v2.Chat.add",
        json!({"fields": {"title": "Team", "userIds": [1]}}),
    );
    let made = client.send_call(made).await.unwrap();
    let error = Fault::error("ACCESS_ERROR")
        .on("imbot.chat.updateTitle")
        .inside_batch();
    portal.fault(error);
    let before = portal.chats()[0].color.clone();
    let look = own(
        "imbot.v2.Chat.update",
        json!({"dialogId": made["chat"]["dialogId"], "fields": {"title": "The team", "color": "mint"}}),
    );
    let replies = client
        .batch(Batch::from([("look", look.clone())]).halt())
        .await
        .unwrap();
    assert!(matches!(replies.get("look"), Some(Reply::Error(_))));
    assert_eq!(portal.chats()[0].color, before, "refused, and done in part");
    // Without halt a portal runs on, and the first error is told.
    let replies = client.batch([("look", look)]).await.unwrap();
    assert!(matches!(replies.get("look"), Some(Reply::Error(_))));
    assert_ne!(portal.chats()[0].color, before);
}
