//! [`PortalClient`]: one credential at one portal. Sends a call and reads the reply.
//!
//! A call is sent again in two cases, since in both the method has not run. The portal refused the
//! token as expired, which it checks first; or it redirects to an address that may be followed.
//! Each happens at most once for a client. No other call is repeated here: it may have run, and
//! only its caller knows whether a second run does harm.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::{Origin, Url};

use crate::clock::{Clock, within};
use crate::offload;
use crate::portal::{AccessToken, Credential, Portal, SharedSource, TokenError};
use crate::transport::{
    MemoryReservation, REPLY_LIMIT, Redirects, ReplyMemory, Request, Response, Transport, TransportError,
    moved, shows_secret,
};
use crate::wire::budget::{Budget, Excess};
use crate::wire::{Call, ErrorClass, Reply, read_within};

/// How long a reply waits for its memory if the call has no time limit.
const PATIENCE: Duration = Duration::from_secs(60);

/// How to call a portal.
#[derive(Clone, Copy)]
pub(crate) struct CallOptions<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) redirects: &'a Redirects,
    /// The limits of a reply's body.
    pub(crate) budget: Budget,
    /// The memory that large replies share.
    pub(crate) reply_memory: Option<&'a Arc<ReplyMemory>>,
    /// The time limit of each request. If there is none, the transport's own limit applies.
    pub(crate) timeout: Option<Duration>,
}

/// A reply, from the portal or from whatever else answers at the address.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// The reply without secrets:
    ///
    /// - A result is unchanged, but for the texts of errors in a batch. A caller that makes errors
    ///   of a result has to hide [`PortalClient::secrets`] in them.
    /// - The codes of errors compare as they came.
    /// - The location of a redirect is the scheme, host and port that the portal has moved to. It is
    ///   none if the redirect is not a move, or if the host holds a secret.
    pub(crate) reply: Reply,
    /// How long to wait before the next call, if the reply says so. A day at most.
    pub(crate) retry_after: Option<Duration>,
}

/// The reason that there is no reply.
#[derive(Clone, Debug)]
pub(crate) enum NoReply {
    /// There is no token. Nothing was sent, or the portal refused the old token as expired.
    Token(TokenError),
    /// The transport failed. The method may have run, unless there was no connection.
    Transport(TransportError),
}

/// The secrets among the parameters. They are searched for when the first reply may repeat them: a
/// result is not searched, and most replies are results.
type ParamSecrets = LazyLock<Vec<Box<str>>, Box<dyn FnOnce() -> Vec<Box<str>> + Send>>;

/// A short conversation with a portal. A token is renewed at most once in it.
///
/// A call whose future is dropped may have run. The client can be used after that.
pub(crate) struct PortalClient<'p> {
    options: CallOptions<'p>,
    portal: &'p Portal,
    token: Option<AccessToken>,
    /// The token before this one. Replies may still repeat it.
    former_token: Option<AccessToken>,
    renewed: bool,
    waits_for_token: bool,
    /// The address of the last call.
    asked: Option<Url>,
    /// The endpoint of a redirect that was followed.
    moved: Option<Url>,
    secrets: ParamSecrets,
}

impl<'p> PortalClient<'p> {
    pub(crate) fn new(options: CallOptions<'p>, portal: &'p Portal) -> Self {
        Self {
            options,
            portal,
            token: None,
            former_token: None,
            renewed: false,
            waits_for_token: false,
            asked: None,
            moved: None,
            secrets: ParamSecrets::new(Box::new(Vec::new)),
        }
    }

    /// The same client. It redacts these secrets in errors, like the credential. `find` runs at the
    /// first error, or never.
    #[must_use]
    pub(crate) fn with_secrets(mut self, find: impl FnOnce() -> Vec<Box<str>> + Send + 'static) -> Self {
        self.secrets = ParamSecrets::new(Box::new(find));
        self
    }

    /// The endpoint of a redirect that was followed.
    #[cfg(test)]
    pub(crate) fn moved_to(&self) -> Option<String> {
        self.moved.as_ref().map(Url::to_string)
    }

    /// Whether the token was renewed.
    pub(crate) fn has_renewed(&self) -> bool {
        self.renewed
    }

    /// Whether a dropped call was waiting for the token source. Then the portal is not the reason.
    pub(crate) fn waits_for_token(&self) -> bool {
        self.waits_for_token
    }

    /// All secrets that a portal could repeat.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let mut all = self.credentials();
        all.extend(self.secrets.iter().map(|own| &**own));
        all
    }

    /// The webhook's code, or the tokens.
    fn credentials(&self) -> Vec<&str> {
        let own = match self.portal.credential() {
            Credential::Webhook { code, .. } => Some(code.expose_secret()),
            Credential::OAuth(_) => None,
        };
        let tokens = [&self.token, &self.former_token].into_iter().flatten();
        own.into_iter().chain(tokens.map(AccessToken::expose)).collect()
    }

    /// Sends a call. An application's access token is sent as the parameter `auth`. With `is_long`, the
    /// call is written off the runtime's workers.
    ///
    /// # Errors
    ///
    /// If no reply came. An error of the API is a reply. So is a redirect that is not followed, and
    /// an answer that is not from the API.
    pub(crate) async fn call(&mut self, call: &Call, is_long: bool) -> Result<Exchange, NoReply> {
        loop {
            let mut exchange = self.send(call, is_long).await?;
            match &mut exchange.reply {
                Reply::Error(error)
                    if error.class() == ErrorClass::Expired && error.proves_not_run() && self.can_renew() =>
                {
                    self.renew().await?;
                    continue;
                }
                Reply::Redirect { location } => match self.target(location.as_deref()) {
                    Ok(target) => {
                        self.move_to(target);
                        continue;
                    }
                    Err(to) => *location = to,
                },
                _ => {}
            }
            return Ok(exchange);
        }
    }

    /// The same, but sends the call once. The location of a redirect is as it was sent.
    pub(crate) async fn send(&mut self, call: &Call, is_long: bool) -> Result<Exchange, NoReply> {
        self.waits_for_token = false;
        let request = self.request(call, is_long).await?;
        self.asked = Some(request.url().clone());
        self.exchange(call.method(), request).await
    }

    /// Whether an expired token can be renewed: once.
    fn can_renew(&self) -> bool {
        !self.renewed && self.tokens().is_some()
    }

    /// Gets another token in place of the one that the portal has refused as expired.
    ///
    /// # Errors
    ///
    /// [`NoReply::Token`] if there is none.
    pub(crate) async fn renew(&mut self) -> Result<(), NoReply> {
        if let Some(tokens) = self.tokens() {
            tracing::debug!(bitrix24.portal = %self.portal.address(), "the access token has expired; asking for another");
            self.take_token(tokens).await?;
            self.renewed = true;
        }
        Ok(())
    }

    /// The endpoint to follow the last call's redirect to.
    ///
    /// # Errors
    ///
    /// If it may not be followed: the scheme, host and port that the portal has moved to. `None` if
    /// the redirect is not a move, or if the host holds a secret.
    pub(crate) fn target(&self, location: Option<&str>) -> Result<Url, Option<String>> {
        let asked = self.asked.as_ref().ok_or(None)?;
        let to = location.and_then(|location| moved(asked, location)).ok_or(None)?;
        self.allowed(&to).ok_or_else(|| {
            let is_clean = !shows_secret(asked, &to, &self.secrets());
            is_clean.then(|| to.ascii_serialization())
        })
    }

    /// Sends all further calls to this endpoint.
    pub(crate) fn move_to(&mut self, target: Url) {
        tracing::debug!(
            bitrix24.portal = %self.portal.address(),
            bitrix24.move_claimed = %target,
            "following a redirect"
        );
        self.moved = Some(target);
    }

    async fn request(&mut self, call: &Call, is_long: bool) -> Result<Request, NoReply> {
        let token = match (self.tokens(), &self.token) {
            (Some(_), Some(token)) => Some(token.clone()),
            (Some(tokens), None) => Some(self.take_token(tokens).await?),
            (None, _) => None,
        };
        let written = call.clone();
        let write = move || written.body(token.as_ref().map(AccessToken::expose));
        let body = offload::run_if(is_long, write).await;
        let mut url = self.portal.method_url(call.method());
        if let Some(moved) = &self.moved {
            // The path is the same. The scheme, host and port come from a valid URL.
            let _ = url.set_scheme(moved.scheme());
            let _ = url.set_host(moved.host_str());
            let _ = url.set_port(moved.port());
        }
        let request = Request::new(url, body).limited(self.options.budget, self.options.timeout);
        Ok(request.sharing(self.options.reply_memory, self.portal.address()))
    }

    /// Sends a request. A redirect's location is not checked here.
    async fn exchange(&self, method: &str, request: Request) -> Result<Exchange, NoReply> {
        let server = request.url().host_str().map(str::to_owned);
        let port = request.url().port_or_known_default();
        // Held until the reply has been read.
        let reservation = request.reservation();
        let sent = self.options.transport.send(request).await;
        let hidden = |error: TransportError| NoReply::Transport(error.hiding(&self.secrets()));
        let mut response = sent.map_err(hidden)?;
        if response.body.len() > REPLY_LIMIT {
            let patience = self.options.timeout.unwrap_or(PATIENCE);
            let reserved = within(self.options.clock, patience, reservation.acquire()).await;
            reserved.ok_or(NoReply::Transport(TransportError::Timeout))?;
        }
        let mut reply = self.read(method, &mut response, reservation).await?;
        tracing::debug!(
            bitrix24.portal = %self.portal.address(),
            server.address = server,
            server.port = port,
            rpc.method = method,
            http.request.method = "POST",
            http.response.status_code = response.status,
            bitrix24.reply = outline(&reply),
            "called"
        );
        let retry_after = response.settle_wait(&mut reply, self.options.clock.now());
        Ok(Exchange { reply, retry_after })
    }

    /// Reads a whole reply, and takes its body. A long reply is read off the runtime's workers. The
    /// memory is held until that ends, even if the call is dropped.
    async fn read(
        &self,
        method: &str,
        response: &mut Response,
        reservation: MemoryReservation,
    ) -> Result<Reply, NoReply> {
        let budget = self.options.budget;
        let (status, location) = (response.status, response.location.take());
        let body = std::mem::take(&mut response.body);
        if !offload::is_long(&body) {
            let secrets = || self.secrets();
            return read_within(method, status, location.as_deref(), &body, secrets, budget)
                .map_err(too_large);
        }
        let method = method.to_owned();
        let secrets: Vec<_> = self.secrets().into_iter().map(SecretString::from).collect();
        offload::run_in(reservation, true, move || {
            let secrets = || secrets.iter().map(ExposeSecret::expose_secret).collect();
            read_within(&method, status, location.as_deref(), &body, secrets, budget).map_err(too_large)
        })
        .await
    }

    /// The endpoint to follow a move to, if the move may be followed.
    fn allowed(&self, to: &Origin) -> Option<Url> {
        match (&self.moved, self.endpoint()) {
            (None, Some(endpoint)) => self.options.redirects.follow(&endpoint, to, &self.credentials()),
            _ => None,
        }
    }

    fn endpoint(&self) -> Option<Url> {
        match &self.moved {
            Some(moved) => Some(moved.clone()),
            None => Url::parse(self.portal.endpoint()).ok(),
        }
    }

    fn tokens(&self) -> Option<&'p Arc<SharedSource>> {
        match self.portal.credential() {
            Credential::OAuth(tokens) => Some(tokens),
            Credential::Webhook { .. } => None,
        }
    }

    /// Gets a token that differs from the present one.
    async fn take_token(&mut self, tokens: &Arc<SharedSource>) -> Result<AccessToken, NoReply> {
        self.waits_for_token = true;
        let token = tokens.token(self.token.as_ref(), self.options.clock).await;
        self.waits_for_token = false;
        let token = token.map_err(NoReply::Token)?;
        self.former_token = self.token.replace(token.clone());
        Ok(token)
    }
}

fn too_large(excess: Excess) -> NoReply {
    NoReply::Transport(excess.into())
}

/// The kind of a reply, for the log. The reply's own texts may repeat parameters.
fn outline(reply: &Reply) -> String {
    match reply {
        Reply::Result(_) => "Result".to_owned(),
        Reply::Error(error) => format!("{:?}", error.class()),
        Reply::Redirect { .. } => "Moved".to_owned(),
        Reply::Malformed(_) => "Malformed".to_owned(),
    }
}

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
