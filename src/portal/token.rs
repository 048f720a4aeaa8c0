//! Where access tokens come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::PortalId;

mod error;
mod shared;

pub use error::{TokenError, TokenErrorKind};
pub(crate) use shared::SharedSource;

/// An access token of an application. Never printed.
///
/// The copy in here is wiped when it is dropped. Requests, HTTP clients and the program have copies
/// that are not: see [`docs::security`](crate::docs::security).
#[derive(Clone)]
pub struct AccessToken {
    secret: SecretString,
    confirmed: Option<Arc<Confirmed>>,
}

/// Makes a secret with memory of its own, and wipes the text. A text with spare room could
/// not become the secret itself: making it fit would leave a copy behind.
pub(crate) fn secret(text: impl Into<String>) -> SecretString {
    let text = Zeroizing::new(text.into());
    SecretString::from(text.as_str())
}

/// The portal of a token and its address, as the authorisation server has named them.
#[derive(Debug)]
pub(crate) struct Confirmed {
    pub(crate) member: PortalId,
    pub(crate) address: PortalId,
    /// Whether a registry has taken this in.
    heard: AtomicBool,
}

impl AccessToken {
    /// A token as the authorisation server gave it.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self {
            secret: secret(token),
            confirmed: None,
        }
    }

    /// The same token, with what the authorisation server said beside it, where that is
    /// whole.
    pub(super) fn confirming(mut self, member_id: Option<&str>, client_endpoint: Option<&str>) -> Self {
        let member = member_id.and_then(|text| PortalId::of_member(text).ok());
        let address = client_endpoint.and_then(|text| PortalId::at_endpoint(text).ok());
        self.confirmed = member.zip(address).map(|(member, address)| {
            Arc::new(Confirmed {
                member,
                address,
                heard: AtomicBool::new(false),
            })
        });
        self
    }

    /// What the authorisation server said, to the first who asks.
    fn unheard(&self) -> Option<Arc<Confirmed>> {
        let is_unheard = |confirmed: &&Arc<Confirmed>| !confirmed.heard.swap(true, Ordering::Relaxed);
        self.confirmed.as_ref().filter(is_unheard).map(Arc::clone)
    }

    /// The token itself, for the request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
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
/// - not again for a token that it said cannot be replaced
///   ([`TokenErrorKind::is_transient`] is false);
/// - after a failure that passes ([`TokenError::transient`]) not at all for a
///   while: 5 seconds at first, twice as long each time, at most 10 minutes; longer
///   where the error asks for it ([`TokenError::retry_after`]). It counts from the
///   failure, or from the question where nobody waited for it.
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

    /// The address that the source sends a client secret to.
    #[doc(hidden)]
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
