//! Random portals enter, are held, let go of, recalled and noticed: what is
//! found is always what was found before.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::knowledge::Knowledge;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn member(number: u8) -> PortalId {
    PortalId::of_member(&format!("{number:032x}")).unwrap()
}

fn address(number: u8) -> PortalId {
    format!("https://portal-{number}.example").parse().unwrap()
}

/// Tells the slot that answers in the end.
fn identity(slot: &Slot) -> usize {
    std::ptr::from_ref(slot.last()).addr()
}

/// What leads where.
fn entries(directory: &Directory) -> HashMap<PortalId, Arc<Slot>> {
    let mut entries = HashMap::new();
    for shard in directory.members.each() {
        entries.extend(
            shard
                .iter()
                .map(|slot| (slot.place().member().unwrap(), Arc::clone(slot))),
        );
    }
    for shard in directory.addresses.each() {
        entries.extend(
            shard
                .iter()
                .map(|slot| (slot.place().address(), Arc::clone(slot))),
        );
    }
    entries
}

fn distinct(directory: &Directory) -> usize {
    let entries = entries(directory);
    let slots = entries.values().map(Arc::as_ptr);
    slots.collect::<HashSet<_>>().len()
}

#[derive(Clone, Debug)]
enum Step {
    Enter {
        member: Option<u8>,
        address: u8,
        hold: bool,
    },
    Recall {
        member: Option<u8>,
        address: u8,
    },
    Notice {
        member: u8,
        address: Option<u8>,
    },
    LetGo(usize),
    Pin(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let member = prop_oneof![Just(None), (0..3u8).prop_map(Some)];
    let step = prop_oneof![
        6 => (member.clone(), 0..12u8, any::<bool>())
            .prop_map(|(member, address, hold)| Step::Enter { member, address, hold }),
        1 => (member, 0..12u8).prop_map(|(member, address)| Step::Recall { member, address }),
        1 => (0..3u8, prop::option::of(0..12u8)).prop_map(|(member, address)| Step::Notice { member, address }),
        2 => any::<usize>().prop_map(Step::LetGo),
        1 => any::<usize>().prop_map(Step::Pin),
    ];
    prop::collection::vec(step, 0..120)
}

/// What must be so after every step.
fn check(directory: &Directory) -> Result<(), TestCaseError> {
    prop_assert_eq!(directory.len(), distinct(directory), "every slot counts once");
    prop_assert_eq!(directory.all().len(), directory.len(), "and is listed once");
    for (key, slot) in entries(directory) {
        let found = directory.at(&key);
        prop_assert!(
            found.is_some_and(|found| Arc::ptr_eq(&found, &slot)),
            "{key} leads to it"
        );
        if let Some(member) = slot.place().member() {
            let found = directory.at(&member);
            prop_assert!(
                found.is_some_and(|found| Arc::ptr_eq(&found, &slot)),
                "found by its member_id"
            );
        }
        prop_assert!(slot.place().is_sound(), "{slot:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_portal_is_found_where_it_was_put(capacity in 0..6usize, steps in steps()) {
        let directory = Directory::new(Caps::unknown(), capacity, Duration::from_secs(60));
        let mut held = Vec::new();
        let ids = |member_: Option<u8>, at: u8| (member_.map_or_else(|| address(at), member), address(at));
        for step in steps {
            match step {
                Step::Enter { member, address, hold } => {
                    let (id, address) = ids(member, address);
                    let (slot, _) = directory.enter(&id, &address, NOW);
                    let found = directory.find(&id, &address);
                    prop_assert!(
                        found.is_some_and(|found| Arc::ptr_eq(&found, &slot)),
                        "what was entered is found, and nothing is left to tell"
                    );
                    let (again, event) = directory.enter(&id, &address, NOW);
                    prop_assert!(Arc::ptr_eq(&again, &slot) && event.is_none());
                    if hold {
                        held.push(slot);
                    }
                }
                Step::Recall { member, address } => {
                    let (id, address) = ids(member, address);
                    let before = directory.find(&id, &address);
                    let recalled = directory.recall(&id, &address, NOW);
                    // Not where it is kept apart from the member.
                    let is_its_own = directory.at(&id).is_some_and(|slot| is_at(&slot, &address));
                    if let Some(before) = before.filter(|_| is_its_own) {
                        prop_assert!(recalled.is_some_and(|slot| Arc::ptr_eq(&slot, &before)));
                    }
                }
                Step::Notice { member: number, address: at } => {
                    let keys = |directory: &Directory| {
                        let entries = entries(directory).into_iter();
                        entries.map(|(key, slot)| (key, identity(&slot))).collect::<HashMap<_, _>>()
                    };
                    let before = keys(&directory);
                    directory.notice(&member(number), at.map(address).as_ref());
                    prop_assert_eq!(keys(&directory), before, "a notice moves nobody");
                }
                Step::LetGo(nth) => {
                    if !held.is_empty() {
                        held.swap_remove(nth % held.len());
                    }
                }
                Step::Pin(nth) => {
                    if let Some(slot) = held.get(nth % held.len().max(1)) {
                        slot.with(|state| state.pin(Some(Knowledge::pinned(33))));
                    }
                }
            }
            check(&directory)?;
        }
    }

    /// Without moves, whoever is held is found again, however full it is.
    #[test]
    fn who_is_held_is_never_split_from_who_looks_up(
        capacity in 0..4usize,
        entries in prop::collection::vec((any::<bool>(), 0..8u8, any::<bool>()), 0..80),
    ) {
        let directory = Directory::new(Caps::unknown(), capacity, Duration::ZERO);
        let mut held: Vec<(u8, Arc<Slot>)> = Vec::new();
        for (by_member, number, hold) in entries {
            // A portal's member_id goes with its address, and may be known or not.
            let at = address(number);
            let id = if by_member { member(number) } else { at.clone() };
            let (slot, event) = directory.enter(&id, &at, NOW);
            prop_assert!(event.is_none());
            if hold {
                held.push((number, slot));
            }
            check(&directory)?;
            for (number, slot) in &held {
                let found = directory.find(&address(*number), &address(*number));
                prop_assert!(found.is_some_and(|found| identity(&found) == identity(slot)));
            }
        }
    }
}

#[test]
fn beyond_the_capacity_the_longest_unused_is_forgotten() {
    let at = |seconds| NOW + Duration::from_secs(seconds);
    let directory = Directory::new(Caps::unknown(), 32, Duration::from_secs(1_000));
    for number in 0..32 {
        let (slot, _) = directory.enter(&address(number), &address(number), at(0));
        // The later ones were used longer ago.
        slot.place().touch(at(100 - u64::from(number)));
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
fn the_idle_are_forgotten_when_it_is_full() {
    let at = |seconds| NOW + Duration::from_secs(seconds);
    let directory = Directory::new(Caps::unknown(), 32, Duration::from_secs(1_000));
    for number in 0..32 {
        let (slot, _) = directory.enter(&address(number), &address(number), at(0));
        slot.place().touch(at(if number < 20 { 1 } else { 1_500 }));
    }
    directory.enter(&address(32), &address(32), at(2_000));
    assert_eq!(directory.len(), 13);
}

#[test]
fn with_all_of_them_held_it_grows_and_does_not_look_each_time() {
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
fn without_capacity_a_new_portal_costs_no_look_at_all_that_are_held() {
    let directory = Directory::new(Caps::unknown(), 0, Duration::ZERO);
    let (mut held, mut looked_at) = (Vec::new(), 0);
    for number in 0..250 {
        let (slots, next) = (directory.len(), directory.books().next_sweep);
        held.push(directory.enter(&address(number), &address(number), NOW).0);
        if directory.books().next_sweep != next {
            looked_at += slots;
        }
    }
    // Each time it would be 31,125.
    assert!(looked_at < 32 * 250, "{looked_at}");
}

#[test]
fn making_room_for_a_copy_does_not_forget_the_original() {
    let directory = Directory::new(Caps::unknown(), 1, Duration::ZERO);
    directory.enter(&member(0), &address(0), NOW);
    let (own, _) = directory.enter(&member(0), &address(1), NOW);
    let own = Arc::as_ptr(&own);
    directory.enter(&member(0), &address(0), NOW);
    let found = directory.find(&member(0), &address(1)).unwrap();
    assert_eq!(Arc::as_ptr(&found), own);
}

#[test]
fn a_member_that_is_everywhere_stays_where_it_is() {
    let directory = Directory::new(Caps::unknown(), 64, Duration::ZERO);
    let (own, _) = directory.enter(&member(0), &address(0), NOW);
    for number in 1..=8 {
        let (slot, event) = directory.enter(&member(0), &address(number), NOW);
        assert!(Arc::ptr_eq(&slot, &own) && matches!(event, Some(Event::Moved { .. })));
    }
    let noticed = directory.notice(&member(0), Some(&address(9)));
    assert!(matches!(noticed, (Noticed::Contested, None)), "{noticed:?}");
    let mut slots = Vec::new();
    for number in (0..8).chain(9..40) {
        let (slot, event) = directory.enter(&member(0), &address(number), NOW);
        assert!(matches!(event, Some(Event::Contested { former, .. }) if former == address(number)));
        slots.push((number, slot));
    }
    slots.push((8, own));
    for (number, slot) in &slots {
        let found = directory.find(&member(0), &address(*number)).unwrap();
        assert!(Arc::ptr_eq(&found, slot), "{number} is found, and not told again");
    }
    assert_eq!(directory.len(), 40);
}

#[test]
fn an_address_that_comes_back_is_told_once() {
    let directory = Directory::new(Caps::unknown(), 16, Duration::ZERO);
    let (own, _) = directory.enter(&member(0), &address(0), NOW);
    let (moved, event) = directory.enter(&member(0), &address(1), NOW);
    assert!(Arc::ptr_eq(&own, &moved));
    assert!(matches!(event, Some(Event::Moved { to, .. }) if to == "https://portal-1.example/rest/"));
    let (apart, event) = directory.enter(&member(0), &address(0), NOW);
    assert!(!Arc::ptr_eq(&own, &apart));
    assert!(matches!(event, Some(Event::Contested { former, .. }) if former == address(0)));
    let found = directory.find(&member(0), &address(0)).unwrap();
    assert!(Arc::ptr_eq(&found, &apart), "and then found without a word");
    assert!(directory.enter(&member(0), &address(0), NOW).1.is_none());
    // A webhook at that address is with the copy, and one at the new address with the member.
    assert!(Arc::ptr_eq(
        &directory.find(&address(0), &address(0)).unwrap(),
        &apart
    ));
    assert!(Arc::ptr_eq(
        &directory.find(&address(1), &address(1)).unwrap(),
        &own
    ));
}

/// Whoever finds a portal at its new address is not answered by what was learned at the
/// old one as if nothing had happened.
#[test]
fn who_is_found_at_a_new_address_is_outdated() {
    use std::sync::atomic::AtomicBool;

    use crate::freshness::Learned;

    let fresh = AtomicUsize::new(0);
    let mut rounds = 0;
    while rounds < 20 && fresh.load(Ordering::SeqCst) == 0 {
        rounds += 1;
        let directory = Directory::new(Caps::unknown(), 10_000, Duration::from_secs(60));
        let now = NOW + Duration::from_secs(1_000);
        for number in 0..200 {
            let (slot, _) = directory.enter(&member(number), &address(0), now);
            slot.with(|state| state.restore(&Knowledge::pinned(33), Learned::anew(now), false, now));
        }
        let turn = AtomicUsize::new(0);
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (directory, fresh, turn, is_over) = (&directory, &fresh, &turn, &is_over);
            scope.spawn(move || {
                for number in 0..200_u8 {
                    turn.store(number.into(), Ordering::SeqCst);
                    directory.enter(&member(number), &address(1), now);
                }
                is_over.store(true, Ordering::SeqCst);
            });
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let number = u8::try_from(turn.load(Ordering::SeqCst)).unwrap();
                    if let Some(slot) = directory.find(&member(number), &address(1))
                        && slot
                            .with(|state| state.record())
                            .is_some_and(|(_, _, outdated)| !outdated)
                    {
                        fresh.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        });
    }
    assert_eq!(fresh.load(Ordering::SeqCst), 0, "after {rounds} rounds");
}
