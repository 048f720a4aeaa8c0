//! Replies of portals, alone and of batches.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps::wire::{BatchReplies, Reply, Response};
use serde_json::Value;

use super::{DAY, SECRET, assert_shown, target};

const WORDS: &[&str] = &[
    "\"result\"",
    "\"error\"",
    "\"error_description\"",
    "\"result_error\"",
    "\"time\"",
    "\"operating_reset_at\"",
    "\"retryAfter\"",
    "\"retry_after\"",
    "\"code\"",
    "null",
    "{}",
    "[]",
    "\"\"",
    ":",
    ",",
    "ERROR_METHOD_NOT_FOUND",
    "QUERY_LIMIT_EXCEEDED",
    "expired_token",
    "insufficient_scope",
    "PORTAL_DELETED",
    "200",
    "302",
    "503",
    "<html><title>",
    "\u{feff}",
    SECRET,
    "s3cret\\u0054hatNobodySees",
    "s3cretThatNobody%53ees",
    "S3CRETTHATNOBODYSEES",
    "https://acme.example/rest/1/s3cretThatNobodySees/",
];

/// The parts of an input: `status` or `status location` or `status location | retry-after`, and the body after the
/// first line.
fn response(input: &[u8]) -> Response {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or_default();
    let (head, body) = input.split_at(end);
    let head = String::from_utf8_lossy(head);
    let (head, retry_after) = head.split_once('|').unwrap_or((&*head, ""));
    let (status, location) = head.split_once(' ').unwrap_or((head, ""));
    let location = Some(location.trim()).filter(|own| !own.is_empty());
    let response = Response::new(
        status.trim().parse().unwrap_or(200),
        location.map(str::to_owned),
        body.to_vec(),
    );
    response.with_retry_after(retry_after.trim())
}

fn texts_are_short_and_clean(reply: &Reply) {
    assert_shown(&format!("{reply:?}"), 1_024);
    match reply {
        Reply::Error(error) => {
            assert_shown(&format!("{error} {error:?}"), 2_048);
            assert!(error.retry_after() <= Some(DAY), "{error:?}");
        }
        Reply::Malformed(malformed) => {
            assert_shown(&format!("{malformed} {malformed:?}"), 2_048);
            assert!(malformed.retry_after() <= Some(DAY), "{malformed:?}");
        }
        Reply::Redirect { location } => assert!(location.as_ref().is_none_or(|own| own.len() <= 8 * 1_024)),
        _ => {}
    }
}

/// An error with a result proves nothing.
fn results_prove_that_a_method_may_have_run(reply: &Reply) {
    if let Reply::Error(error) = reply {
        assert!(
            !(error.has_result && (error.proves_not_run() || error.proves_method())),
            "{error:?}"
        );
        assert!(
            !error.proves_not_run() || error.status < 300 || error.status >= 400,
            "{error:?}"
        );
    }
}

target!(replies, WORDS, 3_000, |input| {
    let now = UNIX_EPOCH + Duration::from_secs(1_775_088_000);
    let response = response(input);
    let reply = response.read(now, &[SECRET]);
    assert_eq!(reply, response.read(now, &[SECRET]));
    texts_are_short_and_clean(&reply);
    results_prove_that_a_method_may_have_run(&reply);
    // A secret changes what is shown, and nothing else.
    match (&reply, response.read(now, &[])) {
        (Reply::Error(one), Reply::Error(other)) => {
            // A code of more than 100 bytes is no known one. It is cut, after its secrets are removed.
            if !other.code.as_str().ends_with('…') {
                assert_eq!(one.code.as_str(), other.code.as_str());
            }
            assert_eq!(
                (
                    one.class(),
                    one.status,
                    one.reset_at,
                    one.has_result,
                    one.retry_after()
                ),
                (
                    other.class(),
                    other.status,
                    other.reset_at,
                    other.has_result,
                    other.retry_after()
                )
            );
        }
        (Reply::Malformed(one), Reply::Malformed(other)) => {
            assert_eq!(
                (one.status, one.retry_after()),
                (other.status, other.retry_after())
            );
        }
        (one, other) => assert_eq!(*one, other),
    }
    if let Reply::Result(result) = &reply {
        // `1e15` becomes `1000000000000000.0`.
        assert!(result.to_string().len() <= 6 * input.len() + 64);
    }
});

/// How many members or items a part of a batch's result has.
fn count(part: &Value) -> usize {
    match part {
        Value::Object(members) => members.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    }
}

target!(batch_replies, WORDS, 3_000, |input| {
    let Reply::Result(result) = Reply::read(200, None, input) else {
        return;
    };
    let most = count(&result["result"]) + count(&result["result_error"]);
    let Some(replies) = BatchReplies::read(result.clone()) else {
        return;
    };
    assert_eq!(Some(&replies), BatchReplies::read(result.clone()).as_ref());
    assert!(replies.iter().count() <= most);
    for (key, reply) in replies.iter() {
        assert_eq!(replies.get(key), Some(reply));
        results_prove_that_a_method_may_have_run(reply);
        match reply {
            // A result is returned as it came.
            Reply::Result(value) => {
                let sent = match &result["result"] {
                    Value::Object(members) => members.get(key),
                    Value::Array(items) => key.parse().ok().and_then(|nth: usize| items.get(nth)),
                    _ => None,
                };
                assert_eq!(sent, Some(value));
            }
            Reply::Error(error) => {
                assert!(error.description.len() <= 512 && error.to_string().len() <= 1_024)
            }
            other => panic!("a batch has no such reply: {other:?}"),
        }
    }
});
