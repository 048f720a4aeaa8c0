use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::caps::Caps;
use crate::freshness::Lifetimes;
use crate::portal_probe::{Found, ProbeErrorKind};
use crate::registry::event::Event;
use crate::revision::{Counter, Revision, Revisions};
use crate::transport::TransportError;
use crate::wire::REVISION_GET;

fn settings() -> Settings {
    Settings {
        reading: Caps::unknown(),
        cap: None,
        deadline: Duration::from_secs(10),
        redirects: Default::default(),
        lifetimes: Lifetimes::new(),
        newest: 36,
    }
}

/// Asked and answered at this moment.
fn apply_probe(
    state: &mut State,
    portal: &Portal,
    found: Result<Found, ProbeError>,
    now: SystemTime,
) -> (Result<(), ProbeError>, Vec<Event>) {
    state.apply_probe(portal, found, now, now)
}

fn portal() -> Portal {
    Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap()
}

/// What is known when the revision is and module `imbot` is not.
fn half(trouble: ProbeErrorKind) -> Found {
    Found {
        known: Knowledge::from_im_revision_get(&Revisions::rest_only(36)),
        incomplete: Some(ProbeError::new(&portal(), REVISION_GET, trouble)),
        moved_to: None,
    }
}

fn whole() -> Found {
    of(36)
}

fn of(rest: Revision) -> Found {
    Found {
        known: Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest)),
        incomplete: None,
        moved_to: None,
    }
}

fn passing() -> ProbeErrorKind {
    ProbeErrorKind::Deadline(Duration::from_secs(10))
}

fn at(state: &mut State, seconds: u64) -> Decision {
    let now = UNIX_EPOCH + Duration::from_secs(seconds);
    state.decide(Purpose::All, &portal(), now, &settings(), 7).0
}

#[test]
fn transient_partial_answer_is_refreshed() {
    let mut state = State::default();
    let (outcome, _) = apply_probe(&mut state, &portal(), Ok(half(passing())), UNIX_EPOCH);
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 0), Decision::Serve, "its pause");
    assert_eq!(at(&mut state, 1), Decision::Revalidate);
    // The second time the pause is longer, and a whole answer ends it.
    let (outcome, events) = apply_probe(
        &mut state,
        &portal(),
        Ok(half(passing())),
        UNIX_EPOCH + Duration::from_secs(1),
    );
    assert!(outcome.is_ok());
    assert!(matches!(events.as_slice(), [Event::Refreshed { .. }]));
    assert_eq!(at(&mut state, 2), Decision::Serve);
    assert_eq!(at(&mut state, 3), Decision::Revalidate);
    let (outcome, _) = apply_probe(
        &mut state,
        &portal(),
        Ok(whole()),
        UNIX_EPOCH + Duration::from_secs(3),
    );
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 3_600), Decision::Serve);
}

#[test]
fn scopeless_partial_answer_expires_as_unknown() {
    let mut state = State::default();
    let (outcome, _) = apply_probe(
        &mut state,
        &portal(),
        Ok(half(ProbeErrorKind::LessThanKnown)),
        UNIX_EPOCH,
    );
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 539), Decision::Serve);
    assert_eq!(at(&mut state, 600), Decision::Revalidate);
}

#[test]
fn partial_answer_keeps_earlier_whole_answer() {
    let mut state = State::default();
    drop(apply_probe(&mut state, &portal(), Ok(whole()), UNIX_EPOCH));
    let later = UNIX_EPOCH + Duration::from_secs(30 * 86_400);
    let refused = ProbeErrorKind::Transport(TransportError::Connect("refused".to_owned()));
    let (outcome, events) = apply_probe(&mut state, &portal(), Ok(half(refused)), later);
    assert!(matches!(
        outcome.unwrap_err().kind(),
        ProbeErrorKind::Transport(_)
    ));
    assert!(matches!(events.as_slice(), [Event::Failed { .. }]));
    assert_eq!(state.view().imbot_v2(), Some(true));
    let other = Portal::webhook("https://acme.bitrix24.com/rest/2/another/").unwrap();
    let (decision, error) = state.decide(Purpose::All, &other, later, &settings(), 7);
    assert_eq!(decision, Decision::ReturnError);
    assert!(error.is_some());
}

#[test]
fn whole_answer_stays_fresh_despite_failure() {
    let mut state = State::default();
    let found = Found {
        incomplete: half(passing()).incomplete,
        ..whole()
    };
    drop(apply_probe(&mut state, &portal(), Ok(found), UNIX_EPOCH));
    assert_eq!(at(&mut state, 3_600), Decision::Serve);
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn learned(at: u64, same_since: u64) -> Observation {
    Observation {
        at: time(at),
        same_since: time(same_since),
    }
}

/// A portal that answered this, at these times.
fn asked(answers: &[(Revision, u64)]) -> State {
    let mut state = State::default();
    for (rest, seconds) in answers {
        let (outcome, _) = apply_probe(&mut state, &portal(), Ok(of(*rest)), time(*seconds));
        assert!(outcome.is_ok());
    }
    state
}

#[track_caller]
fn is(state: &State, rest: Revision, at: u64, same_since: u64) {
    assert_eq!(state.known.rest(), Some(rest));
    assert_eq!(state.learned, Some(learned(at, same_since)));
}

#[test]
fn same_since_starts_at_first_answer() {
    is(&asked(&[(34, 5)]), 34, 5, 5);
    is(&asked(&[(34, 5), (34, 9), (34, 20)]), 34, 20, 5);
    is(&asked(&[(34, 5), (35, 9), (35, 20)]), 35, 20, 9);
    is(&asked(&[(35, 5), (34, 9), (34, 20)]), 34, 20, 9);
    is(&asked(&[(34, 5), (35, 9), (34, 20)]), 34, 20, 20);
    // What somebody else said, or a failure, is no answer.
    let mut state = State::default();
    state.assume(&of(34).known);
    drop(apply_probe(&mut state, &portal(), Ok(of(34)), time(5)));
    is(&state, 34, 5, 5);
    let error = ProbeError::new(&portal(), REVISION_GET, passing());
    drop(apply_probe(&mut state, &portal(), Err(error), time(9)));
    is(&state, 34, 5, 5);
    // An event is none either, and takes nothing from an answer that stays.
    state.mark_stale();
    drop(apply_probe(&mut state, &portal(), Ok(of(34)), time(9)));
    is(&state, 34, 9, 5);
}

#[test]
fn partial_change_resets_same_since() {
    let mut state = asked(&[(34, 5), (34, 100)]);
    // Less than was known, and nothing against it.
    let less = Found {
        known: Knowledge::revision_get_exists(),
        ..half(ProbeErrorKind::LessThanKnown)
    };
    drop(apply_probe(&mut state, &portal(), Ok(less), time(150)));
    is(&state, 34, 100, 5);
    // What was not known before is a change, though it may have been so all the time.
    let mut state = State::default();
    drop(apply_probe(&mut state, &portal(), Ok(half(passing())), time(5)));
    assert_eq!(state.learned, Some(learned(5, 5)));
    drop(apply_probe(&mut state, &portal(), Ok(whole()), time(9)));
    is(&state, 36, 9, 9);
    // What a call has shown besides says no time: it was after the last answer.
    let mut state = State::default();
    drop(apply_probe(&mut state, &portal(), Ok(half(passing())), time(5)));
    drop(apply_probe(&mut state, &portal(), Ok(half(passing())), time(9)));
    assert_eq!(state.learned, Some(learned(9, 5)));
    let nothing = Knowledge::unknown();
    state.report_found(&nothing);
    assert_eq!(state.learned, Some(learned(9, 5)));
    state.report_found(&Knowledge::imbot_v2_exists());
    assert_eq!(state.learned, Some(learned(9, 9)));
}

#[test]
fn clock_set_back_extends_no_lifetime() {
    for (set, same_since) in [(50, 5), (5, 5), (1, 1)] {
        let mut state = asked(&[(34, 5), (34, 100)]);
        assert_ne!(at(&mut state, set), Decision::Serve, "it is asked");
        is(&state, 34, set, same_since);
        drop(apply_probe(&mut state, &portal(), Ok(of(34)), time(set)));
        is(&state, 34, set, same_since);
    }
    // Nobody looked before it was asked again.
    let mut state = asked(&[(34, 5), (34, 100)]);
    drop(apply_probe(&mut state, &portal(), Ok(of(34)), time(3)));
    is(&state, 34, 3, 3);
}

#[test]
fn merged_answers_keep_earlier_same_since() {
    // At the one, at the other, and of both: since when.
    for (one, other, rest, at, same_since) in [
        ((34, 100, 50), (34, 200, 150), 34, 200, 50),
        ((34, 100, 50), (34, 200, 20), 34, 200, 20),
        ((34, 100, 50), (34, 100, 100), 34, 100, 50),
        // It has changed: not before the older was learned.
        ((34, 100, 50), (35, 200, 150), 35, 200, 150),
        ((34, 100, 50), (35, 200, 20), 35, 200, 100),
        ((35, 100, 50), (34, 200, 120), 34, 200, 120),
    ] {
        let state = |(rest, at, same_since): (Revision, u64, u64)| {
            let mut state = State::default();
            assert!(state.restore(&of(rest).known, learned(at, same_since), false, time(1_000)));
            state
        };
        for (first, second) in [(one, other), (other, one)] {
            let mut own = state(first);
            own.restore(
                &of(second.0).known,
                learned(second.1, second.2),
                false,
                time(1_000),
            );
            is(&own, rest, at, same_since);
        }
    }
    // By a clock that ran ahead: the same for as long as it says, up to now.
    let mut state = State::default();
    assert!(state.restore(&of(34).known, learned(500, 50), false, time(100)));
    is(&state, 34, 100, 50);
    assert!(state.outdated);
    let mut state = State::default();
    assert!(state.restore(&of(34).known, learned(90, 500), false, time(100)));
    is(&state, 34, 90, 100);
}

#[test]
fn combined_knowledge_takes_latest_same_since() {
    let poor = Knowledge::revision_get_exists();
    let mut state = asked(&[(34, 5), (34, 100)]);
    assert!(!state.restore(&poor, learned(200, 150), false, time(1_000)));
    is(&state, 34, 100, 150);
    drop(apply_probe(&mut state, &portal(), Ok(of(34)), time(300)));
    is(&state, 34, 300, 150);
}

fn counting(rest: Revision, mobile: Revision) -> Found {
    let seen = Revisions::rest_only(rest).with(Counter::Mobile, mobile);
    Found {
        known: Knowledge::from_imbot_revision_get(&seen),
        incomplete: None,
        moved_to: None,
    }
}

#[test]
fn other_counter_change_resets_same_since() {
    const DAY: u64 = 86_400;
    let mut state = State::default();
    for day in 0..30 {
        drop(apply_probe(
            &mut state,
            &portal(),
            Ok(counting(33, 20)),
            time(day * DAY),
        ));
    }
    let changed = 30 * DAY;
    drop(apply_probe(
        &mut state,
        &portal(),
        Ok(counting(33, 21)),
        time(changed),
    ));
    let needs = crate::Requirement::on("acme.call", Counter::Mobile, 22);
    assert_eq!(state.view().get(Counter::Mobile), Some(21), "it did change");
    let (decision, _) = state.decide(
        Purpose::One(needs.range),
        &portal(),
        time(changed + 3_700),
        &settings(),
        7,
    );
    assert_eq!(
        decision,
        Decision::Revalidate,
        "the first hour after a change is over"
    );
}
