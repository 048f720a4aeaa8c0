//! Finds words of a file by what they say.

use super::super::token::{Small, hash};

/// Numbered words. The numbers of a slot follow each other, in order.
#[derive(Debug)]
pub(super) struct Words {
    /// Where the numbers of each slot begin, and the end of the last ones.
    starts: Vec<Small>,
    numbers: Vec<Small>,
}

impl Words {
    /// Takes words in order, each with its number and its hash.
    pub(super) fn of(words: impl DoubleEndedIterator<Item = (usize, u32)> + Clone) -> Self {
        let count = words.clone().count();
        let mut all = Self {
            starts: vec![Small::of(0); count.next_power_of_two() + 1],
            numbers: vec![Small::of(0); count],
        };
        for (_, hash) in words.clone() {
            let slot = all.slot(hash);
            if let Some(size) = all.starts.get_mut(slot) {
                *size = Small::of(size.get() + 1);
            }
        }
        let mut end = 0;
        for own in &mut all.starts {
            end += own.get();
            *own = Small::of(end);
        }
        // Each slot is filled from its end.
        for (number, hash) in words.rev() {
            let slot = all.slot(hash);
            if let Some(start) = all.starts.get_mut(slot) {
                *start = Small::of(start.get().saturating_sub(1));
                if let Some(own) = all.numbers.get_mut(start.get()) {
                    *own = Small::of(number);
                }
            }
        }
        all
    }

    /// The numbers from this one on of all words in the slot of this one. Other words can be in it.
    pub(super) fn like(&self, word: &str, from: usize) -> impl Iterator<Item = usize> {
        let slot = self.slot(hash(word.as_bytes()));
        let edge = |slot: usize| self.starts.get(slot).map(|own| own.get());
        let numbers = edge(slot)
            .zip(edge(slot + 1))
            .and_then(|(start, end)| self.numbers.get(start..end));
        let numbers = numbers.unwrap_or_default();
        let before = numbers.partition_point(|own| own.get() < from);
        numbers.iter().skip(before).map(|own| own.get())
    }

    fn slot(&self, hash: u32) -> usize {
        hash as usize & (self.starts.len() - 2)
    }
}
