//! Messages of the older generation: changing, deleting, liking, and writing as
//! a person.

use serde_json::Value as Json;

use super::super::super::envelope::RestError;
use super::super::super::people;
use super::super::super::php::Value;
use super::super::super::state::Message;
use super::super::{Call, is_yes};
use super::{Actor, put_buttons, text};

/// A person writes; the bots in the chat hear of it.
pub(in crate::emulator) fn user_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let message = text(&call.params, "MESSAGE");
    let dialog = match call.params.get("CHAT_ID") {
        Some(id) => format!("chat{}", id.to_text()),
        None => text(&call.params, "DIALOG_ID"),
    };
    if message.trim().is_empty() {
        return Err(RestError::new("MESSAGE_EMPTY", "Message can't be empty"));
    }
    let user = call.caller.user_id;
    let id = people::say(call.state, user, &dialog, message.trim())
        .ok_or_else(|| RestError::new("ACCESS_ERROR", "You don't have access to this chat"))?;
    if let Some(mut sent) = call.state.message(id).cloned() {
        put_buttons(call, &mut sent);
        replace(call, sent);
    }
    Ok(id.into())
}

/// Changes a message; an empty text deletes it.
pub(in crate::emulator) fn update(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let new = call.params.get("MESSAGE").map(Value::to_text);
    let mut message = own_message(call, actor)?.clone();
    if let Some(new) = new {
        message.is_deleted = new.is_empty();
        message.text = new;
    }
    put_buttons(call, &mut message);
    replace(call, message);
    Ok(true.into())
}

pub(in crate::emulator) fn delete(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let complete = call.params.get("COMPLETE").is_some_and(is_yes);
    let message = own_message(call, actor)?;
    message.is_deleted = true;
    message.text.clear();
    let id = message.id;
    if complete {
        call.state.messages.retain(|message| message.id != id);
    }
    Ok(true.into())
}

/// Likes a message, takes the like back, or whichever of both is possible.
pub(in crate::emulator) fn like(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
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

fn replace(call: &mut Call<'_>, message: Message) {
    if let Some(stored) = call.state.message_mut(message.id) {
        *stored = message;
    }
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
