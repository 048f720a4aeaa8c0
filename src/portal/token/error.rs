//! [`TokenError`]: why there is no access token.

use std::time::Duration;

use super::access_token::AccessToken;
use crate::wire::redact::{TEXT_LIMIT, shown_within};
use crate::wire::wait;
use crate::word::words;

/// The limit of a reason, in bytes. It may hold a text from outside.
const REASON_LIMIT: usize = 2 * TEXT_LIMIT;

/// The reason that there is no token. `Display` says why and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no access token: {reason}; {}", kind.advice())]
pub struct TokenError {
    reason: String,
    kind: TokenErrorKind,
    retry_after: Option<Duration>,
}

words! {
    /// The kind of a token source's failure. Logs have the word.
    "kind of a token source's failure" TokenErrorKind {
        /// The tokens are not valid any more: `invalid_grant`, for example. Lasts until a user installs
        /// or authorises the application again.
        Credential = "credential",
        /// The application is not installed on the portal, is not paid for, or may not be used there:
        /// `NOT_INSTALLED`, `PAYMENT_REQUIRED`. Lasts until that is changed on the portal.
        Installation = "installation",
        /// The program has a wrong client id, client secret, scope or server: `invalid_client`,
        /// `wrong_client`, `invalid_scope`. Lasts until the configuration is changed.
        Configuration = "configuration",
        /// The answer is not one that an authorisation server is known to give: a page, a redirect or
        /// an unknown code. Or TLS has failed. The source is called again after a pause.
        UnexpectedAnswer = "unexpected-answer",
        /// A transient failure: no network, an overloaded server, a store that cannot be written. The
        /// source is called again after a pause.
        Transient = "transient",
    }
}

impl TokenErrorKind {
    /// Whether a later call may succeed without any change.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(self, TokenErrorKind::UnexpectedAnswer | TokenErrorKind::Transient)
    }

    const fn advice(self) -> &'static str {
        match self {
            TokenErrorKind::Credential => {
                "have the application installed or authorised again, and make the token source anew with the new tokens"
            }
            TokenErrorKind::Installation => {
                "see on the portal that the application is installed, paid for and allowed, and make the token source anew"
            }
            TokenErrorKind::Configuration => {
                "check the client id, the client secret, the scopes and the server_endpoint, see that the application is \
                 installed, and make the token source anew"
            }
            TokenErrorKind::UnexpectedAnswer => {
                "check the server_endpoint and the proxies; the source is asked again after a pause"
            }
            TokenErrorKind::Transient => "the source is asked again after a pause",
        }
    }
}

impl TokenError {
    /// An error that lasts until there are other tokens, for example because a refresh token is not valid
    /// any more. The refresh is not tried again for the same access token. The reason must hold no
    /// secret.
    ///
    /// Its kind is [`TokenErrorKind::Credential`].
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self::of_kind(TokenErrorKind::Credential, reason)
    }

    /// A transient error: no network, an overloaded server. The source is called again after a pause. The
    /// reason must hold no secret.
    ///
    /// Its kind is [`TokenErrorKind::Transient`].
    #[must_use]
    pub fn transient(reason: impl Into<String>) -> Self {
        Self::of_kind(TokenErrorKind::Transient, reason)
    }

    /// An error of this kind. The reason must hold no secret, and is cut at about 800 bytes.
    #[must_use]
    pub fn of_kind(kind: TokenErrorKind, reason: impl Into<String>) -> Self {
        Self {
            reason: shown_within(REASON_LIMIT, &reason.into(), &[]),
            kind,
            retry_after: None,
        }
    }

    /// The same error with the wait that the server asks for. More than a day counts as a day. The wait
    /// has an effect if the error is transient.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait::clamped(wait));
        self
    }

    /// The same error with this wait, if there is one.
    pub(crate) fn waiting(self, wait: Option<Duration>) -> Self {
        match wait {
            Some(wait) => self.with_retry_after(wait),
            None => self,
        }
    }

    /// The kind of the failure.
    #[must_use]
    pub fn kind(&self) -> TokenErrorKind {
        self.kind
    }

    /// Whether a later call may succeed without any change.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.kind.is_transient()
    }

    /// How long the server asks to wait, at most a day.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The reason in words, without the advice.
    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    /// The same error without this token in its reason.
    pub(super) fn without(mut self, token: &AccessToken) -> Self {
        self.reason = shown_within(REASON_LIMIT, &self.reason, &[token.expose()]);
        self
    }
}
