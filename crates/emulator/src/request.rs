//! From a request's bytes to a call: where the path leads, and the parameters.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{HeaderMap, Method, Uri};
use serde_json::Value as Json;

use super::form;
use super::php::{Array, Value};

/// A request, read to its end.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) verb: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Request {
    /// The query string, overlaid with a POST's body.
    ///
    /// A body that is announced as JSON and is not leaves the call without
    /// parameters of its own: a portal runs it all the same.
    pub(super) fn params(&self) -> Array {
        let body = match self.body_format() {
            BodyFormat::Unread => return self.query(),
            BodyFormat::Form => self.form(),
            BodyFormat::Json => match serde_json::from_slice(&self.body) {
                Ok(Value::Array(array)) => array,
                _ => Array::default(),
            },
        };
        self.query().overlaid(body)
    }

    /// The same as it was sent: what JSON calls an object is one, even where PHP
    /// sees a list.
    pub(super) fn sent(&self) -> Json {
        let mut sent = self.query().to_json_object();
        match self.body_format() {
            BodyFormat::Unread => {}
            BodyFormat::Form => sent.extend(self.form().to_json_object()),
            BodyFormat::Json => {
                if let Ok(Json::Object(body)) = serde_json::from_slice(&self.body) {
                    sent.extend(body);
                }
            }
        }
        sent.into()
    }

    fn query(&self) -> Array {
        form::parse(self.uri.query().unwrap_or_default().as_bytes())
    }

    fn form(&self) -> Array {
        form::parse(self.body.trim_ascii())
    }

    fn body_format(&self) -> BodyFormat {
        if self.verb != Method::POST {
            BodyFormat::Unread
        } else if self.header(CONTENT_TYPE).is_some_and(is_json) {
            BodyFormat::Json
        } else {
            BodyFormat::Form
        }
    }

    /// The token of an `Authorization: Bearer` header.
    pub(super) fn bearer(&self) -> Option<String> {
        let (scheme, token) = self.header(AUTHORIZATION)?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned())
    }

    fn header(&self, name: hyper::header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

enum BodyFormat {
    /// Only a POST's body is looked at.
    Unread,
    Json,
    /// Whatever is not announced as JSON.
    Form,
}

fn is_json(content_type: &str) -> bool {
    let mime = content_type.split(';').next().unwrap_or_default().trim();
    mime.eq_ignore_ascii_case("application/json")
}

/// What stands after `/rest/` in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The user id and code of a webhook's address.
    pub(super) webhook: Option<(String, String)>,
    /// The method as spelled, with its suffix; empty where the path has a form
    /// that portals do not know, such as a webhook without user id.
    pub(super) method: String,
}

impl Route {
    /// Slashes in a row count as one, as portals see them: their `client_endpoint`
    /// ends with one, and there are clients that put another after it.
    pub(super) fn parse(path: &str) -> Self {
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (webhook, method) = match segments.as_slice() {
            [method] => (None, *method),
            [user, code, method] => (Some(((*user).to_owned(), (*code).to_owned())), *method),
            _ => (None, ""),
        };
        Self {
            webhook,
            method: method.to_owned(),
        }
    }

    /// The method without the suffix that asks for JSON.
    pub(super) fn method_name(&self) -> &str {
        without_json_suffix(&self.method)
    }

    /// The names to look the method up by, in this order: portals try the name
    /// in lower case first and as it was spelled second.
    pub(super) fn candidates(&self) -> [String; 2] {
        let lower = self.method.to_lowercase();
        [&lower, &self.method].map(|name| without_json_suffix(name).to_owned())
    }
}

fn without_json_suffix(name: &str) -> &str {
    match name.strip_suffix(".json") {
        Some(stem) if !stem.is_empty() => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(verb: Method, uri: &str, content_type: &str, body: &'static [u8]) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        Request {
            verb,
            uri: uri.parse().unwrap(),
            headers,
            body: Bytes::from_static(body),
        }
    }

    fn params(verb: Method, content_type: &str, body: &'static [u8]) -> String {
        let request = request(verb, "/rest/x?a=1&b=2", content_type, body);
        request.params().to_json().to_string()
    }

    #[test]
    fn paths() {
        let route = |path| {
            let route = Route::parse(path);
            (
                route.webhook.map(|(user, code)| format!("{user}:{code}")),
                route.method,
            )
        };
        let webhook = Some("1:c0de".to_owned());
        assert_eq!(route("server.time"), (None, "server.time".into()));
        assert_eq!(route("server.time.json/"), (None, "server.time.json".into()));
        assert_eq!(route("1/c0de/batch"), (webhook.clone(), "batch".into()));
        assert_eq!(route("1/c0de/batch/"), (webhook.clone(), "batch".into()));
        assert_eq!(route("/server.time"), (None, "server.time".into()));
        assert_eq!(route("1//c0de///batch"), (webhook.clone(), "batch".into()));
        assert_eq!(route("c0de/batch"), (None, String::new()));
        assert_eq!(route("api/1/c0de/batch"), (None, String::new()));
        assert_eq!(route(""), (None, String::new()));
        assert_eq!(route("////////"), (None, String::new()));
    }

    #[test]
    fn lower_case_route_is_tried_first() {
        let candidates = |method: &str| Route::parse(method).candidates();
        assert_eq!(
            candidates("imbot.v2.Revision.get.json"),
            ["imbot.v2.revision.get", "imbot.v2.Revision.get"]
        );
        assert_eq!(
            candidates("Server.Time.JSON"),
            ["server.time", "Server.Time.JSON"]
        );
        assert_eq!(candidates(".json"), [".json", ".json"]);
    }

    #[test]
    fn the_body_overlays_the_query() {
        let merged = r#"{"a":"1","b":3}"#;
        assert_eq!(
            params(Method::POST, "application/json; charset=utf-8", br#"{"b":3}"#),
            merged
        );
        assert_eq!(
            params(Method::POST, "text/plain", b" b=3\n"),
            r#"{"a":"1","b":"3"}"#
        );
    }

    #[test]
    fn invalid_json_body_leaves_query() {
        let query = r#"{"a":"1","b":"2"}"#;
        for body in [&b"{"[..], b"", b"7", b"\xEF\xBB\xBF{\"b\":3}", b"\xff", b"[[[["] {
            assert_eq!(params(Method::POST, "application/json", body), query, "{body:?}");
        }
        assert_eq!(params(Method::GET, "application/json", br#"{"b":3}"#), query);
    }
}
