//! What people do on a portal, so that bots have something to hear of.

use serde_json::Value as Json;

use super::methods::history;
use super::state::{EventKind, State, Subject};

/// A person writes in a dialog: the id of a bot, or `chat` and a chat's id.
/// A message with a command reaches the bots of the command alone. Answers with the
/// message's id, or `None` where the person is not in the chat.
pub(super) fn say(state: &mut State, user_id: u64, dialog: &str, text: &str) -> Option<u64> {
    let chat_id = state.chat_of(user_id, dialog)?;
    let message = state.draft(user_id, chat_id, dialog, text.to_owned());
    Some(state.post(message))
}

/// A person changes a message of their own.
pub(super) fn edit(state: &mut State, message_id: u64, text: &str) -> bool {
    let Some(message) = state.message_mut(message_id).filter(|own| own.bot_id == 0) else {
        return false;
    };
    message.text = text.to_owned();
    let message = message.clone();
    state.emit_message(EventKind::MessageUpdated, &message);
    true
}

/// A person deletes a message of their own.
pub(super) fn delete(state: &mut State, message_id: u64) -> bool {
    match state.message(message_id).is_some_and(|own| own.bot_id == 0) {
        true => state.delete_message(message_id, false),
        false => return false,
    }
    true
}

/// A person puts a reaction on a message.
pub(super) fn react(state: &mut State, user_id: u64, message_id: u64, reaction: &str) -> bool {
    history::reacted(state, user_id, message_id, reaction)
}

/// A person opens a dialog by a link that carries a context.
pub(super) fn open_with(state: &mut State, user_id: u64, dialog: &str, context: Json) -> bool {
    let Some(chat_id) = state.chat_of(user_id, dialog) else {
        return false;
    };
    let mut subject = Subject {
        chat_id: Some(chat_id),
        user_id: Some(user_id),
        ..Subject::default()
    };
    subject.more.insert("context".to_owned(), context);
    state.emit_in_chat(EventKind::ContextGiven, &subject);
    true
}
