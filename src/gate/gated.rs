//! A call through a gate: the requests to send for it, and the replies to them.
//!
//! It sends nothing itself. An adapter sends each request that it names, and gives it the reply.
//! So all adapters behave alike.

use std::fmt;

use super::portal_gate::PortalGate;
use crate::offload;
use crate::plan::{self, Done, PlannedCall, Step};
use crate::registry::{Handle, Registry};
use crate::transport::MemoryReservation;
use crate::wire::budget::Budget;
use crate::wire::{Call, Reply};

mod absent;
mod begin;

/// The prefix of the methods that register, change and remove bots.
const OF_BOTS: &str = "imbot.v2.Bot.";

/// A call that a [`Gate`](super::Gate) has planned, for a client that is none of this module's
/// adapters. Made by [`Gate::begin`](super::Gate::begin).
///
/// It is a [`PlannedCall`] that learns: from the replies it takes what they show of the portal,
/// and asks the portal again if it refused a method as absent. The program sends
/// [`call`](Self::call) with the credential of the portal and gives the reply to
/// [`take`](Self::take), until the step is [`GatedStep::Done`]:
///
/// ```
/// use imbot_caps::Handle;
/// use imbot_caps::gate::{Gate, GatedStep};
/// use imbot_caps::wire::{Call, Reply};
///
/// # type Error = Box<dyn std::error::Error>;
/// /// `http` is the program's own client.
/// async fn send(
///     gate: &Gate,
///     portal: &Handle,
///     call: Call,
///     http: impl AsyncFn(&Call) -> Result<Reply, Error>,
/// ) -> Result<Reply, Error> {
///     let mut gated = gate.begin(portal, call).await?; // a refused call is not sent
///     loop {
///         let reply = match http(gated.call()).await {
///             Ok(reply) => reply,
///             // The call may have succeeded before an extra request failed.
///             Err(error) => return gated.reply_lost().map(|done| done.into_reply()).ok_or(error),
///         };
///         gated = match gated.take(reply).await {
///             GatedStep::Send(next) => next,
///             GatedStep::Done(done) => return Ok(done.into_reply()),
///         };
///     }
/// }
/// ```
///
/// `Debug` shows no value of the call.
#[must_use = "the call is not sent yet"]
pub struct GatedCall {
    portal_gate: PortalGate,
    planned: PlannedCall<'static>,
    /// Whether work with the call takes long.
    is_long: bool,
    /// The memory for replies. Work with a reply may go on after the call was dropped.
    reservation: MemoryReservation,
}

/// What to do after a reply. These two are final: no more will be added.
#[must_use = "the call may not be done yet"]
#[derive(Debug)]
pub enum GatedStep {
    /// Send [`GatedCall::call`], and give it the reply.
    Send(GatedCall),
    /// The call is over.
    Done(Done),
}

impl GatedCall {
    /// Of a call that was planned. `is_long` says whether work with it takes long.
    fn new(portal_gate: PortalGate, planned: PlannedCall<'static>, is_long: bool) -> Self {
        Self {
            portal_gate,
            planned,
            is_long,
            reservation: MemoryReservation::default(),
        }
    }

    /// The portal that it was planned for. Send it to no other.
    #[must_use]
    pub fn portal(&self) -> &Handle {
        &self.portal_gate.handle
    }

    /// The request to send now.
    #[must_use]
    pub fn call(&self) -> &Call {
        self.planned.call()
    }

    /// Takes the reply to [`call`](Self::call). May ask the portal for its revision. Work with a
    /// large reply is done off the runtime's workers.
    ///
    /// Not cancel-safe: the reply is lost.
    pub async fn take(mut self, reply: Reply) -> GatedStep {
        self.is_long |= offload::is_long_reply(&reply);
        let reply = self.report_not_found_commands(reply).await;
        let Self {
            portal_gate,
            planned,
            is_long,
            reservation,
        } = self;
        // A copy for the end. Calls about bots are rare.
        let is_of_bots = planned.original().method().starts_with(OF_BOTS);
        let asked = is_of_bots.then(|| planned.original().clone());
        let method = planned.call().method();
        portal_gate.handle.report_found(method, &reply);
        let mut step = offload::run_if(is_long, move || planned.take(reply)).await;
        if let Step::MethodNotFound(absent) = step {
            step = portal_gate.replan(absent, is_long).await;
        }
        match step {
            Step::Send(mut planned) => {
                portal_gate.remember(&planned.take_bots());
                GatedStep::Send(Self {
                    portal_gate,
                    planned,
                    is_long,
                    reservation,
                })
            }
            Step::MethodNotFound(absent) => GatedStep::Done(absent.give_up()),
            Step::Done(done) => {
                portal_gate.finish(&done);
                portal_gate.observe_registration(asked.as_ref(), &done);
                GatedStep::Done(done)
            }
        }
    }

    /// As [`PlannedCall::reply_lost`].
    #[must_use]
    pub fn reply_lost(mut self) -> Option<Done> {
        self.stop()
    }

    /// As [`PlannedCall::is_partly_done`].
    #[must_use]
    pub fn is_partly_done(&self) -> bool {
        self.planned.is_partly_done()
    }

    /// As [`PlannedCall::shrink_page`].
    pub fn shrink_page(&mut self) -> Option<u64> {
        let limit = self.planned.shrink_page()?;
        self.log_page(limit, "the reply was too large; asked for fewer events");
        Some(limit)
    }

    /// As [`PlannedCall::shrink_page_after_timeout`].
    pub fn shrink_page_after_timeout(&mut self) -> Option<u64> {
        let limit = self.planned.shrink_page_after_timeout()?;
        self.log_page(limit, "the reply came too late; asked for fewer events");
        Some(limit)
    }

    /// The planned call: its changes and their reasons.
    pub fn planned(&self) -> &PlannedCall<'static> {
        &self.planned
    }

    /// Whether work with the call takes long.
    pub(super) fn is_long(&self) -> bool {
        self.is_long
    }

    /// Does work with the call. If the call or a reply is large, it is done off the runtime's
    /// workers.
    pub(super) async fn off_workers<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&mut Self) -> T + Send + 'static,
    ) -> (Self, T) {
        let is_long = self.is_long;
        let work = move || {
            let done = work(&mut self);
            (self, done)
        };
        offload::run_if(is_long, work).await
    }

    /// A copy of the request to send now, for a service that takes calls.
    #[cfg(feature = "tower")]
    pub(super) async fn copy(self) -> (Self, Call) {
        self.off_workers(|gated| gated.call().clone()).await
    }

    /// The memory for replies within this budget. It is held as long as work with them goes on.
    pub(super) fn reservation(&mut self, budget: Budget) -> (Registry, MemoryReservation) {
        let registry = self.portal_gate.gate.registry().clone();
        self.reservation = registry.reservation(self.portal_gate.handle.portal(), budget);
        (registry, self.reservation.clone())
    }

    /// Whether a reply with this HTTP status has to be read. If not, the adapter passes it on
    /// unread.
    pub(super) fn wants_reply(&self, status: u16) -> bool {
        self.planned.wants_reply(status) || self.could_tell()
    }

    /// Whether a success would prove something about the portal. The body has to be read for
    /// that, since the page of a proxy has the status of a success, too.
    fn could_tell(&self) -> bool {
        const IMBOT_V2: &str = "imbot.v2.";
        let knows = self.portal_gate.handle.caps().knowledge().imbot_v2() == Some(true);
        !knows && self.planned.first_call().method().starts_with(IMBOT_V2)
    }

    /// The end of the call, if it has succeeded and an extra request got no reply.
    pub(super) fn stop(&mut self) -> Option<Done> {
        let done = self.planned.stop()?;
        self.portal_gate.finish(&done);
        Some(done)
    }

    /// The same for adapters without an error of their own for a call that is done in part. For
    /// such a call it is an error reply: as a failed request it would look as if nothing were
    /// done.
    pub(super) fn lost(&mut self) -> Option<Reply> {
        let is_partly_done = self.is_partly_done();
        let stands = self.stop().map(Done::into_reply);
        stands.or_else(|| is_partly_done.then(plan::partly_done))
    }

    fn log_page(&self, limit: u64, why: &str) {
        tracing::debug!(
            bitrix24.portal = %self.portal_gate.handle.portal().address(),
            rpc.method = self.call().method(),
            bitrix24.limit = limit,
            "{why}"
        );
    }
}

impl PortalGate {
    /// Keeps what the end of a call shows.
    fn finish(&self, done: &Done) {
        self.remember(done.bot_addresses());
        for why in done.warnings() {
            tracing::warn!(
                bitrix24.portal = %self.handle.portal().address(),
                error.message = why,
                "a call has succeeded, and the work after it was not done"
            );
        }
    }
}

impl fmt::Debug for GatedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatedCall")
            .field("portal", self.portal_gate.handle.portal().id())
            .field("planned", &self.planned)
            .finish_non_exhaustive()
    }
}
