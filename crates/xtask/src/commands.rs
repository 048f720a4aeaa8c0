//! The daily commands, and the checks before a release. `CONTRIBUTING.md` has them in its tables.

use std::io;
use std::process::{Command, ExitStatus};

/// A command of contributors.
pub struct Task {
    /// The word after `cargo xtask`.
    pub name: &'static str,
    /// What it does, in words.
    pub about: &'static str,
    /// What the shell runs at the root of the repository.
    pub script: &'static str,
}

/// All commands but `list` and `generate`.
pub const TASKS: &[Task] = &[
    Task {
        name: "lint",
        about: "formatting, and clippy for all packages",
        script: "cargo fmt --all --check && cargo clippy --workspace --all-features --all-targets -- -D warnings",
    },
    Task {
        name: "test",
        about: "the tests of all packages with all features",
        script: "cargo test --workspace --all-features",
    },
    Task {
        name: "docs",
        about: "the documentation; a warning is an error",
        script: "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --workspace --all-features",
    },
    Task {
        name: "instructions",
        about: "counts the instructions of the hot functions",
        script: "CI=true cargo bench --package imbot-caps-benches --bench instructions",
    },
    Task {
        name: "speed",
        about: "measures all targets for speed and memory",
        script: "cargo bench --package imbot-caps-benches --bench speed",
    },
    Task {
        name: "fuzz",
        about: "changes inputs at random, for all targets; with a target and seconds: that one, for this time",
        script: "if [ -n \"$2\" ]; then
            export BOLERO_RANDOM_ITERATIONS=18446744073709551615 BOLERO_RANDOM_TEST_TIME_MS=\"$2\"000
        fi
        cargo test --package imbot-caps-fuzz -- --nocapture \"$1\"",
    },
    Task {
        name: "mutants",
        about: "puts faults into the pure rooms, and names those that no unit test finds; with a part, such as 3/100",
        script: "cargo mutants --package imbot-caps --no-default-features --shard \"${1:-0/100}\" --timeout 600 \
            --file 'src/plan/**' --file 'src/event/**' --file 'src/wire/**' --file 'src/table/**' \
            --file 'src/freshness/**' -- --lib",
    },
];

/// The list of the commands, for people.
#[must_use]
pub fn list() -> String {
    let own = [
        ("list", "prints this list"),
        (
            "generate",
            "writes the generated files anew, and names those that were stale",
        ),
    ];
    let tasks = TASKS.iter().map(|task| (task.name, task.about));
    own.into_iter()
        .chain(tasks)
        .map(|(name, about)| format!("cargo xtask {name:<13} {about}\n"))
        .collect()
}

/// Runs a command at the root of the repository, with these words after its name.
///
/// # Errors
///
/// If there is no shell.
pub fn run(task: &Task, words: impl IntoIterator<Item = String>) -> io::Result<ExitStatus> {
    Command::new("sh")
        .args(["-c", task.script, task.name])
        .args(words)
        .current_dir(crate::root())
        .status()
}
