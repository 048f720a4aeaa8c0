//! Events tell that a portal has moved: nothing is forgotten, and nothing is sent
//! because of them.

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Fault};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Event, Notice, Noticed, Portal, Registry};
use serde_json::json;

use crate::wire::{REVISION, asked};

fn registry(emulator: &Emulator) -> Registry {
    emulator.clock().stop();
    Registry::builder(ReqwestTransport::new())
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

fn event(emulated: &EmulatedPortal, member_id: &str) -> Notice {
    let payload = json!({
        "event": "ONAPPUPDATE",
        "auth": {"member_id": member_id, "client_endpoint": emulated.rest_url(), "domain": "elsewhere.example"},
    });
    Notice::from_json(&payload).unwrap()
}

#[tokio::test]
async fn a_move_that_an_event_tells_costs_one_request_at_the_new_address() {
    let emulator = Emulator::start().await.unwrap();
    let (before, after) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let member = after.member_id();
    let registry = registry(&emulator);
    let old = registry.portal(&at(&before, member));
    old.ready().await.unwrap();
    assert_eq!(registry.notice(&event(&before, member)), Noticed::Unchanged);
    old.ready().await.unwrap();
    assert_eq!(
        asked(&before),
        [REVISION],
        "an event from where it was changes nothing"
    );

    let mut events = registry.events();
    let moved = Noticed::Moved {
        from: before.rest_url().trim_end_matches("/rest/").parse().unwrap(),
        to: after.rest_url().trim_end_matches("/rest/").parse().unwrap(),
    };
    assert_eq!(registry.notice(&event(&after, member)), moved);
    assert_eq!(
        registry.notice(&event(&after, member)),
        moved,
        "every event says so"
    );
    let Some(Event::Moved { to, .. }) = events.next().await else {
        panic!("it was not told");
    };
    assert_eq!(to, after.rest_url());
    assert_eq!(
        (asked(&before), asked(&after)),
        (vec![], vec![]),
        "and asks nobody"
    );

    // Who is given the new address is served what was known, and asks there.
    let new = registry.portal(&at(&after, member));
    assert_eq!(new.ready().await.unwrap().knowledge().rest(), Some(33));
    let told = events.next().await;
    assert!(
        matches!(told, Some(Event::Upgraded { .. })),
        "told once: {told:?}"
    );
    assert_eq!(new.caps().knowledge().rest(), Some(36));
    assert_eq!(
        old.caps().knowledge().rest(),
        Some(36),
        "handles of both are of one portal"
    );
    assert_eq!(
        (asked(&before), asked(&after)),
        (vec![], vec![REVISION.to_owned()])
    );
}

#[tokio::test]
async fn until_the_new_address_is_used_the_old_one_is_served_from_memory() {
    let emulator = Emulator::start().await.unwrap();
    let (before, after) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let member = after.member_id();
    let registry = registry(&emulator);
    let portal = at(&before, member);
    registry.caps(&portal).await.unwrap();
    // As a portal that was renamed does.
    let address = emulator.address().to_string().replace("127.0.0.1", "localhost");
    before.fault(Fault::moved(&format!("http://{address}/")));
    asked(&before);
    let mut events = registry.events();
    registry.notice(&event(&after, member));
    for _ in 0..10 {
        assert_eq!(registry.caps(&portal).await.unwrap().knowledge().rest(), Some(33));
    }
    assert!(
        matches!(events.next().await, Some(Event::Moved { .. })),
        "by the event"
    );
    assert!(
        matches!(events.next().await, Some(Event::Moved { .. })),
        "by the redirect"
    );
    assert_eq!(asked(&before), [REVISION], "asked once, and then not for a while");

    let new = registry.portal(&at(&after, member));
    assert_eq!(new.ready().await.unwrap().knowledge().rest(), Some(33));
    assert!(matches!(events.next().await, Some(Event::Upgraded { .. })));
    assert_eq!(
        asked(&after),
        [REVISION],
        "what failed at the old address does not keep it waiting"
    );
}

#[tokio::test]
async fn a_notice_takes_no_other_portal_over() {
    let emulator = Emulator::start().await.unwrap();
    let (own, other) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let registry = registry(&emulator);
    registry.caps(&at(&own, own.member_id())).await.unwrap();
    let theirs = Portal::builder()
        .allow_http()
        .webhook(other.webhook_url())
        .unwrap();
    registry.caps(&theirs).await.unwrap();
    asked(&other);
    // A portal claims to be where another one is.
    assert!(matches!(
        registry.notice(&event(&other, own.member_id())),
        Noticed::Moved { .. }
    ));
    assert_eq!(registry.caps(&theirs).await.unwrap().knowledge().rest(), Some(36));
    assert_eq!(asked(&other), [""; 0]);
}

#[tokio::test]
async fn strangers_and_late_events_change_nothing() {
    let emulator = Emulator::start().await.unwrap();
    let (before, after) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
    let member = after.member_id();
    let registry = registry(&emulator);
    assert_eq!(registry.notice(&event(&after, member)), Noticed::Unknown);
    registry.caps(&at(&before, member)).await.unwrap();
    let handle = registry.portal(&at(&after, member));
    handle.refresh().await.unwrap();
    asked(&after);
    let mut events = registry.events();
    for _ in 0..3 {
        assert_eq!(registry.notice(&event(&before, member)), Noticed::Contested);
    }
    let silent = Notice::from_form(&format!("auth[member_id]={member}&auth[domain]=x")).unwrap();
    assert_eq!(registry.notice(&silent), Noticed::Unchanged);
    handle.ready().await.unwrap();
    assert_eq!(asked(&after), [""; 0]);
    assert!(matches!(events.next().await, Some(Event::Contested { .. })));
    handle.refresh().await.unwrap();
    let next = events.next().await;
    assert!(
        matches!(next, Some(Event::Refreshed { .. })),
        "contested is told once: {next:?}"
    );
}
