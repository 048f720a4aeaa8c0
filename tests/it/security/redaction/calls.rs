//! What a call gives is hidden in its errors, and decides nothing in a batch.

use super::*;

/// What comes of one command that is refused with this error.
async fn command(error: Value, token: &str) -> (BatchReplies, Value) {
    let answers = Answers::new(move |method| match method {
        "imbot.v2.Revision.get" => (200, json!({"result": {"rest": 36}})),
        _ => (
            200,
            json!({"result": {"result": [], "result_error": {"one": error}}}),
        ),
    });
    let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
    let client = answers.registry().client(&portal);
    let call = Call::new("imbot.v2.Bot.list").with("botToken", token);
    let replies = client.batch([("one", call)]).await.unwrap();
    let raw = json!({"cmd": {"one": format!("imbot.v2.Bot.list?botToken={token}")}});
    (replies, client.call("batch", raw).await.unwrap())
}

#[tokio::test(start_paused = true)]
async fn batch_waits_survive_redaction() {
    for (wait, token, expected) in [
        (json!(12_345_678), "12345678", Some(86_400.0)),
        (json!(12_345_678), NOWHERE, Some(86_400.0)),
        (json!("12345678"), "12345678", Some(86_400.0)),
        (json!(12.345_678), "12.345678", Some(12.345)),
        (json!(1e300), "1e300", Some(86_400.0)),
        (json!("1e400"), NOWHERE, Some(86_400.0)),
        (json!("2.5"), NOWHERE, Some(2.5)),
        (json!("later"), NOWHERE, None),
    ] {
        for name in ["retryAfter", "retry_after"] {
            let error = json!({"error": "QUERY_LIMIT_EXCEEDED", "error_description": "", name: wait});
            let (replies, raw) = command(error, token).await;
            let Some(Reply::Error(error)) = replies.get("one") else {
                panic!("{replies:?}");
            };
            let found = error.retry_after().map(|wait| wait.as_secs_f64());
            assert_eq!(found, expected, "{wait} with {token}");
            let shown = format!("{replies:?} {raw}");
            assert!(token.len() < 8 || !shown.contains(token), "{shown}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn call_secrets_are_redacted() {
    const SECRET: &str = "zz-user-token-99";
    let answers = Answers::new(|method| {
        let error = json!({"error": "X", "error_description": format!("bad {SECRET}")});
        match method {
            "imbot.v2.Revision.get" => (200, json!({"result": {"rest": 36}})),
            "batch" => (
                200,
                json!({"result": {"result": [], "result_error": {"one": error}}}),
            ),
            _ => (400, error),
        }
    });
    let portal = Portal::webhook("https://acme.example/rest/1/c0dec0de/").unwrap();
    let client = answers.registry().client(&portal);
    let names = [
        "auth",
        "AUTH",
        "access_token",
        "accessToken",
        "refresh_token",
        "botToken",
        "BOT_TOKEN",
        "bot_token",
        "clientId",
        "CLIENT_ID",
        "client_secret",
        "application_token",
    ];
    let mut calls = Vec::new();
    for name in names {
        calls.extend([
            json!({name: SECRET}),
            json!({"fields": {name: SECRET}}),
            json!({"FIELDS": {"auth": {name: SECRET}}}),
            json!({"fields": {"webhookUrl": format!("https://x.example/?a=1&{name}={SECRET}#b")}}),
        ]);
    }
    for params in calls {
        let error = client
            .call("imbot.v2.Bot.list", params.clone())
            .await
            .unwrap_err();
        let call = Call::with_params("imbot.v2.Bot.list", params.as_object().unwrap().clone());
        let replies = client.batch([("one", call)]).await.unwrap();
        for shown in [format!("{error} {error:?}"), format!("{replies:?}")] {
            assert!(shown.contains("bad …"), "{params}: {shown}");
        }
    }
}
