//! Credentials of one portal that are told different things.

use std::time::Duration;

use imbot_caps::registry::Event;
use imbot_caps::{Feature, Registry};
use imbot_caps_emulator::{Build, Emulator, Fault};

use crate::support::fixture::{DAY, HOUR, MINUTE, SECOND, Stage, scoped};
use crate::support::http::{Untimed, webhook};

#[tokio::test]
async fn missing_scope_changes_no_answer() {
    let stage = Stage::set().await;
    let (emulated, good) = stage.known(Build::rest(34)).await;
    let poor = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    let mut events = stage.registry.events();
    stage.clock.advance(HOUR);
    let caps = poor.ready().await.unwrap();
    assert_eq!(caps.knowledge().rest(), Some(34), "known by the other");
    let Some(Event::Failed { error, .. }) = events.next().await else {
        panic!("nothing was confirmed");
    };
    assert!(error.is_credential(), "{error}");
    assert_eq!(good.caps().knowledge().rest(), Some(34));
    // It is as old as it was, so the other asks.
    emulated.set_build(Build::rest(35));
    emulated.take_requests();
    good.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    assert_eq!(poor.caps().knowledge().rest(), Some(35));
}

#[tokio::test]
async fn poor_credential_pauses_grow() {
    let stage = Stage::set().await;
    let (emulated, _good) = stage.known(Build::rest(34)).await;
    let poor = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    stage.clock.advance(HOUR);
    poor.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    for pause in [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE] {
        stage.clock.advance(pause * 3 / 4);
        for _ in 0..100 {
            poor.ready().await.unwrap();
        }
        assert_eq!(stage.probes(&emulated).await, 0, "{pause:?}");
        stage.clock.advance(pause / 4);
        poor.ready().await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1, "{pause:?}");
    }
    // It is given the scope, and asks as any other.
    let url = emulated.add_webhook(imbot_caps_emulator::Webhook::new(7, "noscope"));
    assert!(url.ends_with("/7/noscope/"));
    stage.clock.advance(15 * MINUTE);
    emulated.set_build(Build::rest(36));
    poor.ready().await.unwrap();
    stage.quiet().await;
    assert!(poor.supports(Feature::BotTokenRotation));
}

#[tokio::test]
async fn expired_answer_fails_poor_credential() {
    let stage = Stage::set().await;
    let (emulated, good) = stage.known(Build::rest(34)).await;
    let poor = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    stage.clock.advance(30 * DAY);
    for _ in 0..3 {
        let error = poor.ready().await.unwrap_err();
        assert!(error.is_credential(), "{error}");
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert!(poor.refresh().await.is_err());
    assert!(good.ready().await.is_ok());
    assert!(poor.ready().await.is_ok(), "known again, by the other");
    assert_eq!(stage.probes(&emulated).await, 2);
}

#[tokio::test]
async fn good_credential_gets_own_answer() {
    let stage = Stage::set().await;
    let (emulated, good) = stage.known(Build::rest(34)).await;
    let poor = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    emulated.set_build(Build::rest(35));
    stage.clock.advance(30 * DAY);
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let poor = tokio::spawn(async move { poor.ready().await });
    held.arrived(1).await;
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let good = good.clone();
            tokio::spawn(async move { good.ready().await })
        })
        .collect();
    tokio::task::yield_now().await;
    held.release();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap().knowledge().rest(), Some(35));
    }
    // The flight went on with the good one, and what it learned is everybody's.
    assert_eq!(poor.await.unwrap().unwrap().knowledge().rest(), Some(35));
    assert_eq!(stage.probes(&emulated).await, 2);
}

#[tokio::test]
async fn good_credential_completes_poor_answer() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(36));
    let poor = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    let good = stage.registry.handle(&webhook(&emulated));
    let mut events = stage.registry.events();
    let caps = poor.ready().await.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (None, Some(true))
    );
    assert!(matches!(events.next().await, Some(Event::Learned { .. })));
    stage.clock.advance(10 * MINUTE);
    good.ready().await.unwrap();
    assert!(
        matches!(events.next().await, Some(Event::Learned { .. })),
        "more than before"
    );
    assert_eq!(poor.caps().knowledge().rest(), Some(36));
    assert_eq!(stage.probes(&emulated).await, 2);
}

#[tokio::test]
async fn credential_failure_pauses_only_itself() {
    let stage = Stage::set().await;
    let (emulated, good) = stage.known(Build::rest(34)).await;
    let bad = stage.registry.handle(&scoped(&emulated, "wrong", &["imbot"]));
    emulated.revoke("wrong");
    stage.clock.advance(30 * DAY);
    for _ in 0..100 {
        assert!(bad.ready().await.unwrap_err().is_credential());
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert!(good.ready().await.is_ok());
    assert!(bad.ready().await.is_ok(), "from memory");
    assert_eq!(stage.probes(&emulated).await, 1);
    // The other's success is none of its own: its next pause is twice as long.
    stage.clock.advance(30 * DAY);
    bad.ready().await.unwrap_err();
    stage.clock.advance(MINUTE + SECOND);
    bad.ready().await.unwrap_err();
    assert_eq!(stage.probes(&emulated).await, 1);
}

/// The timer that ends a probe is a little late, or much on an overloaded machine.
#[tokio::test]
async fn late_deadline_keeps_the_number() {
    for lateness in [SECOND / 100, 2 * SECOND, 30 * SECOND] {
        outlives(lateness).await;
    }
}

async fn outlives(lateness: Duration) {
    let emulated = Emulator::start_single(Build::rest32_with_imbot_v2())
        .await
        .unwrap();
    let clock = emulated.clock();
    clock.stop();
    emulated.fault(Fault::html(404).on("batch"));
    let (hold, held) = Fault::hold();
    emulated.fault(hold.on("imbot.v2.Bot.list"));
    let registry = Registry::builder(Untimed::default())
        .clock(clock.clone())
        .deadline(10 * SECOND)
        .build();
    let portal = webhook(&emulated);
    let strike = async {
        held.arrived(1).await;
        clock.advance(10 * SECOND + lateness);
    };
    let (caps, ()) = tokio::join!(registry.caps(&portal), strike);
    let caps = caps.unwrap();
    assert_eq!(
        (caps.knowledge().rest(), caps.knowledge().imbot_v2()),
        (Some(32), None)
    );
}
