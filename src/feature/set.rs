//! Sets of features.

use std::fmt;
use std::ops::{BitAnd, BitOr, BitXor, Not, Sub};

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::generated::{ALL, COUNT, Feature};

const WORDS: usize = COUNT.div_ceil(64);

/// A set of [`Feature`]s: `Copy`, in the table's order, without allocation.
///
/// ```
/// use imbot_caps::{Caps, Feature};
///
/// let gained = Caps::at(35).features() - Caps::at(34).features();
/// assert!(gained.contains(Feature::BotTokenRotation));
/// assert!(!gained.contains(Feature::SystemMessage));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeatureSet {
    words: [u64; WORDS],
}

impl FeatureSet {
    /// No feature.
    pub const EMPTY: FeatureSet = FeatureSet { words: [0; WORDS] };

    /// Every feature of the built-in table.
    #[must_use]
    pub fn all() -> Self {
        Feature::all().collect()
    }

    /// Adds a feature. Returns whether it was new.
    pub fn insert(&mut self, feature: Feature) -> bool {
        let new = !self.contains(feature);
        if let Some(word) = self.words.get_mut(feature.index() / 64) {
            *word |= 1 << (feature.index() % 64);
        }
        new
    }

    /// Removes a feature. Returns whether it was in the set.
    pub fn remove(&mut self, feature: Feature) -> bool {
        let there = self.contains(feature);
        if let Some(word) = self.words.get_mut(feature.index() / 64) {
            *word &= !(1 << (feature.index() % 64));
        }
        there
    }

    /// Whether the feature is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, feature: Feature) -> bool {
        self.words
            .get(feature.index() / 64)
            .is_some_and(|word| word >> (feature.index() % 64) & 1 == 1)
    }

    /// How many features are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// Whether every feature of `other` is in this set.
    #[must_use]
    pub fn is_superset(&self, other: &FeatureSet) -> bool {
        (*other - *self).is_empty()
    }

    /// Whether every feature of this set is in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &FeatureSet) -> bool {
        other.is_superset(self)
    }

    /// Whether no feature is in both.
    #[must_use]
    pub fn is_disjoint(&self, other: &FeatureSet) -> bool {
        (*self & *other).is_empty()
    }

    /// The features, in the table's order.
    #[must_use]
    pub fn iter(&self) -> FeatureSetIter {
        FeatureSetIter { set: *self, next: 0 }
    }

    fn zip(self, other: Self, op: impl Fn(u64, u64) -> u64) -> Self {
        let mut words = self.words;
        for (word, other) in words.iter_mut().zip(other.words) {
            *word = op(*word, other);
        }
        Self { words }
    }
}

impl Default for FeatureSet {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// Union.
impl BitOr for FeatureSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }
}

/// Intersection.
impl BitAnd for FeatureSet {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }
}

/// Symmetric difference.
impl BitXor for FeatureSet {
    type Output = Self;

    fn bitxor(self, other: Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }
}

/// Difference.
impl Sub for FeatureSet {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }
}

/// Complement: the features of the built-in table that are not in the set.
impl Not for FeatureSet {
    type Output = Self;

    fn not(self) -> Self {
        Self::all() - self
    }
}

impl Extend<Feature> for FeatureSet {
    fn extend<I: IntoIterator<Item = Feature>>(&mut self, features: I) {
        for feature in features {
            self.insert(feature);
        }
    }
}

impl FromIterator<Feature> for FeatureSet {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        let mut set = Self::EMPTY;
        set.extend(features);
        set
    }
}

impl<const N: usize> From<[Feature; N]> for FeatureSet {
    fn from(features: [Feature; N]) -> Self {
        features.into_iter().collect()
    }
}

impl IntoIterator for FeatureSet {
    type Item = Feature;
    type IntoIter = FeatureSetIter;

    fn into_iter(self) -> FeatureSetIter {
        self.iter()
    }
}

impl IntoIterator for &FeatureSet {
    type Item = Feature;
    type IntoIter = FeatureSetIter;

    fn into_iter(self) -> FeatureSetIter {
        self.iter()
    }
}

impl fmt::Debug for FeatureSet {
    /// The ids: `{message.system, bot.token_rotation}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|feature| DebugId(feature.as_str())))
            .finish()
    }
}

struct DebugId(&'static str);

impl fmt::Debug for DebugId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for FeatureSet {
    /// A list of the ids.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for FeatureSet {
    /// A list of ids, in any order. An unknown id is an error.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = FeatureSet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of ids of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut ids: A) -> Result<FeatureSet, A::Error> {
        let mut set = FeatureSet::EMPTY;
        while let Some(feature) = ids.next_element()? {
            set.insert(feature);
        }
        Ok(set)
    }
}

/// The features of a [`FeatureSet`], in the table's order.
#[derive(Clone, Debug)]
pub struct FeatureSetIter {
    set: FeatureSet,
    next: usize,
}

impl Iterator for FeatureSetIter {
    type Item = Feature;

    fn next(&mut self) -> Option<Feature> {
        loop {
            let feature = *ALL.get(self.next)?;
            self.next += 1;
            if self.set.remove(feature) {
                return Some(feature);
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.set.len(), Some(self.set.len()))
    }
}

impl ExactSizeIterator for FeatureSetIter {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algebra() {
        let a = FeatureSet::from([Feature::SystemMessage, Feature::BotAppId]);
        let b = FeatureSet::from([Feature::BotAppId, Feature::BotTokenRotation]);
        assert_eq!((a | b).len(), 3);
        assert_eq!(a & b, FeatureSet::from([Feature::BotAppId]));
        assert_eq!(a - b, FeatureSet::from([Feature::SystemMessage]));
        assert_eq!(a ^ b, (a | b) - (a & b));
        assert_eq!(!FeatureSet::EMPTY, FeatureSet::all());
        assert_eq!((!a).len(), COUNT - 2);
        assert!((a & !a).is_empty() && a.is_disjoint(&!a));
        assert!((a & b).is_subset(&a) && a.is_superset(&(a & b)) && !a.is_subset(&b));
    }

    #[test]
    fn insert_remove_iterate() {
        let mut set = FeatureSet::EMPTY;
        for feature in Feature::all().collect::<Vec<_>>().into_iter().rev() {
            assert!(set.insert(feature));
            assert!(!set.insert(feature));
        }
        assert_eq!(set, FeatureSet::all());
        assert_eq!(set.iter().len(), COUNT);
        assert!(set.iter().eq(Feature::all()), "the table's order");
        for feature in Feature::all() {
            assert!(set.remove(feature));
            assert!(!set.remove(feature) && !set.contains(feature));
        }
        assert!(set.is_empty() && set.iter().next().is_none());
    }

    #[test]
    fn debug_reads_well() {
        let set = FeatureSet::from([Feature::SystemMessage]);
        assert_eq!(format!("{set:?}"), "{message.system}");
    }
}
