//! Merges two pieces of knowledge about one portal.

use crate::freshness::Observation;
use crate::knowledge::{ImbotV2Presence, Knowledge};
use crate::revision::{Counter, Revision};

/// The bounds that decide features, without their sources.
pub(super) fn bounds(known: &Knowledge) -> ((Revision, Revision), (ImbotV2Presence, ImbotV2Presence)) {
    (known.bounds(Counter::Rest), known.levels())
}

/// Whether both have the same bounds of everything that an upgrade may change. Other counters count,
/// too.
pub(super) fn is_same(one: &Knowledge, other: &Knowledge) -> bool {
    const COUNTERS: [Counter; 4] = [Counter::Rest, Counter::Web, Counter::Mobile, Counter::Desktop];
    let is_alike = |counter: &Counter| one.bounds(*counter) == other.bounds(*counter);
    one.levels() == other.levels() && COUNTERS.iter().all(is_alike)
}

/// The knowledge after another answer, and whether that answer alone says all of it.
///
/// An answer that contradicts the earlier knowledge replaces it. Otherwise the answer adds to it.
/// An observed bound wins over a bound that another answer only implies.
pub(super) fn combined(before: &Knowledge, newer: &Knowledge) -> (Knowledge, bool) {
    match before.seen().intersect_observed(newer) {
        Ok(seen) => {
            let known = seen.inferred();
            (known, bounds(&known) == bounds(newer))
        }
        Err(_) => (*newer, true),
    }
}

/// Two pieces of knowledge as one, and its times. If the newer one does not say all of it, the
/// result is as old as the older one. If they differ, the portal has changed in between.
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

/// Whether `one` is certainly older: its revisions or its generations lie below the other's.
pub(super) fn is_below(one: &Knowledge, other: &Knowledge) -> bool {
    one.bounds(Counter::Rest).1 < other.bounds(Counter::Rest).0 || one.levels().1 < other.levels().0
}
