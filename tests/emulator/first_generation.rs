//! The older generation: chats, messages and commands of bots, and what people
//! do through `im.*`.

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Webhook};
use serde_json::{Value as Json, json};

use crate::client::{call, post};
use crate::events::handler;

async fn bot(portal: &EmulatedPortal, handler: &str) -> Json {
    let register = json!({
        "CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"}, "EVENT_HANDLER": handler,
    });
    call(portal, "imbot.register", register).await.result()
}

#[tokio::test]
async fn a_chats_life() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    let bot = bot(&portal, "http://127.0.0.1:9/").await;
    let own = |more: Json| {
        let mut params = json!({"CLIENT_ID": "c", "BOT_ID": bot});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let add = own(json!({"TITLE": "T", "USERS": [1, 2], "ENTITY_TYPE": "E", "ENTITY_ID": "7"}));
    let id = call(&portal, "imbot.chat.add", add).await.result();
    let found = own(json!({"ENTITY_TYPE": "E", "ENTITY_ID": "7"}));
    let found = call(&portal, "imbot.chat.get", found).await.result();
    assert_eq!(found, json!({"ID": id}));
    for (method, more) in [
        ("imbot.chat.updateTitle", json!({"TITLE": "New"})),
        ("imbot.chat.updateColor", json!({"COLOR": "mint"})),
        ("imbot.chat.updateAvatar", json!({"AVATAR": "aGk="})),
        ("imbot.chat.user.add", json!({"USERS": [3]})),
        ("imbot.chat.user.delete", json!({"USER_ID": 2})),
        ("imbot.chat.setManager", json!({"USER_ID": 3, "IS_MANAGER": "Y"})),
        ("imbot.chat.setOwner", json!({"USER_ID": 1})),
    ] {
        let mut params = own(more);
        params["CHAT_ID"] = id.clone();
        assert_eq!(call(&portal, method, params).await.result(), true, "{method}");
    }
    let dialog = own(json!({"DIALOG_ID": format!("chat{id}"), "ENABLED": "N"}));
    for method in ["imbot.chat.sendTyping", "imbot.chat.updateTextFieldEnabled"] {
        assert_eq!(call(&portal, method, dialog.clone()).await.result(), true);
    }
    let shown = call(&portal, "imbot.dialog.get", dialog).await.result();
    assert_eq!(
        (&shown["name"], &shown["manager_list"]),
        (&json!("New"), &json!([3]))
    );
    let in_chat = own(json!({"CHAT_ID": id}));
    let members = call(&portal, "imbot.chat.user.list", in_chat.clone()).await;
    assert_eq!(members.result(), json!([1, bot, 3]));
    call(&portal, "imbot.chat.leave", in_chat.clone()).await.result();
    let denied = call(&portal, "imbot.chat.user.list", in_chat).await;
    assert_eq!(denied.code(), "ACCESS_ERROR");
    assert!(!portal.chats()[0].is_text_field_enabled);
}

#[tokio::test]
async fn messages_and_commands() {
    let portal = Emulator::start_single(Build::rest(30)).await.unwrap();
    let (url, mut received) = handler().await;
    let bot = bot(&portal, &url).await;
    let lang = json!([{"LANGUAGE_ID": "en", "TITLE": "Help", "PARAMS": "what"}]);
    let register = json!({
        "CLIENT_ID": "c", "BOT_ID": bot, "COMMAND": "help", "LANG": lang, "EVENT_COMMAND_ADD": url,
    });
    let command = call(&portal, "imbot.command.register", register).await.result();

    // A person writes through REST.
    let say = json!({"DIALOG_ID": bot, "MESSAGE": "/help me"});
    let given = call(&portal, "im.message.add", say).await.result();
    let body = received.recv().await.unwrap();
    for part in [
        "event=ONIMCOMMANDADD".to_owned(),
        format!("data[COMMAND][{command}][COMMAND_PARAMS]=me"),
        format!("data[COMMAND][{command}][MESSAGE_ID]={given}"),
    ] {
        assert!(body.contains(&part), "{part}: {body}");
    }
    let answer = json!({
        "CLIENT_ID": "c", "COMMAND_ID": command, "MESSAGE_ID": given, "MESSAGE": "So",
    });
    let answer = call(&portal, "imbot.command.answer", answer).await.result();
    let own = |more: Json| {
        let mut params = json!({"CLIENT_ID": "c", "BOT_ID": bot, "MESSAGE_ID": answer});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    for (method, more) in [
        ("imbot.message.update", json!({"MESSAGE": "Thus"})),
        ("imbot.message.like", json!({"ACTION": "plus"})),
        ("imbot.message.delete", json!({"COMPLETE": "Y"})),
    ] {
        assert_eq!(call(&portal, method, own(more)).await.result(), true, "{method}");
    }
    assert_eq!(portal.messages().len(), 1);
    for (method, more) in [
        (
            "imbot.command.update",
            json!({"COMMAND_ID": command, "FIELDS": {"HIDDEN": "Y"}}),
        ),
        ("imbot.command.unregister", json!({"COMMAND_ID": command})),
    ] {
        assert_eq!(call(&portal, method, own(more)).await.result(), true, "{method}");
    }
    let gone = json!({"CLIENT_ID": "c", "COMMAND_ID": command});
    let gone = call(&portal, "imbot.command.unregister", gone).await;
    assert_eq!(gone.code(), "COMMAND_ID_ERROR");
}

#[tokio::test]
async fn introspection_sees_the_map_and_no_controllers() {
    let portal = Emulator::start_single(Build::rest(33).on_premise())
        .await
        .unwrap();
    let names = call(&portal, "methods", json!({})).await.result();
    let names: Vec<_> = names
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert!(names.contains(&"imbot.chat.setowner") && names.contains(&"im.dialog.read.all"));
    assert!(
        !names
            .iter()
            .any(|name| name.contains("v2") || name.contains("revision"))
    );

    let narrow = portal.add_webhook(Webhook::new(7, "narrow").scopes(["im"]));
    for (name, existing, available) in [
        ("imbot.v2.Revision.get", true, false),
        ("imbot.v2.Revision.nonsense", true, false),
        ("imbot.v2.revision.get", false, false),
        ("im.message.add", true, true),
        ("server.time", true, true),
        ("no.such", false, false),
    ] {
        let answer = post(&format!("{narrow}method.get"), &json!({"name": name})).await;
        let expected = json!({"isExisting": existing, "isAvailable": available});
        assert_eq!(answer.result(), expected, "{name}");
    }
    let app = call(&portal, "app.info", json!({})).await.result();
    assert_eq!(app["LICENSE"], "en_selfhosted");
    let profile = post(&format!("{narrow}profile"), &json!({})).await.result();
    assert_eq!((&profile["ID"], &profile["ADMIN"]), (&json!("7"), &json!(false)));
}
