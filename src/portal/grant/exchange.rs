//! A grant's tokens, and how they are traded in.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use url::Url;

use super::{RenewedTokens, token_url};
use crate::portal::{AccessToken, TokenError, TokenSource};
use crate::transport::{Request, Response, Transport};
use crate::wire::Reply;
use crate::wire::redact::shown;

type Store = dyn Fn(RenewedTokens) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync;

/// The source behind a grant, which `SharedSource` asks one question at a time.
/// Only a question that took too long runs beside another.
pub(super) struct Exchange {
    pub(super) token_url: Url,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) store: Box<Store>,
    /// The number of the last call to `store`.
    pub(super) stores: watch::Sender<u64>,
    pub(super) held: Mutex<Held>,
}

pub(super) struct Held {
    access_token: Option<AccessToken>,
    refresh_token: SecretString,
    /// The pair that comes next, once it is stored.
    unstored: Option<RenewedTokens>,
    /// Why this refresh token is no longer good.
    refused: Option<TokenError>,
}

impl Held {
    pub(super) fn new(access_token: Option<AccessToken>, refresh_token: String) -> Self {
        Self {
            access_token,
            refresh_token: SecretString::from(refresh_token),
            unstored: None,
            refused: None,
        }
    }
}

impl TokenSource for Exchange {
    fn token<'a>(
        &'a self,
        expired: Option<&'a AccessToken>,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>> {
        Box::pin(async move {
            if let Some(token) = self.store_unstored().await? {
                return Ok(token);
            }
            let refresh_token = {
                let held = self.held();
                match (&held.access_token, &held.refused) {
                    (Some(token), _) if expired.is_none_or(|expired| !expired.is(token)) => {
                        return Ok(token.clone());
                    }
                    (_, Some(error)) => return Err(error.clone()),
                    _ => held.refresh_token.clone(),
                }
            };
            let renewed = self.refresh(&refresh_token).await;
            {
                let mut held = self.held();
                // Another pair may have come in while this took too long.
                if held.refresh_token.expose_secret() == refresh_token.expose_secret() {
                    match &renewed {
                        Ok(renewed) => held.unstored = Some(renewed.clone()),
                        Err(error) if !error.is_transient() => held.refused = Some(error.clone()),
                        Err(_) => {}
                    }
                }
            }
            renewed?;
            let token = self.store_unstored().await?;
            let token = token.or_else(|| self.held().access_token.clone());
            token.ok_or_else(|| TokenError::transient("another refresh is under way"))
        })
    }
}

impl Exchange {
    /// Has the owner store the pair that is not yet, if there is one, and takes
    /// it in use.
    ///
    /// Whoever stores ends what stored before: a store that hangs is not to come
    /// to its end after the next pair's, and leave the owner with a used one.
    async fn store_unstored(&self) -> Result<Option<AccessToken>, TokenError> {
        let Some(renewed) = self.held().unstored.clone() else {
            return Ok(None);
        };
        let mut number = 0;
        self.stores.send_modify(|last| {
            *last += 1;
            number = *last;
        });
        let mut stores = self.stores.subscribe();
        let mut newer = pin!(stores.wait_for(|last| *last != number));
        let mut storing = (self.store)(renewed.clone());
        let stored = poll_fn(|context| {
            if newer.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            storing.as_mut().poll(context).map(Some)
        });
        let overtaken = || TokenError::transient("the new tokens are being stored anew");
        let stored = stored.await.ok_or_else(overtaken)?;
        if let Err(error) = stored {
            let error = shown(
                &error,
                &[renewed.access_token().expose(), renewed.refresh_token()],
            );
            tracing::error!(bitrix24.member_id = renewed.member_id(), error.message = %error, "the new tokens could not be stored");
            return Err(TokenError::transient(format!(
                "the new tokens could not be stored: {error}. They are kept in memory alone, and the old refresh \
                 token is used up: repair the store before this process ends; storing is tried again"
            )));
        }
        let mut held = self.held();
        // Unless another pair has come in meanwhile: then this one is used up.
        let is_next = |next: &mut RenewedTokens| next.is(&renewed);
        held.unstored.take_if(is_next).ok_or_else(overtaken)?;
        held.access_token = Some(renewed.access_token().clone());
        held.refresh_token = renewed.refresh_token().into();
        held.refused = None;
        Ok(held.access_token.clone())
    }

    async fn refresh(&self, refresh_token: &SecretString) -> Result<RenewedTokens, TokenError> {
        let secrets = [self.client_secret.expose_secret(), refresh_token.expose_secret()];
        let request = Request::form(
            self.token_url.clone(),
            &[
                ("grant_type", "refresh_token"),
                ("client_id", &self.client_id),
                ("client_secret", self.client_secret.expose_secret()),
                ("refresh_token", refresh_token.expose_secret()),
            ],
        );
        // A transport of the caller's may have put the form into its error.
        let response = self.transport.send(request).await.map_err(|error| {
            let error = error.hiding(&secrets);
            TokenError::transient(format!("the authorisation server was not reached: {error}"))
        })?;
        let Some(renewed) = RenewedTokens::read(&response.body, refresh_token) else {
            return Err(refusal(&response, &secrets));
        };
        if let Some(other) = renewed.server_endpoint()
            && token_url(other, true).is_ok_and(|url| url != self.token_url)
        {
            tracing::warn!(
                bitrix24.member_id = renewed.member_id(),
                "the portal names another authorisation server now: make the grant anew with the stored server_endpoint"
            );
        }
        tracing::debug!(
            bitrix24.member_id = renewed.member_id(),
            "the tokens were renewed"
        );
        Ok(renewed)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Codes that no wait mends, and what does. Sources: the documentation's page of
/// the authorisation server's errors, and the protocol (RFC 6749, 5.2). What
/// people can mend with the same refresh token, a payment say, is none of them.
const DEFINITE: [(&str, &str); 5] = [
    (
        "invalid_grant",
        "the application has to be installed or authorised anew",
    ),
    (
        "invalid_client",
        "check the client id and secret, and that the application is installed",
    ),
    ("unauthorized_client", "the application may not refresh tokens"),
    ("unsupported_grant_type", "the server refreshes no tokens"),
    (
        "invalid_request",
        "check the client id, the secret and the refresh token",
    ),
];

/// What an answer without tokens says.
fn refusal(response: &Response, secrets: &[&str]) -> TokenError {
    let text = match Reply::read_hiding(response.status, None, &response.body, secrets) {
        Reply::Error(error) => {
            if let Some((_, remedy)) = DEFINITE.into_iter().find(|(code, _)| error.code == *code) {
                return TokenError::new(format!("the authorisation server refused: {error}; {remedy}"));
            }
            format!("the authorisation server refused: {error}")
        }
        Reply::Malformed(malformed) => format!(
            "the authorisation server gave no tokens but {} (HTTP {})",
            malformed.what, malformed.status
        ),
        Reply::Moved { .. } => "the authorisation server redirects, which is not followed".to_owned(),
        Reply::Result(_) => "the authorisation server gave a result without tokens".to_owned(),
    };
    TokenError::transient(text)
}
