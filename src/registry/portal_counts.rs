//! [`PortalCounts`]: how many portals a registry has, for the operator.

use std::collections::BTreeMap;

use crate::revision::Revision;

/// How many portals a registry has, by the state of their answers. Pins do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PortalCounts {
    /// All portals.
    pub portals: usize,
    /// Portals by their REST revision, if it is exactly known. A portal can answer any number.
    pub revisions: BTreeMap<Revision, usize>,
    /// Portals whose REST revision is not exactly known. Some never answered.
    pub unknown: usize,
    /// Portals whose last probe failed, for all credentials or for one of them. They may have an older
    /// answer.
    pub failing: usize,
    /// Portals whose answer is past its lifetime. They are asked when an answer is needed.
    pub stale: usize,
}
