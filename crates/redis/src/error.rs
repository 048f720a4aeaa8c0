//! Errors of the client as errors of a store.

use imbot_caps::store::{StoreError, StoreErrorKind};
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The error of a store for a failure of the client.
pub(crate) fn store_error(error: &RedisError) -> StoreError {
    StoreError::new(kind(error), &text(error))
}

pub(crate) fn damaged(text: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Damaged, text)
}

/// Whether the server takes no writes any more, such as a master that has become a replica.
pub(crate) fn is_read_only(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly) || mentions(error, "READONLY")
}

/// Servers before version 7 report the error of a command in a script as `ERR`, with the true code in the text.
fn mentions(error: &RedisError, code: &str) -> bool {
    error.code() == Some("ERR") && error.detail().is_some_and(|text| text.contains(code))
}

fn kind(error: &RedisError) -> StoreErrorKind {
    match error.kind() {
        ErrorKind::AuthenticationFailed => StoreErrorKind::Refused,
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => StoreErrorKind::Damaged,
        ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::NoPerm) => StoreErrorKind::Refused,
        _ => match error.code() {
            Some("OOM" | "NOREPLICAS" | "MISCONF" | "NOAUTH" | "WRONGPASS" | "DENIED") => {
                StoreErrorKind::Refused
            }
            Some("WRONGTYPE") => StoreErrorKind::Damaged,
            // A command or a script is refused.
            Some("ERR") => match mentions(error, "WRONGTYPE") {
                true => StoreErrorKind::Damaged,
                false => StoreErrorKind::Refused,
            },
            _ => StoreErrorKind::Unavailable,
        },
    }
}

/// The text for people. The client's own details are left out: those of a login or of a cluster may
/// repeat a password. Servers repeat only the arguments of commands, which are no secrets.
fn text(error: &RedisError) -> String {
    match (error.kind(), error.code(), error.detail()) {
        (ErrorKind::Server(_) | ErrorKind::Extension, Some(code), Some(detail)) => format!("{code} {detail}"),
        (ErrorKind::Server(_) | ErrorKind::Extension, Some(code), None) => code.to_owned(),
        (ErrorKind::Io, _, None) => error.to_string(),
        _ => error.category().to_owned(),
    }
}
