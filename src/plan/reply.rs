//! Bringing a reply back to the form that the newest imbot.v2 gives.

use serde_json::{Map, Value};

use super::translate::Back;
use crate::table::path::{Edit, Path, Step};
use crate::wire::{ApiError, BatchView, ErrorCode, MALFORMED_REPLY, Malformed, OWN_RESULT, Outcome, Reply};

/// What a table calls an older error that is a success for the newer method.
const SUCCESS: &str = "result";

/// How a reply is read.
#[derive(Clone, Debug, Default)]
pub(crate) enum Reading {
    #[default]
    AsItComes,
    /// `nextOffset` from the older cursor, where it is missing.
    NextOffset,
    /// `{"result": true}` where `true` alone is answered.
    Nested,
    /// Without what stands at these paths.
    Strip(Vec<Path>),
    /// Older error codes as newer ones.
    Alias(Vec<(Box<str>, Box<str>)>),
    /// As the reply of another method.
    Back(Box<Back>),
    /// As the replies of a batch that does the work of one call: the keys in their
    /// order, and how the last of the results is read.
    Shared(Vec<Box<str>>, Box<Reading>),
    /// As a batch: the keys that it was written with, in their order, and each
    /// command that was changed, with its keys now.
    Batch(Vec<Box<str>>, Vec<Command>),
    /// One after the other.
    Both(Box<Reading>, Box<Reading>),
}

/// A command of a batch whose reply is read in another way than it comes.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) key: Box<str>,
    /// The keys that it was sent under.
    pub(crate) sent: Vec<Box<str>>,
    pub(crate) reading: Reading,
}

impl Reading {
    pub(crate) fn is_as_it_comes(&self) -> bool {
        matches!(self, Self::AsItComes)
    }

    pub(crate) fn then(self, next: Reading) -> Reading {
        match self {
            Self::AsItComes => next,
            first => Self::Both(Box::new(first), Box::new(next)),
        }
    }

    pub(crate) fn read(&self, reply: Reply) -> Reply {
        match (self, reply) {
            (Self::NextOffset, Reply::Result(mut result)) => {
                next_offset(&mut result);
                Reply::Result(result)
            }
            (Self::Nested, Reply::Result(done @ Value::Bool(_))) => {
                Reply::Result(serde_json::json!({ "result": done }))
            }
            (Self::Strip(paths), Reply::Result(Value::Object(mut result))) => {
                for path in paths {
                    path.edit_in(&mut result, &mut |_, _| Edit::Remove);
                }
                Reply::Result(Value::Object(result))
            }
            (Self::Alias(aliases), Reply::Error(error)) => Reply::Error(renamed(error, aliases.iter())),
            (Self::Back(back), Reply::Result(result)) => {
                back.result(&result).map_or_else(no_result, Reply::Result)
            }
            (Self::Back(back), Reply::Error(error)) => match renamed(error, back.errors()) {
                error if error.code == *SUCCESS => back
                    .result(&Value::Bool(true))
                    .map_or_else(no_result, Reply::Result),
                error => Reply::Error(error),
            },
            (Self::Shared(keys, reading), Reply::Result(mut result)) => {
                reading.read(match shared(keys, BatchView::of(&result)) {
                    Came::Result(key) => Reply::Result(taken(result.as_object_mut(), key)),
                    Came::Other(reply) => reply,
                })
            }
            (Self::Batch(keys, commands), Reply::Result(result)) => {
                Reply::Result(batch(keys, commands, result))
            }
            (Self::Both(first, second), reply) => second.read(first.read(reply)),
            (_, reply) => reply,
        }
    }
}

/// What an older method cannot have answered.
fn no_result() -> Reply {
    const STATUS: u16 = 200;
    let what = "a result that is none of the older method";
    Reply::Malformed(Malformed::new(STATUS, what.to_owned()))
}

/// `nextOffset` is `lastEventId + 1` where only the older cursor is told.
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

/// What came of a command.
enum Came<'k> {
    /// The result under this key.
    Result(&'k str),
    Other(Reply),
}

/// The first error of calls that share a work, else the last result. Where one has
/// no answer, none can be told: it may not have run. An error says whether another ran.
fn shared<'k>(keys: &'k [Box<str>], replies: Option<BatchView<'_>>) -> Came<'k> {
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
        return Came::Other(Reply::Error(error));
    }
    match last.filter(|_| is_whole) {
        Some(last) => Came::Result(last),
        None => {
            let what = "a batch's reply that lacks some of its answers";
            Came::Other(Reply::Malformed(Malformed::new(200, what.to_owned())))
        }
    }
}

/// Takes the result of a command out of the members of a batch's.
fn taken(members: Option<&mut Map<String, Value>>, key: &str) -> Value {
    members
        .and_then(|members| take(members, "result", key))
        .unwrap_or(Value::Null)
}

/// The result of a batch with the replies of its commands read, under the keys they
/// were written with.
fn batch(keys: &[Box<str>], commands: &[Command], result: Value) -> Value {
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
        let came = shared(&command.sent, Some(replies));
        let written = failed.and_then(|key| take(&mut members, "result_error", key));
        // None of them is copied: they may be large.
        let (came, mut done) = match came {
            Came::Result(key) => (Reply::Result(taken(Some(&mut members), key)), None),
            Came::Other(reply) => {
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
        let read = match (&command.reading, came) {
            (Reading::Back(back), Reply::Result(result)) => match back.result(&result) {
                Some(result) => Reply::Result(result),
                None => {
                    done = Some(result).filter(|result| !result.is_null());
                    no_result()
                }
            },
            (reading, came) => reading.read(came),
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
            // None of a batch's.
            Reply::Moved { .. } => {}
        }
    }
    for (map, was_list) in MAPS.into_iter().zip(lists) {
        if let Some(answers) = members.get_mut(map) {
            in_order(answers, keys, was_list);
        }
    }
    Value::Object(members)
}

/// An error of a batch as it was written, with what another one says that was read of it.
fn with_error(written: Option<Value>, came: Option<&ApiError>, error: &ApiError) -> Map<String, Value> {
    let mut own = match written {
        Some(Value::Object(own)) if own.contains_key("error") => own,
        _ => Map::new(),
    };
    let is_same = |same: fn(&ApiError, &ApiError) -> bool| came.is_some_and(|came| same(came, error));
    if !is_same(|came, error| came.code == error.code) || !own.contains_key("error") {
        own.insert("error".to_owned(), error.code.as_str().into());
    }
    // What was read of a long text is its beginning.
    let is_same_text = is_same(|came, error| came.description == error.description);
    if !is_same_text || !own.contains_key("error_description") {
        let text = error.description.as_str().into();
        own.insert("error_description".to_owned(), text);
    }
    own
}

/// The maps of a batch's result.
const MAPS: [&str; 5] = [
    "result",
    "result_error",
    "result_time",
    "result_total",
    "result_next",
];

/// Puts answers in the order of the commands, and writes them as PHP would: as a
/// list where the keys count from 0.
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

/// Takes an answer out of a map of a batch's reply, which may be written as a list.
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

/// PHP has one type for lists and maps, and writes whichever the keys look like.
fn as_object(value: &mut Value) -> &mut Value {
    if let Value::Array(items) = value {
        let entries = std::mem::take(items).into_iter().enumerate();
        *value = Value::Object(entries.map(|(nth, item)| (nth.to_string(), item)).collect());
    }
    value
}

/// Puts values at a path of a result that is being made; where there is none, the
/// place alone. What is there stays.
pub(crate) fn place(target: &mut Value, steps: &[Step], values: &mut dyn Iterator<Item = Option<Value>>) {
    match steps.split_first() {
        None => {
            if let (Value::Null, Some(Some(value))) = (&*target, values.next()) {
                *target = value;
            }
        }
        Some((Step::Member(name), rest)) => {
            if target.is_null() {
                *target = Value::Object(Map::new());
            }
            if let Value::Object(members) = target {
                place(members.entry(&**name).or_insert(Value::Null), rest, values);
            }
        }
        Some((Step::Each | Step::Any, rest)) => {
            if target.is_null() {
                *target = Value::Array(Vec::new());
            }
            if let Value::Array(items) = target {
                for (nth, value) in values.enumerate() {
                    if items.len() == nth {
                        items.push(Value::Null);
                    }
                    if let (Some(item), Some(_)) = (items.get_mut(nth), &value) {
                        place(item, rest, &mut std::iter::once(value));
                    }
                }
            }
        }
    }
}
