//! The gate as a tower layer: what goes over the wire, in which stacks, and who is
//! asked to be ready.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use imbot_caps::emulator::{Build, Clock, EmulatedPortal, Fault, RateLimit};
use imbot_caps::gate::{Gate, GateError, GateLayer};
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::wire::{Call, Class, Reply};
use imbot_caps::{Handle, Knowledge, Portal, Registry, StaticToken};
use serde_json::{Value, json};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower::retry::Policy;
use tower::{BoxError, Layer, Service, ServiceBuilder, ServiceExt};

use crate::stage::{SECOND, Stage};
use crate::wire::{REVISION, asked};

mod over_http;

const SEND: &str = "imbot.v2.Chat.Message.send";
const OLDER_SEND: &str = "imbot.message.add";

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
    let layer = GateLayer::at(&Gate::new(&stage.registry), &handle);
    let register = Call::new("imbot.v2.Bot.register").with("botToken", "token").with(
        "fields",
        json!({
            "code": "clerk", "properties": {"name": "Clerk"},
            "eventMode": "webhook", "webhookUrl": "https://bot.example/",
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
        .with("dialogId", "chat5")
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
async fn a_call_passes_is_adapted_or_takes_the_older_way() {
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
async fn a_refused_call_is_not_sent() {
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
    assert_eq!(asked(&emulated), [""; 0]);
    let boxed = error.into_boxed();
    assert!(boxed.downcast_ref::<imbot_caps::gate::Refused>().is_some());

    let update = Call::new("imbot.v2.Bot.update")
        .with("botId", bot)
        .with("botToken", "token")
        .with("fields", json!({"properties": {"name": "Usher"}}));
    result(service.ready().await.unwrap().call(update).await.unwrap());
    assert_eq!(asked(&emulated), ["imbot.v2.Bot.update"]);
}

#[tokio::test]
async fn a_portal_that_was_restored_from_a_backup_gets_the_message_once() {
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

/// A service that keeps the contract of tower: called when it was polled ready, and
/// not again. It may be ready for so many at a time, and answers from a list.
struct Scripted {
    script: Arc<Mutex<Script>>,
    /// Apart for each clone.
    number: usize,
    is_ready: bool,
}

#[derive(Default)]
struct Script {
    clones: usize,
    /// What is answered; after that, a result of nothing.
    replies: VecDeque<Result<Reply, Lost>>,
    /// By which clone, and what.
    sent: Vec<(usize, Call)>,
    is_closed: bool,
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("no answer")]
struct Lost;

impl Scripted {
    fn new(replies: impl IntoIterator<Item = Result<Reply, Lost>>) -> Self {
        let script = Script {
            replies: replies.into_iter().collect(),
            ..Script::default()
        };
        Self {
            script: Arc::new(Mutex::new(script)),
            number: 0,
            is_ready: false,
        }
    }

    fn sent(&self) -> Vec<(usize, Call)> {
        self.script.lock().unwrap().sent.clone()
    }

    fn methods(&self) -> Vec<String> {
        let sent = self.sent().into_iter();
        sent.map(|(_, call)| call.method().to_owned()).collect()
    }
}

impl Clone for Scripted {
    fn clone(&self) -> Self {
        let mut script = self.script.lock().unwrap();
        script.clones += 1;
        Self {
            script: Arc::clone(&self.script),
            number: script.clones,
            is_ready: false,
        }
    }
}

impl Service<Call> for Scripted {
    type Response = Reply;
    type Error = Lost;
    type Future = Ready<Result<Reply, Lost>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        if self.script.lock().unwrap().is_closed {
            return Poll::Pending;
        }
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called without being ready");
        let mut script = self.script.lock().unwrap();
        script.sent.push((self.number, call));
        ready(
            script
                .replies
                .pop_front()
                .unwrap_or(Ok(Reply::Result(Value::Null))),
        )
    }
}

fn absent() -> Reply {
    let body = br#"{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}"#;
    Reply::read(404, None, body)
}

/// A transport without a network: a portal at 34. It counts.
#[derive(Clone, Default)]
struct At34(Arc<Mutex<Vec<String>>>);

impl Service<Request> for At34 {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let method = request.url().path().rsplit('/').next().unwrap().to_owned();
        self.0.lock().unwrap().push(method);
        let body = br#"{"result":{"rest":34,"web":130,"mobile":23,"desktop":6},"time":{}}"#;
        Box::pin(async {
            // As a network would: not at once.
            tokio::task::yield_now().await;
            Ok(Response::new(200, None, body.to_vec()))
        })
    }
}

/// A registry's transport over a service.
struct Over<S>(S);

impl<S> Transport for Over<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        let service = self.0.clone();
        Box::pin(async move {
            match service.oneshot(request).await {
                Ok(response) => Ok(response),
                Err(never) => match never {},
            }
        })
    }
}

/// An application, for which handlers are removed.
fn application() -> Portal {
    Portal::oauth("https://acme.bitrix24.com/rest/", StaticToken::new("access")).unwrap()
}

/// Gives the bot another address: a portal at 34 keeps the handlers of the last one.
fn moving() -> Call {
    Call::new("imbot.v2.Bot.update")
        .with("botId", 7)
        .with("fields", json!({"webhookUrl": "https://new.example/"}))
}

/// The replies to it, and to what follows: one bot, and handlers of two addresses.
fn moved() -> [Result<Reply, Lost>; 3] {
    let handler = |url: &str| json!({"event": "ONIMBOTV2MESSAGEADD", "handler": url});
    let found = json!({
        "bots": {"bots": [{"id": 7}]},
        "handlers": [handler("https://old.example/"), handler("https://new.example/")],
    });
    [
        json!({"bot": {"id": 7}}),
        json!({"result": found, "result_error": []}),
        json!({"result": {"handler0": {"count": 1}}, "result_error": []}),
    ]
    .map(|result| Ok(Reply::Result(result)))
}

#[tokio::test]
async fn the_service_that_was_polled_ready_is_the_one_that_is_called() {
    let registry = Registry::builder(Over(At34::default())).build();
    let gate = Gate::new(&registry);
    let handle = registry.portal(&application());
    handle.pin(Knowledge::pinned(34));
    let scripted = Scripted::new([]);
    let mut service = GateLayer::at(&gate, &handle).layer(scripted.clone());

    // What no row is about takes no clone.
    service.ready().await.unwrap();
    let first = service.get_ref().number;
    service.call(Call::new("acme.anything")).await.unwrap();
    assert_eq!(service.get_ref().number, first);
    // The others go by the one that was ready, and leave one that was not.
    service.ready().await.unwrap();
    service.call(message(7)).await.unwrap();
    assert_ne!(service.get_ref().number, first);
    assert!(!service.get_ref().is_ready);
    let by: Vec<_> = scripted.sent().iter().map(|(number, _)| *number).collect();
    assert_eq!(by, [first, first]);
}

#[tokio::test]
async fn a_service_that_is_not_ready_is_not_called() {
    let registry = Registry::builder(Over(At34::default())).build();
    let scripted = Scripted::new([Ok(absent())]);
    let mut service = GateLayer::new(&Gate::new(&registry), &application()).layer(scripted.clone());
    scripted.script.lock().unwrap().is_closed = true;
    let mut context = Context::from_waker(std::task::Waker::noop());
    assert!(service.poll_ready(&mut context).is_pending());
    scripted.script.lock().unwrap().is_closed = false;
    assert!(service.poll_ready(&mut context).is_ready());

    // It was ready, and is no more once the portal has answered.
    let mut call = by_hand(service.call(message(7)));
    assert!(call.poll().is_pending());
    scripted.script.lock().unwrap().is_closed = true;
    registry.portal(&application()).ready().await.unwrap();
    assert!(call.poll().is_pending());
    assert_eq!(scripted.sent(), []);
}

/// A future that is polled by hand.
struct ByHand<F>(Pin<Box<F>>);

fn by_hand<F: Future>(future: F) -> ByHand<F> {
    ByHand(Box::pin(future))
}

impl<F: Future> ByHand<F> {
    fn poll(&mut self) -> Poll<F::Output> {
        self.0
            .as_mut()
            .poll(&mut Context::from_waker(std::task::Waker::noop()))
    }
}

/// Time stands, and goes on only when nothing else can: an hour that has passed is a
/// stack that has got stuck.
async fn not_stuck<T>(future: impl Future<Output = T>) -> T {
    let hour = Duration::from_secs(3_600);
    tokio::time::timeout(hour, future).await.expect("it got stuck")
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_one_that_probes_and_further_requests_share_does_not_get_stuck() {
    let limit = GlobalConcurrencyLimitLayer::new(1);
    let network = At34::default();
    let registry = Registry::builder(Over(limit.layer(network.clone()))).build();
    let scripted = Scripted::new(moved());
    let mut service = ServiceBuilder::new()
        .layer(GateLayer::new(&Gate::new(&registry), &application()))
        .layer(&limit)
        .service(scripted.clone());
    let reply = not_stuck(async { service.ready().await?.call(moving()).await }).await;
    assert_eq!(result(reply.unwrap())["bot"]["id"], 7);
    assert_eq!(*network.0.lock().unwrap(), [REVISION]);
    let sent = scripted.sent();
    assert_eq!(scripted.methods(), ["imbot.v2.Bot.update", "batch", "batch"]);
    let removed = sent[2].1.params()["cmd"]["handler0"].as_str().unwrap().to_owned();
    assert!(removed.starts_with("event.unbind?"), "{removed}");
    assert!(removed.contains("old.example"), "{removed}");

    // A contradiction is asked about, too, while the call is under way.
    scripted.script.lock().unwrap().replies.push_back(Ok(absent()));
    let reply = not_stuck(async { service.ready().await?.call(message(7)).await }).await;
    result(reply.unwrap());
    assert_eq!(scripted.methods()[3..], [SEND, OLDER_SEND]);
    assert_eq!(*network.0.lock().unwrap(), [REVISION, REVISION]);

    // Many at once.
    let calls = (0..20).map(|_| tokio::spawn(service.clone().oneshot(message(7))));
    for call in calls.collect::<Vec<_>>() {
        not_stuck(call).await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_follows_a_call_may_fail_and_its_reply_stands() {
    let registry = Registry::builder(Over(At34::default())).build();
    let layer = GateLayer::new(&Gate::new(&registry), &application());
    for succeeds in [1, 2] {
        let replies = moved().into_iter().take(succeeds);
        let scripted = Scripted::new(replies.chain([Err(Lost)]));
        let reply = layer.layer(scripted.clone()).oneshot(moving()).await;
        assert_eq!(result(reply.unwrap())["bot"]["id"], 7);
        assert_eq!(scripted.methods().len(), succeeds + 1);
    }
    let scripted = Scripted::new([Err(Lost)]);
    let error = layer.layer(scripted.clone()).oneshot(moving()).await.unwrap_err();
    assert_eq!(error.inner(), Some(&Lost));
    assert_eq!(scripted.methods().len(), 1);
}

#[tokio::test]
async fn a_call_that_is_given_up_sends_nothing_more() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let layer = GateLayer::at(&Gate::new(&stage.registry), &handle);

    // While the portal is asked: nothing but the question.
    let (fault, held) = Fault::hold();
    emulated.fault(fault.once());
    let call = tokio::spawn(layer.layer(Sender::to(&emulated)).oneshot(message(7)));
    held.arrived(1).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    held.release();
    handle.ready().await.unwrap();
    assert_eq!(asked(&emulated), [REVISION], "and the next call has the answer");

    // While it is sent: it alone.
    emulated.set_build(Build::rest(30));
    let (fault, held) = Fault::hold();
    emulated.fault(fault.once());
    let call = tokio::spawn(layer.layer(Sender::to(&emulated)).oneshot(message(7)));
    held.arrived(1).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    held.release();
    assert_eq!(asked(&emulated), [SEND]);
}

/// Repeats what a program may repeat.
#[derive(Clone)]
struct Again {
    left: usize,
    /// Also what may have been done.
    is_reckless: bool,
    clock: Clock,
}

/// Whether an error may be another at the next attempt.
trait Passing {
    fn is_passing(&self) -> bool;
}

impl Passing for reqwest::Error {
    fn is_passing(&self) -> bool {
        true
    }
}

impl<E: Passing> Passing for GateError<E> {
    fn is_passing(&self) -> bool {
        self.inner().is_some_and(Passing::is_passing)
    }
}

impl<E: Passing> Policy<Call, Reply, E> for Again {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Call, reply: &mut Result<Reply, E>) -> Option<Self::Future> {
        let again = match reply {
            Ok(Reply::Error(error)) => error.class() == Class::Transient,
            Ok(Reply::Malformed(page)) => page.status >= 500,
            Ok(_) => false,
            Err(error) => self.is_reckless && error.is_passing(),
        };
        self.left = self.left.checked_sub(1).filter(|_| again)?;
        // By the portal's clock.
        self.clock.advance(SECOND);
        Some(ready(()))
    }

    fn clone_request(&mut self, call: &Call) -> Option<Call> {
        Some(call.clone())
    }
}

/// One call through a stack: the gate behind the retries, or before them.
async fn through_stack(
    gate_is_behind: bool,
    layer: GateLayer,
    again: Again,
    sender: Sender,
    call: Call,
) -> Result<Reply, BoxError> {
    let limit = Duration::from_secs(600);
    if gate_is_behind {
        let stack = ServiceBuilder::new()
            .timeout(limit)
            .concurrency_limit(1)
            .retry(again)
            .layer(layer)
            .service(sender);
        stack.oneshot(call).await
    } else {
        let stack = ServiceBuilder::new()
            .map_err(GateError::into_boxed)
            .layer(layer)
            .timeout(limit)
            .concurrency_limit(1)
            .retry(again)
            .service(sender);
        stack.oneshot(call).await
    }
}

const BUILDS: [fn() -> Build; 3] = [
    || Build::rest(36),
    Build::rest32_with_imbot_v2,
    || Build::rest(30),
];

type Strike<'f> = &'f dyn Fn(&EmulatedPortal);

#[tokio::test]
async fn stacks_under_faults_send_one_message() {
    let stage = Stage::set().await;
    let fault = |fault: Fault| move |emulated: &EmulatedPortal| emulated.fault(fault.clone().once());
    let faults: [(&str, bool, Strike); 4] = [
        ("a bad gateway", false, &fault(Fault::html(502))),
        ("too many", false, &fault(Fault::error("QUERY_LIMIT_EXCEEDED"))),
        ("a cut connection", true, &fault(Fault::hang_up())),
        ("a limit on the rate", false, &|emulated| {
            emulated.limit_rate(RateLimit::new(1, 1));
        }),
    ];
    for (name, is_reckless, strike) in faults {
        for build in BUILDS {
            for gate_is_behind in [true, false] {
                let (emulated, _, layer, bot) = bot(&stage, build()).await;
                let again = Again {
                    left: 3,
                    is_reckless,
                    clock: stage.clock.clone(),
                };
                strike(&emulated);
                let messages = if name == "a limit on the rate" { 2 } else { 1 };
                for _ in 0..messages {
                    let (layer, again, sender) = (layer.clone(), again.clone(), Sender::to(&emulated));
                    let reply = through_stack(gate_is_behind, layer, again, sender, message(bot)).await;
                    assert!(result(reply.unwrap())["id"].is_u64(), "{name}");
                }
                let requests = emulated.take_requests();
                let about = format!("{name}, {:?}, behind: {gate_is_behind}", requests);
                // One was struck, and repeated as it was.
                assert_eq!(requests.len(), messages + 1, "{about}");
                for request in &requests {
                    assert_eq!(request.method, requests[0].method, "{about}");
                    assert_eq!(request.params, requests[0].params, "{about}");
                }
                assert_eq!(emulated.messages().len(), messages, "{about}");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_the_policys_to_repeat_and_not_the_gates() {
    let stage = Stage::set().await;
    for build in BUILDS {
        for gate_is_behind in [true, false] {
            for (fault, kept) in [(Fault::lose_answer(), 1), (Fault::hang_up(), 0)] {
                let (emulated, _, layer, bot) = bot(&stage, build()).await;
                emulated.fault(fault.once());
                let again = Again {
                    left: 3,
                    is_reckless: false,
                    clock: stage.clock.clone(),
                };
                let sender = Sender::to(&emulated);
                let reply = through_stack(gate_is_behind, layer, again, sender, message(bot)).await;
                reply.unwrap_err();
                assert_eq!(asked(&emulated).len(), 1);
                assert_eq!(emulated.messages().len(), kept);
            }
        }
    }
}

#[tokio::test]
async fn no_policy_gets_a_refused_call_through() {
    let stage = Stage::set().await;
    for gate_is_behind in [true, false] {
        let (emulated, _, layer, bot) = bot(&stage, Build::rest(34)).await;
        let again = Again {
            left: 3,
            is_reckless: true,
            clock: stage.clock.clone(),
        };
        let sender = Sender::to(&emulated);
        let reply = through_stack(gate_is_behind, layer, again, sender, rotation(bot)).await;
        assert!(reply.unwrap_err().to_string().starts_with("not sent: "));
        assert_eq!(asked(&emulated), [""; 0]);
    }
}

#[tokio::test]
async fn a_message_whose_second_way_was_cut_off_is_planned_anew_by_retries_before_the_gate() {
    let stage = Stage::set().await;
    let (emulated, _, layer, bot) = bot(&stage, Build::rest(36)).await;
    emulated.set_build(Build::rest(30));
    emulated.fault(Fault::hang_up().on(OLDER_SEND).once());
    let again = Again {
        left: 3,
        is_reckless: true,
        clock: stage.clock.clone(),
    };
    let reply = through_stack(true, layer, again, Sender::to(&emulated), message(bot)).await;
    result(reply.unwrap());
    let methods = asked(&emulated);
    let sent = |method: &str| methods.iter().filter(|own| *own == method).count();
    assert_eq!((sent(SEND), sent(OLDER_SEND)), (1, 2), "{methods:?}");
    assert_eq!(texts(&emulated), ["Hello"]);
}

#[tokio::test]
async fn time_that_runs_out_before_the_gate_covers_the_question_to_the_portal() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let (fault, held) = Fault::hold();
    emulated.fault(fault.once());
    let service = ServiceBuilder::new()
        .timeout(SECOND)
        .layer(GateLayer::at(&Gate::new(&stage.registry), &handle))
        .service(Sender::to(&emulated));
    let call = tokio::spawn(service.clone().oneshot(message(7)));
    held.arrived(1).await;
    tokio::time::pause();
    tokio::time::advance(SECOND).await;
    let error = call.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert!(error.is::<tower::timeout::error::Elapsed>(), "{error}");
    held.release();
    handle.ready().await.unwrap();
    assert_eq!(asked(&emulated), [REVISION]);
    // The answer came, and serves the next call.
    drop(service.oneshot(message(7)).await.unwrap());
    assert_eq!(asked(&emulated), [SEND]);
}

#[tokio::test]
async fn buffers_stand_before_and_behind_the_gate() {
    let stage = Stage::set().await;
    let (emulated, _, layer, bot) = bot(&stage, Build::rest(30)).await;
    let behind = ServiceBuilder::new()
        .layer(layer.clone())
        .buffer(1)
        .rate_limit(1_000, SECOND)
        .service(Sender::to(&emulated));
    result(behind.oneshot(message(bot)).await.unwrap());
    let before = ServiceBuilder::new()
        .buffer(1)
        .map_err(GateError::into_boxed)
        .layer(layer)
        .timeout(Duration::from_secs(600))
        .service(Sender::to(&emulated));
    result(before.oneshot(message(bot)).await.unwrap());
    assert_eq!(asked(&emulated), [OLDER_SEND, OLDER_SEND]);
    assert_eq!(texts(&emulated), ["Hello", "Hello"]);
}
