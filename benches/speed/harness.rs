//! Times rows side by side.
//!
//! Ours and not criterion's: the rounds of all rows alternate, so a noisy moment of a
//! shared machine falls on all of them, and a ratio is one of figures of the same round.
//! criterion measures one row after another.

use std::hint::black_box;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How much time to spend.
#[derive(Clone, Copy)]
pub struct Effort {
    pub quick: bool,
    pub round: Duration,
    pub rounds: usize,
}

impl Effort {
    pub fn new(quick: bool) -> Self {
        // Short rounds: few are interrupted.
        let (millis, rounds) = if quick { (1, 45) } else { (2, 161) };
        Self {
            quick,
            round: Duration::from_millis(millis),
            rounds,
        }
    }

    /// The same for rows that need longer to warm up or to fill their time.
    pub fn rounds_of(self, millis: u64, rounds: usize) -> Self {
        Self {
            round: Duration::from_millis(millis),
            rounds: if self.quick { rounds.div_ceil(3) } else { rounds },
            ..self
        }
    }
}

/// What is to be timed, in the order in which rounds go through it.
#[derive(Default)]
pub struct Rows<'b>(Vec<Row<'b>>);

struct Row<'b> {
    name: String,
    /// One round of about this time; nanoseconds for one of what is done.
    sample: Box<dyn FnMut(Duration) -> f64 + 'b>,
}

/// A row's place among those that were measured together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Id(usize);

impl<'b> Rows<'b> {
    /// A row of which one pass does so many.
    pub fn add(&mut self, name: impl Into<String>, count: usize, mut work: impl FnMut() -> usize + 'b) -> Id {
        self.sampled(name, move |round| {
            // The rows before have had the caches.
            timed(round / 4, count, &mut work);
            timed(round, count, &mut work)
        })
    }

    /// A row on two threads that begin together and take the time each for itself; a
    /// thread's mean.
    pub fn add_on_two(
        &mut self,
        name: impl Into<String>,
        count: usize,
        work: impl Fn() -> usize + Sync + 'b,
    ) -> Id {
        self.sampled(name, move |round| {
            let barrier = Barrier::new(2);
            let thread = || {
                timed(round / 4, count, &work);
                barrier.wait();
                timed(round, count, &work)
            };
            std::thread::scope(|scope| {
                let other = scope.spawn(thread);
                let own = thread();
                (own + other.join().unwrap()) / 2.0
            })
        })
    }

    /// A row beside a thread that does something else all the time.
    pub fn add_beside(
        &mut self,
        name: impl Into<String>,
        count: usize,
        mut work: impl FnMut() -> usize + 'b,
        other: impl Fn() + Sync + 'b,
    ) -> Id {
        self.sampled(name, move |round| {
            let (begun, done) = (Barrier::new(2), AtomicBool::new(false));
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    other();
                    begun.wait();
                    while !done.load(Ordering::Relaxed) {
                        other();
                    }
                });
                begun.wait();
                timed(round / 4, count, &mut work);
                let each = timed(round, count, &mut work);
                done.store(true, Ordering::Relaxed);
                each
            })
        })
    }

    /// A row that times itself: nanoseconds for one of what it does.
    pub fn sampled(&mut self, name: impl Into<String>, sample: impl FnMut(Duration) -> f64 + 'b) -> Id {
        self.0.push(Row {
            name: name.into(),
            sample: Box::new(sample),
        });
        Id(self.0.len() - 1)
    }

    /// Samples all rows in turn, after a round that warms up.
    pub fn measure(mut self, effort: Effort) -> Measured {
        let mut measured = Measured(Vec::new());
        for Row { name, sample } in &mut self.0 {
            sample(effort.round);
            measured.0.push((name.clone(), Vec::new()));
        }
        for _ in 0..effort.rounds {
            for (row, (_, samples)) in self.0.iter_mut().zip(&mut measured.0) {
                samples.push((row.sample)(effort.round));
            }
        }
        measured
    }
}

/// As many passes as fit the time; nanoseconds for one of what is done.
pub fn timed(round: Duration, count: usize, mut work: impl FnMut() -> usize) -> f64 {
    let (begin, mut passes) = (Instant::now(), 0_u32);
    loop {
        black_box(work());
        passes += 1;
        let elapsed = begin.elapsed();
        if elapsed >= round {
            return elapsed.as_nanos() as f64 / f64::from(passes) / count as f64;
        }
    }
}

/// What came of it: for each row, its samples by round.
pub struct Measured(Vec<(String, Vec<f64>)>);

impl Measured {
    pub fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..self.0.len()).map(Id)
    }

    pub fn name(&self, id: Id) -> &str {
        &self.0[id.0].0
    }

    /// The median over rounds, in nanoseconds.
    pub fn median(&self, id: Id) -> f64 {
        quartiles(&self.0[id.0].1).median
    }

    /// The quartiles of the ratios of the rounds: a noisy round disturbs one of them.
    pub fn ratio(&self, id: Id, floor: Id) -> Quartiles {
        let (samples, floors) = (&self.0[id.0].1, &self.0[floor.0].1);
        let ratios: Vec<f64> = samples
            .iter()
            .zip(floors)
            .map(|(sample, floor)| sample / floor)
            .collect();
        quartiles(&ratios)
    }

    /// The one of these that took the least time.
    pub fn fastest(&self, of: &[Id]) -> Id {
        let by_median = |one: &&Id, other: &&Id| self.median(**one).total_cmp(&self.median(**other));
        *of.iter().min_by(by_median).unwrap()
    }
}

#[derive(Clone, Copy)]
pub struct Quartiles {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Quartiles {
    /// As multiples of something.
    pub fn over(self, floor: f64) -> Self {
        Self {
            low: self.low / floor,
            median: self.median / floor,
            high: self.high / floor,
        }
    }
}

pub fn quartiles(values: &[f64]) -> Quartiles {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |quarter: usize| sorted[(sorted.len() - 1) * quarter / 4];
    Quartiles {
        low: at(1),
        median: at(2),
        high: at(3),
    }
}
