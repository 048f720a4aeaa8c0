//! Knowledge from the versions of a portal's modules.

use semver::Version;

use super::release::Release;
use super::table::Table;
use crate::knowledge::{ImbotV2Presence, Knowledge, Provenance};
use crate::revision::Revision;

impl Table {
    /// The knowledge that follows from the versions of a portal's modules. No call is made.
    ///
    /// The portal's update page shows these versions to an operator. A version between the
    /// last known build of one revision and the first of the next gives an interval. A version
    /// above all known builds gives a lower bound.
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
            let facts = self.imbot_v2_builds();
            let is = |than: fn(&Version, &Version) -> bool, version: &str| {
                version.parse().is_ok_and(|version| than(imbot, &version))
            };
            let least = if is(Version::ge, facts.first_with_revision_get()) {
                ImbotV2Presence::WithRevisionGet
            } else if is(Version::ge, facts.first_with_imbot_v2()) {
                ImbotV2Presence::WithoutRevisionGet
            } else {
                ImbotV2Presence::Absent
            };
            let most = if is(Version::le, facts.last_without_imbot_v2()) {
                ImbotV2Presence::Absent
            } else if is(Version::le, facts.last_without_revision_get()) {
                ImbotV2Presence::WithoutRevisionGet
            } else {
                ImbotV2Presence::WithRevisionGet
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

    /// The first release with at least this REST revision, for advice.
    pub(crate) fn release_with(&self, rest: Revision) -> Option<&Release> {
        self.releases().find(|release| release.rest >= rest)
    }
}
