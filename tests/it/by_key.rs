//! What is known of a portal is told to whoever has its key alone, and nothing comes of it.

use std::time::Duration;

use imbot_caps::emulator::{Build, EmulatedPortal};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Caps, Feature, Knowledge, Portal, PortalId, Registry};

use crate::stage::{DAY, Stage};
use crate::wire::{asked, webhook};

/// What tells the caps that are found, and whether any are.
fn found(caps: Option<Caps>) -> Option<Knowledge> {
    caps.map(|caps| *caps.knowledge())
}

fn portal(number: usize) -> Portal {
    Portal::webhook(&format!("https://portal-{number}.example/rest/1/s3cret/")).unwrap()
}

#[tokio::test]
async fn a_look_up_by_key_asks_nobody_however_old_the_answer_is() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(34));
    let portal = webhook(&emulated);
    assert_eq!(
        found(stage.registry.get(portal.id())),
        None,
        "and nothing is entered"
    );
    assert!(format!("{:?}", stage.registry).contains("portals: 0"));

    let handle = stage.registry.portal(&portal);
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
async fn a_member_is_found_by_its_id_and_its_present_address() {
    let stage = Stage::set().await;
    let (old, new) = (
        stage.emulator.portal(Build::rest(33)),
        stage.emulator.portal(Build::rest(36)),
    );
    let by_address = |emulated: &EmulatedPortal| webhook(emulated).id().clone();
    let member = |emulated: &EmulatedPortal| {
        let builder = Portal::builder().allow_http().member_id(new.member_id());
        builder.webhook(emulated.webhook_url()).unwrap()
    };
    let id: PortalId = new.member_id().parse().unwrap();
    stage.registry.portal(&member(&old)).pin(Knowledge::pinned(33));
    for key in [&id, &by_address(&old)] {
        assert_eq!(
            found(stage.registry.get(key)),
            Some(Knowledge::pinned(33)),
            "{key}"
        );
    }
    let _ = stage.registry.portal(&member(&new));
    for key in [&id, &by_address(&new)] {
        assert_eq!(
            found(stage.registry.get(key)),
            Some(Knowledge::pinned(33)),
            "{key}"
        );
    }
    assert_eq!(found(stage.registry.get(&by_address(&old))), None);
    assert_eq!((asked(&old), asked(&new)), (vec![], vec![]));
}

#[tokio::test]
async fn a_look_up_by_key_counts_as_use() {
    let stage = Stage::with(|builder| builder.capacity(16)).await;
    let used = portal(0);
    let _ = stage.registry.portal(&used);
    for number in 1..200 {
        stage.clock.advance(Duration::from_secs(1));
        let _ = stage.registry.portal(&portal(number));
        assert!(stage.registry.get(used.id()).is_some(), "{number}");
    }
    assert!(
        stage.registry.get(portal(1).id()).is_none(),
        "as old, and not used"
    );
}

#[tokio::test]
async fn what_a_snapshot_tells_is_found_without_a_handle() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(34)).await;
    let restarted = Registry::builder(ReqwestTransport::new())
        .clock(stage.clock.clone())
        .build();
    restarted.restore(&stage.registry.snapshot());
    let caps = restarted.get(handle.portal().id());
    assert_eq!(found(caps), Some(*handle.caps().knowledge()));
}
