//! People, departments and searches of the messenger: `im.user.*`, `im.department.*`,
//! `im.search.*`.

use serde_json::{Value as Json, json};

use super::super::super::envelope::RestError;
use super::super::super::php::{self, Key, Value};
use super::super::super::state::{ChatKind, State};
use super::super::card::{self, DEPARTMENT};
use super::super::{Call, chat};
use super::{is_dialog, page, text};

/// The person who leads the department.
const MANAGER: u64 = 1;

const DEPARTMENT_NAME: &str = "Everybody";

/// The members of a person that a search does not tell.
const NOT_FOUND: [&str; 8] = [
    "active",
    "avatar_hr",
    "desktop_last_date",
    "phones",
    "bot_data",
    "type",
    "website",
    "email",
];

/// One person or bot; the calling person where none is named.
pub(crate) fn user_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = match call.params.get("ID") {
        None => call.caller.user_id,
        Some(id) => u64::try_from(id.to_int())
            .ok()
            .filter(|id| *id > 0)
            .ok_or_else(|| RestError::new("ID_EMPTY", "User ID can't be empty"))?,
    };
    Ok(card::user_v1(call.state, id))
}

/// Several by their ids: under these, or as a list where that is asked for.
pub(crate) fn user_list_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let ids = ids(call);
    if ids.is_empty() {
        return Err(wrong_ids());
    }
    let users = ids.into_iter().map(|id| (key(id), card::user_v1(call.state, id)));
    match text(&call.params, "RESULT_TYPE").to_lowercase().as_str() {
        "array" => Ok(users.map(|(_, user)| user).collect()),
        _ => Ok(php::to_json(users.collect())),
    }
}

/// The departments with these ids.
pub(crate) fn department_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let ids = ids(call);
    if ids.is_empty() {
        return Err(wrong_ids());
    }
    let known = ids.into_iter().filter(|id| *id == DEPARTMENT);
    Ok(known.map(|_| department(call)).collect())
}

/// The one department, and who leads it where that is asked for.
fn department(call: &Call<'_>) -> Json {
    let mut department = json!({
        "id": DEPARTMENT,
        "name": DEPARTMENT_NAME,
        "full_name": DEPARTMENT_NAME,
        "manager_user_id": MANAGER,
    });
    if let Some(members) = department.as_object_mut().filter(|_| wants_cards(call)) {
        members.insert("manager_user_data".to_owned(), card::user_v1(call.state, MANAGER));
    }
    department
}

/// Who leads the departments, by their ids.
pub(crate) fn managers(call: &mut Call<'_>) -> Result<Json, RestError> {
    by_department(call, vec![MANAGER])
}

/// Who is in the departments, by their ids.
pub(crate) fn employees(call: &mut Call<'_>) -> Result<Json, RestError> {
    let people = people(call.state, call.caller.user_id);
    by_department(call, people)
}

/// Those whom the calling person works with.
pub(crate) fn colleagues(call: &mut Call<'_>) -> Result<Json, RestError> {
    let own = call.caller.user_id;
    let mut people = people(call.state, own);
    people.retain(|id| *id != own);
    let people = page::of(call, people, page::SHORT);
    Ok(shown(call, people))
}

/// People and bots by a part of the name, under their ids.
pub(crate) fn search_user(call: &mut Call<'_>) -> Result<Json, RestError> {
    let find = find(call, &["FIND"])?;
    let bots = call.state.bots.iter().map(|bot| bot.id);
    let all = people(call.state, call.caller.user_id).into_iter().chain(bots);
    let cards = all.map(|id| (id, card::user_v1(call.state, id)));
    let found: Vec<_> = cards.filter(|(_, card)| has_name(card, &find)).collect();
    let found = page::of(call, found, page::SHORT)
        .into_iter()
        .map(|(id, mut card)| {
            if let Some(members) = card.as_object_mut() {
                members.retain(|name, _| !NOT_FOUND.contains(&name.as_str()));
            }
            (key(id), card)
        });
    Ok(php::to_json(found.collect()))
}

/// The chats of the calling person by a part of the title, the newest first.
pub(crate) fn search_chat(call: &mut Call<'_>) -> Result<Json, RestError> {
    let find = find(call, &["FIND", "FIND_LINES"])?;
    let (state, user) = (&*call.state, call.caller.user_id);
    let own = state.chats.iter().rev().filter(|chat| {
        let is_of_many = chat.kind != ChatKind::Private;
        is_of_many && chat.members.contains(&user) && chat.title.to_lowercase().contains(&find)
    });
    let found: Vec<Json> = own
        .map(|chat| super::chat::view(state, chat, user).into())
        .collect();
    Ok(page::of(call, found, page::SHORT).into())
}

/// The department, where the text is a part of its name.
pub(crate) fn search_department(call: &mut Call<'_>) -> Result<Json, RestError> {
    let find = find(call, &["FIND"])?;
    let is_found = DEPARTMENT_NAME.to_lowercase().contains(&find);
    let found: Vec<Json> = is_found.then(|| department(call)).into_iter().collect();
    Ok(page::of(call, found, page::SHORT).into())
}

/// What is searched for, in small letters.
fn find(call: &Call<'_>, keys: &[&str]) -> Result<String, RestError> {
    let find = call.params.get_any(keys).map(Value::to_text).unwrap_or_default();
    match find.trim() {
        "" => Err(RestError::new("FIND_SHORT", "Too short a search phrase.")),
        find => Ok(find.to_lowercase()),
    }
}

fn has_name(card: &Json, part: &str) -> bool {
    let name = card.get("name").and_then(Json::as_str).unwrap_or_default();
    name.to_lowercase().contains(part)
}

/// A person who calls is online.
pub(crate) fn status_get(_: &mut Call<'_>) -> Result<Json, RestError> {
    Ok("online".into())
}

/// Puts a dialog among those that were looked for last, which are not kept.
pub(crate) fn search_last(call: &mut Call<'_>) -> Result<Json, RestError> {
    match is_dialog(&text(&call.params, "DIALOG_ID")) {
        true => Ok(true.into()),
        false => Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty")),
    }
}

fn by_department(call: &Call<'_>, people: Vec<u64>) -> Result<Json, RestError> {
    let ids = ids(call);
    if ids.is_empty() {
        return Err(RestError::new("ID_EMPTY", "Department ID can't be empty"));
    }
    let known = ids.into_iter().filter(|id| *id == DEPARTMENT);
    Ok(php::to_json(
        known.map(|id| (key(id), shown(call, people.clone()))).collect(),
    ))
}

/// Ids, or cards where `USER_DATA` asks for them.
fn shown(call: &Call<'_>, people: Vec<u64>) -> Json {
    let show = |id| match wants_cards(call) {
        true => card::user_v1(call.state, id),
        false => json!(id),
    };
    people.into_iter().map(show).collect()
}

fn wants_cards(call: &Call<'_>) -> bool {
    text(&call.params, "USER_DATA") == "Y"
}

/// The people that are known: the manager, who calls, and those in chats.
fn people(state: &State, caller: u64) -> Vec<u64> {
    let in_chats = state.chats.iter().flat_map(|chat| chat.members.iter().copied());
    let mut people: Vec<u64> = in_chats
        .chain([MANAGER, caller])
        .filter(|id| state.bot(*id).is_none())
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The ids in `ID`, a list or a list as JSON text.
fn ids(call: &Call<'_>) -> Vec<u64> {
    match call.params.get("ID") {
        Some(Value::Text(text)) => chat::ids(serde_json::from_str(text).ok().as_ref()),
        ids => chat::ids(ids),
    }
}

fn wrong_ids() -> RestError {
    RestError::new("INVALID_FORMAT", "A wrong format for the ID field is passed")
}

fn key(id: u64) -> Key {
    Key::from(id.to_string().as_str())
}
