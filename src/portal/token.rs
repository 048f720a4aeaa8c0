//! Where access tokens come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::wire::redact::{TEXT_LIMIT, shown_within};

mod shared;

pub(crate) use shared::SharedSource;

/// An access token of an application. Never printed; wiped when dropped.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// A token as the authorisation server gave it.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(SecretString::from(token.into()))
    }

    /// The token itself, for the request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn is(&self, other: &AccessToken) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// A source of access tokens: the caller's own store and refresh, or a
/// [`RefreshGrant`](crate::RefreshGrant).
///
/// # What it is asked
///
/// A [`Portal`](crate::Portal) and its clones ask it one question at a time, and
/// share the answer among all who wait:
///
/// - once for each probe, for a token to call with;
/// - once for each token that a portal refused as expired, for another. Callers
///   who come later with the same token are given the newer one.
/// - not again for a token that it said cannot be replaced ([`TokenError::new`]);
/// - after a failure that passes ([`TokenError::transient`]) not at all for a
///   while: 5 seconds at first, twice as long each time, at most 10 minutes. It
///   counts from the failure, or from the question where nobody waited for it.
///
/// It is asked in a task of its own on the tokio runtime of the first who waits,
/// so a refresh once begun comes to its end though all who wait leave. A panic is
/// an error for those who wait, and passes. What takes longer than a minute is
/// left to itself, and asked anew for whoever waits or comes then.
///
/// # Which credential it is
///
/// Portals made with clones of one [`Arc`], or of one
/// [`RefreshGrant`](crate::RefreshGrant), are called with the same credential: one
/// that failed is not tried again by the other. Any other source given anew is
/// another credential. So share one, though a portal be made for each message.
///
/// # What it must not do
///
/// It may look at what is known ([`Handle::caps`](crate::Handle::caps)), and must
/// not wait for the registry: the registry may be waiting for the token.
pub trait TokenSource: Send + Sync + 'static {
    /// A token to call with.
    ///
    /// `expired` is the token of the last call, when the portal refused it as
    /// expired: then give another, refreshing if need be. The same again is taken
    /// for a failure that passes.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when there is none; its text must hold no secret.
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

    /// What is the same for two sources that are one: the address of what they
    /// share and keep alive.
    #[doc(hidden)]
    fn identity(&self) -> Option<usize> {
        None
    }
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        T::token(self, expired)
    }

    fn identity(&self) -> Option<usize> {
        let own = || Arc::as_ptr(self).cast::<()>().addr();
        T::identity(self).or_else(|| Some(own()))
    }
}

/// The most that is kept of a reason, in bytes: it may hold a text from outside, and say
/// what to do.
const REASON_LIMIT: usize = 2 * TEXT_LIMIT;

/// No token could be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no access token: {reason}")]
pub struct TokenError {
    reason: String,
    is_transient: bool,
}

impl TokenError {
    /// An error that stays until there are other tokens: a refresh token that is
    /// no longer valid, say. The refresh is not tried again for the same access
    /// token. The reason must hold no secret, and is cut at about 800 bytes.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: shown_within(REASON_LIMIT, &reason.into(), &[]),
            is_transient: false,
        }
    }

    /// An error that passes: no network, an overloaded server. The source is
    /// asked again after a pause. The reason must hold no secret.
    #[must_use]
    pub fn transient(reason: impl Into<String>) -> Self {
        Self {
            is_transient: true,
            ..Self::new(reason)
        }
    }

    /// Whether asking again later may help, with nothing changed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// The same, should the reason hold the token, without it.
    fn without(mut self, token: &AccessToken) -> Self {
        self.reason = shown_within(REASON_LIMIT, &self.reason, &[token.expose()]);
        self
    }
}

/// One token that is never refreshed: for scripts and tests.
#[derive(Clone, Debug)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// Always this token, until a portal says that it has expired.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(AccessToken::new(token))
    }
}

impl TokenSource for StaticToken {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        let token = match expired {
            None => Ok(self.0.clone()),
            Some(_) => Err(TokenError::new(
                "the only token has expired; give a source that refreshes",
            )),
        };
        Box::pin(std::future::ready(token))
    }
}
