//! The ready token source: the standard refresh-token grant.

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

/// A [`TokenSource`] over the standard refresh-token grant: trades an
/// application's refresh token for a new pair of tokens, and has its owner store
/// the pair before it is used.
///
/// A refresh token is good for one refresh: who loses its successor is locked
/// out until a person installs or authorises the application anew. So each pair
/// goes to the owner's store first. Where storing fails the pair is kept in
/// memory, callers get an error that says so, and it is stored before anything
/// else is done.
///
/// What the server refused for good stays refused: after a new installation make
/// the grant, and the portal, anew. [`TokenError::kind`] tells what to mend.
///
/// Where several processes renew the same tokens, the server refuses all but the first.
/// Give [`RefreshGrantBuilder::stored_tokens`], so that the others find the pair that
/// the first has stored.
///
/// It refreshes when a portal refused the access token as expired, or when there
/// is none, and never ahead of time: the documentation asks not to.
///
/// Cheap to clone; clones share the tokens, and the promises of [`TokenSource`]
/// hold for all of them together. So keep one for calls of your own:
///
/// ```
/// use std::sync::Arc;
///
/// use imbot_caps::transport::Transport;
/// use imbot_caps::{Portal, RefreshGrant, RenewedTokens};
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
    /// The `server_endpoint` that the documentation names. Portals of some
    /// regions have another, `https://oauth.bitrix24.tech/rest/`: prefer what the
    /// portal sent with its tokens.
    pub const DOCUMENTED_SERVER: &str = "https://oauth.bitrix.info/rest/";

    /// For an application, by its client id and secret. Clone it for each portal.
    ///
    /// Share the registry's transport, in an [`Arc`]: it keeps connections.
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
    /// The access token that came with the refresh token. Without it the first
    /// question is a refresh.
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.access_token = Some(AccessToken::new(token));
        self
    }

    /// Allows plain http to the authorisation server, which sends the client
    /// secret over the network in the open: for loopback and closed networks.
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// The clock that pauses are counted by, and the server's waits until a date; the
    /// system's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How to read the pair of tokens that is stored for the portal, for programs of
    /// several processes. None where there is none.
    ///
    /// It is read where the server refuses the refresh token, and then once for each
    /// question. If the stored refresh token is another one, the grant goes on with the
    /// stored pair: with its access token, or where that is the expired one with one more
    /// refresh. If it is the same, or if reading fails, the error passes, since another
    /// process may be about to store its pair, and the server is not asked about that
    /// refresh token again. After four readings that bring nothing new the refusal lasts.
    ///
    /// A refusal with a code that is not known here passes
    /// ([`TokenErrorKind::Server`](crate::TokenErrorKind::Server)). The store is read once after
    /// each such refusal, and the server is asked again after a pause if the pair is the same.
    ///
    /// Cancel-safe: a reading changes nothing until it ends. One that takes more than a
    /// minute is dropped as it is called again. Its errors are shown, so they must hold no
    /// token. It must not ask the grant for a token, nor the registry.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use imbot_caps::{RefreshGrant, StoredTokens, transport::Transport};
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

    /// A portal's grant, by the `server_endpoint` and the refresh token that the
    /// portal gave. No I/O.
    ///
    /// `store` is called with each new pair before any of it is used, and again
    /// with the same pair where it failed. One that takes more than a minute is
    /// dropped as it is called again. Its errors are shown, without the tokens. It
    /// must not ask the grant for a token, nor the registry.
    ///
    /// # Errors
    ///
    /// [`GrantError`] when the `server_endpoint` is none.
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
