//! Events: polled, delivered, and sent on to where nobody wants them any more.

use std::time::Duration;

use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Webhook};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::client::{BotClient, call, post};

async fn portal(build: Build) -> EmulatedPortal {
    Emulator::start_single(build).await.unwrap()
}

async fn poll(bot: &BotClient, params: Json) -> Json {
    bot.call("Event.get", params).await.result()
}

fn types(page: &Json) -> Vec<&str> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn switch_to_webhook_deletes_queue() {
    for build in [Build::rest32_with_imbot_v2(), Build::rest(33), Build::rest(36)] {
        let portal = portal(build).await;
        let bot = BotClient::register(&portal, "ann", json!({})).await;
        let other = BotClient::register(&portal, "eve", json!({})).await;
        for own in [&bot, &other] {
            portal.say(1, &own.id.to_string(), "Hello").await.unwrap();
        }
        let update = async |fields: Json| {
            let answer = bot.call("Bot.update", json!({"fields": fields})).await;
            answer.result();
        };
        // Neither deletes it.
        update(json!({"properties": {"name": "Ann"}})).await;
        update(json!({"eventMode": "fetch"})).await;
        assert!(!types(&poll(&bot, json!({})).await).is_empty());
        update(json!({"eventMode": "webhook", "webhookUrl": "http://127.0.0.1:9/?CLIENT_ID=t"})).await;
        update(json!({"eventMode": "fetch"})).await;
        assert_eq!(types(&poll(&bot, json!({})).await), [""; 0]);
        assert!(!types(&poll(&other, json!({})).await).is_empty());
    }
}

/// A bot's HTTP side: answers all requests and passes their bodies on.
pub async fn handler() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/bot", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let read = stream.read(&mut buffer).await.unwrap();
                received.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&received);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("Content-Length: "));
                if body.len() >= length.unwrap().parse().unwrap() {
                    // Of the first generation with a webhook's token in the query.
                    let is_ours = head.starts_with("POST /bot HTTP/1.1") || head.starts_with("POST /bot?");
                    assert!(is_ours, "{head}");
                    let _ = sender.send(body.replace("%5B", "[").replace("%5D", "]"));
                    break;
                }
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                .await;
        }
    });
    (url, receiver)
}

#[tokio::test]
async fn queue_is_read_by_offset() {
    let portal = portal(Build::rest(36)).await;
    let bot = BotClient::register(&portal, "ann", json!({})).await;
    let dialog = bot.id.to_string();
    let hello = portal.say(1, &dialog, "Hello").await.unwrap();
    portal.edit(hello, "Hi").await;
    let send = json!({"dialogId": "1", "fields": {"message": "Hello"}});
    let sent = bot.call("Chat.Message.send", send).await.result();
    portal.react(1, sent["id"].as_u64().unwrap(), "like").await;
    portal.delete(hello).await;

    let first = poll(&bot, json!({"limit": 2})).await;
    assert_eq!(types(&first), ["ONIMBOTV2MESSAGEADD", "ONIMBOTV2MESSAGEUPDATE"]);
    assert_eq!(first["hasMore"], true);
    let data = &first["events"][0]["data"];
    assert_eq!(
        (&data["bot"]["id"], &data["user"]["id"]),
        (&json!(bot.id), &json!(1))
    );
    assert_eq!(data["chat"]["dialogId"], "1");
    // Without a new offset the same come again.
    assert_eq!(poll(&bot, json!({"limit": 2})).await["events"], first["events"]);

    let rest = poll(&bot, json!({"offset": first["nextOffset"]})).await;
    assert_eq!(
        types(&rest),
        ["ONIMBOTV2REACTIONCHANGE", "ONIMBOTV2MESSAGEDELETE"]
    );
    let end = poll(&bot, json!({"offset": rest["nextOffset"]})).await;
    assert_eq!(
        (&end["events"], &end["nextOffset"]),
        (&json!([]), &rest["nextOffset"])
    );
}

#[tokio::test]
async fn newest_events_carry_the_answered_message() {
    for (build, is_newest) in [(Build::rest(35), false), (Build::rest(36), true)] {
        let portal = portal(build).await;
        let bot = BotClient::register(&portal, "ann", json!({})).await;
        let send = json!({"dialogId": "1", "fields": {"message": "Question"}});
        let first = bot.call("Chat.Message.send", send).await.result()["id"]
            .as_u64()
            .unwrap();
        let send = json!({"dialogId": "1", "fields": {"message": "Answer", "replyId": first}});
        let second = bot.call("Chat.Message.send", send).await.result()["id"]
            .as_u64()
            .unwrap();
        for id in [first, second] {
            portal.react(1, id, "like").await;
        }
        let page = poll(&bot, json!({})).await;
        assert_eq!(types(&page), ["ONIMBOTV2REACTIONCHANGE"; 2]);
        let answered = |nth: usize| page["events"][nth]["data"].get("additionalMessages").cloned();
        if is_newest {
            assert_eq!(answered(0), Some(json!([])));
            let answered = answered(1).unwrap();
            assert_eq!(answered[0]["id"], first);
            assert_eq!(answered[0]["text"], "Question");
            assert_eq!(answered.as_array().unwrap().len(), 1);
        } else {
            assert_eq!((answered(0), answered(1)), (None, None));
        }
    }
}

#[tokio::test]
async fn commands_and_invitations_have_events() {
    let portal = portal(Build::rest(34)).await;
    let (one, two) = (
        BotClient::register(&portal, "one", json!({})).await,
        BotClient::register(&portal, "two", json!({})).await,
    );
    let register = json!({"fields": {"command": "go", "title": {"en": "Go"}}});
    one.call("Command.register", register).await.result();
    let add = json!({"fields": {"userIds": [1, two.id]}});
    let chat = one.call("Chat.add", add).await.result();
    let chat = chat["chat"]["dialogId"].as_str().unwrap();
    portal.say(1, chat, "/go there").await;
    portal.say(1, chat, &format!("[USER={}]two[/USER]", two.id)).await;
    let (to_one, to_two) = (poll(&one, json!({})).await, poll(&two, json!({})).await);
    assert_eq!(types(&to_one), ["ONIMBOTV2COMMANDADD"]);
    assert_eq!(to_one["events"][0]["data"]["command"]["params"], "there");
    assert_eq!(types(&to_two), ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]);
    // The owner's secret is in events up to 34.
    let shown = &to_two["events"][0]["data"]["bot"]["appId"];
    assert_eq!(shown, "customt");
}

#[tokio::test]
async fn user_events_need_scope_and_subscription() {
    let portal = portal(Build::rest(33)).await;
    let bot = BotClient::register(&portal, "ann", json!({})).await;
    let narrow = portal.add_webhook(Webhook::new(1, "narrow").scopes(["imbot"]));
    let own = json!({"botId": bot.id, "botToken": "t", "withUserEvents": true});
    let refused = post(&format!("{narrow}imbot.v2.Event.get"), &own).await;
    assert_eq!(refused.code(), "SCOPE_ERROR");
    // The text "N" is true to a typed boolean, and "0" is not.
    let refused = bot.call("Event.get", json!({"withUserEvents": "N"})).await;
    assert_eq!(refused.code(), "USER_NOT_SUBSCRIBED");
    bot.call("Event.get", json!({"withUserEvents": "0"}))
        .await
        .result();

    let subscribed = call(&portal, "im.v2.Event.subscribe", json!({})).await;
    assert_eq!(subscribed.result(), true);
    portal.say(1, &bot.id.to_string(), "Hello").await;
    let both = poll(&bot, json!({"withUserEvents": true})).await;
    let mut types = types(&both);
    types.sort_unstable();
    assert_eq!(types, ["ONIMBOTV2MESSAGEADD", "ONIMV2MESSAGEADD"]);
    let unsubscribed = call(&portal, "im.v2.Event.unsubscribe", json!({})).await;
    assert_eq!(unsubscribed.result(), true);
    let own = call(&portal, "im.v2.Event.get", json!({})).await.result();
    assert_eq!(own["events"], json!([]));
}

#[tokio::test]
async fn delivery_uses_php_form_keys() {
    let portal = portal(Build::rest(36)).await;
    let (url, mut received) = handler().await;
    let fields = json!({"eventMode": "webhook", "webhookUrl": url});
    let bot = BotClient::register(&portal, "ann", fields).await;
    portal.say(1, &bot.id.to_string(), "Hello there").await;
    let body = received.recv().await.unwrap();
    for part in [
        "event=ONIMBOTV2MESSAGEADD",
        "data[message][text]=Hello+there",
        "data[message][isSystem]=0",
        "data[bot][code]=ann",
        "auth[application_token]=",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(!body.contains("appId"), "{body}");
    // Such a bot has no queue.
    assert_eq!(poll(&bot, json!({})).await["events"], json!([]));
}

/// What a form has under this key.
fn part(body: &str, key: &str) -> Option<String> {
    let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(own, _)| *own == key)?;
    Some(value.replace("%3A", ":").replace("%2F", "/").replace("%2C", ","))
}

#[tokio::test]
async fn events_identify_their_portal() {
    let portal = portal(Build::rest(36)).await;
    let (url, mut received) = handler().await;
    let fields = json!({"eventMode": "webhook", "webhookUrl": url});
    let bot = BotClient::register(&portal, "ann", fields).await;
    let dialog = bot.id.to_string();
    portal.say(1, &dialog, "one").await;
    let body = received.recv().await.unwrap();
    let secret = portal.application_token("customt");
    let address = portal.url().split('/').nth(2).unwrap().to_owned();
    for (key, value) in [
        ("domain", address),
        ("member_id", portal.member_id().to_owned()),
        ("client_endpoint", portal.rest_url()),
        ("server_endpoint", portal.auth_server().server_endpoint()),
        ("application_token", secret.clone()),
    ] {
        assert_eq!(part(&body, &format!("auth[{key}]")), Some(value), "{key}");
    }
    // A webhook's bot has no application whose token there could be.
    assert_eq!(part(&body, "auth[access_token]"), None);
    assert!(!body.contains("data[bot][auth]"), "{body}");
    portal.set_application_token("customt", "changed");
    portal.say(1, &dialog, "two").await;
    let body = received.recv().await.unwrap();
    assert_eq!(part(&body, "auth[application_token]").unwrap(), "changed");
    assert_ne!(portal.application_token("local.app"), secret);
}

#[tokio::test]
async fn application_events_carry_its_token() {
    let portal = portal(Build::rest(36)).await;
    portal.clock().stop();
    let app = portal.install(App::new("local.app", "secret"));
    let (url, mut received) = handler().await;
    let register = json!({"auth": app.access_token, "fields": {
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": url,
    }});
    let register = post(&format!("{}imbot.v2.Bot.register", portal.rest_url()), &register).await;
    let dialog = register.result()["bot"]["id"].to_string();
    portal.clock().advance(Duration::from_secs(600));
    portal.say(1, &dialog, "one").await;
    let body = received.recv().await.unwrap();
    for (key, value) in [
        ("access_token", app.access_token.as_str()),
        ("expires_in", "3000"),
        ("scope", "imbot,im"),
        ("user_id", "1"),
    ] {
        assert_eq!(part(&body, &format!("auth[{key}]")).unwrap(), value, "{key}");
    }
    portal.clock().advance(Duration::from_secs(3_000));
    portal.say(1, &dialog, "two").await;
    let body = received.recv().await.unwrap();
    assert_eq!(part(&body, "auth[access_token]"), None);
    assert!(part(&body, "auth[application_token]").is_some());
}

#[tokio::test]
async fn first_generation_events_keep_their_format() {
    let portal = portal(Build::rest(30)).await;
    let (url, mut received) = handler().await;
    let register = json!({
        "CODE": "old", "CLIENT_ID": "t", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Old"},
    });
    let id = call(&portal, "imbot.register", register).await.result();
    let said = portal.say(1, &id.to_string(), "Hello").await.unwrap();
    let body = received.recv().await.unwrap();
    for part in [
        "event=ONIMBOTMESSAGEADD".to_owned(),
        format!("data[BOT][{id}][BOT_CODE]=old"),
        "data[PARAMS][MESSAGE]=Hello".to_owned(),
        "data[PARAMS][FROM_USER_ID]=1".to_owned(),
    ] {
        assert!(body.contains(&part), "{part}: {body}");
    }
    portal.edit(said, "Hi").await;
    assert!(
        received
            .recv()
            .await
            .unwrap()
            .contains("event=ONIMBOTMESSAGEUPDATE")
    );
}

#[tokio::test]
async fn stale_subscriptions_remain_below_35() {
    for (rest, former_hears) in [(34, true), (35, false)] {
        let portal = portal(Build::rest(rest)).await;
        let (former, mut at_former) = handler().await;
        let (present, mut at_present) = handler().await;
        let [former, present] = [former, present].map(|url| format!("{url}?CLIENT_ID=t"));
        let fields = json!({"eventMode": "webhook", "webhookUrl": former});
        let bot = BotClient::register(&portal, "ann", fields).await;
        let update = json!({"fields": {"webhookUrl": present}});
        bot.call("Bot.update", update).await.result();
        assert_eq!(portal.subscriptions().len(), if former_hears { 2 } else { 1 });
        portal.say(1, &bot.id.to_string(), "secret").await;
        assert!(at_present.recv().await.unwrap().contains("secret"));
        assert_eq!(at_former.try_recv().is_ok(), former_hears, "{rest}");
    }
}
