//! Several calls in one request, each planned by itself.

use imbot_caps::gate::{Batch, ResultReference};
use imbot_caps::wire::{Call, Reply};
use imbot_caps_emulator::Build;
use serde_json::json;

use super::*;

#[tokio::test]
async fn batch_commands_are_planned_individually() {
    let portal = portal(Build::rest(30)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    portal.take_requests();
    let own = |method: &str| Call::new(method).with("botId", id).with("botToken", "old");
    let hello = own(SEND).with("fields", json!({"message": "Hello", "system": true}));
    let look = own("imbot.v2.Chat.update").with("fields", json!({"title": "The team", "color": "mint"}));
    let batch = Batch::new()
        .call("time", Call::new("server.time"))
        .call(
            "chat",
            own("imbot.v2.Chat.add").with("fields", json!({"title": "Team", "userIds": [1]})),
        )
        .call(
            "hello",
            hello.with_reference("dialogId", ResultReference::to("chat").at("chat.dialogId")),
        )
        .call(
            "look",
            look.with_reference(
                "dialogId",
                ResultReference::to("chat").at("chat.id").with_prefix("chat"),
            ),
        );
    let replies = client.batch(batch).await;
    let replies = replies.unwrap();
    let keys: Vec<_> = replies.iter().map(|(key, _)| key.to_owned()).collect();
    assert_eq!(
        keys,
        ["chat", "hello", "look", "time"],
        "the keys are those of the caller"
    );
    let result = |key: &str| match replies.get(key) {
        Some(Reply::Result(result)) => result.clone(),
        other => panic!("{key}: {other:?}"),
    };
    assert!(
        result("chat")["chat"]["dialogId"]
            .as_str()
            .unwrap()
            .starts_with("chat")
    );
    assert!(result("hello")["id"].is_u64());
    assert_eq!(result("look"), json!({"result": true}));
    let chat = portal.chats().into_iter().find(|chat| chat.title == "The team");
    assert_eq!(chat.unwrap().color, "#4ba984");
    let messages = portal.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].is_system);
    assert_eq!(
        messages[0].chat_id,
        result("chat")["chat"]["id"],
        "in the chat that was opened"
    );
}

#[tokio::test]
async fn refused_command_blocks_whole_batch() {
    let portal = portal(Build::rest(34)).await;
    let client = client(&portal);
    let id = bot(&client).await;
    portal.take_requests();
    let rotate = Call::with_params(UPDATE, rotation(id).as_object().unwrap().clone());
    let error = client
        .batch([("time", Call::new("server.time")), ("rotate", rotate)])
        .await
        .unwrap_err();
    assert_eq!(error.refused().unwrap().batch_key(), Some("rotate"));
    assert_eq!(called(&portal), [""; 0]);
}
