//! The kinds of question that caps answer.

use super::caps::Caps;
use super::sealed::Sealed;
use crate::feature::{Feature, Requirement, RevisionRange};

/// A question for [`Caps`]: a [`Feature`] of the table, a [`Requirement`] of a program's own, or
/// a reference to one of them. `&dyn Capability` is one, too.
///
/// Sealed: each kind is decided in its own way, and that is private.
pub trait Capability: Sealed {
    /// Its requirement, by the table and the trust of these caps.
    fn requirement_in(&self, caps: &Caps) -> Requirement;
}

impl Capability for Feature {
    fn requirement_in(&self, caps: &Caps) -> Requirement {
        Requirement {
            id: self.as_str(),
            range: caps.range_of(*self),
        }
    }
}

impl Sealed for Feature {
    #[inline]
    fn is_supported_by(&self, caps: &Caps) -> bool {
        caps.has(*self)
    }

    fn range(&self, caps: &Caps) -> RevisionRange {
        caps.range_of(*self)
    }

    fn feature(&self) -> Option<Feature> {
        Some(*self)
    }
}

impl Capability for Requirement {
    fn requirement_in(&self, _: &Caps) -> Requirement {
        *self
    }
}

impl Sealed for Requirement {
    #[inline]
    fn is_supported_by(&self, caps: &Caps) -> bool {
        caps.meets(self.range)
    }

    #[inline]
    fn range(&self, _: &Caps) -> RevisionRange {
        self.range
    }

    fn feature(&self) -> Option<Feature> {
        None
    }
}

impl<T: Capability + ?Sized> Capability for &T {
    fn requirement_in(&self, caps: &Caps) -> Requirement {
        T::requirement_in(self, caps)
    }
}

impl<T: Sealed + ?Sized> Sealed for &T {
    #[inline]
    fn is_supported_by(&self, caps: &Caps) -> bool {
        T::is_supported_by(self, caps)
    }

    #[inline]
    fn range(&self, caps: &Caps) -> RevisionRange {
        T::range(self, caps)
    }

    fn feature(&self) -> Option<Feature> {
        T::feature(self)
    }
}
