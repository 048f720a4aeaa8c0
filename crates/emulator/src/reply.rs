//! An answer as it goes on the wire, whole or broken off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};
use serde_json::Value as Json;

use super::clock::Clock;

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=UTF-8";

/// What the REST server puts on all of its answers.
const CORS: [(&str, &str); 3] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "origin, content-type, accept"),
    ("X-Content-Type-Options", "nosniff"),
];

/// Status, type and body of an answer.
#[derive(Clone)]
pub(super) struct Reply {
    status: u16,
    content_type: String,
    location: Option<String>,
    more: Vec<(String, String)>,
    body: Bytes,
    is_broken_off: bool,
    drip: Option<Drip>,
}

impl Reply {
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            location: None,
            more: Vec::new(),
            body: body.into(),
            is_broken_off: false,
            drip: None,
        }
    }

    pub(super) fn json(status: u16, body: &Json) -> Self {
        Self::new(status, JSON, body.to_string())
    }

    /// A page such as a web server or a proxy sends for this status.
    pub(super) fn html(status: u16) -> Self {
        let reason = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Unknown");
        let page = format!(
            "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
             <center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n\
             </body>\r\n</html>\r\n"
        );
        Self::new(status, HTML, page)
    }

    /// A file to be saved; what it is goes by its name's extension alone.
    pub(super) fn file(name: &str, content: Vec<u8>) -> Self {
        let content_type = match name.rsplit_once('.') {
            Some((_, "txt")) => "text/plain",
            Some((_, "png")) => "image/png",
            Some((_, "jpg" | "jpeg")) => "image/jpeg",
            Some((_, "pdf")) => "application/pdf",
            _ => "application/octet-stream",
        };
        Self::new(200, content_type, content)
    }

    pub(super) fn redirect(status: u16, location: &str) -> Self {
        let mut reply = Self::html(status);
        reply.location = Some(location.to_owned());
        reply
    }

    /// The same with this status.
    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with these headers too.
    pub(super) fn with_headers(mut self, headers: Vec<(String, String)>) -> Self {
        self.more.extend(headers);
        self
    }

    /// The same as the REST server sends it: a page of any origin may read it.
    pub(super) fn for_any_origin(self) -> Self {
        let headers = CORS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.with_headers(headers.to_vec())
    }

    /// What the REST server says to a browser that asks before it sends.
    pub(super) fn to_preflight() -> Self {
        Self::new(200, HTML, Bytes::new()).for_any_origin()
    }

    /// The same with a byte order mark before the body.
    pub(super) fn with_byte_order_mark(mut self) -> Self {
        self.body = [b"\xEF\xBB\xBF".as_slice(), &self.body].concat().into();
        self
    }

    /// The same, but the connection closes after half of the announced body.
    pub(super) fn broken_off(mut self) -> Self {
        self.is_broken_off = true;
        self
    }

    /// The same, but the body comes in pieces of so many bytes.
    pub(super) fn dripping(mut self, bytes: usize, every: Duration, clock: &Clock) -> Self {
        self.drip = Some(Drip {
            bytes: bytes.max(1),
            every,
            clock: clock.clone(),
        });
        self
    }

    pub(super) fn into_response(self) -> Response<ReplyBody> {
        let mut response = Response::new(ReplyBody::new(self.body, self.is_broken_off, self.drip));
        // What HTTP cannot carry is the test's mistake, and shows as a 500.
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [(CONTENT_TYPE, Some(self.content_type)), (LOCATION, self.location)];
        for (name, value) in headers {
            if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
                response.headers_mut().insert(name, value);
            }
        }
        for (name, value) in self.more {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// How a body comes in pieces.
#[derive(Clone, Debug)]
struct Drip {
    bytes: usize,
    every: Duration,
    clock: Clock,
}

/// A body of announced length that may come slowly, or break off half-way.
pub(super) struct ReplyBody {
    announced: u64,
    data: Option<Bytes>,
    drip: Option<Drip>,
    /// What the next piece waits for.
    waiting: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    ending: Ending,
}

#[derive(Clone, Copy, Debug)]
enum Ending {
    Complete,
    /// Lets the first half be written before the failure.
    Flush,
    Fail,
}

impl ReplyBody {
    fn new(mut body: Bytes, is_broken_off: bool, drip: Option<Drip>) -> Self {
        let announced = body.len() as u64;
        if is_broken_off {
            body.truncate(body.len() / 2);
        }
        Self {
            announced,
            data: Some(body).filter(|body| !body.is_empty()),
            drip,
            waiting: None,
            ending: if is_broken_off {
                Ending::Flush
            } else {
                Ending::Complete
            },
        }
    }
}

impl ReplyBody {
    /// The whole body; of one that drips, a piece, and then a wait begins.
    fn next_piece(&mut self) -> Option<Bytes> {
        let mut data = self.data.take()?;
        if let Some(drip) = self.drip.as_ref().filter(|drip| drip.bytes < data.len()) {
            self.data = Some(data.split_off(drip.bytes));
            let clock = drip.clock.clone();
            let next = clock.since_epoch().saturating_add(drip.every);
            self.waiting = Some(Box::pin(async move { clock.reaches(next).await }));
        }
        Some(data)
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        if let Some(data) = self.next_piece() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.ending {
            Ending::Complete => Poll::Ready(None),
            Ending::Flush => {
                self.ending = Ending::Fail;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Fail => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && matches!(self.ending, Ending::Complete)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
