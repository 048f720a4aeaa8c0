//! The gate as a middleware of a client of crate `reqwest-middleware`.

use std::future::ready;

use http::Extensions;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LOCATION,
    TRANSFER_ENCODING,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use reqwest::{Body, Request, Response, ResponseBuilderExt, Url};
use reqwest_middleware::{Error, Middleware, Next, Result};

use super::http::{
    self as requests, Answer, Exchange, Next as Step, Received, Recognised, Route, Unreadable, Written,
};
use super::live::Gate;
use super::refused::Refused;
use crate::portal::PortalId;
use crate::wire::Call;

/// A gate in a chain of middleware.
///
/// ```
/// use imbot_caps::Registry;
/// use imbot_caps::gate::{Gate, GateMiddleware};
/// use imbot_caps::transport::ReqwestTransport;
/// use reqwest_middleware::ClientBuilder;
///
/// # fn build(client: reqwest::Client) -> reqwest_middleware::ClientWithMiddleware {
/// let registry = Registry::builder(ReqwestTransport::new()).build();
/// let gate = Gate::new(&registry);
/// let client = ClientBuilder::new(client)
///     .with(GateMiddleware::new(&gate))
///     // .with(a middleware that retries)
///     .build();
/// # client
/// # }
/// ```
///
/// # What it looks at
///
/// GET and POST to `…/rest/{user}/{code}/{method}` and, with a token, to
/// `…/rest/{method}`, with or without `.json`: REST 1.0. Of these, only methods that a
/// row of the table is about. All else goes on untouched, and so does a call that the
/// portal takes as it is: the same bytes and headers, and its response unread where it
/// is a success. Of a batch the response is read, and has the bytes that came.
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
/// it as absent, before it did anything.
///
/// The registry's own [`Transport`](crate::transport::Transport) must not go through
/// it: the gate would wait for an answer that waits for the gate.
///
/// A request that is dropped may have reached the portal, as without the gate. A question
/// about the portal's revision goes on in the registry, and serves the next call.
///
/// # Errors
///
/// A refusal is [`Error::Middleware`] and holds [`Refused`], or [`Unreadable`] where
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
    body_limit: usize,
}

/// What is known of a response beside its status and body.
struct Head {
    version: http::Version,
    headers: http::HeaderMap,
    url: Url,
    extensions: Extensions,
}

/// A response, and why the rest of it is missing.
struct Broken {
    head: Head,
    received: Received,
    error: reqwest::Error,
}

impl GateMiddleware {
    /// The gate as a middleware.
    #[must_use]
    pub fn new(gate: &Gate) -> Self {
        Self {
            gate: gate.clone(),
            body_limit: requests::BODY_LIMIT,
        }
    }

    /// How much of a request's body is read when it is a stream and its parameters have
    /// to be seen, in bytes: 16 MiB unless said otherwise. A longer one is refused as
    /// [`Unreadable`].
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The call that a request is, without its credential; `None` for what is none, or
    /// has a body that is not at hand.
    #[must_use]
    pub fn recognise(request: &Request) -> Option<(PortalId, Call)> {
        let route = route(request)?;
        route.readable().ok()?;
        let Recognised { portal, call, .. } = route.read(body_at_hand(request)?)?;
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

    /// The way through the gate; `None` for a call that is no matter of it.
    async fn enter(&self, route: Route, request: &mut Request) -> Result<Option<Exchange<Head>>> {
        let readable = route.readable();
        let is_at_hand = !route.has_body() || body_at_hand(request).is_some();
        if !is_at_hand || readable.is_err() {
            if let Some(portal) = route.portal() {
                let gated = self.gate.portal(&portal);
                // What cannot be learned settles nothing.
                drop(gated.handle.ready().await);
                if requests::settles(&gated, route.method()) {
                    let passage = gated.begin(Call::new(route.method())).await;
                    let passage = passage.map_err(|refused| Error::middleware(*refused))?;
                    if passage.first().is_none() {
                        return Ok(Some(Exchange::unseen(passage)));
                    }
                }
            }
            readable.map_err(Error::middleware)?;
            self.collect(route.method(), request).await?;
        }
        let body = body_at_hand(request).unwrap_or_default();
        let Some(recognised) = route.read(body).filter(|own| own.concerns(&self.gate)) else {
            return Ok(None);
        };
        let exchange = recognised.enter(&self.gate).await;
        exchange.map(Some).map_err(|refused| Error::middleware(*refused))
    }

    /// Puts the bytes of a stream in its place.
    async fn collect(&self, method: &str, request: &mut Request) -> Result<()> {
        let Some(body) = request.body_mut().take() else {
            return Ok(());
        };
        let collected = Limited::new(body, self.body_limit).collect().await;
        let method = || method.to_owned();
        let collected = collected.map_err(|error| {
            Error::middleware(match error.is::<LengthLimitError>() {
                true => Unreadable::TooLong {
                    method: method(),
                    limit: self.body_limit,
                },
                false => Unreadable::Broken { method: method() },
            })
        })?;
        *request.body_mut() = Some(collected.to_bytes().into());
        Ok(())
    }
}

#[async_trait::async_trait]
impl Middleware for GateMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let concerns = |route: &Route| self.gate.concerns(route.method());
        let Some(route) = route(&request).filter(concerns) else {
            return next.run(request, extensions).await;
        };
        let Some(mut exchange) = self.enter(route, &mut request).await? else {
            return next.run(request, extensions).await;
        };
        let template = Template::of(&mut request);
        let mut outgoing = match exchange.first() {
            None => request,
            Some(written) => template.with(written),
        };
        loop {
            let response = match next.clone().run(outgoing, extensions).await {
                Ok(response) => response,
                // What had to be done is done.
                Err(error) => return exchange.interrupted().map(rebuilt).ok_or(error),
            };
            if !exchange.wants(response.status().as_u16()) {
                return Ok(response);
            }
            let (head, received) = match read(response).await {
                Ok(whole) => whole,
                Err(broken) => {
                    let answer = exchange.interrupted().map(rebuilt);
                    return Ok(answer.unwrap_or_else(|| broken.response()));
                }
            };
            match exchange.take(head, received).await {
                Step::Send(written) => outgoing = template.with(written),
                Step::Answer(answer) => return Ok(rebuilt(answer)),
            }
        }
    }
}

/// The request that came, without its body: what others are made of.
struct Template(Request);

impl Template {
    fn of(request: &mut Request) -> Self {
        let body = request.body_mut().take();
        let mut bare = copy(request);
        *request.body_mut() = body;
        // Of the body that was; and a reply that is compressed on demand is not read.
        for name in [CONTENT_LENGTH, TRANSFER_ENCODING, ACCEPT_ENCODING] {
            bare.headers_mut().remove(name);
        }
        Self(bare)
    }

    fn with(&self, written: Written) -> Request {
        let mut request = copy(&self.0);
        *request.url_mut() = written.url;
        *request.body_mut() = written.body.map(Body::from);
        request
    }
}

/// A request without a body can be copied.
fn copy(bare: &Request) -> Request {
    let anew = || Request::new(bare.method().clone(), bare.url().clone());
    bare.try_clone().unwrap_or_else(anew)
}

fn route(request: &Request) -> Option<Route> {
    let header = |name: HeaderName| request.headers().get(name)?.to_str().ok();
    Route::of(&requests::Head {
        verb: request.method().as_str(),
        url: request.url(),
        content_type: header(CONTENT_TYPE),
        content_encoding: header(CONTENT_ENCODING),
        authorization: header(AUTHORIZATION),
    })
}

/// `None` for a stream.
fn body_at_hand(request: &Request) -> Option<&[u8]> {
    request.body().map_or(Some(&[]), Body::as_bytes)
}

/// Reads a response to its end.
async fn read(mut response: Response) -> std::result::Result<(Head, Received), Box<Broken>> {
    let location = response.headers().get(LOCATION);
    let location = location
        .and_then(|location| location.to_str().ok())
        .map(str::to_owned);
    let head = Head {
        version: response.version(),
        headers: response.headers().clone(),
        url: response.url().clone(),
        extensions: std::mem::take(response.extensions_mut()),
    };
    let mut received = Received {
        status: response.status().as_u16(),
        location,
        body: Vec::new(),
    };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => received.body.extend_from_slice(&chunk),
            Ok(None) => return Ok((head, received)),
            Err(error) => {
                return Err(Box::new(Broken {
                    head,
                    received,
                    error,
                }));
            }
        }
    }
}

impl Broken {
    /// The response as it came: its error is met by whoever reads it. What repeats
    /// requests must not see a failure where it would see a response without the gate:
    /// the portal may have done what was asked.
    fn response(self) -> Response {
        let Self {
            head,
            received,
            error,
        } = self;
        let body = Body::from(received.body).with_trailers(ready(Some(Err(error))));
        response(head, received.status, Body::wrap(body))
    }
}

fn rebuilt(answer: Answer<Head>) -> Response {
    let Answer {
        mut head,
        status,
        body,
        is_changed,
    } = answer;
    if is_changed && head.headers.contains_key(CONTENT_LENGTH) {
        head.headers.insert(CONTENT_LENGTH, body.len().into());
    }
    response(head, status, body.into())
}

fn response(head: Head, status: u16, body: Body) -> Response {
    let built = http::Response::builder().url(head.url).body(());
    // Nothing of it can fail.
    let (mut parts, ()) = built.unwrap_or_default().into_parts();
    parts.status = http::StatusCode::from_u16(status).unwrap_or_default();
    parts.version = head.version;
    parts.headers = head.headers;
    parts.extensions.extend(head.extensions);
    http::Response::from_parts(parts, body).into()
}
