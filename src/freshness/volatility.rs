//! [`Volatility`]: what an upgrade can change of an answer.

#[cfg(feature = "registry")]
use super::purpose::Purpose;
use crate::caps::{Capability, Caps};
use crate::feature::{RevisionRange, Verdict};
use crate::knowledge::{IMBOT_V2_REST, REVISION_GET_REST};
use crate::knowledge::{ImbotV2Presence, Knowledge};
use crate::revision::{Counter, Revision};

/// How time can change an answer. The order is that of the lifetimes by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Volatility {
    /// The portal was asked, and the answer is not known.
    Unknown,
    /// The next upgrade may change it.
    Upgradable,
    /// No upgrade changes it, only a restore from a backup.
    Stable,
}

impl Volatility {
    /// The volatility of these caps' answer to one question.
    #[must_use]
    pub fn of(caps: &Caps, what: impl Capability) -> Self {
        Self::of_range(what.requirement_in(caps).range, caps.knowledge(), caps.ceiling())
    }

    /// The volatility of these caps' answers to all rows of their table: that of the least stable one.
    #[must_use]
    pub fn of_all(caps: &Caps) -> Self {
        Self::of_newest(caps.newest(), caps.knowledge(), caps.ceiling())
    }

    /// The volatility of the answer to one requirement.
    pub(crate) fn of_range(range: RevisionRange, known: &Knowledge, cap: Option<Revision>) -> Self {
        let beyond_cap = |revision| range.counter == Counter::Rest && cap.is_some_and(|cap| cap < revision);
        // The program's cap rules it out, whatever the portal becomes.
        if beyond_cap(range.since) {
            return Volatility::Stable;
        }
        let outgrown = range
            .until()
            .is_some_and(|until| known.bounds(range.counter).0 >= until);
        match range.decide(known) {
            Verdict::Open => Volatility::Unknown,
            Verdict::Met if range.until().is_none_or(beyond_cap) => Volatility::Stable,
            Verdict::Unmet if outgrown || range.is_empty() => Volatility::Stable,
            Verdict::Met | Verdict::Unmet => Volatility::Upgradable,
        }
    }

    /// The volatility of the answer to a question. `None` if the portal must be asked.
    #[cfg(feature = "registry")]
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
            Purpose::All => Some(Volatility::of_newest(newest, &known, cap)),
            Purpose::One(range) => Some(Volatility::of_range(range, &known, cap)),
        }
    }

    /// The volatility of the answers to all rows of a table. `newest` is the highest REST revision
    /// of its rows.
    pub(crate) fn of_newest(newest: Revision, known: &Knowledge, cap: Option<Revision>) -> Self {
        let newest = cap.map_or(newest, |cap| cap.min(newest));
        let level = match newest {
            _ if newest >= REVISION_GET_REST => ImbotV2Presence::WithRevisionGet,
            _ if newest >= IMBOT_V2_REST => ImbotV2Presence::WithoutRevisionGet,
            _ => ImbotV2Presence::Absent,
        };
        let ((rest, most), (least_level, most_level)) = (known.bounds(Counter::Rest), known.levels());
        if rest >= newest && least_level >= level {
            Volatility::Stable
        } else if rest == most && least_level == most_level {
            Volatility::Upgradable
        } else {
            Volatility::Unknown
        }
    }
}
