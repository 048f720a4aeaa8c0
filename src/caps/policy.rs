//! How knowledge is read against a table.

use crate::feature::{COUNT, RevisionRange, Verdict};
use crate::knowledge::{IMBOT_V2_REST, Knowledge, REVISION_GET_REST};
use crate::revision::{Axis, Revision};
use crate::table::{Table, Trust};

/// What [`Caps::supports`](crate::Caps::supports) and the choices make of "not known".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnUnknown {
    /// As "no": take the fallback.
    #[default]
    Deny,
    /// As "yes": try it.
    Allow,
    /// As if the portal had at least this REST revision, and what comes with it:
    /// for a fleet whose floor the operator knows. What *is* known stands.
    AssumeAtLeast(Revision),
}

/// How knowledge is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct EvaluationPolicy {
    pub(super) table: &'static Table,
    pub(super) trust: Trust,
    pub(super) on_unknown: OnUnknown,
    /// No portal is taken for newer than this.
    pub(super) ceiling: Option<Revision>,
}

impl EvaluationPolicy {
    pub(super) fn builtin() -> Self {
        Self {
            table: Table::builtin(),
            trust: Trust::default(),
            on_unknown: OnUnknown::default(),
            ceiling: None,
        }
    }

    /// What a portal counts as, of which this is known.
    pub(super) fn view(&self, known: &Knowledge) -> Knowledge {
        match self.ceiling {
            Some(ceiling) => known.capped(ceiling),
            None => *known,
        }
    }

    /// The gate of each feature.
    pub(super) fn ranges(&self) -> &'static [RevisionRange; COUNT] {
        self.table.ranges(self.trust)
    }

    /// The gate of the row with this number, among those of overlays too.
    pub(super) fn gate_at(&self, row: usize) -> Option<RevisionRange> {
        match self.ranges().get(row) {
            Some(gate) => Some(*gate),
            None => self.table.rows.get(row).map(|row| match self.trust {
                Trust::Documented => row.gate,
                Trust::Observed => row.observed_range(),
            }),
        }
    }

    fn believing(self, trust: Trust) -> Self {
        Self { trust, ..self }
    }

    /// The REST revisions from which on something is there, or is not any more.
    pub(super) fn edges(self) -> impl Iterator<Item = Revision> {
        let ranges = (0..self.table.rows.len()).filter_map(move |row| self.gate_at(row));
        let rest = ranges.filter(|gate| gate.axis == Axis::Rest);
        rest.flat_map(|gate| [Some(gate.since), gate.until()]).flatten()
    }

    /// Whether a portal of which this is known meets it, by the policy for what is
    /// not known.
    #[inline]
    pub(super) fn supports(&self, gate: RevisionRange, known: &Knowledge) -> bool {
        match gate.decide(known) {
            Verdict::Met => true,
            Verdict::Unmet => false,
            Verdict::Open => self.assumes(gate, known),
        }
    }

    #[cold]
    fn assumes(&self, gate: RevisionRange, known: &Knowledge) -> bool {
        match self.on_unknown {
            OnUnknown::Deny => false,
            OnUnknown::Allow => true,
            OnUnknown::AssumeAtLeast(rest) => gate.decide(&known.assuming_at_least(rest)) == Verdict::Met,
        }
    }

    /// The same, as far as the table tells portals apart by REST and imbot.v2: no answer
    /// of a row on these changes, and there are few such.
    pub(super) fn coarse(&self, known: &Knowledge) -> Knowledge {
        // Whoever believes other bounds reads it as well, and generations of imbot.v2 are
        // inferred from revisions.
        let edges = || {
            let (documented, observed) = (self.believing(Trust::Documented), self.believing(Trust::Observed));
            let both = documented.edges().chain(observed.edges());
            both.chain([IMBOT_V2_REST, REVISION_GET_REST])
        };
        let (least, most) = known.bounds(Axis::Rest);
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
            self.trust,
            self.on_unknown,
            self.ceiling,
        )
    }
}

/// A table by where it is: it stays there.
pub(super) type PolicyKey = (usize, Trust, OnUnknown, Option<Revision>);
