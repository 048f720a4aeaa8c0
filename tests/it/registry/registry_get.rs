//! What is known of a portal is told to whoever has its key alone, and nothing comes of it.

use std::time::Duration;

use imbot_caps::{Caps, Feature, Knowledge, Portal, PortalId, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal};

use crate::support::fixture::{DAY, Stage};
use crate::support::http::{Untimed, asked, webhook};

/// What tells the caps that are found, and whether any are.
fn found(caps: Option<Caps>) -> Option<Knowledge> {
    caps.map(|caps| *caps.knowledge())
}

fn portal(number: usize) -> Portal {
    Portal::webhook(&format!("https://portal-{number}.example/rest/1/s3cret/")).unwrap()
}

#[tokio::test]
async fn get_never_starts_a_probe() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(34));
    let portal = webhook(&emulated);
    assert_eq!(
        found(stage.registry.get(portal.id())),
        None,
        "and nothing is entered"
    );
    assert!(format!("{:?}", stage.registry).contains("portals: 0"));

    let handle = stage.registry.handle(&portal);
    assert_eq!(found(stage.registry.get(portal.id())), Some(Knowledge::unknown()));
    handle.ready().await.unwrap();
    let caps = stage.registry.get(portal.id()).unwrap();
    assert!(caps.supports(Feature::SystemMessage) && !caps.supports(Feature::BotTokenRotation));

    emulated.take_requests();
    emulated.set_build(Build::rest(36));
    stage.clock.advance(30 * DAY);
    assert_eq!(found(stage.registry.get(portal.id())), Some(*caps.knowledge()));
    assert_eq!(stage.probes(&emulated).await, 0);

    handle.refresh().await.unwrap();
    assert_eq!(
        found(stage.registry.get(portal.id())),
        Some(*handle.caps().knowledge())
    );
}

#[tokio::test]
async fn member_matches_id_and_address() {
    let stage = Stage::set().await;
    let (own, copy) = (
        stage.emulator.portal(Build::rest(33)),
        stage.emulator.portal(Build::rest(36)),
    );
    let by_address = |emulated: &EmulatedPortal| webhook(emulated).id().clone();
    let member = |emulated: &EmulatedPortal| {
        let builder = Portal::builder().allow_http().member_id(own.member_id());
        builder.webhook(emulated.webhook_url()).unwrap()
    };
    let id: PortalId = own.member_id().parse().unwrap();
    let handle = stage.registry.handle(&member(&own));
    handle.pin(Knowledge::pinned(33));
    for key in [&id, &by_address(&own)] {
        let caps = stage.registry.get(key);
        assert_eq!(found(caps), Some(Knowledge::pinned(33)), "{key}");
    }
    // A copy has the same `member_id`: which of them is meant, nobody knows.
    let other = stage.registry.handle(&member(&copy));
    assert_eq!(found(stage.registry.get(&id)), None);
    for (key, known) in [
        (by_address(&own), Knowledge::pinned(33)),
        (by_address(&copy), Knowledge::unknown()),
    ] {
        assert_eq!(found(stage.registry.get(&key)), Some(known), "{key}");
    }
    assert_eq!((asked(&own), asked(&copy)), (vec![], vec![]));
    drop((handle, other));
}

#[tokio::test]
async fn get_counts_as_use() {
    let stage = Stage::with(|builder| builder.capacity(16)).await;
    let used = portal(0);
    let _ = stage.registry.handle(&used);
    for number in 1..200 {
        stage.clock.advance(Duration::from_secs(1));
        let _ = stage.registry.handle(&portal(number));
        assert!(stage.registry.get(used.id()).is_some(), "{number}");
    }
    assert!(
        stage.registry.get(portal(1).id()).is_none(),
        "as old, and not used"
    );
}

#[tokio::test]
async fn restored_portal_needs_no_handle() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(34)).await;
    let restarted = Registry::builder(Untimed::default())
        .clock(stage.clock.clone())
        .build();
    restarted.restore(&stage.registry.snapshot());
    let caps = restarted.get(handle.portal().id());
    assert_eq!(found(caps), Some(*handle.caps().knowledge()));
}
