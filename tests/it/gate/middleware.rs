//! The gate in a chain of middleware: what goes over the wire, what comes back, and
//! that nothing is sent twice on its account.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use http::Extensions;
use imbot_caps::gate::{Gate, GateMiddleware, HttpCall, UnreadableError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps_emulator::{Build, EmulatedPortal, Fault, OauthToken, Recorded};
use reqwest::{Body, Client, Method, Request, Response, Url};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware, Next};
use reqwest_retry::{RetryDecision, RetryPolicy, RetryTransientMiddleware};
use serde_json::{Value, json};

use crate::support::fixture::{HOUR, Stage, overloaded};
use crate::support::http::{BATCH, OLD, REVISION};

mod bodies;
mod repeats;
mod replies;
mod untouched;

use repeats::retry;

const SEND: &str = "imbot.v2.Chat.Message.send";
const OLD_SEND: &str = "imbot.message.add";
const UPDATE: &str = "imbot.v2.Bot.update";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TOKEN: &str = "t0ken";
/// A method that a portal of today takes whatever its parameters are.
const SETTLED: &str = "imbot.v2.Bot.list";

/// Keeps what passes it: bytes and all.
#[derive(Clone, Default)]
struct Tap(Arc<Mutex<Vec<String>>>);

#[async_trait::async_trait]
impl Middleware for Tap {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let body = request.body().map(Body::as_bytes);
        let seen = format!(
            "{} {} {:?} {body:?} {:?}",
            request.method(),
            request.url(),
            request.headers(),
            request.timeout()
        );
        self.0.lock().unwrap().push(seen);
        next.run(request, extensions).await
    }
}

fn gate(stage: &Stage) -> GateMiddleware {
    GateMiddleware::new(&Gate::new(&stage.registry))
}

fn gated(stage: &Stage) -> ClientWithMiddleware {
    ClientBuilder::new(Client::new()).with(gate(stage)).build()
}

fn request(verb: Method, url: &str, content_type: &str, body: impl Into<Body>) -> Request {
    let mut request = Request::new(verb, url.parse().unwrap());
    let content_type = content_type.parse().unwrap();
    request.headers_mut().insert("content-type", content_type);
    *request.body_mut() = Some(body.into());
    request
}

fn post(url: &str, content_type: &str, body: impl Into<Body>) -> Request {
    request(Method::POST, url, content_type, body)
}

fn call(portal: &EmulatedPortal, method: &str, params: &Value) -> Request {
    let url = format!("{}{method}", portal.webhook_url());
    post(&url, JSON, params.to_string())
}

/// What came in, without the questions of the registry.
fn received(portal: &EmulatedPortal) -> Vec<Recorded> {
    let is_probe = |request: &Recorded| match request.method.as_str() {
        BATCH => request.params["cmd"].to_string().contains(REVISION),
        method => [REVISION, OLD].contains(&method),
    };
    let mut requests = portal.take_requests();
    requests.retain(|request| !is_probe(request));
    requests
}

fn methods(portal: &EmulatedPortal) -> Vec<String> {
    let requests = received(portal).into_iter();
    requests.map(|request| request.method).collect()
}

async fn json_of(response: Response) -> Value {
    let announced = response.headers().get("content-length").cloned();
    let body = response.bytes().await.unwrap();
    if let Some(announced) = announced {
        assert_eq!(announced.to_str().unwrap(), body.len().to_string());
    }
    serde_json::from_slice(&body).unwrap()
}

/// A portal with a bot of this credential, made through the gate.
async fn bot(
    stage: &Stage,
    build: Build,
    url: impl Fn(&EmulatedPortal, &str) -> String,
) -> (EmulatedPortal, u64) {
    let (portal, _) = stage.known(build).await;
    portal.add_token(OauthToken::new(TOKEN, "app"));
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
        "webhookUrl": "http://127.0.0.1:9/?CLIENT_ID=old",
    });
    let params = json!({"botToken": "old", "fields": fields}).to_string();
    let request = post(&url(&portal, "imbot.v2.Bot.register"), JSON, params);
    let made = json_of(gated(stage).execute(request).await.unwrap()).await;
    portal.take_requests();
    (portal, made["result"]["bot"]["id"].as_u64().unwrap())
}

fn by_webhook(portal: &EmulatedPortal, method: &str) -> String {
    format!("{}{method}", portal.webhook_url())
}

fn by_token(portal: &EmulatedPortal, method: &str) -> String {
    format!("{}{method}?auth={TOKEN}", portal.rest_url())
}

fn message(bot: u64) -> Value {
    json!({"botId": bot, "botToken": "old", "dialogId": "1", "fields": {"message": "a & b", "system": true}})
}

#[tokio::test]
async fn adapted_call_keeps_its_format() {
    for (build, sent) in [(Build::rest32_with_imbot_v2(), SEND), (Build::rest(30), OLD_SEND)] {
        for is_webhook in [true, false] {
            let stage = Stage::set().await;
            let at = if is_webhook { by_webhook } else { by_token };
            let (portal, bot) = bot(&stage, build.clone(), at).await;
            let url = at(&portal, &format!("{SEND}.json"));
            let form =
                format!("botId={bot}&botToken=old&dialogId=1&fields[message]=a+%26+b&fields[system]=1");
            let mut with_query: Url = url.parse().unwrap();
            let credential = with_query
                .query()
                .map(|query| format!("{query}&"))
                .unwrap_or_default();
            with_query.set_query(Some(&format!("{credential}{form}")));
            let mut split: Url = url.parse().unwrap();
            split.set_query(Some(&format!("{credential}botId={bot}&dialogId=no")));
            let mut rest = message(bot);
            rest.as_object_mut().unwrap().remove("botId");

            for (nth, request) in [
                post(&url, JSON, message(bot).to_string()),
                post(&url, FORM, form.clone()),
                request(Method::GET, with_query.as_str(), "", ""),
                post(split.as_str(), JSON, rest.to_string()),
            ]
            .into_iter()
            .enumerate()
            {
                let verb = request.method().clone();
                let content_type = request.headers()["content-type"].to_str().unwrap().to_owned();
                let response = gated(&stage).execute(request).await.unwrap();
                assert_eq!(response.status(), 200);
                let reply = json_of(response).await;
                assert!(reply["result"]["id"].is_u64(), "{reply}");
                assert!(reply["time"].is_object(), "the envelope stays: {reply}");

                let [got] = &received(&portal)[..] else {
                    panic!("one request")
                };
                let text = got.to_string();
                assert_eq!(
                    (got.method.as_str(), got.verb.as_str()),
                    (sent, verb.as_str()),
                    "{text}"
                );
                assert_eq!(got.header("content-type").unwrap_or_default(), content_type);
                let path = at(&portal, &format!("{sent}.json"));
                let path = &path[path.find("/portal-").unwrap()..];
                match verb == Method::GET {
                    true => assert!(got.path.starts_with(path), "{text}"),
                    // What was merged is in the body, and the token where it was.
                    false => assert_eq!(got.path, path, "{nth}"),
                }
                let (system, text) = match sent == SEND {
                    true => (&got.params["fields"]["system"], &got.params["fields"]["message"]),
                    false => (&got.params["SYSTEM"], &got.params["MESSAGE"]),
                };
                assert_eq!((system, text), (&json!("Y"), &json!("a & b")), "{got}");
                let message = portal.messages().pop().unwrap();
                assert!(message.is_system && message.text == "a & b", "{message:?}");
                assert_eq!(portal.messages().len(), nth + 1);
            }
        }
    }
}

#[tokio::test]
async fn token_keeps_its_position() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_token).await;
    let url = format!("{}{SEND}", portal.rest_url());
    let mut by_header = post(&url, JSON, message(bot).to_string());
    let bearer = format!("Bearer {TOKEN}").parse().unwrap();
    by_header.headers_mut().insert("authorization", bearer);
    let mut params = message(bot);
    params["auth"] = TOKEN.into();
    for request in [by_header, post(&url, JSON, params.to_string())] {
        let is_header = request.headers().contains_key("authorization");
        let response = gated(&stage).execute(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let [got] = &received(&portal)[..] else { panic!() };
        assert_eq!(got.method, OLD_SEND);
        assert_eq!(got.header("authorization").is_some(), is_header);
        assert_eq!(got.params.get("auth").is_some(), !is_header);
    }
}

#[tokio::test]
async fn ineffective_rotation_is_not_sent() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(34), by_webhook).await;
    let rotation = json!({"botId": bot, "botToken": "old", "fields": {"botToken": "new"}});
    let error = gated(&stage)
        .execute(call(&portal, UPDATE, &rotation))
        .await
        .unwrap_err();
    assert_eq!(received(&portal), []);
    let refused = GateMiddleware::refusal(&error).unwrap();
    assert_eq!(refused.row().id(), "bot.token_rotation");
    let Error::Middleware(held) = &error else { panic!() };
    assert!(held.downcast_ref::<imbot_caps::gate::RefusedError>().is_some());
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("needs REST revision 35"), "{shown}");
    assert!(
        !shown.contains("old") && !shown.contains(portal.webhook_url()),
        "{shown}"
    );
    // It is no failure that passes.
    for is_below in [true, false] {
        let builder = ClientBuilder::new(Client::new());
        let client = match is_below {
            true => builder.with(gate(&stage)).with(retry()),
            false => builder.with(retry()).with(gate(&stage)),
        };
        let error = client
            .build()
            .execute(call(&portal, UPDATE, &rotation))
            .await
            .unwrap_err();
        assert!(error.to_string().contains("needs REST revision 35"), "{error}");
        assert_eq!(received(&portal), []);
    }
}

#[tokio::test]
async fn one_token_is_one_credential() {
    let stage = Stage::set().await;
    let (portal, _) = stage.portal(Build::rest(36));
    portal.add_token(OauthToken::new("good", "app"));
    portal.add_token(OauthToken::new("old", "app").expired());
    let client = gated(&stage);
    let send = |token: &str| {
        let url = format!("{}imbot.v2.Bot.list?auth={token}", portal.rest_url());
        client.execute(post(&url, JSON, "{}"))
    };
    for _ in 0..5 {
        let status = send("old").await.unwrap().status();
        assert_eq!(status, 401);
    }
    let asked = |requests: Vec<Recorded>| requests.iter().filter(|own| own.method == REVISION).count();
    assert_eq!(
        asked(portal.take_requests()),
        1,
        "a credential that failed is not tried again"
    );
    for _ in 0..5 {
        assert_eq!(send("good").await.unwrap().status(), 200);
    }
    assert_eq!(asked(portal.take_requests()), 1);
}

#[tokio::test]
async fn concurrent_requests_share_one_probe() {
    let stage = Stage::set().await;
    let (portal, _) = stage.portal(Build::rest(36));
    let client = gated(&stage);
    let calls = (0..20).map(|_| {
        let (client, request) = (
            client.clone(),
            call(&portal, "imbot.v2.Bot.list", &json!({"botToken": "x"})),
        );
        tokio::spawn(async move { client.execute(request).await.unwrap().status() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(portal.count(REVISION), 1);
}

#[tokio::test]
async fn batch_commands_are_adapted_individually() {
    let stage = Stage::set().await;
    let (portal, bot) = bot(&stage, Build::rest(30), by_webhook).await;
    let command = format!("{SEND}?botId={bot}&botToken=old&dialogId=1&fields[message]=x");
    let batch = json!({"halt": 0, "cmd": {"z": command, "a": "server.time"}});
    let body = json_of(
        gated(&stage)
            .execute(call(&portal, "batch", &batch))
            .await
            .unwrap(),
    )
    .await;
    assert!(body["result"]["result"]["z"]["id"].is_u64(), "{body}");
    let [got] = &received(&portal)[..] else { panic!() };
    let commands = got.params["cmd"].as_object().unwrap();
    assert_eq!(commands.keys().collect::<Vec<_>>(), ["z", "a"]);
    assert!(commands["z"].as_str().unwrap().starts_with(OLD_SEND));
    assert_eq!(commands["a"], "server.time");
}

#[test]
fn http_call_needs_no_client() {
    let url = "https://acme.bitrix24.com/rest/imbot.v2.Bot.list?auth=s3cret";
    let request = post(url, JSON, r#"{"botToken":"x"}"#);
    let read = HttpCall::read(&request).unwrap();
    assert_eq!(read.portal().id().to_string(), "https://acme.bitrix24.com");
    assert_eq!(format!("{:?}", read.call()), "imbot.v2.Bot.list(botToken)");
    assert_eq!(read.access_token().unwrap().expose(), "s3cret");
    let stream = post(url, JSON, Body::wrap(Body::from("{}")));
    assert!(HttpCall::read(&stream).is_none());
    assert!(HttpCall::read(&post("https://acme.bitrix24.com/", JSON, "")).is_none());
}

/// The credential stays where it was, and the parameters keep their format.
#[test]
fn http_call_takes_another_call() {
    let base = "https://acme.bitrix24.com/rest";
    let other = Call::new("app.info").with("a", 1);
    let form = "application/x-www-form-urlencoded";
    for (url, kind, body, expected) in [
        (
            "/x?auth=s3cret",
            JSON,
            r#"{"b":2}"#,
            ("/app.info?auth=s3cret", r#"{"a":1}"#),
        ),
        (
            "/x",
            JSON,
            r#"{"auth":"s3cret"}"#,
            ("/app.info", r#"{"a":1,"auth":"s3cret"}"#),
        ),
        (
            "/x.json",
            form,
            "access_token=s3cret&b=2",
            ("/app.info.json", "a=1&access_token=s3cret"),
        ),
        (
            "/1/c0de1234/x",
            JSON,
            "{}",
            ("/1/c0de1234/app.info", r#"{"a":1}"#),
        ),
    ] {
        let request = post(&format!("{base}{url}"), kind, body);
        let read = HttpCall::read(&request).unwrap();
        let token = read.access_token();
        assert_eq!(token.is_some(), !url.contains("c0de"), "{url}");
        assert!(token.is_none_or(|token| token.expose() == "s3cret"));
        let written = read.with_call(&request, &other);
        let text = written.body().and_then(Body::as_bytes).unwrap();
        let sent = (written.url().as_str(), std::str::from_utf8(text).unwrap());
        assert_eq!(sent, (&*format!("{base}{}", expected.0), expected.1));
    }
}
