//! [`RefreshGrant`], and its builder.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use tokio::sync::watch;

use super::exchange::{Exchange, Held, Load};
use super::renewed::{RenewedTokens, StoredTokens};
use super::server::{GrantError, token_url};
use crate::clock::{Clock, SystemClock};
use crate::portal::token::{AccessToken, SharedSource, TokenError, TokenSource, secret};
use crate::transport::Transport;

/// A [`TokenSource`] over the standard refresh-token grant. It exchanges an application's refresh token
/// for a new pair of tokens, and has the program store the pair before it uses it.
///
/// - A refresh token is valid for one refresh. If its successor is lost, a person has to install or
///   authorise the application again. So each pair is stored first. If storing fails, the pair is kept
///   in memory, callers get an error that says so, and the next call stores it first.
/// - A permanent refusal of the server stays. After a new installation make a new grant and a new
///   portal. [`TokenError::kind`] says what to repair.
/// - If several processes renew the same tokens, the server refuses all but the first. Set
///   [`RefreshGrantBuilder::stored_tokens`], so that the others find the pair that the first has
///   stored.
/// - It refreshes if a portal refused the access token as expired, or if there is no access token. It
///   never refreshes ahead of time, as the documentation asks.
///
/// Cheap to clone. Clones share the tokens, and the rules of [`TokenSource`] hold for all of them
/// together. So keep one for your own calls:
///
/// ```
/// use std::sync::Arc;
///
/// use imbot_caps::transport::Transport;
/// use imbot_caps::portal::RenewedTokens;
/// use imbot_caps::{Portal, RefreshGrant};
///
/// # async fn save(_: RenewedTokens) -> std::io::Result<()> { Ok(()) }
/// # fn run(transport: Arc<dyn Transport>, client_secret: &str, refresh_token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let app = RefreshGrant::builder(transport, "local.0123456789abcd.01234567", client_secret);
/// // For each portal that installed the application:
/// let grant = app
///     .clone()
///     .build(RefreshGrant::DOCUMENTED_SERVER, refresh_token, |renewed: RenewedTokens| async move {
///         save(renewed).await // to a database, say
///     })?;
/// let portal = Portal::oauth("https://acme.bitrix24.com/rest/", grant.clone())?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RefreshGrant {
    shared: Arc<SharedSource>,
    clock: Arc<dyn Clock>,
}

impl RefreshGrant {
    /// The `server_endpoint` of the documentation. Portals of some regions have another one,
    /// `https://oauth.bitrix24.tech/rest/`. Prefer the one that the portal sent with its tokens.
    pub const DOCUMENTED_SERVER: &str = "https://oauth.bitrix.info/rest/";

    /// A builder for an application, with its client id and secret. Clone it for each portal.
    ///
    /// Share the registry's transport in an [`Arc`]: it keeps connections.
    pub fn builder(
        transport: impl Transport,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> RefreshGrantBuilder {
        RefreshGrantBuilder {
            transport: Arc::new(transport),
            client_id: client_id.into(),
            client_secret: secret(client_secret),
            clock: Arc::new(SystemClock),
            allow_http: false,
            access_token: None,
            load: None,
        }
    }
}

impl TokenSource for RefreshGrant {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        Box::pin(self.shared.token(expired, &*self.clock))
    }

    fn identity(&self) -> Option<usize> {
        Some(Arc::as_ptr(&self.shared).addr())
    }

    fn secret_goes_to(&self) -> Option<&str> {
        self.shared.secret_goes_to()
    }
}

impl fmt::Debug for RefreshGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshGrant(..)")
    }
}

/// Makes a [`RefreshGrant`].
#[derive(Clone)]
#[must_use]
pub struct RefreshGrantBuilder {
    transport: Arc<dyn Transport>,
    client_id: String,
    client_secret: SecretString,
    clock: Arc<dyn Clock>,
    allow_http: bool,
    access_token: Option<AccessToken>,
    load: Option<Arc<Load>>,
}

impl RefreshGrantBuilder {
    /// Sets the access token that came with the refresh token. Without it the first call refreshes.
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.access_token = Some(AccessToken::new(token));
        self
    }

    /// Allows plain http to the authorisation server. The client secret is then sent without encryption:
    /// only for loopback and closed networks.
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Sets the clock for pauses and for dates in `Retry-After`; the system's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets a function that reads the portal's pair of tokens from your store, for programs with several
    /// processes. It returns `None` if there is no pair.
    ///
    /// The grant calls it if the server refuses the refresh token, and then once for each call of the
    /// grant:
    ///
    /// - If the stored refresh token is another one, the grant uses the stored pair: its access token,
    ///   or one more refresh if that access token is the expired one.
    /// - If it is the same, or if reading fails, the error is transient: another process may be about
    ///   to store its pair. The server is not asked about that refresh token again. After four reads
    ///   without a new pair the refusal is permanent.
    /// - A refusal with an unknown code is transient
    ///   ([`TokenErrorKind::UnexpectedAnswer`](crate::portal::TokenErrorKind::UnexpectedAnswer)). The store is read once after each
    ///   such refusal. If the pair is the same, the server is asked again after a pause.
    ///
    /// Cancel-safe: a read changes nothing until it ends. If it takes more than a minute, it is dropped
    /// when the function is called again. Its errors are shown, so they must hold no token. It must not
    /// ask the grant for a token, nor the registry.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use imbot_caps::portal::StoredTokens;
    /// # use imbot_caps::transport::Transport;
    /// # use imbot_caps::RefreshGrant;
    /// # async fn read() -> std::io::Result<Option<(String, String)>> { Ok(None) }
    /// # fn run(transport: Arc<dyn Transport>) -> Result<(), Box<dyn std::error::Error>> {
    /// let grant = RefreshGrant::builder(transport, "local.app", "secret")
    ///     .stored_tokens(|| async {
    ///         let row = read().await?; // from the database that `build` stores to, say
    ///         Ok::<_, std::io::Error>(row.map(|(access, refresh)| StoredTokens::new(access, refresh)))
    ///     })
    ///     .build(RefreshGrant::DOCUMENTED_SERVER, "refresh token", async |_| Ok::<_, String>(()))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn stored_tokens<F, S, E>(mut self, load: F) -> Self
    where
        F: Fn() -> S + Send + Sync + 'static,
        S: Future<Output = Result<Option<StoredTokens>, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.load = Some(Arc::new(move || {
            let stored = load();
            Box::pin(async move { stored.await.map_err(|error| error.to_string()) })
        }));
        self
    }

    /// Makes the grant of a portal, with the `server_endpoint` and the refresh token that the portal
    /// sent. No I/O.
    ///
    /// `store` is called with each new pair before the pair is used, and again with the same pair if it
    /// failed. If it takes more than a minute, it is dropped when it is called again. Its errors are
    /// shown, without the tokens. It must not ask the grant for a token, nor the registry.
    ///
    /// # Errors
    ///
    /// [`GrantError`] if the `server_endpoint` is not valid.
    pub fn build<F, S, E>(
        self,
        server_endpoint: &str,
        refresh_token: impl Into<String>,
        store: F,
    ) -> Result<RefreshGrant, GrantError>
    where
        F: Fn(RenewedTokens) -> S + Send + Sync + 'static,
        S: Future<Output = Result<(), E>> + Send + 'static,
        E: fmt::Display,
    {
        let exchange = Exchange {
            token_url: token_url(server_endpoint, self.allow_http)?,
            transport: self.transport,
            clock: Arc::clone(&self.clock),
            client_id: self.client_id,
            client_secret: self.client_secret,
            store: Box::new(move |renewed| {
                let stored = store(renewed);
                Box::pin(async move { stored.await.map_err(|error| error.to_string()) })
            }),
            stores: watch::Sender::default(),
            load: self.load,
            loads: watch::Sender::default(),
            held: Mutex::new(Held::new(self.access_token, refresh_token.into())),
        };
        Ok(RefreshGrant {
            shared: SharedSource::new(exchange),
            clock: self.clock,
        })
    }
}

impl fmt::Debug for RefreshGrantBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshGrantBuilder")
            .field("client_id", &self.client_id)
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}
