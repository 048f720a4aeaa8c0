//! What a user is told of the commands of a batch: as much of adapted ones as of others.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use imbot_caps::Knowledge;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::Call;

use super::*;

/// A portal that answers every request with this result.
#[derive(Clone)]
struct Answers(Arc<Value>);

impl Transport for Answers {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let body = json!({"result": *self.0}).to_string();
        Box::pin(std::future::ready(Ok(Response::new(
            200,
            None,
            body.into_bytes(),
        ))))
    }
}

/// What is told of the command `a`, on a portal with this revision.
async fn told(rest: u16, call: &Call, inner: &Value) -> Option<Reply> {
    let registry = Registry::builder(Answers(Arc::new(inner.clone()))).build();
    let at = Portal::webhook("https://acme.example/rest/1/s3cret/").unwrap();
    let handle = registry.handle(&at);
    handle.pin(Knowledge::pinned(rest));
    let replies = registry.client(&at).batch([("a", call.clone())]).await;
    replies.unwrap().get("a").cloned()
}

fn call(method: &str, fields: Value) -> Call {
    let own = Call::new(method).with("botId", 7).with("botToken", "t");
    own.with("dialogId", "chat5").with("fields", fields)
}

#[tokio::test]
async fn old_portals_return_same_errors() {
    let send = call(SEND, json!({"message": "x"}));
    for error in [
        json!({"error": "QUERY_LIMIT_EXCEEDED", "error_description": "", "retryAfter": 30}),
        json!({"error": "QUERY_LIMIT_EXCEEDED", "retry_after": "2.5"}),
        json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "x".repeat(1_000)}),
        json!({"error": {"code": "ERROR_ARGUMENT", "message": "Which"}}),
        json!({"error": 22002}),
        json!({"error": "", "error_description": "No code"}),
        json!("insufficient_scope"),
        json!({}),
    ] {
        for result in [None, Some(json!(5)), Some(json!(false)), Some(json!(null))] {
            let results = result.iter().map(|result| ("a".to_owned(), result.clone()));
            let results: serde_json::Map<_, _> = results.collect();
            for inner in [
                json!({"result": results, "result_error": {"a": error}}),
                json!({"result": results, "result_error": {"a": error}, "result_time": []}),
            ] {
                let (old, new) = (told(30, &send, &inner).await, told(36, &send, &inner).await);
                if let Some(Reply::Error(_)) = new {
                    assert_eq!(old, new, "{inner}");
                }
            }
        }
    }
    let inner =
        json!({"result": [], "result_error": {"a": {"error": "QUERY_LIMIT_EXCEEDED", "retryAfter": 30}}});
    let Some(Reply::Error(error)) = told(30, &send, &inner).await else {
        panic!()
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn unexpected_older_results_are_errors() {
    for result in [
        json!(false),
        json!({"x": 1}),
        json!(null),
        json!([]),
        json!("chat"),
    ] {
        for inner in [
            json!({"result": {"a": result}, "result_error": []}),
            json!({"result": {"a": result}}),
        ] {
            let reply = told(30, &call(SEND, json!({"message": "x"})), &inner).await;
            let Some(Reply::Error(error)) = reply else {
                panic!("{inner}: {reply:?}")
            };
            assert_eq!(error.code, *"MALFORMED_REPLY", "{inner}");
            assert!(error.description.contains("older method"), "{error}");
            assert!(CallError::Api(error).may_have_run(), "{inner}");
        }
    }
}

#[tokio::test]
async fn split_commands_report_partial_execution() {
    let denied = || json!({"error": "ACCESS_ERROR", "error_description": "No"});
    let call = call("imbot.v2.Chat.update", json!({"title": "a", "color": "RED"}));
    for (results, errors, told_code, has_run) in [
        (
            json!({"a_part1": true}),
            json!({"a_part0": denied()}),
            "ACCESS_DENIED",
            true,
        ),
        (
            json!({"a_part0": true}),
            json!({"a_part1": denied()}),
            "ACCESS_DENIED",
            true,
        ),
        (
            json!({"a_part0": null}),
            json!({"a_part1": denied()}),
            "ACCESS_DENIED",
            true,
        ),
        (
            json!({"a_part0": true}),
            json!({"a_part0": denied()}),
            "ACCESS_DENIED",
            true,
        ),
        (
            json!({"a_part0": true}),
            json!({"a_part1": {"error": ""}}),
            "",
            true,
        ),
        (json!({"a_part0": true}), json!([]), "MALFORMED_REPLY", true),
        (json!({"a_part0": null}), json!([]), "MALFORMED_REPLY", true),
        (json!({"a_part1": true}), json!([]), "MALFORMED_REPLY", true),
        (json!([]), json!({"a_part0": denied()}), "ACCESS_DENIED", false),
        (json!([]), json!({"a_part1": denied()}), "ACCESS_DENIED", false),
        (
            json!([]),
            json!({"a_part0": denied(), "a_part1": denied()}),
            "ACCESS_DENIED",
            false,
        ),
    ] {
        let inner = json!({"result": results, "result_error": errors});
        let reply = told(30, &call, &inner).await;
        let Some(Reply::Error(error)) = reply else {
            panic!("{inner}: {reply:?}")
        };
        assert_eq!(error.code, *told_code, "{inner}");
        assert_eq!(error.has_result, has_run, "{inner}");
        let class = if has_run {
            ErrorClass::Other
        } else {
            ErrorClass::Credential
        };
        assert_eq!(error.class(), class, "{inner}");
        assert_eq!(CallError::Api(error).may_have_run(), has_run, "{inner}");
    }
    let inner = json!({"result": {"a_part0": true, "a_part1": true}, "result_error": []});
    assert_eq!(
        told(30, &call, &inner).await,
        Some(Reply::Result(json!({"result": true})))
    );
    let inner = json!({"result": {"other": true}, "result_error": []});
    assert_eq!(told(30, &call, &inner).await, None, "no part has run");
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn middleware_reports_partial_execution() {
    for (fails, has_run) in [
        ("imbot.chat.updateTitle", false),
        ("imbot.chat.updateColor", true),
    ] {
        let portal = portal(Build::rest(30)).await;
        let client = client(&portal);
        let id = bot(&client).await;
        let own = |dialog: &Value, fields: Value| json!({"botId": id, "botToken": "old", "dialogId": dialog, "fields": fields});
        let fields = json!({"title": "Team", "userIds": [1]});
        let made = client
            .call("imbot.v2.Chat.add", own(&Value::Null, fields))
            .await
            .unwrap();
        portal.fault(Fault::error("ACCESS_ERROR").on(fails).inside_batch());
        let http = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
            .with(imbot_caps::gate::GateMiddleware::new(client.gate()))
            .build();
        let params = own(&made["chat"]["dialogId"], json!({"title": "a", "color": "mint"}));
        let request = http
            .post(format!("{}imbot.v2.Chat.update", portal.webhook_url()))
            .header("content-type", "application/json")
            .body(params.to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400);
        let reply = Reply::read(400, None, &response.bytes().await.unwrap());
        let Reply::Error(error) = reply else {
            panic!("{reply:?}")
        };
        assert_eq!(
            (error.code.to_string(), error.has_result),
            ("ACCESS_DENIED".to_owned(), has_run)
        );
        assert_eq!(portal.chats().iter().any(|chat| chat.title == "a"), has_run);
    }
}
