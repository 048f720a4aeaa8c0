//! The gate as a middleware of a client of crate `reqwest-middleware`.

use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::http::message::{Came, Sent};
use super::http::{self as requests, Denied, Exchange, Next as Step, Portals, Recognised, Route};
use super::live::Gate;
use super::refused::Refused;
use crate::portal::PortalId;
use crate::wire::Call;
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
/// let handle = registry.portal(&portal); // registers it
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
/// # What it looks at
///
/// Requests to portals that the program has registered, or to those of
/// [a pattern](Self::portals): see [`Portals`]. Of these,
/// GET and POST to `…/rest/{user}/{code}/{method}` and, with a token, to
/// `…/rest/{method}`, with or without `.json`: REST 1.0. Of these, only methods that a
/// row of the table is about. All else goes on untouched, and so does a call that the
/// portal takes as it is: the same bytes and headers, and its response unread where it
/// is a success. Of a batch, and where a success tells what is not known of the portal,
/// the response is read, and has the bytes that came.
///
/// A call that is adapted goes on in the form that it came in: JSON, a form, or a query
/// string. Its response has the envelope, the status and the headers of the portal's,
/// with the reply as the newest imbot.v2 would give it in place.
///
/// Parameters in a body that is a stream are not seen. Where the portal takes the method
/// whatever they are, the stream goes on as it is; else it is read first, up to a
/// [limit](Self::body_limit).
///
/// # Its place in the chain
///
/// Add it before the middleware that retries: a retry then repeats the request as it was
/// adapted. Added after it, the gate plans each try anew, which is sound too; but a retry
/// may wrap a refusal in an error of its own, in which [`refusal`](Self::refusal) does not
/// find it. In either place the gate sends a call again only after the portal has refused
/// it as absent, before it did anything, or for a smaller [page of events](Self::reply_limit).
///
/// Give the client [`Policy::none`](reqwest::redirect::Policy::none) for redirects. The gate
/// passes on a response that comes from another address than the request was sent to, and takes
/// nothing from it.
///
/// The registry's own [`Transport`](crate::transport::Transport) must not go through
/// it: the gate would wait for an answer that waits for the gate.
///
/// A request that is dropped may have reached the portal, as without the gate. A question
/// about the portal's revision goes on in the registry, and serves the next call.
///
/// # Errors
///
/// A refusal is [`Error::Middleware`] and holds [`Refused`], or [`Unreadable`](super::Unreadable) where
/// the parameters had to be seen and could not: nothing was sent.
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
    portals: Portals,
    body_limit: usize,
    replies: Budget,
}

impl GateMiddleware {
    /// The gate as a middleware.
    #[must_use]
    pub fn new(gate: &Gate) -> Self {
        Self {
            gate: gate.clone(),
            portals: Portals::registered(),
            body_limit: requests::BODY_LIMIT,
            replies: Budget::CALL,
        }
    }

    /// Which portals are gated besides those that the program has registered. By default,
    /// none.
    #[must_use]
    pub fn portals(mut self, portals: Portals) -> Self {
        self.portals = portals;
        self
    }

    /// How much of a request's body is read when it is a stream and its parameters have
    /// to be seen, in bytes: 16 MiB unless said otherwise. A longer one is refused as
    /// [`Unreadable`](super::Unreadable).
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The most bytes that are read of a reply that the gate needs: 16 MiB by default, and 64
    /// KiB of an error. A longer reply is not adapted, and the log says so. So is a reply that finds
    /// no room within 10 seconds in the [memory](crate::RegistryBuilder::reply_memory) of all large
    /// replies. If its result had to be translated, the answer is an error `MALFORMED_REPLY` beside
    /// `"result": true`: the call may have run. Else the reply is passed on as it came. A reply that the gate does not need is passed on unread, whatever its length.
    ///
    /// If the reply to `imbot.v2.Event.get` or `im.v2.Event.get` is needed and too large, the
    /// call is sent again for half as many events, down to one. If it does not come in time, the
    /// call is sent once more for a tenth of them. Nothing is lost, since a portal deletes only
    /// events below `offset`.
    #[must_use]
    pub fn reply_limit(mut self, bytes: usize) -> Self {
        self.replies.bytes = bytes;
        self
    }

    /// The most JSON values that are read of such a reply, names of members among them: 524,288
    /// by default. This limit bounds the memory of a reply: about 180 bytes for a value at worst.
    #[must_use]
    pub fn reply_values(mut self, values: usize) -> Self {
        self.replies.values = values;
        self
    }

    /// The call that a request is, without its credential; `None` for what is none, or
    /// has a body that is not at hand. It asks no portal, and does not tell whether the portal is
    /// registered.
    #[must_use]
    pub fn recognise(request: &Request) -> Option<(PortalId, Call)> {
        let route = request.route()?;
        route.readable().ok()?;
        let Recognised { portal, call, .. } = route.read(request.bytes()?)?;
        Some((portal.id().clone(), call))
    }

    /// The gate's refusal, where an error of the client is one. The same as
    /// `downcast_ref::<Refused>()` of what [`Error::Middleware`] holds, and looks
    /// through the errors of other middleware as far as they show their source.
    #[must_use]
    pub fn refusal(error: &Error) -> Option<&Refused> {
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

    /// The request, and its way through the gate; `None` for a call that is no matter of
    /// it.
    async fn enter(&self, route: Route, mut request: Request) -> Result<(Request, Option<Way>)> {
        let readable = route.readable();
        let is_at_hand = !route.has_body() || request.bytes().is_some();
        if !is_at_hand || readable.is_err() {
            let unseen = requests::enter_unseen(&self.gate, &route).await;
            if let Some(exchange) = unseen.map_err(|refused| Error::middleware(*refused))? {
                return Ok((request, Some(exchange)));
            }
            readable.map_err(Error::middleware)?;
            let gathered = request.gather(route.method(), self.body_limit).await;
            request = gathered.map_err(Error::middleware)?;
        }
        let (request, recognised) = requests::recognise(&self.gate, route, request).await;
        let Some(recognised) = recognised else {
            return Ok((request, None));
        };
        match recognised.enter(&self.gate).await {
            Ok(exchange) => Ok((request, Some(exchange))),
            Err(Denied::Refused(refused)) => Err(Error::middleware(*refused)),
            Err(Denied::Unreadable(unreadable)) => Err(Error::middleware(unreadable)),
        }
    }
}

type Way = Exchange<<Response as Came>::Head>;

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
            route.and_then(|route| requests::admit(&self.gate, &self.portals, route, request.bytes()));
        let Some(route) = route else {
            return next.run(request, extensions).await;
        };
        let (mut request, way) = self.enter(route, request).await?;
        let Some(mut exchange) = way else {
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
                // What had to be done is done.
                Err(error) => return exchange.interrupted().await.map(Came::answer).ok_or(error),
            };
            if !exchange.wants(Came::status(&response)) {
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
                Step::Answer(answer) => return Ok(Came::answer(answer)),
            }
        }
    }
}
