//! Errors of the server itself, in the form of Bitrix24's.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::body::{ProxyBody, whole};

/// An error, as it is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    /// Shows no secret.
    pub(crate) text: String,
    /// More about it, for programs.
    pub(crate) details: Option<Value>,
    /// Whether the rest of the request cannot be read.
    pub(crate) closes: bool,
}

impl Failure {
    pub(crate) fn new(status: StatusCode, code: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            code,
            text: text.into(),
            details: None,
            closes: false,
        }
    }

    pub(crate) fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    pub(crate) fn with(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    pub(crate) fn into_response(self) -> Response<ProxyBody> {
        let mut members = Map::new();
        members.insert("error".to_owned(), self.code.into());
        members.insert("error_description".to_owned(), self.text.into());
        if let Some(details) = self.details {
            members.insert("details".to_owned(), details);
        }
        let mut response = json_response(self.status, &Value::Object(members));
        if self.closes {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

pub(crate) fn json_response(status: StatusCode, value: &Value) -> Response<ProxyBody> {
    let mut response = Response::new(whole(Bytes::from(value.to_string())));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// A document in the form that the command line prints, too.
pub(crate) fn document(form: &'static str, members: Map<String, Value>) -> Response<ProxyBody> {
    let mut document = Map::new();
    document.insert("form".to_owned(), form.into());
    document.insert("version".to_owned(), json!(1));
    document.extend(members);
    json_response(StatusCode::OK, &Value::Object(document))
}
