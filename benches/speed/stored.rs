//! Calls that answer from memory, with a store and without. They never use it, so each pair is a tie.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::store::MemoryStore;
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Feature, Handle, Portal, PortalId, Registry};
use imbot_caps_emulator::{Build, Emulator};

use super::harness::{Effort, Rows};
use super::report::{Report, Target};
use super::sample::{self, Key, Numbers, company, shuffled};

/// Rows within a fifth of each other are a tie.
const TIE: Target = Target::Times(1.2);

const PORTALS: usize = 20_000;

/// Look-ups of one pass.
const PASS: usize = 1_000;

pub fn run(effort: Effort, report: &mut Report) {
    by_handle(effort, report);
    by_key(effort, report);
}

fn by_handle(effort: Effort, report: &mut Report) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (plain, stored, _emulator) = runtime.block_on(async {
        let emulator = Emulator::start().await.unwrap();
        let emulated = emulator.portal(Build::rest(34));
        let portal = Portal::builder()
            .allow_http()
            .webhook(emulated.webhook_url())
            .unwrap();
        let builders = [
            Registry::builder(ReqwestTransport::new()),
            Registry::builder(ReqwestTransport::new()).store(MemoryStore::new()),
        ];
        let [plain, stored] = builders.map(|builder| builder.build().handle(&portal));
        plain.ready().await.unwrap();
        stored.ready().await.unwrap();
        (plain, stored, emulator)
    });
    let order = shuffled(Feature::all());
    let mut rows = Rows::default();
    let without = rows.add("handle.caps().supports, no store", order.len(), || {
        supports(&order, &plain)
    });
    let with = rows.add("handle.caps().supports, a store", order.len(), || {
        supports(&order, &stored)
    });
    let measured = rows.measure(effort);
    let name = "handle.caps().supports with a store; floor: without";
    report.hold(name, &measured, with, without, TIE);
}

#[inline(never)]
fn supports(order: &[Feature], handle: &Handle) -> usize {
    for feature in order {
        black_box(handle.caps().supports(*feature));
    }
    order.len()
}

fn by_key(effort: Effort, report: &mut Report) {
    let snapshot = sample::snapshot(PORTALS, Key::Domain);
    let plain = sample::registry(PORTALS);
    let stored = Registry::builder(ReqwestTransport::new())
        .capacity(PORTALS + 1)
        .store(MemoryStore::new())
        .build();
    for registry in [&plain, &stored] {
        assert_eq!(registry.restore(&snapshot).taken, PORTALS);
    }
    let mut numbers = Numbers::new(5);
    let ids: Vec<PortalId> = (0..PORTALS)
        .map(|_| company(numbers.below(PORTALS)).id(Key::Domain))
        .collect();
    let passes = AtomicUsize::new(0);
    let look_up = |registry: &Registry| {
        let from = passes.fetch_add(1, Ordering::Relaxed) * PASS % PORTALS;
        for id in &ids[from..from + PASS] {
            black_box(registry.get(id));
        }
        PASS
    };
    let mut rows = Rows::default();
    let without = rows.add("registry.get, no store", PASS, || look_up(&plain));
    let with = rows.add("registry.get, a store", PASS, || look_up(&stored));
    let measured = rows.measure(effort);
    let name = "registry.get with a store; floor: without";
    report.hold(name, &measured, with, without, TIE);
}
