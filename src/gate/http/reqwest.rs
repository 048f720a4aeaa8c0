//! The requests and responses of reqwest.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame};
use reqwest::ResponseBuilderExt;
use url::Url;

use super::message::{GateRequest, GateResponse, location_of, route_of, set_body, set_length};
use super::request::{RequestParts, Route};
use super::response::{Answer, Limits, Received, Unread};
use super::unreadable::UnreadableError;
use crate::wire::budget::Meter;

/// A body whose first bytes were read.
struct Resumed {
    first: Option<Bytes>,
    rest: reqwest::Body,
}

impl Body for Resumed {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }
}

impl GateRequest for reqwest::Request {
    fn route(&self) -> Option<Route> {
        route_of(self.method(), self.url(), self.headers())
    }

    fn address(&self) -> Option<Url> {
        Some(self.url().clone())
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.body().map_or(Some(&[]), reqwest::Body::as_bytes)
    }

    async fn gather(mut self, method: &str, limit: usize) -> Result<Self, UnreadableError> {
        let method = || method.to_owned();
        if let Some(stream) = self.body_mut().take() {
            let gathered = match Limited::new(stream, limit).collect().await {
                Ok(gathered) => gathered.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Err(UnreadableError::TooLong {
                        method: method(),
                        limit,
                    });
                }
                Err(_) => return Err(UnreadableError::Broken { method: method() }),
            };
            *self.body_mut() = Some(gathered.into());
        }
        Ok(self)
    }

    fn head(&mut self) -> Self {
        let body = self.body_mut().take();
        // Only a body can make this fail.
        let head = self.try_clone();
        *self.body_mut() = body;
        head.unwrap_or_else(|| Self::new(self.method().clone(), self.url().clone()))
    }

    fn with(&self, parts: RequestParts) -> Self {
        let new = || Self::new(self.method().clone(), self.url().clone());
        let mut request = self.try_clone().unwrap_or_else(new);
        *request.url_mut() = parts.url;
        set_body(request.headers_mut(), parts.body.as_ref().map_or(0, Vec::len));
        *request.body_mut() = parts.body.map(Into::into);
        request
    }
}

/// Takes the response without its body.
fn take_head(response: &mut reqwest::Response) -> http::Response<()> {
    let head = http::Response::builder().url(response.url().clone()).body(());
    // This cannot fail: all its parts are valid.
    let mut head = head.unwrap_or_default();
    *head.status_mut() = response.status();
    *head.version_mut() = response.version();
    *head.headers_mut() = std::mem::take(response.headers_mut());
    head.extensions_mut()
        .extend(std::mem::take(response.extensions_mut()));
    head
}

/// The address of a response that the program itself has made.
const NO_ADDRESS: &str = "http://no.url.provided.local/";

/// Whether a response with one address is for a request to the other. The client behind the
/// gate may have changed the query.
fn is_of(came: &Url, sent: &Url) -> bool {
    let is_same = came.scheme() == sent.scheme()
        && came.host_str() == sent.host_str()
        && came.port_or_known_default() == sent.port_or_known_default()
        && came.path() == sent.path();
    is_same || came.as_str() == NO_ADDRESS
}

impl GateResponse for reqwest::Response {
    type Head = http::Response<()>;

    fn status(&self) -> u16 {
        self.status().as_u16()
    }

    fn into_head(mut self) -> Self::Head {
        take_head(&mut self)
    }

    async fn read(
        mut self,
        sent: Option<&Url>,
        limits: &Limits,
    ) -> Result<(Self::Head, Received), Unread<Self>> {
        if sent.is_some_and(|sent| !is_of(self.url(), sent)) {
            return Err(Unread::Elsewhere(self));
        }
        let budget = limits.budget;
        let mut meter = Meter::new(budget, GateResponse::status(&self));
        let most = u64::try_from(meter.most_bytes()).unwrap_or(u64::MAX);
        if self.content_length().is_some_and(|length| length > most) {
            return Err(Unread::Beyond(self));
        }
        let head = take_head(&mut self);
        let mut body = Vec::new();
        loop {
            match self.chunk().await {
                Ok(Some(chunk)) => {
                    body.extend_from_slice(&chunk);
                    if meter.take(&chunk).is_err() || !limits.admit(body.len()).await {
                        let first = Some(body.into());
                        let rest = self.into();
                        let whole = head.map(|()| reqwest::Body::wrap(Resumed { first, rest }));
                        return Err(Unread::Beyond(whole.into()));
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    // A middleware that retries must see a response here, and no failure: the
                    // portal may have run the call.
                    let is_late = error.is_timeout();
                    let end = std::future::ready(Some(Err(error)));
                    let body = reqwest::Body::from(body).with_trailers(end);
                    let broken = head.map(|()| reqwest::Body::wrap(body)).into();
                    return Err(if is_late {
                        Unread::Late(broken)
                    } else {
                        Unread::Broken(broken)
                    });
                }
            }
        }
        let received = Received {
            status: head.status().as_u16(),
            location: location_of(head.headers()),
            body,
            values: budget.values,
        };
        Ok((head, received))
    }

    fn answer(answer: Answer<Self::Head>) -> Self {
        let mut head = answer.head;
        if answer.is_changed {
            *head.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(head.status());
            set_length(head.headers_mut(), answer.body.len());
        }
        head.map(|()| answer.body).into()
    }
}
