//! Knowledge read against a table, once for all portals of which it is known: each
//! answer is ready before anybody asks.

use std::sync::OnceLock;

use super::policy::EvaluationPolicy;
use crate::feature::{Feature, FeatureSet};
use crate::knowledge::Knowledge;
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

impl Evaluation {
    /// Reads what is known, by this policy.
    pub(super) fn new(known: Knowledge, policy: EvaluationPolicy) -> Self {
        let ranges = Feature::all().zip(policy.ranges());
        let supported = ranges.filter(|(_, gate)| policy.supports(**gate, &known));
        Self {
            supported: supported.map(|(feature, _)| feature).collect(),
            known,
            policy,
            quiet: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests;
