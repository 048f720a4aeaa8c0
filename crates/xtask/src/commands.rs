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
        script: "CI=true cargo bench --package imbot-caps-instructions",
    },
    Task {
        name: "speed",
        about: "measures all targets for speed and memory",
        script: "cargo bench --package imbot-caps-benches --bench speed",
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

/// Runs a command at the root of the repository.
///
/// # Errors
///
/// If there is no shell.
pub fn run(task: &Task) -> io::Result<ExitStatus> {
    Command::new("sh")
        .args(["-c", task.script])
        .current_dir(crate::root())
        .status()
}
