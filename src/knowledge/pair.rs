//! Two words that are replaced together: readers take no lock and write nothing.
//!
//! Knows nothing of what the words mean. `tests/model` tries it on a memory as weak
//! as the language allows.

use super::sync::{AtomicU64, Ordering, spin_loop};

/// Two words of 52 bits each, published together.
///
/// Each carries the number of its publication in the bits above. Two words with
/// one number are of one publication, whatever the order in which they became
/// visible; a reader with two numbers reads again. Writers are rare (one for each
/// change of a portal) and serialised by the caller. The number wraps at 4,096
/// publications: a reader would have to sleep through exactly that many between
/// two loads to be fooled.
#[derive(Debug)]
pub(super) struct AtomicPair {
    a: AtomicU64,
    b: AtomicU64,
}

const BITS: u32 = 52;
const WORD: u64 = (1 << BITS) - 1;

impl AtomicPair {
    pub(super) fn new([a, b]: [u64; 2]) -> Self {
        Self {
            a: AtomicU64::new(a & WORD),
            b: AtomicU64::new(b & WORD),
        }
    }

    /// The words last published: two loads when no writer is at work.
    #[inline]
    pub(super) fn load(&self) -> [u64; 2] {
        loop {
            // The numbers alone keep publications apart. The orderings keep readers
            // from reading again: B is stored before A, so who sees a new A finds
            // its B, and only a reader between the two stores finds another.
            let a = self.a.load(Ordering::Acquire);
            let b = self.b.load(Ordering::Acquire);
            if (a ^ b) >> BITS == 0 {
                return [a & WORD, b & WORD];
            }
            spin_loop();
        }
    }

    /// Publishes two words. Callers take turns.
    pub(super) fn store(&self, [a, b]: [u64; 2]) {
        let number = (self.a.load(Ordering::Relaxed) >> BITS).wrapping_add(1) << BITS;
        self.b.store(b & WORD | number, Ordering::Release);
        self.a.store(a & WORD | number, Ordering::Release);
    }
}
