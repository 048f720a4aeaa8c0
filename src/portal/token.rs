//! Where access tokens come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

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
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// A source of access tokens: the caller's own store and refresh.
///
/// It is asked once for each probe, and once more when a portal answers that the
/// token has expired. It must not ask the registry for anything, directly or
/// through a gated client: the registry may be waiting for the token.
pub trait TokenSource: Send + Sync + 'static {
    /// A token to call with.
    ///
    /// `expired` is the token of the last call, when the portal refused it as
    /// expired: then give another, refreshing if need be. Callers that wait at
    /// the same time should share one refresh.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when there is none; its text must hold no secret.
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        T::token(self, expired)
    }
}

/// No token could be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no access token: {0}")]
pub struct TokenError(String);

impl TokenError {
    /// An error with a reason, which must hold no secret.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    pub(crate) fn reason(&self) -> &str {
        &self.0
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
