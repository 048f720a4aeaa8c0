use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;

use super::lifetimes::{Between, DAY, HOUR, MINUTE, WEEK};
use super::*;
use crate::feature::Requirement;
use crate::knowledge::Knowledge;
use crate::revision::{Revision, Revisions};

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The decision for an entry of these parts.
fn decide_by(
    learned: Option<Observation>,
    outdated: bool,
    failure: Option<&Failure>,
    volatility: Volatility,
    now: SystemTime,
    lifetimes: &Lifetimes,
    seed: u64,
) -> Decision {
    let entry = Entry {
        learned,
        outdated,
        failure: failure.copied(),
        volatility,
    };
    entry.decide(now, lifetimes, seed)
}

/// Asked once, at this time.
fn once(seconds: u64) -> Observation {
    Observation::new(at(seconds))
}

fn rest(rest: Revision) -> Knowledge {
    Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest))
}

#[test]
fn volatility_depends_on_possible_upgrades() {
    let since = Requirement::rest("since", 35).range;
    let until = Requirement::rest("until", 30).until(35).range;
    let imbot = Requirement::imbot_v2("imbot").range;
    let im = |rest| Knowledge::from_im_revision_get(&Revisions::rest_only(rest));
    for (range, known, volatility) in [
        (since, rest(36), Volatility::Stable),
        (since, rest(34), Volatility::Upgradable),
        (since, Knowledge::unknown(), Volatility::Unknown),
        (since, Knowledge::revision_get_exists(), Volatility::Unknown),
        (until, rest(34), Volatility::Upgradable),
        (until, rest(35), Volatility::Stable),
        (until, rest(29), Volatility::Upgradable),
        (imbot, rest(33), Volatility::Stable),
        (imbot, im(31), Volatility::Upgradable),
        (imbot, im(33), Volatility::Unknown),
        (imbot, Knowledge::imbot_v2_absent(), Volatility::Upgradable),
    ] {
        assert_eq!(
            Volatility::of_range(range, &known, None),
            volatility,
            "{range:?} of {known}"
        );
    }
}

#[test]
fn cap_below_boundary_means_stable() {
    let range = Requirement::rest("since", 35).range;
    let known = rest(33);
    assert_eq!(
        Volatility::of_range(range, &known, Some(35)),
        Volatility::Upgradable
    );
    assert_eq!(Volatility::of_range(range, &known, Some(34)), Volatility::Stable);
    let until = Requirement::rest("until", 30).until(35).range;
    assert_eq!(
        Volatility::of_range(until, &known, Some(35)),
        Volatility::Upgradable
    );
    assert_eq!(Volatility::of_range(until, &known, Some(34)), Volatility::Stable);
    assert_eq!(Volatility::of_newest(36, &known, Some(33)), Volatility::Stable);
    assert_eq!(Volatility::of_newest(36, &rest(31), Some(31)), Volatility::Stable);
}

#[test]
fn newer_table_makes_portal_upgradable() {
    assert_eq!(Volatility::of_newest(36, &rest(36), None), Volatility::Stable);
    assert_eq!(Volatility::of_newest(36, &rest(41), None), Volatility::Stable);
    assert_eq!(Volatility::of_newest(37, &rest(36), None), Volatility::Upgradable);
    assert_eq!(
        Volatility::of_newest(36, &Knowledge::revision_get_exists(), None),
        Volatility::Unknown
    );
    let skewed = Knowledge::from_im_revision_get(&Revisions::rest_only(36));
    assert_eq!(Volatility::of_newest(36, &skewed, None), Volatility::Unknown);
    let skewed = skewed.intersect(&Knowledge::imbot_v2_absent()).unwrap();
    assert_eq!(Volatility::of_newest(36, &skewed, None), Volatility::Upgradable);
}

/// The timeline of one answer, without jitter: seed and lifetimes are chosen so.
#[test]
fn stale_and_error_windows() {
    let lifetimes = Lifetimes::new()
        .supported(Duration::from_secs(1_000))
        .stale_while_revalidate(Duration::from_secs(100))
        .stale_if_error(Duration::from_secs(500));
    let failure = |seconds: u64| Failure {
        at: at(seconds),
        count: 20,
        lasting: true,
        wait: None,
    };
    let decide = |now: u64, failing: bool| {
        let failure = failing.then(|| failure(now - 1));
        decide_by(
            Some(once(0)),
            false,
            failure.as_ref(),
            Volatility::Stable,
            at(now),
            &lifetimes,
            7,
        )
    };
    // At most a tenth is taken off.
    for (now, sound, failing) in [
        (1, Decision::Serve, Decision::Serve),
        (899, Decision::Serve, Decision::Serve),
        (1_000, Decision::Revalidate, Decision::Serve),
        (1_100, Decision::Ask { else_serve: true }, Decision::Serve),
        (1_399, Decision::Ask { else_serve: true }, Decision::Serve),
        (1_500, Decision::Ask { else_serve: false }, Decision::ReturnError),
    ] {
        assert_eq!(decide(now, false), sound, "{now}");
        assert_eq!(decide(now, true), failing, "{now}");
    }
}

#[test]
fn pauses_double_and_respect_retry_after() {
    let lifetimes = Lifetimes::new();
    let failure = |count, lasting| Failure {
        at: at(0),
        count,
        lasting,
        wait: None,
    };
    for (count, lasting, most) in [
        (1, false, 1),
        (2, false, 2),
        (5, false, 16),
        (10, false, 300),
        (u32::MAX, false, 300),
        (1, true, 60),
        (3, true, 240),
        (33, true, 900),
    ] {
        let pause = failure(count, lasting).pause(&lifetimes, 7);
        let most = Duration::from_secs(most);
        assert!(pause <= most && pause >= most * 3 / 4, "{count}: {pause:?}");
    }
    let told = Failure {
        wait: Some(Duration::from_secs(480)),
        ..failure(1, false)
    };
    assert_eq!(told.pause(&lifetimes, 7), Duration::from_secs(480));
    let told = Failure {
        wait: Some(Duration::MAX),
        ..failure(1, false)
    };
    assert_eq!(told.pause(&lifetimes, 7), HOUR);
}

#[test]
fn clock_set_back_revalidates_answers() {
    let lifetimes = Lifetimes::new();
    let future = Failure {
        at: at(5_000_000),
        count: 9,
        lasting: true,
        wait: None,
    };
    let decide =
        |learned, failure| decide_by(learned, false, failure, Volatility::Stable, at(1), &lifetimes, 7);
    assert_eq!(decide(Some(once(5_000_000)), None), Decision::Revalidate);
    assert_eq!(decide(None, Some(&future)), Decision::Ask { else_serve: false });
}

/// The lifetime of an open answer that was given from this time to that.
fn open(lifetimes: &Lifetimes, same_since: u64, learned: u64) -> Duration {
    let learned = Observation {
        at: at(learned),
        same_since: at(same_since),
    };
    lifetimes.of(Volatility::Upgradable, learned)
}

#[test]
fn open_answer_lives_tenth_of_unchanged_time() {
    let lifetimes = Lifetimes::new();
    let (hour, day) = (3_600, 86_400);
    for (same_for, lifetime) in [
        (0, hour),
        (hour, hour),
        (10 * hour - 1, hour),
        (10 * hour, hour),
        (10 * hour + 10, hour + 1),
        (100 * hour, 10 * hour),
        (10 * day - 10, day - 1),
        (10 * day, day),
        (10 * day + 10, day),
        (3_650 * day, day),
    ] {
        let lifetime = Duration::from_secs(lifetime);
        for since in [0, 1_775_088_000] {
            assert_eq!(open(&lifetimes, since, since + same_for), lifetime, "{same_for}");
        }
        // What no upgrade changes, and what is not known, do not grow.
        let learned = Observation {
            at: at(same_for),
            same_since: at(0),
        };
        assert_eq!(lifetimes.of(Volatility::Stable, learned), WEEK);
        assert_eq!(
            lifetimes.of(Volatility::Unknown, learned),
            Duration::from_secs(600)
        );
    }
    // To the nanosecond: beyond the first by the tenth of one.
    let learned = Observation {
        at: at(10 * hour) + Duration::from_nanos(10),
        same_since: at(0),
    };
    let lifetime = lifetimes.of(Volatility::Upgradable, learned);
    assert_eq!(lifetime, HOUR + Duration::from_nanos(1));
}

#[test]
fn fixed_lifetime_never_changes() {
    for seconds in [0, 1, 600, 3_600, 40 * 86_400] {
        let lifetime = Duration::from_secs(seconds);
        let fixed = Lifetimes::new().unsupported(lifetime);
        assert_eq!(fixed, Lifetimes::new().unsupported_between(lifetime, lifetime));
        for same_for in [0, 36_001, 864_000, 3_000_000_000] {
            assert_eq!(open(&fixed, 0, same_for), lifetime, "{same_for}");
        }
    }
}

#[test]
fn lifetime_bounds_hold_even_reversed() {
    let [none, minute, most] = [Duration::ZERO, MINUTE, Duration::MAX];
    let lifetimes = Lifetimes::new().unsupported_between(none, minute);
    assert_eq!(open(&lifetimes, 0, 0), none);
    assert_eq!(open(&lifetimes, 0, 100), Duration::from_secs(10));
    assert_eq!(open(&lifetimes, 0, 601), minute);
    let lifetimes = Lifetimes::new().unsupported_between(minute, most);
    assert_eq!(
        open(&lifetimes, 0, 3_000_000_000),
        Duration::from_secs(300_000_000)
    );
    let wrong = Lifetimes::new().unsupported_between(minute, none);
    assert_eq!(open(&wrong, 0, 3_000_000_000), minute);
    // A contradiction counts for as long as a "no" of a portal that has just changed.
    let lifetimes = Lifetimes::new();
    assert!(lifetimes.holds_contradicted(HOUR - Duration::from_nanos(1)));
    assert!(!lifetimes.holds_contradicted(HOUR));
}

#[test]
fn change_resets_lifetime_clock_cannot_extend_it() {
    let lifetimes = Lifetimes::new();
    let day = Duration::from_secs(86_400);
    let steady = (1..=30).fold(once(0), |learned, nth| learned.confirmed(at(0) + day * nth));
    assert_eq!(lifetimes.of(Volatility::Upgradable, steady), DAY);
    let upgraded = Observation::new(steady.at + day);
    assert_eq!(lifetimes.of(Volatility::Upgradable, upgraded), HOUR);
    // It changed and did not say all: the rest is older than the change.
    let changed = Observation {
        same_since: steady.at + day,
        ..steady
    };
    assert_eq!(lifetimes.of(Volatility::Upgradable, changed), HOUR);
    // The time since it was asked counts for nothing.
    assert_eq!(lifetimes.of(Volatility::Upgradable, once(0)), HOUR);
    // Set back to before it all: it has been the same for no time.
    let back = steady.clamped_to(at(0) - 400 * day);
    assert_eq!((back.at, back.same_since), (at(0) - 400 * day, at(0) - 400 * day));
    assert_eq!(lifetimes.of(Volatility::Upgradable, back), HOUR);
    // Set back to the middle: for as long as is left.
    let back = steady.clamped_to(at(0) + 5 * day);
    assert_eq!(lifetimes.of(Volatility::Upgradable, back), DAY / 2);
    // Asked by a clock that was set back since: not before it was.
    let again = Observation {
        same_since: at(500),
        at: at(0),
    }
    .confirmed(at(100));
    assert_eq!(again, once(100));
    assert_eq!(steady.clamped_to(at(9_000_000)), steady);
}

fn seconds() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0u64), 1..100u64, 1..1_000_000u64].prop_map(Duration::from_secs)
}

fn lifetimes() -> impl Strategy<Value = Lifetimes> {
    (prop::array::uniform6(seconds()), prop::array::uniform4(seconds())).prop_map(
        |([supported, first, longest, unknown, swr, sie], [a, b, c, d])| {
            Lifetimes::new()
                .supported(supported)
                .unsupported_between(first, longest)
                .unknown(unknown)
                .stale_while_revalidate(swr)
                .stale_if_error(sie)
                .after_transient_failures(a, b)
                .after_lasting_failures(c, d)
        },
    )
}

fn failure() -> impl Strategy<Value = Failure> {
    (
        0..3_000_000u64,
        1..70u32,
        any::<bool>(),
        prop::option::of(seconds()),
    )
        .prop_map(|(seconds, count, lasting, wait)| Failure {
            at: at(seconds),
            count,
            lasting,
            wait,
        })
}

fn learned() -> impl Strategy<Value = Observation> {
    (0..1_000_000u64, 0..1_100_000u64).prop_map(|(learned, same_since)| Observation {
        at: at(learned),
        same_since: at(same_since),
    })
}

fn volatility() -> impl Strategy<Value = Volatility> {
    prop_oneof![
        Just(Volatility::Unknown),
        Just(Volatility::Upgradable),
        Just(Volatility::Stable)
    ]
}

/// How far along its life an answer is.
fn stage(decision: Decision) -> u8 {
    match decision {
        Decision::Serve => 0,
        Decision::Revalidate => 1,
        Decision::Ask { else_serve: true } => 2,
        Decision::Ask { else_serve: false } => 3,
        Decision::ReturnError => 4,
    }
}

/// The first numbers of SplitMix64 for these seeds.
#[test]
fn fractions_are_those_of_splitmix() {
    for (seed, number) in [
        (0, 0xe220_a839_7b1d_cdaf_u64),
        (1_234_567, 6_457_827_717_110_365_317),
    ] {
        assert_eq!(
            fraction(seed),
            (number >> 11) as f64 / (1_u64 << 53) as f64,
            "{seed}"
        );
    }
}

proptest! {
    #[test]
    fn answers_only_get_older(
        lifetimes in lifetimes(), volatility in volatility(), seed: u64,
        learned in learned(), first in 0..3_000_000u64, later in 0..1_000_000u64,
    ) {
        let decide = |after: u64| {
            decide_by(Some(learned), false, None, volatility, learned.at + Duration::from_secs(after), &lifetimes, seed)
        };
        prop_assert!(stage(decide(first)) <= stage(decide(first + later)));
    }

    #[test]
    fn answer_is_served_within_error_window(
        lifetimes in lifetimes(), volatility in volatility(), seed: u64, outdated: bool,
        learned in learned(), now in 0..3_000_000u64, failure in prop::option::of(failure()),
    ) {
        let decision =
            decide_by(Some(learned), outdated, failure.as_ref(), volatility, at(now), &lifetimes, seed);
        let age = at(now).duration_since(learned.at).unwrap_or_default();
        if age < lifetimes.stale_if_error {
            let served = !matches!(decision, Decision::ReturnError | Decision::Ask { else_serve: false });
            prop_assert!(served, "{:?}", decision);
        }
        if outdated {
            let failing = failure.is_some_and(|failure| failure.is_paused(at(now), &lifetimes, seed));
            prop_assert!(failing || decision != Decision::Serve, "what happened since is asked about");
        }
    }

    #[test]
    fn pause_only_delays_probes(
        lifetimes in lifetimes(), volatility in volatility(), seed: u64, failure in failure(),
        learned in prop::option::of(learned()), ahead in 0..1_000_000u64,
    ) {
        let pause = failure.pause(&lifetimes, seed);
        let now = failure.at + Duration::from_secs(ahead);
        let decision =
            decide_by(learned, false, Some(&failure), volatility, now, &lifetimes, seed);
        let asks = matches!(decision, Decision::Ask { .. } | Decision::Revalidate);
        if Duration::from_secs(ahead) < pause {
            prop_assert!(!asks, "{decision:?}");
        } else {
            let sound = decide_by(learned, false, None, volatility, now, &lifetimes, seed);
            prop_assert_eq!(decision, sound);
        }
    }

    #[test]
    fn unknown_answer_is_never_served(
        lifetimes in lifetimes(), volatility in volatility(), seed: u64, outdated: bool,
        now in 0..3_000_000u64, failure in prop::option::of(failure()),
    ) {
        let decision = decide_by(None, outdated, failure.as_ref(), volatility, at(now), &lifetimes, seed);
        let served = !matches!(decision, Decision::ReturnError | Decision::Ask { else_serve: false });
        prop_assert!(!served, "{:?}", decision);
    }

    #[test]
    fn jitter_is_bounded(
        lifetimes in lifetimes(), volatility in volatility(), seed: u64, learned in learned(), now in seconds(),
    ) {
        let decision = decide_by(Some(learned), false, None, volatility, learned.at + now, &lifetimes, seed);
        let (age, lifetime) = (now, lifetimes.of(volatility, learned));
        if age >= lifetime {
            prop_assert_ne!(decision, Decision::Serve);
        }
        if age < lifetime * 9 / 10 {
            prop_assert_eq!(decision, Decision::Serve);
        }
        let fraction = fraction(seed);
        prop_assert!((0.0..1.0).contains(&fraction));
    }

    #[test]
    fn lifetime_grows_with_unchanged_time(
        lifetimes in lifetimes(), learned in learned(), later in seconds(),
    ) {
        let Between { first, longest } = lifetimes.unsupported;
        let now = lifetimes.of(Volatility::Upgradable, learned);
        prop_assert!(first <= now && now <= longest.max(first));
        prop_assert!(now <= lifetimes.of(Volatility::Upgradable, learned.confirmed(learned.at + later)));
        prop_assert_eq!(lifetimes.of(Volatility::Upgradable, Observation::new(learned.at + later)), first);
    }

    #[test]
    fn pauses_grow_with_the_failures(lifetimes in lifetimes(), seed: u64, failure in failure()) {
        let later = Failure { count: failure.count.saturating_add(2), ..failure };
        let (now, then) = (failure.pause(&lifetimes, seed), later.pause(&lifetimes, seed));
        // A quarter of jitter at most; two more failures quadruple, unless capped.
        prop_assert!(then >= now.mul_f64(0.74), "{now:?} {then:?}");
    }

    #[test]
    fn volatile_answers_expire_no_later(
        seed: u64, learned in learned(), now in 0..3_000_000u64,
    ) {
        let lifetimes = Lifetimes::new();
        let stages = [Volatility::Stable, Volatility::Upgradable, Volatility::Unknown].map(|volatility| {
            stage(decide_by(Some(learned), false, None, volatility, at(now), &lifetimes, seed)).min(2)
        });
        prop_assert!(stages.is_sorted(), "{stages:?}");
    }
}
