//! Bytes that known portals take, and allocations of the hot path, counted by an
//! allocator that counts.
//!
//! `cargo bench -p imbot-caps-benches --bench memory`; the bench `speed` runs it too. A line for each figure:
//! its kind, what it is of, and the number. Bytes are those that were asked for: what
//! the system's allocator rounds them up to, and its own books, are not in them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise"
)]

use allocation_counter::measure;
use imbot_caps::plan::{Policy, plan};
use imbot_caps::{Caps, Feature, Knowledge};

#[path = "speed/event.rs"]
mod event;
#[path = "speed/message.rs"]
mod message;
#[allow(dead_code, reason = "the bench `speed` needs the rest")]
#[path = "speed/sample.rs"]
mod sample;

use sample::{Key, company};

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let sizes: &[usize] = match quick {
        true => &[20_000, 200_000],
        false => &[20_000, 100_000, 1_000_000],
    };
    for &portals in sizes {
        for key in [Key::Domain, Key::Member] {
            known(portals, key);
        }
    }
    allocations();
    of_events();
}

/// Registries that were told what is known, and to which nobody holds a handle.
fn known(portals: usize, key: Key) {
    let snapshot = sample::snapshot(portals, key);
    let registry = sample::registry(portals);
    let mut taken = 0;
    let restored = measure(|| taken = registry.restore(&snapshot).taken);
    assert_eq!(taken, portals);
    drop(snapshot);
    let origins: usize = (0..portals).map(|number| company(number).origin.len()).sum();
    // A portal that is known by its member_id is found by its address too.
    let keys = match key {
        Key::Domain => origins,
        Key::Member => origins + 16 * portals,
    };
    let each = |bytes: usize| bytes as f64 / portals as f64;
    let bytes = each(usize::try_from(restored.bytes_current).unwrap());
    println!(
        "portal\tbytes of one of {portals} portals by {key}, beside its key\t{:.1}",
        bytes - each(keys)
    );
    println!("further\tbytes of one of {portals} portals by {key}, in all\t{bytes:.1}");
}

/// Allocations of one run, after another that makes what is made once.
fn allocations() {
    let caps = Caps::at(34);
    let registry = sample::registry(1);
    let handle = registry.handle(&company(1).portal(Key::Domain));
    handle.pin(Knowledge::pinned(36));
    let (call, policy) = (message::message(), Policy::default());
    let supported = || Feature::all().filter(|feature| caps.supports(*feature)).count();
    let by_handle = || {
        Feature::all()
            .filter(|feature| handle.caps().supports(*feature))
            .count()
    };
    let passes = || usize::from(plan(&call, &handle.caps(), &policy).is_ok_and(|own| own.is_pass()));
    let runs: [(&str, &dyn Fn() -> usize); 3] = [
        ("allocations of caps.supports", &supported),
        ("allocations of handle.caps().supports", &by_handle),
        ("allocations of a plan that passes", &passes),
    ];
    for (name, run) in runs {
        assert_ne!(run(), 0);
        let count = measure(|| {
            run();
        });
        println!("allocations\t{name}\t{}", count.count_total);
    }
}

/// Allocations of reading an event, beside those of its form alone.
fn of_events() {
    let tokens = event::tokens();
    for (form, body) in [("posted", event::newer()), ("older", event::older())] {
        let flat = || usize::from(event::flat(&body).is_object());
        let nested = || usize::from(event::nested(&body).is_object());
        let read = || event::read(&body, &tokens).len();
        let runs: [(&str, &dyn Fn() -> usize); 3] = [
            ("its form as a flat Value", &flat),
            ("its form as a nested Value", &nested),
            ("the event", &read),
        ];
        for (name, run) in runs {
            assert_ne!(run(), 0);
            let count = measure(|| {
                run();
            });
            println!(
                "further\tallocations of an event of {} bytes, {form} form: {name}\t{}",
                body.len(),
                count.count_total
            );
        }
    }
}
