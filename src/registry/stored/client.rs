//! [`StoreClient`]: calls a store within its time limit, and not while it fails.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::runtime;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

use super::health::{Health, Operation};
use crate::clock::{Clock, within};
use crate::portal_id::PortalId;
use crate::store::{Store, StoreError, StoreErrorKind};

/// The time for a lease. Most probes are over before. If the process of the holder dies, other
/// processes wait no longer than this.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// How long to wait for the holder of a lease: until it expires, and a little more.
const HOLDER: Duration = Duration::from_secs(4);

/// A store, and what is known of its health.
pub(crate) struct StoreClient {
    store: Arc<dyn Store>,
    timeout: Duration,
    health: Mutex<Health>,
    /// Whether the listener runs, and its task.
    is_listening: Arc<AtomicBool>,
    listener: Mutex<Option<AbortHandle>>,
    /// The portals whose last answer the store did not take.
    unsaved: Mutex<HashSet<PortalId>>,
    has_unsaved: Arc<Notify>,
}

/// What came of a call.
pub(super) enum Called<T> {
    /// The store's answer, and whether the store is well again.
    Answered(T, bool),
    /// The store failed. `true` if it was well before.
    Failed(StoreError, bool),
    /// The store is in a pause after a failure, or the time of the caller is used up.
    Skipped,
}

/// The time that a caller still has for the store.
#[derive(Debug)]
pub(super) struct Budget(Duration);

impl StoreClient {
    pub(crate) fn new(store: Arc<dyn Store>, timeout: Duration) -> Self {
        Self {
            store,
            timeout,
            health: Mutex::default(),
            is_listening: Arc::default(),
            listener: Mutex::default(),
            unsaved: Mutex::default(),
            has_unsaved: Arc::default(),
        }
    }

    /// How long a caller may have to wait for the store, and for another process that asks.
    pub(crate) fn patience(&self) -> Duration {
        self.timeout.saturating_mul(2).saturating_add(HOLDER)
    }

    /// How long to wait for the holder of a lease, if a probe may take so long.
    pub(super) fn holder_patience(&self, deadline: Duration) -> Duration {
        HOLDER.min(deadline)
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// The time for all calls that one caller waits for.
    pub(super) fn budget(&self) -> Budget {
        Budget(self.timeout)
    }

    pub(super) fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a call of the store. It is a task of its own, so that its panic is an error.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        clock: &dyn Clock,
        operation: Operation,
        budget: &mut Budget,
        call: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Called<T> {
        let began = clock.now();
        // A warm-up may run outside of a runtime.
        if runtime::Handle::try_current().is_err() {
            return Called::Skipped;
        }
        if budget.0.is_zero() || !self.health().may_try(operation, began) {
            return Called::Skipped;
        }
        let mut task = JoinSet::new();
        task.spawn(call);
        let ended = within(clock, budget.0, task.join_next()).await;
        let now = clock.now();
        budget.0 = budget
            .0
            .saturating_sub(now.duration_since(began).unwrap_or_default());
        match ended {
            Some(Some(Ok(Ok(answer)))) => Called::Answered(answer, self.health().succeeded(operation)),
            Some(Some(Ok(Err(error)))) => self.failed(operation, error, now),
            Some(Some(Err(error))) if error.is_panic() => self.failed(operation, panicked(), now),
            // The runtime is shut down.
            Some(_) => Called::Skipped,
            None => {
                let text = format!("no answer to `{}` within {:?}", operation.as_str(), self.timeout);
                self.failed(operation, StoreError::new(StoreErrorKind::TimedOut, &text), now)
            }
        }
    }

    /// Records a failure.
    pub(super) fn failed<T>(&self, operation: Operation, error: StoreError, now: SystemTime) -> Called<T> {
        let is_slow = error.kind() == StoreErrorKind::TimedOut;
        let is_first = self.health().failed(operation, is_slow, now);
        Called::Failed(error, is_first)
    }

    /// The store did not take the answer of this portal. The listener tries again.
    pub(super) fn add_unsaved(&self, address: PortalId) {
        self.unsaved().insert(address);
        self.has_unsaved.notify_one();
    }

    /// The portals whose last answer the store does not have.
    pub(super) fn take_unsaved(&self) -> HashSet<PortalId> {
        std::mem::take(&mut *self.unsaved())
    }

    pub(super) fn has_any_unsaved(&self) -> bool {
        !self.unsaved().is_empty()
    }

    fn unsaved(&self) -> MutexGuard<'_, HashSet<PortalId>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notified when there is an unsaved portal. A portal that is added while nobody waits counts, too.
    pub(super) fn has_unsaved(&self) -> Arc<Notify> {
        Arc::clone(&self.has_unsaved)
    }

    /// Starts the listener, unless it runs. If it runs, this costs an atomic load.
    pub(super) fn start_listener(
        &self,
        runtime: &runtime::Handle,
        listen: impl FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>>,
    ) {
        if self.is_listening.load(Ordering::Relaxed) || self.is_listening.swap(true, Ordering::Relaxed) {
            return;
        }
        let (running, listening) = (Running(Arc::clone(&self.is_listening)), listen());
        let task = runtime.spawn(async move {
            let _running = running;
            listening.await;
        });
        let mut listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        *listener = Some(task.abort_handle());
    }
}

/// Marks that the listener runs, until its task is dropped.
struct Running(Arc<AtomicBool>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// The listener ends with its registry.
impl Drop for StoreClient {
    fn drop(&mut self) {
        let listener = self.listener.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = listener {
            listener.abort();
        }
    }
}

pub(super) fn panicked() -> StoreError {
    StoreError::new(StoreErrorKind::Panicked, "a method of the store panicked")
}
