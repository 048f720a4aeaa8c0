//! [`ProbeError`]: why the registry's probe failed.

use std::convert::Infallible;
use std::time::Duration;

use crate::knowledge::ContradictionError;
use crate::portal::{Portal, TokenError};
use crate::portal_client::NoReply;
use crate::portal_id::PortalId;
use crate::probe::{self, ErrorKind, ProbeErrorClass};
use crate::revision::Revision;
use crate::transport::{REPLY_LIMIT, TransportError};
use crate::wire::{ApiError, Malformed, REVISION_GET};

mod text;

/// The reason that a probe failed.
///
/// It says nothing about the portal's capabilities: the earlier knowledge stands. `Display` says what
/// to do, and holds no secret. Texts from outside are cut: `Display` and `Debug` have at most 2 KiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeError {
    portal: PortalId,
    asked: &'static str,
    kind: ProbeErrorKind,
    retry_after: Option<Duration>,
}

/// What failed in a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeErrorKind {
    /// No whole reply came.
    Transport(TransportError),
    /// The API refused for a reason that proves nothing about the portal.
    Api(ApiError),
    /// The portal redirects, and the redirect was not followed: see
    /// [`Redirects`](crate::transport::Redirects).
    Moved {
        /// The scheme, host and port that the portal claims to have moved to. `None` if the redirect
        /// leads to a page and is not a move, or if the host holds a secret.
        to: Option<String>,
    },
    /// The answer is not from the API.
    Malformed(Malformed),
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
    /// There is no access token: the source has none, or returned none before the probe's deadline.
    Token(TokenError),
    /// The probe took longer than its deadline.
    Deadline(Duration),
    /// The probe had used up its five requests. So a question was not asked, or was not repeated with a
    /// new token or at the portal's new address.
    ///
    /// Each request to the portal counts: a question, its repeat after a transient failure, its repeat
    /// with a new token, and its repeat after a redirect. A batch counts once. Requests of a token
    /// source to its own server do not count.
    RequestLimit,
    /// Too many other portals were being asked at the same time.
    TooManyProbes,
    /// The answer to this credential says less than was known.
    LessThanKnown,
    /// Another process of the fleet has asked the portal, and the portal refused for every credential.
    /// The registry's store says so.
    RefusedElsewhere {
        /// The kind of the failure there.
        class: ProbeErrorClass,
    },
    /// There is no tokio runtime to probe on.
    NoRuntime,
    /// The runtime of the probe was shut down, or has stopped.
    Interrupted,
    /// The transport or the token source panicked, or the runtime has no timer.
    Panicked,
}

impl ProbeErrorKind {
    /// The same, if it comes from the machine. It has no failure of the caller.
    fn of_probe(&self) -> Option<ErrorKind<Infallible>> {
        Some(match self {
            ProbeErrorKind::Api(error) => ErrorKind::Api(error.clone()),
            ProbeErrorKind::Moved { to } => ErrorKind::Moved { to: to.clone() },
            ProbeErrorKind::Malformed(malformed) => ErrorKind::Malformed(malformed.clone()),
            ProbeErrorKind::NothingFound { portal_answers } => ErrorKind::NothingFound {
                portal_answers: *portal_answers,
            },
            ProbeErrorKind::Impossible { rest } => ErrorKind::Impossible { rest: *rest },
            ProbeErrorKind::Contradiction(contradiction) => ErrorKind::Contradiction(contradiction.clone()),
            ProbeErrorKind::Deadline(limit) => ErrorKind::Deadline(*limit),
            ProbeErrorKind::RequestLimit => ErrorKind::RequestLimit,
            ProbeErrorKind::Transport(_)
            | ProbeErrorKind::Token(_)
            | ProbeErrorKind::TooManyProbes
            | ProbeErrorKind::LessThanKnown
            | ProbeErrorKind::RefusedElsewhere { .. }
            | ProbeErrorKind::NoRuntime
            | ProbeErrorKind::Interrupted
            | ProbeErrorKind::Panicked => return None,
        })
    }

    pub(super) fn class(&self) -> ProbeErrorClass {
        match self {
            ProbeErrorKind::Transport(error) => of_transport(error),
            ProbeErrorKind::Token(_) | ProbeErrorKind::LessThanKnown => ProbeErrorClass::Credential,
            ProbeErrorKind::TooManyProbes | ProbeErrorKind::Interrupted => ProbeErrorClass::Transient,
            ProbeErrorKind::RefusedElsewhere { class } => *class,
            other => other
                .of_probe()
                .map_or(ProbeErrorClass::Internal, |trouble| trouble.class()),
        }
    }
}

impl From<ErrorKind<NoReply>> for ProbeErrorKind {
    fn from(trouble: ErrorKind<NoReply>) -> Self {
        match trouble {
            ErrorKind::NoReply { error: none, .. } | ErrorKind::NoToken(none) => match none {
                NoReply::Token(error) => ProbeErrorKind::Token(error),
                NoReply::Transport(error) => ProbeErrorKind::Transport(error),
            },
            ErrorKind::Api(error) => ProbeErrorKind::Api(error),
            ErrorKind::Moved { to } => ProbeErrorKind::Moved { to },
            ErrorKind::Malformed(malformed) => ProbeErrorKind::Malformed(malformed),
            ErrorKind::TooLarge => ProbeErrorKind::Transport(TransportError::TooLong { limit: REPLY_LIMIT }),
            ErrorKind::NothingFound { portal_answers } => ProbeErrorKind::NothingFound { portal_answers },
            ErrorKind::Impossible { rest } => ProbeErrorKind::Impossible { rest },
            ErrorKind::Contradiction(contradiction) => ProbeErrorKind::Contradiction(contradiction),
            ErrorKind::Deadline(limit) => ProbeErrorKind::Deadline(limit),
            ErrorKind::RequestLimit => ProbeErrorKind::RequestLimit,
        }
    }
}

/// What a caller can do about a failure of the transport.
pub(super) fn of_transport(error: &TransportError) -> ProbeErrorClass {
    match error {
        TransportError::Client(_) | TransportError::Redirected => ProbeErrorClass::Internal,
        TransportError::Tls(_) | TransportError::NotPublic(_) => ProbeErrorClass::Permanent,
        TransportError::NotHttp(_) | TransportError::TooLong { .. } | TransportError::TooMany { .. } => {
            ProbeErrorClass::Malformed
        }
        TransportError::Connect(_) | TransportError::Timeout | TransportError::Broken(_) => {
            ProbeErrorClass::Transient
        }
    }
}

impl ProbeError {
    pub(crate) fn new(portal: &Portal, asked: &'static str, kind: ProbeErrorKind) -> Self {
        Self {
            portal: portal.address().clone(),
            asked,
            kind,
            retry_after: None,
        }
    }

    /// The failure that another process has met at this address.
    pub(crate) fn elsewhere(portal: PortalId, class: ProbeErrorClass) -> Self {
        Self {
            portal,
            asked: REVISION_GET,
            kind: ProbeErrorKind::RefusedElsewhere { class },
            retry_after: None,
        }
    }

    /// Whether another process has met this failure.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.kind, ProbeErrorKind::RefusedElsewhere { .. })
    }

    pub(super) fn of(portal: &Portal, error: probe::Error<NoReply>) -> Self {
        let (asked, retry_after) = (error.method(), error.retry_after());
        Self {
            retry_after,
            ..Self::new(portal, asked, error.into_kind().into())
        }
    }

    /// The address of the portal. A `member_id` that was claimed is not named.
    #[must_use]
    pub fn portal(&self) -> &PortalId {
        &self.portal
    }

    /// What failed.
    #[must_use]
    pub fn kind(&self) -> &ProbeErrorKind {
        &self.kind
    }

    /// What a caller can do about it.
    #[must_use]
    pub fn class(&self) -> ProbeErrorClass {
        self.kind.class()
    }

    /// How long to wait before the next request, counted from the answer. The answer says so by the
    /// header `Retry-After` (seconds or a date), by `retryAfter` in the body, or by the time at which
    /// the portal accepts calls again. This is the longest of them, at most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.kind {
            ProbeErrorKind::Token(error) => error.retry_after(),
            _ => self.retry_after,
        }
    }

    /// Whether a later probe may succeed without any change. That may hold for a credential, too: a
    /// token source may fail for a short time.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.kind {
            ProbeErrorKind::Token(error) => error.is_transient(),
            kind => kind.class() == ProbeErrorClass::Transient,
        }
    }

    /// Whether the portal or its REST API is closed or has moved. Only people can help. An address on
    /// premise may be closed for an hour only.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self.class(), ProbeErrorClass::Blocked | ProbeErrorClass::Moved)
    }

    /// Whether the credential is the reason. Another one may work.
    #[must_use]
    pub fn is_credential(&self) -> bool {
        self.class() == ProbeErrorClass::Credential
    }

    /// Whether it is the portal's failure, for every credential. Any other failure begins no pause for
    /// other credentials.
    pub(crate) fn is_for_all_credentials(&self) -> bool {
        match &self.kind {
            // A code beside a result proves nothing.
            ProbeErrorKind::Api(error) => !error.has_result && error.code.is_for_all_credentials(),
            _ => !self.is_credential() && !self.is_unclear(),
        }
    }

    /// Whether the portal itself has said so, and would say it to every process of a fleet. A network
    /// failure and a rate limit concern one machine.
    pub(crate) fn is_of_fleet(&self) -> bool {
        let is_answer = match &self.kind {
            ProbeErrorKind::Api(error) => !error.code.is_rate_limit(),
            ProbeErrorKind::NothingFound { .. } | ProbeErrorKind::RefusedElsewhere { .. } => true,
            _ => false,
        };
        is_answer && self.is_for_all_credentials()
    }

    /// Whether it may be the portal's failure or this credential's own. A proxy before the portal may
    /// refuse one credential with a page or by no answer.
    pub(crate) fn is_unclear(&self) -> bool {
        match &self.kind {
            ProbeErrorKind::Transport(error) => match error {
                // These depend on the host or on this program, and not on the credential.
                TransportError::Connect(_)
                | TransportError::Tls(_)
                | TransportError::NotPublic(_)
                | TransportError::Client(_)
                | TransportError::Redirected => false,
                TransportError::NotHttp(_)
                | TransportError::TooLong { .. }
                | TransportError::TooMany { .. }
                | TransportError::Timeout
                | TransportError::Broken(_) => true,
            },
            ProbeErrorKind::Moved { .. }
            | ProbeErrorKind::Malformed(_)
            | ProbeErrorKind::NothingFound {
                portal_answers: false,
            }
            | ProbeErrorKind::Deadline(_)
            | ProbeErrorKind::RequestLimit
            | ProbeErrorKind::Panicked => true,
            ProbeErrorKind::Api(_)
            | ProbeErrorKind::NothingFound { portal_answers: true }
            | ProbeErrorKind::Impossible { .. }
            | ProbeErrorKind::Contradiction(_)
            | ProbeErrorKind::Token(_)
            | ProbeErrorKind::TooManyProbes
            | ProbeErrorKind::LessThanKnown
            | ProbeErrorKind::RefusedElsewhere { .. }
            | ProbeErrorKind::NoRuntime
            | ProbeErrorKind::Interrupted => false,
        }
    }
}

impl std::error::Error for ProbeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ProbeErrorKind::Transport(error) => Some(error),
            ProbeErrorKind::Api(error) => Some(error),
            ProbeErrorKind::Contradiction(error) => Some(error),
            ProbeErrorKind::Token(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only failures of the network are worth a repeat.
    #[test]
    fn only_network_failures_are_transient() {
        let text = String::new;
        for (error, kind) in [
            (TransportError::Timeout, ProbeErrorClass::Transient),
            (TransportError::Connect(text()), ProbeErrorClass::Transient),
            (TransportError::Broken(text()), ProbeErrorClass::Transient),
            (TransportError::TooLong { limit: 1 }, ProbeErrorClass::Malformed),
            (TransportError::TooMany { limit: 1 }, ProbeErrorClass::Malformed),
            (TransportError::NotHttp(text()), ProbeErrorClass::Malformed),
            (TransportError::Tls(text()), ProbeErrorClass::Permanent),
            (TransportError::NotPublic(text()), ProbeErrorClass::Permanent),
            (TransportError::Redirected, ProbeErrorClass::Internal),
            (TransportError::Client(text()), ProbeErrorClass::Internal),
        ] {
            assert_eq!(ProbeErrorKind::Transport(error).class(), kind);
        }
        for (trouble, kind) in [
            (ProbeErrorKind::NoRuntime, ProbeErrorClass::Internal),
            (ProbeErrorKind::Panicked, ProbeErrorClass::Internal),
            (ProbeErrorKind::Interrupted, ProbeErrorClass::Transient),
            (ProbeErrorKind::TooManyProbes, ProbeErrorClass::Transient),
            (ProbeErrorKind::LessThanKnown, ProbeErrorClass::Credential),
        ] {
            assert_eq!(trouble.class(), kind);
        }
    }
}
