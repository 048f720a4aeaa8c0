//! Readers of a pair see one publication whole, and never an older one after it.

use std::sync::Arc;

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::flight::{Boarding, Flights};
use crate::flights::block_on;
use crate::pair::AtomicPair;

/// The words of a publication.
fn words(publication: u64) -> [u64; 2] {
    [publication, 10 * publication]
}

/// The publication that a reader sees, whole.
fn seen(pair: &AtomicPair) -> u64 {
    let [a, b] = pair.load();
    assert_eq!([a, b], words(a), "half of a change");
    a
}

#[test]
fn a_reader_sees_no_half_of_a_change_and_nothing_older_afterwards() {
    loom::model(|| {
        let pair = Arc::new(AtomicPair::new(words(0)));
        let writer = thread::spawn({
            let pair = Arc::clone(&pair);
            move || (1..=2).for_each(|publication| pair.store(words(publication)))
        });
        let first = seen(&pair);
        let second = seen(&pair);
        assert!(first <= second, "{second} after {first}");
        writer.join().unwrap();
        assert_eq!(seen(&pair), 2);
    });
}

#[test]
fn who_is_told_of_a_change_sees_it() {
    loom::model(|| {
        let pair = Arc::new(AtomicPair::new(words(0)));
        let told = Arc::new(AtomicBool::new(false));
        let writer = thread::spawn({
            let (pair, told) = (Arc::clone(&pair), Arc::clone(&told));
            move || {
                pair.store(words(1));
                told.store(true, Ordering::Release);
            }
        });
        if told.load(Ordering::Acquire) {
            assert_eq!(seen(&pair), 1);
        }
        writer.join().unwrap();
    });
}

#[test]
fn who_waited_for_a_flight_sees_what_it_brought_and_no_publication_is_lost() {
    loom::model(|| {
        // As in a slot: published under the lock of the flights.
        let pair = Arc::new(AtomicPair::new(words(0)));
        let flights = Arc::new(Flights::new(0));
        let publisher = |pair: &Arc<AtomicPair>| {
            let pair = Arc::clone(pair);
            move |state: &mut u64| {
                *state += 1;
                pair.store(words(*state));
                Some(*state)
            }
        };
        let Boarding::First(flight, pilot) = flights.board(|| (), |_| None::<()>) else {
            panic!("nobody was before");
        };
        let probe = thread::spawn({
            let (flights, publish) = (Arc::clone(&flights), publisher(&pair));
            move || flights.land(1, pilot, publish)
        });
        let pinned = flights.with(publisher(&pair)).unwrap();
        assert!(seen(&pair) >= pinned);
        let landed = block_on(flight.landed());
        assert!(landed.is_some_and(|landed| seen(&pair) >= landed));
        probe.join().unwrap();
        assert_eq!(seen(&pair), 2);
    });
}
