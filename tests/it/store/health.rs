//! How the operator hears of a store that fails, and when the store is tried again.

use std::time::Duration;

use imbot_caps::freshness::Lifetimes;
use imbot_caps::registry::{Event, ProbeErrorKind};
use imbot_caps::store::{MemoryStore, StoreErrorKind};
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::Build;

use super::fault_matrix::{Fault, Faulty, idle};
use super::setup::{Fleet, HOUR, probes};
use crate::support::http::Untimed;
use crate::support::simulated_clock::now;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn without_runtime_no_call_panics() {
    let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap();
    let registry = Registry::builder(Untimed::default())
        .store(MemoryStore::new())
        .build();
    let report = now(registry.warm_up([portal.clone()]).run()).unwrap();
    let [(_, error)] = report.failed.as_slice() else {
        panic!("{report:?}");
    };
    assert!(matches!(error.kind(), ProbeErrorKind::NoRuntime), "{error}");
    assert!(now(registry.caps(&portal)).unwrap().is_err());
    assert!(!registry.handle(&portal).supports(Feature::SystemMessage));
}

#[tokio::test]
async fn failing_store_is_reported_once() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let registry = fleet.builder().store(store.clone()).build();
    let mut events = registry.events();
    store.set(Fault::Down(StoreErrorKind::Unavailable));
    for _ in 0..20 {
        let (_, portal) = fleet.portal(Build::rest(36));
        fleet.pace.run(registry.caps(&portal)).await.unwrap();
        fleet.emulator.clock().advance(SECOND);
    }
    let mut reported = Vec::new();
    while let Some(event) = now(events.next()).flatten() {
        match event {
            Event::StoreFailed { error } => reported.push(error),
            Event::Learned { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    let [error] = reported.as_slice() else {
        panic!("{reported:?}");
    };
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("check that the store runs"), "{error}");

    store.set(Fault::None);
    fleet.emulator.clock().advance(6 * SECOND);
    let (_, portal) = fleet.portal(Build::rest(36));
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    let mut recovered = 0;
    while let Some(event) = now(events.next()).flatten() {
        recovered += usize::from(matches!(event, Event::StoreRecovered));
        assert!(!matches!(event, Event::StoreFailed { .. }));
    }
    assert_eq!(recovered, 1);
}

#[tokio::test]
async fn returned_store_is_used_within_ten_seconds() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let registries = [0, 1, 2].map(|_| fleet.builder().store(store.clone()).build());
    store.set(Fault::Hangs);
    for _ in 0..30 {
        let (emulated, portal) = fleet.portal(Build::rest(36));
        for registry in &registries {
            fleet.pace.run(registry.caps(&portal)).await.unwrap();
        }
        assert_eq!(probes(&emulated), 3);
        fleet.emulator.clock().advance(SECOND);
    }
    store.set(Fault::None);
    fleet.emulator.clock().advance(10 * SECOND);
    // Each process notices it with its next portal.
    let (emulated, portal) = fleet.portal(Build::rest(36));
    for registry in &registries {
        fleet.pace.run(registry.caps(&portal)).await.unwrap();
        fleet.settle().await;
    }
    assert_eq!(probes(&emulated), 1);
}

#[tokio::test]
async fn news_come_again_after_outage() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let (one, other) = (
        fleet.registry().handle(&portal),
        fleet.builder().store(store.clone()).build().handle(&portal),
    );
    fleet.ready(&[one.clone(), other.clone()]).await;
    fleet.settle().await;
    // The other process cannot reach the store, and misses the upgrade.
    store.set(Fault::Down(StoreErrorKind::Unavailable));
    emulated.set_build(Build::rest(36));
    fleet.pace.run(one.refresh()).await.unwrap();
    let seen = other.caps();
    assert_eq!(seen.knowledge().rest(), Some(33));
    probes(&emulated);
    let began = fleet.emulator.clock().now();
    store.set(Fault::None);
    let caps = fleet.pace.run(other.changed_since(&seen)).await;
    assert_eq!((caps.knowledge().rest(), probes(&emulated)), (Some(36), 0));
    let waited = fleet.emulator.clock().now().duration_since(began).unwrap();
    assert!(waited <= 10 * SECOND, "{waited:?}");
}

/// Three processes that cannot write to the store learn a portal, one each 20 minutes. Then the store is well again.
/// Returns how often the portal is asked from the end of the first answer's lifetime to that of the last one.
async fn probes_after_outage(fault: Fault) -> usize {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    // Each caller waits when the lifetime is over.
    let lifetimes = Lifetimes::new()
        .unsupported(HOUR)
        .stale_while_revalidate(Duration::ZERO);
    let builder = || fleet.builder().lifetimes(lifetimes).store(store.clone());
    let registries = [0, 1, 2].map(|_| builder().build());
    let (emulated, portal) = fleet.portal(Build::rest(33));
    store.set(fault);
    for registry in &registries {
        fleet.pace.run(registry.caps(&portal)).await.unwrap();
        // The tries to save do not end, so the background is never at rest.
        idle(&fleet.pace).await;
        fleet.emulator.clock().advance(HOUR / 3);
    }
    probes(&emulated);
    store.set(Fault::None);
    // The longest pause of a process.
    fleet.emulator.clock().advance(5 * SECOND);
    fleet.settle().await;
    // The first answer is older than an hour, and the last one is not.
    fleet.emulator.clock().advance(HOUR / 6);
    for registry in &registries {
        let caps = fleet.pace.run(registry.caps(&portal)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(33));
    }
    probes(&emulated)
}

#[tokio::test]
async fn answers_of_outage_are_shared_afterwards() {
    for fault in [
        Fault::ReadOnly,
        Fault::Hangs,
        Fault::Down(StoreErrorKind::Unavailable),
    ] {
        assert_eq!(probes_after_outage(fault).await, 0, "{fault:?}");
    }
}

#[tokio::test]
async fn lost_entries_are_saved_again() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let registry = fleet.builder().store(store.clone()).build();
    let (emulated, portal) = fleet.portal(Build::rest(36));
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    probes(&emulated);
    fleet.store.clear();
    // The feed of a store that was started anew says that something was missed.
    store.set(Fault::FeedMisses);
    idle(&fleet.pace).await;
    store.set(Fault::None);
    idle(&fleet.pace).await;
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    assert_eq!(probes(&emulated), 0);
}

#[tokio::test]
async fn later_entry_of_store_is_kept() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let cut_off = fleet.builder().store(store.clone()).build();
    store.set(Fault::ReadOnly);
    fleet.pace.run(cut_off.caps(&portal)).await.unwrap();
    fleet.emulator.clock().advance(SECOND);
    emulated.set_build(Build::rest(36));
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    fleet.settle().await;
    let before = fleet.entry(&portal).await.unwrap();
    store.set(Fault::None);
    fleet.emulator.clock().advance(5 * SECOND);
    fleet.settle().await;
    let after = fleet.entry(&portal).await.unwrap();
    assert_eq!((after.version, &after.body), (before.version, &before.body));
    assert_eq!(cut_off.handle(&portal).caps().knowledge().rest(), Some(36));
}

#[tokio::test]
async fn news_do_not_delay_saving() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let (_, portal) = fleet.portal(Build::rest(36));
    let (busy, changing) = fleet.portal(Build::rest(33));
    let cut_off = fleet.builder().store(store.clone()).build();
    let other = fleet.registry().handle(&changing);
    fleet.ready(&[cut_off.handle(&changing), other.clone()]).await;
    fleet.settle().await;
    store.set(Fault::ReadOnly);
    fleet.pace.run(cut_off.caps(&portal)).await.unwrap();
    store.set(Fault::None);
    // There are news twice a second.
    for turn in 0..12 {
        busy.set_build(Build::rest(if turn % 2 == 0 { 34 } else { 35 }));
        fleet.pace.run(other.refresh()).await.unwrap();
        idle(&fleet.pace).await;
        fleet.emulator.clock().advance(SECOND / 2);
        idle(&fleet.pace).await;
    }
    assert!(fleet.entry(&portal).await.is_some());
}

#[tokio::test]
async fn store_without_writes_still_tells_changes() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let (changing, watched) = fleet.portal(Build::rest(33));
    let (_, portal) = fleet.portal(Build::rest(36));
    let cut_off = fleet.builder().store(store.clone()).build();
    let (own, other) = (cut_off.handle(&watched), fleet.registry().handle(&watched));
    fleet.ready(&[own.clone(), other.clone()]).await;
    fleet.settle().await;
    // The feed ends. The next one begins with all records, and one of them cannot be saved.
    store.set(Fault::Down(StoreErrorKind::Unavailable));
    fleet.pace.run(cut_off.caps(&portal)).await.unwrap();
    store.set(Fault::ReadOnly);
    for _ in 0..20 {
        fleet.emulator.clock().advance(SECOND);
        idle(&fleet.pace).await;
    }
    changing.set_build(Build::rest(36));
    fleet.pace.run(other.refresh()).await.unwrap();
    idle(&fleet.pace).await;
    assert_eq!(own.caps().knowledge().rest(), Some(36));
}

#[tokio::test]
async fn saved_records_are_not_written_again() {
    let fleet = Fleet::start().await;
    let store = Faulty::new(&fleet, "");
    let registry = fleet.builder().store(store.clone()).build();
    let (_, portal) = fleet.portal(Build::rest(36));
    // Records have milliseconds.
    fleet.emulator.clock().advance(Duration::from_micros(500));
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    let before = fleet.entry(&portal).await.unwrap().version;
    store.set(Fault::FeedMisses);
    for _ in 0..5 {
        fleet.emulator.clock().advance(SECOND);
        idle(&fleet.pace).await;
    }
    assert_eq!(fleet.entry(&portal).await.unwrap().version, before);
}
