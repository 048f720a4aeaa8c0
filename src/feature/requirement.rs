//! Requirements, and the decision by three comparisons of integers.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::knowledge::{ImbotV2Presence, Knowledge, REVISION_GET_REST};
use crate::revision::{Counter, Revision};

/// A requirement on a portal: a half-open range of revisions on one counter, the imbot.v2
/// API, or both.
///
/// Each row of the table has one. A library can make requirements of its own. Every function
/// that takes a [`Feature`](crate::Feature) takes a requirement too:
///
/// ```
/// use imbot_caps::{Caps, Requirement};
///
/// const VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2();
///
/// assert!(Caps::at(37).supports(VOICE));
/// assert!(!Caps::at(36).supports(VOICE));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Requirement {
    pub(crate) id: &'static str,
    pub(crate) range: RevisionRange,
}

impl Requirement {
    /// Needs the REST revision `since` or newer.
    ///
    /// For a part of imbot.v2 add [`and_imbot_v2`](Self::and_imbot_v2): the REST revision
    /// comes from another module and does not prove that API.
    #[must_use]
    pub const fn rest(id: &'static str, since: Revision) -> Self {
        Self::on(id, Counter::Rest, since)
    }

    /// Needs `since` or newer on a counter.
    #[must_use]
    pub const fn on(id: &'static str, counter: Counter, since: Revision) -> Self {
        Self {
            id,
            range: RevisionRange::new(counter, since, None, false),
        }
    }

    /// Needs the imbot.v2 API, whatever the revision.
    #[must_use]
    pub const fn imbot_v2(id: &'static str) -> Self {
        Self {
            id,
            range: RevisionRange::new(Counter::Rest, 0, None, true),
        }
    }

    /// The same, and the imbot.v2 API.
    #[must_use]
    pub const fn and_imbot_v2(self) -> Self {
        let range = self.range;
        Self {
            id: self.id,
            range: RevisionRange::new(range.counter, range.since, range.until(), true),
        }
    }

    /// The same, but not from the revision `first_without` on.
    ///
    /// No portal meets a range that ends before it begins.
    #[must_use]
    pub const fn until(self, first_without: Revision) -> Self {
        let range = self.range;
        Self {
            id: self.id,
            range: RevisionRange::new(
                range.counter,
                range.since,
                Some(first_without),
                range.needs_imbot_v2(),
            ),
        }
    }

    /// The id, as it appears in messages.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The counter of the range.
    #[must_use]
    pub const fn counter(&self) -> Counter {
        self.range.counter
    }

    /// The first revision of the range; `None` if only `until` or imbot.v2 decides.
    #[must_use]
    pub const fn since(&self) -> Option<Revision> {
        match self.range.since {
            0 => None,
            since => Some(since),
        }
    }

    /// The first revision after the range.
    #[must_use]
    pub const fn first_without(&self) -> Option<Revision> {
        self.range.until()
    }

    /// Whether it needs the imbot.v2 API.
    #[must_use]
    pub const fn needs_imbot_v2(&self) -> bool {
        self.range.needs_imbot_v2()
    }
}

impl fmt::Display for Requirement {
    /// For people: `REST revision 33 or newer and the imbot.v2 API`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counter = self.counter().name();
        if self.range.is_empty() {
            return f.write_str("a revision that cannot be: its range is empty");
        }
        match (self.since(), self.first_without()) {
            (Some(since), None) => write!(f, "{counter} revision {since} or newer")?,
            (None, Some(until)) => write!(f, "{counter} revision {} or older", until.saturating_sub(1))?,
            (Some(since), Some(until)) => {
                write!(f, "{counter} revision {since} to {}", until.saturating_sub(1))?;
            }
            (None, None) if self.needs_imbot_v2() => return f.write_str("the imbot.v2 API"),
            (None, None) => return f.write_str("nothing"),
        }
        if self.needs_imbot_v2() {
            f.write_str(" and the imbot.v2 API")?;
        }
        Ok(())
    }
}

impl Serialize for Requirement {
    /// The id, the counter, both ends of the range, and whether imbot.v2 is needed.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut view = serializer.serialize_struct("Requirement", 5)?;
        view.serialize_field("id", self.id())?;
        view.serialize_field("counter", &self.counter())?;
        view.serialize_field("since", &self.since())?;
        view.serialize_field("first_without", &self.first_without())?;
        view.serialize_field("imbot_v2", &self.needs_imbot_v2())?;
        view.end()
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Requirement({}: {self})", self.id)
    }
}

/// A requirement without its name. The hot path compares this.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevisionRange {
    pub(crate) counter: Counter,
    /// The least generation of imbot.v2, see [`ImbotV2Presence`].
    level: ImbotV2Presence,
    pub(crate) since: Revision,
    /// The last revision of the range, inclusive. An open range ends at `MAX`, as an open
    /// interval of knowledge does, so both compare as numbers.
    last: Revision,
}

/// Whether a portal meets a range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Met,
    Unmet,
    Open,
}

impl RevisionRange {
    pub(crate) const fn new(
        counter: Counter,
        since: Revision,
        until: Option<Revision>,
        imbot_v2: bool,
    ) -> Self {
        // A portal updates module im (the counter) and module imbot (the methods)
        // separately. An imbot without Revision.get also lacks all that came with it or
        // later, whatever the counter reports.
        let level = match (imbot_v2, counter) {
            (false, _) => ImbotV2Presence::Absent,
            (true, Counter::Rest) if since >= REVISION_GET_REST => ImbotV2Presence::WithRevisionGet,
            (true, _) => ImbotV2Presence::WithoutRevisionGet,
        };
        let (since, last) = match until {
            None => (since, Revision::MAX),
            // No revision is below 0, so the range is empty for any `since`.
            Some(0) if since == 0 => (1, 0),
            Some(0) => (since, 0),
            Some(until) => (since, until - 1),
        };
        Self {
            counter,
            level,
            since,
            last,
        }
    }

    pub(crate) const fn until(self) -> Option<Revision> {
        match self.last {
            Revision::MAX => None,
            last => Some(last + 1),
        }
    }

    pub(crate) const fn needs_imbot_v2(self) -> bool {
        !matches!(self.level, ImbotV2Presence::Absent)
    }

    pub(crate) const fn needs_revision_get(self) -> bool {
        matches!(self.level, ImbotV2Presence::WithRevisionGet)
    }

    /// Whether no revision is in the range.
    pub(crate) const fn is_empty(self) -> bool {
        self.since > self.last
    }

    /// Whether every portal meets it.
    pub(crate) const fn is_vacuous(self) -> bool {
        self.since == 0 && self.last == Revision::MAX && !self.needs_imbot_v2()
    }

    /// Whether a portal with this knowledge meets it.
    #[inline]
    pub(crate) fn decide(self, known: &Knowledge) -> Verdict {
        let (at_least, at_most) = known.bounds(self.counter);
        let (least_level, most_level) = known.levels();
        if at_least >= self.since && at_most <= self.last && least_level >= self.level {
            Verdict::Met
        } else if at_most < self.since || at_least > self.last || most_level < self.level || self.is_empty() {
            Verdict::Unmet
        } else {
            Verdict::Open
        }
    }

    /// Whether the portal's imbot.v2 is known to be too old, or absent.
    pub(crate) fn lacks_imbot_v2(self, known: &Knowledge) -> bool {
        known.levels().1 < self.level
    }

    /// With a name, for messages.
    pub(crate) const fn named(self, id: &'static str) -> Requirement {
        Requirement { id, range: self }
    }
}

impl fmt::Debug for RevisionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.named(""), f)
    }
}
