//! Runs one attempt at a time. Callers that come during an attempt join it, and each of them may
//! stop waiting at any time.
//!
//! Knows nothing of probes, tokens or runtimes, so that `crates/model` can try it with every order
//! of threads.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};

use super::sync::{Arc, Mutex, MutexGuard};

/// A state, and the one attempt that may change it. `M` describes an attempt to the callers that
/// join it. `T` is its outcome.
#[derive(Debug)]
pub(crate) struct SingleFlight<S, M, T> {
    inner: Mutex<Inner<S, M, T>>,
}

#[derive(Debug)]
struct Inner<S, M, T> {
    state: S,
    /// Boxed: there are many portals, and few are being asked.
    current: Option<Box<Attempt<M, T>>>,
}

/// An attempt to wait for.
#[derive(Clone, Debug)]
pub(crate) struct Attempt<M, T> {
    pub(crate) about: M,
    status: SharedStatus<T>,
}

/// What a caller gets when it joins.
pub(crate) enum Joining<M, T, R> {
    /// The state has the answer. There is nothing to wait for.
    Answered(R),
    /// The attempt that is running.
    Joined(Attempt<M, T>),
    /// A new attempt. The caller has to run it and to complete it by the leader.
    Started(Attempt<M, T>, Leader<T>),
}

impl<S, M: Clone, T: Clone> SingleFlight<S, M, T> {
    pub(crate) fn new(state: S) -> Self {
        Self {
            inner: Mutex::new(Inner { state, current: None }),
        }
    }

    /// Reads the state, and changes it.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&mut S) -> R) -> R {
        look(&mut self.lock().state)
    }

    /// Joins the running attempt or starts one, unless the state has an answer.
    ///
    /// `answer` gets the state, and whether an attempt is running. It runs under the lock that
    /// [`complete`](Self::complete) takes. So a caller that finds neither an answer nor an attempt
    /// is the only one that starts an attempt.
    pub(crate) fn join<R>(
        &self,
        about: impl FnOnce() -> M,
        answer: impl FnOnce(&mut S, bool) -> Option<R>,
    ) -> Joining<M, T, R> {
        let mut inner = self.lock();
        let inner = &mut *inner;
        // A completed attempt is taken out. A lost one stays here until the next one starts.
        let running = inner.current.as_deref();
        let running = running.filter(|attempt| !attempt.status.is_lost());
        if let Some(answer) = answer(&mut inner.state, running.is_some()) {
            return Joining::Answered(answer);
        }
        if let Some(attempt) = running {
            return Joining::Joined(attempt.clone());
        }
        let (leader, status) = start();
        let about = about();
        let attempt = Attempt { about, status };
        inner.current = Some(Box::new(attempt.clone()));
        Joining::Started(attempt, leader)
    }

    /// Gives the result of an attempt to the state. If `take_in` returns an outcome, the attempt
    /// ends, and waiting callers get the outcome. Otherwise the attempt goes on with the leader
    /// that is returned.
    ///
    /// After [`give_up`](Self::give_up) the result is dropped: it may be older than the state.
    pub(crate) fn complete(
        &self,
        leader: Leader<T>,
        take_in: impl FnOnce(&mut S) -> Option<T>,
    ) -> Option<Leader<T>> {
        let mut inner = self.lock();
        if !inner.is_current(&leader.0) {
            return None;
        }
        let Some(outcome) = take_in(&mut inner.state) else {
            return Some(leader);
        };
        inner.current = None;
        drop(inner);
        leader.complete(outcome);
        None
    }

    /// The running attempt.
    pub(crate) fn current(&self) -> Option<Attempt<M, T>> {
        self.lock().current.as_deref().cloned()
    }

    /// Removes an attempt that takes too long. The next caller that joins starts another one.
    pub(crate) fn give_up(&self, attempt: &Attempt<M, T>) {
        let mut inner = self.lock();
        if inner.is_current(&attempt.status) {
            inner.current = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S, M, T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S, M, T> Inner<S, M, T> {
    /// Whether this is the status of the running attempt.
    fn is_current(&self, status: &SharedStatus<T>) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|attempt| Arc::ptr_eq(&attempt.status.0, &status.0))
    }
}

impl<M, T: Clone> Attempt<M, T> {
    /// Waits for the outcome. Returns `None` if the attempt is lost: its leader was dropped, for
    /// example with its runtime. Cancel-safe.
    pub(crate) fn finished(&self) -> Finished<T> {
        Finished {
            status: self.status.clone(),
            key: None,
        }
    }
}

/// The status of an attempt. Its leader and the callers that wait share it.
#[derive(Clone, Debug)]
struct SharedStatus<T>(Arc<Mutex<Status<T>>>);

#[derive(Debug)]
enum Status<T> {
    Running {
        waiting: BTreeMap<u64, Waker>,
        /// The last key of `waiting` that was given out.
        last_key: u64,
    },
    Completed(T),
    Lost,
}

/// The right to complete an attempt. If it is dropped before, the attempt is lost.
#[derive(Debug)]
pub(crate) struct Leader<T>(SharedStatus<T>);

fn start<T>() -> (Leader<T>, SharedStatus<T>) {
    let status = SharedStatus(Arc::new(Mutex::new(Status::Running {
        waiting: BTreeMap::new(),
        last_key: 0,
    })));
    (Leader(SharedStatus(Arc::clone(&status.0))), status)
}

impl<T> SharedStatus<T> {
    fn lock(&self) -> MutexGuard<'_, Status<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_lost(&self) -> bool {
        matches!(*self.lock(), Status::Lost)
    }

    /// Ends the attempt, unless it has ended, and wakes the waiting callers.
    fn end(&self, end: Status<T>) {
        let mut status = self.lock();
        let Status::Running { waiting, .. } = &mut *status else {
            return;
        };
        let waiting = std::mem::take(waiting);
        *status = end;
        drop(status);
        waiting.into_values().for_each(Waker::wake);
    }
}

impl<T> Leader<T> {
    fn complete(self, outcome: T) {
        self.0.end(Status::Completed(outcome));
    }
}

impl<T> Drop for Leader<T> {
    fn drop(&mut self) {
        self.0.end(Status::Lost);
    }
}

/// Waits for the end of an attempt.
pub(crate) struct Finished<T> {
    status: SharedStatus<T>,
    /// The key of this caller's waker.
    key: Option<u64>,
}

impl<T: Clone> Future for Finished<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        // Dropping the old waker may drop its task, and that task may hold a `Finished` of this
        // attempt. So the waker is dropped after the lock.
        let _replaced;
        match &mut *this.status.lock() {
            Status::Completed(outcome) => Poll::Ready(Some(outcome.clone())),
            Status::Lost => Poll::Ready(None),
            Status::Running { waiting, last_key } => {
                let key = *this.key.get_or_insert_with(|| {
                    *last_key += 1;
                    *last_key
                });
                _replaced = waiting.insert(key, context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Finished<T> {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        // Dropped after the lock, for the same reason.
        let _removed = match &mut *self.status.lock() {
            Status::Running { waiting, .. } => waiting.remove(&key),
            Status::Completed(_) | Status::Lost => None,
        };
    }
}
