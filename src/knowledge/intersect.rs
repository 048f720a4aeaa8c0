//! Two pieces of knowledge joined, or why they cannot both be true.

use super::facts::{Knowledge, NOT_REPORTED};

/// Two pieces of knowledge that cannot both be true of one portal.
///
/// The newer one is the truth of now; the caller decides what to keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the portal was known as {known}, and now shows as {newer}: it was upgraded, restored or replaced")]
#[non_exhaustive]
pub struct Contradiction {
    /// What was known.
    pub known: Box<Knowledge>,
    /// What was learned now.
    pub newer: Box<Knowledge>,
}

impl Knowledge {
    /// Both at once: what is left when both are true.
    ///
    /// Truthful pieces may be joined in any order, with the same end. Of two
    /// values on an axis other than REST the one of `newer` is kept, since the
    /// desktop counter may change with a setting.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] when both cannot be true of one portal at one time: it
    /// was upgraded, restored from a backup, or replaced between the answers.
    pub fn intersect(&self, newer: &Knowledge) -> Result<Knowledge, Contradiction> {
        Ok(self.met(newer)?.inferred())
    }

    fn met(&self, newer: &Knowledge) -> Result<Knowledge, Contradiction> {
        let contradiction = || Contradiction {
            known: Box::new(*self),
            newer: Box::new(*newer),
        };
        let mut others = self.others;
        for (known, newer) in others.iter_mut().zip(newer.others) {
            if newer != NOT_REPORTED {
                *known = newer;
            }
        }
        Ok(Self {
            rest: self.rest.intersect(newer.rest).ok_or_else(contradiction)?,
            imbot: self.imbot.intersect(newer.imbot).ok_or_else(contradiction)?,
            others,
        })
    }

    /// What was seen in both, and nothing that was inferred from it: answers of one
    /// moment are gathered so, and what follows from all of them is
    /// [`inferred`](Self::inferred) once. What one of them implies must not outvote
    /// what another has seen.
    ///
    /// # Errors
    ///
    /// As [`intersect`](Self::intersect).
    #[cfg(feature = "registry")]
    pub(crate) fn intersect_observed(&self, other: &Knowledge) -> Result<Knowledge, Contradiction> {
        let other = other.seen();
        self.met(&other)
    }
}
