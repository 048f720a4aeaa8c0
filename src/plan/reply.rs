//! Changes of a reply, so that it has the form of the newest imbot.v2.

use serde_json::{Map, Value};

use super::reverse::ReverseTranslation;
use crate::table::path::{Edit, Path};
use crate::wire::{ApiError, BatchView, ErrorCode, MALFORMED_REPLY, Malformed, OWN_RESULT, Outcome, Reply};

/// The name that a table gives to an older error that counts as a success of the newer method.
const SUCCESS: &str = "result";

/// How a reply is changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum ReplyTransform {
    /// The reply stays as it comes.
    #[default]
    Identity,
    /// Adds `nextOffset`, made of the older cursor, if it is missing.
    NextOffset,
    /// Makes `{"result": true}` of `true`.
    NestResult,
    /// Removes the values at these paths.
    Remove(Vec<Path>),
    /// Replaces older error codes by newer ones.
    RenameErrors(Vec<(Box<str>, Box<str>)>),
    /// Makes the reply of the newer method of the reply of the older one.
    Reverse(Box<ReverseTranslation>),
    /// Makes one reply of the replies of a batch that does the work of one call. It has the
    /// keys of the batch in their order, and the transform of the last result.
    Merge(Vec<Box<str>>, Box<ReplyTransform>),
    /// Changes the replies of a batch. It has the keys of the batch as it was written, in
    /// their order, and the commands whose reply changes.
    Batch(Vec<Box<str>>, Vec<CommandTransform>),
    /// Applies the first, then the second.
    Both(Box<ReplyTransform>, Box<ReplyTransform>),
}

/// How the reply of one command of a batch is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CommandTransform {
    /// The key of the command as the batch was written.
    pub(super) key: Box<str>,
    /// The keys under which it was sent.
    pub(super) sent: Vec<Box<str>>,
    pub(super) reply: ReplyTransform,
}

impl ReplyTransform {
    pub(super) fn is_identity(&self) -> bool {
        matches!(self, Self::Identity)
    }

    pub(super) fn then(self, next: ReplyTransform) -> ReplyTransform {
        match self {
            Self::Identity => next,
            first => Self::Both(Box::new(first), Box::new(next)),
        }
    }

    pub(super) fn apply(&self, reply: Reply) -> Reply {
        match (self, reply) {
            (Self::NextOffset, Reply::Result(mut result)) => {
                next_offset(&mut result);
                Reply::Result(result)
            }
            (Self::NestResult, Reply::Result(done @ Value::Bool(_))) => {
                Reply::Result(serde_json::json!({ "result": done }))
            }
            (Self::Remove(paths), Reply::Result(Value::Object(mut result))) => {
                for path in paths {
                    path.edit_in(&mut result, &mut |_, _| Edit::Remove);
                }
                Reply::Result(Value::Object(result))
            }
            (Self::RenameErrors(aliases), Reply::Error(error)) => {
                Reply::Error(renamed(error, aliases.iter()))
            }
            (Self::Reverse(reverse), Reply::Result(result)) => {
                reverse.result(&result).map_or_else(no_result, Reply::Result)
            }
            (Self::Reverse(reverse), Reply::Error(error)) => match renamed(error, reverse.errors()) {
                error if error.code == *SUCCESS => reverse
                    .result(&Value::Bool(true))
                    .map_or_else(no_result, Reply::Result),
                error => Reply::Error(error),
            },
            (Self::Merge(keys, transform), Reply::Result(mut result)) => {
                transform.apply(match merged(keys, BatchView::of(&result)) {
                    CommandReply::Result(key) => Reply::Result(taken(result.as_object_mut(), key)),
                    CommandReply::Other(reply) => reply,
                })
            }
            (Self::Batch(keys, commands), Reply::Result(result)) => {
                Reply::Result(batch(keys, commands, result))
            }
            (Self::Both(first, second), reply) => second.apply(first.apply(reply)),
            (_, reply) => reply,
        }
    }
}

/// The reply in place of a result that the older method cannot have returned.
fn no_result() -> Reply {
    const STATUS: u16 = 200;
    let what = "a result that is none of the older method";
    Reply::Malformed(Malformed::new(STATUS, what.to_owned()))
}

/// Adds `nextOffset`, which is `lastEventId + 1`, to a result that has only the older cursor.
fn next_offset(result: &mut Value) {
    let Some(result) = result.as_object_mut() else {
        return;
    };
    let last = match result.get("lastEventId") {
        Some(Value::String(text)) => text.parse().ok(),
        Some(number) => number.as_u64(),
        None => None,
    };
    let has_next = result.get("nextOffset").is_some_and(|next| !next.is_null());
    if let Some(next) = last.and_then(|last| last.checked_add(1)).filter(|_| !has_next) {
        result.insert("nextOffset".to_owned(), next.into());
    }
}

fn renamed<'a>(mut error: ApiError, mut aliases: impl Iterator<Item = &'a (Box<str>, Box<str>)>) -> ApiError {
    if let Some((_, new)) = aliases.find(|(old, _)| error.code == **old) {
        error.code = ErrorCode::new(new.clone());
    }
    error
}

/// The reply to a command.
enum CommandReply<'k> {
    /// The result under this key.
    Result(&'k str),
    Other(Reply),
}

/// The first error of the calls that do one work, else the last result. If a call has no
/// answer, the whole has none: that call may not have run. An error says whether another call
/// succeeded.
fn merged<'k>(keys: &'k [Box<str>], replies: Option<BatchView<'_>>) -> CommandReply<'k> {
    let (mut last, mut failed, mut is_whole) = (None, None, true);
    for key in keys {
        match replies.and_then(|replies| replies.get(key)) {
            Some(Outcome::Result(_)) => last = Some(&**key),
            Some(Outcome::Error(error)) => failed = failed.or(Some(error)),
            None => is_whole = false,
        }
    }
    if let Some(mut error) = failed {
        error.has_result |= last.is_some();
        return CommandReply::Other(Reply::Error(error));
    }
    match last.filter(|_| is_whole) {
        Some(last) => CommandReply::Result(last),
        None => {
            let what = "a batch's reply that lacks some of its answers";
            CommandReply::Other(Reply::Malformed(Malformed::new(200, what.to_owned())))
        }
    }
}

/// Takes the result of a command out of the members of a batch's result.
fn taken(members: Option<&mut Map<String, Value>>, key: &str) -> Value {
    members
        .and_then(|members| take(members, "result", key))
        .unwrap_or(Value::Null)
}

/// The result of a batch with the replies of its commands changed, under the keys of the
/// batch as it was written.
fn batch(keys: &[Box<str>], commands: &[CommandTransform], result: Value) -> Value {
    let Value::Object(mut members) = result else {
        return result;
    };
    if !BatchView::of_members(&members).is_batch() {
        return Value::Object(members);
    }
    let is_list = |map: &str| members.get(map).is_some_and(Value::is_array);
    let lists = MAPS.map(is_list);
    for command in commands {
        let sent = || command.sent.iter().map(|key| &**key);
        let replies = BatchView::of_members(&members);
        if !sent().any(|key| replies.has(key)) {
            continue;
        }
        let is_error = |key: &&str| matches!(replies.get(key), Some(Outcome::Error(_)));
        let is_done =
            |key: &&str| matches!(replies.get(key), Some(Outcome::Result(result)) if !result.is_null());
        let (failed, last) = (sent().find(is_error), sent().rev().find(is_done));
        let came = merged(&command.sent, Some(replies));
        let written = failed.and_then(|key| take(&mut members, "result_error", key));
        // Results may be large, so none is copied.
        let (came, mut done) = match came {
            CommandReply::Result(key) => (Reply::Result(taken(Some(&mut members), key)), None),
            CommandReply::Other(reply) => {
                let others = last.filter(|_| command.sent.len() > 1);
                (reply, others.map(|key| taken(Some(&mut members), key)))
            }
        };
        for map in MAPS {
            for key in sent().filter(|key| *key != &*command.key) {
                take(&mut members, map, key);
            }
        }
        let came_error = match &came {
            Reply::Error(error) => Some(error.clone()),
            _ => None,
        };
        let read = match (&command.reply, came) {
            (ReplyTransform::Reverse(reverse), Reply::Result(result)) => match reverse.result(&result) {
                Some(result) => Reply::Result(result),
                None => {
                    done = Some(result).filter(|result| !result.is_null());
                    no_result()
                }
            },
            (transform, came) => transform.apply(came),
        };
        match read {
            Reply::Result(result) => {
                take(&mut members, "result_error", &command.key);
                put(&mut members, "result", &command.key, result);
            }
            Reply::Error(error) => {
                let mut own = with_error(written, came_error.as_ref(), &error);
                if !error.has_result {
                    take(&mut members, "result", &command.key);
                } else if command.sent.len() > 1 {
                    own.insert(OWN_RESULT.to_owned(), done.unwrap_or(Value::Bool(true)));
                }
                put(&mut members, "result_error", &command.key, Value::Object(own));
            }
            Reply::Malformed(malformed) => {
                take(&mut members, "result", &command.key);
                let own = serde_json::json!({
                    "error": MALFORMED_REPLY,
                    "error_description": malformed.what,
                    OWN_RESULT: done.unwrap_or(Value::Bool(true)),
                });
                put(&mut members, "result_error", &command.key, own);
            }
            // A command of a batch cannot redirect.
            Reply::Redirect { .. } => {}
        }
    }
    for (map, was_list) in MAPS.into_iter().zip(lists) {
        if let Some(answers) = members.get_mut(map) {
            in_order(answers, keys, was_list);
        }
    }
    Value::Object(members)
}

/// An error of a batch as the portal wrote it, with the code and the text of the changed error.
fn with_error(written: Option<Value>, came: Option<&ApiError>, error: &ApiError) -> Map<String, Value> {
    let mut own = match written {
        Some(Value::Object(own)) if own.contains_key("error") => own,
        _ => Map::new(),
    };
    let is_same = |same: fn(&ApiError, &ApiError) -> bool| came.is_some_and(|came| same(came, error));
    if !is_same(|came, error| came.code == error.code) || !own.contains_key("error") {
        own.insert("error".to_owned(), error.code.as_str().into());
    }
    // A long text was cut when it was read. If it is the same, the whole text stays.
    let is_same_text = is_same(|came, error| came.description == error.description);
    if !is_same_text || !own.contains_key("error_description") {
        let text = error.description.as_str().into();
        own.insert("error_description".to_owned(), text);
    }
    own
}

/// The members of a batch's result that have an entry for each command.
const MAPS: [&str; 5] = [
    "result",
    "result_error",
    "result_time",
    "result_total",
    "result_next",
];

/// Puts the answers into the order of the commands. If the keys count from 0, the answers
/// become a list, as PHP writes them.
fn in_order(answers: &mut Value, keys: &[Box<str>], was_list: bool) {
    let Value::Object(found) = answers else {
        return;
    };
    let mut ordered = Map::new();
    for key in keys {
        if let Some(answer) = found.shift_remove(&**key) {
            ordered.insert(key.to_string(), answer);
        }
    }
    ordered.append(found);
    let counts = (0..)
        .zip(ordered.keys())
        .all(|(nth, key)| *key == usize::to_string(&nth));
    *answers = match counts && (was_list || !ordered.is_empty()) {
        true => ordered.into_iter().map(|(_, answer)| answer).collect(),
        false => Value::Object(ordered),
    };
}

/// Takes an answer out of a member of a batch's result. The member can be a map or a list.
fn take(members: &mut Map<String, Value>, map: &str, key: &str) -> Option<Value> {
    match members.get_mut(map).map(as_object) {
        Some(Value::Object(answers)) => answers.shift_remove(key),
        _ => None,
    }
}

fn put(members: &mut Map<String, Value>, map: &str, key: &str, answer: Value) {
    let answers = members.entry(map).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(answers) = as_object(answers) {
        answers.insert(key.to_owned(), answer);
    }
}

/// Makes a map of a list. PHP has one type for both, and writes a list if the keys count from 0.
fn as_object(value: &mut Value) -> &mut Value {
    if let Value::Array(items) = value {
        let entries = std::mem::take(items).into_iter().enumerate();
        *value = Value::Object(entries.map(|(nth, item)| (nth.to_string(), item)).collect());
    }
    value
}
