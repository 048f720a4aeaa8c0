//! [`Shared`]: what a registry and its handles share.

use std::sync::Arc;
use std::time::SystemTime;

use super::directory::Directory;
use super::event::{ClaimedBy, Event};
use super::feed::Feed;
use super::metrics::Metrics;
use super::settings::Settings;
use super::stored::StoreClient;
use crate::clock::{Clock, within};
use crate::permits::{Permit, Permits};
use crate::portal::Portal;
use crate::portal_id::PortalId;
use crate::site::Sites;
use crate::transport::{ReplyMemory, Transport};

pub(super) struct Shared {
    pub(super) directory: Directory,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    /// Limits the number of probes at a time.
    pub(super) probes: Permits,
    /// The memory of large replies.
    pub(super) reply_memory: Arc<ReplyMemory>,
    pub(super) events: Feed,
    pub(super) metrics: Metrics,
    pub(super) settings: Settings,
    /// What other processes share.
    pub(super) store: Option<StoreClient>,
    /// The revisions of which a gauge was set.
    #[cfg(feature = "metrics")]
    pub(super) gauges: std::sync::Mutex<std::collections::BTreeSet<String>>,
}

impl Shared {
    /// Waits for the permit to probe, no longer than a probe may take.
    pub(super) async fn permit(&self, site: &str, has_answered: bool) -> Option<Permit> {
        let permit = self.probes.acquire(site, has_answered);
        within(&*self.clock, self.settings.deadline, permit).await
    }

    /// Records the address that the authorisation server has confirmed for a portal, if there is a
    /// new one.
    pub(super) fn take_confirmed(&self, portal: &Portal, now: SystemTime) {
        if let Some(confirmed) = portal.take_confirmed()
            && let Some(event) = self.directory.confirm(&confirmed.member, &confirmed.address, now)
        {
            self.tell(&confirmed.address, event);
        }
    }

    /// Logs an event of the portal at this address, and sends it to the listeners.
    pub(super) fn tell(&self, address: &PortalId, event: Event) {
        event.trace();
        // A stranger may have told the program that address.
        let by = ClaimedBy::Program;
        let is_claimed = matches!(&event, Event::MoveClaimed { by: own, .. } if *own == by);
        self.send(address, event, !is_claimed);
    }

    /// Sends an event of the portal at this address to the listeners.
    pub(super) fn send(&self, address: &PortalId, event: Event, has_answered: bool) {
        let sites = Sites::by(self.settings.reading.table());
        self.events
            .push(event, || sites.account(address).answered(has_answered));
    }
}
