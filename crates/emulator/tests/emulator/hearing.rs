//! Which bot hears of which message: by type, chat, mention and open line.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::client::{BotClient, call};
use crate::events::handler;

/// The chats of the table below, and the texts in each of them: without mention, with one
/// of the bot, and with one of somebody else.
const CHATS: [&str; 4] = ["private", "chat", "open", "LINES"];

/// By type and support of open lines: whether the bot hears, text by text. After
/// `Bot::getBotsForMessage` and `Bot::register` of module `im`, and the documentation.
const HEARD: [(&str, bool, &str); 10] = [
    ("bot", false, "yyy nyn nyn nnn"),
    ("bot", true, "yyy nyn nyn yyy"),
    ("network", false, "yyy nyn nyn nnn"),
    ("network", true, "yyy nyn nyn yyy"),
    // Registered with support, whatever is sent.
    ("openline", false, "yyy nyn nyn yyy"),
    ("openline", true, "yyy nyn nyn yyy"),
    ("supervisor", false, "yyy yyy yyy nnn"),
    ("supervisor", true, "yyy yyy yyy yyy"),
    ("personal", false, "yyy yyy yyy nnn"),
    ("personal", true, "yyy yyy yyy yyy"),
];

/// The letters of the first generation.
const LETTERS: [(&str, &str); 3] = [("B", "bot"), ("O", "openline"), ("S", "supervisor")];

const NAMES: [&str; 3] = ["MESSAGEADD", "MESSAGEUPDATE", "MESSAGEDELETE"];

/// A bot, and where what it hears is read.
enum Listener {
    Polls(BotClient),
    Older(EmulatedPortal, u64, mpsc::UnboundedReceiver<String>),
}

impl Listener {
    async fn v2(kind: &str, openline: bool) -> Self {
        let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
        let fields = json!({"type": kind, "isSupportOpenline": openline});
        Self::Polls(BotClient::register(&portal, "ann", fields).await)
    }

    async fn v1(letter: &str, openline: bool) -> Self {
        let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
        let (url, received) = handler().await;
        let register = json!({
            "CODE": "old", "CLIENT_ID": "t", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Old"},
            "TYPE": letter, "OPENLINE": if openline { "Y" } else { "N" },
        });
        let id = call(&portal, "imbot.register", register).await.result();
        Self::Older(portal, id.as_u64().unwrap(), received)
    }

    fn portal(&self) -> &EmulatedPortal {
        match self {
            Self::Polls(bot) => &bot.portal,
            Self::Older(portal, ..) => portal,
        }
    }

    fn id(&self) -> u64 {
        match self {
            Self::Polls(bot) => bot.id,
            Self::Older(_, id, _) => *id,
        }
    }

    /// A chat of this sort with the bot and user 1 in it.
    async fn chat(&self, sort: &str) -> String {
        let entity = if sort == "LINES" { "LINES" } else { "" };
        match self {
            _ if sort == "private" => self.id().to_string(),
            Self::Polls(bot) => {
                let fields = json!({"userIds": [1], "type": sort, "entityType": entity});
                let chat = bot.call("Chat.add", json!({"fields": fields})).await.result();
                chat["chat"]["dialogId"].as_str().unwrap().to_owned()
            }
            Self::Older(portal, id, _) => {
                let kind = if sort == "open" { "OPEN" } else { "CHAT" };
                let chat = json!({
                    "CLIENT_ID": "t", "BOT_ID": id, "USERS": [1], "TYPE": kind, "ENTITY_TYPE": entity,
                });
                let chat = call(portal, "imbot.chat.add", chat).await.result();
                format!("chat{chat}")
            }
        }
    }

    /// The names of what came since it was last asked, but for invitations.
    async fn heard(&mut self) -> Vec<String> {
        let mut names = self.names().await;
        names.retain(|name| name != "JOINCHAT");
        names
    }

    async fn names(&mut self) -> Vec<String> {
        match self {
            Self::Polls(bot) => {
                let offset = json!({"offset": u32::MAX});
                let page = bot.call("Event.get", json!({})).await.result();
                bot.call("Event.get", offset).await.result();
                let events = page["events"].as_array().unwrap().iter();
                events
                    .map(|event| plain(event["type"].as_str().unwrap()))
                    .collect()
            }
            Self::Older(_, _, received) => {
                let bodies = std::iter::from_fn(|| received.try_recv().ok());
                bodies
                    .map(|body| plain(body.split(['=', '&']).nth(1).unwrap()))
                    .collect()
            }
        }
    }
}

/// A name without what tells the generations apart.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("ONIMBOT").unwrap_or(name);
    name.strip_prefix("V2").unwrap_or(name).to_owned()
}

/// Says, changes and deletes each text in each chat, and compares with the row.
async fn check(mut bot: Listener, row: &str, called: &str) {
    for (sort, letters) in CHATS.into_iter().zip(row.split(' ')) {
        let dialog = bot.chat(sort).await;
        let texts = [
            "hello".to_owned(),
            format!("[USER={}]Ann[/USER], hello", bot.id()),
            "[USER=7]Bob[/USER], hello".to_owned(),
        ];
        for (text, letter) in texts.iter().zip(letters.chars()) {
            bot.heard().await;
            let id = bot.portal().say(1, &dialog, text).await.unwrap();
            bot.portal().edit(id, &format!("{text}!")).await;
            bot.portal().delete(id).await;
            let expected = if letter == 'y' { &NAMES[..] } else { &[] };
            assert_eq!(bot.heard().await, expected, "{called} in {sort}: {text}");
        }
    }
}

#[tokio::test]
async fn bot_type_decides_received_events() {
    for (kind, openline, row) in HEARD {
        check(Listener::v2(kind, openline).await, row, kind).await;
    }
}

#[tokio::test]
async fn older_bots_receive_same_events() {
    for (letter, kind) in LETTERS {
        for (_, openline, row) in HEARD.iter().filter(|(own, ..)| *own == kind) {
            check(Listener::v1(letter, *openline).await, row, letter).await;
        }
    }
}

/// Two bots in one chat, `one` with a command.
async fn two_bots() -> (BotClient, BotClient, String, Json) {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let one = BotClient::register(&portal, "one", json!({})).await;
    let two = BotClient::register(&portal, "two", json!({})).await;
    let command = json!({"fields": {"command": "go", "title": {"en": "Go"}}});
    let command = one.call("Command.register", command).await.result();
    let fields = json!({"fields": {"userIds": [1, two.id]}});
    let chat = one.call("Chat.add", fields).await.result();
    let dialog = chat["chat"]["dialogId"].as_str().unwrap().to_owned();
    two.call("Event.get", json!({"offset": u32::MAX})).await.result();
    (one, two, dialog, command["command"]["id"].clone())
}

async fn queue(bot: &BotClient) -> Vec<Json> {
    let page = bot.call("Event.get", json!({})).await.result();
    page["events"].as_array().unwrap().clone()
}

fn types(events: &[Json]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn bots_receive_no_bot_messages() {
    let (one, two, dialog, _) = two_bots().await;
    let text = format!("[USER={}]two[/USER] and [USER={}]one[/USER]", two.id, one.id);
    let send = json!({"dialogId": dialog, "fields": {"message": text}});
    let sent = one.call("Chat.Message.send", send).await.result();
    assert_eq!((queue(&one).await.len(), queue(&two).await.len()), (0, 0));
    // What it changes is heard by whom it mentions, and by itself.
    let update = json!({"messageId": sent["id"], "fields": {"message": format!("{text}!")}});
    one.call("Chat.Message.update", update).await.result();
    for bot in [&one, &two] {
        assert_eq!(types(&queue(bot).await), ["ONIMBOTV2MESSAGEUPDATE"]);
    }
}

#[tokio::test]
async fn own_edit_enters_own_queue() {
    let (one, two, group, _) = two_bots().await;
    for dialog in ["1", &group] {
        let send = json!({"dialogId": dialog, "fields": {"message": "a"}});
        let sent = one.call("Chat.Message.send", send).await.result();
        let update = json!({"messageId": sent["id"], "fields": {"message": "b"}});
        one.call("Chat.Message.update", update).await.result();
        let events = queue(&one).await;
        assert_eq!(types(&events), ["ONIMBOTV2MESSAGEUPDATE"], "{dialog}");
        assert_eq!(events[0]["data"]["message"]["text"], "b");
        assert_eq!(events[0]["data"]["user"]["id"], one.id);
        one.call("Event.get", json!({"offset": u32::MAX})).await.result();
    }
    assert!(queue(&two).await.is_empty());
}

#[tokio::test]
async fn each_command_is_an_event() {
    let (one, two, dialog, command) = two_bots().await;
    let (url, mut received) = handler().await;
    let webhook = json!({"fields": {"eventMode": "webhook", "webhookUrl": url}});
    let mention = format!("/go a\n[USER={}]two[/USER]\n/go b\n/none\n//go c", two.id);
    one.portal.say(1, &dialog, &mention).await.unwrap();
    let events = queue(&one).await;
    assert_eq!(types(&events), ["ONIMBOTV2COMMANDADD"; 3]);
    for (event, params) in events.iter().zip(["a", "b", "c"]) {
        let expected = json!({"id": command, "command": "/go", "params": params, "context": "textarea"});
        assert_eq!(event["data"]["command"], expected);
    }
    // A message with a command is no other event.
    assert!(queue(&two).await.is_empty());
    one.call("Bot.update", webhook).await.result();
    one.portal.say(1, &dialog, "/go a\n/go b").await.unwrap();
    for params in ["a", "b"] {
        let body = received.recv().await.unwrap();
        assert!(body.contains("event=ONIMBOTV2COMMANDADD"), "{body}");
        assert!(
            body.contains(&format!("data[command][params]={params}&")),
            "{body}"
        );
    }
    assert!(received.try_recv().is_err());
}

#[tokio::test]
async fn reactions_reach_only_the_author() {
    let (one, two, dialog, _) = two_bots().await;
    let send = json!({"dialogId": dialog, "fields": {"message": "a"}});
    let sent = one.call("Chat.Message.send", send.clone()).await.result();
    let said = one.portal.say(1, &dialog, "hello").await.unwrap();
    for id in [sent["id"].as_u64().unwrap(), said] {
        one.portal.react(1, id, "like").await;
    }
    let events = queue(&one).await;
    assert_eq!(types(&events), ["ONIMBOTV2REACTIONCHANGE"]);
    assert_eq!(events[0]["data"]["message"]["id"], sent["id"]);
    assert!(queue(&two).await.is_empty());
    let off = json!({"fields": {"isReactionsEnabled": false}});
    two.call("Bot.update", off).await.result();
    let sent = two.call("Chat.Message.send", send).await.result();
    one.portal.react(1, sent["id"].as_u64().unwrap(), "like").await;
    assert!(queue(&two).await.is_empty());
}

#[tokio::test]
async fn users_receive_bot_and_system_messages() {
    let (one, _, dialog, _) = two_bots().await;
    call(&one.portal, "im.v2.Event.subscribe", json!({}))
        .await
        .result();
    let send = json!({"dialogId": dialog, "fields": {"message": "a"}});
    one.call("Chat.Message.send", send).await.result();
    let system = json!({
        "DIALOG_ID": dialog, "SYSTEM": "Y", "MESSAGE": format!("[USER={}]one[/USER]\n/go", one.id),
    });
    call(&one.portal, "im.message.add", system).await.result();
    assert!(queue(&one).await.is_empty());
    let own = call(&one.portal, "im.v2.Event.get", json!({})).await.result();
    assert_eq!(
        types(own["events"].as_array().unwrap()),
        ["ONIMV2MESSAGEADD", "ONIMV2MESSAGEADD"]
    );
}
