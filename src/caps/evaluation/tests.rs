use std::collections::HashSet;
use std::ops::Range;

use proptest::prelude::*;

use super::*;
use crate::caps::cache::EvaluationCache;
use crate::caps::policy::OnUnknown;
use crate::fair_share::Account;
use crate::knowledge::{ImbotV2Presence, Provenance};
use crate::revision::{Counter, Revisions};
use crate::table::{RevisionBasis, Table};

const LEVELS: [ImbotV2Presence; 3] = [
    ImbotV2Presence::Absent,
    ImbotV2Presence::WithoutRevisionGet,
    ImbotV2Presence::WithRevisionGet,
];

/// Any knowledge, with other counters than REST.
fn knowledge() -> impl Strategy<Value = Knowledge> {
    let rest = (0..=45_u16, proptest::option::of(0..=9_u16));
    let levels = (0..3_usize, 0..3_usize);
    (rest, levels, any::<(u16, u16)>()).prop_map(|((least, more), (one, other), (web, desktop))| {
        let others = Revisions::default()
            .with(Counter::Web, web)
            .with(Counter::Desktop, desktop);
        let (least_level, most_level) = (LEVELS[one.min(other)], LEVELS[one.max(other)]);
        Knowledge::from_im_revision_get(&others)
            .bound_rest(least, more.map(|more| least + more), Provenance::ImRevisionGet)
            .bound_imbot(least_level, most_level, Provenance::MethodExists)
    })
}

fn policies() -> Vec<EvaluationPolicy> {
    let overlay = r#"
        title = "acme"
        version = "0.1.0"
        requires = "^2"
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
    let unknown = [
        OnUnknown::Deny,
        OnUnknown::Allow,
        OnUnknown::AssumeAtLeast(34),
        OnUnknown::AssumeAtLeast(60),
    ];
    let own = unknown.map(|on_unknown| EvaluationPolicy {
        on_unknown,
        ..EvaluationPolicy::builtin()
    });
    let all = own.into_iter().chain([
        EvaluationPolicy {
            revision_basis: RevisionBasis::Observed,
            ..EvaluationPolicy::builtin()
        },
        EvaluationPolicy {
            table,
            ..EvaluationPolicy::builtin()
        },
        EvaluationPolicy {
            ceiling: Some(34),
            ..EvaluationPolicy::builtin()
        },
    ]);
    all.collect()
}

proptest! {
    #[test]
    fn coarse_knowledge_gives_same_decisions(known in knowledge()) {
        for policy in policies() {
            let coarse = policy.coarse(&known);
            prop_assert_eq!(policy.coarse(&coarse), coarse, "{:?}", policy);
            prop_assert!(coarse.intersect(&known).is_ok(), "{} is no less than {}", coarse, known);
            for range in (0..policy.table.rows.len()).filter_map(|row| policy.range_at(row)) {
                prop_assert_eq!(range.decide(&coarse), range.decide(&known), "{:?}: {} and {}", range, coarse, known);
                prop_assert_eq!(policy.supports(range, &coarse), policy.supports(range, &known), "{:?}", range);
            }
        }
    }

    #[test]
    fn feature_bit_matches_decision(known in knowledge()) {
        for policy in policies() {
            let evaluation = Evaluation::new(known, policy);
            for (feature, range) in Feature::all().zip(policy.ranges()) {
                let decided = policy.supports(*range, &known);
                prop_assert_eq!(evaluation.supported.contains(feature), decided, "{}", feature);
            }
        }
    }
}

#[test]
fn one_state_is_evaluated_once() {
    let cache = EvaluationCache::new(8);
    let known = Knowledge::pinned(33);
    let one = cache.get(&known, EvaluationPolicy::builtin(), None);
    assert!(std::ptr::eq(
        one,
        cache.get(&known, EvaluationPolicy::builtin(), None)
    ));
    let allowing = EvaluationPolicy {
        on_unknown: OnUnknown::Allow,
        ..EvaluationPolicy::builtin()
    };
    assert!(!std::ptr::eq(one, cache.get(&known, allowing, None)));
    assert_eq!(one.known, known);
}

/// What a portal reports that has another number each time.
fn random(number: u16) -> Knowledge {
    let seen = Revisions::rest_only(number % 60).with(Counter::Web, number);
    Knowledge::from_imbot_revision_get(&seen)
}

/// How many of these are seen exactly. No answer of a row may change.
fn seen_exactly(
    cache: &EvaluationCache,
    numbers: Range<u16>,
    account: Option<&dyn Fn() -> Account>,
) -> usize {
    let is_exact = |number: &u16| {
        let known = random(*number);
        let evaluation = cache.get(&known, EvaluationPolicy::builtin(), account);
        assert!(evaluation.known.intersect(&known).is_ok(), "{number}");
        if number.is_multiple_of(97) {
            let answers = Evaluation::new(known, EvaluationPolicy::builtin()).supported;
            assert_eq!(evaluation.supported, answers, "{number}");
        }
        evaluation.known == known
    };
    numbers.filter(is_exact).count()
}

#[test]
fn evaluation_cache_is_bounded() {
    let cache = EvaluationCache::new(100);
    let exact = seen_exactly(&cache, 0..50_000, None);
    assert_eq!(exact, 50, "the program's half");
    let of_site = |number: u16| Account::new(&format!("{number}.example"), "https://x.example");
    for number in 0..200 {
        let number = 50_000 + number;
        seen_exactly(&cache, number..number + 1, Some(&|| of_site(number)));
    }
    let kept = cache.len();
    let edges: HashSet<_> = EvaluationPolicy::builtin().edges().collect();
    assert!((101..=100 + edges.len() + 3).contains(&kept), "{kept}");
}

#[test]
fn portal_uses_its_own_quota() {
    let cache = EvaluationCache::new(16_384);
    let evil = || Account::new("evil.example", "https://a.evil.example");
    let sibling = || Account::new("evil.example", "https://b.evil.example");
    let good = || Account::new("good.example", "https://good.example");
    assert_eq!(seen_exactly(&cache, 0..20_000, Some(&evil)), 128);
    assert_eq!(seen_exactly(&cache, 20_000..20_010, Some(&sibling)), 10);
    assert_eq!(seen_exactly(&cache, 30_000..30_060, Some(&good)), 60);
    // A state that is known already costs nothing.
    assert_eq!(seen_exactly(&cache, 30_000..30_060, Some(&evil)), 60);
    assert_eq!(seen_exactly(&cache, 0..60, Some(&good)), 60);
}

#[test]
fn hosts_of_site_share_one_quota() {
    let cache = EvaluationCache::new(16_384);
    let mut exact = 0;
    for number in 0..10_000 {
        let evil = || Account::new("evil.example", &format!("https://{number}.evil.example"));
        exact += seen_exactly(&cache, number..number + 1, Some(&evil));
    }
    assert_eq!(exact, 497);
    // A hundred of such sites leave room, too.
    for site in 0..100_u16 {
        let evil = || {
            let site = format!("evil{site}.example");
            Account::new(&site, &format!("https://{site}"))
        };
        seen_exactly(&cache, 10_000 + site * 100..10_100 + site * 100, Some(&evil));
    }
    let good = || Account::new("good.example", "https://good.example");
    assert_eq!(seen_exactly(&cache, 30_000..30_030, Some(&good)), 30);
}

#[test]
fn concurrent_threads_share_one_evaluation() {
    let cache = EvaluationCache::new(8);
    let known = Knowledge::pinned(35);
    let seen: Vec<usize> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope
                    .spawn(|| std::ptr::from_ref(cache.get(&known, EvaluationPolicy::builtin(), None)).addr())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(seen.iter().all(|address| *address == seen[0]), "{seen:?}");
}

#[test]
fn full_cache_respects_the_cap() {
    let policy = EvaluationPolicy {
        ceiling: Some(37),
        on_unknown: OnUnknown::Allow,
        ..EvaluationPolicy::builtin()
    };
    let known = policy.view(&Knowledge::from_imbot_revision_get(&Revisions::rest_only(60)));
    assert_eq!(known.rest(), Some(37));
    let acme = crate::feature::Requirement::rest("acme.voice", 50).range;
    let exact = EvaluationCache::new(8).get(&known, policy, None);
    assert!(!exact.policy.supports(acme, &exact.known));
    let full = EvaluationCache::new(0).get(&known, policy, None);
    assert!(
        full.known.rest_at_most().is_some_and(|most| most <= 37),
        "{}",
        full.known
    );
    assert!(!full.policy.supports(acme, &full.known));
}

#[test]
fn full_cache_keeps_observed_decisions() {
    for rest in 0..60 {
        let known = Knowledge::from_imbot_revision_get(&Revisions::rest_only(rest));
        let documented = EvaluationPolicy::builtin();
        let full = EvaluationCache::new(0).get(&known, documented, None);
        let observed = EvaluationPolicy {
            revision_basis: RevisionBasis::Observed,
            ..documented
        };
        // As `Caps::with_revision_basis` does.
        for range in observed.ranges() {
            assert_eq!(
                range.decide(&full.known),
                range.decide(&known),
                "{range:?} {} for {known}",
                full.known
            );
        }
    }
}
