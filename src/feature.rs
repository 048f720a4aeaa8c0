//! What can be asked of a portal: the table's features, a user's own
//! requirements, and sets of features.

#[rustfmt::skip]
mod generated;
mod identity;
mod requirement;
mod set;

pub use generated::Feature;
pub use requirement::Requirement;
pub use set::{FeatureSet, FeatureSetIter};

pub(crate) use generated::COUNT;
pub(crate) use requirement::{RevisionRange, Verdict};
