//! Gives the text of a posted event the types of a polled one.

use std::fmt;

use serde_json::{Map, Value};

use super::error::EventError;
use crate::table::index::MemberNode;

/// The place of a value, as a portal names it: `data[message][id]`.
pub(super) struct Path(String);

impl Path {
    pub(super) fn of(base: &str) -> Self {
        Self(base.to_owned())
    }

    /// Runs `work` with the path of a member.
    fn at<T>(&mut self, key: impl fmt::Display, work: impl FnOnce(&mut Self) -> T) -> T {
        use fmt::Write as _;
        let length = self.0.len();
        // Writing to a string does not fail.
        let _ = write!(self.0, "[{key}]");
        let done = work(self);
        self.0.truncate(length);
        done
    }

    fn wrong(&self, expected: &'static str) -> EventError {
        EventError::wrong(&self.0, expected)
    }
}

/// Types the members of an object. A member that the table does not name stays as it is.
pub(super) fn read(
    members: &mut Map<String, Value>,
    types: &MemberNode,
    path: &mut Path,
) -> Result<(), EventError> {
    let MemberNode::Object(types) = types else {
        return Ok(());
    };
    let mut has_empty = false;
    for (name, value) in members.iter_mut() {
        if let Some(of) = types.get(name.as_str()) {
            path.at(name, |path| value_of(value, of, path))?;
            has_empty |= value.is_null();
        }
    }
    if has_empty {
        let is_typed = |name: &String| !matches!(types.get(name.as_str()), None | Some(MemberNode::Any));
        members.retain(|name, value| !(value.is_null() && is_typed(name)));
    }
    Ok(())
}

/// Types one value. An empty text where a number, a boolean or an object belongs becomes null.
fn value_of(value: &mut Value, of: &MemberNode, path: &mut Path) -> Result<(), EventError> {
    let is_empty = matches!(value, Value::String(text) if text.is_empty());
    match of {
        MemberNode::Any => {}
        MemberNode::Text => {
            // A name or a text of digits alone may come as a number.
            if let Value::Number(number) = value {
                *value = Value::String(number.to_string());
            }
        }
        _ if value.is_null() => {}
        MemberNode::OrFalse => {
            if is_empty || matches!(value, Value::String(text) if text == "0") {
                *value = Value::Bool(false);
            }
        }
        _ if is_empty => *value = Value::Null,
        MemberNode::Id => match unsigned(value) {
            Some(id) => *value = id.into(),
            None => return Err(path.wrong("an id: a whole number, not negative")),
        },
        MemberNode::Integer => {
            let number = value.as_str().and_then(integer);
            if let Some(number) = number {
                *value = number.into();
            }
        }
        MemberNode::Boolean => {
            if let Some(is) = value.as_str().and_then(boolean) {
                *value = is.into();
            }
        }
        MemberNode::Object(_) => match value {
            Value::Object(members) => return read(members, of, path),
            // PHP writes an empty object as an empty list.
            Value::Array(items) if items.is_empty() => *value = Value::Object(Map::new()),
            _ => return Err(path.wrong("an object")),
        },
        MemberNode::List(item) => match value {
            Value::Array(items) => {
                for (nth, value) in items.iter_mut().enumerate() {
                    path.at(nth, |path| value_of(value, item, path))?;
                }
            }
            // PHP writes a list with gaps as an object.
            Value::Object(items) => {
                for (key, value) in items.iter_mut() {
                    path.at(key, |path| value_of(value, item, path))?;
                }
                *value = std::mem::take(items)
                    .into_iter()
                    .map(|(_, value)| value)
                    .collect();
            }
            _ => return Err(path.wrong("a list")),
        },
    }
    Ok(())
}

/// A whole number that is not negative; or text of its digits alone.
pub(super) fn unsigned(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// The forms that portals send.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "Y" => Some(true),
        "0" | "N" => Some(false),
        _ => None,
    }
}

/// Every event for a bot names the bot.
pub(super) fn require_bot(
    data: &Map<String, Value>,
    types: &MemberNode,
    key: impl FnOnce() -> String,
) -> Result<(), EventError> {
    let is_for_bot = matches!(types, MemberNode::Object(members) if members.contains_key("bot"));
    let has_id = data.get("bot").is_some_and(|bot| bot.get("id").is_some());
    match is_for_bot && !has_id {
        true => Err(EventError::missing(key())),
        false => Ok(()),
    }
}
