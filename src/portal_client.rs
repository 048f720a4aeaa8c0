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
use std::time::{Duration, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use url::{Origin, Url};

use crate::clock::{Clock, within};
use crate::offload;
use crate::portal::{AccessToken, Credential, Portal, SharedSource, TokenError};
use crate::transport::{
    BODY_LIMIT, Redirects, Request, Response, Room, Rooms, Transport, TransportError, moved, tells,
};
use crate::wire::budget::{Budget, Excess, Meter};
use crate::wire::{self, Class, Reply, TooMany};

/// How long a reply waits for its room if the call has no time limit.
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
    pub(crate) rooms: Option<&'a Arc<Rooms>>,
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
    /// The endpoint of a redirect that was followed.
    moved: Option<Url>,
    secrets: ParamSecrets,
    /// How many more requests are allowed. At zero, no call is sent again.
    requests_left: u32,
    /// Whether the last call was not sent again because of the limit of requests.
    is_cut: bool,
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
            moved: None,
            secrets: ParamSecrets::new(Box::new(Vec::new)),
            requests_left: u32::MAX,
            is_cut: false,
        }
    }

    /// The same client. It redacts these secrets in errors, like the credential. `find` runs at the
    /// first error, or never.
    #[must_use]
    pub(crate) fn with_secrets(mut self, find: impl FnOnce() -> Vec<Box<str>> + Send + 'static) -> Self {
        self.secrets = ParamSecrets::new(Box::new(find));
        self
    }

    /// The same client with a limit of requests to the portal. After that it sends no call again. The
    /// token source's requests to its server do not count.
    #[must_use]
    pub(crate) fn with_requests(mut self, most: u32) -> Self {
        self.requests_left = most;
        self
    }

    /// How many more requests are allowed.
    pub(crate) fn requests_left(&self) -> u32 {
        self.requests_left
    }

    /// Whether only the limit of requests kept the last call from being sent again, with another
    /// token or to another address.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The endpoint of a redirect that was followed.
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

    /// Calls a method with these parameters. An application's access token is sent as `auth`.
    ///
    /// # Errors
    ///
    /// If no reply came. An error of the API is a reply. So is a redirect that is not followed, and
    /// an answer that is not from the API.
    pub(crate) async fn call(
        &mut self,
        method: &str,
        params: &Map<String, Value>,
    ) -> Result<Exchange, NoReply> {
        (self.waits_for_token, self.is_cut) = (false, false);
        loop {
            let request = self.request(method, params).await?;
            let asked = request.url().clone();
            self.requests_left = self.requests_left.saturating_sub(1);
            let Exchange {
                mut reply,
                retry_after,
            } = self.send(method, request).await?;
            let again = self.requests_left > 0;
            match &mut reply {
                Reply::Error(error) if error.class() == Class::Expired && !self.renewed => {
                    match self.tokens() {
                        Some(tokens) if again => {
                            tracing::debug!(bitrix24.portal = %self.portal.address(), "the access token has expired; asking for another");
                            self.take_token(tokens).await?;
                            self.renewed = true;
                            continue;
                        }
                        tokens => self.is_cut = tokens.is_some(),
                    }
                }
                Reply::Moved { location } => {
                    let to = location.as_deref().and_then(|location| moved(&asked, location));
                    match to.as_ref().and_then(|to| self.target(to)) {
                        Some(target) if again => {
                            tracing::debug!(
                                bitrix24.portal = %self.portal.address(),
                                bitrix24.move_claimed = %target,
                                "following a redirect"
                            );
                            self.moved = Some(target);
                            continue;
                        }
                        target => self.is_cut = target.is_some(),
                    }
                    let is_clean = |to: &Origin| !tells(&asked, to, &self.secrets());
                    *location = to.filter(is_clean).map(|to| to.ascii_serialization());
                }
                _ => {}
            }
            return Ok(Exchange { reply, retry_after });
        }
    }

    async fn request(&mut self, method: &str, params: &Map<String, Value>) -> Result<Request, NoReply> {
        let body = match self.tokens() {
            Some(tokens) => {
                let token = match &self.token {
                    Some(token) => token.clone(),
                    None => self.take_token(tokens).await?,
                };
                serde_json::to_vec(&WithToken(params, token.expose()))
            }
            None => serde_json::to_vec(params),
        };
        // Names are text, so this cannot fail.
        let body = body.unwrap_or_default();
        let mut url = self.portal.method_url(method);
        if let Some(moved) = &self.moved {
            // The path is the same. The scheme, host and port come from a valid URL.
            let _ = url.set_scheme(moved.scheme());
            let _ = url.set_host(moved.host_str());
            let _ = url.set_port(moved.port());
        }
        let request = Request::new(url, body).limited(self.options.budget, self.options.timeout);
        Ok(request.sharing(self.options.rooms, self.portal.address()))
    }

    /// Sends a request once. A redirect's location is not checked here.
    async fn send(&self, method: &str, request: Request) -> Result<Exchange, NoReply> {
        let server = request.url().host_str().map(str::to_owned);
        let port = request.url().port_or_known_default();
        // Held until the reply has been read.
        let room = request.room();
        let sent = self.options.transport.send(request).await;
        let hidden = |error: TransportError| NoReply::Transport(error.hiding(&self.secrets()));
        let mut response = sent.map_err(hidden)?;
        if response.body.len() > BODY_LIMIT {
            let patience = self.options.timeout.unwrap_or(PATIENCE);
            let reserved = within(self.options.clock, patience, room.reserve()).await;
            reserved.ok_or(NoReply::Transport(TransportError::Timeout))?;
        }
        let mut reply = self.read(method, &mut response, room).await?;
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
        let retry_after = response.wait(&reply, self.options.clock.now());
        reply.keep_wait(retry_after);
        if let Reply::Error(error) = &mut reply {
            let latest = self.options.clock.now().checked_add(wire::wait::LONGEST_WAIT);
            if let Some(latest) = latest.and_then(|latest| latest.duration_since(UNIX_EPOCH).ok()) {
                error.reset_at = error.reset_at.map(|reset| reset.min(latest.as_secs()));
            }
        }
        Ok(Exchange { reply, retry_after })
    }

    /// Reads a whole reply, and takes its body. A long reply is read off the runtime's workers. The
    /// room is held until that ends, even if the call is dropped.
    async fn read(&self, method: &str, response: &mut Response, room: Room) -> Result<Reply, NoReply> {
        let budget = self.options.budget;
        let (status, location) = (response.status, response.location.take());
        let body = std::mem::take(&mut response.body);
        if !offload::is_long(&body) {
            return read(
                method,
                status,
                location.as_deref(),
                &body,
                || self.secrets(),
                budget,
            );
        }
        let method = method.to_owned();
        let secrets: Vec<_> = self.secrets().into_iter().map(SecretString::from).collect();
        offload::run_in(room, true, move || {
            let secrets = || secrets.iter().map(ExposeSecret::expose_secret).collect();
            read(&method, status, location.as_deref(), &body, secrets, budget)
        })
        .await
    }

    /// The endpoint to follow a move to, if the move may be followed.
    fn target(&self, to: &Origin) -> Option<Url> {
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

/// Reads a reply within the budget. The transport may have kept more.
fn read<'s>(
    method: &str,
    status: u16,
    location: Option<&str>,
    body: &[u8],
    secrets: impl Fn() -> Vec<&'s str>,
    budget: Budget,
) -> Result<Reply, NoReply> {
    let no_reply = |excess: Excess| NoReply::Transport(excess.into());
    Meter::check(budget, status, body).map_err(no_reply)?;
    let read = Reply::read_hiding(status, location, body, &secrets, budget.values);
    let mut reply = read.map_err(|TooMany { limit }| no_reply(Excess::Values(limit)))?;
    wire::hide_texts(method, &mut reply, secrets);
    Ok(reply)
}

/// Parameters with the access token as `auth`. They are serialised without a copy.
struct WithToken<'a>(&'a Map<String, Value>, &'a str);

impl Serialize for WithToken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const AUTH: &str = "auth";
        let others = self.0.iter().filter(|(name, _)| *name != AUTH);
        let mut all = serializer.serialize_map(None)?;
        for (name, value) in others {
            all.serialize_entry(name, value)?;
        }
        all.serialize_entry(AUTH, self.1)?;
        all.end()
    }
}

/// The kind of a reply, for the log. The reply's own texts may repeat parameters.
fn outline(reply: &Reply) -> String {
    match reply {
        Reply::Result(_) => "Result".to_owned(),
        Reply::Error(error) => format!("{:?}", error.class()),
        Reply::Moved { .. } => "Moved".to_owned(),
        Reply::Malformed(_) => "Malformed".to_owned(),
    }
}

#[cfg(test)]
#[cfg(feature = "reqwest")]
mod tests;
