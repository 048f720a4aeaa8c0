//! Every row of the targets for speed, each beside its floor, in one run.
//!
//! `cargo bench -p imbot-caps-benches --bench speed`, `-- --quick` for a look in under a minute, and names
//! of groups for those alone: `cargo bench -p imbot-caps-benches --bench speed -- look-up plan`.
//!
//! Figures are medians over rounds; ratios are medians of the ratios of rounds, with
//! their quartiles. Rows within a fifth of each other are a tie on a shared machine.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops at the first surprise, and its floors have no checks"
)]

use std::time::Instant;

mod event;
mod harness;
mod message;
mod report;
mod sample;

mod events;
mod live;
mod look_up;
mod memory;
mod plan;
mod portals;
mod stored;
mod traffic;
mod typed;

use harness::Effort;
use report::Report;

type Group = fn(Effort, &mut Report);

/// In the order in which they run.
const GROUPS: &[(&str, Group)] = &[
    ("look-up", look_up::run),
    ("plan", plan::run),
    ("event", events::run),
    ("portals", portals::run),
    ("store", stored::run),
    ("memory", memory::run),
    ("live", live::run),
    ("traffic", traffic::run),
];

fn main() {
    let (mut quick, mut chosen) = (false, Vec::new());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--bench" => {} // cargo says so to every bench
            "--quick" => quick = true,
            name if GROUPS.iter().any(|(group, _)| *group == name) => chosen.push(argument),
            other => {
                let names: Vec<&str> = GROUPS.iter().map(|(group, _)| *group).collect();
                eprintln!(
                    "`{other}` is no group; there are {}, and --quick",
                    names.join(", ")
                );
                std::process::exit(2);
            }
        }
    }
    let (effort, begin) = (Effort::new(quick), Instant::now());
    let mut report = Report::default();
    for (name, group) in GROUPS {
        if chosen.is_empty() || chosen.iter().any(|chosen| chosen == name) {
            report.begin(name);
            let begin = Instant::now();
            group(effort, &mut report);
            report.end();
            println!("{name}: {:.0} s", begin.elapsed().as_secs_f64());
        }
    }
    report.sum_up();
    println!("{:.0} s in all", begin.elapsed().as_secs_f64());
}
