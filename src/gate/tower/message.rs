//! The requests and responses of crate `http`, with bodies in memory.

use bytes::Bytes;
use http::{StatusCode, Uri};
use url::Url;

use crate::gate::http::message::{GateRequest, GateResponse, location_of, route_of, set_body, set_length};
use crate::gate::http::{Answer, Limits, Received, RequestParts, Route, Unread, UnreadableError};
use crate::wire::budget::Meter;

/// A body of a request or a response that is in memory as a whole.
///
/// If the bodies of a client are streams, put a layer that collects them below the gate.
pub trait WholeBody: Send + 'static {
    /// The bytes.
    fn as_bytes(&self) -> &[u8];

    /// A body of these bytes. They are the bytes of another body, or UTF-8.
    fn from_bytes(bytes: Vec<u8>) -> Self;
}

impl WholeBody for Bytes {
    fn as_bytes(&self) -> &[u8] {
        self
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes.into()
    }
}

impl WholeBody for Vec<u8> {
    fn as_bytes(&self) -> &[u8] {
        self
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes
    }
}

impl WholeBody for String {
    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(other) => String::from_utf8_lossy(other.as_bytes()).into_owned(),
        }
    }
}

impl<B: WholeBody> GateRequest for http::Request<B> {
    fn route(&self) -> Option<Route> {
        let url = Url::parse(&self.uri().to_string()).ok()?;
        // A changed request needs this address as a `Uri`.
        let _: Uri = url.as_str().parse().ok()?;
        route_of(self.method(), &url, self.headers())
    }

    fn address(&self) -> Option<Url> {
        None
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self.body().as_bytes())
    }

    async fn gather(self, _: &str, _: usize) -> Result<Self, UnreadableError> {
        Ok(self)
    }

    fn head(&mut self) -> Self {
        let mut head = http::Request::new(B::from_bytes(Vec::new()));
        *head.method_mut() = self.method().clone();
        *head.uri_mut() = self.uri().clone();
        *head.version_mut() = self.version();
        *head.headers_mut() = self.headers().clone();
        *head.extensions_mut() = self.extensions().clone();
        head
    }

    fn with(&self, parts: RequestParts) -> Self {
        let body = parts.body.unwrap_or_default();
        let mut request = http::Request::new(());
        *request.method_mut() = self.method().clone();
        // The address was valid, and only letters, digits, dots and escapes were added.
        *request.uri_mut() = parts.url.as_str().parse().unwrap_or_else(|_| self.uri().clone());
        *request.version_mut() = self.version();
        *request.headers_mut() = self.headers().clone();
        *request.extensions_mut() = self.extensions().clone();
        set_body(request.headers_mut(), body.len());
        request.map(|()| B::from_bytes(body))
    }
}

impl<R: WholeBody> GateResponse for http::Response<R> {
    type Head = Self;

    fn status(&self) -> u16 {
        self.status().as_u16()
    }

    fn into_head(mut self) -> Self {
        *self.body_mut() = R::from_bytes(Vec::new());
        self
    }

    async fn read(mut self, _: Option<&Url>, limits: &Limits) -> Result<(Self, Received), Unread<Self>> {
        let budget = limits.budget;
        let mut meter = Meter::new(budget, GateResponse::status(&self));
        let length = self.body().as_bytes().len();
        if meter.take(self.body().as_bytes()).is_err() || !limits.admit(length).await {
            return Err(Unread::Beyond(self));
        }
        let body = self.body().as_bytes().to_vec();
        // So the body is in memory once.
        *self.body_mut() = R::from_bytes(Vec::new());
        let received = Received {
            status: self.status().as_u16(),
            location: location_of(self.headers()),
            body,
            values: budget.values,
        };
        Ok((self, received))
    }

    fn answer(answer: Answer<Self>) -> Self {
        let mut response = answer.head;
        if answer.is_changed {
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(response.status());
            set_length(response.headers_mut(), answer.body.len());
        }
        *response.body_mut() = R::from_bytes(answer.body);
        response
    }
}
