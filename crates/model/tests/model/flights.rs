//! One flight at a time, whoever comes, leaves or is lost, and whenever.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use loom::thread;

use crate::flight::{Boarding, Flight, Flights, Landed, Pilot};

type Outcome = Result<u32, &'static str>;

const LEARNED: Outcome = Ok(36);
const FAILED: Outcome = Err("the portal is closed");

/// A portal that is asked as a slot asks it, and what was seen of its flights.
///
/// The model does not see the standard library's atomics: they count, and bring
/// about nothing.
struct Portal {
    /// The state is the last answer, be it a failure.
    flights: Flights<Option<Outcome>, About, Outcome>,
    begun: AtomicU64,
    over: AtomicU64,
    landed: AtomicU64,
}

/// Which flight it is, and how many were over when it began.
#[derive(Clone, Copy)]
struct About {
    number: u64,
    over: u64,
}

type Boarded = Boarding<About, Outcome, Outcome>;

impl Portal {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            flights: Flights::new(None),
            begun: AtomicU64::new(0),
            over: AtomicU64::new(0),
            landed: AtomicU64::new(0),
        })
    }

    fn known(&self) -> Option<Outcome> {
        self.flights.with(|state| *state)
    }

    fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Boards for what the state does not know.
    fn board(&self) -> Boarded {
        self.board_unless(|state| *state)
    }

    /// Boards, whatever the state knows.
    fn board_again(&self) -> Boarded {
        self.board_unless(|_| None)
    }

    fn board_unless(&self, answer: impl FnOnce(&mut Option<Outcome>) -> Option<Outcome>) -> Boarded {
        let mut landed = 0;
        let boarding = self.flights.board(
            || About {
                number: self.begun.fetch_add(1, Ordering::Relaxed) + 1,
                over: self.over.load(Ordering::Relaxed),
            },
            |state| {
                landed = self.landed.load(Ordering::Relaxed);
                answer(state)
            },
        );
        match &boarding {
            Boarding::Answered(_) => {}
            Boarding::Joined(flight) => assert!(flight.about.number > landed, "joined what has landed"),
            Boarding::First(flight, _) => {
                assert_eq!(flight.about.over, flight.about.number - 1, "two at a time");
            }
        }
        boarding
    }

    /// The first flight of a cold portal.
    fn first(&self) -> (Flight<About, Outcome>, Pilot<Outcome>) {
        match self.board() {
            Boarding::First(flight, pilot) => (flight, pilot),
            _ => panic!("somebody else was first"),
        }
    }

    fn land(&self, number: u64, pilot: Pilot<Outcome>, outcome: Outcome) {
        let flies_on = self.flights.land(pilot, |state| {
            self.over.fetch_max(number, Ordering::Relaxed);
            self.landed.fetch_max(number, Ordering::Relaxed);
            *state = Some(outcome);
            Some(outcome)
        });
        assert!(flies_on.is_none());
    }

    fn lose(&self, number: u64, pilot: Pilot<Outcome>) {
        self.over.fetch_max(number, Ordering::Relaxed);
        drop(pilot);
    }

    fn give_up(&self, flight: &Flight<About, Outcome>) {
        self.over.fetch_max(flight.about.number, Ordering::Relaxed);
        self.flights.give_up(flight);
    }

    /// Waits for what was boarded; a new flight is flown in a thread of its own, as
    /// a probe is.
    fn wait(
        self: &Arc<Self>,
        boarded: Boarded,
        fly: impl FnOnce(&Portal, u64, Pilot<Outcome>) + 'static,
    ) -> Option<Outcome> {
        match boarded {
            Boarding::Answered(answer) => Some(answer),
            Boarding::Joined(flight) => block_on(flight.landed()),
            Boarding::First(flight, pilot) => {
                let (portal, number) = (Arc::clone(self), flight.about.number);
                thread::spawn(move || fly(&portal, number, pilot));
                block_on(flight.landed())
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
            portal.wait(portal.board(), move |portal, number, pilot| {
                portal.land(number, pilot, outcome);
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
        assert!(matches!(portal.board(), Boarding::Answered(answer) if answer == outcome));
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
        let (flight, pilot) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.land(1, pilot, LEARNED)
        });
        let other = thread::spawn({
            let portal = Arc::clone(&portal);
            move || match portal.board() {
                Boarding::Joined(flight) => match poll(pin!(flight.landed()), Waker::noop()) {
                    Poll::Ready(landed) => assert_eq!(landed, Some(LEARNED)),
                    Poll::Pending => {}
                },
                Boarding::Answered(answer) => assert_eq!(answer, LEARNED),
                Boarding::First(..) => panic!("one was under way"),
            }
        });
        assert_eq!(block_on(flight.landed()), Some(LEARNED));
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
                let landed = portal.wait(portal.board(), |portal, number, pilot| match number {
                    1 => portal.lose(number, pilot),
                    _ => portal.land(number, pilot, LEARNED),
                });
                if landed.is_some() {
                    return landed;
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
        let (flight, pilot) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.land(1, pilot, Ok(1))
        });
        portal.give_up(&flight);
        let (known, landed) = match portal.board() {
            // It had landed before it was given up.
            Boarding::Answered(answer) => (answer, Some(Ok(1))),
            Boarding::Joined(_) => panic!("it was given up"),
            Boarding::First(second, pilot) => {
                portal.land(second.about.number, pilot, Ok(2));
                (Ok(2), None)
            }
        };
        assert_eq!(portal.known(), Some(known));
        probe.join().unwrap();
        assert_eq!(portal.known(), Some(known));
        assert_eq!(block_on(flight.landed()), landed, "lost to those who wait still");
    });
}

#[test]
fn observer_sees_running_probe_end() {
    loom::model(|| {
        let portal = Portal::new();
        let (_, pilot) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.land(1, pilot, LEARNED)
        });
        match portal.flights.current() {
            Some(flight) => assert_eq!(block_on(flight.landed()), Some(LEARNED)),
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
        let ask = |portal: &Arc<Portal>, first: &Flight<About, Outcome>| {
            portal.give_up(first);
            portal.wait(portal.board(), |portal, number, pilot| {
                portal.land(number, pilot, LEARNED);
            })
        };
        let other = thread::spawn({
            let (portal, first) = (Arc::clone(&portal), first.clone());
            move || ask(&portal, &first)
        });
        assert_eq!(ask(&portal, &first), Some(LEARNED));
        assert_eq!(other.join().unwrap(), Some(LEARNED));
        assert_eq!(portal.begun(), 2);
        portal.land(first.about.number, idle, Ok(1));
        assert_eq!(portal.known(), Some(LEARNED));
    });
}

#[test]
fn refresh_joins_no_completed_probe() {
    bounded(3, || {
        let portal = Portal::new();
        let (_, pilot) = portal.first();
        let probe = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.land(1, pilot, Ok(1))
        });
        let land = |portal: &Portal, number, pilot| portal.land(number, pilot, Ok(2));
        let other = thread::spawn({
            let portal = Arc::clone(&portal);
            move || portal.wait(portal.board_again(), land)
        });
        let seen = portal.wait(portal.board_again(), land);
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
        let (flight, pilot) = portal.first();
        let (leaver, stayer) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let mut stays = pin!(flight.landed());
        assert!(poll(stays.as_mut(), &Waker::from(Arc::clone(&stayer))).is_pending());
        {
            let leaves = pin!(flight.landed());
            assert!(poll(leaves, &Waker::from(Arc::clone(&leaver))).is_pending());
            assert_eq!(Arc::strong_count(&leaver), 2);
        }
        assert_eq!(Arc::strong_count(&leaver), 1);
        portal.land(1, pilot, LEARNED);
        assert_eq!(leaver.0.load(Ordering::Relaxed), 0);
        assert_eq!(stayer.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(stays, Waker::noop()), Poll::Ready(Some(LEARNED)));
    });
}

/// A task that ends with its last waker, and in it somebody who waits.
struct Owner(#[expect(dead_code, reason = "dropped with it")] Mutex<Landed<Outcome>>);

impl Wake for Owner {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn dropped_waker_may_drop_waiters() {
    loom::model(|| {
        let portal = Portal::new();
        let (flight, pilot) = portal.first();
        let owner = || {
            let mut owned = Box::pin(flight.landed());
            assert!(poll(owned.as_mut(), Waker::noop()).is_pending());
            Waker::from(Arc::new(Owner(Mutex::new(*Pin::into_inner(owned)))))
        };
        let mut waits = Box::pin(flight.landed());
        assert!(poll(waits.as_mut(), &owner()).is_pending());
        assert!(poll(waits.as_mut(), &owner()).is_pending(), "in another task now");
        drop(waits);
        portal.land(1, pilot, LEARNED);
        assert_eq!(block_on(flight.landed()), Some(LEARNED));
    });
}
