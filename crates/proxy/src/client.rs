//! [`PortalClient`]: the HTTP client for calls of portals. The own one follows no redirect, decompresses nothing, and
//! adds `Accept: */*` to a request without `Accept`.
//!
//! A client of reqwest does the same with its settings, and takes more time: it parses the address of each response,
//! and its layers for redirects and retries copy each request.

mod connector;

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, HeaderValue};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::ResponseBuilderExt;
use tokio::time::{Instant, Sleep};
use tower_service::Service;

pub(crate) use self::connector::Tls;
use self::connector::{Connector, Resolver};
use crate::builder::Limits;

/// How often a request that a portal has not begun is sent again; as in reqwest.
const RETRIES: u8 = 2;

/// Sends requests to portals.
#[derive(Clone)]
pub(crate) enum PortalClient {
    /// The client of the program.
    Given(reqwest::Client),
    // The gate clones its client for each call.
    Own(Arc<OwnClient>),
}

pub(crate) struct OwnClient {
    // A request that no connection has taken is sent again, as in reqwest: hyper returns it whole if the portal closes
    // a kept connection before the first byte of it is sent.
    http: legacy::Client<Connector, reqwest::Body>,
    reply: Duration,
}

/// Why there is no reply. No text has the address: it can hold a credential.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error(transparent)]
    Given(reqwest::Error),
    #[error("the address has characters that cannot be sent")]
    Address,
    #[error("error sending request")]
    Send(#[source] legacy::Error),
    #[error("error sending request: operation timed out")]
    Late,
}

impl PortalClient {
    /// The client for listed portals, and for all if private addresses are allowed.
    pub(crate) fn every(tls: &Tls, limits: &Limits, insecure_http: bool) -> Self {
        let connector = match insecure_http {
            // A proxy of the environment would read the credential of such a call.
            true => Connector::direct(tls, Resolver::system(), limits.connect),
            false => Connector::by_environment(tls, Resolver::system(), limits.connect),
        };
        Self::Own(Arc::new(OwnClient::new(connector, limits)))
    }

    /// The client for portals that only `any` allows. It uses no proxy, which would look their names up itself.
    pub(crate) fn public(tls: &Tls, limits: &Limits) -> Self {
        let connector = Connector::direct(tls, Resolver::Public, limits.connect);
        Self::Own(Arc::new(OwnClient::new(connector, limits)))
    }
}

impl OwnClient {
    fn new(connector: Connector, limits: &Limits) -> Self {
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        builder.timer(TokioTimer::new()).pool_timer(TokioTimer::new());
        Self {
            http: builder.build(connector),
            reply: limits.reply,
        }
    }

    async fn send(self: Arc<Self>, mut request: reqwest::Request) -> Result<reqwest::Response, ClientError> {
        // Only a portal with HTTP/2 says that it has not begun a request, and only https has HTTP/2.
        let mut retries = match request.url().scheme() {
            "https" => RETRIES,
            _ => 0,
        };
        loop {
            let same = match retries {
                0 => None,
                _ => request.try_clone(),
            };
            match (self.send_once(request).await, same) {
                (Err(ClientError::Send(error)), Some(same)) if is_not_begun(&error) => request = same,
                (answered, _) => return answered,
            }
            retries -= 1;
        }
    }

    async fn send_once(&self, request: reqwest::Request) -> Result<reqwest::Response, ClientError> {
        let url = request.url().clone();
        let request = http::Request::<reqwest::Body>::try_from(request);
        let mut request = request.map_err(|_| ClientError::Address)?;
        let accept = request.headers_mut().entry(ACCEPT);
        accept.or_insert(const { HeaderValue::from_static("*/*") });
        let mut wait = Box::pin(tokio::time::sleep(self.reply));
        let answered = tokio::select! {
            biased;
            answered = self.http.request(request) => answered.map_err(ClientError::Send)?,
            () = &mut wait => return Err(ClientError::Late),
        };
        let (mut head, body) = answered.into_parts();
        let body = TimedBody {
            inner: body,
            wait,
            longest: self.reply,
            is_waiting: false,
        };
        // The gate compares the address of a response. reqwest keeps it in a type of its own.
        let with_address = http::Response::builder().url(url).body(());
        if let Ok(with_address) = with_address {
            head.extensions = with_address.into_parts().0.extensions;
        }
        Ok(http::Response::from_parts(head, reqwest::Body::wrap(body)).into())
    }
}

impl Service<reqwest::Request> for PortalClient {
    type Response = reqwest::Response;
    type Error = ClientError;
    type Future = Pin<Box<dyn Future<Output = Result<reqwest::Response, ClientError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ClientError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: reqwest::Request) -> Self::Future {
        match self {
            Self::Given(client) => {
                let answered = client.execute(request);
                Box::pin(async move {
                    answered
                        .await
                        .map_err(|error| ClientError::Given(error.without_url()))
                })
            }
            Self::Own(client) => Box::pin(Arc::clone(client).send(request)),
        }
    }
}

impl ClientError {
    /// Whether no byte of the request was sent.
    pub(crate) fn is_unsent(&self) -> bool {
        match self {
            Self::Given(error) => error.is_connect(),
            Self::Address => true,
            Self::Send(error) => error.is_connect(),
            Self::Late => false,
        }
    }

    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Given(error) => error.is_timeout(),
            Self::Address => false,
            Self::Send(error) => sources(error).any(|cause| {
                let of_system = cause.downcast_ref::<io::Error>();
                of_system.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
                    || cause
                        .downcast_ref::<hyper::Error>()
                        .is_some_and(hyper::Error::is_timeout)
            }),
            Self::Late => true,
        }
    }
}

/// The causes of an error, from the nearest one.
pub(crate) fn sources(error: &dyn Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// Whether the portal has said that it did not begin this request: it may be sent again (RFC 9113, section 8.7).
fn is_not_begun(error: &legacy::Error) -> bool {
    let Some(error) = sources(error).find_map(|cause| cause.downcast_ref::<h2::Error>()) else {
        return false;
    };
    let is_end = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
    let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    error.is_remote() && (is_end || is_refused)
}

/// The body of a reply. It fails if the portal sends nothing for `longest`.
struct TimedBody<B = Incoming> {
    inner: B,
    /// The timer of the head. Most bodies come at once, and need no timer of their own.
    wait: Pin<Box<Sleep>>,
    longest: Duration,
    /// Whether the timer runs. A slow client of the server does not count.
    is_waiting: bool,
}

impl<B> Body for TimedBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            self.is_waiting = false;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if !self.is_waiting {
            self.is_waiting = true;
            let end = Instant::now() + self.longest;
            self.wait.as_mut().reset(end);
        }
        match self.wait.as_mut().poll(context) {
            // reqwest knows a timeout by this kind.
            Poll::Ready(()) => Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::BodyExt;

    use super::*;

    /// Gives a piece each time that the pause is over, and then nothing more.
    struct Paced {
        left: usize,
        pause: Duration,
        next: Option<Pin<Box<Sleep>>>,
    }

    impl Body for Paced {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == 0 {
                return Poll::Pending;
            }
            let pause = self.pause;
            let next = self
                .next
                .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            if next.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.left -= 1;
            self.next = None;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }
    }

    fn timed(left: usize, pause: Duration, longest: Duration) -> TimedBody<Paced> {
        TimedBody {
            inner: Paced {
                left,
                pause,
                next: None,
            },
            wait: Box::pin(tokio::time::sleep(longest)),
            longest,
            is_waiting: false,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn wait_is_for_the_next_bytes() {
        let begun = Instant::now();
        let mut body = timed(5, Duration::from_millis(400), Duration::from_secs(1));
        for _ in 0..5 {
            body.frame().await.unwrap().unwrap();
        }
        let error = body.frame().await.unwrap().unwrap_err();
        let error = error.downcast_ref::<io::Error>().map(io::Error::kind);
        assert_eq!(error, Some(io::ErrorKind::TimedOut));
        assert_eq!(begun.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn late_reader_makes_no_portal_late() {
        let mut body = timed(2, Duration::from_millis(100), Duration::from_millis(500));
        body.frame().await.unwrap().unwrap();
        tokio::time::advance(Duration::from_millis(1_500)).await;
        body.frame().await.unwrap().unwrap();
    }
}
