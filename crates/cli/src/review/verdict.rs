//! What a person decided.

use serde::{Deserialize, Serialize};

/// What a person decided about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// A fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) finding: Option<String>,
    /// A text with `*` for any text. It stands for all fingerprints of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<String>,
    pub(crate) decision: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// The table has it, or will have it.
    Accept,
    /// The table does not need it.
    Reject,
    /// It waits for something that the note names.
    Later,
}
