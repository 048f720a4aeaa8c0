//! Who may call: incoming webhooks and access tokens, each with its scopes.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::envelope::RestError;
use super::limit::Operating;
use super::php::{Array, Value};
use super::request::Route;

/// How long an access token lives unless told otherwise.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(3_600);

/// The scopes that a credential has unless told otherwise.
const DEFAULT_SCOPES: [&str; 2] = ["imbot", "im"];

/// Whom access tokens are of.
const TOKEN_USER: u64 = 1;

pub(super) fn default_scopes() -> Vec<String> {
    DEFAULT_SCOPES.map(str::to_owned).to_vec()
}

/// An incoming webhook: a user id and a secret code, both part of the address.
///
/// Printed without the code.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    user_id: u32,
    code: String,
    scopes: Vec<String>,
}

impl Webhook {
    /// A webhook with scopes `imbot` and `im`.
    #[must_use]
    pub fn new(user_id: u32, code: impl Into<String>) -> Self {
        Self {
            user_id,
            code: code.into(),
            scopes: default_scopes(),
        }
    }

    /// The same with exactly these scopes.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The part of the address after `/rest/`: user id and code.
    pub(super) fn path(&self) -> String {
        format!("{}/{}/", self.user_id, self.code)
    }
}

/// An OAuth access token of an installed application.
///
/// Printed without its text.
#[derive(Clone, PartialEq, Eq)]
pub struct OauthToken {
    token: String,
    client_id: String,
    scopes: Vec<String>,
    lifetime: Duration,
    refresh_token: Option<String>,
}

impl OauthToken {
    /// A token of this application that lives for an hour from when it is
    /// added, with scopes `imbot` and `im`.
    ///
    /// Bots belong to the application: two tokens with one `client_id` see the
    /// same bots.
    #[must_use]
    pub fn new(token: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            client_id: client_id.into(),
            scopes: default_scopes(),
            lifetime: TOKEN_LIFETIME,
            refresh_token: None,
        }
    }

    /// The same, renewed by this token.
    pub(super) fn renewed_by(mut self, refresh_token: &str) -> Self {
        self.refresh_token = Some(refresh_token.to_owned());
        self
    }

    /// The same with exactly these scopes.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The same, but it expires so long after it is added, by the portal's clock.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The same, expired.
    #[must_use]
    pub fn expired(self) -> Self {
        self.lifetime(Duration::ZERO)
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("user_id", &self.user_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for OauthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OauthToken")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// All credentials of a portal.
#[derive(Default)]
pub(super) struct Credentials {
    webhooks: Vec<Webhook>,
    tokens: Vec<LiveToken>,
    pub(super) operating: Operating,
}

/// An access token, and from when on it has expired: a time since the Unix epoch.
pub(super) struct LiveToken {
    token: OauthToken,
    expires_at: Duration,
}

impl LiveToken {
    /// As events hand it on.
    pub(super) fn as_auth(&self, now: Duration) -> Map<String, Json> {
        let mut auth = Map::new();
        let mut put = |key: &str, value: Json| auth.insert(key.to_owned(), value);
        put("access_token", self.token.token.as_str().into());
        put("expires", self.expires_at.as_secs().into());
        let left = self.expires_at.saturating_sub(now);
        put("expires_in", left.as_secs().into());
        put("scope", self.token.scopes.join(",").into());
        put("status", "L".into());
        put("user_id", TOKEN_USER.into());
        if let Some(refresh_token) = &self.token.refresh_token {
            put("refresh_token", refresh_token.as_str().into());
        }
        auth
    }
}

impl Credentials {
    /// Adds a webhook, or replaces the one of the same user and code.
    pub(super) fn add_webhook(&mut self, webhook: Webhook) {
        self.webhooks
            .retain(|own| (own.user_id, &own.code) != (webhook.user_id, &webhook.code));
        self.webhooks.push(webhook);
    }

    /// Adds an access token, or replaces the one of the same text.
    pub(super) fn add_token(&mut self, token: OauthToken, now: Duration) {
        self.tokens.retain(|own| own.token.token != token.token);
        let expires_at = now.saturating_add(token.lifetime);
        self.tokens.push(LiveToken { token, expires_at });
    }

    pub(super) fn expire_token(&mut self, token: &str) {
        for own in self.tokens.iter_mut().filter(|own| own.token.token == token) {
            own.expires_at = Duration::ZERO;
        }
    }

    /// The youngest access token of an application that has not expired.
    pub(super) fn live_token(&self, client_id: &str, now: Duration) -> Option<&LiveToken> {
        let mut tokens = self.tokens.iter().rev();
        tokens.find(|own| own.token.client_id == client_id && own.expires_at > now)
    }

    /// Forgets the webhook with this code or the access token with this text.
    pub(super) fn revoke(&mut self, secret: &str) {
        self.webhooks.retain(|webhook| webhook.code != secret);
        self.tokens.retain(|own| own.token.token != secret);
    }

    /// Who calls, when the credential allows methods of this scope; `None` is
    /// the scope that every credential has.
    ///
    /// An address with a webhook's code is judged by that code alone, whatever
    /// token the parameters hold.
    pub(super) fn authorise(
        &self,
        route: &Route,
        bearer: Option<&str>,
        params: &Array,
        scope: Option<&str>,
        now: Duration,
    ) -> Result<Caller, RestError> {
        let caller = match &route.webhook {
            Some((user, code)) => self.webhook(user, code)?,
            None => self.token(bearer, params, now)?,
        };
        match scope {
            Some(scope) if !caller.has_scope(scope) => {
                Err(RestError::insufficient_scope(caller.client_id.is_some()))
            }
            _ => Ok(caller),
        }
    }

    fn webhook(&self, user: &str, code: &str) -> Result<Caller, RestError> {
        let known = self
            .webhooks
            .iter()
            .find(|own| own.user_id.to_string() == user && own.code == code)
            .ok_or_else(|| RestError::known("INVALID_CREDENTIALS"))?;
        Ok(Caller {
            client_id: None,
            credential: format!("{user}/{code}"),
            access_token: None,
            user_id: known.user_id.into(),
            scopes: known.scopes.clone(),
        })
    }

    fn token(&self, bearer: Option<&str>, params: &Array, now: Duration) -> Result<Caller, RestError> {
        let in_params = || {
            ["auth", "access_token"]
                .into_iter()
                .filter_map(|key| params.get(key))
                .find(|value| !matches!(value, Value::Array(_)))
                .map(Value::to_text)
        };
        let token = bearer.map(str::to_owned).or_else(in_params);
        let token = token
            .filter(|token| !token.is_empty())
            .ok_or_else(|| RestError::known("NO_AUTH_FOUND"))?;
        let known = self.tokens.iter().find(|own| own.token.token == token);
        let known = known.ok_or_else(|| RestError::known("invalid_token"))?;
        if known.expires_at <= now {
            return Err(RestError::known("expired_token"));
        }
        Ok(Caller {
            client_id: Some(known.token.client_id.clone()),
            credential: known.token.client_id.clone(),
            access_token: Some(token),
            user_id: TOKEN_USER,
            scopes: known.token.scopes.clone(),
        })
    }
}

/// Who calls, once the credential is checked.
#[derive(Clone)]
pub(super) struct Caller {
    /// The application of an access token; a webhook has none.
    pub(super) client_id: Option<String>,
    /// Whose operating time is used: the webhook's or the application's.
    pub(super) credential: String,
    /// The access token of an application.
    pub(super) access_token: Option<String>,
    /// The person in whose name the call is made.
    pub(super) user_id: u64,
    pub(super) scopes: Vec<String>,
}

impl Caller {
    pub(super) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }
}
