//! How many instructions the hot functions take, beside those that were recorded: what
//! repeats where times do not.
//!
//! `cargo bench --profile instructions -p imbot-caps-instructions`; `-- --record` writes
//! what was counted to `recorded.txt`. Each function is run some thousand times under callgrind and then
//! twice as often: the difference is the function's, and its loop's. More than a tenth
//! and three instructions above what was recorded is a failure. The counts are those of
//! one compiler and one target, which the file names: beside those of another nothing
//! is a failure.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench stops at the first surprise"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::{Command, ExitCode};

use imbot_caps::event::Posted;
use imbot_caps::plan::{Policy, TypedCall, plan};
use imbot_caps::store::MemoryStore;
use imbot_caps::wire::{Call, decode};
use imbot_caps::{Caps, Feature, Knowledge, Registry};
use serde_json::{Value, json};

#[path = "../speed/event.rs"]
mod event;
mod gated;
#[path = "../speed/message.rs"]
mod message;
#[allow(dead_code, reason = "the bench `speed` needs the rest")]
#[path = "../speed/sample.rs"]
mod sample;

#[path = "../speed/typed.rs"]
mod typed;

use sample::{Key, company};

const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recorded.txt");

/// A function that is counted: its name, how often it is run, and what makes it.
type Counted = (&'static str, usize, fn() -> Box<dyn FnMut()>);

const FUNCTIONS: &[Counted] = &[
    ("nothing: the loop", 20_000, || Box::new(|| {})),
    ("caps.supports, yes", 20_000, || {
        supports(34, Feature::SystemMessage)
    }),
    ("caps.supports, no", 20_000, || {
        supports(32, Feature::SystemMessage)
    }),
    ("handle.caps().supports", 20_000, || {
        let handle = sample::registry(1).handle(&company(1).portal(Key::Domain));
        handle.pin(Knowledge::pinned(34));
        Box::new(move || {
            black_box(
                black_box(&handle)
                    .caps()
                    .supports(black_box(Feature::SystemMessage)),
            );
        })
    }),
    ("the same with a store", 20_000, || {
        let handle = stored(1).handle(&company(1).portal(Key::Domain));
        handle.pin(Knowledge::pinned(34));
        Box::new(move || {
            black_box(
                black_box(&handle)
                    .caps()
                    .supports(black_box(Feature::SystemMessage)),
            );
        })
    }),
    ("caps.check, a refusal", 20_000, || {
        let caps = Caps::at(32);
        Box::new(move || {
            let _ = black_box(black_box(&caps).check(black_box(Feature::SystemMessage)));
        })
    }),
    ("registry.get by domain", 5_000, || {
        by_key(sample::registry(PORTALS), Key::Domain)
    }),
    ("registry.get by domain, with a store", 5_000, || {
        by_key(stored(PORTALS), Key::Domain)
    }),
    ("registry.get by member_id", 5_000, || {
        by_key(sample::registry(PORTALS), Key::Member)
    }),
    ("plan of a call that no row is about", 2_000, || {
        planned(Call::new("crm.lead.add"), Caps::at(36))
    }),
    ("plan of a message that passes", 2_000, || {
        planned(message::message(), Caps::at(36))
    }),
    ("plan of a message that is adapted", 1_000, || {
        planned(message::message(), Caps::at(32).with_imbot_v2())
    }),
    ("a message as a value, and its result", 1_000, || {
        let text = "x".repeat(700);
        Box::new(move || {
            let Value::Object(params) = typed::value(7, black_box(&text)) else {
                unreachable!()
            };
            black_box(Call::with_params(typed::Send::METHOD, params));
            black_box(result()["id"].as_u64());
        })
    }),
    ("a message as a typed call, and its result", 1_000, || {
        let text = "x".repeat(700);
        Box::new(move || {
            black_box(typed::typed(7, black_box(&text)).to_call().unwrap());
            black_box(decode::<typed::Sent>(result()).unwrap().id);
        })
    }),
    ("a posted event's form as a flat Value", 500, || {
        flat(event::newer())
    }),
    ("a posted event's form as a nested Value", 500, || {
        nested(event::newer())
    }),
    ("a posted event of 2 KB, verified and typed", 500, || {
        verified(event::newer())
    }),
    ("an older event's form as a flat Value", 500, || {
        flat(event::older())
    }),
    ("an older event's form as a nested Value", 500, || {
        nested(event::older())
    }),
    ("an older event of 2 KB, verified and typed", 500, || {
        verified(event::older())
    }),
    // Four times the names take four times the instructions.
    ("a form of 4,000 names, refused", 5, || {
        of_body(event::names(4_000), |body| {
            drop(black_box(Posted::from_form(body)))
        })
    }),
    ("a form of 16,000 names, refused", 5, || {
        of_body(event::names(16_000), |body| {
            drop(black_box(Posted::from_form(body)))
        })
    }),
    ("a call without a gate, no network", 500, gated::bare),
    ("the same by gate::Client", 500, gated::client),
    ("a request without a gate, no network", 500, gated::http),
    ("the same by HttpGateLayer", 500, gated::layer),
];

fn of_body(body: Vec<u8>, read: impl Fn(&[u8]) + 'static) -> Box<dyn FnMut()> {
    Box::new(move || read(black_box(&body)))
}

fn flat(body: Vec<u8>) -> Box<dyn FnMut()> {
    of_body(body, |body| drop(black_box(event::flat(body))))
}

fn nested(body: Vec<u8>) -> Box<dyn FnMut()> {
    of_body(body, |body| drop(black_box(event::nested(body))))
}

fn verified(body: Vec<u8>) -> Box<dyn FnMut()> {
    let tokens = event::tokens();
    of_body(body, move |body| drop(black_box(event::read(body, &tokens))))
}

/// A result as portals send it.
fn result() -> Value {
    json!({"id": black_box(5), "uuidMap": {}})
}

fn supports(rest: u16, feature: Feature) -> Box<dyn FnMut()> {
    let caps = Caps::at(rest);
    Box::new(move || {
        black_box(black_box(&caps).supports(black_box(feature)));
    })
}

/// How many portals there are where one is looked up.
const PORTALS: usize = 100;

/// A registry with a store, and with room for so many portals.
fn stored(portals: usize) -> Registry {
    Registry::builder(sample::Silent)
        .capacity(portals + 1)
        .store(MemoryStore::new())
        .build()
}

fn by_key(registry: Registry, key: Key) -> Box<dyn FnMut()> {
    registry.restore(&sample::snapshot(PORTALS, key));
    let ids: Vec<_> = (0..PORTALS).map(|number| company(number).id(key)).collect();
    let mut turn = 0;
    Box::new(move || {
        turn = (turn + 7) % PORTALS;
        black_box(registry.get(black_box(&ids[turn])));
    })
}

fn planned(call: Call, caps: Caps) -> Box<dyn FnMut()> {
    let policy = Policy::default();
    Box::new(move || {
        drop(black_box(plan(black_box(&call), &caps, &policy)));
    })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--run", name, times] => {
            let (_, _, make) = FUNCTIONS.iter().find(|(own, ..)| *own == name).unwrap();
            let mut run = make();
            (0..times.parse().unwrap()).for_each(|_: usize| run());
            ExitCode::SUCCESS
        }
        [] => compare(false),
        ["--record"] => compare(true),
        _ => {
            eprintln!("there is --record, and nothing else");
            ExitCode::from(2)
        }
    }
}

fn compare(record: bool) -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("SKIPPED: no instruction was counted, since there is no `valgrind`");
        // Where it is to be there, that is a failure.
        return ExitCode::from(u8::from(std::env::var_os("CI").is_some()));
    }
    let recorded = std::fs::read_to_string(RECORDED).unwrap_or_default();
    let before = |name: &str| {
        let mut lines = recorded.lines().filter_map(|line| line.split_once('\t'));
        lines.find(|(own, _)| *own == name)?.1.parse::<f64>().ok()
    };
    let mut lines = format!(
        "# Instructions for one call, counted by callgrind: `cargo bench --profile instructions -p imbot-caps-instructions -- --record`.\n\
         # {}, {}-{}\n",
        compiler(),
        std::env::consts::ARCH,
        std::env::consts::OS,
    );
    let mut more = 0;
    println!(
        "| {:<40} | counted | recorded | outcome |",
        "instructions for one"
    );
    println!("|{:-<42}|--------:|---------:|---------|", "");
    for &(name, times, _) in FUNCTIONS {
        let each = (count(name, 2 * times) - count(name, times)) as f64 / times as f64;
        writeln!(lines, "{name}\t{each:.1}").unwrap();
        let outcome = match before(name) {
            None => "not recorded",
            Some(before) if each > before + (before / 10.0).max(3.0) => {
                more += 1;
                "MORE"
            }
            Some(before) if each < before - (before / 10.0).max(3.0) => "fewer",
            Some(_) => "same",
        };
        let before = before(name).map_or_else(|| "-".to_owned(), |before| format!("{before:.1}"));
        println!("| {name:<40} | {each:>7.1} | {before:>8} | {outcome:<7} |");
    }
    if record {
        std::fs::write(RECORDED, lines).unwrap();
        println!("\nrecorded");
        return ExitCode::SUCCESS;
    }
    println!("\n{more} of {} take more than was recorded", FUNCTIONS.len());
    if !recorded.contains(&compiler()) {
        println!("SKIPPED: the recorded counts are another compiler's, so none of that is a failure");
        return ExitCode::SUCCESS;
    }
    ExitCode::from(u8::from(more > 0))
}

/// All instructions of a process that runs a function so often.
fn count(name: &str, times: usize) -> i64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args(["--run", name, &times.to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected :"));
    collected.unwrap().1.trim().parse().unwrap()
}

fn compiler() -> String {
    let version = Command::new("rustc").arg("--version").output();
    version.map_or_else(
        |_| "an unknown compiler".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
