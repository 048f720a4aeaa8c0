//! What the user says of a portal.

use imbot_caps::{Feature, Knowledge, Requirement};
use imbot_caps_emulator::{Build, Fault};

use crate::support::fixture::{DAY, Stage, closed, scoped};

#[tokio::test]
async fn pin_blocks_probes_until_unpinned() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    handle.pin(Knowledge::pinned(36));
    stage.clock.advance(30 * DAY);
    for caps in [
        handle.ready().await,
        handle.refresh().await,
        stage.registry.caps(handle.portal()).await,
    ] {
        assert!(caps.unwrap().supports(Feature::BotTokenRotation));
    }
    assert!(handle.supports(Feature::BotTokenRotation));
    assert!(!handle.supports(Requirement::rest("acme.later", 40)));
    handle.mark_stale();
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0);
    handle.unpin();
    assert_eq!(handle.caps().knowledge().rest(), Some(34), "what it said before");
    emulated.set_build(Build::rest(35));
    assert_eq!(
        handle.ready().await.unwrap().knowledge().rest(),
        Some(35),
        "and it is old"
    );
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn pin_during_probe_holds() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(34));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    let waiting = tokio::spawn({
        let handle = handle.clone();
        async move { handle.ready().await }
    });
    held.arrived(1).await;
    handle.pin(Knowledge::pinned(36));
    held.release();
    assert_eq!(waiting.await.unwrap().unwrap().knowledge().rest(), Some(36));
    handle.unpin();
    assert_eq!(
        handle.caps().knowledge().rest(),
        Some(34),
        "what was found is not lost"
    );
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn assumption_holds_until_first_answer() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(34));
    handle.assume(Knowledge::pinned(36));
    assert!(handle.supports(Feature::BotTokenRotation));
    assert_eq!(stage.probes(&emulated).await, 0, "a yes asks nothing");
    assert!(!handle.ready().await.unwrap().supports(Feature::BotTokenRotation));
    handle.assume(Knowledge::pinned(36));
    assert!(!handle.supports(Feature::BotTokenRotation), "it has answered");

    // An answer that leaves it open ends it, too.
    let emulated = stage.emulator.portal(Build::rest(34));
    let handle = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    handle.assume(Knowledge::pinned(36));
    assert!(
        handle
            .ready()
            .await
            .unwrap()
            .check(Feature::BotTokenRotation)
            .is_unknown()
    );

    // And no failure does.
    let (emulated, handle) = stage.portal(Build::rest(34));
    emulated.fault(closed());
    handle.assume(Knowledge::pinned(33));
    handle.ready().await.unwrap_err();
    assert!(handle.supports(Feature::SystemMessage));
}
