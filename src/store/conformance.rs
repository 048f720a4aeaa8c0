//! The tests that each [`Store`](super::Store) must pass.
//!
//! ```
//! use std::time::Duration;
//! use std::sync::Arc;
//! use imbot_caps::store::conformance::{Subject, SubjectFuture, check};
//! use imbot_caps::store::{MemoryStore, Store};
//!
//! struct Memory(MemoryStore);
//!
//! impl Subject for Memory {
//!     fn open(&self) -> SubjectFuture<'_, Arc<dyn Store>> {
//!         Box::pin(async { Ok(Arc::new(self.0.clone()) as Arc<dyn Store>) })
//!     }
//!
//!     fn pass(&self, time: Duration) -> SubjectFuture<'_, ()> {
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
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::error::StoreError;
use super::store::Store;

mod entries;
mod leases;
mod news;
mod writers;

/// What the methods of a [`Subject`] return.
pub type SubjectFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store under test. It is empty at first.
pub trait Subject: Send + Sync {
    /// Opens the store again: the same contents, as another process sees them.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if that fails. Then the rule fails.
    fn open(&self) -> SubjectFuture<'_, Arc<dyn Store>>;

    /// Lets this time pass by the clock of the store. The longest time is two seconds.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if that fails. Then the rule fails.
    fn pass(&self, time: Duration) -> SubjectFuture<'_, ()>;
}

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

/// What a store did wrong.
#[derive(Clone, Debug)]
struct Broken(String);

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

type Outcome = Result<(), Broken>;

fn must(holds: bool, otherwise: impl fmt::Display) -> Outcome {
    match holds {
        true => Ok(()),
        false => Err(Broken(otherwise.to_string())),
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

/// How long a rule may take.
const PATIENCE: Duration = Duration::from_secs(10);

async fn guarded(rule: impl Future<Output = Outcome>) -> Outcome {
    tokio::time::timeout(PATIENCE.saturating_mul(6), rule)
        .await
        .unwrap_or_else(|_| Err(Broken("the store did not answer".to_owned())))
}

/// A key of this rule.
fn key(rule: &str, nth: usize) -> String {
    format!("https://{rule}-{nth}.example")
}
