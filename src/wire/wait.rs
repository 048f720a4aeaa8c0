//! Reads waits: the time for which a reply asks the caller to wait.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::time::Duration;

use serde_json::Value;

/// The longest accepted wait: a day. A hostile portal or proxy can ask for any wait.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The last second of the year 9999, counted from 1970: no calendar has a later one.
pub(crate) const LATEST: u64 = 253_402_300_799;

/// Whole seconds in digits, as in the header `Retry-After`.
pub(crate) fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number that does not fit is longer than a day.
    is_number.then(|| clamped(Duration::from_secs(text.parse().unwrap_or(u64::MAX))))
}

/// The same as a member of a body: a number of JSON, or its text.
pub(crate) fn of_value(value: &Value) -> Option<Duration> {
    let seconds = not_negative(value)?;
    let wait = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT);
    Some(clamped(wait))
}

/// A time in seconds since 1970, rounded up to a whole second, and [`LATEST`] at most.
pub(crate) fn time_of_value(value: &Value) -> Option<u64> {
    let latest = Duration::from_secs(LATEST);
    let since = Duration::try_from_secs_f64(not_negative(value)?.ceil()).unwrap_or(latest);
    Some(since.as_secs().min(LATEST))
}

/// A number of JSON, or its text. One that fits no `f64` is infinite.
fn not_negative(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim();
            let is_of_number = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
            let is_number =
                text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().all(is_of_number);
            text.parse().ok().filter(|_| is_number)
        }
        _ => None,
    };
    number.filter(|number| *number >= 0.0)
}

pub(crate) fn clamped(wait: Duration) -> Duration {
    wait.min(LONGEST_WAIT)
}
