//! Releases: the module versions of each revision.

use semver::Version;

use super::date::Date;
use super::terms::Confidence;
use super::text::Str;
use crate::revision::{Counter, Revision};

/// A known REST revision, with the builds and the day in which it was seen.
#[derive(Clone, Debug)]
pub struct Release {
    pub(crate) rest: Revision,
    pub(crate) im: Option<SeenVersions>,
    pub(crate) main: Option<SeenVersions>,
    pub(crate) others: [Option<Revision>; 3],
    pub(crate) seen: Option<Date>,
    pub(crate) published: Option<Date>,
    pub(crate) source: Str,
    pub(crate) confidence: Confidence,
    pub(crate) note: Option<Str>,
}

/// The oldest and the newest version of a module with a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenVersions {
    pub(crate) first: Str,
    pub(crate) last: Str,
}

impl SeenVersions {
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

    pub(super) fn versions(&self) -> Option<(Version, Version)> {
        // The reader has checked that both are versions.
        Some((self.first.parse().ok()?, self.last.parse().ok()?))
    }
}

impl Release {
    /// The REST revision.
    #[must_use]
    pub fn rest(&self) -> Revision {
        self.rest
    }

    /// The versions of module `im` with this revision.
    #[must_use]
    pub fn im_versions(&self) -> Option<&SeenVersions> {
        self.im.as_ref()
    }

    /// The versions of module `main` beside this revision.
    #[must_use]
    pub fn main_versions(&self) -> Option<&SeenVersions> {
        self.main.as_ref()
    }

    /// The counter of another counter in its newest build.
    #[must_use]
    pub fn get(&self, counter: Counter) -> Option<Revision> {
        let [web, mobile, desktop] = self.others;
        match counter {
            Counter::Rest => Some(self.rest),
            Counter::Web => web,
            Counter::Mobile => mobile,
            Counter::Desktop => desktop,
        }
    }

    /// The day of its first known copy. It was released by then.
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

    /// How sure the release is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// A remark.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// The first builds with imbot.v2, in versions of module `imbot`.
#[derive(Clone, Debug)]
pub struct ImbotV2Builds {
    pub(crate) rest: Revision,
    pub(crate) absent: Str,
    pub(crate) present: Str,
    pub(crate) revision_get_absent: Str,
    pub(crate) revision_get: Str,
    pub(crate) source: Str,
}

impl ImbotV2Builds {
    /// The lowest REST revision that a build with imbot.v2 reported.
    #[must_use]
    pub fn rest(&self) -> Revision {
        self.rest
    }

    /// The newest module `imbot` seen without it.
    #[must_use]
    pub fn last_without_imbot_v2(&self) -> &str {
        &self.absent
    }

    /// The oldest module `imbot` seen with it.
    #[must_use]
    pub fn first_with_imbot_v2(&self) -> &str {
        &self.present
    }

    /// The newest module `imbot` seen without `imbot.v2.Revision.get`.
    #[must_use]
    pub fn last_without_revision_get(&self) -> &str {
        &self.revision_get_absent
    }

    /// The oldest module `imbot` seen with `imbot.v2.Revision.get`.
    #[must_use]
    pub fn first_with_revision_get(&self) -> &str {
        &self.revision_get
    }

    /// The address of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}
