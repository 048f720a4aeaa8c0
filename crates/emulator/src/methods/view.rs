//! Chats, messages and people as answers and events show them.

use serde_json::{Map, Value as Json, json};

use imbot_caps::Feature;

use super::super::state::{Bot, Chat, ChatKind, EventKind, Message, State, Subject};
use super::bot;
pub(crate) use super::card::user;
pub(crate) use v1::event_v1;

mod v1;

/// A chat as one of its members sees it.
pub(crate) fn chat(state: &State, chat: &Chat, seen_by: u64) -> Json {
    let mut view = chat_in_events(chat, seen_by);
    let messages = || state.messages.iter().filter(|own| own.chat_id == chat.id);
    let last_id = messages().next_back().map(|own| own.id);
    let own = json!({
        "role": role(chat, seen_by),
        "muteList": [],
        "managerList": chat.managers,
        "dateCreate": chat.date,
        "lastMessageId": last_id,
        "lastMessageViews": "{}",
        "lastId": last_id,
        "markedId": null,
        "messageCount": messages().count(),
        "public": "",
        "unreadId": null,
        "userCounter": chat.members.len(),
    });
    if let (Some(view), Json::Object(own)) = (view.as_object_mut(), own) {
        view.extend(own);
    }
    view
}

/// The folder for a chat's files.
pub(super) fn folder_id(chat_id: u64) -> u64 {
    chat_id.saturating_add(1_000_000)
}

fn role(chat: &Chat, member: u64) -> &'static str {
    if chat.owner_id == member {
        "owner"
    } else if chat.managers.contains(&member) {
        "manager"
    } else {
        "member"
    }
}

/// The same for every member, but for the dialog id. So it has no `role`.
fn chat_in_events(chat: &Chat, seen_by: u64) -> Json {
    json!({
        "id": chat.id,
        "dialogId": chat.dialog_id(seen_by),
        "type": match chat.kind {
            ChatKind::Private => "private",
            ChatKind::Open => "open",
            ChatKind::Group => "chat",
        },
        "name": chat.title,
        "description": chat.description,
        "messageType": match chat.kind {
            ChatKind::Private => "P",
            ChatKind::Open => "O",
            ChatKind::Group => "C",
        },
        "owner": chat.owner_id,
        "avatar": chat.avatar,
        "color": chat.color,
        "extranet": false,
        "containsCollaber": false,
        "entityType": chat.entity_type,
        "entityId": chat.entity_id,
        "entityData1": "",
        "entityData2": "",
        "entityData3": "",
        "entityLink": {"type": chat.entity_type, "url": "", "id": chat.entity_id},
        "diskFolderId": folder_id(chat.id),
        "permissions": {
            "manageUsersAdd": "member",
            "manageUsersDelete": "manager",
            "manageUi": "member",
            "manageSettings": "owner",
            "manageMessages": "member",
            "manageMessagesAutoDelete": "manager",
            "canPost": "member",
        },
        "parentChatId": null,
        "parentMessageId": null,
        "isNew": false,
        "textFieldEnabled": chat.is_text_field_enabled,
        "backgroundId": null,
    })
}

pub(crate) fn message(message: &Message) -> Json {
    let params: Map<_, _> = [("KEYBOARD", &message.keyboard), ("MENU", &message.menu)]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect();
    json!({
        "id": message.id,
        "chatId": message.chat_id,
        "authorId": if message.is_system { 0 } else { message.author_id },
        "date": message.date,
        "text": message.text,
        "isSystem": message.is_system,
        "uuid": "",
        "forward": null,
        "params": params,
        "viewedByOthers": false,
    })
}

/// An event's data in the second generation's form. A bot that polls sees all
/// of itself, one that is called only who is meant.
pub(crate) fn event(
    state: &State,
    bot: &Bot,
    is_polled: bool,
    event_kind: EventKind,
    subject: &Subject,
) -> Json {
    let shown = match is_polled {
        true => bot::owners_view(state, bot),
        false => {
            let mut shown = json!({"id": bot.id, "code": bot.code, "auth": state.bot_auth(bot)});
            if let Some(shown) = shown
                .as_object_mut()
                .filter(|_| state.build.supports(Feature::BotAppId))
            {
                shown.insert("appId".to_owned(), bot.app_id.clone().into());
            }
            shown
        }
    };
    let mut data = event_members(state, bot.id, event_kind, subject);
    data.insert("bot".to_owned(), shown);
    data.into()
}

/// The same for a person's queue, where no bot is concerned.
pub(crate) fn event_for_user(state: &State, user_id: u64, event_kind: EventKind, subject: &Subject) -> Json {
    event_members(state, user_id, event_kind, subject).into()
}

fn event_members(state: &State, seen_by: u64, event_kind: EventKind, subject: &Subject) -> Map<String, Json> {
    let mut data = subject.more.clone();
    if event_kind == EventKind::BotDeleted {
        return data;
    }
    let message_id = subject.message_id;
    match message_id.and_then(|id| state.message(id)) {
        Some(found) if event_kind != EventKind::MessageDeleted => {
            data.insert("message".to_owned(), message(found));
        }
        _ => {
            if let Some(id) = message_id {
                data.insert("messageId".to_owned(), id.into());
            }
        }
    }
    // From im 26.600.0 on, which some builds of release 35 have and every later build.
    let has_answered = state.build.supports(Feature::BotTokenLengthLimit);
    if has_answered && event_kind.has_answered_message() {
        let own = message_id.and_then(|id| state.message(id));
        let answered = own.and_then(|own| state.message(own.reply_id?));
        let answered: Vec<Json> = answered.into_iter().map(message).collect();
        data.insert("additionalMessages".to_owned(), answered.into());
    }
    if let Some(found) = subject.chat_id.and_then(|id| state.chat(id)) {
        data.insert("chat".to_owned(), chat_in_events(found, seen_by));
        if matches!(event_kind, EventKind::JoinedChat | EventKind::ContextGiven) {
            data.insert("dialogId".to_owned(), found.dialog_id(seen_by).into());
        }
    }
    if let Some(id) = subject.user_id {
        data.insert("user".to_owned(), user(state, id));
    }
    data.insert("language".to_owned(), "en".into());
    data
}
