//! What events are made of: each member of the older ones, and what all forms have.

use std::collections::BTreeSet;

use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::client::{BotClient, call, post};
use crate::events::handler;

/// The tokens of an application, in the name of a bot. After `rest/lib/event/sender.php` and
/// the documentation.
const TOKENS: &str = "access_token expires expires_in scope domain server_endpoint status client_endpoint \
    member_id refresh_token user_id client_id application_token";

/// The tokens of the whole event; those that are not for an answer lack `refresh_token`.
const AUTH: &str = "access_token expires expires_in scope domain server_endpoint status client_endpoint \
    member_id user_id application_token";

/// After `im/classes/general/im_rest.php`, `onBotMessageAdd` and its neighbours.
const BOT: &str = "BOT_ID BOT_CODE";
const COMMAND: &str = "BOT_ID BOT_CODE COMMAND COMMAND_ID COMMAND_PARAMS COMMAND_CONTEXT MESSAGE_ID";
const USER: &str = "ID NAME FIRST_NAME LAST_NAME WORK_POSITION GENDER";
const IS: &str = "IS_BOT IS_CONNECTOR IS_NETWORK IS_EXTRANET";

/// After `im/lib/V2/Message/Send/Event/MessageEventLegacy.php` and `SendingConfig.php`,
/// and what `im/lib/bot.php` adds and takes away.
const SENDING: &str = "PUSH PUSH_IMPORTANT RECENT_SKIP_AUTHOR CONVERT SKIP_COMMAND SKIP_COUNTER_INCREMENTS \
    SILENT_CONNECTOR SKIP_CONNECTOR IMPORTANT_CONNECTOR NO_SESSION_OL FAKE_RELATION SKIP_URL_INDEX";
const MESSAGE: &str = "MESSAGE TEMPLATE_ID MESSAGE_TYPE FROM_USER_ID DIALOG_ID TO_CHAT_ID AUTHOR_ID SYSTEM \
    MESSAGE_ID CHAT_TYPE LANGUAGE";
const ENTITY: &str = "CHAT_ENTITY_TYPE CHAT_ENTITY_ID CHAT_ENTITY_DATA_1 CHAT_ENTITY_DATA_2 \
    CHAT_ENTITY_DATA_3";
const GROUP: &str = "CHAT_ID CHAT_TITLE CHAT_AUTHOR_ID CHAT_AVATAR CHAT_COLOR CHAT_EXTRANET \
    CHAT_PREV_MESSAGE_ID CHAT_CAN_POST RID IS_MANAGER";
const LOOKED_AT: &str = "CHAT_USER_COUNT PLATFORM_CONTEXT";
const MENTION: &str = "MENTIONED_LIST[] MESSAGE_ORIGINAL TO_USER_ID";
const CHANGED: &str = "ID CHAT_ID AUTHOR_ID MESSAGE MESSAGE_TYPE CHAT_AUTHOR_ID CHAT_ENTITY_ID \
    CHAT_ENTITY_DATA_1 CHAT_ENTITY_DATA_2 CHAT_ENTITY_DATA_3 DIALOG_ID MESSAGE_ID CHAT_TYPE LANGUAGE";
const JOINED: &str = "CHAT_TYPE MESSAGE_TYPE BOT_ID USER_ID CHAT_ID CHAT_AUTHOR_ID CHAT_ENTITY_TYPE \
    CHAT_ENTITY_ID ACCESS_HISTORY DIALOG_ID LANGUAGE";
const OPENED: &str = "CHAT_TYPE MESSAGE_TYPE USER_ID CHAT_AUTHOR_ID CHAT_ENTITY_TYPE CHAT_ENTITY_ID \
    CONTEXT[source] DIALOG_ID LANGUAGE";

/// The keys and values of a form, in order.
fn form(body: &str) -> Vec<(String, String)> {
    let pairs = form_urlencoded::parse(body.as_bytes());
    pairs
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect()
}

/// The value under a key.
#[track_caller]
fn value<'f>(form: &'f [(String, String)], key: &str) -> &'f str {
    let found = form.iter().find(|(own, _)| own == key);
    found.map_or_else(|| panic!("no {key} in {form:?}"), |(_, value)| value)
}

/// The keys of a form, without the numbers among them.
fn keys(form: &[(String, String)]) -> BTreeSet<String> {
    let plain = |key: &String| {
        let parts = key.split('[').map(|part| part.trim_end_matches(']'));
        let parts = parts.map(|part| if part.parse::<u64>().is_ok() { "" } else { part });
        parts.collect::<Vec<_>>().join("[")
    };
    form.iter().map(|(key, _)| plain(key)).collect()
}

/// The keys that an event of these parts has: each a prefix and what stands below it.
fn expected(parts: &[(&str, &[&str])]) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = ["event", "event_handler_id", "ts"].map(str::to_owned).into();
    for (prefix, lists) in parts {
        for name in lists.iter().flat_map(|list| list.split_whitespace()) {
            keys.insert(format!("{prefix}[{}", name.trim_end_matches(']')));
        }
    }
    keys
}

/// A bot of an application with a command, and what it is told.
struct Old {
    portal: EmulatedPortal,
    token: String,
    id: u64,
    received: mpsc::UnboundedReceiver<String>,
}

impl Old {
    async fn start() -> Self {
        let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
        let app = portal.install(App::new("local.app", "secret"));
        let (url, received) = handler().await;
        let mut old = Self {
            portal,
            token: app.access_token,
            id: 0,
            received,
        };
        let register = json!({"CODE": "old", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Old"}});
        old.id = old.call("imbot.register", register).await.as_u64().unwrap();
        let command = json!({
            "BOT_ID": old.id, "COMMAND": "/echo", "EVENT_COMMAND_ADD": url,
            "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Echo"}],
        });
        old.call("imbot.command.register", command).await;
        old
    }

    async fn call(&self, method: &str, mut params: Json) -> Json {
        params["auth"] = self.token.as_str().into();
        post(&format!("{}{method}", self.portal.rest_url()), &params)
            .await
            .result()
    }

    /// A chat of the bot, which hears that it is in there.
    async fn chat(&mut self) -> String {
        let add = json!({"BOT_ID": self.id, "USERS": [1], "TITLE": "T", "COLOR": "MINT"});
        let dialog = format!("chat{}", self.call("imbot.chat.add", add).await);
        assert_eq!(value(&self.next().await, "event"), "ONIMBOTJOINCHAT");
        dialog
    }

    async fn next(&mut self) -> Vec<(String, String)> {
        form(&self.received.recv().await.unwrap())
    }
}

#[tokio::test]
async fn older_events_have_all_members() {
    let mut old = Old::start().await;
    let private = old.id.to_string();
    let group = old.chat().await;
    let mention = format!("[USER={}]Old[/USER], hello", old.id);

    let of_people = json!({"USERS": [1, old.id], "TITLE": "P"});
    call(&old.portal, "im.chat.add", of_people).await.result();
    let joined = old.next().await;
    old.portal.open_with(1, &private, json!({"source": "link"})).await;
    let opened = old.next().await;
    let mut told = vec![("ONIMBOTJOINCHAT", joined, vec![JOINED], false)];
    told.push(("ONIMBOTCONTEXTGET", opened, vec![OPENED], true));
    for (dialog, text) in [(&private, "hello"), (&group, mention.as_str())] {
        let is_private = *dialog == private;
        let of_group = |lists: &[&'static str]| if is_private { vec![] } else { lists.to_vec() };
        let to = if is_private { vec!["TO_USER_ID"] } else { vec![] };

        let id = old.portal.say(1, dialog, text).await.unwrap();
        let lists = [
            vec![MESSAGE, SENDING, LOOKED_AT, "COMMAND_CONTEXT"],
            of_group(&[GROUP, ENTITY, MENTION]),
            to.clone(),
        ];
        told.push(("ONIMBOTMESSAGEADD", old.next().await, lists.concat(), true));
        old.portal.edit(id, text).await;
        let person = if is_private {
            vec!["FROM_USER_ID", "TO_USER_ID"]
        } else {
            vec![]
        };
        let lists = [
            vec![CHANGED, LOOKED_AT],
            of_group(&["CHAT_ENTITY_TYPE", MENTION]),
            person.clone(),
        ];
        told.push(("ONIMBOTMESSAGEUPDATE", old.next().await, lists.concat(), true));
        old.portal.delete(id).await;
        let lists = [vec![CHANGED], of_group(&["CHAT_ENTITY_TYPE"]), person];
        told.push(("ONIMBOTMESSAGEDELETE", old.next().await, lists.concat(), true));

        old.portal.say(1, dialog, "/echo test").await.unwrap();
        let lists = [
            vec![MESSAGE, SENDING, "SKIP_USER_CHECK RECENT_ADD"],
            of_group(&[GROUP, ENTITY, "CHAT_PARENT_ID CHAT_PARENT_MID BOT_IN_CHAT[]"]),
            to,
        ];
        told.push(("ONIMCOMMANDADD", old.next().await, lists.concat(), true));
    }
    for (name, form, params, has_refresh_token) in &told {
        assert_eq!(value(form, "event"), *name);
        let is_message = name.contains("MESSAGE");
        let has_person = !is_message || form.iter().any(|(key, _)| key == "data[PARAMS][FROM_USER_ID]");
        let (kind, owner) = match *name {
            "ONIMCOMMANDADD" => ("data[COMMAND[", COMMAND),
            _ => ("data[BOT[", BOT),
        };
        let of_user = match (has_person, is_message) {
            (false, _) => vec![],
            (true, true) => vec![USER, IS],
            (true, false) => vec![USER],
        };
        let inner = format!("{kind}[AUTH");
        let renewal = if *has_refresh_token { "refresh_token" } else { "" };
        let expected = expected(&[
            ("auth", &[AUTH, renewal]),
            (kind, &[TOKENS, owner]),
            (&inner, &[TOKENS]),
            ("data[PARAMS", params),
            ("data[USER", &of_user),
        ]);
        assert_eq!(keys(form), expected, "{name}: {form:?}");
    }
    old.call("imbot.unregister", json!({"BOT_ID": old.id})).await;
    let gone = old.next().await;
    assert_eq!(value(&gone, "event"), "ONIMBOTDELETE");
    let parts = expected(&[("auth", &[AUTH]), ("data", &[BOT])]);
    assert_eq!(keys(&gone), parts);
    assert_eq!(value(&gone, "data[BOT_CODE]"), "old");
    assert_eq!(value(&gone, "data[BOT_ID]"), old.id.to_string());
}

#[tokio::test]
async fn older_messages_lose_their_mentions() {
    let mut old = Old::start().await;
    let group = old.chat().await;
    let text = format!("[USER={}]Old[/USER], ask [USER=7]Bob[/USER]", old.id);
    old.portal.say(1, &group, &text).await.unwrap();
    let body = old.next().await;
    for (key, expected) in [
        ("MESSAGE", "ask"),
        ("MESSAGE_ORIGINAL", &text),
        ("TO_USER_ID", &old.id.to_string()),
        ("MENTIONED_LIST][7", "7"),
        ("DIALOG_ID", &group),
        ("CHAT_TYPE", "C"),
        ("CHAT_COLOR", "MINT"),
        ("FROM_USER_ID", "1"),
    ] {
        assert_eq!(value(&body, &format!("data[PARAMS][{key}]")), expected, "{key}");
    }
}

#[tokio::test]
async fn older_commands_come_without_slash() {
    let mut old = Old::start().await;
    let private = old.id.to_string();
    let (url, received) = handler().await;
    // All commands of an application are told of at one address: the last.
    old.received = received;
    let more = json!({
        "BOT_ID": old.id, "COMMAND": "more", "EVENT_COMMAND_ADD": url,
        "LANG": [{"LANGUAGE_ID": "en", "TITLE": "More"}],
    });
    let first = old.portal.commands()[0].id.to_string();
    let second = old.call("imbot.command.register", more).await.to_string();
    old.portal.say(1, &private, "/echo a b\n/more").await.unwrap();
    // Both are in one event.
    let body = old.next().await;
    for (id, command, params) in [(&first, "echo", "a b"), (&second, "more", "")] {
        for (key, expected) in [
            ("COMMAND", command),
            ("COMMAND_ID", id),
            ("COMMAND_PARAMS", params),
            ("COMMAND_CONTEXT", "TEXTAREA"),
            ("BOT_CODE", "old"),
            ("user_id", &private),
            ("client_id", "local.app"),
        ] {
            assert_eq!(
                value(&body, &format!("data[COMMAND][{id}][{key}]")),
                expected,
                "{key}"
            );
        }
        let [flat, inner] = ["", "[AUTH]"]
            .map(|at| value(&body, &format!("data[COMMAND][{id}]{at}[access_token]")).to_owned());
        assert_eq!(flat, inner);
    }
    assert!(old.received.try_recv().is_err());
}

#[tokio::test]
async fn older_event_lists_mentioned_bots() {
    let mut old = Old::start().await;
    let (url, received) = handler().await;
    old.received = received;
    let register = json!({"CODE": "two", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Two"}});
    let two = old.call("imbot.register", register).await;
    let add = json!({"BOT_ID": old.id, "USERS": [1, two]});
    let chat = format!("chat{}", old.call("imbot.chat.add", add).await);
    for _ in 0..2 {
        assert_eq!(value(&old.next().await, "event"), "ONIMBOTJOINCHAT");
    }
    let text = format!("[USER={}]Old[/USER] [USER={two}]Two[/USER]", old.id);
    old.portal.say(1, &chat, &text).await.unwrap();
    let body = old.next().await;
    for (id, code) in [(json!(old.id), "old"), (two, "two")] {
        assert_eq!(value(&body, &format!("data[BOT][{id}][BOT_CODE]")), code);
    }
    assert!(old.received.try_recv().is_err());
}

#[tokio::test]
async fn webhook_bots_receive_no_tokens() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let (url, mut received) = handler().await;
    let token = "t".repeat(60);
    let register = json!({
        "CODE": "old", "CLIENT_ID": token, "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Old"},
    });
    let id = call(&portal, "imbot.register", register).await.result();
    portal.say(1, &id.to_string(), "hello").await.unwrap();
    let body = form(&received.recv().await.unwrap());
    let own = keys(&body).into_iter().filter(|key| key.starts_with("data[BOT"));
    assert_eq!(
        own.collect::<Vec<_>>(),
        ["data[BOT[[BOT_CODE", "data[BOT[[BOT_ID"]
    );
    let auth = keys(&body).into_iter().filter(|key| key.starts_with("auth"));
    assert_eq!(auth.count(), 5);
    // The older API stores the CLIENT_ID itself. The column of a portal ends there.
    let secret = value(&body, "auth[application_token]");
    assert_eq!(secret, "t".repeat(50));
}

/// What a form has of a value: no null, and no list without entries.
fn flatten(prefix: &str, json: &Json, keys: &mut BTreeSet<String>) {
    let entries: Vec<(String, &Json)> = match json {
        Json::Null => return,
        Json::Array(list) => list
            .iter()
            .enumerate()
            .map(|(at, own)| (at.to_string(), own))
            .collect(),
        Json::Object(members) => members.iter().map(|(name, own)| (name.clone(), own)).collect(),
        _ => {
            keys.insert(prefix.to_owned());
            return;
        }
    };
    for (name, value) in entries {
        flatten(&format!("{prefix}[{name}]"), value, keys);
    }
}

#[tokio::test]
async fn events_have_handler_id_without_nulls() {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let (url, mut received) = handler().await;
    let fields = json!({"type": "supervisor", "eventMode": "webhook", "webhookUrl": url});
    let called = BotClient::register(&portal, "ann", fields).await;
    let polls = BotClient::register(&portal, "bob", json!({"type": "supervisor"})).await;
    let bots = [&called, &polls];
    for bot in bots {
        let command = json!({"fields": {"command": "go", "title": {"en": "Go"}, "common": true}});
        bot.call("Command.register", command).await.result();
    }
    let chat = json!({"USERS": [1, called.id, polls.id], "TITLE": "T"});
    let chat = call(&portal, "im.chat.add", chat).await.result();
    let dialog = format!("chat{chat}");
    for text in ["hello", "again"] {
        let id = portal.say(1, &dialog, text).await.unwrap();
        portal.edit(id, "there").await;
        portal.delete(id).await;
    }
    portal.say(1, &dialog, "/go now").await.unwrap();
    portal.open_with(1, &dialog, json!({"source": "link"})).await;
    for bot in bots {
        let send = json!({"dialogId": dialog, "fields": {"message": "m"}});
        let sent = bot.call("Chat.Message.send", send).await.result();
        portal.react(1, sent["id"].as_u64().unwrap(), "like").await;
    }
    let page = polls.call("Event.get", json!({})).await.result();
    let queue = page["events"].as_array().unwrap();
    assert_eq!(queue.len(), 1 + 2 * 3 + 3);
    let mut handlers = BTreeSet::new();
    for event in queue {
        let body = form(&received.recv().await.unwrap());
        let name = value(&body, "event");
        assert_eq!(name, event["type"]);
        handlers.insert((name.to_owned(), value(&body, "event_handler_id").to_owned()));
        let mut data = event["data"].clone();
        data["bot"] = json!({"id": called.id, "code": "ann"});
        let mut expected = BTreeSet::new();
        flatten("data", &data, &mut expected);
        let own = body
            .iter()
            .map(|(key, _)| key)
            .filter(|key| key.starts_with("data"));
        assert_eq!(own.cloned().collect::<BTreeSet<_>>(), expected, "{name}");
        // Of all who look at it, none has one of these.
        assert!(data["chat"].get("role").is_none() && data["chat"].get("muteList").is_none());
    }
    called.call("Bot.unregister", json!({})).await.result();
    let gone = form(&received.recv().await.unwrap());
    handlers.insert((
        value(&gone, "event").to_owned(),
        value(&gone, "event_handler_id").to_owned(),
    ));
    // One handler for each of the eight events.
    let names: BTreeSet<_> = handlers.iter().map(|(name, _)| name).collect();
    let ids: BTreeSet<_> = handlers.iter().map(|(_, id)| id).collect();
    assert_eq!((names.len(), ids.len(), handlers.len()), (8, 8, 8));
}
