//! Recent chats of a person, and what hangs below messages.

use std::time::Duration;

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};

use crate::client::{BotClient, call};

const DAY: Duration = Duration::from_secs(86_400);

async fn titles(portal: &EmulatedPortal, params: Json) -> Vec<String> {
    let list = call(portal, "im.recent.get", params).await.result();
    let titles = list.as_array().unwrap().iter();
    titles
        .map(|chat| chat["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn recent_chats_changed_since_date() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    portal.clock().stop();
    for (title, kind) in [("old", ""), ("line", "LINES"), ("new", "")] {
        let chat = json!({"TITLE": title, "ENTITY_TYPE": kind, "ENTITY_ID": "1", "USERS": [1]});
        call(&portal, "im.chat.add", chat).await.result();
        portal.clock().advance(DAY * 5);
    }
    assert_eq!(titles(&portal, json!({})).await, ["new", "line", "old"]);
    assert_eq!(titles(&portal, json!({"ONLY_OPENLINES": "Y"})).await, ["line"]);
    assert_eq!(
        titles(&portal, json!({"SKIP_OPENLINES": "Y"})).await,
        ["new", "old"]
    );
    let since = portal.chats()[1].date.clone();
    assert_eq!(
        titles(&portal, json!({"LAST_UPDATE": since})).await,
        ["new", "line"]
    );
    // At most seven days back.
    assert_eq!(titles(&portal, json!({"LAST_SYNC_DATE": since})).await, ["new"]);
    assert_eq!(titles(&portal, json!({"LAST_UPDATE": "x"})).await.len(), 3);
}

#[tokio::test]
async fn buttons_stay_until_removed() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let bot = BotClient::register(&portal, "ann", json!({"type": "personal"})).await;
    let button = json!({"TEXT": "Go", "ACTION": "PUT", "ACTION_VALUE": "/go"});
    let fields = json!({"message": "m", "keyboard": {"BUTTONS": [button]}, "menu": [button]});
    let sent = bot
        .call("Chat.Message.send", json!({"dialogId": "1", "fields": fields}))
        .await;
    let id = sent.result()["id"].clone();
    let shown = bot
        .call("Chat.Message.get", json!({"messageId": id}))
        .await
        .result();
    // The second generation has no menus.
    assert_eq!(shown["message"]["params"], json!({"KEYBOARD": [button]}));
    for (fields, is_kept) in [(json!({"message": "n"}), true), (json!({"keyboard": "N"}), false)] {
        let update = json!({"messageId": id, "fields": fields});
        bot.call("Chat.Message.update", update).await.result();
        assert_eq!(portal.messages()[0].keyboard.is_some(), is_kept);
    }
}
