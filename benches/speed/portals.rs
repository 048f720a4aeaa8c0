//! Finding a portal by its key, and entering portals.
//!
//! Keys come in an order without a pattern, each from memory of its own, as those of
//! incoming events do, and not shared with the keys in the maps.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use foldhash::fast::RandomState;
use imbot_caps::{Caps, Feature, Knowledge, Portal, PortalId, Registry};
use scc::HashIndex;

use super::harness::{Effort, Rows};
use super::report::{Figure, Report, Target};
use super::sample::{self, Key, Numbers, company, first_revisions, shuffled};

pub fn run(effort: Effort, report: &mut Report) {
    let many = if effort.quick { 200_000 } else { 1_000_000 };
    for portals in [20_000, many] {
        find(portals, effort, report);
    }
    enter(many, effort, report);
}

/// The one place that finds what is known of a portal by its key.
fn known(registry: &Registry, id: &PortalId) -> Caps {
    registry.get(id).unwrap_or_else(Caps::unknown)
}

/// All that answers by one kind of key.
struct Answers {
    questions: Vec<PortalId>,
    /// Some of them, to learn something new of.
    portals: Vec<Portal>,
    registry: Registry,
    dash: DashMap<PortalId, u32, RandomState>,
    papaya: papaya::HashMap<PortalId, u32, RandomState>,
    index: HashIndex<PortalId, u32, RandomState>,
    locked: RwLock<HashMap<PortalId, u32, RandomState>>,
    plain: RwLock<HashMap<PortalId, u32>>,
    hasher: RandomState,
    lines: Vec<[u64; 8]>,
    features: Vec<Feature>,
    since: [u16; 256],
    /// How many passes there were: each goes on with the keys where another ended.
    passes: AtomicUsize,
}

/// Keys of one pass.
const PASS: usize = 1_000;

impl Answers {
    fn new(portals: usize, key: Key) -> Self {
        let registry = sample::registry(portals);
        assert_eq!(registry.restore(&sample::snapshot(portals, key)).taken, portals);
        let dash = DashMap::with_hasher(RandomState::default());
        let papaya = papaya::HashMap::with_hasher(RandomState::default());
        let index = HashIndex::with_hasher(RandomState::default());
        let mut locked = HashMap::with_hasher(RandomState::default());
        let mut plain = HashMap::new();
        for number in 0..portals {
            let (company, rest) = (company(number), if number % 4 == 0 { 34 } else { 36 });
            let id = || company.id(key);
            dash.insert(id(), rest);
            papaya.pin().insert(id(), rest);
            drop(index.insert_sync(id(), rest));
            locked.insert(id(), rest);
            plain.insert(id(), rest);
        }
        let mut order: Vec<usize> = (0..portals).collect();
        let mut numbers = Numbers::new(3);
        (1..portals)
            .rev()
            .for_each(|last| order.swap(last, numbers.below(last + 1)));
        let some = order.iter().take(PASS);
        Self {
            portals: some.map(|&number| company(number).portal(key)).collect(),
            questions: order.iter().map(|&number| company(number).id(key)).collect(),
            registry,
            dash,
            papaya,
            index,
            locked: RwLock::new(locked),
            plain: RwLock::new(plain),
            hasher: RandomState::default(),
            lines: vec![[34; 8]; portals.next_power_of_two()],
            features: shuffled(Feature::all()),
            since: first_revisions(),
            passes: AtomicUsize::new(0),
        }
    }

    /// One pass over the next keys.
    #[inline(always)]
    fn pass(&self, has: impl Fn(&PortalId, Feature) -> bool) -> usize {
        let pass = self.passes.fetch_add(1, Ordering::Relaxed);
        let from = pass * PASS % self.questions.len();
        for (id, feature) in self.questions[from..from + PASS].iter().zip(&self.features) {
            black_box(has(id, *feature));
        }
        PASS
    }

    #[inline(always)]
    fn is_met(&self, rest: u32, feature: Feature) -> bool {
        u32::from(self.since[feature as usize]) <= rest
    }

    fn hash_and_touch(&self) -> usize {
        self.pass(|id, feature| {
            let line = self.hasher.hash_one(id) as usize & (self.lines.len() - 1);
            self.is_met(self.lines[line][0] as u32, feature)
        })
    }

    fn ours(&self) -> usize {
        self.pass(|id, feature| known(&self.registry, id).supports(feature))
    }

    fn by_dash(&self) -> usize {
        self.pass(|id, feature| {
            let rest = self.dash.get(id);
            rest.is_some_and(|rest| self.is_met(*rest, feature))
        })
    }

    fn by_papaya(&self) -> usize {
        let map = self.papaya.pin();
        self.pass(|id, feature| {
            let rest = map.get(id);
            rest.is_some_and(|rest| self.is_met(*rest, feature))
        })
    }

    fn by_index(&self) -> usize {
        self.pass(|id, feature| {
            let met = self.index.peek_with(id, |_, rest| self.is_met(*rest, feature));
            met.unwrap_or_default()
        })
    }

    fn by_lock<S: BuildHasher>(&self, map: &RwLock<HashMap<PortalId, u32, S>>) -> usize {
        self.pass(|id, feature| {
            let map = map.read().unwrap();
            map.get(id).is_some_and(|rest| self.is_met(*rest, feature))
        })
    }
}

fn find(portals: usize, effort: Effort, report: &mut Report) {
    let effort = effort.rounds_of(if portals > 20_000 { 40 } else { 10 }, 21);
    let both = [Key::Domain, Key::Member].map(|key| (key, Answers::new(portals, key)));
    let mut rows = Rows::default();
    // Of each kind of key: the floor, ours, and the concurrent maps.
    let ids = both.each_ref().map(|(key, answers)| {
        let name = |what: &str| format!("{what} ({key})");
        let floor = rows.add(name("floor: hash and touch"), PASS, || answers.hash_and_touch());
        let ours = rows.add(name("registry"), PASS, || answers.ours());
        let maps = [
            rows.add(name("DashMap, foldhash"), PASS, || answers.by_dash()),
            rows.add(name("papaya, foldhash"), PASS, || answers.by_papaya()),
            rows.add(name("scc::HashIndex, foldhash"), PASS, || answers.by_index()),
        ];
        rows.add(name("RwLock<HashMap>, foldhash"), PASS, || {
            answers.by_lock(&answers.locked)
        });
        rows.add(name("RwLock<HashMap>"), PASS, || answers.by_lock(&answers.plain));
        (floor, ours, maps)
    });
    let (_, domain) = &both[0];
    rows.add_on_two("floor: hash and touch (domain), 2 threads", PASS, || {
        domain.hash_and_touch()
    });
    rows.add_on_two("registry (domain), 2 threads", PASS, || domain.ours());
    rows.add_on_two("DashMap (domain), 2 threads", PASS, || domain.by_dash());
    rows.add_on_two("papaya (domain), 2 threads", PASS, || domain.by_papaya());
    let turn = AtomicUsize::new(0);
    let next = || {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        (turn % PASS, turn / PASS)
    };
    let knowledge = [34, 36].map(Knowledge::pinned);
    rows.add_beside(
        "registry (domain), while another thread refreshes portals",
        PASS,
        || domain.ours(),
        || {
            let (at, turn) = next();
            domain
                .registry
                .handle(&domain.portals[at])
                .pin(knowledge[turn % 2]);
        },
    );
    rows.add_beside(
        "DashMap (domain), while another thread refreshes portals",
        PASS,
        || domain.by_dash(),
        || {
            let (at, turn) = next();
            *domain.dash.get_mut(&domain.questions[at]).unwrap() = if turn % 2 == 0 { 34 } else { 36 };
        },
    );
    let measured = rows.measure(effort);
    for (_, ours, maps) in &ids {
        let fastest = measured.fastest(maps);
        let map = measured.name(fastest);
        let name = format!("{portals} portals by key; floor: {map}");
        report.hold(name, &measured, *ours, fastest, Target::Times(1.2));
    }
    let [(floor, by_domain, _), (_, by_member, _)] = ids;
    let name = format!("{portals} portals by member_id; floor: registry by domain");
    report.hold(name, &measured, by_member, by_domain, Target::Faster(2.0));
    report.further_rows(&format!("{portals} portals, one look-up"), &measured, floor);
}

/// Entering portals that a registry does not know.
fn enter(many: usize, effort: Effort, report: &mut Report) {
    let portals: Vec<Portal> = (0..many)
        .map(|number| company(number).portal(Key::Domain))
        .collect();
    let effort = effort.rounds_of(1, 5);
    let sizes = [1_000, 10_000, 100_000, many];
    let mut rows = Rows::default();
    let ids = sizes.map(|size| {
        let portals = &portals[..size];
        let ours = rows.sampled(format!("{size} into a registry"), move |round| {
            per_insert(
                portals,
                round,
                || sample::registry(size),
                |registry, portal| {
                    black_box(registry.handle(portal));
                },
            )
        });
        let floor = rows.sampled(format!("{size} into a HashMap"), move |round| {
            per_insert(
                portals,
                round,
                HashMap::new,
                |map: &mut HashMap<PortalId, u64>, portal| {
                    map.insert(portal.id().clone(), 34);
                },
            )
        });
        (ours, floor)
    });
    let measured = rows.measure(effort);
    let [(first, first_floor), .., (last, last_floor)] = ids;
    let name = format!("insert of {many} portals, each; floor: HashMap");
    report.hold(name, &measured, last, last_floor, Target::Times(3.0));
    // Flat as far as memory is: beyond the caches a plain map slows down as well, and the
    // registry is to do no more than that.
    let (ours, floor) = (
        measured.ratio(last, first),
        measured.ratio(last_floor, first_floor),
    );
    report.hold_figures(
        format!("insert of {many}, each, to that of 1000; floor: HashMap's own"),
        Figure::Number(ours.median),
        Figure::Number(floor.median),
        ours.over(floor.median),
        Target::Times(1.0),
    );
    report.further_rows("entering portals, each", &measured, first_floor);
}

/// Fills new ones until the time is over; what it takes to make one and to drop it is
/// left out. Nanoseconds for one insert.
fn per_insert<M>(
    portals: &[Portal],
    round: Duration,
    make: impl Fn() -> M,
    insert: impl Fn(&mut M, &Portal),
) -> f64 {
    let (mut spent, mut inserted) = (Duration::ZERO, 0_usize);
    while spent < round {
        let mut map = make();
        let begin = Instant::now();
        portals.iter().for_each(|portal| insert(&mut map, portal));
        spent += begin.elapsed();
        inserted += portals.len();
    }
    spent.as_nanos() as f64 / inserted as f64
}
