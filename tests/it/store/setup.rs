//! A fleet: several registries over one store, with a clock that moves when all of them wait.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use imbot_caps::registry::RegistryBuilder;
use imbot_caps::store::{Change, Entry, MemoryStore, SaveOutcome, Store, Version};
use imbot_caps::{Handle, Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};

use crate::support::http::{REVISION, Untimed, webhook};
use crate::support::simulated_clock::Pace;

pub const HOUR: Duration = Duration::from_secs(3_600);

pub struct Fleet {
    pub emulator: Emulator,
    pub pace: Pace,
    pub store: MemoryStore,
    /// One client for all processes: a client takes long to make.
    transport: Arc<Untimed>,
}

impl Fleet {
    pub async fn start() -> Self {
        let emulator = Emulator::start().await.unwrap();
        let pace = Pace::new(emulator.clock());
        let store = MemoryStore::with_clock(pace.clone());
        Self {
            emulator,
            pace,
            store,
            transport: Arc::default(),
        }
    }

    /// A builder whose requests are all answered before the clock moves.
    pub fn builder(&self) -> RegistryBuilder {
        let transport = self.pace.over(Arc::clone(&self.transport), |_| true);
        Registry::builder(transport).clock(self.pace.clone())
    }

    /// The same fleet with an empty store.
    pub fn again(&mut self) {
        self.store = MemoryStore::with_clock(self.pace.clone());
    }

    /// The registry of one process.
    pub fn registry(&self) -> Registry {
        self.builder().store(self.store.clone()).build()
    }

    pub fn portal(&self, build: Build) -> (EmulatedPortal, Portal) {
        let emulated = self.emulator.portal(build);
        let portal = webhook(&emulated);
        (emulated, portal)
    }

    /// Asks at one time by all handles.
    pub async fn ready(&self, handles: &[Handle]) {
        let all = handles
            .iter()
            .map(|handle| async { handle.ready().await.unwrap() });
        self.pace.run(join(all)).await;
    }

    /// Lets the tasks in the background end.
    pub async fn settle(&self) {
        self.pace.settle().await;
    }

    pub async fn entry(&self, portal: &Portal) -> Option<Entry> {
        let key = portal.id().to_string();
        self.store.load(&[key]).await.unwrap().remove(0)
    }

    /// Puts a text in place of a portal's record.
    pub async fn put(&self, portal: &Portal, body: &str) -> Version {
        let based_on = self.entry(portal).await.map(|entry| entry.version);
        let change = Change::new(portal.id().to_string(), body.to_owned(), based_on);
        match self.store.save(&[change]).await.unwrap().remove(0) {
            SaveOutcome::Done(version) => version,
            SaveOutcome::Conflict(_) => panic!("nobody else writes"),
        }
    }
}

/// Polls all of them in turn, until all have ended.
pub async fn join<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
    let mut ended: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (running, ended) in running.iter_mut().zip(&mut ended) {
            if let Some(future) = running
                && let Poll::Ready(output) = pin!(future).as_mut().poll(context)
            {
                *ended = Some(output);
                *running = None;
            }
        }
        match running.iter().all(Option::is_none) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
    ended.into_iter().flatten().collect()
}

/// How often the portal was asked since the last look.
pub fn probes(emulated: &EmulatedPortal) -> usize {
    let requests = emulated.take_requests();
    requests
        .iter()
        .filter(|request| request.method == REVISION)
        .count()
}
