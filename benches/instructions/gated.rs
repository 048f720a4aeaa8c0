//! A call through a gate, and the same call without one, over a transport that answers at once.

use std::convert::Infallible;
use std::future::ready;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use imbot_caps::gate::{Gate, HttpGateLayer};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Portal, Registry};
use tokio::runtime::{Builder, Runtime};
use tower::{Layer, ServiceExt};

use super::message::message;

const ADDRESS: &str = "https://company-17.bitrix24.example/rest/1/k2h7d0qpw3xz8s5v/";

const REVISION: &str = r#"{"result":{"rest":36,"web":130,"mobile":22,"desktop":5}}"#;

const SENT: &str = r#"{"result":{"id":17,"uuidMap":[]},"time":{"start":1775088000.123456,"finish":1775088000.234567,"duration":0.111111,"processing":0.087654,"date_start":"2026-04-02T03:00:00+03:00","date_finish":"2026-04-02T03:00:00+03:00","operating_reset_at":1775088600,"operating":0}}"#;

fn answer(path: &str) -> &'static str {
    match path.ends_with("imbot.v2.Revision.get") {
        true => REVISION,
        false => SENT,
    }
}

/// Answers from memory, and keeps the last request.
#[derive(Clone, Default)]
struct Canned(Arc<Mutex<Option<Request>>>);

impl Transport for Canned {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let body = answer(request.url().path()).as_bytes().to_vec();
        *self.0.lock().unwrap() = Some(request);
        Box::pin(ready(Ok(Response::new(200, None, body))))
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn portal() -> Portal {
    Portal::webhook(ADDRESS).unwrap()
}

pub fn client() -> Box<dyn FnMut()> {
    let (runtime, registry) = (runtime(), Registry::builder(Canned::default()).build());
    let client = registry.client(&portal());
    let call = message();
    assert!(!client.plan(&call).unwrap().is_pass());
    runtime.block_on(client.send_call(call.clone())).unwrap();
    assert!(client.plan(&call).unwrap().is_pass());
    Box::new(move || {
        black_box(runtime.block_on(client.send_call(call.clone())).unwrap());
    })
}

pub fn bare() -> Box<dyn FnMut()> {
    let (runtime, canned) = (runtime(), Canned::default());
    let registry = Registry::builder(canned.clone()).build();
    let call = message();
    runtime
        .block_on(registry.client(&portal()).send_call(call.clone()))
        .unwrap();
    let sent = canned.0.lock().unwrap().take().unwrap();
    let send = move |call: Call| {
        let (sent, canned) = (sent.clone(), canned.clone());
        async move {
            black_box(serde_json::to_vec(call.params()).unwrap());
            let response = canned.send(sent).await.unwrap();
            Reply::read(response.status, None, &response.body)
        }
    };
    Box::new(move || {
        let reply = runtime.block_on(send(call.clone()));
        assert!(matches!(black_box(reply), Reply::Result(_)));
    })
}

/// A service that answers from memory.
fn service() -> impl tower::Service<
    http::Request<Vec<u8>>,
    Response = http::Response<Bytes>,
    Error = Infallible,
    Future = std::future::Ready<Result<http::Response<Bytes>, Infallible>>,
> + Clone
+ Send
+ Sync
+ 'static {
    tower::service_fn(|request: http::Request<Vec<u8>>| {
        let body = answer(request.uri().path());
        ready(Ok(http::Response::new(Bytes::from(body))))
    })
}

fn request(call: &Call) -> http::Request<Vec<u8>> {
    http::Request::post(format!("{ADDRESS}{}", call.method()))
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(serde_json::to_vec(call.params()).unwrap())
        .unwrap()
}

/// Sends the message by a service, again and again.
fn sent_by<S>(runtime: Runtime, service: S) -> Box<dyn FnMut()>
where
    S: tower::Service<http::Request<Vec<u8>>, Response = http::Response<Bytes>> + Clone + 'static,
    S::Error: std::fmt::Debug,
{
    let call = message();
    Box::new(move || {
        let request = request(&call);
        let reply = runtime.block_on(async {
            let response = service.clone().oneshot(request).await;
            response.unwrap().into_body()
        });
        black_box(reply);
    })
}

pub fn http() -> Box<dyn FnMut()> {
    sent_by(runtime(), service())
}

pub fn layer() -> Box<dyn FnMut()> {
    let (runtime, registry) = (runtime(), Registry::builder(Canned::default()).build());
    let _ = registry.handle(&portal());
    runtime.block_on(registry.caps(&portal())).unwrap();
    let layer = HttpGateLayer::new(&Gate::new(&registry));
    sent_by(runtime, layer.layer(service()))
}
