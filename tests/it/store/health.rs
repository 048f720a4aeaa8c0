//! How the operator hears of a store that fails, and when the store is tried again.

use std::time::Duration;

use imbot_caps::registry::Event;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps::store::{MemoryStore, StoreErrorKind};
use imbot_caps::{Feature, Portal, Registry};
use imbot_caps_emulator::Build;

use super::fault_matrix::{Fault, Faulty};
use super::setup::{Fleet, probes};
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
