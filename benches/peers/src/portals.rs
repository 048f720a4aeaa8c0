//! 20,000 portals: find the one that an event names, and ask about a feature. The key is
//! the text of a domain, from memory of its own, in an order without a pattern.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use dashmap::DashMap;
use foldhash::fast::RandomState;
use imbot_caps::{Caps, Feature, PortalId, Registry};

use crate::harness::Effort;
use crate::sample::{self, Key, Numbers, company, first_revisions, shuffled};
use crate::table::{Peer, print};

const PORTALS: usize = 20_000;
/// Keys of one pass.
const PASS: usize = 1_000;

struct Question {
    text: String,
    id: PortalId,
}

/// The one place that finds what is known of a portal by its key.
fn known(registry: &Registry, id: &PortalId) -> Caps {
    registry.get(id).unwrap_or_else(Caps::unknown)
}

pub fn run(effort: Effort) {
    let registry = sample::registry(PORTALS);
    registry.restore(&sample::snapshot(PORTALS, Key::Domain));
    let dash: DashMap<String, u32, RandomState> = DashMap::with_hasher(RandomState::default());
    let papaya: papaya::HashMap<String, u32, RandomState> =
        papaya::HashMap::with_hasher(RandomState::default());
    let quick: quick_cache::sync::Cache<String, u32> = quick_cache::sync::Cache::new(PORTALS * 2);
    let moka: moka::sync::Cache<String, u32, RandomState> = moka::sync::Cache::builder()
        .max_capacity(PORTALS as u64 * 2)
        .time_to_live(Duration::from_secs(86_400))
        .build_with_hasher(RandomState::default());
    let (mut fast, mut plain) = (HashMap::with_hasher(RandomState::default()), HashMap::new());
    let mut order: Vec<usize> = (0..PORTALS).collect();
    for &number in &order {
        let (text, rest) = (|| company(number).origin, if number % 4 == 0 { 34 } else { 36 });
        dash.insert(text(), rest);
        papaya.pin().insert(text(), rest);
        quick.insert(text(), rest);
        moka.insert(text(), rest);
        fast.insert(text(), rest);
        plain.insert(text(), rest);
    }
    moka.run_pending_tasks();
    let (swapped, plain) = (ArcSwap::from_pointee(fast), RwLock::new(plain));

    let mut numbers = Numbers::new(3);
    (1..PORTALS)
        .rev()
        .for_each(|last| order.swap(last, numbers.below(last + 1)));
    let questions: Vec<Question> = order
        .into_iter()
        .map(|number| {
            let company = company(number);
            let id = company.id(Key::Domain);
            let text = company.origin;
            Question { text, id }
        })
        .collect();
    let (features, since, passes) = (shuffled(Feature::all()), first_revisions(), AtomicUsize::new(0));
    let pass = |has: &dyn Fn(&[Question], &[Feature])| {
        let from = passes.fetch_add(1, Ordering::Relaxed) * PASS % PORTALS;
        has(&questions[from..from + PASS], &features);
        PASS
    };
    let is_met = |rest: u32, feature: Feature| u32::from(since[feature as usize]) <= rest;
    let in_map = |get: &dyn Fn(&str) -> Option<u32>| {
        pass(&|questions, features| {
            for (question, feature) in questions.iter().zip(features) {
                black_box(get(&question.text).is_some_and(|rest| is_met(rest, *feature)));
            }
        })
    };

    let peers = [
        Peer::new("imbot-caps: registry, PortalId in hand, supports", "", || {
            pass(&|questions, features| {
                for (question, feature) in questions.iter().zip(features) {
                    black_box(known(&registry, &question.id).supports(*feature));
                }
            })
        }),
        Peer::new(
            "imbot-caps: the same, from the text of the domain",
            "checks the text and copies it first, so that all spellings of a portal are one; the maps below take the text \
             as it is.",
            || {
                pass(&|questions, features| {
                    for (question, feature) in questions.iter().zip(features) {
                        let id: PortalId = black_box(&question.text).parse().unwrap();
                        black_box(known(&registry, &id).supports(*feature));
                    }
                })
            },
        ),
        Peer::new("DashMap 6.2.1, foldhash", "", || {
            in_map(&|text| dash.get(text).map(|rest| *rest))
        }),
        Peer::new("papaya 0.2.5, foldhash, pinned for each", "", || {
            in_map(&|text| papaya.pin().get(text).copied())
        }),
        Peer::new(
            "arc-swap 1.9.5 over a HashMap, foldhash",
            "a new portal copies the map.",
            || in_map(&|text| swapped.load().get(text).copied()),
        ),
        Peer::new(
            "quick_cache 0.7.0",
            "forgets what is seldom used, to stay within its capacity; its own hasher, which is foldhash.",
            || in_map(&|text| quick.get(text)),
        ),
        Peer::new(
            "moka 0.12.16 sync, time to live of a day, foldhash",
            "forgets what is old or seldom used, and may tidy up in the caller's time.",
            || in_map(&|text| moka.get(text)),
        ),
        Peer::new(
            "RwLock<HashMap<String, u32>>",
            "SipHash, which withstands chosen keys.",
            || in_map(&|text| plain.read().unwrap().get(text).copied()),
        ),
    ];
    print(
        "20,000 portals by domain, then a feature",
        PASS,
        &peers,
        effort.rounds_of(8, 21),
    );
    println!(
        "- all maps: hold a revision that somebody has to ask, renew and forget; no imbot.v2, no unknown."
    );
}
