//! A portal that reports another number each time. In a process of its own: what is seen
//! less exactly after it is so for all of the process.

#![cfg(feature = "reqwest")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Caps, Counter, Feature, Knowledge, OnUnknown, Portal, Registry, Requirement, Revisions};

fn reported(rest: u16, web: u16) -> Knowledge {
    Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest).with(Counter::Web, web))
}

#[test]
fn random_revisions_change_no_answer() {
    let portal = Portal::webhook("https://box.example/rest/1/s3cret/").unwrap();
    let handle = Registry::new().handle(&portal);
    let before: Vec<Caps> = (18..=40).map(|rest| Caps::new(reported(rest, 1))).collect();
    for web in 2..=20_000 {
        handle.pin(reported(60_000, web));
    }

    // Seen less exactly from now on, and as truly.
    assert_eq!(handle.caps().knowledge().get(Counter::Web), None);
    for (rest, exact) in (18..=40).zip(&before) {
        let told = reported(rest, 30_000);
        handle.pin(told);
        let caps = handle.caps();
        assert!(caps.knowledge().intersect(&told).is_ok());
        assert_eq!(caps.features(), exact.features(), "at {rest}");
        for feature in Feature::all() {
            assert_eq!(
                caps.check(feature).is_supported(),
                caps.supports(feature),
                "{feature}"
            );
            assert_eq!(
                caps.check(feature).is_unknown(),
                exact.check(feature).is_unknown(),
                "{feature}"
            );
        }
    }

    // What was known before is known as it was.
    handle.pin(reported(36, 1));
    assert_eq!(handle.caps().knowledge(), &reported(36, 1));

    // Another number that is seen as the last one is no change.
    handle.pin(reported(34, 40_001));
    let mut changed = pin!(handle.changed());
    let mut context = Context::from_waker(Waker::noop());
    assert!(changed.as_mut().poll(&mut context).is_pending());
    handle.pin(reported(34, 40_002));
    handle.mark_stale();
    assert!(changed.as_mut().poll(&mut context).is_pending());
    handle.pin(reported(35, 40_002));
    assert!(
        matches!(changed.as_mut().poll(&mut context), Poll::Ready(caps) if caps.knowledge().rest() == Some(35))
    );

    // What the user has ruled out stays so.
    let capped = Registry::builder(ReqwestTransport::new())
        .max_revision(37)
        .on_unknown(OnUnknown::Allow)
        .build()
        .handle(&portal);
    capped.assume(reported(60, 41_000));
    assert!(!capped.caps().supports(Requirement::rest("acme.voice", 50)));
    for rest in 0..60 {
        let caps = Caps::at(50).capped(rest);
        let most = caps.knowledge().rest_at_most();
        assert!(
            most.is_some_and(|most| most <= rest),
            "{rest}: {}",
            caps.knowledge()
        );
    }
}
