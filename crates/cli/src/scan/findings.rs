//! What a scan found: uses, findings, and what it could not analyse.

use std::sync::Arc;

use serde::Serialize;

use super::needs::{Build, GateAnswer};

/// The rules, each with its words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rule {
    NeedsNewer,
    UnknownMethod,
    UnknownEvent,
    UnknownParameter,
    MissingParameter,
    UnreadableText,
    ReplyShape,
    AnyErrorFallback,
    MixedGenerations,
    WeakGuard,
    Deprecated,
}

impl Rule {
    pub(super) const ALL: [Self; 11] = [
        Self::NeedsNewer,
        Self::UnknownMethod,
        Self::UnknownEvent,
        Self::UnknownParameter,
        Self::MissingParameter,
        Self::UnreadableText,
        Self::ReplyShape,
        Self::AnyErrorFallback,
        Self::MixedGenerations,
        Self::WeakGuard,
        Self::Deprecated,
    ];

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::NeedsNewer => "needs-newer",
            Self::UnknownMethod => "unknown-method",
            Self::UnknownEvent => "unknown-event",
            Self::UnknownParameter => "unknown-parameter",
            Self::MissingParameter => "missing-parameter",
            Self::UnreadableText => "unreadable-text",
            Self::ReplyShape => "reply-shape",
            Self::AnyErrorFallback => "any-error-fallback",
            Self::MixedGenerations => "mixed-generations",
            Self::WeakGuard => "weak-guard",
            Self::Deprecated => "deprecated",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::NeedsNewer => "The portal is too old for a call or an event, and no condition guards it.",
            Self::UnknownMethod => "No portal has the method.",
            Self::UnknownEvent => "No portal sends the event.",
            Self::UnknownParameter => "The method does not take a parameter. A portal ignores it in silence.",
            Self::MissingParameter => "A parameter that the method needs is left out.",
            Self::UnreadableText => "A parameter should be JSON text, and is not.",
            Self::ReplyShape => "A reply is read in a shape that no build gives.",
            Self::AnyErrorFallback => {
                "Any error of a newer call leads to the older API. A timeout can then send a message twice."
            }
            Self::MixedGenerations => {
                "A call of one generation of the API answers an event of the other. Old portals lack the newer call, \
                 and a bot gets the events of the API by which it was registered."
            }
            Self::WeakGuard => "A condition compares the revision with a number that is not enough.",
            Self::Deprecated => "Portals take this form only until a day that the change log names.",
        }
    }

    pub(super) fn severity(self) -> Severity {
        match self {
            Self::UnreadableText | Self::AnyErrorFallback | Self::WeakGuard | Self::Deprecated => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    /// It fails on some portal that the program is for.
    Error,
    /// It fails under some condition.
    Warning,
}

impl Severity {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place in a file. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Place {
    pub(crate) file: Arc<str>,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The oldest portals that take a use, or a whole program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Minimum {
    /// As it is.
    pub(super) plain: Build,
    /// Through a gate of this library.
    pub(super) gated: Build,
}

/// Who makes sure that the portal is new enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Guard {
    None,
    /// A condition on the revision or a feature, which is enough.
    Condition,
    /// This library.
    Library,
}

/// A method that is called, or an event that is handled.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Use {
    #[serde(flatten)]
    pub(crate) place: Place,
    pub(crate) kind: UseKind,
    pub(crate) name: String,
    pub(crate) language: &'static str,
    pub(crate) guard: Guard,
    /// The row of the table that asks for the newest portal.
    pub(crate) row: Option<&'static str>,
    pub(crate) minimum: Minimum,
    /// What the gate does on portals that are older than `minimum.plain`.
    pub(super) gate: Option<Arc<GateAnswer>>,
    #[serde(skip)]
    pub(super) plain: usize,
    #[serde(skip)]
    pub(super) gated: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum UseKind {
    Method,
    Event,
}

/// Something that is wrong.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    pub(crate) severity: Severity,
    #[serde(flatten)]
    pub(crate) place: Place,
    /// The method or event.
    pub(crate) name: String,
    /// The parameters or members that are wrong.
    pub(crate) names: Vec<String>,
    pub(crate) row: Option<&'static str>,
    pub(crate) message: String,
    pub(super) gate: Option<Arc<GateAnswer>>,
    pub(crate) minimum: Option<Minimum>,
}

/// Why something was not analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    ComputedMethod,
    Unreadable,
    Binary,
    TooLarge,
    TooDeep,
}

impl Reason {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::ComputedMethod => "the name of the method is computed",
            Self::Unreadable => "the file cannot be read",
            Self::Binary => "the file is binary",
            Self::TooLarge => "the file is too large",
            Self::TooDeep => "the file is nested too deeply",
        }
    }

    pub(super) fn id(self) -> &'static str {
        match self {
            Self::ComputedMethod => "computed-method",
            Self::Unreadable => "unreadable",
            Self::Binary => "binary",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
        }
    }
}

/// Something that was not analysed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct NotAnalysed {
    pub(crate) reason: Reason,
    pub(crate) file: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
}

/// How many files were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Files of a language that is read.
    pub(crate) files: usize,
    /// Files that name a method or an event.
    pub(crate) with_uses: usize,
    /// Files of tests, which were left out.
    pub(crate) tests_skipped: usize,
}

/// The result of a scan.
#[derive(Debug, Serialize)]
pub(crate) struct Scan {
    pub(crate) table: String,
    pub(crate) counts: Counts,
    /// The oldest portals that the whole program runs on.
    pub(crate) minimum: Option<Minimum>,
    pub(super) target: Option<Build>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) not_analysed: Vec<NotAnalysed>,
    pub(crate) uses: Vec<Use>,
}
