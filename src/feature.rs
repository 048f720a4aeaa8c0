//! Features of the table, requirements of a program's own, and sets of features.

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
