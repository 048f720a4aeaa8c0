//! How long a reply asks its reader to wait.

use std::time::Duration;

use serde_json::Value;

/// The longest wait that is believed: a day. Whoever answers for a portal can ask for
/// any, and nobody lifts a wait of years.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The last second of the year 9999, counted from 1970: no calendar has a later one.
pub(crate) const LATEST: u64 = 253_402_300_799;

/// Whole seconds in digits, as the header `Retry-After` has them.
pub(crate) fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More than fits is more than is believed.
    is_number.then(|| clamped(Duration::from_secs(text.parse().unwrap_or(u64::MAX))))
}

/// The same as a member of a body: a number, or text.
pub(crate) fn of_value(value: &Value) -> Option<Duration> {
    match value {
        Value::String(text) => seconds(text),
        Value::Number(number) => {
            let seconds = number.as_f64().filter(|seconds| *seconds >= 0.0)?;
            let wait = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT);
            Some(clamped(wait))
        }
        _ => None,
    }
}

pub(crate) fn clamped(wait: Duration) -> Duration {
    wait.min(LONGEST_WAIT)
}
