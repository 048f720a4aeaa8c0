//! Reading a chat and reacting to it: `getContext`, `read` and reactions of
//! `imbot.v2.Chat.Message`.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use serde_json::{Value as Json, json};

use super::super::envelope::RestError;
use super::super::state::{EventKind, Message, Subject};
use super::message::{access_denied, message_not_found, observing_bot};
use super::{Call, chat, done, view};

/// The messages around one, that one in the middle.
pub(crate) fn get_context(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = observing_bot(call)?;
    let id = message_id(call)?;
    let range = call.int_or("range", 50)?.clamp(1, 50);
    let range = usize::try_from(range).unwrap_or(1);
    let chat_id = call.state.message(id).ok_or_else(message_not_found)?.chat_id;
    let chat = call.state.chat(chat_id);
    if chat.is_some_and(|chat| !chat.members.contains(&bot_id)) {
        return Err(RestError::new("MESSAGE_ACCESS_DENIED", "Message access denied"));
    }
    let all: Vec<&Message> = call
        .state
        .messages
        .iter()
        .filter(|own| own.chat_id == chat_id)
        .collect();
    let at = all.iter().position(|own| own.id == id).unwrap_or_default();
    let first = at.saturating_sub(range);
    let end = at.saturating_add(range).saturating_add(1).min(all.len());
    let page = all.get(first..end).unwrap_or_default();
    let mut authors: Vec<u64> = page.iter().map(|own| own.author_id).collect();
    authors.sort_unstable();
    authors.dedup();
    Ok(json!({
        "messages": page.iter().map(|own| view::message(own)).collect::<Vec<_>>(),
        "users": authors.iter().map(|id| view::user(call.state, *id)).collect::<Vec<_>>(),
        "hasPrevPage": first > 0,
        "hasNextPage": end < all.len(),
    }))
}

/// Marks all that others wrote as read, or all up to one message.
pub(crate) fn read(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let chat_id = chat::chat_id(call, bot_id)?;
    let last = match call.int_or("messageId", 0)? {
        0 => u64::MAX,
        id => u64::try_from(id)
            .ok()
            .filter(|id| call.state.message(*id).is_some_and(|own| own.chat_id == chat_id))
            .ok_or_else(message_not_found)?,
    };
    let (read, unread): (Vec<u64>, Vec<u64>) = call
        .state
        .messages
        .iter()
        .filter(|own| own.chat_id == chat_id && own.author_id != bot_id)
        .map(|own| own.id)
        .partition(|id| *id <= last);
    Ok(json!({
        "chatId": chat_id,
        "lastId": read.last().copied().unwrap_or_default(),
        "counter": unread.len(),
        "viewedMessages": read,
    }))
}

pub(crate) fn reaction_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let (bot_id, message, reaction) = reaction(call)?;
    let own = (bot_id, reaction);
    let Some(stored) = call.state.message_mut(message) else {
        return Err(access_denied());
    };
    if stored.reactions.contains(&own) {
        return Err(RestError::new("REACTION_ALREADY_SET", "Reaction already set"));
    }
    // One reaction of each: a new one takes the place of the old.
    stored.reactions.retain(|(who, _)| *who != bot_id);
    stored.reactions.push(own);
    done()
}

pub(crate) fn reaction_delete(call: &mut Call<'_>) -> Result<Json, RestError> {
    let (bot_id, message, reaction) = reaction(call)?;
    let own = (bot_id, reaction);
    let Some(stored) = call.state.message_mut(message) else {
        return Err(access_denied());
    };
    let before = stored.reactions.len();
    stored.reactions.retain(|known| *known != own);
    match stored.reactions.len() < before {
        true => done(),
        false => Err(reaction_not_found()),
    }
}

/// Who reacts to what, and how.
fn reaction(call: &mut Call<'_>) -> Result<(u64, u64, String), RestError> {
    let bot_id = call.bot_id()?;
    let id = message_id(call)?;
    let name = call.argument("reaction")?.to_text();
    let chat_id = call.state.message(id).ok_or_else(access_denied)?.chat_id;
    let chat = call.state.chat(chat_id);
    if chat.is_some_and(|chat| !chat.members.contains(&bot_id)) {
        return Err(access_denied());
    }
    let name = plain_name(&name);
    match REACTIONS.contains(&name.as_str()) {
        true => Ok((bot_id, id, name)),
        false => Err(reaction_not_found()),
    }
}

/// Names are taken in camel case and with underscores.
fn plain_name(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn message_id(call: &Call<'_>) -> Result<u64, RestError> {
    u64::try_from(call.int_argument("messageId")?).map_err(|_| access_denied())
}

fn reaction_not_found() -> RestError {
    RestError::new("REACTION_NOT_FOUND", "Reaction not found")
}

/// A person reacts, and the chat is told.
pub(crate) fn reacted(
    state: &mut super::super::state::State,
    user_id: u64,
    message_id: u64,
    reaction: &str,
) -> bool {
    let Some(message) = state.message_mut(message_id) else {
        return false;
    };
    message.reactions.retain(|(who, _)| *who != user_id);
    message.reactions.push((user_id, reaction.to_owned()));
    let mut subject = Subject {
        chat_id: Some(message.chat_id),
        message_id: Some(message_id),
        user_id: Some(user_id),
        ..Subject::default()
    };
    subject.more.insert("reaction".to_owned(), reaction.into());
    subject.more.insert("action".to_owned(), "add".into());
    state.emit_in_chat(EventKind::ReactionChanged, &subject);
    true
}

/// What may be put on a message.
const REACTIONS: [&str; 48] = [
    "like",
    "dislike",
    "facewithtearsofjoy",
    "redheart",
    "neutralface",
    "fire",
    "cry",
    "slightlysmilingface",
    "winkingface",
    "laugh",
    "kiss",
    "wonder",
    "slightlyfrowningface",
    "loudlycryingface",
    "facewithstuckouttongue",
    "facewithstuckouttongueandwinkingeye",
    "smilingfacewithsunglasses",
    "confusedface",
    "flushedface",
    "thinkingface",
    "angry",
    "smilingfacewithhorns",
    "facewiththermometer",
    "facepalm",
    "poo",
    "flexedbiceps",
    "clappinghands",
    "raisedhand",
    "smilingfacewithhearteyes",
    "smilingfacewithhearts",
    "pleadingface",
    "relievedface",
    "foldedhands",
    "okhand",
    "signhorns",
    "loveyougesture",
    "clownface",
    "partyingface",
    "questionmark",
    "exclamationmark",
    "lightbulb",
    "bomb",
    "sleepingsymbol",
    "crossmark",
    "whiteheavycheckmark",
    "eyes",
    "handshake",
    "hundredpoints",
];
