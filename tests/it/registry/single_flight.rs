//! One probe in flight for each portal, whoever asks, leaves or fails.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault};
use tokio::sync::Semaphore;

use crate::support::http::{LONG, REVISION, Untimed, asked, untimed, webhook};

#[tokio::test]
async fn thousand_callers_share_one_probe() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let (registry, portal) = (untimed(), webhook(&emulated));
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let (registry, portal) = (registry.clone(), portal.clone());
            tokio::spawn(async move { registry.caps(&portal).await.map(|caps| caps.knowledge().rest()) })
        })
        .collect();
    held.arrived(1).await;
    held.release();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), Some(36));
    }
    let handle = registry.handle(&portal);
    for _ in 0..1000 {
        assert!(handle.caps().supports(Feature::SystemMessage));
        assert!(
            registry
                .caps(&portal)
                .await
                .unwrap()
                .supports(Feature::SystemMessage)
        );
    }
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn first_caller_may_cancel() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let (registry, portal) = (untimed(), webhook(&emulated));
    let leader = tokio::spawn({
        let (registry, portal) = (registry.clone(), portal.clone());
        async move { registry.caps(&portal).await }
    });
    held.arrived(1).await;
    let follower = tokio::spawn({
        let (registry, portal) = (registry.clone(), portal.clone());
        async move { registry.caps(&portal).await }
    });
    tokio::task::yield_now().await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    held.release();
    assert_eq!(follower.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(
        asked(&emulated),
        [REVISION],
        "the probe went on without its first caller"
    );
}

/// Stops before each request and after each reply, until it is let on.
#[derive(Clone)]
struct Stopping {
    inner: Arc<Untimed>,
    arrived: Arc<Semaphore>,
    on: Arc<Semaphore>,
}

impl Stopping {
    fn new() -> Self {
        Self {
            inner: Arc::new(Untimed::default()),
            arrived: Arc::new(Semaphore::new(0)),
            on: Arc::new(Semaphore::new(0)),
        }
    }

    async fn stop(&self) {
        self.arrived.add_permits(1);
        self.on.acquire().await.unwrap().forget();
    }

    /// Lets it on until it stops for this time.
    async fn stopped(&self, time: usize) {
        self.on.add_permits(time - 1);
        self.arrived
            .acquire_many(u32::try_from(time).unwrap())
            .await
            .unwrap()
            .forget();
    }
}

impl Transport for Stopping {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async move {
            self.stop().await;
            let reply = self.inner.send(request).await;
            self.stop().await;
            reply
        })
    }
}

#[tokio::test]
async fn cancelled_leader_leaves_one_answer() {
    let emulator = Emulator::start().await.unwrap();
    // One request, and several.
    for rest in [36, 32] {
        let emulated = emulator.portal(Build::rest(rest));
        untimed().caps(&webhook(&emulated)).await.unwrap();
        let once = asked(&emulated);
        for stop in 0..=2 * once.len() {
            let emulated = emulator.portal(Build::rest(rest));
            let transport = Stopping::new();
            let registry = Registry::builder(transport.clone()).deadline(LONG).build();
            let portal = webhook(&emulated);
            let follow = || {
                let (registry, portal) = (registry.clone(), portal.clone());
                tokio::spawn(async move { registry.caps(&portal).await })
            };
            // Before its first poll, there is nothing to join yet.
            let mut leader = Box::pin(registry.caps(&portal));
            let mut followers = Vec::new();
            if stop > 0 {
                tokio::select! {
                    biased;
                    _ = &mut leader => panic!("it is stopped"),
                    () = transport.stopped(stop) => {}
                }
                followers.push(follow());
                tokio::task::yield_now().await;
            }
            drop(leader);
            followers.push(follow());
            transport.on.add_permits(2 * once.len());
            for follower in followers {
                assert_eq!(follower.await.unwrap().unwrap().knowledge().rest(), Some(rest));
            }
            assert_eq!(asked(&emulated), once, "cancelled at stop {stop}");
        }
    }
}

#[tokio::test]
async fn credentials_share_knowledge_not_failures() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let wrong = emulated.webhook_url().replace("/rest/1/", "/rest/2/");
    let wrong = Portal::builder().allow_http().webhook(&wrong).unwrap();
    let right = webhook(&emulated);
    assert_eq!(wrong.id(), right.id());
    let registry = untimed();
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let leader = tokio::spawn({
        let (registry, wrong) = (registry.clone(), wrong.clone());
        async move { registry.caps(&wrong).await }
    });
    held.arrived(1).await;
    let follower = tokio::spawn({
        let (registry, right) = (registry.clone(), right.clone());
        async move { registry.caps(&right).await }
    });
    tokio::task::yield_now().await;
    held.release();
    // It goes on with the credential of who waits, and what it learns is for both.
    assert_eq!(leader.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(follower.await.unwrap().unwrap().knowledge().rest(), Some(36));
    assert_eq!(
        registry.caps(&wrong).await.unwrap().knowledge().rest(),
        Some(36),
        "from memory"
    );
    assert_eq!(asked(&emulated), [REVISION, REVISION]);
}

#[tokio::test]
async fn bad_credentials_never_block_good_one() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let registry = untimed();
    let ask = |user: u32| {
        let url = emulated
            .webhook_url()
            .replace("/rest/1/", &format!("/rest/{user}/"));
        let portal = Portal::builder().allow_http().webhook(&url).unwrap();
        let registry = registry.clone();
        tokio::spawn(async move { registry.caps(&portal).await })
    };
    let mut bad: Vec<_> = (2..12).map(ask).collect();
    held.arrived(1).await;
    let good = ask(1);
    bad.extend((12..22).map(ask));
    tokio::task::yield_now().await;
    held.release();
    assert_eq!(good.await.unwrap().unwrap().knowledge().rest(), Some(36));
    for caller in bad {
        // From memory, if the good one came first.
        if let Err(error) = caller.await.unwrap() {
            assert!(error.is_credential(), "{error}");
        }
    }
}

#[tokio::test]
async fn changes_between_waits_are_seen() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(33));
    let handle = untimed().handle(&webhook(&emulated));
    let seen = handle.ready().await.unwrap();
    emulated.set_build(Build::rest(36));
    handle.refresh().await.unwrap();
    assert_eq!(handle.changed_since(&seen).await.knowledge().rest(), Some(36));
}

#[tokio::test]
async fn refresh_reports_upgrades_and_restores() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let registry = untimed();
    let handle = registry.handle(&webhook(&emulated));
    assert!(handle.caps().check(Feature::BotTokenRotation).is_unknown());
    handle.ready().await.unwrap();
    assert!(!handle.caps().supports(Feature::BotTokenRotation));
    for (build, supported) in [
        (Build::rest(35), true),
        (Build::rest(32), false),
        (Build::rest(36), true),
    ] {
        let watching = {
            let handle = handle.clone();
            let (ready, started) = tokio::sync::oneshot::channel();
            let task = tokio::spawn(async move {
                let mut changed = std::pin::pin!(handle.changed());
                // Polled once, it has subscribed; only then the portal may change.
                let first =
                    std::future::poll_fn(|context| std::task::Poll::Ready(changed.as_mut().poll(context)))
                        .await;
                assert!(first.is_pending());
                ready.send(()).unwrap();
                changed.await
            });
            started.await.unwrap();
            task
        };
        emulated.set_build(build);
        let caps = handle.refresh().await.unwrap();
        assert_eq!(caps.supports(Feature::BotTokenRotation), supported);
        assert_eq!(handle.caps().supports(Feature::BotTokenRotation), supported);
        let told = watching.await.unwrap();
        assert_eq!(told.supports(Feature::BotTokenRotation), supported);
    }
}

#[tokio::test]
async fn endless_probe_meets_its_deadline() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let transport = Untimed::default();
    let registry = Registry::builder(transport)
        .deadline(Duration::from_millis(50))
        .build();
    let error = registry.caps(&webhook(&emulated)).await.unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::Deadline(_)), "{error}");
    assert!(error.is_transient());
    held.release();
}

#[test]
fn missing_runtime_is_an_error() {
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let registry = untimed();
    let mut caps = std::pin::pin!(registry.caps(&portal));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = caps.as_mut().poll(&mut context) else {
        panic!("it waits for a runtime that is not there");
    };
    assert!(matches!(error.kind(), ProbeErrorKind::NoRuntime), "{error}");
}

/// A runtime that runs only while somebody waits on it.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn runtime_shutdown_loses_no_portal() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let (registry, portal) = (untimed(), webhook(&emulated));
    let first = runtime();
    first.block_on(async {
        let caps = registry.caps(&portal);
        let arrived = held.arrived(1);
        tokio::select! {
            _ = caps => panic!("it is held"),
            () = arrived => {}
        }
    });
    drop(first); // and with it the probe
    let caps = runtime().block_on(registry.caps(&portal)).unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    held.release();
}

#[test]
fn stalled_runtime_blocks_no_caller() {
    let server = tokio::runtime::Runtime::new().unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let clock = emulator.clock();
    clock.stop();
    let registry = Registry::builder(Untimed::default()).clock(clock.clone()).build();
    let portal = webhook(&emulated);
    let idle = runtime();
    idle.block_on(async {
        tokio::select! {
            _ = registry.caps(&portal) => panic!("it is held"),
            () = held.arrived(1) => {}
        }
    });
    // `idle` lives on, and with it the probe, but nobody runs it.
    let caps = runtime().block_on(async {
        let caps = registry.caps(&portal);
        let mut caps = std::pin::pin!(caps);
        let waiting = std::future::poll_fn(|context| std::task::Poll::Ready(caps.as_mut().poll(context)));
        assert!(waiting.await.is_pending(), "it joined the probe");
        // `idle` runs nothing in it.
        clock.advance(Duration::from_secs(1));
        caps.await.unwrap()
    });
    assert_eq!(caps.knowledge().rest(), Some(36));
    held.release();
    drop(idle);
}

/// A transport with a mistake in it.
struct Panicking(Arc<AtomicUsize>);

impl Transport for Panicking {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("a mistake of the transport");
    }
}

#[tokio::test]
async fn transport_panic_is_an_error() {
    let sent = Arc::default();
    let registry = Registry::builder(Panicking(Arc::clone(&sent))).build();
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let error = registry.caps(&portal).await.unwrap_err();
    assert!(matches!(error.kind(), ProbeErrorKind::Panicked), "{error}");
    assert_eq!(sent.load(Ordering::Relaxed), 1);
}
