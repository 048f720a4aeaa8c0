//! Bodies: with limits on the way to a portal, and as one type on the way back.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::code;
use crate::failure::Failure;

/// Why a body breaks off. Only hyper sees it.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The body of every response.
pub(crate) type ProxyBody = UnsyncBoxBody<Bytes, BodyError>;

pub(crate) fn whole(bytes: Bytes) -> ProxyBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// What went wrong with the body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyFailure {
    #[error("the body of the request is longer than this server takes")]
    TooLarge,
    #[error("the body of the request did not come in time")]
    Late,
    #[error("the body of the request broke off")]
    Broken,
}

impl BodyFailure {
    pub(crate) fn into_failure(self) -> Failure {
        let (status, code) = match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, code::BODY_TOO_LARGE),
            Self::Late => (StatusCode::REQUEST_TIMEOUT, code::BODY_TIMEOUT),
            Self::Broken => (StatusCode::BAD_REQUEST, code::BAD_REQUEST),
        };
        let text = format!("{self}. The portal got no whole call");
        Failure::new(status, code, text).closing()
    }
}

/// Reads a body of at most so many bytes.
pub(crate) async fn read(body: Incoming, most: usize, time: Duration) -> Result<Bytes, BodyFailure> {
    let reading = Limited::new(body, most).collect();
    match tokio::time::timeout(time, reading).await {
        Ok(Ok(read)) => Ok(read.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(BodyFailure::TooLarge),
        Ok(Err(_)) => Err(BodyFailure::Broken),
        Err(_) => Err(BodyFailure::Late),
    }
}

/// Reads the whole answer of a server. `None` if it has more bytes.
pub(crate) async fn read_answer(
    mut answer: reqwest::Response,
    most: usize,
) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(body))
}

/// A body on its way to a portal. It fails beyond its length and its times. It has no trailers.
pub(crate) struct Guarded {
    inner: Incoming,
    left: u64,
    idle: Duration,
    /// The end of the wait for the next bytes.
    next: Pin<Box<Sleep>>,
    /// The end of the wait for all bytes.
    end: Instant,
    failed: Failed,
}

/// What went wrong with a body, for the errors of the client that sent it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failed(Arc<OnceLock<BodyFailure>>);

impl Failed {
    pub(crate) fn get(&self) -> Option<BodyFailure> {
        self.0.get().copied()
    }
}

impl Guarded {
    pub(crate) fn new(inner: Incoming, most: u64, idle: Duration, total: Duration) -> (Self, Failed) {
        let failed = Failed::default();
        let guarded = Self {
            inner,
            left: most,
            idle,
            next: Box::pin(tokio::time::sleep(idle.min(total))),
            end: Instant::now() + total,
            failed: failed.clone(),
        };
        (guarded, failed)
    }

    fn fail(&self, failure: BodyFailure) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        let failure = *self.failed.0.get_or_init(|| failure);
        Poll::Ready(Some(Err(failure)))
    }
}

impl Body for Guarded {
    type Data = Bytes;
    type Error = BodyFailure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFailure>>> {
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(_))) => self.fail(BodyFailure::Broken),
            Poll::Ready(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else {
                    return Poll::Ready(None);
                };
                let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
                let Some(left) = self.left.checked_sub(length) else {
                    return self.fail(BodyFailure::TooLarge);
                };
                self.left = left;
                let wait = (Instant::now() + self.idle).min(self.end);
                self.next.as_mut().reset(wait);
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            Poll::Pending => match self.next.as_mut().poll(context) {
                Poll::Ready(()) => self.fail(BodyFailure::Late),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
