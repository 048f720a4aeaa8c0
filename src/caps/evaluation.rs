//! Knowledge evaluated by a policy, once for all portals with the same knowledge. Each
//! answer is computed in advance.

use std::sync::OnceLock;

use super::policy::EvaluationPolicy;
use crate::feature::{Feature, FeatureSet};
use crate::knowledge::Knowledge;
use crate::table::index::RowSet;

/// Knowledge of a portal, and the answers that follow from it. Immutable.
#[derive(Debug)]
pub(super) struct Evaluation {
    /// The supported features. First, since most questions read this field alone.
    pub(super) supported: FeatureSet,
    pub(super) known: Knowledge,
    pub(super) policy: EvaluationPolicy,
    /// The inert rows: they change no call. The gate computes them for its first plan with
    /// this evaluation.
    pub(super) inert_rows: OnceLock<RowSet>,
}

impl Evaluation {
    /// Evaluates knowledge by a policy.
    pub(super) fn new(known: Knowledge, policy: EvaluationPolicy) -> Self {
        let ranges = Feature::all().zip(policy.ranges());
        let supported = ranges.filter(|(_, range)| policy.supports(**range, &known));
        Self {
            supported: supported.map(|(feature, _)| feature).collect(),
            known,
            policy,
            inert_rows: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests;
