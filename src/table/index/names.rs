//! A hash table of methods' names, for look-ups in any case.

/// Numbers of names, by a hash of their letters without regard to case.
///
/// A plan that passes takes 170 to 280 instructions with it. A binary search among the listed methods
/// of the API took 3,800.
///
/// The hash has no key: the names come from the table, so no caller can choose colliding ones.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// Open addressing: a name stands at its hash's slot or at the next free one. At most a
    /// quarter of the slots is taken.
    slots: Box<[Slot]>,
    shift: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The part of the hash that does not choose the slot.
    tag: u32,
    /// The number of the name plus one. 0 in a free slot.
    next: u32,
}

impl Names {
    pub(crate) fn new<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> Self {
        let count = names.len().saturating_mul(4).next_power_of_two().max(2);
        let mut table = Self {
            slots: vec![Slot::default(); count].into(),
            shift: u64::BITS - count.trailing_zeros(),
        };
        for (name, next) in names.zip(1..) {
            let hash = hash(name);
            let free = table.from(hash).find(|place| {
                let slot = table.slots.get(*place);
                slot.is_some_and(|slot| slot.next == 0)
            });
            if let Some(slot) = free.and_then(|place| table.slots.get_mut(place)) {
                *slot = Slot { tag: tag(hash), next };
            }
        }
        table
    }

    /// The numbers of names that may differ from this one in case alone.
    pub(crate) fn find(&self, name: &str) -> impl Iterator<Item = usize> {
        let hash = hash(name);
        self.from(hash)
            .map_while(|place| self.slots.get(place).filter(|slot| slot.next > 0))
            .filter(move |slot| slot.tag == tag(hash))
            .map(|slot| slot.next as usize - 1)
    }

    fn from(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let (first, count) = ((hash >> self.shift) as usize, self.slots.len());
        (first..first + count).map(move |place| place & (count - 1))
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 16) as u32
}

/// A hash that ignores the case of ASCII letters.
fn hash(name: &str) -> u64 {
    let name = name.as_bytes();
    let (words, rest) = name.as_chunks::<8>();
    let mut hash = name.len() as u64;
    for word in words {
        hash = mixed(hash, *word);
    }
    if rest.is_empty() {
        return hash;
    }
    // The last word overlaps the one before. A short name is padded with zeros.
    let last = name.last_chunk::<8>().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        last
    });
    mixed(hash, last)
}

fn mixed(hash: u64, word: [u8; 8]) -> u64 {
    /// The bit in which upper and lower case differ.
    const CASE: u64 = 0x2020_2020_2020_2020;
    /// An odd number from the golden ratio, as in Fibonacci hashing.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (hash.rotate_left(23) ^ (u64::from_le_bytes(word) | CASE)).wrapping_mul(FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case() {
        let names: Vec<String> = (0..300).map(|nth| format!("imbot.v{nth}.Chat.Do")).collect();
        let table = Names::new(names.iter().map(String::as_str));
        for (nth, name) in names.iter().enumerate() {
            for spelled in [name.clone(), name.to_uppercase(), name.to_lowercase()] {
                assert!(table.find(&spelled).any(|found| found == nth), "{spelled}");
            }
        }
    }

    #[test]
    fn other_names_find_nothing() {
        let names: Vec<&str> = crate::Table::builtin().methods().collect();
        let table = Names::new(names.iter().copied());
        for name in ["", "x", "profile", "crm.lead.add", "imbot.v2.Chat.Message.sent"] {
            assert_eq!(table.find(name).count(), 0, "{name}");
        }
        assert_eq!(Names::new(std::iter::empty()).find("imbot").count(), 0);
    }
}
