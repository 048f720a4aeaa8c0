//! The file of decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::draft::quoted;
use super::error::ReviewError;
use super::finding::Finding;
use super::verdict::Decision;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    decision: Vec<Decision>,
}

/// All decisions.
#[derive(Debug, Default)]
pub(crate) struct Decisions {
    by_finding: BTreeMap<String, Decision>,
    by_pattern: Vec<(String, Decision)>,
}

impl Decisions {
    /// Reads a file of decisions.
    pub(crate) fn read(path: &Path) -> Result<Self, ReviewError> {
        let text = fs::read_to_string(path).map_err(|source| ReviewError::Read {
            path: path.to_owned(),
            source,
        })?;
        let wrong = |problem: String| ReviewError::Decisions {
            path: path.to_owned(),
            problem,
        };
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let mut all = Self::default();
        for decision in file.decision {
            match (decision.finding.clone(), decision.pattern.clone()) {
                (Some(finding), None) => {
                    if all.by_finding.insert(finding.clone(), decision).is_some() {
                        return Err(wrong(format!(
                            "the finding {finding:?} has two decisions. Remove one"
                        )));
                    }
                }
                (None, Some(pattern)) => all.by_pattern.push((pattern, decision)),
                _ => {
                    return Err(wrong(
                        "each decision needs either `finding` or `pattern`".to_owned(),
                    ));
                }
            }
        }
        Ok(all)
    }

    /// A finding with its decision, if it has one. The decision about exactly this finding comes first.
    pub(super) fn apply(&self, mut finding: Finding) -> Finding {
        let exact = self.by_finding.get(&finding.fingerprint);
        let fits = |(pattern, _): &&(String, Decision)| matches(pattern, &finding.fingerprint);
        let by_pattern = || self.by_pattern.iter().find(fits).map(|(_, decision)| decision);
        finding.decision = exact.or_else(by_pattern).cloned();
        finding
    }

    /// The fingerprints and patterns that no finding has.
    pub(super) fn unused(&self, findings: &[Finding]) -> Vec<String> {
        let found: BTreeSet<&str> = findings
            .iter()
            .map(|finding| finding.fingerprint.as_str())
            .collect();
        let exact = self.by_finding.keys().filter(|key| !found.contains(key.as_str()));
        let patterns = self.by_pattern.iter().map(|(pattern, _)| pattern);
        let unused = patterns.filter(|pattern| !found.iter().any(|finding| matches(pattern, finding)));
        exact.chain(unused).cloned().collect()
    }
}

/// Whether a text has the form of a pattern.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    false
}

/// Findings as entries for a file of decisions. A person replaces the empty words, so that none is kept unread.
pub(crate) fn stubs(findings: &[Finding]) -> String {
    let entry = |finding: &Finding| {
        let known = match finding.table.as_slice() {
            [] => String::new(),
            rows => format!("# in the table: {}\n", rows.join(", ")),
        };
        let fingerprint = quoted(&finding.fingerprint);
        format!(
            "{known}[[decision]]\nfinding = {fingerprint}\ndecision = \"\" # accept, reject or later\nnote = \"\"\n"
        )
    };
    findings.iter().map(entry).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn star_stands_for_any_text() {
        for pattern in ["a b c", "a*c", "*", "a *", "*b*", "* c", "a*b*c"] {
            assert!(matches(pattern, "a b c"), "{pattern}");
        }
        for pattern in ["a b", "b*", "*b", "a*d*c", "", "a*c*c"] {
            assert!(!matches(pattern, "a b c"), "{pattern}");
        }
    }
}
