//! The example asks emulated portals, and needs no runtime.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::process::{Command, Output};

use imbot_caps::Feature;
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault, Webhook};

const SECRET: &str = "s3cretwebhookcode";

/// Runs the example. The emulator answers on other threads.
async fn run(webhook: String) -> Output {
    let example = || {
        Command::new(env!("CARGO_BIN_EXE_imbot-caps-blocking"))
            .env("IMBOT_WEBHOOK_URL", webhook)
            .env("NO_PROXY", "*")
            .output()
            .unwrap()
    };
    tokio::task::spawn_blocking(example).await.unwrap()
}

fn methods(emulated: &EmulatedPortal) -> Vec<String> {
    let requests = emulated.take_requests().into_iter();
    requests.map(|request| request.method).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn example_learns_every_shipped_build() {
    let emulator = Emulator::start().await.unwrap();
    let mut builds = 0;
    for build in Build::shipped() {
        let emulated = emulator.portal(build.clone());
        let output = run(emulated.webhook_url().to_owned()).await;
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{build:?}: {text}");
        let truth = build.caps();
        let revision = format!("REST revision {}", truth.knowledge().rest().unwrap());
        assert!(text.contains(&revision), "{build:?}: {text}");
        let system = format!("system messages: {}\n", truth.supports(Feature::SystemMessage));
        assert!(text.contains(&system), "{build:?}: {text}");
        let expected = match truth.supports(Feature::ImbotV2RevisionGet) {
            true => vec!["imbot.v2.Revision.get"],
            false => vec!["imbot.v2.Revision.get", "batch"],
        };
        assert_eq!(methods(&emulated), expected, "{build:?}");
        builds += 1;
    }
    assert!(builds > 10, "{builds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn example_repeats_and_reports_failures() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(36));
    emulated.fault(Fault::hang_up().once());
    let output = run(emulated.webhook_url().to_owned()).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(methods(&emulated).len(), 2);

    for fault in [
        Fault::error("NO_AUTH_FOUND"),
        Fault::html(404),
        Fault::redirect("/login"),
        Fault::big_body(70_000),
        Fault::body(404, "text/html", format!("<title>{SECRET}</title>")),
    ] {
        let emulated = emulator.portal(Build::rest(36));
        let webhook = emulated.add_webhook(Webhook::new(7, SECRET));
        emulated.fault(fault.clone());
        let output = run(webhook).await;
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && text.contains("are not known"),
            "{fault:?}: {text}"
        );
        assert!(!text.contains(SECRET), "{text}");
        assert_eq!(methods(&emulated).len(), 1, "{fault:?}");
    }
}

/// The crates that a program like this builds.
#[test]
fn example_builds_no_runtime() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(["--package", "imbot-caps-blocking"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let mut crates: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    println!("{} crates: {crates:?}", crates.len());
    assert!(
        crates.contains(&"imbot-caps") && crates.contains(&"ureq"),
        "{text}"
    );
    for own in ["tokio", "reqwest", "hyper", "url", "psl", "futures-core"] {
        assert!(!crates.contains(&own), "{own}: {text}");
    }
}

/// It is short enough to read at once.
#[test]
fn example_has_80_lines_at_most() {
    let lines = include_str!("../src/main.rs").lines().count();
    assert!(lines < 80, "{lines} lines");
}
