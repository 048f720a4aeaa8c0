//! The tests that each store must pass.

use std::sync::Arc;
use std::time::Duration;

use imbot_caps::store::conformance::{Subject, check};
use imbot_caps::store::{Store, StoreFuture};
use imbot_caps_redis::RedisStore;

use crate::server::{Server, send};

/// A store, and the ports of its servers.
pub(crate) struct Fleet {
    pub(crate) ports: Vec<u16>,
    pub(crate) open: Box<dyn Fn() -> RedisStore + Send + Sync>,
}

impl Subject for Fleet {
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
        Box::pin(async { Ok(Arc::new((self.open)()) as Arc<dyn Store>) })
    }

    /// Shortens the life of each key: nobody has to wait.
    fn pass(&self, time: Duration) -> StoreFuture<'_, ()> {
        let time = i64::try_from(time.as_millis()).unwrap();
        Box::pin(async move {
            for port in &self.ports {
                let keys: Vec<String> = redis::from_redis_value(send(*port, &["KEYS", "*"]).await).unwrap();
                for key in keys {
                    let left: i64 = redis::from_redis_value(send(*port, &["PTTL", &key]).await).unwrap();
                    // A time that has passed deletes the key.
                    send(*port, &["PEXPIRE", &key, &(left - time).to_string()]).await;
                }
            }
            Ok(())
        })
    }
}

async fn one_server_passes() {
    let Some(server) = Server::start(&[]).await else {
        return;
    };
    let url = server.url();
    let fleet = Fleet {
        ports: vec![server.port],
        open: Box::new(move || RedisStore::open(&url).unwrap()),
    };
    let report = check(&fleet).await;
    assert!(report.is_passed() && report.rules() > 10, "{report}");
}

#[tokio::test]
async fn store_passes_conformance() {
    one_server_passes().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn store_passes_conformance_on_threads() {
    one_server_passes().await;
}
