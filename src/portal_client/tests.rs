//! Calls of emulated portals, over the wire: what was sent, and how often.

use std::pin::Pin;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::*;
use crate::clock::SystemClock;
use crate::portal::{StaticToken, TokenSource};
use crate::transport::{REPLY_LIMIT, ReqwestTransport, Response};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, OauthToken};

mod moves;

const REGISTER: &str = "imbot.v2.Bot.register";

/// Somebody who calls.
struct Stage {
    transport: Box<dyn Transport>,
    redirects: Redirects,
    budget: Budget,
    timeout: Option<Duration>,
}

impl Default for Stage {
    fn default() -> Self {
        Self {
            transport: Box::new(ReqwestTransport::untimed()),
            redirects: Redirects::deny(),
            budget: Budget::SMALL,
            timeout: None,
        }
    }
}

impl Stage {
    fn caller<'p>(&'p self, portal: &'p Portal) -> PortalClient<'p> {
        let terms = CallOptions {
            transport: &*self.transport,
            clock: &SystemClock,
            redirects: &self.redirects,
            budget: self.budget,
            reply_memory: None,
            timeout: self.timeout,
        };
        PortalClient::new(terms, portal)
    }
}

fn webhook(url: &str) -> Portal {
    Portal::builder().allow_http().webhook(url).unwrap()
}

fn oauth(emulated: &EmulatedPortal, tokens: impl TokenSource) -> Portal {
    let portal = Portal::builder().allow_http();
    portal.oauth(&emulated.rest_url(), tokens).unwrap()
}

fn of(method: &str, params: &Map<String, Value>) -> Call {
    Call::with_params(method, params.clone())
}

/// A call that is not to be made twice.
fn register() -> Map<String, Value> {
    let fields = json!({"code": "ann", "botToken": "b0t", "properties": {"name": "Ann"}});
    Map::from_iter([("fields".to_owned(), fields)])
}

async fn call(caller: &mut PortalClient<'_>) -> Reply {
    caller
        .call(&of(REGISTER, &register()), false)
        .await
        .unwrap()
        .reply
}

/// The tokens of the calls since the last look.
fn sent(emulated: &EmulatedPortal) -> Vec<String> {
    let requests = emulated.take_requests().into_iter();
    let tokens = requests.map(|request| {
        let mut params = register();
        let auth = request.params["auth"].as_str().unwrap().to_owned();
        params.insert("auth".to_owned(), Value::from(&*auth));
        assert_eq!(
            (&*request.method, request.params),
            (REGISTER, Value::Object(params))
        );
        auth
    });
    tokens.collect()
}

/// Gives the second token for the first, and none for the second.
struct TwoTokens;

impl TokenSource for TwoTokens {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let token = match expired.map(AccessToken::expose) {
            None => Ok(AccessToken::new("first")),
            Some("first") => Ok(AccessToken::new("second")),
            Some(_) => Err(TokenError::new("there is no third")),
        };
        Box::pin(std::future::ready(token))
    }
}

#[tokio::test]
async fn only_auth_parameter_is_replaced() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.add_token(OauthToken::new("t0ken", "app.1"));
    let given = json!({"auth": "of the user's", "n": 1, "b": true, "none": null, "deep": [{"auth": "x"}]});
    let Value::Object(params) = &given else {
        unreachable!()
    };
    for (portal, auth) in [
        (webhook(emulated.webhook_url()), "of the user's"),
        (oauth(&emulated, StaticToken::new("t0ken")), "t0ken"),
    ] {
        let stage = Stage::default();
        stage
            .caller(&portal)
            .call(&of("profile", params), false)
            .await
            .unwrap();
        let requests = emulated.take_requests();
        let [request] = &*requests else {
            panic!("{requests:?}")
        };
        let mut expected = given.clone();
        expected["auth"] = auth.into();
        assert_eq!((&*request.method, &request.params), ("profile", &expected));
    }
}

#[tokio::test]
async fn expired_token_resends_the_call_once() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.add_token(OauthToken::new("first", "app.1").expired());
    emulated.add_token(OauthToken::new("second", "app.1"));
    let (stage, portal) = (Stage::default(), oauth(&emulated, TwoTokens));
    let mut caller = stage.caller(&portal);
    let reply = call(&mut caller).await;
    assert!(matches!(reply, Reply::Result(_)), "{reply:?}");
    assert_eq!(sent(&emulated), ["first", "second"]);
    assert_eq!(emulated.bots().len(), 1, "the refused call made none");

    // The new one serves on; that it expires in turn is an answer.
    emulated.expire_token("second");
    let reply = call(&mut caller).await;
    assert!(
        matches!(&reply, Reply::Error(error) if error.class() == ErrorClass::Expired),
        "{reply:?}"
    );
    assert_eq!(sent(&emulated), ["second"]);
}

#[tokio::test]
async fn no_token_means_no_reply() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.add_token(OauthToken::new("second", "app.1").expired());
    let portal = oauth(&emulated, StaticToken::new("second"));
    let stage = Stage::default();
    let mut caller = stage.caller(&portal);
    for _ in 0..2 {
        let none = caller.call(&of(REGISTER, &register()), false).await.unwrap_err();
        assert!(matches!(&none, NoReply::Token(error) if error.to_string().contains("has expired")));
        assert!(!caller.waits_for_token());
        assert_eq!(sent(&emulated), ["second"]);
    }
}

#[tokio::test]
async fn webhook_expired_token_is_not_retried() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    emulated.fault(Fault::error("expired_token"));
    let (stage, portal) = (Stage::default(), webhook(emulated.webhook_url()));
    assert!(matches!(call(&mut stage.caller(&portal)).await, Reply::Error(_)));
    assert_eq!(emulated.take_requests().len(), 1);
}

#[tokio::test]
async fn other_failures_are_not_resent() {
    let emulator = Emulator::start().await.unwrap();
    let stage = Stage::default();
    for fault in [
        Fault::lose_answer(),
        Fault::half_body(),
        Fault::hang_up(),
        Fault::reset(),
    ] {
        let emulated = emulator.portal(Build::rest(36));
        let portal = webhook(emulated.webhook_url());
        let mut caller = stage.caller(&portal);
        // The second goes over a connection that was used before.
        for time in [1, 2] {
            emulated.fault(fault.clone().once());
            let none = caller.call(&of(REGISTER, &register()), false).await.unwrap_err();
            assert!(
                matches!(none, NoReply::Transport(TransportError::Broken(_))),
                "{none:?}"
            );
            assert_eq!(emulated.take_requests().len(), 1, "{fault:?}, time {time}");
            caller.call(&of("profile", &Map::new()), false).await.unwrap();
            emulated.take_requests();
        }
    }
    for fault in [
        Fault::error("QUERY_LIMIT_EXCEEDED"),
        Fault::error("OPERATION_TIME_LIMIT"),
        Fault::error("OVERLOAD_LIMIT"),
        Fault::error("INTERNAL_SERVER_ERROR"),
        Fault::error("NEVER_SEEN"),
        Fault::error("ERROR_METHOD_NOT_FOUND"),
        Fault::error("NO_AUTH_FOUND"),
        Fault::html(502),
        Fault::html(408),
        Fault::empty_body(),
        Fault::redirect("/bitrix/coupon_activation.php"),
    ] {
        let emulated = emulator.portal(Build::rest(36));
        emulated.fault(fault.clone());
        let portal = webhook(emulated.webhook_url());
        let reply = call(&mut stage.caller(&portal)).await;
        assert!(!matches!(reply, Reply::Result(_)), "{fault:?}");
        assert_eq!(emulated.take_requests().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn any_reply_reports_retry_after() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let (stage, portal) = (Stage::default(), webhook(emulated.webhook_url()));
    let body = json!({"error": "OPERATION_TIME_LIMIT", "time": {"operating_reset_at": 95_617_584_000_u64}});
    let seconds = |wait: Value| json!({"error": "QUERY_LIMIT_EXCEEDED", "retryAfter": wait});
    for (fault, expected) in [
        (Fault::result(json!(1)).header("Retry-After", "7"), Some(7)),
        (Fault::error("NEVER_SEEN").header("Retry-After", "7"), Some(7)),
        (Fault::json(429, &body), Some(86_400)),
        (
            Fault::error("X").header("Retry-After", "18446744073709551615"),
            Some(86_400),
        ),
        (Fault::json(429, &seconds(json!(12))), Some(12)),
        (Fault::json(429, &seconds(json!("12"))), Some(12)),
        // The longest of several.
        (
            Fault::json(429, &seconds(json!(12))).header("Retry-After", "7"),
            Some(12),
        ),
        (
            Fault::json(429, &seconds(json!(7))).header("Retry-After", "12"),
            Some(12),
        ),
        (Fault::error("QUERY_LIMIT_EXCEEDED"), None),
    ] {
        emulated.clear_faults();
        emulated.fault(fault);
        let exchange = stage
            .caller(&portal)
            .call(&of("profile", &Map::new()), false)
            .await
            .unwrap();
        let told = exchange.retry_after.map(|wait| wait.as_secs());
        assert_eq!(told, expected, "{exchange:?}");
    }
}

#[tokio::test]
async fn only_errors_are_redacted() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let url = emulated.webhook_url();
    let code = url.rsplit('/').nth(1).unwrap();
    assert!(code.len() >= 8);
    let (stage, portal) = (Stage::default(), webhook(url));
    let mut caller = stage.caller(&portal);

    let link = json!({"downloadUrl": format!("{url}download/?token=imbot|7"), code: [code.to_uppercase()]});
    emulated.fault(Fault::result(link.clone()).once());
    let reply = call(&mut caller).await;
    assert_eq!(reply, Reply::Result(link));

    // The long one is cut in the middle of the code.
    for pad in ["", &"x".repeat(195), &"x".repeat(395)] {
        let body = json!({"error": code, "error_description": format!("{pad}{url} is wrong")});
        emulated.fault(Fault::json(400, &body).once());
        let Reply::Error(error) = call(&mut caller).await else {
            panic!("{body}");
        };
        assert!(error.code == *code, "as it came");
        assert_eq!(error.code.to_string(), "…");
        assert!(!format!("{error:?}").contains(code), "{error:?}");
        assert!(!error.description.contains(code.get(..4).unwrap()), "{error}");
    }
}

#[tokio::test]
async fn call_limits_reply_length() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let portal = webhook(emulated.webhook_url());
    for (length, limit, whole) in [
        (1 << 20, 16 << 20, true),
        (1 << 20, 1 << 20, true),
        (1 << 20, (1 << 20) - 1, false),
        (1 << 20, REPLY_LIMIT, false),
    ] {
        emulated.clear_faults();
        emulated.fault(Fault::big_body(length));
        let mut stage = Stage {
            budget: Budget::CALL,
            ..Stage::default()
        };
        stage.budget.bytes = limit;
        match stage
            .caller(&portal)
            .call(&of(REGISTER, &register()), false)
            .await
        {
            Ok(exchange) => assert!(whole && matches!(exchange.reply, Reply::Result(_)), "{limit}"),
            Err(none) => assert!(
                !whole
                    && matches!(none, NoReply::Transport(TransportError::TooLong { limit: own }) if own == limit),
                "{limit}: {none:?}"
            ),
        }
        assert_eq!(emulated.take_requests().len(), 1);
    }
}

#[tokio::test]
async fn call_timeout_replaces_client_timeout() {
    let emulated = Emulator::start_single(Build::rest(36)).await.unwrap();
    let portal = webhook(emulated.webhook_url());
    let client = |timeout: Option<Duration>| {
        let client = reqwest::Client::builder().no_proxy();
        let client = timeout.into_iter().fold(client, reqwest::ClientBuilder::timeout);
        ReqwestTransport::with_client(client.build().unwrap())
    };
    // A client that has no time at all.
    let mut stage = Stage {
        transport: Box::new(client(Some(Duration::ZERO))),
        ..Stage::default()
    };
    let none = stage
        .caller(&portal)
        .call(&of(REGISTER, &register()), false)
        .await
        .unwrap_err();
    assert!(
        matches!(none, NoReply::Transport(TransportError::Timeout)),
        "{none:?}"
    );
    stage.timeout = Some(Duration::from_secs(600));
    let reply = call(&mut stage.caller(&portal)).await;
    assert!(matches!(reply, Reply::Result(_)), "{reply:?}");

    // And one that waits for ever.
    let (hold, _held) = Fault::hold();
    emulated.fault(hold);
    stage.transport = Box::new(client(None));
    stage.timeout = Some(Duration::from_millis(20));
    let none = stage
        .caller(&portal)
        .call(&of(REGISTER, &register()), false)
        .await
        .unwrap_err();
    assert!(
        matches!(none, NoReply::Transport(TransportError::Timeout)),
        "{none:?}"
    );
}

/// Fails with the address in its error, and notes the limits it was given.
#[derive(Default)]
struct Careless(Arc<Mutex<Vec<Limits>>>);

type Limits = (usize, Option<Duration>);

impl Transport for Careless {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.0
            .lock()
            .unwrap()
            .push((request.max_reply_bytes(), request.timeout()));
        let error = TransportError::Connect(format!("no way to {}", request.url()));
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn custom_transport_gets_limits_and_redaction() {
    let seen = Arc::default();
    let stage = Stage {
        transport: Box::new(Careless(Arc::clone(&seen))),
        budget: Budget::CALL,
        timeout: Some(Duration::from_secs(60)),
        ..Stage::default()
    };
    let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
    let none = stage
        .caller(&portal)
        .call(&of(REGISTER, &register()), false)
        .await
        .unwrap_err();
    let NoReply::Transport(TransportError::Connect(text)) = none else {
        panic!("{none:?}");
    };
    assert_eq!(
        text,
        format!("no way to https://acme.example/rest/1/…/{REGISTER}")
    );
    assert_eq!(*seen.lock().unwrap(), [(16 << 20, Some(Duration::from_secs(60)))]);
}

#[test]
fn log_contains_no_portal_text() {
    for (status, body, expected) in [
        (200, r#"{"result":"words"}"#, "Result"),
        (400, r#"{"error":"WORDS","error_description":"words"}"#, "Other"),
        (429, r#"{"error":"WORDS"}"#, "Transient"),
        (404, "<title>words</title>", "Malformed"),
        (302, "words", "Moved"),
    ] {
        let reply = Reply::read(status, Some("https://words.example/"), body.as_bytes());
        assert_eq!(outline(&reply), expected);
    }
}
