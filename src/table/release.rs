//! Which module versions carried which revision.

use semver::Version;

use super::Table;
use super::row::{Date, Str};
use super::terms::Confidence;
use crate::knowledge::{ImbotGeneration, Knowledge, Provenance};
use crate::revision::{Axis, Revision};

/// A known REST revision: where and when it was seen.
#[derive(Clone, Debug)]
pub struct Release {
    pub(crate) rest: Revision,
    pub(crate) im: Option<Seen>,
    pub(crate) main: Option<Seen>,
    pub(crate) others: [Option<Revision>; 3],
    pub(crate) seen: Option<Date>,
    pub(crate) published: Option<Date>,
    pub(crate) source: Str,
    pub(crate) confidence: Confidence,
    pub(crate) note: Option<Str>,
}

/// The oldest and the newest version of a module that was seen with a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub(crate) first: Str,
    pub(crate) last: Str,
}

impl Seen {
    /// The oldest version seen.
    #[must_use]
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The newest version seen.
    #[must_use]
    pub fn last(&self) -> &str {
        &self.last
    }

    fn versions(&self) -> Option<(Version, Version)> {
        // The lint rule `version` has read both; a table cannot hold others.
        Some((self.first.parse().ok()?, self.last.parse().ok()?))
    }
}

impl Release {
    /// The REST revision.
    #[must_use]
    pub fn rest(&self) -> Revision {
        self.rest
    }

    /// The versions of module `im` it was seen in.
    #[must_use]
    pub fn im(&self) -> Option<&Seen> {
        self.im.as_ref()
    }

    /// The versions of module `main` it was seen beside.
    #[must_use]
    pub fn main(&self) -> Option<&Seen> {
        self.main.as_ref()
    }

    /// What its newest build reported on another axis.
    #[must_use]
    pub fn get(&self, axis: Axis) -> Option<Revision> {
        let [web, mobile, desktop] = self.others;
        match axis {
            Axis::Rest => Some(self.rest),
            Axis::Web => web,
            Axis::Mobile => mobile,
            Axis::Desktop => desktop,
        }
    }

    /// The day by which it had been released, from its first copy seen.
    #[must_use]
    pub fn seen(&self) -> Option<Date> {
        self.seen
    }

    /// The day its changes were published.
    #[must_use]
    pub fn published(&self) -> Option<Date> {
        self.published
    }

    /// The address of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How sure it is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// What else there is to say.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// When imbot.v2 came, in versions of module `imbot`.
#[derive(Clone, Debug)]
pub struct ImbotV2 {
    pub(crate) rest: Revision,
    pub(crate) absent: Str,
    pub(crate) present: Str,
    pub(crate) revision_get_absent: Str,
    pub(crate) revision_get: Str,
    pub(crate) source: Str,
}

impl ImbotV2 {
    /// The lowest REST revision that a build with imbot.v2 reported.
    #[must_use]
    pub fn rest(&self) -> Revision {
        self.rest
    }

    /// The newest module `imbot` seen without it.
    #[must_use]
    pub fn absent(&self) -> &str {
        &self.absent
    }

    /// The oldest module `imbot` seen with it.
    #[must_use]
    pub fn present(&self) -> &str {
        &self.present
    }

    /// The newest module `imbot` seen without `imbot.v2.Revision.get`.
    #[must_use]
    pub fn revision_get_absent(&self) -> &str {
        &self.revision_get_absent
    }

    /// The oldest module `imbot` seen with `imbot.v2.Revision.get`.
    #[must_use]
    pub fn revision_get(&self) -> &str {
        &self.revision_get
    }

    /// The address of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl Table {
    /// What the versions of a portal's modules say, without asking it.
    ///
    /// An operator reads them in the portal's update page. A version between the
    /// last sighting of one revision and the first of the next gives an interval;
    /// one above all sightings a lower bound.
    ///
    /// ```
    /// use imbot_caps::{Table, semver::Version};
    ///
    /// let known = Table::builtin().knowledge_of(Some(&Version::new(25, 1300, 0)), None);
    /// assert_eq!(known.rest(), Some(32));
    /// ```
    #[must_use]
    pub fn knowledge_of(&self, im: Option<&Version>, imbot: Option<&Version>) -> Knowledge {
        let from = Provenance::Modules;
        let mut known = Knowledge::unknown();
        if let Some(im) = im {
            let (least, most) = self.rest_of(im);
            known = known.bound_rest(least, most, from);
        }
        if let Some(imbot) = imbot {
            let facts = self.imbot_v2();
            let is = |than: fn(&Version, &Version) -> bool, version: &str| {
                version.parse().is_ok_and(|version| than(imbot, &version))
            };
            let least = if is(Version::ge, facts.revision_get()) {
                ImbotGeneration::WithRevisionGet
            } else if is(Version::ge, facts.present()) {
                ImbotGeneration::WithoutRevisionGet
            } else {
                ImbotGeneration::Absent
            };
            let most = if is(Version::le, facts.absent()) {
                ImbotGeneration::Absent
            } else if is(Version::le, facts.revision_get_absent()) {
                ImbotGeneration::WithoutRevisionGet
            } else {
                ImbotGeneration::WithRevisionGet
            };
            known = known.bound_imbot(least, most, from);
        }
        known.inferred()
    }

    fn rest_of(&self, im: &Version) -> (Revision, Option<Revision>) {
        let seen = self
            .releases()
            .filter_map(|release| Some((release.rest, release.im.as_ref()?.versions()?)));
        let mut bounds = (0, None);
        for (rest, (first, last)) in seen {
            if *im >= first {
                bounds.0 = rest;
            }
            if *im <= last && bounds.1.is_none() {
                bounds.1 = Some(rest);
            }
        }
        bounds
    }

    /// The release that has at least this REST revision, for advice.
    pub(crate) fn release_with(&self, rest: Revision) -> Option<&Release> {
        self.releases().find(|release| release.rest >= rest)
    }
}
