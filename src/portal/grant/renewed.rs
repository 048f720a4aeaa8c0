//! [`RenewedTokens`] and [`StoredTokens`]: pairs of tokens.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::portal::token::{AccessToken, secret};
use crate::portal_id::ADDRESS_LIMIT;
use crate::wire::budget::Budget;
use crate::wire::redact::whole_within;
use crate::wire::{is_empty, json};

/// The limit of a `member_id`, in bytes: twice the length of real ones.
const MEMBER_ID_LIMIT: usize = 64;

/// The limit of an access token's lifetime: a year.
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A new pair of tokens and the fields that came with it, for the program's store.
///
/// A `member_id` of more than 64 bytes, an address of more than 512 bytes, and either with control
/// characters are left out, as if the server had not sent them. `Debug` shows neither token.
#[derive(Clone)]
pub struct RenewedTokens {
    access_token: AccessToken,
    refresh_token: SecretString,
    expires_in: Option<Duration>,
    member_id: Option<String>,
    client_endpoint: Option<String>,
    server_endpoint: Option<String>,
}

impl RenewedTokens {
    /// Reads an answer. `None` if it holds no access token. If it has no refresh token, the old one stays
    /// valid.
    ///
    /// The answer's `domain` is not read: it is the authorisation server's own.
    pub(super) fn read(body: &[u8], old: &SecretString) -> Option<Self> {
        let fields: Value = json::read(json::without_mark(body), Budget::SMALL.values).ok()?;
        let text = |name: &str| {
            let text = fields.get(name)?.as_str().filter(|text| !text.is_empty())?;
            Some(text.to_owned())
        };
        // An error beside tokens is an error. An empty error field is none: if it counted, the new
        // refresh token would be lost.
        if fields.get("error").is_some_and(|error| !is_empty(error)) {
            return None;
        }
        let kept = |name: &str, limit| {
            let text = text(name)?;
            let kept = whole_within(limit, &text);
            if kept.is_none() {
                tracing::warn!(
                    bitrix24.field = name,
                    "the authorisation server sent a text that is too long, or has control characters; it was left out"
                );
            }
            kept
        };
        let seconds = fields.get("expires_in").and_then(|value| match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        });
        let member_id = kept("member_id", MEMBER_ID_LIMIT);
        let client_endpoint = kept("client_endpoint", ADDRESS_LIMIT);
        let access_token = AccessToken::new(text("access_token")?);
        Some(Self {
            access_token: access_token.confirming(member_id.as_deref(), client_endpoint.as_deref()),
            refresh_token: text("refresh_token").map_or_else(|| old.clone(), secret),
            expires_in: seconds
                .map(Duration::from_secs)
                .map(|wait| wait.min(LONGEST_LIFE)),
            member_id,
            client_endpoint,
            server_endpoint: kept("server_endpoint", ADDRESS_LIMIT),
        })
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.access_token.is(&other.access_token) && self.refresh_token() == other.refresh_token()
    }

    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// The refresh token that replaces the one before: a secret.
    #[must_use]
    pub fn refresh_token(&self) -> &str {
        self.refresh_token.expose_secret()
    }

    /// The lifetime of the access token: usually an hour, at most a year. Do not refresh by it: the
    /// documentation asks to wait for `expired_token`.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    /// The portal's `member_id`. Store the pair under it.
    #[must_use]
    pub fn member_id(&self) -> Option<&str> {
        self.member_id.as_deref()
    }

    /// The portal's endpoint now.
    #[must_use]
    pub fn client_endpoint(&self) -> Option<&str> {
        self.client_endpoint.as_deref()
    }

    /// The endpoint of the portal's authorisation server now.
    ///
    /// A grant keeps the server that it was made with, since it sends the client secret there. If the
    /// server has changed, make a new grant.
    #[must_use]
    pub fn server_endpoint(&self) -> Option<&str> {
        self.server_endpoint.as_deref()
    }
}

/// A pair of tokens from the program's store: see
/// [`RefreshGrantBuilder::stored_tokens`](crate::portal::RefreshGrantBuilder::stored_tokens).
///
/// `Debug` shows neither token.
#[derive(Clone)]
pub struct StoredTokens {
    pub(super) access_token: AccessToken,
    pub(super) refresh_token: SecretString,
}

impl StoredTokens {
    /// The pair that was stored last. An empty access token counts as expired.
    #[must_use]
    pub fn new(access_token: impl Into<String>, refresh_token: impl Into<String>) -> Self {
        Self {
            access_token: AccessToken::new(access_token),
            refresh_token: secret(refresh_token),
        }
    }
}

impl fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredTokens(..)")
    }
}

impl fmt::Debug for RenewedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenewedTokens")
            .field("expires_in", &self.expires_in)
            .field("member_id", &self.member_id)
            .field("client_endpoint", &self.client_endpoint)
            .field("server_endpoint", &self.server_endpoint)
            .finish_non_exhaustive()
    }
}
