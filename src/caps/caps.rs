//! Caps as a value: a pointer to an evaluation, and the constructors.

use std::fmt;
use std::sync::LazyLock;

use super::evaluation::Evaluation;
use super::policy::{EvaluationPolicy, OnUnknown};
use crate::fair_share::Account;
use crate::feature::{Feature, FeatureSet, Requirement, RevisionRange};
use crate::knowledge::Knowledge;
use crate::revision::Revision;
use crate::table::index::RowSet;
use crate::table::{RevisionBasis, Row, Table};

/// A snapshot of one portal's capabilities: `Copy`, immutable, without I/O.
///
/// A handler takes one snapshot and gets consistent answers, also during a refresh. Each
/// question is answered from memory: no lock, no clock, no panic.
///
/// # Size and cost
///
/// Caps are one pointer to an evaluation. Portals with the same knowledge share one
/// evaluation, and the process keeps it for its whole life. It has about 200 bytes. There is
/// one for each state of a portal and each policy (table, trust, unknown answers), whatever
/// the number of portals. An evaluation has one bit for each [`Feature`], so
/// [`supports`](Self::supports) is a load and a bit test. A [`Requirement`] is compared with
/// the knowledge. Making caps, here or with another policy, takes a lock to look up the
/// evaluation: make them once, not for each question.
///
/// The process has room for 16,384 evaluations, and frees none. A portal that reports random
/// numbers uses up its own share alone. One portal adds 128 new states at most, the portals of
/// one site add 497, and the program itself adds half of the room. Each share shrinks with the
/// room that is left. A state that exists already counts against no share.
///
/// Beyond its share, a portal's new states are kept less exactly: the REST revision as an
/// interval between two edges of the table, and the other counters as not reported. Values
/// that the user set stand, and every row on REST or imbot.v2 has the same answer. These may
/// become "unknown": rows on other counters, a requirement of your own between two edges, and
/// rows of a table that you give to such caps later.
///
/// # Three answers
///
/// A portal has a feature, lacks it, or the answer is unknown: the portal was never asked, or
/// gave half an answer. [`check`](Self::check) returns one of the three.
/// [`supports`](Self::supports) returns a bool: an unknown answer counts as `false`, unless
/// [`on_unknown`](Self::on_unknown) sets another policy.
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
    /// Evaluates knowledge by the built-in table.
    #[must_use]
    pub fn new(known: Knowledge) -> Self {
        Self(Evaluation::of(&known, EvaluationPolicy::builtin(), None))
    }

    /// A portal at exactly this REST revision, for tests and pins. [`Knowledge::pinned`] says
    /// when imbot.v2 is implied.
    #[must_use]
    pub fn at(rest: Revision) -> Self {
        Self::new(Knowledge::pinned(rest))
    }

    /// A portal without any knowledge.
    #[must_use]
    pub fn unknown() -> Self {
        static UNKNOWN: LazyLock<Caps> = LazyLock::new(|| Caps::new(Knowledge::unknown()));
        *UNKNOWN
    }

    /// Evaluates a portal's knowledge by the built-in table. A new state counts against the
    /// portal's share.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn of_portal(known: &Knowledge, account: &dyn Fn() -> Account) -> Self {
        Self(Evaluation::of(known, EvaluationPolicy::builtin(), Some(account)))
    }

    /// Evaluates other knowledge by the same policy, below the same ceiling. A new state
    /// counts against the portal's share.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn knowing(self, known: &Knowledge, account: &dyn Fn() -> Account) -> Self {
        Self(Evaluation::of(
            &self.0.policy.view(known),
            self.0.policy,
            Some(account),
        ))
    }

    /// The same, with a ceiling: no portal counts as newer than this REST revision.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn below(self, ceiling: Revision) -> Self {
        let policy = EvaluationPolicy {
            ceiling: Some(ceiling),
            ..self.0.policy
        };
        Self(Evaluation::of(&policy.view(&self.0.known), policy, None))
    }

    /// Whether this knowledge gives the same caps by the same policy.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the registry's"))]
    pub(crate) fn knows(&self, known: &Knowledge) -> bool {
        self.0.known == self.0.policy.view(known)
    }

    fn seen_by(self, policy: EvaluationPolicy) -> Self {
        Self(Evaluation::of(&self.0.known, policy, None))
    }

    /// The same, but imbot.v2 is present, whatever the revision implies.
    #[must_use]
    pub fn with_imbot_v2(self) -> Self {
        let known = self.0.known.with_imbot_v2();
        Self(Evaluation::of(&known, self.0.policy, None))
    }

    /// The same, but imbot.v2 is absent, whatever the revision implies.
    #[must_use]
    pub fn without_imbot_v2(self) -> Self {
        let known = self.0.known.without_imbot_v2();
        Self(Evaluation::of(&known, self.0.policy, None))
    }

    /// The same, never above this REST revision.
    #[must_use]
    pub fn capped(self, rest: Revision) -> Self {
        Self(Evaluation::of(&self.0.known.capped(rest), self.0.policy, None))
    }

    /// The same knowledge, evaluated by another table.
    #[must_use]
    pub fn with_table(self, table: &'static Table) -> Self {
        self.seen_by(EvaluationPolicy {
            table,
            ..self.0.policy
        })
    }

    /// The same, but all rows are decided by this basis: their documented or their observed first revision.
    #[must_use]
    pub fn with_revision_basis(self, revision_basis: RevisionBasis) -> Self {
        self.seen_by(EvaluationPolicy {
            revision_basis,
            ..self.0.policy
        })
    }

    /// The same, with another policy for unknown answers.
    #[must_use]
    pub fn on_unknown(self, policy: OnUnknown) -> Self {
        self.seen_by(EvaluationPolicy {
            on_unknown: policy,
            ..self.0.policy
        })
    }

    /// The highest REST revision at which a row of the table begins or ends. Rows of
    /// overlays count.
    pub(crate) fn newest(&self) -> Revision {
        self.0.policy.edges().max().unwrap_or_default()
    }

    /// The ceiling of a registry: see [`below`](Self::below).
    pub(crate) fn ceiling(&self) -> Option<Revision> {
        self.0.policy.ceiling
    }

    /// The knowledge of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.0.known
    }

    /// The table of these caps.
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

    /// Whether the portal meets this range, by the policy for unknown answers.
    #[inline]
    pub(crate) fn meets(&self, range: RevisionRange) -> bool {
        self.0.policy.supports(range, &self.0.known)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "one range for each variant: the array's length is the number of variants"
    )]
    pub(crate) fn range_of(&self, feature: Feature) -> RevisionRange {
        self.0.policy.ranges()[feature.index()]
    }

    /// The range of the row with this number. Rows of overlays have numbers too.
    pub(crate) fn range_at(&self, row: usize) -> Option<RevisionRange> {
        self.0.policy.range_at(row)
    }

    pub(super) fn revision_basis(&self) -> RevisionBasis {
        self.0.policy.revision_basis
    }

    pub(super) fn policy_for_unknown(&self) -> OnUnknown {
        self.0.policy.on_unknown
    }

    /// Whether an unknown answer counts as "yes".
    pub(crate) fn tries_the_unknown(&self) -> bool {
        self.0.policy.on_unknown == OnUnknown::Allow
    }

    /// The inert rows: they change no call. `find` computes them at the first use.
    pub(crate) fn inert_rows(&self, find: impl FnOnce() -> RowSet) -> &'static RowSet {
        self.0.inert_rows.get_or_init(find)
    }

    /// The requirement of a row, by these caps' trust.
    #[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the gate's"))]
    pub(crate) fn requirement_of(&self, row: &'static Row) -> Option<Requirement> {
        let number = self.table().rows.iter().position(|own| own.id == row.id)?;
        Some(self.range_at(number)?.named(row.id()))
    }
}

/// Caps are equal if they have the same knowledge, the same table in memory and the same policy: they
/// share one evaluation.
impl PartialEq for Caps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Caps {}

impl fmt::Debug for Caps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caps")
            .field("known", &self.0.known)
            .field("table", &format_args!("{}", self.table().version()))
            .field("revision_basis", &self.0.policy.revision_basis)
            .field("on_unknown", &self.0.policy.on_unknown)
            .finish()
    }
}
