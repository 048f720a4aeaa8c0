//! A portal with what a documented request is about, and the values of requests.

use std::collections::BTreeMap;

use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator};
use serde_json::{Map, Value as Json, json};

use crate::client::post;
use imbot_caps_xtask::facts::{self, Fact};

/// Nobody listens there.
const HANDLER: &str = "http://127.0.0.1:9/";

/// One pixel.
const PICTURE: &str = "R0lGODlhAQABAAAA";

const TEXT_FILE: &str = "aGk=";

/// Whether the parameter is the token by which a webhook's bot is known.
pub(super) fn is_token(path: &str) -> bool {
    matches!(path, "botToken" | "fields.botToken" | "CLIENT_ID")
}

/// Whose methods are called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    BotV2,
    BotV1,
    User,
}

/// A portal with a bot, a chat of it or of the calling person, and what is in the chat.
pub(super) struct Fixture {
    portal: EmulatedPortal,
    family: Family,
    /// Where an application calls, and its access token.
    app: Option<(String, String)>,
    ids: BTreeMap<&'static str, Json>,
}

impl Fixture {
    /// What calls of this method need, by an application or by a webhook.
    pub(super) async fn new(method: &str, by_app: bool) -> Self {
        let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
        let family = match method {
            _ if method.starts_with("imbot.v2.") => Family::BotV2,
            _ if method.starts_with("imbot.") && method != "imbot.dialog.get" => Family::BotV1,
            _ => Family::User,
        };
        let app = by_app.then(|| {
            let installed = portal.install(App::new("local.app", "secret"));
            (installed.client_endpoint, installed.access_token)
        });
        let mut fixture = Self {
            portal,
            family,
            app,
            ids: BTreeMap::new(),
        };
        match family {
            Family::BotV2 => fixture.fill_v2().await,
            Family::BotV1 => fixture.fill_v1().await,
            Family::User => fixture.fill_for_user().await,
        }
        let dialog = fixture.text("dialog");
        let theirs = fixture.portal.say(7, &dialog, "hello").await.unwrap();
        fixture.ids.insert("theirs", theirs.into());
        fixture.prepare(method).await;
        fixture
    }

    async fn fill_v2(&mut self) {
        let bot = json!({"code": "ann", "type": "personal", "properties": {"name": "Ann"}});
        let bot = self.ask("imbot.v2.Bot.register", json!({"fields": bot})).await;
        self.keep("bot", &bot["bot"]["id"]);
        let fields = json!({"userIds": [1, 7], "title": "T"});
        let chat = self.ask("imbot.v2.Chat.add", json!({"fields": fields})).await;
        self.keep("chat", &chat["chat"]["id"]);
        self.keep("dialog", &chat["chat"]["dialogId"]);
        let dialog = self.id("dialog");
        let send = json!({"dialogId": dialog, "fields": {"message": "m"}});
        let sent = self.ask("imbot.v2.Chat.Message.send", send).await;
        self.keep("mine", &sent["id"]);
        let command = json!({"fields": {"command": "help", "title": {"en": "T"}}});
        let command = self.ask("imbot.v2.Command.register", command).await;
        self.keep("command", &command["command"]["id"]);
        let upload = json!({"dialogId": dialog, "fields": {"name": "a.txt", "content": TEXT_FILE}});
        let file = self.ask("imbot.v2.File.upload", upload).await;
        self.keep("file", &file["file"]["id"]);
    }

    async fn fill_v1(&mut self) {
        let bot = json!({"CODE": "ann", "PROPERTIES": {"NAME": "Ann"}, "EVENT_HANDLER": HANDLER});
        let bot = self.ask("imbot.register", bot).await;
        self.keep("bot", &bot);
        let chat = json!({"USERS": [1, 7], "TITLE": "T", "ENTITY_TYPE": "CRM", "ENTITY_ID": "LEAD|13"});
        let chat = self.ask("imbot.chat.add", chat).await;
        self.keep("chat", &chat);
        self.keep("dialog", &format!("chat{chat}").into());
        let message = json!({"DIALOG_ID": self.id("dialog"), "MESSAGE": "m"});
        let message = self.ask("imbot.message.add", message).await;
        self.keep("mine", &message);
        let command = json!({
            "COMMAND": "go", "EVENT_COMMAND_ADD": HANDLER, "LANG": [{"LANGUAGE_ID": "en", "TITLE": "T"}],
        });
        let command = self.ask("imbot.command.register", command).await;
        self.keep("command", &command);
    }

    async fn fill_for_user(&mut self) {
        let chat = json!({"USERS": [1, 7, 9], "TITLE": "T", "ENTITY_TYPE": "CRM", "ENTITY_ID": "LEAD|13"});
        let chat = self.ask("im.chat.add", chat).await;
        self.ask(
            "im.chat.add",
            json!({"USERS": [7], "TITLE": "T2", "MESSAGE": "m"}),
        )
        .await;
        self.keep("chat", &chat);
        self.keep("dialog", &format!("chat{chat}").into());
        let message = json!({"DIALOG_ID": self.id("dialog"), "MESSAGE": "m"});
        let message = self.ask("im.message.add", message).await;
        self.keep("mine", &message);
        self.portal.say(7, "1", "hello").await.unwrap();
        let upload =
            json!({"dialogId": self.id("dialog"), "fields": {"name": "a.txt", "content": TEXT_FILE}});
        let file = self.ask("im.v2.File.upload", upload).await;
        self.keep("file", &file["file"]["id"]);
        // Of an application or of a webhook, as the calls are.
        self.family = Family::BotV2;
        let bot = json!({"code": "ann", "properties": {"name": "Ann"}});
        let bot = self.ask("imbot.v2.Bot.register", json!({"fields": bot})).await;
        self.family = Family::User;
        self.keep("bot", &bot["bot"]["id"]);
    }

    /// What one method alone needs.
    async fn prepare(&mut self, method: &str) {
        match method {
            "imbot.v2.Chat.Message.Reaction.delete" => {
                let params = json!({"messageId": self.id("theirs"), "reaction": "like"});
                self.ask("imbot.v2.Chat.Message.Reaction.add", params).await;
            }
            "im.v2.Event.get" => {
                self.ask("im.v2.Event.subscribe", json!({})).await;
                let dialog = self.text("dialog");
                self.portal.say(7, &dialog, "hello").await.unwrap();
            }
            _ => {}
        }
    }

    fn id(&self, name: &str) -> Json {
        self.ids[name].clone()
    }

    fn text(&self, name: &str) -> String {
        self.ids[name].as_str().unwrap().to_owned()
    }

    fn keep(&mut self, name: &'static str, id: &Json) {
        self.ids.insert(name, id.clone());
    }

    /// Puts the access token into the parameters, where an application calls, and tells
    /// the address before the method.
    pub(super) fn address(&self, params: &mut Map<String, Json>) -> String {
        match &self.app {
            Some((url, token)) => {
                params.insert("auth".to_owned(), token.clone().into());
                url.clone()
            }
            None => self.portal.webhook_url().to_owned(),
        }
    }

    /// A call in the name of the bot, which is registered by the first.
    async fn ask(&self, method: &str, params: Json) -> Json {
        let mut params = params.as_object().unwrap().clone();
        let (token, bot) = match self.family {
            Family::BotV2 => ("botToken", "botId"),
            Family::BotV1 => ("CLIENT_ID", "BOT_ID"),
            Family::User => ("", ""),
        };
        if self.family != Family::User {
            if self.app.is_none() {
                params.insert(token.to_owned(), "t".into());
            }
            if let Some(id) = self.ids.get("bot") {
                params.insert(bot.to_owned(), id.clone());
            }
        }
        let url = self.address(&mut params);
        let answer = post(&format!("{url}{method}"), &params.into()).await;
        assert_eq!(answer.status, 200, "{method}: {}", answer.text());
        answer.result()
    }

    /// The value of a parameter, of the type that it has in the request.
    pub(super) fn value(&self, method: &str, fact: &Fact) -> Json {
        let value = self.known_value(method, &fact.path);
        let is_text = fact.types.split('|').next() == Some("string");
        if is_text && fact.path == "KEYBOARD" {
            // None, or JSON text.
            return "N".into();
        }
        match value {
            Some(Json::Number(number)) if is_text => number.to_string().into(),
            Some(value) => value,
            None => facts::value(&fact.types),
        }
    }

    fn known_value(&self, method: &str, path: &str) -> Option<Json> {
        let is_new = method.ends_with("register");
        let name = path.rsplit('.').next().unwrap_or(path);
        let name = name.trim_end_matches("[]");
        if is_token(path) {
            return Some("t".into());
        }
        // An edit or removal is of one's own message.
        let is_change = method.ends_with("update") || method.ends_with("delete");
        let is_of_own = is_change && !method.contains("Reaction");
        let value = match name {
            "botId" | "BOT_ID" => self.id("bot"),
            "dialogId" | "DIALOG_ID" => self.id("dialog"),
            "CHAT_ID" => self.id("chat"),
            "messageId" | "MESSAGE_ID" if is_of_own => self.id("mine"),
            "messageId" | "MESSAGE_ID" | "REPLY_ID" => self.id("theirs"),
            "commandId" | "COMMAND_ID" => self.id("command"),
            "fileId" | "FILE_ID" | "UPLOAD_ID" | "DISK_ID" => self.id("file"),
            "code" | "CODE" => if is_new { "new" } else { "ann" }.into(),
            "command" | "COMMAND" if is_new => "new".into(),
            "command" | "COMMAND" => "help".into(),
            "userIds" | "USERS" if method.contains("ser.add") => 9.into(),
            "userId" | "userIds" | "USER_ID" | "USERS" => 7.into(),
            // Of departments, people and notifications.
            "ID" => 1.into(),
            "IDS" | "NOTIFY_ID" => 1.into(),
            "ENTITY_TYPE" => "CRM".into(),
            "ENTITY_ID" => "LEAD|13".into(),
            "eventMode" => "fetch".into(),
            "type" => "personal".into(),
            "TYPE" if method == "imbot.register" => "B".into(),
            "TYPE" if method == "im.message.share" => "CHAT".into(),
            "color" => "mint".into(),
            "COLOR" => "MINT".into(),
            "AVATAR" => PICTURE.into(),
            "content" => TEXT_FILE.into(),
            "reaction" => "like".into(),
            "ACTION" if method.ends_with("like") => "plus".into(),
            "statusMessageCode" => "IMBOT_AGENT_ACTION_THINKING".into(),
            "offset" | "OFFSET" | "FIRST_ID" | "LAST_ID" => 0.into(),
            // More than a page.
            "LIMIT" if method.ends_with(".list") => 1.into(),
            "limit" | "LIMIT" => 20.into(),
            "STATUS" => "online".into(),
            "FIND" if method == "im.search.chat.list" => "T".into(),
            "FIND" if method == "im.search.department.list" => "Every".into(),
            "FIND" => "User".into(),
            "USER_DATA" => "Y".into(),
            "RESULT_TYPE" => "array".into(),
            "EVENT_HANDLER" | "EVENT_COMMAND_ADD" => HANDLER.into(),
            "LINK" | "IFRAME" => "https://example.com/".into(),
            "MUTE" | "PIN" | "COMMON" | "EXTRANET_SUPPORT" => "Y".into(),
            "LANGUAGE_ID" => "en".into(),
            "LAST_UPDATE" | "LAST_MESSAGE_DATE" => "2020-01-01T00:00:00+00:00".into(),
            _ if name.starts_with("SKIP_") || name.starts_with("ONLY_") => "N".into(),
            "SYSTEM" | "UNREAD_ONLY" | "HIDDEN" | "OPENLINE" | "COMPLETE" => "N".into(),
            _ => return None,
        };
        Some(value)
    }
}
