//! The envelope of every answer: `result` and `time`, or an error without time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::build::Statuses;

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
const KNOWN: [(&str, &str, u16, u16); 17] = [
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

    pub(super) fn with_status(mut self, status: u16) -> Self {
        (self.in_source, self.documented) = (status, status);
        self
    }

    pub(super) fn status(&self, statuses: Statuses) -> u16 {
        match statuses {
            Statuses::Source => self.in_source,
            Statuses::Documented => self.documented,
        }
    }

    /// The body: two strings and no `time`.
    pub(super) fn to_json(&self) -> Json {
        json!({"error": self.code, "error_description": self.description})
    }
}

/// When a call began, for the `time` of its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch(SystemTime);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(SystemTime::now())
    }

    /// The member `time`.
    ///
    /// On premise `start` is a whole number and the operating time is not
    /// counted; in the cloud `start` is a float and both operating keys are there.
    pub(super) fn to_json(self, on_premise: bool) -> Json {
        let (start, finish) = (since_epoch(self.0), since_epoch(SystemTime::now()));
        let duration = finish.saturating_sub(start).as_secs_f64();
        let mut time = json!({
            "start": start.as_secs_f64(),
            "finish": finish.as_secs_f64(),
            "duration": duration,
            "processing": duration,
            "date_start": iso_date(start),
            "date_finish": iso_date(finish),
        });
        let varying = match on_premise {
            true => vec![("start", json!(start.as_secs()))],
            false => vec![
                ("operating", json!(duration)),
                (
                    "operating_reset_at",
                    json!(start.as_secs() + OPERATING_WINDOW.as_secs()),
                ),
            ],
        };
        if let Some(members) = time.as_object_mut() {
            members.extend(varying.into_iter().map(|(key, value)| (key.to_owned(), value)));
        }
        time
    }
}

/// The window over which a portal adds up a method's operating time.
const OPERATING_WINDOW: Duration = Duration::from_secs(600);

/// A successful answer's body.
pub(super) fn success(result: Json, clock: Stopwatch, on_premise: bool) -> Json {
    json!({"result": result, "time": clock.to_json(on_premise)})
}

/// Now, as portals write dates; the emulated server stands in UTC.
pub(super) fn now() -> String {
    iso_date(since_epoch(SystemTime::now()))
}

/// Now, in seconds since 1970.
pub(super) fn unix_time() -> u64 {
    since_epoch(SystemTime::now()).as_secs()
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn iso_date(since_epoch: Duration) -> String {
    let seconds = since_epoch.as_secs();
    let (year, month, day) = civil_date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00")
}

/// Year, month and day of a number of days since 1970-01-01.
///
/// Counts from 0000-03-01, so that a leap day ends its year, in eras of 400 years.
fn civil_date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let date = |seconds| iso_date(Duration::from_secs(seconds));
        assert_eq!(date(0), "1970-01-01T00:00:00+00:00");
        assert_eq!(date(951_827_696), "2000-02-29T12:34:56+00:00");
        assert_eq!(date(1_775_088_000), "2026-04-02T00:00:00+00:00");
        assert_eq!(date(4_107_542_399), "2100-02-28T23:59:59+00:00");
    }

    #[test]
    fn time_differs_between_cloud_and_premises() {
        let cloud = Stopwatch::start().to_json(false);
        assert!(cloud["start"].is_f64() && cloud["operating"].is_number());
        assert!(cloud["operating_reset_at"].is_u64());
        let premises = Stopwatch::start().to_json(true);
        assert!(premises["start"].is_u64() && premises["finish"].is_f64());
        assert_eq!(premises.get("operating"), None);
        assert_eq!(premises.get("operating_reset_at"), None);
    }

    #[test]
    fn known_codes_have_both_statuses() {
        let deleted = RestError::known("PORTAL_DELETED");
        assert_eq!(deleted.status(Statuses::Source), 403);
        assert_eq!(deleted.status(Statuses::Documented), 500);
        assert_eq!(RestError::known("NEVER_HEARD_OF").status(Statuses::Source), 400);
    }
}
