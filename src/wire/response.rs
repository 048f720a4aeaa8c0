//! [`Response`]: an HTTP reply, as an HTTP client returns it.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::batch::hide_texts;
use super::budget::{Budget, Excess, Meter};
use super::http_date;
use super::reply::{ApiError, Reply, TooMany};
use super::wait::{LONGEST_WAIT, clamped, seconds};

/// An HTTP reply: the parts that decide something.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header `Location`, if there is one.
    pub location: Option<String>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// The header `Retry-After` in seconds, if there is one. Portals send none, but a proxy in
    /// front of them may.
    pub retry_after: Option<Duration>,
    /// The header `Retry-After` as a date. The reader of the reply subtracts its own clock's time.
    pub retry_at: Option<SystemTime>,
}

impl Response {
    /// A reply, without `Retry-After`.
    #[must_use]
    pub fn new(status: u16, location: Option<String>, body: Vec<u8>) -> Self {
        Self {
            status,
            location,
            body,
            retry_after: None,
            retry_at: None,
        }
    }

    /// The same with a header `Retry-After`: seconds, or an HTTP date. Any other text is ignored.
    /// More than a day of seconds counts as a day.
    #[must_use]
    pub fn with_retry_after(mut self, header: &str) -> Self {
        self.retry_after = seconds(header);
        self.retry_at = http_date::parse(header);
        self
    }

    /// Reads the reply at this time, as [`Reply::read`] does. The wait of an error counts the header
    /// `Retry-After`, too. These secrets are removed from displayed texts: a webhook's code, a token.
    /// Secrets below eight characters stay, and so do texts in the result of a batch.
    #[must_use]
    pub fn read(&self, now: SystemTime, secrets: &[&str]) -> Reply {
        let mut reply = Reply::read_without(self.status, self.location.as_deref(), &self.body, secrets);
        self.settle_wait(&mut reply, now);
        reply
    }

    /// How long to wait before the next call, a day at most. Writes it into the reply that was read of
    /// this response.
    pub(crate) fn settle_wait(&self, reply: &mut Reply, now: SystemTime) -> Option<Duration> {
        let wait = self.wait(reply, now);
        reply.keep_wait(wait);
        if let Reply::Error(error) = reply {
            let latest = now.checked_add(LONGEST_WAIT);
            if let Some(latest) = latest.and_then(|latest| latest.duration_since(UNIX_EPOCH).ok()) {
                error.reset_at = error.reset_at.map(|reset| reset.min(latest.as_secs()));
            }
        }
        wait
    }

    /// How long to wait: the longest wait that the header or the body asks for, at most a day.
    pub(crate) fn wait(&self, reply: &Reply, now: SystemTime) -> Option<Duration> {
        let error = match reply {
            Reply::Error(error) => Some(error),
            _ => None,
        };
        let until = |at: SystemTime| at.duration_since(now).ok();
        let reset_at = error
            .and_then(|error| error.reset_at)
            .and_then(|reset| UNIX_EPOCH.checked_add(Duration::from_secs(reset)));
        let waits = [
            self.retry_after,
            self.retry_at.and_then(until),
            error.and_then(ApiError::retry_after),
            reset_at.and_then(until),
        ];
        waits.into_iter().flatten().max().map(clamped)
    }
}

/// Reads the reply to a method, within the budget and without these secrets in its texts. The caller
/// may have read more of the body.
///
/// # Errors
///
/// [`Excess`] if the body exceeds the budget.
pub(crate) fn read_within<'s>(
    method: &str,
    status: u16,
    location: Option<&str>,
    body: &[u8],
    secrets: impl Fn() -> Vec<&'s str>,
    budget: Budget,
) -> Result<Reply, Excess> {
    Meter::check(budget, status, body)?;
    let read = Reply::read_hiding(status, location, body, &secrets, budget.values);
    let mut reply = read.map_err(|TooMany { limit }| Excess::Values(limit))?;
    hide_texts(method, &mut reply, secrets);
    Ok(reply)
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response(HTTP {}, {} bytes)", self.status, self.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_hides_secrets_and_counts_waits() {
        let body = br#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":"no s3cretcode"}"#;
        let response = Response::new(503, None, body.to_vec()).with_retry_after("30");
        let Reply::Error(error) = response.read(UNIX_EPOCH, &["s3cretcode"]) else {
            panic!("no error")
        };
        assert_eq!(error.code, "QUERY_LIMIT_EXCEEDED");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
        assert!(!format!("{error} {error:?}").contains("s3cretcode"), "{error}");
    }
}
