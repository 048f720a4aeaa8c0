//! What is kept and allocated, counted by the bench `memory`: an allocator that counts
//! would be in the way of all other rows, so it has a process of its own.

use std::process::{Command, Stdio};

use super::harness::Effort;
use super::report::{Figure, Report, Target};

/// What a known portal may cost beside its key, in bytes.
const LEAST: f64 = 32.0;

pub fn run(effort: Effort, report: &mut Report) {
    let Some(cargo) = std::env::var_os("CARGO") else {
        return report.further("not measured: run by cargo, which runs the bench `memory` too");
    };
    let mut command = Command::new(cargo);
    command.args(["bench", "--quiet", "--manifest-path"]);
    command.args([
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        "--bench",
        "memory",
        "--",
    ]);
    if effort.quick {
        command.arg("--quick");
    }
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the bench `memory` failed");
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let [kind, name, value] = *line.split('\t').collect::<Vec<_>>() else {
            continue;
        };
        let value: f64 = value.parse().unwrap();
        match kind {
            "portal" => {
                report.hold_two(
                    name,
                    Figure::Bytes(value),
                    Figure::Bytes(LEAST),
                    Target::AtMost(130.0),
                );
            }
            "allocations" => {
                report.hold_two(
                    name,
                    Figure::Number(value),
                    Figure::Number(0.0),
                    Target::Exactly(0.0),
                );
            }
            _ => report.further(format!("{name}: {value}")),
        }
    }
}
