use serde_json::json;

use super::*;
use crate::wire::Reply;

mod again;
mod truth;

const NOT_FOUND: &str = r#"{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}"#;
const NO_SCOPE: &str = r#"{"error":"insufficient_scope","error_description":""}"#;
const NO_BOT_TOKEN: &str = r#"{"error":"BOT_TOKEN_NOT_SPECIFIED","error_description":""}"#;
const NOT_FOUND_CODE: &str = "ERROR_METHOD_NOT_FOUND";

const FIRST: Question = Question::Call(REVISION_GET);
const OLD: Question = Question::Call(IM_REVISION_GET);
const LIST: Question = Question::Call(BOT_LIST);
const CONTROL: Question = Question::Call(SERVER_TIME);

/// Plays the replies in order; what came of it, and what was asked.
#[track_caller]
fn play(replies: &[(u16, &str)]) -> (Conclusion<&'static str>, Vec<Question>) {
    let mut inquiry = Inquiry::new();
    let mut asked = Vec::new();
    for (status, body) in replies {
        asked.push(
            inquiry
                .question()
                .unwrap_or_else(|| panic!("done after {asked:?}")),
        );
        let reply = Reply::read(*status, None, body.as_bytes());
        inquiry.answer(read_reply(reply).map_err(Failure::from));
    }
    assert_eq!(inquiry.question(), None, "it asks on after {asked:?}");
    (inquiry.conclude(), asked)
}

/// All is learned, and this.
#[track_caller]
fn learns(replies: &[(u16, &str)], text: &str) -> Vec<Question> {
    let (conclusion, asked) = play(replies);
    let (known, failed) = conclusion.unwrap();
    assert_eq!(known.to_string(), text);
    assert!(failed.is_none(), "{failed:?}");
    asked
}

/// This is learned, and no more for this reason.
#[track_caller]
fn learns_in_part(replies: &[(u16, &str)], text: &str, asked: &str, why: &str) {
    let (known, failed) = play(replies).0.unwrap();
    assert_eq!(known.to_string(), text);
    let failed = failed.unwrap();
    assert_eq!(failed.asked, asked);
    assert!(
        failed.failure.trouble.to_string().contains(why),
        "{}",
        failed.failure.trouble
    );
}

#[track_caller]
fn fails(replies: &[(u16, &str)], text: &str) -> Vec<Question> {
    let (conclusion, asked) = play(replies);
    let trouble = conclusion.unwrap_err().failure.trouble;
    assert!(trouble.to_string().contains(text), "{trouble}");
    asked
}

/// A batch's reply: each command's result, error code, or nothing (`null`).
fn batch(old: Value, bots: Value, control: Value) -> String {
    batch_with(Value::from(NOT_FOUND_CODE), old, bots, control)
}

fn batch_with(again: Value, old: Value, bots: Value, control: Value) -> String {
    let (mut results, mut errors) = (serde_json::Map::new(), serde_json::Map::new());
    for ((key, _), answer) in COMMANDS.into_iter().zip([again, old, bots, control]) {
        match answer {
            Value::Null => None,
            Value::String(code) => {
                errors.insert(key.to_owned(), json!({"error": code, "error_description": ""}))
            }
            result => results.insert(key.to_owned(), result),
        };
    }
    json!({"result": {"result": results, "result_error": errors, "result_time": []}}).to_string()
}

fn rest(revision: u16) -> Value {
    json!({"rest": revision, "web": 130})
}

/// An array, since a text is taken for an error's code here.
fn time() -> Value {
    json!(["2026-04-02T00:00:00+00:00"])
}

#[test]
fn current_portal_needs_one_request() {
    for rest in [32, 33, 36, 41] {
        let (conclusion, asked) = play(&[(200, &format!(r#"{{"result":{{"rest":{rest},"web":130}}}}"#))]);
        let (known, failed) = conclusion.unwrap();
        assert_eq!((known.rest(), known.revision_get()), (Some(rest), Some(true)));
        assert!(failed.is_none());
        assert_eq!(asked, [FIRST]);
    }
}

#[test]
fn old_portal_needs_two_requests() {
    for absent in [NOT_FOUND_CODE, "22002", "2210204", "2210205"] {
        for status in [200, 400, 404] {
            let asked = learns(
                &[
                    (status, &format!(r#"{{"error":"{absent}"}}"#)),
                    (200, &batch(rest(30), json!(absent), time())),
                ],
                "REST revision 30 (answered by im.revision.get), no imbot.v2 (a method was not found)",
            );
            assert_eq!(asked, [FIRST, Question::Batch]);
        }
    }
}

#[test]
fn batch_distinguishes_revision_32_builds() {
    learns(
        &[
            (404, NOT_FOUND),
            (200, &batch(rest(32), json!(NOT_FOUND_CODE), time())),
        ],
        "REST revision 32 (answered by im.revision.get), no imbot.v2 (a method was not found)",
    );
    for exists in [
        json!({"bots": []}),
        json!("BOT_TOKEN_NOT_SPECIFIED"),
        json!("CLIENT_ID_NOT_SPECIFIED"),
        json!("insufficient_scope"),
        json!("expired_token"),
        json!("NO_AUTH_FOUND"),
        json!("OPERATION_TIME_LIMIT"),
    ] {
        learns(
            &[(404, NOT_FOUND), (200, &batch(rest(32), exists, time()))],
            "REST revision 32 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
        );
    }
    for proves_nothing in ["SOMETHING_NEW", "", "0", "OVERLOAD_LIMIT"] {
        learns_in_part(
            &[
                (404, NOT_FOUND),
                (200, &batch(rest(32), json!(proves_nothing), time())),
            ],
            "REST revision 32 (answered by im.revision.get), imbot.v2 unknown but without Revision.get (a method was not found)",
            BOT_LIST,
            proves_nothing,
        );
    }
}

#[test]
fn newer_im_proves_no_imbot_v2() {
    learns(
        &[
            (404, NOT_FOUND),
            (200, &batch(rest(33), json!(NOT_FOUND_CODE), time())),
        ],
        "REST revision 33 (answered by im.revision.get), no imbot.v2 (a method was not found)",
    );
    learns(
        &[
            (404, NOT_FOUND),
            (200, &batch(rest(33), json!("BOT_TOKEN_NOT_SPECIFIED"), time())),
        ],
        "REST revision 33 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
    );
}

#[test]
fn refused_method_needs_no_batch() {
    for refused in [NO_SCOPE, r#"{"error":"REST_SERVER_NOT_FOUND"}"#] {
        let asked = learns(
            &[(401, refused), (200, r#"{"result":{"rest":36}}"#)],
            "REST revision 36 (answered by im.revision.get), imbot.v2 (a method was found)",
        );
        assert_eq!(asked, [FIRST, OLD]);
        // No number is to be had, but imbot.v2 is there.
        for (status, body, why) in [
            (403, NO_SCOPE, "insufficient_scope"),
            (404, NOT_FOUND, NOT_FOUND_CODE),
            (401, r#"{"error":"NO_AUTH_FOUND"}"#, "NO_AUTH_FOUND"),
            (502, "<html>", "an HTML page"),
            (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "QUERY_LIMIT_EXCEEDED"),
            (302, "", "it redirects"),
            (200, r#"{"result":{}}"#, "without the counter `rest`"),
        ] {
            learns_in_part(
                &[(401, refused), (status, body)],
                "REST revision 32 or newer (inferred from the releases), imbot.v2 (a method was found)",
                IM_REVISION_GET,
                why,
            );
        }
    }
}

#[test]
fn missing_scope_hides_only_the_number() {
    learns_in_part(
        &[
            (404, NOT_FOUND),
            (
                200,
                &batch(json!("insufficient_scope"), json!(NOT_FOUND_CODE), time()),
            ),
        ],
        "unknown REST revision, no imbot.v2 (a method was not found)",
        IM_REVISION_GET,
        "insufficient_scope",
    );
    // The scope's error is proof of the address, without the control call.
    learns_in_part(
        &[
            (404, NOT_FOUND),
            (
                200,
                &batch(
                    json!("insufficient_scope"),
                    json!("insufficient_scope"),
                    json!("X"),
                ),
            ),
        ],
        "REST revision 32 or newer (inferred from the releases), imbot.v2 without Revision.get (a method was found)",
        IM_REVISION_GET,
        "insufficient_scope",
    );
}

#[test]
fn refused_batch_becomes_single_calls() {
    let im = (200, r#"{"result":{"rest":32}}"#);
    for (status, refused) in [
        (404, NOT_FOUND),
        (401, NO_SCOPE),
        (400, r#"{"error":"ERROR_BATCH_METHOD_NOT_ALLOWED"}"#),
        (400, r#"{"error":"SOMETHING_NEW"}"#),
        (400, r#"{"error":""}"#),
        (400, r#"{"error":"100"}"#),
        (403, "<html>"),
        (404, ""),
        (200, r#"{"result":true}"#),
        (200, r#"{"result":[]}"#),
        (200, r#"{"result":{"result":[],"result_error":[]}}"#),
    ] {
        let asked = learns(
            &[(404, NOT_FOUND), (status, refused), im, (404, NOT_FOUND)],
            "REST revision 32 (answered by im.revision.get), no imbot.v2 (a method was not found)",
        );
        assert_eq!(asked, [FIRST, Question::Batch, OLD, LIST], "{refused}");
        let asked = learns(
            &[
                (404, NOT_FOUND),
                (status, refused),
                (200, r#"{"result":{"rest":30}}"#),
            ],
            "REST revision 30 (answered by im.revision.get), no imbot.v2 (inferred from the releases)",
        );
        assert_eq!(asked, [FIRST, Question::Batch, OLD], "{refused}");
        let asked = fails(
            &[
                (404, NOT_FOUND),
                (status, refused),
                (404, NOT_FOUND),
                (404, NOT_FOUND),
            ],
            "neither this nor imbot.v2.Revision.get was found",
        );
        assert_eq!(asked, [FIRST, Question::Batch, OLD, CONTROL], "{refused}");
    }
}

#[test]
fn unanswered_commands_are_sent_singly() {
    let im = (200, r#"{"result":{"rest":32}}"#);
    let none = Value::Null;
    for (replies, questions) in [
        (vec![batch(none.clone(), json!({"bots": []}), time())], vec![OLD]),
        (vec![batch(rest(32), none.clone(), time())], vec![LIST]),
        (vec![batch(none.clone(), none.clone(), time())], vec![OLD, LIST]),
        (vec![batch(rest(32), json!({"bots": []}), none.clone())], vec![]),
    ] {
        let mut played = vec![(404, NOT_FOUND)];
        played.extend(replies.iter().map(|body| (200, body.as_str())));
        for question in &questions {
            played.push(if *question == OLD { im } else { (400, NO_BOT_TOKEN) });
        }
        let asked = learns(
            &played,
            "REST revision 32 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
        );
        assert_eq!(asked[2..], questions);
    }
}

#[test]
fn control_call_verifies_the_address() {
    let not_found = || json!(NOT_FOUND_CODE);
    for (control, portal_answers) in [
        (time(), true),
        (json!("expired_token"), true),
        (not_found(), false),
        (json!("SOMETHING_NEW"), false),
    ] {
        let body = batch(not_found(), not_found(), control.clone());
        let (conclusion, _) = play(&[(404, NOT_FOUND), (200, &body)]);
        let trouble = conclusion.unwrap_err().failure.trouble;
        assert!(
            matches!(trouble, ErrorKind::NothingFound { portal_answers: found } if found == portal_answers),
            "{control}: {trouble:?}"
        );
    }
    // Not to be had from the control call either.
    let body = batch(not_found(), not_found(), Value::Null);
    let (conclusion, asked) = play(&[(404, NOT_FOUND), (200, &body), (502, "<html>")]);
    assert_eq!(asked[2..], [CONTROL]);
    let trouble = conclusion.unwrap_err().failure.trouble;
    assert!(
        matches!(
            trouble,
            ErrorKind::NothingFound {
                portal_answers: false
            }
        ),
        "{trouble:?}"
    );
}

#[test]
fn imbot_v2_counts_without_im() {
    learns_in_part(
        &[
            (404, NOT_FOUND),
            (
                200,
                &batch(json!(NOT_FOUND_CODE), json!("BOT_TOKEN_NOT_SPECIFIED"), time()),
            ),
        ],
        "REST revision 32 or newer (inferred from the releases), imbot.v2 without Revision.get (a method was found)",
        IM_REVISION_GET,
        NOT_FOUND_CODE,
    );
}

#[test]
fn later_failure_keeps_partial_knowledge() {
    let failures = [
        (401, r#"{"error":"NO_AUTH_FOUND"}"#, true),
        (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, false),
        (403, r#"{"error":"PORTAL_DELETED"}"#, false),
        (400, r#"{"error":"SOMETHING_NEW"}"#, false),
        (502, "<html>", false),
        (302, "", false),
    ];
    let none = Value::Null;
    for (status, body, exists) in failures {
        let replies = [
            (404, NOT_FOUND),
            (200, &*batch(rest(32), none.clone(), time())),
            (status, body),
        ];
        let (known, failed) = play(&replies).0.unwrap();
        assert_eq!(known.rest(), Some(32), "{body}");
        assert_eq!(
            known.imbot_v2(),
            exists.then_some(true),
            "{body}: a credential is looked at once there is a method"
        );
        assert_eq!(failed.is_none(), exists, "{body}");
        let replies = [
            (404, NOT_FOUND),
            (200, &*batch(none.clone(), json!(NOT_FOUND_CODE), time())),
            (status, body),
        ];
        let (known, failed) = play(&replies).0.unwrap();
        assert_eq!((known.rest(), known.imbot_v2()), (None, Some(false)), "{body}");
        assert_eq!(failed.unwrap().asked, IM_REVISION_GET, "{body}");
    }
}

#[test]
fn not_found_alone_teaches_nothing() {
    for (status, body, text) in [
        (401, r#"{"error":"expired_token"}"#, "expired_token"),
        (401, r#"{"error":"NO_AUTH_FOUND"}"#, "NO_AUTH_FOUND"),
        (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "QUERY_LIMIT_EXCEEDED"),
        (401, r#"{"error":"OVERLOAD_LIMIT"}"#, "OVERLOAD_LIMIT"),
        (500, r#"{"error":"NEVER_SEEN"}"#, "NEVER_SEEN"),
        (502, "<html>", "an HTML page"),
        (200, "", "an empty body"),
        (200, r#"{"result":{"res"#, "half of a JSON body"),
        (302, "", "it redirects"),
    ] {
        fails(&[(404, NOT_FOUND), (status, body)], text);
    }
    // Without proof of the address, one that is not found proves no more than two.
    let body = batch(json!("SOMETHING_NEW"), json!(NOT_FOUND_CODE), json!("X"));
    fails(&[(404, NOT_FOUND), (200, &body)], "SOMETHING_NEW");
}

#[test]
fn inconclusive_reply_proves_no_old_portal() {
    for (status, body, text) in [
        (401, r#"{"error":"expired_token"}"#, "expired_token"),
        (401, r#"{"error":"NO_AUTH_FOUND"}"#, "NO_AUTH_FOUND"),
        (403, r#"{"error":"INVALID_CREDENTIALS"}"#, "INVALID_CREDENTIALS"),
        (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "QUERY_LIMIT_EXCEEDED"),
        (429, r#"{"error":"OPERATION_TIME_LIMIT"}"#, "OPERATION_TIME_LIMIT"),
        (401, r#"{"error":"OVERLOAD_LIMIT"}"#, "OVERLOAD_LIMIT"),
        (403, r#"{"error":"PORTAL_DELETED"}"#, "PORTAL_DELETED"),
        (400, r#"{"error":"","error_description":"x"}"#, "(no code): x"),
        (
            404,
            "<html><title>404 Not Found</title>",
            "an HTML page titled \"404 Not Found\"",
        ),
        (200, "", "an empty body"),
        (200, r#"{"result":{"rest":3"#, "half of a JSON body"),
        (
            200,
            r#"{"result":{"web":130}}"#,
            "a result without the counter `rest`",
        ),
        (
            200,
            r#"{"result":{"rest":0}}"#,
            "a result without the counter `rest`",
        ),
        (
            200,
            r#"{"result":{"rest":-1}}"#,
            "a result that holds no revisions",
        ),
        (200, r#"{"result":[]}"#, "a result that is no object"),
        (200, r#"{"result":true}"#, "a result that is no object"),
        (302, "", "it redirects"),
    ] {
        assert_eq!(fails(&[(status, body)], text), [FIRST]);
    }
}

#[test]
fn observation_overrides_release_inference() {
    // No release has imbot.v2 below REST revision 32, but the modules are updated apart.
    learns(
        &[(401, NO_SCOPE), (200, r#"{"result":{"rest":30}}"#)],
        "REST revision 30 (answered by im.revision.get), imbot.v2 (a method was found)",
    );
    let body = batch(rest(31), json!({"bots": []}), time());
    learns(
        &[(404, NOT_FOUND), (200, &body)],
        "REST revision 31 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
    );
}

#[test]
fn contradictory_answers_fail_the_probe() {
    // A proxy lower-cases the names in addresses alone.
    for again in [
        rest(36),
        json!("insufficient_scope"),
        json!("OPERATION_TIME_LIMIT"),
    ] {
        let body = batch_with(again, rest(36), json!({"bots": []}), time());
        let asked = fails(
            &[(404, NOT_FOUND), (200, &body), (404, NOT_FOUND)],
            "it was upgraded",
        );
        assert_eq!(asked, [FIRST, Question::Batch, FIRST]);
    }
    // A result of another sort proves nothing against "not found".
    let body = batch_with(json!(true), rest(30), json!(NOT_FOUND_CODE), time());
    learns_in_part(
        &[(404, NOT_FOUND), (200, &body)],
        "REST revision 30 (answered by im.revision.get), no imbot.v2 (a method was not found)",
        REVISION_GET,
        "no object of revisions",
    );
}
