//! Calls that answer from memory do not use the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use imbot_caps::Feature;
use imbot_caps::store::{Change, Entry, Lease, MemoryStore, NewsFeed, SaveOutcome, Store, StoreFuture};
use imbot_caps_emulator::Build;

use super::setup::{Fleet, HOUR};

/// Counts its calls.
#[derive(Clone)]
struct Counting {
    store: MemoryStore,
    calls: Arc<AtomicUsize>,
}

impl Counting {
    fn count(&self) -> &MemoryStore {
        self.calls.fetch_add(1, Ordering::Relaxed);
        &self.store
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Store for Counting {
    fn load<'a>(&'a self, keys: &'a [String]) -> StoreFuture<'a, Vec<Option<Entry>>> {
        self.count().load(keys)
    }

    fn save<'a>(&'a self, changes: &'a [Change]) -> StoreFuture<'a, Vec<SaveOutcome>> {
        self.count().save(changes)
    }

    fn lease<'a>(&'a self, key: &'a str, duration: Duration) -> StoreFuture<'a, Option<Lease>> {
        self.count().lease(key, duration)
    }

    fn release(&self, lease: Lease) -> StoreFuture<'_, ()> {
        self.count().release(lease)
    }

    fn news(&self) -> StoreFuture<'_, Box<dyn NewsFeed>> {
        self.count().news()
    }
}

#[tokio::test]
async fn hot_paths_never_use_store() {
    let fleet = Fleet::start().await;
    let store = Counting {
        store: fleet.store.clone(),
        calls: Arc::default(),
    };
    let registry = fleet.builder().store(store.clone()).build();
    let (_, portal) = fleet.portal(Build::rest(34));
    let handle = registry.handle(&portal);
    fleet.pace.run(handle.ready()).await.unwrap();
    fleet.settle().await;
    // Fresh, stale, and older than the registry serves to callers that can wait.
    for age in [Duration::ZERO, 2 * HOUR, 60 * 24 * HOUR] {
        fleet.emulator.clock().advance(age);
        fleet.settle().await;
        let before = store.calls();
        for _ in 0..100 {
            assert!(handle.caps().supports(Feature::SystemMessage));
            assert!(!handle.caps().supports(Feature::BotTokenRotation));
            let found = registry.get(portal.id()).unwrap();
            assert!(found.supports(Feature::SystemMessage));
        }
        fleet.settle().await;
        assert_eq!(store.calls(), before, "at an age of {age:?}");
    }
    let before = store.calls();
    fleet.pace.run(handle.ready()).await.unwrap();
    assert!(store.calls() > before, "calls are counted");
}
