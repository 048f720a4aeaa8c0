//! Events say that a portal has moved: nothing is moved or forgotten because of them.

use imbot_caps::registry::{ClaimedBy, Event, SenderClaim, SenderClaimOutcome};
use imbot_caps::{Knowledge, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::json;

use crate::support::http::{REVISION, Untimed, asked, sender_claim, webhook};

fn registry(emulator: &Emulator) -> Registry {
    emulator.clock().stop();
    Registry::builder(Untimed::default())
        .clock(emulator.clock())
        .build()
}

/// The member, as it answers at this address.
fn at(emulated: &EmulatedPortal, member_id: &str) -> Portal {
    Portal::builder()
        .allow_http()
        .member_id(member_id)
        .webhook(emulated.webhook_url())
        .unwrap()
}

const STORED: &str = "51856fefc120afa4b628cc82d3935cce";

fn event(emulated: &EmulatedPortal, member_id: &str) -> SenderClaim {
    let payload = json!({
        "event": "ONAPPUPDATE",
        "auth": {
            "member_id": member_id,
            "client_endpoint": emulated.rest_url(),
            "domain": "elsewhere.example",
            "application_token": STORED,
        },
    });
    sender_claim(&payload, STORED).unwrap()
}

#[tokio::test]
async fn claim_outdates_and_moves_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let (before, after) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let member = after.member_id();
    let registry = registry(&emulator);
    let old = registry.handle(&at(&before, member));
    old.ready().await.unwrap();
    assert_eq!(
        registry.record_sender(&event(&before, member)),
        SenderClaimOutcome::Unchanged
    );
    old.ready().await.unwrap();
    assert_eq!(
        asked(&before),
        [REVISION],
        "an event from where it is changes nothing"
    );
    let stranger = "0123456789abcdef0123456789abcdef";
    assert_eq!(
        registry.record_sender(&event(&after, stranger)),
        SenderClaimOutcome::Unknown
    );

    let mut events = registry.events();
    let other = emulator.portal(Build::rest(20));
    let claimed = SenderClaimOutcome::MoveClaimed {
        from: webhook(&before).id().clone(),
        to: webhook(&other).id().clone(),
    };
    for _ in 0..3 {
        assert_eq!(
            registry.record_sender(&event(&other, member)),
            claimed,
            "every event says so"
        );
    }
    let Some(Event::MoveClaimed { to, by, .. }) = events.next().await else {
        panic!("it was not told");
    };
    assert_eq!((to, by), (other.rest_url(), ClaimedBy::Event));
    // Asked again where it is, once.
    before.set_build(Build::rest(34));
    for _ in 0..3 {
        old.ready().await.unwrap();
    }
    let told = events.next().await;
    assert!(
        matches!(told, Some(Event::Upgraded { .. })),
        "told once: {told:?}"
    );
    assert_eq!(asked(&before), [REVISION]);
    assert_eq!((asked(&after), asked(&other)), (vec![], vec![]));
    let there = registry.handle(&at(&other, member));
    assert_eq!(there.caps().knowledge(), &Knowledge::unknown());
}
