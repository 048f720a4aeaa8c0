//! One flight at a time: who comes while one is under way waits for it, and who
//! waits may leave.
//!
//! Knows nothing of probes, portals or runtimes, so that every order of events can
//! be tried on it: `crates/model` does.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};

use super::sync::{Arc, Mutex, MutexGuard};

/// A state, and the one flight that may change it. `M` is what is told of a
/// flight to those who find it, `T` what it brings.
#[derive(Debug)]
pub(super) struct Flights<S, M, T> {
    inner: Mutex<Inner<S, M, T>>,
}

#[derive(Debug)]
struct Inner<S, M, T> {
    state: S,
    /// Boxed: there are many portals, and few are being asked.
    current: Option<Box<Flight<M, T>>>,
}

/// A flight under way.
#[derive(Clone, Debug)]
pub(super) struct Flight<M, T> {
    pub(super) about: M,
    landing: Landing<T>,
}

/// Whether to wait, and for what.
pub(super) enum Boarding<M, T, R> {
    /// Not at all: the state has the answer.
    Answered(R),
    /// For the flight that is under way.
    Joined(Flight<M, T>),
    /// For a new one, which whoever has the pilot must fly.
    First(Flight<M, T>, Pilot<T>),
}

impl<S, M: Clone, T: Clone> Flights<S, M, T> {
    pub(super) fn new(state: S) -> Self {
        Self {
            inner: Mutex::new(Inner { state, current: None }),
        }
    }

    /// Looks at the state, and changes it.
    pub(super) fn with<R>(&self, look: impl FnOnce(&mut S) -> R) -> R {
        look(&mut self.lock().state)
    }

    /// Joins the flight under way or begins one, unless the state has an answer.
    ///
    /// The state is looked at under the lock that landing holds: who finds no
    /// answer and no flight is the first.
    pub(super) fn board<R>(
        &self,
        about: impl FnOnce() -> M,
        answer: impl FnOnce(&mut S) -> Option<R>,
    ) -> Boarding<M, T, R> {
        let mut inner = self.lock();
        if let Some(answer) = answer(&mut inner.state) {
            return Boarding::Answered(answer);
        }
        // Landed flights are taken out as they land: one that is lost stays.
        let alive = |flight: &&Flight<M, T>| !flight.landing.is_lost();
        if let Some(flight) = inner.current.as_deref().filter(alive) {
            return Boarding::Joined(flight.clone());
        }
        let (pilot, landing) = flight();
        let about = about();
        let flight = Flight { about, landing };
        inner.current = Some(Box::new(flight.clone()));
        Boarding::First(flight, pilot)
    }

    /// Takes in what a flight brought. With an outcome the flight ends, and who waits
    /// is told; without one it goes on, by the pilot that is given back.
    ///
    /// A flight that was given up is lost: what it brings may be older than the
    /// state.
    pub(super) fn land(
        &self,
        pilot: Pilot<T>,
        take_in: impl FnOnce(&mut S) -> Option<T>,
    ) -> Option<Pilot<T>> {
        let mut inner = self.lock();
        if !inner.is_current(&pilot.0) {
            return None;
        }
        let Some(outcome) = take_in(&mut inner.state) else {
            return Some(pilot);
        };
        inner.current = None;
        drop(inner);
        pilot.land(outcome);
        None
    }

    /// The flight under way.
    pub(super) fn current(&self) -> Option<Flight<M, T>> {
        self.lock().current.as_deref().cloned()
    }

    /// Waits for this flight no more: the next who boards begins another.
    pub(super) fn give_up(&self, flight: &Flight<M, T>) {
        let mut inner = self.lock();
        if inner.is_current(&flight.landing) {
            inner.current = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S, M, T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S, M, T> Inner<S, M, T> {
    /// Whether it is the landing of the flight under way.
    fn is_current(&self, landing: &Landing<T>) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|flight| Arc::ptr_eq(&flight.landing.0, &landing.0))
    }
}

impl<M, T: Clone> Flight<M, T> {
    /// What the flight brings; `None` when it was lost: its pilot was dropped, with
    /// the runtime that flew it. Cancel-safe.
    pub(super) fn landed(&self) -> Landed<T> {
        Landed {
            landing: self.landing.clone(),
            key: None,
        }
    }
}

/// Where a flight's end is told.
#[derive(Clone, Debug)]
struct Landing<T>(Arc<Mutex<Stage<T>>>);

#[derive(Debug)]
enum Stage<T> {
    Flying {
        waiting: BTreeMap<u64, Waker>,
        seen: u64,
    },
    Landed(T),
    Lost,
}

/// Who flies. Dropped without landing, the flight is lost.
#[derive(Debug)]
pub(super) struct Pilot<T>(Landing<T>);

fn flight<T>() -> (Pilot<T>, Landing<T>) {
    let landing = Landing(Arc::new(Mutex::new(Stage::Flying {
        waiting: BTreeMap::new(),
        seen: 0,
    })));
    (Pilot(Landing(Arc::clone(&landing.0))), landing)
}

impl<T> Landing<T> {
    fn stage(&self) -> MutexGuard<'_, Stage<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_lost(&self) -> bool {
        matches!(*self.stage(), Stage::Lost)
    }

    /// Ends the flight, unless it has ended, and wakes who waits.
    fn end(&self, end: Stage<T>) {
        let mut stage = self.stage();
        let Stage::Flying { waiting, .. } = &mut *stage else {
            return;
        };
        let waiting = std::mem::take(waiting);
        *stage = end;
        drop(stage);
        waiting.into_values().for_each(Waker::wake);
    }
}

impl<T> Pilot<T> {
    fn land(self, outcome: T) {
        self.0.end(Stage::Landed(outcome));
    }
}

impl<T> Drop for Pilot<T> {
    fn drop(&mut self) {
        self.0.end(Stage::Lost);
    }
}

/// Waits for a flight's end.
pub(super) struct Landed<T> {
    landing: Landing<T>,
    /// Its place among those who wait.
    key: Option<u64>,
}

impl<T: Clone> Future for Landed<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        // Whose waker it was may end with it, and wait here too: dropped last.
        let _replaced;
        match &mut *this.landing.stage() {
            Stage::Landed(outcome) => Poll::Ready(Some(outcome.clone())),
            Stage::Lost => Poll::Ready(None),
            Stage::Flying { waiting, seen } => {
                let key = *this.key.get_or_insert_with(|| {
                    *seen += 1;
                    *seen
                });
                _replaced = waiting.insert(key, context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Landed<T> {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        // As above.
        let _removed = match &mut *self.landing.stage() {
            Stage::Flying { waiting, .. } => waiting.remove(&key),
            Stage::Landed(_) | Stage::Lost => None,
        };
    }
}
