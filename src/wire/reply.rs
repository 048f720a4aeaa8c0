//! Reads the bytes of a reply.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::budget::Budget;
use super::code::{CODE_LIMIT, ErrorClass, ErrorCode};
use super::foreign_body::describe;
use super::json::{self, ReadError};
use super::redact::{Finder, shown, shown_within};
use super::wait;

/// A portal's reply to a call.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Reply {
    /// The method's result: the value of `result`.
    Result(Value),
    /// An error of the API, whatever the HTTP status.
    Error(ApiError),
    /// A redirect with status 301, 302, 307 or 308. The portal has moved, or a page stands in
    /// place of the reply. Reading follows no redirect. It is a move only if the new address
    /// has the path of the request.
    Redirect {
        /// The new address, as it was sent. `None` if it is missing or longer than 8 KiB.
        location: Option<String>,
    },
    /// No reply of the API, but a proxy's answer, a login page, half a body, or a redirect with
    /// another status. The method may have run.
    Malformed(Malformed),
}

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The code.
    pub code: ErrorCode,
    /// The text for developers. It may be empty or in the portal's language.
    pub description: String,
    /// The HTTP status it came with. Do not decide by it.
    pub status: u16,
    /// The time from which the portal accepts calls of the method again, in seconds since 1970,
    /// if the reply has it (`time.operating_reset_at`). In the errors of a probe and of
    /// `gate::Client` it is at most a day from now. In other errors it is at most the end of
    /// the year 9999.
    pub reset_at: Option<u64>,
    /// Whether the error came with a `result` that is not null. Portals do not send that. The
    /// method may have run, so the code proves nothing, and its class is [`ErrorClass::Other`]. A
    /// gate also sets it: it sent several older calls for this one, and one of them succeeded.
    pub has_result: bool,
    retry_after_ms: Option<u32>,
}

impl ApiError {
    /// What the error proves.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self.code.class() {
            _ if self.has_result => ErrorClass::Other,
            // The status counts only if the code is unknown. A proxy or a newer portal means
            // a passing failure by one of these.
            ErrorClass::Other if self.status == 429 || self.status >= 500 => ErrorClass::Transient,
            class => class,
        }
    }

    /// Whether the error proves that the method did not run. Only then a repeat does no work
    /// twice.
    ///
    /// Code and status count. The code is of a check before the method, or the method sends it
    /// before it does its work. The status is one that portals send with such a code: 2xx or
    /// 4xx. With 3xx and 5xx nothing is proven, since a server in between may have written the
    /// error. Exceptions are `QUERY_LIMIT_EXCEEDED`, `OVERLOAD_LIMIT` and `PORTAL_DELETED`, which
    /// portals send with 5xx (source: `rest/lib/restexception.php`, and the documentation's page
    /// of system errors).
    #[must_use]
    pub fn proves_not_run(&self) -> bool {
        !self.has_result && self.code.proves_not_run(self.status)
    }

    /// The wait before the next call, if the body has it (`retryAfter` or `retry_after`, in
    /// seconds). In the errors of a client it is the longest of this, the header `Retry-After`
    /// and [`reset_at`](Self::reset_at). At most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_ms.map(of_millis)
    }

    /// Whether a portal sends this only for methods that it has: see
    /// [`ErrorCode::proves_method`].
    #[must_use]
    pub fn proves_method(&self) -> bool {
        !self.has_result && self.code.proves_method()
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

/// An answer that is not a reply of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// The HTTP status.
    pub status: u16,
    /// A description, such as `an HTML page titled "Bad Gateway"`. It has no part of the body
    /// that could repeat the request.
    pub what: String,
    retry_after_ms: Option<u32>,
}

impl Malformed {
    /// An answer with this description.
    pub(crate) fn new(status: u16, what: String) -> Self {
        Self {
            status,
            what: shown(&what, &[]),
            retry_after_ms: None,
        }
    }

    /// The wait before the next call: in the errors of a client, from the header `Retry-After`.
    /// At most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_ms.map(of_millis)
    }

    /// Removes these secrets from the description.
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        self.what = shown(&self.what, secrets);
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no reply of the API but {} (HTTP {})", self.what, self.status)
    }
}

/// The statuses of redirects that may mean a move. 303 means that the request was accepted, and
/// 300 that there are several answers.
const MOVES: [u16; 4] = [301, 302, 307, 308];

/// The longest address of a redirect, in bytes.
pub(crate) const LOCATION_LIMIT: usize = 8 * 1024;

/// A reply has too many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// The limit.
    pub(crate) limit: usize,
}

/// The members of a reply. Serde rejects an object that names one of them twice: it is unknown
/// which of the two counts.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    error: Option<Value>,
    error_description: Option<Value>,
    time: Option<Value>,
    #[serde(rename = "retryAfter")]
    retry_after: Option<Value>,
    #[serde(rename = "retry_after")]
    also_retry_after: Option<Value>,
}

/// A present member, also if it is null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Reply {
    /// Reads a reply.
    ///
    /// - A byte order mark and white space around the JSON are ignored.
    /// - A number that fits no `f64`, such as `1e400`, becomes text, so that the rest of the
    ///   reply is kept.
    /// - An object with `error` is an error, whatever the status. The code may be a string, a
    ///   number, an object with `code`, or a list of these.
    /// - An empty `error` (`null`, `""`, `false`, `0`, `[]`, `{}`) beside a `result` is no
    ///   error. Exception: a `result` of null with an `error_description` is an error.
    /// - An `error` that is not empty beside a `result` that is not null is an error
    ///   with [`ApiError::has_result`].
    /// - Otherwise an object with `result` is a result.
    /// - Otherwise a status of 301, 302, 307 or 308 is a redirect. Anything else is malformed,
    ///   and so is an object that names one of its members twice.
    ///
    /// Texts are cut at about 400 bytes, codes at 100. JSON with more than 524,288 values is
    /// malformed: it could take a hundred times its length in memory. Names of members count
    /// as values.
    #[must_use]
    pub fn read(status: u16, location: Option<&str>, body: &[u8]) -> Reply {
        Self::read_without(status, location, body, &[])
    }

    /// The same, with these secrets removed from displayed texts.
    pub(super) fn read_without(status: u16, location: Option<&str>, body: &[u8], secrets: &[&str]) -> Reply {
        let secrets = || secrets.to_vec();
        Self::read_hiding(status, location, body, secrets, Budget::CALL.values).unwrap_or_else(
            |TooMany { limit }| {
                let what = format!("JSON with more than the {limit} values that are read");
                Reply::Malformed(Malformed::new(status, what))
            },
        )
    }

    /// The same, with secrets removed from displayed texts. They do not change how the reply
    /// is read. If it has a result and no `error`, they are not asked for.
    ///
    /// # Errors
    ///
    /// [`TooMany`] if it has more values than this.
    pub(crate) fn read_hiding<'s>(
        status: u16,
        location: Option<&str>,
        body: &[u8],
        secrets: impl FnOnce() -> Vec<&'s str>,
        values: usize,
    ) -> Result<Reply, TooMany> {
        let text = json::without_mark(body).trim_ascii();
        // Serde would accept a list as the members in their order.
        let is_object = text.first() == Some(&b'{');
        let envelope = is_object.then(|| json::read::<Envelope>(text, values));
        if let Some(Err(ReadError::TooMany { limit })) = envelope {
            return Err(TooMany { limit });
        }
        if let Some(Ok(Envelope {
            result: Some(result),
            error: None,
            ..
        })) = envelope
        {
            return Ok(Reply::Result(result));
        }
        let secrets = &*secrets();
        if let Some(Ok(envelope)) = envelope {
            let retry_after = envelope.retry_after.as_ref();
            let answered = Answered {
                error: envelope.error.as_ref(),
                description: envelope.error_description.as_ref(),
                retry_after: retry_after.or(envelope.also_retry_after.as_ref()),
            };
            match answered.read(envelope.result, status, secrets) {
                Some(Reply::Error(mut error)) => {
                    let reset = envelope
                        .time
                        .as_ref()
                        .and_then(|time| time.get("operating_reset_at"));
                    error.reset_at = reset.and_then(wait::time_of_value);
                    return Ok(Reply::Error(error));
                }
                Some(reply) => return Ok(reply),
                None => {}
            }
        }
        if MOVES.contains(&status) {
            let location = location.filter(|location| location.len() <= LOCATION_LIMIT);
            return Ok(Reply::Redirect {
                location: location.map(str::to_owned),
            });
        }
        let what = match status {
            300..400 => format!("a redirect with status {status}, by which no portal moves"),
            _ => describe(text, values),
        };
        let mut malformed = Malformed {
            status,
            what,
            retry_after_ms: None,
        };
        malformed.hide(secrets);
        Ok(Reply::Malformed(malformed))
    }

    /// Stores the wait before the next call. The caller has computed it.
    pub(crate) fn keep_wait(&mut self, wait: Option<Duration>) {
        match self {
            Reply::Error(error) => error.retry_after_ms = wait.and_then(millis),
            Reply::Malformed(malformed) => malformed.retry_after_ms = wait.and_then(millis),
            Reply::Result(_) | Reply::Redirect { .. } => {}
        }
    }
}

/// A day of them fits.
fn millis(wait: Duration) -> Option<u32> {
    u32::try_from(wait::clamped(wait).as_millis()).ok()
}

fn of_millis(wait: u32) -> Duration {
    Duration::from_millis(wait.into())
}

impl fmt::Debug for Reply {
    /// Results are not printed: they may hold secrets (`bot.appId` does).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Result(_) => f.write_str("Result(..)"),
            Reply::Error(error) => write!(f, "Error({error})"),
            Reply::Redirect { .. } => f.write_str("Redirect(..)"),
            Reply::Malformed(malformed) => write!(f, "Malformed({malformed})"),
        }
    }
}

/// The answer to one call beside its result, alone or in a batch. It may be large, so only the
/// texts that an error keeps are copied.
#[derive(Clone, Copy, Default)]
pub(super) struct Answered<'r> {
    pub(super) error: Option<&'r Value>,
    pub(super) description: Option<&'r Value>,
    pub(super) retry_after: Option<&'r Value>,
}

impl Answered<'_> {
    /// A result or an error. `None` if there is neither.
    pub(super) fn read(self, result: Option<Value>, status: u16, secrets: &[&str]) -> Option<Reply> {
        let Some(error) = self.error else {
            return result.map(Reply::Result);
        };
        let says_more = self.description.is_some_and(|text| !is_empty(text));
        match result {
            Some(result) if is_empty(error) && !(result.is_null() && says_more) => {
                Some(Reply::Result(result))
            }
            result => {
                let mut error = api_error(status, error, self.description, secrets);
                let wait = self.retry_after.and_then(wait::of_value);
                error.retry_after_ms = wait.and_then(millis);
                error.has_result = result.is_some_and(|result| !result.is_null());
                Some(Reply::Error(error))
            }
        }
    }
}

/// Whether a value stands for "none": null, false, 0, blank text, or an empty list or object.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(is_set) => !is_set,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

fn api_error(status: u16, error: &Value, description: Option<&Value>, secrets: &[&str]) -> ApiError {
    let (code, message) = match error {
        // REST 3.0 has an object here; proxies of v1 were seen to imitate it.
        Value::Object(fields) => (fields.get("code"), fields.get("message")),
        Value::Array(errors) => {
            let first = errors.first().unwrap_or(&Value::Null);
            if !first.is_array() {
                return api_error(status, first, description, secrets);
            }
            (None, None)
        }
        Value::Bool(false) => (None, None),
        code => (Some(code), None),
    };
    let description = text(description.or(message));
    ApiError {
        code: code_of(&text(code), secrets),
        description: shown(&description, secrets),
        status,
        reset_at: None,
        has_result: false,
        retry_after_ms: None,
    }
}

fn text(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        Some(Value::String(text)) => text.as_str().into(),
        Some(Value::Null) | None => "".into(),
        Some(other) => other.to_string().into(),
    }
}

/// A code as it was sent. A code that is too long is cut, so it is never displayed whole.
fn code_of(text: &str, secrets: &[&str]) -> ErrorCode {
    let text = text.trim();
    let is_code = text.len() <= CODE_LIMIT && !text.chars().any(char::is_control);
    if !is_code {
        return ErrorCode::new(shown_within(CODE_LIMIT, text, secrets));
    }
    let mut code = ErrorCode::new(text);
    code.hide(&Finder::of(secrets));
    code
}

#[cfg(test)]
mod tests;
