//! Why a probe failed, and what to make of it.

use std::fmt;
use std::time::Duration;

use crate::knowledge::{Contradiction, IMBOT_V2_REST};
use crate::portal::{Portal, PortalId, TokenError};
use crate::revision::Revision;
use crate::transport::TransportError;
use crate::wire::{ApiError, Class, Malformed, REVISION_GET};

/// Why a portal's capabilities could not be learned.
///
/// It says nothing of what the portal can do: what was known before still
/// stands. `Display` says what to do, and holds no secret. Texts from outside are cut:
/// `Display` and `Debug` have at most 2 KiB.
#[derive(Clone, Debug)]
pub struct ProbeError {
    portal: PortalId,
    asked: &'static str,
    trouble: ProbeErrorKind,
    retry_after: Option<Duration>,
}

/// What kept a probe from learning.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProbeErrorKind {
    /// No whole reply came.
    Transport(TransportError),
    /// The API refused for a reason that proves nothing of the portal.
    Api(ApiError),
    /// The portal redirects, which was not followed: see
    /// [`Redirects`](crate::transport::Redirects).
    Moved {
        /// The scheme, host and port that the portal claims to have moved to; none when the
        /// redirect is no move but leads to a page, or when the host holds a secret.
        to: Option<String>,
    },
    /// The answer is none of the API.
    Malformed(Malformed),
    /// Neither method that reports revisions was found. One exists on every
    /// portal with a messenger.
    NothingFound {
        /// Whether a portal answered there to another method: then the address is
        /// right, and the messenger is not installed or too old to be asked.
        /// Else the address is wrong, or something on the way.
        portal_answers: bool,
    },
    /// `imbot.v2.Revision.get` reported a REST revision that no portal with imbot.v2
    /// has.
    Impossible {
        /// The revision that it reported.
        rest: Revision,
    },
    /// The answers contradict each other.
    Contradiction(Contradiction),
    /// There is no access token: the source has none, or gave none before the
    /// probe's deadline.
    Token(TokenError),
    /// The probe took longer than it may.
    Deadline(Duration),
    /// The question was not asked, or not asked again with a new token or at the
    /// portal's new address: the probe had made the five requests that it may.
    ///
    /// Each request to the portal counts: a question, its repeat after a passing failure,
    /// its repeat with a new token, and its repeat at the address that a redirect leads
    /// to. A batch counts once. What a token source sends to its own server does not count.
    RequestLimit,
    /// Too many other portals were being asked.
    Busy,
    /// The portal told this credential less than was known of it.
    LessThanKnown,
    /// There is no tokio runtime to probe on.
    NoRuntime,
    /// The runtime that the probe ran on was shut down, or stands still.
    Interrupted,
    /// The transport or the token source panicked, or the runtime has no timer.
    Panicked,
}

/// What happened to a question, and the wait that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) trouble: ProbeErrorKind,
    pub(super) retry_after: Option<Duration>,
}

impl From<ProbeErrorKind> for Failure {
    fn from(trouble: ProbeErrorKind) -> Self {
        let retry_after = None;
        Self { trouble, retry_after }
    }
}

/// What a failed probe is to its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureKind {
    /// Asking again later may help, with nothing changed.
    Transient,
    /// The credential is the trouble, and another may work.
    Credential,
    /// Someone has closed the portal or its REST API: only people can help. An
    /// address on premise may be closed for an hour.
    Blocked,
    /// The portal has another address, where it was not followed to.
    Moved,
    /// The answers are none of the API: something else is there, or in between.
    Malformed,
    /// Asking again gives the same result until somebody changes something: the portal
    /// has refused, or TLS has failed. Error codes that the crate does not know are of this
    /// kind; some of them may concern this credential alone.
    Definite,
    /// The trouble is in this program: its HTTP client, its runtime, a panic.
    Internal,
}

impl FailureKind {
    /// In a word, as the log and the counters have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            FailureKind::Transient => "transient",
            FailureKind::Credential => "credential",
            FailureKind::Blocked => "blocked",
            FailureKind::Moved => "moved",
            FailureKind::Malformed => "malformed",
            FailureKind::Definite => "definite",
            FailureKind::Internal => "internal",
        }
    }
}

impl ProbeErrorKind {
    pub(super) fn kind(&self) -> FailureKind {
        match self {
            ProbeErrorKind::Transport(error) => match error {
                TransportError::Client(_) | TransportError::Redirected => FailureKind::Internal,
                TransportError::Tls(_) | TransportError::NotPublic(_) => FailureKind::Definite,
                TransportError::NotHttp(_)
                | TransportError::TooLong { .. }
                | TransportError::TooMany { .. } => FailureKind::Malformed,
                TransportError::Connect(_) | TransportError::Timeout | TransportError::Broken(_) => {
                    FailureKind::Transient
                }
            },
            ProbeErrorKind::Api(error) => match error.class() {
                Class::Transient => FailureKind::Transient,
                Class::Blocked => FailureKind::Blocked,
                Class::Credential | Class::Expired | Class::Scope => FailureKind::Credential,
                Class::Absent | Class::Refused | Class::Failed | Class::Other => FailureKind::Definite,
            },
            ProbeErrorKind::Moved { to: Some(_) } => FailureKind::Moved,
            ProbeErrorKind::Moved { to: None } => FailureKind::Blocked,
            // With 200, half of a reply or a page in place of one; the others say
            // themselves that they pass.
            ProbeErrorKind::Malformed(malformed) => match malformed.status {
                200 | 408 | 425 | 429 | 500.. => FailureKind::Transient,
                _ => FailureKind::Malformed,
            },
            ProbeErrorKind::Impossible { .. } => FailureKind::Malformed,
            ProbeErrorKind::NothingFound { .. } => FailureKind::Definite,
            ProbeErrorKind::Token(_) | ProbeErrorKind::LessThanKnown => FailureKind::Credential,
            ProbeErrorKind::Contradiction(_)
            | ProbeErrorKind::Deadline(_)
            | ProbeErrorKind::RequestLimit
            | ProbeErrorKind::Busy
            | ProbeErrorKind::Interrupted => FailureKind::Transient,
            ProbeErrorKind::NoRuntime | ProbeErrorKind::Panicked => FailureKind::Internal,
        }
    }
}

impl ProbeError {
    pub(crate) fn new(portal: &Portal, asked: &'static str, trouble: ProbeErrorKind) -> Self {
        Self {
            portal: portal.address().clone(),
            asked,
            trouble,
            retry_after: None,
        }
    }

    pub(super) fn of(portal: &Portal, asked: &'static str, failure: Failure) -> Self {
        let mut error = Self::new(portal, asked, failure.trouble);
        error.retry_after = failure.retry_after;
        error
    }

    /// The address of the portal. A `member_id` that was claimed is not named.
    #[must_use]
    pub fn portal(&self) -> &PortalId {
        &self.portal
    }

    /// What kept the probe from learning.
    #[must_use]
    pub fn trouble(&self) -> &ProbeErrorKind {
        &self.trouble
    }

    /// What it is to the caller.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.trouble.kind()
    }

    /// How long to wait before asking again, counted from the answer, where one
    /// told: by the header `Retry-After` (seconds or a date), by `retryAfter` in the
    /// body, or by the time at which a portal takes calls again. The longest of them,
    /// and a day at most.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.trouble {
            ProbeErrorKind::Token(error) => error.retry_after(),
            _ => self.retry_after,
        }
    }

    /// Whether asking again later may help, with nothing changed. So it is with a
    /// credential too, where a new token could not be had for the moment.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.trouble {
            ProbeErrorKind::Token(error) => error.is_transient(),
            trouble => trouble.kind() == FailureKind::Transient,
        }
    }

    /// Whether someone has closed the portal or its REST API, or moved it: only
    /// people can help. An address on premise may be closed for an hour.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self.kind(), FailureKind::Blocked | FailureKind::Moved)
    }

    /// Whether the credential is the trouble, and another may work.
    #[must_use]
    pub fn is_credential(&self) -> bool {
        self.kind() == FailureKind::Credential
    }

    /// Whether it is the portal's failure, whichever credential asks. Another failure
    /// keeps nobody else from asking.
    pub(crate) fn is_of_portal(&self) -> bool {
        match &self.trouble {
            // Beside a result a code proves nothing.
            ProbeErrorKind::Api(error) => !error.has_result && error.code.is_of_portal(),
            _ => !self.is_credential() && !self.is_unclear(),
        }
    }

    /// Whether it may be the portal's failure or this credential's own: something before the
    /// portal may refuse one credential, by a page or by silence.
    pub(crate) fn is_unclear(&self) -> bool {
        match &self.trouble {
            ProbeErrorKind::Transport(error) => match error {
                // These are of the host, or of this program, whatever is sent.
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
            | ProbeErrorKind::Busy
            | ProbeErrorKind::LessThanKnown
            | ProbeErrorKind::NoRuntime
            | ProbeErrorKind::Interrupted => false,
        }
    }

    fn advice(&self) -> &'static str {
        match &self.trouble {
            ProbeErrorKind::Api(error) => match error.class() {
                Class::Expired => "the token has expired and could not be replaced: check the token source",
                Class::Credential if error.code == "INVALID_REQUEST" => {
                    "the portal takes REST over https only"
                }
                Class::Credential if error.code == "ACCESS_DENIED" || error.code == "PAYMENT_REQUIRED" => {
                    "the portal's plan has no REST, or none for this credential: its owner can tell"
                }
                Class::Scope => "the credential lacks the method's scope: add it on the portal",
                Class::Credential if error.code == "ERROR_OAUTH" || error.code == "NOT_INSTALLED" => {
                    "the application is not installed on the portal: have it installed again"
                }
                Class::Credential => {
                    "the credential is not accepted: check the webhook or the application's access on the portal"
                }
                Class::Transient => "this passes: ask again in a while",
                Class::Blocked => {
                    "the portal or its REST API is closed: its owner or Bitrix24 support can open it"
                }
                Class::Absent | Class::Refused | Class::Failed | Class::Other => {
                    "look the code up in the REST documentation"
                }
            },
            ProbeErrorKind::Transport(TransportError::Redirected) => {
                "give the transport a client that follows no redirects"
            }
            // The error says what to do.
            ProbeErrorKind::Transport(TransportError::Tls(_) | TransportError::NotPublic(_))
            | ProbeErrorKind::Token(_) => "",
            ProbeErrorKind::Transport(TransportError::NotHttp(_)) => "check the address and the proxies",
            ProbeErrorKind::Transport(_) | ProbeErrorKind::Deadline(_) => {
                "check the network and the address, and ask again"
            }
            ProbeErrorKind::Moved { to: Some(_) } => {
                "ask the portal's owner whether it was renamed, and make the portal anew with its new address: a redirect \
                 proves nothing; `RegistryBuilder::redirects` says which are followed"
            }
            ProbeErrorKind::Moved { to: None } => {
                "the portal, or a proxy before it, leads to a page instead of answering: its licence may have expired, its \
                 site is closed, or a login is asked for"
            }
            ProbeErrorKind::Malformed(_) | ProbeErrorKind::Impossible { .. } => {
                "something between here and the portal answered: check the address and the proxies"
            }
            ProbeErrorKind::NothingFound { portal_answers: true } => {
                "the address is right, since a portal answers there: its messenger is not installed, or too old to be asked"
            }
            ProbeErrorKind::NothingFound {
                portal_answers: false,
            } => {
                "check that the address is the portal's REST address, and that nothing on the way changes the case of \
                 method names"
            }
            ProbeErrorKind::Contradiction(_) => {
                "ask again; if it stays so, see that nothing on the way changes the case of method names"
            }
            ProbeErrorKind::RequestLimit => "ask again in a while: this probe has used up its five requests",
            ProbeErrorKind::Busy => "ask again in a while, or let more probes through at a time",
            ProbeErrorKind::LessThanKnown => "give the credential the scopes imbot and im",
            ProbeErrorKind::NoRuntime => "call from within a tokio runtime",
            ProbeErrorKind::Interrupted => "ask again on a runtime that goes on",
            ProbeErrorKind::Panicked => {
                "see the panic's message: the transport or the token source is at fault, or the runtime needs `enable_all`"
            }
        }
    }
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { portal, asked, .. } = self;
        write!(
            f,
            "the capabilities of {portal} are not known: {asked}: {}",
            self.trouble
        )?;
        match self.advice() {
            "" => Ok(()),
            advice => write!(f, "; {advice}"),
        }
    }
}

impl fmt::Display for ProbeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProbeErrorKind::Transport(error) => error.fmt(f),
            ProbeErrorKind::Api(error) => error.fmt(f),
            ProbeErrorKind::Moved { to: Some(to) } => write!(f, "it redirects to {to}"),
            ProbeErrorKind::Moved { to: None } => f.write_str("it redirects to a page"),
            ProbeErrorKind::Malformed(malformed) => malformed.fmt(f),
            ProbeErrorKind::NothingFound { .. } => write!(f, "neither this nor {REVISION_GET} was found"),
            ProbeErrorKind::Contradiction(contradiction) => contradiction.fmt(f),
            ProbeErrorKind::Token(error) => error.fmt(f),
            ProbeErrorKind::Deadline(limit) => write!(f, "no answer within {} s", limit.as_secs_f32()),
            ProbeErrorKind::Impossible { rest } => write!(
                f,
                "it reports REST revision {rest}, but no portal with imbot.v2 is below {IMBOT_V2_REST}"
            ),
            ProbeErrorKind::RequestLimit => {
                f.write_str("not asked, or not asked again: the probe had used up its requests")
            }
            ProbeErrorKind::Busy => f.write_str("too many other portals were being asked"),
            ProbeErrorKind::LessThanKnown => f.write_str("the credential is told less than was known"),
            ProbeErrorKind::NoRuntime => f.write_str("there is no tokio runtime here"),
            ProbeErrorKind::Interrupted => {
                f.write_str("the runtime of the probe was shut down or stands still")
            }
            ProbeErrorKind::Panicked => f.write_str("the probe panicked"),
        }
    }
}

impl std::error::Error for ProbeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.trouble {
            ProbeErrorKind::Transport(error) => Some(error),
            ProbeErrorKind::Api(error) => Some(error),
            ProbeErrorKind::Contradiction(error) => Some(error),
            ProbeErrorKind::Token(error) => Some(error),
            _ => None,
        }
    }
}
