//! Why a call through the client has no result.

use std::fmt;
use std::time::Duration;

#[cfg(doc)]
use super::Reference;
use crate::plan::Refused;
use crate::portal::TokenError;
use crate::portal_client::NoReply;
use crate::transport::TransportError;
use crate::wire::redact::shown;
use crate::wire::{ApiError, Malformed};

/// Why a call has no result.
///
/// It shows neither the credential nor a token of the call, where these have eight
/// characters or more; shorter ones are not looked for in the portal's texts. Only
/// the shown text is changed: an error code compares equal to what the portal sent.
/// Texts from outside are cut: `Display` and `Debug` have at most 4 KiB.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The gate refused it; nothing was sent.
    Refused(Box<Refused>),
    /// The portal refused it.
    Api(ApiError),
    /// The call went out as several older ones: one of them failed in this way, and what
    /// came before it is done.
    Partly(Box<CallError>),
    /// The portal redirects. With an address, it claims to have moved, and the method did not run.
    /// The redirect proves nothing: ask the portal's owner, or allow it with
    /// [`Redirects`](crate::transport::Redirects).
    /// Without one, the method may have run: a server can redirect after it has done the work.
    Moved {
        /// The scheme, host and port that the portal claims to have moved to; none when the
        /// redirect is no move but leads to a page, or when the host holds a secret.
        to: Option<String>,
    },
    /// What answered is none of the API: a proxy, a login page, half a body.
    Malformed(Malformed),
    /// No reply came.
    Transport(TransportError),
    /// There is no access token.
    Token(TokenError),
    /// The parameters are no object; nothing was sent.
    Params,
    /// The method is no name of one; nothing was sent.
    Method,
    /// Two calls of a batch have this key; nothing was sent.
    SameKey(String),
    /// A portal would replace this parameter of a batch, or a part of it, by a part of
    /// another reply: its text, or its name, reads like `$result[a][b]`. Nothing was sent.
    LooksLikeReference {
        /// The key of the call in the batch.
        command: String,
        /// The path of the parameter, such as `fields.message`.
        parameter: String,
    },
    /// A [`Reference`] of a batch cannot be written; nothing was sent.
    Reference {
        /// The key of the call in the batch.
        command: String,
        /// The path of the parameter that was to be set.
        parameter: String,
        /// What is wrong with it.
        why: ReferenceError,
    },
    /// The reply to a batch does not have the form of one.
    NoBatch,
}

/// Why a [`Reference`] of a batch cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReferenceError {
    /// No call of the batch has this key.
    NoSuchCall(String),
    /// The call with this key comes later in the batch: its reply is not there yet.
    Later(String),
    /// The call refers to its own reply.
    OwnReply,
    /// A portal cannot find this key, or this name of the path of [`Reference::at`]: it is
    /// empty, or has white space or brackets.
    Name(String),
    /// A portal would replace the text of [`Reference::after`], too.
    TextBefore,
    /// The path of [`Call::refer`](crate::wire::Call::refer) leads into text, such as JSON
    /// text.
    IntoText,
    /// The path of [`Call::refer`](crate::wire::Call::refer) has a name that is empty or has
    /// brackets, or leads to no place of a list, or into a number or a boolean.
    Path,
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchCall(key) => write!(f, "no call of the batch has the key `{}`", shown(key, &[])),
            Self::Later(key) => {
                let key = shown(key, &[]);
                write!(f, "the call `{key}` comes later: put it before this one")
            }
            Self::OwnReply => f.write_str("it leads to the reply of this very call"),
            Self::Name(name) if name.is_empty() => f.write_str("its key, or a name of its path, is empty"),
            Self::Name(name) => {
                let name = shown(name, &[]);
                write!(
                    f,
                    "`{name}` has white space or brackets, so that a portal does not find it"
                )
            }
            Self::TextBefore => f.write_str("the text before it reads like a reference, too"),
            Self::IntoText => {
                f.write_str("its path leads into text: give that parameter as a list or an object")
            }
            Self::Path => f.write_str(
                "its path leads nowhere: give names and positions in lists with dots between them, such as `fields.userIds.0`",
            ),
        }
    }
}

impl std::error::Error for ReferenceError {}

impl CallError {
    /// The gate's refusal, when it is one.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        match self {
            CallError::Refused(refused) => Some(refused),
            _ => None,
        }
    }

    /// The portal's error, when it is one.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            CallError::Api(error) => Some(error),
            CallError::Partly(error) => error.api(),
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
            | CallError::Params
            | CallError::Method
            | CallError::SameKey(_)
            | CallError::LooksLikeReference { .. }
            | CallError::Reference { .. }
            | CallError::NoBatch => None,
        }
    }

    /// Whether the method may have run all the same, so that repeating the call could
    /// do its work twice.
    ///
    /// True for [`CallError::Partly`]: an earlier part of the call has run. True for redirects,
    /// unless the portal has moved: with status 301, 302, 307 or 308 and the same path at
    /// another address, since such a server does not look at the method.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self {
            CallError::Refused(_)
            | CallError::Moved { to: Some(_) }
            | CallError::Token(_)
            | CallError::Params
            | CallError::Method
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
            | CallError::NoBatch => true,
            // What the method says is said before it does its work; of what broke on the
            // server nobody knows how far it came.
            CallError::Api(error) => {
                use crate::wire::Class;
                match error.class() {
                    Class::Transient => {
                        error.code != *"QUERY_LIMIT_EXCEEDED" && error.code != *"OPERATION_TIME_LIMIT"
                    }
                    Class::Failed | Class::Other => true,
                    _ => false,
                }
            }
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
            CallError::Params => f.write_str("not sent: the parameters are no JSON object"),
            CallError::Method => {
                f.write_str(
                "not sent: the method's name may have letters, digits, dots and underscores only, and no suffix such as `.json`",
            )
            }
            CallError::SameKey(key) => write!(f, "two calls of the batch have the key `{key}`"),
            CallError::LooksLikeReference { command, parameter } => write!(
                f,
                "not sent: in the call `{}` of the batch, a portal would replace text of `{}` by a part of another \
                 reply, as it reads like `$result[..]`. Send this call by itself; if it is meant so, set it with \
                 `Call::refer`",
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
            CallError::NoBatch => f.write_str("the reply does not have the form of a batch's reply"),
        }
    }
}

impl std::error::Error for CallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // It speaks for these, so what follows is the cause of theirs.
        match self {
            CallError::Refused(error) => error.source(),
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
