//! Compares two editions of the Bitrix24 REST documentation, and lists what a person has to decide for the table.

mod cell;
mod compare;
mod covered;
mod dates;
mod decisions;
mod doc_tables;
mod draft;
mod edition;
mod entity;
mod error;
mod finding;
mod log;
mod log_compare;
mod markdown;
mod names;
mod page;
mod paths;
mod table;
mod title;
mod verdict;
mod words;

use std::path::Path;

use serde::Serialize;

pub(crate) use decisions::{Decisions, stubs};
pub(crate) use draft::draft;
pub(crate) use edition::Counts;
pub(crate) use error::ReviewError;
pub(crate) use finding::Finding;

/// The result of a review, and the form `review` of `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Review {
    pub(crate) old: Counts,
    pub(crate) new: Counts,
    /// Findings without a decision.
    pub(crate) findings: Vec<Finding>,
    /// Findings with a decision.
    pub(crate) decided: Vec<Finding>,
    /// Fingerprints in the file of decisions that no finding of this run has.
    pub(crate) unused_decisions: Vec<String>,
    /// Parts of pages that could not be read, and are the same in both editions.
    pub(crate) unread_in_both: usize,
}

/// Compares two folders. `under` are the folders to read, relative to the documentation's root.
pub(crate) fn review(
    old: &Path,
    new: &Path,
    under: &[String],
    decisions: &Decisions,
) -> Result<Review, ReviewError> {
    let old = edition::Files::find(old, under)?;
    let new = edition::Files::find(new, under)?;
    if old.part() != new.part() {
        return Err(ReviewError::DifferentParts {
            old: old.part().to_owned(),
            new: new.part().to_owned(),
        });
    }
    let old = edition::Edition::read(&old)?;
    let new = edition::Edition::read(&new)?;
    let mut all = Vec::new();
    log_compare::compare(&old.log, &new.log, &mut all);
    let unread_in_both = compare::compare(&old, &new, &mut all);
    covered::mark(&mut all);
    all.sort_by(|a, b| (a.kind, &a.of, &a.subject).cmp(&(b.kind, &b.of, &b.subject)));
    all.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    let unused_decisions = decisions.unused(&all);
    let (decided, findings) = all
        .into_iter()
        .map(|finding| decisions.apply(finding))
        .partition(|finding| finding.decision.is_some());
    Ok(Review {
        old: old.counts(),
        new: new.counts(),
        findings,
        decided,
        unused_decisions,
        unread_in_both,
    })
}
