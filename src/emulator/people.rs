//! What people do on a portal, so that bots have something to hear of.

use serde_json::{Value as Json, json};

use super::methods::history;
use super::state::{Happening, State, Subject};

/// A person writes in a dialog: the id of a bot, or `chat` and a chat's id.
/// A command of a bot in the chat reaches that bot as a command, and the others
/// as any message. Answers with the message's id, or `None` where the person is
/// not in the chat.
pub(super) fn say(state: &mut State, user_id: u64, dialog: &str, text: &str) -> Option<u64> {
    let chat_id = state.chat_of(user_id, dialog)?;
    let message = state.draft(user_id, chat_id, dialog, text.to_owned());
    let id = message.id;
    state.messages.push(message);
    let subject = Subject {
        chat_id: Some(chat_id),
        message_id: Some(id),
        user_id: Some(user_id),
        ..Subject::default()
    };
    let (name, params) = text.split_once(' ').unwrap_or((text, ""));
    let members = state.chat(chat_id)?.members.clone();
    let command = name.strip_prefix('/').and_then(|name| {
        let of_chat = |bot| members.contains(&bot);
        let mut commands = state.commands.iter();
        commands.find(|own| own.name == name && (own.is_common || of_chat(own.bot_id)))
    });
    let Some((bot_id, command_id)) = command.map(|command| (command.bot_id, command.id)) else {
        state.emit_in_chat(Happening::MessageAdded, &subject);
        return Some(id);
    };
    let mut given = subject.clone();
    let command = json!({"id": command_id, "command": name, "params": params, "context": "textarea"});
    given.more.insert("command".to_owned(), command);
    state.emit(bot_id, Happening::CommandGiven, &given);
    for member in members.into_iter().filter(|member| *member != bot_id) {
        if member != user_id {
            state.emit(member, Happening::MessageAdded, &subject);
        }
        state.emit_to_user(member, Happening::MessageAdded, &subject);
    }
    Some(id)
}

/// A person changes a message of their own.
pub(super) fn edit(state: &mut State, message_id: u64, text: &str) -> bool {
    let Some(message) = state.message_mut(message_id).filter(|own| own.bot_id == 0) else {
        return false;
    };
    message.text = text.to_owned();
    let subject = Subject {
        chat_id: Some(message.chat_id),
        message_id: Some(message_id),
        user_id: Some(message.author_id),
        ..Subject::default()
    };
    state.emit_in_chat(Happening::MessageUpdated, &subject);
    true
}

/// A person deletes a message of their own.
pub(super) fn delete(state: &mut State, message_id: u64) -> bool {
    let Some(message) = state.message_mut(message_id).filter(|own| own.bot_id == 0) else {
        return false;
    };
    message.text.clear();
    message.is_deleted = true;
    let subject = Subject {
        chat_id: Some(message.chat_id),
        message_id: Some(message_id),
        user_id: Some(message.author_id),
        ..Subject::default()
    };
    state.emit_in_chat(Happening::MessageDeleted, &subject);
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
    state.emit_in_chat(Happening::ContextGiven, &subject);
    true
}
