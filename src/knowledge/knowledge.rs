//! Knowledge of one portal: intervals with the source of each end.

use super::generated::{IMBOT_V2_REST, REVISION_GET_REST};
use super::imbot_v2_presence::ImbotV2Presence;
use super::interval::Interval;
use super::provenance::Provenance;
use crate::revision::{Counter, Revision};

/// Knowledge of one portal.
///
/// The REST revision is an interval. The imbot.v2 API is present, absent or unknown. Each
/// has its [`Provenance`]. Another counter is known exactly or not at all.
///
/// Revision and API are separate facts. The revision comes from module `im`, the methods of
/// imbot.v2 come from module `imbot`, and a portal on premise updates each module by itself.
/// So a REST revision of 33 does not prove imbot.v2. An answer that `imbot.v2.Revision.get`
/// was not found proves an older module `imbot`, and bounds no revision.
///
/// ```
/// use imbot_caps::{Knowledge, Revisions};
///
/// let known = Knowledge::from_im_revision_get(&Revisions::rest_only(32));
/// assert_eq!((known.rest_at_least(), known.rest_at_most()), (32, Some(32)));
/// assert_eq!(known.imbot_v2(), None); // REST 32 exists with and without it
///
/// let both = known.intersect(&Knowledge::imbot_v2_absent())?;
/// assert_eq!(both.imbot_v2(), Some(false));
/// # Ok::<(), imbot_caps::knowledge::ContradictionError>(())
/// ```
///
/// With serde it can be stored. The stored form has the known ends, each with its source.
/// This form is stable. Reading rejects impossible knowledge: crossed ends, or an end
/// without its source.
///
/// ```
/// # use imbot_caps::{Knowledge, Revisions};
/// let known = Knowledge::from_im_revision_get(&Revisions::rest_only(33));
/// assert_eq!(
///     serde_json::to_string(&known)?,
///     r#"{"rest":{"least":33,"least_from":"im.revision.get","most":33,"most_from":"im.revision.get"}}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Knowledge {
    pub(super) rest: Interval<Revision>,
    pub(super) imbot: Interval<ImbotV2Presence>,
    /// web, mobile, desktop; [`NOT_REPORTED`] where unknown.
    pub(super) others: [Revision; 3],
}

pub(super) const NOT_REPORTED: Revision = Revision::MAX;
pub(super) const UNBOUNDED: Revision = Revision::MAX;

impl Knowledge {
    /// Nothing is known.
    #[must_use]
    pub const fn unknown() -> Self {
        Self {
            rest: Interval::open(0, UNBOUNDED),
            imbot: Interval::open(ImbotV2Presence::Absent, ImbotV2Presence::WithRevisionGet),
            others: [NOT_REPORTED; 3],
        }
    }

    /// The user sets exactly this REST revision.
    ///
    /// From 33, which introduced `imbot.v2.Revision.get`, imbot.v2 counts as present. Below
    /// 32 it counts as absent, since no build with imbot.v2 reported less. At 32 it is
    /// unknown: see [`with_imbot_v2`](Self::with_imbot_v2).
    #[must_use]
    pub fn pinned(rest: Revision) -> Self {
        let mut known = Self::unknown();
        known.rest = Interval::exact(rest, Provenance::Program);
        if rest >= REVISION_GET_REST {
            known.imbot = Interval::exact(ImbotV2Presence::WithRevisionGet, Provenance::Program);
        }
        known.inferred()
    }

    /// The same, but the user says that imbot.v2 is present.
    ///
    /// If the REST revision is at least 33, `imbot.v2.Revision.get` is present too. Below 33 it is
    /// absent.
    #[must_use]
    pub fn with_imbot_v2(self) -> Self {
        self.with_imbot_v2_presence(match self.rest.least >= REVISION_GET_REST {
            true => ImbotV2Presence::WithRevisionGet,
            false => ImbotV2Presence::WithoutRevisionGet,
        })
    }

    /// The same, but the user says that imbot.v2 is absent.
    #[must_use]
    pub fn without_imbot_v2(self) -> Self {
        self.with_imbot_v2_presence(ImbotV2Presence::Absent)
    }

    /// The same, but the user sets how much of imbot.v2 is present.
    #[must_use]
    pub fn with_imbot_v2_presence(mut self, presence: ImbotV2Presence) -> Self {
        self.imbot = Interval::exact(presence, Provenance::Program);
        self.inferred()
    }

    /// The same, but never above this REST revision, whatever the portal reports.
    ///
    /// The cap also bounds imbot.v2: if it is below the first revision with that API, the
    /// API counts as absent.
    #[must_use]
    pub fn capped(mut self, rest: Revision) -> Self {
        if self.rest.most > rest {
            self.rest.most = rest;
            self.rest.most_from = Provenance::Program;
        }
        if self.rest.least > rest {
            self.rest.least = rest;
            self.rest.least_from = Provenance::Program;
        }
        let level = match rest {
            _ if rest >= REVISION_GET_REST => ImbotV2Presence::WithRevisionGet,
            _ if rest >= IMBOT_V2_REST => ImbotV2Presence::WithoutRevisionGet,
            _ => ImbotV2Presence::Absent,
        };
        if self.imbot.most > level {
            self.imbot.most = level;
            self.imbot.most_from = Provenance::Program;
        }
        if self.imbot.least > level {
            self.imbot.least = level;
            self.imbot.least_from = Provenance::Program;
        }
        self
    }

    /// The observed ends alone, without the inferred ones.
    pub(crate) fn seen(&self) -> Self {
        let open = Self::unknown();
        Self {
            rest: self.rest.seen(open.rest),
            imbot: self.imbot.seen(open.imbot),
            others: self.others,
        }
    }

    /// The same with imbot.v2 unknown.
    pub(crate) fn forgetting_imbot_v2(mut self) -> Self {
        self.imbot = Self::unknown().imbot;
        self
    }

    /// The least REST revision the portal may have; 0 when nothing is known.
    #[must_use]
    pub fn rest_at_least(&self) -> Revision {
        self.rest.least
    }

    /// The greatest REST revision the portal may have; `None` when unbounded.
    #[must_use]
    pub fn rest_at_most(&self) -> Option<Revision> {
        (self.rest.most != UNBOUNDED).then_some(self.rest.most)
    }

    /// The REST revision, when it is known exactly.
    #[must_use]
    pub fn rest(&self) -> Option<Revision> {
        (self.rest.least == self.rest.most).then_some(self.rest.least)
    }

    /// How the REST revision is known.
    #[must_use]
    pub fn rest_provenance(&self) -> Provenance {
        self.rest.provenance()
    }

    /// Whether the portal has imbot.v2; `None` when that is not known.
    #[must_use]
    pub fn imbot_v2(&self) -> Option<bool> {
        self.has_level(ImbotV2Presence::WithoutRevisionGet)
    }

    /// Whether the portal has `imbot.v2.Revision.get`; `None` when that is not known.
    #[must_use]
    pub fn revision_get(&self) -> Option<bool> {
        self.has_level(ImbotV2Presence::WithRevisionGet)
    }

    /// How the presence of imbot.v2 is known.
    #[must_use]
    pub fn imbot_v2_provenance(&self) -> Provenance {
        self.imbot.provenance()
    }

    /// The value of a counter, when it is known exactly.
    #[must_use]
    pub fn get(&self, counter: Counter) -> Option<Revision> {
        let (least, most) = self.bounds(counter);
        (least == most).then_some(least)
    }

    fn has_level(&self, level: ImbotV2Presence) -> Option<bool> {
        if self.imbot.least >= level {
            Some(true)
        } else if self.imbot.most < level {
            Some(false)
        } else {
            None
        }
    }

    /// Inclusive bounds on a counter.
    #[inline]
    pub(crate) fn bounds(&self, counter: Counter) -> (Revision, Revision) {
        let [web, mobile, desktop] = self.others;
        let other = match counter {
            Counter::Rest => return (self.rest.least, self.rest.most),
            Counter::Web => web,
            Counter::Mobile => mobile,
            Counter::Desktop => desktop,
        };
        match other {
            NOT_REPORTED => (0, UNBOUNDED),
            value => (value, value),
        }
    }

    #[inline]
    pub(crate) fn levels(&self) -> (ImbotV2Presence, ImbotV2Presence) {
        (self.imbot.least, self.imbot.most)
    }

    /// Infers the API from the revision and the revision from the API, by the releases. An
    /// inference that contradicts an observation is left out.
    pub(crate) fn inferred(mut self) -> Self {
        let from = Provenance::Inferred;
        if self.rest.most < IMBOT_V2_REST && self.imbot.least == ImbotV2Presence::Absent {
            self.imbot.at_most(ImbotV2Presence::Absent, from);
        }
        if self.imbot.least > ImbotV2Presence::Absent && self.rest.most >= IMBOT_V2_REST {
            self.rest.at_least(IMBOT_V2_REST, from);
        }
        self
    }

    /// Assumes at least this revision and the API that comes with it. Known bounds stand.
    pub(crate) fn assuming_at_least(mut self, rest: Revision) -> Self {
        let rest = rest.min(self.rest.most);
        self.rest.at_least(rest, Provenance::Program);
        let level = if rest >= REVISION_GET_REST {
            ImbotV2Presence::WithRevisionGet
        } else {
            ImbotV2Presence::Absent
        };
        self.imbot
            .at_least(level.min(self.imbot.most), Provenance::Program);
        self.inferred()
    }

    /// Widens the REST revision to these ends, and drops the other counters. An end that
    /// bounds nothing has no source.
    pub(crate) fn widened(mut self, least: Revision, most: Option<Revision>) -> Self {
        // Ends that the user set stand: a program sets few of them.
        if self.rest.least_from != Provenance::Program {
            self.rest.least = least;
            if least == 0 {
                self.rest.least_from = Provenance::Nothing;
            }
        }
        if self.rest.most_from != Provenance::Program {
            self.rest.most = most.unwrap_or(UNBOUNDED);
            if most.is_none() {
                self.rest.most_from = Provenance::Nothing;
            }
        }
        self.others = [NOT_REPORTED; 3];
        self
    }

    pub(crate) fn bound_rest(mut self, least: Revision, most: Option<Revision>, from: Provenance) -> Self {
        self.rest.at_least(least, from);
        if let Some(most) = most {
            self.rest.at_most(most, from);
        }
        self
    }

    pub(crate) fn bound_imbot(
        mut self,
        least: ImbotV2Presence,
        most: ImbotV2Presence,
        from: Provenance,
    ) -> Self {
        self.imbot.at_least(least, from);
        self.imbot.at_most(most, from);
        self
    }
}

impl Default for Knowledge {
    fn default() -> Self {
        Self::unknown()
    }
}
