//! [`Failures`]: the failures of one portal and of its credentials.

use std::time::SystemTime;

use crate::freshness::Failure;
use crate::portal::Portal;
use crate::portal_probe::ProbeError;

/// The failures in a row of a portal and of its credentials. Each begins a pause: a failure of the
/// portal for all callers, a failure of a credential for its own callers.
#[derive(Debug, Default)]
pub(super) struct Failures {
    portal: Option<Failing>,
    /// The failures of the program's credentials.
    own: Credentials,
    /// The failures of credentials from HTTP requests. Strangers may have made them up.
    guests: Credentials,
}

#[derive(Debug, Default)]
struct Credentials {
    /// Each credential with its failure, by one portal that has the credential.
    each: Vec<(Portal, Failing)>,
    /// The failure of all credentials that are not in `each`. It begins if there are too many
    /// credentials, or if two credentials have the same failure and that may be the portal's.
    crowd: Option<Failing>,
}

#[derive(Clone, Debug)]
pub(super) struct Failing {
    pub(super) failure: Failure,
    pub(super) error: ProbeError,
    /// It may be the portal's failure: the portal has answered no caller since.
    is_unclear: bool,
}

/// How many failing credentials of one portal are kept one by one. Further ones are probably
/// guesses, and share one pause.
const CREDENTIALS: usize = 64;

impl Failures {
    pub(super) fn is_empty(&self) -> bool {
        self.portal.is_none() && self.own.is_empty() && self.guests.is_empty()
    }

    /// The failures that may begin a pause for this portal's credential.
    pub(super) fn of(&self, portal: &Portal) -> impl Iterator<Item = &Failing> {
        let own = self.own.get(portal).or_else(|| self.guests.get(portal));
        // A failure of the program's own credentials holds for guests, but not the reverse.
        let guests = self.guests.crowd.as_ref().filter(|_| portal.is_of_request());
        let crowds = [guests, self.own.crowd.as_ref()];
        let crowds = crowds.into_iter().flatten().filter(move |_| own.is_none());
        own.into_iter().chain(crowds).chain(&self.portal)
    }

    /// The failure of the portal, for all credentials.
    pub(super) fn of_portal(&self) -> Option<&Failing> {
        self.portal.as_ref()
    }

    /// Takes over a failure of the portal that another process has met.
    pub(super) fn set_portal(&mut self, failure: Failure, error: ProbeError) {
        self.portal = Some(Failing {
            failure,
            error,
            is_unclear: false,
        });
    }

    pub(super) fn add_to_portal(&mut self, error: &ProbeError, now: SystemTime) {
        self.portal = Some(Failing::after(self.portal.as_ref(), error, now));
    }

    /// Adds a failure that may be the credential's own. If a second credential has the same failure,
    /// and it may be the portal's, other credentials pause, too. A guest's failure holds for guests
    /// alone.
    pub(super) fn add_to_credential(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) {
        let of_own = self.own.take(portal);
        let is_own = of_own.is_some() || !portal.is_of_request();
        let before = of_own.or_else(|| self.guests.take(portal));
        let credentials = match is_own {
            true => &mut self.own,
            false => &mut self.guests,
        };
        credentials.add(portal, before.as_ref(), error, now);
    }

    /// Ends the portal's failure: the portal has answered some credential.
    pub(super) fn end_of_portal(&mut self) {
        self.portal = None;
        for (_, failing) in self.own.each.iter_mut().chain(&mut self.guests.each) {
            failing.is_unclear = false;
        }
    }

    /// Ends the shared failures: a credential got a complete answer, so others may get one, too.
    pub(super) fn end_of_crowd(&mut self) {
        (self.own.crowd, self.guests.crowd) = (None, None);
    }

    /// Ends the credential's own failure: the portal has answered it.
    pub(super) fn end_of_credential(&mut self, portal: &Portal) {
        self.own.take(portal);
        self.guests.take(portal);
    }
}

impl Credentials {
    fn is_empty(&self) -> bool {
        self.each.is_empty() && self.crowd.is_none()
    }

    fn place(&self, portal: &Portal) -> Option<usize> {
        let mut each = self.each.iter();
        each.position(|(failed, _)| failed.same_credential(portal))
    }

    fn get(&self, portal: &Portal) -> Option<&Failing> {
        let (_, failing) = self.each.get(self.place(portal)?)?;
        Some(failing)
    }

    fn take(&mut self, portal: &Portal) -> Option<Failing> {
        self.place(portal).map(|place| self.each.remove(place).1)
    }

    fn add(&mut self, portal: &Portal, before: Option<&Failing>, error: &ProbeError, now: SystemTime) {
        let is_same = |failing: &Failing| failing.is_unclear && failing.error.class() == error.class();
        let is_met_again = error.is_unclear() && self.each.iter().any(|(_, failing)| is_same(failing));
        let is_kept = before.is_some() || self.each.len() < CREDENTIALS;
        if is_kept {
            self.each
                .push((portal.clone(), Failing::after(before, error, now)));
        }
        if is_met_again || !is_kept {
            let mut failing = Failing::after(self.crowd.as_ref(), error, now);
            // There may be a valid credential among them.
            failing.failure.lasting = false;
            if is_kept {
                // Both credentials may be strangers'. So the pause for others is short.
                failing.failure.count = self.crowd.as_ref().map_or(1, |crowd| crowd.failure.count);
                failing.failure.wait = None;
            }
            self.crowd = Some(failing);
        }
    }
}

impl Failing {
    fn after(before: Option<&Failing>, error: &ProbeError, at: SystemTime) -> Self {
        Self {
            failure: Failure::after(before.map(|before| &before.failure), at, !error.is_transient())
                .with_retry_after(error.retry_after()),
            error: error.clone(),
            is_unclear: error.is_unclear(),
        }
    }
}
