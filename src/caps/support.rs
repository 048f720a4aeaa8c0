//! Answers with their reasons, and the error for people.

use std::fmt;

use super::capability::Capability;
use super::caps::Caps;
use crate::feature::{Feature, Requirement, Verdict};
use crate::knowledge::{Knowledge, REVISION_GET_REST};
use crate::revision::{Counter, Revision};
use crate::table::{Date, Kind, Release, Row, Shim};
use crate::word::words;

/// The answer to a question: one of three, two of them with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Support {
    /// The portal has it.
    Supported,
    /// The portal lacks it.
    Unsupported(Unsupported),
    /// Too little is known of the portal.
    Unknown(Unknown),
}

impl Support {
    /// Whether the portal is known to have it.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        matches!(self, Support::Supported)
    }

    /// Whether the portal is known to lack it.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Support::Unsupported(_))
    }

    /// Whether the answer is unknown.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Support::Unknown(_))
    }
}

/// Why a feature or requirement cannot be used on a portal.
///
/// `Display` is a message for people: the requirement, the portal's state and how it is known,
/// advice, and the source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Unsupported {
    requirement: Requirement,
    feature: Option<Feature>,
    caps: Caps,
}

/// Why the answer is unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Unknown(pub(super) Unsupported);

words! {
    /// The cause of a missing capability.
    "cause" Cause {
        /// The portal is older than the feature.
        TooOld = "too-old",
        /// The portal is newer than the feature, which was removed.
        Removed = "removed",
        /// The portal has no imbot.v2, or an older one than its revision implies.
        NoImbotV2 = "no-imbot-v2",
        /// Too little is known of the portal.
        NotKnown = "not-known",
    }
}

impl Unsupported {
    pub(super) fn new(caps: &Caps, what: impl Capability) -> Self {
        Self {
            requirement: what.requirement_in(caps),
            feature: what.feature(),
            caps: *caps,
        }
    }

    /// The requirement.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        self.requirement
    }

    /// The feature, if the question was about one.
    #[must_use]
    pub fn feature(&self) -> Option<Feature> {
        self.feature
    }

    /// The knowledge of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        self.caps.knowledge()
    }

    /// The row of the table with this id, if any.
    #[must_use]
    pub fn row(&self) -> Option<&'static Row> {
        match self.feature {
            Some(feature) => Some(self.caps.table().row(feature)),
            // A requirement of a program's own may have a row's id by chance.
            None => self
                .caps
                .table()
                .find(self.requirement.id())
                .filter(|row| [row.range, row.observed_range()].contains(&self.requirement.range)),
        }
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        let range = self.requirement.range;
        if range.decide(self.knowledge()) != Verdict::Unmet {
            return Cause::NotKnown;
        }
        let (at_least, at_most) = self.knowledge().bounds(range.counter);
        if at_most < range.since {
            Cause::TooOld
        } else if range.until().is_some_and(|until| at_least >= until) {
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
        write!(
            f,
            " needs {}; this portal has {}",
            self.requirement,
            self.knowledge()
        )
    }

    /// Advice for the owner of the portal, and for the caller until then.
    fn advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Cause::TooOld | Cause::NoImbotV2 if self.is_on_its_way_out() => {
                f.write_str(". Do not update for it: it was replaced")?;
            }
            Cause::TooOld | Cause::NoImbotV2 => self.update(f)?,
            Cause::Removed => f.write_str(". It was removed and will not come back")?,
            Cause::NotKnown => f.write_str(self.learn())?,
        }
        let Some(row) = self.row() else {
            return Ok(());
        };
        if let Some(fallback) = row.fallback() {
            let lead = match fallback.shim() {
                Shim::NoFallback | Shim::Refuse => "",
                _ => "Meanwhile: ",
            };
            write!(f, ". {lead}{}", fallback.note().trim_end_matches('.'))?;
        }
        // A replaced feature does harm on portals that have it, not on others.
        let danger = row.danger().filter(|_| !self.is_on_its_way_out());
        if let Some(danger) = danger {
            write!(f, ". Beware: {}", danger.trim_end_matches('.'))?;
        }
        if let Some(overlay) = row.overlay() {
            write!(f, ". This row is from the overlay `{overlay}`")?;
        }
        write!(f, ". See {}", row.source())
    }

    /// Whether it is removed or deprecated, so that no portal should be updated for it.
    fn is_on_its_way_out(&self) -> bool {
        let kind = self.row().map(Row::kind);
        matches!(kind, Some(Kind::Removed | Kind::Deprecated)) || self.cause() == Cause::Removed
    }

    /// Advice for an unknown answer.
    fn learn(&self) -> &'static str {
        let asked = *self.knowledge() != Knowledge::unknown();
        match self.requirement.counter() {
            Counter::Rest if asked => {
                ". It was asked and told less than that: give the credential the scopes imbot and im, and ask again"
            }
            Counter::Rest => ". Ask the portal for its revision first, or set a policy for the unknown",
            _ => ". The portal did not report this counter: ask it again, or do without",
        }
    }

    /// The modules to update, and the versions. The counter belongs to module im, the methods
    /// of imbot.v2 belong to module imbot.
    fn update(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = self.requirement.range;
        if let Some(newest) = self.beyond() {
            let counter = match range.counter {
                Counter::Rest => String::new(),
                counter => format!("{} ", counter.name()),
            };
            let since = range.since;
            return write!(
                f,
                ". No release with {counter}revision {since} is known to this table (newest: {newest})"
            );
        }
        let release = match range.counter {
            Counter::Rest => self.caps.table().release_with(range.since),
            _ => None,
        };
        let behind = self.knowledge().bounds(range.counter).1 < range.since;
        let im = behind.then(|| self.im_build(release));
        let imbot = (behind && range.needs_imbot_v2() || range.lacks_imbot_v2(self.knowledge()))
            .then(|| self.imbot_build(release));
        f.write_str(". Update the portal's ")?;
        match (im, imbot) {
            (Some(im), Some(imbot)) if im == imbot => write!(f, "modules im and imbot{im}"),
            (Some(im), Some(imbot)) => write!(f, "modules im{im} and imbot{imbot}"),
            (None, Some(imbot)) => write!(f, "module imbot{imbot}"),
            (im, None) => write!(f, "module im{}", im.unwrap_or(Build::Newest)),
        }
    }

    /// The newest revision of the table's releases, if the requirement is above it and the row
    /// names no module.
    fn beyond(&self) -> Option<Revision> {
        let range = self.requirement.range;
        if self
            .row()
            .is_some_and(|row| row.im_versions().or(row.imbot_versions()).is_some())
        {
            return None;
        }
        let releases = self.caps.table().releases();
        let newest = releases.filter_map(|release| release.get(range.counter)).max()?;
        (newest < range.since).then_some(newest)
    }

    fn im_build(&self, release: Option<&'static Release>) -> Build {
        if let Some(version) = self.row().and_then(Row::im_versions) {
            return Build::version(version);
        }
        let Some(release) = release else {
            return Build::Newest;
        };
        match (release.im_versions(), release.seen(), release.published()) {
            (Some(seen), ..) => Build::version(seen.first()),
            (None, Some(seen), _) => Build::Of(seen),
            (None, None, Some(published)) => Build::After(published, release.rest()),
            (None, None, None) => Build::Newest,
        }
    }

    fn imbot_build(&self, release: Option<&'static Release>) -> Build {
        let facts = self.caps.table().imbot_v2_builds();
        if let Some(version) = self.row().and_then(Row::imbot_versions) {
            return Build::version(version);
        }
        // For releases after Revision.get, only the day is known.
        let later = release.filter(|_| self.requirement.range.since > REVISION_GET_REST);
        match later.map(|release| (release.published(), release.seen(), release.rest())) {
            Some((Some(published), _, rest)) => Build::After(published, rest),
            Some((None, Some(seen), _)) => Build::Of(seen),
            Some((None, None, _)) => Build::Newest,
            // Above all releases of the table: no version is known.
            None if self.requirement.counter() == Counter::Rest
                && self.requirement.range.since > REVISION_GET_REST =>
            {
                Build::Newest
            }
            None if self.requirement.range.needs_revision_get() => {
                Build::version(facts.first_with_revision_get())
            }
            None => Build::version(facts.first_with_imbot_v2()),
        }
    }
}

/// The version that a module needs, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Build {
    Version(&'static str),
    Of(Date),
    After(Date, Revision),
    Newest,
}

impl Build {
    /// From a version, or from a requirement such as `>=26.300.0`.
    fn version(text: &'static str) -> Self {
        Build::Version(text.trim_start_matches([' ', '>', '=']))
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Build::Version(version) => write!(f, " to {version} or newer"),
            Build::Of(day) => write!(f, " to a build of {day} or newer"),
            Build::After(day, rest) => {
                write!(
                    f,
                    " to a build newer than {day}, when revision {rest} was published"
                )
            }
            Build::Newest => Ok(()),
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
            .field("known", self.knowledge())
            .field("cause", &self.cause())
            .finish()
    }
}

impl std::error::Error for Unsupported {}

impl Unknown {
    /// The requirement.
    #[must_use]
    pub fn requirement(&self) -> Requirement {
        self.0.requirement
    }

    /// The feature, if the question was about one.
    #[must_use]
    pub fn feature(&self) -> Option<Feature> {
        self.0.feature
    }

    /// The knowledge of the portal.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        self.0.caps.knowledge()
    }

    /// The row of the table with this id, if any.
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
            .field("known", self.0.knowledge())
            .finish()
    }
}

impl std::error::Error for Unknown {}

impl From<Unknown> for Unsupported {
    /// An [`Unsupported`] with the cause [`Cause::NotKnown`], for code that treats both alike.
    fn from(unknown: Unknown) -> Self {
        unknown.0
    }
}
