//! A batch's reply, read: what came of each of its commands.

#[cfg(any(feature = "registry", test))]
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

#[cfg(feature = "registry")]
use super::code::CODE_LIMIT;
#[cfg(feature = "registry")]
use super::redact::{Finder, TEXT_LIMIT};
use super::reply::{Answered, ApiError, Reply};
#[cfg(feature = "registry")]
use super::{BATCH, ErrorCode, wait};

/// The member of an error in a batch by which the gate tells that the command ran, or a
/// part of it.
pub(crate) const OWN_RESULT: &str = "result";

/// The code of the error that the gate puts in place of a result that it cannot read.
pub(crate) const MALFORMED_REPLY: &str = "MALFORMED_REPLY";

/// What came of each command of a `batch`, by the command's key.
///
/// A portal sends results and errors in two maps, each of which is a list when
/// it is empty or when its keys count from 0. A command that is in neither was
/// not run: the batch was halted before it, or it was passed over. So a missing
/// answer proves nothing.
///
/// ```
/// use imbot_caps::wire::{BatchReplies, Class, Reply};
///
/// let body = br#"{"result":{
///     "result": {"old": {"rest": 32}},
///     "result_error": {"new": {"error": "ERROR_METHOD_NOT_FOUND", "error_description": ""}}
/// }}"#;
/// let Reply::Result(result) = Reply::read(200, None, body) else { panic!() };
/// let replies = BatchReplies::read(result).unwrap();
/// assert!(matches!(replies.get("old"), Some(Reply::Result(revisions)) if revisions["rest"] == 32));
/// assert!(matches!(replies.get("new"), Some(Reply::Error(error)) if error.class() == Class::Absent));
/// assert_eq!(replies.get("other"), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BatchReplies(BTreeMap<String, Reply>);

impl BatchReplies {
    /// Reads the `result` of a batch's reply; `None` when it is none of a batch. A portal takes
    /// 50 commands, so one with more than 10,000 replies is none.
    ///
    /// The HTTP status of a batch is 200 whatever came of its commands, and so is
    /// that of the errors in it. A key in both maps is read as
    /// [`Reply::read`] reads a reply with both members.
    ///
    /// An error with a `result` of its own has
    /// [`ApiError::has_result`](super::ApiError::has_result), too. The gate writes such an
    /// error in two cases. Several older commands were sent for one, and only a part of them
    /// has succeeded. Or the result is none of the older method, or a part of it is missing:
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
            let reply = refused(result, error);
            replies.extend(reply.map(|reply| (key, reply)));
        }
        replies.extend(
            results
                .into_iter()
                .map(|(key, result)| (key, Reply::Result(result))),
        );
        Some(Self(replies))
    }

    /// Shows the codes of errors without these from now on.
    #[cfg(feature = "registry")]
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        let finder = Finder::of(secrets);
        for reply in self.0.values_mut() {
            if let Reply::Error(error) = reply {
                error.code.hide(&finder);
            }
        }
    }

    /// What came of the command with this key: [`Reply::Result`] or
    /// [`Reply::Error`]. The commands of a list have the keys `0`, `1` and so on.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Reply> {
        self.0.get(key)
    }

    /// All keys that have an answer, with it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Reply)> {
        self.0.iter().map(|(key, reply)| (key.as_str(), reply))
    }
}

/// The same without a copy of the results, for whoever looks at some of the replies.
#[derive(Clone, Copy)]
pub(crate) struct BatchView<'r> {
    results: Option<&'r Value>,
    errors: Option<&'r Value>,
}

/// What came of one command.
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

    /// Of the members of what is known to be the result of a batch.
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

    /// What came of the command with this key.
    pub(crate) fn get(&self, key: &str) -> Option<Outcome<'r>> {
        let result = entry(self.results, key);
        let Some(error) = entry(self.errors, key) else {
            return result.map(Outcome::Result);
        };
        // Of the result it counts alone whether it is one.
        let sign = result.map(|result| match result {
            Value::Null => Value::Null,
            _ => Value::Bool(true),
        });
        match (refused(sign, error.clone())?, result) {
            (Reply::Error(error), _) => Some(Outcome::Error(error)),
            (_, result) => result.map(Outcome::Result),
        }
    }

    /// How many commands have a reply.
    #[cfg(any(feature = "registry", test))]
    pub(crate) fn len(&self) -> usize {
        let alone = keys(self.errors).filter(|key| entry(self.results, key).is_none());
        self.results.map_or(0, length) + alone.count()
    }

    /// Whether a command has succeeded.
    #[cfg(any(feature = "registry", test))]
    pub(crate) fn has_result(&self) -> bool {
        keys(self.results).any(|key| matches!(self.get(&key), Some(Outcome::Result(_))))
    }

    /// Whether all have.
    #[cfg(any(feature = "registry", test))]
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

#[cfg(any(feature = "registry", test))]
fn keys(map: Option<&Value>) -> impl Iterator<Item = Cow<'_, str>> {
    let members = map.and_then(Value::as_object).into_iter();
    let names = members.flat_map(|members| members.keys().map(|key| Cow::Borrowed(key.as_str())));
    let count = map.and_then(Value::as_array).map_or(0, Vec::len);
    names.chain((0..count).map(|nth| Cow::Owned(nth.to_string())))
}

/// Where a batch's result has its replies.
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

/// PHP has one type for lists and maps, and writes whichever the keys look like.
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

fn refused(result: Option<Value>, error: Value) -> Option<Reply> {
    const STATUS: u16 = 200;
    let mut own_result = None;
    let mut answered = match error {
        Value::Object(mut fields) if fields.contains_key("error") => {
            let mut take = |name: &str| fields.remove(name);
            own_result = take(OWN_RESULT).filter(|result| !result.is_null());
            Answered {
                result: None,
                error: take("error"),
                description: take("error_description"),
                retry_after: take("retryAfter").or_else(|| take("retry_after")),
            }
        }
        // A code alone, where an object should be.
        code => Answered {
            error: Some(code),
            ..Answered::default()
        },
    };
    answered.result = result;
    let mut reply = answered.read(STATUS, &[]);
    if let Some(Reply::Error(error)) = &mut reply {
        error.has_result |= own_result.is_some();
    }
    reply
}

/// Takes secrets out of the texts of errors in the result of a batch. Leaves their codes
/// and waits as they came: these are decided by.
#[cfg(feature = "registry")]
pub(crate) fn hide_texts(method: &str, reply: &mut Reply, secrets: &[&str]) {
    if !method.eq_ignore_ascii_case(BATCH) {
        return;
    }
    let finder = Finder::of(secrets);
    each_part(reply, &mut |kind, part| match part {
        _ if kind == Part::Wait => {}
        // What is too long for a code is none.
        Value::String(text) if kind != Part::Code || text.len() > CODE_LIMIT => {
            *text = finder.shown(TEXT_LIMIT, text);
        }
        Value::String(_) | Value::Null | Value::Bool(_) => {}
        _ if kind == Part::Code => {}
        // Digits of a secret may come as a number.
        other => {
            let text = other.to_string();
            if finder.holds(&text) {
                *other = finder.shown(TEXT_LIMIT, &text).into();
            }
        }
    });
}

/// The same for the codes, as [`ErrorCode`] shows them, and for the waits, which become
/// whole seconds, and a day at most.
#[cfg(feature = "registry")]
pub(crate) fn hide_codes(method: &str, reply: &mut Reply, secrets: &[&str]) {
    if !method.eq_ignore_ascii_case(BATCH) {
        return;
    }
    let finder = Finder::of(secrets);
    each_part(reply, &mut |kind, part| {
        let text = match part {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return,
        };
        if kind == Part::Text || !finder.holds(&text) {
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

/// What a part of an error is.
#[cfg(feature = "registry")]
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Code,
    /// How long to wait, as it can be read.
    Wait,
    Text,
}

/// Changes the parts of the errors in a batch's result.
#[cfg(feature = "registry")]
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
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::wire::Class;

    fn code(replies: &BatchReplies, key: &str) -> String {
        match replies.get(key) {
            Some(Reply::Error(error)) => error.code.to_string(),
            other => panic!("{key}: {other:?}"),
        }
    }

    #[test]
    fn maps_and_lists_are_the_same() {
        for result in [
            json!({"result": {"0": 1, "1": 2}, "result_error": []}),
            json!({"result": [1, 2], "result_error": {}}),
            json!({"result": [1, 2]}),
            json!({"result": [1, 2], "result_error": null, "result_time": "x"}),
        ] {
            let replies = BatchReplies::read(result.clone()).unwrap();
            let answered: Vec<_> = replies.iter().collect();
            assert_eq!(
                answered,
                [("0", &Reply::Result(json!(1))), ("1", &Reply::Result(json!(2)))],
                "{result}"
            );
        }
    }

    #[test]
    fn errors_are_read_whatever_their_form() {
        let replies = BatchReplies::read(json!({
            "result": {"both": 1, "null": null},
            "result_error": {
                "empty text": {"error": "insufficient_scope", "error_description": ""},
                "no text": {"error": "expired_token"},
                "number": {"error": 22002},
                "object": {"error": {"code": "X", "message": "m"}},
                "string": "ERROR_METHOD_NOT_FOUND",
                "nothing": {},
                "null error": null,
                "both": {"error": "Y"},
            },
        }))
        .unwrap();
        for (key, expected) in [
            ("empty text", "insufficient_scope"),
            ("no text", "expired_token"),
            ("number", "22002"),
            ("object", "X"),
            ("string", "ERROR_METHOD_NOT_FOUND"),
            ("nothing", "(no code)"),
            ("null error", "(no code)"),
            ("both", "Y"),
        ] {
            assert_eq!(code(&replies, key), expected, "{key}");
        }
        assert_eq!(replies.get("null"), Some(&Reply::Result(Value::Null)));
        assert_eq!(replies.get("another"), None);
        let scope = replies.get("empty text");
        assert!(matches!(scope, Some(Reply::Error(error)) if error.class() == Class::Scope));
    }

    #[test]
    fn key_in_both_maps_is_read_once() {
        for error in [
            json!(null),
            json!(""),
            json!(false),
            json!(0),
            json!([]),
            json!({}),
            json!({"error": null}),
            json!({"error": "", "error_description": ""}),
        ] {
            for maps in [
                json!({"result": {"0": {"id": 7}}, "result_error": {"0": error}}),
                json!({"result": [{"id": 7}], "result_error": [error]}),
            ] {
                let replies = BatchReplies::read(maps.clone()).unwrap();
                assert_eq!(replies.get("0"), Some(&Reply::Result(json!({"id": 7}))), "{maps}");
            }
        }
        let read = |result: Value| {
            let error = json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": ""});
            let maps = json!({"result": {"a": result}, "result_error": {"a": error}});
            BatchReplies::read(maps).unwrap().get("a").cloned()
        };
        for (result, class) in [
            (json!({"id": 7}), Class::Other),
            (json!(false), Class::Other),
            (json!(null), Class::Absent),
        ] {
            let reply = read(result);
            assert!(
                matches!(&reply, Some(Reply::Error(error)) if error.class() == class),
                "{reply:?}"
            );
        }
    }

    #[test]
    fn what_is_no_batch_is_none() {
        for result in [
            json!(null),
            json!([]),
            json!(true),
            json!({}),
            json!({"rest": 36}),
            json!({"result": 1, "result_error": "x"}),
        ] {
            assert_eq!(BatchReplies::read(result.clone()), None, "{result}");
        }
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z_]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let key = prop_oneof![
                Just("result".to_owned()),
                Just("result_error".to_owned()),
                Just("error".to_owned()),
                "[0-9a-z]{0,3}",
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_every_answer_is_one(result in json_value()) {
            let view = BatchView::of(&result);
            if let Some(replies) = BatchReplies::read(result.clone()) {
                let mut count = 0;
                for (key, reply) in replies.iter() {
                    prop_assert!(matches!(reply, Reply::Result(_) | Reply::Error(_)), "{key}");
                    prop_assert_eq!(replies.get(key), Some(reply));
                    let seen = match view.unwrap().get(key) {
                        Some(Outcome::Result(result)) => Reply::Result(result.clone()),
                        Some(Outcome::Error(error)) => Reply::Error(error),
                        None => panic!("{key}"),
                    };
                    prop_assert_eq!(&seen, reply);
                    count += 1;
                }
                let is_result = |(_, reply): (&str, &Reply)| matches!(reply, Reply::Result(_));
                let view = view.unwrap();
                prop_assert_eq!(view.has_result(), replies.iter().any(is_result));
                prop_assert_eq!(view.has_no_error(), replies.iter().all(is_result));
                prop_assert_eq!(view.len(), count);
            } else {
                prop_assert!(view.is_none());
            }
        }
    }
}
