//! [`TokenSource`], and the source of one fixed token.

use std::pin::Pin;
use std::sync::Arc;

use super::access_token::AccessToken;
use super::error::TokenError;

/// A source of access tokens: the program's own store and refresh, or a
/// [`RefreshGrant`](crate::RefreshGrant).
///
/// # When it is called
///
/// A [`Portal`](crate::Portal) and its clones make one call at a time, and all callers that
/// wait share the result. The source is called
///
/// - once for each probe, for a token;
/// - once for each token that a portal refused as expired, for another token. Callers
///   that come later with the same token get the newer one.
///
/// It is not called
///
/// - for a token that it cannot replace, as its error said
///   ([`TokenError::is_transient`] is false);
/// - during the pause after a transient failure ([`TokenError::transient`]). The pause is
///   5 seconds at first and doubles with each failure in a row, up to 10 minutes. It is longer
///   if the error asks for it ([`TokenError::retry_after`]). It counts from the failure, or
///   from the call if no caller waited for the result.
///
/// A call runs in a task of its own, on the tokio runtime of the first caller that waits. So a
/// refresh runs to its end even if all callers leave. A panic is a transient error. If a call
/// takes longer than a minute, callers that wait or come then start another one; the first call
/// is not stopped.
///
/// # Which credential it is
///
/// Portals that are made with clones of one [`Arc`], or of one
/// [`RefreshGrant`](crate::RefreshGrant), have the same credential: if it fails for one portal,
/// the other does not try it again. Any other source is another credential. So share one source,
/// even if the program makes a portal for each message.
///
/// # What it must not do
///
/// It may read what is known ([`Handle::caps`](crate::Handle::caps)). It must not wait for the
/// registry: the registry may be waiting for the token.
pub trait TokenSource: Send + Sync + 'static {
    /// Returns a token for a call.
    ///
    /// `expired` is the token of the last call if the portal refused it as expired. Then return
    /// another token; refresh it if necessary. If the same token is returned, that counts as a
    /// transient failure.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if there is no token. Its text must hold no secret.
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

    /// What tells two sources apart: two values with the same number are one source.
    ///
    /// The number is the address of memory that both share and keep alive. [`Arc`] returns its own.
    /// A source that wraps another one returns the other's number. By default, each value is a source
    /// of its own.
    fn identity(&self) -> Option<usize> {
        None
    }

    /// The URL to which the source sends the application's secret, if it sends it.
    ///
    /// [`Portal::oauth`](crate::Portal::oauth) refuses a portal with the same scheme, host and port. A
    /// source that wraps another one returns the other's URL.
    fn secret_goes_to(&self) -> Option<&str> {
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

    fn secret_goes_to(&self) -> Option<&str> {
        T::secret_goes_to(self)
    }
}

/// A token that is never refreshed: for scripts and tests.
#[derive(Clone, Debug)]
pub struct StaticToken(AccessToken);

impl StaticToken {
    /// Returns this token until a portal refuses it as expired.
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
