//! Portals at both sides of a feature's boundary, for the tests of bot code.

use super::capability::Capability;
use super::value::Caps;
use crate::feature::{Requirement, RevisionRange};
use crate::knowledge::{ImbotGeneration, Knowledge, Provenance};
use crate::revision::{Axis, Revision, Revisions};
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
        let gate = gate(what);
        match (gate.since, gate.until()) {
            (1.., _) => portal(gate, gate.since - 1, true),
            (0, Some(until)) => portal(gate, until, true),
            (0, None) => portal(gate, Table::builtin().imbot_v2().rest(), false),
        }
    }

    /// The nearest portal with the feature: at its first revision. If only `until` decides,
    /// the last revision with it.
    #[must_use]
    pub fn just_at(what: impl Capability) -> Caps {
        let gate = gate(what);
        match (gate.since, gate.until()) {
            (since @ 1.., _) => portal(gate, since, true),
            (0, Some(until)) => portal(gate, until.saturating_sub(1), true),
            (0, None) => portal(gate, Table::builtin().imbot_v2().rest(), true),
        }
    }

    /// Runs a test on each side of each boundary: below and at the first revision. For a
    /// removed feature also at the last revision with it and the first without.
    pub fn for_each_side(what: impl Capability, mut test: impl FnMut(Caps)) {
        test(Caps::just_below(&what));
        test(Caps::just_at(&what));
        let gate = gate(what);
        if let (1.., Some(until)) = (gate.since, gate.until()) {
            test(portal(gate, until.saturating_sub(1), true));
            test(portal(gate, until, true));
        }
    }
}

fn gate(what: impl Capability) -> RevisionRange {
    let Requirement { gate, .. } = what.requirement_in(&Caps::unknown());
    gate
}

/// A portal at a revision of the range's axis. If the range needs imbot.v2, the portal has
/// the generation that comes with the revision.
fn portal(gate: RevisionRange, revision: Revision, with_api: bool) -> Caps {
    let known = match gate.axis {
        Axis::Rest => Knowledge::pinned(revision),
        axis => Knowledge::from_im_revision_get(&Revisions::default().with(axis, revision)),
    };
    let known = match (gate.needs_imbot_v2(), gate.axis) {
        (false, _) => known,
        (true, Axis::Rest) if with_api => known.with_imbot_v2(),
        (true, Axis::Rest) => known.without_imbot_v2(),
        (true, _) => known.bound_imbot(
            ImbotGeneration::WithRevisionGet,
            ImbotGeneration::WithRevisionGet,
            Provenance::User,
        ),
    };
    Caps::new(known)
}
