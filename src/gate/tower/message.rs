//! Requests and responses that a gate can read and put together anew.

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use url::Url;

use crate::gate::http::{Answer, Head, Received, Route, Unreadable, Written};

/// A body that is in memory as a whole, of a request or a response.
///
/// Clients whose bodies are streams have a layer below the gate that collects them.
pub trait WholeBody: Send + 'static {
    /// The bytes.
    fn as_bytes(&self) -> &[u8];

    /// A body of these bytes, which are UTF-8.
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

/// A request.
pub(super) trait Sent: Sized + Send + 'static {
    /// Where it leads, if that is a portal.
    fn route(&self) -> Option<Route>;

    /// The body; `None` for a stream.
    fn bytes(&self) -> Option<&[u8]>;

    /// The same with a body that is no stream, and no longer than this if it was one.
    fn gather(self, method: &str, limit: usize) -> impl Future<Output = Result<Self, Unreadable>> + Send;

    /// The same without a body.
    fn head(&mut self) -> Self;

    /// This head, with an address and a body that were written anew.
    fn with(&self, written: Written) -> Self;
}

/// A response.
pub(super) trait Came: Sized + Send + 'static {
    /// What is known of it beside what a gate reads.
    type Head: Send;

    fn status(&self) -> u16;

    /// Reads it to its end. One that breaks off comes back, and breaks off again for
    /// whoever reads it.
    fn read(self) -> impl Future<Output = Result<(Self::Head, Received), Self>> + Send;

    fn answer(answer: Answer<Self::Head>) -> Self;
}

fn route_of(verb: &Method, url: &Url, headers: &HeaderMap) -> Option<Route> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    Route::of(&Head {
        verb: verb.as_str(),
        url,
        content_type: text(CONTENT_TYPE),
        content_encoding: text(CONTENT_ENCODING),
        authorization: text(AUTHORIZATION),
    })
}

fn location_of(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(LOCATION)?.to_str().ok()?.to_owned())
}

/// Lets the headers of a request tell of a body that was written anew.
fn set_body(headers: &mut HeaderMap, length: usize) {
    set_length(headers, length);
    // Compressed on demand the reply could not be read.
    headers.remove(ACCEPT_ENCODING);
}

/// Lets the headers tell of a body of this length, if they tell of any.
fn set_length(headers: &mut HeaderMap, length: usize) {
    headers.remove(TRANSFER_ENCODING);
    if let Some(told) = headers.get_mut(CONTENT_LENGTH) {
        *told = HeaderValue::from(length);
    }
}

impl<B: WholeBody> Sent for http::Request<B> {
    fn route(&self) -> Option<Route> {
        let url = Url::parse(&self.uri().to_string()).ok()?;
        // It goes back into a request some day.
        let _: Uri = url.as_str().parse().ok()?;
        route_of(self.method(), &url, self.headers())
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self.body().as_bytes())
    }

    async fn gather(self, _: &str, _: usize) -> Result<Self, Unreadable> {
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

    fn with(&self, written: Written) -> Self {
        let body = written.body.unwrap_or_default();
        let mut request = http::Request::new(());
        *request.method_mut() = self.method().clone();
        // The address could be read, and what is new in it is letters and digits.
        *request.uri_mut() = written
            .url
            .as_str()
            .parse()
            .unwrap_or_else(|_| self.uri().clone());
        *request.version_mut() = self.version();
        *request.headers_mut() = self.headers().clone();
        *request.extensions_mut() = self.extensions().clone();
        set_body(request.headers_mut(), body.len());
        request.map(|()| B::from_bytes(body))
    }
}

impl<R: WholeBody> Came for http::Response<R> {
    type Head = Self;

    fn status(&self) -> u16 {
        self.status().as_u16()
    }

    async fn read(self) -> Result<(Self, Received), Self> {
        let received = Received {
            status: self.status().as_u16(),
            location: location_of(self.headers()),
            body: self.body().as_bytes().to_vec(),
        };
        Ok((self, received))
    }

    fn answer(answer: Answer<Self>) -> Self {
        let mut response = answer.head;
        if answer.is_changed {
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(response.status());
            set_length(response.headers_mut(), answer.body.len());
            *response.body_mut() = R::from_bytes(answer.body);
        }
        response
    }
}

#[cfg(feature = "reqwest")]
impl Sent for reqwest::Request {
    fn route(&self) -> Option<Route> {
        route_of(self.method(), self.url(), self.headers())
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.body().map_or(Some(&[]), reqwest::Body::as_bytes)
    }

    async fn gather(mut self, method: &str, limit: usize) -> Result<Self, Unreadable> {
        use http_body_util::{BodyExt, LengthLimitError, Limited};

        let method = || method.to_owned();
        if let Some(stream) = self.body_mut().take() {
            let gathered = match Limited::new(stream, limit).collect().await {
                Ok(gathered) => gathered.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Err(Unreadable::TooLong {
                        method: method(),
                        limit,
                    });
                }
                Err(_) => return Err(Unreadable::Broken { method: method() }),
            };
            *self.body_mut() = Some(gathered.into());
        }
        Ok(self)
    }

    fn head(&mut self) -> Self {
        let body = self.body_mut().take();
        // Without a body there is nothing that could not be cloned.
        let head = self.try_clone();
        *self.body_mut() = body;
        head.unwrap_or_else(|| Self::new(self.method().clone(), self.url().clone()))
    }

    fn with(&self, written: Written) -> Self {
        let new = || Self::new(self.method().clone(), self.url().clone());
        let mut request = self.try_clone().unwrap_or_else(new);
        *request.url_mut() = written.url;
        set_body(request.headers_mut(), written.body.as_ref().map_or(0, Vec::len));
        *request.body_mut() = written.body.map(Into::into);
        request
    }
}

#[cfg(feature = "reqwest")]
impl Came for reqwest::Response {
    /// All but the body.
    type Head = http::Response<()>;

    fn status(&self) -> u16 {
        self.status().as_u16()
    }

    async fn read(mut self) -> Result<(Self::Head, Received), Self> {
        use http_body_util::BodyExt;
        use reqwest::ResponseBuilderExt;

        let head = http::Response::builder().url(self.url().clone()).body(());
        // Nothing of it can fail.
        let mut head = head.unwrap_or_default();
        *head.status_mut() = self.status();
        *head.version_mut() = self.version();
        *head.headers_mut() = std::mem::take(self.headers_mut());
        head.extensions_mut()
            .extend(std::mem::take(self.extensions_mut()));
        let mut body = Vec::new();
        loop {
            match self.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    // What repeats requests must not see a failure where it would see a
                    // response: the portal may have done what was asked.
                    let end = std::future::ready(Some(Err(error)));
                    let body = reqwest::Body::from(body).with_trailers(end);
                    return Err(head.map(|()| reqwest::Body::wrap(body)).into());
                }
            }
        }
        let received = Received {
            status: head.status().as_u16(),
            location: location_of(head.headers()),
            body,
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
