//! The layer and the service for calls of one portal.

use std::fmt;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::error::GateError;
use super::future::GateFuture;
use super::ready_service::ReadyService;
use crate::gate::gate::Gate;
use crate::gate::gated::{GatedCall, GatedStep};
use crate::gate::portal_gate::PortalGate;
use crate::offload;
use crate::portal::Portal;
use crate::registry::Handle;
use crate::wire::{Call, Reply};

/// Puts a [`Gate`] around a service that sends the calls of one portal.
///
/// The service takes a [`Call`], sends it with the credential of the portal, and returns the
/// [`Reply`]. It has to be [`Clone`], since one call may need several requests. `Buffer` makes
/// a service [`Clone`].
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
/// If no row of the table is about a call, it is sent unchanged. Any other call is planned by
/// the knowledge of the portal. Without knowledge, the registry asks the portal first, over its
/// own transport and not through the service. The service gets one request for a call, and more
/// only in these cases:
///
/// - The portal refuses the method as absent, though it should have it. The registry asks the
///   portal again. Then the older form of the call is sent, if there is one. An absent method
///   did nothing, so nothing is done twice.
/// - The call has made event handlers useless. One batch lists them, others remove them, up to
///   50 in each. If one fails, the reply is still the call's own.
/// - The call becomes several older ones, which one batch cannot have. If one of them fails
///   after another has succeeded, the reply is its error with
///   [`has_result`](crate::wire::ApiError::has_result). If it gets no reply of the API, the code
///   of this error is `PARTLY_DONE`. The service does not fail: a layer that retries failed
///   requests would do the first part twice.
///
/// # Readiness
///
/// The gate is ready when the service is. The service that was polled ready gets the first
/// request. Each further request waits until a service is ready, and holds no permit of the
/// request before. While the portal is asked, a call holds no permit either: it takes a new one
/// afterwards. So a limit of one behind the gate blocks nothing, even if the registry's
/// transport sends through the same limit. Only a limit before the gate bounds the number of
/// calls that wait for a portal's answer.
///
/// The registry's transport must not send through the gate itself: the gate would wait for an
/// answer, and the answer for the gate.
///
/// # Order of layers
///
/// - *Concurrency limit, rate limit, buffer*: behind the gate. There they count every request.
///   Before the gate they count calls, and the portal gets more requests than the limit says.
///   `RateLimit` is not `Clone`: put a `Buffer` before it.
/// - *Retry*: behind the gate or before it. Behind the gate, a call is planned once, and a retry
///   repeats the adapted request; the policy sees the names of older methods. Before the gate,
///   each attempt is planned anew, by the newest knowledge; the policy should not retry
///   [`GateError::Refused`]. The gate itself repeats no request that may have run. The retry
///   policy decides about a request whose reply was lost.
/// - *Timeout*: behind the gate it applies to each request. Before the gate it applies to the
///   whole: the question to the portal and all requests. If it ends while the portal is asked,
///   nothing was sent. If it ends while handlers are removed, the call has succeeded and its
///   reply is lost. So a timeout before the gate should be longer than twice
///   `RegistryBuilder::deadline` (a probe waits for its turn, and then runs) and three requests.
///   If portals can answer "not found", add another such probe and the older method. If the
///   service renews expired tokens, add one exchange of tokens and one request.
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
///     .map_err(GateError::into_boxed) // the layers around need boxed errors
///     .layer(gate)
///     .concurrency_limit(4) // requests
///     .timeout(Duration::from_secs(10)) // for each of them
///     .service(sender)
/// # }
/// ```
#[derive(Clone)]
pub struct GateLayer {
    portal_gate: PortalGate,
}

impl GateLayer {
    /// A layer for services that send the calls of this portal.
    #[must_use]
    pub fn new(gate: &Gate, portal: &Portal) -> Self {
        Self {
            portal_gate: gate.portal(portal),
        }
    }

    /// The same, by a handle of the gate's registry.
    #[must_use]
    pub fn for_handle(gate: &Gate, portal: &Handle) -> Self {
        Self {
            portal_gate: gate.at(portal.clone()),
        }
    }
}

impl<S> Layer<S> for GateLayer {
    type Service = GateService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        GateService {
            inner,
            portal_gate: self.portal_gate.clone(),
        }
    }
}

impl fmt::Debug for GateLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let portal = self.portal_gate.handle.portal().id();
        f.debug_struct("GateLayer")
            .field("portal", portal)
            .finish_non_exhaustive()
    }
}

/// A service of calls behind a gate; made by [`GateLayer`].
#[derive(Clone)]
pub struct GateService<S> {
    inner: S,
    portal_gate: PortalGate,
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
        // A portal runs the same method with and without a suffix.
        let call = call.without_suffix().unwrap_or(call);
        if !self.portal_gate.gate.concerns(call.method()) {
            let PortalGate { gate, handle } = &self.portal_gate;
            let address = handle.portal().address();
            // A large call is not read for the sake of a line of the log.
            match offload::is_long_call(&call) {
                true => gate.watch(address, &Call::new(call.method())),
                false => gate.watch(address, &call),
            }
            return GateFuture::direct(self.inner.call(call));
        }
        let service = ReadyService::take(&mut self.inner);
        GateFuture::guided(guide(self.portal_gate.clone(), service, call))
    }
}

async fn guide<S>(
    portal_gate: PortalGate,
    mut service: ReadyService<S>,
    call: Call,
) -> Result<Reply, GateError<S::Error>>
where
    S: Service<Call, Response = Reply> + Clone,
{
    let is_long = offload::is_long_call(&call);
    let begun = service
        .wait_for(GatedCall::begin(&portal_gate, call, is_long))
        .await;
    let mut gated = begun.map_err(GateError::Refused)?;
    loop {
        let call;
        (gated, call) = service.wait_for(gated.copy()).await;
        let reply = match service.send(call).await {
            Ok(reply) => reply,
            Err(error) => return gated.lost().ok_or(GateError::Inner(error)),
        };
        gated = match gated.take(reply).await {
            GatedStep::Send(next) => next,
            GatedStep::Done(done) => return Ok(done.reply_of_whole()),
        };
    }
}

impl<S: fmt::Debug> fmt::Debug for GateService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let portal = self.portal_gate.handle.portal().id();
        f.debug_struct("GateService")
            .field("portal", portal)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
