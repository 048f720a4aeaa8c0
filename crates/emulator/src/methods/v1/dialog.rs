//! What a person reads: `im.dialog.*`, `im.disk.*`, and notifications.

use serde_json::{Map, Value as Json, json};

use super::super::super::envelope::RestError;
use super::super::super::php::{Array, Value};
use super::super::super::state::Message;
use super::super::{Call, card, view};
use super::{is_dialog, page, text};

/// A page of messages without an end that is asked for.
const PAGE: i64 = 20;

/// The longest page.
const MAX_PAGE: i64 = 50;

/// Messages of a dialog, the newest first; from `FIRST_ID` on, the oldest first.
pub(crate) fn messages(call: &mut Call<'_>) -> Result<Json, RestError> {
    let chat_id = chat_id(call)?;
    let first = bound(call, "FIRST_ID", "First ID can't be string")?;
    let last = bound(call, "LAST_ID", "Last ID can't be string")?;
    let limit = call.params.get("LIMIT").map_or(PAGE, Value::to_int).min(MAX_PAGE);
    let limit = usize::try_from(limit).unwrap_or_default();
    let own = |message: &&Message| message.chat_id == chat_id;
    let all = call.state.messages.iter().filter(own);
    let page: Vec<_> = match (first, last) {
        (Some(first), _) => all.filter(|own| own.id > first).take(limit).collect(),
        (None, last) => all
            .rev()
            .filter(|own| last.is_none_or(|last| last == 0 || own.id < last))
            .take(limit)
            .collect(),
    };
    let mut authors: Vec<u64> = page
        .iter()
        .filter(|own| !own.is_system)
        .map(|own| own.author_id)
        .collect();
    authors.sort_unstable();
    authors.dedup();
    Ok(json!({
        "chat_id": chat_id,
        "messages": page.iter().map(|own| shown(own)).collect::<Vec<_>>(),
        "users": authors.iter().map(|id| card::user_v1(call.state, *id)).collect::<Vec<_>>(),
        "files": [],
    }))
}

/// The members of a dialog. With `LAST_ID` the answer has no total, as on portals.
pub(crate) fn users(call: &mut Call<'_>) -> Result<Json, RestError> {
    let chat_id = chat_id(call)?;
    let mut members = super::super::chat::members(call, chat_id);
    members.sort_unstable();
    let last = call.params.get("LAST_ID").map(Value::to_int);
    let members = match last.and_then(|last| u64::try_from(last).ok()) {
        Some(last) => {
            members.retain(|id| *id > last);
            members.truncate(usize::try_from(page::limit(call, page::LONG)).unwrap_or_default());
            members
        }
        None => page::of(call, members, page::LONG),
    };
    let members = members.into_iter().map(|id| card::user_v1(call.state, id));
    Ok(members.collect())
}

/// Reads a dialog up to a message, or to the end. No marks are kept.
pub(crate) fn read(call: &mut Call<'_>) -> Result<Json, RestError> {
    let dialog = text(&call.params, "DIALOG_ID");
    if dialog == "notify" {
        return Ok(true.into());
    }
    if !is_dialog(&dialog) {
        return Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty"));
    }
    let user = call.caller.user_id;
    let Some(chat_id) = call.state.chat_of(user, &dialog) else {
        return Ok(false.into());
    };
    let given = call.params.get_any(&["LAST_ID", "MESSAGE_ID"]).map(Value::to_int);
    let given = given.and_then(|id| u64::try_from(id).ok()).filter(|id| *id > 0);
    let own = call.state.messages.iter().filter(|own| own.chat_id == chat_id);
    let last = given.or_else(|| own.clone().next_back().map(|own| own.id));
    let unread = own.filter(|own| own.author_id != user && Some(own.id) > last);
    Ok(json!({
        "dialogId": dialog,
        "chatId": chat_id,
        "lastId": last.unwrap_or_default(),
        "counter": unread.count(),
    }))
}

/// Copies a file to the calling person's own, where nothing of it is kept.
pub(crate) fn file_save(call: &mut Call<'_>) -> Result<Json, RestError> {
    let id = call
        .params
        .get_any(&["FILE_ID", "DISK_ID"])
        .map_or(0, Value::to_int);
    if id <= 0 {
        return Err(RestError::new("FILE_ID_EMPTY", "File ID can't be empty"));
    }
    let file = u64::try_from(id).ok().and_then(|id| call.state.file(id));
    let name = file.map(|file| file.name.clone());
    let name = name.ok_or_else(|| RestError::new("FILE_SAVE_ERROR", "File ID can't be saved"))?;
    Ok(json!({
        "folder": {"id": call.state.next_id(), "name": "Saved files"},
        "file": {"id": call.state.next_id(), "name": name},
    }))
}

/// The folder for the files of a chat.
pub(crate) fn folder(call: &mut Call<'_>) -> Result<Json, RestError> {
    let chat_id = chat_id(call)?;
    Ok(json!({"ID": view::folder_id(chat_id)}))
}

/// Marks all notifications, of which there are none.
pub(crate) fn notify_read_all(_: &mut Call<'_>) -> Result<Json, RestError> {
    Ok(json!({"result": true, "newCounter": 0}))
}

/// Marks notifications, which are not kept.
pub(crate) fn notify_read_list(call: &mut Call<'_>) -> Result<Json, RestError> {
    match call.params.get("IDS") {
        Some(Value::Array(_)) => Ok(true.into()),
        _ => Err(RestError::new(
            "PARAMS_ERROR",
            "No IDS param or it is not an array",
        )),
    }
}

/// Answers a notification: every id is one that takes an answer.
pub(crate) fn notify_answer(call: &mut Call<'_>) -> Result<Json, RestError> {
    notification(call)?;
    match text(&call.params, "ANSWER_TEXT").is_empty() {
        true => Err(RestError::new("ANSWER_TEXT_ERROR", "ANSWER_TEXT can't be empty")),
        false => Ok(json!({"result_message": ["Your response has been sent."]})),
    }
}

/// Presses a button of a notification: every id is one that has buttons.
pub(crate) fn notify_confirm(call: &mut Call<'_>) -> Result<Json, RestError> {
    notification(call)?;
    match text(&call.params, "NOTIFY_VALUE").is_empty() {
        true => Err(RestError::new(
            "NOTIFY_VALUE_ERROR",
            "Notification Value  can't be empty",
        )),
        false => Ok(json!({"result_message": ["Done"]})),
    }
}

fn notification(call: &Call<'_>) -> Result<(), RestError> {
    let id = call.params.get_any(&["ID", "NOTIFY_ID"]).map_or(0, Value::to_int);
    match id > 0 {
        true => Ok(()),
        false => Err(RestError::new("ID_ERROR", "Notification ID can't be empty")),
    }
}

/// The chat of `DIALOG_ID` or `CHAT_ID`, where the calling person is in it.
fn chat_id(call: &mut Call<'_>) -> Result<u64, RestError> {
    let in_chat = call.params.get("CHAT_ID").map_or(0, Value::to_int);
    let dialog = match in_chat > 0 {
        true => format!("chat{in_chat}"),
        false => text(&call.params, "DIALOG_ID"),
    };
    if !is_dialog(&dialog) {
        return Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty"));
    }
    let user = call.caller.user_id;
    call.state.chat_of(user, &dialog).ok_or_else(|| {
        let text = "You do not have access to the specified dialog";
        RestError::new("ACCESS_ERROR", text).with_status(403)
    })
}

/// A message's id that a page begins or ends at.
fn bound(call: &Call<'_>, key: &str, text: &str) -> Result<Option<u64>, RestError> {
    let given = call.params.get(key).map(Value::to_text);
    let refused = || RestError::new(format!("{key}_STRING"), text);
    given.map(|id| id.parse().map_err(|_| refused())).transpose()
}

/// A message in the older form.
fn shown(message: &Message) -> Json {
    let mut params: Map<String, Json> = [("KEYBOARD", &message.keyboard), ("MENU", &message.menu)]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect();
    let likes = message.reactions.iter().filter(|(_, name)| name == "like");
    let likes: Vec<_> = likes.map(|(who, _)| *who).collect();
    if !likes.is_empty() {
        params.insert("LIKE".to_owned(), json!(likes));
    }
    json!({
        "id": message.id,
        "chat_id": message.chat_id,
        "author_id": if message.is_system { 0 } else { message.author_id },
        "date": message.date,
        "text": message.text,
        "unread": false,
        "uuid": null,
        "replaces": [],
        // PHP's empty array is a list.
        "params": if params.is_empty() { Array::default().to_json() } else { params.into() },
        "disappearing_date": null,
    })
}
