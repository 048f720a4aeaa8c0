use serde_json::json;

use super::*;
use crate::wire::redact::TEXT_LIMIT;

fn error(status: u16, body: &str) -> ApiError {
    match Reply::read(status, None, body.as_bytes()) {
        Reply::Error(error) => error,
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn results() {
    for body in [
        r#"{"result":{"rest":33},"time":{}}"#,
        "\u{feff}  {\"result\":{\"rest\":33}}\r\n",
    ] {
        let Reply::Result(result) = Reply::read(200, None, body.as_bytes()) else {
            panic!("{body}");
        };
        assert_eq!(result["rest"], 33);
    }
    assert_eq!(
        Reply::read(200, None, br#"{"result":null}"#),
        Reply::Result(Value::Null)
    );
}

#[test]
fn body_alone_identifies_errors() {
    for status in [200, 302, 401, 403, 404, 500] {
        let found = error(status, r#"{"error":"insufficient_scope","error_description":""}"#);
        assert_eq!((found.class(), found.status), (ErrorClass::Scope, status));
    }
    for (body, code) in [
        (r#"{"error":"","error_description":"x"}"#, ""),
        (r#"{"error":"0"}"#, "0"),
        (r#"{"error":22002}"#, "22002"),
        (r#"{"error":null}"#, ""),
        (
            r#"{"error":{"code":"expired_token","message":"m"}}"#,
            "expired_token",
        ),
        (r#"{"error":{"message":"m"}}"#, ""),
        (r#"{"result":[],"error":"X"}"#, "X"),
        (r#"{"error":false}"#, ""),
        (r#"{"error":[]}"#, ""),
        (r#"{"error":{}}"#, ""),
        (r#"{"error":["X","Y"]}"#, "X"),
        (r#"{"error":[{"code":"X"}]}"#, "X"),
        (r#"{"error":[["X"]]}"#, ""),
    ] {
        assert_eq!(error(200, body).code, code, "{body}");
    }
    assert_eq!(
        error(200, r#"{"error":{"code":"A","message":"m"}}"#).description,
        "m"
    );
}

#[test]
fn time_of_reset_is_read() {
    for (time, reset) in [
        (r#"{"operating_reset_at":1775088600}"#, Some(1_775_088_600)),
        (r#"{"operating_reset_at":"1775088600"}"#, Some(1_775_088_600)),
        (r#"{"operating_reset_at":1775088599.5}"#, Some(1_775_088_600)),
        (r#"{"operating_reset_at":"1.7750886e9"}"#, Some(1_775_088_600)),
        (r#"{"operating_reset_at":1e400}"#, Some(253_402_300_799)),
        (r#"{"operating_reset_at":"soon"}"#, None),
        (r#"{"operating_reset_at":"nan"}"#, None),
        (r#"{"operating_reset_at":-1}"#, None),
        ("[]", None),
        ("null", None),
    ] {
        let body = format!(r#"{{"error":"OPERATION_TIME_LIMIT","time":{time}}}"#);
        assert_eq!(error(429, &body).reset_at, reset, "{time}");
    }
    assert_eq!(error(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#).reset_at, None);
}

#[test]
fn compressed_body_is_named() {
    for body in [&[0x1f, 0x8b, 8, 0][..], &[0x28, 0xb5, 0x2f, 0xfd, 0]] {
        let Reply::Malformed(found) = Reply::read(200, None, body) else {
            panic!("{body:?}");
        };
        assert_eq!(found.what, "a compressed body");
    }
}

#[test]
fn non_api_bodies_are_described() {
    for (status, body, what) in [
        (200, "", "an empty body"),
        (
            502,
            "<html><head><title>502 Bad Gateway</title>",
            "an HTML page titled \"502 Bad Gateway\"",
        ),
        (200, "<!doctype html><p>", "an HTML page"),
        (404, "<title>/rest/1/s3cret/x not found</title>", "an HTML page"),
        (304, "", "a redirect with status 304, by which no portal moves"),
        (404, "<title></title>", "an HTML page"),
        (
            404,
            "<title>Words of 15 letters abcdefghijklmno</title>",
            "an HTML page titled \"Words of 15 letters abcdefghijklmno\"",
        ),
        (404, "<title>Not found: 0123456789abcdef</title>", "an HTML page"),
        (200, r#"{"result":{"rest":3"#, "half of a JSON body (19 bytes)"),
        (200, "Fatal error", "11 bytes that are not JSON"),
        (200, "[1]", "JSON that is no object"),
        (200, "{}", "a JSON object with neither `result` nor `error`"),
        (200, "\u{0130}<title>", "9 bytes that are not JSON"),
    ] {
        let Reply::Malformed(found) = Reply::read(status, None, body.as_bytes()) else {
            panic!("{body}");
        };
        assert_eq!(found.what, what, "{body}");
    }
}

#[test]
fn strange_codes_are_cut_and_cleaned() {
    let long = "A".repeat(10 * CODE_LIMIT);
    for (sent, most) in [(long.as_str(), CODE_LIMIT + 3), ("NO\\u0007PE", 8)] {
        let body = format!("{{\"error\": \"{sent}\"}}");
        let Reply::Error(error) = Reply::read(400, None, body.as_bytes()) else {
            panic!("{sent}");
        };
        let code = error.code.as_str();
        assert!(code.len() <= most && !code.contains('\u{7}'), "{code}");
    }
}

#[test]
fn redirects() {
    let reply = Reply::read(302, Some("https://new.example/rest/"), b"<html>");
    assert_eq!(
        reply,
        Reply::Redirect {
            location: Some("https://new.example/rest/".into())
        }
    );
    assert_eq!(
        format!("{reply:?}"),
        "Redirect(..)",
        "a location may repeat the webhook's code"
    );
    for status in [301, 302, 307, 308] {
        assert_eq!(Reply::read(status, None, b""), Reply::Redirect { location: None });
        let far = format!("https://{}/", "x".repeat(300_000));
        assert_eq!(
            Reply::read(status, Some(&far), b""),
            Reply::Redirect { location: None }
        );
    }
}

#[test]
fn other_redirects_are_malformed() {
    for status in [300, 303, 304, 305, 306, 309, 399] {
        let reply = Reply::read(status, Some("https://new.example/rest/"), b"<html>");
        assert!(
            matches!(&reply, Reply::Malformed(found) if found.status == status),
            "{reply:?}"
        );
    }
}

#[test]
fn result_beats_empty_error() {
    for result in [
        json!({"id": 7}),
        json!(null),
        json!([]),
        json!(false),
        json!(0),
        json!(""),
    ] {
        for error in [
            json!(null),
            json!(""),
            json!(" "),
            json!(false),
            json!(0),
            json!(0.0),
            json!([]),
            json!({}),
        ] {
            for body in [
                json!({"result": result, "error": error}),
                json!({"error": error, "result": result, "error_description": ""}),
            ] {
                let reply = Reply::read(200, None, body.to_string().as_bytes());
                assert_eq!(reply, Reply::Result(result.clone()), "{body}");
            }
            // A text says that something failed, unless there is something to show.
            let body = json!({"result": result, "error": error, "error_description": "No"});
            let reply = Reply::read(200, None, body.to_string().as_bytes());
            assert_eq!(matches!(reply, Reply::Error(_)), result.is_null(), "{body}");
        }
    }
}

#[test]
fn error_beside_result_proves_nothing() {
    for code in [
        "ERROR_METHOD_NOT_FOUND",
        "expired_token",
        "insufficient_scope",
        "X",
    ] {
        for spelled in [json!(code), json!({"code": code}), json!([code])] {
            for status in [200, 404, 503] {
                for result in [json!({"id": 7}), json!([]), json!(false), json!(0)] {
                    let found = error(status, &json!({"result": result, "error": spelled}).to_string());
                    assert!(found.has_result && found.code == code);
                    assert_eq!(found.class(), ErrorClass::Other, "{spelled} {status}");
                    assert!(!found.proves_method());
                }
                let found = error(status, &json!({"result": null, "error": spelled}).to_string());
                assert!(!found.has_result);
                assert_eq!(found.code.class(), ErrorCode::new(code).class());
            }
        }
    }
}

#[test]
fn member_named_twice_is_malformed() {
    for body in [
        r#"{"result":{"id":7},"result":null,"error":"ERROR_METHOD_NOT_FOUND"}"#,
        r#"{"error":"ERROR_METHOD_NOT_FOUND","error":"X"}"#,
        r#"{"error":"X","error":null,"result":1}"#,
    ] {
        let Reply::Malformed(found) = Reply::read(200, None, body.as_bytes()) else {
            panic!("{body}");
        };
        assert_eq!(found.what, "a JSON object that names one of its members twice");
    }
}

#[test]
fn body_wait_is_clamped() {
    for (told, seconds) in [
        (json!(12), Some(12.0)),
        (json!("12"), Some(12.0)),
        (json!(" 12 "), Some(12.0)),
        (json!(1.5), Some(1.5)),
        (json!(0), Some(0.0)),
        (json!(u64::MAX), Some(86_400.0)),
        (json!("99999999999999999999999"), Some(86_400.0)),
        (json!(1e300), Some(86_400.0)),
        (json!("1e400"), Some(86_400.0)),
        (json!("1e3"), Some(1_000.0)),
        (json!("2.5"), Some(2.5)),
        (json!("inf"), None),
        (json!("1-2"), None),
        (json!(-1), None),
        (json!("-1"), None),
        (json!("soon"), None),
        (json!(""), None),
        (json!(null), None),
        (json!([12]), None),
    ] {
        for name in ["retryAfter", "retry_after"] {
            let body = json!({"error": "OPERATION_TIME_LIMIT", name: told}).to_string();
            let found = error(429, &body).retry_after();
            assert_eq!(found.map(|wait| wait.as_secs_f64()), seconds, "{body}");
        }
    }
}

#[test]
fn long_descriptions_are_truncated() {
    let body = format!(r#"{{"error":"X","error_description":"{}"}}"#, "é\\n".repeat(500));
    let found = error(400, &body);
    assert_eq!(found.description.chars().count(), TEXT_LIMIT / 2 + 1);
    assert!(!found.description.contains('\n'));
}

#[test]
fn no_reply_makes_large_error() {
    for text in ["x", "é", "\u{301}", "\"", "\\", "😀", "\u{1}"] {
        let text = text.repeat(20_000);
        for body in [
            json!({"error": text, "error_description": text}),
            json!({"error": {"code": text, "message": text}}),
            json!({"error": [text], "error_description": {"deep": text}}),
            json!({text.clone(): text}),
            json!(text),
        ] {
            for status in [200, 302, 303, 400, 404, 502] {
                let location = format!("https://{}/", "a".repeat(300_000));
                let reply = Reply::read(status, Some(&location), body.to_string().as_bytes());
                assert!(format!("{reply:?}").len() <= 1_024);
                if let Reply::Error(error) = reply {
                    assert!(error.to_string().len() <= 1_024);
                    assert!(format!("{error:?}").len() <= 1_024);
                }
            }
        }
    }
}
