//! Knowledge read against a table, once for all portals of which it is known: each
//! answer is ready before anybody asks.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use super::{OnUnknown, Trust};
use crate::feature::{COUNT, Feature, FeatureSet, IMBOT_V2_REST, REVISION_GET_REST, RevisionRange, Verdict};
use crate::knowledge::Knowledge;
use crate::revision::{Axis, Revision};
use crate::share::{Account, may_have_more};
use crate::table::Table;
use crate::table::index::RowSet;

/// What is known of a portal, and what follows from it. Never changes.
#[derive(Debug)]
pub(super) struct Evaluation {
    /// The features that are supported, by the policy: what is asked most lies first.
    pub(super) supported: FeatureSet,
    pub(super) known: Knowledge,
    pub(super) policy: EvaluationPolicy,
    /// The rows that ask for nothing, whatever is called. Found out by the gate, when it
    /// first plans by this.
    pub(super) quiet: OnceLock<RowSet>,
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

    fn read(self, known: Knowledge) -> Evaluation {
        let ranges = Feature::all().zip(self.ranges());
        let supported = ranges.filter(|(_, gate)| self.supports(**gate, &known));
        Evaluation {
            supported: supported.map(|(feature, _)| feature).collect(),
            known,
            policy: self,
            quiet: OnceLock::new(),
        }
    }

    /// The same, as far as the table tells portals apart by REST and imbot.v2: no answer
    /// of a row on these changes, and there are few such.
    fn coarse(&self, known: &Knowledge) -> Knowledge {
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

    fn key(&self) -> LensKey {
        (
            std::ptr::from_ref(self.table).addr(),
            self.trust,
            self.on_unknown,
            self.ceiling,
        )
    }
}

/// A table by where it is: it stays there.
type LensKey = (usize, Trust, OnUnknown, Option<Revision>);

/// All readings of the process.
static READINGS: LazyLock<Readings> = LazyLock::new(|| Readings::new(16_384));

/// A portal may add one more while more than 128 times as many as it has added are left: 128
/// at most.
const PORTAL_PART: usize = 128;

/// The same of a site: 497 at most.
const SITE_PART: usize = 32;

/// The same of the program, whoever gave it what it knows: half of them at most.
const PROGRAM_PART: usize = 1;

impl Evaluation {
    /// The evaluation of this knowledge, made at the first call for it. A new one counts against the
    /// share of the portal that reported it; without an account, against the program's.
    pub(super) fn of(
        known: &Knowledge,
        policy: EvaluationPolicy,
        account: Option<&dyn Fn() -> Account>,
    ) -> &'static Evaluation {
        READINGS.get(known, policy, account)
    }
}

struct Readings {
    made: RwLock<Made>,
    /// How many are made of exactly what is known: they are never given back.
    exact: usize,
}

#[derive(Default)]
struct Made {
    readings: HashMap<(Knowledge, LensKey), &'static Evaluation>,
    /// How many of them are of exactly what is known.
    exact: usize,
    /// Those that no portal brought about.
    of_program: usize,
    of_sites: HashMap<Box<str>, OfSite>,
}

/// How many a site has brought about, and each of its portals.
#[derive(Default)]
struct OfSite {
    all: usize,
    portals: HashMap<Box<str>, usize>,
}

impl Readings {
    fn new(exact: usize) -> Self {
        Self {
            made: RwLock::default(),
            exact,
        }
    }

    fn get(
        &self,
        known: &Knowledge,
        policy: EvaluationPolicy,
        account: Option<&dyn Fn() -> Account>,
    ) -> &'static Evaluation {
        let key = (*known, policy.key());
        if let Some(evaluation) = self.find(&key) {
            return evaluation;
        }
        let account = account.map(|account| account());
        let is_within = self.made().may_grow(account.as_ref(), self.exact);
        if is_within && let Some(evaluation) = self.insert(key, policy, account.as_ref()) {
            return evaluation;
        }
        let key = (policy.coarse(known), key.1);
        // There are few coarse states, and soon all of them exist.
        self.find(&key).unwrap_or_else(|| {
            let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
            made.evaluation(key, policy)
        })
    }

    fn find(&self, key: &(Knowledge, LensKey)) -> Option<&'static Evaluation> {
        self.made().readings.get(key).copied()
    }

    fn made(&self) -> RwLockReadGuard<'_, Made> {
        self.made.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a evaluation of exactly what is known, where there is room for it.
    fn insert(
        &self,
        key: (Knowledge, LensKey),
        policy: EvaluationPolicy,
        account: Option<&Account>,
    ) -> Option<&'static Evaluation> {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if !made.readings.contains_key(&key) {
            // Others may have made some since.
            if !made.may_grow(account, self.exact) {
                return None;
            }
            made.count(account);
        }
        Some(made.evaluation(key, policy))
    }
}

impl Made {
    fn may_grow(&self, account: Option<&Account>, room: usize) -> bool {
        let left = room.saturating_sub(self.exact);
        let Some(account) = account else {
            return may_have_more(self.of_program, left, PROGRAM_PART);
        };
        let site = self.of_sites.get(account.site());
        let portal = site.and_then(|site| site.portals.get(account.portal()));
        // Emulators are of one host, and the program's own.
        let site_part = if account.is_local() {
            PROGRAM_PART
        } else {
            SITE_PART
        };
        may_have_more(site.map_or(0, |site| site.all), left, site_part)
            && may_have_more(portal.copied().unwrap_or_default(), left, PORTAL_PART)
    }

    fn count(&mut self, account: Option<&Account>) {
        self.exact += 1;
        let Some(account) = account else {
            self.of_program += 1;
            return;
        };
        let site = self.of_sites.entry(account.site().into()).or_default();
        site.all += 1;
        *site.portals.entry(account.portal().into()).or_default() += 1;
    }

    fn evaluation(&mut self, key: (Knowledge, LensKey), policy: EvaluationPolicy) -> &'static Evaluation {
        let readings = &mut self.readings;
        readings
            .entry(key)
            .or_insert_with(|| Box::leak(Box::new(policy.read(key.0))))
    }
}

#[cfg(test)]
mod tests;
