//! Which portals a full directory evicts.

use super::*;

#[test]
fn least_recently_used_is_evicted() {
    let at = |seconds| NOW + Duration::from_secs(seconds);
    let directory = Directory::new(Caps::unknown(), 32, Duration::from_secs(1_000));
    for number in 0..32 {
        let (slot, _) = directory.enter(&address(number), &address(number), at(0));
        // The later ones were used longer ago.
        slot.key().touch(at(100 - u64::from(number)));
    }
    let held = directory.find(&address(31), &address(31));
    let pinned = directory.find(&address(30), &address(30)).unwrap();
    pinned.with(|state| state.pin(Some(Knowledge::pinned(33))));
    drop(pinned);
    directory.enter(&address(32), &address(32), at(101));
    let is_known =
        |directory: &Directory, number| directory.find(&address(number), &address(number)).is_some();
    assert!(is_known(&directory, 31), "it has a handle");
    assert!(is_known(&directory, 30), "it has a pin");
    for number in 28..30 {
        assert!(
            !is_known(&directory, number),
            "{number} was unused for the longest time"
        );
    }
    assert!((0..28).all(|number| is_known(&directory, number)));
    assert_eq!(directory.len(), 32 - 2 + 1, "a sixteenth is free, and one is new");
    drop(held);
}

#[test]
fn unanswered_portals_are_evicted_first() {
    let at = |seconds| NOW + Duration::from_secs(seconds);
    let directory = Directory::new(Caps::unknown(), 32, Duration::from_secs(1_000));
    let path = |number: u32| -> PortalId { format!("https://box.example/p{number}").parse().unwrap() };
    let good: PortalId = "https://box.example".parse().unwrap();
    let (slot, _) = directory.enter(&good, &good, at(0));
    slot.with(|state| state.restore(&Knowledge::pinned(33), Observation::new(at(0)), false, at(0)));
    drop(slot);
    for number in 0..200 {
        let (slot, _) = directory.enter(&path(number), &path(number), at(1));
        slot.key().touch(at(100));
    }
    assert!(directory.find(&good, &good).is_some());
    assert!(directory.len() <= 32);
}

#[test]
fn full_directory_evicts_idle_entries() {
    let at = |seconds| NOW + Duration::from_secs(seconds);
    let directory = Directory::new(Caps::unknown(), 32, Duration::from_secs(1_000));
    for number in 0..32 {
        let (slot, _) = directory.enter(&address(number), &address(number), at(0));
        slot.key().touch(at(if number < 20 { 1 } else { 1_500 }));
    }
    directory.enter(&address(32), &address(32), at(2_000));
    assert_eq!(directory.len(), 13);
}

#[test]
fn held_entries_outgrow_capacity_without_sweeps() {
    let directory = Directory::new(Caps::unknown(), 16, Duration::ZERO);
    let held: Vec<_> = (0..200)
        .map(|number| directory.enter(&address(number), &address(number), NOW).0)
        .collect();
    assert_eq!(directory.len(), 200);
    for (number, slot) in (0..200).zip(&held) {
        let found = directory.find(&address(number), &address(number)).unwrap();
        assert!(Arc::ptr_eq(&found, slot));
    }
    drop(held);
    // A sixteenth more, and it looks again.
    for number in 200..213 {
        directory.enter(&address(number), &address(number), NOW);
    }
    assert!(
        directory.len() <= 16,
        "{}: once they are free, they go",
        directory.len()
    );
}

#[test]
fn zero_capacity_insert_avoids_full_scans() {
    let directory = Directory::new(Caps::unknown(), 0, Duration::ZERO);
    let (mut held, mut looked_at) = (Vec::new(), 0);
    for number in 0..250 {
        let (slots, next) = (directory.len(), directory.write().next_sweep);
        held.push(directory.enter(&address(number), &address(number), NOW).0);
        if directory.write().next_sweep != next {
            looked_at += slots;
        }
    }
    // Each time it would be 31,125.
    assert!(looked_at < 32 * 250, "{looked_at}");
}

#[test]
fn eviction_removes_later_member() {
    let directory = Directory::new(Caps::unknown(), 16, Duration::ZERO);
    directory.enter(&member(1), &address(0), NOW);
    directory.enter(&member(0), &address(0), NOW);
    for number in 1..40 {
        directory.enter(&address(number), &address(number), NOW);
    }
    assert!(directory.at(&member(0)).is_none());
    assert!(directory.later().is_empty());
}
