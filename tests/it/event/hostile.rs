//! Events that no portal sends.

use imbot_caps::event::{ApplicationTokens, BODY_LIMIT, BotEvent, EventError, Installation, Posted};
use serde_json::{Value, json};

const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

fn tokens() -> ApplicationTokens {
    ApplicationTokens::new(TOKEN)
}

/// A form of an older event with these pairs in addition.
fn older(more: &str) -> String {
    format!(
        "event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&data[PARAMS][MESSAGE]=Hello\
         &auth[application_token]={TOKEN}&{more}"
    )
}

fn read(body: &str) -> Result<Vec<BotEvent>, EventError> {
    Ok(Posted::from_form(body.as_bytes())?
        .verify(&tokens())?
        .into_events())
}

#[track_caller]
fn names(error: EventError, key: &str) {
    assert!(error.to_string().contains(&format!("`{key}`")), "{error}");
}

#[test]
fn errors_name_the_key() {
    for (more, key) in [
        ("data[PARAMS][MESSAGE_ID]=-1", "data[PARAMS][MESSAGE_ID]"),
        ("data[PARAMS][MESSAGE_ID]=1.5", "data[PARAMS][MESSAGE_ID]"),
        ("data[PARAMS][MESSAGE_ID]=one", "data[PARAMS][MESSAGE_ID]"),
        (
            "data[PARAMS][MESSAGE_ID]=99999999999999999999",
            "data[PARAMS][MESSAGE_ID]",
        ),
        ("data[PARAMS][MESSAGE_ID][]=1", "data[PARAMS][MESSAGE_ID]"),
        ("data[BOT][8]=text", "data[BOT][8]"),
        ("data[BOT][8][BOT_CODE]=x", "data[BOT][8][BOT_ID]"),
        ("data[BOT][8][BOT_ID]=x", "data[BOT][8][BOT_ID]"),
        ("data[BOT][7][BOT_ID]=8", "data[BOT][7][BOT_ID]"),
        ("auth[application_token]=x", "auth[application_token]"),
        ("auth=x", "auth"),
        ("data[x]=%4", "data[x]"),
        ("data[x]=%ff", "data[x]"),
        ("event=ONIMBOTV2DELETE", "event"),
    ] {
        names(read(&older(more)).unwrap_err(), key);
    }
    for (data, key) in [
        ("data[bot]=7", "data[bot]"),
        ("data[bot][]=7", "data[bot]"),
        ("data[bot][id]=", "data[bot][id]"),
        ("data[bot][id]=x", "data[bot][id]"),
        ("data[bot][id]=7&data[message]=x", "data[message]"),
        (
            "data[bot][id]=7&data[message][chatId]=chat5",
            "data[message][chatId]",
        ),
        ("data=x", "data"),
        ("", "data[bot][id]"),
    ] {
        let body = format!("event=ONIMBOTV2MESSAGEADD&auth[application_token]={TOKEN}&{data}");
        names(read(&body).unwrap_err(), key);
    }
    names(Posted::from_form(b"data[x]=1").unwrap_err(), "event");
    names(Posted::from_form(b"event[]=1").unwrap_err(), "event");
}

#[test]
fn token_decides_before_data() {
    for body in [
        "event=ONIMBOTMESSAGEADD&data[BOT]=x",
        "event=ONIMBOTMESSAGEADD&data[BOT]=x&auth[application_token]=",
        "event=ONIMBOTMESSAGEADD&data[BOT]=x&auth[application_token][]=51856fefc120afa4b628cc82d3935cce",
        "event=ONIMBOTMESSAGEADD&data[BOT]=x&application_token=51856fefc120afa4b628cc82d3935cce",
        "event=ONIMBOTMESSAGEADD&data[bot][auth][application_token]=51856fefc120afa4b628cc82d3935cce",
        "event=ONIMBOTMESSAGEADD&auth[APPLICATION_TOKEN]=51856fefc120afa4b628cc82d3935cce",
    ] {
        assert_eq!(read(body), Err(EventError::Unverified), "{body}");
    }
    let posted = || Posted::from_form(older("").as_bytes()).unwrap();
    assert!(posted().verify(&ApplicationTokens::new("")).is_err());
    assert!(
        posted()
            .verify(&ApplicationTokens::new("other").or(TOKEN))
            .is_ok()
    );
    let empty = b"event=ONAPPUPDATE&auth[application_token]=";
    assert!(
        Posted::from_form(empty)
            .unwrap()
            .verify(&ApplicationTokens::new(""))
            .is_err()
    );
}

#[test]
fn bot_token_is_sent_in_two_forms() {
    let long = "t".repeat(64);
    let is_known = |bot_token: &str, sent: &str| {
        let body = format!("event=ONAPPUPDATE&auth[application_token]={sent}");
        let posted = Posted::from_form(body.as_bytes()).unwrap();
        posted.verify(&ApplicationTokens::of_bot(bot_token)).is_ok()
    };
    for (bot_token, sent) in [
        ("short", "customshort".to_owned()),
        ("short", "short".to_owned()),
        (&*long, format!("custom{}", "t".repeat(44))),
        (&*long, "t".repeat(50)),
    ] {
        assert!(is_known(bot_token, &sent), "{bot_token} {sent}");
    }
    for (bot_token, sent) in [
        (&*long, format!("custom{long}")),
        (&*long, long.clone()),
        ("", "custom".to_owned()),
        ("", String::new()),
        ("short", "custom".to_owned()),
    ] {
        assert!(!is_known(bot_token, &sent), "{bot_token} {sent}");
    }
}

#[test]
fn many_entries_are_an_error() {
    let entries: String = (1..=65)
        .map(|id| format!("data[BOT][{id}][BOT_CODE]=x&"))
        .collect();
    let body = format!("event=ONIMBOTMESSAGEADD&{entries}auth[application_token]={TOKEN}");
    assert_eq!(read(&body), Err(EventError::TooMany { limit: 64 }));
}

#[test]
fn long_texts_are_searched_once() {
    for part in ["[USER=7]", "[USER=", "[USER=7]x[/USER]"] {
        let text = part.repeat(BODY_LIMIT / 2 / part.len());
        let event = older(&format!("data[PARAMS][MESSAGE_ORIGINAL]={text}"));
        let events = read(&event).unwrap();
        assert_eq!(events[0].mentions_bot(), part.ends_with("[/USER]"), "{part}");
        assert!(events[0].text_without_mentions().unwrap().len() <= text.len());
    }
}

#[test]
fn nobody_has_the_id_zero() {
    let events = read(&older("data[PARAMS][FROM_USER_ID]=0&data[PARAMS][AUTHOR_ID]=0")).unwrap();
    assert_eq!(events[0].user_id(), None);
    assert_eq!(events[0].data().get("user"), None);
}

#[test]
fn limits_are_errors() {
    let long = older(&"x".repeat(BODY_LIMIT));
    assert!(matches!(read(&long), Err(EventError::TooLong { .. })));
    let pairs = [("event", "E".repeat(BODY_LIMIT))];
    assert!(matches!(
        Posted::from_pairs(pairs),
        Err(EventError::TooLong { .. })
    ));
    let many: String = (0..100_000).map(|n| format!("a{n}=&")).collect();
    assert!(matches!(read(&older(&many)), Err(EventError::TooMany { .. })));
    let deep = format!("data{}=1", "[x]".repeat(5_000));
    assert!(matches!(read(&older(&deep)), Err(EventError::TooDeep { .. })));
    let deep = format!(
        "{{\"event\": \"E\", \"data\": {}{}}}",
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    assert!(matches!(
        Posted::from_json(deep.as_bytes()),
        Err(EventError::NotJson { .. })
    ));
    let many = format!("{{\"event\": \"E\", \"x\": [{}0]}}", "0,".repeat(100_000));
    assert!(matches!(
        Posted::from_json(many.as_bytes()),
        Err(EventError::TooMany { .. })
    ));
}

#[test]
fn repeated_members_of_json_are_errors() {
    for body in [
        r#"{"event": "E", "event": "F"}"#,
        r#"{"event": "E", "auth": {"application_token": "a", "application_token": "b"}}"#,
        r#"{"event": "E", "data": [{"x": [{"y": 1, "y": 1}]}]}"#,
    ] {
        assert!(
            matches!(
                Posted::from_json(body.as_bytes()),
                Err(EventError::Repeated { .. })
            ),
            "{body}"
        );
    }
    assert!(matches!(
        Posted::from_json(b"<html>"),
        Err(EventError::NotJson { .. })
    ));
    names(Posted::from_json(b"[]").unwrap_err(), "event");
}

#[test]
fn installation_forms_name_the_key() {
    let whole = "AUTH_ID=a&REFRESH_ID=r&member_id=0123456789abcdef0123456789abcdef&APPLICATION_TOKEN=s";
    let read = |query: &str, body: &str| Installation::from_form(query, body.as_bytes());
    let claimed = read("DOMAIN=box.example&PROTOCOL=0", whole).unwrap();
    assert_eq!(claimed.client_endpoint(), "http://box.example/rest/");
    assert_eq!(
        claimed.application_token("0123456789ABCDEF0123456789ABCDEF"),
        Some("s")
    );
    assert_eq!(claimed.application_token(""), None);
    for (query, body, key) in [
        ("", whole, "DOMAIN"),
        ("DOMAIN=", whole, "DOMAIN"),
        ("DOMAIN[]=x", whole, "DOMAIN"),
        ("DOMAIN=acme.bitrix24.com@evil.example", whole, "DOMAIN"),
        ("DOMAIN=evil.example/acme.bitrix24.com", whole, "DOMAIN"),
        ("DOMAIN=evil.example%23.bitrix24.com", whole, "DOMAIN"),
        ("DOMAIN=evil.example%5C.bitrix24.com", whole, "DOMAIN"),
        ("DOMAIN=evil.example%3F.bitrix24.com", whole, "DOMAIN"),
        ("DOMAIN=x&SERVER_ENDPOINT=oauth.example", whole, "SERVER_ENDPOINT"),
        ("DOMAIN=x&PROTOCOL=2", whole, "PROTOCOL"),
        ("DOMAIN=x&AUTH_ID=b", whole, "AUTH_ID"),
        ("DOMAIN=x", "AUTH_ID=a", "member_id"),
        ("DOMAIN=x", "member_id=m", "AUTH_ID"),
        ("DOMAIN=x&x=%", whole, "x"),
    ] {
        names(read(query, body).unwrap_err(), key);
    }
}

#[test]
fn install_event_is_a_claim() {
    let body = "event=ONAPPINSTALL&data[LANGUAGE_ID]=de&auth[member_id]=0123456789abcdef0123456789abcdef\
        &auth[client_endpoint]=https%3A%2F%2Facme.bitrix24.com%2Frest%2F&auth[access_token]=a\
        &auth[refresh_token]=r&auth[expires_in]=3600&auth[application_token]=new";
    let posted = Posted::from_form(body.as_bytes()).unwrap();
    let claimed = Installation::from_event(&posted).unwrap();
    assert_eq!(claimed.client_endpoint(), "https://acme.bitrix24.com/rest/");
    assert_eq!(
        (claimed.tokens().expires_in(), claimed.language()),
        (Some(3_600), Some("de"))
    );
    assert_eq!(claimed.application_token("another"), None);
    // The stored token stays the one that decides.
    assert_eq!(posted.verify(&tokens()), Err(EventError::Unverified));
    for (key, address) in [
        ("client_endpoint", "https://acme.bitrix24.com@evil.example/rest/"),
        ("client_endpoint", "acme.bitrix24.com"),
        ("server_endpoint", "javascript://oauth.example/rest/"),
    ] {
        let mut auth = json!({
            "client_endpoint": "https://acme.bitrix24.com/rest/", "access_token": "a",
            "member_id": "0123456789abcdef0123456789abcdef",
        });
        auth[key] = address.into();
        let posted = Posted::from_value(json!({"event": "ONAPPINSTALL", "auth": auth})).unwrap();
        names(
            Installation::from_event(&posted).unwrap_err(),
            &format!("auth[{key}]"),
        );
    }
    let other = Posted::from_form(b"event=ONAPPUPDATE").unwrap();
    names(Installation::from_event(&other).unwrap_err(), "event");
}

#[test]
fn unknown_events_come_through() {
    let body = format!("event=onCrmDealAdd&data[FIELDS][ID]=5&auth[application_token]={TOKEN}");
    let events = read(&body).unwrap();
    assert_eq!(events[0].name(), "ONCRMDEALADD");
    assert_eq!(
        Value::Object(events[0].data().clone()),
        json!({"FIELDS": {"ID": "5"}})
    );
    assert_eq!(events[0].absent().len(), 0);
}

#[test]
fn each_entry_is_an_event() {
    let events = read(&older("data[BOT][9][BOT_ID]=9&data[PARAMS][DIALOG_ID]=chat5")).unwrap();
    let ids: Vec<_> = events
        .iter()
        .map(|event| (event.bot_id(), event.dialog_id()))
        .collect();
    assert_eq!(ids, [(Some(7), Some("chat5")), (Some(9), Some("chat5"))]);
}

#[test]
fn all_readers_agree() {
    let pairs = [
        ("event", "ONIMBOTV2JOINCHAT"),
        ("data[bot][id]", "7"),
        ("data[dialogId]", "chat5"),
        ("data[user][active]", "1"),
        ("auth[application_token]", TOKEN),
    ];
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let json = json!({
        "event": "ONIMBOTV2JOINCHAT",
        "data": {"bot": {"id": 7}, "dialogId": "chat5", "user": {"active": true}},
        "auth": {"application_token": TOKEN},
    });
    let read = [
        Posted::from_form(form.as_bytes()),
        Posted::from_pairs(pairs),
        Posted::from_json(json.to_string().as_bytes()),
        Posted::from_value(json),
    ];
    let events: Vec<_> = read
        .into_iter()
        .map(|posted| posted.unwrap().verify(&tokens()).unwrap().into_events())
        .collect();
    assert!(events.iter().all(|own| *own == events[0]), "{events:?}");
    assert_eq!(events[0][0].data()["user"]["active"], true);
}
