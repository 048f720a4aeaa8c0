//! The tests that each [`Store`](super::Store) must pass.
//!
//! ```
//! use std::time::Duration;
//! use std::sync::Arc;
//! use imbot_caps::store::conformance::{Subject, check};
//! use imbot_caps::store::{MemoryStore, Store, StoreFuture};
//!
//! struct Memory(MemoryStore);
//!
//! impl Subject for Memory {
//!     fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
//!         Box::pin(async { Ok(Arc::new(self.0.clone()) as Arc<dyn Store>) })
//!     }
//!
//!     fn pass(&self, time: Duration) -> StoreFuture<'_, ()> {
//!         Box::pin(async move { Ok(tokio::time::sleep(time).await) })
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = check(&Memory(MemoryStore::new())).await;
//! assert!(report.is_passed(), "{report}");
//! # }
//! ```

use std::fmt;

mod entries;
mod leases;
mod news;
mod subject;
mod writers;

pub use subject::Subject;

use subject::{Broken, Outcome, PATIENCE};

/// The rules, each with its result.
#[derive(Clone, Debug)]
#[must_use]
pub struct Report {
    rules: Vec<(&'static str, Result<(), Broken>)>,
}

impl Report {
    /// Whether the store obeys all rules.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.rules.iter().all(|(_, result)| result.is_ok())
    }

    /// The number of rules.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.rules.len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rule, result) in &self.rules {
            match result {
                Ok(()) => writeln!(f, "passed: {rule}")?,
                Err(Broken(text)) => writeln!(f, "FAILED: {rule}: {text}")?,
            }
        }
        Ok(())
    }
}

/// Tests a store. The runtime needs time enabled. A store that does not answer for ten seconds breaks
/// the rule. The contents are left behind.
pub async fn check(subject: &dyn Subject) -> Report {
    let rules = vec![
        (
            "an empty store has no entries",
            guarded(entries::empty(subject)).await,
        ),
        (
            "texts are stored unchanged",
            guarded(entries::unchanged(subject)).await,
        ),
        (
            "keys are compared byte by byte",
            guarded(entries::keys(subject)).await,
        ),
        (
            "a write needs the version that was read",
            guarded(entries::versions(subject)).await,
        ),
        (
            "results come in the order of their changes",
            guarded(entries::order(subject)).await,
        ),
        (
            "a dropped future leaves nothing half done",
            guarded(entries::dropped(subject)).await,
        ),
        (
            "writers at one time lose nothing",
            guarded(writers::lose_nothing(subject)).await,
        ),
        (
            "one holder at a time has a lease",
            guarded(leases::exclusive(subject)).await,
        ),
        ("a lease expires", guarded(leases::expiry(subject)).await),
        (
            "a lease counts from its grant",
            guarded(leases::late(subject)).await,
        ),
        (
            "callers at one time get one lease",
            guarded(leases::race(subject)).await,
        ),
        (
            "each announced change is news",
            guarded(news::arrive(subject)).await,
        ),
        (
            "a slow listener misses nothing silently",
            guarded(news::flood(subject)).await,
        ),
    ];
    Report { rules }
}

async fn guarded(rule: impl Future<Output = Outcome>) -> Outcome {
    tokio::time::timeout(PATIENCE.saturating_mul(6), rule)
        .await
        .unwrap_or_else(|_| Err(Broken("the store did not answer".to_owned())))
}
