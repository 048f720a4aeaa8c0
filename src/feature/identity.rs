//! The features by number and by id.

use super::generated::{ALL, Feature, IDS};
use crate::word::as_word;

impl Feature {
    /// Every feature, in the table's order.
    pub fn all() -> impl ExactSizeIterator<Item = Feature> + Clone {
        ALL.iter().copied()
    }

    /// The feature with this id. Linear search.
    pub(crate) fn from_id(id: &str) -> Option<Feature> {
        Feature::all().find(|feature| feature.as_str() == id)
    }

    /// The id in the table, such as `message.system`. `Display`, `FromStr` and serde use the same
    /// word.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "IDS has one entry for each variant: both are generated from one list"
    )]
    pub const fn as_str(self) -> &'static str {
        IDS[self.index()]
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

as_word!(Feature, "feature", Feature::from_id, IDS.iter().copied());
