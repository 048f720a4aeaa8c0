//! What is asked once more, and what an answer that is partly wrong still proves.

use super::*;
use crate::revision::Counter;

#[test]
fn upgrade_during_probe_is_detected() {
    let new = (200, r#"{"result":{"rest":36}}"#);
    let text = "REST revision 36 (answered by imbot.v2.Revision.get), imbot.v2";
    let body = batch_with(rest(36), rest(36), json!({"bots": []}), time());
    let asked = learns(&[(404, NOT_FOUND), (200, &body), new], text);
    assert_eq!(asked, [FIRST, Question::Batch, FIRST]);
    // Where batch does not work.
    let asked = learns(&[(404, NOT_FOUND), (403, "<html>"), new, new], text);
    assert_eq!(asked, [FIRST, Question::Batch, OLD, FIRST]);
}

#[test]
fn failed_recheck_keeps_the_number() {
    for (status, body) in [
        (400, r#"{"error":"SOMETHING_NEW"}"#),
        (200, r#"{"result":true}"#),
        (200, r#"{"result":{"rest":31}}"#),
    ] {
        let (conclusion, asked) = play(&[
            (404, NOT_FOUND),
            (403, "<html>"),
            (200, r#"{"result":{"rest":36}}"#),
            (status, body),
            (400, NO_BOT_TOKEN),
        ]);
        let (known, failed) = conclusion.unwrap();
        assert_eq!((known.rest(), known.imbot_v2()), (Some(36), Some(true)), "{body}");
        assert_eq!(failed.unwrap().asked, REVISION_GET, "{body}");
        assert_eq!(asked, [FIRST, Question::Batch, OLD, FIRST, LIST], "{body}");
    }
    // In a batch the number stands as well.
    let body = batch_with(json!("insufficient_scope"), rest(36), json!({"bots": []}), time());
    learns_in_part(
        &[(404, NOT_FOUND), (200, &body), (502, "<html>")],
        "REST revision 36 (answered by im.revision.get), imbot.v2 unknown",
        REVISION_GET,
        "an HTML page",
    );
}

#[test]
fn refused_batch_commands_are_sent_singly() {
    for code in [
        "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "QUERY_LIMIT_EXCEEDED",
        "CONNECTION_ERROR",
        "INTERNAL_SERVER_ERROR",
        "ERROR_CORE",
    ] {
        let body = batch_with(json!(code), json!(code), json!(code), json!(code));
        let asked = learns(
            &[
                (404, NOT_FOUND),
                (200, &body),
                (200, r#"{"result":{"rest":32}}"#),
                (404, NOT_FOUND),
            ],
            "REST revision 32 (answered by im.revision.get), no imbot.v2 (a method was not found)",
        );
        assert_eq!(asked, [FIRST, Question::Batch, OLD, LIST], "{code}");
    }
}

#[test]
fn impossible_revision_is_refused() {
    for rest in [1, 12, 31] {
        let (conclusion, asked) = play(&[(200, &format!(r#"{{"result":{{"rest":{rest}}}}}"#))]);
        let failed = conclusion.unwrap_err();
        assert_eq!(failed.failure.trouble.class(), ProbeErrorClass::Malformed);
        let text = failed.failure.trouble.to_string();
        assert!(text.contains(&format!("reports REST revision {rest}")), "{text}");
        assert_eq!(asked, [FIRST]);
    }
}

#[test]
fn invalid_counter_keeps_the_others() {
    for wrong in [
        json!("many"),
        json!(-1),
        json!(1e99),
        json!({}),
        json!([1]),
        json!(true),
        Value::Null,
    ] {
        for key in ["web", "mobile", "desktop"] {
            let mut result = json!({"rest": 33, "web": 5, "mobile": 5, "desktop": 5});
            result[key] = wrong.clone();
            let body = json!({"result": result}).to_string();
            let (known, failed) = play(&[(200, &body)]).0.unwrap();
            assert!(failed.is_none(), "{body}");
            assert_eq!(known.rest(), Some(33), "{body}");
            for counter in [Counter::Web, Counter::Mobile, Counter::Desktop] {
                assert_eq!(
                    known.get(counter),
                    (counter.as_str() != key).then_some(5),
                    "{body}"
                );
            }
        }
    }
}

/// Values that no REST revision has, and JSON that serde refuses for a number's size.
const WRONG: [&str; 14] = [
    r#""many""#,
    "{}",
    r#"{"rest":36}"#,
    "[36]",
    "-1",
    "10000",
    "33.5",
    "true",
    "null",
    "0",
    "1e99",
    "1e400",
    "-1e400",
    "123456789012345678901234567890",
];

fn others(known: &Knowledge) -> [Option<u16>; 3] {
    [Counter::Web, Counter::Mobile, Counter::Desktop].map(|counter| known.get(counter))
}

#[test]
fn invalid_rest_keeps_the_others() {
    let digits = "7".repeat(400);
    for wrong in WRONG.into_iter().chain([&*digits]) {
        for body in [
            format!(r#"{{"result":{{"rest":{wrong},"web":130,"mobile":23,"desktop":6}}}}"#),
            format!(r#"{{"result":{{"web":130,"mobile":23,"desktop":6,"rest":{wrong}}},"time":{{}}}}"#),
        ] {
            // The other method has the number, or has none either.
            let number = (200, r#"{"result":{"rest":36}}"#);
            for (answer, rest) in [(number, Some(36)), ((404, NOT_FOUND), None), ((200, &body), None)] {
                let (conclusion, asked) = play(&[(200, &body), answer]);
                let (known, failed) = conclusion.unwrap();
                assert_eq!(asked, [FIRST, OLD], "{body}");
                assert_eq!((known.rest(), known.revision_get()), (rest, Some(true)), "{body}");
                assert_eq!(others(&known), [Some(130), Some(23), Some(6)], "{body}");
                let failed = failed.unwrap();
                let text = failed.failure.trouble.to_string();
                assert!(failed.asked == REVISION_GET && text.contains("`rest`"), "{text}");
            }
            // So it is with the older method, in a batch and by itself.
            let alone = play(&[
                (404, NOT_FOUND),
                (403, "<html>"),
                (200, &body),
                (400, NO_BOT_TOKEN),
            ]);
            let inner = body.split_once(':').unwrap().1.rsplit_once('}').unwrap().0;
            let inner = inner.trim_end_matches(r#","time":{}"#);
            let batch = format!(
                r#"{{"result":{{"result":{{"old":{inner},"bots":{{"bots":[]}}}},"result_error":[]}}}}"#
            );
            for (conclusion, asked) in [alone, play(&[(404, NOT_FOUND), (200, &batch)])] {
                let (known, failed) = conclusion.unwrap();
                assert_eq!(
                    (known.rest(), known.imbot_v2()),
                    (None, Some(true)),
                    "{asked:?} {body}"
                );
                assert_eq!(others(&known), [Some(130), Some(23), Some(6)], "{asked:?} {body}");
                let failed = failed.unwrap();
                let text = failed.failure.trouble.to_string();
                assert!(
                    failed.asked == IM_REVISION_GET && text.contains("`rest`"),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn invalid_rest_after_upgrade_keeps_others() {
    let body = r#"{"result":{"rest":"x","web":130}}"#;
    let old = (200, r#"{"result":{"rest":36}}"#);
    let (conclusion, asked) = play(&[(404, NOT_FOUND), (403, "<html>"), old, (200, body)]);
    let (known, failed) = conclusion.unwrap();
    assert_eq!((known.rest(), known.revision_get()), (Some(36), Some(true)));
    assert_eq!(others(&known), [Some(130), None, None]);
    assert_eq!(failed.unwrap().asked, REVISION_GET);
    assert_eq!(asked, [FIRST, Question::Batch, OLD, FIRST]);
}

#[test]
fn huge_number_keeps_other_counters() {
    let digits = "7".repeat(400);
    for large in ["1e400", "-1E+999", &digits] {
        for (body, rest, web) in [
            (
                format!(r#"{{"result":{{"rest":36,"web":{large}}}}}"#),
                Some(36),
                None,
            ),
            (
                format!(r#"{{"result":{{"rest":36,"web":5,"x":[{large}]}},"time":{{"finish":{large}}}}}"#),
                Some(36),
                Some(5),
            ),
        ] {
            let (known, failed) = play(&[(200, &body)]).0.unwrap();
            assert!(failed.is_none(), "{body}");
            assert_eq!((known.rest(), known.get(Counter::Web)), (rest, web), "{body}");
        }
        // Elsewhere in a reply.
        let absent = format!(r#"{{"error":"ERROR_METHOD_NOT_FOUND","error_description":{large}}}"#);
        let text = "REST revision 31 (answered by im.revision.get), no imbot.v2 (inferred from the releases)";
        learns(
            &[
                (404, &absent),
                (403, &format!("[{large}]")),
                (200, r#"{"result":{"rest":31}}"#),
            ],
            text,
        );
    }
}
