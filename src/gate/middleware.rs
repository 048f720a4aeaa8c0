//! The gate as a middleware of a client of crate `reqwest-middleware`.

use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::gate::Gate;
use super::http::message::{GateRequest, GateResponse};
use super::http::{self as requests, Exchange, Next as Step, NotSent, PortalPattern, Route};
use crate::gate::refused_error::RefusedError;
use crate::wire::budget::Budget;

/// A gate in a chain of middleware.
///
/// ```
/// use imbot_caps::{Portal, Registry};
/// use imbot_caps::gate::{Gate, GateMiddleware};
/// use imbot_caps::transport::ReqwestTransport;
/// use reqwest_middleware::ClientBuilder;
///
/// # fn build(client: reqwest::Client) -> Result<reqwest_middleware::ClientWithMiddleware, imbot_caps::PortalError> {
/// let registry = Registry::builder(ReqwestTransport::new()).build();
/// let portal = Portal::webhook("https://acme.bitrix24.com/rest/1/s3cret/")?;
/// let handle = registry.handle(&portal); // registers it
/// let gate = Gate::new(&registry);
/// let client = ClientBuilder::new(client)
///     .with(GateMiddleware::new(&gate))
///     // .with(a middleware that retries)
///     .build();
/// # drop(handle);
/// # Ok(client)
/// # }
/// ```
///
/// # The requests that it handles
///
/// It handles a request if all of this is true:
///
/// - The portal is registered, or of [a pattern](Self::portals): see [`PortalPattern`].
/// - It is a GET or POST to `…/rest/{user}/{code}/{method}` or, with a token, to
///   `…/rest/{method}`, with or without `.json`: REST 1.0.
/// - A row of the table is about the method.
///
/// Any other request is passed on untouched. So is a call that the portal takes unchanged: it
/// keeps its bytes and headers, and a response with a status of success is passed on unread. The
/// response is read for a batch, and if a success proves something about the portal. It keeps its
/// bytes.
///
/// An adapted call keeps its format: JSON, a form, or a query string. Its response keeps the
/// envelope, the status and the headers of the portal's response. The reply in it has the form
/// of the newest imbot.v2.
///
/// The gate does not see the parameters in a body that is a stream. If the portal takes the
/// method whatever the parameters are, the stream is passed on unread. Otherwise it is read
/// first, up to a [limit](Self::max_request_bytes).
///
/// # Its place in the chain
///
/// Add it before the middleware that retries: then a retry repeats the adapted request. Added
/// after it, the gate plans each try anew, which is sound, too. But the retry may wrap a refusal
/// in an error of its own, and [`refusal`](Self::refusal) does not find it there. In either
/// place, the gate sends a call again in two cases only: the portal refused it as absent, so it
/// did nothing; or a [page of events](Self::max_reply_bytes) was too large or came too late.
///
/// Give the client [`Policy::none`](reqwest::redirect::Policy::none) for redirects. If a response
/// has another address than its request, the gate passes it on and learns nothing from it.
///
/// The registry's own [`Transport`](crate::transport::Transport) must not send through it: the
/// gate would wait for an answer, and the answer for the gate.
///
/// A dropped request may have reached the portal, as without the gate. A probe of the portal
/// goes on in the registry, and the next call uses its answer.
///
/// # Errors
///
/// A refusal is [`Error::Middleware`] with [`RefusedError`]. If the gate cannot read parameters that
/// it needs, it is [`UnreadableError`](super::UnreadableError). Nothing was sent.
///
/// ```
/// # use imbot_caps::gate::GateMiddleware;
/// # fn tell(error: reqwest_middleware::Error) {
/// if let Some(refused) = GateMiddleware::refusal(&error) {
///     eprintln!("{refused}");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct GateMiddleware {
    gate: Gate,
    portals: PortalPattern,
    max_request_bytes: usize,
    replies: Budget,
}

impl GateMiddleware {
    /// The gate as a middleware.
    #[must_use]
    pub fn new(gate: &Gate) -> Self {
        Self {
            gate: gate.clone(),
            portals: PortalPattern::registered(),
            max_request_bytes: requests::BODY_LIMIT,
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
    /// [`UnreadableError`](super::UnreadableError).
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
    /// call is sent again for half as many events, down to one. If it does not come in time, the
    /// call is sent once more for a tenth of them. Nothing is lost, since a portal deletes only
    /// events below `offset`.
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

    /// The gate's refusal, if an error of the client is one. It is the same as
    /// `downcast_ref::<RefusedError>()` of the error in [`Error::Middleware`]. It also searches the
    /// sources of other middleware's errors.
    #[must_use]
    pub fn refusal(error: &Error) -> Option<&RefusedError> {
        let Error::Middleware(error) = error else {
            return None;
        };
        error
            .chain()
            .find_map(|cause| match cause.downcast_ref::<Error>() {
                Some(inner) => Self::refusal(inner),
                None => cause.downcast_ref(),
            })
    }

    /// The request, and its exchange; `None` if the gate does not handle the call.
    async fn begin(&self, route: Route, mut request: Request) -> Result<(Request, Option<Guided>)> {
        let readable = route.readable();
        let is_at_hand = !route.has_body() || request.bytes().is_some();
        if !is_at_hand || readable.is_err() {
            let unseen = requests::begin_unseen(&self.gate, &route).await;
            if let Some(exchange) = unseen.map_err(|refused| Error::middleware(*refused))? {
                return Ok((request, Some(exchange)));
            }
            readable.map_err(Error::middleware)?;
            let gathered = request.gather(route.method(), self.max_request_bytes).await;
            request = gathered.map_err(Error::middleware)?;
        }
        let (request, recognised) = requests::recognise(&self.gate, route, request).await;
        let Some(recognised) = recognised else {
            return Ok((request, None));
        };
        match recognised.begin(&self.gate).await {
            Ok(exchange) => Ok((request, Some(exchange))),
            Err(NotSent::Refused(refused)) => Err(Error::middleware(*refused)),
            Err(NotSent::Unreadable(unreadable)) => Err(Error::middleware(unreadable)),
        }
    }
}

/// The exchange for a client of reqwest.
type Guided = Exchange<<Response as GateResponse>::Head>;

#[async_trait::async_trait]
impl Middleware for GateMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let route = request.route();
        let route =
            route.and_then(|route| requests::gated_route(&self.gate, &self.portals, route, request.bytes()));
        let Some(route) = route else {
            return next.run(request, extensions).await;
        };
        let (mut request, exchange) = self.begin(route, request).await?;
        let Some(mut exchange) = exchange else {
            return next.run(request, extensions).await;
        };
        let template = request.head();
        let mut outgoing = match exchange.first() {
            None => request,
            Some(written) => template.with(written),
        };
        loop {
            let sent = outgoing.address();
            let response = match next.clone().run(outgoing, extensions).await {
                Ok(response) => response,
                Err(error)
                    if error.is_timeout()
                        && let Some(written) = exchange.in_time().await =>
                {
                    outgoing = template.with(written);
                    continue;
                }
                // The call may have succeeded before an extra request failed.
                Err(error) => {
                    let stands = exchange.interrupted().await.map(GateResponse::answer);
                    return stands.ok_or(error);
                }
            };
            if !exchange.wants(GateResponse::status(&response)) {
                return Ok(response);
            }
            let (head, received) = match response.read(sent.as_ref(), &exchange.limits(self.replies)).await {
                Ok(whole) => whole,
                Err(unread) => match exchange.take_unread(unread).await {
                    Ok(response) => return Ok(response),
                    Err(written) => {
                        outgoing = template.with(written);
                        continue;
                    }
                },
            };
            match exchange.take(head, received).await {
                Step::Send(on, written) => (exchange, outgoing) = (*on, template.with(written)),
                Step::Answer(answer) => return Ok(GateResponse::answer(answer)),
            }
        }
    }
}
