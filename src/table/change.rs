//! The official change log.

use super::date::Date;
use super::terms::Kind;
use super::text::Str;
use crate::revision::Revision;

/// An entry of the official change log.
#[derive(Clone, Debug)]
pub struct ChangeLogEntry {
    pub(crate) code: Str,
    pub(crate) title: Str,
    pub(crate) kind: Kind,
    pub(crate) rest: Option<Revision>,
    pub(crate) published: Date,
    pub(crate) docs_only: Option<Str>,
    pub(crate) source: Str,
}

impl ChangeLogEntry {
    /// The code, such as `BOT-NEW-0402-1`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// One line.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What kind of change it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The revision under which the log lists it, if any.
    #[must_use]
    pub fn rest(&self) -> Option<Revision> {
        self.rest
    }

    /// When it was published.
    #[must_use]
    pub fn published(&self) -> Date {
        self.published
    }

    /// The reason, if it changed the documentation alone. No row is about such a change.
    #[must_use]
    pub fn docs_only_reason(&self) -> Option<&str> {
        self.docs_only.as_deref()
    }

    /// The address of the entry.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}
