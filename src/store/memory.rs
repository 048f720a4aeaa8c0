//! [`MemoryStore`]: a store in the memory of this process.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::entry::{Change, Entry, Lease, SaveOutcome, Version};
use super::error::{StoreError, StoreErrorKind};
use super::future::StoreFuture;
use super::news::{News, NewsFeed};
use super::store::Store;
use crate::clock::{Clock, SystemClock};

/// How many changes wait for a slow listener. It gets [`News::Missed`] for further ones.
const WAITING: usize = 1_024;

/// A store in the memory of this process: for tests, and for several registries of one process.
/// Clones share the contents. It keeps one entry for each portal that was ever asked.
#[derive(Clone)]
pub struct MemoryStore(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    contents: Mutex<Contents>,
    changed: broadcast::Sender<String>,
}

#[derive(Default)]
struct Contents {
    entries: HashMap<String, Entry>,
    leases: HashMap<String, Held>,
    /// The last version, or the last token.
    last: u64,
}

/// A lease that was taken.
struct Held {
    token: u64,
    taken: SystemTime,
    until: SystemTime,
}

impl Contents {
    fn next(&mut self) -> u64 {
        // No process lives long enough for the end of it.
        self.last = self.last.wrapping_add(1);
        self.last
    }

    fn save(&mut self, change: &Change) -> SaveOutcome {
        let current = self.entries.get(&change.key);
        if current.map(|entry| entry.version) != change.based_on {
            return SaveOutcome::Conflict(current.cloned());
        }
        let version = Version::new(self.next());
        let entry = Entry::new(change.body.clone(), version);
        self.entries.insert(change.key.clone(), entry);
        SaveOutcome::Done(version)
    }

    fn lease(&mut self, key: &str, now: SystemTime, until: SystemTime) -> Option<Lease> {
        // If the clock was set back, the holder's time is over.
        let holds = |held: &Held| (held.taken..held.until).contains(&now);
        if self.leases.get(key).is_some_and(holds) {
            return None;
        }
        let (token, taken) = (self.next(), now);
        let held = Held { token, taken, until };
        self.leases.insert(key.to_owned(), held);
        Some(Lease::new(key.to_owned(), token.to_string()))
    }

    fn release(&mut self, lease: &Lease) {
        let own = self.leases.get(lease.key());
        if own.is_some_and(|held| held.token.to_string() == lease.token()) {
            self.leases.remove(lease.key());
        }
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }

    /// The same with a clock by which leases expire: for tests.
    #[must_use]
    pub fn with_clock(clock: impl Clock) -> Self {
        Self(Arc::new(Inner {
            clock: Arc::new(clock),
            contents: Mutex::default(),
            changed: broadcast::channel(WAITING).0,
        }))
    }

    /// Deletes all entries and all leases.
    pub fn clear(&self) {
        let mut contents = self.lock();
        contents.entries.clear();
        contents.leases.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("entries", &self.lock().entries.len())
            .finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        let contents = self.lock();
        let entries = keys.iter().map(|key| contents.entries.get(key).cloned());
        Box::pin(ready(Ok(entries.collect())))
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        let mut saved = Vec::with_capacity(changes.len());
        for change in changes {
            let result = self.lock().save(change);
            if change.announce && matches!(result, SaveOutcome::Done(_)) {
                // It fails if nobody listens.
                let _ = self.0.changed.send(change.key.clone());
            }
            saved.push(result);
        }
        Box::pin(ready(Ok(saved)))
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        // Under the lock the clock is read in the order of the leases.
        let mut contents = self.lock();
        let now = self.0.clock.now();
        let until = now.checked_add(duration);
        let lease = until.and_then(|until| contents.lease(key, now, until));
        Box::pin(ready(Ok(lease)))
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        self.lock().release(&lease);
        Box::pin(ready(Ok(())))
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        let feed: Box<dyn NewsFeed> = Box::new(Feed(self.0.changed.subscribe()));
        Box::pin(ready(Ok(feed)))
    }
}

struct Feed(broadcast::Receiver<String>);

impl NewsFeed for Feed {
    fn next(&mut self) -> StoreFuture<'_, News> {
        Box::pin(async {
            match self.0.recv().await {
                Ok(key) => Ok(News::Changed(vec![key])),
                Err(RecvError::Lagged(_)) => Ok(News::Missed),
                Err(RecvError::Closed) => Err(StoreError::new(
                    StoreErrorKind::Unavailable,
                    "the store was dropped",
                )),
            }
        })
    }
}
