//! A page of events that is too large is asked for in smaller parts.

use super::*;
use imbot_caps_emulator::EmulatedPortal;

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
                let client = self.client.clone().reply_limit(bytes).reply_values(values);
                return client.call(GET, params).await.ok();
            }
            Way::Middleware => {
                let gate = GateMiddleware::new(&self.gate);
                let gate = gate.reply_limit(bytes).reply_values(values);
                ClientBuilder::new(http)
                    .with(gate)
                    .build()
                    .execute(request)
                    .await
                    .unwrap()
            }
            Way::Tower => {
                let layer = HttpGateLayer::new(&self.gate);
                let layer = layer.reply_limit(bytes).reply_values(values);
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
    let client = polled.client.clone().reply_limit(100_000);
    let params = polled.params(json!({"limit": 100}));
    assert!(client.call("imbot.v2.Bot.list", params).await.is_err());
    assert_eq!(polled.portal.take_requests().len(), 1);
}
