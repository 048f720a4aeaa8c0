//! Which failures of a portal the processes of a fleet share.

use std::time::Duration;

use imbot_caps::probe::ProbeErrorClass;
use imbot_caps::registry::ProbeErrorKind;
use imbot_caps_emulator::{Build, Fault};

use super::setup::{Fleet, probes};
use crate::support::fixture::{MINUTE, closed};
use crate::support::http::webhook;

#[tokio::test]
async fn closed_portal_pauses_whole_fleet() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    emulated.fault(closed());
    let (one, other) = (fleet.registry(), fleet.registry());
    let error = fleet.pace.run(one.caps(&portal)).await.unwrap_err();
    assert_eq!(error.class(), ProbeErrorClass::Blocked);
    fleet.settle().await;
    assert_eq!(emulated.take_requests().len(), 1);
    let error = fleet.pace.run(other.caps(&portal)).await.unwrap_err();
    assert_eq!(error.class(), ProbeErrorClass::Blocked);
    assert!(
        matches!(error.kind(), ProbeErrorKind::RefusedElsewhere { .. }),
        "{error}"
    );
    assert!(error.to_string().contains(&portal.id().to_string()), "{error}");
    assert_eq!(emulated.take_requests().len(), 0);
    // The pause ends for all, and one of them asks. The portal is open again.
    emulated.clear_faults();
    fleet.emulator.clock().advance(MINUTE);
    let caps = fleet.pace.run(other.caps(&portal)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(36));
    fleet.settle().await;
    assert_eq!(
        fleet
            .pace
            .run(one.caps(&portal))
            .await
            .unwrap()
            .knowledge()
            .rest(),
        Some(36)
    );
    assert_eq!(probes(&emulated), 1);
}

#[tokio::test]
async fn shared_pauses_grow_for_fleet() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    emulated.fault(closed());
    let registries = [fleet.registry(), fleet.registry(), fleet.registry()];
    for (minutes, expected) in [(0, 1), (1, 1), (1, 0), (1, 1), (3, 0), (1, 1)] {
        fleet.emulator.clock().advance(minutes * MINUTE);
        for registry in &registries {
            fleet.pace.run(registry.caps(&portal)).await.unwrap_err();
            fleet.settle().await;
        }
        // Some pauses are a quarter shorter, so they may be over a little earlier.
        let requests = emulated.take_requests().len();
        assert!(requests <= 1 && requests >= expected, "{minutes}: {requests}");
    }
}

#[tokio::test]
async fn failures_of_one_machine_stay_there() {
    for (name, fault) in [
        ("a hang-up", Fault::hang_up()),
        ("a proxy's page", Fault::html(502)),
        ("a rate limit", Fault::error("QUERY_LIMIT_EXCEEDED").status(503)),
        (
            "a bad credential",
            Fault::error("INVALID_CREDENTIALS").status(401),
        ),
        ("an unknown code", Fault::error("SOMETHING_NEW").status(400)),
    ] {
        let fleet = Fleet::start().await;
        let (emulated, portal) = fleet.portal(Build::rest(36));
        emulated.fault(fault);
        fleet.pace.run(fleet.registry().caps(&portal)).await.unwrap_err();
        fleet.settle().await;
        assert!(fleet.entry(&portal).await.is_none(), "{name}");
        // Another machine reaches the portal.
        emulated.clear_faults();
        emulated.take_requests();
        let caps = fleet
            .pace
            .run(fleet.registry().caps(&webhook(&emulated)))
            .await
            .unwrap();
        assert_eq!(
            (caps.knowledge().rest(), probes(&emulated)),
            (Some(36), 1),
            "{name}"
        );
    }
}

#[tokio::test]
async fn failed_holder_lets_others_ask() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(36));
    emulated.fault(Fault::error("INVALID_CREDENTIALS").status(401).once());
    let (one, other) = (fleet.registry(), fleet.registry());
    let before = fleet.emulator.clock().now();
    let both = super::setup::join([one.caps(&portal), other.caps(&portal)]);
    let asked = fleet.pace.run(both).await;
    // Each of them has its own credential, so the second one asks as soon as the first one is done.
    assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), 1);
    fleet.settle().await;
    assert_eq!(probes(&emulated), 2);
    let waited = fleet.emulator.clock().now().duration_since(before).unwrap();
    assert!(waited < Duration::from_secs(3), "{waited:?}");
}

#[tokio::test]
async fn failure_changes_no_known_record() {
    let fleet = Fleet::start().await;
    let (emulated, portal) = fleet.portal(Build::rest(33));
    let handle = fleet.registry().handle(&portal);
    fleet.pace.run(handle.ready()).await.unwrap();
    fleet.settle().await;
    let before = fleet.entry(&portal).await.unwrap();
    emulated.fault(Fault::html(502));
    fleet.pace.run(handle.refresh()).await.unwrap_err();
    fleet.settle().await;
    assert_eq!(fleet.entry(&portal).await.unwrap(), before);
    // The portal says that it is closed. What was known of it stays, with its time.
    emulated.clear_faults();
    emulated.fault(closed());
    fleet.emulator.clock().advance(MINUTE);
    fleet.pace.run(handle.refresh()).await.unwrap_err();
    fleet.settle().await;
    let after = fleet.entry(&portal).await.unwrap().body;
    let record = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(record(&after)["record"], record(&before.body)["record"]);
    assert_eq!(record(&after)["failed"]["class"], "blocked");
}
