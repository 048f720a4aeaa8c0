use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::wire::ErrorClass;

fn code(replies: &BatchReplies, key: &str) -> String {
    match replies.get(key) {
        Some(Reply::Error(error)) => error.code.to_string(),
        other => panic!("{key}: {other:?}"),
    }
}

#[test]
fn maps_and_lists_read_alike() {
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
fn all_error_forms_are_read() {
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
    assert!(matches!(scope, Some(Reply::Error(error)) if error.class() == ErrorClass::Scope));
}

#[test]
fn duplicate_key_is_read_once() {
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
        (json!({"id": 7}), ErrorClass::Other),
        (json!(false), ErrorClass::Other),
        (json!(null), ErrorClass::Absent),
    ] {
        let reply = read(result);
        assert!(
            matches!(&reply, Some(Reply::Error(error)) if error.class() == class),
            "{reply:?}"
        );
    }
}

#[test]
fn non_batch_result_is_none() {
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
    fn any_result_reads_consistently(result in json_value()) {
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

#[test]
fn secrets_of_digits_are_hidden_in_texts() {
    let errors = json!({
        "a": {"error": "NO", "error_description": 1_234_567_890},
        "b": {"error": 1_234_567_890, "error_description": "1234567890 is wrong"},
        "c": {"error": "NO", "error_description": ["1234567890", {"1234567890": true}]},
    });
    let mut reply = Reply::Result(json!({"result": {}, "result_error": errors}));
    hide_texts("batch", &mut reply, || vec!["1234567890"]);
    let Reply::Result(result) = &reply else { panic!() };
    let errors = &result["result_error"];
    assert_eq!(errors["a"]["error_description"], "…");
    assert_eq!(errors["b"]["error"], 1_234_567_890);
    assert_eq!(errors["b"]["error_description"], "… is wrong");
    assert!(!errors["c"].to_string().contains("1234567890"), "{errors}");
}

#[cfg(feature = "registry")]
#[test]
fn codes_are_hidden_without_their_texts() {
    let error = json!({"error": "NO_s3cretcode", "error_description": "s3cretcode is wrong"});
    let mut reply = Reply::Result(json!({"result": {}, "result_error": {"a": error}}));
    hide_codes(&mut reply, &["s3cretcode"]);
    let Reply::Result(result) = &reply else { panic!() };
    assert!(
        !result["result_error"]["a"]["error"]
            .to_string()
            .contains("s3cretcode")
    );
    assert_eq!(
        result["result_error"]["a"]["error_description"],
        "s3cretcode is wrong"
    );
}
