//! How two pieces of knowledge of one portal come together.

use crate::freshness::Observation;
use crate::knowledge::{ImbotGeneration, Knowledge};
use crate::revision::{Axis, Revision};

/// What decides features, without where it comes from.
pub(super) fn bounds(known: &Knowledge) -> ((Revision, Revision), (ImbotGeneration, ImbotGeneration)) {
    (known.bounds(Axis::Rest), known.levels())
}

/// Whether a portal shows itself alike: all that an upgrade may change, other counters too.
pub(super) fn is_same(one: &Knowledge, other: &Knowledge) -> bool {
    const AXES: [Axis; 4] = [Axis::Rest, Axis::Web, Axis::Mobile, Axis::Desktop];
    let is_alike = |axis: &Axis| one.bounds(*axis) == other.bounds(*axis);
    one.levels() == other.levels() && AXES.iter().all(is_alike)
}

/// What is known after another answer, and whether that answer says all of it.
///
/// What contradicts the past replaces it; what does not, adds to it. What was seen
/// stands against what another answer merely implies.
pub(super) fn combined(before: &Knowledge, newer: &Knowledge) -> (Knowledge, bool) {
    match before.seen().intersect_observed(newer) {
        Ok(seen) => {
            let known = seen.inferred();
            (known, bounds(&known) == bounds(newer))
        }
        Err(_) => (*newer, true),
    }
}

/// Two pieces of knowledge as one, and since when: as old as the older, where the
/// newer does not say all of it. Where they differ, the portal has changed since the
/// older was learned.
pub(super) fn joined(
    (older, since): (&Knowledge, Observation),
    (newer, learned): (&Knowledge, Observation),
) -> (Knowledge, Option<Observation>) {
    let (known, whole) = combined(older, newer);
    let same_since = match is_same(older, newer) {
        true => since.same_since.min(learned.same_since),
        false => since.same_since.max(learned.same_since).max(since.at),
    };
    let at = if whole {
        learned.at
    } else {
        since.at.min(learned.at)
    };
    (known, Some(Observation { at, same_since }))
}

/// Whether one portal cannot but be older than the other.
pub(super) fn is_below(one: &Knowledge, other: &Knowledge) -> bool {
    one.bounds(Axis::Rest).1 < other.bounds(Axis::Rest).0 || one.levels().1 < other.levels().0
}
