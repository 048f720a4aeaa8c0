//! A transport over hyper alone: no other HTTP client, no tower.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use imbot_caps::Registry;
use imbot_caps::gate::CallError;
use imbot_caps::transport::TransportError::{self, Broken, Client, Connect, Timeout, TooLong};
use imbot_caps::transport::{Request, Response, Transport};
use imbot_caps_emulator::{Build, Emulator, Fault};
use serde_json::json;
use tokio::net::TcpStream;

use crate::support::http::{asked, webhook};

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

struct Hyper;

// For `http://` alone: TLS is a stream of its own below `TokioIo`.
impl Transport for Hyper {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            let time = request.timeout().unwrap_or(Duration::from_secs(60));
            let (limit, kind) = (request.max_reply_bytes(), request.content_type());
            let (url, body) = request.into_parts();
            let post = hyper::Request::post(url.path()).header("host", url.authority());
            let post = post.header("content-type", kind).body(Full::<Bytes>::from(body));
            let post = post.map_err(|own| Client(own.to_string()))?;
            let broken = |own: hyper::Error| Broken(own.to_string());
            let exchange = async {
                let stream = TcpStream::connect(url.authority()).await;
                let stream = stream.map_err(|own| Connect(own.to_string()))?;
                let (mut sender, connection) =
                    http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
                drop(tokio::spawn(connection)); // it ends with the sender
                let (head, body) = sender.send_request(post).await.map_err(broken)?.into_parts();
                let body = Limited::new(body, limit).collect().await;
                let body =
                    body.map_err(|own| own.downcast().map_or(TooLong { limit }, |own| broken(*own)))?;
                let location = head.headers.get("location").and_then(|own| own.to_str().ok());
                let (location, body) = (location.map(str::to_owned), body.to_bytes().to_vec());
                Ok(Response::new(head.status.as_u16(), location, body))
            };
            tokio::time::timeout(time, exchange).await.unwrap_or(Err(Timeout))
        })
    }
}

#[test]
fn transport_has_few_lines() {
    let text = include_str!("over_hyper.rs");
    let own = text
        .split("\nimpl Transport")
        .nth(1)
        .unwrap()
        .split("\n}\n")
        .next()
        .unwrap();
    let is_code = |line: &&str| !line.trim_matches([' ', '}', ')']).is_empty();
    let lines = own.lines().filter(is_code).count();
    assert!(lines <= 25, "{lines}");
}

#[tokio::test]
async fn calls_go_through_gate_over_hyper() {
    let emulator = Emulator::start().await.unwrap();
    for (rest, method) in [(36, "imbot.v2.Chat.Message.send"), (30, "imbot.message.add")] {
        let portal = emulator.portal(Build::rest(rest));
        let client = Registry::builder(Hyper).build().client(&webhook(&portal));
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": "https://bot.example/?CLIENT_ID=t"});
        let made = client
            .call(
                "imbot.v2.Bot.register",
                json!({"botToken": "t", "fields": fields}),
            )
            .await
            .unwrap();
        asked(&portal);
        let message = json!({"botId": made["bot"]["id"], "botToken": "t", "dialogId": "1", "fields": {"message": "Hello"}});
        let sent = client.call("imbot.v2.Chat.Message.send", message).await.unwrap();
        assert!(sent["id"].is_u64(), "{sent}");
        assert_eq!(asked(&portal), [method]);
        assert_eq!(portal.messages().len(), 1);
    }
}

#[tokio::test]
async fn failures_over_hyper_are_typed() {
    let emulator = Emulator::start().await.unwrap();
    let portal = emulator.portal(Build::rest(36));
    let client = Registry::builder(Hyper).build().client(&webhook(&portal));
    client.portal().ready().await.unwrap();
    portal.fault(Fault::json(200, &json!({"result": "x".repeat(10_000)})));
    let error = client
        .clone()
        .max_reply_bytes(1_000)
        .call("profile", json!({}))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::TooLong { limit: 1_000 })
        ),
        "{error:?}"
    );
    portal.clear_faults();
    let (held, _hold) = Fault::hold();
    portal.fault(held);
    let error = client
        .timeout(Duration::from_millis(50))
        .call("profile", json!({}))
        .await
        .unwrap_err();
    assert!(
        matches!(error, CallError::Transport(TransportError::Timeout)),
        "{error:?}"
    );
}
