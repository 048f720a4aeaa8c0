//! [`Subject`]: the store under test, and what each rule needs.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::store::error::StoreError;
use crate::store::future::StoreFuture;
use crate::store::store::Store;

/// A store under test. It is empty at first.
pub trait Subject: Send + Sync {
    /// Opens the store again: the same contents, as another process sees them.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if that fails. Then the rule fails.
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>>;

    /// Lets this time pass by the clock of the store. The longest time is two seconds.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if that fails. Then the rule fails.
    fn pass(&self, time: Duration) -> StoreFuture<'_, ()>;
}

/// What a store did wrong.
#[derive(Clone, Debug)]
pub(super) struct Broken(pub(super) String);

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

pub(super) type Outcome = Result<(), Broken>;

pub(super) fn must(holds: bool, otherwise: impl fmt::Display) -> Outcome {
    match holds {
        true => Ok(()),
        false => Err(Broken(otherwise.to_string())),
    }
}

/// How long a rule may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A key of this rule.
pub(super) fn key(rule: &str, nth: usize) -> String {
    format!("https://{rule}-{nth}.example")
}
