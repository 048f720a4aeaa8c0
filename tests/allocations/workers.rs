//! Large texts are read, changed and written off the runtime's workers. So the worker makes fewer
//! allocations than a text has values.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use http::Extensions;
use imbot_caps::gate::{Batch, Gate, GateLayer, GateMiddleware, HttpGateLayer};
use imbot_caps::portal::{StaticToken, TokenSource};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Knowledge, Portal, RefreshGrant, Registry};
use reqwest_middleware::{ClientBuilder, Middleware, Next};
use serde_json::{Map, Value, json};
use tower::{Layer, ServiceExt, service_fn};

/// The number of values of a text, in less than 256 KiB.
const MANY: usize = 3_000;

/// The most allocations of one call, whatever its length.
const FEW: u64 = 1_000;

/// Sends this reply at once.
#[derive(Clone)]
struct AtOnce(Arc<Vec<u8>>);

impl AtOnce {
    fn new(body: &Value) -> Self {
        Self(Arc::new(body.to_string().into_bytes()))
    }
}

impl Transport for AtOnce {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(ready(Ok(Response::new(200, None, self.0.to_vec()))))
    }
}

#[async_trait::async_trait]
impl Middleware for AtOnce {
    async fn handle(
        &self,
        _: reqwest::Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        Ok(http::Response::new(self.0.to_vec()).into())
    }
}

/// The number of allocations on this thread.
fn on_worker<T>(work: impl Future<Output = T>) -> (T, u64) {
    let (done, counted) = measured(work);
    (done, counted.count_total)
}

fn measured<T>(work: impl Future<Output = T>) -> (T, AllocationInfo) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let mut done = None;
    let counted = measure(|| done = Some(runtime.block_on(work)));
    (done.unwrap(), counted)
}

fn keyed(value: impl Fn(usize) -> Value) -> Value {
    Value::Object((1..=MANY).map(|nth| (nth.to_string(), value(nth))).collect())
}

fn batch_of(command: &str) -> Value {
    let commands: Map<String, Value> = (0..50).map(|nth| (format!("k{nth}"), command.into())).collect();
    json!({"cmd": commands})
}

/// A method, its parameters, and the result of it.
fn large() -> Vec<(&'static str, Value, Value)> {
    let bots = || {
        keyed(|nth| json!({"ID": nth.to_string(), "NAME": "Ann", "CODE": format!("c{nth}"), "OPENLINE": "N"}))
    };
    let error = |_| json!({"error": "A_CODE", "error_description": "a text"});
    let absent = |_| json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "a text"});
    let list = "imbot.v2.Bot.list?botToken=token";
    let attach: Vec<_> = (0..MANY).map(|nth| json!({"MESSAGE": nth.to_string()})).collect();
    let send = |attach: &Value| {
        json!({
            "botId": 7, "botToken": "token", "dialogId": "chat5", "fields": {"message": "x", "attach": attach},
        })
    };
    let attach = Value::from(attach);
    let fields: String = (0..100)
        .map(|nth| format!("&fields[attach][{nth}][MESSAGE]=a"))
        .collect();
    let command = format!("imbot.v2.Chat.Message.send?botId=7&dialogId=chat5&fields[message]=x{fields}");
    let none = json!({"result": {}, "result_error": []});
    vec![
        (
            "batch",
            json!({"cmd": {"a": list}}),
            json!({"result": [], "result_error": keyed(error)}),
        ),
        (
            "batch",
            json!({"cmd": {"a": list}}),
            json!({"result": keyed(|nth| json!([nth])), "result_error": []}),
        ),
        (
            "batch",
            json!({"cmd": {"a": list}}),
            json!({"result": {"a": bots()}, "result_error": []}),
        ),
        (
            "batch",
            json!({"cmd": {"1": list}}),
            json!({"result": [], "result_error": keyed(absent)}),
        ),
        ("imbot.v2.Bot.list", json!({"botToken": "token"}), bots()),
        ("imbot.v2.Chat.Message.send", send(&attach), json!(7)),
        (
            "imbot.v2.Chat.Message.send",
            send(&attach.to_string().into()),
            json!(7),
        ),
        ("batch", batch_of(&command), none),
    ]
}

#[test]
fn large_texts_leave_the_workers() {
    // The first call also makes statics.
    let (method, params, result) = large().swap_remove(4);
    allocated(31, "client", method, params, &result);
    let mut failed = Vec::new();
    for rest in [31, 36] {
        for (method, params, result) in large() {
            for way in ["client", "batch", "calls", "http", "middleware"] {
                let count = allocated(rest, way, method, params.clone(), &result);
                if count >= FEW {
                    failed.push(format!("{way} {method} at {rest}: {count}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

fn allocated(rest: u16, way: &str, method: &'static str, params: Value, result: &Value) -> u64 {
    let body = json!({"result": result});
    let at_once = AtOnce::new(&body);
    let registry = Registry::builder(at_once.clone()).build();
    let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
    let handle = registry.handle(&portal);
    handle.pin(Knowledge::pinned(rest));
    let gate = Gate::new(&registry);
    let url = format!("https://acme.example/rest/1/s3cretcode/{method}");
    let json = "application/json";
    match way {
        "client" => {
            let client = gate.client(&portal);
            let (came, count) = on_worker(client.call(method, params));
            assert!(came.unwrap().to_string().len() > 3 || method != "batch");
            count
        }
        "batch" => {
            let params = params.as_object().unwrap().clone();
            // The commands of a batch are calls of their own.
            let calls = match method {
                "batch" => Vec::new(),
                _ => vec![("1", Call::with_params(method, params))],
            };
            let client = gate.client(&portal);
            let (came, count) = on_worker(client.batch(Batch::from(calls)));
            assert_eq!(came.is_ok(), method == "batch");
            count
        }
        "calls" => {
            let reply = Arc::new(Mutex::new(Some(Reply::Result(result.clone()))));
            let sender = service_fn(move |_: Call| ready(reply.lock().unwrap().take().ok_or("asked twice")));
            let params = params.as_object().unwrap().clone();
            let call = Call::with_params(method, params);
            let (came, count) = on_worker(GateLayer::for_handle(&gate, &handle).layer(sender).oneshot(call));
            assert!(matches!(came.unwrap(), Reply::Result(_)));
            count
        }
        "http" => {
            let inner = service_fn(move |_: http::Request<Bytes>| {
                let body = Bytes::from(at_once.0.to_vec());
                ready(Ok::<_, std::convert::Infallible>(http::Response::new(body)))
            });
            let request = http::Request::post(url).header("content-type", json);
            let request = request.body(Bytes::from(params.to_string())).unwrap();
            let (came, count) = on_worker(HttpGateLayer::new(&gate).layer(inner).oneshot(request));
            assert_eq!(came.unwrap().status(), 200);
            count
        }
        _ => {
            let chain = ClientBuilder::new(reqwest::Client::new());
            let chain = chain.with(GateMiddleware::new(&gate)).with(at_once).build();
            let mut request = reqwest::Request::new(reqwest::Method::POST, url.parse().unwrap());
            request
                .headers_mut()
                .insert("content-type", json.parse().unwrap());
            *request.body_mut() = Some(params.to_string().into());
            let (came, count) = on_worker(chain.execute(request));
            assert_eq!(came.unwrap().status(), 200);
            count
        }
    }
}

/// A long text makes few allocations, so their bytes count.
#[test]
fn large_calls_are_written_off_workers() {
    const LENGTH: usize = 4 * 1024 * 1024;
    let webhook = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
    let application = Portal::oauth("https://acme.example/rest/", StaticToken::new("t0ken-t0ken")).unwrap();
    for portal in [webhook, application] {
        // The portal takes the call as it is, or in an older form.
        for rest in [36, 31, 18] {
            let registry = Registry::builder(AtOnce::new(&json!({"result": 7}))).build();
            registry.handle(&portal).pin(Knowledge::pinned(rest));
            let client = registry.client(&portal);
            let call = Call::new("imbot.v2.Chat.Message.send")
                .with("botId", 7)
                .with("dialogId", "chat5")
                .with("fields", json!({"message": "x".repeat(LENGTH)}));
            let (came, counted) = measured(client.send_call(call));
            came.unwrap();
            let bytes = counted.bytes_total;
            assert!(bytes < LENGTH as u64 / 2, "{portal:?} at {rest}: {bytes}");
        }
    }
}

#[test]
fn large_queries_leave_the_workers() {
    let fields: String = (0..MANY).map(|nth| format!("&x{nth}=1")).collect();
    // By a webhook and by an endpoint; for a method of the table, a known one, and an unknown one.
    for (path, before) in [("1/s3cretcode/", "a=1"), ("", "auth=t0ken-t0ken")] {
        for method in [
            "imbot.v2.Chat.Message.send",
            "im.counters.get",
            "imbot.v2.Bot.lits",
        ] {
            let registry = Registry::builder(AtOnce::new(&json!({"result": 7}))).build();
            let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
            let handle = registry.handle(&portal);
            handle.pin(Knowledge::pinned(36));
            let gate = Gate::new(&registry);
            let mut counts = Vec::new();
            // The first call also makes statics.
            for _ in 0..2 {
                let inner = service_fn(|_: http::Request<Bytes>| async {
                    Ok::<_, std::convert::Infallible>(http::Response::new(Bytes::new()))
                });
                let url = format!("https://acme.example/rest/{path}{method}?{before}{fields}");
                let request = http::Request::get(url).body(Bytes::new()).unwrap();
                let service = HttpGateLayer::new(&gate).layer(inner);
                let (came, count) = on_worker(service.oneshot(request));
                assert_eq!(came.unwrap().status(), 200);
                counts.push(count);
            }
            assert!(counts[1] < FEW, "{path} {method}: {counts:?}");
        }
    }
}

/// A portal with no method but `batch`.
struct BatchAlone(AtOnce);

impl Transport for BatchAlone {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        if request.url().path().ends_with("/batch") {
            return self.0.send(request);
        }
        let absent = json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "none"});
        let absent = Response::new(404, None, absent.to_string().into_bytes());
        Box::pin(ready(Ok(absent)))
    }
}

#[test]
fn replies_to_probes_leave_the_workers() {
    let portal = Portal::webhook("https://acme.example/rest/1/s3cretcode/").unwrap();
    let numbers = json!({"rest": 36, "web": 2, "mobile": 1, "desktop": 1, "others": vec![0; MANY]});
    let single = AtOnce::new(&json!({"result": numbers}));
    let errors = json!({"result": [], "result_error": keyed(|_| "A_CODE".into())});
    let batch = BatchAlone(AtOnce::new(&json!({"result": errors})));
    for builder in [Registry::builder(single), Registry::builder(batch)] {
        let registry = builder.build();
        let (_, count) = on_worker(registry.caps(&portal));
        assert!(count < FEW, "{count}");
    }
}

#[test]
fn new_tokens_leave_the_workers() {
    let more = keyed(|nth| nth.into());
    for (body, is_taken) in [
        (
            json!({"access_token": "first", "refresh_token": "next", "more": more}),
            true,
        ),
        (
            json!({"error": "invalid_grant", "error_description": more}),
            false,
        ),
    ] {
        let store = |_| ready(Ok::<_, String>(()));
        let grant = RefreshGrant::builder(AtOnce::new(&body), "local.app", "the secret")
            .build("https://oauth.example/rest/", "refresh", store)
            .unwrap();
        let (token, count) = on_worker(grant.token(None));
        assert_eq!(token.is_ok(), is_taken);
        assert!(count < FEW, "{count}");
    }
}
