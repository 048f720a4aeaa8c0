//! Messages of the older generation: changing, deleting, liking, and writing as
//! a person.

use serde_json::Value as Json;

use super::super::super::envelope::RestError;
use super::super::super::php::Value;
use super::super::super::state::{EventKind, Message, dialog_number};
use super::super::buttons::Strictness;
use super::super::{Call, is_yes};
use super::{Actor, chat_to_write, extras, loosely_is, text};

/// A person writes; the bots in the chat hear of it.
pub(crate) fn user_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let message = text(&call.params, "MESSAGE");
    let has_attach = call.params.get("ATTACH").is_some_and(Value::is_truthy);
    if message.trim().is_empty() && !has_attach {
        return Err(RestError::new("MESSAGE_EMPTY", "Message can't be empty"));
    }
    let dialog = match (call.params.get("CHAT_ID"), text(&call.params, "DIALOG_ID")) {
        (Some(id), _) => format!("chat{}", id.to_text()),
        (None, dialog) if dialog.is_empty() => {
            return Err(RestError::new("PARAMS_ERROR", "Incorrect params"));
        }
        (None, dialog) => dialog,
    };
    let extras = extras(call, bot_of_buttons(call), Strictness::New)?;
    let user = call.caller.user_id;
    let chat_id = match dialog_number(&dialog) {
        None if dialog.starts_with("chat") => {
            return Err(RestError::new("CHAT_ID_EMPTY", "Chat ID can't be empty"));
        }
        None => return Err(RestError::new("USER_ID_EMPTY", "User ID can't be empty")),
        Some(_) => chat_to_write(call, user, &dialog)?,
    };
    let mut message = call
        .state
        .draft(user, chat_id, &dialog, message.trim().to_owned());
    extras.put(&mut message);
    message.is_system = call
        .params
        .get("SYSTEM")
        .is_some_and(|value| loosely_is(value, "Y"));
    Ok(call.state.post(message).into())
}

/// The bot whose commands the buttons of a person's message give.
fn bot_of_buttons(call: &Call<'_>) -> u64 {
    let id = call.params.get("BOT_ID").map_or(0, Value::to_int);
    u64::try_from(id).unwrap_or_default()
}

/// Changes a message; an empty text deletes it. A new text is an event, a change of the
/// buttons alone is none.
pub(crate) fn update(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let new = call.params.get("MESSAGE").map(Value::to_text);
    let mut message = own_message(call, actor)?.clone();
    let bot_id = match actor {
        Actor::Bot => message.author_id,
        Actor::User => bot_of_buttons(call),
    };
    let extras = extras(call, bot_id, Strictness::Change)?;
    extras.put(&mut message);
    let is_deleted = new.as_deref() == Some("");
    let is_new = new.is_some();
    if let Some(new) = new.filter(|_| !is_deleted) {
        message.text = new;
        message.is_deleted = false;
    }
    if let Some(stored) = call.state.message_mut(message.id) {
        *stored = message.clone();
    }
    match (is_deleted, is_new) {
        (true, _) => call.state.delete_message(message.id, false),
        (false, true) => call.state.emit_message(EventKind::MessageUpdated, &message),
        (false, false) => {}
    }
    Ok(true.into())
}

pub(crate) fn delete(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let complete = call.params.get("COMPLETE").is_some_and(is_yes);
    let id = own_message(call, actor)?.id;
    call.state.delete_message(id, complete);
    Ok(true.into())
}

/// Likes a message, takes the like back, or whichever of both is possible.
pub(crate) fn like(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let action = text(&call.params, "ACTION");
    let id = message_id(call)?;
    let own = (actor, "like".to_owned());
    let message = call.state.message_mut(id).ok_or_else(not_found)?;
    let is_liked = message.reactions.contains(&own);
    let likes = match action.as_str() {
        "plus" => true,
        "minus" => false,
        _ => !is_liked,
    };
    if likes == is_liked {
        return Err(RestError::new("WITHOUT_CHANGES", "Status doesn't changed"));
    }
    message.reactions.retain(|known| *known != own);
    if likes {
        message.reactions.push(own);
    }
    Ok(true.into())
}

fn own_message<'c>(call: &'c mut Call<'_>, actor: Actor) -> Result<&'c mut Message, RestError> {
    let actor = actor.id(call)?;
    let id = message_id(call)?;
    call.state
        .message_mut(id)
        .filter(|message| message.author_id == actor)
        .ok_or_else(|| {
            let text = "Time has expired for modification or you don't have access";
            RestError::new("CANT_EDIT_MESSAGE", text)
        })
}

fn message_id(call: &Call<'_>) -> Result<u64, RestError> {
    let id = call.params.get("MESSAGE_ID").map_or(0, Value::to_int);
    u64::try_from(id).ok().filter(|id| *id > 0).ok_or_else(not_found)
}

fn not_found() -> RestError {
    RestError::new("MESSAGE_ID_ERROR", "Message ID can't be empty")
}
