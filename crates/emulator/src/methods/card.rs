//! Bots and people as answers show them, in the form of each generation.

use serde_json::{Map, Value as Json, json};

use super::super::color;
use super::super::state::{Bot, State};

/// The one department that there is, which all people are in.
pub(super) const DEPARTMENT: u64 = 1;

/// A bot or a person; whoever is no bot is an employee.
pub(crate) fn user(state: &State, id: u64) -> Json {
    match state.bot(id) {
        Some(bot) => of_bot(bot),
        None => Json::Object(card(&Who {
            id,
            first_name: "User",
            last_name: &id.to_string(),
            work_position: "",
            color: color::DEFAULT,
            is_bot: false,
        })),
    }
}

/// A bot as the user that it also is.
pub(super) fn of_bot(bot: &Bot) -> Json {
    Json::Object(card(&Who {
        id: bot.id,
        first_name: &bot.name,
        last_name: &bot.last_name,
        work_position: &bot.work_position,
        color: &bot.color,
        is_bot: true,
    }))
}

/// The same in the older form: names with underscores, and three members more. People are
/// active at this moment; bots never are.
pub(super) fn user_v1(state: &State, id: u64) -> Json {
    let newer = user(state, id);
    let mut older = with_underscores(&newer);
    let bot = state.bot(id);
    let bot_data = bot.map(|bot| {
        json!({
            "code": bot.code,
            "type": bot.kind,
            "is_hidden": bot.is_hidden,
            "is_support_openline": bot.is_support_openline,
        })
    });
    for (name, value) in [
        ("avatar_hr", "".into()),
        ("network", false.into()),
        (
            "last_activity_date",
            match bot {
                Some(_) => false.into(),
                None => state.build.now().into(),
            },
        ),
        ("bot_data", json!(bot_data)),
        ("type", if bot.is_some() { "bot" } else { "user" }.into()),
    ] {
        older.insert(name.to_owned(), value);
    }
    older.into()
}

/// What differs between bots and people.
struct Who<'a> {
    id: u64,
    first_name: &'a str,
    last_name: &'a str,
    work_position: &'a str,
    color: &'a str,
    is_bot: bool,
}

fn card(who: &Who<'_>) -> Map<String, Json> {
    let is_bot = who.is_bot;
    let full_name = format!("{} {}", who.first_name, who.last_name);
    let departments = if is_bot { vec![] } else { vec![DEPARTMENT] };
    let card = json!({
        "id": who.id,
        "active": true,
        "name": full_name.trim(),
        "firstName": who.first_name,
        "lastName": who.last_name,
        "workPosition": who.work_position,
        "color": who.color,
        "avatar": "",
        "gender": "M",
        "birthday": "",
        "extranet": false,
        "bot": is_bot,
        "connector": false,
        "externalAuthId": if is_bot { "bot" } else { "default" },
        "status": "online",
        // No times are kept; in events they are `false` on portals, too.
        "idle": false,
        "lastActivityDate": false,
        "mobileLastDate": false,
        "desktopLastDate": false,
        "absent": false,
        "departments": departments,
        "phones": false,
        "type": if is_bot { "bot" } else { "employee" },
        "website": "",
        "email": "",
    });
    match card {
        Json::Object(card) => card,
        _ => Map::new(),
    }
}

/// The members of an object, `messageType` as `message_type` and `entityData1` as
/// `entity_data_1`.
pub(super) fn with_underscores(newer: &Json) -> Map<String, Json> {
    let members = newer.as_object().into_iter().flatten();
    let members = members.map(|(name, value)| {
        let value = match value {
            Json::Object(_) => with_underscores(value).into(),
            other => other.clone(),
        };
        (underscored(name), value)
    });
    members.collect()
}

fn underscored(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() || letter.is_ascii_digit() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
