use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::caps::Caps;
use crate::freshness::Lifetimes;
use crate::revision::Revisions;

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
fn take_in(
    state: &mut State,
    portal: &Portal,
    found: Result<Found, ProbeError>,
    now: SystemTime,
) -> (Result<(), ProbeError>, Vec<Event>) {
    state.take_in(portal, found, now, now)
}

fn portal() -> Portal {
    Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/").unwrap()
}

/// What is known when the revision is and module `imbot` is not.
fn half(trouble: Trouble) -> Found {
    Found {
        known: Knowledge::from_im_revision_get(&Revisions::rest_only(36)),
        incomplete: Some(ProbeError::new(&portal(), REVISION_GET, trouble)),
        moved_to: None,
    }
}

fn whole() -> Found {
    Found {
        known: Knowledge::from_imbot_revision_get(&Revisions::rest_only(36)),
        incomplete: None,
        moved_to: None,
    }
}

fn passing() -> Trouble {
    Trouble::Deadline(Duration::from_secs(10))
}

fn at(state: &mut State, seconds: u64) -> Decision {
    let now = UNIX_EPOCH + Duration::from_secs(seconds);
    state.decide(Question::All, &portal(), now, &settings(), 7).0
}

#[test]
fn half_an_answer_is_served_and_the_other_half_asked_for_behind_when_what_failed_passes() {
    let mut state = State::default();
    let (outcome, _) = take_in(&mut state, &portal(), Ok(half(passing())), UNIX_EPOCH);
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 0), Decision::Serve, "its pause");
    assert_eq!(at(&mut state, 1), Decision::Revalidate);
    // The second time the pause is longer, and a whole answer ends it.
    let (outcome, events) = take_in(
        &mut state,
        &portal(),
        Ok(half(passing())),
        UNIX_EPOCH + Duration::from_secs(1),
    );
    assert!(outcome.is_ok());
    assert!(matches!(events.as_slice(), [Event::Refreshed { .. }]));
    assert_eq!(at(&mut state, 2), Decision::Serve);
    assert_eq!(at(&mut state, 3), Decision::Revalidate);
    let (outcome, _) = take_in(
        &mut state,
        &portal(),
        Ok(whole()),
        UNIX_EPOCH + Duration::from_secs(3),
    );
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 3_600), Decision::Serve);
}

#[test]
fn half_an_answer_for_want_of_a_scope_is_good_for_as_long_as_what_is_not_known() {
    let mut state = State::default();
    let (outcome, _) = take_in(
        &mut state,
        &portal(),
        Ok(half(Trouble::LessThanKnown)),
        UNIX_EPOCH,
    );
    assert!(outcome.is_ok());
    assert_eq!(at(&mut state, 539), Decision::Serve);
    assert_eq!(at(&mut state, 600), Decision::Revalidate);
}

#[test]
fn half_an_answer_takes_nothing_from_a_whole_one_and_its_failure_is_the_portals() {
    let mut state = State::default();
    drop(take_in(&mut state, &portal(), Ok(whole()), UNIX_EPOCH));
    let later = UNIX_EPOCH + Duration::from_secs(30 * 86_400);
    let (outcome, events) = take_in(&mut state, &portal(), Ok(half(passing())), later);
    assert!(matches!(outcome.unwrap_err().trouble(), Trouble::Deadline(_)));
    assert!(matches!(events.as_slice(), [Event::Failed { .. }]));
    assert_eq!(state.view().imbot_v2(), Some(true));
    let other = Portal::webhook("https://acme.bitrix24.com/rest/2/another/").unwrap();
    let (decision, error) = state.decide(Question::All, &other, later, &settings(), 7);
    assert_eq!(decision, Decision::Refuse);
    assert!(error.is_some());
}

#[test]
fn what_is_known_whole_is_so_whatever_else_failed() {
    let mut state = State::default();
    let found = Found {
        incomplete: half(passing()).incomplete,
        ..whole()
    };
    drop(take_in(&mut state, &portal(), Ok(found), UNIX_EPOCH));
    assert_eq!(at(&mut state, 3_600), Decision::Serve);
}
