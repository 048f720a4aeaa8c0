//! What happens to portals, for the operator.

use crate::knowledge::Knowledge;
use crate::portal_id::PortalId;
use crate::probe::ProbeError;

/// Something that a registry learned of a portal, or failed to.
///
/// No variant holds a secret. Texts from outside are cut: `Debug` has at most 4 KiB.
///
/// `portal` is the address that the event is about, also where the [`Portal`](crate::Portal) was
/// made with a `member_id`. It is the [`Portal::id`](crate::Portal::id) of a portal at that
/// address that is made without one. Anybody can claim a `member_id`, so no event names it: keep
/// what is to be found by an event under the address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A portal answered for the first time, or told more than before.
    Learned {
        /// The address of the portal.
        portal: PortalId,
        /// What is known now.
        known: Knowledge,
    },
    /// A portal was asked again, and is as it was.
    Refreshed {
        /// The address of the portal.
        portal: PortalId,
        /// What is known still.
        known: Knowledge,
    },
    /// A portal is newer than it was.
    Upgraded {
        /// The address of the portal.
        portal: PortalId,
        /// What was known.
        before: Knowledge,
        /// What is known now.
        after: Knowledge,
    },
    /// A portal is older than it was: restored from a backup, or replaced.
    Downgraded {
        /// The address of the portal.
        portal: PortalId,
        /// What was known.
        before: Knowledge,
        /// What is known now.
        after: Knowledge,
    },
    /// A portal has a new address, and that is proven: its authorisation server says so, or
    /// its old address redirected there, by leave of [`Redirects`](crate::transport::Redirects),
    /// and the portal answered. Replace the old address with the new one where the old one is
    /// stored, and nowhere else. Then make the [`Portal`](crate::Portal) anew. The registry
    /// already has what is known of the new address.
    Moved {
        /// Its old address.
        portal: PortalId,
        /// Its endpoint now, without credential.
        to: String,
    },
    /// Somebody says that a portal is elsewhere, and nothing proves it: a redirect that was
    /// not followed, an event that was sent, or a portal that was made with the same
    /// `member_id`. The portal there may be a copy, or a forgery. No knowledge was moved,
    /// and no request was sent there. Do not store that address: ask the owner of the portal.
    ///
    /// Each new address is reported. The last eight of each portal are remembered for that.
    MoveClaimed {
        /// The address that the portal is known at; of several, the one that was named first.
        portal: PortalId,
        /// Where it is said to be, without credential: an endpoint, or the scheme, host
        /// and port of a redirect.
        to: String,
        /// Who says so.
        by: ClaimedBy,
    },
    /// A portal, or its REST API, is closed. On premise that may pass.
    Gone {
        /// The address of the portal.
        portal: PortalId,
        /// What it said.
        error: ProbeError,
    },
    /// A portal could not be asked, or not for everything. What was known of it
    /// stands.
    Failed {
        /// The address of the portal.
        portal: PortalId,
        /// Why.
        error: ProbeError,
    },
    /// The portal refused as absent what it claims to have, and did not take that
    /// back when asked. Told the first time, the second, the fourth and so on.
    Contradicted {
        /// The address of the portal.
        portal: PortalId,
        /// The feature or requirement.
        id: &'static str,
        /// How often in a row.
        times: u32,
    },
    /// Events of a site were lost, because the listener was too slow. Comes once for each such
    /// site, before all other events.
    Missed {
        /// How many.
        count: u64,
        /// The site whose events were lost: the name of a domain, or an address of a host or
        /// network. If more than 16 sites have lost events, `None` stands for the rest.
        site: Option<String>,
    },
}

impl Event {
    /// Into the log. The fields are listed on the crate's first page.
    pub(super) fn trace(&self) {
        match self {
            Event::Learned { portal, known } => {
                tracing::info!(
                    bitrix24.portal = %portal,
                    bitrix24.known = %known,
                    "learned what the portal can do"
                );
            }
            Event::Refreshed { portal, known } => {
                tracing::debug!(
                    bitrix24.portal = %portal,
                    bitrix24.known = %known,
                    "the portal is as it was"
                );
            }
            Event::Upgraded {
                portal,
                before,
                after,
            } => {
                tracing::info!(
                    bitrix24.portal = %portal,
                    bitrix24.known = %after,
                    bitrix24.known_before = %before,
                    "the portal was upgraded"
                );
            }
            Event::Downgraded {
                portal,
                before,
                after,
            } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    bitrix24.known = %after,
                    bitrix24.known_before = %before,
                    "the portal was restored from a backup, or replaced"
                );
            }
            Event::Moved { portal, to } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    bitrix24.moved_to = to,
                    "the portal has moved"
                );
            }
            Event::MoveClaimed { portal, to, by } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    bitrix24.move_claimed = to,
                    bitrix24.claimed_by = by.as_str(),
                    "the portal is said to be elsewhere, which nothing proves"
                );
            }
            Event::Gone { portal, error } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    error.type = error.kind().as_str(),
                    error.message = %error,
                    "the portal is closed"
                );
            }
            Event::Failed { portal, error } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    error.type = error.kind().as_str(),
                    error.message = %error,
                    "the portal's capabilities could not be learned"
                );
            }
            Event::Contradicted { portal, id, times } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    bitrix24.feature = id,
                    bitrix24.contradictions = times,
                    "the portal refuses what it claims to have"
                );
            }
            Event::Missed { .. } => {}
        }
    }
}

/// Who says that a portal is elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimedBy {
    /// What answers at the portal's address: a redirect that was not followed.
    Redirect,
    /// An event that was sent in the portal's name.
    Event,
    /// The program: it made portals with one `member_id` at several addresses.
    Program,
}

impl ClaimedBy {
    /// As the log has it.
    fn as_str(self) -> &'static str {
        match self {
            ClaimedBy::Redirect => "redirect",
            ClaimedBy::Event => "event",
            ClaimedBy::Program => "program",
        }
    }
}
