//! Real processes on one file: they ask each portal once, and hear of an upgrade that one of them sees.
//! One of them is killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::process::Stdio;
use std::time::Duration;

use imbot_caps::registry::Event;
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Handle, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps_sqlite::SqliteStore;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

const WORKER: &str = "--worker";
const PORTALS: usize = 20;
const PROCESSES: usize = 4;
/// A loaded machine may need long. Nothing is measured.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|own| own == WORKER) {
        Some(place) => work(&arguments[place + 1], &arguments[place + 2..]).await,
        // Cargo passes the arguments of a harness.
        None if arguments.iter().any(|own| own == "--list") => println!("processes: test"),
        None => run().await,
    }
}

/// One process: obeys the lines that it reads.
async fn work(path: &str, webhooks: &[String]) {
    let registry = Registry::builder(ReqwestTransport::new())
        .deadline(PATIENCE)
        .store(SqliteStore::open(path).unwrap())
        .store_timeout(PATIENCE)
        .build();
    let mut events = registry.events();
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if let Event::StoreFailed { error } = event {
                eprintln!("{error}");
            }
        }
    });
    let portal = |url: &String| Portal::builder().allow_http().webhook(url).unwrap();
    let handles: Vec<Handle> = webhooks.iter().map(|url| registry.handle(&portal(url))).collect();
    // This thread may block: the probes run on the runtime's workers.
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        match line.as_str() {
            "ready" => {
                let asked: Vec<_> = handles
                    .iter()
                    .cloned()
                    .map(|handle| tokio::spawn(async move { handle.ready().await.unwrap() }))
                    .collect();
                for asked in asked {
                    asked.await.unwrap();
                }
            }
            "refresh" => drop(handles[0].refresh().await.unwrap()),
            "upgraded" => {
                let mut caps = handles[0].caps();
                while caps.knowledge().rest() != Some(36) {
                    caps = handles[0].changed_since(&caps).await;
                }
            }
            other => panic!("{other}"),
        }
        println!("{line} done");
    }
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(path: &str, portals: &[EmulatedPortal]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg(WORKER)
            .arg(path)
            .args(portals.iter().map(EmulatedPortal::webhook_url))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, input, output }
    }

    async fn send(&mut self, line: &str) {
        self.input
            .write_all(format!("{line}\n").as_bytes())
            .await
            .unwrap();
    }

    async fn done(&mut self, line: &str) {
        let next = tokio::time::timeout(2 * PATIENCE, self.output.next_line());
        let next = next.await.unwrap_or_else(|_| panic!("`{line}` does not end"));
        assert_eq!(next.unwrap(), Some(format!("{line} done")));
    }
}

async fn all(processes: &mut [Process], line: &str) {
    for process in processes.iter_mut() {
        process.send(line).await;
    }
    for process in processes.iter_mut() {
        process.done(line).await;
    }
}

fn requests(portals: &[EmulatedPortal]) -> usize {
    portals
        .iter()
        .map(|emulated| emulated.take_requests().len())
        .sum()
}

async fn run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let path = path.to_str().unwrap();
    let emulator = Emulator::start().await.unwrap();
    let portals: Vec<EmulatedPortal> = (0..PORTALS).map(|_| emulator.portal(Build::rest(33))).collect();
    let mut processes: Vec<Process> = (0..PROCESSES).map(|_| Process::start(path, &portals)).collect();

    all(&mut processes, "ready").await;
    let asked = requests(&portals);
    // A lease lasts three seconds. On a machine that is very slow, a portal may be asked twice.
    assert!((PORTALS..PORTALS * 3 / 2).contains(&asked), "{asked} requests");

    // Killed in the middle of its work. The others go on.
    let mut killed = processes.pop().unwrap();
    killed.send("refresh").await;
    killed.child.kill().await.unwrap();
    portals[0].set_build(Build::rest(36));
    requests(&portals);
    processes[0].send("refresh").await;
    processes[0].done("refresh").await;
    all(&mut processes, "upgraded").await;
    let asked = requests(&portals);
    assert!(
        (1..=2).contains(&asked),
        "{asked} requests for one refresh, and one of the killed process"
    );

    // A process that starts later asks nobody.
    let mut late = Process::start(path, &portals);
    late.send("ready").await;
    late.done("ready").await;
    assert_eq!(requests(&portals), 0);
    println!("test processes ... ok");
}
