//! The gate as a tower layer: what goes over the wire, in which stacks, and who is
//! asked to be ready.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use imbot_caps::gate::{Gate, GateError, GateLayer};
use imbot_caps::portal::StaticToken;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::{Call, ErrorClass, Reply};
use imbot_caps::{Handle, Knowledge, Portal, Registry};
use imbot_caps_emulator::{Build, Clock, EmulatedPortal, Fault, RateLimit};
use serde_json::{Value, json};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::retry::Policy;
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt};

use crate::support::fixture::{SECOND, Stage};
use crate::support::http::{REVISION, asked};

mod over_http;
mod readiness;
mod stacks;

const SEND: &str = "imbot.v2.Chat.Message.send";
const OLDER_SEND: &str = "imbot.message.add";

/// The newest, the first with imbot.v2, and one without it.
const BUILDS: [fn() -> Build; 3] = [
    || Build::rest(36),
    Build::rest32_with_imbot_v2,
    || Build::rest(30),
];

/// A client of calls, as any program might have one.
#[derive(Clone)]
struct Sender {
    client: reqwest::Client,
    address: Arc<str>,
}

impl Sender {
    fn to(emulated: &EmulatedPortal) -> Self {
        Self {
            client: reqwest::Client::new(),
            address: emulated.webhook_url().into(),
        }
    }
}

impl Service<Call> for Sender {
    type Response = Reply;
    type Error = reqwest::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, reqwest::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Self::Future {
        let request = self
            .client
            .post(format!("{}{}", self.address, call.method()))
            .header("content-type", "application/json")
            .body(Value::Object(call.params().clone()).to_string());
        Box::pin(async move {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok(Reply::read(status, None, &response.bytes().await?))
        })
    }
}

/// A gate before a portal that is known, and a bot on it.
async fn bot(stage: &Stage, build: Build) -> (EmulatedPortal, Handle, GateLayer, u64) {
    let (emulated, handle) = stage.known(build).await;
    let layer = GateLayer::for_handle(&Gate::new(&stage.registry), &handle);
    let register = Call::new("imbot.v2.Bot.register").with("botToken", "token").with(
        "fields",
        json!({
            "code": "clerk", "properties": {"name": "Clerk"},
            "eventMode": "webhook", "webhookUrl": "https://bot.example/?CLIENT_ID=token",
        }),
    );
    let reply = layer
        .layer(Sender::to(&emulated))
        .oneshot(register)
        .await
        .unwrap();
    let id = result(reply)["bot"]["id"].as_u64().unwrap();
    emulated.take_requests();
    (emulated, handle, layer, id)
}

/// A system message of the bot.
fn message(bot: u64) -> Call {
    Call::new(SEND)
        .with("botId", bot)
        .with("botToken", "token")
        .with("dialogId", "1")
        .with("fields", json!({"message": "Hello", "system": true}))
}

/// What a portal below 35 would ignore, and call it done.
fn rotation(bot: u64) -> Call {
    Call::new("imbot.v2.Bot.update")
        .with("botId", bot)
        .with("botToken", "token")
        .with("fields", json!({"botToken": "another"}))
}

#[track_caller]
fn result(reply: Reply) -> Value {
    match reply {
        Reply::Result(result) => result,
        other => panic!("{other:?}"),
    }
}

fn texts(emulated: &EmulatedPortal) -> Vec<String> {
    let messages = emulated.messages().into_iter();
    messages.map(|message| message.text).collect()
}

#[tokio::test]
async fn call_form_suits_each_build() {
    let stage = Stage::set().await;
    for (build, method, system) in [
        (Build::rest(36), SEND, json!(true)),
        (Build::rest32_with_imbot_v2(), SEND, json!("Y")),
        (Build::rest(30), OLDER_SEND, json!("Y")),
    ] {
        let (emulated, _, layer, bot) = bot(&stage, build).await;
        let reply = layer.layer(Sender::to(&emulated)).oneshot(message(bot)).await;
        assert!(result(reply.unwrap())["id"].is_u64());
        let requests = emulated.take_requests();
        let [request] = requests.as_slice() else {
            panic!("{requests:?}")
        };
        assert_eq!(request.method, method);
        let newer = request.params.pointer("/fields/system");
        assert_eq!(newer.or(request.params.get("SYSTEM")), Some(&system));
        assert_eq!(texts(&emulated), ["Hello"]);
    }
}

#[tokio::test]
async fn refused_call_is_not_sent() {
    let stage = Stage::set().await;
    let (emulated, _, layer, bot) = bot(&stage, Build::rest(34)).await;
    let mut service = layer.layer(Sender::to(&emulated));
    let error = service
        .ready()
        .await
        .unwrap()
        .call(rotation(bot))
        .await
        .unwrap_err();
    assert_eq!(error.refused().unwrap().row().id(), "bot.token_rotation");
    assert!(error.inner().is_none());
    assert_eq!(asked(&emulated), [REVISION]);
    let boxed = error.into_boxed();
    assert!(boxed.downcast_ref::<imbot_caps::gate::RefusedError>().is_some());

    let update = Call::new("imbot.v2.Bot.update")
        .with("botId", bot)
        .with("botToken", "token")
        .with("fields", json!({"properties": {"name": "Usher"}}));
    result(service.ready().await.unwrap().call(update).await.unwrap());
    assert_eq!(asked(&emulated), ["imbot.v2.Bot.update"]);
}

#[tokio::test]
async fn restored_portal_gets_message_once() {
    let stage = Stage::set().await;
    let (emulated, handle, layer, bot) = bot(&stage, Build::rest(36)).await;
    emulated.set_build(Build::rest(30));
    let service = ServiceBuilder::new()
        .layer(layer)
        .concurrency_limit(1)
        .service(Sender::to(&emulated));
    assert!(result(service.clone().oneshot(message(bot)).await.unwrap())["id"].is_u64());
    let methods = asked(&emulated);
    assert_eq!(methods.first().map(String::as_str), Some(SEND));
    assert_eq!(methods.last().map(String::as_str), Some(OLDER_SEND));
    let sent = methods
        .iter()
        .filter(|method| *method == OLDER_SEND || *method == SEND);
    assert_eq!(sent.count(), 2, "{methods:?}");
    assert_eq!(texts(&emulated), ["Hello"]);
    assert_eq!(handle.caps().knowledge().imbot_v2(), Some(false));

    // It is known now.
    result(service.oneshot(message(bot)).await.unwrap());
    assert_eq!(asked(&emulated), [OLDER_SEND]);
}
