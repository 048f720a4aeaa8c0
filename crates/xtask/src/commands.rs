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

/// The commands that the shell runs.
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
        script: "CI=true cargo bench --profile instructions --package imbot-caps-instructions",
    },
    Task {
        name: "speed",
        about: "measures all targets for speed and memory",
        script: "cargo bench --package imbot-caps-benches --bench speed",
    },
    Task {
        name: "tools",
        about: "installs the tools of the checks before a release",
        script: "cargo install --locked cargo-deny cargo-hack cargo-semver-checks cargo-cyclonedx cargo-mutants",
    },
    Task {
        name: "package",
        about: "builds each published package from its own archive",
        // One target folder for all: each package is built alone, and dependencies are built once.
        script: "CARGO_TARGET_DIR=\"$PWD/target\" cargo package --locked \
            --package imbot-caps --package imbot-caps-emulator --package imbot-caps-sqlite \
            --package imbot-caps-redis --package imbot-caps-proxy --package imbot-caps-cli",
    },
    Task {
        name: "combinations",
        about: "checks all pairs of features of the packages that have some",
        script: "cargo hack --locked check --lib --feature-powerset --depth 2 --skip default \
            --package imbot-caps --package imbot-caps-emulator --package imbot-caps-redis",
    },
    Task {
        name: "oldest",
        about: "builds the packages with the oldest direct dependencies that their manifests allow",
        // Of the last commit, in a folder of its own: the lock file is another one.
        script: "rm -rf target/oldest && mkdir -p target/oldest && git archive HEAD | tar -x -C target/oldest && \
            cd target/oldest && rm Cargo.lock && \
            RUSTC_BOOTSTRAP=1 cargo generate-lockfile -Z direct-minimal-versions && \
            cargo check --locked --target-dir ../oldest-build --all-features \
            --package imbot-caps --package imbot-caps-emulator --package imbot-caps-sqlite \
            --package imbot-caps-redis --package imbot-caps-proxy --package imbot-caps-cli",
    },
    Task {
        name: "api",
        about: "compares the API with the last tag, or with the commit that BASE names",
        script: "base=${BASE:-$(git describe --tags --abbrev=0 2>/dev/null)}; \
            [ -n \"$base\" ] || { echo 'there is no tag yet; name a commit by BASE' >&2; exit 1; }; \
            cargo semver-checks --baseline-rev \"$base\" --all-features \
            --package imbot-caps --package imbot-caps-emulator --package imbot-caps-sqlite \
            --package imbot-caps-redis --package imbot-caps-proxy",
    },
    Task {
        name: "docs-rs",
        about: "the documentation as docs.rs makes it, with a nightly toolchain",
        script: "RUSTDOCFLAGS='--cfg docsrs -D warnings' cargo +nightly doc --locked --no-deps --all-features \
            --target-dir target/docs-rs --lib \
            --package imbot-caps --package imbot-caps-emulator --package imbot-caps-sqlite \
            --package imbot-caps-redis --package imbot-caps-proxy",
    },
    Task {
        name: "deny",
        about: "licences, sources, banned and doubled crates, and advisories",
        script: "cargo deny --workspace --locked check",
    },
    Task {
        name: "sbom",
        about: "writes lists of all dependencies into target/sbom, as CycloneDX",
        script: "cargo cyclonedx --format json --all-features && mkdir -p target/sbom && \
            git ls-files --others --ignored --exclude='*.cdx.json' -z | xargs -0 -I{} mv {} target/sbom/",
    },
    Task {
        name: "fuzz",
        about: "changes inputs at random, for all targets; with a target and seconds: only that target, for this time",
        script: "if [ -n \"$2\" ]; then
            export BOLERO_RANDOM_ITERATIONS=18446744073709551615 BOLERO_RANDOM_TEST_TIME_MS=\"$2\"000
        fi
        cargo test --package imbot-caps-fuzz -- --nocapture \"$1\"",
    },
    Task {
        name: "mutants",
        about: "puts faults into the pure rooms, and lists those that no test finds; with a part, such as 3/100",
        script: "cargo mutants --package imbot-caps --test-package imbot-caps,imbot-caps-tests --all-features \
            --shard \"${1:-0/100}\" --sharding round-robin --timeout 600 \
            --file 'src/plan/**' --file 'src/event/**' --file 'src/wire/**' --file 'src/table/**' \
            --file 'src/freshness/**' -- --lib --test it",
    },
];

/// The commands that the program runs itself.
pub const OWN: [(&str, &str); 3] = [
    ("list", "prints this list"),
    (
        "generate",
        "writes the generated files anew, and names those that were stale",
    ),
    (
        "ages",
        "the age of the public suffixes, and the Rust that dependencies need",
    ),
];

/// The list of the commands, for people.
#[must_use]
pub fn list() -> String {
    let tasks = TASKS.iter().map(|task| (task.name, task.about));
    OWN.into_iter()
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
