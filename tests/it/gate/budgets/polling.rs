//! A page of events that is too large or too late is asked for in smaller parts.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use http_body_util::{BodyExt, Empty};
use imbot_caps_emulator::EmulatedPortal;
use reqwest_middleware::{Middleware, Next};

const GET: &str = "imbot.v2.Event.get";
const MESSAGES: usize = 40;

/// Whose limits the page is beyond, and who asks.
#[derive(Clone, Copy, Debug)]
enum Way {
    Client,
    Middleware,
    Tower,
}

struct Polled {
    /// Holds the server.
    _stage: Stage,
    portal: EmulatedPortal,
    gate: Gate,
    client: Client,
    bot: u64,
    limits: (usize, usize),
}

impl Polled {
    /// A bot whose queue is full.
    async fn new(limits: (usize, usize)) -> Self {
        let stage = Stage::set().await;
        let (portal, handle) = stage.portal(Build::rest32_with_imbot_v2());
        // Whether it has imbot.v2 is not known, so the gates look at the reply.
        handle.pin(Knowledge::pinned(32));
        let client = stage.registry.client(handle.portal());
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "eventMode": "fetch"});
        let params = json!({"botToken": "token", "fields": fields});
        let made = client.call("imbot.v2.Bot.register", params).await.unwrap();
        let bot = made["bot"]["id"].as_u64().unwrap();
        for nth in 0..MESSAGES {
            let text = format!("{nth} {}", "x".repeat(500));
            portal.say(1, &bot.to_string(), &text).await.unwrap();
        }
        portal.take_requests();
        let gate = Gate::new(&stage.registry);
        Self {
            _stage: stage,
            portal,
            gate,
            client,
            bot,
            limits,
        }
    }

    fn params(&self, more: Value) -> Value {
        let mut params = json!({"botId": self.bot, "botToken": "token"});
        let own = params.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        params
    }

    /// A page, by the client or over a gated HTTP client.
    async fn page(&self, way: Way, more: Value) -> Option<Value> {
        let params = self.params(more);
        let (bytes, values) = self.limits;
        let http = reqwest::Client::new();
        let mut request = http
            .post(format!("{}{GET}", self.portal.webhook_url()))
            .body(params.to_string())
            .build()
            .unwrap();
        let json = "application/json".parse().unwrap();
        request.headers_mut().insert("content-type", json);
        let response = match way {
            Way::Client => {
                let client = self
                    .client
                    .clone()
                    .max_reply_bytes(bytes)
                    .max_reply_values(values);
                return client.call(GET, params).await.ok();
            }
            Way::Middleware => {
                let gate = GateMiddleware::new(&self.gate);
                let gate = gate.max_reply_bytes(bytes).max_reply_values(values);
                ClientBuilder::new(http)
                    .with(gate)
                    .build()
                    .execute(request)
                    .await
                    .unwrap()
            }
            Way::Tower => {
                let layer = HttpGateLayer::new(&self.gate);
                let layer = layer.max_reply_bytes(bytes).max_reply_values(values);
                layer.layer(http).oneshot(request).await.unwrap()
            }
        };
        let body: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        Some(body["result"].clone())
    }
}

fn numbers(page: &Value) -> Vec<usize> {
    let events = page["events"].as_array().unwrap().iter();
    let texts = events.filter_map(|event| event["data"]["message"]["text"].as_str());
    texts
        .map(|text| text.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn large_pages_are_split_losslessly() {
    for limits in [(20_000, usize::MAX), (usize::MAX, 1_500)] {
        for way in [Way::Client, Way::Middleware, Way::Tower] {
            let polled = Polled::new(limits).await;
            let (mut heard, mut more) = (Vec::new(), json!({}));
            loop {
                let offset = more.get("offset").cloned();
                let page = polled.page(way, more).await.unwrap();
                // Each part is asked from the same place, for half as many.
                let mut last = None;
                for request in polled.portal.take_requests() {
                    assert_eq!(request.method, GET);
                    assert_eq!(request.params.get("offset"), offset.as_ref(), "{way:?}");
                    let limit = request
                        .params
                        .get("limit")
                        .map_or(100, |limit| limit.as_u64().unwrap());
                    assert!(last.is_none_or(|last: u64| limit == last / 2), "{way:?}: {limit}");
                    last = Some(limit);
                }
                let events = page["events"].as_array().unwrap().len();
                assert!(events <= usize::try_from(last.unwrap()).unwrap());
                heard.extend(numbers(&page));
                more = json!({"offset": page["nextOffset"]});
                if page["hasMore"] == false {
                    break;
                }
            }
            assert_eq!(heard, (0..MESSAGES).collect::<Vec<_>>(), "{way:?} {limits:?}");
        }
    }
}

#[tokio::test]
async fn page_limits_halve_to_one() {
    // Not one event is within it.
    let polled = Polled::new((100, usize::MAX)).await;
    for (limit, expected) in [
        (json!(9), vec![9, 4, 2, 1]),
        (json!("9"), vec![9, 4, 2, 1]),
        (json!(1), vec![1]),
        (json!(0), vec![0]),
        (json!(5_000), vec![5_000, 500, 250, 125, 62, 31, 15, 7, 3, 1]),
        (json!("all"), vec![]),
    ] {
        for way in [Way::Client, Way::Middleware, Way::Tower] {
            let page = polled.page(way, json!({"limit": limit})).await;
            // A gate passes on what came last; the client has an error.
            assert_eq!(page.is_none(), matches!(way, Way::Client));
            let asked = polled.portal.take_requests();
            let limits = asked.iter().filter_map(|request| {
                let limit = request.params.get("limit")?;
                limit.as_u64().or_else(|| limit.as_str()?.parse().ok())
            });
            let limits: Vec<_> = limits.collect();
            if !expected.is_empty() {
                assert_eq!(limits, expected, "{way:?}");
            }
        }
    }
}

/// An error is as large again, and other methods have no pages that can be lost.
#[tokio::test]
async fn only_event_pages_are_split() {
    let polled = Polled::new((100_000, usize::MAX)).await;
    let large = json!({"error": "X", "error_description": "x".repeat(200_000)});
    polled.portal.fault(Fault::json(400, &large).on(GET));
    for way in [Way::Client, Way::Middleware, Way::Tower] {
        let _ = polled.page(way, json!({})).await;
        assert_eq!(polled.portal.take_requests().len(), 1, "{way:?}");
    }
    polled
        .portal
        .fault(Fault::big_body(200_000).on("imbot.v2.Bot.list"));
    let client = polled.client.clone().max_reply_bytes(100_000);
    let params = polled.params(json!({"limit": 100}));
    assert!(client.call("imbot.v2.Bot.list", params).await.is_err());
    assert_eq!(polled.portal.take_requests().len(), 1);
}

/// Sends pages of so many events in time. Records the limits of the requests.
#[derive(Clone)]
struct Slow {
    in_time: u64,
    /// Whether the head of a late reply comes in time.
    has_begun: bool,
    limits: Arc<Mutex<Vec<Value>>>,
}

impl Slow {
    fn new(in_time: u64, has_begun: bool) -> Self {
        Self {
            in_time,
            has_begun,
            limits: Arc::default(),
        }
    }

    /// Whether the reply to a request comes in time.
    fn is_in_time(&self, body: &[u8]) -> bool {
        let params: Value = serde_json::from_slice(body).unwrap();
        let limit = params.get("limit").cloned().unwrap_or(json!(100));
        let is_in_time = limit.as_u64().is_some_and(|limit| limit <= self.in_time);
        assert_eq!(params["offset"], 7);
        self.limits.lock().unwrap().push(limit);
        is_in_time
    }

    async fn respond(&self, request: &reqwest::Request) -> reqwest::Result<reqwest::Response> {
        if self.is_in_time(request.body().unwrap().as_bytes().unwrap()) {
            return Ok(http::Response::new(PAGE).into());
        }
        if self.has_begun {
            return Ok(http::Response::new(stalled()).into());
        }
        // Nobody answers here.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        reqwest::Client::new()
            .get(url)
            .timeout(Duration::from_millis(1))
            .send()
            .await
    }
}

const PAGE: &str = r#"{"result":{"events":[],"nextOffset":8}}"#;

impl Transport for Slow {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let page = Response::new(200, None, PAGE.as_bytes().to_vec());
        let is_in_time = self.is_in_time(request.body());
        Box::pin(ready(is_in_time.then_some(page).ok_or(TransportError::Timeout)))
    }
}

#[async_trait::async_trait]
impl Middleware for Slow {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut http::Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        Ok(self.respond(&request).await?)
    }
}

/// A body that does not come in time.
fn stalled() -> reqwest::Body {
    let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
    let body = Empty::<Bytes>::new().map_err(|never| -> std::io::Error { match never {} });
    reqwest::Body::wrap(body.with_trailers(ready(Some(Err(late)))))
}

/// Asks for a page. Returns the limits of the requests, and whether the page came.
async fn late_page(way: Way, method: &str, slow: Slow, limit: Option<&Value>) -> (Vec<Value>, bool) {
    let endpoint = "https://acme.example/rest/1/s3cretcode/";
    let portal = Portal::webhook(endpoint).unwrap();
    let registry = Registry::builder(slow.clone()).build();
    let handle = registry.handle(&portal);
    // At 32 it is unknown whether the portal has imbot.v2, so the gates read the reply.
    handle.pin(Knowledge::pinned(if method == GET { 32 } else { 36 }));
    let gate = Gate::new(&registry);
    let mut params = json!({"botId": 7, "botToken": "token", "offset": 7});
    if let Some(limit) = limit {
        params["limit"] = limit.clone();
    }
    let http = reqwest::Client::new();
    let request = http.post(format!("{endpoint}{method}"));
    let request = request.header("content-type", "application/json");
    let request = request.body(params.to_string()).build().unwrap();
    let own = slow.clone();
    let page = match way {
        Way::Client => {
            let page = gate.client(&portal).call(method, params).await;
            page.is_ok_and(|page| page["nextOffset"] == 8)
        }
        Way::Middleware => {
            let chain = ClientBuilder::new(http).with(GateMiddleware::new(&gate));
            let response = chain.with(own).build().execute(request).await;
            match response {
                Ok(response) => response.text().await.is_ok_and(|text| text == PAGE),
                Err(_) => false,
            }
        }
        Way::Tower => {
            let inner = service_fn(move |request: reqwest::Request| {
                let own = own.clone();
                async move { own.respond(&request).await }
            });
            let service = HttpGateLayer::new(&gate).layer(inner);
            let response = service.oneshot(request).await;
            match response {
                Ok(response) => response.text().await.is_ok_and(|text| text == PAGE),
                Err(_) => false,
            }
        }
    };
    let limits = slow.limits.lock().unwrap().clone();
    (limits, page)
}

#[tokio::test]
async fn late_pages_are_asked_for_in_parts() {
    for (limit, in_time, expected, comes) in [
        (None, 100, vec![json!(100)], true),
        (None, 10, vec![json!(100), json!(10)], true),
        (Some(json!(1_000)), 100, vec![json!(1_000), json!(100)], true),
        (Some(json!("9")), 1, vec![json!("9"), json!(1)], true),
        // There is one repeat, in time or not.
        (None, 5, vec![json!(100), json!(10)], false),
        (Some(json!(1)), 0, vec![json!(1)], false),
    ] {
        for (way, has_begun) in [
            (Way::Client, false),
            (Way::Middleware, false),
            (Way::Middleware, true),
            (Way::Tower, true),
        ] {
            // Gates pass on a reply to the second method unread.
            let methods = [GET, "im.v2.Event.get"];
            for method in methods.into_iter().take(2 - usize::from(has_begun)) {
                let slow = Slow::new(in_time, has_begun);
                let (limits, came) = late_page(way, method, slow, limit.as_ref()).await;
                assert_eq!(
                    (&limits, came),
                    (&expected, comes),
                    "{way:?} {has_begun} {method}"
                );
            }
        }
    }
}

#[tokio::test]
async fn other_late_calls_are_sent_once() {
    for (way, has_begun) in [
        (Way::Client, false),
        (Way::Middleware, false),
        (Way::Middleware, true),
        (Way::Tower, true),
    ] {
        let slow = Slow::new(10, has_begun);
        let (limits, came) = late_page(way, "imbot.v2.Chat.Message.read", slow, None).await;
        assert_eq!((limits.len(), came), (1, false), "{way:?} {has_begun}");
    }
}
