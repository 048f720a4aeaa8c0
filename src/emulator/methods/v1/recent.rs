//! The recent chats of a person: `im.recent.get` and `im.recent.list`.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::Feature;

use super::super::super::clock::seconds_of;
use super::super::super::envelope::RestError;
use super::super::super::php::Value;
use super::super::super::state::{Chat, ChatKind, State};
use super::super::{Call, card};
use super::{chat, text};

/// How far back changes are told of.
const OLDEST_SYNC: Duration = Duration::from_secs(7 * 86_400);

/// The kind of thing that a chat of an open channel belongs to.
const OPEN_CHANNEL: &str = "LINES";

/// Parameters that the build does not know are passed over, and the full list
/// comes back.
pub(in crate::emulator) fn get(call: &mut Call<'_>) -> Result<Json, RestError> {
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
pub(in crate::emulator) fn list(call: &mut Call<'_>) -> Result<Json, RestError> {
    let items = chats(call, |_, chat| !is_skipped(call, chat));
    Ok(json!({"items": items, "hasMore": false, "hasMorePages": false}))
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

fn item(state: &State, chat: &Chat, user: u64, has_counters: bool) -> Json {
    let last = state.messages.iter().rfind(|own| own.chat_id == chat.id);
    // No marks of reading are kept: what came after one's own words is unread.
    let unread = state
        .messages
        .iter()
        .rev()
        .filter(|own| own.chat_id == chat.id)
        .take_while(|own| own.author_id != user);
    let is_private = chat.kind == ChatKind::Private;
    let dialog = chat.dialog_id(user);
    let other = dialog.parse::<u64>().ok().filter(|_| is_private);
    let shown = chat::view(state, chat, user);
    let other = other.map(|id| card::user_v1(state, id));
    let mut item = json!({
        "id": match dialog.parse::<u64>() {
            Ok(number) => json!(number),
            Err(_) => json!(dialog),
        },
        "chat_id": chat.id,
        "type": if is_private { "user" } else { "chat" },
        "avatar": {"url": chat.avatar, "color": chat.color},
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
        "chat": shown,
        "options": [],
    });
    if let (Some(item), Some(other)) = (item.as_object_mut(), other) {
        item.insert("user".to_owned(), other);
    }
    if let Some(item) = item.as_object_mut().filter(|_| has_counters) {
        item.insert("counter".to_owned(), unread.count().into());
    }
    item
}

/// When something was last said there, or it was opened.
fn changed<'s>(state: &'s State, chat: &'s Chat) -> &'s str {
    let last = state.messages.iter().rfind(|own| own.chat_id == chat.id);
    last.map_or(&chat.date, |own| &own.date)
}
