//! A portal that stays as it is is asked less and less often; one that has changed is
//! not. Each is asked about every five minutes, and counts what reaches it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use imbot_caps::freshness::Lifetimes;
use imbot_caps::{Feature, Handle, Registry, Snapshot};
use imbot_caps_emulator::{Build, EmulatedPortal};

use crate::support::fixture::{DAY, HOUR, MINUTE, Stage, WEEK};
use crate::support::http::{REVISION, Untimed, asked};

/// How often a bot asks.
const STEP: Duration = Duration::from_secs(300);

/// What a bot asks about.
#[derive(Clone, Copy, Debug)]
enum About {
    All,
    One(Feature),
}

/// A stage whose callers wait for each answer: when a probe was, is then known.
async fn waiting(lifetimes: Lifetimes) -> Stage {
    let lifetimes = lifetimes.stale_while_revalidate(Duration::ZERO);
    Stage::with(|builder| builder.lifetimes(lifetimes)).await
}

/// Asks for so long, and tells when the portal was asked.
async fn watch(
    stage: &Stage,
    emulated: &EmulatedPortal,
    handle: &Handle,
    about: About,
    time: Duration,
) -> Vec<SystemTime> {
    let end = stage.clock.now() + time;
    let mut probes = Vec::new();
    while stage.clock.now() < end {
        stage.clock.advance(STEP);
        match about {
            About::All => handle.ready().await.unwrap(),
            About::One(feature) => handle.ready_for(feature).await.unwrap(),
        };
        let requests = asked(emulated);
        assert!(requests.len() <= 1, "{requests:?}");
        if requests == [REVISION] {
            probes.push(stage.clock.now());
        }
    }
    probes
}

/// Each probe is followed by the next when a tenth of the time is over for which the
/// portal has been the same, but not before an hour or after a day.
#[track_caller]
fn each_is_in_time(same_since: SystemTime, from: SystemTime, probes: &[SystemTime]) {
    let mut last = from;
    for &probe in probes {
        let steady = last.duration_since(same_since).unwrap();
        let (lifetime, passed) = (
            (steady / 10).clamp(HOUR, DAY),
            probe.duration_since(last).unwrap(),
        );
        assert!(
            passed >= lifetime * 9 / 10 && passed < lifetime + STEP,
            "{passed:?} after {steady:?}"
        );
        last = probe;
    }
}

#[tokio::test]
async fn old_portal_probes_become_daily() {
    let stage = waiting(Lifetimes::new()).await;
    for about in [
        About::All,
        About::One(Feature::BotTokenRotation),
        // There until the next upgrade, which removes it.
        About::One(Feature::BotAppId),
    ] {
        let (emulated, handle) = stage.known(Build::rest(34)).await;
        let start = stage.clock.now();
        let probes = watch(&stage, &emulated, &handle, about, 30 * DAY).await;
        each_is_in_time(start, start, &probes);
        let until = |end| probes.iter().filter(|probe| **probe <= start + end).count();
        let (first_hours, growing, daily) = (until(10 * HOUR), until(11 * DAY), until(30 * DAY));
        println!(
            "{about:?}: {first_hours} in 10 hours, {} in a day, {} in 4, {} in 10, {growing} in 11, {daily} in 30",
            until(DAY),
            until(4 * DAY),
            until(10 * DAY),
        );
        assert!((9..=11).contains(&first_hours), "{first_hours}");
        // From an hour to a day in steps of a tenth: 24 is the 34th power of 1.1, and
        // the 38th where a tenth is taken off.
        assert!((30..=40).contains(&(growing - first_hours)), "{growing}");
        assert!((18..=22).contains(&(daily - growing)), "{daily}");
    }
}

#[tokio::test]
async fn current_portal_is_probed_weekly() {
    let stage = waiting(Lifetimes::new()).await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    for _ in 0..4 {
        let start = stage.clock.now();
        let probes = watch(&stage, &emulated, &handle, About::All, WEEK + STEP).await;
        assert_eq!(probes.len(), 1);
        assert!(probes[0] >= start + WEEK * 9 / 10);
        // The next week begins with this one's answer.
        stage.clock.set(probes[0]);
    }
}

#[tokio::test]
async fn upgrade_is_noticed_within_day() {
    let stage = waiting(Lifetimes::new()).await;
    let (emulated, handle) = stage.known(Build::rest(33)).await;
    let since = stage.clock.now();
    let probes = watch(&stage, &emulated, &handle, About::All, 30 * DAY).await;
    let last = *probes.last().unwrap();
    each_is_in_time(since, since, &probes);

    // On premise the next update is installed when the last one is.
    emulated.set_build(Build::rest(34));
    let probes = watch(&stage, &emulated, &handle, About::All, DAY).await;
    each_is_in_time(since, last, &probes[..1]);
    assert_eq!(handle.caps().knowledge().rest(), Some(34));
    let since = probes[0];
    each_is_in_time(since, since, &probes[1..]);
    assert!(handle.supports(Feature::ImbotV2RevisionGet));

    emulated.set_build(Build::rest(35));
    let mut noticed = Vec::new();
    while handle.caps().knowledge().rest() != Some(35) {
        noticed.extend(watch(&stage, &emulated, &handle, About::All, STEP).await);
        assert!(stage.clock.now() < since + 2 * DAY);
    }
    each_is_in_time(since, *probes.last().unwrap(), &noticed);

    // Hourly, for ten hours after each.
    let since = *noticed.last().unwrap();
    let probes = watch(&stage, &emulated, &handle, About::All, 10 * HOUR).await;
    assert!((9..=11).contains(&probes.len()), "{probes:?}");
    emulated.set_build(Build::rest(36));
    let noticed = watch(&stage, &emulated, &handle, About::All, HOUR).await;
    each_is_in_time(since, *probes.last().unwrap(), &noticed);
    assert_eq!(handle.caps().knowledge().rest(), Some(36));
    assert_eq!(noticed.len(), 1, "and now it has all");
}

#[tokio::test]
async fn restored_portal_is_probed_hourly() {
    let stage = waiting(Lifetimes::new()).await;
    let (emulated, handle) = stage.known(Build::rest(35)).await;
    watch(&stage, &emulated, &handle, About::All, 20 * DAY).await;
    emulated.set_build(Build::rest(34));
    handle.refresh().await.unwrap();
    asked(&emulated);
    let probes = watch(&stage, &emulated, &handle, About::All, 10 * HOUR).await;
    assert!((9..=11).contains(&probes.len()), "{probes:?}");
}

#[tokio::test]
async fn event_expires_any_answer() {
    let stage = waiting(Lifetimes::new()).await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    let since = stage.clock.now();
    watch(&stage, &emulated, &handle, About::All, 20 * DAY).await;
    handle.mark_stale();
    let probes = watch(&stage, &emulated, &handle, About::All, STEP).await;
    assert_eq!(probes.len(), 1);
    // It was a false alarm: the portal is as steady as before.
    let last = probes[0];
    let probes = watch(&stage, &emulated, &handle, About::All, DAY).await;
    each_is_in_time(since, last, &probes);

    handle.mark_stale();
    emulated.set_build(Build::rest(35));
    let probes = watch(&stage, &emulated, &handle, About::All, 2 * HOUR + STEP).await;
    assert_eq!(handle.caps().knowledge().rest(), Some(35));
    each_is_in_time(probes[0], probes[0], &probes[1..]);
}

#[tokio::test]
async fn failures_keep_unchanged_time() {
    let stage = waiting(Lifetimes::new()).await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    let since = stage.clock.now();
    let probes = watch(&stage, &emulated, &handle, About::All, 5 * DAY).await;
    let last = *probes.last().unwrap();
    emulated.fault(crate::support::fixture::closed());
    stage.clock.set(last + DAY);
    assert!(
        handle.ready().await.unwrap().knowledge().rest() == Some(34),
        "served"
    );
    emulated.clear_faults();
    asked(&emulated);
    stage.clock.advance(15 * MINUTE);
    handle.ready().await.unwrap();
    assert_eq!(asked(&emulated), [REVISION]);
    let last = stage.clock.now();
    let probes = watch(&stage, &emulated, &handle, About::All, DAY).await;
    each_is_in_time(since, last, &probes);
}

#[tokio::test]
async fn configured_lifetime_stays_fixed() {
    let stage = waiting(Lifetimes::new().unsupported(HOUR)).await;
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    let probes = watch(&stage, &emulated, &handle, About::All, 30 * DAY).await;
    let mut last = probes[0];
    for probe in &probes[1..] {
        let passed = probe.duration_since(last).unwrap();
        assert!(passed >= HOUR * 9 / 10 && passed < HOUR + STEP, "{passed:?}");
        last = *probe;
    }
    assert!(probes.len() >= 30 * 24 * 12 / 13, "{}", probes.len());
}

#[tokio::test]
async fn unchanged_time_survives_restart() {
    let stage = waiting(Lifetimes::new()).await;
    // Times are written to the millisecond.
    stage.clock.set(UNIX_EPOCH + Duration::from_secs(1_775_088_000));
    let (emulated, handle) = stage.known(Build::rest(34)).await;
    let since = stage.clock.now();
    let probes = watch(&stage, &emulated, &handle, About::All, 20 * DAY).await;
    let last = *probes.last().unwrap();
    let written = serde_json::to_value(stage.registry.snapshot()).unwrap();
    let mut former = written.clone();
    former["records"][0]
        .as_object_mut()
        .unwrap()
        .remove("same_since_unix_ms")
        .unwrap();

    // One that an older version wrote does not say since when: it begins anew.
    for (written, same_since) in [(written, since), (former, last)] {
        let snapshot = Snapshot::from_json(written.to_string()).unwrap();
        assert_eq!(snapshot.skipped(), []);
        let record = &snapshot.records()[0];
        assert_eq!((record.learned(), record.same_since()), (last, same_since));
        let registry = Registry::builder(Untimed::default())
            .clock(stage.clock.clone())
            .lifetimes(Lifetimes::new().stale_while_revalidate(Duration::ZERO))
            .build();
        assert_eq!(registry.restore(&snapshot).taken, 1);
        assert_eq!(serde_json::to_value(registry.snapshot()).unwrap(), written);
        stage.clock.set(last);
        let probes = watch(
            &stage,
            &emulated,
            &registry.handle(handle.portal()),
            About::All,
            2 * DAY,
        )
        .await;
        each_is_in_time(same_since, last, &probes);
    }
}
