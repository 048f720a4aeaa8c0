//! Many callers, many portals, and what ends in the middle.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use imbot_caps::registry::Event;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Caps, Feature, Handle, Portal, ProbeError, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Hold};
use tokio::task::JoinHandle;

use crate::support::fixture::{DEADLINE, MINUTE, SECOND, Stage, closed, is_overloaded, overloaded};
use crate::support::http::{REVISION, Untimed, asked, untimed_builder, webhook};

fn ask(handle: &Handle) -> JoinHandle<Result<Caps, ProbeError>> {
    let handle = handle.clone();
    tokio::spawn(async move { handle.ready().await })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_callers_probe_once() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    let callers: Vec<_> = (0..10_000).map(|_| ask(&handle)).collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_callers_share_failure() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    emulated.fault(overloaded());
    let callers: Vec<_> = (0..10_000).map(|_| ask(&handle)).collect();
    for caller in callers {
        assert!(is_overloaded(&caller.await.unwrap().unwrap_err()));
    }
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousand_portals_are_probed_once_each() {
    let stage = Stage::with(|builder| builder.concurrent_probes(128)).await;
    let portals: Vec<_> = (0..1_000).map(|_| stage.portal(Build::rest(36))).collect();
    let mut callers = Vec::new();
    for _ in 0..100 {
        callers.extend(portals.iter().map(|(_, handle)| ask(handle)));
    }
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().knowledge().rest(), Some(36));
    }
    for (emulated, _) in &portals {
        assert_eq!(asked(emulated), [REVISION]);
    }
}

/// Notes where requests go, and how many there are at a time.
#[derive(Default)]
struct Watched {
    transport: Untimed,
    notes: Arc<Mutex<Notes>>,
}

#[derive(Default)]
struct Notes {
    now: usize,
    most: usize,
    to: Vec<String>,
}

impl Transport for Watched {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            {
                let mut notes = self.notes.lock().unwrap();
                notes.now += 1;
                notes.most = notes.most.max(notes.now);
                notes.to.push(request.url().to_string());
            }
            let response = self.transport.send(request).await;
            self.notes.lock().unwrap().now -= 1;
            response
        })
    }
}

#[tokio::test]
async fn concurrent_probes_are_limited() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let watched = Watched::default();
    let notes = Arc::clone(&watched.notes);
    let registry = Registry::builder(watched)
        .clock(emulator.clock())
        .concurrent_probes(16)
        .build();
    let (hold, held) = Fault::hold();
    let portals: Vec<_> = (0..100).map(|_| emulator.portal(Build::rest(36))).collect();
    let callers: Vec<_> = portals
        .iter()
        .map(|emulated| {
            emulated.fault(hold.clone());
            ask(&registry.handle(&webhook(emulated)))
        })
        .collect();
    held.arrived(4).await;
    held.release();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    let notes = notes.lock().unwrap();
    assert_eq!((notes.most, notes.to.len()), (4, 100));
}

#[tokio::test]
async fn portals_are_probed_in_order() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let watched = Watched::default();
    let notes = Arc::clone(&watched.notes);
    let registry = Registry::builder(watched)
        .clock(emulator.clock())
        .concurrent_probes(1)
        .build();
    let (hold, held) = Fault::hold();
    let portals: Vec<_> = (0..20).map(|_| emulator.portal(Build::rest(36))).collect();
    portals[0].fault(hold.once());
    let mut callers = Vec::new();
    for (nth, emulated) in portals.iter().enumerate() {
        let handle = registry.handle(&webhook(emulated));
        // The first ones have the most callers, and come again and again.
        callers.extend((nth..20).map(|_| ask(&handle)));
        let _ = registry
            .handle(&webhook(&portals[0]))
            .supports(Feature::SystemMessage);
        let handle = registry.handle(&webhook(&portals[0]));
        callers.push(tokio::spawn(async move { handle.refresh().await }));
    }
    held.arrived(1).await;
    held.release();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    let notes = notes.lock().unwrap();
    let came: Vec<_> = portals.iter().map(EmulatedPortal::webhook_url).collect();
    assert_eq!(notes.to.len(), came.len());
    for (to, came) in notes.to.iter().zip(came) {
        assert!(to.starts_with(came), "{to} instead of {came}");
    }
}

#[tokio::test]
async fn one_portal_uses_one_permit() {
    let stage = Stage::with(|builder| builder.concurrent_probes(8)).await;
    let (slow, handle) = stage.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    slow.fault(hold);
    let mut callers: Vec<_> = (0..100).map(|_| ask(&handle)).collect();
    for _ in 0..100 {
        let handle = handle.clone();
        let _ = handle.supports(Feature::SystemMessage);
        callers.push(tokio::spawn(async move { handle.refresh().await }));
    }
    held.arrived(1).await;
    let (_, other) = stage.portal(Build::rest(36));
    other.ready().await.unwrap();
    held.release();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(asked(&slow), [REVISION]);
}

/// A stage with room for one, taken until long after the others have lost patience.
async fn crowded(stage: &Stage) -> (Handle, Hold, EmulatedPortal) {
    let ((first, one), (second, two)) = (stage.portal(Build::rest(36)), stage.portal(Build::rest(36)));
    let (waiting, handle) = stage.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    first.fault(hold);
    let (hold, held_longer) = Fault::hold();
    second.fault(hold);
    let one = ask(&one);
    held.arrived(1).await;
    let two = ask(&two);
    tokio::task::yield_now().await;
    let three = ask(&handle);
    tokio::task::yield_now().await;
    stage.clock.advance(DEADLINE / 2);
    held.release();
    one.await.unwrap().unwrap();
    held_longer.arrived(1).await;
    // The third has waited all its time, the second has half of it left.
    stage.clock.advance(DEADLINE / 2);
    let error = three.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::TooManyProbes), "{error}");
    assert!(error.is_transient());
    drop(two);
    (handle, held_longer, waiting)
}

#[tokio::test]
async fn queue_timeout_pauses_no_portal() {
    let stage = Stage::set().await;
    let mut events = stage.registry.events();
    let (handle, held, emulated) = crowded(&stage).await;
    assert_eq!(emulated.requests().len(), 0);
    // There is no pause: nobody asked the portal.
    let waiting = ask(&handle);
    tokio::task::yield_now().await;
    held.release();
    assert_eq!(waiting.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(asked(&emulated), [REVISION]);
    assert!(matches!(events.next().await, Some(Event::Learned { .. })));
    let Some(Event::Failed { portal, error }) = events.next().await else {
        panic!("it is told");
    };
    assert_eq!(portal, *handle.portal().id());
    assert!(matches!(error.kind(), ProbeErrorKind::TooManyProbes), "{error}");
}

#[tokio::test]
async fn busy_error_changes_no_pause() {
    let stage = Stage::set().await;
    let (handle, held, emulated) = crowded(&stage).await;
    held.release();
    stage.quiet().await;
    emulated.fault(closed());
    handle.ready().await.unwrap_err();
    let ((other, one), (another, two)) = (stage.portal(Build::rest(36)), stage.portal(Build::rest(36)));
    let (hold, held) = Fault::hold();
    other.fault(hold);
    let (hold, held_longer) = Fault::hold();
    another.fault(hold);
    let one = ask(&one);
    held.arrived(1).await;
    let two = ask(&two);
    tokio::task::yield_now().await;
    let refreshing = {
        let handle = handle.clone();
        tokio::spawn(async move { handle.refresh().await })
    };
    tokio::task::yield_now().await;
    stage.clock.advance(DEADLINE / 2);
    held.release();
    one.await.unwrap().unwrap();
    held_longer.arrived(1).await;
    stage.clock.advance(DEADLINE / 2);
    let error = refreshing.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::TooManyProbes), "{error}");
    held_longer.release();
    two.await.unwrap().unwrap();
    assert!(
        handle.ready().await.unwrap_err().is_blocked(),
        "what it said stands"
    );
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(MINUTE);
    assert!(handle.ready().await.unwrap_err().is_blocked());
    assert_eq!(stage.probes(&emulated).await, 1, "after the first pause");
}

#[tokio::test]
async fn cancelled_caller_keeps_queued_probe() {
    let stage = Stage::set().await;
    let (slow, first) = stage.portal(Build::rest(36));
    let (queued, second) = stage.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    slow.fault(hold);
    let first = ask(&first);
    held.arrived(1).await;
    let leaving = ask(&second);
    tokio::task::yield_now().await;
    leaving.abort();
    assert!(leaving.await.unwrap_err().is_cancelled());
    held.release();
    first.await.unwrap().unwrap();
    // Its place in the queue was kept, and the answer is there for the next.
    assert_eq!(stage.probes(&queued).await, 1);
    second.ready().await.unwrap();
    assert_eq!(stage.probes(&queued).await, 0);
}

#[tokio::test]
async fn member_addresses_are_probed_separately() {
    let stage = Stage::with(|builder| builder.concurrent_probes(8)).await;
    let (former, _) = stage.portal(Build::rest(34));
    let (emulated, by_address) = stage.portal(Build::rest(36));
    let member = |emulated: &EmulatedPortal| {
        let builder = Portal::builder().allow_http();
        let builder = builder.member_id("0123456789abcdef0123456789abcdef");
        stage
            .registry
            .handle(&builder.webhook(emulated.webhook_url()).unwrap())
    };
    let before = member(&former);
    before.ready().await.unwrap();
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let waiting = ask(&by_address);
    held.arrived(1).await;
    let after = member(&emulated);
    for handle in [&by_address, &after] {
        assert_eq!(handle.caps().knowledge().rest(), None, "nothing comes along");
    }
    held.release();
    assert_eq!(waiting.await.unwrap().unwrap().knowledge().rest(), Some(36));
    for (handle, rest) in [(before, 34), (by_address, 36), (after, 36)] {
        assert_eq!(handle.caps().knowledge().rest(), Some(rest));
    }
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn dropped_registry_ends_all_probes() {
    let stage = Stage::with(|builder| builder.concurrent_probes(8)).await;
    let (hold, held) = Fault::hold();
    let mut events = stage.registry.events();
    // Two are asked, and more wait in the queue.
    for _ in 0..5 {
        let (emulated, handle) = stage.portal(Build::rest(36));
        emulated.fault(hold.clone());
        let _ = handle.supports(Feature::SystemMessage);
    }
    held.arrived(2).await;
    drop(stage.registry);
    let mut told = 0;
    // None of them is answered. Those in the queue come through as others give up,
    // or give up themselves.
    while told < 5 {
        stage.clock.advance(DEADLINE);
        let Some(Event::Failed { error, .. }) = events.next().await else {
            panic!("each ends");
        };
        assert!(
            matches!(
                error.kind(),
                ProbeErrorKind::Deadline(_) | ProbeErrorKind::TooManyProbes
            ),
            "{error}"
        );
        told += 1;
    }
    assert!(events.next().await.is_none());
    held.release();
}

#[test]
fn runtime_shutdown_fails_no_other() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let (hold, held) = Fault::hold();
    // One site has a quarter of them.
    let registry = untimed_builder().concurrent_probes(200).build();
    let portals: Vec<_> = (0..50)
        .map(|_| {
            let emulated = emulator.portal(Build::rest(36));
            emulated.fault(hold.clone().once());
            (registry.handle(&webhook(&emulated)), emulated)
        })
        .collect();
    let ending = tokio::runtime::Runtime::new().unwrap();
    ending.block_on(async {
        for (handle, _) in &portals {
            drop(ask(handle));
        }
        held.arrived(50).await;
    });
    let callers: Vec<_> = portals
        .iter()
        .map(|(handle, _)| {
            let handle = handle.clone();
            server.spawn(async move { handle.ready().await })
        })
        .collect();
    drop(ending);
    for caller in callers {
        let caps = server.block_on(caller).unwrap().unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36));
    }
    for (_, emulated) in &portals {
        assert_eq!(asked(emulated), [REVISION, REVISION]);
    }
    held.release();
}

/// A runtime that runs only while somebody waits on it.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A stage on a runtime of its own, and a portal whose first request is held.
fn held() -> (tokio::runtime::Runtime, Stage, EmulatedPortal, Handle, Hold) {
    let server = tokio::runtime::Runtime::new().unwrap();
    let (stage, emulated, handle) = server.block_on(async {
        // A flight that stands still keeps its place.
        let stage = Stage::with(|builder| builder.concurrent_probes(8)).await;
        let (emulated, handle) = stage.portal(Build::rest(36));
        (stage, emulated, handle)
    });
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    (server, stage, emulated, handle, held)
}

#[test]
fn stalled_probe_is_replaced_without_waiters() {
    let (_server, stage, emulated, handle, held) = held();
    let idle = runtime();
    idle.block_on(async {
        let _ = handle.supports(Feature::SystemMessage);
        held.arrived(1).await;
    });
    runtime().block_on(async {
        stage.clock.advance(2 * DEADLINE + SECOND);
        let _ = handle.supports(Feature::SystemMessage);
        assert_eq!(stage.probes(&emulated).await, 1, "it may come yet");
        stage.clock.advance(DEADLINE);
        let _ = handle.supports(Feature::SystemMessage);
        assert_eq!(stage.probes(&emulated).await, 1);
        assert!(handle.supports(Feature::SystemMessage));
    });
    drop(idle);
}

#[test]
fn abandoned_probe_waiter_gets_later_answer() {
    let (_server, stage, emulated, handle, held) = held();
    let idle = runtime();
    let first = {
        let handle = handle.clone();
        idle.spawn(async move { handle.ready().await })
    };
    idle.block_on(held.arrived(1));
    // Now nobody runs it, and time goes by.
    runtime().block_on(async {
        let giving_up = async {
            tokio::task::yield_now().await;
            stage.clock.advance(2 * DEADLINE + SECOND);
        };
        let (second, ()) = tokio::join!(handle.ready(), giving_up);
        assert_eq!(second.unwrap().knowledge().rest(), Some(36));
    });
    held.release();
    let first = idle.block_on(first).unwrap().unwrap();
    assert_eq!(first.knowledge().rest(), Some(36));
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
}

#[test]
fn runtime_without_timer_is_reported() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let registry = Registry::builder(Untimed::default())
        .deadline(Duration::from_secs(1))
        .build();
    let error = runtime.block_on(registry.caps(&portal)).unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::Panicked), "{error}");
}
