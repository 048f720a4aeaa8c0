//! The gate around HTTP clients: one service for all portals.

use std::future::{Ready, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use imbot_caps::gate::{Gate, GateError, HttpGateLayer, HttpGateService, UnreadableError};
use imbot_caps::wire::Reply;
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Webhook};
use serde_json::{Value, json};
use tower::retry::Policy;
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt};

use super::{BUILDS, OLDER_SEND, SEND, result, texts};
use crate::support::fixture::{SECOND, Stage};
use crate::support::http::{REVISION, asked, webhook};

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn service(stage: &Stage) -> HttpGateService<reqwest::Client> {
    HttpGateLayer::new(&Gate::new(&stage.registry)).layer(client())
}

fn post(emulated: &EmulatedPortal, method: &str, params: &Value) -> reqwest::Request {
    let address = format!("{}{method}", emulated.webhook_url());
    let mut request = reqwest::Request::new(reqwest::Method::POST, address.parse().unwrap());
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    *request.body_mut() = Some(params.to_string().into());
    request
}

async fn read(response: reqwest::Response) -> Reply {
    let status = response.status().as_u16();
    Reply::read(status, None, &response.bytes().await.unwrap())
}

/// A known portal, and a bot on it.
async fn bot(stage: &Stage, build: Build) -> (EmulatedPortal, u64) {
    let (emulated, _) = stage.known(build).await;
    let params = json!({"botToken": "token", "fields": {
        "code": "clerk", "properties": {"name": "Clerk"},
        "eventMode": "webhook", "webhookUrl": "https://bot.example/?CLIENT_ID=token",
    }});
    let request = post(&emulated, "imbot.v2.Bot.register", &params);
    let response = service(stage).oneshot(request).await.unwrap();
    let id = result(read(response).await)["bot"]["id"].as_u64().unwrap();
    emulated.take_requests();
    (emulated, id)
}

fn params(bot: u64) -> Value {
    json!({"botId": bot, "botToken": "token", "dialogId": "1", "fields": {"message": "Hello", "system": true}})
}

fn message(emulated: &EmulatedPortal, bot: u64) -> reqwest::Request {
    post(emulated, SEND, &params(bot))
}

#[tokio::test]
async fn one_client_serves_all_portals() {
    let stage = Stage::set().await;
    let mut service = service(&stage);
    for (build, method, system) in [
        (Build::rest(36), SEND, json!(true)),
        (Build::rest32_with_imbot_v2(), SEND, json!("Y")),
        (Build::rest(30), OLDER_SEND, json!("Y")),
    ] {
        let (emulated, bot) = bot(&stage, build).await;
        let mut request = message(&emulated, bot);
        request.headers_mut().insert("x-trace", "7".parse().unwrap());
        request.headers_mut().insert(
            "content-length",
            params(bot).to_string().len().to_string().parse().unwrap(),
        );
        let response = service.ready().await.unwrap().call(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.url().as_str(),
            format!("{}{method}", emulated.webhook_url()),
            "where it was sent"
        );
        assert!(result(read(response).await)["id"].is_u64());
        let requests = emulated.take_requests();
        let [request] = requests.as_slice() else {
            panic!("{requests:?}")
        };
        assert_eq!(request.method, method);
        assert_eq!(request.header("x-trace"), Some("7"));
        let newer = request.params.pointer("/fields/system");
        assert_eq!(newer.or(request.params.get("SYSTEM")), Some(&system));
        assert_eq!(texts(&emulated), ["Hello"]);
    }
}

#[tokio::test]
async fn unrelated_requests_stay_untouched() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.portal(Build::rest(30));
    let service = service(&stage);
    let page = client()
        .get(format!("{}/company/", emulated.url()))
        .build()
        .unwrap();
    assert_eq!(service.clone().oneshot(page).await.unwrap().status(), 404);
    let time = post(&emulated, "server.time", &json!({"a": [1]}));
    result(read(service.clone().oneshot(time).await.unwrap()).await);
    let batch = post(&emulated, "batch", &json!({"cmd": {"a": "server.time?b=1"}}));
    result(read(service.oneshot(batch).await.unwrap()).await);
    let requests = emulated.take_requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (&*request.method, &request.params))
        .collect();
    assert_eq!(
        seen,
        [
            ("", &json!({})),
            ("server.time", &json!({"a": [1]})),
            ("batch", &json!({"cmd": {"a": "server.time?b=1"}})),
        ],
        "and nobody asked for the revision"
    );
}

#[tokio::test]
async fn refused_request_is_not_sent() {
    let stage = Stage::set().await;
    let (emulated, bot) = bot(&stage, Build::rest(34)).await;
    let rotation = json!({"botId": bot, "botToken": "token", "fields": {"botToken": "another"}});
    let request = post(&emulated, "imbot.v2.Bot.update", &rotation);
    let error = service(&stage).oneshot(request).await.unwrap_err();
    assert_eq!(error.refused().unwrap().row().id(), "bot.token_rotation");
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn restored_portal_gets_older_form() {
    let stage = Stage::set().await;
    let (emulated, bot) = bot(&stage, Build::rest(36)).await;
    emulated.set_build(Build::rest(30));
    let service = ServiceBuilder::new()
        .layer(HttpGateLayer::new(&Gate::new(&stage.registry)))
        .concurrency_limit(1)
        .service(client());
    let request = || {
        let form = format!(
            "botId={bot}&botToken=token&dialogId=1&fields%5Bmessage%5D=Hello+you&fields%5Bsystem%5D=Y"
        );
        let request = client().post(format!("{}{SEND}.json", emulated.webhook_url()));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form).build().unwrap()
    };
    let response = service.clone().oneshot(request()).await.unwrap();
    assert!(result(read(response).await)["id"].is_u64());
    let requests = emulated.take_requests();
    let (first, last) = (requests.first().unwrap(), requests.last().unwrap());
    assert_eq!((&*first.method, &*last.method), (SEND, OLDER_SEND));
    assert_eq!(first.header("content-type"), last.header("content-type"));
    assert!(last.path.ends_with("imbot.message.add.json"), "{}", last.path);
    assert_eq!(last.params["MESSAGE"], "Hello you");
    assert_eq!(texts(&emulated), ["Hello you"]);
    service.oneshot(request()).await.unwrap();
    assert_eq!(asked(&emulated), [OLDER_SEND]);
}

#[tokio::test]
async fn relevant_stream_is_read() {
    let stage = Stage::set().await;
    let service = service(&stage);
    for build in BUILDS {
        let (emulated, bot) = bot(&stage, build()).await;
        let mut request = message(&emulated, bot);
        let stream = reqwest::Body::wrap(Full::new(Bytes::from(params(bot).to_string())));
        assert!(stream.as_bytes().is_none());
        *request.body_mut() = Some(stream);
        let response = service.clone().oneshot(request).await.unwrap();
        assert!(result(read(response).await)["id"].is_u64());
        assert_eq!(asked(&emulated).len(), 1);
        assert_eq!(emulated.messages().len(), 1);
        assert_eq!(texts(&emulated), ["Hello"]);
    }
}

#[tokio::test]
async fn oversize_stream_is_not_sent() {
    let stage = Stage::set().await;
    let layer = HttpGateLayer::new(&Gate::new(&stage.registry)).max_request_bytes(16);
    let (emulated, _) = stage.portal(Build::rest(30));
    let mut request = message(&emulated, 7);
    let stream = Full::new(Bytes::from(params(7).to_string()));
    *request.body_mut() = Some(reqwest::Body::wrap(stream));
    let error = layer.layer(client()).oneshot(request).await.unwrap_err();
    assert!(
        matches!(
            error,
            GateError::Unreadable(UnreadableError::TooLong { limit: 16, .. })
        ),
        "{error}"
    );
    assert_eq!(emulated.count(SEND) + emulated.count(OLDER_SEND), 0);
}

/// PHP reads it, and so would take the token.
#[tokio::test]
async fn too_deep_json_is_refused() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.portal(Build::rest(34));
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let body = format!(r#"{{"botId": 7, "botToken": "t", "fields": {{"botToken": "u"}}, "deep": {deep}}}"#);
    let mut request = post(&emulated, "imbot.v2.Bot.update", &Value::Null);
    *request.body_mut() = Some(body.into());
    let error = service(&stage).oneshot(request).await.unwrap_err();
    assert!(
        matches!(error, GateError::Unreadable(UnreadableError::Content { .. })),
        "{error}"
    );
    assert_eq!(emulated.count("imbot.v2.Bot.update"), 0);
}

#[tokio::test]
async fn unreadable_body_is_refused_if_relevant() {
    let stage = Stage::set().await;
    let multipart = |emulated, bot| {
        let mut request = message(emulated, bot);
        let multipart = "multipart/form-data; boundary=x".parse().unwrap();
        request.headers_mut().insert("content-type", multipart);
        request
    };
    let (emulated, _) = stage.portal(Build::rest(30));
    let request = multipart(&emulated, 7);
    let error = service(&stage).oneshot(request).await.unwrap_err();
    assert!(
        matches!(error, GateError::Unreadable(UnreadableError::Content { .. })),
        "{error}"
    );
    assert!(error.into_boxed().is::<UnreadableError>());
    assert_eq!(emulated.count(SEND) + emulated.count(OLDER_SEND), 0);

    let (emulated, _) = stage.portal(Build::rest(36));
    let request = multipart(&emulated, 7);
    service(&stage).oneshot(request).await.unwrap();
    assert_eq!(asked(&emulated), [REVISION, SEND]);
}

#[tokio::test]
async fn other_clients_use_buffered_bodies() {
    let stage = Stage::set().await;
    let (emulated, bot) = bot(&stage, Build::rest(30)).await;
    let sender = tower::service_fn(|request: http::Request<String>| async move {
        let (parts, body) = request.into_parts();
        let request = client()
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers);
        let came = request.body(body).send().await?;
        let mut response = http::Response::new(());
        *response.status_mut() = came.status();
        *response.headers_mut() = came.headers().clone();
        let body = came.bytes().await?;
        Ok::<_, reqwest::Error>(response.map(|()| body))
    });
    let service = HttpGateLayer::new(&Gate::new(&stage.registry)).layer(sender);
    let body = params(bot).to_string();
    let request = http::Request::post(format!("{}{SEND}", emulated.webhook_url()))
        .header("content-type", "application/json")
        .header("content-length", body.len())
        .body(body)
        .unwrap();
    let response = service.clone().oneshot(request).await.unwrap();
    let length = response
        .headers()
        .get("content-length")
        .map(|length| length.to_str().unwrap().to_owned());
    assert!(length.is_none_or(|length| length == response.body().len().to_string()));
    // The older method answers with a number.
    let reply = Reply::read(response.status().as_u16(), None, response.body());
    assert!(result(reply)["id"].is_u64());
    assert_eq!(asked(&emulated), [OLDER_SEND]);
    assert_eq!(texts(&emulated), ["Hello"]);

    // Without an address it is nobody's.
    let request = http::Request::post("/rest/1/s3cret/imbot.v2.Bot.update")
        .body(String::new())
        .unwrap();
    assert!(
        service
            .oneshot(request)
            .await
            .unwrap_err()
            .inner()
            .is_some_and(reqwest::Error::is_builder)
    );
    assert_eq!(asked(&emulated), [""; 0]);
}

/// Repeats at once what a gateway could not pass on.
#[derive(Clone)]
struct Again(usize);

impl<E> Policy<reqwest::Request, reqwest::Response, E> for Again {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut reqwest::Request,
        response: &mut Result<reqwest::Response, E>,
    ) -> Option<Ready<()>> {
        let again = response.as_ref().is_ok_and(|response| response.status() == 502);
        self.0 = self.0.checked_sub(1).filter(|_| again)?;
        Some(ready(()))
    }

    fn clone_request(&mut self, request: &reqwest::Request) -> Option<reqwest::Request> {
        request.try_clone()
    }
}

#[tokio::test]
async fn http_stacks_send_one_message() {
    let stage = Stage::set().await;
    let limit = Duration::from_secs(600);
    for build in BUILDS {
        for gate_is_behind in [true, false] {
            let (emulated, bot) = bot(&stage, build()).await;
            let layer = HttpGateLayer::new(&Gate::new(&stage.registry));
            emulated.fault(Fault::html(502).times(2));
            let request = message(&emulated, bot);
            let response: Result<_, BoxError> = if gate_is_behind {
                let stack = ServiceBuilder::new()
                    .timeout(limit)
                    .concurrency_limit(1)
                    .retry(Again(3));
                stack.layer(layer).service(client()).oneshot(request).await
            } else {
                let stack = ServiceBuilder::new().map_err(GateError::into_boxed).layer(layer);
                let stack = stack.timeout(limit).concurrency_limit(1).retry(Again(3));
                stack.service(client()).oneshot(request).await
            };
            assert!(result(read(response.unwrap()).await)["id"].is_u64());
            let requests = emulated.take_requests();
            assert_eq!(requests.len(), 3, "{requests:?}");
            assert!(
                requests
                    .iter()
                    .all(|request| request.params == requests[0].params)
            );
            assert_eq!(texts(&emulated), ["Hello"]);
        }
    }
}

#[tokio::test]
async fn truncated_answer_stays_truncated() {
    let stage = Stage::set().await;
    let (emulated, bot) = bot(&stage, Build::rest(30)).await;
    emulated.fault(Fault::half_body().once());
    let response = service(&stage).oneshot(message(&emulated, bot)).await.unwrap();
    assert_eq!(response.status(), 200);
    response.bytes().await.unwrap_err();
    assert_eq!(asked(&emulated), [OLDER_SEND]);
    assert_eq!(texts(&emulated), ["Hello"]);
}

#[tokio::test]
async fn unknown_portal_is_probed_once() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.portal(Build::rest(36));
    let service = ServiceBuilder::new()
        .buffer(8)
        .map_err(GateError::into_boxed)
        .layer(HttpGateLayer::new(&Gate::new(&stage.registry)))
        .buffer(8)
        .rate_limit(1_000, SECOND)
        .service(client());
    let calls = (0..8).map(|_| tokio::spawn(service.clone().oneshot(message(&emulated, 7))));
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    let methods = asked(&emulated);
    assert_eq!(methods.iter().filter(|method| *method == REVISION).count(), 1);
    assert_eq!(methods.iter().filter(|method| *method == SEND).count(), 8);
}

#[tokio::test]
async fn redirected_reply_teaches_nothing() {
    let stage = Stage::set().await;
    let (old, new) = (
        Emulator::start_single(Build::rest(36)).await.unwrap(),
        Emulator::start_single(Build::rest(36)).await.unwrap(),
    );
    let handle = stage.registry.handle(&webhook(&old));
    let both = Webhook::new(7, "c0deofboth");
    let url = old.add_webhook(both.clone());
    new.add_webhook(both);
    old.fault(Fault::moved(new.url()).status(308));
    let client = reqwest::Client::new();
    let service = HttpGateLayer::new(&Gate::new(&stage.registry)).layer(client.clone());
    let request = client
        .post(format!("{url}imbot.v2.Bot.list"))
        .header("content-type", "application/json")
        .body(r#"{"botToken": "t"}"#);
    let response = service.oneshot(request.build().unwrap()).await.unwrap();
    assert!(
        response.url().as_str().starts_with(new.url()),
        "{}",
        response.url()
    );
    assert!(matches!(read(response).await, Reply::Result(_)));
    assert_eq!(handle.caps().knowledge().imbot_v2(), None);
}
