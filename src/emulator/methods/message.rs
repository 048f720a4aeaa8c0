//! `imbot.v2.Chat.Message.*`.

use serde_json::{Value as Json, json};

use crate::Feature;

use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::{Bot, Message};
use super::bot::user;
use super::{Call, is_yes, wrong_type};

/// Sends a message. Fields that are not known are passed over in silence.
pub(in crate::emulator) fn send(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.own_bot(&call.app_id()?)?.id;
    let dialog_id = dialog(call)?;
    let fields = call.fields()?;
    let text = message_text(&fields)?.ok_or_else(empty_message)?;
    let flag = |feature, key, default| {
        fields
            .get_any(&[key])
            .and_then(|value| flag(call, feature, value))
            .unwrap_or(default)
    };
    let is_system = flag(Feature::SystemMessage, "system", false);
    let url_preview = flag(Feature::UrlPreviewBoolean, "urlPreview", true);
    let skip_connector = flag(Feature::SkipConnectorBoolean, "skipConnector", false);
    let silent_connector = flag(Feature::SilentConnectorBoolean, "silentConnector", false);
    let id = call.state.next_id();
    call.state.messages.push(Message {
        id,
        bot_id,
        dialog_id,
        text,
        date: call.state.build.now(),
        is_system,
        url_preview,
        skip_connector,
        silent_connector,
        is_deleted: false,
    });
    Ok(json!({"id": id, "uuidMap": []}))
}

pub(in crate::emulator) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.own_bot(&call.app_id()?)?.id;
    let id = call.int_argument("messageId")?;
    let fields = call.fields()?;
    let url_preview = fields
        .get_any(&["urlPreview"])
        .and_then(|value| flag(call, Feature::UrlPreviewBoolean, value));
    let message = own_message(call, bot_id, id)?;
    if let Some(text) = message_text(&fields)? {
        message.text = text;
    }
    message.url_preview = url_preview.unwrap_or(message.url_preview);
    Ok(json!({"result": true}))
}

/// Deletes a message: for good when `complete`, else the empty shell stays.
pub(in crate::emulator) fn delete(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.own_bot(&call.app_id()?)?.id;
    let id = call.int_argument("messageId")?;
    let takes_booleans = call.state.build.supports(Feature::MessageDeleteCompleteBoolean);
    let complete = match call.params.get("complete") {
        Some(value @ Value::Bool(_)) if !takes_booleans => {
            return Err(wrong_type(value, "complete", "string"));
        }
        Some(value) => is_yes(value),
        None => false,
    };
    let message = own_message(call, bot_id, id)?;
    message.is_deleted = true;
    message.text.clear();
    if complete {
        let id = message.id;
        call.state.messages.retain(|message| message.id != id);
    }
    Ok(json!({"result": true}))
}

/// A message with its author; for bots that may see a chat's history only.
pub(in crate::emulator) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot = call.own_bot(&call.app_id()?)?;
    let id = call.int_argument("messageId")?;
    if !matches!(bot.kind.as_str(), "supervisor" | "personal") {
        return Err(RestError::new(
            "BOT_TYPE_NOT_ALLOWED",
            "Method is available only for supervisor and personal bots",
        ));
    }
    let message = call
        .state
        .messages
        .iter()
        .find(|message| i64::try_from(message.id) == Ok(id))
        .ok_or_else(|| RestError::new("MESSAGE_NOT_FOUND", "Message not found"))?;
    let author: Option<&Bot> = call.state.bot(message.bot_id);
    Ok(json!({
        "message": {
            "id": message.id,
            "chatId": chat_id(&message.dialog_id),
            "authorId": if message.is_system { 0 } else { message.bot_id },
            "date": message.date,
            "text": message.text,
            "isSystem": message.is_system,
            "uuid": "",
            "forward": null,
            "params": {},
            "viewedByOthers": false,
        },
        "user": author.map(user),
    }))
}

/// The dialog that is written to: `chat` and an id, or a user's id. Any dialog
/// that is well formed is one where the bot may write.
fn dialog(call: &Call<'_>) -> Result<String, RestError> {
    let value = call.argument("dialogId")?;
    if matches!(value, Value::Array(_)) {
        return Err(wrong_type(value, "dialogId", "string"));
    }
    let dialog = value.to_text();
    match is_dialog(&dialog) {
        true => Ok(dialog),
        false => Err(access_denied()),
    }
}

pub(super) fn is_dialog(dialog: &str) -> bool {
    chat_id(dialog) > 0
}

fn chat_id(dialog: &str) -> u32 {
    let id = dialog.strip_prefix("chat").unwrap_or(dialog);
    match id.bytes().all(|byte| byte.is_ascii_digit()) {
        true => id.parse().unwrap_or(0),
        false => 0,
    }
}

/// The text of a message, trimmed; `None` when the fields have none.
fn message_text(fields: &Array) -> Result<Option<String>, RestError> {
    let has_attach = fields.get_any(&["attach"]).is_some_and(Value::is_truthy);
    match fields.get_any(&["message"]) {
        None => Ok(has_attach.then(String::new)),
        Some(Value::Text(text)) if has_attach || !text.trim().is_empty() => Ok(Some(text.trim().to_owned())),
        Some(Value::Text(_)) => Err(empty_message()),
        Some(_) => Err(RestError::new("EMPTY_MESSAGE", "Wrong message type")),
    }
}

/// What a yes-or-no field says to this build.
///
/// Builds without the feature pass over all but the two letters, so that a JSON
/// boolean has no effect.
fn flag(call: &Call<'_>, feature: Feature, value: &Value) -> Option<bool> {
    if call.state.build.supports(feature) {
        return Some(is_yes(value));
    }
    match value {
        Value::Text(text) if text == "Y" => Some(true),
        Value::Text(text) if text == "N" => Some(false),
        _ => None,
    }
}

fn own_message<'c>(call: &'c mut Call<'_>, bot_id: u64, id: i64) -> Result<&'c mut Message, RestError> {
    call.state
        .messages
        .iter_mut()
        .find(|message| i64::try_from(message.id) == Ok(id) && message.bot_id == bot_id)
        .ok_or_else(access_denied)
}

fn access_denied() -> RestError {
    RestError::new("ACCESS_DENIED", "Access denied")
}

fn empty_message() -> RestError {
    RestError::new("EMPTY_MESSAGE", "Message can't be empty")
}
