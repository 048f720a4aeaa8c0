//! `chatId`, which portals take beside `dialogId`, over the wire.

use std::collections::BTreeSet;

use imbot_caps::gate::{CallError, Client};
use imbot_caps_emulator::{Build, EmulatedPortal};
use serde_json::{Value, json};

use crate::support::fixture::Stage;
use crate::support::http::webhook;
use imbot_caps_xtask::facts;

/// Each method that takes a chat, with its other parameters, in an order that works.
fn methods() -> Vec<(&'static str, Value)> {
    let file = json!({"fields": {"name": "a.txt", "content": "aGk="}});
    vec![
        ("imbot.v2.Chat.get", json!({})),
        ("imbot.v2.Chat.update", json!({"fields": {"title": "Team"}})),
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"message": "Hello"}}),
        ),
        ("imbot.v2.Chat.Message.read", json!({})),
        ("imbot.v2.Chat.InputAction.notify", json!({})),
        ("imbot.v2.Chat.TextField.enabled", json!({"enabled": true})),
        ("imbot.v2.Chat.User.list", json!({})),
        ("imbot.v2.Chat.User.add", json!({"userIds": [2, 3]})),
        ("imbot.v2.Chat.User.delete", json!({"userId": 3})),
        ("imbot.v2.Chat.Manager.add", json!({"userIds": [2]})),
        ("imbot.v2.Chat.Manager.delete", json!({"userIds": [2]})),
        ("imbot.v2.File.upload", file.clone()),
        ("im.v2.File.upload", file),
        ("imbot.v2.Chat.setOwner", json!({"userId": 2})),
        ("imbot.v2.Chat.leave", json!({})),
    ]
}

/// A bot's call, and the bot.
async fn call(client: &Client, bot: &Value, method: &str, mut params: Value) -> Result<Value, CallError> {
    if method.starts_with("imbot.") {
        params["botId"] = bot.clone();
        params["botToken"] = "t0ken".into();
    }
    client.call(method, params).await
}

/// The call among these that names the chat, by the name it has there.
fn named(emulated: &EmulatedPortal, chat: u64) -> BTreeSet<String> {
    let requests = emulated.take_requests();
    let names = ["chatId", "dialogId", "CHAT_ID", "DIALOG_ID"];
    let params = requests.iter().map(|request| &request.params);
    let found = params.flat_map(|params| names.map(|name| (name, &params[name])));
    found
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let is_of_chat = match name {
                "dialogId" | "DIALOG_ID" => text == format!("chat{chat}"),
                _ => text == chat.to_string(),
            };
            assert!(is_of_chat, "{name}: {value}");
            name.to_owned()
        })
        .collect()
}

#[tokio::test]
async fn chat_id_form_suits_portal() {
    let stage = Stage::set().await;
    for (build, has_imbot_v2, taken) in [
        (Build::rest(36), true, 15),
        (Build::rest(33), true, 15),
        (Build::rest32_with_imbot_v2(), true, 14),
        (Build::rest(30), false, 11),
    ] {
        for is_text in [false, true] {
            let (emulated, _) = stage.known(build.clone()).await;
            let client = stage.registry.client(&webhook(&emulated));
            let fields = json!({
                "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
                "webhookUrl": "https://bot.example/?CLIENT_ID=t0ken",
            });
            let card = call(
                &client,
                &Value::Null,
                "imbot.v2.Bot.register",
                json!({"fields": fields}),
            )
            .await;
            let bot = card.unwrap()["bot"]["id"].clone();
            let fields = json!({"title": "T", "userIds": [1, 2]});
            let opened = call(&client, &bot, "imbot.v2.Chat.add", json!({"fields": fields})).await;
            let opened = opened.unwrap()["chat"]["dialogId"].clone();
            let chat: u64 = opened
                .as_str()
                .unwrap()
                .trim_start_matches("chat")
                .parse()
                .unwrap();
            let mut accepted = 0;
            for (method, mut params) in methods() {
                params["chatId"] = match is_text {
                    true => json!(chat.to_string()),
                    false => json!(chat),
                };
                emulated.take_requests();
                let answer = call(&client, &bot, method, params).await;
                let names = named(&emulated, chat);
                match answer {
                    Err(CallError::Refused(_)) => assert!(names.is_empty(), "{method}: {names:?}"),
                    answer => {
                        answer.unwrap_or_else(|error| panic!("{method} on {build:?}: {error}"));
                        accepted += 1;
                        let is_new = names.iter().all(|name| name == "chatId");
                        assert!(!names.is_empty() && is_new == has_imbot_v2, "{method}: {names:?}");
                    }
                }
            }
            assert_eq!(accepted, taken, "{build:?}");
        }
    }
}

#[test]
fn chat_id_method_list_is_complete() {
    let own: BTreeSet<_> = methods()
        .into_iter()
        .map(|(method, _)| method.to_owned())
        .collect();
    let documented = facts::documented().unwrap().into_iter();
    let takes = documented.filter(|(_, facts)| facts.source_params.iter().any(|name| name == "chatId"));
    assert_eq!(own, takes.map(|(method, _)| method).collect());
}
