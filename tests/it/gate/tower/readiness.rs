//! Which service is called, and when: the contract of tower.

use super::*;

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
        ready(script.replies.pop_front().unwrap_or(Ok(Reply::Result(json!(9)))))
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
async fn polled_service_is_called() {
    let registry = Registry::builder(Over(At34::default())).build();
    let gate = Gate::new(&registry);
    let handle = registry.handle(&application());
    handle.pin(Knowledge::pinned(34));
    let scripted = Scripted::new([]);
    let mut service = GateLayer::for_handle(&gate, &handle).layer(scripted.clone());

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
async fn unready_service_is_not_called() {
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
    registry.handle(&application()).ready().await.unwrap();
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
async fn shared_limit_of_one_never_deadlocks() {
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
async fn failed_follow_up_keeps_reply() {
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
async fn cancelled_call_sends_nothing_more() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let layer = GateLayer::for_handle(&Gate::new(&stage.registry), &handle);

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
