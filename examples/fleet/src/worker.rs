//! One process of the fleet: a bot that asks about all of its portals, again and again.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use imbot_caps::freshness::Lifetimes;
use imbot_caps::registry::Event;
use imbot_caps::store::Store;
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::{Handle, Portal, Registry};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::Result;
use crate::engine;
use crate::options::Engine;

/// The first argument of a process of the fleet.
pub const ARGUMENT: &str = "--worker";

/// How many callers a process has. Each of them has its own part of the portals.
const CALLERS: usize = 32;

/// What one process has done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub calls: u64,
    pub failed: u64,
    /// How often the store began to fail.
    pub outages: u64,
}

/// What a bot needs.
pub struct Work {
    pub store: Option<Arc<dyn Store>>,
    pub webhooks: Vec<String>,
    pub lifetime: Duration,
    pub store_timeout: Duration,
}

#[derive(Default)]
struct Counters {
    calls: AtomicU64,
    failed: AtomicU64,
    outages: AtomicU64,
}

impl Counters {
    async fn call(&self, handle: &Handle) {
        let asked = handle.ready().await;
        self.calls.fetch_add(1, Ordering::Relaxed);
        if let Err(error) = asked
            && self.failed.fetch_add(1, Ordering::Relaxed) == 0
        {
            eprintln!("the first call that failed: {error}");
        }
    }
}

/// Asks about each portal until `stop` changes. The first pass takes a lifetime, so that the ages of the answers
/// differ, as those of a fleet that has run for long. Then `ready` is called.
pub async fn work(work: Work, ready: impl FnOnce(), mut stop: watch::Receiver<()>) -> Result<Counts> {
    let lifetimes = Lifetimes::new()
        .unsupported(work.lifetime)
        .stale_while_revalidate(work.lifetime);
    let mut builder = Registry::builder(ReqwestTransport::new()).lifetimes(lifetimes);
    if let Some(store) = work.store {
        builder = builder.store(store).store_timeout(work.store_timeout);
    }
    let registry = builder.build();
    let counters = Arc::new(Counters::default());
    let mut events = registry.events();
    let own = Arc::clone(&counters);
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if let Event::StoreFailed { .. } = event {
                own.outages.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let handles = work.webhooks.iter().map(|url| {
        // Emulated portals speak http.
        let portal = Portal::builder().allow_http().webhook(url)?;
        Ok(registry.handle(&portal))
    });
    let handles: Vec<Handle> = handles.collect::<Result<_>>()?;
    let parts: Vec<Vec<Handle>> = (0..CALLERS)
        .map(|nth| handles.iter().skip(nth).step_by(CALLERS).cloned().collect())
        .filter(|part: &Vec<Handle>| !part.is_empty())
        .collect();
    let mut callers = JoinSet::new();
    for part in parts.clone() {
        let (counters, lifetime) = (Arc::clone(&counters), work.lifetime);
        callers.spawn(async move {
            let pause = lifetime.div_f64(part.len() as f64);
            for handle in &part {
                counters.call(handle).await;
                sleep(pause).await;
            }
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended?;
    }
    ready();
    let orders = RandomState::new();
    for part in parts {
        // Each process has users of its own, who write in an order of their own.
        let mut part: Vec<(usize, Handle)> = part.into_iter().enumerate().collect();
        part.sort_by_cached_key(|(nth, _)| orders.hash_one(nth));
        let (counters, pass) = (Arc::clone(&counters), work.lifetime / 5);
        callers.spawn(async move {
            // Users do not write to all bots at one moment.
            let pause = pass.div_f64(part.len() as f64);
            loop {
                for (_, handle) in &part {
                    counters.call(handle).await;
                    sleep(pause).await;
                }
            }
        });
    }
    // It fails if the sender was dropped, which ends the work, too.
    let _ = stop.changed().await;
    callers.shutdown().await;
    Ok(Counts {
        calls: counters.calls.load(Ordering::Relaxed),
        failed: counters.failed.load(Ordering::Relaxed),
        outages: counters.outages.load(Ordering::Relaxed),
    })
}

/// The main function of a process. Its standard input has the webhooks, one a line, and an empty line. The work
/// goes on until the input ends.
pub async fn main(arguments: &[String]) -> Result<()> {
    let [engine, place, lifetime, store_timeout] = arguments else {
        return Err("a process needs its store, the place of the store, and two times".into());
    };
    let mut input = BufReader::new(stdin()).lines();
    let mut webhooks = Vec::new();
    while let Some(line) = input.next_line().await?.filter(|line| !line.is_empty()) {
        webhooks.push(line);
    }
    let millis = |text: &str| text.parse().map(Duration::from_millis);
    let own = Work {
        store: engine::open(Engine::parse(engine)?, place)?,
        webhooks,
        lifetime: millis(lifetime)?,
        store_timeout: millis(store_timeout)?,
    };
    let (stop, stopped) = watch::channel(());
    let working = tokio::spawn(work(own, || println!("ready"), stopped));
    while input.next_line().await?.is_some() {}
    drop(stop);
    let Counts {
        calls,
        failed,
        outages,
    } = working.await??;
    println!("{calls} {failed} {outages}");
    Ok(())
}
