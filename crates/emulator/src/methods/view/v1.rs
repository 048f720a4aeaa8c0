//! Events in the first generation's form: upper case, letters for yes and no, and bots
//! and commands under their ids.
//!
//! Sources: the documentation's pages of the events, and `onBotMessageAdd` and its
//! neighbours in `im_rest.php`. Members that a portal leaves out, since they are null, are
//! null here.

use serde_json::{Map, Value as Json, json};

use super::super::super::color;
use super::super::super::php::{self, Key};
use super::super::super::state::{
    Bot, Chat, ChatKind, EventKind, Message, Recipient, State, Subject, mentioned, without_mentions,
};
use super::{folder_id, user};

/// The data of an event, for all bots that one handler hears for.
pub(crate) fn event_v1(
    state: &State,
    event_kind: EventKind,
    recipients: &[Recipient],
    subject: &Subject,
) -> Json {
    if event_kind == EventKind::BotDeleted {
        let bot = recipients.first().map(|(bot, _)| bot);
        return json!({"BOT_ID": bot.map(|bot| bot.id), "BOT_CODE": bot.map(|bot| &bot.code)});
    }
    let entries = recipients.iter().map(|(bot, given)| {
        let mut entry = owner(state, bot);
        let Some(given) = given else {
            return (key(bot.id), Json::from(entry));
        };
        entry.extend(members(json!({
            "COMMAND": given.name,
            "COMMAND_ID": given.command_id,
            "COMMAND_PARAMS": given.params,
            "COMMAND_CONTEXT": "TEXTAREA",
            "MESSAGE_ID": subject.message_id,
        })));
        (key(given.command_id), entry.into())
    });
    let mut by_id: Vec<(Key, Json)> = Vec::new();
    for (id, entry) in entries {
        // A command that is given twice is there once, as it was given last.
        by_id.retain(|(own, _)| *own != id);
        by_id.push((id, entry));
    }
    let kind = match event_kind {
        EventKind::CommandGiven => "COMMAND",
        _ => "BOT",
    };
    let bot = recipients.first().map(|(bot, _)| bot);
    let chat = subject.chat_id.and_then(|id| state.chat(id));
    let message = subject.message_id.and_then(|id| state.message(id));
    let mut params = match (event_kind, chat, message) {
        (EventKind::JoinedChat, Some(chat), _) => joined(chat, bot, subject),
        (EventKind::ContextGiven, Some(chat), _) => opened(chat, subject),
        (EventKind::MessageUpdated | EventKind::MessageDeleted, Some(chat), Some(message)) => {
            changed(event_kind, chat, message)
        }
        (_, Some(chat), Some(message)) => added(state, event_kind, chat, message),
        _ => Map::new(),
    };
    let seen_by = bot.map(|bot| bot.id).unwrap_or_default();
    params.insert(
        "DIALOG_ID".to_owned(),
        chat.map(|chat| chat.dialog_id(seen_by)).into(),
    );
    params.insert("LANGUAGE".to_owned(), "en".into());
    // Who wrote it is recipients where a portal has a sender, which it has not for a change in a group.
    let has_person = match event_kind {
        EventKind::MessageUpdated | EventKind::MessageDeleted => params.contains_key("FROM_USER_ID"),
        _ => true,
    };
    let person = subject.user_id.filter(|_| has_person);
    json!({
        kind: php::to_json(by_id),
        "PARAMS": params,
        "USER": person.map(|id| person_card(state, event_kind, id)),
    })
}

/// A bot, with what an application may use in its name: flat, and once more inside.
fn owner(state: &State, bot: &Bot) -> Map<String, Json> {
    let auth = state.bot_auth(bot);
    let mut owner = auth.clone();
    owner.insert("AUTH".to_owned(), auth.into());
    owner.insert("BOT_ID".to_owned(), bot.id.into());
    owner.insert("BOT_CODE".to_owned(), bot.code.clone().into());
    owner
}

fn person_card(state: &State, event_kind: EventKind, id: u64) -> Json {
    let card = user(state, id);
    let mut person: Map<String, Json> = [
        ("ID", "id"),
        ("NAME", "name"),
        ("FIRST_NAME", "firstName"),
        ("LAST_NAME", "lastName"),
        ("WORK_POSITION", "workPosition"),
        ("GENDER", "gender"),
    ]
    .into_iter()
    .map(|(name, newer)| (name.to_owned(), card.get(newer).cloned().unwrap_or_default()))
    .collect();
    let is_short = matches!(
        event_kind,
        EventKind::CommandGiven | EventKind::JoinedChat | EventKind::ContextGiven
    );
    if !is_short {
        let is = |newer: &str| letter(card.get(newer).and_then(Json::as_bool).unwrap_or_default());
        person.extend(members(json!({
            "IS_BOT": is("bot"),
            "IS_CONNECTOR": is("connector"),
            "IS_NETWORK": "N",
            "IS_EXTRANET": is("extranet"),
        })));
    }
    person.into()
}

/// A bot was taken into a chat.
fn joined(chat: &Chat, bot: Option<&Bot>, subject: &Subject) -> Map<String, Json> {
    let mut params = opened(chat, subject);
    params.extend(members(json!({
        "BOT_ID": bot.map(|bot| bot.id),
        "CHAT_ID": chat.id,
        "ACCESS_HISTORY": true,
    })));
    params
}

/// A person opened a chat with a context.
fn opened(chat: &Chat, subject: &Subject) -> Map<String, Json> {
    members(json!({
        "CHAT_TYPE": kind(chat),
        "MESSAGE_TYPE": kind(chat),
        "USER_ID": subject.user_id,
        "CHAT_AUTHOR_ID": chat.owner_id,
        "CHAT_ENTITY_TYPE": chat.entity_type,
        "CHAT_ENTITY_ID": chat.entity_id,
        "CONTEXT": subject.more.get("context"),
    }))
}

/// A new message, or one with commands.
fn added(state: &State, event_kind: EventKind, chat: &Chat, message: &Message) -> Map<String, Json> {
    let is_private = chat.kind == ChatKind::Private;
    let is_command = event_kind == EventKind::CommandGiven;
    let mut params = members(json!({
        "MESSAGE": message.text,
        "TEMPLATE_ID": "",
        "MESSAGE_TYPE": kind(chat),
        "FROM_USER_ID": message.author_id,
        "TO_CHAT_ID": chat.id,
        "AUTHOR_ID": message.author_id,
        "SYSTEM": letter(message.is_system),
    }));
    if !is_private {
        let earlier = state.messages.iter().rev();
        let previous = earlier
            .filter(|own| own.chat_id == chat.id)
            .find(|own| own.id < message.id);
        params.extend(members(json!({
            "CHAT_ID": chat.id,
            "CHAT_TITLE": chat.title,
            "CHAT_AUTHOR_ID": chat.owner_id,
            "CHAT_AVATAR": folder_of_avatar(chat),
            "CHAT_COLOR": color::code(&chat.color),
            "CHAT_EXTRANET": "N",
            "CHAT_PREV_MESSAGE_ID": previous.map_or(0, |own| own.id),
            "CHAT_CAN_POST": "MEMBER",
            "RID": message.author_id,
            "IS_MANAGER": letter(chat.managers.contains(&message.author_id)),
        })));
        params.extend(entity(chat));
    }
    if is_command && !is_private {
        let bots = chat.members.iter().filter(|id| state.bot(**id).is_some());
        params.extend(members(json!({
            "CHAT_PARENT_ID": 0,
            "CHAT_PARENT_MID": 0,
            "BOT_IN_CHAT": ids(bots.copied()),
        })));
    }
    params.extend(members(json!({
        "PUSH": "Y",
        "PUSH_IMPORTANT": "N",
        "RECENT_SKIP_AUTHOR": "N",
        "CONVERT": "N",
        "SKIP_COMMAND": "N",
        "SKIP_COUNTER_INCREMENTS": "N",
        "SILENT_CONNECTOR": letter(message.silent_connector),
        "SKIP_CONNECTOR": letter(message.skip_connector),
        "IMPORTANT_CONNECTOR": "N",
        "NO_SESSION_OL": "N",
        "FAKE_RELATION": 0,
        "SKIP_URL_INDEX": "N",
    })));
    if is_command {
        params.extend(members(json!({"SKIP_USER_CHECK": "Y", "RECENT_ADD": "Y"})));
    } else {
        params.insert("COMMAND_CONTEXT".to_owned(), "TEXTAREA".into());
        params.extend(looked_at(chat, message));
    }
    if is_private {
        params.insert("TO_USER_ID".to_owned(), other(chat, message));
    }
    params.extend(members(
        json!({"MESSAGE_ID": message.id, "CHAT_TYPE": kind(chat)}),
    ));
    params
}

/// A message that was changed or deleted.
fn changed(event_kind: EventKind, chat: &Chat, message: &Message) -> Map<String, Json> {
    let is_deleted = event_kind == EventKind::MessageDeleted;
    let text = match is_deleted {
        true => format!("Message from {} has been deleted", message.date),
        false => message.text.clone(),
    };
    let mut params = members(json!({
        "ID": message.id,
        "CHAT_ID": chat.id,
        "AUTHOR_ID": message.author_id,
        "MESSAGE": text,
        "MESSAGE_TYPE": kind(chat),
        "CHAT_AUTHOR_ID": chat.owner_id,
    }));
    params.extend(entity(chat));
    if !is_deleted {
        params.extend(looked_at(chat, message));
    }
    if chat.kind == ChatKind::Private {
        params.remove("CHAT_ENTITY_TYPE");
        params.insert("FROM_USER_ID".to_owned(), message.author_id.into());
        params.insert("TO_USER_ID".to_owned(), other(chat, message));
    }
    params.extend(members(
        json!({"MESSAGE_ID": message.id, "CHAT_TYPE": kind(chat)}),
    ));
    params
}

/// What a portal finds in a text that it shows to bots: in a group, the first who is
/// mentioned, and the text without mentions.
fn looked_at(chat: &Chat, message: &Message) -> Map<String, Json> {
    let mentioned = mentioned(&message.text);
    let to = mentioned.first().copied().unwrap_or_default();
    let mut params = members(json!({
        "CHAT_USER_COUNT": chat.members.len(),
        "MENTIONED_LIST": ids(mentioned.into_iter()),
        "PLATFORM_CONTEXT": "web",
    }));
    if chat.kind != ChatKind::Private {
        params.extend(members(json!({
            "MESSAGE_ORIGINAL": message.text,
            "MESSAGE": without_mentions(&message.text),
            "TO_USER_ID": to,
        })));
    }
    params
}

fn entity(chat: &Chat) -> Map<String, Json> {
    members(json!({
        "CHAT_ENTITY_TYPE": chat.entity_type,
        "CHAT_ENTITY_ID": chat.entity_id,
        "CHAT_ENTITY_DATA_1": "",
        "CHAT_ENTITY_DATA_2": "",
        "CHAT_ENTITY_DATA_3": "",
    }))
}

/// Whom a message of a private chat is for.
fn other(chat: &Chat, message: &Message) -> Json {
    let mut others = chat.members.iter().filter(|id| **id != message.author_id);
    json!(others.next())
}

fn folder_of_avatar(chat: &Chat) -> u64 {
    match chat.avatar.is_empty() {
        true => 0,
        false => folder_id(chat.id),
    }
}

fn kind(chat: &Chat) -> &'static str {
    match chat.kind {
        ChatKind::Private => "P",
        ChatKind::Open => "O",
        ChatKind::Group => "C",
    }
}

fn letter(yes: bool) -> &'static str {
    if yes { "Y" } else { "N" }
}

/// Ids under themselves.
fn ids(ids: impl Iterator<Item = u64>) -> Json {
    php::to_json(ids.map(|id| (key(id), json!(id))).collect())
}

fn key(id: u64) -> Key {
    Key::from(id.to_string().as_str())
}

fn members(object: Json) -> Map<String, Json> {
    match object {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}
