//! [`Exchange`]: exchanges a grant's refresh token for a new pair of tokens.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use url::Url;

use super::refusal;
use super::renewed::{RenewedTokens, StoredTokens};
use super::server::token_url;
use crate::clock::Clock;
use crate::offload;
use crate::portal::token::{AccessToken, TokenError, TokenErrorKind, TokenSource, secret};
use crate::transport::{Request, Response, Transport, TransportError};
use crate::wire::budget::{Budget, Meter};
use crate::wire::redact::shown;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;
type Store = dyn Fn(RenewedTokens) -> Answer<()> + Send + Sync;
pub(super) type Load = dyn Fn() -> Answer<Option<StoredTokens>> + Send + Sync;

/// How many times the program's store is read after a refusal. Another process that has renewed the pair
/// may need some time to store it.
const READS: u32 = 4;

/// The source behind a grant. `SharedSource` makes one call at a time. Two calls run at the same time only
/// if the first one took too long.
pub(super) struct Exchange {
    pub(super) token_url: Url,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) client_id: String,
    pub(super) client_secret: SecretString,
    pub(super) store: Box<Store>,
    /// The number of the last call to `store`.
    pub(super) stores: watch::Sender<u64>,
    pub(super) load: Option<Arc<Load>>,
    /// The number of the last call to `load`.
    pub(super) loads: watch::Sender<u64>,
    pub(super) held: Mutex<Held>,
    /// For dates in `Retry-After`.
    pub(super) clock: Arc<dyn Clock>,
}

/// The reason that there is no new pair.
struct NoPair {
    error: TokenError,
    /// Whether the server refused the refresh token. Then another one may help.
    is_refusal: bool,
}

impl From<TokenError> for NoPair {
    fn from(error: TokenError) -> Self {
        let is_refusal = false;
        Self { error, is_refusal }
    }
}

pub(super) struct Held {
    access_token: Option<AccessToken>,
    refresh_token: SecretString,
    /// The next pair, until it is stored.
    unstored: Option<RenewedTokens>,
    /// The permanent refusal of this refresh token.
    refused: Option<Refused>,
}

/// A permanent refusal, and how many more times the store is read because of it.
#[derive(Clone)]
struct Refused {
    error: TokenError,
    reads_left: u32,
}

impl Held {
    pub(super) fn new(access_token: Option<AccessToken>, refresh_token: String) -> Self {
        Self {
            access_token,
            refresh_token: secret(refresh_token),
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
            let (refresh_token, refused) = {
                let held = self.held();
                match held.usable(expired) {
                    Some(token) => return Ok(token),
                    None => (held.refresh_token.clone(), held.refused.clone()),
                }
            };
            let error = match refused {
                Some(refused) => refused.error,
                None => match self.renew(&refresh_token).await {
                    Ok(token) => return Ok(token),
                    Err(none) if none.is_refusal => none.error,
                    Err(none) => return Err(none.error),
                },
            };
            self.read_again(expired, &refresh_token, error).await
        })
    }

    fn secret_goes_to(&self) -> Option<&str> {
        Some(self.token_url.as_str())
    }
}

impl Held {
    /// The access token, unless it is the expired one.
    fn usable(&self, expired: Option<&AccessToken>) -> Option<AccessToken> {
        let is_good = |token: &&AccessToken| expired.is_none_or(|expired| !expired.is(token));
        self.access_token.as_ref().filter(is_good).cloned()
    }

    fn has(&self, refresh_token: &SecretString) -> bool {
        self.refresh_token.expose_secret() == refresh_token.expose_secret()
    }
}

/// The output of a call, or `None` if another call of the same function begins in the meantime. So a call
/// that hangs ends with the next one, and cannot end later than that.
async fn unless_overtaken<T>(calls: &watch::Sender<u64>, mut call: Answer<T>) -> Option<Result<T, String>> {
    let mut number = 0;
    calls.send_modify(|last| {
        *last = last.saturating_add(1);
        number = *last;
    });
    let mut calls = calls.subscribe();
    let mut newer = pin!(calls.wait_for(|last| *last != number));
    poll_fn(|context| {
        if newer.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        call.as_mut().poll(context).map(Some)
    })
    .await
}

impl Exchange {
    /// Has the program store the new pair, if there is one, and begins to use it.
    ///
    /// Each call of the store ends the one before. Otherwise a call that hangs could end after the next
    /// pair's, and overwrite it with a used pair.
    async fn store_unstored(&self) -> Result<Option<AccessToken>, TokenError> {
        let Some(renewed) = self.held().unstored.clone() else {
            return Ok(None);
        };
        let overtaken = || TokenError::transient("the new tokens are being stored anew");
        let stored = unless_overtaken(&self.stores, (self.store)(renewed.clone())).await;
        let stored = stored.ok_or_else(overtaken)?;
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
        // If another pair came in the meantime, this one is used up.
        let is_next = |next: &mut RenewedTokens| next.is(&renewed);
        held.unstored.take_if(is_next).ok_or_else(overtaken)?;
        held.access_token = Some(renewed.access_token().clone());
        held.refresh_token = renewed.refresh_token().into();
        held.refused = None;
        Ok(held.access_token.clone())
    }

    /// Exchanges the refresh token, and has the new pair stored.
    async fn renew(&self, refresh_token: &SecretString) -> Result<AccessToken, NoPair> {
        let renewed = self.refresh(refresh_token).await;
        {
            let mut held = self.held();
            // Another pair may have come in the meantime.
            if held.has(refresh_token) {
                match &renewed {
                    Ok(renewed) => held.unstored = Some(renewed.clone()),
                    Err(NoPair { error, .. }) if !error.is_transient() => {
                        // Other tokens do not help against a wrong client id.
                        let other_tokens_help = error.kind() != TokenErrorKind::Configuration;
                        held.refused = Some(Refused {
                            error: error.clone(),
                            reads_left: if other_tokens_help { READS } else { 0 },
                        });
                    }
                    Err(_) => {}
                }
            }
        }
        renewed?;
        let token = self.store_unstored().await?;
        let token = token.or_else(|| self.held().access_token.clone());
        token.ok_or_else(|| TokenError::transient("another refresh is under way").into())
    }

    /// Reads the program's store for another pair than the refused one: another process may have renewed
    /// it. Uses that pair: its access token, or one more refresh if that token is the expired one.
    async fn read_again(
        &self,
        expired: Option<&AccessToken>,
        refused: &SecretString,
        error: TokenError,
    ) -> Result<AccessToken, TokenError> {
        let may_read = |held: &Held| held.refused.as_ref().is_none_or(|refused| refused.reads_left > 0);
        let Some(load) = self.load.as_ref().filter(|_| may_read(&self.held())) else {
            return Err(error);
        };
        let Some(stored) = unless_overtaken(&self.loads, load()).await else {
            return Err(TokenError::transient("the stored tokens are being read anew"));
        };
        let stored = stored.map_err(|cause| {
            let secrets = [self.client_secret.expose_secret(), refused.expose_secret()];
            let cause = shown(&cause, &secrets);
            tracing::error!(error.message = %cause, "the stored tokens could not be read");
            TokenError::transient(format!(
                "{}, and the stored tokens could not be read: {cause}",
                error.reason()
            ))
            .waiting(error.retry_after())
        })?;
        let refresh_token = {
            let mut held = self.held();
            if !held.has(refused) {
                let overtaken = || TokenError::transient("another refresh is under way");
                return held.usable(expired).ok_or_else(overtaken);
            }
            let is_other = |stored: &StoredTokens| {
                let stored = stored.refresh_token.expose_secret();
                !stored.is_empty() && stored != refused.expose_secret()
            };
            let Some(stored) = stored.filter(is_other) else {
                let left = held.refused.as_mut().map_or(0, |refused| {
                    refused.reads_left = refused.reads_left.saturating_sub(1);
                    refused.reads_left
                });
                return Err(match left {
                    0 => error,
                    _ => awaiting_newer(&error),
                });
            };
            tracing::debug!("another process has renewed the tokens");
            held.refused = None;
            held.refresh_token = stored.refresh_token.clone();
            held.access_token = Some(stored.access_token).filter(|token| !token.expose().is_empty());
            if let Some(token) = held.usable(expired) {
                return Ok(token);
            }
            stored.refresh_token
        };
        let renewed = self.renew(&refresh_token).await;
        // Another process may have been faster again.
        let may_be_newer = may_read(&self.held());
        renewed.map_err(
            |NoPair { error, .. }| match error.is_transient() || !may_be_newer {
                true => error,
                false => awaiting_newer(&error),
            },
        )
    }

    async fn refresh(&self, refresh_token: &SecretString) -> Result<RenewedTokens, NoPair> {
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
        // A transport of the program may have kept more than its limit.
        let measured = |response: Response| {
            let measured = Meter::new(Budget::SMALL, response.status).take(&response.body);
            measured.map(|()| response).map_err(TransportError::from)
        };
        let sent = self.transport.send(request).await;
        // Its error may repeat the form.
        let response = sent.and_then(measured).map_err(|error| {
            let kind = match &error {
                TransportError::Tls(_) | TransportError::NotHttp(_) | TransportError::NotPublic(_) => {
                    TokenErrorKind::UnexpectedAnswer
                }
                _ => TokenErrorKind::Transient,
            };
            let error = error.hiding(&secrets);
            TokenError::of_kind(
                kind,
                format!("no usable reply came from the authorisation server: {error}"),
            )
        })?;
        let is_long = offload::is_long(&response.body);
        let (client_secret, refresh_token) = (self.client_secret.clone(), refresh_token.clone());
        let now = self.clock.now();
        let read = move || {
            let secrets = [client_secret.expose_secret(), refresh_token.expose_secret()];
            RenewedTokens::read(&response.body, &refresh_token).ok_or_else(|| {
                let (error, is_refusal) = refusal::of(&response, &secrets, now);
                NoPair { error, is_refusal }
            })
        };
        let renewed = offload::run_if(is_long, read).await?;
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

/// A transient error in place of a refusal.
fn awaiting_newer(error: &TokenError) -> TokenError {
    TokenError::transient(format!(
        "{}, and the store has no newer tokens; it is read again, since another process may be renewing them",
        error.reason()
    ))
}
