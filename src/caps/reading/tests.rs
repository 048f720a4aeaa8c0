use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::knowledge::{Level, Provenance};
use crate::revision::Revisions;

const LEVELS: [Level; 3] = [Level::Absent, Level::WithoutRevisionGet, Level::WithRevisionGet];

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
    let one = readings.get(&known, Lens::builtin());
    assert!(std::ptr::eq(one, readings.get(&known, Lens::builtin())));
    let allowing = Lens {
        on_unknown: OnUnknown::Allow,
        ..Lens::builtin()
    };
    assert!(!std::ptr::eq(one, readings.get(&known, allowing)));
    assert_eq!(one.known, known);
}

#[test]
fn portals_that_report_random_numbers_take_no_more_than_there_is_room() {
    let readings = Readings::new(100);
    let mut kept = HashSet::new();
    for number in 0..=50_000_u16 {
        let seen = Revisions::rest_only(number).with(Axis::Web, number.wrapping_mul(31));
        let known = Knowledge::from_imbot_revision_get(&seen);
        let reading = readings.get(&known, Lens::builtin());
        kept.insert(std::ptr::from_ref(reading).addr());
        assert!(reading.known.meet(&known).is_ok(), "{number}");
        let exact = Lens::builtin().read(known);
        assert_eq!(reading.supported, exact.supported, "{number}");
        if number < 100 {
            assert_eq!(reading.known, known);
        }
    }
    let edges: HashSet<_> = Lens::builtin().edges().collect();
    assert!(kept.len() <= 100 + edges.len() + 3, "{}", kept.len());
    assert!(kept.len() > 100);
}

#[test]
fn threads_that_come_at_once_have_one_reading() {
    let readings = Readings::new(8);
    let known = Knowledge::pinned(35);
    let seen: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| std::ptr::from_ref(readings.get(&known, Lens::builtin())).addr()))
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
    let exact = Readings::new(8).get(&known, lens);
    assert!(!exact.lens.supports(acme, &exact.known));
    let full = Readings::new(0).get(&known, lens);
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
        let full = Readings::new(0).get(&known, documented);
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
