//! An event of about 2 KB as a form, in both forms that portals post, and what reads such a form anyway.

use imbot_caps::event::{ApplicationTokens, BotEvent, Posted};
use serde_json::{Map, Value};

/// The `application_token` of the events.
const TOKEN: &str = "51856fefc120afa4b628cc82d3935cce";

/// A message for a bot of imbot.v2.
const NEWER: &[(&str, &str)] = &[
    ("event", "ONIMBOTV2MESSAGEADD"),
    ("event_handler_id", "617"),
    ("data[bot][id]", "456"),
    ("data[bot][code]", "support_bot"),
    (
        "data[bot][auth][access_token]",
        "s6p6eclrvim6da22ft9ch94ekreb52lv",
    ),
    (
        "data[bot][auth][refresh_token]",
        "l3jxgsp2zqy1nwc7u0mvb4ahd8rkt9oe",
    ),
    ("data[message][id]", "789"),
    ("data[message][chatId]", "5"),
    ("data[message][authorId]", "27"),
    ("data[message][date]", "2026-02-26T10:30:00+02:00"),
    (
        "data[message][text]",
        "Good morning! Could you look at the order of yesterday, please?",
    ),
    ("data[message][isSystem]", "0"),
    ("data[message][uuid]", ""),
    ("data[message][viewedByOthers]", "0"),
    ("data[chat][id]", "5"),
    ("data[chat][dialogId]", "chat5"),
    ("data[chat][type]", "chat"),
    ("data[chat][name]", "Orders"),
    ("data[chat][messageType]", "C"),
    ("data[chat][owner]", "27"),
    ("data[chat][color]", "#ab7761"),
    ("data[chat][extranet]", "0"),
    ("data[chat][entityType]", ""),
    ("data[chat][diskFolderId]", "1005"),
    ("data[chat][textFieldEnabled]", "1"),
    ("data[user][id]", "27"),
    ("data[user][active]", "1"),
    ("data[user][name]", "Maria Smith"),
    ("data[user][firstName]", "Maria"),
    ("data[user][lastName]", "Smith"),
    ("data[user][workPosition]", "Head of sales"),
    ("data[user][color]", "#df532d"),
    ("data[user][gender]", "F"),
    ("data[user][extranet]", "0"),
    ("data[user][bot]", "0"),
    ("data[user][connector]", "0"),
    ("data[user][status]", "online"),
    ("data[user][absent]", "0"),
    ("data[user][departments][0]", "1"),
    ("data[user][departments][1]", "14"),
    ("data[user][type]", "user"),
    ("data[language]", "en"),
    ("ts", "1772093963"),
    ("auth[access_token]", "s6p6eclrvim6da22ft9ch94ekreb52lv"),
    ("auth[expires]", "1772097563"),
    ("auth[expires_in]", "3600"),
    ("auth[scope]", "im,imbot"),
    ("auth[domain]", "acme.bitrix24.com"),
    ("auth[client_endpoint]", "https://acme.bitrix24.com/rest/"),
    ("auth[member_id]", "0123456789abcdef0123456789abcdef"),
    ("auth[user_id]", "27"),
    ("auth[application_token]", TOKEN),
];

/// The same for a bot of the older API.
const OLDER: &[(&str, &str)] = &[
    ("event", "ONIMBOTMESSAGEADD"),
    ("event_handler_id", "617"),
    ("data[BOT][456][BOT_ID]", "456"),
    ("data[BOT][456][BOT_CODE]", "support_bot"),
    (
        "data[BOT][456][AUTH][access_token]",
        "s6p6eclrvim6da22ft9ch94ekreb52lv",
    ),
    ("data[BOT][456][access_token]", "s6p6eclrvim6da22ft9ch94ekreb52lv"),
    (
        "data[PARAMS][MESSAGE]",
        "Good morning! Could you look at the order of yesterday, please?",
    ),
    (
        "data[PARAMS][TEMPLATE_ID]",
        "a1f2c3d4-e5f6-4711-8a9b-0c1d2e3f4a5b",
    ),
    ("data[PARAMS][MESSAGE_TYPE]", "C"),
    ("data[PARAMS][FROM_USER_ID]", "27"),
    ("data[PARAMS][DIALOG_ID]", "chat5"),
    ("data[PARAMS][TO_CHAT_ID]", "5"),
    ("data[PARAMS][AUTHOR_ID]", "27"),
    ("data[PARAMS][SYSTEM]", "N"),
    ("data[PARAMS][CHAT_TITLE]", "Orders"),
    ("data[PARAMS][CHAT_AUTHOR_ID]", "27"),
    ("data[PARAMS][CHAT_EXTRANET]", "N"),
    ("data[PARAMS][CHAT_ENTITY_TYPE]", ""),
    ("data[PARAMS][CHAT_ENTITY_ID]", ""),
    ("data[PARAMS][SKIP_COMMAND]", "N"),
    ("data[PARAMS][SILENT_CONNECTOR]", "N"),
    ("data[PARAMS][LANGUAGE]", "en"),
    ("data[PARAMS][PLATFORM_CONTEXT]", "web"),
    ("data[PARAMS][MESSAGE_ID]", "789"),
    ("data[PARAMS][CHAT_TYPE]", "C"),
    (
        "data[PARAMS][MESSAGE_ORIGINAL]",
        "[USER=456]Support[/USER] Good morning! Could you look at the order of yesterday, please?",
    ),
    ("data[USER][ID]", "27"),
    ("data[USER][NAME]", "Maria Smith"),
    ("data[USER][FIRST_NAME]", "Maria"),
    ("data[USER][LAST_NAME]", "Smith"),
    ("data[USER][WORK_POSITION]", "Head of sales"),
    ("data[USER][GENDER]", "F"),
    ("data[USER][IS_BOT]", "N"),
    ("data[USER][IS_CONNECTOR]", "N"),
    ("data[USER][IS_NETWORK]", "N"),
    ("data[USER][IS_EXTRANET]", "N"),
    ("ts", "1772093963"),
    ("auth[access_token]", "s6p6eclrvim6da22ft9ch94ekreb52lv"),
    ("auth[expires_in]", "3600"),
    ("auth[scope]", "im,imbot"),
    ("auth[domain]", "acme.bitrix24.com"),
    ("auth[client_endpoint]", "https://acme.bitrix24.com/rest/"),
    ("auth[member_id]", "0123456789abcdef0123456789abcdef"),
    ("auth[user_id]", "27"),
    ("auth[application_token]", TOKEN),
];

fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    form.finish().into_bytes()
}

/// The body in the form of imbot.v2.
pub fn newer() -> Vec<u8> {
    form(NEWER)
}

/// The body in the older form.
pub fn older() -> Vec<u8> {
    form(OLDER)
}

/// A body with so many names, as nobody but an attacker sends it.
#[allow(dead_code, reason = "the bench `instructions` needs it")]
pub fn names(count: usize) -> Vec<u8> {
    (0..count)
        .flat_map(|nth| format!("x{nth}=1&").into_bytes())
        .collect()
}

/// The tokens that the program has stored.
pub fn tokens() -> ApplicationTokens {
    ApplicationTokens::new(TOKEN)
}

/// Reads, verifies and types an event.
pub fn read(body: &[u8], tokens: &ApplicationTokens) -> Vec<BotEvent> {
    Posted::from_form(body)
        .unwrap()
        .verify(tokens)
        .unwrap()
        .into_events()
}

/// The floor: a form as an object, with the names as they are.
pub fn flat(body: &[u8]) -> Value {
    let pairs = form_urlencoded::parse(body);
    let members = pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())));
    Value::Object(members.collect())
}

/// A form as objects in objects, by its brackets, without any check.
pub fn nested(body: &[u8]) -> Value {
    let mut root = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let mut names = name.split('[').map(|name| name.trim_end_matches(']'));
        let mut place = root
            .entry(names.next().unwrap_or_default())
            .or_insert(Value::Null);
        for name in names {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            place = place.as_object_mut().unwrap().entry(name).or_insert(Value::Null);
        }
        *place = Value::String(value.into_owned());
    }
    Value::Object(root)
}
