//! Who is who: what is known of a portal is found by whoever asks for that
//! portal, under each of its names, and by nobody else.

use std::time::Duration;

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator, Fault};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Event, Knowledge, Portal, Registry, Trouble};

use crate::wire::{REVISION, asked, webhook};

fn registry(emulator: &Emulator) -> Registry {
    emulator.clock().stop();
    Registry::builder(ReqwestTransport::new())
        .clock(emulator.clock())
        .build()
}

/// The member, as it answers at this address.
fn member(emulated: &EmulatedPortal, member_id: &str) -> Portal {
    Portal::builder()
        .allow_http()
        .member_id(member_id)
        .webhook(emulated.webhook_url())
        .unwrap()
}

#[tokio::test]
async fn a_webhook_shares_with_the_member_that_turns_up_at_its_address() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(33));
    let registry = registry(&emulator);
    let by_webhook = registry.portal(&webhook(&emulated));
    by_webhook.ready().await.unwrap();
    let by_member = registry.portal(&member(&emulated, emulated.member_id()));
    assert_eq!(by_member.ready().await.unwrap().knowledge().rest(), Some(33));
    assert_eq!(asked(&emulated), [REVISION]);
    emulated.set_build(Build::rest(36));
    by_member.refresh().await.unwrap();
    assert_eq!(by_webhook.caps().knowledge().rest(), Some(36));
    by_webhook.pin(Knowledge::pinned(30));
    assert_eq!(by_member.caps().knowledge().rest(), Some(30));
}

/// A member is known at one address and a webhook at another, and then the member
/// turns up at the webhook's: two slots become one.
struct Joined {
    emulator: Emulator,
    old: EmulatedPortal,
    new: EmulatedPortal,
    registry: Registry,
}

impl Joined {
    async fn before() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let (old, new) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(36)));
        let registry = registry(&emulator);
        Self {
            emulator,
            old,
            new,
            registry,
        }
    }

    fn member_at(&self, emulated: &EmulatedPortal) -> Portal {
        member(emulated, self.new.member_id())
    }
}

#[tokio::test]
async fn two_slots_that_turn_out_to_be_one_portal_lose_no_knowledge() {
    let fleet = Joined::before().await;
    let by_member = fleet.registry.portal(&fleet.member_at(&fleet.old));
    by_member.ready().await.unwrap();
    fleet.emulator.clock().advance(Duration::from_secs(10));
    let by_webhook = fleet.registry.portal(&webhook(&fleet.new));
    by_webhook.ready().await.unwrap();

    let seen = by_member.caps();
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    for handle in [&by_member, &by_webhook, &moved] {
        assert_eq!(handle.caps().knowledge().rest(), Some(36), "the later of both");
    }
    assert_eq!(by_member.changed_since(&seen).await.knowledge().rest(), Some(36));

    // Who waits on either side is woken.
    let seen = by_webhook.caps();
    fleet.new.set_build(Build::rest(41));
    moved.refresh().await.unwrap();
    for handle in [&by_member, &by_webhook, &moved] {
        assert_eq!(handle.changed_since(&seen).await.knowledge().rest(), Some(41));
    }
    let seen = moved.caps();
    fleet.new.set_build(Build::rest(36));
    by_webhook.refresh().await.unwrap();
    for handle in [&by_member, &by_webhook, &moved] {
        assert_eq!(handle.changed_since(&seen).await.knowledge().rest(), Some(36));
    }
}

#[tokio::test]
async fn a_pin_of_either_slot_holds_for_both() {
    for pin_the_webhook in [true, false] {
        let fleet = Joined::before().await;
        let by_member = fleet.registry.portal(&fleet.member_at(&fleet.old));
        let by_webhook = fleet.registry.portal(&webhook(&fleet.new));
        let pinned = if pin_the_webhook { &by_webhook } else { &by_member };
        pinned.pin(Knowledge::pinned(30));
        let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
        for handle in [&by_member, &by_webhook, &moved] {
            assert_eq!(handle.ready().await.unwrap().knowledge().rest(), Some(30));
        }
        assert_eq!((asked(&fleet.old), asked(&fleet.new)), (vec![], vec![]));
        by_webhook.unpin();
        assert_eq!(by_member.caps().knowledge(), &Knowledge::unknown());
    }
}

#[tokio::test]
async fn a_failure_of_either_slot_is_remembered_for_both() {
    let fleet = Joined::before().await;
    let by_member = fleet.registry.portal(&fleet.member_at(&fleet.old));
    by_member.ready().await.unwrap();
    fleet.new.fault(Fault::error("INVALID_CREDENTIALS"));
    let by_webhook = fleet.registry.portal(&webhook(&fleet.new));
    assert!(by_webhook.ready().await.unwrap_err().is_credential());
    assert_eq!(asked(&fleet.new), [REVISION]);
    // The same credential, at the same address, by another name.
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    assert_eq!(
        moved.ready().await.unwrap().knowledge().rest(),
        Some(33),
        "served on"
    );
    assert_eq!(by_webhook.ready().await.unwrap().knowledge().rest(), Some(33));
    assert_eq!(asked(&fleet.new), [""; 0], "and not asked again so soon");
}

#[tokio::test]
async fn who_waits_while_two_slots_become_one_is_answered() {
    let fleet = Joined::before().await;
    let by_member = fleet.registry.portal(&fleet.member_at(&fleet.old));
    let by_webhook = fleet.registry.portal(&webhook(&fleet.new));
    let (hold, hand) = Fault::hold();
    fleet.new.fault(hold);
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let handle = by_webhook.clone();
            tokio::spawn(async move { handle.ready().await })
        })
        .collect();
    hand.arrived(1).await;
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    hand.release();
    for caller in waiting {
        assert_eq!(caller.await.unwrap().unwrap().knowledge().rest(), Some(36));
    }
    for handle in [&by_member, &by_webhook, &moved] {
        assert_eq!(
            handle.caps().knowledge().rest(),
            Some(36),
            "what landed after is for all"
        );
    }
    assert_eq!(asked(&fleet.new), [REVISION]);
}

#[tokio::test]
async fn what_was_known_at_the_old_address_is_served_while_the_new_one_is_asked() {
    let fleet = Joined::before().await;
    fleet.registry.caps(&fleet.member_at(&fleet.old)).await.unwrap();
    assert_eq!(asked(&fleet.old), [REVISION]);
    let mut events = fleet.registry.events();
    let (hold, hand) = Fault::hold();
    fleet.new.fault(hold);
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    // Not held up by the portal, which does not answer yet.
    assert_eq!(moved.ready().await.unwrap().knowledge().rest(), Some(33));
    let told = events.next().await;
    assert!(
        matches!(&told, Some(Event::Moved { to, .. }) if *to == fleet.new.rest_url()),
        "{told:?}"
    );
    hand.arrived(1).await;
    hand.release();
    let told = events.next().await;
    assert!(matches!(told, Some(Event::Upgraded { .. })), "{told:?}");
    assert_eq!(moved.caps().knowledge().rest(), Some(36));
    assert_eq!(
        (asked(&fleet.old), asked(&fleet.new)),
        (vec![], vec![REVISION.to_owned()])
    );
}

#[tokio::test]
async fn what_lands_from_the_old_address_says_nothing_of_the_new_one() {
    let fleet = Joined::before().await;
    let old = fleet.registry.portal(&fleet.member_at(&fleet.old));
    old.ready().await.unwrap();
    let (hold, hand) = Fault::hold();
    fleet.old.fault(hold.once());
    let asking = tokio::spawn({
        let old = old.clone();
        async move { old.refresh().await }
    });
    hand.arrived(1).await;
    let new = fleet.registry.portal(&fleet.member_at(&fleet.new));
    hand.release();
    // Who asked at the old address is told where the portal is.
    let error = asking.await.unwrap().unwrap_err();
    assert!(
        matches!(error.trouble(), Trouble::Moved { to: Some(_) }),
        "{error}"
    );
    let mut events = fleet.registry.events();
    assert_eq!(
        new.ready().await.unwrap().knowledge().rest(),
        Some(33),
        "served on"
    );
    let told = events.next().await;
    assert!(matches!(told, Some(Event::Upgraded { .. })), "{told:?}");
    assert_eq!(asked(&fleet.old), [REVISION, REVISION]);
    assert_eq!(asked(&fleet.new), [REVISION]);

    // Handles of the old address go on, by what is known at the new one.
    fleet.old.set_build(Build::rest(30));
    assert!(old.refresh().await.is_err());
    assert_eq!(old.caps().knowledge().rest(), Some(36));
    fleet.old.fault(Fault::error("PORTAL_DELETED"));
    assert!(old.refresh().await.is_err());
    asked(&fleet.old);
    old.outdate();
    for _ in 0..10 {
        assert_eq!(old.ready().await.unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(
        asked(&fleet.old),
        [""; 0],
        "the old address is not asked each time"
    );
    let mut events = fleet.registry.events();
    assert_eq!(new.ready().await.unwrap().knowledge().rest(), Some(36));
    let told = events.next().await;
    assert!(matches!(told, Some(Event::Refreshed { .. })), "{told:?}");
    assert_eq!(
        asked(&fleet.new),
        [REVISION],
        "and what fails there keeps nobody from the new one"
    );
}

#[tokio::test]
async fn a_copy_with_the_same_member_id_is_kept_apart() {
    let fleet = Joined::before().await;
    let (production, copy) = (&fleet.new, &fleet.old);
    let registry = &fleet.registry;
    registry.caps(&fleet.member_at(copy)).await.unwrap();
    registry
        .portal(&fleet.member_at(production))
        .refresh()
        .await
        .unwrap();
    let mut events = registry.events();
    for _ in 0..3 {
        // Both go on being used, in turn.
        let caps = registry.caps(&fleet.member_at(copy)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(33));
        let caps = registry.caps(&fleet.member_at(production)).await.unwrap();
        assert_eq!(caps.knowledge().rest(), Some(36));
    }
    let Some(Event::Contested { portal, former }) = events.next().await else {
        panic!("it was not told");
    };
    assert_eq!(portal.to_string(), production.member_id());
    assert_eq!(former, *webhook(copy).id());
    let next = events.next().await;
    assert!(
        matches!(next, Some(Event::Learned { .. })),
        "the copy is asked: {next:?}"
    );
    registry
        .portal(&fleet.member_at(production))
        .refresh()
        .await
        .unwrap();
    let next = events.next().await;
    assert!(
        matches!(next, Some(Event::Refreshed { .. })),
        "contested is told once: {next:?}"
    );
    assert_eq!(asked(copy), [REVISION, REVISION]);
    assert_eq!(asked(production), [REVISION, REVISION]);
}

#[tokio::test]
async fn ten_copies_of_one_member_do_not_answer_for_each_other() {
    let emulator = Emulator::start().await.unwrap();
    let registry = registry(&emulator);
    let copies: Vec<_> = (27..37)
        .map(|rest| (rest, emulator.portal(Build::rest(rest))))
        .collect();
    let member_id = copies[0].1.member_id();
    // The first time, it is one portal that moves and is served meanwhile.
    for (_, copy) in &copies {
        registry.portal(&member(copy, member_id)).refresh().await.unwrap();
    }
    for _ in 0..5 {
        for (rest, copy) in &copies {
            let caps = registry.caps(&member(copy, member_id)).await.unwrap();
            assert_eq!(caps.knowledge().rest(), Some(*rest));
        }
    }
    for (rest, copy) in &copies {
        // Where it was left it was asked again by itself.
        let expected = if *rest < 35 { 2 } else { 1 };
        let requests = asked(copy);
        let probes = requests.iter().filter(|method| *method == REVISION).count();
        assert_eq!(probes, expected, "{rest}: {requests:?}");
    }
}

#[tokio::test]
async fn beyond_the_capacity_handles_and_pins_stay_whole() {
    let emulator = Emulator::start().await.unwrap();
    emulator.clock().stop();
    let registry = Registry::builder(ReqwestTransport::new())
        .clock(emulator.clock())
        .capacity(16)
        .build();
    let (held, pinned) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(33)));
    let handle = registry.portal(&webhook(&held));
    handle.ready().await.unwrap();
    registry.portal(&webhook(&pinned)).pin(Knowledge::pinned(30));
    for number in 0..1_000 {
        emulator.clock().advance(Duration::from_secs(1));
        let portal = Portal::webhook(&format!("https://portal-{number}.example/rest/1/s3cret/")).unwrap();
        let _ = registry.portal(&portal);
    }
    assert!(
        format!("{registry:?}").contains("portals: 1"),
        "at most 19: {registry:?}"
    );
    held.set_build(Build::rest(36));
    registry.portal(&webhook(&held)).refresh().await.unwrap();
    assert_eq!(handle.caps().knowledge().rest(), Some(36), "one slot for both");
    let caps = registry.caps(&webhook(&pinned)).await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(30));
    assert_eq!(asked(&pinned), [""; 0]);
}

#[tokio::test]
async fn who_has_not_been_asked_is_not_told_what_a_former_address_says() {
    let fleet = Joined::before().await;
    let (hold, hand) = Fault::hold();
    fleet.old.fault(hold.once());
    let old = fleet.registry.portal(&fleet.member_at(&fleet.old));
    let asking = tokio::spawn(async move { old.ready().await });
    hand.arrived(1).await;
    let new = fleet.registry.portal(&fleet.member_at(&fleet.new));
    let told = tokio::spawn(async move { new.ready().await });
    tokio::task::yield_now().await;
    hand.release();
    assert_eq!(told.await.unwrap().unwrap().knowledge().rest(), Some(36));
    // Who asked there has the answer of the portal, not of what answers there.
    assert_eq!(asking.await.unwrap().unwrap().knowledge().rest(), Some(36));
}

#[tokio::test]
async fn what_the_new_address_has_said_stands_against_what_the_old_one_said() {
    let fleet = Joined::before().await;
    let by_webhook = fleet.registry.portal(&webhook(&fleet.new));
    by_webhook.ready().await.unwrap();
    fleet.emulator.clock().advance(std::time::Duration::from_secs(1));
    let member = fleet.registry.portal(&fleet.member_at(&fleet.old));
    assert_eq!(member.ready().await.unwrap().knowledge().rest(), Some(33));
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    for handle in [by_webhook, member, moved] {
        assert_eq!(handle.caps().knowledge().rest(), Some(36));
    }
}

#[tokio::test]
async fn a_join_loses_nothing_that_was_known_exactly() {
    let fleet = Joined::before().await;
    fleet.old.set_build(Build::rest(36));
    let member = fleet.registry.portal(&fleet.member_at(&fleet.old));
    member.ready().await.unwrap();
    let poor = fleet
        .registry
        .portal(&crate::stage::scoped(&fleet.new, "noscope1", &["user"]));
    poor.ready().await.unwrap();
    assert_eq!(poor.caps().knowledge().rest(), None);
    let moved = fleet.registry.portal(&fleet.member_at(&fleet.new));
    assert_eq!(moved.caps().knowledge().rest(), Some(36));
}
