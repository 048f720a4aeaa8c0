//! Random portals enter, are held, let go of, recalled and claimed: what is
//! found is always what was found before.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::*;
use crate::freshness::Observation;
use crate::knowledge::Knowledge;
use crate::registry::SenderClaimOutcome;

mod eviction;
mod members;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

fn member(number: u8) -> PortalId {
    PortalId::of_member(&format!("{number:032x}")).unwrap()
}

fn address(number: u8) -> PortalId {
    format!("https://portal-{number}.example").parse().unwrap()
}

/// What leads where.
fn entries(directory: &Directory) -> HashMap<PortalId, Arc<Slot>> {
    let mut entries = HashMap::new();
    for shard in directory.members.each() {
        entries.extend(
            shard
                .iter()
                .map(|slot| (slot.member().unwrap(), Arc::clone(slot))),
        );
    }
    for shard in directory.addresses.each() {
        entries.extend(shard.iter().map(|slot| (slot.key().address(), Arc::clone(slot))));
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
        confirmed: bool,
    },
    SenderClaim {
        member: u8,
        address: Option<u8>,
    },
    Confirm {
        member: u8,
        address: u8,
    },
    Follow {
        from: u8,
        to: u8,
    },
    /// A portal answers.
    Answer(u8),
    LetGo(usize),
    Pin(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let member = prop_oneof![Just(None), (0..3u8).prop_map(Some)];
    let step = prop_oneof![
        6 => (member.clone(), 0..12u8, any::<bool>())
            .prop_map(|(member, address, hold)| Step::Enter { member, address, hold }),
        1 => (member, 0..12u8, any::<bool>())
            .prop_map(|(member, address, confirmed)| Step::Recall { member, address, confirmed }),
        1 => (0..3u8, prop::option::of(0..12u8)).prop_map(|(member, address)| Step::SenderClaim { member, address }),
        2 => (0..3u8, 0..12u8).prop_map(|(member, address)| Step::Confirm { member, address }),
        1 => (0..12u8, 0..12u8).prop_map(|(from, to)| Step::Follow { from, to }),
        4 => (0..12u8).prop_map(Step::Answer),
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
        let found = directory.at(&slot.key().address());
        prop_assert!(
            found.is_some_and(|found| Arc::ptr_eq(&found, &slot)),
            "and so does its address"
        );
    }
    Ok(())
}

/// Each address answers with a number of its own.
fn answer(address: u8) -> Knowledge {
    Knowledge::pinned(100 + u16::from(address))
}

fn take_in(slot: &Slot, answer: &Knowledge) {
    slot.with(|state| state.restore(answer, Observation::new(NOW), false, NOW));
}

/// What may be known at each address: what it has said, and what is proven to be of the
/// portal that is there now.
struct Allowed {
    answers: HashMap<u8, HashSet<u8>>,
    confirmed: HashMap<u8, u8>,
}

impl Allowed {
    fn new() -> Self {
        let answers = (0..12).map(|address| (address, HashSet::from([address])));
        Self {
            answers: answers.collect(),
            confirmed: HashMap::new(),
        }
    }

    fn confirm(&mut self, member: u8, address: u8) {
        if let Some(former) = self.confirmed.insert(member, address) {
            let answers = self.answers[&former].clone();
            self.answers.get_mut(&address).unwrap().extend(answers);
        }
        // Who was there before is there no more.
        self.confirmed
            .retain(|other, at| *other == member || *at != address);
    }

    fn check(&self, directory: &Directory) -> Result<(), TestCaseError> {
        for number in 0..12 {
            let Some(slot) = directory.at(&address(number)) else {
                continue;
            };
            let known = slot.with(|state| state.record()).map(|(known, ..)| known);
            let is_allowed = |known| self.answers[&number].iter().any(|from| answer(*from) == known);
            prop_assert!(known.is_none_or(is_allowed), "{number} knows {known:?}");
        }
        Ok(())
    }
}

proptest! {
    #[test]
    fn knowledge_stays_at_its_address(capacity in 0..14usize, steps in steps()) {
        let directory = Directory::new(Caps::unknown(), capacity, Duration::from_secs(60));
        let mut held = Vec::new();
        let mut allowed = Allowed::new();
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
                Step::Recall { member: number, address: at, confirmed } => {
                    let (id, address) = ids(number, at);
                    let slot = directory.recall(&id, &address, confirmed, NOW);
                    prop_assert!(is_at(&slot, &address));
                    if let Some(number) = number.filter(|_| confirmed && directory.at(&id).is_some_and(|own| is_confirmed(&own, id.as_member().unwrap()) && is_at(&own, &address))) {
                        allowed.confirmed.retain(|other, own| *other == number || *own != at);
                        allowed.confirmed.insert(number, at);
                    }
                    take_in(&slot, &answer(at));
                }
                Step::SenderClaim { member: number, address: at } => {
                    let keys = |directory: &Directory| {
                        let entries = entries(directory).into_iter();
                        entries.map(|(key, slot)| (key, Arc::as_ptr(&slot).addr())).collect::<HashMap<_, _>>()
                    };
                    let before = keys(&directory);
                    directory.record_sender(&member(number), at.map(address).as_ref());
                    prop_assert_eq!(keys(&directory), before, "a claim moves nobody");
                }
                Step::Confirm { member: number, address: at } => {
                    let event = directory.confirm(&member(number), &address(at), NOW);
                    if event.is_none() {
                        // Who was confirmed elsewhere was forgotten, or is here already.
                        allowed.confirmed.remove(&number);
                    }
                    allowed.confirm(number, at);
                    let found = directory.at(&member(number));
                    prop_assert!(found.is_some_and(|slot| is_at(&slot, &address(at))));
                    prop_assert!(directory.confirm(&member(number), &address(at), NOW).is_none());
                }
                Step::Follow { from, to } => {
                    if let Some(slot) = directory.at(&address(from)) {
                        let member_ = slot.member();
                        let leads = member_.as_ref().is_some_and(|id| directory.at(id).is_some_and(|own| Arc::ptr_eq(&own, &slot)));
                        let reached = directory.follow(&slot, &address(to), NOW);
                        prop_assert!(is_at(&reached, &address(to)));
                        if leads {
                            let found = directory.at(&member_.unwrap());
                            prop_assert!(found.is_some_and(|found| Arc::ptr_eq(&found, &reached)));
                            let moved: Vec<_> = allowed.confirmed.iter().filter(|(_, at)| **at == from).map(|(own, _)| *own).collect();
                            for own in moved {
                                allowed.confirmed.retain(|other, at| *other == own || *at != to);
                                allowed.confirmed.insert(own, to);
                            }
                        }
                        // The portal at the new address has answered.
                        take_in(&reached, &answer(to));
                    }
                }
                Step::Answer(at) => {
                    if let Some(slot) = directory.at(&address(at)) {
                        take_in(&slot, &answer(at));
                    }
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
            allowed.check(&directory)?;
        }
    }

    /// Without moves, whoever is held is found again, however full it is.
    #[test]
    fn held_slot_is_always_found(
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
                prop_assert!(found.is_some_and(|found| Arc::ptr_eq(&found, slot)));
            }
        }
    }
}
