use super::*;

const NOT_FOUND: &str = r#"{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}"#;
const NO_SCOPE: &str = r#"{"error":"insufficient_scope","error_description":""}"#;
const NO_BOT_TOKEN: &str = r#"{"error":"BOT_TOKEN_NOT_SPECIFIED","error_description":""}"#;

/// Plays the replies in order; what came of it, and what was asked.
fn play(replies: &[(u16, &str)]) -> (Result<Knowledge, Trouble>, Vec<&'static str>) {
    let mut inquiry = Inquiry::new();
    let mut asked = Vec::new();
    for (status, body) in replies {
        asked.push(inquiry.question());
        match inquiry.answer(Reply::read(*status, None, body.as_bytes())) {
            Ok(Next::Ask(next)) => inquiry = next,
            Ok(Next::Done(known)) => return (Ok(known), asked),
            Err(trouble) => return (Err(trouble), asked),
        }
    }
    panic!("it asks on: {asked:?}");
}

#[track_caller]
fn learns(replies: &[(u16, &str)], text: &str) {
    let (known, asked) = play(replies);
    assert_eq!(known.unwrap().to_string(), text);
    assert_eq!(asked.len(), replies.len(), "{asked:?}");
}

#[track_caller]
fn fails(replies: &[(u16, &str)], text: &str) {
    let (known, asked) = play(replies);
    let trouble = known.unwrap_err();
    assert!(trouble.to_string().contains(text), "{trouble}");
    assert_eq!(asked.len(), replies.len(), "{asked:?}");
}

#[test]
fn a_current_portal_takes_one_question() {
    for rest in [31, 32, 33, 36, 41] {
        let (known, asked) = play(&[(200, &format!(r#"{{"result":{{"rest":{rest},"web":130}}}}"#))]);
        let known = known.unwrap();
        assert_eq!((known.rest(), known.revision_get()), (Some(rest), Some(true)));
        assert_eq!(asked, [REVISION_GET]);
    }
}

#[test]
fn an_old_portal_takes_two() {
    for absent in [
        NOT_FOUND,
        r#"{"error":"22002","error_description":""}"#,
        r#"{"error":"2210204","error_description":""}"#,
        r#"{"error":"2210205","error_description":""}"#,
    ] {
        for status in [200, 400, 404] {
            learns(
                &[
                    (status, absent),
                    (200, r#"{"result":{"rest":30,"web":130,"mobile":19}}"#),
                ],
                "REST revision 30 (answered by im.revision.get), no imbot.v2 (inferred from the releases)",
            );
        }
    }
}

#[test]
fn revision_32_takes_three() {
    let im = (200, r#"{"result":{"rest":32}}"#);
    learns(
        &[(404, NOT_FOUND), im, (404, NOT_FOUND)],
        "REST revision 32 (answered by im.revision.get), no imbot.v2 (a method was not found)",
    );
    for exists in [
        r#"{"result":{"bots":[]}}"#,
        NO_BOT_TOKEN,
        NO_SCOPE,
        r#"{"error":"CLIENT_ID_NOT_SPECIFIED"}"#,
    ] {
        learns(
            &[(404, NOT_FOUND), im, (400, exists)],
            "REST revision 32 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
        );
    }
    learns(
        &[(404, NOT_FOUND), im, (400, r#"{"error":"SOMETHING_NEW"}"#)],
        "REST revision 32 (answered by im.revision.get), imbot.v2 unknown but without Revision.get (a method was not found)",
    );
}

#[test]
fn a_newer_im_beside_an_older_imbot() {
    let im = (200, r#"{"result":{"rest":33}}"#);
    learns(
        &[(404, NOT_FOUND), im, (404, NOT_FOUND)],
        "REST revision 33 (answered by im.revision.get), no imbot.v2 (a method was not found)",
    );
    learns(
        &[(404, NOT_FOUND), im, (400, NO_BOT_TOKEN)],
        "REST revision 33 (answered by im.revision.get), imbot.v2 without Revision.get (a method was found)",
    );
}

#[test]
fn a_missing_scope_proves_the_method() {
    learns(
        &[(401, NO_SCOPE), (200, r#"{"result":{"rest":36}}"#)],
        "REST revision 36 (answered by im.revision.get), imbot.v2 (a method was found)",
    );
    learns(
        &[(401, NO_SCOPE), (403, NO_SCOPE)],
        "REST revision 32 or newer (inferred from the releases), imbot.v2 (a method was found)",
    );
    // Without scope `im` an old portal tells no number, but whether it has the API.
    learns(
        &[(404, NOT_FOUND), (401, NO_SCOPE), (404, NOT_FOUND)],
        "unknown REST revision, no imbot.v2 (a method was not found)",
    );
}

#[test]
fn what_proves_nothing_is_never_an_old_portal() {
    fails(
        &[(404, NOT_FOUND), (404, NOT_FOUND)],
        "neither this nor imbot.v2.Revision.get was found",
    );
    for (status, body, text) in [
        (401, r#"{"error":"expired_token"}"#, "expired_token"),
        (401, r#"{"error":"NO_AUTH_FOUND"}"#, "NO_AUTH_FOUND"),
        (403, r#"{"error":"INVALID_CREDENTIALS"}"#, "INVALID_CREDENTIALS"),
        (503, r#"{"error":"QUERY_LIMIT_EXCEEDED"}"#, "QUERY_LIMIT_EXCEEDED"),
        (429, r#"{"error":"OPERATION_TIME_LIMIT"}"#, "OPERATION_TIME_LIMIT"),
        (401, r#"{"error":"OVERLOAD_LIMIT"}"#, "OVERLOAD_LIMIT"),
        (403, r#"{"error":"PORTAL_DELETED"}"#, "PORTAL_DELETED"),
        (
            500,
            r#"{"error":"INTERNAL_SERVER_ERROR"}"#,
            "INTERNAL_SERVER_ERROR",
        ),
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
            429,
            "<title>429 Too Many Requests</title>",
            "429 Too Many Requests",
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
        fails(&[(status, body)], text);
        fails(&[(404, NOT_FOUND), (status, body)], text);
        if !body.contains("result") && !body.contains(r#""error":"""#) {
            fails(
                &[
                    (404, NOT_FOUND),
                    (200, r#"{"result":{"rest":32}}"#),
                    (status, body),
                ],
                text,
            );
        }
    }
}

#[test]
fn answers_that_contradict_each_other_are_no_answer() {
    fails(
        &[(401, NO_SCOPE), (200, r#"{"result":{"rest":30}}"#)],
        "it was upgraded, restored or replaced",
    );
}
