//! An interval with the source of each end.

use super::provenance::Provenance;

/// An interval with the source of each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Interval<T> {
    pub(super) least: T,
    pub(super) most: T,
    pub(super) least_from: Provenance,
    pub(super) most_from: Provenance,
}

impl<T: Ord + Copy> Interval<T> {
    pub(super) const fn open(least: T, most: T) -> Self {
        Self {
            least,
            most,
            least_from: Provenance::Nothing,
            most_from: Provenance::Nothing,
        }
    }

    pub(super) fn exact(value: T, from: Provenance) -> Self {
        Self {
            least: value,
            most: value,
            least_from: from,
            most_from: from,
        }
    }

    pub(super) fn at_least(&mut self, value: T, from: Provenance) {
        (self.least, self.least_from) = (self.least, self.least_from).max((value, from));
    }

    pub(super) fn at_most(&mut self, value: T, from: Provenance) {
        if value < self.most || (value == self.most && from > self.most_from) {
            (self.most, self.most_from) = (value, from);
        }
    }

    pub(super) fn intersect(mut self, other: Self) -> Option<Self> {
        self.at_least(other.least, other.least_from);
        self.at_most(other.most, other.most_from);
        (self.least <= self.most).then_some(self)
    }

    pub(super) fn provenance(&self) -> Provenance {
        self.least_from.max(self.most_from)
    }

    /// Replaces inferred ends by those of `open`.
    pub(super) fn seen(mut self, open: Self) -> Self {
        if self.least_from == Provenance::Inferred {
            (self.least, self.least_from) = (open.least, open.least_from);
        }
        if self.most_from == Provenance::Inferred {
            (self.most, self.most_from) = (open.most, open.most_from);
        }
        self
    }
}
