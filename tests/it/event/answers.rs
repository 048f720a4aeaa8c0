//! Answers to events: in the dialog that the event came from, on every build and for every form.

use imbot_caps::event::{AnswerError, ApplicationTokens, BotEvent, BotEventKind, Posted};
use imbot_caps::gate::{Client, Gate};
use imbot_caps_emulator::{Build, ChatKind, EmulatedPortal, Emulator};
use serde_json::{Value, json};

use super::support::{Bot, PERSON, group, handler, registrations};
use crate::support::http::{untimed, webhook};

const ANSWERS: [&str; 2] = ["imbot.v2.Command.answer", "imbot.command.answer"];
const SENDS: [&str; 2] = ["imbot.v2.Chat.Message.send", "imbot.message.add"];

/// The id of the chat that an event is about, as the portal knows it.
fn chat_of(portal: &EmulatedPortal, event: &BotEvent) -> u64 {
    if let Some(id) = event.chat_id() {
        return id;
    }
    // A private chat is named by the other person.
    let dialog = event.dialog_id().unwrap();
    let bot = event.bot_id().unwrap();
    let person = dialog.parse::<u64>().unwrap();
    let chats = portal.chats();
    let mut private = chats.iter().filter(|chat| chat.kind == ChatKind::Private);
    let is_theirs = |members: &[u64]| members.contains(&bot) && members.contains(&person);
    private.find(|chat| is_theirs(&chat.members)).unwrap().id
}

/// Answers an event, and checks what the portal got.
async fn answer(portal: &EmulatedPortal, client: &Client, token: Option<&str>, event: &BotEvent) {
    let label = format!("{:?} {:?} {:?}", portal.build(), event.form(), event.kind());
    portal.take_requests();
    let text = format!("answer to {:?}", event.kind());
    let mut call = event.answer(text.as_str()).unwrap();
    if let Some(token) = token {
        call = call.with("botToken", token);
    }
    client
        .send_call(call)
        .await
        .unwrap_or_else(|error| panic!("{label}: {error}"));
    let requests = portal.take_requests();
    let sent = requests.last().unwrap();
    let methods = match event.kind() {
        BotEventKind::CommandAdd => ANSWERS,
        _ => SENDS,
    };
    let has_v2 = portal.build().caps().knowledge().imbot_v2() == Some(true);
    assert_eq!(sent.method, methods[usize::from(!has_v2)], "{label}");
    let messages = portal.messages();
    let said = messages.last().unwrap();
    assert_eq!(
        (said.bot_id, said.chat_id),
        (event.bot_id().unwrap(), chat_of(portal, event)),
        "{label}"
    );
    assert_eq!(said.text, text, "{label}");
}

/// Says all that a bot hears of, in a private chat and in a group.
async fn happenings(portal: &EmulatedPortal, bot: u64) {
    let private = bot.to_string();
    let group = group(portal, &[PERSON, bot]).await;
    portal
        .open_with(PERSON, &private, json!({"source": "link"}))
        .await;
    let mention = format!("[USER={bot}]Echo bot[/USER], hello");
    for (dialog, text) in [(&private, "Hello"), (&group, mention.as_str())] {
        let id = portal.say(PERSON, dialog, text).await.unwrap();
        portal.edit(id, &format!("{text} again")).await;
        portal.say(PERSON, dialog, "/echo one").await.unwrap();
        portal.delete(id).await;
    }
}

#[tokio::test]
async fn answers_land_where_asked() {
    for build in Build::shipped() {
        for registered in registrations(&build) {
            let mut bot = Bot::start(build.clone(), registered).await;
            let client = bot.client();
            happenings(&bot.portal, bot.id).await;
            let events = bot.events().await;
            let commands = events.iter().filter(|own| own.kind() == BotEventKind::CommandAdd);
            assert_eq!(commands.count(), 2);
            for event in &events {
                answer(&bot.portal, &client, None, event).await;
            }
            let own = bot.portal.messages();
            let own = own.iter().rfind(|message| message.bot_id == bot.id).unwrap().id;
            bot.portal.react(PERSON, own, "like").await;
            for event in bot.events().await {
                answer(&bot.portal, &client, None, &event).await;
            }
        }
    }
}

#[tokio::test]
async fn webhook_bots_answer_on_every_build() {
    for build in Build::shipped() {
        let portal = Emulator::start_single(build).await.unwrap();
        let client = Gate::builder(&untimed())
            .bot_token_in_event_url()
            .build()
            .client(&webhook(&portal));
        let (url, mut bodies) = handler().await;
        let register = json!({"botToken": "t0ken", "fields": {
            "code": "echo", "properties": {"name": "Echo bot"}, "eventMode": "webhook", "webhookUrl": url,
        }});
        let bot = client.call("imbot.v2.Bot.register", register).await.unwrap();
        let bot = bot["bot"]["id"].as_u64().unwrap();
        let command = json!({"botId": bot, "botToken": "t0ken", "fields": {"command": "echo", "title": {"en": "Echo"}}});
        client.call("imbot.v2.Command.register", command).await.unwrap();
        happenings(&portal, bot).await;
        let mut heard = 0;
        let tokens = ApplicationTokens::of_bot("t0ken");
        while let Ok(body) = bodies.try_recv() {
            for event in Posted::from_form(&body)
                .unwrap()
                .verify(&tokens)
                .unwrap()
                .events()
            {
                heard += 1;
                answer(&portal, &client, Some("t0ken"), event).await;
            }
        }
        assert!(heard >= 8, "{heard}");
    }
}

/// A command of all chats is given where the bot is no member. Only an answer to it may be written there.
#[tokio::test]
async fn command_is_answered_outside_own_chats() {
    for build in Build::shipped() {
        for registered in registrations(&build) {
            let mut bot = Bot::start(build.clone(), registered).await;
            let client = bot.client();
            bot.register_common("all").await;
            let elsewhere = group(&bot.portal, &[PERSON, 2]).await;
            bot.portal.say(PERSON, &elsewhere, "/all one").await.unwrap();
            let events = bot.events().await;
            let event = events
                .iter()
                .find(|own| own.kind() == BotEventKind::CommandAdd)
                .unwrap();
            answer(&bot.portal, &client, None, event).await;
            assert_eq!(bot.portal.messages().last().unwrap().dialog_id, elsewhere);
        }
    }
}

fn polled(name: &str, data: Value) -> BotEvent {
    BotEvent::from_polled(json!({"eventId": 1, "type": name, "data": data})).unwrap()
}

#[test]
fn unanswerable_events_are_typed_errors() {
    let gone = polled("ONIMBOTV2DELETE", json!({"bot": {"id": 7}}));
    assert!(matches!(gone.answer("x"), Err(AnswerError::NoDialog { event }) if event == "ONIMBOTV2DELETE"));
    let of_user = polled(
        "ONIMV2MESSAGEADD",
        json!({"chat": {"dialogId": "chat5"}, "message": {"id": 1}}),
    );
    assert!(matches!(of_user.answer("x"), Err(AnswerError::NoBot { .. })));
    let long = polled(&"X".repeat(10_000), json!({}));
    let error = long.answer("x").unwrap_err();
    assert!(error.to_string().len() < 500, "{error}");
    let event = polled(
        "ONIMBOTV2MESSAGEADD",
        json!({"bot": {"id": 7}, "chat": {"dialogId": "chat5"}, "message": {"id": 1}}),
    );
    for value in [json!(null), json!(1), json!(["x"])] {
        assert_eq!(event.answer(value), Err(AnswerError::NoFields));
    }
    let fields = json!({"message": "x", "system": true});
    assert_eq!(event.answer(fields.clone()).unwrap().params()["fields"], fields);
}

#[test]
fn command_without_message_is_answered_plainly() {
    let event = polled(
        "ONIMBOTV2COMMANDADD",
        json!({"bot": {"id": 7}, "chat": {"dialogId": "chat5"}, "command": {"id": 3, "command": "/echo"}}),
    );
    assert_eq!(event.answer("x").unwrap().method(), SENDS[0]);
}
