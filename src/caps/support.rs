//! The answer with its reason, and the error for people.

use std::fmt;

use super::Caps;
use crate::feature::{Capability, Feature, Requirement, Verdict};
use crate::knowledge::Knowledge;
use crate::revision::Axis;
use crate::table::{Release, Row, Shim, Table};

/// Whether a portal has something: three answers, two with a reason.
#[derive(Clone, Debug)]
#[must_use]
pub enum Support {
    /// It has it.
    Supported,
    /// It has it not.
    Unsupported(Unsupported),
    /// That is not known.
    Unknown(Unknown),
}

impl Support {
    /// Whether it is known to be there.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        matches!(self, Support::Supported)
    }

    /// Whether it is known not to be there.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Support::Unsupported(_))
    }

    /// Whether nothing is known either way.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Support::Unknown(_))
    }
}

/// Why something cannot be used on a portal.
///
/// `Display` is a message for people: what is needed, what the portal has and
/// how that is known, what to do, and where it is written.
#[derive(Clone, Copy)]
pub struct Unsupported {
    requirement: Requirement,
    feature: Option<Feature>,
    known: Knowledge,
    table: &'static Table,
}

/// Why it is not known whether a portal has something.
#[derive(Clone, Copy)]
pub struct Unknown(pub(super) Unsupported);

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The portal is older than the feature.
    TooOld,
    /// The portal is newer than the feature, which was removed.
    Removed,
    /// The portal has no imbot.v2, or one older than its revision says.
    NoImbotV2,
    /// Too little is known of the portal.
    NotKnown,
}

impl Unsupported {
    pub(super) fn new(caps: &Caps, what: impl Capability) -> Self {
        Self {
            requirement: what.requirement_in(caps),
            feature: what.feature(),
            known: caps.known,
            table: caps.table,
        }
    }

    /// What is needed.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        self.requirement
    }

    /// The feature, when one of the table was asked for.
    #[must_use]
    pub fn feature(&self) -> Option<Feature> {
        self.feature
    }

    /// What is known of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.known
    }

    /// The row of the table, when there is one with this id.
    #[must_use]
    pub fn row(&self) -> Option<&'static Row> {
        match self.feature {
            Some(feature) => Some(self.table.row(feature)),
            None => self.table.find(self.requirement.id()),
        }
    }

    /// What stands in the way.
    #[must_use]
    pub fn cause(&self) -> Cause {
        let gate = self.requirement.gate;
        if gate.decide(&self.known) != Verdict::Unmet {
            return Cause::NotKnown;
        }
        let (at_least, at_most) = self.known.bounds(gate.axis);
        if at_most < gate.since {
            Cause::TooOld
        } else if gate.until().is_some_and(|until| at_least >= until) {
            Cause::Removed
        } else {
            Cause::NoImbotV2
        }
    }

    fn missing(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.requirement.id())?;
        if let Some(row) = self.row() {
            write!(f, " ({})", row.title())?;
        }
        write!(f, " needs {}; this portal has {}", self.requirement, self.known)
    }

    /// What the owner of the portal can do, and the caller meanwhile.
    fn advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Cause::TooOld | Cause::NoImbotV2 => self.update(f)?,
            Cause::Removed => f.write_str(". It was removed and will not come back")?,
            Cause::NotKnown => {
                f.write_str(". Ask the portal for its revision first, or set a policy for the unknown")?
            }
        }
        let Some(row) = self.row() else {
            return Ok(());
        };
        if let Some(fallback) = row.fallback() {
            let lead = match fallback.shim() {
                Shim::None | Shim::Refuse => "",
                _ => "Meanwhile: ",
            };
            write!(f, ". {lead}{}", fallback.note().trim_end_matches('.'))?;
        }
        if let Some(danger) = row.danger() {
            write!(f, ". Beware: {}", danger.trim_end_matches('.'))?;
        }
        if let Some(overlay) = row.overlay() {
            write!(f, ". This row is from the overlay `{overlay}`")?;
        }
        write!(f, ". See {}", row.source())
    }

    /// Which modules to update, and to what. The counter is of module im, the
    /// methods are of module imbot.
    fn update(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gate = self.requirement.gate;
        let least = |requirement: Option<&'static str>| {
            requirement.map(|text| text.trim_start_matches([' ', '>', '=']))
        };
        let imbot = || {
            let facts = self.table.imbot_v2();
            let came = if gate.needs_revision_get() {
                facts.revision_get()
            } else {
                facts.present()
            };
            let lacks = gate.lacks_imbot_v2(&self.known);
            least(self.row().and_then(Row::imbot)).or(lacks.then_some(came))
        };
        if self.known.bounds(gate.axis).1 >= gate.since {
            return match imbot() {
                Some(imbot) => write!(f, ". Update the portal's module imbot to {imbot} or newer"),
                None => f.write_str(". Update the portal's module imbot"),
            };
        }
        let release = match gate.axis {
            Axis::Rest => self.table.release_with(gate.since),
            _ => None,
        };
        let im = least(self.row().and_then(Row::im)).or_else(|| Some(release?.im()?.first()));
        match (im, imbot(), release.and_then(Release::published)) {
            (Some(im), Some(imbot), _) => {
                write!(
                    f,
                    ". Update the portal's modules to im {im} and imbot {imbot}, or newer"
                )
            }
            (Some(im), None, _) => write!(f, ". Update the portal's module im to {im} or newer"),
            (None, _, Some(day)) => write!(
                f,
                ". Update the portal's modules im and imbot to builds newer than {day}, when revision {} was published",
                gate.since
            ),
            (None, _, None) => f.write_str(". Update the portal's modules im and imbot"),
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.missing(f)?;
        self.advice(f)
    }
}

impl fmt::Debug for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsupported")
            .field("requirement", &self.requirement)
            .field("known", &self.known)
            .field("cause", &self.cause())
            .finish()
    }
}

impl std::error::Error for Unsupported {}

impl Unknown {
    /// What is needed.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        self.0.requirement
    }

    /// The feature, when one of the table was asked for.
    #[must_use]
    pub fn feature(&self) -> Option<Feature> {
        self.0.feature
    }

    /// What is known of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.0.known
    }

    /// The row of the table, when there is one with this id.
    #[must_use]
    pub fn row(&self) -> Option<&'static Row> {
        self.0.row()
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown")
            .field("requirement", &self.0.requirement)
            .field("known", &self.0.known)
            .finish()
    }
}

impl std::error::Error for Unknown {}

impl From<Unknown> for Unsupported {
    /// The same with the cause [`Cause::NotKnown`], for code that treats both alike.
    fn from(unknown: Unknown) -> Self {
        unknown.0
    }
}
