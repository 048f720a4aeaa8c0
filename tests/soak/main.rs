//! A day in the life of 2,000 portals, by themselves and beside 20 that do all that a
//! portal can do to harm the others. In a process of its own: what is allocated counts.

#![cfg(feature = "reqwest")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod fleet;
mod hostile;
#[allow(dead_code, reason = "shared with the other tests")]
#[path = "../it/support/mod.rs"]
mod support;

use std::thread;

use allocation_counter::{AllocationInfo, measure};

use fleet::{Day, live};

const MIB: u64 = 1_024 * 1_024;

/// The most that the hostile portals may add to what the fleet needs at any moment.
const MEMORY: u64 = 96 * MIB;

/// One day on a thread, and what that thread allocated.
fn day(with_hostile: bool) -> (Day, AllocationInfo) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut day = None;
    let info = measure(|| day = Some(runtime.block_on(live(with_hostile))));
    (day.unwrap(), info)
}

/// At most a tenth more or less, or this much.
#[track_caller]
fn within_a_tenth(what: &str, alone: f64, beside: f64, slack: f64) {
    let bound = (alone / 10.0).max(slack);
    assert!(
        (beside - alone).abs() <= bound,
        "{what}: {alone} alone, {beside} beside the hostile ones"
    );
}

#[test]
fn hostile_portals_affect_no_others() {
    let ((alone, own), (beside, both)) = thread::scope(|scope| {
        let alone = scope.spawn(|| day(false));
        let beside = day(true);
        (alone.join().unwrap(), beside)
    });
    println!("alone: {alone}; {} MiB at most", own.bytes_max / MIB);
    println!(
        "beside hostile ones: {beside}; {} MiB at most",
        both.bytes_max / MIB
    );

    assert_eq!(alone.wrong, Vec::<String>::new());
    assert_eq!(beside.wrong, Vec::<String>::new());
    assert!(
        beside.of_hostile > 2_000,
        "they did something: {}",
        beside.of_hostile
    );
    within_a_tenth("answers", alone.answered as f64, beside.answered as f64, 20.0);
    within_a_tenth("requests", alone.requests as f64, beside.requests as f64, 0.0);
    within_a_tenth(
        "waits in seconds",
        alone.waited.as_secs_f64(),
        beside.waited.as_secs_f64(),
        0.0,
    );
    for (kind, told) in &alone.told {
        let beside = beside.told.get(kind).copied().unwrap_or_default();
        within_a_tenth(kind, *told as f64, beside as f64, 60.0);
    }
    assert!(
        both.bytes_max < own.bytes_max + MEMORY,
        "{} MiB alone, {} beside the hostile ones",
        own.bytes_max / MIB,
        both.bytes_max / MIB
    );
}
