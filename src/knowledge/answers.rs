//! The knowledge that each answer of a portal gives.

use super::imbot_v2_presence::ImbotV2Presence;
use super::interval::Interval;
use super::knowledge::{Knowledge, NOT_REPORTED};
use super::provenance::Provenance;
use crate::revision::Revisions;

impl Knowledge {
    /// `imbot.v2.Revision.get` answered with these counters.
    ///
    /// Any number is accepted. A new module `imbot` beside an older `im` reports 32. A
    /// probe rejects a lower number, since no portal with imbot.v2 has it.
    #[must_use]
    pub fn from_imbot_revision_get(seen: &Revisions) -> Self {
        let from = Provenance::ImbotRevisionGet;
        let mut known = Self::unknown().reporting(seen, from);
        known.imbot = Interval::exact(ImbotV2Presence::WithRevisionGet, from);
        known.inferred()
    }

    /// `im.revision.get` answered with these counters.
    #[must_use]
    pub fn from_im_revision_get(seen: &Revisions) -> Self {
        Self::unknown()
            .reporting(seen, Provenance::ImRevisionGet)
            .inferred()
    }

    /// `imbot.v2.Revision.get` does not exist there.
    #[must_use]
    pub fn revision_get_absent() -> Self {
        let mut known = Self::unknown();
        known
            .imbot
            .at_most(ImbotV2Presence::WithoutRevisionGet, Provenance::MethodNotFound);
        known
    }

    /// `imbot.v2.Revision.get` exists there but gave no number, for example because the
    /// credential lacks the scope.
    #[must_use]
    pub fn revision_get_exists() -> Self {
        let mut known = Self::unknown();
        known
            .imbot
            .at_least(ImbotV2Presence::WithRevisionGet, Provenance::MethodExists);
        known.inferred()
    }

    /// Another method of imbot.v2 exists there, so the API does.
    #[must_use]
    pub fn imbot_v2_exists() -> Self {
        let mut known = Self::unknown();
        known
            .imbot
            .at_least(ImbotV2Presence::WithoutRevisionGet, Provenance::MethodExists);
        known.inferred()
    }

    /// A method that every imbot.v2 has does not exist there, so the API does not.
    #[must_use]
    pub fn imbot_v2_absent() -> Self {
        let mut known = Self::unknown();
        known
            .imbot
            .at_most(ImbotV2Presence::Absent, Provenance::MethodNotFound);
        known
    }

    fn reporting(mut self, seen: &Revisions, from: Provenance) -> Self {
        if let Some(rest) = seen.rest() {
            self.rest = Interval::exact(rest, from);
        }
        for (slot, value) in self
            .others
            .iter_mut()
            .zip([seen.web(), seen.mobile(), seen.desktop()])
        {
            *slot = value.unwrap_or(NOT_REPORTED);
        }
        self
    }
}
