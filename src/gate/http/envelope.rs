//! The JSON envelope of a response, with another reply in it.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::io;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::response::Received;
use crate::wire::{ApiError, Reply, json};

/// The reply as it came. A result is not kept, since it may be large.
pub(super) enum Original {
    /// A result that the gate does not change.
    Result,
    /// A result that the gate may change, by its hash.
    Changing(u64),
    Other(Reply),
}

/// Tells results apart by a hash with random keys.
#[derive(Clone, Default)]
pub(super) struct Mark(RandomState);

impl Mark {
    pub(super) fn of(&self, result: &Value) -> u64 {
        let mut hasher = Hashing(self.0.build_hasher());
        // Writing cannot fail: neither the value nor the hasher has an error.
        let _ = serde_json::to_writer(&mut hasher, result);
        hasher.0.finish()
    }
}

struct Hashing<H>(H);

impl<H: Hasher> io::Write for Hashing<H> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The status and the body with this reply; `None` if the reply is the one that came.
pub(super) fn rewritten(
    received: &Received,
    original: Original,
    mark: &Mark,
    reply: Reply,
) -> Option<(u16, Vec<u8>)> {
    let is_same = match (&original, &reply) {
        (Original::Result, reply) => matches!(reply, Reply::Result(_)),
        (Original::Changing(own), Reply::Result(result)) => mark.of(result) == *own,
        (Original::Changing(_), _) => false,
        (Original::Other(came), reply) => came == reply,
    };
    let came = match original {
        Original::Other(Reply::Error(error)) => Some(error),
        _ => None,
    };
    match is_same {
        true => None,
        false => rewrite(received, came, reply),
    }
}

/// The envelope that came, with this reply in it; `None` for a reply without an envelope.
pub(super) fn rewrite(received: &Received, came: Option<ApiError>, reply: Reply) -> Option<(u16, Vec<u8>)> {
    let mut members = envelope(received, matches!(reply, Reply::Error(_)));
    let status = match reply {
        Reply::Result(result) => {
            members.shift_remove("error");
            members.shift_remove("error_description");
            members.insert("result".to_owned(), result);
            if (200..300).contains(&received.status) {
                received.status
            } else {
                200
            }
        }
        Reply::Error(error) => {
            // An error beside a result means that the portal has done a part of the work.
            let has_result = came.as_ref().is_some_and(|was| was.has_result);
            if !error.has_result {
                members.shift_remove("result");
            } else if !has_result {
                members.insert("result".to_owned(), true.into());
            }
            members.insert("error".to_owned(), error.code.as_str().into());
            let has_wait = ["retryAfter", "retry_after"]
                .iter()
                .any(|name| members.contains_key(*name));
            if let Some(wait) = error.retry_after().filter(|_| !has_wait) {
                members.insert("retryAfter".to_owned(), wait.as_secs_f64().into());
            }
            // A long text was cut when it was read. If it is the same, the whole text stays.
            let is_same = came.is_some_and(|was| was.description == error.description);
            if !is_same || !members.contains_key("error_description") {
                let text = error.description.as_str().into();
                members.insert("error_description".to_owned(), text);
            }
            let statuses = match error.has_result && !has_result {
                // A part of the call has run. A status such as 503 would ask for a repeat.
                true => [0, 0],
                false => [received.status, error.status],
            };
            statuses
                .into_iter()
                .find(|status| *status >= 400)
                // Portals send 400 with errors that have no status of their own.
                .unwrap_or(400)
        }
        Reply::Redirect { .. } | Reply::Malformed(_) => return None,
    };
    Some((status, Value::Object(members).to_string().into_bytes()))
}

/// The members of the body that came. A result that is replaced is not read again.
fn envelope(received: &Received, with_result: bool) -> Map<String, Value> {
    let text = json::without_mark(&received.body);
    if with_result {
        return match json::read(text, received.values) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
    }
    let others = json::read(text, received.values);
    others.map_or_else(|_| Map::new(), |WithoutResult(members)| members)
}

/// The members of an object, with null in place of `result`.
struct WithoutResult(Map<String, Value>);

impl<'de> Deserialize<'de> for WithoutResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = WithoutResult;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WithoutResult, A::Error> {
                let mut members = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = match name.as_str() {
                        "result" => map.next_value::<IgnoredAny>().map(|_| Value::Null)?,
                        _ => map.next_value()?,
                    };
                    members.insert(name, value);
                }
                Ok(WithoutResult(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}
