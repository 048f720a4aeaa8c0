//! Many portals are learned before they are needed, at a rate that is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use imbot_caps::registry::WarmUpProgress;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use tokio::sync::mpsc;

use crate::support::http::{REVISION, Untimed, asked, untimed, webhook};

const SECOND: Duration = Duration::from_secs(1);

/// A registry, and so many emulated portals, all on a clock that stands.
async fn fleet(portals: usize) -> (Emulator, Registry, Vec<EmulatedPortal>) {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let emulated = (0..portals).map(|_| emulator.portal(Build::rest(36))).collect();
    let registry = Registry::builder(Untimed::default())
        .clock(emulator.clock())
        // Requests that are held outlast every move of the clock.
        .deadline(SECOND * 1_000_000)
        .build();
    (emulator, registry, emulated)
}

fn portals(emulated: &[EmulatedPortal]) -> Vec<Portal> {
    emulated.iter().map(webhook).collect()
}

fn requests(emulated: &[EmulatedPortal]) -> usize {
    emulated.iter().map(|portal| portal.count(REVISION)).sum()
}

/// Asks another portal, and with it lets all that can run on this thread run.
async fn meanwhile(emulator: &Emulator) {
    let other = emulator.portal(Build::rest(36));
    untimed().caps(&webhook(&other)).await.unwrap();
}

#[tokio::test]
async fn rate_limit_is_respected() {
    let (emulator, registry, emulated) = fleet(200).await;
    let (progress, mut told) = mpsc::unbounded_channel::<WarmUpProgress>();
    let warm_up = registry
        .warm_up(portals(&emulated))
        .per_second(20)
        .on_progress(move |now| progress.send(now.clone()).unwrap());
    let running = tokio::spawn(warm_up.run());
    // One at once, and then one each twentieth of a second.
    for budget in [1, 2, 3, 23, 43]
        .into_iter()
        .chain((63..=183).step_by(20))
        .chain([200])
    {
        let mut done = requests(&emulated);
        let mut last = None;
        while done < budget
            || last
                .as_ref()
                .is_none_or(|last: &WarmUpProgress| last.done < budget)
        {
            last = told.recv().await;
            done = requests(&emulated);
        }
        meanwhile(&emulator).await;
        assert_eq!(
            requests(&emulated),
            budget,
            "and no more before the clock is moved"
        );
        let last = last.unwrap();
        assert_eq!((last.done, last.failed, last.total), (budget, 0, Some(200)));
        let twentieth = SECOND / 20;
        emulator
            .clock()
            .advance(if budget < 3 { twentieth } else { SECOND });
    }
    let warmed_up = running.await.unwrap();
    assert_eq!(
        (warmed_up.fresh, warmed_up.asked, warmed_up.failed.len()),
        (0, 200, 0)
    );
    for portal in &emulated {
        registry.caps(&webhook(portal)).await.unwrap();
        assert_eq!(asked(portal), [REVISION], "known from then on");
    }
}

#[tokio::test]
async fn catch_up_burst_is_bounded() {
    let (emulator, registry, emulated) = fleet(100).await;
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let warm_up = registry
        .warm_up(portals(&emulated))
        .per_second(10)
        .on_progress(move |now| counted.store(now.done, Ordering::Relaxed));
    let running = tokio::spawn(warm_up.run());
    for budget in [1, 11, 21] {
        while count.load(Ordering::Relaxed) < budget {
            tokio::task::yield_now().await;
        }
        meanwhile(&emulator).await;
        assert_eq!(requests(&emulated), budget);
        // The machine slept.
        emulator.clock().advance(SECOND * 3_600);
    }
    running.abort();
}

#[tokio::test]
async fn known_portals_cost_nothing() {
    let (_emulator, registry, emulated) = fleet(40).await;
    for portal in &emulated {
        registry.caps(&webhook(portal)).await.unwrap();
        asked(portal);
    }
    // The clock stands: if one of them had to wait, this would not end.
    let warmed_up = registry.warm_up(portals(&emulated)).per_second(1).run().await;
    assert_eq!((warmed_up.fresh, warmed_up.asked), (40, 0));
    assert_eq!(requests(&emulated), 0);
}

#[tokio::test]
async fn failures_are_counted_not_fatal() {
    let (emulator, registry, emulated) = fleet(30).await;
    for portal in emulated.iter().step_by(3) {
        portal.fault(Fault::error("PORTAL_DELETED"));
    }
    let clock = emulator.clock();
    let warm_up = registry
        .warm_up(portals(&emulated))
        // The clock is moved as each is done with.
        .on_progress(move |_| clock.advance(SECOND))
        .run();
    let warmed_up = warm_up.await;
    assert_eq!((warmed_up.asked, warmed_up.failed.len()), (20, 10));
    for (portal, error) in &warmed_up.failed {
        assert!(error.is_blocked() && portal == error.portal(), "{error}");
    }
    // Too early to ask them again: they cost nothing, and are failures still.
    let before = requests(&emulated);
    let warmed_up = registry.warm_up(portals(&emulated)).run().await;
    assert_eq!((warmed_up.fresh, warmed_up.failed.len()), (20, 10));
    assert_eq!(requests(&emulated), before);
}

#[tokio::test]
async fn concurrency_limit_is_respected() {
    let (emulator, registry, emulated) = fleet(40).await;
    let mut held = Vec::new();
    for portal in &emulated {
        let (hold, hand) = Fault::hold();
        portal.fault(hold);
        held.push(hand);
    }
    let made = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&made);
    let portals = portals(&emulated).into_iter().inspect(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let running = tokio::spawn(registry.warm_up(portals).per_second(40).concurrent(8).run());
    for hand in &held[..8] {
        hand.arrived(1).await;
        emulator.clock().advance(SECOND);
    }
    meanwhile(&emulator).await;
    assert_eq!(requests(&emulated), 8);
    assert_eq!(made.load(Ordering::Relaxed), 9, "one is at hand, and no more");
    // A caller who waits is not behind them.
    let other = emulator.portal(Build::rest(36));
    registry.caps(&webhook(&other)).await.unwrap();
    assert_eq!(requests(&emulated), 8);

    for (nth, hand) in held.into_iter().enumerate() {
        hand.arrived(1).await;
        assert!(requests(&emulated) <= nth + 8);
        hand.release();
        emulator.clock().advance(SECOND / 4);
    }
    assert_eq!(running.await.unwrap().asked, 40);
}

#[tokio::test]
async fn dropping_keeps_running_probes() {
    let (emulator, registry, emulated) = fleet(10).await;
    let (hold, hand) = Fault::hold();
    emulated[0].fault(hold);
    let running = tokio::spawn(registry.warm_up(portals(&emulated)).run());
    hand.arrived(1).await;
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    emulator.clock().advance(SECOND * 60);
    hand.release();
    let handle = registry.handle(&webhook(&emulated[0]));
    let caps = handle.changed_since(&imbot_caps::Caps::unknown()).await;
    assert_eq!(caps.knowledge().rest(), Some(36));
    meanwhile(&emulator).await;
    assert_eq!(requests(&emulated), 1, "nobody else was asked");
}

#[test]
fn missing_runtime_fails_each_portal() {
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let registry = untimed();
    let mut run = std::pin::pin!(registry.warm_up([portal.clone()]).run());
    // Of the system's clock: its waits need a runtime, and the first has none.
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(warmed_up) = run.as_mut().poll(&mut context) else {
        panic!("it waits for a runtime that is not there");
    };
    assert_eq!(warmed_up.failed.len(), 1);
}

/// Portals of one domain that are silent, and others that answer.
struct SilentDomain;

impl imbot_caps::transport::Transport for SilentDomain {
    fn send(
        &self,
        request: imbot_caps::transport::Request,
    ) -> std::pin::Pin<
        Box<
            dyn Future<
                    Output = Result<imbot_caps::transport::Response, imbot_caps::transport::TransportError>,
                > + Send
                + '_,
        >,
    > {
        let is_silent = request.url().host_str().unwrap().ends_with("evil.com");
        Box::pin(async move {
            if is_silent {
                std::future::pending::<()>().await;
            }
            let body = br#"{"result":{"rest":36}}"#.to_vec();
            Ok(imbot_caps::transport::Response::new(200, None, body))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn silent_site_blocks_no_others() {
    let registry = Registry::builder(SilentDomain).build();
    let at = |host: String| Portal::webhook(&format!("https://{host}/rest/1/s3cretcode/")).unwrap();
    let silent = (0..200).map(move |nth| at(format!("p{nth}.evil.com")));
    let good = (0..100).map(move |nth| at(format!("p{nth}.bitrix24.com")));
    let begun = tokio::time::Instant::now();
    let (sender, mut learned) = mpsc::unbounded_channel();
    let warm_up = registry
        .warm_up(silent.chain(good))
        .per_second(1_000)
        .on_progress(move |now| {
            let _ = sender.send((now.done - now.failed, begun.elapsed()));
        });
    let running = tokio::spawn(warm_up.run());
    while let Some((good, after)) = learned.recv().await {
        if good == 100 {
            assert!(after < 2 * SECOND, "{after:?}");
            running.abort();
            return;
        }
    }
    panic!("not all were learned");
}
