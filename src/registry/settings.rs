//! [`Settings`]: the choices of the program that all portals of a registry share.

use std::time::Duration;

use crate::caps::Caps;
use crate::freshness::{Lifetimes, Purpose, Volatility};
use crate::knowledge::Knowledge;
use crate::revision::Revision;
use crate::transport::Redirects;

#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The caps of a portal of which nothing is known. The caps of each portal differ from these
    /// only in their knowledge.
    pub(super) reading: Caps,
    /// The highest REST revision that any portal counts as having. It is part of `reading`, too.
    pub(super) cap: Option<Revision>,
    /// The time limit of a probe.
    pub(super) deadline: Duration,
    pub(super) redirects: Redirects,
    pub(super) lifetimes: Lifetimes,
    /// The highest REST revision at which the table makes a difference.
    pub(super) newest: Revision,
}

impl Settings {
    /// How time can change the answer to a question. `None` if the portal must be asked.
    pub(super) fn volatility(&self, purpose: Purpose, known: &Knowledge) -> Option<Volatility> {
        Volatility::of_purpose(purpose, self.newest, known, self.cap)
    }
}
