//! What can be asked of a portal: the table's features, a user's own
//! requirements, and sets of features.

use std::fmt;

use crate::table::Row;

#[rustfmt::skip]
pub(crate) mod generated;
mod requirement;
mod set;

pub use generated::Feature;
pub use requirement::{Capability, Requirement};
pub use set::{FeatureSet, FeatureSetIter};

pub(crate) use generated::{COUNT, IMBOT_V2_REST, REVISION_GET_REST};
pub(crate) use requirement::{RevisionRange, Verdict};

impl Feature {
    /// Every feature, in the table's order.
    pub fn all() -> impl ExactSizeIterator<Item = Feature> + Clone {
        generated::ALL.iter().copied()
    }

    /// The feature with this id, such as `message.system`.
    ///
    /// Linear: for configuration and tools, not for hot paths.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Feature> {
        Feature::all().find(|feature| feature.id() == id)
    }

    /// The id in the table, such as `message.system`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().id()
    }

    /// This feature's row of the built-in table.
    ///
    /// An overlay may say otherwise: [`Table::row`](crate::Table::row) answers
    /// for a table with its overlays.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "ROWS has one entry for each variant: both are generated from one list"
    )]
    pub fn row(self) -> &'static Row {
        &generated::ROWS[self.index()]
    }

    /// What the built-in table requires for this feature.
    #[must_use]
    pub fn requirement(self) -> Requirement {
        self.row().requirement()
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
