//! The recent chats of a person: `im.recent.get`, `im.recent.list` and
//! `im.counters.get`.

use std::time::Duration;

use serde_json::{Value as Json, json};

use imbot_caps::Feature;

use super::super::super::clock::seconds_of;
use super::super::super::envelope::{Page, RestError};
use super::super::super::php::{self, Key, Value};
use super::super::super::state::{Chat, ChatKind, State};
use super::super::{Call, card};
use super::{chat, text};

/// How far back changes are told of.
const OLDEST_SYNC: Duration = Duration::from_secs(7 * 86_400);

/// The kind of thing that a chat of an open channel belongs to.
const OPEN_CHANNEL: &str = "LINES";

/// Parameters that the build does not know are passed over, and the full list
/// comes back.
pub(crate) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
    let knows = |feature| call.state.build.supports(feature);
    let since = |feature, key| {
        let date = call.params.get(key).filter(|_| knows(feature))?;
        seconds_of(&date.to_text())
    };
    let synced = since(Feature::ImRecentGetLastSyncDate, "LAST_SYNC_DATE").map(|date| {
        let now = call.state.build.clock().since_epoch();
        date.max(now.saturating_sub(OLDEST_SYNC).as_secs())
    });
    let since = since(Feature::ImRecentGetLastUpdate, "LAST_UPDATE").or(synced);
    let only_open_channels =
        knows(Feature::ImRecentGetOnlyOpenlines) && text(&call.params, "ONLY_OPENLINES") == "Y";
    let is_listed = |state: &State, chat: &Chat| {
        let is_open_channel = chat.entity_type == OPEN_CHANNEL;
        let is_new = since.is_none_or(|since| seconds_of(changed(state, chat)) >= Some(since));
        is_new
            && match only_open_channels {
                true => is_open_channel,
                false => !is_skipped(call, chat),
            }
    };
    Ok(chats(call, is_listed).into())
}

/// The same chats; there are never so many here that a page would not do.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let items = chats(call, |_, chat| !is_skipped(call, chat));
    call.page = Some(Page {
        total: -1,
        next: None,
    });
    Ok(json!({
        "items": items,
        "hasMore": false,
        "hasMorePages": false,
        "copilot": null,
        "messagesAutoDeleteConfigs": [],
    }))
}

fn is_skipped(call: &Call<'_>, chat: &Chat) -> bool {
    let skips = |key| text(&call.params, key) == "Y";
    match chat.kind {
        _ if chat.entity_type == OPEN_CHANNEL => skips("SKIP_OPENLINES"),
        ChatKind::Private => skips("SKIP_DIALOG"),
        ChatKind::Group | ChatKind::Open => skips("SKIP_CHAT"),
    }
}

/// The chats of the calling person, the one that changed last first.
fn chats(call: &Call<'_>, is_listed: impl Fn(&State, &Chat) -> bool) -> Vec<Json> {
    let (state, user) = (&*call.state, call.caller.user_id);
    let has_counters = !state.build.supports(Feature::RecentWithCounters)
        || call
            .params
            .get("WITH_COUNTERS")
            .is_none_or(|own| *own == Value::Text("Y".to_owned()));
    let mut found: Vec<_> = state
        .chats
        .iter()
        .filter(|chat| chat.members.contains(&user) && is_listed(state, chat))
        .collect();
    found.sort_by_key(|chat| std::cmp::Reverse(seconds_of(changed(state, chat))));
    found
        .into_iter()
        .map(|chat| item(state, chat, user, has_counters))
        .collect()
}

/// The members of a chat in these lists. A private chat has three: the rest is told of
/// the other person.
fn shown(state: &State, chat: &Chat, user: u64) -> Json {
    let mut members = chat::view(state, chat, user);
    members.insert("contains_collaber".to_owned(), false.into());
    members.insert("manager_list".to_owned(), json!(chat.managers));
    let told: &[&str] = match chat.kind {
        ChatKind::Private => &["text_field_enabled", "background_id", "mute_list"],
        ChatKind::Group | ChatKind::Open => &[
            "id",
            "parent_chat_id",
            "parent_message_id",
            "name",
            "owner",
            "extranet",
            "contains_collaber",
            "avatar",
            "color",
            "type",
            "entity_type",
            "entity_id",
            "entity_data_1",
            "entity_data_2",
            "entity_data_3",
            "mute_list",
            "manager_list",
            "date_create",
            "message_type",
            "user_counter",
            "restrictions",
            "role",
            "text_field_enabled",
            "background_id",
            "entity_link",
            "permissions",
            "public",
        ],
    };
    members.retain(|name, _| told.contains(&name.as_str()));
    members.into()
}

fn item(state: &State, chat: &Chat, user: u64, has_counters: bool) -> Json {
    let last = state.messages.iter().rfind(|own| own.chat_id == chat.id);
    let is_private = chat.kind == ChatKind::Private;
    let dialog = chat.dialog_id(user);
    let other = dialog.parse::<u64>().ok().filter(|_| is_private);
    let other = other.map(|id| card::user_v1(state, id));
    let avatar = match &other {
        Some(other) => json!({"url": other.get("avatar"), "color": other.get("color")}),
        None => json!({"url": chat.avatar, "color": chat.color}),
    };
    let author = last.filter(|own| !own.is_system).map(|own| own.author_id);
    let person = match (&other, author) {
        (Some(other), _) => other.clone(),
        (None, Some(author)) => card::user_v1(state, author),
        (None, None) => json!({"id": 0}),
    };
    let mut item = json!({
        "id": match dialog.parse::<u64>() {
            Ok(number) => json!(number),
            Err(_) => json!(dialog),
        },
        "chat_id": chat.id,
        "type": if is_private { "user" } else { "chat" },
        "avatar": avatar,
        "title": match other.as_ref().and_then(|other| other.get("name")) {
            Some(name) => name.clone(),
            None => json!(chat.title),
        },
        "last_id": 0,
        "pinned": false,
        "unread": false,
        "has_reminder": false,
        "date_update": changed(state, chat),
        "date_last_activity": changed(state, chat),
        "message": last.map(|own| json!({
            "id": own.id,
            "text": own.text,
            "file": false,
            "author_id": own.author_id,
            "attach": false,
            "sticker": null,
            "date": own.date,
            "status": "received",
            "uuid": null,
        })),
        "chat": shown(state, chat, user),
        "user": person,
        "options": [],
    });
    if let Some(item) = item.as_object_mut().filter(|_| has_counters) {
        item.insert("counter".to_owned(), unread(state, chat, user).into());
    }
    item
}

/// No marks of reading are kept: what came after one's own words is unread.
fn unread(state: &State, chat: &Chat, user: u64) -> usize {
    let own = state.messages.iter().rev().filter(|own| own.chat_id == chat.id);
    own.take_while(|own| own.author_id != user).count()
}

/// `im.counters.get`: what is unread, by chats and by people.
pub(crate) fn counters(call: &mut Call<'_>) -> Result<Json, RestError> {
    let (state, user) = (&*call.state, call.caller.user_id);
    let mine = state.chats.iter().filter(|chat| chat.members.contains(&user));
    let (mut of_chats, mut of_people) = (Vec::new(), Vec::new());
    let (mut in_chats, mut in_dialogs) = (0, 0);
    for chat in mine {
        let count = unread(state, chat, user);
        let dialog = chat.dialog_id(user);
        let (counters, sum) = match chat.kind {
            ChatKind::Private => (&mut of_people, &mut in_dialogs),
            ChatKind::Group | ChatKind::Open => (&mut of_chats, &mut in_chats),
        };
        if count > 0 {
            let key = dialog.strip_prefix("chat").unwrap_or(&dialog);
            counters.push((Key::from(key), json!(count)));
            *sum += count;
        }
    }
    let types = json!({
        "ALL": in_chats + in_dialogs,
        "NOTIFY": 0,
        "DIALOG": in_dialogs,
        "CHAT": in_chats,
        "LINES": 0,
        "MESSENGER": in_chats + in_dialogs,
    });
    if call.params.get("ONLY_COUNTER").is_some_and(Value::is_truthy) {
        return Ok(types);
    }
    Ok(json!({
        "TYPE": types,
        "CHAT": php::to_json(of_chats),
        "CHAT_MUTED": [],
        "CHAT_UNREAD": [],
        "LINES": [],
        "DIALOG": php::to_json(of_people),
        "DIALOG_UNREAD": [],
    }))
}

/// When something was last said there, or it was opened.
fn changed<'s>(state: &'s State, chat: &'s Chat) -> &'s str {
    let last = state.messages.iter().rfind(|own| own.chat_id == chat.id);
    last.map_or(&chat.date, |own| &own.date)
}
