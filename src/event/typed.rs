//! Gives the text of a posted event the types of a polled one.

use std::fmt;

use serde_json::{Map, Value};

use super::error::EventError;
use crate::table::index::MemberNode;

/// The place of a value, as a portal names it: `data[message][id]`. It is written for an error alone.
pub(super) struct Path<'p> {
    before: Option<&'p Path<'p>>,
    key: Key<'p>,
    is_in_list: bool,
}

enum Key<'p> {
    Name(&'p str),
    Place(usize),
}

impl<'p> Path<'p> {
    pub(super) fn of(base: &'p str) -> Self {
        Self {
            before: None,
            key: Key::Name(base),
            is_in_list: false,
        }
    }

    fn at(&'p self, key: Key<'p>) -> Self {
        Self {
            before: Some(self),
            key,
            is_in_list: self.is_in_list,
        }
    }

    fn in_list(&'p self, key: Key<'p>) -> Self {
        Self {
            is_in_list: true,
            ..self.at(key)
        }
    }

    /// An error. In a list, a value of another form stays as it is.
    fn refuse(&self, expected: &'static str) -> Result<(), EventError> {
        match self.is_in_list {
            true => Ok(()),
            false => Err(EventError::wrong(&self.to_string(), expected)),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.before, &self.key) {
            (None, Key::Name(base)) => f.write_str(base),
            (None, Key::Place(nth)) => write!(f, "{nth}"),
            (Some(before), Key::Name(name)) => write!(f, "{before}[{name}]"),
            (Some(before), Key::Place(nth)) => write!(f, "{before}[{nth}]"),
        }
    }
}

/// Types the members of an object. A member that the table does not name stays as it is.
pub(super) fn read(
    members: &mut Map<String, Value>,
    types: &MemberNode,
    path: &Path<'_>,
) -> Result<(), EventError> {
    let MemberNode::Object(types) = types else {
        return Ok(());
    };
    let mut has_empty = false;
    let mut place = 0;
    for (name, value) in members.iter_mut() {
        if let Some(of) = types.at(name, &mut place) {
            value_of(value, of, &path.at(Key::Name(name)))?;
            has_empty |= value.is_null();
        }
    }
    if has_empty {
        let is_typed = |name: &str| !matches!(types.get(name), None | Some(MemberNode::Any));
        members.retain(|name, value| !(value.is_null() && is_typed(name)));
    }
    Ok(())
}

/// Types one value. An empty text where a number, a boolean or an object belongs becomes null.
fn value_of(value: &mut Value, of: &MemberNode, path: &Path<'_>) -> Result<(), EventError> {
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
            None => return path.refuse("an id: a whole number, not negative"),
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
            _ => return path.refuse("an object"),
        },
        MemberNode::List(item) => return list_of(value, item, path),
    }
    Ok(())
}

/// Types the items of a list. No list has an id by which a program acts. So a list of another form, and an
/// item of another form, stay as they are.
fn list_of(value: &mut Value, item: &MemberNode, path: &Path<'_>) -> Result<(), EventError> {
    // PHP writes a list with gaps as an object.
    if let Value::Object(items) = value
        && let Some(places) = items
            .keys()
            .map(|key| key.parse().ok())
            .collect::<Option<Vec<u64>>>()
    {
        let items = std::mem::take(items).into_iter().map(|(_, value)| value);
        let mut items: Vec<_> = places.into_iter().zip(items).collect();
        items.sort_by_key(|(place, _)| *place);
        *value = items.into_iter().map(|(_, value)| value).collect();
    }
    if let Value::Array(items) = value {
        for (nth, value) in items.iter_mut().enumerate() {
            value_of(value, item, &path.in_list(Key::Place(nth)))?;
        }
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
    let is_for_bot = matches!(types, MemberNode::Object(members) if members.get("bot").is_some());
    let has_id = data.get("bot").is_some_and(|bot| bot.get("id").is_some());
    match is_for_bot && !has_id {
        true => Err(EventError::missing(key())),
        false => Ok(()),
    }
}
