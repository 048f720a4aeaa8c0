//! Replies that contradict what is known: one more question, and then an answer to
//! go by.

use imbot_caps::registry::{Event, NotFoundOutcome};
use imbot_caps::wire::Reply;
use imbot_caps::{Feature, Handle, OnUnknown};
use imbot_caps_emulator::{Build, Fault, Imbot};

use crate::support::fixture::{MINUTE, SECOND, Stage, closed, scoped};

/// What a call of a method that is not there is answered.
fn absent() -> Reply {
    let body = br#"{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}"#;
    Reply::read(404, None, body)
}

/// What is left to do after a contradiction.
#[derive(Debug, PartialEq)]
enum Way {
    Not,
    Resolved,
    StillClaimed,
}

async fn report_not_found(handle: &Handle, what: Feature) -> Way {
    match handle.report_not_found(what, &absent()).await {
        NotFoundOutcome::Unrelated => Way::Not,
        NotFoundOutcome::NoLongerClaimed(caps) => {
            assert!(!caps.supports(what));
            Way::Resolved
        }
        NotFoundOutcome::StillClaimed(caps) => {
            assert_eq!(caps.knowledge(), handle.caps().knowledge());
            Way::StillClaimed
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_contradiction_reveals_restored_portal() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    emulated.set_build(Build::rest(32));
    assert_eq!(
        report_not_found(&handle, Feature::SystemMessage).await,
        Way::Resolved
    );
    assert_eq!(handle.caps().knowledge().imbot_v2(), Some(false));
    assert!(handle.contradicted().is_empty());
    // Another reply of the same time says nothing new.
    assert_eq!(
        report_not_found(&handle, Feature::SystemMessage).await,
        Way::Resolved
    );
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn standing_contradiction_probes_back_off() {
    let stage = Stage::set().await;
    // Module `im` is newer than module `imbot`: 36 is claimed, and there is less.
    let build = Build::rest(36).imbot(Imbot::WithoutRevisionGet);
    let (emulated, handle) = stage.known(build).await;
    let what = Feature::ImbotV2ChatMessageSend;
    assert!(handle.supports(what));
    let mut events = stage.registry.events();
    for _ in 0..9 {
        assert_eq!(report_not_found(&handle, what).await, Way::StillClaimed);
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert_eq!(handle.contradicted(), [what.as_str()]);
    assert!(handle.supports(what), "what is known stands");
    let mut told = Vec::new();
    while told.last() != Some(&8) {
        match events.next().await {
            Some(Event::Contradicted { portal, id, times }) => {
                assert_eq!((&portal, id), (handle.portal().id(), what.as_str()));
                told.push(times);
            }
            Some(Event::Refreshed { .. }) => assert!(told.is_empty(), "asked first"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, [1, 2, 4, 8]);

    // The pauses grow as those after failures that last, less up to a quarter.
    for pause in [
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        8 * MINUTE,
        15 * MINUTE,
        15 * MINUTE,
    ] {
        stage.clock.advance(pause * 3 / 4);
        assert_eq!(report_not_found(&handle, what).await, Way::StillClaimed);
        assert_eq!(stage.probes(&emulated).await, 0, "{pause:?}");
        stage.clock.advance(pause / 4);
        for _ in 0..10 {
            assert_eq!(report_not_found(&handle, what).await, Way::StillClaimed);
        }
        assert_eq!(stage.probes(&emulated).await, 1, "{pause:?}");
    }
}

#[tokio::test]
async fn changed_knowledge_clears_contradictions() {
    let stage = Stage::set().await;
    let build = Build::rest(35).imbot(Imbot::WithoutRevisionGet);
    let (emulated, handle) = stage.known(build).await;
    let what = Feature::ImbotV2ChatMessageSend;
    assert_eq!(report_not_found(&handle, what).await, Way::StillClaimed);
    handle.refresh().await.unwrap();
    assert_eq!(handle.contradicted(), [what.as_str()], "it is as it was");
    emulated.set_build(Build::rest(36));
    handle.refresh().await.unwrap();
    assert!(handle.contradicted().is_empty());
    emulated.take_requests();
    // It counts from the start again.
    let mut events = stage.registry.events();
    assert_eq!(report_not_found(&handle, what).await, Way::StillClaimed);
    assert_eq!(stage.probes(&emulated).await, 1);
    assert!(matches!(events.next().await, Some(Event::Refreshed { .. })));
    assert!(matches!(
        events.next().await,
        Some(Event::Contradicted { times: 1, .. })
    ));
}

#[tokio::test]
async fn only_absence_replies_contradict() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    for (status, body) in [
        (200, r#"{"result":true}"#),
        (404, "<html>not found</html>"),
        (404, r#"{"error":"CHAT_NOT_FOUND","error_description":""}"#),
        (403, r#"{"error":"insufficient_scope","error_description":""}"#),
        (401, r#"{"error":"expired_token","error_description":""}"#),
        (503, r#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":""}"#),
        (400, r#"{"error":"BOT_NOT_FOUND","error_description":""}"#),
        (302, ""),
    ] {
        let reply = Reply::read(status, None, body.as_bytes());
        let way = handle.report_not_found(Feature::SystemMessage, &reply).await;
        assert!(matches!(way, NotFoundOutcome::Unrelated), "{body}: {way:?}");
    }
    assert_eq!(stage.probes(&emulated).await, 0);
    assert!(handle.contradicted().is_empty());
}

#[tokio::test]
async fn thousand_contradictions_share_one_probe() {
    for (after, way) in [
        (Build::rest(32), Way::Resolved),
        (Build::rest(36), Way::StillClaimed),
    ] {
        let stage = Stage::set().await;
        let (emulated, handle) = stage.known(Build::rest(36)).await;
        let mut events = stage.registry.events();
        emulated.set_build(after);
        let (hold, held) = Fault::hold();
        emulated.fault(hold);
        let callers: Vec<_> = (0..1_000)
            .map(|_| {
                let handle = handle.clone();
                tokio::spawn(async move { report_not_found(&handle, Feature::SystemMessage).await })
            })
            .collect();
        held.arrived(1).await;
        held.release();
        for caller in callers {
            assert_eq!(caller.await.unwrap(), way);
        }
        assert_eq!(stage.probes(&emulated).await, 1);
        let first = events.next().await;
        if way == Way::Resolved {
            assert!(matches!(first, Some(Event::Downgraded { .. })), "{first:?}");
            let next = events.next().await;
            // That of `probes`: nothing is contradicted that was taken back.
            assert!(matches!(next, Some(Event::Learned { .. })), "{next:?}");
        } else {
            assert!(matches!(first, Some(Event::Refreshed { .. })), "{first:?}");
            let next = events.next().await;
            assert!(
                matches!(next, Some(Event::Contradicted { times: 1, .. })),
                "{next:?}"
            );
        }
    }
}

#[tokio::test]
async fn failed_probe_keeps_the_contradiction() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    emulated.fault(closed());
    for _ in 0..5 {
        assert_eq!(
            report_not_found(&handle, Feature::SystemMessage).await,
            Way::StillClaimed
        );
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert_eq!(handle.caps().knowledge().rest(), Some(36));
    emulated.clear_faults();
    emulated.set_build(Build::rest(32));
    stage.clock.advance(SECOND);
    assert_eq!(
        report_not_found(&handle, Feature::SystemMessage).await,
        Way::StillClaimed,
        "too early"
    );
    stage.clock.advance(MINUTE);
    assert_eq!(
        report_not_found(&handle, Feature::SystemMessage).await,
        Way::Resolved
    );
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn unknown_feature_contradiction_is_remembered() {
    let stage = Stage::with(|builder| builder.on_unknown(OnUnknown::Allow)).await;
    let emulated = stage.emulator.portal(Build::rest(34));
    let handle = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
    handle.ready().await.unwrap();
    emulated.take_requests();
    // By the policy it is there; nobody knows.
    assert!(handle.supports(Feature::BotTokenRotation));
    for _ in 0..5 {
        assert_eq!(
            report_not_found(&handle, Feature::BotTokenRotation).await,
            Way::StillClaimed
        );
    }
    assert_eq!(handle.contradicted(), [Feature::BotTokenRotation.as_str()]);
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn pinned_portal_starts_no_probe() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(32));
    handle.pin(imbot_caps::Knowledge::pinned(36));
    assert_eq!(
        report_not_found(&handle, Feature::SystemMessage).await,
        Way::StillClaimed
    );
    assert_eq!(stage.probes(&emulated).await, 0);
    assert_eq!(handle.contradicted(), [Feature::SystemMessage.as_str()]);
}

#[tokio::test]
async fn other_counter_change_keeps_contradiction() {
    let stage = Stage::set().await;
    let build = Build::rest(36).imbot(Imbot::WithRevisionGet);
    let (emulated, handle) = stage.known(build.clone()).await;
    for nth in 0..20 {
        // It is a setting of the portal's.
        emulated.set_build(build.clone().desktop(5 + nth % 2));
        assert_eq!(
            report_not_found(&handle, Feature::SystemMessage).await,
            Way::StillClaimed
        );
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert_eq!(handle.contradicted(), [Feature::SystemMessage.as_str()]);
}
