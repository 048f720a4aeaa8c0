//! Asking about a feature that is known at run time only.
//!
//! Every row goes through the same features in the same order, and each answer is
//! written to memory, so that none is left out and none is made with its neighbours.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use imbot_caps::{Caps, Feature, Handle, Knowledge, OnUnknown, Portal, Registry, Requirement, Table};
use imbot_caps_emulator::{Build, Emulator};
use tokio::runtime::Runtime;

use super::harness::{Effort, Rows};
use super::report::{Report, Target};
use super::sample::{first_revisions, shuffled};

pub fn run(effort: Effort, report: &mut Report) {
    held(effort, report);
    by_handle(effort, report);
    others(effort, report);
    made(effort, report);
}

/// On a snapshot that is held.
fn held(effort: Effort, report: &mut Report) {
    let (order, since) = (shuffled(Feature::all()), first_revisions());
    let numbers = numbers(&order);
    let ids: Vec<&str> = order.iter().map(|feature| feature.as_str()).collect();
    let caps = Caps::at(34);
    let (oldest, unknown) = (Caps::at(18), Caps::unknown());
    let assuming = unknown.on_unknown(OnUnknown::AssumeAtLeast(34));
    let overlaid = caps.with_table(overlay());
    let until = shuffled(Feature::all().filter(|feature| feature.requirement().first_without().is_some()));
    let own: Vec<Requirement> = order.iter().map(|feature| feature.requirement()).collect();
    let map: RwLock<HashMap<String, u32>> = RwLock::new(
        Feature::all()
            .map(|feature| (feature.as_str().to_owned(), u32::from(caps.supports(feature))))
            .collect(),
    );

    let (mut rows, count) = (Rows::default(), order.len());
    rows.add("nothing: the loop", count, || empty(&numbers));
    let floor = rows.add("floor: array load and compare", count, || {
        load_and_compare(&numbers, &since, black_box(34))
    });
    let ours = rows.add("caps.supports(feature)", count, || supports(&order, caps));
    rows.add_on_two("the same on 2 threads", count, || supports(&order, caps));
    rows.add("at 18, where the answer is no but for 13 of 173", count, || {
        supports(&order, oldest)
    });
    rows.add("nothing is known, and that is a no", count, || {
        supports(&order, unknown)
    });
    rows.add("nothing is known, and 34 is assumed", count, || {
        supports(&order, assuming)
    });
    rows.add("a table with an overlay", count, || supports(&order, overlaid));
    rows.add("features with an end", until.len(), || supports(&until, caps));
    rows.add("requirements of the program's own", count, || {
        supports_own(&own, caps)
    });
    rows.add("caps.check(feature), with the reason", count, || {
        check(&order, caps)
    });
    rows.add("caps.check(feature) at 18", count, || check(&order, oldest));
    rows.add("RwLock<HashMap<String, u32>> by the feature's id", count, || {
        answers(&ids, |id| {
            map.read().unwrap().get(*id).is_some_and(|there| *there == 1)
        })
    });
    let measured = rows.measure(effort);
    report.hold(
        "caps.supports(feature)",
        &measured,
        ours,
        floor,
        Target::Times(1.3),
    );
    report.further_rows("held caps, one check", &measured, floor);
}

/// Through a handle, which sees what is learned meanwhile.
fn by_handle(effort: Effort, report: &mut Report) {
    let (order, since) = (shuffled(Feature::all()), first_revisions());
    let numbers = numbers(&order);
    let (runtime, handle, _emulator) = learned_handle();
    let _inside = runtime.enter();
    let there: Vec<Feature> = shuffled(Feature::all().filter(|feature| handle.caps().supports(*feature)));
    let missing: Vec<Feature> = shuffled(Feature::all().filter(|feature| !handle.caps().supports(*feature)));
    let packed = Slot::new(34);
    let knowledge = [33, 34].map(Knowledge::pinned);
    let refreshed = Registry::new().handle(handle.portal());
    let turn = AtomicU64::new(0);
    let refresh = || {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        refreshed.pin(knowledge[turn as usize % 2]);
    };

    let (mut rows, count) = (Rows::default(), order.len());
    let floor = rows.add("floor: atomic load, shift, array load, compare", count, || {
        atomic_load_and_compare(&numbers, &since, &packed)
    });
    let ours = rows.add("handle.caps().supports(feature)", count, || {
        handle_supports(&order, &handle)
    });
    let floor_on_two = rows.add_on_two("floor on 2 threads", count, || {
        atomic_load_and_compare(&numbers, &since, &packed)
    });
    let on_two = rows.add_on_two("handle.caps().supports(feature) on 2 threads", count, || {
        handle_supports(&order, &handle)
    });
    rows.add_beside(
        "the same while another thread refreshes all the time",
        count,
        || handle_supports(&order, &refreshed),
        refresh,
    );
    rows.add("handle.caps()", count, || {
        answers(&order, |_| {
            black_box(handle.caps());
            true
        })
    });
    rows.add("handle.supports(feature), yes", there.len(), || {
        answers(&there, |feature| handle.supports(*feature))
    });
    rows.add(
        "handle.supports(feature), no, which may ask again",
        missing.len(),
        || answers(&missing, |feature| handle.supports(*feature)),
    );
    let measured = rows.measure(effort);
    let name = "handle.caps().supports(feature)";
    report.hold(name, &measured, ours, floor, Target::Times(1.5));
    let name = "handle.caps().supports(feature), 2 threads to 1";
    report.hold(name, &measured, on_two, ours, Target::Times(1.2));
    report.further_rows("by a handle, one check", &measured, floor);
    let floors = measured.ratio(floor_on_two, floor);
    report.further(format!("The floor's own ratio of 2 threads to 1: {floors}.\n"));
}

/// Where the time goes in what stands around a check.
fn others(effort: Effort, report: &mut Report) {
    let caps = Caps::at(34);
    let mut rows = Rows::default();
    let count = Feature::all().len();
    let floor = rows.add("caps.features(): each of all features", 1, || {
        black_box(&caps).features().len()
    });
    rows.add("the same features asked one by one", 1, || {
        Feature::all()
            .filter(|feature| black_box(&caps).supports(*feature))
            .count()
    });
    let measured = rows.measure(effort);
    report.further_rows(&format!("all {count} features at once"), &measured, floor);
}

/// Making caps, which a program does seldom.
fn made(effort: Effort, report: &mut Report) {
    let known = Knowledge::pinned(34);
    let table = overlay();
    let mut rows = Rows::default();
    let floor = rows.add("Caps::new(knowledge)", 64, || {
        (0..64).filter(|_| made_at(Caps::new(black_box(known)))).count()
    });
    rows.add("Caps::at(34)", 64, || {
        (0..64).filter(|_| made_at(Caps::at(black_box(34)))).count()
    });
    rows.add("Caps::at of 8 revisions in turn", 64, || {
        (0..64_u16)
            .filter(|turn| made_at(Caps::at(black_box(30 + turn % 8))))
            .count()
    });
    rows.add("Caps::new(knowledge).with_table(overlay)", 64, || {
        (0..64)
            .filter(|_| made_at(Caps::new(black_box(known)).with_table(table)))
            .count()
    });
    let measured = rows.measure(effort);
    report.further_rows("making caps", &measured, floor);
}

fn made_at(caps: Caps) -> bool {
    black_box(caps);
    true
}

#[inline(always)]
fn answers<T>(items: &[T], mut there: impl FnMut(&T) -> bool) -> usize {
    // Eight in a row: where the compiler happens to lay a loop of one, across two lines
    // of code or not, would be half of the figure.
    let (eights, _) = items.as_chunks::<8>();
    for eight in eights {
        for item in eight {
            black_box(there(item));
        }
    }
    eights.len() * 8
}

#[inline(never)]
fn empty(numbers: &[u8]) -> usize {
    answers(numbers, |number| *number == 1)
}

#[inline(never)]
fn load_and_compare(numbers: &[u8], since: &[u16; 256], revision: u16) -> usize {
    answers(numbers, |number| since[usize::from(*number)] <= revision)
}

#[inline(never)]
fn supports(order: &[Feature], caps: Caps) -> usize {
    answers(order, |feature| caps.supports(*feature))
}

#[inline(never)]
fn supports_own(order: &[Requirement], caps: Caps) -> usize {
    answers(order, |own| caps.supports(own))
}

#[inline(never)]
fn check(order: &[Feature], caps: Caps) -> usize {
    answers(order, |feature| caps.check(*feature).is_supported())
}

/// The least that a handle can be.
struct Slot(Arc<AtomicU64>);

impl Slot {
    fn new(revision: u64) -> Self {
        Self(Arc::new(AtomicU64::new(revision << 16)))
    }
}

#[inline(never)]
fn atomic_load_and_compare(numbers: &[u8], since: &[u16; 256], slot: &Slot) -> usize {
    answers(numbers, |number| {
        since[usize::from(*number)] <= (slot.0.load(Ordering::Acquire) >> 16) as u16
    })
}

#[inline(never)]
fn handle_supports(order: &[Feature], handle: &Handle) -> usize {
    answers(order, |feature| handle.caps().supports(*feature))
}

fn numbers(order: &[Feature]) -> Vec<u8> {
    order.iter().map(|feature| *feature as u8).collect()
}

/// The built-in table with one row replaced and one added.
fn overlay() -> &'static Table {
    let row = |id: &str, rest: u16| {
        format!(
            "[[feature]]\nid = \"{id}\"\ntitle = \"Of the bench\"\nkind = \"new\"\nrequires = {{ rest = {rest} }}\n\
             applies = {{ methods = [\"imbot.v2.Chat.Message.send\"], request = [\"fields.{rest}\"] }}\n\
             source = \"https://example.com/bench\"\nconfidence = \"inferred\"\n"
        )
    };
    let text = format!(
        "title = \"bench\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n{}{}",
        row("message.system", 35),
        row("bench.added", 37),
    );
    Table::builtin().with_overlay(&text).unwrap().leak()
}

/// A handle that has learned an emulated portal.
fn learned_handle() -> (Runtime, Handle, Emulator) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (handle, emulator) = runtime.block_on(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let portal = Portal::builder()
            .allow_http()
            .webhook(emulated.webhook_url())
            .unwrap();
        let handle = Registry::new().handle(&portal);
        handle.ready().await.unwrap();
        (handle, emulator)
    });
    (runtime, handle, emulator)
}
