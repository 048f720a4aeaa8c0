//! Commands, in both forms and on both sides of what changed at 33 and 34.

use imbot_caps_emulator::{Build, Emulator};
use serde_json::{Value as Json, json};

use crate::client::BotClient;

async fn bot(build: Build) -> BotClient {
    let portal = Emulator::start_single(build).await.unwrap();
    BotClient::register(&portal, "ann", json!({})).await
}

async fn help(bot: &BotClient) -> Json {
    // Both forms at once, as a client does that must run anywhere.
    let flat = json!({"command": "/help", "title": {"en": "Help", "de": "Hilfe"}, "params": {"en": "what"}});
    let mut params = flat.clone();
    params["fields"] = flat;
    let answer = bot.call("Command.register", params).await.result();
    answer["command"]["id"].clone()
}

#[tokio::test]
async fn command_lifecycle() {
    let bot = bot(Build::rest(36)).await;
    let id = help(&bot).await;
    assert_eq!(help(&bot).await, id);
    let listed = bot.call("Command.list", json!({})).await.result();
    assert_eq!(listed["commands"][6]["command"], "/help");
    assert_eq!(listed["commands"][6]["title"], "Help");

    let said = bot.portal.say(1, &bot.id.to_string(), "/help me").await;
    let answer = json!({
        "commandId": id, "messageId": said, "dialogId": "1", "fields": {"message": "So"},
    });
    bot.call("Command.answer", answer).await.result();
    assert_eq!(bot.portal.messages().last().unwrap().text, "So");
    let to_nothing = json!({"commandId": id, "messageId": 1, "dialogId": "1"});
    let to_nothing = bot.call("Command.answer", to_nothing).await;
    assert_eq!(to_nothing.code(), "COMMAND_ANSWER_FAILED");

    let gone = json!({"commandId": id});
    bot.call("Command.unregister", gone.clone()).await.result();
    assert_eq!(
        bot.call("Command.unregister", gone).await.code(),
        "COMMAND_NOT_FOUND"
    );
    assert!(bot.portal.commands().is_empty());
}

#[tokio::test]
async fn flat_and_nested_registration() {
    let (old, new) = (
        bot(Build::rest32_with_imbot_v2()).await,
        bot(Build::rest(33)).await,
    );
    let nested = json!({"fields": {"command": "a", "title": {"en": "A"}}});
    let flat = json!({"command": "b", "title": {"en": "B"}, "common": true});
    let untitled = json!({"command": "c"});
    let odd = json!({"command": ["d"]});
    for (params, old_code, new_code) in [
        (nested, "100", ""),
        (flat, "100", ""),
        (untitled, "", "COMMAND_TITLE_REQUIRED"),
        (odd, "100", "COMMAND_NAME_INVALID"),
    ] {
        for (bot, code) in [(&old, old_code), (&new, new_code)] {
            let answer = bot.call("Command.register", params.clone()).await;
            match code {
                "" => assert_eq!(answer.status, 200, "{params}"),
                code => assert_eq!(answer.code(), code, "{params}"),
            }
        }
    }
}

#[tokio::test]
async fn updates_rename_and_merge_from_33() {
    for (build, is_new) in [(Build::rest32_with_imbot_v2(), false), (Build::rest(33), true)] {
        let bot = bot(build).await;
        let id = help(&bot).await;
        let update = |fields: Json| json!({"commandId": id, "fields": fields});
        let fields = json!({"command": "assist", "title": {"EN": "Assist"}});
        bot.call("Command.update", update(fields)).await.result();
        let stored = &bot.portal.commands()[0];
        assert_eq!(stored.name, if is_new { "assist" } else { "help" });
        let mut languages: Vec<_> = stored
            .texts
            .iter()
            .map(|(language, ..)| language.clone())
            .collect();
        languages.sort();
        assert_eq!(languages, if is_new { vec!["de", "en"] } else { vec!["EN"] });

        let deleted = json!({"title": {"de": null}});
        bot.call("Command.update", update(deleted)).await.result();
        let has_german = bot.portal.commands()[0]
            .texts
            .iter()
            .any(|(language, ..)| language == "de");
        assert_eq!(has_german, !is_new);
        for (fields, code) in [
            (json!({"command": ""}), "COMMAND_NAME_EMPTY"),
            (json!({"command": ["x"]}), "COMMAND_NAME_INVALID"),
            (json!({"title": "x"}), "COMMAND_TITLE_INVALID"),
        ] {
            let answer = bot.call("Command.update", update(fields)).await;
            if is_new {
                assert_eq!(answer.code(), code);
            } else if code == "COMMAND_NAME_INVALID" {
                assert_eq!(answer.code(), "0");
            } else {
                answer.result();
            }
        }
    }
}

#[tokio::test]
async fn lists_show_titles_from_34() {
    for (rest, title) in [(33, ""), (34, "Help")] {
        let bot = bot(Build::rest(rest)).await;
        help(&bot).await;
        let listed = bot.call("Command.list", json!({})).await.result();
        assert_eq!(listed["commands"][6]["title"], title, "{rest}");
    }
}

/// The names of the members of each command, and the values of those that are flags.
#[tokio::test]
async fn built_in_commands_come_first() {
    let names = ["/me", "/loud", "/>>", "/rename", "/getDialogId", "/webrtcDebug"];
    for (build, members, guests, [yes, no]) in [
        (
            Build::rest32_with_imbot_v2(),
            "common extranet",
            "extranet",
            [json!("Y"), json!("N")],
        ),
        (
            Build::rest(33),
            "common extranet",
            "extranet",
            [json!("Y"), json!("N")],
        ),
        (
            Build::rest(34),
            "common extranetSupport hidden",
            "extranetSupport",
            [json!(true), json!(false)],
        ),
        (
            Build::rest(36),
            "common extranetSupport hidden",
            "extranetSupport",
            [json!(true), json!(false)],
        ),
    ] {
        let bot = bot(build).await;
        let id = help(&bot).await;
        let listed = bot.call("Command.list", json!({})).await.result();
        let commands = listed["commands"].as_array().unwrap();
        assert_eq!(commands.len(), 7);
        let mut expected: Vec<_> = "id botId command title params category context"
            .split(' ')
            .chain(members.split(' '))
            .collect();
        expected.sort_unstable();
        for command in commands {
            let mut members: Vec<_> = command.as_object().unwrap().keys().collect();
            members.sort_unstable();
            assert_eq!(members, expected);
        }
        for (at, (command, name)) in commands.iter().zip(names).enumerate() {
            assert_eq!(
                (
                    &command["id"],
                    &command["botId"],
                    &command["command"],
                    &command["common"]
                ),
                (&json!(format!("def{at}")), &json!(0), &json!(name), &yes)
            );
            assert_eq!(&command[guests], if name == "/getDialogId" { &no } else { &yes });
            assert_ne!(command["title"], "");
        }
        let own = &commands[6];
        assert_eq!(
            (&own["id"], &own["botId"], &own["common"], &own["category"]),
            (&id, &json!(bot.id), &no, &json!("Ann"))
        );
    }
}
