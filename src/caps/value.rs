//! Caps: a pointer to an evaluation, and the ways to make one.

use std::fmt;
use std::sync::LazyLock;

use super::evaluation::Evaluation;
use super::policy::{EvaluationPolicy, OnUnknown};
use crate::feature::{Feature, FeatureSet, Requirement, RevisionRange};
use crate::knowledge::Knowledge;
use crate::revision::Revision;
use crate::share::Account;
use crate::table::index::RowSet;
use crate::table::{Row, Table, Trust};

/// A snapshot of what one portal can do: `Copy`, immutable, free of I/O.
///
/// One handler takes one snapshot and sees one truth, while a refresh may land
/// elsewhere. Every question is answered from memory, takes no lock, reads no clock
/// and does not panic.
///
/// # Size and cost
///
/// Caps are one pointer. Portals of which the same is known share what it points to,
/// which is kept for the life of the process: about 200 bytes for each state that a
/// portal was seen in, and for each way to read it (table, trust, policy), whatever
/// the number of portals. It has the answer of each [`Feature`] ready as one bit, so
/// [`supports`](Self::supports) is a load and a bit test; a [`Requirement`] is compared
/// with what is known. Making caps, here or with another policy, looks that up in a
/// table behind a lock: make them once, not for each question.
///
/// The process has room for 16,384 of these, and none is given back. Portals that report
/// random numbers use up their own share alone: one portal adds 128 new states at most, the
/// portals of one site 497, and the program itself half of the room; each fewer when less is
/// left. A state that exists already counts against no share. Beyond its share, new states of
/// a portal are seen less exactly: the REST revision as an interval between two edges of the
/// table, other counters as not reported. What the user has said stands, and every row on REST
/// or imbot.v2 is answered as before. Rows on other counters, a requirement of your own between
/// two edges, and rows of a table that such caps are given later may become "not known".
///
/// # Three answers
///
/// A portal has a feature, has it not, or that is not known: it was never asked,
/// or gave half an answer. [`check`](Self::check) tells the three apart.
/// [`supports`](Self::supports) folds them to a bool, and then what is not known
/// counts as `false`, unless [`on_unknown`](Self::on_unknown) says otherwise.
///
/// ```
/// use imbot_caps::{Caps, Feature, OnUnknown, Support};
///
/// let caps = Caps::unknown();
/// assert!(matches!(caps.check(Feature::SystemMessage), Support::Unknown(_)));
/// assert!(!caps.supports(Feature::SystemMessage));
/// assert!(caps.on_unknown(OnUnknown::Allow).supports(Feature::SystemMessage));
/// ```
#[derive(Clone, Copy)]
pub struct Caps(&'static Evaluation);

const _: () = assert!(size_of::<Caps>() == size_of::<usize>());

impl Caps {
    /// What this knowledge means by the built-in table.
    #[must_use]
    pub fn new(known: Knowledge) -> Self {
        Self(Evaluation::of(&known, EvaluationPolicy::builtin(), None))
    }

    /// A portal at exactly this REST revision, for tests and pins; see
    /// [`Knowledge::pinned`] for what it implies of imbot.v2.
    #[must_use]
    pub fn at(rest: Revision) -> Self {
        Self::new(Knowledge::pinned(rest))
    }

    /// A portal of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        static UNKNOWN: LazyLock<Caps> = LazyLock::new(|| Caps::new(Knowledge::unknown()));
        *UNKNOWN
    }

    /// What a portal's knowledge means by the built-in table. If nobody knew as much yet,
    /// it counts against that portal's share.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn of_portal(known: &Knowledge, account: &dyn Fn() -> Account) -> Self {
        Self(Evaluation::of(known, EvaluationPolicy::builtin(), Some(account)))
    }

    /// The same evaluation of what a portal is known to have, below the same ceiling. If
    /// nobody knew as much yet, it counts against that portal's share.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn knowing(self, known: &Knowledge, account: &dyn Fn() -> Account) -> Self {
        Self(Evaluation::of(
            &self.0.policy.view(known),
            self.0.policy,
            Some(account),
        ))
    }

    /// The same, with a ceiling for all that is read so: no REST revision above it.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn below(self, ceiling: Revision) -> Self {
        let policy = EvaluationPolicy {
            ceiling: Some(ceiling),
            ..self.0.policy
        };
        Self(Evaluation::of(&policy.view(&self.0.known), policy, None))
    }

    /// Whether both are one evaluation.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    /// Whether this is what these caps would know by that.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn knows(&self, known: &Knowledge) -> bool {
        self.0.known == self.0.policy.view(known)
    }

    fn seen_by(self, policy: EvaluationPolicy) -> Self {
        Self(Evaluation::of(&self.0.known, policy, None))
    }

    /// The same, with imbot.v2 or without, whatever the revision implies.
    #[must_use]
    pub fn with_imbot_v2(self, there: bool) -> Self {
        Self(Evaluation::of(
            &self.0.known.with_imbot_v2(there),
            self.0.policy,
            None,
        ))
    }

    /// The same, never above this REST revision.
    #[must_use]
    pub fn capped(self, rest: Revision) -> Self {
        Self(Evaluation::of(&self.0.known.capped(rest), self.0.policy, None))
    }

    /// The same knowledge, read against another table.
    #[must_use]
    pub fn with_table(self, table: &'static Table) -> Self {
        self.seen_by(EvaluationPolicy {
            table,
            ..self.0.policy
        })
    }

    /// The same, believing another lower bound.
    #[must_use]
    pub fn with_trust(self, trust: Trust) -> Self {
        self.seen_by(EvaluationPolicy {
            trust,
            ..self.0.policy
        })
    }

    /// The same, with another policy for what is not known.
    #[must_use]
    pub fn on_unknown(self, policy: OnUnknown) -> Self {
        self.seen_by(EvaluationPolicy {
            on_unknown: policy,
            ..self.0.policy
        })
    }

    /// The highest REST revision that brings or takes away something of the table,
    /// in rows of overlays too.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn newest(&self) -> Revision {
        self.0.policy.edges().max().unwrap_or_default()
    }

    /// What is known of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.0.known
    }

    /// The table these caps are read against.
    #[must_use]
    pub fn table(&self) -> &'static Table {
        self.0.policy.table
    }

    /// The features that [`supports`](Self::supports) is true for.
    #[inline]
    #[must_use]
    pub fn features(&self) -> FeatureSet {
        self.0.supported
    }

    /// Whether the feature is supported.
    #[inline]
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.0.supported.contains(feature)
    }

    /// Whether what meets this gate is there, by the policy for what is not known.
    #[inline]
    pub(crate) fn meets(&self, gate: RevisionRange) -> bool {
        self.0.policy.supports(gate, &self.0.known)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "one gate for each variant: the array's length is the number of variants"
    )]
    pub(crate) fn gate_of(&self, feature: Feature) -> RevisionRange {
        self.0.policy.ranges()[feature.index()]
    }

    /// The gate of the row with this number, among those of overlays too.
    pub(crate) fn gate_at(&self, row: usize) -> Option<RevisionRange> {
        self.0.policy.gate_at(row)
    }

    /// Whether what is not known counts as there, without a reason.
    pub(crate) fn tries_the_unknown(&self) -> bool {
        self.0.policy.on_unknown == OnUnknown::Allow
    }

    /// The rows that ask for nothing of any call: what `find` finds the first time.
    pub(crate) fn quiet(&self, find: impl FnOnce() -> RowSet) -> &'static RowSet {
        self.0.quiet.get_or_init(find)
    }

    /// What a row of these caps' table requires, as they read it.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the gate's"))]
    pub(crate) fn requirement_of(&self, row: &'static Row) -> Option<Requirement> {
        let number = self.table().rows.iter().position(|own| own.id == row.id)?;
        Some(self.gate_at(number)?.named(row.id()))
    }
}

impl fmt::Debug for Caps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caps")
            .field("known", &self.0.known)
            .field("table", &format_args!("{}", self.table().version()))
            .field("trust", &self.0.policy.trust)
            .field("on_unknown", &self.0.policy.on_unknown)
            .finish()
    }
}
