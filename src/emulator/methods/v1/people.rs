//! People, departments and the last search of the messenger: `im.user.*`,
//! `im.department.*`, `im.search.last.*`.

use serde_json::{Value as Json, json};

use super::super::super::envelope::RestError;
use super::super::super::php::{self, Key, Value};
use super::super::super::state::State;
use super::super::card::{self, DEPARTMENT};
use super::super::{Call, chat};
use super::{is_dialog, text};

/// The person who leads the department.
const MANAGER: u64 = 1;

/// One person or bot; the calling person where none is named.
pub(in crate::emulator) fn user_get(call: &mut Call<'_>) -> Result<Json, RestError> {
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
pub(in crate::emulator) fn user_list_get(call: &mut Call<'_>) -> Result<Json, RestError> {
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
pub(in crate::emulator) fn department_get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let ids = ids(call);
    if ids.is_empty() {
        return Err(wrong_ids());
    }
    let known = ids.into_iter().filter(|id| *id == DEPARTMENT);
    Ok(known
        .map(|id| {
            let mut department = json!({
                "id": id,
                "name": "Everybody",
                "full_name": "Everybody",
                "manager_user_id": MANAGER,
            });
            if let Some(members) = department.as_object_mut().filter(|_| wants_cards(call)) {
                members.insert("manager_user_data".to_owned(), card::user_v1(call.state, MANAGER));
            }
            department
        })
        .collect())
}

/// Who leads the departments, by their ids.
pub(in crate::emulator) fn managers(call: &mut Call<'_>) -> Result<Json, RestError> {
    by_department(call, vec![MANAGER])
}

/// Who is in the departments, by their ids.
pub(in crate::emulator) fn employees(call: &mut Call<'_>) -> Result<Json, RestError> {
    let people = people(call.state, call.caller.user_id);
    by_department(call, people)
}

/// Those whom the calling person works with.
pub(in crate::emulator) fn colleagues(call: &mut Call<'_>) -> Result<Json, RestError> {
    let own = call.caller.user_id;
    let mut people = people(call.state, own);
    people.retain(|id| *id != own);
    Ok(shown(call, people))
}

/// Puts a dialog among those that were looked for last, which are not kept.
pub(in crate::emulator) fn search_last(call: &mut Call<'_>) -> Result<Json, RestError> {
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
