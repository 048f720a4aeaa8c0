//! Where each word of a file stands.

use super::super::token::{Small, Tokens};

/// Where each word stands: the first place of a hash, and for each place the next one with the same hash.
#[derive(Debug)]
pub(super) struct Words {
    first: Vec<Small>,
    next: Vec<Small>,
}

impl Words {
    pub(super) fn of(tokens: &Tokens) -> Self {
        let mut words = Self {
            first: vec![Small::NONE; tokens.len().next_power_of_two()],
            next: vec![Small::NONE; tokens.len()],
        };
        for at in (0..tokens.len()).rev() {
            let Some(word) = tokens.word(at) else {
                continue;
            };
            let slot = words.slot(word);
            if let (Some(first), Some(next)) = (words.first.get_mut(slot), words.next.get_mut(at)) {
                *next = std::mem::replace(first, Small::of(at));
            }
        }
        words
    }

    fn slot(&self, word: &str) -> usize {
        hash(word) as usize & (self.first.len() - 1)
    }

    /// The first place that may have a word.
    pub(super) fn first(&self, word: &str) -> Option<usize> {
        self.first.get(self.slot(word))?.some()
    }

    /// The next place with the same hash.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        self.next.get(at)?.some()
    }
}

/// A hash of a word (FNV-1a). Two words may have the same.
fn hash(word: &str) -> u32 {
    let bytes = word.bytes();
    bytes.fold(0x811C_9DC5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
