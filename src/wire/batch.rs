//! Batches: the reply read, and in [`request`] the call.

use std::collections::BTreeMap;

use serde_json::Value;

use super::reply::{Reply, api_error};

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "for who reads and writes the calls of others")
)]
pub(crate) mod request;

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
    /// Reads the `result` of a batch's reply; `None` when it is none of a batch.
    ///
    /// The HTTP status of a batch is 200 whatever came of its commands, and so is
    /// that of the errors in it. A key in both maps has failed.
    #[must_use]
    pub fn read(result: Value) -> Option<Self> {
        let Value::Object(mut members) = result else {
            return None;
        };
        let maps = ["result", "result_error"].map(|name| members.remove(name));
        if !maps.iter().flatten().any(|map| map.is_object() || map.is_array()) {
            return None;
        }
        let [results, errors] = maps.map(entries);
        let mut replies: BTreeMap<_, _> = results
            .into_iter()
            .map(|(key, result)| (key, Reply::Result(result)))
            .collect();
        replies.extend(errors.into_iter().map(|(key, error)| (key, refused(error))));
        Some(Self(replies))
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

fn refused(error: Value) -> Reply {
    const STATUS: u16 = 200;
    Reply::Error(match error {
        Value::Object(mut fields) if fields.contains_key("error") => {
            let code = fields.remove("error").unwrap_or_default();
            api_error(STATUS, code, fields.remove("error_description"))
        }
        // A code alone, where an object should be.
        code => api_error(STATUS, code, None),
    })
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
            if let Some(replies) = BatchReplies::read(result) {
                for (key, reply) in replies.iter() {
                    prop_assert!(matches!(reply, Reply::Result(_) | Reply::Error(_)), "{key}");
                    prop_assert_eq!(replies.get(key), Some(reply));
                }
            }
        }
    }
}
