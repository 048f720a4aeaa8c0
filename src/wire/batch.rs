//! Reads a batch's reply: the reply of each of its commands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::code::CODE_LIMIT;
#[cfg(feature = "registry")]
use super::code::ErrorCode;
use super::methods::BATCH;
use super::redact::{Finder, TEXT_LIMIT};
use super::reply::{Answered, ApiError, Reply};
use super::wait;

/// A member that the gate adds to an error in a batch if the command ran, or a part of it.
pub(crate) const OWN_RESULT: &str = "result";

/// The code of the error that the gate puts in place of a result that it cannot read.
pub(crate) const MALFORMED_REPLY: &str = "MALFORMED_REPLY";

/// The replies of a `batch`, by the keys of its commands.
///
/// A portal sends results and errors in two maps. A map is written as a list if it is empty or
/// if its keys count from 0. A command in neither map did not run: the batch was halted
/// before it, or the portal skipped it. So a missing reply proves nothing.
///
/// ```
/// use imbot_caps::wire::{BatchReplies, ErrorClass, Reply};
///
/// let body = br#"{"result":{
///     "result": {"old": {"rest": 32}},
///     "result_error": {"new": {"error": "ERROR_METHOD_NOT_FOUND", "error_description": ""}}
/// }}"#;
/// let Reply::Result(result) = Reply::read(200, None, body) else { panic!() };
/// let replies = BatchReplies::read(result).unwrap();
/// assert!(matches!(replies.get("old"), Some(Reply::Result(revisions)) if revisions["rest"] == 32));
/// assert!(matches!(replies.get("new"), Some(Reply::Error(error)) if error.class() == ErrorClass::Absent));
/// assert_eq!(replies.get("other"), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BatchReplies(BTreeMap<String, Reply>);

impl BatchReplies {
    /// Reads the `result` of a batch's reply. `None` if it does not have the form of a batch's
    /// result, or has more than 10,000 replies: a portal accepts 50 commands.
    ///
    /// The HTTP status of a batch is 200 also if commands failed, and the errors in it have
    /// that status. A key in both maps is read as [`Reply::read`] reads a reply with both
    /// members.
    ///
    /// An error with a `result` of its own has
    /// [`ApiError::has_result`](super::ApiError::has_result), too. The gate writes such an
    /// error in two cases. First, several older commands were sent for one, and only some of
    /// them succeeded. Second, the older method's result has a wrong form or lacks a part:
    /// then the code is `MALFORMED_REPLY`.
    #[must_use]
    pub fn read(result: Value) -> Option<Self> {
        let Value::Object(mut members) = result else {
            return None;
        };
        let maps = MAPS.map(|name| members.remove(name));
        if maps.iter().flatten().any(|map| length(map) > REPLIES_LIMIT) {
            return None;
        }
        if !maps.iter().flatten().any(|map| map.is_object() || map.is_array()) {
            return None;
        }
        let [results, errors] = maps.map(entries);
        let mut results: BTreeMap<_, _> = results.into_iter().collect();
        let mut replies = BTreeMap::new();
        for (key, error) in errors {
            let result = results.remove(&key);
            let reply = refused(result, &error);
            replies.extend(reply.map(|reply| (key, reply)));
        }
        replies.extend(
            results
                .into_iter()
                .map(|(key, result)| (key, Reply::Result(result))),
        );
        Some(Self(replies))
    }

    /// Removes these secrets from the displayed codes of errors.
    #[cfg(feature = "registry")]
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        let finder = Finder::of(secrets);
        for reply in self.0.values_mut() {
            if let Reply::Error(error) = reply {
                error.code.hide(&finder);
            }
        }
    }

    /// The reply of the command with this key: [`Reply::Result`] or [`Reply::Error`]. The
    /// commands of a list have the keys `0`, `1` and so on.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Reply> {
        self.0.get(key)
    }

    /// All keys with a reply, and the replies.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Reply)> {
        self.0.iter().map(|(key, reply)| (key.as_str(), reply))
    }
}

/// A view of a batch's result that copies nothing, for code that needs some of the replies.
#[derive(Clone, Copy)]
pub(crate) struct BatchView<'r> {
    results: Option<&'r Value>,
    errors: Option<&'r Value>,
}

/// The outcome of one command.
pub(crate) enum Outcome<'r> {
    Result(&'r Value),
    Error(ApiError),
}

impl<'r> BatchView<'r> {
    /// As [`BatchReplies::read`].
    pub(crate) fn of(result: &'r Value) -> Option<Self> {
        Some(Self::of_members(result.as_object()?)).filter(Self::is_batch)
    }

    /// Whether it is the result of a batch.
    pub(crate) fn is_batch(&self) -> bool {
        let maps = || [self.results, self.errors].into_iter().flatten();
        maps().any(|map| map.is_object() || map.is_array()) && maps().all(|map| length(map) <= REPLIES_LIMIT)
    }

    /// A view of these members, which must be the result of a batch.
    pub(crate) fn of_members(members: &'r Map<String, Value>) -> Self {
        let [results, errors] = MAPS.map(|name| members.get(name));
        Self { results, errors }
    }

    /// Whether the command with this key has a reply.
    pub(crate) fn has(&self, key: &str) -> bool {
        [self.results, self.errors]
            .into_iter()
            .any(|map| entry(map, key).is_some())
    }

    /// The outcome of the command with this key.
    pub(crate) fn get(&self, key: &str) -> Option<Outcome<'r>> {
        let result = entry(self.results, key);
        let Some(error) = entry(self.errors, key) else {
            return result.map(Outcome::Result);
        };
        // Only the presence of the result matters here.
        let sign = result.map(|result| match result {
            Value::Null => Value::Null,
            _ => Value::Bool(true),
        });
        match (refused(sign, error)?, result) {
            (Reply::Error(error), _) => Some(Outcome::Error(error)),
            (_, result) => result.map(Outcome::Result),
        }
    }

    /// How many commands have a reply.
    pub(crate) fn len(&self) -> usize {
        let alone = keys(self.errors).filter(|key| entry(self.results, key).is_none());
        self.results.map_or(0, length) + alone.count()
    }

    /// Whether at least one command succeeded.
    pub(crate) fn has_result(&self) -> bool {
        keys(self.results).any(|key| matches!(self.get(&key), Some(Outcome::Result(_))))
    }

    /// Whether all commands succeeded.
    pub(crate) fn has_no_error(&self) -> bool {
        keys(self.errors).all(|key| matches!(self.get(&key), Some(Outcome::Result(_)) | None))
    }
}

fn entry<'r>(map: Option<&'r Value>, key: &str) -> Option<&'r Value> {
    match map? {
        Value::Object(members) => members.get(key),
        Value::Array(items) => {
            let nth: usize = key.parse().ok()?;
            items.get(nth).filter(|_| nth.to_string() == key)
        }
        _ => None,
    }
}

fn keys(map: Option<&Value>) -> impl Iterator<Item = Cow<'_, str>> {
    let members = map.and_then(Value::as_object).into_iter();
    let names = members.flat_map(|members| members.keys().map(|key| Cow::Borrowed(key.as_str())));
    let count = map.and_then(Value::as_array).map_or(0, Vec::len);
    names.chain((0..count).map(|nth| Cow::Owned(nth.to_string())))
}

/// The members of a batch's result.
const MAPS: [&str; 2] = ["result", "result_error"];

/// The most replies of a batch.
const REPLIES_LIMIT: usize = 10_000;

fn length(map: &Value) -> usize {
    match map {
        Value::Object(members) => members.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    }
}

/// PHP has one type for lists and maps. The keys decide how it is written.
fn entries(map: Option<Value>) -> Vec<(String, Value)> {
    match map {
        Some(Value::Object(members)) => members.into_iter().collect(),
        Some(Value::Array(items)) => items
            .into_iter()
            .enumerate()
            .map(|(nth, item)| (nth.to_string(), item))
            .collect(),
        _ => Vec::new(),
    }
}

fn refused(result: Option<Value>, error: &Value) -> Option<Reply> {
    const STATUS: u16 = 200;
    let fields = error.as_object().filter(|fields| fields.contains_key("error"));
    let answered = match fields {
        Some(fields) => Answered {
            error: fields.get("error"),
            description: fields.get("error_description"),
            retry_after: fields.get("retryAfter").or_else(|| fields.get("retry_after")),
        },
        // A code alone, in place of an object.
        None => Answered {
            error: Some(error),
            ..Answered::default()
        },
    };
    let own_result = fields.and_then(|fields| fields.get(OWN_RESULT));
    let mut reply = answered.read(result, STATUS, &[]);
    if let Some(Reply::Error(error)) = &mut reply {
        error.has_result |= own_result.is_some_and(|result| !result.is_null());
    }
    reply
}

/// Removes secrets from the texts of errors in the result of a batch. Codes and waits stay
/// unchanged, since decisions need them.
pub(crate) fn hide_texts<'s>(method: &str, reply: &mut Reply, secrets: impl FnOnce() -> Vec<&'s str>) {
    if !method.eq_ignore_ascii_case(BATCH) {
        return;
    }
    let finder = Finder::of(&secrets());
    each_part(reply, &mut |kind, part| match part {
        _ if kind == Part::Wait => {}
        // A text that is too long for a code is no code.
        Value::String(text) if kind != Part::Code || text.len() > CODE_LIMIT => {
            *text = finder.shown(TEXT_LIMIT, text);
        }
        Value::String(_) | Value::Null | Value::Bool(_) => {}
        _ if kind == Part::Code => {}
        // Digits of a secret may come as a number.
        other if finder.holds_in(other) => *other = finder.shown_json(TEXT_LIMIT, other).into(),
        _ => {}
    });
}

/// The same for the codes, as [`ErrorCode`] displays them, and for the waits. A wait becomes
/// whole seconds and a day at most.
#[cfg(feature = "registry")]
pub(crate) fn hide_codes(reply: &mut Reply, secrets: &[&str]) {
    let finder = Finder::of(secrets);
    each_part(reply, &mut |kind, part| {
        let text = match part {
            _ if kind == Part::Text => return,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if !finder.holds(&text) {
            return;
        }
        *part = match wait::of_value(part).filter(|_| kind == Part::Wait) {
            Some(wait) => wait.as_secs_f64().ceil().into(),
            None => {
                let mut code = ErrorCode::new(text);
                code.hide(&finder);
                code.to_string().into()
            }
        };
    });
}

/// A part of an error.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Code,
    /// A wait.
    Wait,
    Text,
}

/// Changes the parts of the errors in a batch's result.
fn each_part(reply: &mut Reply, change: &mut dyn FnMut(Part, &mut Value)) {
    fn code(error: &mut Value, change: &mut dyn FnMut(Part, &mut Value)) {
        match error {
            Value::Array(errors) => errors.iter_mut().for_each(|error| code(error, change)),
            Value::Object(parts) => {
                for (name, part) in parts {
                    match name.as_str() {
                        "error" | "code" => code(part, change),
                        "retryAfter" | "retry_after" if wait::of_value(part).is_some() => {
                            change(Part::Wait, part);
                        }
                        _ => change(Part::Text, part),
                    }
                }
            }
            own => change(Part::Code, own),
        }
    }
    let Reply::Result(Value::Object(members)) = reply else {
        return;
    };
    match members.get_mut("result_error") {
        Some(Value::Object(errors)) => errors.values_mut().for_each(|error| code(error, change)),
        Some(errors) => code(errors, change),
        None => {}
    }
}

#[cfg(test)]
mod tests;
