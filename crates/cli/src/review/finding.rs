//! A finding, and its fingerprint.

use serde::Serialize;

use super::log::Entry;
use super::names::one_line;
use super::verdict::Decision;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    RevisionAdded,
    RevisionRemoved,
    EntryAdded,
    EntryRemoved,
    EntryRenumbered,
    EntryChanged,
    MethodAdded,
    MethodRemoved,
    EventAdded,
    EventRemoved,
    NameMentioned,
    PageAdded,
    PageRemoved,
    FieldAdded,
    FieldRemoved,
    FieldsMoved,
    FieldType,
    FieldRequired,
    FieldRevision,
    FieldLiterals,
    ErrorAdded,
    ErrorRemoved,
    Values,
    DayAdded,
    DayRemoved,
    RevisionMentioned,
    MarkAdded,
    MarkRemoved,
    ScopeAdded,
    ScopeRemoved,
    SectionAdded,
    SectionRemoved,
    Unread,
}

impl Kind {
    /// The word in fingerprints and in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RevisionAdded => "revision-added",
            Self::RevisionRemoved => "revision-removed",
            Self::EntryAdded => "entry-added",
            Self::EntryRemoved => "entry-removed",
            Self::EntryRenumbered => "entry-renumbered",
            Self::EntryChanged => "entry-changed",
            Self::MethodAdded => "method-added",
            Self::MethodRemoved => "method-removed",
            Self::EventAdded => "event-added",
            Self::EventRemoved => "event-removed",
            Self::NameMentioned => "name-mentioned",
            Self::PageAdded => "page-added",
            Self::PageRemoved => "page-removed",
            Self::FieldAdded => "field-added",
            Self::FieldRemoved => "field-removed",
            Self::FieldsMoved => "fields-moved",
            Self::FieldType => "field-type",
            Self::FieldRequired => "field-required",
            Self::FieldRevision => "field-revision",
            Self::FieldLiterals => "field-literals",
            Self::ErrorAdded => "error-added",
            Self::ErrorRemoved => "error-removed",
            Self::Values => "values",
            Self::DayAdded => "day-added",
            Self::DayRemoved => "day-removed",
            Self::RevisionMentioned => "revision-mentioned",
            Self::MarkAdded => "mark-added",
            Self::MarkRemoved => "mark-removed",
            Self::ScopeAdded => "scope-added",
            Self::ScopeRemoved => "scope-removed",
            Self::SectionAdded => "section-added",
            Self::SectionRemoved => "section-removed",
            Self::Unread => "unread",
        }
    }
}

/// One thing that differs between the editions, or could not be read.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// Kind, subject and values. It stays the same if lines move or sentences are reworded.
    pub(crate) fingerprint: String,
    pub(crate) kind: Kind,
    /// The method, the event or the page.
    pub(crate) of: String,
    /// What of it: a field with its part, a code, a day.
    pub(crate) subject: String,
    /// The page of the newer edition, or of the older if the newer lacks it.
    pub(crate) page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<String>,
    /// Rows and change-log entries of the built-in table that already speak of it.
    pub(crate) table: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entry: Option<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<Decision>,
}

impl Finding {
    /// A finding that something is new or gone.
    pub(super) fn new(kind: Kind, of: &str, subject: &str, page: &str) -> Self {
        Self::changed(kind, of, subject, page, None, None)
    }

    /// A finding with the older and the newer value. Both are part of the fingerprint.
    pub(super) fn changed(
        kind: Kind,
        of: &str,
        subject: &str,
        page: &str,
        old: Option<String>,
        new: Option<String>,
    ) -> Self {
        let [of, subject] = [of, subject].map(one_line);
        let [old, new] = [old, new].map(|value| value.map(|value| one_line(&value)));
        let mut fingerprint = format!("{} {of}", kind.as_str());
        if !subject.is_empty() && subject != of {
            fingerprint.push_str(&format!(" {subject}"));
        }
        match (&old, &new) {
            (None, None) => {}
            (old, new) => {
                let [old, new] = [old, new].map(|value| value.as_deref().unwrap_or("-"));
                fingerprint.push_str(&format!(" {old} -> {new}"));
            }
        }
        Self {
            fingerprint,
            kind,
            of,
            subject,
            page: page.to_owned(),
            old,
            new,
            table: Vec::new(),
            entry: None,
            decision: None,
        }
    }

    pub(super) fn with_entry(mut self, entry: &Entry) -> Self {
        self.entry = Some(entry.clone());
        self
    }

    /// The older and the newer value as one text.
    pub(crate) fn change(&self) -> String {
        match (&self.old, &self.new) {
            (None, None) => String::new(),
            (old, new) => {
                let [old, new] = [old, new].map(|value| value.as_deref().unwrap_or("-"));
                format!("{old} -> {new}")
            }
        }
    }
}
