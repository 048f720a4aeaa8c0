//! Reads the answers to the questions of an inquiry.

use serde_json::Value;

use crate::knowledge::IMBOT_V2_REST;
use crate::probe::error::ErrorKind;
use crate::revision::{Counters, Revisions};
use crate::wire::{ApiError, ErrorClass, Malformed, REVISION_GET, Reply};

/// An answer of the API. Errors that prove nothing are failures instead: transient errors, and those of a
/// closed portal.
pub(crate) type Answer = Result<Value, ApiError>;

/// Turns a reply into an answer or a failure. A redirect's target stays as it was sent.
pub(crate) fn read_reply<E>(reply: Reply) -> Result<Answer, ErrorKind<E>> {
    match reply {
        Reply::Result(result) => Ok(Ok(result)),
        Reply::Error(error) => match error.class() {
            ErrorClass::Transient | ErrorClass::Blocked => Err(ErrorKind::Api(error)),
            _ => Ok(Err(error)),
        },
        Reply::Redirect { location } => Err(ErrorKind::Moved { to: location }),
        Reply::Malformed(malformed) => Err(ErrorKind::Malformed(malformed)),
    }
}

/// Whether a command of a batch was refused because of the batch, or by a transient error. Then a single
/// call may get an answer.
pub(super) fn is_of_batch(error: &ApiError) -> bool {
    let passing = error.class() == ErrorClass::Transient && !error.code.proves_method();
    passing || error.code == "ERROR_BATCH_METHOD_NOT_ALLOWED"
}

/// The trouble with a result that is not the method's.
pub(super) fn malformed<E>(what: String) -> ErrorKind<E> {
    ErrorKind::Malformed(Malformed::new(200, what))
}

/// The revisions in a method's result. A result without `rest` is not the method's. Errors do not repeat
/// it: it may hold anything.
pub(super) fn revisions<E>(method: &str, result: &Value) -> Result<Revisions, NoNumber<E>> {
    if !result.is_object() {
        return Err(malformed("a result that is no object of revisions".to_owned()).into());
    }
    let read: Result<Counters, serde_json::Error> = serde::Deserialize::deserialize(result);
    let Counters { seen, wrong } =
        read.map_err(|error| malformed(format!("a result that holds no revisions: {error}")))?;
    // Without any `rest`, a single counter may belong to another method.
    let least = if wrong.is_some() { 1 } else { 2 };
    let trouble = match (wrong, seen.rest()) {
        (Some(wrong), _) => malformed(format!("a result that holds no revisions: {wrong}")),
        // PHP turns a missing number into 0. No revision is 0.
        (None, Some(0) | None) => malformed("a result without the counter `rest`".to_owned()),
        (None, Some(rest)) if method == REVISION_GET && rest < IMBOT_V2_REST => {
            return Err(ErrorKind::Impossible { rest }.into());
        }
        (None, Some(_)) => return Ok(seen),
    };
    let others = seen.others(least);
    Err(NoNumber { others, trouble })
}

/// A result without a REST revision: its trouble, and its other counters.
pub(super) struct NoNumber<E> {
    pub(super) others: Option<Revisions>,
    pub(super) trouble: ErrorKind<E>,
}

impl<E> From<ErrorKind<E>> for NoNumber<E> {
    fn from(trouble: ErrorKind<E>) -> Self {
        let others = None;
        Self { others, trouble }
    }
}
