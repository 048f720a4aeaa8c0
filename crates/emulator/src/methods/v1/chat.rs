//! Chats of the older generation, which bots (`imbot.chat.*`) and people
//! (`im.chat.*`) handle alike.

use serde_json::{Map, Value as Json, json};

use imbot_caps::Feature;

use super::super::super::color;
use super::super::super::envelope::RestError;
use super::super::super::php::Value;
use super::super::super::state::{Chat, ChatKind, State};
use super::super::image::{self, NoImage};
use super::super::{Call, card, chat};
use super::{Actor, text};

/// Opens a chat and answers with its id.
pub(crate) fn add(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let users = call.params.get("USERS").and_then(Value::as_array);
    let is_wrong = |user: &Value| user.is_truthy() && !matches!(user, Value::Int(_) | Value::Text(_));
    if users.is_some_and(|users| users.iter().any(|(_, user)| is_wrong(user))) {
        return Err(RestError::new("INVALID_FORMAT", "Parameter USERS has wrong type"));
    }
    let mut members = chat::ids(call.params.get("USERS"));
    if !members.contains(&actor) {
        members.push(actor);
    }
    let kind = match text(&call.params, "TYPE").as_str() {
        "OPEN" => ChatKind::Open,
        _ => ChatKind::Group,
    };
    let color = color::named(&call.state.build, &text(&call.params, "COLOR"));
    let [title, description, entity_type, entity_id, message] =
        ["TITLE", "DESCRIPTION", "ENTITY_TYPE", "ENTITY_ID", "MESSAGE"].map(|key| text(&call.params, key));
    let has_entity = call.state.build.supports(Feature::ChatEntity);
    let id = call.state.open_chat(kind, actor, Vec::new());
    if let Some(stored) = call.state.chat_mut(id) {
        (stored.title, stored.description) = (title, description);
        if has_entity {
            (stored.entity_type, stored.entity_id) = (entity_type, entity_id);
        }
        stored.color = color.map_or_else(|| stored.color.clone(), str::to_owned);
    }
    for member in members {
        chat::add_member(call, id, member, actor);
    }
    if !message.is_empty() {
        let message = call.state.draft(actor, id, &format!("chat{id}"), message);
        call.state.post(message);
    }
    Ok(id.into())
}

/// Finds a chat by its dialog, or by the thing it belongs to; null when there is none.
pub(crate) fn get(call: &mut Call<'_>, _: Actor) -> Result<Json, RestError> {
    if call.params.get("DIALOG_ID").is_some() {
        let user = call.caller.user_id;
        return dialog(call, user).map(|id| json!({"ID": id}));
    }
    let (kind, id) = (text(&call.params, "ENTITY_TYPE"), text(&call.params, "ENTITY_ID"));
    let found = call
        .state
        .chats
        .iter()
        .find(|chat| !kind.is_empty() && chat.entity_type == kind && chat.entity_id == id);
    Ok(found.map_or(Json::Null, |chat| json!({"ID": chat.id})))
}

pub(crate) fn leave(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let id = chat_of_member(call, actor, "user isn't member in chat")?;
    let actor = actor.id(call)?;
    chat::remove_member(call, id, actor);
    Ok(true.into())
}

pub(crate) fn set_owner(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let user = user_id(call)?;
    change_as_owner(call, actor, user, "owner", |chat| chat.owner_id = user)
}

pub(crate) fn set_manager(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let user = user_id(call)?;
    let is_manager = text(&call.params, "IS_MANAGER") != "N";
    change_as_owner(call, actor, user, "manager", |chat| {
        chat.managers.retain(|manager| *manager != user);
        if is_manager {
            chat.managers.push(user);
        }
    })
}

pub(crate) fn update_title(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let title = text(&call.params, "TITLE").trim().to_owned();
    if title.is_empty() {
        return Err(RestError::new("TITLE_EMPTY", "Title can't be empty"));
    }
    change(call, actor, |chat| chat.title = title)
}

pub(crate) fn update_color(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let color = color::by_code(&text(&call.params, "COLOR"))
        .ok_or_else(|| RestError::new("WRONG_COLOR", "This color currently unavailable"))?;
    let actor = actor.id(call)?;
    let id = chat_id(call, actor)?;
    match call.state.chat_mut(id).filter(|chat| chat.color != color) {
        Some(chat) => chat.color = color.to_owned(),
        None => {
            return Err(RestError::new(
                "WRONG_REQUEST",
                "This color currently set or chat isn't exists",
            ));
        }
    }
    Ok(true.into())
}

pub(crate) fn update_avatar(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let id = named_chat(call)?;
    let Some(chat) = call.state.chat(id) else {
        return Err(RestError::new("WRONG_REQUEST", "Chat isn't exists"));
    };
    if !chat.members.contains(&actor) {
        return Err(RestError::new("ACCESS_DENIED", "Access denied"));
    }
    let sent = call.params.get("AVATAR").filter(|sent| sent.is_truthy());
    sent.map_or(Err(NoImage::Type), image::check).map_err(|why| {
        let what = match why {
            NoImage::Type => "type",
            NoImage::Size => "size (max 5000x5000)",
        };
        RestError::new("AVATAR_ERROR", format!("Avatar incorrect {what}"))
    })?;
    let avatar = text(&call.params, "AVATAR");
    if let Some(chat) = call.state.chat_mut(id) {
        chat.avatar = avatar;
    }
    Ok(true.into())
}

pub(crate) fn user_add(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let id = chat_of_member(call, actor, "user already member in chat")?;
    let actor_id = actor.id(call)?;
    let members = chat::members(call, id);
    let mut users = chat::ids(call.params.get("USERS"));
    users.retain(|user| !members.contains(user));
    if users.is_empty() && matches!(actor, Actor::Bot) {
        return Err(no_change("user already member in chat"));
    }
    for user in users {
        chat::add_member(call, id, user, actor_id);
    }
    Ok(true.into())
}

pub(crate) fn user_delete(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let id = chat_of_member(call, actor, "user isn't member in chat")?;
    let user = user_id(call)?;
    let is_member = chat::members(call, id).contains(&user);
    match (is_member, actor) {
        (true, _) => {}
        (false, Actor::Bot) => return Err(no_change("user isn't member in chat")),
        (false, Actor::User) => return Err(RestError::new("USER_NOT_FOUND", "User not found")),
    }
    chat::remove_member(call, id, user);
    Ok(true.into())
}

/// The chat whose members are to change. A bot that is not in it is answered another
/// code than for a chat that does not exist.
fn chat_of_member(call: &mut Call<'_>, actor: Actor, why: &str) -> Result<u64, RestError> {
    let is_bot = matches!(actor, Actor::Bot);
    let actor = actor.id(call)?;
    chat_id(call, actor).map_err(|error| match named_chat(call) {
        Ok(id) if is_bot && call.state.chat(id).is_some() => no_change(why),
        _ => error,
    })
}

fn no_change(why: &str) -> RestError {
    RestError::new("WRONG_REQUEST", format!("You don't have access or {why}"))
}

/// The members' ids alone.
pub(crate) fn user_list(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let id = chat_id(call, actor)?;
    Ok(json!(chat::members(call, id)))
}

/// Shows that the bot is writing, which leaves no trace.
pub(crate) fn send_typing(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    dialog(call, actor)?;
    Ok(true.into())
}

/// Takes the text field away with `N`, and gives it back with anything else: a JSON
/// `false`, too.
pub(crate) fn text_field(call: &mut Call<'_>, actor: Actor) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let id = chat_id(call, actor)?;
    let is_enabled = match call.params.get("TEXT_FIELD_ENABLED") {
        None | Some(Value::Null) => {
            return Err(RestError::new(
                "TEXT_FIELD_ENABLED_EMPTY",
                " text field enabled can't be empty",
            ));
        }
        Some(value) => *value != Value::Text("N".to_owned()),
    };
    if let Some(chat) = call.state.chat_mut(id) {
        chat.is_text_field_enabled = is_enabled;
    }
    Ok(true.into())
}

/// A chat by its dialog id, as the calling user sees it: also where the method is a
/// bot's.
pub(crate) fn dialog_get(call: &mut Call<'_>, _: Actor) -> Result<Json, RestError> {
    let actor = call.caller.user_id;
    let id = dialog(call, actor)?;
    let Some(chat) = call.state.chat(id) else {
        return Err(access_error());
    };
    let mut older = view(call.state, chat, actor);
    let others = chat.members.iter().filter(|member| **member != actor);
    let readers: Vec<_> = others
        .map(|id| {
            let name = card::user(call.state, *id);
            json!({"user_id": id, "user_name": name.get("name"), "message_id": 0, "date": null})
        })
        .collect();
    let last = older.get("last_message_id").cloned().unwrap_or_default();
    for (name, value) in [
        ("readed_list", readers.into()),
        ("manager_list", json!(chat.managers)),
        (
            "last_message_views",
            json!({"message_id": last, "first_viewers": [], "count_of_viewers": 0}),
        ),
        ("dialog_id", text(&call.params, "DIALOG_ID").into()),
    ] {
        older.insert(name.to_owned(), value);
    }
    Ok(older.into())
}

/// A chat in the older form, as one of its members sees it.
pub(super) fn view(state: &State, chat: &Chat, seen_by: u64) -> Map<String, Json> {
    let newer = super::super::view::chat(state, chat, seen_by);
    let mut older = card::with_underscores(&newer);
    let last = newer
        .get("lastMessageId")
        .and_then(Json::as_u64)
        .unwrap_or_default();
    let allowed = [
        "avatar",
        "rename",
        "extend",
        "call",
        "mute",
        "leave",
        "leave_owner",
        "send",
        "user_list",
    ];
    let restrictions: Map<String, Json> = allowed
        .map(|key| (key.to_owned(), true.into()))
        .into_iter()
        .collect();
    // The newer form's alone, or of one method.
    for name in [
        "dialog_id",
        "contains_collaber",
        "manager_list",
        "last_message_views",
    ] {
        older.shift_remove(name);
    }
    if let Some(Json::Object(permissions)) = older.get_mut("permissions") {
        permissions.shift_remove("manage_messages_auto_delete");
    }
    for (name, value) in [
        ("parent_chat_id", 0.into()),
        ("parent_message_id", 0.into()),
        ("counter", 0.into()),
        ("disk_folder_id", 0.into()),
        ("unread_id", 0.into()),
        ("marked_id", 0.into()),
        ("last_message_id", last.into()),
        ("last_id", last.into()),
        ("restrictions", restrictions.into()),
    ] {
        older.insert(name.to_owned(), value);
    }
    older
}

fn change(call: &mut Call<'_>, actor: Actor, change: impl FnOnce(&mut Chat)) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let id = chat_id(call, actor)?;
    if let Some(chat) = call.state.chat_mut(id) {
        change(chat);
    }
    Ok(true.into())
}

/// Changes what only the owner may, and for a member alone.
fn change_as_owner(
    call: &mut Call<'_>,
    actor: Actor,
    user: u64,
    what: &str,
    change: impl FnOnce(&mut Chat),
) -> Result<Json, RestError> {
    let actor = actor.id(call)?;
    let id = chat_id(call, actor)?;
    let chat = call.state.chat_mut(id);
    match chat.filter(|chat| chat.owner_id == actor && chat.members.contains(&user)) {
        Some(chat) => change(chat),
        None => {
            return Err(RestError::new(
                "WRONG_REQUEST",
                format!("Change {what} can only owner and user must be member in chat"),
            ));
        }
    }
    Ok(true.into())
}

/// The chat that the call names, where the actor is a member.
fn chat_id(call: &mut Call<'_>, actor: u64) -> Result<u64, RestError> {
    let id = named_chat(call)?;
    call.state
        .chat_of(actor, &format!("chat{id}"))
        .ok_or_else(access_error)
}

/// The chat of `CHAT_ID`; where `DIALOG_ID` is given, the one of that, which must be
/// no private chat.
fn named_chat(call: &Call<'_>) -> Result<u64, RestError> {
    let id = match call.params.get("DIALOG_ID").map(Value::to_text) {
        Some(dialog) => {
            let id = dialog.strip_prefix("chat").unwrap_or_default();
            if !super::is_dialog(&dialog) || id.is_empty() {
                return Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty"));
            }
            Value::Text(id.to_owned()).to_int()
        }
        None => call.params.get("CHAT_ID").map_or(0, Value::to_int),
    };
    u64::try_from(id)
        .ok()
        .filter(|id| *id > 0)
        .ok_or_else(|| RestError::new("CHAT_ID_EMPTY", "Chat ID can't be empty"))
}

fn dialog(call: &mut Call<'_>, actor: u64) -> Result<u64, RestError> {
    let dialog = text(&call.params, "DIALOG_ID");
    if !super::is_dialog(&dialog) {
        return Err(RestError::new("DIALOG_ID_EMPTY", "Dialog ID can't be empty"));
    }
    call.state.chat_of(actor, &dialog).ok_or_else(access_error)
}

fn user_id(call: &Call<'_>) -> Result<u64, RestError> {
    let id = call.params.get("USER_ID").map_or(0, Value::to_int);
    u64::try_from(id)
        .ok()
        .filter(|id| *id > 0)
        .ok_or_else(|| RestError::new("USER_ID_EMPTY", "User ID can't be empty"))
}

fn access_error() -> RestError {
    RestError::new("ACCESS_ERROR", "You don't have access to this chat")
}
