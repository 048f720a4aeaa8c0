//! What failed of one portal, and whose failure it is.

use std::time::SystemTime;

use crate::freshness::Failure;
use crate::portal::Portal;
use crate::probe::ProbeError;

/// The failures in a row of a portal and of its credentials. Each keeps others from
/// asking for a while: the portal's everybody, a credential's those who have it.
#[derive(Debug, Default)]
pub(super) struct Failures {
    portal: Option<Failing>,
    /// Of credentials, each by one portal that has it.
    credentials: Vec<(Portal, Failing)>,
    /// Of any credential beyond those.
    crowd: Option<Failing>,
}

#[derive(Clone, Debug)]
pub(super) struct Failing {
    pub(super) failure: Failure,
    pub(super) error: ProbeError,
}

/// How many failing credentials of one portal are remembered by themselves: more
/// are guesses, and wait together.
const CREDENTIALS: usize = 64;

impl Failures {
    pub(super) fn is_empty(&self) -> bool {
        self.portal.is_none() && self.credentials.is_empty() && self.crowd.is_none()
    }

    /// Those that may keep somebody with this credential from asking.
    pub(super) fn of(&self, portal: &Portal) -> impl Iterator<Item = &Failing> {
        let own = self.place(portal).and_then(|place| self.credentials.get(place));
        let own = own.map(|(_, failing)| failing).or(self.crowd.as_ref());
        own.into_iter().chain(&self.portal)
    }

    pub(super) fn add_to_portal(&mut self, error: &ProbeError, now: SystemTime) {
        self.portal = Some(Failing::after(self.portal.as_ref(), error, now));
    }

    pub(super) fn add_to_credential(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) {
        let before = self.place(portal).map(|place| self.credentials.remove(place).1);
        if before.is_some() || self.credentials.len() < CREDENTIALS {
            let failing = Failing::after(before.as_ref(), error, now);
            self.credentials.push((portal.clone(), failing));
            return;
        }
        let mut failing = Failing::after(self.crowd.as_ref(), error, now);
        // A good one may be among them.
        failing.failure.lasting = false;
        self.crowd = Some(failing);
    }

    /// The portal has answered, to whomever.
    pub(super) fn end_of_portal(&mut self) {
        self.portal = None;
    }

    /// A credential was told all that it asked: the next may be, too.
    pub(super) fn end_of_crowd(&mut self) {
        self.crowd = None;
    }

    /// The portal has answered this credential.
    pub(super) fn end_of_credential(&mut self, portal: &Portal) {
        self.credentials
            .retain(|(failed, _)| !failed.same_credential(portal));
    }

    fn place(&self, portal: &Portal) -> Option<usize> {
        self.credentials
            .iter()
            .position(|(failed, _)| failed.same_credential(portal))
    }
}

impl Failing {
    fn after(before: Option<&Failing>, error: &ProbeError, at: SystemTime) -> Self {
        Self {
            failure: Failure {
                at,
                count: before.map_or(0, |before| before.failure.count).saturating_add(1),
                lasting: !error.is_transient(),
                wait: error.retry_after(),
            },
            error: error.clone(),
        }
    }
}
