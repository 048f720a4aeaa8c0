//! Rows of a bench, each the median over rounds.

use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 41;
const ROUND: Duration = Duration::from_millis(8);

pub struct Row<'b> {
    pub name: &'static str,
    /// How much is done in one pass.
    count: usize,
    work: Box<dyn FnMut() -> usize + 'b>,
    samples: Vec<f64>,
}

impl<'b> Row<'b> {
    pub fn new(name: &'static str, count: usize, work: impl FnMut() -> usize + 'b) -> Self {
        Self {
            name,
            count,
            work: Box::new(work),
            samples: Vec::new(),
        }
    }

    /// One round: as many passes as fit the time; nanoseconds for one of what is done.
    fn sample(&mut self) {
        let (begin, mut passes) = (Instant::now(), 0_u32);
        while begin.elapsed() < ROUND {
            for _ in 0..8 {
                black_box((self.work)());
            }
            passes += 8;
        }
        let each = begin.elapsed().as_nanos() as f64 / f64::from(passes) / self.count as f64;
        self.samples.push(each);
    }

    pub fn median(&self) -> f64 {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

/// Samples all rows in turn, so that a noisy moment falls on all of them.
pub fn measure(rows: &mut [Row<'_>]) {
    for row in rows.iter_mut() {
        row.sample();
        row.samples.clear(); // the first round warms up
    }
    for _ in 0..ROUNDS {
        for row in rows.iter_mut() {
            row.sample();
        }
    }
}
