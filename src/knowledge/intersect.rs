//! Joins two pieces of knowledge, or reports that both cannot be true.

use super::knowledge::{Knowledge, NOT_REPORTED};

/// Two pieces of knowledge that cannot both be true of one portal.
///
/// The newer piece describes the portal now. The caller decides which one to keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the portal was known as {known}, and now shows as {newer}: it was upgraded, restored or replaced")]
#[non_exhaustive]
pub struct ContradictionError {
    /// The older knowledge.
    pub known: Box<Knowledge>,
    /// The newer knowledge.
    pub newer: Box<Knowledge>,
}

impl Knowledge {
    /// The intersection of both: all values that both allow.
    ///
    /// True pieces give the same result in any order. On a counter other than REST the value
    /// of `newer` wins, since a setting may change the desktop counter.
    ///
    /// # Errors
    ///
    /// [`ContradictionError`] if both cannot be true of one portal at one time. The portal was
    /// upgraded, restored from a backup, or replaced between the answers.
    pub fn intersect(&self, newer: &Knowledge) -> Result<Knowledge, ContradictionError> {
        Ok(self.met(newer)?.inferred())
    }

    fn met(&self, newer: &Knowledge) -> Result<Knowledge, ContradictionError> {
        let contradiction = || ContradictionError {
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

    /// The intersection of the observations in both, without inferred ends. A probe joins
    /// its answers this way and calls [`inferred`](Self::inferred) once at the end. So an
    /// inference from one answer cannot override an observation in another.
    ///
    /// # Errors
    ///
    /// As [`intersect`](Self::intersect).
    pub(crate) fn intersect_observed(&self, other: &Knowledge) -> Result<Knowledge, ContradictionError> {
        let other = other.seen();
        self.met(&other)
    }
}
