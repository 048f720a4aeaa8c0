//! Rows of the table as typed data.

use super::date::Date;
use super::terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};
use super::text::{List, Str, strs};
use crate::feature::{Requirement, RevisionRange};
use crate::revision::Revision;

/// One row: a feature, and all facts about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub(crate) id: Str,
    pub(crate) name: Str,
    pub(crate) title: Str,
    pub(crate) kind: Kind,
    pub(crate) range: RevisionRange,
    pub(crate) observed_since: Option<Revision>,
    pub(crate) change: Option<Str>,
    pub(crate) published: Option<Date>,
    pub(crate) effective: Option<Date>,
    pub(crate) sunset: Option<Date>,
    pub(crate) im: Option<Str>,
    pub(crate) imbot: Option<Str>,
    pub(crate) applies: Applies,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) when_present: Option<Shim>,
    pub(crate) safe_when_missing: bool,
    pub(crate) when_unknown: WhenUnknown,
    pub(crate) danger: Option<Str>,
    pub(crate) source: Str,
    pub(crate) evidence: Option<Str>,
    pub(crate) confidence: Confidence,
    pub(crate) note: Option<Str>,
    pub(crate) overlay: Option<Str>,
}

impl Row {
    /// The id, such as `message.system`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name of the [`Feature`](crate::Feature) variant, such as
    /// `SystemMessage`; empty for rows that an overlay adds.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line: what the feature gives a caller.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The kind of change that introduced it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its requirement, by the documented revision.
    #[must_use]
    pub fn requirement(&'static self) -> Requirement {
        self.range.named(&self.id)
    }

    /// The range for [`RevisionBasis::Observed`](super::RevisionBasis::Observed): from the lowest revision
    /// that was seen with the feature.
    pub(crate) const fn observed_range(&self) -> RevisionRange {
        match self.observed_since {
            Some(since) => RevisionRange::new(
                self.range.counter,
                since,
                self.range.until(),
                self.range.needs_imbot_v2(),
            ),
            None => self.range,
        }
    }

    /// The lowest revision that was seen with it, if that is below the documented one.
    #[must_use]
    pub fn observed_since(&self) -> Option<Revision> {
        self.observed_since
    }

    /// The entry of the official change log, such as `BOT-FIX-0402-2`.
    #[must_use]
    pub fn change_log_code(&self) -> Option<&str> {
        self.change.as_deref()
    }

    /// When the change was published.
    #[must_use]
    pub fn published(&self) -> Option<Date> {
        self.published
    }

    /// The day from which portals with the feature act by it. `None`: at once.
    #[must_use]
    pub fn effective(&self) -> Option<Date> {
        self.effective
    }

    /// The day from which portals with the feature reject the old form.
    #[must_use]
    pub fn sunset(&self) -> Option<Date> {
        self.sunset
    }

    /// The versions of module `im` that have it, as a semver requirement.
    #[must_use]
    pub fn im_versions(&self) -> Option<&str> {
        self.im.as_deref()
    }

    /// The versions of module `imbot` that have it, as a semver requirement.
    #[must_use]
    pub fn imbot_versions(&self) -> Option<&str> {
        self.imbot.as_deref()
    }

    /// Which calls, events and fields it concerns.
    #[must_use]
    pub fn applies(&self) -> &Applies {
        &self.applies
    }

    /// The fallback for portals without it, if any.
    #[must_use]
    pub fn fallback(&self) -> Option<&Fallback> {
        self.fallback.as_ref()
    }

    /// The change that a call needs on portals *with* the feature, if it has a trap.
    #[must_use]
    pub fn when_present(&self) -> Option<Shim> {
        self.when_present
    }

    /// Whether such a call is also safe on portals without the feature. The row then says how
    /// portals treat a value, not that a call may send it.
    #[must_use]
    pub fn is_safe_when_missing(&self) -> bool {
        self.safe_when_missing
    }

    /// How to treat such a call while the portal is unknown.
    #[must_use]
    pub fn when_unknown(&self) -> WhenUnknown {
        self.when_unknown
    }

    /// The harm on portals without the feature, if they report no error.
    #[must_use]
    pub fn danger(&self) -> Option<&str> {
        self.danger.as_deref()
    }

    /// The address of the page or file that states it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A second source, if any.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }

    /// How sure the row is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// A remark. If sources disagree, it says how.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The title of the overlay that added or replaced this row.
    #[must_use]
    pub fn overlay(&self) -> Option<&str> {
        self.overlay.as_deref()
    }
}

/// Which calls, events and fields a row concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applies {
    pub(crate) methods: List,
    pub(crate) events: List,
    pub(crate) request: List,
    pub(crate) response: List,
    pub(crate) data: List,
    pub(crate) errors: List,
    pub(crate) value: Option<ValueKind>,
    pub(crate) values: List,
}

impl Applies {
    /// Exact method names, or prefixes that end in `.*`.
    pub fn methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.methods)
    }

    /// Event names.
    pub fn events(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.events)
    }

    /// Paths of parameters, such as `fields.system`; `[]` stands for any item.
    pub fn request(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.request)
    }

    /// Paths below `result` of the reply.
    pub fn response(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.response)
    }

    /// Paths in an event's payload.
    pub fn data(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.data)
    }

    /// Error codes of the reply.
    pub fn errors(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.errors)
    }

    /// The kind of value concerned, such as `boolean`. `None`: any value.
    #[must_use]
    pub fn value(&self) -> Option<ValueKind> {
        self.value
    }

    /// The values for [`ValueKind::Respelt`] and [`ValueKind::Unlisted`].
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.values)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.methods.is_empty() && self.names_no_part()
    }

    /// Whether it names methods, and no part of their calls.
    pub(crate) fn is_about_whole_calls(&self) -> bool {
        !self.methods.is_empty() && self.names_no_part()
    }

    fn names_no_part(&self) -> bool {
        [
            &self.events,
            &self.request,
            &self.response,
            &self.data,
            &self.errors,
        ]
        .into_iter()
        .all(|list| list.is_empty())
    }
}

/// The fallback for portals without a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    pub(crate) shim: Shim,
    pub(crate) v1: Option<Str>,
    pub(crate) older_codes: List,
    pub(crate) note: Str,
}

impl Fallback {
    /// The declared change.
    #[must_use]
    pub fn shim(&self) -> Shim {
        self.shim
    }

    /// The older method to call instead, for [`Shim::V1Call`].
    #[must_use]
    pub fn v1(&self) -> Option<&str> {
        self.v1.as_deref()
    }

    /// The error codes that older portals send instead, for [`Shim::ErrorAlias`].
    pub fn older_codes(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.older_codes)
    }

    /// The change in words.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}
