//! What a portal received.

use std::fmt;

use hyper::header::{HeaderName, HeaderValue};
use serde_json::Value as Json;

use super::batch;
use super::form;
use super::redact;
use super::request::Request;

/// A request as it was received, before any check.
///
/// Printed on one line, without credentials: a webhook's code, tokens and secrets
/// are left out. The fields hold them.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Recorded {
    /// Its place in the order of arrival at this portal, from 1.
    pub order: u64,
    /// The HTTP verb.
    pub verb: String,
    /// The path with its query string.
    pub path: String,
    /// The method as spelled, without the suffix `.json`; empty where the path
    /// has none.
    pub method: String,
    /// Names, in lower case, and values of the headers; bytes that are not
    /// UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The parameters as sent, always an object: those of the query string,
    /// overlaid with the body's. JSON keeps its types; a form has strings, and
    /// its square brackets are read. A body that cannot be read adds none.
    pub params: Json,
}

impl Recorded {
    /// This request, not numbered yet.
    pub(super) fn of(request: &Request, method: &str) -> Self {
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        };
        Self {
            order: 0,
            verb: request.verb.to_string(),
            path: request.uri.to_string(),
            method: method.to_owned(),
            headers: request.headers.iter().map(header).collect(),
            params: request.sent(),
        }
    }

    /// The commands of a batch, each with its parameters as the query string has
    /// them; none where this is no batch.
    pub(super) fn commands(&self) -> Vec<(String, Json)> {
        if !self.method.eq_ignore_ascii_case("batch") {
            return Vec::new();
        }
        let members = self.params.as_object();
        let mut members = members.into_iter().flatten();
        let commands = members.find(|(key, _)| key.eq_ignore_ascii_case("cmd"));
        let commands: Vec<_> = match commands {
            Some((_, Json::Object(commands))) => commands.values().collect(),
            Some((_, Json::Array(commands))) => commands.iter().collect(),
            _ => Vec::new(),
        };
        commands
            .into_iter()
            .filter_map(Json::as_str)
            .map(|command| {
                let (method, query) = batch::split_command(command);
                let params = form::parse(query.as_bytes()).to_json_object();
                (method.to_owned(), params.into())
            })
            .collect()
    }

    /// The first value of a header, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, params) = (redact::path(&self.path), redact::params(&self.params));
        write!(f, "#{} {} {path} {params}", self.order, self.verb)
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// All that was received since it was last taken.
#[derive(Debug, Default)]
pub(super) struct Journal {
    received: u64,
    requests: Vec<Recorded>,
}

impl Journal {
    /// Writes a request down, and returns it numbered.
    pub(super) fn add(&mut self, mut request: Recorded) -> Recorded {
        self.received += 1;
        request.order = self.received;
        self.requests.push(request.clone());
        request
    }

    pub(super) fn requests(&self) -> &[Recorded] {
        &self.requests
    }

    pub(super) fn take(&mut self) -> Vec<Recorded> {
        std::mem::take(&mut self.requests)
    }
}
