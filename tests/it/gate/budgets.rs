//! How much of a reply is read: bytes and values, of every kind of reply, over the wire.

use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use bytes::Bytes;
use imbot_caps::gate::{CallError, Client, Gate, GateMiddleware, HttpGateLayer};
use imbot_caps::portal::{TokenErrorKind, TokenSource};
use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Handle, Knowledge, Portal, RefreshGrant, Registry};
use imbot_caps_emulator::{Build, Fault};
use reqwest_middleware::ClientBuilder;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, ServiceExt, service_fn};

use crate::support::fixture::Stage;
use crate::support::http::BATCH;

mod polling;
mod sharing;

const MIB: usize = 1 << 20;

/// So much may be under way on a connection that nobody reads from.
const BUFFERS: usize = 32 * MIB;

/// More than that, and not so much that a test which reads it all would not end.
const FLOOD: usize = 160 * MIB;

/// A server that answers every request with much of the same.
#[derive(Clone)]
struct Flood {
    status: u16,
    first: &'static str,
    again: &'static str,
}

/// Where it answers, and how much it has sent.
struct Server {
    origin: String,
    sent: Arc<AtomicUsize>,
}

impl Flood {
    async fn start(&self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let sent = Arc::new(AtomicUsize::new(0));
        let (flood, counted) = (self.clone(), Arc::clone(&sent));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // It ends when the other side hangs up.
                let _ = flood.answer(stream, &counted).await;
            }
        });
        Server { origin, sent }
    }

    async fn answer(&self, mut stream: TcpStream, sent: &AtomicUsize) -> std::io::Result<()> {
        let mut request = Vec::new();
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            stream.read_buf(&mut request).await?;
        }
        let head = format!(
            "HTTP/1.1 {} X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
            self.status
        );
        stream.write_all(head.as_bytes()).await?;
        let body = self.body();
        for block in [&body].into_iter().chain(std::iter::repeat(&self.block())) {
            stream.write_all(block).await?;
            if sent.fetch_add(block.len(), Ordering::SeqCst) > FLOOD {
                return Ok(());
            }
        }
        Ok(())
    }

    fn block(&self) -> Vec<u8> {
        self.again.repeat(64 * 1024 / self.again.len()).into_bytes()
    }

    /// How the body begins.
    fn body(&self) -> Vec<u8> {
        [self.first.as_bytes().to_vec(), self.block()].concat()
    }
}

fn portal_at(server: &Server) -> Portal {
    let url = format!("{}/rest/1/s3cretcode/", server.origin);
    Portal::builder().allow_http().webhook(&url).unwrap()
}

fn known(registry: &Registry, portal: &Portal) -> Handle {
    let handle = registry.handle(portal);
    handle.pin(Knowledge::pinned(36));
    handle
}

/// Endless replies of every kind: the status, how it begins, and what follows.
const FLOODS: [(u16, &str, &str); 11] = [
    (200, "{\"result\":[0", ",{\"\":0}"),
    (200, "{\"result\":[0", ",0"),
    (200, "{\"result\":[0", ",[]"),
    (200, "{\"result\":\"", "aaaaaaaa"),
    (200, "{\"result\":\"", "\\u0000\\n\\\""),
    (200, "{\"result\":{\"a\":0", ",\"a\":0"),
    (200, "{\"result\":", "[[[[[[[["),
    (200, "", "        "),
    (200, "{\"error\":\"X\",\"error_description\":\"", "aaaaaaaa"),
    (404, "{\"error\":\"X\",\"error_description\":\"", "aaaaaaaa"),
    (502, "<html>", "<p>aaaa bbbb</p>"),
];

#[tokio::test]
async fn endless_call_replies_are_aborted() {
    for (status, first, again) in FLOODS {
        let server = Flood { status, first, again }.start().await;
        let registry = Registry::builder(ReqwestTransport::new()).build();
        let client = registry.client(known(&registry, &portal_at(&server)).portal());
        let error = client.call("profile", json!({})).await.unwrap_err();
        let is_error = status != 200 || first.starts_with("{\"error");
        let CallError::Transport(error) = error else {
            panic!("{error:?}")
        };
        match &error {
            TransportError::TooLong { limit } => assert_eq!(*limit == 64 * 1024, is_error, "{first}{again}"),
            TransportError::TooMany { limit } => assert_eq!(*limit, 512 * 1024, "{first}{again}"),
            other => panic!("{first}{again}: {other:?}"),
        }
        if matches!(error, TransportError::TooMany { .. }) {
            assert!(error.to_string().contains("max_reply_values"), "{error}");
        }
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < BUFFERS, "{first}{again}: {sent}");
    }
}

#[tokio::test]
async fn endless_probe_replies_are_aborted() {
    for (status, first, again) in FLOODS {
        let server = Flood { status, first, again }.start().await;
        let registry = Registry::builder(ReqwestTransport::new()).build();
        let error = registry.caps(&portal_at(&server)).await.unwrap_err();
        let is_beyond = matches!(
            error.kind(),
            ProbeErrorKind::Transport(
                TransportError::TooLong { limit: 65_536 } | TransportError::TooMany { limit: 8_192 }
            )
        );
        assert!(
            is_beyond && error.class() == ProbeErrorClass::Malformed,
            "{first}{again}: {error:?}"
        );
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < BUFFERS, "{first}{again}: {sent}");
    }
}

#[tokio::test]
async fn endless_token_replies_are_aborted() {
    for (status, first, again) in FLOODS {
        let server = Flood { status, first, again }.start().await;
        let store = |_| ready(Ok::<_, String>(()));
        let grant = RefreshGrant::builder(ReqwestTransport::new(), "local.app", "the secret")
            .allow_http()
            .build(&format!("{}/rest/", server.origin), "refresh", store)
            .unwrap();
        let error = grant.token(None).await.unwrap_err();
        assert_eq!(error.kind(), TokenErrorKind::Transient, "{first}{again}: {error}");
        let sent = server.sent.load(Ordering::SeqCst);
        assert!(sent < BUFFERS, "{first}{again}: {sent}");
    }
}

/// A call whose reply the gate has to read.
fn needed(server: &Server) -> reqwest::Request {
    let url = format!("{}/rest/1/s3cretcode/{BATCH}", server.origin);
    let mut request = reqwest::Request::new(reqwest::Method::POST, url.parse().unwrap());
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    *request.body_mut() = Some(r#"{"cmd":{"a":"imbot.v2.Bot.list?botId=1"}}"#.into());
    request
}

#[tokio::test]
async fn gates_forward_endless_replies() {
    for (status, first, again) in FLOODS {
        for by_tower in [false, true] {
            let flood = Flood { status, first, again };
            let server = flood.start().await;
            let registry = Registry::builder(ReqwestTransport::new()).build();
            known(&registry, &portal_at(&server));
            let gate = Gate::new(&registry);
            let request = needed(&server);
            let client = reqwest::Client::new();
            let mut response = match by_tower {
                true => HttpGateLayer::new(&gate)
                    .max_reply_bytes(MIB)
                    .layer(client)
                    .oneshot(request)
                    .await
                    .unwrap(),
                false => {
                    let chain = ClientBuilder::new(client)
                        .with(GateMiddleware::new(&gate).max_reply_bytes(MIB))
                        .build();
                    chain.execute(request).await.unwrap()
                }
            };
            let sent = server.sent.load(Ordering::SeqCst);
            assert!(sent < BUFFERS, "{first}{again}: {sent}");

            // All of it is there, in order, from the first byte on.
            assert_eq!(response.status(), status);
            assert_eq!(response.url().path(), "/rest/1/s3cretcode/batch");
            let mut expected = flood.body();
            while expected.len() < 4 * MIB {
                expected.extend(flood.block());
            }
            let mut at = 0;
            while at < 3 * MIB {
                let chunk = response.chunk().await.unwrap().unwrap();
                assert!(expected[at..].starts_with(&chunk), "{first}{again} at {at}");
                at += chunk.len();
            }
        }
    }
}

#[tokio::test]
async fn gates_respect_reply_limits() {
    let stage = Stage::set().await;
    let (portal, _) = stage.known(Build::rest(36)).await;
    let result = json!({"result": {"a": vec!["x"; 100]}, "result_error": []});
    portal.fault(Fault::result(result.clone()).on(BATCH));
    let gate = Gate::new(&stage.registry);
    let url = format!("{}{BATCH}", portal.webhook_url());
    let request = || {
        let mut request = reqwest::Request::new(reqwest::Method::POST, url.parse().unwrap());
        *request.body_mut() = Some("cmd[a]=imbot.v2.Bot.list".into());
        request
    };
    for (bytes, values) in [(MIB, MIB), (100, MIB), (MIB, 100), (0, 0)] {
        let middleware = GateMiddleware::new(&gate)
            .max_reply_bytes(bytes)
            .max_reply_values(values);
        let chain = ClientBuilder::new(reqwest::Client::new())
            .with(middleware)
            .build();
        let layer = HttpGateLayer::new(&gate)
            .max_reply_bytes(bytes)
            .max_reply_values(values);
        for response in [
            chain.execute(request()).await.unwrap(),
            layer
                .layer(reqwest::Client::new())
                .oneshot(request())
                .await
                .unwrap(),
        ] {
            let length = response.headers()["content-length"].to_str().unwrap().to_owned();
            let body = response.bytes().await.unwrap();
            assert_eq!(length, body.len().to_string());
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["result"], result, "{bytes} {values}");
        }
    }
}

/// The largest honest replies.
#[tokio::test]
async fn large_honest_replies_pass() {
    let object = |fields: usize| -> Value {
        let members = (0..fields).map(|nth| (format!("field{nth}"), json!("some text of a message")));
        Value::Object(members.collect())
    };
    let list = |count: usize, fields: usize| -> Vec<Value> { (0..count).map(|_| object(fields)).collect() };
    let result = json!({"messages": list(500, 50), "users": list(500, 27), "files": list(500, 30)});
    assert!(result.to_string().len() > MIB);
    let stage = Stage::set().await;
    let (portal, handle) = stage.known(Build::rest(36)).await;
    portal.fault(Fault::result(result.clone()).on("profile"));
    let client = stage.registry.client(handle.portal());
    assert_eq!(client.call("profile", json!({})).await.unwrap(), result);
}

/// Has this reply at once.
#[derive(Clone)]
struct AtOnce(u16, Arc<Vec<u8>>);

impl Transport for AtOnce {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(ready(Ok(Response::new(self.0, None, self.1.to_vec()))))
    }
}

async fn is_pending(future: &mut Pin<&mut impl Future>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

/// What a transport of the program's own has kept is measured again.
#[tokio::test]
async fn careless_transports_are_measured_again() {
    let client = |status, body: String| -> Client {
        let registry = Registry::builder(AtOnce(status, Arc::new(body.into_bytes()))).build();
        let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
        registry.client(known(&registry, &portal).portal())
    };
    let long = format!("{{\"result\":\"{}\"}}", "x".repeat(17 * MIB));
    let many = format!("{{\"result\":[{}0]}}", "0,".repeat(600_000));
    for (status, body, is_long) in [
        (200, long.clone(), true),
        (500, "x".repeat(64 * 1024 + 1), true),
        (200, format!("{{\"error\":\"X{}\"}}", "x".repeat(64 * 1024)), true),
        (200, many, false),
        (404, format!("[{}0]", "0,".repeat(9_000)), false),
    ] {
        let called = client(status, body).call("profile", json!({})).await;
        match called.unwrap_err() {
            CallError::Transport(TransportError::TooLong { .. }) => assert!(is_long, "{status}"),
            CallError::Transport(TransportError::TooMany { .. }) => assert!(!is_long, "{status}"),
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn grants_remeasure_careless_transports() {
    let tokens = |token: String| json!({"access_token": token, "refresh_token": "next"}).to_string();
    for (body, is_taken) in [
        (tokens("first".to_owned()), true),
        (tokens("x".repeat(64 * 1024)), false),
        (format!("{{\"a\":[{}0]}}", "0,".repeat(9_000)), false),
    ] {
        let store = |_| ready(Ok::<_, String>(()));
        let grant = RefreshGrant::builder(
            AtOnce(200, Arc::new(body.into_bytes())),
            "local.app",
            "the secret",
        )
        .build("https://oauth.example/rest/", "refresh", store)
        .unwrap();
        let token = grant.token(None).await;
        assert_eq!(token.is_ok(), is_taken);
        assert!(token.map_or_else(|error| error.is_transient(), |_| true));
    }
}

/// Searched for one token after the other, this would take minutes.
#[tokio::test]
async fn fifty_tokens_redact_quickly() {
    let key = |nth: usize| format!("k{nth}");
    let texts: serde_json::Map<String, Value> = (0..50)
        .map(|nth| {
            let error = json!({"error": "a".repeat(255), "error_description": "a".repeat(300_000)});
            (key(nth), error)
        })
        .collect();
    let body = json!({"result": {"result": [], "result_error": texts}}).to_string();
    let registry = Registry::builder(AtOnce(200, Arc::new(body.into_bytes()))).build();
    let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
    let client = registry.client(known(&registry, &portal).portal());
    let token = |nth: usize| format!("{}{nth:02}", "a".repeat(200));
    let calls = (0..50).map(|nth| (key(nth), Call::new("profile").with("auth", token(nth))));
    let replies = client.batch(calls).await.unwrap();
    for (key, reply) in replies.iter() {
        let Reply::Error(error) = reply else {
            panic!("{key}: {reply:?}")
        };
        assert!(
            error.description.len() <= 500,
            "{key}: {}",
            error.description.len()
        );
    }
}

/// On a runtime with one thread, another task runs before the call is done.
#[tokio::test]
async fn long_replies_leave_workers_free() {
    for (length, is_long) in [(1_000, false), (MIB, true)] {
        let body = format!("{{\"result\":\"{}\"}}", "x".repeat(length)).into_bytes();
        let registry = Registry::builder(AtOnce(200, Arc::new(body.clone()))).build();
        let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
        let client = registry.client(known(&registry, &portal).portal());
        let mut call = pin!(client.call("profile", json!({})));
        if is_long {
            assert!(is_pending(&mut call).await);
        }
        assert_eq!(call.await.unwrap(), "x".repeat(length));

        let inner = service_fn(move |_: http::Request<Bytes>| {
            ready(Ok::<_, std::convert::Infallible>(http::Response::new(
                Bytes::from(body.clone()),
            )))
        });
        let service = HttpGateLayer::new(&Gate::new(&registry)).layer(inner);
        let request = http::Request::post("https://acme.example/rest/1/s3cretcode/batch")
            .body(Bytes::from_static(b"cmd[a]=imbot.v2.Bot.list"))
            .unwrap();
        let mut call = pin!(service.oneshot(request));
        if is_long {
            assert!(is_pending(&mut call).await);
        }
        assert!(call.await.unwrap().body().len() > length);
    }
}
