//! An event of the older API as events of imbot.v2, by the rules of the table.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::bot_event::{BotEvent, EventForm};
use super::error::EventError;
use super::typed;
use crate::table::event::{DataForm, DataRule, DataSource};
use crate::table::index::{MemberNode, OlderEvent};

/// The most entries of one event. Each gets a copy of the rest. A message has at most ten commands, and a
/// chat has a few bots.
const ENTRY_LIMIT: usize = 64;

/// The most bytes of all these copies together. Ten copies of the longest message take a tenth of it.
const COPIES_LIMIT: usize = 16 * 1024 * 1024;

/// One event for each entry of the older event.
pub(super) fn read(
    event: &OlderEvent,
    members: Option<&Arc<MemberNode>>,
    name: &str,
    mut data: Map<String, Value>,
) -> Result<Vec<BotEvent>, EventError> {
    let Some(each) = &event.each else {
        return Ok(vec![one(event, members, name, data, None)?]);
    };
    let entries = match data.shift_remove(&**each) {
        Some(Value::Object(entries)) if !entries.is_empty() => entries,
        None | Some(Value::Null) => return Err(EventError::missing(format!("data[{each}]"))),
        Some(_) => {
            return Err(EventError::wrong(
                &format!("data[{each}]"),
                "an object with an entry for each id",
            ));
        }
    };
    if entries.len() > ENTRY_LIMIT {
        return Err(EventError::TooMany { limit: ENTRY_LIMIT });
    }
    if entries.len() > 1 && size(&data).saturating_mul(entries.len()) > COPIES_LIMIT {
        return Err(EventError::TooLong { limit: COPIES_LIMIT });
    }
    let mut events = Vec::with_capacity(entries.len());
    let last = entries.len() - 1;
    for (nth, (key, entry)) in entries.into_iter().enumerate() {
        let Value::Object(entry) = entry else {
            return Err(EventError::wrong(&format!("data[{each}][{key}]"), "an object"));
        };
        // The last event takes the data itself.
        let own = match nth == last {
            true => std::mem::take(&mut data),
            false => data.clone(),
        };
        events.push(one(event, members, name, own, Some((each, &key, entry)))?);
    }
    Ok(events)
}

/// About the bytes of members in memory, and of the values below them.
fn size(members: &Map<String, Value>) -> usize {
    members
        .iter()
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

fn size_of_value(value: &Value) -> usize {
    /// A member without its texts.
    const EMPTY: usize = 128;
    EMPTY
        + match value {
            Value::Object(members) => size(members),
            Value::Array(items) => items.iter().map(size_of_value).sum(),
            Value::String(text) => text.len(),
            _ => 0,
        }
}

/// An entry: the member that holds all of them, its key, and its members.
type Entry<'e> = (&'e str, &'e str, Map<String, Value>);

fn one(
    event: &OlderEvent,
    members: Option<&Arc<MemberNode>>,
    name: &str,
    mut data: Map<String, Value>,
    mut entry: Option<Entry<'_>>,
) -> Result<BotEvent, EventError> {
    let mut newer = Map::new();
    let place = entry.as_ref().map(|(each, key, _)| (*each, *key));
    // Written for an error alone.
    let prefix = || match place {
        Some((each, key)) => format!("data[{each}][{key}]"),
        None => "data".to_owned(),
    };
    let sources = &event.sources;
    let mut found = vec![None; sources.count()];
    sources.data().find(&data, &mut found);
    if let Some((_, _, entry)) = &entry {
        sources.entry().find(entry, &mut found);
    }
    let mut is_used = vec![false; sources.count()];
    for own in &event.rules {
        let rule = &own.rule;
        let Some(found) = found.get(own.source).copied().flatten() else {
            continue;
        };
        if own.is_second && has(&newer, &rule.to) {
            continue;
        }
        if let Some(value) = form(rule, found, own.is_id, prefix)? {
            put(&mut newer, &rule.to, value);
            if let Some(is_used) = is_used.get_mut(own.source) {
                *is_used = true;
            }
        }
    }
    sources.data().remove(&mut data, &is_used);
    if let Some((_, _, entry)) = &mut entry {
        sources.entry().remove(entry, &is_used);
    }
    if let Some(types) = members {
        typed::read(&mut newer, types, &typed::Path::of("data"))?;
        typed::require_bot(&newer, types, || format!("{}[BOT_ID]", prefix()))?;
    }
    if let Some((each, _, entry)) = entry
        && !entry.is_empty()
    {
        data.insert(each.to_owned(), Value::Object(entry));
    }
    let mut event = BotEvent::new(event.newer.to_string(), EventForm::Older, newer, members);
    event.older_name = Some(name.to_owned());
    event.untranslated = data;
    Ok(event)
}

/// The value in the newer form. `None` if it gives no member.
fn form(
    rule: &DataRule,
    found: &Value,
    is_id: bool,
    prefix: impl Fn() -> String,
) -> Result<Option<Value>, EventError> {
    let is_empty = found.is_null() || found.as_str() == Some("");
    Ok(match &rule.form {
        DataForm::AsItIs => Some(found.clone()).filter(|value| !value.is_null()),
        DataForm::Integer if is_empty => None,
        DataForm::Integer => match typed::unsigned(found) {
            // Nobody has the id 0: the portal stands for itself.
            Some(0) if rule.to.last().is_some_and(|name| **name == *"id") => None,
            Some(number) => Some(number.into()),
            None if is_id => {
                let key = key(&rule.from, &prefix());
                return Err(EventError::wrong(&key, "an id: a whole number, not negative"));
            }
            None => None,
        },
        DataForm::Boolean => match found {
            Value::Bool(is) => Some((*is).into()),
            other => other.as_str().and_then(typed::boolean).map(Value::Bool),
        },
        DataForm::Slash => {
            found
                .as_str()
                .filter(|name| !name.is_empty())
                .map(|name| match name.starts_with('/') {
                    true => name.into(),
                    false => format!("/{name}").into(),
                })
        }
        DataForm::Lower => found.as_str().map(|text| text.to_lowercase().into()),
        DataForm::Map(pairs) => {
            let text = found.as_str().unwrap_or_default();
            let pair = pairs.iter().find(|(older, _)| **older == *text);
            pair.map(|(_, newer)| (**newer).into())
        }
    })
}

/// The place of a value, as the portal names it.
fn key(from: &DataSource, prefix: &str) -> String {
    let (base, path) = match from {
        DataSource::Data(path) => ("data", path),
        DataSource::Entry(path) => (prefix, path),
    };
    path.iter()
        .fold(base.to_owned(), |key, name| format!("{key}[{name}]"))
}

fn has(members: &Map<String, Value>, path: &[Box<str>]) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return false;
    };
    let first = members.get(&**first);
    rest.iter()
        .try_fold(first, |value, name| Some(value?.get(&**name)))
        .flatten()
        .is_some()
}

fn put(members: &mut Map<String, Value>, path: &[Box<str>], value: Value) {
    match path.split_first() {
        None => {}
        Some((name, [])) => drop(members.insert(name.to_string(), value)),
        Some((name, rest)) => {
            let inner = match members.get_mut(&**name) {
                Some(inner) => inner,
                None => members
                    .entry(&**name)
                    .or_insert_with(|| Value::Object(Map::new())),
            };
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
