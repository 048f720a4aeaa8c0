//! The layer and the service for HTTP requests to all portals.

use std::fmt;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::error::GateError;
use super::future::GateFuture;
use super::message::WholeBody;
use super::ready_service::ReadyService;
use crate::gate::gate::Gate;
use crate::gate::http::message::{GateRequest, GateResponse};
use crate::gate::http::{
    BODY_LIMIT, Exchange, Next, NotSent, PortalPattern, Recognised, Route, begin_unseen, gated_route,
    recognise,
};
use crate::wire::budget::Budget;

/// Puts a [`Gate`] around an HTTP client, for all portals that the program has registered.
///
/// The client is a service of `reqwest::Request`, such as `reqwest::Client`, or of
/// `http::Request` with bodies in memory: see [`WholeBody`]. The address of a request shows that
/// it is the call of a portal. Address and credential show which portal. These requests are
/// passed on untouched:
///
/// - requests that are no call of a portal
/// - calls that no row of the table is about
/// - calls of portals that are neither registered nor of [a pattern](Self::portals): see
///   [`PortalPattern`]
///
/// ```no_run
/// # #[cfg(feature = "reqwest")]
/// # async fn f() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// use imbot_caps::gate::{Gate, HttpGateLayer};
/// use imbot_caps::{Portal, Registry};
/// use tower::{Layer, Service, ServiceExt};
///
/// let registry = Registry::new();
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// let handle = registry.handle(&portal); // registers it
/// let gate = Gate::new(&registry);
/// let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
/// let mut service = HttpGateLayer::new(&gate).layer(client.clone());
///
/// let request = client
///     .post("https://acme.bitrix24.com/rest/1/s3cret/imbot.v2.Chat.Message.send")
///     .header("content-type", "application/json")
///     .body(r#"{"botId": 7, "dialogId": "chat5", "fields": {"message": "Hello", "system": true}}"#)
///     .build()?;
/// let response = service.ready().await?.call(request).await?;
/// # Ok(()) }
/// ```
///
/// Requests, readiness and the order of layers are those of [`GateLayer`](super::GateLayer).
/// Besides:
///
/// - In an adapted request, the parameters keep their format, and the credential its place. Other
///   headers, the timeout and the extensions stay.
/// - A response that the gate does not need is passed on unread. Other responses are read up to
///   a [limit](Self::max_reply_bytes), and made anew: from the bytes that came, or from the adapted
///   reply. If a response breaks off, the bytes that came are passed on, and reading beyond them
///   fails. If a response is longer than the limit, it is passed on as it came: the bytes that
///   were read, and then the rest of the stream. But a result that had to be translated becomes an
///   error.
/// - If the decision depends on a body that is a stream, the body is read first, up to a
///   [limit](Self::max_request_bytes). If the gate cannot read the parameters that it needs, the call is
///   not sent: [`GateError::Unreadable`].
/// - Configure the client to follow no redirects. If a `reqwest::Response` has another address
///   than its request, it is passed on, and the gate learns nothing from it. An `http::Response`
///   has no address.
#[derive(Clone, Debug)]
pub struct HttpGateLayer {
    gate: Gate,
    portals: PortalPattern,
    max_request_bytes: usize,
    replies: Budget,
}

impl HttpGateLayer {
    /// A layer for HTTP clients.
    #[must_use]
    pub fn new(gate: &Gate) -> Self {
        Self {
            gate: gate.clone(),
            portals: PortalPattern::registered(),
            max_request_bytes: BODY_LIMIT,
            replies: Budget::CALL,
        }
    }

    /// Which portals are gated besides those that the program has registered. By default,
    /// none.
    #[must_use]
    pub fn portals(mut self, portals: PortalPattern) -> Self {
        self.portals = portals;
        self
    }

    /// The most bytes that are read of a request's body if it is a stream and the gate needs its
    /// parameters: 16 MiB by default. A longer body is refused as
    /// [`UnreadableError`](crate::gate::UnreadableError).
    #[must_use]
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.max_request_bytes = bytes;
        self
    }

    /// The most bytes that are read of a reply that the gate needs: 16 MiB by default, and 64
    /// KiB of an error. A reply that the gate does not need is passed on unread, whatever its
    /// length.
    ///
    /// A longer reply is not adapted, and the log has a warning. The same holds for a reply that
    /// finds no room within 10 seconds in the [memory](crate::registry::RegistryBuilder::reply_memory) of all
    /// large replies. If the result had to be translated, the answer is an error
    /// `MALFORMED_REPLY` beside `"result": true`: the call may have run. Otherwise the reply is
    /// passed on as it came.
    ///
    /// If the reply to `imbot.v2.Event.get` or `im.v2.Event.get` is needed and too large, the
    /// call is sent again for half as many events, down to one. If the body of a
    /// `reqwest::Response` does not come in time, the call is sent once more for a tenth of them.
    /// Nothing is lost, since a portal deletes only events below `offset`.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.replies.bytes = bytes;
        self
    }

    /// The most JSON values that are read of such a reply, names of members among them: 524,288
    /// by default. This limit bounds the memory of a reply: about 180 bytes for a value at worst.
    #[must_use]
    pub fn max_reply_values(mut self, values: usize) -> Self {
        self.replies.values = values;
        self
    }
}

impl<S> Layer<S> for HttpGateLayer {
    type Service = HttpGateService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpGateService {
            inner,
            gate: self.gate.clone(),
            portals: self.portals.clone(),
            max_request_bytes: self.max_request_bytes,
            replies: self.replies,
        }
    }
}

/// An HTTP client behind a gate; made by [`HttpGateLayer`].
#[derive(Clone)]
pub struct HttpGateService<S> {
    inner: S,
    gate: Gate,
    portals: PortalPattern,
    max_request_bytes: usize,
    replies: Budget,
}

impl<S> HttpGateService<S> {
    /// The client behind the gate.
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

    fn pass<Q>(&mut self, request: Q) -> GateFuture<S::Future, S::Response, S::Error>
    where
        Q: GateRequest,
        S: Service<Q> + Clone + Send + 'static,
        S::Response: GateResponse,
        S::Future: Send + 'static,
        S::Error: Send + 'static,
    {
        match Look::at(request, &self.gate, &self.portals) {
            Look::Past(request) => GateFuture::direct(self.inner.call(request)),
            Look::Read(request, recognised) => {
                let service = ReadyService::take(&mut self.inner);
                GateFuture::guided(guide(
                    self.gate.clone(),
                    service,
                    request,
                    recognised,
                    self.replies,
                ))
            }
            Look::Large(request, route) => {
                let service = ReadyService::take(&mut self.inner);
                let large = guide_large(self.gate.clone(), service, *request, *route, self.replies);
                GateFuture::guided(large)
            }
            Look::Unread(request, route) => {
                let service = ReadyService::take(&mut self.inner);
                let limits = (self.max_request_bytes, self.replies);
                let unread = guide_unread(self.gate.clone(), service, *request, *route, limits);
                GateFuture::guided(unread)
            }
        }
    }
}

#[cfg(feature = "reqwest")]
impl<S> Service<reqwest::Request> for HttpGateService<S>
where
    S: Service<reqwest::Request, Response = reqwest::Response> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = reqwest::Response;
    type Error = GateError<S::Error>;
    type Future = GateFuture<S::Future, reqwest::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(GateError::Inner)
    }

    fn call(&mut self, request: reqwest::Request) -> Self::Future {
        self.pass(request)
    }
}

impl<S, B, R> Service<http::Request<B>> for HttpGateService<S>
where
    S: Service<http::Request<B>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    B: WholeBody,
    R: WholeBody,
{
    type Response = http::Response<R>;
    type Error = GateError<S::Error>;
    type Future = GateFuture<S::Future, http::Response<R>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(GateError::Inner)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        self.pass(request)
    }
}

/// A request, by what the gate has to do with it.
enum Look<Q> {
    /// The gate does not handle it.
    Past(Q),
    /// It is a call.
    Read(Box<Q>, Box<Recognised>),
    /// It may be a call, and reading its parameters takes long.
    Large(Box<Q>, Box<Route>),
    /// It is a call, and its parameters are not in memory.
    Unread(Box<Q>, Box<Route>),
}

impl<Q: GateRequest> Look<Q> {
    fn at(request: Q, gate: &Gate, portals: &PortalPattern) -> Self {
        let route = request.route();
        let Some(route) = route.and_then(|route| gated_route(gate, portals, route, request.bytes())) else {
            return Look::Past(request);
        };
        let body = match request.bytes() {
            // A portal reads no body.
            None if !route.has_body() => Some(&[][..]),
            body => body,
        };
        let recognised = match body.filter(|_| route.readable().is_ok()) {
            Some(body) if route.is_long(body) => {
                return Look::Large(Box::new(request), Box::new(route));
            }
            Some(body) => route.read(body),
            None => return Look::Unread(Box::new(request), Box::new(route)),
        };
        match recognised.filter(|recognised| recognised.concerns(gate)) {
            Some(recognised) => Look::Read(Box::new(request), Box::new(recognised)),
            None => Look::Past(request),
        }
    }
}

/// Sends a request with parameters that are not in memory. They may not matter.
async fn guide_unread<S, Q>(
    gate: Gate,
    mut service: ReadyService<S>,
    request: Q,
    route: Route,
    (max_request_bytes, replies): (usize, Budget),
) -> Result<S::Response, GateError<S::Error>>
where
    Q: GateRequest,
    S: Service<Q> + Clone,
    S::Response: GateResponse,
{
    let unseen = service.wait_for(begin_unseen(&gate, &route)).await;
    if let Some(exchange) = unseen.map_err(GateError::Refused)? {
        return send(service, Box::new(request), Box::new(exchange), replies).await;
    }
    route.readable().map_err(GateError::Unreadable)?;
    let gathered = service
        .wait_for(request.gather(route.method(), max_request_bytes))
        .await;
    let request = gathered.map_err(GateError::Unreadable)?;
    guide_large(gate, service, request, route, replies).await
}

/// Sends a request whose body is in memory, and may be large.
async fn guide_large<S, Q>(
    gate: Gate,
    mut service: ReadyService<S>,
    request: Q,
    route: Route,
    replies: Budget,
) -> Result<S::Response, GateError<S::Error>>
where
    Q: GateRequest,
    S: Service<Q> + Clone,
    S::Response: GateResponse,
{
    match service.wait_for(recognise(&gate, route, request)).await {
        (request, Some(recognised)) => {
            let (request, recognised) = (Box::new(request), Box::new(recognised));
            guide(gate, service, request, recognised, replies).await
        }
        (request, None) => service.send(request).await.map_err(GateError::Inner),
    }
}

/// Sends a call. The parts are in boxes, which keeps the future small: it is moved, and has room for some parts
/// more than once.
async fn guide<S, Q>(
    gate: Gate,
    mut service: ReadyService<S>,
    request: Box<Q>,
    recognised: Box<Recognised>,
    replies: Budget,
) -> Result<S::Response, GateError<S::Error>>
where
    Q: GateRequest,
    S: Service<Q> + Clone,
    S::Response: GateResponse,
{
    let exchange = service.wait_for(recognised.begin(&gate)).await;
    match exchange {
        Ok(exchange) => send(service, request, Box::new(exchange), replies).await,
        Err(NotSent::Refused(refused)) => Err(GateError::Refused(refused)),
        Err(NotSent::Unreadable(unreadable)) => Err(GateError::Unreadable(unreadable)),
    }
}

async fn send<S, Q>(
    mut service: ReadyService<S>,
    mut request: Box<Q>,
    mut exchange: Box<Exchange<<S::Response as GateResponse>::Head>>,
    replies: Budget,
) -> Result<S::Response, GateError<S::Error>>
where
    Q: GateRequest,
    S: Service<Q>,
    S::Response: GateResponse,
{
    let head = request.head();
    let mut next = match exchange.first() {
        Some(written) => head.with(written),
        None => *request,
    };
    loop {
        let sent = next.address();
        let response = match service.send(next).await {
            Ok(response) => response,
            Err(error) => {
                let stands = exchange.interrupted().await.map(GateResponse::answer);
                return stands.ok_or(GateError::Inner(error));
            }
        };
        if !exchange.wants(response.status()) {
            return Ok(response);
        }
        let (head_of_reply, received) = match response.read(sent.as_ref(), &exchange.limits(replies)).await {
            Ok(read) => read,
            Err(unread) => match exchange.take_unread(unread).await {
                Ok(response) => return Ok(response),
                Err(written) => {
                    next = head.with(written);
                    continue;
                }
            },
        };
        match exchange.take(head_of_reply, received).await {
            Next::Send(on, written) => (exchange, next) = (on, head.with(written)),
            Next::Answer(answer) => return Ok(GateResponse::answer(answer)),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for HttpGateService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpGateService")
            .field("gate", &self.gate)
            .field("inner", &self.inner)
            .finish()
    }
}
