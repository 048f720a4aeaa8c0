use std::collections::HashSet;
use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::knowledge::{ImbotGeneration, Provenance};
use crate::revision::Revisions;

const LEVELS: [ImbotGeneration; 3] = [
    ImbotGeneration::Absent,
    ImbotGeneration::WithoutRevisionGet,
    ImbotGeneration::WithRevisionGet,
];

/// Any knowledge, with other counters than REST.
fn knowledge() -> impl Strategy<Value = Knowledge> {
    let rest = (0..=45_u16, proptest::option::of(0..=9_u16));
    let levels = (0..3_usize, 0..3_usize);
    (rest, levels, any::<(u16, u16)>()).prop_map(|((least, more), (one, other), (web, desktop))| {
        let others = Revisions::default()
            .with(Axis::Web, web)
            .with(Axis::Desktop, desktop);
        let (least_level, most_level) = (LEVELS[one.min(other)], LEVELS[one.max(other)]);
        Knowledge::from_im_revision_get(&others)
            .bound_rest(least, more.map(|more| least + more), Provenance::ImRevisionGet)
            .bound_imbot(least_level, most_level, Provenance::MethodExists)
    })
}

fn lenses() -> Vec<Lens> {
    let overlay = r#"
        title = "acme"
        version = "0.1.0"
        requires = "^1"
        [[feature]]
        id = "acme.voice"
        title = "Voice"
        kind = "new"
        requires = { rest = 41 }
        until = 43
        applies = { methods = ["acme.voice"] }
        source = "https://example.com/acme"
        confidence = "inferred"
    "#;
    let table = Table::builtin().with_overlay(overlay).unwrap().leak();
    let policies = [
        OnUnknown::Deny,
        OnUnknown::Allow,
        OnUnknown::AssumeAtLeast(34),
        OnUnknown::AssumeAtLeast(60),
    ];
    let own = policies.map(|on_unknown| Lens {
        on_unknown,
        ..Lens::builtin()
    });
    let all = own.into_iter().chain([
        Lens {
            trust: Trust::Observed,
            ..Lens::builtin()
        },
        Lens {
            table,
            ..Lens::builtin()
        },
        Lens {
            ceiling: Some(34),
            ..Lens::builtin()
        },
    ]);
    all.collect()
}

proptest! {
    #[test]
    fn what_is_seen_less_exactly_is_answered_alike(known in knowledge()) {
        for lens in lenses() {
            let coarse = lens.coarse(&known);
            prop_assert_eq!(lens.coarse(&coarse), coarse, "{:?}", lens);
            prop_assert!(coarse.meet(&known).is_ok(), "{} is no less than {}", coarse, known);
            for gate in (0..lens.table.rows.len()).filter_map(|row| lens.gate_at(row)) {
                prop_assert_eq!(gate.decide(&coarse), gate.decide(&known), "{:?}: {} and {}", gate, coarse, known);
                prop_assert_eq!(lens.supports(gate, &coarse), lens.supports(gate, &known), "{:?}", gate);
            }
        }
    }

    #[test]
    fn a_bit_is_what_the_gate_decides(known in knowledge()) {
        for lens in lenses() {
            let reading = lens.read(known);
            for (feature, gate) in Feature::all().zip(lens.gates()) {
                let decided = lens.supports(*gate, &known);
                prop_assert_eq!(reading.supported.contains(feature), decided, "{}", feature);
            }
        }
    }
}

#[test]
fn one_state_is_read_once() {
    let readings = Readings::new(8);
    let known = Knowledge::pinned(33);
    let one = readings.get(&known, Lens::builtin(), None);
    assert!(std::ptr::eq(one, readings.get(&known, Lens::builtin(), None)));
    let allowing = Lens {
        on_unknown: OnUnknown::Allow,
        ..Lens::builtin()
    };
    assert!(!std::ptr::eq(one, readings.get(&known, allowing, None)));
    assert_eq!(one.known, known);
}

/// What a portal reports that has another number each time.
fn random(number: u16) -> Knowledge {
    let seen = Revisions::rest_only(number % 60).with(Axis::Web, number);
    Knowledge::from_imbot_revision_get(&seen)
}

/// How many of these are seen exactly. No answer of a row may change.
fn seen_exactly(readings: &Readings, numbers: Range<u16>, account: Option<&dyn Fn() -> Account>) -> usize {
    let is_exact = |number: &u16| {
        let known = random(*number);
        let reading = readings.get(&known, Lens::builtin(), account);
        assert!(reading.known.meet(&known).is_ok(), "{number}");
        if number.is_multiple_of(97) {
            let answers = Lens::builtin().read(known).supported;
            assert_eq!(reading.supported, answers, "{number}");
        }
        reading.known == known
    };
    numbers.filter(is_exact).count()
}

#[test]
fn random_numbers_take_the_room_there_is() {
    let readings = Readings::new(100);
    let exact = seen_exactly(&readings, 0..50_000, None);
    assert_eq!(exact, 50, "the program's half");
    let of_site = |number: u16| Account::new(&format!("{number}.example"), "https://x.example");
    for number in 0..200 {
        let number = 50_000 + number;
        seen_exactly(&readings, number..number + 1, Some(&|| of_site(number)));
    }
    let kept = readings.made().readings.len();
    let edges: HashSet<_> = Lens::builtin().edges().collect();
    assert!((101..=100 + edges.len() + 3).contains(&kept), "{kept}");
}

#[test]
fn portal_spends_its_own_share() {
    let readings = Readings::new(16_384);
    let evil = || Account::new("evil.example", "https://a.evil.example");
    let sibling = || Account::new("evil.example", "https://b.evil.example");
    let good = || Account::new("good.example", "https://good.example");
    assert_eq!(seen_exactly(&readings, 0..20_000, Some(&evil)), 128);
    assert_eq!(seen_exactly(&readings, 20_000..20_010, Some(&sibling)), 10);
    assert_eq!(seen_exactly(&readings, 30_000..30_060, Some(&good)), 60);
    // A state that is known already costs nothing.
    assert_eq!(seen_exactly(&readings, 30_000..30_060, Some(&evil)), 60);
    assert_eq!(seen_exactly(&readings, 0..60, Some(&good)), 60);
}

#[test]
fn site_of_many_names_spends_its_own_share() {
    let readings = Readings::new(16_384);
    let mut exact = 0;
    for number in 0..10_000 {
        let evil = || Account::new("evil.example", &format!("https://{number}.evil.example"));
        exact += seen_exactly(&readings, number..number + 1, Some(&evil));
    }
    assert_eq!(exact, 497);
    // A hundred of such sites leave room, too.
    for site in 0..100_u16 {
        let evil = || {
            let site = format!("evil{site}.example");
            Account::new(&site, &format!("https://{site}"))
        };
        seen_exactly(&readings, 10_000 + site * 100..10_100 + site * 100, Some(&evil));
    }
    let good = || Account::new("good.example", "https://good.example");
    assert_eq!(seen_exactly(&readings, 30_000..30_030, Some(&good)), 30);
}

#[test]
fn threads_that_come_at_once_have_one_reading() {
    let readings = Readings::new(8);
    let known = Knowledge::pinned(35);
    let seen: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| std::ptr::from_ref(readings.get(&known, Lens::builtin(), None)).addr()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(seen.iter().all(|address| *address == seen[0]), "{seen:?}");
}

#[test]
fn no_portal_is_above_the_ceiling_when_it_is_full() {
    let lens = Lens {
        ceiling: Some(37),
        on_unknown: OnUnknown::Allow,
        ..Lens::builtin()
    };
    let known = lens.view(&Knowledge::from_imbot_revision_get(&Revisions::rest_only(60)));
    assert_eq!(known.rest(), Some(37));
    let acme = crate::feature::Requirement::rest("acme.voice", 50).gate;
    let exact = Readings::new(8).get(&known, lens, None);
    assert!(!exact.lens.supports(acme, &exact.known));
    let full = Readings::new(0).get(&known, lens, None);
    assert!(
        full.known.rest_at_most().is_some_and(|most| most <= 37),
        "{}",
        full.known
    );
    assert!(!full.lens.supports(acme, &full.known));
}

#[test]
fn another_reading_of_it_is_the_same_when_it_is_full() {
    for rest in 0..60 {
        let known = Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest));
        let documented = Lens::builtin();
        let full = Readings::new(0).get(&known, documented, None);
        let observed = Lens {
            trust: Trust::Observed,
            ..documented
        };
        // As `Caps::with_trust` does.
        for gate in observed.gates() {
            assert_eq!(
                gate.decide(&full.known),
                gate.decide(&known),
                "{gate:?} {} for {known}",
                full.known
            );
        }
    }
}
