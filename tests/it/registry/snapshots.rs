//! What is known outlives the process: written, read and trusted as far as its
//! age allows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::{Feature, Knowledge, Portal, Registry, Snapshot};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value, json};

use crate::support::http::{BATCH, REVISION, Untimed, asked, untimed_builder, webhook};

/// A registry whose time is the emulator's.
fn registry(emulator: &Emulator) -> Registry {
    Registry::builder(Untimed::default())
        .clock(emulator.clock())
        .build()
}

fn application(emulated: &EmulatedPortal) -> Portal {
    Portal::builder()
        .allow_http()
        .member_id(emulated.member_id())
        .webhook(emulated.webhook_url())
        .unwrap()
}

/// To text and back.
fn kept(snapshot: &Snapshot) -> Snapshot {
    let text = serde_json::to_string(snapshot).unwrap();
    let read = Snapshot::from_json(text).unwrap();
    assert_eq!(read.skipped(), []);
    read
}

#[tokio::test]
async fn record_of_one_portal_restores_it() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let (one, other) = (emulator.portal(Build::rest(36)), emulator.portal(Build::rest(33)));
    let first = registry(&emulator);
    let (own, unasked) = (application(&one), webhook(&other));
    first.caps(&own).await.unwrap();
    let record = first.record(own.id()).unwrap();
    assert_eq!(first.snapshot().records(), std::slice::from_ref(&record));
    assert_eq!(
        first.record(webhook(&one).id()),
        Some(record.clone()),
        "by address"
    );
    assert_eq!(first.record(unasked.id()), None);
    let handle = first.handle(&unasked);
    assert_eq!(first.record(unasked.id()), None, "it never answered");
    handle.ready().await.unwrap();
    assert_eq!(first.record(unasked.id()).unwrap().known().rest(), Some(33));

    asked(&one);
    let second = registry(&emulator);
    assert_eq!(second.restore(&kept(&Snapshot::from_iter([record]))).taken, 1);
    assert_eq!(second.caps(&own).await.unwrap().knowledge().rest(), Some(36));
    assert_eq!(asked(&one), [""; 0]);
}

#[tokio::test]
async fn restored_registry_serves_from_memory() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let (new, old) = (emulator.portal(Build::rest(36)), emulator.portal(Build::rest(32)));
    let first = registry(&emulator);
    first.caps(&application(&new)).await.unwrap();
    first.caps(&webhook(&old)).await.unwrap();
    assert_eq!(asked(&new), [REVISION]);
    assert_eq!(asked(&old), [REVISION, BATCH]);

    let second = registry(&emulator);
    let restored = second.restore(&kept(&first.snapshot()));
    assert_eq!((restored.taken, restored.older, restored.skipped), (2, 0, 0));
    assert_eq!(kept(&second.snapshot()), kept(&first.snapshot()));
    for portal in [application(&new), webhook(&new), webhook(&old)] {
        let caps = second.caps(&portal).await.unwrap();
        assert_eq!(caps.knowledge(), first.caps(&portal).await.unwrap().knowledge());
    }
    assert_eq!((asked(&new), asked(&old)), (vec![], vec![]), "all from memory");

    // What the next upgrade may bring is asked again when it is due, and later what
    // no upgrade takes away.
    emulator.clock().advance(Duration::from_secs(3 * 3_600));
    old.set_build(Build::rest(36));
    assert!(
        second
            .caps(&webhook(&old))
            .await
            .unwrap()
            .supports(Feature::SystemMessage)
    );
    second.caps(&application(&new)).await.unwrap();
    assert_eq!((asked(&new), asked(&old)), (vec![], vec![REVISION.to_owned()]));
    emulator.clock().advance(Duration::from_secs(8 * 86_400));
    second.caps(&application(&new)).await.unwrap();
    assert_eq!(asked(&new), [REVISION]);
}

/// The portal with the `member_id` of another portal in the program.
fn with_member_of(own: &EmulatedPortal, hostile: &EmulatedPortal) -> Portal {
    let builder = Portal::builder().allow_http().member_id(own.member_id());
    builder.webhook(hostile.webhook_url()).unwrap()
}

fn at_member(registry: &Registry, own: &EmulatedPortal) -> Option<u16> {
    registry
        .get(&own.member_id().parse().unwrap())?
        .knowledge()
        .rest()
}

/// A portal that never answers has no record. The record of the other one tells of the claim.
#[tokio::test]
async fn restart_keeps_contests() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let (own, hostile) = (emulator.portal(Build::rest(36)), emulator.portal(Build::rest(18)));
    let claimed = with_member_of(&own, &hostile);
    let mut registry = registry(&emulator);
    registry.caps(&application(&own)).await.unwrap();
    assert_eq!(at_member(&registry, &own), Some(36));
    let _ = registry.handle(&claimed);
    assert_eq!(asked(&own), [REVISION]);
    for _ in 0..3 {
        assert_eq!(at_member(&registry, &own), None);
        let snapshot = kept(&registry.snapshot());
        assert!(snapshot.records().iter().all(|record| record.is_contested()));
        registry = self::registry(&emulator);
        registry.restore(&snapshot);
    }
    // The hostile portal answers only now.
    assert_eq!(
        registry.caps(&claimed).await.unwrap().knowledge().rest(),
        Some(18)
    );
    assert_eq!(at_member(&registry, &own), None);
    let caps = registry.caps(&application(&own)).await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), asked(&own)),
        (Some(36), vec![]),
        "from memory"
    );
}

/// The limit of look-ups by a member: a claim is believed until there is another one.
#[tokio::test]
async fn lone_claim_is_found_until_contested() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let (own, hostile) = (emulator.portal(Build::rest(36)), emulator.portal(Build::rest(18)));
    let first = registry(&emulator);
    first.caps(&with_member_of(&own, &hostile)).await.unwrap();
    let second = registry(&emulator);
    second.restore(&kept(&first.snapshot()));
    for registry in [first, second] {
        assert_eq!(at_member(&registry, &own), Some(18));
        let handle = registry.handle(&application(&own));
        assert_eq!(at_member(&registry, &own), None);
        assert_eq!(
            handle.caps().knowledge().rest(),
            None,
            "nothing of the other address"
        );
        assert_eq!(handle.ready().await.unwrap().knowledge().rest(), Some(36));
        assert_eq!(at_member(&registry, &own), None);
    }
}

#[tokio::test]
async fn restore_keeps_later_knowledge() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let emulated = emulator.portal(Build::rest(33));
    let portal = webhook(&emulated);
    let registry = registry(&emulator);
    let handle = registry.handle(&portal);
    handle.ready().await.unwrap();
    let earlier = kept(&registry.snapshot());
    emulator.clock().advance(Duration::from_secs(60));
    emulated.set_build(Build::rest(36));
    handle.refresh().await.unwrap();
    let later = kept(&registry.snapshot());

    for order in [[&earlier, &later], [&later, &earlier]] {
        let other = self::registry(&emulator);
        let watching = other.handle(&portal);
        let taken: usize = order.iter().map(|snapshot| other.restore(snapshot).taken).sum();
        assert_eq!(taken, if order[0] == &earlier { 2 } else { 1 });
        assert_eq!(watching.caps().knowledge().rest(), Some(36), "handles see it");
    }
    let restored = registry.restore(&later);
    assert_eq!((restored.taken, restored.older), (0, 1), "its own is not newer");
    asked(&emulated);
    handle.ready().await.unwrap();
    assert_eq!(asked(&emulated), [""; 0]);
}

#[tokio::test]
async fn outdated_mark_survives_snapshot() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let emulated = emulator.portal(Build::rest(36));
    let first = registry(&emulator);
    let handle = first.handle(&webhook(&emulated));
    handle.ready().await.unwrap();
    handle.mark_stale();
    let snapshot = kept(&first.snapshot());
    assert!(snapshot.records()[0].is_marked_stale());
    asked(&emulated);

    let second = registry(&emulator);
    second.restore(&snapshot);
    let handle = second.handle(&webhook(&emulated));
    let mut events = second.events();
    handle.ready().await.unwrap();
    events.next().await.unwrap();
    assert_eq!(asked(&emulated), [REVISION], "served, and asked behind");
    assert!(!second.snapshot().records()[0].is_marked_stale());
}

#[tokio::test]
async fn future_answers_are_refreshed_soon() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let now = emulator.clock().now();
    let emulated = emulator.portal(Build::rest(36));
    let first = registry(&emulator);
    emulator.clock().advance(Duration::from_secs(365 * 86_400));
    first.caps(&webhook(&emulated)).await.unwrap();
    emulator.clock().set(now);
    asked(&emulated);

    let second = registry(&emulator);
    assert_eq!(second.restore(&kept(&first.snapshot())).taken, 1);
    assert_eq!(second.snapshot().records()[0].learned(), now);
    let handle = second.handle(&webhook(&emulated));
    assert_eq!(handle.caps().knowledge().rest(), Some(36));
    let mut events = second.events();
    handle.ready().await.unwrap();
    events.next().await.unwrap();
    assert_eq!(asked(&emulated), [REVISION]);
}

#[tokio::test]
async fn snapshots_ignore_pins() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let emulated = emulator.portal(Build::rest(36));
    let first = registry(&emulator);
    let handle = first.handle(&webhook(&emulated));
    handle.pin(Knowledge::pinned(30));
    assert_eq!(first.snapshot().records(), [], "a pin was not learned");
    handle.unpin();
    handle.ready().await.unwrap();
    handle.pin(Knowledge::pinned(30));
    let snapshot = kept(&first.snapshot());
    assert_eq!(snapshot.records()[0].known().rest(), Some(36));

    let second = registry(&emulator);
    let handle = second.handle(&webhook(&emulated));
    handle.pin(Knowledge::pinned(31));
    assert_eq!(second.restore(&snapshot).taken, 1);
    assert_eq!(handle.caps().knowledge().rest(), Some(31));
    handle.unpin();
    assert_eq!(
        handle.caps().knowledge().rest(),
        Some(36),
        "it was taken in beneath"
    );
}

#[tokio::test]
async fn record_stays_at_its_address() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let (before, after) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let at = |emulated: &EmulatedPortal| {
        let portal = Portal::builder().allow_http().member_id(after.member_id());
        portal.webhook(emulated.webhook_url()).unwrap()
    };
    let first = registry(&emulator);
    first.caps(&at(&before)).await.unwrap();
    let snapshot = kept(&first.snapshot());
    let second = registry(&emulator);
    second.caps(&at(&after)).await.unwrap();
    assert_eq!(second.restore(&snapshot).taken, 1);
    let known = |emulated: &EmulatedPortal| second.handle(&at(emulated)).caps().knowledge().rest();
    assert_eq!((known(&before), known(&after)), (Some(33), Some(36)));
    // Both come back.
    let third = registry(&emulator);
    assert_eq!(third.restore(&kept(&second.snapshot())).taken, 2);
}

#[tokio::test]
async fn damaged_record_is_skipped_alone() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let emulated = emulator.portal(Build::rest(36));
    let first = registry(&emulator);
    first.caps(&webhook(&emulated)).await.unwrap();
    asked(&emulated);
    let mut value = serde_json::to_value(first.snapshot()).unwrap();
    let mut impossible = value["records"][0].clone();
    impossible["portal"] = "https://other.example".into();
    impossible["address"] = impossible["portal"].clone();
    impossible["known"]["rest"]["least"] = json!(40);
    value["records"].as_array_mut().unwrap().insert(0, impossible);
    value["records"].as_array_mut().unwrap().push(Value::Null);

    let second = registry(&emulator);
    let snapshot = Snapshot::from_json(value.to_string()).unwrap();
    let restored = second.restore(&snapshot);
    assert_eq!((restored.taken, restored.skipped), (1, 2));
    second.caps(&webhook(&emulated)).await.unwrap();
    assert_eq!(asked(&emulated), [""; 0]);
    let other = Portal::webhook("https://other.example/rest/1/s3cret/").unwrap();
    assert_eq!(second.handle(&other).caps().knowledge(), &Knowledge::unknown());

    value["format"] = json!(99);
    let error = Snapshot::from_json(value.to_string()).unwrap_err();
    assert!(error.to_string().contains("format 99"), "{error}");
}

#[tokio::test]
async fn no_secret_is_written() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    let registry = registry(&emulator);
    registry.caps(&webhook(&emulated)).await.unwrap();
    registry.caps(&application(&emulated)).await.unwrap();
    let code = emulated
        .webhook_url()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap();
    let snapshot = registry.snapshot();
    let text = format!("{} {snapshot:?}", serde_json::to_string(&snapshot).unwrap());
    assert!(
        text.contains(emulated.member_id()) && !text.contains(code),
        "{text}"
    );
}

#[tokio::test]
async fn beyond_capacity_newest_records_stay() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let first = u64::try_from(now.as_millis()).unwrap() - 10_000_000;
    let record = |number: u64| {
        json!({
            "portal": format!("{number:032x}"),
            "address": format!("https://portal-{number}.example"),
            "learned_unix_ms": first + number * 1_000,
            "known": {"rest": {"least": 33, "least_from": "im.revision.get", "most": 33, "most_from": "im.revision.get"}},
        })
    };
    let records: Vec<_> = (0..10_000).map(record).collect();
    let snapshot = Snapshot::from_json(json!({"format": 1, "records": records}).to_string()).unwrap();
    let registry = untimed_builder().capacity(1_000).build();
    assert_eq!(registry.restore(&snapshot).taken, 10_000);
    let kept = registry.snapshot();
    assert!(
        (900..=1_000).contains(&kept.records().len()),
        "{}",
        kept.records().len()
    );
    let newest = format!("{:032x}", 9_999);
    assert!(
        kept.records()
            .iter()
            .any(|record| record.portal().to_string() == newest)
    );
}

#[tokio::test]
async fn poorer_newer_record_erases_nothing() {
    let stage = crate::support::fixture::Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    stage.clock.advance(crate::support::fixture::MINUTE);
    let peer = Registry::builder(Untimed::default())
        .clock(stage.clock.clone())
        .build();
    let poor = crate::support::fixture::scoped(&emulated, "noscope1", &["user"]);
    assert_eq!(peer.caps(&poor).await.unwrap().knowledge().rest(), None);
    stage.registry.restore(&peer.snapshot());
    assert_eq!(handle.caps().knowledge().rest(), Some(36));
}
