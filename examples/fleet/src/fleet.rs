//! Runs the fleet, and judges what was counted.

use std::process::Stdio;
use std::time::Duration;

use imbot_caps::store::MemoryStore;
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::Result;
use crate::engine::Running;
use crate::options::{Engine, Options};
use crate::requests::{Counted, Requests};
use crate::worker::{ARGUMENT, Counts, Work, work};

/// The most requests of a fleet for each request that had a reason.
const MOST: f64 = 1.02;

/// A portal's lifetime is up to a tenth shorter than the one that is set.
const SHORTEST: f64 = 0.9;

/// When a store that is back is used again at the latest: the longest pause of a process, and a second.
const PAUSE: Duration = Duration::from_secs(6);
const BACK: Duration = Duration::from_secs(10);

/// A process, or the registry that takes its place.
enum Member {
    Process {
        child: Box<Child>,
        input: ChildStdin,
        output: Lines<BufReader<ChildStdout>>,
    },
    Task {
        working: JoinHandle<Result<Counts>>,
        stop: watch::Sender<()>,
        ready: oneshot::Receiver<()>,
    },
}

impl Member {
    async fn process(options: &Options, place: &str, webhooks: &[String]) -> Result<Self> {
        let millis = |time: Duration| time.as_millis().to_string();
        let mut child = Command::new(std::env::current_exe()?)
            .args([
                ARGUMENT,
                options.engine.as_str(),
                place,
                &millis(options.lifetime),
                &millis(options.store_timeout),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut input = child.stdin.take().ok_or("the process has no input")?;
        let output = child.stdout.take().ok_or("the process has no output")?;
        input
            .write_all(format!("{}\n\n", webhooks.join("\n")).as_bytes())
            .await?;
        let output = BufReader::new(output).lines();
        Ok(Member::Process {
            child: Box::new(child),
            input,
            output,
        })
    }

    fn task(options: &Options, store: MemoryStore, webhooks: Vec<String>) -> Self {
        let own = Work {
            store: Some(std::sync::Arc::new(store)),
            webhooks,
            lifetime: options.lifetime,
            store_timeout: options.store_timeout,
        };
        let (stop, stopped) = watch::channel(());
        let (began, ready) = oneshot::channel();
        let is_ready = move || {
            // It fails if nobody waits any more.
            let _ = began.send(());
        };
        let working = tokio::spawn(work(own, is_ready, stopped));
        Member::Task { working, stop, ready }
    }

    /// Waits until each portal was asked once.
    async fn ready(&mut self) -> Result<()> {
        match self {
            Member::Process { output, .. } => match output.next_line().await?.as_deref() {
                Some("ready") => Ok(()),
                line => Err(format!("a process said {line:?}").into()),
            },
            Member::Task { ready, .. } => Ok(ready.await?),
        }
    }

    async fn end(self) -> Result<Counts> {
        match self {
            Member::Process {
                mut child,
                input,
                mut output,
            } => {
                // Its input ends.
                drop(input);
                let line = output.next_line().await?.unwrap_or_default();
                child.wait().await?;
                let numbers: Vec<u64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
                match numbers[..] {
                    [calls, failed, outages] => Ok(Counts {
                        calls,
                        failed,
                        outages,
                    }),
                    _ => Err(format!("a process ended with {line:?}").into()),
                }
            }
            Member::Task { working, stop, .. } => {
                drop(stop);
                working.await?
            }
        }
    }
}

/// Runs the fleet. Returns whether it has asked as seldom as it should.
pub async fn run(options: &Options) -> Result<bool> {
    let Options {
        engine,
        processes,
        portals,
        lifetime,
        time,
        outage,
        ..
    } = *options;
    println!(
        "store {}, {processes} processes, {portals} portals, a lifetime of {lifetime:?}",
        engine.as_str()
    );
    let emulator = Emulator::start().await?;
    // An answer of this build may change by an upgrade, so it has the shorter lifetime.
    let emulated: Vec<EmulatedPortal> = (0..portals).map(|_| emulator.portal(Build::rest(33))).collect();
    let webhooks: Vec<String> = emulated
        .iter()
        .map(|portal| portal.webhook_url().to_owned())
        .collect();
    let mut requests = Requests::new(emulated, lifetime);
    let mut running = Running::start(engine)?;
    let memory = MemoryStore::new();
    let mut members = Vec::new();
    for _ in 0..processes {
        members.push(match engine {
            Engine::Memory => Member::task(options, memory.clone(), webhooks.clone()),
            _ => Member::process(options, &running.place(), &webhooks).await?,
        });
    }
    let mut started = Ok(());
    let start = requests.during(async {
        for member in &mut members {
            if started.is_ok() {
                started = member.ready().await;
            }
        }
    });
    let start = start.await;
    started?;
    let first = if engine == Engine::None { processes } else { 1 };
    println!("phase            seconds  requests   early  a portal and lifetime  a needed request  at most");
    print("start", &start, None);
    let mut kept = true;
    let mut judge = |name: &str, counted: &Counted, members: usize| {
        let is_kept = is_kept(counted, members);
        print(name, counted, Some((members, is_kept)));
        kept &= is_kept;
    };
    judge("with the store", &requests.during(sleep(time)).await, first);
    if !outage.is_zero() {
        running.fail()?;
        judge(
            "the store fails",
            &requests.during(sleep(outage)).await,
            processes,
        );
        running.recover()?;
        // The answers that the processes got by themselves are good for a lifetime.
        let settling = BACK.max(lifetime + PAUSE);
        print("it is back", &requests.during(sleep(settling)).await, None);
        judge("with the store", &requests.during(sleep(time)).await, first);
    }
    let mut total = Counts::default();
    for member in members {
        let Counts {
            calls,
            failed,
            outages,
        } = member.end().await?;
        total.calls += calls;
        total.failed += failed;
        total.outages += outages;
    }
    let Counts {
        calls,
        failed,
        outages,
    } = total;
    println!("{calls} calls, {failed} of them failed; the processes met {outages} outages of the store");
    kept &= failed == 0;
    println!(
        "{}",
        if kept {
            "kept"
        } else {
            "NOT KEPT: too many requests, or a call failed"
        }
    );
    Ok(kept)
}

/// The most requests for each portal and lifetime, if so many processes share nothing: each asks once in its shortest
/// lifetime, and once more if the time that was counted begins just before that.
fn most(counted: &Counted, members: usize) -> f64 {
    members as f64 * (1.0 / SHORTEST + 1.0 / counted.lifetimes())
}

/// Whether the requests are as few as those of so many processes that share nothing. One stands for a fleet.
fn is_kept(counted: &Counted, members: usize) -> bool {
    let fits = counted.each() <= most(counted, members);
    fits && (members > 1 || counted.ratio() <= MOST)
}

fn print(name: &str, counted: &Counted, judged: Option<(usize, bool)>) {
    let judged = match judged {
        None => String::new(),
        Some((members, is_kept)) => {
            let most = most(counted, members);
            format!("{most:>7.2} {}", if is_kept { "kept" } else { "NOT KEPT" })
        }
    };
    println!(
        "{name:<16} {:>7.1} {:>9} {:>7} {:>22.3} {:>17.3}  {judged}",
        counted.time.as_secs_f64(),
        counted.requests,
        counted.early,
        counted.each(),
        counted.ratio(),
    );
}
