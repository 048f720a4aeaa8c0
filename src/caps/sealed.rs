//! How each kind of capability is decided: private, so that no other crate adds a kind.

use super::caps::Caps;
use crate::feature::{Feature, RevisionRange};

pub trait Sealed {
    /// Whether the caps support it, by their policy for unknown answers.
    fn is_supported_by(&self, caps: &Caps) -> bool;
    fn range(&self, caps: &Caps) -> RevisionRange;
    fn feature(&self) -> Option<Feature>;
}
