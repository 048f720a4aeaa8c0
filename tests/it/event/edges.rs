//! Values at the edges of what an event can have.

use imbot_caps::event::{ApplicationTokens, BotEvent, EventError, Posted};
use serde_json::{Value, json};

const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

/// An older event with these pairs in addition.
fn older(more: &str) -> Result<BotEvent, EventError> {
    let body = format!(
        "event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&data[PARAMS][MESSAGE]=Hello\
         &auth[application_token]={TOKEN}&{more}"
    );
    let verified = Posted::from_form(body.as_bytes())?.verify(&ApplicationTokens::new(TOKEN))?;
    Ok(verified.into_events().swap_remove(0))
}

fn polled(data: Value) -> Result<BotEvent, EventError> {
    BotEvent::from_polled(json!({"eventId": 1, "type": "ONIMBOTV2MESSAGEADD", "data": data}))
}

#[test]
fn numbers_without_meaning_are_absent() {
    for (more, path) in [
        ("data[PARAMS][CHAT_USER_COUNT]=many", "/chat/userCounter"),
        ("data[PARAMS][MESSAGE_ID]=", "/message/id"),
    ] {
        let event = older(more).unwrap();
        let data = Value::Object(event.data().clone());
        assert_eq!(data.pointer(path), None, "{more}");
    }
    assert!(matches!(
        older("data[PARAMS][MESSAGE_ID]=%2B5"),
        Err(EventError::WrongType { .. })
    ));
}

#[test]
fn absent_members_have_paths() {
    let event = polled(json!({"bot": {"id": 7}, "message": {"id": 5}})).unwrap();
    let absent = event.absent();
    let has = |path: &str| absent.iter().any(|own| own == path);
    assert!(
        has("chat") && has("message.text") && has("bot.code"),
        "{absent:?}"
    );
    assert!(!has("bot") && !has("bot.id") && !has("chat.id"), "{absent:?}");
    assert!(absent.is_sorted(), "{absent:?}");
}

#[test]
fn entries_keep_what_is_left() {
    let plain = older("x=1").unwrap();
    assert_eq!(plain.untranslated().get("BOT"), None);
    let more = older("data[BOT][7][EXTRA]=1").unwrap();
    assert_eq!(more.untranslated()["BOT"], json!({"EXTRA": "1"}));
}

#[test]
fn empty_entries_are_an_error() {
    let event =
        json!({"event": "ONIMBOTMESSAGEADD", "data": {"BOT": {}}, "auth": {"application_token": TOKEN}});
    let verified = Posted::from_value(event)
        .unwrap()
        .verify(&ApplicationTokens::new(TOKEN));
    assert!(matches!(verified, Err(EventError::WrongType { .. })));
}

#[test]
fn empty_values_are_absent() {
    let event = polled(json!({"bot": {"id": 7}, "message": {"id": null}, "chat": []})).unwrap();
    assert_eq!(event.message_id(), None);
    assert_eq!(event.data()["chat"], json!({}));
    let body = format!(
        "event=ONIMBOTV2MESSAGEADD&data[bot][id]=7&data[message][id]=&auth[application_token]={TOKEN}"
    );
    let posted = Posted::from_form(body.as_bytes()).unwrap();
    let verified = posted.verify(&ApplicationTokens::new(TOKEN)).unwrap();
    assert_eq!(verified.events()[0].message_id(), None);
}

#[test]
fn owned_data_is_the_data() {
    let event = polled(json!({"bot": {"id": 7}, "message": {"id": 5}})).unwrap();
    let data = event.data().clone();
    assert_eq!(event.into_data(), data);
}

#[test]
fn polled_events_have_a_name() {
    for (item, is_good) in [
        (json!({"eventId": 1, "type": "ONSOMETHING", "data": []}), true),
        (json!({"eventId": 1, "type": "", "data": {}}), false),
        (
            json!({"eventId": 1, "type": "ONIMBOTV2DELETE", "data": [1]}),
            false,
        ),
    ] {
        assert_eq!(BotEvent::from_polled(item.clone()).is_ok(), is_good, "{item}");
    }
}

#[test]
fn mentions_are_taken_out_of_text() {
    let text = "[USER=7]Echo[/USER], hello";
    let event = polled(json!({"bot": {"id": 7}, "message": {"id": 1, "text": text}})).unwrap();
    assert_eq!(event.text_without_mentions().as_deref(), Some("hello"));
    let other = polled(json!({"bot": {"id": 8}, "message": {"id": 1, "text": text}})).unwrap();
    assert_eq!(other.text_without_mentions().as_deref(), Some(text));
}

#[test]
fn one_token_may_be_given_twice() {
    let body = format!("event=ONIMBOTDELETE&data[BOT_ID]=7&auth[application_token]={TOKEN}");
    let posted = Posted::from_form(body.as_bytes()).unwrap();
    posted.verify(&ApplicationTokens::new(TOKEN).or(TOKEN)).unwrap();
}
