//! How long answers are good for, over the wire: each portal counts how often it was
//! asked. Each portal's lifetimes are shortened by less than a tenth, so at nine tenths
//! an answer is good for certain, and at the whole no more.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use imbot_caps::transport::{Request, Response, Transport, TransportError};
use imbot_caps::{Feature, Handle, Portal, Registry, Requirement, Table};
use imbot_caps_emulator::{Build, Clock, Emulator, Fault, Imbot};
use tokio::sync::Notify;

use crate::support::fixture::{DAY, HOUR, MINUTE, SECOND, Stage, TICK, WEEK, closed, scoped};

#[tokio::test]
async fn yes_lasts_week_no_lasts_hour() {
    let stage = Stage::set().await;
    for (what, build, lifetime) in [
        (Feature::SystemMessage, Build::rest(34), WEEK),
        (Feature::BotTokenRotation, Build::rest(34), HOUR),
        (Feature::BotTokenRotation, Build::rest(35), WEEK),
        // Removed at 35: the other way round.
        (Feature::BotAppId, Build::rest(34), HOUR),
        (Feature::BotAppId, Build::rest(35), WEEK),
        // It comes with imbot.v2, and is gone at 35.
        (Feature::BotAppId, Build::rest(31), HOUR),
        (Feature::BotAppId, Build::rest(35).imbot(Imbot::WithoutV2), WEEK),
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
async fn fully_known_portal_is_probed_weekly() {
    let newer = Table::builtin()
        .with_overlay(&overlay("requires = { rest = 37, api = \"imbot.v2\" }"))
        .unwrap()
        .leak();
    let removal = Table::builtin()
        .with_overlay(&overlay("requires = { rest = 30 }\nuntil = 40"))
        .unwrap()
        .leak();
    for (table, cap, build, lifetime) in [
        (Table::builtin(), None, Build::rest(36), WEEK),
        (Table::builtin(), None, Build::rest(41), WEEK),
        (Table::builtin(), None, Build::rest(34), HOUR),
        (
            Table::builtin(),
            None,
            Build::rest(36).imbot(Imbot::WithoutV2),
            HOUR,
        ),
        (newer, None, Build::rest(36), HOUR),
        (newer, None, Build::rest(37), WEEK),
        (newer, Some(36), Build::rest(36), WEEK),
        // What it has now goes with an upgrade to 40.
        (removal, None, Build::rest(36), HOUR),
        (removal, None, Build::rest(40), WEEK),
        (Table::builtin(), Some(34), Build::rest(34), WEEK),
        (Table::builtin(), Some(34), Build::rest(36), WEEK),
        (Table::builtin(), Some(34), Build::rest(33), HOUR),
    ] {
        let stage = Stage::with(|builder| {
            let builder = builder.table(table);
            match cap {
                Some(cap) => builder.max_revision(cap),
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
        "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n\n[[feature]]\nid = \"acme.voice\"\n\
         title = \"Voice messages\"\nkind = \"new\"\n{requires}\n\
         applies = {{ methods = [\"imbot.v2.Chat.Message.send\"], request = [\"fields.voice\"] }}\n\
         source = \"https://example.com/acme\"\nconfidence = \"inferred\"\n"
    )
}

#[tokio::test]
async fn unknown_answer_expires_after_ten_minutes() {
    let stage = Stage::set().await;
    let emulated = stage.emulator.portal(Build::rest(36));
    let handle = stage.registry.handle(&scoped(&emulated, "noscope", &["user"]));
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
async fn stale_answer_refreshes_in_background() {
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
async fn callers_wait_beyond_stale_window() {
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
async fn stale_answer_survives_week_of_errors() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    emulated.fault(closed());
    stage.clock.advance(WEEK + DAY);
    for _ in 0..5 {
        // The first waits for the answer that it is not to have.
        assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(6 * DAY - WEEK / 10);
    assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    assert_eq!(stage.probes(&emulated).await, 1);
    stage.clock.advance(WEEK / 10);
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
async fn stale_no_starts_refresh() {
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

#[test]
fn missing_runtime_serves_known_answer() {
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
            .handle(handle.portal())
            .supports(Feature::BotTokenRotation)
    );
    assert_eq!(runtime.block_on(stage.probes(&emulated)), 0);
    drop(stage);
}

#[tokio::test]
async fn clock_change_starts_one_probe() {
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
    stage.clock.set(start + 10 * DAY);
    handle.refresh().await.unwrap_err();
    stage.clock.set(start + 9 * DAY);
    emulated.take_requests();
    for _ in 0..100 {
        assert!(handle.ready().await.unwrap().supports(Feature::SystemMessage));
    }
    assert_eq!(stage.probes(&emulated).await, 1);
}

#[tokio::test]
async fn outdated_answer_refreshes_once() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    handle.mark_stale();
    assert_eq!(stage.probes(&emulated).await, 0, "not before it is needed");
    for _ in 0..100 {
        handle.ready().await.unwrap();
    }
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0);
}

#[tokio::test]
async fn answer_outdated_during_probe_is_refreshed() {
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
    handle.mark_stale();
    held.release();
    refreshing.await.unwrap().unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 1);
    handle.ready().await.unwrap();
    assert_eq!(stage.probes(&emulated).await, 0);
}

#[tokio::test]
async fn own_requirements_expire_like_rows() {
    const SOON: Requirement = Requirement::rest("acme.soon", 37);
    const WEB: Requirement = Requirement::on("acme.web", imbot_caps::Counter::Web, 9_000);
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
async fn clock_set_back_extends_no_window() {
    let stage = Stage::set().await;
    let now = stage.clock.now();
    stage.clock.advance(3_650 * DAY);
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    stage.clock.set(now);
    emulated.fault(closed());
    let mut served = 0;
    for _ in 0..30 {
        stage.clock.advance(DAY);
        served += u32::from(handle.ready().await.is_ok());
    }
    // A lifetime of a week, and a week while asking fails.
    assert!((1..=15).contains(&served), "{served} days");
}

/// Answers once it is let, with a revision.
#[derive(Default)]
struct Late {
    asked: Notify,
    let_go: Notify,
}

impl Transport for Late {
    fn send(
        &self,
        _: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(async {
            self.asked.notify_one();
            self.let_go.notified().await;
            Ok(Response::new(200, None, br#"{"result":{"rest":33}}"#.to_vec()))
        })
    }
}

/// A registry that tells the time by a clock that stands, and is answered by `late`.
async fn answered_by(late: &Arc<Late>) -> (Emulator, Clock, Handle) {
    let emulator = Emulator::start().await.unwrap();
    let clock = emulator.clock();
    clock.stop();
    let registry = Registry::builder(Arc::clone(late)).clock(clock.clone()).build();
    let portal = Portal::webhook("https://acme.example/rest/1/s3cret/").unwrap();
    (emulator, clock, registry.handle(&portal))
}

/// An overloaded machine reads answers long after they came, and after the deadline.
#[tokio::test]
async fn late_read_answer_is_served() {
    for lateness in [11 * SECOND, 12 * SECOND, 21 * SECOND, MINUTE, 30 * MINUTE] {
        let late = Arc::new(Late::default());
        let (_emulator, clock, handle) = answered_by(&late).await;
        let asking = tokio::spawn({
            let handle = handle.clone();
            async move { handle.ready().await }
        });
        late.asked.notified().await;
        late.let_go.notify_one();
        clock.advance(lateness);
        let caps = asking.await.unwrap().unwrap();
        assert_eq!(caps.knowledge().rest(), Some(33), "{lateness:?}");
    }
}

/// The machine sleeps: the answer is there, and is read when it wakes.
#[tokio::test]
async fn month_old_answer_is_refetched() {
    let late = Arc::new(Late::default());
    let (_emulator, clock, handle) = answered_by(&late).await;
    let mut asking = tokio::spawn({
        let handle = handle.clone();
        async move { handle.ready().await }
    });
    late.asked.notified().await;
    late.let_go.notify_one();
    clock.advance(30 * DAY);
    tokio::select! {
        biased;
        () = late.asked.notified() => {}
        caps = &mut asking => panic!("it is taken for new: {caps:?}"),
    }
    late.let_go.notify_one();
    assert_eq!(asking.await.unwrap().unwrap().knowledge().rest(), Some(33));
}

/// What was asked long before somebody came is no answer to that one.
#[tokio::test]
async fn refresh_ignores_earlier_probe() {
    let late = Arc::new(Late::default());
    let (_emulator, clock, handle) = answered_by(&late).await;
    let early = tokio::spawn({
        let handle = handle.clone();
        async move { handle.ready().await.is_ok() }
    });
    late.asked.notified().await;
    // All of this before the probe's task runs again.
    clock.advance(30 * MINUTE);
    let mut latecomer = pin!(handle.refresh());
    let joins = poll_fn(|context| Poll::Ready(latecomer.as_mut().poll(context).is_pending()));
    assert!(joins.await);
    late.let_go.notify_one();
    assert!(early.await.unwrap());
    tokio::select! {
        biased;
        () = late.asked.notified() => {}
        caps = &mut latecomer => panic!("it was not asked for: {caps:?}"),
    }
    late.let_go.notify_one();
    assert!(latecomer.await.is_ok());
}
