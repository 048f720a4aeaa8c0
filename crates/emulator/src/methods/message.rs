//! `imbot.v2.Chat.Message.*`.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::{EventKind, Message, dialog_number};
use super::buttons::{Extras, Sent, Strictness};
use super::{Call, done, is_yes, view, wrong_type};

/// Sends a message. Fields that are not known are passed over in silence.
pub(crate) fn send(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
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
    let chat_id = call.state.chat_of(bot_id, &dialog_id).ok_or_else(access_denied)?;
    let extras = extras(call, bot_id, &fields, Strictness::NewV2)?;
    let reply_id = fields
        .get_any(&["replyId"])
        .and_then(|id| u64::try_from(id.to_int()).ok());
    let is_answerable = |id: &u64| call.state.message(*id).is_some_and(|own| own.chat_id == chat_id);
    let reply_id = reply_id.filter(is_answerable);
    let mut message = call.state.draft(bot_id, chat_id, &dialog_id, text);
    extras.put(&mut message);
    let id = call.state.post(Message {
        is_system,
        url_preview,
        skip_connector,
        silent_connector,
        reply_id,
        ..message
    });
    Ok(json!({"id": id, "uuidMap": []}))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = call.int_argument("messageId")?;
    let fields = call.fields()?;
    let url_preview = fields
        .get_any(&["urlPreview"])
        .and_then(|value| flag(call, Feature::UrlPreviewBoolean, value));
    own_message(call, bot_id, id)?;
    let extras = extras(call, bot_id, &fields, Strictness::Lenient)?;
    let message = own_message(call, bot_id, id)?;
    if let Some(text) = message_text(&fields)? {
        message.text = text;
    }
    message.url_preview = url_preview.unwrap_or(message.url_preview);
    extras.put(message);
    let message = message.clone();
    call.state.emit_message(EventKind::MessageUpdated, &message);
    done()
}

/// Deletes a message: for good when `complete`, else the empty shell stays.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = call.int_argument("messageId")?;
    let takes_booleans = call.state.build.supports(Feature::MessageDeleteCompleteBoolean);
    let complete = match call.params.get("complete") {
        Some(value @ Value::Bool(_)) if !takes_booleans => {
            return Err(wrong_type(value, "complete", "string"));
        }
        Some(value) => is_yes(value),
        None => false,
    };
    let deletes = call.state.build.supports(Feature::MessageDeleteWorks);
    let message = own_message(call, bot_id, id)?;
    if !deletes {
        // The first build hands its deleter one message where it expects many.
        return Err(RestError::new("0", "Message cannot be deleted"));
    }
    // No source has it. Other people report it in public of a portal of the newest release; source
    // of older releases answers `true`. We have not tried it.
    let (id, is_system) = (message.id, message.is_system);
    if is_system && call.state.build.supports(Feature::BotTokenLengthLimit) {
        return Err(RestError::new(
            "CANT_EDIT_MESSAGE",
            "Time has expired for modification or you don't have access",
        ));
    }
    call.state.delete_message(id, complete);
    done()
}

/// The attachment and the keyboard in `fields`, which have no menu here.
fn extras(call: &Call<'_>, bot_id: u64, fields: &Array, strictness: Strictness) -> Result<Extras, RestError> {
    let sent = Sent {
        attach: fields.get_any(&["attach"]),
        keyboard: fields.get_any(&["keyboard"]),
        menu: None,
        bot_id: i64::try_from(bot_id).unwrap_or_default(),
    };
    Extras::read(&call.state.build, sent, strictness)
}

/// A message with its author; for bots that may see a chat's history only.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    observing_bot(call)?;
    let id = call.int_argument("messageId")?;
    let message = u64::try_from(id).ok().and_then(|id| call.state.message(id));
    let message = message.ok_or_else(message_not_found)?;
    Ok(json!({
        "message": view::message(message),
        "user": view::user(call.state, message.author_id),
    }))
}

/// Lets only those bots pass that may read what others write.
pub(super) fn observing_bot(call: &Call<'_>) -> Result<u64, RestError> {
    let bot = call.own_bot(&call.app_id()?)?;
    match bot.kind.as_str() {
        "supervisor" | "personal" => Ok(bot.id),
        _ => Err(RestError::new(
            "BOT_TYPE_NOT_ALLOWED",
            "Method is available only for supervisor and personal bots",
        )),
    }
}

/// The dialog that is written to: `chat` and an id, or a user's id. A chat
/// that somebody opened is written to by its members only.
fn dialog(call: &Call<'_>) -> Result<String, RestError> {
    let dialog = call.dialog()?;
    match is_dialog(&dialog) {
        true => Ok(dialog),
        false => Err(access_denied()),
    }
}

pub(super) fn is_dialog(dialog: &str) -> bool {
    dialog_number(dialog).is_some()
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

pub(super) fn message_not_found() -> RestError {
    RestError::new("MESSAGE_NOT_FOUND", "Message not found")
}

pub(super) fn access_denied() -> RestError {
    RestError::new("ACCESS_DENIED", "Access denied")
}

fn empty_message() -> RestError {
    RestError::new("EMPTY_MESSAGE", "Message can't be empty")
}
