//! Several processes over one store ask a portal as often as one process.

use std::time::Duration;

use imbot_caps::freshness::Lifetimes;
use imbot_caps::gate::CallError;
use imbot_caps::registry::Event;
use imbot_caps::store::{MemoryStore, Store};
use imbot_caps::transport::Redirects;
use imbot_caps::{Feature, Handle, Knowledge, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault};
use serde_json::json;

use super::setup::{Fleet, HOUR, join, probes};
use crate::support::fixture::scoped;
use crate::support::http::webhook;
use crate::support::simulated_clock::now;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn fleet_asks_once_per_lifetime() {
    let fleet = Fleet::start().await;
    // Each caller waits when the lifetime is over.
    let lifetimes = Lifetimes::new()
        .unsupported(HOUR)
        .stale_while_revalidate(Duration::ZERO);
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let registries: Vec<Registry> = (0..5)
        .map(|_| {
            fleet
                .builder()
                .lifetimes(lifetimes)
                .store(fleet.store.clone())
                .build()
        })
        .collect();
    let handles: Vec<Handle> = registries
        .iter()
        .map(|registry| registry.handle(&portal))
        .collect();
    for lifetime in 0..6 {
        fleet.ready(&handles).await;
        fleet.settle().await;
        assert_eq!(probes(&emulated), 1, "in lifetime {lifetime}");
        for handle in &handles {
            assert_eq!(handle.caps().knowledge().rest(), Some(33));
        }
        fleet.emulator.clock().advance(HOUR);
    }
}

#[tokio::test]
async fn hundred_portals_are_asked_once() {
    let fleet = Fleet::start().await;
    let registries: Vec<Registry> = (0..4).map(|_| fleet.registry()).collect();
    let portals: Vec<_> = (0..100).map(|_| fleet.portal(Build::rest(36))).collect();
    let handles: Vec<Handle> = registries
        .iter()
        .flat_map(|registry| portals.iter().map(|(_, portal)| registry.handle(portal)))
        .collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    let asked: Vec<usize> = portals.iter().map(|(emulated, _)| probes(emulated)).collect();
    assert_eq!(asked, vec![1; 100]);
}

#[tokio::test]
async fn background_refresh_asks_once() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let handles: Vec<Handle> = (0..4).map(|_| fleet.registry().handle(&portal)).collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    probes(&emulated);
    fleet.emulator.clock().advance(HOUR + HOUR / 2);
    for handle in &handles {
        // A "no" that is stale is refreshed in the background.
        assert!(!handle.supports(Feature::BotTokenRotation));
    }
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
}

#[tokio::test]
async fn restarted_process_asks_nobody() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(34));
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
    fleet.emulator.clock().advance(HOUR / 2);
    let restarted = fleet.registry();
    let mut events = restarted.events();
    let caps = fleet.pace.run(restarted.caps(&portal)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34));
    assert_eq!(probes(&emulated), 0);
    let event = now(events.next()).flatten();
    assert!(matches!(event, Some(Event::Learned { .. })), "{event:?}");
}

#[tokio::test]
async fn stale_record_is_served_and_refreshed() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(34));
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    fleet.settle().await;
    emulated.set_build(Build::rest(36));
    probes(&emulated);
    // Past its lifetime, and within the time in which it is served while it is refreshed.
    fleet.emulator.clock().advance(HOUR + HOUR / 2);
    let handle = fleet.registry().handle(&portal);
    let caps = fleet.pace.run(handle.ready()).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34));
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
    assert_eq!(handle.caps().knowledge().rest(), Some(36));
}

#[tokio::test]
async fn upgrade_reaches_all_within_second() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let registries: Vec<Registry> = (0..4).map(|_| fleet.registry()).collect();
    let handles: Vec<Handle> = registries
        .iter()
        .map(|registry| registry.handle(&portal))
        .collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    let mut events = registries[3].events();
    emulated.set_build(Build::rest(36));
    probes(&emulated);
    let before = fleet.emulator.clock().now();
    let known: Vec<_> = handles.iter().map(Handle::caps).collect();
    fleet.pace.run(handles[0].refresh()).await.unwrap();
    for (handle, known) in handles.iter().zip(&known) {
        assert_eq!(known.knowledge().rest(), Some(33));
        let seen = fleet.pace.run(handle.changed_since(known)).await;
        assert_eq!(seen.knowledge().rest(), Some(36));
    }
    assert!(fleet.emulator.clock().now() <= before + SECOND);
    assert_eq!(probes(&emulated), 1);
    let event = now(events.next()).flatten();
    assert!(matches!(event, Some(Event::Upgraded { .. })), "{event:?}");
}

#[tokio::test]
async fn flooded_listener_reads_everything_again() {
    let fleet = Fleet::start().await;
    let portals: Vec<_> = (0..30).map(|_| fleet.portal(Build::rest(33))).collect();
    let (one, other) = (fleet.registry(), fleet.registry());
    let of = |registry: &Registry| {
        portals
            .iter()
            .map(|(_, portal)| registry.handle(portal))
            .collect()
    };
    let (ones, others): (Vec<Handle>, Vec<Handle>) = (of(&one), of(&other));
    fleet.ready(&ones).await;
    fleet.ready(&others).await;
    fleet.settle().await;
    portals
        .iter()
        .for_each(|(emulated, _)| emulated.set_build(Build::rest(36)));
    fleet
        .pace
        .run(join(ones.iter().map(|handle| handle.refresh())))
        .await;
    // More news of portals that nobody holds than a listener may miss, before it can read them.
    for nth in 0..2_000 {
        let change =
            imbot_caps::store::Change::new(format!("https://other-{nth}.example"), String::new(), None);
        fleet.store.save(&[change]).await.unwrap();
    }
    fleet.settle().await;
    for handle in &others {
        assert_eq!(handle.caps().knowledge().rest(), Some(36));
    }
}

#[tokio::test]
async fn dead_holder_delays_few_seconds() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    let key = portal.id().to_string();
    // The process that took this lease has died.
    let lease = fleet.store.lease(&key, 3 * SECOND).await.unwrap();
    assert!(lease.is_some());
    let before = fleet.emulator.clock().now();
    let handles: Vec<Handle> = (0..3).map(|_| fleet.registry().handle(&portal)).collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    let waited = fleet.emulator.clock().now().duration_since(before).unwrap();
    assert!(waited < 5 * SECOND, "{waited:?}");
    assert_eq!(probes(&emulated), 1);
}

#[tokio::test]
async fn refresh_asks_despite_store() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    let handle = fleet.registry().handle(&portal);
    fleet.pace.run(handle.ready()).await.unwrap();
    emulated.set_build(Build::rest(36));
    probes(&emulated);
    // Another process has the lease. The caller wants this process to ask.
    let key = portal.id().to_string();
    let _held = fleet.store.lease(&key, HOUR).await.unwrap().unwrap();
    let before = fleet.emulator.clock().now();
    let caps = fleet.pace.run(handle.refresh()).await.unwrap();
    assert_eq!((caps.knowledge().rest(), probes(&emulated)), (Some(36), 1));
    assert_eq!(fleet.emulator.clock().now(), before);
}

#[tokio::test]
async fn marked_portal_is_asked_again() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let (one, other) = (fleet.registry().handle(&portal), fleet.registry().handle(&portal));
    fleet.ready(&[one.clone(), other.clone()]).await;
    fleet.settle().await;
    emulated.set_build(Build::rest(36));
    probes(&emulated);
    fleet.emulator.clock().advance(SECOND);
    // The record of the store is older than the mark.
    one.mark_stale();
    fleet.pace.run(one.ready()).await.unwrap();
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
    assert_eq!(one.caps().knowledge().rest(), Some(36));
    assert_eq!(other.caps().knowledge().rest(), Some(36));
    // An answer of another process after the mark is as good as an own one.
    fleet.emulator.clock().advance(SECOND);
    other.refresh_with(&fleet).await;
    probes(&emulated);
    fleet.pace.run(one.ready()).await.unwrap();
    fleet.settle().await;
    assert_eq!(probes(&emulated), 0);
}

trait RefreshWith {
    async fn refresh_with(&self, fleet: &Fleet);
}

impl RefreshWith for Handle {
    async fn refresh_with(&self, fleet: &Fleet) {
        fleet.pace.run(self.refresh()).await.unwrap();
        fleet.settle().await;
    }
}

#[tokio::test]
async fn followed_move_is_saved_at_once() {
    let fleet = Fleet::start().await;
    let old = Emulator::start_single(Build::rest(33)).await.unwrap();
    let portal = webhook(&old);
    let new = Emulator::start_single(Build::rest(36)).await.unwrap();
    let host = new.url().trim_start_matches("http://").trim_end_matches('/');
    let redirects = Redirects::to_hosts([host]).unwrap();
    let registry = fleet
        .builder()
        .redirects(redirects)
        .store(fleet.store.clone())
        .build();
    old.fault(Fault::moved(new.url()));
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    assert_eq!(probes(&new), 1);
    // Another process asks neither address.
    let other = fleet.registry();
    let moved = webhook(&new);
    let caps = fleet.pace.run(other.caps(&moved)).await.unwrap();
    assert_eq!((caps.knowledge().rest(), probes(&new)), (Some(36), 0));
}

#[tokio::test]
async fn followed_move_keeps_later_record() {
    let fleet = Fleet::start().await;
    let old = Emulator::start_single(Build::rest(33)).await.unwrap();
    let portal = webhook(&old);
    let new = Emulator::start_single(Build::rest(36)).await.unwrap();
    let host = new.url().trim_start_matches("http://").trim_end_matches('/');
    let registry = fleet
        .builder()
        .redirects(Redirects::to_hosts([host]).unwrap())
        .store(fleet.store.clone())
        .build();
    let moved = webhook(&new);
    // Another process has asked the new address, by a clock that is a little fast.
    fleet.emulator.clock().advance(SECOND);
    fleet.pace.run(fleet.registry().caps(&moved)).await.unwrap();
    fleet.settle().await;
    let before = fleet.entry(&moved).await.unwrap();
    fleet.emulator.clock().set(fleet.emulator.clock().now() - SECOND);
    old.fault(Fault::moved(new.url()));
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    assert_eq!(fleet.entry(&moved).await.unwrap(), before);
}

#[tokio::test]
async fn pins_stay_local() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let (one, other) = (fleet.registry().handle(&portal), fleet.registry().handle(&portal));
    one.pin(Knowledge::pinned(30));
    fleet.ready(&[one.clone(), other.clone()]).await;
    fleet.settle().await;
    emulated.set_build(Build::rest(36));
    other.refresh_with(&fleet).await;
    assert_eq!(one.caps().knowledge().rest(), Some(30));
    assert_eq!(other.caps().knowledge().rest(), Some(36));
}

#[tokio::test]
async fn writers_at_one_time_lose_nothing() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    let poor = scoped(&emulated, "noscope1", &["user"]);
    // Both ask, whatever the other one does. The poor answer says less than the full one.
    let handles: Vec<Handle> = [&portal, &poor, &portal, &poor]
        .map(|portal| fleet.registry().handle(portal))
        .into();
    fleet
        .pace
        .run(join(handles.iter().map(|handle| handle.refresh())))
        .await;
    fleet.settle().await;
    probes(&emulated);
    let caps = fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    assert_eq!(probes(&emulated), 0);
}

#[tokio::test]
async fn refusal_asks_once_for_fleet() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(30));
    let registries: Vec<Registry> = (0..4).map(|_| fleet.registry()).collect();
    let handles: Vec<Handle> = registries
        .iter()
        .map(|registry| registry.handle(&portal))
        .collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    fleet.emulator.clock().advance(HOUR / 4);
    probes(&emulated);
    for registry in &registries {
        let client = registry.client(&portal);
        let refused = fleet.pace.run(client.call(MISSING, json!({}))).await;
        assert!(matches!(refused, Err(CallError::Refused(_))), "{refused:?}");
        fleet.settle().await;
    }
    assert_eq!(probes(&emulated), 1);
    fleet.emulator.clock().advance(HOUR / 4);
    let client = registries[0].client(&portal);
    let refused = fleet.pace.run(client.call(MISSING, json!({}))).await;
    assert!(matches!(refused, Err(CallError::Refused(_))), "{refused:?}");
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
}

/// A method that an old portal lacks, and that has no older form.
const MISSING: &str = "im.v2.File.upload";

#[tokio::test]
async fn warm_up_loads_before_it_asks() {
    let fleet = Fleet::start().await;
    let portals: Vec<_> = (0..300).map(|_| fleet.portal(Build::rest(36))).collect();
    let all = || portals.iter().map(|(_, portal)| portal.clone());
    let report = fleet
        .pace
        .run(fleet.registry().warm_up(all()).per_second(1_000).run())
        .await;
    assert_eq!((report.asked, report.fresh), (300, 0));
    fleet.settle().await;
    portals
        .iter()
        .for_each(|(emulated, _)| drop(emulated.take_requests()));
    let report = fleet
        .pace
        .run(fleet.registry().warm_up(all()).per_second(1_000).run())
        .await;
    assert_eq!((report.asked, report.fresh), (0, 300));
    assert!(
        portals
            .iter()
            .all(|(emulated, _)| emulated.take_requests().is_empty())
    );
}

#[tokio::test]
async fn listener_ends_with_its_registry() {
    let fleet = Fleet::start().await;
    let (_, portal) = fleet.portal(Build::rest(36));
    let store = std::sync::Arc::new(MemoryStore::with_clock(fleet.pace.clone()));
    let registry = fleet.builder().store(std::sync::Arc::clone(&store)).build();
    fleet.pace.run(registry.caps(&portal)).await.unwrap();
    fleet.settle().await;
    assert!(std::sync::Arc::strong_count(&store) > 1);
    drop(registry);
    fleet.settle().await;
    assert_eq!(std::sync::Arc::strong_count(&store), 1, "a task keeps the store");
}

#[tokio::test]
async fn holder_with_slow_portal_is_awaited() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    emulated.fault(Fault::latency(SECOND));
    let pace = &fleet.pace;
    // The portal waits for the clock, too. So the clock may move while a request is under way.
    let registry = || {
        imbot_caps::Registry::builder(pace.transport())
            .clock(pace.clone())
            .store(fleet.store.clone())
            .build()
    };
    let handles: Vec<Handle> = (0..3).map(|_| registry().handle(&portal)).collect();
    fleet.ready(&handles).await;
    fleet.settle().await;
    assert_eq!(probes(&emulated), 1);
}
