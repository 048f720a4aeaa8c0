//! `imbot.v2.Chat.*`, its members and managers, and what its members see.

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::color;
use super::super::envelope::RestError;
use super::super::php::{Array, Value};
use super::super::state::{Chat, ChatKind, EventKind, Subject};
use super::message::access_denied;
use super::{Call, done, is_yes, view, wrong_type};

/// Opens a chat; the bot owns it unless told otherwise, and is in it anyway.
pub(crate) fn add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let fields = call.fields()?;
    let text = |names: &[&str]| fields.get_any(names).map(Value::to_text).unwrap_or_default();
    let kind = match text(&["type", "TYPE"]).as_str() {
        "open" => ChatKind::Open,
        _ => ChatKind::Group,
    };
    let owner = fields
        .get_any(&["ownerId", "OWNER_ID"])
        .map_or(bot_id, |id| id_of(id).unwrap_or(bot_id));
    let mut members = ids(fields.get_any(&["userIds", "USER_IDS"]));
    for own in [owner, bot_id] {
        if !members.contains(&own) {
            members.push(own);
        }
    }
    let color = color::named(&call.state.build, &text(&["color", "COLOR"]));
    let id = call.state.open_chat(kind, owner, members.clone());
    if let Some(chat) = call.state.chat_mut(id) {
        chat.title = text(&["title", "TITLE"]);
        chat.description = text(&["description", "DESCRIPTION"]);
        chat.entity_type = text(&["entityType", "ENTITY_TYPE"]);
        chat.entity_id = text(&["entityId", "ENTITY_ID"]);
        chat.avatar = text(&["avatar", "AVATAR"]);
        chat.color = color.map_or_else(|| chat.color.clone(), str::to_owned);
    }
    let first = text(&["message", "MESSAGE"]);
    if !first.is_empty() {
        let message = call.state.draft(bot_id, id, &format!("chat{id}"), first);
        call.state.post(message);
    }
    for member in members.iter().filter(|member| **member != bot_id) {
        joined(call, id, *member, bot_id);
    }
    let people: Vec<_> = members.iter().map(|id| view::user(call.state, *id)).collect();
    Ok(json!({"chat": shown(call, id, bot_id), "users": people}))
}

pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = chat_id(call, bot_id)?;
    Ok(json!({"chat": shown(call, id, bot_id)}))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = group(call, bot_id)?;
    let fields = call.fields()?;
    let text = |name: &str| fields.get_any(&[name]).map(Value::to_text);
    let color = text("color").and_then(|name| color::named(&call.state.build, &name));
    if let Some(chat) = call.state.chat_mut(id) {
        for (slot, new) in [
            (&mut chat.title, text("title")),
            (&mut chat.description, text("description")),
            (&mut chat.avatar, text("avatar")),
            (&mut chat.color, color.map(str::to_owned)),
        ] {
            if let Some(new) = new {
                *slot = new;
            }
        }
    }
    done()
}

/// Hands the chat over; only its owner can.
pub(crate) fn set_owner(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = owned_group(call, bot_id)?;
    let owner = u64::try_from(call.int_argument("userId")?).map_err(|_| access_denied())?;
    if let Some(chat) = call.state.chat_mut(id) {
        chat.owner_id = owner;
        if !chat.members.contains(&owner) {
            chat.members.push(owner);
        }
    }
    done()
}

pub(crate) fn leave(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = group(call, bot_id)?;
    remove_member(call, id, bot_id);
    done()
}

/// A plain list, unlike the other lists of imbot.v2.
pub(crate) fn user_list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = chat_id(call, bot_id)?;
    let limit = usize::try_from(call.int_or("limit", 50)?).unwrap_or_default();
    let mut members = members(call, id);
    let order = call.params.get("order").and_then(Value::as_array);
    let is_descending = order
        .into_iter()
        .flat_map(Array::iter)
        .any(|(_, value)| value.to_text().eq_ignore_ascii_case("desc"));
    if is_descending {
        members.reverse();
    }
    let people = members.iter().take(limit.min(200));
    Ok(people.map(|id| view::user(call.state, *id)).collect())
}

pub(crate) fn user_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = group(call, bot_id)?;
    for user in ids(call.params.get("userIds")) {
        add_member(call, id, user, bot_id);
    }
    done()
}

/// Who is not in the chat is taken out of it with success.
pub(crate) fn user_delete(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = group(call, bot_id)?;
    if let Ok(user) = u64::try_from(call.int_argument("userId")?) {
        remove_member(call, id, user);
    }
    done()
}

pub(crate) fn manager_add(call: &mut Call<'_>) -> Result<Json, RestError> {
    change_managers(call, |chat, users| {
        for user in users {
            if chat.members.contains(&user) && !chat.managers.contains(&user) {
                chat.managers.push(user);
            }
        }
    })
}

pub(crate) fn manager_delete(call: &mut Call<'_>) -> Result<Json, RestError> {
    change_managers(call, |chat, users| {
        chat.managers.retain(|manager| !users.contains(manager));
    })
}

fn change_managers(call: &mut Call<'_>, change: impl FnOnce(&mut Chat, Vec<u64>)) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = owned_group(call, bot_id)?;
    let users = ids(call.params.get("userIds"));
    if users.is_empty() && call.state.build.supports(Feature::ManagerEmptyUserIds) {
        return Err(RestError::new("EMPTY_USER_IDS", "userIds is required"));
    }
    if let Some(chat) = call.state.chat_mut(id) {
        change(chat, users);
    }
    done()
}

/// Shows that the bot is busy, which leaves no trace.
pub(crate) fn notify(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    chat_id(call, bot_id)?;
    call.int_or("duration", 0)?;
    done()
}

/// Opens or closes the field to write in.
pub(crate) fn text_field(call: &mut Call<'_>) -> Result<Json, RestError> {
    let bot_id = call.bot_id()?;
    let id = chat_id(call, bot_id)?;
    let build = &call.state.build;
    let is_enabled = match call.params.get("enabled") {
        Some(value @ Value::Bool(_)) if !build.supports(Feature::TextFieldBoolean) => {
            return Err(wrong_type(value, "enabled", "string"));
        }
        Some(value) => is_yes(value),
        None => true,
    };
    let is_denied = !build.supports(Feature::TextFieldInPrivateChats) && is_private(call, id);
    if is_denied {
        return Err(access_denied());
    }
    if let Some(chat) = call.state.chat_mut(id) {
        chat.is_text_field_enabled = is_enabled;
    }
    done()
}

/// The chat that `dialogId` or `chatId` means, where the bot is a member.
pub(super) fn chat_id(call: &mut Call<'_>, bot_id: u64) -> Result<u64, RestError> {
    let dialog = call.dialog()?;
    call.state.chat_of(bot_id, &dialog).ok_or_else(access_denied)
}

/// The same where private chats are refused.
fn group(call: &mut Call<'_>, bot_id: u64) -> Result<u64, RestError> {
    let id = chat_id(call, bot_id)?;
    match is_private(call, id) {
        true => Err(access_denied()),
        false => Ok(id),
    }
}

/// The same where the bot has to be the owner.
fn owned_group(call: &mut Call<'_>, bot_id: u64) -> Result<u64, RestError> {
    let id = group(call, bot_id)?;
    let is_owner = call.state.chat(id).is_some_and(|chat| chat.owner_id == bot_id);
    is_owner.then_some(id).ok_or_else(access_denied)
}

fn is_private(call: &Call<'_>, id: u64) -> bool {
    let chat = call.state.chat(id);
    chat.is_some_and(|chat| chat.kind == ChatKind::Private)
}

fn shown(call: &Call<'_>, id: u64, bot_id: u64) -> Option<Json> {
    let chat = call.state.chat(id)?;
    Some(view::chat(call.state, chat, bot_id))
}

pub(super) fn members(call: &Call<'_>, id: u64) -> Vec<u64> {
    let chat = call.state.chat(id);
    chat.map(|chat| chat.members.clone()).unwrap_or_default()
}

pub(super) fn add_member(call: &mut Call<'_>, id: u64, user: u64, by: u64) {
    let Some(chat) = call.state.chat_mut(id) else {
        return;
    };
    if !chat.members.contains(&user) {
        chat.members.push(user);
        joined(call, id, user, by);
    }
}

fn joined(call: &mut Call<'_>, id: u64, user: u64, by: u64) {
    let subject = Subject {
        chat_id: Some(id),
        user_id: Some(by),
        ..Subject::default()
    };
    call.state.emit(user, EventKind::JoinedChat, &subject);
    call.state.emit_to_user(user, EventKind::JoinedChat, &subject);
}

pub(super) fn remove_member(call: &mut Call<'_>, id: u64, user: u64) {
    if let Some(chat) = call.state.chat_mut(id) {
        chat.members.retain(|member| *member != user);
        chat.managers.retain(|member| *member != user);
    }
}

/// The positive whole numbers of a list.
pub(super) fn ids(list: Option<&Value>) -> Vec<u64> {
    let list = list.and_then(Value::as_array);
    let mut ids = Vec::new();
    for id in list
        .into_iter()
        .flat_map(Array::iter)
        .filter_map(|(_, id)| id_of(id))
    {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn id_of(value: &Value) -> Option<u64> {
    u64::try_from(value.to_int()).ok().filter(|id| *id > 0)
}
