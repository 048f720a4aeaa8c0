//! The ready store passes the tests of every store, and a bad store fails them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use imbot_caps::store::conformance::{Subject, check};
use imbot_caps::store::{
    Change, Entry, Lease, MemoryStore, NewsFeed, SaveOutcome, Store, StoreFuture, Version,
};
use imbot_caps_emulator::{Clock, Emulator};

struct Memory {
    store: MemoryStore,
    clock: Clock,
}

impl Subject for Memory {
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
        Box::pin(async { Ok(Arc::new(self.store.clone()) as Arc<dyn Store>) })
    }

    fn pass(&self, time: Duration) -> StoreFuture<'_, ()> {
        self.clock.advance(time);
        Box::pin(async { Ok(()) })
    }
}

async fn memory() -> Memory {
    let clock = Emulator::start().await.unwrap().clock();
    clock.stop();
    Memory {
        store: MemoryStore::with_clock(clock.clone()),
        clock,
    }
}

#[tokio::test]
async fn memory_store_passes_conformance() {
    let report = check(&memory().await).await;
    assert!(report.is_passed(), "{report}");
    assert!(report.rules() > 10, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_store_passes_on_threads() {
    let report = check(&memory().await).await;
    assert!(report.is_passed(), "{report}");
}

/// Writes whatever the version, grants every lease, tells of nothing, or reads its clock before it takes its lock.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    LastWriterWins,
    EveryLease,
    NoNews,
    LowerCase,
    EarlyClock,
    EarlyExpiry,
}

/// When a lease was taken, and until when it holds.
type Held = HashMap<String, (SystemTime, SystemTime)>;

struct Bad(Memory, Fault, Mutex<Held>);

impl Store for Bad {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        Box::pin(async move { self.0.store.load(&self.keys(keys)).await })
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        Box::pin(async move {
            let mut saved = Vec::new();
            for change in changes {
                let mut change = change.clone();
                change.key = self.keys(&[change.key]).remove(0);
                change.announce = self.1 != Fault::NoNews;
                let mut result = self.0.store.save(&[change.clone()]).await?;
                if let (Fault::LastWriterWins, [SaveOutcome::Conflict(Some(entry))]) = (self.1, &*result) {
                    change.based_on = Some(entry.version);
                    result = self.0.store.save(&[change]).await?;
                }
                saved.append(&mut result);
            }
            Ok(saved)
        })
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        match self.1 {
            Fault::EveryLease => {
                let lease = Lease::new(key.to_owned(), Version::new(7).get().to_string());
                Box::pin(async { Ok(Some(lease)) })
            }
            Fault::EarlyClock | Fault::EarlyExpiry => {
                let taken = self.0.clock.now();
                Box::pin(async move {
                    let mut held = self.2.lock().unwrap();
                    // The one trusts its clock to be set back, and the other does not.
                    let holds = |(from, until): &(SystemTime, SystemTime)| {
                        taken < *until && (self.1 == Fault::EarlyExpiry || *from <= taken)
                    };
                    if held.get(key).is_some_and(holds) {
                        return Ok(None);
                    }
                    held.insert(key.to_owned(), (taken, taken + duration));
                    let token = format!("{taken:?}");
                    Ok(Some(Lease::new(key.to_owned(), token)))
                })
            }
            _ => self.0.store.lease(key, duration),
        }
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        self.2.lock().unwrap().remove(lease.key());
        self.0.store.release(lease)
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        self.0.store.news()
    }
}

impl Bad {
    fn keys(&self, keys: &[String]) -> Vec<String> {
        let is_lower = self.1 == Fault::LowerCase;
        let key = |key: &String| if is_lower { key.to_lowercase() } else { key.clone() };
        keys.iter().map(key).collect()
    }
}

struct Shared(Arc<Bad>);

impl Subject for Shared {
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
        Box::pin(async { Ok(Arc::clone(&self.0) as Arc<dyn Store>) })
    }

    fn pass(&self, time: Duration) -> StoreFuture<'_, ()> {
        self.0.0.pass(time)
    }
}

#[tokio::test(start_paused = true)]
async fn bad_stores_fail_conformance() {
    for (fault, rule) in [
        (
            Fault::LastWriterWins,
            "FAILED: a write needs the version that was read",
        ),
        (Fault::EveryLease, "FAILED: one holder at a time has a lease"),
        (Fault::NoNews, "FAILED: each announced change is news"),
        (Fault::LowerCase, "FAILED: keys are compared byte by byte"),
        (Fault::EarlyClock, "FAILED: a lease counts from its grant"),
        (Fault::EarlyExpiry, "FAILED: a lease counts from its grant"),
    ] {
        let report = check(&Shared(Arc::new(Bad(memory().await, fault, Mutex::default())))).await;
        assert!(
            !report.is_passed() && report.to_string().contains(rule),
            "{report}"
        );
    }
}
