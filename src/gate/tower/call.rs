//! Layer and service for the calls of one portal.

use std::fmt;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::place::Place;
use super::{GateError, GateFuture};
use crate::gate::live::{Gate, Gated};
use crate::gate::passage::Step;
use crate::offload;
use crate::portal::Portal;
use crate::registry::Handle;
use crate::wire::{Call, Reply};

/// Puts a [`Gate`] around a service that sends the calls of one portal.
///
/// The service takes a [`Call`], sends it with the credential of the portal, and
/// reads what comes into a [`Reply`]. It has to be [`Clone`], as one call may need
/// more than one request; `Buffer` makes a service so.
///
/// ```
/// # #[cfg(feature = "reqwest")]
/// # async fn f() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// use imbot_caps::gate::{Gate, GateLayer};
/// use imbot_caps::wire::{Call, Reply};
/// use imbot_caps::{Portal, Registry};
/// use tower::{Layer, Service, ServiceExt, service_fn};
///
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// let gate = Gate::new(&Registry::new());
///
/// // How the program sends a call.
/// let sender = service_fn(|call: Call| async move {
///     Ok::<_, std::io::Error>(Reply::Result(call.method().into()))
/// });
/// let mut service = GateLayer::new(&gate, &portal).layer(sender);
///
/// let call = Call::new("imbot.v2.Chat.Message.send").with("botId", 7);
/// let reply = service.ready().await?.call(call).await?;
/// # Ok(()) }
/// ```
///
/// # What is sent
///
/// Calls that no row of the table concerns are sent as they are. Others are planned
/// by what is known of the portal, which is asked first where nothing is known; the
/// question goes by the registry's transport and not through the service. Then the
/// service gets one request for a call, and more only in these cases:
///
/// - The portal refused the method as absent, though it should have it: once it has
///   been asked again, the call is sent the older way, if it has one. A method that is
///   absent did nothing, so nothing is done twice.
/// - The call has made event handlers useless: one batch looks for them, others remove
///   them, up to 50 in each. If one fails, the call's own reply stands.
/// - The call is several older ones, which cannot go in one batch. If no reply of the API
///   comes to one of them after another has succeeded, the reply is an error
///   `PARTLY_DONE` with [`has_result`](crate::wire::ApiError::has_result). The service does
///   not fail: a layer that repeats failed requests would do the first part twice.
///
/// # Readiness
///
/// The gate is ready when the service is. The service that was polled ready is the one
/// that is called; further requests wait until a service is ready for them, and hold
/// nothing of the request before. Nor does a call hold its place in the service while
/// the portal is asked; it takes another one then. So a limit of one behind the gate
/// stops nothing, also where the registry's transport sends through the same limit. How
/// many calls wait for a portal that is being asked is bounded by a limit before the
/// gate alone.
///
/// The registry's transport must not send through the gate itself: the gate would wait
/// for an answer that waits for the gate.
///
/// # Order of layers
///
/// - *Concurrency limit, rate limit, buffer*: behind the gate, so that the requests it
///   adds count, each by itself. Before it they count calls, and the portal gets more
///   requests than the limit says. `RateLimit` is not `Clone`: put a `Buffer` before it.
/// - *Retry*: behind the gate, a call is planned once, and what is repeated is the
///   request as it was adapted; the policy sees older methods by their own names. Before
///   the gate each attempt is planned anew, by what has been learned meanwhile; a policy
///   there should not repeat [`GateError::Refused`]. Either is sound: the gate itself
///   repeats nothing that may have been done. Whether a request whose answer was lost is
///   sent again is the policy's to say.
/// - *Timeout*: behind the gate it is for each request. Before the gate it is for the
///   whole: the question to the portal and what else is sent. When it runs out while
///   the portal is asked, nothing was sent; when it runs out while handlers are
///   removed, the call has succeeded and its reply is lost. So a limit before the gate
///   should have room for a probe (`RegistryBuilder::deadline`) and three requests.
///
/// ```
/// # use imbot_caps::gate::{GateError, GateLayer};
/// # use imbot_caps::wire::{Call, Reply};
/// # use std::time::Duration;
/// # use tower::{BoxError, Service, ServiceBuilder};
/// # fn stack<S>(gate: GateLayer, sender: S) -> impl Service<Call, Response = Reply, Error = BoxError>
/// # where
/// #     S: Service<Call, Response = Reply, Error = std::io::Error> + Clone + Send + 'static,
/// #     S::Future: Send + 'static,
/// # {
/// ServiceBuilder::new()
///     .timeout(Duration::from_secs(60)) // for the whole
///     .map_err(GateError::into_boxed) // as the layers around want it
///     .layer(gate)
///     .concurrency_limit(4) // requests
///     .timeout(Duration::from_secs(10)) // for each of them
///     .service(sender)
/// # }
/// ```
#[derive(Clone)]
pub struct GateLayer {
    gated: Gated,
}

impl GateLayer {
    /// A layer for services that send the calls of this portal.
    #[must_use]
    pub fn new(gate: &Gate, portal: &Portal) -> Self {
        Self {
            gated: gate.portal(portal),
        }
    }

    /// The same, by a handle of the gate's registry.
    #[must_use]
    pub fn at(gate: &Gate, portal: &Handle) -> Self {
        Self {
            gated: gate.at(portal.clone()),
        }
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = GateService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GateService {
            inner,
            gated: self.gated.clone(),
        }
    }
}

impl fmt::Debug for GateLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let portal = self.gated.handle.portal().id();
        f.debug_struct("GateLayer")
            .field("portal", portal)
            .finish_non_exhaustive()
    }
}

/// A service of calls behind a gate; made by [`GateLayer`].
#[derive(Clone)]
pub struct GateService<S> {
    inner: S,
    gated: Gated,
}

impl<S> GateService<S> {
    /// The service behind the gate.
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The same, to change it.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The same, without the gate.
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S> Service<Call> for GateService<S>
where
    S: Service<Call, Response = Reply> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Reply;
    type Error = GateError<S::Error>;
    type Future = GateFuture<S::Future, Reply, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(GateError::Inner)
    }

    fn call(&mut self, call: Call) -> Self::Future {
        if !self.gated.gate.concerns(call.method()) {
            // A large call is not looked through for the sake of a log line.
            let Gated { gate, handle } = &self.gated;
            match offload::is_long_call(&call) {
                true => gate.watch(handle.portal().address(), &Call::new(call.method())),
                false => gate.watch(handle.portal().address(), &call),
            }
            return GateFuture::direct(self.inner.call(call));
        }
        let place = Place::take(&mut self.inner);
        GateFuture::guided(guide(self.gated.clone(), place, call))
    }
}

async fn guide<S>(gated: Gated, mut place: Place<S>, call: Call) -> Result<Reply, GateError<S::Error>>
where
    S: Service<Call, Response = Reply> + Clone,
{
    let begun = place.wait_for(gated.begin(call)).await;
    let passage = begun.map_err(GateError::Refused)?;
    let (mut passage, mut next) = place.wait_for(passage.call_to_send()).await;
    loop {
        let reply = match place.send(next).await {
            Ok(reply) => reply,
            Err(error) => return passage.lost().ok_or(GateError::Inner(error)),
        };
        let step;
        (passage, step) = passage.take(reply).await;
        match step {
            Step::Send(call) => next = call,
            Step::Done(reply) => return Ok(passage.of_whole(reply)),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for GateService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let portal = self.gated.handle.portal().id();
        f.debug_struct("GateService")
            .field("portal", portal)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
