//! The store passes the tests of every store.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use imbot_caps::clock::{Clock, SystemClock};
use imbot_caps::store::conformance::{Subject, check};
use imbot_caps::store::{Store, StoreFuture};
use imbot_caps_sqlite::SqliteStore;

/// The system's clock, moved by the test.
#[derive(Clone, Default)]
struct Moved(Arc<AtomicU64>);

impl Clock for Moved {
    fn now(&self) -> SystemTime {
        SystemClock.now() + Duration::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

struct File {
    path: PathBuf,
    clock: Moved,
    /// Whether each opening has connections of its own.
    shared: Option<SqliteStore>,
}

impl Subject for File {
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
        Box::pin(async {
            let store = match &self.shared {
                Some(shared) => shared.clone(),
                None => SqliteStore::open_with_clock(&self.path, self.clock.clone())?,
            };
            Ok(Arc::new(store) as Arc<dyn Store>)
        })
    }

    fn pass(&self, time: Duration) -> StoreFuture<'_, ()> {
        let millis = u64::try_from(time.as_millis()).unwrap();
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    }
}

async fn run(is_shared: bool) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portals.sqlite");
    let clock = Moved::default();
    let shared = is_shared.then(|| SqliteStore::open_with_clock(&path, clock.clone()).unwrap());
    let report = check(&File { path, clock, shared }).await;
    assert!(report.is_passed(), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn separate_connections_pass_conformance() {
    run(false).await;
}

#[tokio::test]
async fn shared_connections_pass_conformance() {
    run(true).await;
}
