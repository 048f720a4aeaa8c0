//! Finds words of a file by what they say.

use super::super::token::{Small, hash};

/// Numbered words: the first number of each slot, and for each number the next one in its slot.
#[derive(Debug)]
pub(super) struct Words {
    first: Vec<Small>,
    next: Vec<Small>,
}

impl Words {
    /// Takes numbers below `end`, each with the hash of its word. The last one is found first.
    pub(super) fn of(end: usize, words: impl Iterator<Item = (usize, u32)>) -> Self {
        let mut all = Self {
            first: vec![Small::NONE; (end / 2).next_power_of_two()],
            next: vec![Small::NONE; end],
        };
        for (number, hash) in words {
            let slot = all.slot(hash);
            if let (Some(first), Some(next)) = (all.first.get_mut(slot), all.next.get_mut(number)) {
                *next = std::mem::replace(first, Small::of(number));
            }
        }
        all
    }

    /// The numbers of all words in the slot of this one. Other words can be in it.
    pub(super) fn like(&self, word: &str) -> impl Iterator<Item = usize> {
        let first = self
            .first
            .get(self.slot(hash(word.as_bytes())))
            .and_then(|own| own.some());
        std::iter::successors(first, |number| self.next.get(*number)?.some())
    }

    fn slot(&self, hash: u32) -> usize {
        hash as usize & (self.first.len() - 1)
    }
}
