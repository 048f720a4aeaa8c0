//! The replies that the server completes or writes itself.

use std::pin::Pin;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Collected, LengthLimitError, Limited};
use imbot_caps::table::Date;
use serde_json::{Value, json};

use crate::body::{BodyError, ProxyBody};
use crate::code;
use crate::failure::Failure;

/// The most bytes and values of a reply that the server completes, as of those that the gate reads.
const ANSWER: usize = 16 * 1024 * 1024;
const VALUES: usize = 524_288;

/// The whole body of a reply.
pub(crate) async fn read(body: ProxyBody) -> Result<Bytes, Failure> {
    // As a trait object: the compiler does not see by itself that this future can change its thread.
    let reading: Pin<Box<dyn Future<Output = Result<Collected<Bytes>, BodyError>> + Send>> =
        Box::pin(Limited::new(body, ANSWER).collect());
    let read = reading
        .await
        .map_err(|error| match error.is::<LengthLimitError>() {
            true => unread("the reply is longer than 16 MiB"),
            false => unread("the reply broke off"),
        });
    let whole = read?.to_bytes();
    match values_of(&whole) > VALUES {
        true => Err(unread("the reply has more than 524,288 values")),
        false => Ok(whole),
    }
}

/// An upper bound of the values in a text of JSON.
fn values_of(body: &[u8]) -> usize {
    let (mut count, mut is_text, mut is_escaped) = (1_usize, false, false);
    for byte in body {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' | b',' | b':' if !is_text => count = count.saturating_add(1),
            _ => {}
        }
    }
    count
}

fn unread(text: &str) -> Failure {
    let text = format!("the call may have run: {text}");
    Failure::new(StatusCode::BAD_GATEWAY, code::NO_ANSWER, text)
}

/// The official client for JavaScript fails without `time`, which each reply of a portal has.
pub(crate) fn time() -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    let (hour, minute, second) = (now / 3_600 % 24, now / 60 % 60, now % 60);
    let date = format!("{}T{hour:02}:{minute:02}:{second:02}+00:00", Date::of_unix(now));
    json!({
        "start": now, "finish": now, "duration": 0, "processing": 0, "date_start": date, "date_finish": date,
        "operating_reset_at": now.saturating_add(600), "operating": 0,
    })
}
