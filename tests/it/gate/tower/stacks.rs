//! The gate among the layers that others stand it between.

use super::*;

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
            Ok(Reply::Error(error)) => error.class() == ErrorClass::Transient,
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

type Strike<'f> = &'f dyn Fn(&EmulatedPortal);

#[tokio::test]
async fn faults_never_duplicate_messages() {
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
async fn gate_never_retries_lost_answer() {
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
async fn retries_never_send_refused_call() {
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
        assert_eq!(asked(&emulated), [REVISION], "once, however often it is repeated");
    }
}

#[tokio::test]
async fn outer_retry_plans_message_anew() {
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
async fn outer_timeout_covers_the_probe() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let (fault, held) = Fault::hold();
    emulated.fault(fault.once());
    let service = ServiceBuilder::new()
        .timeout(SECOND)
        .layer(GateLayer::for_handle(&Gate::new(&stage.registry), &handle))
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
async fn buffers_work_around_the_gate() {
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
