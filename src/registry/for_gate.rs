//! What a gate needs of a registry and of its handles.

use std::time::{Duration, SystemTime};

use super::handle::Handle;
use super::registry::Registry;
use super::served::Served;
use crate::caps::Caps;
use crate::clock::within;
use crate::feature::{Requirement, Verdict};
use crate::freshness::Purpose;
use crate::knowledge::Knowledge;
use crate::portal::Portal;
use crate::portal_client::CallOptions;
use crate::portal_probe::ProbeError;
use crate::transport::MemoryReservation;
use crate::wire::budget::Budget;

/// How long an adapter waits for the memory to read a reply. After that it passes the reply on
/// unread.
const RESERVATION_PATIENCE: Duration = Duration::from_secs(10);

impl Registry {
    /// The caps of a portal of which nothing is known, with this registry's table and policy.
    pub(crate) fn reading(&self) -> Caps {
        self.shared.settings.reading
    }

    /// The options of a call, as probes have them.
    pub(crate) fn call_options(&self) -> CallOptions<'_> {
        CallOptions {
            transport: &*self.shared.transport,
            clock: &*self.shared.clock,
            redirects: &self.shared.settings.redirects,
            budget: Budget::SMALL,
            reply_memory: Some(&self.shared.reply_memory),
            timeout: None,
        }
    }

    /// The reservation for a reply of a portal that an adapter reads.
    pub(crate) fn reservation(&self, portal: &Portal, budget: Budget) -> MemoryReservation {
        self.shared.reply_memory.reservation(portal.address(), budget)
    }

    /// Waits for the memory. Returns whether it came in time.
    pub(crate) async fn admits(&self, reservation: &MemoryReservation) -> bool {
        within(&*self.shared.clock, RESERVATION_PATIENCE, reservation.acquire())
            .await
            .is_some()
    }

    /// Waits by the registry's clock.
    pub(crate) async fn sleep(&self, pause: Duration) {
        self.shared.clock.sleep(pause).await;
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.shared.clock.now()
    }
}

impl Handle {
    /// Does the work of [`ready`](Self::ready) for a gate, which goes on without an answer. Returns
    /// whether the portal was asked.
    pub(crate) async fn ready_or_not(&self) -> bool {
        let served = self.slot.ask(&self.portal, &self.shared, Purpose::All).await;
        self.shared.metrics.answered(&self.portal, &served);
        matches!(served, Ok(Served::Probed))
    }

    /// Asks the portal before a gate refuses a call because this requirement is not met. Does not
    /// ask if the answer is young enough: see [`Lifetimes::max_refusal_age`](crate::freshness::Lifetimes::max_refusal_age).
    /// With `insist` a young answer does not count. Returns whether the portal was asked.
    /// Cancel-safe.
    pub(crate) async fn ask_to_refuse(
        &self,
        requirement: Requirement,
        insist: bool,
    ) -> Result<bool, ProbeError> {
        let most = self.shared.settings.cap.map(Knowledge::pinned);
        if most.is_some_and(|most| requirement.range.decide(&most) == Verdict::Unmet) {
            // The program's cap rules it out.
            return Ok(false);
        }
        let purpose = Purpose::Refusal { insist };
        let served = self.slot.ask(&self.portal, &self.shared, purpose).await?;
        if served != Served::Probed {
            // A probe for another caller may be running.
            self.slot.settled(&self.shared).await;
        }
        Ok(served == Served::Probed)
    }

    /// Asks the portal before a gate sends a call that does harm if the portal ignores it.
    /// Cancel-safe.
    ///
    /// # Errors
    ///
    /// [`ProbeError`] if the probe fails, if one has failed less than
    /// [a minute](crate::freshness::Lifetimes::max_refusal_age) ago, and in the pause after a failure.
    pub(crate) async fn ask_to_send(&self) -> Result<(), ProbeError> {
        self.ask(Purpose::Harm).await.map(drop)
    }

    /// The age of the portal's answer, and the failure since then.
    pub(crate) fn answer(&self) -> (Option<Duration>, Option<ProbeError>) {
        let now = self.shared.clock.now();
        self.slot.with(|state| {
            let (age, failed) = state.answer(&self.portal, now);
            (age, failed.cloned())
        })
    }

    /// Records the address that the authorisation server has confirmed with a renewed token.
    pub(crate) fn take_confirmed_address(&self) {
        self.shared.take_confirmed(&self.portal, self.shared.clock.now());
    }

    /// Counts a call by the decision of a gate.
    pub(crate) fn gated(&self, outcome: &'static str) {
        self.shared.metrics.gated(&self.portal, outcome);
    }

    /// The event address of a bot, if it was seen.
    pub(crate) fn event_url_of(&self, bot: u64) -> Option<Box<str>> {
        self.slot.with(|state| state.bot_event_urls.get(&bot).cloned())
    }

    /// Remembers the event address of a bot, or forgets it.
    pub(crate) fn remember_event_url(&self, bot: u64, url: Option<&str>) {
        self.slot.with(|state| match url {
            Some(url) => state.remember_event_url(bot, url.into()),
            None => drop(state.bot_event_urls.remove(&bot)),
        });
    }
}
