//! Portals at both sides of a feature's boundary, for the tests of bot code.

use super::capability::Capability;
use super::caps::Caps;
use crate::feature::{Requirement, RevisionRange};
use crate::knowledge::{ImbotV2Presence, Knowledge, Provenance};
use crate::revision::{Counter, Revision, Revisions};
use crate::table::Table;

impl Caps {
    /// The nearest portal without the feature: one revision below its first. If only
    /// `until` decides, the first revision without it.
    ///
    /// A feature's boundary is that of the built-in table. For a row of an overlay, pass its
    /// [`Table::requirement`].
    ///
    /// ```
    /// use imbot_caps::{Caps, Feature};
    ///
    /// assert!(!Caps::just_below(Feature::BotTokenRotation).supports(Feature::BotTokenRotation));
    /// assert!(Caps::just_at(Feature::BotTokenRotation).supports(Feature::BotTokenRotation));
    /// ```
    #[must_use]
    pub fn just_below(what: impl Capability) -> Caps {
        let range = range(what);
        match (range.since, range.until()) {
            (1.., _) => portal(range, range.since - 1, true),
            (0, Some(until)) => portal(range, until, true),
            (0, None) => portal(range, Table::builtin().imbot_v2_builds().rest(), false),
        }
    }

    /// The nearest portal with the feature: at its first revision. If only `until` decides,
    /// the last revision with it.
    #[must_use]
    pub fn just_at(what: impl Capability) -> Caps {
        let range = range(what);
        match (range.since, range.until()) {
            (since @ 1.., _) => portal(range, since, true),
            (0, Some(until)) => portal(range, until.saturating_sub(1), true),
            (0, None) => portal(range, Table::builtin().imbot_v2_builds().rest(), true),
        }
    }

    /// Runs a test on each side of each boundary: below and at the first revision. For a
    /// removed feature also at the last revision with it and the first without.
    pub fn for_each_side(what: impl Capability, mut test: impl FnMut(Caps)) {
        test(Caps::just_below(&what));
        test(Caps::just_at(&what));
        let range = range(what);
        if let (1.., Some(until)) = (range.since, range.until()) {
            test(portal(range, until.saturating_sub(1), true));
            test(portal(range, until, true));
        }
    }
}

fn range(what: impl Capability) -> RevisionRange {
    let Requirement { range, .. } = what.requirement_in(&Caps::unknown());
    range
}

/// A portal at a revision of the range's counter. If the range needs imbot.v2, the portal has
/// the generation that comes with the revision.
fn portal(range: RevisionRange, revision: Revision, with_api: bool) -> Caps {
    let known = match range.counter {
        Counter::Rest => Knowledge::pinned(revision),
        counter => Knowledge::from_im_revision_get(&Revisions::default().with(counter, revision)),
    };
    let known = match (range.needs_imbot_v2(), range.counter) {
        (false, _) => known,
        (true, Counter::Rest) if with_api => known.with_imbot_v2(),
        (true, Counter::Rest) => known.without_imbot_v2(),
        (true, _) => known.bound_imbot(
            ImbotV2Presence::WithRevisionGet,
            ImbotV2Presence::WithRevisionGet,
            Provenance::Program,
        ),
    };
    Caps::new(known)
}
