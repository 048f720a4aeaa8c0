//! Which requests a gate handles, and how they are let in.

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
use super::message::Sent;
use super::{Exchange, Portals, Recognised, Route};
use crate::gate::live::Gate;
use crate::gate::refused::Refused;
use crate::offload;
use crate::portal::PortalId;
use crate::wire::Call;

/// A route that the gate handles. Any other request goes on untouched, and is counted and
/// logged where that is due.
pub(in crate::gate) fn admit(
    gate: &Gate,
    portals: &Portals,
    route: Route,
    body: Option<&[u8]>,
) -> Option<Route> {
    let is_concerned = gate.concerns(route.method());
    let address = route.portal_address()?;
    if gate.registry().get(&address).is_none() && !portals.take(&route.url, &address) {
        if is_concerned {
            gate.passes_over(route.url.host_str(), route.method());
        }
        return None;
    }
    if is_concerned {
        return Some(route);
    }
    watch_untouched(gate, &address, route, body);
    None
}

/// Looks at the names in a request that goes on untouched. A body is read where it is at
/// hand and one of those that are looked through.
fn watch_untouched(gate: &Gate, address: &PortalId, route: Route, body: Option<&[u8]>) {
    let Some(wants_parameters) = gate.watches_parameters(route.method()) else {
        return;
    };
    let name = Call::new(route.method());
    let is_at_hand = (body.is_some() || !route.has_body()) && route.readable().is_ok();
    let body = body.unwrap_or_default();
    // A large call is not looked through for the sake of a log line.
    let is_read = wants_parameters && is_at_hand && !route.is_long(body);
    let recognised = is_read.then(|| route.read(body));
    let call = recognised.flatten().map_or(name, |recognised| recognised.call);
    gate.watch(address, &call);
}

/// The call that a request is, if the gate is concerned. A large one is read off the runtime's
/// workers.
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub(in crate::gate) async fn recognise<Q: Sent>(
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

/// Lets in a call whose parameters are not at hand, where they do not matter; `None`
/// where they have to be seen.
///
/// # Errors
///
/// [`Refused`], and nothing was sent.
pub(in crate::gate) async fn enter_unseen<H>(
    gate: &Gate,
    route: &Route,
) -> Result<Option<Exchange<H>>, Box<Refused>> {
    let Some(portal) = route.portal() else {
        return Ok(None);
    };
    let gated = gate.portal(&portal);
    // What can be read is read next.
    let is_last = route.readable().is_err();
    if !gated.settles_now(route.method(), is_last).await {
        return Ok(None);
    }
    let passage = gated.begin(Call::new(route.method())).await?;
    Ok(passage.first().is_none().then(|| Exchange::unseen(passage)))
}
