//! What a row of the table says, as typed data.

use super::date::Date;
use super::terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};
use super::text::{List, Str, strs};
use crate::feature::{Requirement, RevisionRange};
use crate::revision::Revision;

/// One row: a feature, and everything that is known about it.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) id: Str,
    pub(crate) name: Str,
    pub(crate) title: Str,
    pub(crate) kind: Kind,
    pub(crate) gate: RevisionRange,
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

    /// One line: what a caller has where this is there.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What kind of change brought it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What it needs.
    #[must_use]
    pub fn requirement(&'static self) -> Requirement {
        self.gate.named(&self.id)
    }

    /// The gate of those who trust what was seen over what is documented.
    pub(crate) const fn observed_range(&self) -> RevisionRange {
        match self.observed_since {
            Some(since) => RevisionRange::new(
                self.gate.axis,
                since,
                self.gate.until(),
                self.gate.needs_imbot_v2(),
            ),
            None => self.gate,
        }
    }

    /// The lowest revision seen to have it, where that is below the documented one.
    #[must_use]
    pub fn observed_since(&self) -> Option<Revision> {
        self.observed_since
    }

    /// The entry of the official change log, such as `BOT-FIX-0402-2`.
    #[must_use]
    pub fn change(&self) -> Option<&str> {
        self.change.as_deref()
    }

    /// When the change was published.
    #[must_use]
    pub fn published(&self) -> Option<Date> {
        self.published
    }

    /// From when on portals that have it act by it; at once where not said.
    #[must_use]
    pub fn effective(&self) -> Option<Date> {
        self.effective
    }

    /// When portals that have it take the old form no more.
    #[must_use]
    pub fn sunset(&self) -> Option<Date> {
        self.sunset
    }

    /// The versions of module `im` that have it, as a semver requirement.
    #[must_use]
    pub fn im(&self) -> Option<&str> {
        self.im.as_deref()
    }

    /// The versions of module `imbot` that have it, as a semver requirement.
    #[must_use]
    pub fn imbot(&self) -> Option<&str> {
        self.imbot.as_deref()
    }

    /// Which calls, events and fields it concerns.
    #[must_use]
    pub fn applies(&self) -> &Applies {
        &self.applies
    }

    /// What to do where it is missing, when there is something.
    #[must_use]
    pub fn fallback(&self) -> Option<&Fallback> {
        self.fallback.as_ref()
    }

    /// What a call asks for where it is *there*, when it holds a trap.
    #[must_use]
    pub fn when_present(&self) -> Option<Shim> {
        self.when_present
    }

    /// Whether such a call is sound where it is missing, too: the row then says
    /// what becomes of a value, and not that it may be sent.
    #[must_use]
    pub fn is_safe_when_missing(&self) -> bool {
        self.safe_when_missing
    }

    /// What to do while nothing is known of the portal.
    #[must_use]
    pub fn when_unknown(&self) -> WhenUnknown {
        self.when_unknown
    }

    /// What harm is done where it is missing, when a portal would not say so.
    #[must_use]
    pub fn danger(&self) -> Option<&str> {
        self.danger.as_deref()
    }

    /// The address of the page or file that says so.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A second source, where there is one.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }

    /// How sure it is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// What else there is to say; where sources disagree, how.
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
#[derive(Clone, Debug, Default)]
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

    /// The kind of value concerned, such as `boolean`; any where not said.
    #[must_use]
    pub fn value(&self) -> Option<ValueKind> {
        self.value
    }

    /// The values that [`ValueKind::Respelt`] and [`ValueKind::Unlisted`] are about.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.values)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.methods.is_empty() && self.names_no_part()
    }

    /// Whether it names methods, and nothing of their calls.
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

/// What a caller does where a feature is missing.
#[derive(Clone, Debug)]
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

    /// The same in words.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }
}
