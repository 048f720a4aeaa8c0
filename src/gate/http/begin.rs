//! Whether the gate handles a request, and how its call is begun.

use super::exchange::Exchange;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::message::GateRequest;
use super::portal_pattern::PortalPattern;
use super::request::{Recognised, Route};
use super::unreadable::UnreadableError;
use crate::gate::gate::Gate;
use crate::gate::gated::GatedCall;
use crate::gate::refused_error::RefusedError;
use crate::offload;
use crate::portal::PortalId;
use crate::wire::Call;

/// Why a request is not sent.
pub(crate) enum NotSent {
    Refused(Box<RefusedError>),
    Unreadable(UnreadableError),
}

/// The route, if the gate handles it. Any other request is passed on untouched. If its portal
/// is not registered, it is counted and logged.
pub(crate) fn gated_route(
    gate: &Gate,
    portals: &PortalPattern,
    route: Route,
    body: Option<&[u8]>,
) -> Option<Route> {
    let is_concerned = gate.concerns(route.method());
    let address = route.portal_address()?;
    if gate.registry().get(&address).is_none() && !portals.take(route.url(), &address) {
        if is_concerned {
            gate.passes_over(route.url().host_str(), route.method());
        }
        return None;
    }
    if is_concerned {
        return Some(route);
    }
    watch_untouched(gate, &address, route, body);
    None
}

/// Checks the names in a request that is passed on untouched. Its body is read if it is in
/// memory, and if the parameters of this call are due for a check.
fn watch_untouched(gate: &Gate, address: &PortalId, route: Route, body: Option<&[u8]>) {
    let Some(wants_parameters) = gate.watches_parameters(address, route.method()) else {
        return;
    };
    let name = Call::new(route.method());
    let is_in_memory = (body.is_some() || !route.has_body()) && route.readable().is_ok();
    let body = body.unwrap_or_default();
    // A large call is not read for the sake of a line of the log.
    let is_read = wants_parameters && is_in_memory && !route.is_long(body);
    let recognised = is_read.then(|| route.read(body));
    let call = recognised.flatten().map_or(name, |recognised| recognised.call);
    gate.watch(address, &call);
}

/// The call of a request, if a row of the table is about it. A large one is read off the runtime's
/// workers.
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(crate) async fn recognise<Q: GateRequest>(
    gate: &Gate,
    route: Route,
    request: Q,
) -> (Q, Option<Recognised>) {
    let is_long = route.is_long(request.bytes().unwrap_or_default());
    let gate = gate.clone();
    let read = move || {
        let recognised = route.read(request.bytes().unwrap_or_default());
        let recognised = recognised.filter(|recognised| recognised.concerns(&gate));
        (request, recognised)
    };
    offload::run_if(is_long, read).await
}

impl Recognised {
    /// Whether a row of the table is about the call. If not, the call is not planned, and its
    /// names are checked here.
    pub(crate) fn concerns(&self, gate: &Gate) -> bool {
        let concerns = gate.concerns_call(&self.call);
        if !concerns {
            gate.watch(self.portal.address(), &self.call);
        }
        concerns
    }

    /// The exchange for the call.
    ///
    /// # Errors
    ///
    /// [`NotSent`], and nothing was sent.
    pub(crate) async fn begin<H>(mut self, gate: &Gate) -> Result<Exchange<H>, NotSent> {
        let portal_gate = gate.portal(&self.portal);
        if let Err(unreadable) = self.readable()
            && !portal_gate.settles_now(self.call.method(), true).await
        {
            return Err(NotSent::Unreadable(unreadable));
        }
        let call = std::mem::replace(&mut self.call, Call::new(""));
        let is_long = offload::is_long_call(&call);
        let gated = GatedCall::begin(&portal_gate, call, is_long)
            .await
            .map_err(NotSent::Refused)?;
        Ok(Exchange::new(self, gated).await)
    }
}

/// The exchange for a call with unknown parameters, if these do not matter. `None` if the gate
/// has to read them.
///
/// # Errors
///
/// [`RefusedError`], and nothing was sent.
pub(crate) async fn begin_unseen<H>(
    gate: &Gate,
    route: &Route,
) -> Result<Option<Exchange<H>>, Box<RefusedError>> {
    let Some(portal) = route.portal() else {
        return Ok(None);
    };
    let portal_gate = gate.portal(&portal);
    // If the body is readable, the adapter reads it next, and the portal need not be asked yet.
    let is_last = route.readable().is_err();
    if !portal_gate.settles_now(route.method(), is_last).await {
        return Ok(None);
    }
    let gated = GatedCall::begin(&portal_gate, Call::new(route.method()), false).await?;
    let is_as_it_is = gated.planned().changed_call().is_none();
    Ok(is_as_it_is.then(|| Exchange::unseen(gated)))
}
