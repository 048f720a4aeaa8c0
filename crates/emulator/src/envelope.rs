//! The envelope of every answer: `result` and `time`, or an error without time.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::build::StatusBasis;
use super::clock::{Clock, iso_date};
use super::limit::Spent;

/// An error answer.
///
/// Sources disagree on the status of several codes, so it has two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RestError {
    code: String,
    description: String,
    in_source: u16,
    documented: u16,
}

/// Code, text, status as the server's source computes it, status as documented.
///
/// `QUERY_LIMIT_EXCEEDED` comes from the front of the cloud, not from the
/// server, so both columns hold what the documentation says.
const KNOWN: [(&str, &str, u16, u16); 18] = [
    (
        "ACCESS_DENIED",
        "REST is available only on commercial plans.",
        401,
        403,
    ),
    ("APPLICATION_NOT_FOUND", "Application not found", 401, 401),
    (
        "CONNECTION_ERROR",
        "Error connecting to authorization server",
        401,
        401,
    ),
    ("ERROR_METHOD_NOT_FOUND", "Method not found!", 404, 404),
    (
        "ERROR_UNEXPECTED_ANSWER",
        "Server returned an unexpected response",
        500,
        500,
    ),
    ("INTERNAL_SERVER_ERROR", "Internal server error", 500, 500),
    ("INVALID_CREDENTIALS", "Invalid request credentials", 401, 403),
    ("INVALID_REQUEST", "Https required.", 401, 400),
    ("NO_AUTH_FOUND", "Wrong authorization data", 401, 401),
    (
        "OPERATION_TIME_LIMIT",
        "Method is blocked due to operation time limit.",
        429,
        429,
    ),
    ("OVERLOAD_LIMIT", "REST API is blocked due to overload.", 401, 503),
    ("PORTAL_DELETED", "Portal was deleted", 403, 500),
    ("QUERY_LIMIT_EXCEEDED", "Too many requests", 503, 503),
    ("authorization_error", "Unable to authorize user", 401, 401),
    ("expired_token", "The access token provided has expired", 401, 401),
    (
        "insufficient_scope",
        "The request requires higher privileges than provided by the webhook token",
        401,
        403,
    ),
    ("invalid_token", "Unable to get application by token", 401, 401),
    (
        "user_access_error",
        "The user does not have access to the application.",
        401,
        403,
    ),
];

impl RestError {
    /// An error of a method, with the status of one that sets none.
    pub(super) fn new(code: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            description: description.into(),
            in_source: 400,
            documented: 400,
        }
    }

    /// A system error with its own text and statuses; a code that is not known
    /// becomes a method's error whose text is the code.
    pub(super) fn known(code: &str) -> Self {
        match KNOWN.iter().find(|(own, ..)| *own == code) {
            Some((code, description, in_source, documented)) => Self {
                code: (*code).to_owned(),
                description: (*description).to_owned(),
                in_source: *in_source,
                documented: *documented,
            },
            None => Self::new(code, code),
        }
    }

    pub(super) fn method_not_found() -> Self {
        Self::known("ERROR_METHOD_NOT_FOUND")
    }

    pub(super) fn insufficient_scope(of_application: bool) -> Self {
        let error = Self::known("insufficient_scope");
        match of_application {
            true => error.saying("The request requires higher privileges than provided by the access token"),
            false => error,
        }
    }

    /// Refused by the method itself, which is not the tariff's `ACCESS_DENIED`.
    pub(super) fn access_denied(why: &str) -> Self {
        Self::new("ACCESS_DENIED", format!("Access denied! {why}")).with_status(403)
    }

    pub(super) fn saying(mut self, description: &str) -> Self {
        self.description = description.to_owned();
        self
    }

    /// The same under another code.
    pub(super) fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = code.into();
        self
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        (self.in_source, self.documented) = (status, status);
        self
    }

    pub(super) fn status(&self, statuses: StatusBasis) -> u16 {
        match statuses {
            StatusBasis::Source => self.in_source,
            StatusBasis::Documented => self.documented,
        }
    }

    /// The body: two strings and no `time`.
    pub(super) fn to_json(&self) -> Json {
        json!({"error": self.code, "error_description": self.description})
    }
}

/// When a call began, for the `time` of its answer.
#[derive(Clone, Debug)]
pub(super) struct Stopwatch {
    clock: Clock,
    start: Duration,
}

impl Stopwatch {
    pub(super) fn start(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            start: clock.since_epoch(),
        }
    }

    /// The member `time`.
    ///
    /// `start` and `processing` are whole seconds, since portals keep them in typed
    /// integers; `finish` and `duration` are not. A portal whose operating time is
    /// not counted has neither of its keys.
    pub(super) fn to_json(&self, spent: Option<Spent>) -> Json {
        let (start, finish) = (self.start, self.clock.since_epoch());
        let mut time = json!({
            "start": start.as_secs(),
            "finish": finish.as_secs_f64(),
            // Of `start` as it is shown.
            "duration": finish.as_secs_f64() - start.as_secs() as f64,
            "processing": finish.as_secs().saturating_sub(start.as_secs()),
            "date_start": iso_date(start),
            "date_finish": iso_date(finish),
        });
        if let (Some(members), Some(spent)) = (time.as_object_mut(), spent) {
            let operating = match spent.time {
                // PHP writes a float without a fraction like a whole number.
                whole if whole.subsec_nanos() == 0 => json!(whole.as_secs()),
                time => json!(time.as_secs_f64()),
            };
            members.insert("operating".to_owned(), operating);
            members.insert("operating_reset_at".to_owned(), json!(spent.reset_at));
        }
        time
    }
}

/// Where a page of a list stands, which answers tell beside `result`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// How many there are on all pages; -1 where that is not counted.
    pub(super) total: i64,
    /// Where the next page begins; `None` after the last.
    pub(super) next: Option<i64>,
}

/// A successful answer's body.
pub(super) fn success(result: Json, page: Option<Page>, clock: &Stopwatch, spent: Option<Spent>) -> Json {
    let mut body = json!({"result": result});
    if let Some(members) = body.as_object_mut() {
        if let Some(next) = page.and_then(|page| page.next) {
            members.insert("next".to_owned(), next.into());
        }
        if let Some(page) = page {
            members.insert("total".to_owned(), page.total.into());
        }
        members.insert("time".to_owned(), clock.to_json(spent));
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cloud_reports_operating_time() {
        let clock = Clock::start();
        let spent = Spent::nothing(clock.since_epoch());
        let cloud = Stopwatch::start(&clock).to_json(Some(spent));
        assert!(cloud["start"].is_u64() && cloud["operating"] == 0);
        assert!(cloud["operating_reset_at"].is_u64());
        let premises = Stopwatch::start(&clock).to_json(None);
        assert!(premises["start"].is_u64() && premises["finish"].is_f64());
        assert_eq!(premises.get("operating"), None);
        assert_eq!(premises.get("operating_reset_at"), None);
    }

    #[test]
    fn known_codes_have_both_statuses() {
        let deleted = RestError::known("PORTAL_DELETED");
        assert_eq!(deleted.status(StatusBasis::Source), 403);
        assert_eq!(deleted.status(StatusBasis::Documented), 500);
        assert_eq!(
            RestError::known("NEVER_HEARD_OF").status(StatusBasis::Source),
            400
        );
    }
}
