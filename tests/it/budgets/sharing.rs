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
}

impl Transport for Slow {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            let room = request.room();
            room.reserve().await;
            // A second time costs nothing.
            room.reserve().await;
            let host = request.url().host_str().unwrap().to_owned();
            *self.reserved.lock().unwrap().entry(host).or_default() += 1;
            self.let_go.acquire().await.unwrap().forget();
            let body = format!("{{\"result\":\"{}\"}}", "x".repeat(100_000));
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
        let slow = Slow {
            reserved: Arc::default(),
            let_go: Arc::new(Semaphore::new(0)),
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
        let client = client.reply_limit(MIB - 1_000).reply_values(10).timeout(timeout);
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
async fn all_portals_hold_no_more_than_all() {
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

#[tokio::test(start_paused = true)]
async fn calls_given_up_give_their_room_back() {
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
async fn waits_for_room_end_with_the_call() {
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

/// A gate shares the same memory. What finds no room there goes on as it came.
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
        .reply_limit(MIB - 1_000)
        .reply_values(10);
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
