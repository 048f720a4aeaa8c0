//! [`Event`]: what happens to portals, for the operator.

use crate::knowledge::Knowledge;
use crate::portal_id::PortalId;
use crate::portal_probe::ProbeError;
use crate::store::StoreError;

/// What a registry learned of a portal, or failed to learn.
///
/// No variant holds a secret. Texts from outside are cut: `Debug` has at most 4 KiB.
///
/// `portal` is the address that the event is about, even if the [`Portal`](crate::Portal) was
/// made with a `member_id`. It equals the [`Portal::id`](crate::Portal::id) of a portal at that
/// address without a `member_id`. Anybody can claim a `member_id`, so no event names it. If you
/// store something to find it by an event, store it under the address.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A portal answered for the first time, or its answer says more than before. With a
    /// [store](crate::store::Store), another process may have got the answer. That holds for
    /// `Upgraded` and `Downgraded`, too.
    Learned {
        /// The address of the portal.
        portal: PortalId,
        /// The knowledge now.
        known: Knowledge,
    },
    /// A portal was asked again and has not changed.
    Refreshed {
        /// The address of the portal.
        portal: PortalId,
        /// The knowledge, which is the same.
        known: Knowledge,
    },
    /// A portal is newer than it was.
    Upgraded {
        /// The address of the portal.
        portal: PortalId,
        /// The knowledge before.
        before: Knowledge,
        /// The knowledge now.
        after: Knowledge,
    },
    /// A portal is older than it was: restored from a backup, or replaced.
    Downgraded {
        /// The address of the portal.
        portal: PortalId,
        /// The knowledge before.
        before: Knowledge,
        /// The knowledge now.
        after: Knowledge,
    },
    /// A portal has a new address, and that is proven: its authorisation server has named it; or the
    /// old address redirects there, [`Redirects`](crate::transport::Redirects) allow that, and the
    /// portal answered. In your store, replace the old address with the new one, and nothing else.
    /// Then make the [`Portal`](crate::Portal) anew. The registry already has the knowledge at the
    /// new address.
    Moved {
        /// The old address.
        portal: PortalId,
        /// The new endpoint, without credential.
        to: String,
    },
    /// Another address was claimed for a portal, without a proof. The claim comes from a redirect
    /// of a probe that was not followed, from an event, or from a second portal that was made with
    /// the same `member_id`. The portal there may be a copy or a forgery. No knowledge was moved,
    /// and no request was sent there. Do not store that address: ask the owner of the portal.
    ///
    /// Each new address is reported once. The last eight of each portal are kept for that.
    MoveClaimed {
        /// The known address. If there are several, the one that was named first.
        portal: PortalId,
        /// The claimed address without credential: an endpoint, or the scheme, host and port of a
        /// redirect.
        to: String,
        /// The source of the claim.
        by: ClaimedBy,
    },
    /// A portal or its REST API is closed. On premise it may open again.
    Blocked {
        /// The address of the portal.
        portal: PortalId,
        /// The portal's answer.
        error: ProbeError,
    },
    /// A probe failed, or was incomplete. The earlier knowledge stands.
    Failed {
        /// The address of the portal.
        portal: PortalId,
        /// The reason.
        error: ProbeError,
    },
    /// The portal refused a feature as absent, and still claims to have it when it is asked again.
    /// Reported the first time, the second, the fourth and so on.
    Contradicted {
        /// The address of the portal.
        portal: PortalId,
        /// The feature or requirement.
        id: &'static str,
        /// How many times in a row.
        times: u32,
    },
    /// The [store](crate::store::Store) has failed, or is too slow. The registry goes on without it,
    /// and tries it again after pauses of up to five seconds. Reported once, until
    /// [`StoreRecovered`](Self::StoreRecovered).
    StoreFailed {
        /// The reason.
        error: StoreError,
    },
    /// The store does again all that it failed to do.
    StoreRecovered,
    /// The listener was too slow, and events of a site were lost. Comes once for each such site,
    /// before all other events.
    Lagged {
        /// How many events were lost.
        count: u64,
        /// The site whose events were lost: the name of a domain, or an address of a host or
        /// network. If more than 16 sites have lost events, `None` stands for the rest.
        site: Option<String>,
    },
}

impl Event {
    /// Writes the event to the log. The crate's first page lists the fields.
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
            Event::Blocked { portal, error } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    error.type = error.class().as_str(),
                    error.message = %error,
                    "the portal is closed"
                );
            }
            Event::Failed { portal, error } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    error.type = error.class().as_str(),
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
            Event::StoreFailed { error } => {
                tracing::warn!(
                    error.type = error.kind().as_str(),
                    error.message = %error,
                    "the store failed"
                );
            }
            Event::StoreRecovered => tracing::info!("the store has recovered"),
            Event::Lagged { .. } => {}
        }
    }
}

/// The source of a claim that a portal has another address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimedBy {
    /// A redirect of a probe that was not followed.
    Redirect,
    /// An event in the portal's name.
    Event,
    /// The program. It made portals with one `member_id` at several addresses.
    Program,
}

impl ClaimedBy {
    /// The word for the log.
    fn as_str(self) -> &'static str {
        match self {
            ClaimedBy::Redirect => "redirect",
            ClaimedBy::Event => "event",
            ClaimedBy::Program => "program",
        }
    }
}
