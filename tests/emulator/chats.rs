//! Chats, their members, reading, reactions and files.

use imbot_caps::emulator::{Build, ChatKind, Emulator};
use serde_json::{Value as Json, json};

use crate::client::{BotClient, get};

async fn bot(build: Build) -> BotClient {
    let portal = Emulator::start_single(build).await.unwrap();
    BotClient::register(&portal, "ann", json!({"type": "supervisor"})).await
}

async fn open(bot: &BotClient, fields: Json) -> String {
    let opened = bot.call("Chat.add", json!({"fields": fields})).await.result();
    opened["chat"]["dialogId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_chats_life() {
    let bot = bot(Build::rest(36)).await;
    let fields = json!({"title": "T", "color": "lightBlue", "userIds": [1, 2], "type": "open"});
    let chat = open(&bot, fields).await;
    let dialog = |more: Json| {
        let mut params = json!({"dialogId": chat});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let got = bot.call("Chat.get", dialog(json!({}))).await.result();
    assert_eq!(got["chat"]["role"], "owner");
    assert_eq!(got["chat"]["userCounter"], 3);
    assert_eq!(got["chat"]["color"], "#4ba5c3");
    assert_eq!(bot.portal.chats()[0].kind, ChatKind::Open);

    for (method, more) in [
        (
            "Chat.update",
            json!({"fields": {"title": "New", "color": "nonsense"}}),
        ),
        ("Chat.User.add", json!({"userIds": [3, "4"]})),
        ("Chat.User.delete", json!({"userId": 2})),
        ("Chat.User.delete", json!({"userId": 99})),
        ("Chat.Manager.add", json!({"userIds": [1, 3]})),
        ("Chat.Manager.delete", json!({"userIds": [3]})),
        ("Chat.InputAction.notify", json!({"duration": 5})),
        ("Chat.TextField.enabled", json!({"enabled": false})),
        ("Chat.setOwner", json!({"userId": 1})),
    ] {
        let answer = bot.call(method, dialog(more)).await;
        assert_eq!(answer.result(), json!({"result": true}), "{method}");
    }
    let stored = &bot.portal.chats()[0];
    assert_eq!((stored.title.as_str(), stored.color.as_str()), ("New", "#4ba5c3"));
    assert_eq!(stored.members, [1, bot.id, 3, 4]);
    assert_eq!((stored.managers.as_slice(), stored.owner_id), (&[1][..], 1));
    assert!(!stored.is_text_field_enabled);

    let users = bot.call("Chat.User.list", dialog(json!({"limit": 2}))).await;
    assert_eq!(users.result().as_array().unwrap().len(), 2);
    // No longer the owner, and then no longer there.
    let managers = dialog(json!({"userIds": [1]}));
    assert_eq!(
        bot.call("Chat.Manager.add", managers).await.code(),
        "ACCESS_DENIED"
    );
    assert_eq!(bot.call("Chat.leave", dialog(json!({}))).await.status, 200);
    assert_eq!(
        bot.call("Chat.get", dialog(json!({}))).await.code(),
        "ACCESS_DENIED"
    );
    let late = bot.call("Chat.Message.send", dialog(json!({"fields": {"message": "m"}})));
    assert_eq!(late.await.code(), "ACCESS_DENIED");
}

#[tokio::test]
async fn what_older_builds_make_of_colours_managers_and_text_fields() {
    for (build, is_new) in [(Build::rest32_with_imbot_v2(), false), (Build::rest(33), true)] {
        let bot = bot(build).await;
        let chat = open(&bot, json!({"color": "GREEN"})).await;
        let update = json!({"dialogId": chat, "fields": {"color": "nonsense"}});
        bot.call("Chat.update", update).await.result();
        assert_eq!(bot.portal.chats()[0].color == "#64a513", is_new);

        let empty = bot.call("Chat.Manager.add", json!({"dialogId": chat})).await;
        let field = json!({"dialogId": chat, "enabled": false});
        let field = bot.call("Chat.TextField.enabled", field).await;
        if is_new {
            assert_eq!(empty.code(), "EMPTY_USER_IDS");
            field.result();
        } else {
            empty.result();
            assert_eq!(field.code(), "100");
        }
        let private = json!({"dialogId": 1, "enabled": "N"});
        let private = bot.call("Chat.TextField.enabled", private).await;
        assert_eq!(private.code(), "ACCESS_DENIED");
    }
    let bot = bot(Build::rest(34)).await;
    let private = json!({"dialogId": 1, "enabled": "N"});
    bot.call("Chat.TextField.enabled", private).await.result();
}

#[tokio::test]
async fn reading_and_reacting() {
    let bot = bot(Build::rest(36)).await;
    let chat = open(&bot, json!({"userIds": [1]})).await;
    let mut ids = Vec::new();
    for text in ["a", "b", "c"] {
        ids.push(bot.portal.say(1, &chat, text).await.unwrap());
    }
    assert_eq!(bot.portal.say(2, &chat, "from outside").await, None);
    let read = json!({"dialogId": chat, "messageId": ids[1]});
    let read = bot.call("Chat.Message.read", read).await.result();
    assert_eq!((&read["lastId"], &read["counter"]), (&json!(ids[1]), &json!(1)));

    let around = json!({"messageId": ids[1], "range": 1});
    let around = bot.call("Chat.Message.getContext", around).await.result();
    assert_eq!(around["messages"].as_array().unwrap().len(), 3);
    assert_eq!(around["hasNextPage"], false);
    assert_eq!(around["users"][0]["id"], 1);

    let react = json!({"messageId": ids[0], "reaction": "faceWithTearsOfJoy"});
    for (method, code) in [
        ("add", None),
        ("add", Some("REACTION_ALREADY_SET")),
        ("delete", None),
        ("delete", Some("REACTION_NOT_FOUND")),
    ] {
        let method = format!("Chat.Message.Reaction.{method}");
        let answer = bot.call(&method, react.clone()).await;
        match code {
            None => assert_eq!(answer.result(), json!({"result": true})),
            Some(code) => assert_eq!(answer.code(), code),
        }
    }
    let unknown = json!({"messageId": ids[0], "reaction": "nonsense"});
    let unknown = bot.call("Chat.Message.Reaction.add", unknown).await;
    assert_eq!(unknown.code(), "REACTION_NOT_FOUND");
}

#[tokio::test]
async fn files_go_up_and_come_down() {
    // Below 33 the calling user has to be in the chat, user 1 here.
    for (build, outside) in [(Build::rest32_with_imbot_v2(), false), (Build::rest(33), true)] {
        let bot = bot(build).await;
        let chat = open(&bot, json!({})).await;
        let upload = |fields: Json| json!({"dialogId": chat, "fields": fields});
        let file = upload(json!({"name": "a.txt", "content": "aGk="}));
        let up = bot.call("File.upload", file).await.result();
        assert_eq!(
            (&up["file"]["size"], &up["file"]["extension"]),
            (&json!(2), &json!("txt"))
        );
        for (fields, code) in [
            (json!({"name": "a"}), "FILE_EMPTY"),
            (json!({"name": "a", "content": "?"}), "FILE_INVALID_CONTENT"),
        ] {
            assert_eq!(bot.call("File.upload", upload(fields)).await.code(), code);
        }
        let down = bot
            .call("File.download", json!({"fileId": up["file"]["id"]}))
            .await;
        match outside {
            true => {
                let url = down.result()["downloadUrl"].as_str().unwrap().to_owned();
                assert!(url.starts_with(&bot.portal.rest_url()), "{url}");
                let file = get(&url).await;
                assert_eq!((file.status, file.text()), (200, "hi"));
                assert_eq!(file.header("content-type"), Some("text/plain"));
                // The token is all that the link needs, and is good for one file.
                for other in [
                    url.replace("%7C", "%7C0x"),
                    url + "0",
                    bot.portal.rest_url() + "download.json",
                ] {
                    assert_eq!(get(&other).await.code(), "ACCESS_DENIED", "{other}");
                }
            }
            false => assert_eq!(down.code(), "FILE_ACCESS_ERROR"),
        }
        let gone = bot.call("File.download", json!({"fileId": 1})).await;
        assert_eq!(gone.code(), "FILE_NOT_FOUND");
    }
}
