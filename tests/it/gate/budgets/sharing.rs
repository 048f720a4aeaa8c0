//! Large replies share the memory of a registry, and no portal has it all.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use tokio::sync::Semaphore;

/// Reserves the room for each reply, and has the reply when it is let go.
#[derive(Clone)]
struct Slow {
    /// How many have their room, by host.
    reserved: Arc<Mutex<BTreeMap<String, usize>>>,
    let_go: Arc<Semaphore>,
    /// Of each reply, in bytes.
    length: usize,
}

impl Transport for Slow {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            let room = request.reservation();
            room.acquire().await;
            // A second time costs nothing.
            room.acquire().await;
            let host = request.url().host_str().unwrap().to_owned();
            *self.reserved.lock().unwrap().entry(host).or_default() += 1;
            self.let_go.acquire().await.unwrap().forget();
            let body = format!("{{\"result\":\"{}\"}}", "x".repeat(self.length));
            Ok(Response::new(200, None, body.into_bytes()))
        })
    }
}

struct Shared {
    slow: Slow,
    registry: Registry,
}

impl Shared {
    /// With room for eight replies.
    fn new() -> Self {
        Self::of_replies(100_000)
    }

    fn of_replies(length: usize) -> Self {
        let slow = Slow {
            reserved: Arc::default(),
            let_go: Arc::new(Semaphore::new(0)),
            length,
        };
        let builder = Registry::builder(slow.clone()).reply_memory(8 * MIB);
        Self {
            registry: builder.build(),
            slow,
        }
    }

    fn call(&self, host: &str, timeout: Duration) -> tokio::task::JoinHandle<Result<Value, CallError>> {
        let portal = Portal::webhook(&format!("https://{host}/rest/1/s3cretcode/")).unwrap();
        let client = self.registry.client(known(&self.registry, &portal).portal());
        let client = client
            .max_reply_bytes(MIB - 1_000)
            .max_reply_values(10)
            .timeout(timeout);
        tokio::spawn(async move { client.call("profile", json!({})).await })
    }

    /// How many have their room, once nothing goes on any more.
    async fn reserved(&self) -> Vec<(String, usize)> {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        let reserved = self.slow.reserved.lock().unwrap();
        reserved
            .iter()
            .map(|(host, count)| (host.clone(), *count))
            .collect()
    }
}

const LONG: Duration = Duration::from_secs(3_600);

#[tokio::test(start_paused = true)]
async fn one_portal_holds_one_share() {
    let shared = Shared::new();
    let hostile: Vec<_> = (0..20).map(|_| shared.call("hostile.example", LONG)).collect();
    let good = shared.call("good.example", LONG);
    let one = |host: &str| (host.to_owned(), 1);
    assert_eq!(
        shared.reserved().await,
        [one("good.example"), one("hostile.example")]
    );
    // Each gives its room back when it has been read.
    shared.slow.let_go.add_permits(21);
    assert!(good.await.unwrap().is_ok());
    for call in hostile {
        assert!(call.await.unwrap().is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn total_reply_memory_is_bounded() {
    let shared = Shared::new();
    let calls: Vec<_> = (0..20)
        .map(|nth| shared.call(&format!("p{nth}.example"), LONG))
        .collect();
    assert_eq!(shared.reserved().await.len(), 8);
    shared.slow.let_go.add_permits(20);
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
}

/// One owner has any number of names. However many of them are slow, others have room.
#[tokio::test(start_paused = true)]
async fn one_site_leaves_others_memory() {
    let shared = Shared::new();
    let hostile: Vec<_> = (0..40)
        .map(|nth| shared.call(&format!("p{nth}.evil.com"), LONG))
        .collect();
    let before = shared.reserved().await.len();
    assert!((1..=3).contains(&before), "{before}");
    let good = ["good.bitrix24.com", "fine.bitrix24.com"].map(|host| shared.call(host, LONG));
    let reserved = shared.reserved().await;
    assert_eq!(reserved.len(), before + good.len(), "{reserved:?}");
    shared.slow.let_go.add_permits(42);
    for call in good.into_iter().chain(hostile) {
        assert!(call.await.unwrap().is_ok());
    }
}

/// The memory is in use for as long as the reply is parsed, whoever still waits for it.
#[test]
fn parsed_replies_keep_their_memory() {
    for by_gate in [false, true] {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let shared = Shared::of_replies(300_000);
            shared.slow.let_go.add_permits(10);
            // The only thread for such work is busy, so that the reply waits to be parsed.
            let (let_go, held) = std::sync::mpsc::channel::<()>();
            let busy = tokio::task::spawn_blocking(move || held.recv());
            let portal = Portal::webhook("https://good.example/rest/1/s3cretcode/").unwrap();
            known(&shared.registry, &portal);
            let inner = service_fn(|_: http::Request<Bytes>| {
                let result = json!({"result": {"a": "x".repeat(300_000)}, "result_error": []});
                let body = Bytes::from(json!({ "result": result }).to_string());
                ready(Ok::<_, std::convert::Infallible>(http::Response::new(body)))
            });
            let layer = HttpGateLayer::new(&Gate::new(&shared.registry))
                .max_reply_bytes(MIB - 1_000)
                .max_reply_values(10);
            let request = http::Request::post("https://good.example/rest/1/s3cretcode/batch")
                .body(Bytes::from_static(b"cmd[a]=imbot.v2.Bot.list"))
                .unwrap();
            let given_up = match by_gate {
                true => {
                    let call = layer.layer(inner).oneshot(request);
                    tokio::spawn(async move { drop(call.await) })
                }
                false => {
                    let call = shared.call("good.example", LONG);
                    tokio::spawn(async move { drop(call.await) })
                }
            };
            let count = |reserved: Vec<(String, usize)>| reserved.iter().map(|(_, count)| count).sum();
            let before: usize = count(shared.reserved().await);
            assert_eq!(before, usize::from(!by_gate));
            given_up.abort();
            let next = shared.call("good.example", LONG);
            assert_eq!(count(shared.reserved().await), before, "by gate: {by_gate}");
            let_go.send(()).unwrap();
            busy.await.unwrap().unwrap();
            assert!(next.await.unwrap().is_ok());
        });
    }
}

#[tokio::test(start_paused = true)]
async fn cancelled_calls_release_their_memory() {
    let shared = Shared::new();
    let held = shared.call("good.example", LONG);
    let waiting = shared.call("good.example", LONG);
    assert_eq!(shared.reserved().await, [("good.example".to_owned(), 1)]);
    waiting.abort();
    held.abort();
    let next = shared.call("good.example", LONG);
    assert_eq!(shared.reserved().await, [("good.example".to_owned(), 2)]);
    shared.slow.let_go.add_permits(1);
    assert!(next.await.unwrap().is_ok());
}

/// Of a server that sends much, and then nothing.
#[tokio::test]
async fn memory_wait_ends_with_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/rest/1/s3cretcode/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut streams = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n{\"result\":\"";
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&[b'x'; 200_000]).await.unwrap();
            streams.push(stream);
        }
    });
    let registry = Registry::builder(ReqwestTransport::new()).reply_memory(0).build();
    let portal = Portal::builder().allow_http().webhook(&url).unwrap();
    let client = registry
        .client(known(&registry, &portal).portal())
        .timeout(Duration::from_millis(200));
    let calls = [0, 1, 2].map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.call("profile", json!({})).await })
    });
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(
            matches!(error, CallError::Transport(TransportError::Timeout)),
            "{error:?}"
        );
    }
}

/// A gate shares the same memory. A reply that finds no room there goes on as it came.
#[tokio::test(start_paused = true)]
async fn gates_share_with_clients() {
    let shared = Shared::new();
    let result = json!({"result": {"a": "x".repeat(100_000)}, "result_error": []});
    let body = Bytes::from(json!({ "result": result }).to_string());
    let inner = service_fn({
        let body = body.clone();
        move |_: http::Request<Bytes>| {
            ready(Ok::<_, std::convert::Infallible>(http::Response::new(
                body.clone(),
            )))
        }
    });
    let layer = HttpGateLayer::new(&Gate::new(&shared.registry))
        .max_reply_bytes(MIB - 1_000)
        .max_reply_values(10);
    let portal = Portal::webhook("https://good.example/rest/1/s3cretcode/").unwrap();
    known(&shared.registry, &portal);
    let mut waits = Vec::new();
    for is_held in [false, true] {
        let held = is_held.then(|| shared.call("good.example", LONG));
        shared.reserved().await;
        let request = http::Request::post("https://good.example/rest/1/s3cretcode/batch")
            .body(Bytes::from_static(b"cmd[a]=imbot.v2.Bot.list"))
            .unwrap();
        let begun = tokio::time::Instant::now();
        let response = layer.layer(inner.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.body(), &body);
        waits.push(begun.elapsed().as_secs());
        drop(held);
    }
    assert_eq!(waits, [0, 10]);
}

/// The result of another method is no answer: where it is not translated, the gate says so.
#[tokio::test(start_paused = true)]
async fn untranslated_results_are_never_forwarded() {
    let shared = Shared::new();
    let portal = Portal::webhook("https://good.example/rest/1/s3cretcode/").unwrap();
    shared.registry.handle(&portal).pin(Knowledge::pinned(30));
    let bots: serde_json::Map<String, Value> = (0..3_000)
        .map(|nth| {
            (
                nth.to_string(),
                json!({"ID": nth, "NAME": "x".repeat(40), "CODE": "c"}),
            )
        })
        .collect();
    let body = Bytes::from(json!({ "result": bots }).to_string());
    let inner = service_fn(move |request: http::Request<Bytes>| {
        assert!(request.uri().path().ends_with("/imbot.bot.list"), "{request:?}");
        ready(Ok::<_, std::convert::Infallible>(http::Response::new(
            body.clone(),
        )))
    });
    let gate = Gate::new(&shared.registry);
    for (bytes, values, is_held, is_read) in [
        (MIB, 30_000, false, true),
        (100_000, 30_000, false, false),
        (MIB, 1_000, false, false),
        (MIB, 30_000, true, false),
    ] {
        let held = is_held.then(|| shared.call("good.example", LONG));
        shared.registry.handle(&portal).pin(Knowledge::pinned(30));
        shared.reserved().await;
        let layer = HttpGateLayer::new(&gate)
            .max_reply_bytes(bytes)
            .max_reply_values(values);
        let request = http::Request::post("https://good.example/rest/1/s3cretcode/imbot.v2.Bot.list")
            .body(Bytes::new())
            .unwrap();
        let response = layer.layer(inner.clone()).oneshot(request).await.unwrap();
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(response.status() == 200, is_read, "{bytes} {values} {is_held}");
        if is_read {
            assert_eq!(answer["result"]["bots"].as_array().map(Vec::len), Some(3_000));
        } else {
            // It may have run.
            assert_eq!(
                (&answer["result"], &answer["error"]),
                (&json!(true), &json!("MALFORMED_REPLY"))
            );
            let text = answer["error_description"].as_str().unwrap();
            assert!(
                text.contains("may have run") && text.contains("reply_memory"),
                "{text}"
            );
        }
        drop(held);
    }
}
