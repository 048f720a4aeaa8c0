//! Members: which portal a `member_id` leads to.

use super::*;

#[test]
fn member_copies_stay_separate() {
    let directory = Directory::new(Caps::unknown(), 64, Duration::ZERO);
    let (original, event) = directory.enter(&member(0), &address(0), NOW);
    assert!(event.is_none());
    assert!(directory.at(&member(0)).is_some());
    for number in 1..20 {
        let (copy, event) = directory.enter(&member(0), &address(number), NOW);
        assert!(!Arc::ptr_eq(&copy, &original));
        let to = format!("https://portal-{number}.example/rest/");
        assert!(matches!(
            event,
            Some(Event::MoveClaimed { portal, to: at, by: ClaimedBy::Program }) if portal == address(0) && at == to
        ));
        assert!(
            directory.at(&member(0)).is_none(),
            "nobody knows which of them it is"
        );
    }
    assert!(directory.confirm(&member(0), &address(7), NOW).is_none());
    let found = directory.at(&member(0)).unwrap();
    assert!(is_at(&found, &address(7)), "the authorisation server knows");
    // Who comes later changes nothing of that.
    let (_, event) = directory.enter(&member(0), &address(30), NOW);
    assert!(matches!(event, Some(Event::MoveClaimed { .. })));
    assert!(is_at(&directory.at(&member(0)).unwrap(), &address(7)));
}

#[test]
fn contest_survives_evicted_copies() {
    let directory = Directory::new(Caps::unknown(), 16, Duration::ZERO);
    let (held, _) = directory.enter(&member(0), &address(0), NOW);
    directory.enter(&member(0), &address(1), NOW);
    for number in 2..40 {
        directory.enter(&address(number), &address(number), NOW);
    }
    assert!(directory.at(&address(1)).is_none(), "it was forgotten");
    assert!(
        directory.at(&member(0)).is_none(),
        "the one that is left may be the copy"
    );
    directory.confirm(&member(0), &address(0), NOW);
    assert!(Arc::ptr_eq(&directory.at(&member(0)).unwrap(), &held));
}

#[test]
fn contests_stay_beyond_the_limit() {
    let directory = Directory::new(Caps::unknown(), 1_000, Duration::ZERO);
    directory.write().contests = MemberConflicts::new(4);
    let contested = |number: u8| {
        let (_, first) = directory.enter(&member(number), &address(number), NOW);
        let (_, second) = directory.enter(&member(number), &address(number + 100), NOW);
        assert!(first.is_none() && second.is_some());
    };
    (0..50).for_each(contested);
    assert!((0..50).all(|number| directory.at(&member(number)).is_none()));
    // Claimed once more, and elsewhere alone.
    for number in 0..50 {
        directory.enter(&member(number), &address(200), NOW);
        assert!(directory.at(&member(number)).is_none());
    }
    directory.confirm(&member(40), &address(40), NOW);
    assert!(directory.at(&member(40)).is_some());
    directory.enter(&member(99), &address(99), NOW);
    assert!(directory.at(&member(99)).is_some(), "nobody else has claimed it");
}

#[test]
fn earlier_claim_hides_no_member() {
    let directory = Directory::new(Caps::unknown(), 64, Duration::ZERO);
    directory.enter(&member(1), &address(0), NOW);
    let (own, event) = directory.enter(&member(0), &address(0), NOW);
    assert!(event.is_none());
    assert!(Arc::ptr_eq(&directory.at(&member(0)).unwrap(), &own));
    let (outcome, _) = directory.record_sender(&member(0), Some(&address(1)));
    assert!(matches!(outcome, SenderClaimOutcome::MoveClaimed { from, .. } if from == address(0)));
    // It is claimed elsewhere too.
    let (_, event) = directory.enter(&member(0), &address(2), NOW);
    assert!(matches!(event, Some(Event::MoveClaimed { portal, .. }) if portal == address(0)));
    assert!(directory.at(&member(0)).is_none());
    assert!(directory.at(&member(1)).is_some());
    // The authorisation server knows better than who came first.
    directory.enter(&member(2), &address(0), NOW);
    directory.confirm(&member(0), &address(0), NOW);
    assert!(Arc::ptr_eq(&directory.at(&member(0)).unwrap(), &own));
    for other in 1..3 {
        assert!(directory.at(&member(other)).is_none());
    }
    directory.enter(&member(3), &address(0), NOW);
    assert!(directory.at(&member(3)).is_none());
}

#[test]
fn claims_per_address_are_limited() {
    let directory = Directory::new(Caps::unknown(), 64, Duration::ZERO);
    let (own, _) = directory.enter(&member(0), &address(0), NOW);
    for number in 1..200 {
        let (slot, _) = directory.enter(&member(number), &address(0), NOW);
        assert!(Arc::ptr_eq(&slot, &own));
        assert_eq!(directory.at(&member(number)).is_some(), number <= 8, "{number}");
    }
    assert!(Arc::ptr_eq(&directory.at(&member(0)).unwrap(), &own));
    // A later proof stands against all that was claimed.
    directory.confirm(&member(150), &address(0), NOW);
    assert!(Arc::ptr_eq(&directory.at(&member(150)).unwrap(), &own));
    for number in 0..9 {
        assert!(directory.at(&member(number)).is_none());
    }
}

#[test]
fn many_claims_hide_no_rename() {
    let directory = Directory::new(Caps::unknown(), 64, Duration::ZERO);
    let (own, _) = directory.enter(&member(0), &address(0), NOW);
    own.with(|state| state.restore(&answer(0), Observation::new(NOW), false, NOW));
    let is_marked_stale = || own.with(|state| state.record()).unwrap().2;
    let told = |number| {
        directory
            .record_sender(&member(0), Some(&address(number)))
            .1
            .is_some()
    };
    for number in 1..=8 {
        assert!(told(number) && !told(number));
    }
    assert!(is_marked_stale());
    assert_eq!(
        own.claim_address(&address(20)),
        (true, false),
        "nobody is asked for it"
    );
    assert!(told(9) && !told(9), "the rename");
    assert!(told(1), "it is forgotten");
}
