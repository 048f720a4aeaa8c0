//! [`Error`]: why a probe learned nothing, or not all.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::freshness;
use crate::knowledge::ContradictionError;
use crate::revision::Revision;
use crate::wire::redact::Finder;
use crate::wire::{ApiError, ErrorClass, Malformed};
use crate::word::words;

mod text;

/// The reason that a probe learned nothing, or not all. `E` is the caller's own error.
///
/// It says nothing about the portal's capabilities: the earlier knowledge stands. `Display` says what
/// to do. Neither `Display` nor `Debug` shows the caller's error: HTTP clients print addresses, and a
/// webhook's address holds its code. [`source`](std::error::Error::source) returns it.
#[derive(Clone, Debug)]
pub struct Error<E> {
    pub(super) asked: &'static str,
    pub(super) failure: Failure<E>,
}

/// The kind of trouble of a probe. `E` is the caller's own error.
#[derive(Clone)]
#[non_exhaustive]
pub enum ErrorKind<E> {
    /// No whole reply came.
    NoReply {
        /// The kind, as the caller has named it.
        class: ProbeErrorClass,
        /// The caller's error.
        error: E,
    },
    /// The caller has no access token.
    NoToken(E),
    /// The API refused for a reason that proves nothing about the portal.
    Api(ApiError),
    /// The portal redirects, and the caller did not follow.
    Moved {
        /// The scheme, host and port that the portal claims to have moved to, if the caller named
        /// them. `None` if the redirect leads to a page and is not a move.
        to: Option<String>,
    },
    /// The answer is not from the API.
    Malformed(Malformed),
    /// The reply has more than 64 KiB, or more than 8,192 JSON values. So it is not from the API.
    TooLarge,
    /// Neither of the two methods that report revisions was found. Every portal with a messenger has
    /// at least one of them.
    NothingFound {
        /// Whether a portal answered to another method. Then the address is right, and the messenger
        /// is not installed or too old. Otherwise the address is wrong, or a proxy on the way changes
        /// requests.
        portal_answers: bool,
    },
    /// `imbot.v2.Revision.get` reported a REST revision that no portal with imbot.v2 has.
    Impossible {
        /// The reported revision.
        rest: Revision,
    },
    /// The answers contradict each other.
    Contradiction(ContradictionError),
    /// The probe took longer than its deadline.
    Deadline(Duration),
    /// The probe had used up its five requests. So a question was not asked, or was not repeated with a
    /// new token or at the portal's new address.
    RequestLimit,
}

/// The trouble with a question, and the wait that the portal asked for.
#[derive(Clone, Debug)]
pub(super) struct Failure<E> {
    pub(super) trouble: ErrorKind<E>,
    pub(super) retry_after: Option<Duration>,
}

impl<E> From<ErrorKind<E>> for Failure<E> {
    fn from(trouble: ErrorKind<E>) -> Self {
        let retry_after = None;
        Self { trouble, retry_after }
    }
}

words! {
    /// What a caller can do about a failed probe. The log and the counters have the word.
    "class of a probe's error" ProbeErrorClass {
        /// A later probe may succeed without any change.
        Transient = "transient",
        /// The credential is the reason. Another one may work.
        Credential = "credential",
        /// The portal or its REST API is closed. Only people can open it. An address on premise may
        /// be closed for an hour only.
        Blocked = "blocked",
        /// The portal has another address, and the redirect was not followed.
        Moved = "moved",
        /// The answers are not from the API. Another server is at the address, or on the way to it.
        Malformed = "malformed",
        /// The result stays the same until somebody changes something: the portal has refused, or TLS
        /// has failed. Error codes that the crate does not know are of this kind. Some of them may
        /// concern this credential only.
        Permanent = "permanent",
        /// The reason is in this program: its HTTP client, its runtime, a panic.
        Internal = "internal",
    }
}

impl<E> ErrorKind<E> {
    pub(crate) fn class(&self) -> ProbeErrorClass {
        match self {
            ErrorKind::NoReply { class, .. } => *class,
            ErrorKind::NoToken(_) => ProbeErrorClass::Credential,
            ErrorKind::Api(error) => match error.class() {
                ErrorClass::Transient => ProbeErrorClass::Transient,
                ErrorClass::Blocked => ProbeErrorClass::Blocked,
                ErrorClass::Credential | ErrorClass::Expired | ErrorClass::Scope => {
                    ProbeErrorClass::Credential
                }
                ErrorClass::Absent | ErrorClass::Refused | ErrorClass::Failed | ErrorClass::Other => {
                    ProbeErrorClass::Permanent
                }
            },
            ErrorKind::Moved { to: Some(_) } => ProbeErrorClass::Moved,
            ErrorKind::Moved { to: None } => ProbeErrorClass::Blocked,
            // Status 200 comes with half of a reply, or with a page. The other statuses mean a
            // transient failure.
            ErrorKind::Malformed(malformed) => match malformed.status {
                200 | 408 | 425 | 429 | 500.. => ProbeErrorClass::Transient,
                _ => ProbeErrorClass::Malformed,
            },
            ErrorKind::TooLarge | ErrorKind::Impossible { .. } => ProbeErrorClass::Malformed,
            ErrorKind::NothingFound { .. } => ProbeErrorClass::Permanent,
            ErrorKind::Contradiction(_) | ErrorKind::Deadline(_) | ErrorKind::RequestLimit => {
                ProbeErrorClass::Transient
            }
        }
    }
}

impl<E> Error<E> {
    /// The method that was asked last.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.asked
    }

    /// The trouble of the probe.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind<E> {
        &self.failure.trouble
    }

    /// The same, with the caller's own error.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind<E> {
        self.failure.trouble
    }

    /// What a caller can do about it.
    #[must_use]
    pub fn class(&self) -> ProbeErrorClass {
        self.failure.trouble.class()
    }

    /// How long to wait before the next request, counted from the answer. The answer says so by the
    /// header `Retry-After` (seconds or a date), by `retryAfter` in the body, or by the time at which
    /// the portal accepts calls again. This is the longest of them, at most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.failure.retry_after
    }

    /// The failure for [`Entry::failure`](crate::freshness::Entry::failure): it passes by itself if its
    /// class is [`Transient`](ProbeErrorClass::Transient), and it has the wait of the answer. `before` is
    /// the failure before it, if there was no success since. `at` is the time of this failure.
    #[must_use]
    pub fn failure(&self, before: Option<&freshness::Failure>, at: SystemTime) -> freshness::Failure {
        let failure = match self.class() {
            ProbeErrorClass::Transient => freshness::Failure::transient(before, at),
            _ => freshness::Failure::lasting(before, at),
        };
        failure.with_retry_after(self.retry_after())
    }

    /// Removes secrets from the texts that are made of results. The texts of replies have none.
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        match &mut self.failure.trouble {
            ErrorKind::Api(error) => error.code.hide(&Finder::of(secrets)),
            ErrorKind::Malformed(malformed) => malformed.hide(secrets),
            _ => {}
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.failure.trouble {
            ErrorKind::NoReply { error, .. } | ErrorKind::NoToken(error) => Some(error),
            ErrorKind::Api(error) => Some(error),
            ErrorKind::Contradiction(error) => Some(error),
            _ => None,
        }
    }
}

impl<E> fmt::Debug for ErrorKind<E> {
    /// The caller's error is not printed: it may show the address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::NoReply { class, .. } => f
                .debug_struct("NoReply")
                .field("class", class)
                .finish_non_exhaustive(),
            ErrorKind::NoToken(_) => f.write_str("NoToken(..)"),
            ErrorKind::Api(error) => f.debug_tuple("Api").field(error).finish(),
            ErrorKind::Moved { to } => f.debug_struct("Moved").field("to", to).finish(),
            ErrorKind::Malformed(malformed) => f.debug_tuple("Malformed").field(malformed).finish(),
            ErrorKind::TooLarge => f.write_str("TooLarge"),
            ErrorKind::NothingFound { portal_answers } => f
                .debug_struct("NothingFound")
                .field("portal_answers", portal_answers)
                .finish(),
            ErrorKind::Impossible { rest } => f.debug_struct("Impossible").field("rest", rest).finish(),
            ErrorKind::Contradiction(error) => f.debug_tuple("Contradiction").field(error).finish(),
            ErrorKind::Deadline(limit) => f.debug_tuple("Deadline").field(limit).finish(),
            ErrorKind::RequestLimit => f.write_str("RequestLimit"),
        }
    }
}
