//! Chats, their members, reading, reactions and files.

use imbot_caps_emulator::{Build, ChatKind, Emulator};
use serde_json::{Value as Json, json};

use crate::client::{BotClient, call, get};

async fn bot(build: Build) -> BotClient {
    let portal = Emulator::start_single(build).await.unwrap();
    BotClient::register(&portal, "ann", json!({"type": "supervisor"})).await
}

async fn open(bot: &BotClient, fields: Json) -> String {
    let opened = bot.call("Chat.add", json!({"fields": fields})).await.result();
    opened["chat"]["dialogId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn chat_lifecycle() {
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
async fn older_builds_treat_chat_fields_differently() {
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
async fn files_upload_and_download() {
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

/// One live report for the newest portals; older source answers true.
#[tokio::test]
async fn newest_portals_keep_system_messages() {
    for (rest, is_kept) in [(33, false), (34, false), (35, false), (36, true)] {
        let portal = Emulator::start_single(Build::rest(rest)).await.unwrap();
        let bot = BotClient::register(&portal, "ann", json!({})).await;
        for is_system in [true, false] {
            let fields = json!({"message": "m", "system": if is_system { "Y" } else { "N" }});
            let send = json!({"dialogId": "1", "fields": fields});
            let id = bot.call("Chat.Message.send", send).await.result()["id"].clone();
            let answer = bot.call("Chat.Message.delete", json!({"messageId": id})).await;
            match is_kept && is_system {
                true => assert_eq!(answer.code(), "CANT_EDIT_MESSAGE", "{rest}"),
                false => assert_eq!(answer.result()["result"], true, "{rest}"),
            }
            let stored = portal.messages().pop().unwrap();
            assert_eq!(stored.is_deleted, !(is_kept && is_system), "{rest}");
        }
    }
}

#[tokio::test]
async fn messages_need_chat_and_access() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let bot = BotClient::register(&portal, "ann", json!({})).await;
    let old = json!({
        "CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"}, "EVENT_HANDLER": "http://127.0.0.1:9/",
    });
    let old = call(&portal, "imbot.register", old).await.result();
    let of_bot = json!({"fields": {"userIds": [7]}});
    let of_bot = bot.call("Chat.add", of_bot).await.result()["chat"]["id"].clone();
    let of_people = call(&portal, "im.chat.add", json!({"USERS": [7]})).await.result();
    let said = portal.say(1, &bot.id.to_string(), "/go").await;
    let command = json!({"fields": {"command": "go", "title": {"en": "Go"}}});
    let command = bot.call("Command.register", command).await.result()["command"]["id"].clone();
    let file = json!({"name": "a.txt", "content": "aGk="});
    for (chat, by_person, by_old, by_new) in [
        (&json!(999_999), "CHAT_ID", "CHAT_ID", "ACCESS_DENIED"),
        (&of_bot, "CANCELED", "CANCELED", ""),
        (&of_people, "", "CANCELED", "ACCESS_DENIED"),
    ] {
        let dialog = format!("chat{chat}");
        let own = |more: Json| {
            let mut params = json!({"botId": bot.id, "botToken": "t", "dialogId": dialog});
            params
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            params
        };
        let answer = json!({"commandId": command, "messageId": said, "fields": {"message": "m"}});
        for (method, params, code) in [
            (
                "im.message.add",
                json!({"DIALOG_ID": dialog, "MESSAGE": "m"}),
                by_person,
            ),
            (
                "im.message.add",
                json!({"CHAT_ID": chat, "MESSAGE": "m"}),
                by_person,
            ),
            (
                "imbot.message.add",
                json!({"CLIENT_ID": "c", "BOT_ID": old, "DIALOG_ID": dialog, "MESSAGE": "m"}),
                by_old,
            ),
            (
                "imbot.v2.Chat.Message.send",
                own(json!({"fields": {"message": "m"}})),
                by_new,
            ),
            ("imbot.v2.File.upload", own(json!({"fields": file})), by_new),
            // It goes to the dialog of the message, whatever dialog the call names.
            ("imbot.v2.Command.answer", own(answer), ""),
        ] {
            let before = portal.messages().len();
            let answer = call(&portal, method, params).await;
            let json = answer.json();
            let expected = if code.is_empty() { 200 } else { 400 };
            assert_eq!(answer.status, expected, "{method} to {dialog}: {json}");
            assert_eq!(
                json["error"].as_str().unwrap_or_default(),
                code,
                "{method} to {dialog}"
            );
            let sent = portal.messages().len() - before;
            assert_eq!(sent, usize::from(code.is_empty()), "{method}");
        }
    }
}
