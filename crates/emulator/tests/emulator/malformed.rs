//! Attachments, keyboards and menus that a portal cannot read.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Message};
use serde_json::{Value as Json, json};

use crate::client::call;

/// What all builds refuse, by part of a message. After `CIMMessageParamAttach`,
/// `Bot\Keyboard` and `Bot\ContextMenu` of module `im`.
fn malformed() -> Vec<(&'static str, Json)> {
    let attach = [
        json!("x"),
        json!("[{broken"),
        json!(5),
        json!(["MESSAGE"]),
        json!({"MESSAGE": "x"}),
        json!({"BLOCKS": [5]}),
        json!([{"NOTHING": 1}]),
        json!([{"HTML": "x"}]),
        json!([{"USER": {"NAME": " "}}]),
        json!([{"USER": "Ann"}]),
        json!([{"LINK": {"LINK": "ftp://a"}}]),
        json!([{"LINK": {"USER_ID": 7}}]),
        json!([{"RICH_LINK": {"NAME": "a"}}]),
        json!([{"MESSAGE": " "}]),
        json!([{"GRID": []}]),
        json!([{"GRID": [{"NAME": " ", "VALUE": ""}]}]),
        json!([{"IMAGE": {"LINK": "a.png"}}]),
        json!([{"FILE": [{"NAME": "a"}]}]),
        // The first kind decides.
        json!([{"USER": {}, "MESSAGE": "x"}]),
    ];
    let buttons = [
        json!("x"),
        json!("[{broken"),
        json!(5),
        json!([5]),
        json!([{}]),
        json!([{"TEXT": " ", "LINK": "/a"}]),
        json!([{"TEXT": "a"}]),
        json!([{"TEXT": "a", "LINK": "ftp://a"}]),
        json!([{"TEXT": "a", "ACTION": "NONE", "ACTION_VALUE": "x"}]),
        json!([{"TEXT": "a", "ACTION": "PUT", "ACTION_VALUE": " "}]),
        json!([{"TEXT": "a", "FUNCTION": "f()"}]),
        json!([{"TEXT": "a", "COMMAND": " "}]),
    ];
    let keyboard = [
        json!({"BUTTONS": []}),
        json!({"BUTTONS": "x"}),
        json!([{"TEXT": 5, "LINK": "/a"}]),
        json!([{"TEXT": "0", "LINK": "/a"}]),
    ];
    let menu = [
        json!({"ITEMS": []}),
        json!({"ITEMS": "x"}),
        json!([{"TYPE": "NEWLINE"}]),
        json!([{"TEXT": "a", "ACTION": "HELP", "ACTION_VALUE": "x"}]),
    ];
    let of = |part: &'static str, values: &[Json]| -> Vec<_> {
        values.iter().map(|value| (part, value.clone())).collect()
    };
    [
        of("ATTACH", &attach),
        of("KEYBOARD", &buttons),
        of("KEYBOARD", &keyboard),
        of("MENU", &buttons),
        of("MENU", &menu),
    ]
    .concat()
}

/// What all builds of the newest release take.
fn sound() -> Vec<(&'static str, Json)> {
    let blocks = json!([{"MESSAGE": "x"}, {"NOTHING": 1}]);
    let button = json!([{"TEXT": "a", "LINK": "/a"}, {}]);
    vec![
        ("ATTACH", blocks.clone()),
        ("ATTACH", json!(blocks.to_string())),
        ("ATTACH", json!({"BLOCKS": blocks})),
        ("ATTACH", json!([{"MESSAGE": {"TEXT": "x"}}])),
        ("ATTACH", json!([{"USER": [{"NAME": "Ann"}]}])),
        ("ATTACH", json!([{"LINK": {"NAME": "a", "USER_ID": "7"}}])),
        ("ATTACH", json!([{"RICH_LINK": {"LINK": "https://a"}}])),
        ("ATTACH", json!([{"GRID": [{"NAME": "a"}]}])),
        ("ATTACH", json!([{"GRID": [{"DISPLAY": "LINE"}]}])),
        ("ATTACH", json!([{"IMAGE": {"LINK": "/a.png"}}])),
        ("ATTACH", json!([{"FILE": [{"LINK": "http://a"}]}])),
        ("ATTACH", json!([{"DELIMITER": {}}])),
        ("KEYBOARD", button.clone()),
        ("KEYBOARD", json!(button.to_string())),
        ("KEYBOARD", json!({"BUTTONS": button})),
        ("KEYBOARD", json!([{"TYPE": "NEWLINE"}])),
        (
            "KEYBOARD",
            json!([{"TEXT": "a", "ACTION": "HELP", "ACTION_VALUE": "x"}]),
        ),
        ("KEYBOARD", json!([{"TEXT": "a", "COMMAND": "/go"}])),
        ("MENU", button.clone()),
        ("MENU", json!({"ITEMS": button})),
        ("MENU", json!([{"TEXT": 5, "COMMAND": "go"}])),
    ]
}

/// What has no contents at all.
fn empty() -> [Json; 4] {
    [json!(""), json!([]), json!(0), json!(false)]
}

struct Stage {
    portal: EmulatedPortal,
    old: Json,
    new: Json,
    command: Json,
    old_command: Json,
    said: u64,
    /// Messages of the old bot, the new one, and the person.
    sent: [Json; 3],
}

impl Stage {
    async fn new() -> Self {
        let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
        let ask = async |method: &str, params: Json| call(&portal, method, params).await.result();
        let old = ask(
            "imbot.register",
            json!({"CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"}, "EVENT_HANDLER": "http://127.0.0.1:9/"}),
        )
        .await;
        let fields = json!({"code": "new", "properties": {"name": "New"}});
        let new = ask(
            "imbot.v2.Bot.register",
            json!({"botToken": "t", "fields": fields}),
        )
        .await;
        let new = new["bot"]["id"].clone();
        let old_command = json!({
            "CLIENT_ID": "c", "BOT_ID": old, "COMMAND": "go", "EVENT_COMMAND_ADD": "http://127.0.0.1:9/",
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Go"}],
        });
        let old_command = ask("imbot.command.register", old_command).await;
        let command = json!({
            "botToken": "t", "botId": new, "fields": {"command": "go", "title": {"en": "Go"}},
        });
        let command = ask("imbot.v2.Command.register", command).await["command"]["id"].clone();
        let said = portal.say(1, &new.to_string(), "/go").await.unwrap();
        let by_old = json!({"CLIENT_ID": "c", "BOT_ID": old, "DIALOG_ID": "1", "MESSAGE": "m"});
        let by_new = json!({"botToken": "t", "botId": new, "dialogId": "1", "fields": {"message": "m"}});
        let sent = [
            ask("imbot.message.add", by_old).await,
            ask("imbot.v2.Chat.Message.send", by_new).await["id"].clone(),
            ask("im.message.add", json!({"DIALOG_ID": old, "MESSAGE": "m"})).await,
        ];
        Self {
            portal,
            old,
            new,
            command,
            old_command,
            said,
            sent,
        }
    }

    /// Calls a method with this part of a message.
    async fn call(&self, method: &str, part: &str, value: &Json) -> Json {
        let [by_old, by_new, by_person] = &self.sent;
        let mut params = match method {
            "imbot.message.add" => json!({"DIALOG_ID": "1", "MESSAGE": "m"}),
            "imbot.message.update" => json!({"MESSAGE_ID": by_old}),
            "imbot.command.answer" => {
                json!({"COMMAND_ID": self.old_command, "MESSAGE_ID": self.said, "MESSAGE": "m"})
            }
            "im.message.add" => json!({"DIALOG_ID": self.old, "MESSAGE": "m"}),
            "im.message.update" => json!({"MESSAGE_ID": by_person}),
            "imbot.v2.Chat.Message.send" => json!({"dialogId": "1", "fields": {"message": "m"}}),
            "imbot.v2.Chat.Message.update" => json!({"messageId": by_new, "fields": {"message": "m"}}),
            _ => json!({
                "commandId": self.command, "messageId": self.said, "dialogId": "1",
                "fields": {"message": "m"},
            }),
        };
        if method.contains(".v2.") {
            params["fields"][part.to_lowercase()] = value.clone();
            params["botId"] = self.new.clone();
            params["botToken"] = "t".into();
        } else {
            params[part] = value.clone();
            params["BOT_ID"] = self.old.clone();
            params["CLIENT_ID"] = "c".into();
        }
        call(&self.portal, method, params).await.json()
    }

    fn message(&self, id: &Json) -> Message {
        let messages = self.portal.messages().into_iter();
        let mut messages = messages.filter(|own| json!(own.id) == *id);
        messages.next().unwrap()
    }
}

const OLDER: [&str; 5] = [
    "imbot.message.add",
    "imbot.message.update",
    "imbot.command.answer",
    "im.message.add",
    "im.message.update",
];

#[tokio::test]
async fn older_methods_refuse_malformed_parts() {
    let stage = Stage::new().await;
    for (part, value) in malformed() {
        for method in OLDER {
            let before = stage.portal.messages();
            let answer = stage.call(method, part, &value).await;
            assert_eq!(answer["error"], format!("{part}_ERROR"), "{method}: {value}");
            assert_eq!(stage.portal.messages(), before, "{method}: {value}");
        }
    }
}

#[tokio::test]
async fn newer_send_refuses_malformed_parts() {
    let stage = Stage::new().await;
    let empty = empty().map(|value| ("ATTACH", value));
    for (part, value) in malformed().into_iter().chain(empty) {
        if part != "MENU" {
            let answer = stage.call("imbot.v2.Chat.Message.send", part, &value).await;
            assert_eq!(answer["error"], format!("PARAM_{part}_ERROR"), "{value}");
        }
    }
}

/// `Controller\Chat\Message` of module `imbot` lists the fields that it reads, and `menu` is
/// in neither list.
#[tokio::test]
async fn newer_messages_have_no_menu() {
    let stage = Stage::new().await;
    let long = json!([{"TEXT": "x".repeat(60_000), "LINK": "/a"}]);
    let values = malformed().into_iter().chain(sound());
    let menus = values.filter(|(part, _)| *part == "MENU").map(|(_, value)| value);
    let mut count = 0;
    for value in menus.chain([long, json!("N")]) {
        let sent = stage.call("imbot.v2.Chat.Message.send", "MENU", &value).await;
        let id = &sent["result"]["id"];
        assert!(id.is_u64(), "{value}: {sent}");
        let changed = stage.call("imbot.v2.Chat.Message.update", "MENU", &value).await;
        assert_eq!(changed["result"]["result"], true, "{value}: {changed}");
        for id in [id, &stage.sent[1]] {
            assert_eq!(stage.message(id).menu, None, "{value}");
        }
        count += 1;
    }
    assert!(count > 10, "{count}");
}

#[tokio::test]
async fn newer_updates_ignore_malformed_parts() {
    let stage = Stage::new().await;
    let method = "imbot.v2.Chat.Message.update";
    let button = json!([{"TEXT": "a", "LINK": "/a"}]);
    stage.call(method, "KEYBOARD", &button).await;
    for (part, value) in malformed() {
        for method in [method, "imbot.v2.Command.answer"] {
            let answer = stage.call(method, part, &value).await;
            assert_eq!(answer["result"]["result"], true, "{method}, {part}: {value}");
        }
        let answered = stage.portal.messages().pop().unwrap();
        assert_eq!((answered.keyboard, answered.menu), (None, None), "{value}");
        // What was there stays.
        assert_eq!(
            stage.message(&stage.sent[1]).keyboard.as_ref(),
            Some(&button),
            "{value}"
        );
    }
    stage.call(method, "KEYBOARD", &json!("N")).await;
    assert_eq!(stage.message(&stage.sent[1]).keyboard, None);
}

#[tokio::test]
async fn valid_parts_are_accepted() {
    let stage = Stage::new().await;
    let newer = [
        "imbot.v2.Chat.Message.send",
        "imbot.v2.Chat.Message.update",
        "imbot.v2.Command.answer",
    ];
    for (part, value) in sound() {
        for method in OLDER.into_iter().chain(newer) {
            let answer = stage.call(method, part, &value).await;
            assert!(
                answer.get("result").is_some(),
                "{method}, {part} {value}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn empty_parts_remove_on_update() {
    let stage = Stage::new().await;
    let button = json!([{"TEXT": "a", "LINK": "/a"}]);
    for value in empty() {
        for part in ["ATTACH", "KEYBOARD", "MENU"] {
            for method in OLDER {
                let answer = stage.call(method, part, &value).await;
                assert!(
                    answer.get("result").is_some(),
                    "{method}, {part} {value}: {answer}"
                );
            }
        }
    }
    // A change takes away what is empty, or the letter.
    for value in empty().into_iter().chain([json!("N")]) {
        stage.call("imbot.message.update", "KEYBOARD", &button).await;
        assert_eq!(stage.message(&stage.sent[0]).keyboard.as_ref(), Some(&button));
        stage.call("imbot.message.update", "KEYBOARD", &value).await;
        assert_eq!(stage.message(&stage.sent[0]).keyboard, None, "{value}");
    }
}

#[tokio::test]
async fn too_long_parts_are_refused() {
    let stage = Stage::new().await;
    let text = "x".repeat(60_000);
    for (part, value) in [
        ("ATTACH", json!([{"MESSAGE": text}])),
        ("KEYBOARD", json!([{"TEXT": text, "LINK": "/a"}])),
    ] {
        for method in OLDER {
            let answer = stage.call(method, part, &value).await;
            assert_eq!(answer["error"], format!("{part}_OVERSIZE"), "{method}");
        }
        let answer = stage.call("imbot.v2.Chat.Message.send", part, &value).await;
        assert_eq!(answer["error"], format!("PARAM_{part}_ERROR"));
    }
}
