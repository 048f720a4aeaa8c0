//! What a check costs, beside what it is made of and what it replaces.
//!
//! `cargo bench --bench supports`. Every row does the same work in the same
//! loop: 1,024 features in an order that is not known when it is compiled, each
//! checked on one portal. Figures are medians over rounds; the rounds of all
//! rows alternate, so that a noisy moment falls on all of them. Rows within a
//! fifth of each other are a tie on a shared machine.

#![allow(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU16, Ordering};

use imbot_caps::emulator::{Build, Emulator};
use imbot_caps::{Caps, Feature, Handle, Portal, Registry};

#[path = "common/rows.rs"]
mod rows;

use rows::{Row, measure};

const CHECKS: usize = 1024;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (handle, _emulator) = runtime.block_on(learned_handle());
    let features = shuffled();
    let since: Vec<u16> = features
        .iter()
        .map(|feature| feature.requirement().since().unwrap_or_default())
        .collect();
    let ids: Vec<&str> = features.iter().map(|feature| feature.id()).collect();
    let caps: Caps = handle.caps();
    let atomic = AtomicU16::new(34);
    let map: RwLock<HashMap<String, u32>> = RwLock::new(
        Feature::all()
            .map(|feature| (feature.id().to_owned(), u32::from(caps.supports(feature))))
            .collect(),
    );

    let mut rows = [
        Row::new("empty loop", CHECKS, || count(&since, |_| false)),
        Row::new("floor: array load and compare", CHECKS, || {
            count(&since, |since| *since <= black_box(34))
        }),
        Row::new("atomic load, array load, compare", CHECKS, || {
            count(&since, |since| *since <= atomic.load(Ordering::Acquire))
        }),
        Row::new("caps.supports(feature)", CHECKS, || {
            count(&features, |feature| caps.supports(*feature))
        }),
        Row::new("handle.caps().supports(feature)", CHECKS, || {
            count(&features, |feature| handle.caps().supports(*feature))
        }),
        Row::new("RwLock<HashMap<String, u32>> by id", CHECKS, || {
            count(&ids, |id| {
                map.read().unwrap().get(*id).is_some_and(|there| *there == 1)
            })
        }),
        Row::new("caps.check(feature), with the reason", CHECKS, || {
            count(&features, |feature| caps.check(*feature).is_supported())
        }),
    ];
    measure(&mut rows);

    let floor = rows.get(1).map_or(1.0, Row::median);
    println!(
        "{:<40} {:>10} {:>9}",
        "one check of one portal, 1 thread", "median ns", "x floor"
    );
    for row in &rows {
        println!(
            "{:<40} {:>10.2} {:>9.2}",
            row.name,
            row.median(),
            row.median() / floor
        );
    }
}

fn count<T>(items: &[T], mut there: impl FnMut(&T) -> bool) -> usize {
    items.iter().filter(|item| there(black_box(item))).count()
}

/// All features over and over, in a fixed order without a pattern.
fn shuffled() -> Vec<Feature> {
    let all: Vec<Feature> = Feature::all().collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        all.get(state as usize % all.len()).copied().unwrap()
    })
    .take(CHECKS)
    .collect()
}

/// A handle that has learned an emulated portal.
async fn learned_handle() -> (Handle, Emulator) {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let portal = Portal::builder()
        .allow_http()
        .webhook(emulated.webhook_url())
        .unwrap();
    let handle = Registry::new().portal(&portal);
    handle.ready().await.unwrap();
    (handle, emulator)
}
