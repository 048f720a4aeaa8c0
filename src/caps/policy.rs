//! The policy by which knowledge is evaluated.

use serde::Serialize;

use crate::feature::{COUNT, RevisionRange, Verdict};
use crate::knowledge::{IMBOT_V2_REST, Knowledge, REVISION_GET_REST};
use crate::revision::{Counter, Revision};
use crate::table::{RevisionBasis, Table};

/// How [`Caps::supports`](crate::Caps::supports) and the choices treat an unknown answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OnUnknown {
    /// As "no": the fallback is used.
    #[default]
    Deny,
    /// As "yes": the feature is tried.
    Allow,
    /// As if the portal had at least this REST revision and the API that comes with it: for
    /// a fleet whose lowest revision the operator knows. Known bounds stand.
    AssumeAtLeast(Revision),
}

/// The table, and how to decide by it.
#[derive(Clone, Copy, Debug)]
pub(super) struct EvaluationPolicy {
    pub(super) table: &'static Table,
    pub(super) revision_basis: RevisionBasis,
    pub(super) on_unknown: OnUnknown,
    /// No portal counts as newer than this.
    pub(super) ceiling: Option<Revision>,
}

impl EvaluationPolicy {
    pub(super) fn builtin() -> Self {
        Self {
            table: Table::builtin(),
            revision_basis: RevisionBasis::default(),
            on_unknown: OnUnknown::default(),
            ceiling: None,
        }
    }

    /// The knowledge below the ceiling.
    pub(super) fn view(&self, known: &Knowledge) -> Knowledge {
        match self.ceiling {
            Some(ceiling) => known.capped(ceiling),
            None => *known,
        }
    }

    /// The range of each feature.
    pub(super) fn ranges(&self) -> &'static [RevisionRange; COUNT] {
        self.table.ranges(self.revision_basis)
    }

    /// The range of the row with this number. Rows of overlays have numbers too.
    pub(super) fn range_at(&self, row: usize) -> Option<RevisionRange> {
        match self.ranges().get(row) {
            Some(range) => Some(*range),
            None => self.table.rows.get(row).map(|row| match self.revision_basis {
                RevisionBasis::Documented => row.range,
                RevisionBasis::Observed => row.observed_range(),
            }),
        }
    }

    fn on_basis(self, revision_basis: RevisionBasis) -> Self {
        Self {
            revision_basis,
            ..self
        }
    }

    /// The REST revisions at which a row begins or ends.
    pub(super) fn edges(self) -> impl Iterator<Item = Revision> {
        let ranges = (0..self.table.rows.len()).filter_map(move |row| self.range_at(row));
        let rest = ranges.filter(|range| range.counter == Counter::Rest);
        rest.flat_map(|range| [Some(range.since), range.until()])
            .flatten()
    }

    /// Whether a portal with this knowledge meets the range. The policy decides unknown
    /// answers.
    #[inline]
    pub(super) fn supports(&self, range: RevisionRange, known: &Knowledge) -> bool {
        match range.decide(known) {
            Verdict::Met => true,
            Verdict::Unmet => false,
            Verdict::Open => self.assumes(range, known),
        }
    }

    #[cold]
    fn assumes(&self, range: RevisionRange, known: &Knowledge) -> bool {
        match self.on_unknown {
            OnUnknown::Deny => false,
            OnUnknown::Allow => true,
            OnUnknown::AssumeAtLeast(rest) => range.decide(&known.assuming_at_least(rest)) == Verdict::Met,
        }
    }

    /// Widens knowledge to the nearest edges of the table. Rows on REST and imbot.v2 keep
    /// their answers. There are few such states.
    pub(super) fn coarse(&self, known: &Knowledge) -> Knowledge {
        // `Caps::with_revision_basis` evaluates the widened state by the other bounds, so their edges
        // count too. So do the two revisions from which imbot.v2 is inferred.
        let edges = || {
            let (documented, observed) = (
                self.on_basis(RevisionBasis::Documented),
                self.on_basis(RevisionBasis::Observed),
            );
            let both = documented.edges().chain(observed.edges());
            both.chain([IMBOT_V2_REST, REVISION_GET_REST])
        };
        let (least, most) = known.bounds(Counter::Rest);
        let least = edges().filter(|edge| *edge <= least).max();
        let beyond = edges().filter(|edge| *edge > most).min();
        known.widened(
            least.unwrap_or_default(),
            beyond.map(|edge| edge.saturating_sub(1)),
        )
    }

    pub(super) fn key(&self) -> PolicyKey {
        (
            std::ptr::from_ref(self.table).addr(),
            self.revision_basis,
            self.on_unknown,
            self.ceiling,
        )
    }
}

/// A policy as a key. The address stands for the table, which is never moved or freed.
pub(super) type PolicyKey = (usize, RevisionBasis, OnUnknown, Option<Revision>);
