//! The tokens of the user who caused an event, or installed the application.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

/// The OAuth tokens of a user. In a verified event: of the user whose action caused it, or whom `event.bind`
/// named. In an [`Installation`](super::Installation): of the user who installed or opened the application.
/// `Debug` shows no token.
///
/// ```
/// use imbot_caps::event::{ApplicationTokens, Posted};
///
/// let body = b"event=ONAPPUPDATE&auth[access_token]=access&auth[expires_in]=3600&auth[scope]=im,imbot\
///     &auth[application_token]=51856fefc120afa4b628cc82d3935cce";
/// let stored = ApplicationTokens::new("51856fefc120afa4b628cc82d3935cce");
/// let verified = Posted::from_form(body)?.verify(&stored)?;
/// let tokens = verified.tokens().unwrap();
/// assert_eq!((tokens.access_token(), tokens.refresh_token()), ("access", None));
/// assert_eq!(tokens.expires_in(), Some(3_600));
/// assert!(tokens.scopes().eq(["im", "imbot"]));
/// # Ok::<(), imbot_caps::event::EventError>(())
/// ```
#[derive(Clone)]
pub struct UserTokens {
    pub(super) access_token: SecretString,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) expires_in: Option<u64>,
    pub(super) expires_at: Option<u64>,
    pub(super) scopes: Option<String>,
    pub(super) user_id: Option<u64>,
}

impl UserTokens {
    /// The access token: a secret.
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.expose_secret()
    }

    /// The refresh token that belongs to it: a secret. Few events have one, such as `ONAPPINSTALL`.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The lifetime of the access token, in seconds.
    #[must_use]
    pub fn expires_in(&self) -> Option<u64> {
        self.expires_in
    }

    /// The time at which the access token expires, in seconds since 1970.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }

    /// The scopes of the access token: `im`, `imbot`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        let scopes = self.scopes.as_deref().unwrap_or_default();
        scopes.split([',', ' ']).filter(|scope| !scope.is_empty())
    }

    /// The id of the user.
    #[must_use]
    pub fn user_id(&self) -> Option<u64> {
        self.user_id
    }
}

impl PartialEq for UserTokens {
    /// Compares the tokens in constant time.
    fn eq(&self, other: &Self) -> bool {
        let is_same = |one: &str, two: &str| bool::from(one.as_bytes().ct_eq(two.as_bytes()));
        let others = |own: &Self| {
            (
                own.expires_in,
                own.expires_at,
                own.user_id,
                own.refresh_token.is_some(),
            )
        };
        is_same(self.access_token(), other.access_token())
            && is_same(
                self.refresh_token().unwrap_or_default(),
                other.refresh_token().unwrap_or_default(),
            )
            && others(self) == others(other)
            && self.scopes == other.scopes
    }
}

impl fmt::Debug for UserTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserTokens")
            .field("has_refresh_token", &self.refresh_token.is_some())
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}
