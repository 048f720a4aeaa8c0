//! The authorisation server, which renews access tokens.
//!
//! It stands at an address of its own, as in life, and serves the portals of one
//! emulator. Of the protocol it knows the renewal alone: a portal is installed
//! with its first pair of tokens, without a user who agrees.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::build::StatusBasis;
use super::clock::Clock;
use super::credential::{OauthToken, TOKEN_LIFETIME, default_scopes};
use super::envelope::RestError;
use super::fault::{Cut, Fault, Faults};
use super::php::{Array, Value};
use super::portal::Portal;
use super::record::{Journal, Recorded};
use super::reply::Reply;
use super::request::Request;
use super::server::{Channel, Hosts, Server, Service};

/// How long a renewal token lives: 180 days.
const REFRESH_LIFETIME: Duration = Duration::from_secs(180 * 86_400);

/// An application as its developer knows it: client id, secret and scopes.
///
/// Printed without the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
}

impl App {
    /// An application with scopes `imbot` and `im`.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scopes: default_scopes(),
        }
    }

    /// The same with exactly these scopes.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// What an application learns when a portal installs it.
///
/// Printed without the tokens.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installation {
    /// Lives for an hour by the portal's clock.
    pub access_token: String,
    /// Lives for 180 days, and is good for one renewal.
    pub refresh_token: String,
    /// The portal's id, which survives a change of its address.
    pub member_id: String,
    /// Where methods are called.
    pub client_endpoint: String,
    /// Where the authorisation server's own methods are; `oauth/token/` in place
    /// of `rest/` renews tokens.
    pub server_endpoint: String,
}

impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installation")
            .field("member_id", &self.member_id)
            .field("client_endpoint", &self.client_endpoint)
            .field("server_endpoint", &self.server_endpoint)
            .finish_non_exhaustive()
    }
}

/// The authorisation server of an emulator. Clones are handles to the same
/// server, which stops with its last handle.
#[derive(Clone)]
pub struct AuthServer(Arc<Server<Office>>);

impl AuthServer {
    pub(super) async fn start(clock: Clock, hosts: Hosts) -> io::Result<Self> {
        let office = |authority| Office {
            authority,
            clock,
            grants: Mutex::default(),
            journal: Mutex::default(),
            faults: Mutex::default(),
        };
        Ok(Self(Arc::new(
            Server::start(Channel::Plain, 0, hosts, office).await?,
        )))
    }

    /// Where tokens are renewed: `http://127.0.0.1:<port>/oauth/token/`.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("http://{}/oauth/token/", self.0.address())
    }

    /// Its `server_endpoint`, from which clients derive the above.
    #[must_use]
    pub fn server_endpoint(&self) -> String {
        self.0.service().server_endpoint()
    }

    /// All requests since they were last taken; their method is the `grant_type`.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        lock(&self.0.service().journal).requests().to_vec()
    }

    /// The same, and forgets them; numbering goes on.
    pub fn take_requests(&self) -> Vec<Recorded> {
        lock(&self.0.service().journal).take()
    }

    /// From now on this renewal token is refused.
    pub fn revoke(&self, refresh_token: &str) {
        let mut grants = lock(&self.0.service().grants);
        grants.live.retain(|grant| grant.refresh_token != refresh_token);
    }

    /// Adds a fault; its method, if any, is the `grant_type`. Errors have status
    /// 400 unless told otherwise.
    pub fn fault(&self, fault: Fault) {
        lock(&self.0.service().faults).add(fault);
    }

    /// Forgets all faults. Requests that are held stay so.
    pub fn clear_faults(&self) {
        lock(&self.0.service().faults).clear();
    }

    pub(super) fn install(
        &self,
        app: App,
        portal: &Arc<Portal>,
        member_id: &str,
        client_endpoint: String,
    ) -> Installation {
        let office = self.0.service();
        let mut grant = Grant {
            app,
            portal: Arc::clone(portal),
            member_id: member_id.to_owned(),
            client_endpoint,
            refresh_token: String::new(),
            expires_at: Duration::ZERO,
        };
        let mut grants = lock(&office.grants);
        let access_token = office.renew(&mut grant, &mut grants.issued);
        let installation = Installation {
            access_token,
            refresh_token: grant.refresh_token.clone(),
            member_id: grant.member_id.clone(),
            client_endpoint: grant.client_endpoint.clone(),
            server_endpoint: office.server_endpoint(),
        };
        grants.live.push(grant);
        installation
    }
}

impl fmt::Debug for AuthServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthServer")
            .field("token_url", &self.token_url())
            .finish_non_exhaustive()
    }
}

/// What the server does and knows.
struct Office {
    authority: String,
    clock: Clock,
    grants: Mutex<Grants>,
    journal: Mutex<Journal>,
    faults: Mutex<Faults>,
}

#[derive(Default)]
struct Grants {
    live: Vec<Grant>,
    /// How many pairs of tokens were issued: makes each another one.
    issued: u64,
}

/// One application on one portal.
struct Grant {
    app: App,
    portal: Arc<Portal>,
    member_id: String,
    client_endpoint: String,
    refresh_token: String,
    expires_at: Duration,
}

impl Service for Office {
    async fn answer(&self, request: Request) -> Result<Reply, Cut> {
        if !matches!(request.uri.path(), "/oauth/token/" | "/oauth/token") {
            return Ok(Reply::html(404));
        }
        let params = request.params();
        let grant_type = text(&params, "grant_type");
        lock(&self.journal).add(Recorded::of(&request, &grant_type));
        let arrived = self.clock.since_epoch();
        let (waits, effect) = lock(&self.faults).take(&grant_type);
        for wait in waits {
            wait.pass(&self.clock, arrived).await;
        }
        let run = || match self.refresh(&grant_type, &params) {
            Ok(tokens) => Reply::json(200, &tokens),
            Err(error) => error_reply(&error, None),
        };
        match effect {
            None => Ok(run()),
            Some(effect) => effect.answer(
                &self.clock,
                request.uri.path(),
                run,
                |code, status| error_reply(&RestError::new(code, code), status),
                |result| Reply::json(200, &result),
            ),
        }
    }
}

impl Office {
    fn server_endpoint(&self) -> String {
        format!("http://{}/rest/", self.authority)
    }

    fn refresh(&self, grant_type: &str, params: &Array) -> Result<Json, RestError> {
        let refresh_token = text(params, "refresh_token");
        if grant_type != "refresh_token" || refresh_token.is_empty() {
            let text = "An incorrectly formatted authorization request was provided";
            return Err(RestError::new("invalid_request", text));
        }
        let is_known = |grant: &Grant| grant.app.client_id == text(params, "client_id");
        let of_client =
            |grant: &Grant| is_known(grant) && grant.app.client_secret == text(params, "client_secret");
        let mut grants = lock(&self.grants);
        let Grants { live, issued } = &mut *grants;
        if !live.iter().any(is_known) {
            // The one refusal that comes with status 200.
            return Err(RestError::new("wrong_client", "Wrong client").with_status(200));
        }
        if !live.iter().any(of_client) {
            return Err(RestError::new(
                "invalid_client",
                "Invalid client data was provided",
            ));
        }
        let now = self.clock.since_epoch();
        let grant = live
            .iter_mut()
            .filter(|grant| of_client(grant))
            .find(|grant| grant.refresh_token == refresh_token && now < grant.expires_at)
            .ok_or_else(|| RestError::new("invalid_grant", "Invalid authorization data was provided"))?;
        let access_token = self.renew(grant, issued);
        Ok(json!({
            "access_token": access_token,
            "expires": now.saturating_add(TOKEN_LIFETIME).as_secs(),
            "expires_in": TOKEN_LIFETIME.as_secs(),
            "scope": grant.app.scopes.join(","),
            // The server's own, and not the portal's, for all that it is called.
            "domain": self.authority,
            "server_endpoint": self.server_endpoint(),
            "status": "L",
            "client_endpoint": grant.client_endpoint,
            "member_id": grant.member_id,
            "user_id": 1,
            "refresh_token": grant.refresh_token,
        }))
    }

    /// Gives a grant another renewal token, and its portal an access token, which
    /// is returned. Access tokens of before live on until they expire.
    fn renew(&self, grant: &mut Grant, issued: &mut u64) -> String {
        *issued += 1;
        let access_token = format!("access{issued}of{}", grant.member_id);
        grant.refresh_token = format!("refresh{issued}of{}", grant.member_id);
        grant.expires_at = self.clock.since_epoch().saturating_add(REFRESH_LIFETIME);
        let token = OauthToken::new(access_token.as_str(), grant.app.client_id.as_str());
        let token = token
            .scopes(grant.app.scopes.clone())
            .renewed_by(&grant.refresh_token);
        grant.portal.add_token(token);
        access_token
    }
}

/// The documentation names codes and no statuses; 400 is the protocol's.
fn error_reply(error: &RestError, status: Option<u16>) -> Reply {
    let own = error.status(StatusBasis::Source);
    Reply::json(status.unwrap_or(own), &error.to_json())
}

fn text(params: &Array, key: &str) -> String {
    params.get(key).map(Value::to_text).unwrap_or_default()
}

/// A test that panicked while it held a lock must not take the server down.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
