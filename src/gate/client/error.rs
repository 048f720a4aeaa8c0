//! Why a call through the client has no result.

use std::fmt;
use std::time::Duration;

use super::reference::ReferenceError;
use crate::caps::Unsupported;
use crate::gate::refused_error::RefusedError;
use crate::portal::TokenError;
use crate::portal_client::NoReply;
use crate::transport::TransportError;
use crate::wire::redact::shown;
use crate::wire::{ApiError, Malformed, ParamsError, UnexpectedResult};

/// Why a call has no result.
///
/// It shows neither the credential nor a token of the call, if these have eight characters or
/// more. Shorter ones are not removed from the portal's texts. Only the shown text changes: an
/// error code compares equal to the code that the portal sent. Texts from outside are cut:
/// `Display` and `Debug` have at most 4 KiB.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The gate refused the call. Nothing was sent.
    Refused(Box<RefusedError>),
    /// The portal lacks what [`TypedCall::NEEDS`](crate::plan::TypedCall::NEEDS) names, or may
    /// lack it. Nothing was sent.
    Unsupported(Box<Unsupported>),
    /// The portal refused the call.
    Api(ApiError),
    /// Several older calls were sent for this one. One of them failed in this way, and the calls
    /// before it have run.
    Partly(Box<CallError>),
    /// The portal redirects. With an address, it claims to have moved, and the method did not run.
    /// The redirect proves nothing: ask the portal's owner, or allow it with
    /// [`Redirects`](crate::transport::Redirects).
    /// Without one, the method may have run: a server can redirect after it has done the work.
    Moved {
        /// The scheme, host and port that the portal claims to have moved to. `None` if the
        /// redirect leads to a page, or if the host contains a secret.
        to: Option<String>,
    },
    /// The response is not of the API: a proxy's, a login page, half a body.
    Malformed(Malformed),
    /// No reply came.
    Transport(TransportError),
    /// There is no access token.
    Token(TokenError),
    /// The parameters are no object. Nothing was sent.
    Params(ParamsError),
    /// The method is no name of a method. Nothing was sent.
    InvalidMethod,
    /// Two calls of a batch have this key. Nothing was sent.
    SameKey(String),
    /// A portal would replace this parameter of a batch, or a part of it, by a part of
    /// another reply: its text, or its name, reads like `$result[a][b]`. Nothing was sent.
    LooksLikeReference {
        /// The key of the call in the batch.
        command: String,
        /// The path of the parameter, such as `fields.message`.
        parameter: String,
    },
    /// A [`ResultReference`](super::ResultReference) of a batch cannot be written; nothing was sent.
    Reference {
        /// The key of the call in the batch.
        command: String,
        /// The path of the parameter that was to be set.
        parameter: String,
        /// What is wrong with it.
        why: ReferenceError,
    },
    /// The reply to a batch does not have the form of one.
    NotABatchReply,
    /// The method ran. Its result does not have the form of
    /// [`TypedCall::Reply`](crate::plan::TypedCall::Reply).
    Unexpected(UnexpectedResult),
}

impl CallError {
    /// The gate's refusal, if that is the reason.
    #[must_use]
    pub fn refused(&self) -> Option<&RefusedError> {
        match self {
            CallError::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The portal's error, if that is the reason.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            CallError::Api(error) => Some(error),
            CallError::Partly(error) => error.api_error(),
            _ => None,
        }
    }

    /// How long to wait before a repeat, counted from the answer; `None` if the answer does
    /// not say. It comes from the header `Retry-After`, from `retryAfter` in the body, from
    /// the time at which the portal takes calls again, or from the authorisation server.
    /// The longest counts, a day at most. See [`may_have_run`](Self::may_have_run) before repeating.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            CallError::Api(error) => error.retry_after(),
            CallError::Partly(error) => error.retry_after(),
            CallError::Malformed(malformed) => malformed.retry_after(),
            CallError::Token(error) => error.retry_after(),
            CallError::Refused(_)
            | CallError::Moved { .. }
            | CallError::Transport(_)
            | CallError::Unsupported(_)
            | CallError::Params(_)
            | CallError::InvalidMethod
            | CallError::SameKey(_)
            | CallError::LooksLikeReference { .. }
            | CallError::Reference { .. }
            | CallError::NotABatchReply
            | CallError::Unexpected(_) => None,
        }
    }

    /// Whether the method may have run. Then a repeat could do its work twice.
    ///
    /// True for [`CallError::Partly`]: an earlier part of the call has run. True for redirects,
    /// unless the portal has moved: with status 301, 302, 307 or 308 and the same path at
    /// another address, since such a server does not look at the method. Errors of the API: see
    /// [`ApiError::proves_not_run`].
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self {
            CallError::Refused(_)
            | CallError::Moved { to: Some(_) }
            | CallError::Token(_)
            | CallError::Unsupported(_)
            | CallError::Params(_)
            | CallError::InvalidMethod
            | CallError::SameKey(_)
            | CallError::LooksLikeReference { .. }
            | CallError::Reference { .. }
            | CallError::Transport(
                TransportError::Connect(_)
                | TransportError::Tls(_)
                | TransportError::NotPublic(_)
                | TransportError::Client(_),
            ) => false,
            CallError::Partly(_)
            | CallError::Moved { to: None }
            | CallError::Malformed(_)
            | CallError::Transport(_)
            | CallError::NotABatchReply
            | CallError::Unexpected(_) => true,
            CallError::Api(error) => !error.proves_not_run(),
        }
    }
}

impl From<NoReply> for CallError {
    fn from(no_reply: NoReply) -> Self {
        match no_reply {
            NoReply::Token(error) => CallError::Token(error),
            NoReply::Transport(error) => CallError::Transport(error),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Refused(refused) => write!(f, "{refused}"),
            CallError::Api(error) => write!(f, "the portal refused the call: {error}"),
            CallError::Partly(error) => write!(
                f,
                "the call went out as several, and a part of it is done; then {error}"
            ),
            CallError::Moved { to: Some(to) } => write!(
                f,
                "the portal's address redirects to {to}, which proves no move: ask the portal's owner, or follow such \
                 redirects with `Redirects`"
            ),
            CallError::Moved { to: None } => f.write_str(
                "the portal, or a proxy before it, redirects to a page: its site is closed, its licence has expired, or a \
                 login is asked for",
            ),
            CallError::Malformed(malformed) => write!(f, "{malformed}"),
            CallError::Transport(error) => write!(f, "{error}"),
            CallError::Token(error) => write!(f, "{error}"),
            CallError::Unsupported(unsupported) => write!(f, "not sent: {unsupported}"),
            CallError::Params(error) => write!(f, "not sent: {error}"),
            CallError::InvalidMethod => {
                f.write_str(
                "not sent: the method's name may have letters, digits, dots and underscores only, and no suffix such as `.json`",
            )
            }
            CallError::SameKey(key) => write!(f, "two calls of the batch have the key `{key}`"),
            CallError::LooksLikeReference { command, parameter } => write!(
                f,
                "not sent: in the call `{}` of the batch, a portal would replace text of `{}` by a part of another \
                 reply, as it reads like `$result[..]`. Send this call by itself; if it is meant so, set it with \
                 `Call::with_reference`",
                shown(command, &[]),
                shown(parameter, &[])
            ),
            CallError::Reference {
                command,
                parameter,
                why,
            } => write!(
                f,
                "not sent: in the call `{}` of the batch, the reference for `{}` cannot be written: {why}",
                shown(command, &[]),
                shown(parameter, &[])
            ),
            CallError::NotABatchReply => f.write_str("the reply does not have the form of a batch's reply"),
            CallError::Unexpected(unexpected) => write!(f, "the method ran: {unexpected}"),
        }
    }
}

impl std::error::Error for CallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its text is the inner error's, so its source is the inner error's source.
        match self {
            CallError::Refused(error) => error.source(),
            CallError::Unsupported(error) => error.source(),
            CallError::Api(error) => error.source(),
            CallError::Partly(error) => error.source(),
            CallError::Transport(error) => error.source(),
            CallError::Token(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_error_claims_no_move() {
        let to = "https://new.example".to_owned();
        let text = CallError::Moved { to: Some(to) }.to_string();
        for part in [
            "redirects to https://new.example",
            "proves no move",
            "owner",
            "`Redirects`",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
}
