//! How long answers are good for, over the wire: each portal counts how often it was
//! asked. Each portal's lifetimes are shortened by less than a tenth, so at nine tenths
//! an answer is good for certain, and at the whole no more.

use imbot_caps::emulator::{Build, Fault, Imbot};
use imbot_caps::{Feature, Knowledge, Lifetimes, Requirement, Table, Trouble};

use crate::stage::{
    DAY, DEADLINE, HOUR, MINUTE, SECOND, Stage, TICK, closed, is_overloaded, overloaded, scoped,
};

#[tokio::test]
async fn what_is_there_is_good_for_a_day_and_what_is_not_for_an_hour() {
    let stage = Stage::set().await;
    for (what, build, lifetime) in [
        (Feature::SystemMessage, Build::rest(34), DAY),
        (Feature::BotTokenRotation, Build::rest(34), HOUR),
        (Feature::BotTokenRotation, Build::rest(35), DAY),
        // Removed at 35: the other way round.
        (Feature::BotAppId, Build::rest(34), HOUR),
        (Feature::BotAppId, Build::rest(35), DAY),
        // It comes with imbot.v2, and is gone at 35.
        (Feature::BotAppId, Build::rest(31), HOUR),
        (Feature::BotAppId, Build::rest(35).imbot(Imbot::WithoutV2), DAY),
    ] {
        let (emulated, handle) = stage.known(build).await;
        stage.clock.advance(lifetime * 9 / 10);
        for _ in 0..100 {
            handle.ready_for(what).await.unwrap();
        }
        assert_eq!(stage.probes(&emulated).await, 0, "{what} of {handle:?}");
        stage.clock.advance(lifetime / 10);
        for _ in 0..100 {
            handle.ready_for(what).await.unwrap();
        }
        assert_eq!(stage.probes(&emulated).await, 1, "{what} of {handle:?}");
        handle.ready_for(what).await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 0, "{what} of {handle:?}");
    }
}

#[tokio::test]
async fn a_portal_with_all_that_the_table_knows_is_asked_once_a_day() {
    let newer = Table::builtin()
        .with_overlay(&overlay("requires = { rest = 37, api = \"imbot.v2\" }"))
        .unwrap()
        .leak();
    let removal = Table::builtin()
        .with_overlay(&overlay("requires = { rest = 30 }\nuntil = 40"))
        .unwrap()
        .leak();
    for (table, cap, build, lifetime) in [
        (Table::builtin(), None, Build::rest(36), DAY),
        (Table::builtin(), None, Build::rest(41), DAY),
        (Table::builtin(), None, Build::rest(34), HOUR),
        (
            Table::builtin(),
            None,
            Build::rest(36).imbot(Imbot::WithoutV2),
            HOUR,
        ),
        (newer, None, Build::rest(36), HOUR),
        (newer, None, Build::rest(37), DAY),
        (newer, Some(36), Build::rest(36), DAY),
        // What it has now goes with an upgrade to 40.
        (removal, None, Build::rest(36), HOUR),
        (removal, None, Build::rest(40), DAY),
        (Table::builtin(), Some(34), Build::rest(34), DAY),
        (Table::builtin(), Some(34), Build::rest(36), DAY),
        (Table::builtin(), Some(34), Build::rest(33), HOUR),
    ] {
        let stage = Stage::with(|builder| {
            let builder = builder.table(table);
            match cap {
                Some(cap) => builder.cap(cap),
                None => builder,
            }
        })
        .await;
        let (emulated, handle) = stage.known(build).await;
        let case = format!("{handle:?} of {} with cap {cap:?}", table.version());
        for _ in 0..9 {
            stage.clock.advance(lifetime / 10);
            for _ in 0..100 {
                stage.registry.caps(handle.portal()).await.unwrap();
            }
        }
        assert_eq!(stage.probes(&emulated).await, 0, "{case}");
        stage.clock.advance(lifetime / 10);
        stage.registry.caps(handle.portal()).await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1, "{case}");
    }
}

fn overlay(requires: &str) -> String {
    format!(
        "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^1\"\n\n[[feature]]\nid = \"acme.voice\"\n\
         title = \"Voice messages\"\nkind = \"new\"\n{requires}\n\
         applies = {{ methods = [\"imbot.v2.Chat.Message.send\"], request = [\"fields.voice\"] }}\n\
         source = \"https://example.com/acme\"\nconfidence = \"inferred\"\n"
    )
}

#[tokio::test]
async fn what_was_asked_and_not_learned_is_asked_again_after_ten_minutes() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(36));
    let handle = stage.registry.portal(&scoped(&emulated, "noscope", &["user"]));
    assert!(
        handle
            .ready()
            .await
            .unwrap()
            .check(Feature::BotTokenRotation)
            .is_unknown()
    );
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(9 * MINUTE);
    handle.ready().await.unwrap();
    assert!(!handle.supports(Feature::BotTokenRotation));
    assert_eq!(stage.probes(&emulated).await, 0);
    stage.clock.advance(MINUTE);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn stale_answers_are_served_at_once_and_asked_about_behind() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    emulated.set_build(Build::rest(35));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    stage.clock.advance(HOUR);
    for _ in 0..100 {
        // Each returns while the request is held.
        let caps = handle.ready().await.unwrap();
        assert!(!caps.supports(Feature::BotTokenRotation));
    }
    held.arrived(1).await;
    assert_eq!(emulated.requests().len(), 1);
    let seen = handle.caps();
    held.release();
    assert!(
        handle
            .changed_since(&seen)
            .await
            .supports(Feature::BotTokenRotation)
    );
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn beyond_the_first_window_callers_wait_for_the_answer() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    emulated.set_build(Build::rest(35));
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    // The lifetime is shortened by some minutes, and the window follows it.
    stage.clock.advance(2 * HOUR - TICK - HOUR / 10);
    assert!(!handle.ready().await.unwrap().supports(Feature::BotTokenRotation));
    held.arrived(1).await;
    stage.clock.advance(HOUR / 10 + TICK);
    held.release();
    // That probe took too long. The next caller waits for another.
    stage.quiet().await;
    emulated.take_requests();
    stage.clock.advance(SECOND);
    assert!(handle.ready().await.unwrap().supports(Feature::BotTokenRotation));
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn while_asking_fails_what_was_known_is_served_for_a_week_and_then_the_error() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    emulated.fault(closed());
    stage.clock.advance(2 * DAY);
    for _ in 0..5 {
        // The first waits for the answer that it is not to have.
        assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(6 * DAY - DAY / 10);
    assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(DAY / 10);
    for _ in 0..5 {
        let error = handle.ready().await.unwrap_err();
        assert!(error.is_blocked(), "{error}");
        assert!(handle.ready_for(Feature::SystemMessage).await.is_err());
        // Who does not wait is answered by the last that was known, for ever.
        assert!(handle.caps().supports(Feature::SystemMessage));
        assert!(handle.supports(Feature::SystemMessage));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(1_000 * DAY);
    assert!(handle.caps().supports(Feature::SystemMessage));
    assert!(handle.refresh().await.is_err());
    assert!(handle.caps().supports(Feature::SystemMessage));

    emulated.clear_faults();
    stage.clock.advance(HOUR);
    assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    assert_eq!(stage.probes(&emulated).await, 2, "the refresh, and this");
}

#[tokio::test]
async fn pauses_after_failures_double_and_one_success_ends_them() {
    for (fault, first, longest) in [
        (overloaded(), SECOND, 300 * SECOND),
        (closed(), MINUTE, 15 * MINUTE),
    ] {
        let stage = Stage::set().await;
        let (emulated, handle) = stage.portal(Build::rest(36));
        emulated.fault(fault.clone());
        handle.ready().await.unwrap_err();
        assert_eq!(stage.probes(&emulated).await, 1);
        let mut pause = first;
        for _ in 0..12 {
            // Pauses are shortened by less than a quarter.
            stage.clock.advance(pause * 3 / 4);
            for _ in 0..100 {
                handle.ready().await.unwrap_err();
            }
            assert_eq!(stage.probes(&emulated).await, 0, "{pause:?}");
            stage.clock.advance(pause / 4);
            handle.ready().await.unwrap_err();
            assert_eq!(stage.probes(&emulated).await, 1, "{pause:?}");
            pause = (pause * 2).min(longest);
        }
        stage.clock.advance(longest);
        emulated.clear_faults();
        handle.ready().await.unwrap();
        emulated.fault(fault);
        // It is good for a day, served for an hour more, and then it is as before.
        stage.clock.advance(26 * HOUR);
        emulated.take_requests();
        handle.ready().await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1);
        stage.clock.advance(first);
        handle.ready().await.unwrap();
        assert_eq!(stage.probes(&emulated).await, 1, "the first pause again");
    }
}

#[tokio::test]
async fn a_thousand_callers_after_an_error_ask_nothing_until_the_pause_has_passed() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    emulated.fault(overloaded().once());
    assert!(is_overloaded(&handle.ready().await.unwrap_err()));
    let storm = async || {
        let callers: Vec<_> = (0..1_000)
            .map(|_| {
                let handle = handle.clone();
                tokio::spawn(async move { handle.ready().await })
            })
            .collect();
        let mut answers = Vec::new();
        for caller in callers {
            answers.push(caller.await.unwrap());
        }
        answers
    };
    for answer in storm().await {
        assert!(is_overloaded(&answer.unwrap_err()), "the same error");
    }
    assert_eq!(stage.probes(&emulated).await, 1, "the first caller's");
    stage.clock.advance(SECOND);
    for answer in storm().await {
        assert_eq!(answer.unwrap().knowledge().rest(), Some(36));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn a_refresh_is_not_held_back() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    handle.refresh().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1, "though it is fresh");
    emulated.fault(closed());
    for _ in 0..3 {
        assert!(handle.refresh().await.unwrap_err().is_blocked());
    }
    assert_eq!(stage.probes(&emulated).await, 3, "though it failed a moment ago");
    assert!(handle.ready().await.is_ok(), "what is fresh is not touched by it");
}

#[tokio::test]
async fn who_never_waits_comes_to_notice_an_upgrade() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    emulated.set_build(Build::rest(35));
    stage.clock.advance(HOUR * 9 / 10);
    for _ in 0..1_000 {
        assert!(!handle.supports(Feature::BotTokenRotation));
        assert!(handle.require(Feature::BotTokenRotation).is_err());
        assert!(handle.check(Feature::BotTokenRotation).is_unsupported());
    }
    assert_eq!(stage.probes(&emulated).await, 0);
    stage.clock.advance(HOUR / 10);
    assert!(handle.supports(Feature::SystemMessage));
    assert_eq!(stage.probes(&emulated).await, 0, "a yes asks nothing");
    for _ in 0..1_000 {
        assert!(!handle.supports(Feature::BotTokenRotation));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    assert!(handle.supports(Feature::BotTokenRotation));
}

#[tokio::test]
async fn who_never_waits_has_a_cold_portal_asked_once_and_again_after_the_pause() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    emulated.fault(closed().once());
    for (advance, probes) in [(SECOND, 1), (MINUTE, 0), (MINUTE, 1), (MINUTE, 0)] {
        for _ in 0..100 {
            let _ = handle.supports(Feature::BotTokenRotation);
        }
        assert_eq!(stage.probes(&emulated).await, probes);
        stage.clock.advance(advance);
    }
    assert!(handle.supports(Feature::BotTokenRotation));
}

#[test]
fn outside_of_a_runtime_it_answers_by_what_is_known() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stage, emulated, handle) = runtime.block_on(async {
        let stage = Stage::set().await;
        let (emulated, handle) = stage.known(Build::rest(34)).await;
        (stage, emulated, handle)
    });
    stage.clock.advance(2 * HOUR);
    assert!(handle.supports(Feature::SystemMessage));
    assert!(!handle.supports(Feature::BotTokenRotation));
    assert!(
        !stage
            .registry
            .portal(handle.portal())
            .supports(Feature::BotTokenRotation)
    );
    assert_eq!(runtime.block_on(stage.probes(&emulated)), 0);
    drop(stage);
}

#[tokio::test]
async fn a_clock_that_is_set_loses_nothing_and_asks_no_more_than_once() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    let start = stage.clock.now();
    for (set, probes) in [
        (start - 400 * DAY, 1), // older than what is known: how much older, nobody knows
        (start - 400 * DAY, 0),
        (start, 1), // much later again
        (start, 0),
        (start - SECOND, 1),
        (start + 1_000 * DAY, 1),
        (start, 1),
        (std::time::UNIX_EPOCH, 1),
    ] {
        stage.clock.set(set);
        for _ in 0..100 {
            assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
        }
        assert_eq!(stage.probes(&emulated).await, probes, "{set:?}");
    }
    // A pause that lies in the future is none, and the next one is one.
    let start = stage.clock.now();
    emulated.fault(closed());
    stage.clock.set(start + 3 * DAY);
    handle.refresh().await.unwrap_err();
    stage.clock.set(start + 2 * DAY);
    emulated.take_requests();
    for _ in 0..100 {
        assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn what_is_outdated_is_served_and_asked_about_once() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    handle.outdate();
    assert_eq!(stage.probes(&emulated).await, 0, "not before it is needed");
    for _ in 0..100 {
        handle.ready().await.unwrap();
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0);
}

#[tokio::test]
async fn what_is_outdated_while_it_is_asked_is_asked_again() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    let (hold, held) = Fault::hold();
    emulated.fault(hold.once());
    let refreshing = tokio::spawn({
        let handle = handle.clone();
        async move { handle.refresh().await }
    });
    held.arrived(1).await;
    // The answer may have been made up before this.
    handle.outdate();
    held.release();
    refreshing.await.unwrap().unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_failure_and_a_stale_one_is_served() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    let (hold, held) = Fault::hold();
    emulated.fault(hold);
    stage.clock.advance(26 * HOUR);
    let waiting = tokio::spawn({
        let handle = handle.clone();
        async move { handle.ready().await }
    });
    held.arrived(1).await;
    stage.clock.advance(DEADLINE);
    assert!(waiting.await.unwrap().unwrap().supports(Feature::SystemMessage));
    let refreshing = tokio::spawn({
        let handle = handle.clone();
        async move { handle.refresh().await }
    });
    held.arrived(2).await;
    stage.clock.advance(DEADLINE);
    let error = refreshing.await.unwrap().unwrap_err();
    assert!(matches!(error.trouble(), Trouble::Deadline(_)), "{error}");
    held.release();
}

#[tokio::test]
async fn lifetimes_of_nothing_ask_each_time_and_pauses_of_nothing_at_once() {
    let none = std::time::Duration::ZERO;
    let lifetimes = Lifetimes::new()
        .supported(none)
        .unsupported(none)
        .unknown(none)
        .stale_while_revalidate(none)
        .stale_if_error(none)
        .after_lasting_failures(none, none);
    let stage = Stage::with(|builder| builder.lifetimes(lifetimes)).await;
    let (emulated, handle) = stage.portal(Build::rest(36));
    for _ in 0..3 {
        handle.ready().await.unwrap();
    }
    emulated.fault(closed());
    for _ in 0..3 {
        handle.ready().await.unwrap_err();
    }
    assert_eq!(stage.probes(&emulated).await, 6);
}

#[tokio::test]
async fn requirements_of_ones_own_age_as_rows_do() {
    const SOON: Requirement = Requirement::rest("acme.soon", 37);
    const WEB: Requirement = Requirement::on("acme.web", imbot_caps::Axis::Web, 9_000);
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    stage.clock.advance(HOUR);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0, "the table knows nothing newer");
    for what in [SOON, WEB] {
        assert!(!handle.supports(what));
        assert_eq!(stage.probes(&emulated).await, 1, "{what}");
        stage.clock.advance(HOUR);
    }
}

#[tokio::test]
async fn a_pin_is_never_asked_about_and_ends() {
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
    handle.outdate();
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
async fn a_pin_that_comes_while_the_portal_is_asked_holds() {
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
async fn an_assumption_holds_until_the_first_answer() {
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
    let handle = stage.registry.portal(&scoped(&emulated, "noscope", &["user"]));
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
