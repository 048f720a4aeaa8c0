//! Takes in the result of a probe.

use std::time::SystemTime;

use super::State;
use super::merge::{bounds, combined, is_below, is_same};
use crate::freshness::Observation;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::portal_probe::{Found, ProbeError, ProbeErrorKind};
use crate::registry::event::{ClaimedBy, Event};
use crate::wire::REVISION_GET;

/// The event of a portal whose knowledge has changed.
pub(super) fn changed(portal: PortalId, before: Knowledge, after: Knowledge) -> Event {
    if is_below(&after, &before) {
        Event::Downgraded {
            portal,
            before,
            after,
        }
    } else if is_below(&before, &after) {
        Event::Upgraded {
            portal,
            before,
            after,
        }
    } else {
        Event::Learned { portal, known: after }
    }
}

impl State {
    /// Takes in the result of a probe. Returns whether the knowledge is good again, and the events
    /// to report.
    pub(crate) fn apply_probe(
        &mut self,
        portal: &Portal,
        found: Result<Found, ProbeError>,
        asked: SystemTime,
        now: SystemTime,
    ) -> (Result<(), ProbeError>, Vec<Event>) {
        match found {
            Ok(found) => self.learn(portal, found, asked, now),
            Err(error) => {
                let event = self.fail(portal, &error, now);
                (Err(error), vec![event])
            }
        }
    }

    fn learn(
        &mut self,
        portal: &Portal,
        found: Found,
        asked: SystemTime,
        now: SystemTime,
    ) -> (Result<(), ProbeError>, Vec<Event>) {
        let id = || portal.address().clone();
        let mut events = Vec::new();
        if let Some(to) = found.moved_to {
            events.push(Event::Moved { portal: id(), to });
        }
        let since = self.learned;
        let first = since.is_none();
        // What the program assumed holds until the first answer.
        let before = if first { Knowledge::unknown() } else { self.known };
        let (after, confirmed) = combined(&before, &found.known);
        self.known = after;
        if bounds(&after) != bounds(&before) {
            self.contradicted.clear();
        }
        let is_same = is_same(&after, &before);
        if !is_same {
            // The rest of the knowledge keeps its age.
            self.learned = since.map(|since| Observation {
                same_since: asked,
                ..since
            });
        }
        let ((least, most), (lowest, highest)) = bounds(&after);
        let good = confirmed || first;
        let short = match found.incomplete {
            // The rest may have changed. It stays, with its age.
            None if !good => Some(ProbeError::new(
                portal,
                REVISION_GET,
                ProbeErrorKind::LessThanKnown,
            )),
            incomplete => incomplete.filter(|_| !good || least != most || lowest != highest),
        };
        let mends = short.as_ref().is_none_or(ProbeError::is_credential);
        if good {
            self.learned = Some(match since {
                Some(since) if is_same => since.confirmed(asked),
                _ => Observation::new(asked),
            });
            // If the rest is missing for a transient reason, the portal is asked again soon.
            self.outdated = self.outdated_anew || !mends;
        }
        if short.as_ref().is_none_or(|error| !error.is_for_all_credentials()) {
            self.failures.end_of_portal();
        }
        match &short {
            Some(error) if !good || !mends => self.hold_back(portal, error, now),
            _ => self.failures.end_of_credential(portal),
        }
        if short.is_none() {
            self.failures.end_of_crowd();
        }
        events.push(if first {
            Event::Learned {
                portal: id(),
                known: after,
            }
        } else if is_same {
            match &short {
                Some(error) if !good => Event::Failed {
                    portal: id(),
                    error: error.clone(),
                },
                _ => Event::Refreshed {
                    portal: id(),
                    known: after,
                },
            }
        } else {
            changed(id(), before, after)
        });
        let outcome = match short {
            Some(error) if !good => Err(error),
            _ => Ok(()),
        };
        (outcome, events)
    }

    /// Begins a pause: of the portal, or of this credential.
    fn hold_back(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) {
        if error.is_for_all_credentials() {
            self.failures.add_to_portal(error, now);
        } else {
            self.failures.add_to_credential(portal, error, now);
        }
    }

    fn fail(&mut self, portal: &Portal, error: &ProbeError, now: SystemTime) -> Event {
        let id = portal.address().clone();
        // If the probe got no permit, the portal was not asked. Earlier failures stand. The next
        // caller queues again, which is pause enough.
        if !matches!(error.kind(), ProbeErrorKind::TooManyProbes) {
            self.hold_back(portal, error, now);
        }
        match error.kind() {
            ProbeErrorKind::Moved { to: Some(to) } => Event::MoveClaimed {
                portal: id,
                to: to.clone(),
                by: ClaimedBy::Redirect,
            },
            _ if error.is_blocked() => Event::Blocked {
                portal: id,
                error: error.clone(),
            },
            _ => Event::Failed {
                portal: id,
                error: error.clone(),
            },
        }
    }
}
