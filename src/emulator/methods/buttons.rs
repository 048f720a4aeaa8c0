//! Keyboards and menus of messages, as a build stores them.

use serde_json::{Map, Value as Json};

use crate::Feature;

use super::super::build::Build;
use super::super::php::Value;
use super::super::state::Message;

/// What a menu item can do, in the order that decides between several, with the
/// members of each and the feature that it needs.
const ITEMS: [(Feature, &[&str]); 3] = [
    (Feature::MenuLink, &["LINK"]),
    (Feature::MenuAction, &["ACTION", "ACTION_VALUE"]),
    (Feature::MenuCommand, &["COMMAND", "COMMAND_PARAMS"]),
];

/// Puts a keyboard and a menu on a message, or takes them off it; one that was
/// not sent stays as it is.
pub(super) fn put(build: &Build, message: &mut Message, sent: [Option<&Value>; 2]) {
    let [keyboard, menu] = sent;
    if let Some(sent) = keyboard {
        message.keyboard =
            entries(sent, "BUTTONS").and_then(|buttons| stored(buttons, |own| button(build, own)));
    }
    if let Some(sent) = menu {
        message.menu = entries(sent, "ITEMS").and_then(|items| stored(items, |own| item(build, own)));
    }
}

/// A button stays, and does nothing where the build does not know what it does.
fn button(build: &Build, mut button: Map<String, Json>) -> Option<Map<String, Json>> {
    if !build.supports(Feature::KeyboardAction) {
        button.remove("ACTION");
        button.remove("ACTION_VALUE");
    }
    Some(button)
}

/// An item does one thing; one that does nothing is left out.
fn item(build: &Build, mut item: Map<String, Json>) -> Option<Map<String, Json>> {
    let does = |(feature, keys): &&(Feature, &[&str])| {
        build.supports(*feature) && keys.first().is_some_and(|key| item.contains_key(*key))
    };
    let (_, own) = ITEMS.iter().find(does)?;
    let foreign = ITEMS.iter().flat_map(|(_, keys)| *keys);
    for key in foreign.filter(|key| !own.contains(key)) {
        item.remove(*key);
    }
    Some(item)
}

/// What stands under `key`, or the list itself; a form sends either as text.
fn entries(sent: &Value, key: &str) -> Option<Vec<Json>> {
    let sent = match sent {
        Value::Text(text) => serde_json::from_str(text).ok()?,
        other => other.to_json(),
    };
    let list = match sent {
        Json::Object(mut members) => members.remove(key)?,
        other => other,
    };
    match list {
        Json::Array(entries) => Some(entries),
        _ => None,
    }
}

/// Those entries with a text that are kept; `None` when none is.
fn stored(entries: Vec<Json>, keep: impl Fn(Map<String, Json>) -> Option<Map<String, Json>>) -> Option<Json> {
    let kept: Vec<Json> = entries
        .into_iter()
        .filter_map(|entry| match entry {
            Json::Object(entry) if is_line_break(&entry) => Some(entry.into()),
            Json::Object(entry) if entry.contains_key("TEXT") => keep(entry).map(Json::from),
            _ => None,
        })
        .collect();
    (!kept.is_empty()).then(|| kept.into())
}

fn is_line_break(entry: &Map<String, Json>) -> bool {
    entry.get("TYPE").and_then(Json::as_str) == Some("NEWLINE")
}
