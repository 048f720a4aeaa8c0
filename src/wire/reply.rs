//! A reply's bytes, read.

use std::fmt;

use serde_json::Value;

use super::code::{Class, ErrorCode};

/// What a portal answered to a call.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Reply {
    /// The method's result: the value of `result`.
    Result(Value),
    /// An error of the API, whatever the HTTP status.
    Error(ApiError),
    /// A redirect: the portal has moved, or its site is closed. Never followed
    /// by reading.
    Moved {
        /// Where to, as it was sent, when it was.
        location: Option<String>,
    },
    /// Nothing of the API: the answer of a proxy, a login page, half a body.
    Malformed(Malformed),
}

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The code.
    pub code: ErrorCode,
    /// The text for developers; may be empty or in the portal's language.
    pub description: String,
    /// The HTTP status it came with. Do not decide by it.
    pub status: u16,
    /// When the portal takes calls of the method again, in seconds since 1970,
    /// should it say so (`time.operating_reset_at`).
    pub reset_at: Option<u64>,
}

impl ApiError {
    /// What the error proves.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.code.class() {
            // A status is a hint only where the code says nothing: what a proxy or a
            // newer portal sends with one of these is meant to pass.
            Class::Other if self.status == 429 || self.status >= 500 => Class::Transient,
            class => class,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if !self.description.is_empty() {
            write!(f, ": {}", self.description)?;
        }
        write!(f, " (HTTP {})", self.status)
    }
}

impl std::error::Error for ApiError {}

/// An answer that is none of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// The HTTP status.
    pub status: u16,
    /// What it is instead, such as `an HTML page titled "Bad Gateway"`. Holds
    /// nothing of a body that could repeat the request.
    pub what: String,
}

impl Malformed {
    /// An answer that is `what` instead.
    pub(crate) fn new(status: u16, what: String) -> Self {
        Self { status, what }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no reply of the API but {} (HTTP {})", self.what, self.status)
    }
}

/// How much of a text of the portal goes into messages, in characters.
const EXCERPT: usize = 200;

impl Reply {
    /// Reads a reply.
    ///
    /// - A byte order mark and white space around the JSON are ignored.
    /// - An object with `error` is an error, whatever the status; the code may
    ///   be a string, a number, or an object with `code`.
    /// - Otherwise an object with `result` is a result.
    /// - Otherwise a status of 3xx is a redirect; anything else is malformed.
    #[must_use]
    pub fn read(status: u16, location: Option<&str>, body: &[u8]) -> Reply {
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
        let parsed = serde_json::from_slice::<Value>(text);
        if let Ok(Value::Object(mut fields)) = parsed {
            if let Some(error) = fields.remove("error") {
                let mut error = api_error(status, error, fields.remove("error_description"));
                error.reset_at = fields
                    .get("time")
                    .and_then(|time| time.get("operating_reset_at")?.as_u64());
                return Reply::Error(error);
            }
            if let Some(result) = fields.remove("result") {
                return Reply::Result(result);
            }
        }
        if (300..400).contains(&status) {
            return Reply::Moved {
                location: location.map(str::to_owned),
            };
        }
        Reply::Malformed(Malformed {
            status,
            what: describe(text),
        })
    }
}

impl fmt::Debug for Reply {
    /// Results are not printed: they may hold secrets (`bot.appId` does).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Result(_) => f.write_str("Result(..)"),
            Reply::Error(error) => write!(f, "Error({error})"),
            Reply::Moved { .. } => f.write_str("Moved(..)"),
            Reply::Malformed(malformed) => write!(f, "Malformed({malformed})"),
        }
    }
}

pub(super) fn api_error(status: u16, error: Value, description: Option<Value>) -> ApiError {
    let (code, message) = match error {
        // REST 3.0 has an object here; proxies of v1 were seen to imitate it.
        Value::Object(mut fields) => (
            fields.remove("code").unwrap_or_default(),
            fields.remove("message"),
        ),
        code => (code, None),
    };
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let description = description.or(message).map(text).unwrap_or_default();
    ApiError {
        code: ErrorCode::new(excerpt(&text(code))),
        description: excerpt(&description),
        status,
        reset_at: None,
    }
}

fn excerpt(text: &str) -> String {
    let mut short: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(EXCERPT)
        .collect();
    if text.trim().chars().count() > EXCERPT {
        short.push('…');
    }
    short
}

/// Says what a body is, without repeating what it may have been sent.
fn describe(text: &[u8]) -> String {
    let looks_like_html = text.first() == Some(&b'<');
    match serde_json::from_slice::<Value>(text) {
        _ if text.is_empty() => "an empty body".to_owned(),
        Ok(Value::Object(_)) => "a JSON object with neither `result` nor `error`".to_owned(),
        Ok(_) => "JSON that is no object".to_owned(),
        Err(_) if looks_like_html => match title(text) {
            Some(title) => format!("an HTML page titled \"{title}\""),
            None => "an HTML page".to_owned(),
        },
        // Nobody asked for it: gzip's first bytes, and Zstandard's.
        Err(_) if text.starts_with(&[0x1f, 0x8b]) || text.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            "a compressed body".to_owned()
        }
        Err(error) if error.is_eof() => format!("half of a JSON body ({} bytes)", text.len()),
        Err(_) => format!("{} bytes that are not JSON", text.len()),
    }
}

/// A page's title, when it cannot hold an address and so no secret of one.
fn title(html: &[u8]) -> Option<String> {
    let html = String::from_utf8_lossy(html.get(..4096).unwrap_or(html));
    // ASCII case only, so that the offsets hold in the original.
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find("</title>")?;
    let title = html.get(start..end)?.trim();
    let harmless = title.len() <= 60
        && !title.is_empty()
        && title
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | ',' | ':' | '!'))
        && !title.split(' ').any(|word| word.len() > 15);
    harmless.then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> ApiError {
        match Reply::read(status, None, body.as_bytes()) {
            Reply::Error(error) => error,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn results() {
        for body in [
            r#"{"result":{"rest":33},"time":{}}"#,
            "\u{feff}  {\"result\":{\"rest\":33}}\r\n",
        ] {
            let Reply::Result(result) = Reply::read(200, None, body.as_bytes()) else {
                panic!("{body}");
            };
            assert_eq!(result["rest"], 33);
        }
        assert_eq!(
            Reply::read(200, None, br#"{"result":null}"#),
            Reply::Result(Value::Null)
        );
    }

    #[test]
    fn errors_are_known_by_the_body_alone() {
        for status in [200, 302, 401, 403, 404, 500] {
            let found = error(status, r#"{"error":"insufficient_scope","error_description":""}"#);
            assert_eq!((found.class(), found.status), (Class::Scope, status));
        }
        for (body, code) in [
            (r#"{"error":"","error_description":"x"}"#, ""),
            (r#"{"error":"0"}"#, "0"),
            (r#"{"error":22002}"#, "22002"),
            (r#"{"error":null}"#, ""),
            (
                r#"{"error":{"code":"expired_token","message":"m"}}"#,
                "expired_token",
            ),
            (r#"{"error":{"message":"m"}}"#, ""),
            (r#"{"result":[],"error":"X"}"#, "X"),
        ] {
            assert_eq!(error(200, body).code, code, "{body}");
        }
        assert_eq!(
            error(200, r#"{"error":{"code":"A","message":"m"}}"#).description,
            "m"
        );
    }

    #[test]
    fn a_time_of_reset_is_read_where_there_is_one() {
        for (time, reset) in [
            (r#"{"operating_reset_at":1775088600}"#, Some(1_775_088_600)),
            (r#"{"operating_reset_at":"soon"}"#, None),
            (r#"{"operating_reset_at":-1}"#, None),
            ("[]", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"error":"OPERATION_TIME_LIMIT","time":{time}}}"#);
            assert_eq!(error(429, &body).reset_at, reset, "{time}");
        }
        assert_eq!(error(429, r#"{"error":"OPERATION_TIME_LIMIT"}"#).reset_at, None);
    }

    #[test]
    fn a_body_that_is_packed_is_named() {
        for body in [&[0x1f, 0x8b, 8, 0][..], &[0x28, 0xb5, 0x2f, 0xfd, 0]] {
            let Reply::Malformed(found) = Reply::read(200, None, body) else {
                panic!("{body:?}");
            };
            assert_eq!(found.what, "a compressed body");
        }
    }

    #[test]
    fn what_is_not_of_the_api_is_named() {
        for (status, body, what) in [
            (200, "", "an empty body"),
            (
                502,
                "<html><head><title>502 Bad Gateway</title>",
                "an HTML page titled \"502 Bad Gateway\"",
            ),
            (200, "<!doctype html><p>", "an HTML page"),
            (404, "<title>/rest/1/s3cret/x not found</title>", "an HTML page"),
            (404, "<title>Not found: 0123456789abcdef</title>", "an HTML page"),
            (200, r#"{"result":{"rest":3"#, "half of a JSON body (19 bytes)"),
            (200, "Fatal error", "11 bytes that are not JSON"),
            (200, "[1]", "JSON that is no object"),
            (200, "{}", "a JSON object with neither `result` nor `error`"),
            (200, "\u{0130}<title>", "9 bytes that are not JSON"),
        ] {
            let Reply::Malformed(found) = Reply::read(status, None, body.as_bytes()) else {
                panic!("{body}");
            };
            assert_eq!(found.what, what, "{body}");
        }
    }

    #[test]
    fn redirects() {
        let reply = Reply::read(302, Some("https://new.example/rest/"), b"<html>");
        assert_eq!(
            reply,
            Reply::Moved {
                location: Some("https://new.example/rest/".into())
            }
        );
        assert_eq!(
            format!("{reply:?}"),
            "Moved(..)",
            "a location may repeat the webhook's code"
        );
        assert_eq!(Reply::read(304, None, b""), Reply::Moved { location: None });
    }

    #[test]
    fn long_and_odd_texts_are_cut() {
        let body = format!(r#"{{"error":"X","error_description":"{}"}}"#, "é\\n".repeat(500));
        let found = error(400, &body);
        assert_eq!(found.description.chars().count(), EXCERPT + 1);
        assert!(!found.description.contains('\n'));
    }
}
