//! Where each word of a file stands.

use super::super::token::{Kind, Small, Tokens};

/// Where each word stands: the first place of a hash, and for each place the next one with the same hash.
#[derive(Debug)]
pub(super) struct Words {
    first: Vec<Small>,
    next: Vec<Small>,
}

impl Words {
    pub(super) fn of(tokens: &Tokens) -> Self {
        let mut words = Self {
            first: vec![Small::NONE; (tokens.len() / 2).next_power_of_two()],
            next: vec![Small::NONE; tokens.len()],
        };
        for (at, token) in tokens.list.iter().enumerate().rev() {
            if token.kind != Kind::Word {
                continue;
            }
            let slot = words.slot(tokens.bytes(token));
            if let (Some(first), Some(next)) = (words.first.get_mut(slot), words.next.get_mut(at)) {
                *next = std::mem::replace(first, Small::of(at));
            }
        }
        words
    }

    fn slot(&self, word: &[u8]) -> usize {
        hash(word) as usize & (self.first.len() - 1)
    }

    /// The first place that may have a word.
    pub(super) fn first(&self, word: &str) -> Option<usize> {
        self.first.get(self.slot(word.as_bytes()))?.some()
    }

    /// The next place with the same hash.
    pub(super) fn next(&self, at: usize) -> Option<usize> {
        self.next.get(at)?.some()
    }
}

/// A hash of a word: of its length and of its first, middle and last four bytes. Two words may have the same.
fn hash(bytes: &[u8]) -> u32 {
    let both = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            let middle = bytes
                .get(bytes.len() / 2 - 2..)
                .and_then(|rest| rest.first_chunk());
            let middle = middle.map_or(0, |middle| u32::from_le_bytes(*middle));
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let ends = u32::from_le_bytes(*first) ^ u32::from_le_bytes(*last).rotate_left(13);
            ends ^ middle.rotate_left(7) ^ length
        }
        _ => bytes.iter().fold(0, |all, byte| all << 8 | u32::from(*byte)),
    };
    // The high bits of a product depend on all bits.
    let product = both.wrapping_mul(0x9E37_79B1);
    product ^ product >> 15
}
