//! One attempt runs at a time, in every order in which callers join, leave and lose it.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use loom::thread;

use crate::single_flight::{Attempt, Finished, Joining, Leader, SingleFlight};

type Outcome = Result<u32, &'static str>;

const LEARNED: Outcome = Ok(36);
const FAILED: Outcome = Err("the portal is closed");

/// A portal that is asked like a slot asks it, and counters of its attempts.
///
/// The counters are atomics of the standard library, so the model does not see them.
struct Portal {
    /// The state is the last answer or failure.
    attempts: SingleFlight<Option<Outcome>, About, Outcome>,
    begun: AtomicU64,
    over: AtomicU64,
    completed: AtomicU64,
}

/// The number of an attempt, and how many attempts were over when it began.
#[derive(Clone, Copy)]
struct About {
    number: u64,
    over: u64,
}

type Joined = Joining<About, Outcome, Outcome>;

impl Portal {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            attempts: SingleFlight::new(None),
            begun: AtomicU64::new(0),
            over: AtomicU64::new(0),
            completed: AtomicU64::new(0),
        })
    }

    fn known(&self) -> Option<Outcome> {
        self.attempts.with(|state| *state)
    }

    fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Joins unless the state has an answer.
    fn join(&self) -> Joined {
        self.join_unless(|state| *state)
    }

    /// Joins even if the state has an answer.
    fn join_again(&self) -> Joined {
        self.join_unless(|_| None)
    }

    fn join_unless(&self, answer: impl FnOnce(&mut Option<Outcome>) -> Option<Outcome>) -> Joined {
        let (mut completed, mut is_running) = (0, false);
        let joining = self.attempts.join(
            || About {
                number: self.begun.fetch_add(1, Ordering::Relaxed) + 1,
                over: self.over.load(Ordering::Relaxed),
            },
            |state, running| {
                is_running = running;
                completed = self.completed.load(Ordering::Relaxed);
                answer(state)
            },
        );
        match &joining {
            Joining::Answered(_) => {}
            Joining::Joined(attempt) => {
                assert!(is_running);
                assert!(attempt.about.number > completed, "joined a completed attempt");
            }
            Joining::Started(attempt, _) => {
                assert!(!is_running);
                assert_eq!(attempt.about.over, attempt.about.number - 1, "two at a time");
            }
        }
        joining
    }

    /// The first attempt at a portal of which nothing is known.
    fn first(&self) -> (Attempt<About, Outcome>, Leader<Outcome>) {
        match self.join() {
            Joining::Started(attempt, leader) => (attempt, leader),
            _ => panic!("another caller was first"),
        }
    }

    fn complete(&self, number: u64, leader: Leader<Outcome>, outcome: Outcome) {
        let goes_on = self.attempts.complete(leader, |state| {
            self.over.fetch_max(number, Ordering::Relaxed);
            self.completed.fetch_max(number, Ordering::Relaxed);
            *state = Some(outcome);
            Some(outcome)
        });
        assert!(goes_on.is_none());
    }

    fn lose(&self, number: u64, leader: Leader<Outcome>) {
        self.over.fetch_max(number, Ordering::Relaxed);
        drop(leader);
    }

    fn give_up(&self, attempt: &Attempt<About, Outcome>) {
        self.over.fetch_max(attempt.about.number, Ordering::Relaxed);
        self.attempts.give_up(attempt);
    }

    /// Waits for the attempt. A new one runs in a thread of its own, like a probe.
    fn wait(
        self: &Arc<Self>,
        joined: Joined,
        run: impl FnOnce(&Portal, u64, Leader<Outcome>) + 'static,
    ) -> Option<Outcome> {
        match joined {
            Joining::Answered(answer) => Some(answer),
            Joining::Joined(attempt) => block_on(attempt.finished()),
            Joining::Started(attempt, leader) => {
                let (portal, number) = (Arc::clone(self), attempt.about.number);
                thread::spawn(move || run(&portal, number, leader));
                block_on(attempt.finished())
            }
        }
    }
}

/// Wakes a thread of the model.
struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future. Loom's own would also try wakes that nobody made, and print.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match poll(future.as_mut(), &waker) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Tries all orders with up to so many switches of threads that nothing calls for:
/// with four threads, trying all others too takes minutes.
fn bounded(switches: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut bounded = loom::model::Builder::new();
    bounded.preemption_bound = Some(switches);
    bounded.check(model);
}

/// So many callers, this thread among them, and their probe.
fn callers_get(outcome: Outcome, callers: usize) -> impl Fn() + Send + Sync + 'static {
    move || {
        let portal = Portal::new();
        let ask = move |portal: &Arc<Portal>| {
            portal.wait(portal.join(), move |portal, number, leader| {
                portal.complete(number, leader, outcome);
            })
        };
        let others: Vec<_> = (1..callers)
            .map(|_| {
                let portal = Arc::clone(&portal);
                thread::spawn(move || ask(&portal))
            })
            .collect();
        assert_eq!(ask(&portal), Some(outcome));
        for other in others {
            assert_eq!(other.join().unwrap(), Some(outcome));
        }
        assert_eq!(portal.begun(), 1);
        assert!(matches!(portal.join(), Joining::Answered(answer) if answer == outcome));
    }
}

#[test]
fn two_callers_share_one_probe() {
    loom::model(callers_get(LEARNED, 2));
}

#[test]
fn three_callers_share_one_probe() {
    bounded(2, callers_get(LEARNED, 3));
}

#[test]
fn failure_reaches_all_waiters_once() {
    bounded(2, callers_get(FAILED, 3));
}

#[test]
fn cancelled_waiter_affects_no_other() {
    loom::model(|| {
        let portal = Portal::new();
        let (attempt, leader) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.complete(1, leader, LEARNED)
        });
        let other = thread::spawn({
            let portal = Arc::clone(&portal);
            move || match portal.join() {
                Joining::Joined(attempt) => match poll(pin!(attempt.finished()), Waker::noop()) {
                    Poll::Ready(completed) => assert_eq!(completed, Some(LEARNED)),
                    Poll::Pending => {}
                },
                Joining::Answered(answer) => assert_eq!(answer, LEARNED),
                Joining::Started(..) => panic!("one was under way"),
            }
        });
        assert_eq!(block_on(attempt.finished()), Some(LEARNED));
        other.join().unwrap();
        probe.join().unwrap();
        assert_eq!(portal.begun(), 1);
    });
}

#[test]
fn lost_probe_is_restarted_once() {
    bounded(3, || {
        let portal = Portal::new();
        let ask = |portal: &Arc<Portal>| {
            for _ in 0..2 {
                let completed = portal.wait(portal.join(), |portal, number, leader| match number {
                    1 => portal.lose(number, leader),
                    _ => portal.complete(number, leader, LEARNED),
                });
                if completed.is_some() {
                    return completed;
                }
            }
            None
        };
        let other = thread::spawn({
            let portal = Arc::clone(&portal);
            move || ask(&portal)
        });
        assert_eq!(ask(&portal), Some(LEARNED));
        assert_eq!(other.join().unwrap(), Some(LEARNED));
        assert_eq!(portal.begun(), 2);
    });
}

#[test]
fn abandoned_probe_result_is_discarded() {
    loom::model(|| {
        let portal = Portal::new();
        let (attempt, leader) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.complete(1, leader, Ok(1))
        });
        portal.give_up(&attempt);
        let (known, outcome) = match portal.join() {
            // It was completed before it was given up.
            Joining::Answered(answer) => (answer, Some(Ok(1))),
            Joining::Joined(_) => panic!("it was given up"),
            Joining::Started(second, leader) => {
                portal.complete(second.about.number, leader, Ok(2));
                (Ok(2), None)
            }
        };
        assert_eq!(portal.known(), Some(known));
        probe.join().unwrap();
        assert_eq!(portal.known(), Some(known));
        assert_eq!(
            block_on(attempt.finished()),
            outcome,
            "waiting callers get nothing"
        );
    });
}

#[test]
fn observer_sees_running_probe_end() {
    loom::model(|| {
        let portal = Portal::new();
        let (_, leader) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.complete(1, leader, LEARNED)
        });
        match portal.attempts.current() {
            Some(attempt) => assert_eq!(block_on(attempt.finished()), Some(LEARNED)),
            None => assert_eq!(portal.known(), Some(LEARNED)),
        }
        probe.join().unwrap();
    });
}

#[test]
fn two_abandoning_callers_start_one_probe() {
    bounded(3, || {
        let portal = Portal::new();
        // Its runtime stands still.
        let (first, idle) = portal.first();
        let ask = |portal: &Arc<Portal>, first: &Attempt<About, Outcome>| {
            portal.give_up(first);
            portal.wait(portal.join(), |portal, number, leader| {
                portal.complete(number, leader, LEARNED);
            })
        };
        let other = thread::spawn({
            let (portal, first) = (Arc::clone(&portal), first.clone());
            move || ask(&portal, &first)
        });
        assert_eq!(ask(&portal, &first), Some(LEARNED));
        assert_eq!(other.join().unwrap(), Some(LEARNED));
        assert_eq!(portal.begun(), 2);
        portal.complete(first.about.number, idle, Ok(1));
        assert_eq!(portal.known(), Some(LEARNED));
    });
}

#[test]
fn refresh_joins_no_completed_probe() {
    bounded(3, || {
        let portal = Portal::new();
        let (_, leader) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.complete(1, leader, Ok(1))
        });
        let run = |portal: &Portal, number, leader| portal.complete(number, leader, Ok(2));
        let other = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.wait(portal.join_again(), run)
        });
        let seen = portal.wait(portal.join_again(), run);
        assert!(matches!(seen, Some(Ok(1 | 2))), "{seen:?}");
        assert!(matches!(other.join().unwrap(), Some(Ok(1 | 2))));
        probe.join().unwrap();
    });
}

/// Counts what wakes it.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn only_remaining_waiters_are_woken() {
    loom::model(|| {
        let portal = Portal::new();
        let (attempt, leader) = portal.first();
        let (leaver, stayer) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let mut stays = pin!(attempt.finished());
        assert!(poll(stays.as_mut(), &Waker::from(Arc::clone(&stayer))).is_pending());
        {
            let leaves = pin!(attempt.finished());
            assert!(poll(leaves, &Waker::from(Arc::clone(&leaver))).is_pending());
            assert_eq!(Arc::strong_count(&leaver), 2);
        }
        assert_eq!(Arc::strong_count(&leaver), 1);
        portal.complete(1, leader, LEARNED);
        assert_eq!(leaver.0.load(Ordering::Relaxed), 0);
        assert_eq!(stayer.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(stays, Waker::noop()), Poll::Ready(Some(LEARNED)));
    });
}

/// A task that ends with its last waker, and in it somebody who waits.
struct Owner(#[expect(dead_code, reason = "dropped with it")] Mutex<Finished<Outcome>>);

impl Wake for Owner {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn dropped_waker_may_drop_waiters() {
    loom::model(|| {
        let portal = Portal::new();
        let (attempt, leader) = portal.first();
        let owner = || {
            let mut owned = Box::pin(attempt.finished());
            assert!(poll(owned.as_mut(), Waker::noop()).is_pending());
            Waker::from(Arc::new(Owner(Mutex::new(*Pin::into_inner(owned)))))
        };
        let mut waits = Box::pin(attempt.finished());
        assert!(poll(waits.as_mut(), &owner()).is_pending());
        assert!(poll(waits.as_mut(), &owner()).is_pending(), "in another task now");
        drop(waits);
        portal.complete(1, leader, LEARNED);
        assert_eq!(block_on(attempt.finished()), Some(LEARNED));
    });
}
