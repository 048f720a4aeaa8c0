//! What an upgrade can change of an answer.

use super::purpose::Purpose;
use crate::feature::{RevisionRange, Verdict};
use crate::knowledge::{IMBOT_V2_REST, REVISION_GET_REST};
use crate::knowledge::{ImbotGeneration, Knowledge};
use crate::revision::{Axis, Revision};

/// How time can change an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volatility {
    /// The portal was asked, and the answer is not known.
    Unknown,
    /// The next upgrade may change it.
    Upgradable,
    /// No upgrade changes it, only a restore from a backup.
    Stable,
}

impl Volatility {
    /// The volatility of the answer to one requirement.
    pub(crate) fn of(range: RevisionRange, known: &Knowledge, cap: Option<Revision>) -> Self {
        let beyond_cap = |revision| range.axis == Axis::Rest && cap.is_some_and(|cap| cap < revision);
        // The program's cap rules it out, whatever the portal becomes.
        if beyond_cap(range.since) {
            return Volatility::Stable;
        }
        let outgrown = range
            .until()
            .is_some_and(|until| known.bounds(range.axis).0 >= until);
        match range.decide(known) {
            Verdict::Open => Volatility::Unknown,
            Verdict::Met if range.until().is_none_or(beyond_cap) => Volatility::Stable,
            Verdict::Unmet if outgrown || range.is_empty() => Volatility::Stable,
            Verdict::Met | Verdict::Unmet => Volatility::Upgradable,
        }
    }

    /// The volatility of the answer to a question. `None` if the portal must be asked.
    pub(crate) fn of_purpose(
        purpose: Purpose,
        newest: Revision,
        known: &Knowledge,
        cap: Option<Revision>,
    ) -> Option<Self> {
        // Readers see the capped knowledge, too.
        let known = cap.map_or(*known, |cap| known.capped(cap));
        match purpose {
            Purpose::Again | Purpose::Refusal { .. } | Purpose::Harm => None,
            Purpose::All => Some(Volatility::of_all(newest, &known, cap)),
            Purpose::One(range) => Some(Volatility::of(range, &known, cap)),
        }
    }

    /// The volatility of the answers to all rows of a table. `newest` is the highest REST revision
    /// of its rows.
    pub(crate) fn of_all(newest: Revision, known: &Knowledge, cap: Option<Revision>) -> Self {
        let newest = cap.map_or(newest, |cap| cap.min(newest));
        let level = match newest {
            _ if newest >= REVISION_GET_REST => ImbotGeneration::WithRevisionGet,
            _ if newest >= IMBOT_V2_REST => ImbotGeneration::WithoutRevisionGet,
            _ => ImbotGeneration::Absent,
        };
        let ((rest, most), (least_level, most_level)) = (known.bounds(Axis::Rest), known.levels());
        if rest >= newest && least_level >= level {
            Volatility::Stable
        } else if rest == most && least_level == most_level {
            Volatility::Upgradable
        } else {
            Volatility::Unknown
        }
    }
}
