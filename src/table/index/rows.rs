//! Sets of rows as bits.

/// Some of the rows of a table, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowSet(Box<[u64]>);

impl RowSet {
    /// These rows of a table with `count` rows.
    pub(crate) fn of(count: usize, rows: impl Iterator<Item = usize>) -> Self {
        let mut words = vec![0; count.div_ceil(64)];
        for row in rows {
            if let Some(word) = words.get_mut(row / 64) {
                *word |= 1 << (row % 64);
            }
        }
        Self(words.into())
    }

    #[inline]
    pub(crate) fn contains(&self, row: usize) -> bool {
        let word = self.0.get(row / 64);
        word.is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Whether this is a subset of the other set, of the same table.
    #[inline]
    pub(crate) fn is_within(&self, others: &Self) -> bool {
        let mut words = self.0.iter().zip(&others.0);
        words.all(|(own, other)| own & !other == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_of_one_table() {
        let some = RowSet::of(130, [0, 63, 64, 129].into_iter());
        let held = |row: &usize| some.contains(*row);
        assert_eq!((0..200).filter(held).collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert!(RowSet::of(130, [64].into_iter()).is_within(&some));
        assert!(!RowSet::of(130, [64, 65].into_iter()).is_within(&some));
        assert!(RowSet::of(130, std::iter::empty()).is_within(&some));
        assert!(RowSet::default().is_within(&RowSet::default()));
    }
}
