//! Every documented error code is produced, or listed with the reason why not.

use std::collections::BTreeMap;

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Webhook};
use serde_json::{Value as Json, json};

use crate::client::{call, post};

/// By method: the codes on its page.
const DOCUMENTED: &str = include_str!("codes.toml");

/// By code and methods: why the emulator never answers it.
const NOT_PRODUCED: &str = include_str!("codes_not_produced.toml");

/// No picture, and one of 6000 by 1 pixels, as GIFs have their size.
const NO_PICTURE: &str = "aGk=";
const WIDE: &str = "R0lGODlhcBcBAAAA";

/// What there is on a portal before a call.
struct Stage {
    portal: EmulatedPortal,
    ids: BTreeMap<&'static str, Json>,
}

impl Stage {
    async fn new() -> Self {
        let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
        let mut ids = BTreeMap::new();
        let ask = async |method: &str, params: Json| {
            let answer = call(&portal, method, params).await;
            assert_eq!(answer.status, 200, "{method}: {}", answer.text());
            answer.result()
        };
        let register = async |code: &str, token: &str, kind: &str| {
            let fields = json!({"code": code, "type": kind, "properties": {"name": "Ann"}});
            let params = json!({"botToken": token, "fields": fields});
            ask("imbot.v2.Bot.register", params).await["bot"]["id"].clone()
        };
        let bot = register("ann", "t", "bot").await;
        ids.insert("observer", register("eve", "t", "personal").await);
        register("bob", "other", "bot").await;
        let own = |mut params: Json| {
            params["botToken"] = "t".into();
            params["botId"] = bot.clone();
            params
        };
        let fields = json!({"userIds": [1, 7, ids["observer"]], "title": "T"});
        let chat = ask("imbot.v2.Chat.add", own(json!({"fields": fields}))).await;
        let dialog = chat["chat"]["dialogId"].clone();
        let without_1 = own(json!({"fields": {"userIds": [7]}}));
        let without_1 = ask("imbot.v2.Chat.add", without_1).await["chat"]["dialogId"].clone();
        // Of people alone.
        let closed = ask("im.chat.add", json!({"USERS": [1, 7], "TITLE": "C"})).await;
        let closed = json!(format!("chat{closed}"));
        let foreign = json!({"userIds": [7], "ownerId": 7});
        let foreign =
            ask("imbot.v2.Chat.add", own(json!({"fields": foreign}))).await["chat"]["dialogId"].clone();

        let send = own(json!({"dialogId": dialog, "fields": {"message": "m"}}));
        ids.insert(
            "mine",
            ask("imbot.v2.Chat.Message.send", send).await["id"].clone(),
        );
        let hidden = json!({"DIALOG_ID": closed, "MESSAGE": "m"});
        ids.insert("hidden", ask("im.message.add", hidden).await);
        let theirs = portal.say(7, dialog.as_str().unwrap(), "m").await.unwrap();
        ids.insert("theirs", theirs.into());
        for (key, name) in [("command", "help"), ("second", "other")] {
            let fields = json!({"command": name, "title": {"en": "T"}});
            let answer = ask("imbot.v2.Command.register", own(json!({"fields": fields}))).await;
            ids.insert(key, answer["command"]["id"].clone());
        }
        let file = json!({"name": "a.txt", "content": "aGk="});
        for (key, dialog) in [("file", &dialog), ("file without 1", &without_1)] {
            let upload = own(json!({"dialogId": dialog, "fields": file}));
            ids.insert(
                key,
                ask("imbot.v2.File.upload", upload).await["file"]["id"].clone(),
            );
        }
        let upload = json!({"dialogId": closed, "fields": file});
        ids.insert(
            "hidden file",
            ask("im.v2.File.upload", upload).await["file"]["id"].clone(),
        );

        let old = json!({
            "CODE": "old", "CLIENT_ID": "c", "PROPERTIES": {"NAME": "Old"},
            "EVENT_HANDLER": "http://127.0.0.1:9/",
        });
        let old = ask("imbot.register", old).await;
        let of_old = |mut params: Json| {
            params["CLIENT_ID"] = "c".into();
            params["BOT_ID"] = old.clone();
            params
        };
        let old_chat = ask("imbot.chat.add", of_old(json!({"USERS": [1, 7], "TITLE": "O"}))).await;
        let old_dialog = json!(format!("chat{old_chat}"));
        let message = of_old(json!({"DIALOG_ID": old_dialog, "MESSAGE": "m"}));
        ids.insert("old message", ask("imbot.message.add", message).await);
        let command = json!({
            "COMMAND": "go", "EVENT_COMMAND_ADD": "http://127.0.0.1:9/",
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "T"}],
        });
        ids.insert(
            "old command",
            ask("imbot.command.register", of_old(command)).await,
        );
        for (key, value) in [
            ("bot", bot),
            ("dialog", dialog),
            ("dialog without 1", without_1),
            ("closed", closed.clone()),
            ("foreign", foreign),
            (
                "closed chat",
                json!(closed.as_str().unwrap()[4..].parse::<u64>().unwrap()),
            ),
            ("old", old),
            ("old chat", old_chat),
            ("old dialog", old_dialog),
        ] {
            ids.insert(key, value);
        }
        Self { portal, ids }
    }

    fn id(&self, name: &str) -> Json {
        self.ids[name].clone()
    }

    /// A call that succeeds.
    fn sound(&self, method: &str) -> Json {
        let dialog = || json!({"dialogId": self.id("dialog")});
        let message = |name: &str| json!({"messageId": self.id(name)});
        let mut params = match method {
            "imbot.v2.Bot.register" => json!({"fields": {"code": "new", "properties": {"name": "New"}}}),
            "imbot.v2.Bot.update" => json!({"fields": {"properties": {"name": "New"}}}),
            "imbot.v2.Chat.add" => json!({"fields": {}}),
            "imbot.v2.Chat.update" => json!({"dialogId": self.id("dialog"), "fields": {"title": "New"}}),
            "imbot.v2.Chat.setOwner" | "imbot.v2.Chat.User.delete" => {
                json!({"dialogId": self.id("dialog"), "userId": 7})
            }
            "imbot.v2.Chat.User.add" | "imbot.v2.Chat.Manager.add" | "imbot.v2.Chat.Manager.delete" => {
                json!({"dialogId": self.id("dialog"), "userIds": [7]})
            }
            "imbot.v2.Chat.Message.send" => {
                json!({"dialogId": self.id("dialog"), "fields": {"message": "m"}})
            }
            "imbot.v2.Chat.Message.update" => {
                json!({"messageId": self.id("mine"), "fields": {"message": "n"}})
            }
            "imbot.v2.Chat.Message.delete" => message("mine"),
            "imbot.v2.Chat.Message.get" | "imbot.v2.Chat.Message.getContext" => message("theirs"),
            "imbot.v2.Chat.Message.Reaction.add" => {
                json!({"messageId": self.id("theirs"), "reaction": "like"})
            }
            "imbot.v2.Chat.Message.Reaction.delete" => {
                json!({"messageId": self.id("mine"), "reaction": "fire"})
            }
            "imbot.v2.Command.register" => json!({"fields": {"command": "new", "title": {"en": "T"}}}),
            "imbot.v2.Command.update" => json!({"commandId": self.id("command"), "fields": {"hidden": true}}),
            "imbot.v2.Command.unregister" => json!({"commandId": self.id("command")}),
            "imbot.v2.Command.answer" => json!({
                "commandId": self.id("command"), "messageId": self.id("theirs"),
                "dialogId": self.id("dialog"), "fields": {"message": "m"},
            }),
            "imbot.v2.File.upload" | "im.v2.File.upload" => {
                json!({"dialogId": self.id("dialog"), "fields": {"name": "a.txt", "content": "aGk="}})
            }
            "imbot.v2.File.download" | "im.v2.File.download" => json!({"fileId": self.id("file")}),
            "imbot.register" => json!({
                "CODE": "new", "PROPERTIES": {"NAME": "New"}, "EVENT_MESSAGE_ADD": "http://127.0.0.1:9/",
                "EVENT_WELCOME_MESSAGE": "http://127.0.0.1:9/", "EVENT_BOT_DELETE": "http://127.0.0.1:9/",
            }),
            "imbot.update" => json!({"FIELDS": {"PROPERTIES": {"NAME": "New"}}}),
            "imbot.chat.add" => json!({"USERS": [1]}),
            "imbot.chat.get" | "imbot.dialog.get" | "imbot.chat.sendTyping" => {
                json!({"DIALOG_ID": self.id("old dialog")})
            }
            "imbot.chat.setManager" | "imbot.chat.setOwner" | "imbot.chat.user.delete" => {
                json!({"CHAT_ID": self.id("old chat"), "USER_ID": 7})
            }
            "imbot.chat.updateAvatar" => {
                json!({"CHAT_ID": self.id("old chat"), "AVATAR": "R0lGODlhAQABAAAA"})
            }
            "imbot.chat.updateColor" => json!({"CHAT_ID": self.id("old chat"), "COLOR": "MINT"}),
            "imbot.chat.updateTitle" => json!({"CHAT_ID": self.id("old chat"), "TITLE": "New"}),
            "imbot.chat.user.add" => json!({"CHAT_ID": self.id("old chat"), "USERS": [9]}),
            "imbot.command.register" => json!({
                "COMMAND": "new", "EVENT_COMMAND_ADD": "http://127.0.0.1:9/",
                "LANG": [{"LANGUAGE_ID": "en", "TITLE": "T"}],
            }),
            "imbot.command.update" => {
                json!({"COMMAND_ID": self.id("old command"), "FIELDS": {"HIDDEN": "Y"}})
            }
            "imbot.command.unregister" => json!({"COMMAND_ID": self.id("old command")}),
            "imbot.command.answer" => json!({
                "COMMAND_ID": self.id("old command"), "MESSAGE_ID": self.id("old message"), "MESSAGE": "m",
            }),
            "imbot.message.add" => json!({"DIALOG_ID": self.id("old dialog"), "MESSAGE": "m"}),
            "imbot.message.delete" | "imbot.message.like" => json!({"MESSAGE_ID": self.id("old message")}),
            "imbot.message.update" => json!({"MESSAGE_ID": self.id("old message"), "MESSAGE": "n"}),
            _ if method.starts_with("imbot.v2.Chat.") => dialog(),
            _ if method.starts_with("imbot.chat.") => json!({"CHAT_ID": self.id("old chat")}),
            _ => json!({}),
        };
        let owner = match method {
            _ if method.starts_with("im.") => json!({}),
            "imbot.v2.Bot.register" | "imbot.v2.Bot.list" => json!({"botToken": "t"}),
            "imbot.v2.Chat.Message.get" | "imbot.v2.Chat.Message.getContext" => {
                json!({"botToken": "t", "botId": self.id("observer")})
            }
            _ if method.starts_with("imbot.v2.") => json!({"botToken": "t", "botId": self.id("bot")}),
            "imbot.register" => json!({"CLIENT_ID": "c"}),
            _ => json!({"CLIENT_ID": "c", "BOT_ID": self.id("old")}),
        };
        merge(&mut params, &owner);
        params
    }

    /// What has to be otherwise in a sound call, so that it fails with this code;
    /// null takes a parameter away.
    fn change(&self, method: &str, code: &str) -> Option<Json> {
        let fields = |fields: Json| json!({"fields": fields});
        let is_v2 = method.contains(".v2.");
        let change = match (method, code) {
            (_, "BOT_TOKEN_NOT_SPECIFIED") => json!({"botToken": null}),
            (_, "BOT_ID_REQUIRED") => json!({"botId": null}),
            (_, "BOT_NOT_FOUND") => json!({"botId": 999_999}),
            (_, "BOT_OWNERSHIP_ERROR") => json!({"botToken": "other"}),
            ("imbot.v2.Bot.get", "PARAMS_REQUIRED") => json!({"botId": null}),
            ("imbot.v2.Bot.register", "BOT_CODE_REQUIRED") => fields(json!({"code": ""})),
            ("imbot.v2.Bot.register", "BOT_PROPERTIES_REQUIRED") => {
                fields(json!({"properties": {"name": ""}}))
            }
            ("imbot.v2.Bot.register", "BOT_CODE_ALREADY_TAKEN") => fields(json!({"code": "bob"})),
            ("imbot.v2.Bot.register", "BOT_INVALID_TYPE") => fields(json!({"type": "x"})),
            ("imbot.v2.Bot.register", "BOT_WEBHOOK_URL_REQUIRED") => fields(json!({"eventMode": "webhook"})),
            // Older builds alone have them.
            (_, "BOT_LIMIT_EXCEEDED" | "MAX_COUNT_ERROR") => return None,
            (_, "BOT_INVALID_EVENT_MODE") => fields(json!({"eventMode": "x"})),
            (_, "BOT_INVALID_CALLBACK") => fields(json!({"eventMode": "webhook", "webhookUrl": "x"})),
            (_, "BOT_AVATAR_INCORRECT_TYPE") => {
                fields(json!({"properties": {"name": "A", "avatar": NO_PICTURE}}))
            }
            (_, "BOT_AVATAR_INCORRECT_SIZE") => fields(json!({"properties": {"name": "A", "avatar": WIDE}})),
            ("imbot.v2.Bot.update", "BOT_TOKEN_ROTATION_FAILED") => fields(json!({"botToken": "other"})),
            ("imbot.v2.Chat.Manager.add" | "imbot.v2.Chat.Manager.delete", "EMPTY_USER_IDS") => {
                json!({"userIds": []})
            }
            ("im.v2.File.download", "ACCESS_DENIED") => json!({"fileId": self.id("file without 1")}),
            ("im.v2.File.upload", "ACCESS_DENIED") => json!({"dialogId": self.id("dialog without 1")}),
            ("im.v2.File.upload", "CHAT_NOT_FOUND") => json!({"dialogId": "chat999999"}),
            (_, "FILE_NOT_FOUND") => json!({"fileId": 999_999}),
            (_, "FILE_ACCESS_ERROR") => json!({"fileId": self.id("hidden file")}),
            (_, "FILE_EMPTY") => fields(json!({"content": ""})),
            (_, "FILE_INVALID_CONTENT") => fields(json!({"content": "not base64!"})),
            (_, "BOT_TYPE_NOT_ALLOWED") => json!({"botId": self.id("bot")}),
            (_, "MESSAGE_ACCESS_DENIED") => json!({"messageId": self.id("hidden")}),
            (_, "MESSAGE_NOT_FOUND") => json!({"messageId": 999_999}),
            (_, "EMPTY_MESSAGE") => fields(json!({"message": ""})),
            (_, "REACTION_ALREADY_SET") => json!({"messageId": self.id("mine"), "reaction": "fire"}),
            (_, "REACTION_NOT_FOUND") => json!({"reaction": "nonsense"}),
            (_, "COMMAND_ANSWER_FAILED") => json!({"messageId": 999_999}),
            (_, "COMMAND_NAME_INVALID") => fields(json!({"command": ["x"]})),
            (_, "COMMAND_NAME_EMPTY") => fields(json!({"command": ""})),
            (_, "COMMAND_REQUIRED") => fields(json!({"command": ""})),
            (_, "COMMAND_TITLE_REQUIRED") => fields(json!({"title": null})),
            (_, "COMMAND_ALREADY_EXISTS") => fields(json!({"command": "other"})),
            (_, "COMMAND_NOT_FOUND") => json!({"commandId": 999_999}),
            (_, "SCOPE_ERROR" | "USER_NOT_SUBSCRIBED") => json!({"withUserEvents": true}),
            (_, "ACCESS_DENIED")
                if method.contains("Message.") && !method.ends_with("send") && !method.ends_with("read") =>
            {
                json!({"messageId": self.id("hidden")})
            }
            (_, "ACCESS_DENIED") if is_v2 => json!({"dialogId": self.id("closed")}),

            (_, "ACCESS_DENIED") if !method.starts_with("imbot.chat.") => json!({"CLIENT_ID": null}),
            (_, "ATTACH_ERROR" | "KEYBOARD_ERROR" | "MENU_ERROR") => {
                json!({code.trim_end_matches("_ERROR"): "x"})
            }
            (_, "ATTACH_OVERSIZE") => json!({"ATTACH": [{"MESSAGE": "x".repeat(60_000)}]}),
            (_, "KEYBOARD_OVERSIZE" | "MENU_OVERSIZE") => {
                let long = json!({"TEXT": "x".repeat(60_000), "LINK": "/a"});
                json!({code.trim_end_matches("_OVERSIZE"): [long]})
            }
            (_, "APP_ID_ERROR") => json!({"CLIENT_ID": "x"}),
            (_, "BOT_ID_ERROR") => json!({"BOT_ID": 999_999}),
            (_, "CHAT_ID_EMPTY") => json!({"CHAT_ID": 0}),
            (_, "USER_ID_EMPTY") => json!({"USER_ID": 0}),
            (_, "DIALOG_ID_EMPTY") => json!({"DIALOG_ID": "x"}),
            (_, "MESSAGE_EMPTY") => json!({"MESSAGE": ""}),
            (_, "MESSAGE_ID_EMPTY" | "MESSAGE_ID_ERROR") => json!({"MESSAGE_ID": 0}),
            (_, "CANT_EDIT_MESSAGE") => json!({"MESSAGE_ID": self.id("hidden")}),
            (_, "WITHOUT_CHANGES") => json!({"ACTION": "minus"}),
            (_, "TITLE_EMPTY") => json!({"TITLE": ""}),
            (_, "WRONG_COLOR") => json!({"COLOR": "x"}),
            (_, "AVATAR_ERROR") => json!({"AVATAR": NO_PICTURE}),
            (_, "INVALID_FORMAT") => json!({"USERS": [[1]]}),
            (_, "LANG_ERROR") => json!({"LANG": []}),
            (_, "COMMAND_ERROR") => json!({"COMMAND": ""}),
            (_, "COMMAND_ID_ERROR") => json!({"COMMAND_ID": 999_999}),
            (_, "CODE_ERROR") => json!({"CODE": ""}),
            ("imbot.register", "NAME_ERROR") => json!({"PROPERTIES": {"NAME": null}}),
            ("imbot.update", "NAME_ERROR") => {
                json!({"FIELDS": {"PROPERTIES": {"NAME": "", "LAST_NAME": ""}}})
            }
            ("imbot.update" | "imbot.command.update", "WRONG_REQUEST") => json!({"FIELDS": null}),
            // The chat has the colour already.
            ("imbot.chat.updateColor", "WRONG_REQUEST") => json!({}),
            ("imbot.chat.setManager" | "imbot.chat.setOwner", "WRONG_REQUEST") => json!({"USER_ID": 99}),
            ("imbot.chat.user.delete", "WRONG_REQUEST") => json!({"USER_ID": 99}),
            ("imbot.chat.user.add", "WRONG_REQUEST") => json!({"USERS": [7]}),
            ("imbot.chat.leave", "WRONG_REQUEST") => json!({"CHAT_ID": self.id("closed chat")}),
            ("imbot.chat.updateAvatar", "WRONG_REQUEST") => json!({"CHAT_ID": 999_999}),
            ("imbot.chat.updateAvatar", "ACCESS_DENIED") => json!({"CHAT_ID": self.id("closed chat")}),
            ("imbot.chat.get" | "imbot.dialog.get", "ACCESS_ERROR") => json!({"DIALOG_ID": "chat999999"}),
            ("imbot.chat.updateAvatar", _) => return None,
            (_, "ACCESS_ERROR") => json!({"CHAT_ID": 999_999}),
            ("imbot.update" | "imbot.command.update", event) if event.starts_with("EVENT_") => {
                let key = event.trim_end_matches("_ERROR");
                json!({"FIELDS": {key: "x"}})
            }
            (_, event) if event.starts_with("EVENT_") => json!({event.trim_end_matches("_ERROR"): "x"}),
            _ => return None,
        };
        Some(change)
    }

    /// Fills the portal where the code is about that.
    async fn prepare(&self, method: &str, code: &str) {
        match code {
            "WRONG_REQUEST" if method == "imbot.chat.updateColor" => {
                call(&self.portal, method, self.sound(method)).await.result();
            }
            "REACTION_ALREADY_SET" => {
                let own = json!({
                    "botToken": "t", "botId": self.id("bot"), "messageId": self.id("mine"), "reaction": "fire",
                });
                call(&self.portal, "imbot.v2.Chat.Message.Reaction.add", own)
                    .await
                    .result();
            }
            _ => {}
        }
    }
}

fn merge(params: &mut Json, change: &Json) {
    let (Some(own), Some(change)) = (params.as_object_mut(), change.as_object()) else {
        return;
    };
    for (name, value) in change {
        match (own.get_mut(name), value) {
            (_, Json::Null) => {
                own.remove(name);
            }
            (Some(inner @ Json::Object(_)), Json::Object(_)) => merge(inner, value),
            _ => {
                own.insert(name.clone(), value.clone());
            }
        }
    }
}

fn documented() -> Vec<(String, String)> {
    let table: toml::Table = DOCUMENTED.parse().unwrap();
    let codes = |value: &toml::Value| -> Vec<String> {
        let codes = value.as_array().unwrap().iter();
        codes.map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    table
        .iter()
        .flat_map(|(method, value)| codes(value).into_iter().map(|code| (method.clone(), code)))
        .collect()
}

/// The pairs of method and code that are listed, each with its reason.
fn not_produced() -> BTreeMap<(String, String), String> {
    let table: toml::Table = NOT_PRODUCED.parse().unwrap();
    let rows = table["code"].as_array().unwrap().iter();
    rows.flat_map(|row| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        let methods = row["methods"].as_array().unwrap().iter();
        methods.map(move |method| {
            (
                (method.as_str().unwrap().to_owned(), text("code")),
                text("reason"),
            )
        })
    })
    .collect()
}

#[tokio::test]
async fn documented_codes_are_produced_or_explained() {
    let listed = not_produced();
    let documented = documented();
    let mut wrong = Vec::new();
    for (method, code) in &documented {
        let stage = Stage::new().await;
        let pair = (method.clone(), code.clone());
        let Some(change) = stage.change(method, code) else {
            if listed
                .get(&pair)
                .is_none_or(|reason| reason.split_whitespace().count() < 4)
            {
                wrong.push(format!(
                    "{method}: {code} is neither provoked by `change` nor explained in codes_not_produced.toml"
                ));
            }
            continue;
        };
        if listed.contains_key(&pair) {
            wrong.push(format!("{method}: {code} is provoked and listed"));
        }
        stage.prepare(method, code).await;
        let mut params = stage.sound(method);
        merge(&mut params, &change);
        let url = match code.as_str() {
            "SCOPE_ERROR" => stage
                .portal
                .add_webhook(Webhook::new(1, "narrow").scopes(["imbot"])),
            _ => stage.portal.webhook_url().to_owned(),
        };
        let answer = post(&format!("{url}{method}"), &params).await.json();
        if answer["error"] != **code {
            wrong.push(format!(
                "{method}: {code} is not what {params} is answered: {answer}"
            ));
        }
    }
    for pair in listed.keys().filter(|pair| !documented.contains(pair)) {
        wrong.push(format!("{pair:?} is listed and not documented"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Without this, a code could come of a call that fails in any case.
#[tokio::test]
async fn every_method_accepts_valid_call() {
    let table: toml::Table = DOCUMENTED.parse().unwrap();
    let mut wrong = Vec::new();
    for method in table.keys() {
        let stage = Stage::new().await;
        if method.ends_with("Reaction.delete") {
            stage.prepare(method, "REACTION_ALREADY_SET").await;
        }
        let answer = call(&stage.portal, method, stage.sound(method)).await.json();
        if answer.get("result").is_none() {
            wrong.push(format!("{method}: {answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documented_code_count_is_pinned() {
    let count = |is_v2: bool| {
        let mut codes: Vec<_> = documented()
            .into_iter()
            .filter(|(method, _)| method.contains(".v2.") == is_v2)
            .map(|(_, code)| code)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes.len()
    };
    assert_eq!(
        (count(true), count(false)),
        (50, 37),
        "raise the number for a new code"
    );
}
