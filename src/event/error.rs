//! The errors of reading an event.

use crate::wire::query::{FormError, Shown};

/// Why an event is not read. Of the names in the event, it shows words that portals
/// send, and words of less than eight bytes. `…` stands for the rest of a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The body is longer than the limit, or the events for all of its bots are.
    #[error(
        "the event is longer than {limit} bytes: no portal sends such an event, so refuse it with status 413"
    )]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body has more names or values than the limit.
    #[error("the event has more than {limit} names and values: no portal sends such an event, so refuse it")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A name has too many brackets.
    #[error("`{key}` has more than 64 brackets: no portal sends such an event, so refuse it")]
    TooDeep {
        /// The name, shortened.
        key: String,
    },
    /// A name is there twice, or as a value and as a list or object. PHP and other readers would read
    /// different values.
    #[error("`{key}` is there more than once: no portal sends such an event, so refuse it")]
    Repeated {
        /// The name, shortened.
        key: String,
    },
    /// A name or its value is not UTF-8, or has a `%` without two hexadecimal digits after it.
    #[error("`{key}` or its value is not percent-encoded UTF-8: the body was cut or changed, so refuse it")]
    NotText {
        /// The name, shortened.
        key: String,
    },
    /// The body is not JSON.
    #[error(
        "the event is not JSON: {why}. Read a body of the type application/x-www-form-urlencoded with `from_form`"
    )]
    NotJson {
        /// The parser's words.
        why: String,
    },
    /// A member that every such event has is missing.
    #[error("the event has no `{key}`: it is no event of a portal, or a part of it was lost")]
    Missing {
        /// The member's name, shortened.
        key: String,
    },
    /// A member has a value of another type.
    #[error("`{key}` of the event is not {expected}: no portal sends such an event, so refuse it")]
    WrongType {
        /// The member's name, shortened.
        key: String,
        /// The type that it should have.
        expected: &'static str,
    },
    /// The `application_token` is missing, or it is none of those that are stored.
    #[error(
        "the event's `auth[application_token]` is not the one that is stored for this portal: it is forged, or the \
         application was installed again and the new token was not stored"
    )]
    Unverified,
}

impl EventError {
    pub(super) fn missing(key: impl AsRef<str>) -> Self {
        let key = Shown::of(key.as_ref()).to_string();
        Self::Missing { key }
    }

    pub(super) fn wrong(key: &str, expected: &'static str) -> Self {
        let key = Shown::of(key).to_string();
        Self::WrongType { key, expected }
    }
}

impl From<FormError> for EventError {
    fn from(error: FormError) -> Self {
        match error {
            FormError::TooMany => Self::TooMany {
                limit: crate::wire::query::NAME_LIMIT,
            },
            FormError::TooDeep(key) => Self::TooDeep { key: key.to_string() },
            FormError::Repeated(key) => Self::Repeated { key: key.to_string() },
            FormError::NotUtf8(key) | FormError::BrokenEscape(key) => Self::NotText { key: key.to_string() },
        }
    }
}
