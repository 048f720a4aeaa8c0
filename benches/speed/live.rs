//! What goes over the wire: a gated call beside the same call without a gate, and a
//! storm of callers beside the requests that it needs.
//!
//! All of it on loopback, against the emulator, where a call costs its two ends and no
//! way between them: over a network it takes longer, and a gate costs the same.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use imbot_caps::gate::Client;
use imbot_caps::plan::TypedCall;
use imbot_caps::transport::{Request, ReqwestTransport, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;

use super::harness::{Effort, quartiles};
use super::message::message;
use super::report::{Figure, Report, Target};
use super::typed::{self as message_types, typed, value};

pub fn run(effort: Effort, report: &mut Report) {
    calls(effort, report);
    storm(effort, report);
}

/// One call of a variant; boxed, as all of them are. Each has a call of its own, made
/// before the time is taken and dropped within it: a message is made anew each time.
type Sending<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;
type Variant<'a> = (&'static str, Box<dyn FnMut() -> Sending<'a> + 'a>);

/// How many calls make a block: ratios are those of the medians of blocks.
const BLOCK: usize = 200;

/// A call that passes the gate, and the same call without a gate. Client and server
/// share one thread, so that no core has to be woken.
fn calls(effort: Effort, report: &mut Report) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let stage = runtime.block_on(Stage::set());
    let Stage {
        emulated,
        http,
        registry,
        client,
        call,
        ..
    } = &stage;
    let message_text = "x".repeat(700);
    let transport = ReqwestTransport::with_client(http.clone());
    let sent = runtime.block_on(sent(http, emulated, call));
    let bare: Variant<'_> = (
        "floor: the same transport, without a gate",
        Box::new(|| {
            let (call, sent, transport) = (call.clone(), &sent, &transport);
            Box::pin(async move {
                let body = serde_json::to_vec(call.params()).unwrap();
                assert_eq!(body, sent.body());
                let response = transport.send(sent.clone()).await.unwrap();
                let reply = Reply::read(response.status, None, &response.body);
                assert!(matches!(reply, Reply::Result(_)));
            })
        }),
    );
    let gated: Variant<'_> = (
        "gate::Client",
        Box::new(|| {
            let call = call.clone();
            Box::pin(async move { drop(client.send_call(call).await.unwrap()) })
        }),
    );
    let by_hand: Variant<'_> = (
        "floor: the same reqwest client, by hand",
        Box::new(|| {
            let call = call.clone();
            Box::pin(async move {
                let request = request(http, emulated, &call);
                drop(read(http.execute(request).await.unwrap()).await);
            })
        }),
    );
    let mut variants = vec![bare, gated, by_hand];
    further_variants(&stage, &mut variants);
    let bot = stage.call.params()["botId"].as_u64().unwrap();
    let by_value = variants.len();
    variants.push((
        "gate::Client, a `Value` in and out",
        Box::new(|| {
            let text = &message_text;
            Box::pin(async move {
                let sent = client
                    .call(message_types::Send::METHOD, value(bot, text))
                    .await
                    .unwrap();
                assert!(sent["id"].is_u64());
            })
        }),
    ));
    variants.push((
        "gate::Client, a typed call",
        Box::new(|| {
            let text = &message_text;
            Box::pin(async move { assert_ne!(client.send(&typed(bot, text)).await.unwrap().id, 0) })
        }),
    ));
    let names: Vec<&str> = variants.iter().map(|(name, _)| *name).collect();
    let blocks = if effort.quick { 10 } else { 60 };
    let medians = alternate(&runtime, emulated, blocks, &mut variants);
    let of_ratios = |one: usize, floor: usize| {
        let pairs = medians[one].iter().zip(&medians[floor]);
        quartiles(&pairs.map(|(one, floor)| one / floor).collect::<Vec<f64>>())
    };
    let median = |one: usize| Figure::Nanos(quartiles(&medians[one]).median);
    report.hold_figures(
        "a gated call on loopback, of the call without a gate",
        median(1),
        median(0),
        of_ratios(1, 0),
        Target::Times(1.02),
    );
    report.hold_figures(
        "a typed call on loopback, of the same call with a `Value`",
        median(by_value + 1),
        median(by_value),
        of_ratios(by_value + 1, by_value),
        Target::Times(1.1),
    );
    let text = Value::Object(call.params().clone()).to_string();
    report.further(format!(
        "One call of {} bytes that passes, one by one in turn, {} of each; each beside the first, or beside the client that it goes around:\n",
        text.len(),
        blocks * BLOCK,
    ));
    // An adapter for another client follows that client.
    for (one, name) in names.iter().enumerate() {
        let floor = if one < 3 { 0 } else { one - (one - 3) % 2 };
        report.further(format!(
            "- {name}: {}, {} times",
            median(one),
            of_ratios(one, floor)
        ));
    }
    drop(variants);
    assert_eq!(registry.snapshot().records().len(), 1, "all was of one portal");
    report.further("");
}

/// An emulated portal, a bot on it, and clients that know both.
struct Stage {
    _emulator: Emulator,
    emulated: EmulatedPortal,
    http: reqwest::Client,
    registry: Registry,
    client: Client,
    call: Call,
}

impl Stage {
    async fn set() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(36));
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()
            .unwrap();
        let registry = registry(&http);
        let client = registry.client(&webhook(&emulated));
        let fields = json!({"code": "ann", "properties": {"name": "Ann"}, "eventMode": "fetch"});
        let params = json!({"botToken": "t0ken", "fields": fields});
        let registered = client.call("imbot.v2.Bot.register", params).await.unwrap();
        let bot = registered["bot"]["id"].as_u64().unwrap();
        let call = message().with("botId", bot).with("dialogId", "1");
        assert!(client.plan(&call).is_ok_and(|own| own.is_pass()));
        Self {
            _emulator: emulator,
            emulated,
            http,
            registry,
            client,
            call,
        }
    }
}

/// A registry whose requests go through this client.
fn registry(http: &reqwest::Client) -> Registry {
    Registry::builder(ReqwestTransport::with_client(http.clone())).build()
}

/// Keeps the last request that was sent.
struct Tap {
    transport: Arc<ReqwestTransport>,
    last: Arc<Mutex<Option<Request>>>,
}

impl Transport for Tap {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        *self.last.lock().unwrap() = Some(request.clone());
        self.transport.send(request)
    }
}

/// The request that a call is, as the transport gets it.
async fn sent(http: &reqwest::Client, emulated: &EmulatedPortal, call: &Call) -> Request {
    let transport = Arc::new(ReqwestTransport::with_client(http.clone()));
    let last = Arc::default();
    let tap = Tap {
        transport,
        last: Arc::clone(&last),
    };
    let registry = Registry::builder(tap).build();
    let client = registry.client(&webhook(emulated));
    client.send_call(call.clone()).await.unwrap();
    let request = last.lock().unwrap().take();
    request.unwrap()
}

fn webhook(emulated: &EmulatedPortal) -> Portal {
    let builder = Portal::builder().allow_http();
    builder.webhook(emulated.webhook_url()).unwrap()
}

/// The request that a gate's own client makes of a call.
fn request(http: &reqwest::Client, emulated: &EmulatedPortal, call: &Call) -> reqwest::Request {
    http.post(format!("{}{}", emulated.webhook_url(), call.method()))
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .timeout(Duration::from_secs(60))
        .body(serde_json::to_vec(call.params()).unwrap())
        .build()
        .unwrap()
}

/// What a reply holds, as a program would read it.
async fn read(response: reqwest::Response) -> Value {
    let mut reply: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert!(reply.get("result").is_some(), "it is refused: {reply}");
    reply["result"].take()
}

/// The adapters for other clients, each after the client that it goes around.
fn further_variants<'a>(stage: &'a Stage, variants: &mut Vec<Variant<'a>>) {
    {
        use imbot_caps::gate::{Gate, HttpGateLayer};
        use tower::{Layer, ServiceExt};
        let gated = HttpGateLayer::new(&Gate::new(&stage.registry)).layer(stage.http.clone());
        variants.push((
            "a tower service: reqwest alone",
            Box::new(move || {
                let (service, call) = (stage.http.clone(), stage.call.clone());
                Box::pin(async move {
                    let request = request(&stage.http, &stage.emulated, &call);
                    drop(read(service.oneshot(request).await.unwrap()).await);
                })
            }),
        ));
        variants.push((
            "a tower service: HttpGateLayer around it",
            Box::new(move || {
                let (service, call) = (gated.clone(), stage.call.clone());
                Box::pin(async move {
                    let request = request(&stage.http, &stage.emulated, &call);
                    drop(read(service.oneshot(request).await.unwrap()).await);
                })
            }),
        ));
    }
    {
        use imbot_caps::gate::{Gate, GateMiddleware};
        use reqwest_middleware::ClientBuilder;
        let alone = ClientBuilder::new(stage.http.clone()).build();
        let gate = GateMiddleware::new(&Gate::new(&stage.registry));
        let gated = ClientBuilder::new(stage.http.clone()).with(gate).build();
        for (name, client) in [
            ("reqwest-middleware: a client alone", alone),
            ("reqwest-middleware: with GateMiddleware", gated),
        ] {
            variants.push((
                name,
                Box::new(move || {
                    let (client, call) = (client.clone(), stage.call.clone());
                    Box::pin(async move {
                        let request = request(&stage.http, &stage.emulated, &call);
                        drop(read(client.execute(request).await.unwrap()).await);
                    })
                }),
            ));
        }
    }
}

/// Calls by each in turn; for each the medians of its blocks, in nanoseconds.
fn alternate(
    runtime: &Runtime,
    emulated: &EmulatedPortal,
    blocks: usize,
    variants: &mut [Variant<'_>],
) -> Vec<Vec<f64>> {
    let mut medians = vec![Vec::new(); variants.len()];
    // The first block warms up.
    for block in 0..=blocks {
        let mut taken = vec![Vec::new(); variants.len()];
        for turn in 0..BLOCK {
            for step in 0..variants.len() {
                // To and fro: what one leaves behind falls on another each time.
                let place = if turn % 2 == 0 {
                    step
                } else {
                    variants.len() - 1 - step
                };
                let sending = &mut variants[place].1;
                let elapsed = runtime.block_on(async {
                    let call = sending();
                    let begin = Instant::now();
                    call.await;
                    begin.elapsed()
                });
                taken[place].push(elapsed.as_nanos() as f64);
            }
        }
        let requests = emulated.take_requests().len();
        // A renewal of what is known may come in between.
        assert!(requests >= BLOCK * variants.len(), "{requests} requests");
        if block > 0 {
            for (medians, taken) in medians.iter_mut().zip(taken) {
                medians.push(quartiles(&taken).median);
            }
        }
    }
    medians
}

const PORTALS: usize = 100;
const CALLERS: usize = 10_000;

/// Ten thousand callers of a hundred portals that nobody has asked.
fn storm(effort: Effort, report: &mut Report) {
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated: Vec<EmulatedPortal> = (0..PORTALS).map(|_| emulator.portal(Build::rest(36))).collect();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let portals: Arc<[Portal]> = emulated.iter().map(webhook).collect();
    let urls: Arc<[String]> = emulated
        .iter()
        .map(|emulated| format!("{}imbot.v2.Revision.get", emulated.webhook_url()))
        .collect();
    let requests = || {
        emulated
            .iter()
            .map(|emulated| emulated.take_requests().len())
            .sum::<usize>()
    };

    let rounds = if effort.quick { 7 } else { 41 };
    let (mut plain, mut shared, mut ours, mut most) = (Vec::new(), Vec::new(), Vec::new(), 0);
    // The first round opens the connections that all use.
    for round in 0..=rounds {
        let took = [
            runtime.block_on(hundred(&http, &urls)),
            runtime.block_on(by_hand(&http, &urls)),
        ];
        requests();
        let storm = runtime.block_on(cold(registry(&http), &portals));
        most = most.max(requests());
        if round > 0 {
            plain.push(took[0]);
            shared.push(took[1]);
            ours.push(storm);
        }
    }
    let ratios = |floors: &[f64]| {
        let pairs = ours.iter().zip(floors);
        quartiles(&pairs.map(|(ours, floor)| ours / floor).collect::<Vec<f64>>())
    };
    let [median, floor, tasks] = [&ours, &plain, &shared].map(|taken| Figure::Nanos(quartiles(taken).median));
    report.hold_two(
        "requests of 10,000 callers of 100 cold portals",
        Figure::Number(most as f64),
        Figure::Number(PORTALS as f64),
        Target::Exactly(PORTALS as f64),
    );
    report.hold_figures(
        "10,000 callers of 100 cold portals; floor: as many tasks share 100 requests",
        median,
        tasks,
        ratios(&shared),
        Target::Times(1.2),
    );
    report.hold_figures(
        "10,000 callers of 100 cold portals; floor: 100 requests by 100 tasks",
        median,
        floor,
        ratios(&plain),
        Target::Times(1.2),
    );
    report.further(
        "Ten thousand tasks cost more than a hundred requests on loopback, whatever they wait for: the first floor is \
         nothing but the tasks, a `OnceCell` for each portal, and the requests.\n",
    );
}

/// As many requests as there are portals, all at once.
async fn hundred(http: &reqwest::Client, urls: &Arc<[String]>) -> f64 {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..urls.len())
        .map(|nth| {
            let (http, urls) = (http.clone(), Arc::clone(urls));
            tokio::spawn(async move { drop(asked(&http, &urls[nth]).await) })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begin.elapsed().as_nanos() as f64
}

/// The same for all callers, without a registry.
async fn by_hand(http: &reqwest::Client, urls: &Arc<[String]>) -> f64 {
    let begin = Instant::now();
    let cells: Arc<[OnceCell<Value>]> = urls.iter().map(|_| OnceCell::new()).collect();
    let tasks: Vec<_> = (0..CALLERS)
        .map(|nth| {
            let (http, urls, cells) = (http.clone(), Arc::clone(urls), Arc::clone(&cells));
            tokio::spawn(async move {
                let nth = nth % urls.len();
                let answer = cells[nth].get_or_init(|| asked(&http, &urls[nth])).await;
                assert!(answer.get("rest").is_some());
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begin.elapsed().as_nanos() as f64
}

async fn asked(http: &reqwest::Client, url: &str) -> Value {
    let request = http
        .post(url)
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body("{}");
    read(request.send().await.unwrap()).await
}

/// All callers at once, of a registry that knows nothing.
async fn cold(registry: Registry, portals: &Arc<[Portal]>) -> f64 {
    let begin = Instant::now();
    let tasks: Vec<_> = (0..CALLERS)
        .map(|nth| {
            let (registry, portals) = (registry.clone(), Arc::clone(portals));
            tokio::spawn(async move {
                let caps = registry.caps(&portals[nth % portals.len()]).await.unwrap();
                assert_eq!(caps.knowledge().rest(), Some(36));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begin.elapsed().as_nanos() as f64
}
