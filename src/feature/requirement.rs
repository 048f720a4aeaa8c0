//! What a feature needs, and the decision: three integer compares.

use std::fmt;

use crate::knowledge::{ImbotGeneration, Knowledge, REVISION_GET_REST};
use crate::revision::{Axis, Revision};

/// What something needs of a portal: a half-open range of revisions on one
/// axis, the imbot.v2 API, or both.
///
/// The table's rows have one each. A library makes its own as plain values, and
/// asks with them wherever a [`Feature`](crate::Feature) would do:
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
    pub(crate) gate: RevisionRange,
}

impl Requirement {
    /// Needs the REST revision `since` or newer.
    ///
    /// For something of imbot.v2 add [`and_imbot_v2`](Self::and_imbot_v2): the
    /// REST revision comes from another module and does not prove that API.
    #[must_use]
    pub const fn rest(id: &'static str, since: Revision) -> Self {
        Self::on(id, Axis::Rest, since)
    }

    /// Needs `since` or newer on an axis.
    #[must_use]
    pub const fn on(id: &'static str, axis: Axis, since: Revision) -> Self {
        Self {
            id,
            gate: RevisionRange::new(axis, since, None, false),
        }
    }

    /// Needs the imbot.v2 API, whatever the revision.
    #[must_use]
    pub const fn imbot_v2(id: &'static str) -> Self {
        Self {
            id,
            gate: RevisionRange::new(Axis::Rest, 0, None, true),
        }
    }

    /// The same, and the imbot.v2 API.
    #[must_use]
    pub const fn and_imbot_v2(self) -> Self {
        let gate = self.gate;
        Self {
            id: self.id,
            gate: RevisionRange::new(gate.axis, gate.since, gate.until(), true),
        }
    }

    /// The same, but gone from the revision `first_without` on.
    ///
    /// A range that ends before it begins is never met.
    #[must_use]
    pub const fn until(self, first_without: Revision) -> Self {
        let gate = self.gate;
        Self {
            id: self.id,
            gate: RevisionRange::new(gate.axis, gate.since, Some(first_without), gate.needs_imbot_v2()),
        }
    }

    /// The id, as it appears in messages.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The axis of the range.
    #[must_use]
    pub const fn axis(&self) -> Axis {
        self.gate.axis
    }

    /// The first revision that has it; none where only `until` or imbot.v2 decides.
    #[must_use]
    pub const fn since(&self) -> Option<Revision> {
        match self.gate.since {
            0 => None,
            since => Some(since),
        }
    }

    /// The first revision that has it no more.
    #[must_use]
    pub const fn first_without(&self) -> Option<Revision> {
        self.gate.until()
    }

    /// Whether the imbot.v2 API must be there.
    #[must_use]
    pub const fn needs_imbot_v2(&self) -> bool {
        self.gate.needs_imbot_v2()
    }
}

impl fmt::Display for Requirement {
    /// What it needs, for people: `REST revision 33 or newer and the imbot.v2 API`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let axis = self.axis();
        if self.gate.is_empty() {
            return f.write_str("a revision that cannot be: its range is empty");
        }
        match (self.since(), self.first_without()) {
            (Some(since), None) => write!(f, "{axis} revision {since} or newer")?,
            (None, Some(until)) => write!(f, "{axis} revision {} or older", until.saturating_sub(1))?,
            (Some(since), Some(until)) => {
                write!(f, "{axis} revision {since} to {}", until.saturating_sub(1))?;
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

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Requirement({}: {self})", self.id)
    }
}

/// A requirement without its name: what the hot path compares.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevisionRange {
    pub(crate) axis: Axis,
    /// The least generation of imbot.v2, see [`ImbotGeneration`].
    level: ImbotGeneration,
    pub(crate) since: Revision,
    /// The last revision that has it: inclusive, so that "for ever" is `MAX`
    /// and an open upper bound of what is known compares as well.
    last: Revision,
}

/// The three answers to "does the portal meet this".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Met,
    Unmet,
    Open,
}

impl RevisionRange {
    pub(crate) const fn new(axis: Axis, since: Revision, until: Option<Revision>, imbot_v2: bool) -> Self {
        // Modules im (the counter) and imbot (the methods) update apart. An imbot
        // without Revision.get has nothing that came with it or later, whatever
        // the counter says.
        let level = match (imbot_v2, axis) {
            (false, _) => ImbotGeneration::Absent,
            (true, Axis::Rest) if since >= REVISION_GET_REST => ImbotGeneration::WithRevisionGet,
            (true, _) => ImbotGeneration::WithoutRevisionGet,
        };
        let (since, last) = match until {
            None => (since, Revision::MAX),
            // Nothing is below 0: an empty range, whatever `since`.
            Some(0) if since == 0 => (1, 0),
            Some(0) => (since, 0),
            Some(until) => (since, until - 1),
        };
        Self {
            axis,
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
        !matches!(self.level, ImbotGeneration::Absent)
    }

    pub(crate) const fn needs_revision_get(self) -> bool {
        matches!(self.level, ImbotGeneration::WithRevisionGet)
    }

    /// Whether no revision is in the range.
    pub(crate) const fn is_empty(self) -> bool {
        self.since > self.last
    }

    /// Whether anything at all is asked.
    pub(crate) const fn is_vacuous(self) -> bool {
        self.since == 0 && self.last == Revision::MAX && !self.needs_imbot_v2()
    }

    /// Whether a portal of which this is known meets it.
    #[inline]
    pub(crate) fn decide(self, known: &Knowledge) -> Verdict {
        let (at_least, at_most) = known.bounds(self.axis);
        let (least_level, most_level) = known.levels();
        if at_least >= self.since && at_most <= self.last && least_level >= self.level {
            Verdict::Met
        } else if at_most < self.since || at_least > self.last || most_level < self.level || self.is_empty() {
            Verdict::Unmet
        } else {
            Verdict::Open
        }
    }

    /// The part of the decision that rests on imbot.v2 alone.
    pub(crate) fn lacks_imbot_v2(self, known: &Knowledge) -> bool {
        known.levels().1 < self.level
    }

    /// With a name, for messages.
    pub(crate) const fn named(self, id: &'static str) -> Requirement {
        Requirement { id, gate: self }
    }
}

impl fmt::Debug for RevisionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.named(""), f)
    }
}
