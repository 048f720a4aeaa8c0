//! The features by number and by id.

use std::fmt;

use super::generated::{ALL, Feature, IDS};

impl Feature {
    /// Every feature, in the table's order.
    pub fn all() -> impl ExactSizeIterator<Item = Feature> + Clone {
        ALL.iter().copied()
    }

    /// The feature with this id, such as `message.system`.
    ///
    /// Linear search: for configuration and tools, not for hot paths.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Feature> {
        Feature::all().find(|feature| feature.id() == id)
    }

    /// The id in the table, such as `message.system`.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "IDS has one entry for each variant: both are generated from one list"
    )]
    pub const fn id(self) -> &'static str {
        IDS[self.index()]
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Feature {
    /// The id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
