//! [`CheckSampler`]: chooses the calls whose parameters are checked. Each site has its own counts, so that no tenant uses up
//! those of another.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::vocabulary;

/// The first calls of a method at each site are all checked. Later ones are sampled: one of so many.
const FIRST: u8 = 16;
const ONE_OF: u32 = 1_024;

/// The most sites with counts of their own. Further sites share their counts. A gate keeps about 400
/// bytes for each site.
const MAX_SITES: usize = 1_024;

/// The calls of each method, by the method's number.
#[derive(Debug)]
pub(super) struct CheckSampler {
    /// At all sites.
    calls: Box<[AtomicU32]>,
    of_sites: RwLock<HashMap<Box<str>, Counts>>,
    of_others: Counts,
}

/// The first calls of each method.
type Counts = Box<[AtomicU8]>;

fn counts() -> Counts {
    (0..vocabulary::count()).map(|_| AtomicU8::new(0)).collect()
}

impl Default for CheckSampler {
    fn default() -> Self {
        Self {
            calls: (0..vocabulary::count()).map(|_| AtomicU32::new(0)).collect(),
            of_sites: RwLock::default(),
            of_others: counts(),
        }
    }
}

impl CheckSampler {
    /// Counts a call of a method. Returns whether its parameters are checked.
    pub(super) fn take(&self, site: &str, number: usize) -> bool {
        let calls = self.calls.get(number);
        let is_sample =
            calls.is_some_and(|calls| calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(ONE_OF));
        let more = |count: u8| (count < FIRST).then(|| count.saturating_add(1));
        let take = |counts: &Counts| {
            let count = counts.get(number);
            count.is_some_and(|own| {
                own.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
                    .is_ok()
            })
        };
        self.of_site(site, take) || is_sample
    }

    /// Whether [`take`](Self::take) would return true.
    pub(super) fn is_due(&self, site: &str, number: usize) -> bool {
        let calls = self.calls.get(number);
        let is_sample = calls.is_some_and(|calls| calls.load(Ordering::Relaxed).is_multiple_of(ONE_OF));
        let is_first = |counts: &Counts| {
            let count = counts.get(number);
            count.is_some_and(|own| own.load(Ordering::Relaxed) < FIRST)
        };
        is_sample || self.of_site(site, is_first)
    }

    fn of_site(&self, site: &str, look: impl Fn(&Counts) -> bool) -> bool {
        let of_sites = self.of_sites.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = of_sites.get(site) {
            return look(counts);
        }
        drop(of_sites);
        let mut of_sites = self.of_sites.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have made room for the site.
        if !of_sites.contains_key(site) && of_sites.len() >= MAX_SITES {
            return look(&self.of_others);
        }
        look(of_sites.entry(site.into()).or_insert_with(counts))
    }
}
