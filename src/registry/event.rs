//! What happens to portals, for the operator.

use tokio::sync::broadcast;

use crate::knowledge::Knowledge;
use crate::portal::PortalId;
use crate::probe::ProbeError;

/// Something that a registry learned of a portal, or failed to.
///
/// No variant holds a secret. Texts from outside are cut: `Debug` has at most 4 KiB.
/// `portal` is the [`Portal::id`](crate::Portal::id) of the one who asked: a portal that is
/// asked with and without `member_id` appears under both.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A portal answered for the first time, or told more than before.
    Learned {
        /// The portal.
        portal: PortalId,
        /// What is known now.
        known: Knowledge,
    },
    /// A portal was asked again, and is as it was.
    Refreshed {
        /// The portal.
        portal: PortalId,
        /// What is known still.
        known: Knowledge,
    },
    /// A portal is newer than it was.
    Upgraded {
        /// The portal.
        portal: PortalId,
        /// What was known.
        before: Knowledge,
        /// What is known now.
        after: Knowledge,
    },
    /// A portal is older than it was: restored from a backup, or replaced.
    Downgraded {
        /// The portal.
        portal: PortalId,
        /// What was known.
        before: Knowledge,
        /// What is known now.
        after: Knowledge,
    },
    /// A portal answers elsewhere now, or claims to. Store the new address, and
    /// make the [`Portal`](crate::Portal) anew with it.
    Moved {
        /// The portal.
        portal: PortalId,
        /// Where to, without credential. Its endpoint where the redirect was
        /// followed or the portal was given so, and its scheme, host and port
        /// where the redirect was not followed.
        to: String,
    },
    /// Two addresses are in use for one `member_id`: a copy of the portal, or an
    /// address that was changed and not stored everywhere, or was given by mistake.
    /// The former address is kept apart, as a portal of its own. So is every new one
    /// once the portal has moved eight times.
    ///
    /// Handles that were made at the former address before do not know of that. They
    /// are of the portal that has moved, serve what is known of it, and cannot ask it
    /// with a [`Portal`](crate::Portal) of the address that it left. Make them anew:
    /// a handle that is made now is of the portal at its own address.
    Contested {
        /// The portal.
        portal: PortalId,
        /// The address that is kept apart.
        former: PortalId,
    },
    /// A portal, or its REST API, is closed. On premise that may pass.
    Gone {
        /// The portal.
        portal: PortalId,
        /// What it said.
        error: ProbeError,
    },
    /// A portal could not be asked, or not for everything. What was known of it
    /// stands.
    Failed {
        /// The portal.
        portal: PortalId,
        /// Why.
        error: ProbeError,
    },
    /// The portal refused as absent what it claims to have, and did not take that
    /// back when asked. Told the first time, the second, the fourth and so on.
    Contradicted {
        /// The portal.
        portal: PortalId,
        /// The feature or requirement.
        id: &'static str,
        /// How often in a row.
        times: u32,
    },
    /// So many events were lost, because they were not taken as fast as they came.
    Missed {
        /// How many.
        count: u64,
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
            Event::Contested { portal, former } => {
                tracing::warn!(
                    bitrix24.portal = %portal,
                    bitrix24.former = %former,
                    "two addresses are in use for one member_id"
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

/// The events of a [`Registry`](crate::Registry) from the moment this was made.
#[derive(Debug)]
pub struct Events(pub(super) broadcast::Receiver<Event>);

impl Events {
    /// The next event; `None` once the registry and all its handles are gone.
    /// Cancel-safe: no event is lost with the future.
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(count)) => Some(Event::Missed { count }),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
