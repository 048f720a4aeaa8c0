//! Asking one portal with one credential.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use url::Url;

use super::Conduct;
use super::error::{Failure, Trouble};
use super::inquiry::{Answer, COMMANDS, Question, heard};
use crate::portal::{AccessToken, Credential, Portal, SharedSource, TokenError, without, without_bytes};
use crate::transport::{Request, Response, TransportError, elsewhere};
use crate::wire::{Class, ErrorCode, Reply};

pub(super) struct Session<'p> {
    conduct: &'p Conduct<'p>,
    portal: &'p Portal,
    token: Option<AccessToken>,
    refreshed: bool,
    /// Whether the token source is asked at the moment.
    waits_for_token: bool,
    /// The endpoint that a redirect was followed to.
    moved: Option<Url>,
}

impl<'p> Session<'p> {
    pub(super) fn new(conduct: &'p Conduct<'p>, portal: &'p Portal) -> Self {
        Self {
            conduct,
            portal,
            token: None,
            refreshed: false,
            waits_for_token: false,
            moved: None,
        }
    }

    /// The endpoint that a redirect was followed to, if any was.
    pub(super) fn moved_to(&self) -> Option<String> {
        self.moved.as_ref().map(Url::to_string)
    }

    /// What the deadline found the session waiting for: the token source is the
    /// credential's, and its silence says nothing of the portal.
    pub(super) fn struck(&self) -> Trouble {
        let deadline = self.conduct.deadline;
        if self.waits_for_token {
            let limit = deadline.as_secs_f32();
            let error = TokenError::transient(format!("the token source gave none within {limit} s"));
            return Trouble::Token(error);
        }
        Trouble::Deadline(deadline)
    }

    /// Asks a question. An expired token is replaced once in a session, and a
    /// redirect that may be followed is followed once; what comes after that is
    /// the answer.
    pub(super) async fn ask(&mut self, question: Question) -> Result<Answer, Failure> {
        loop {
            let request = self.request(question).await?;
            let server = request.url().host_str().map(str::to_owned);
            let port = request.url().port_or_known_default();
            let sent = self.conduct.transport.send(request).await;
            let response = sent.map_err(|error| self.redact_error(error))?;
            let Response {
                status,
                location,
                body,
                retry_after,
            } = response;
            let reply = self.redact_reply(Reply::read(status, location.as_deref(), &self.redact_body(body)));
            tracing::debug!(
                bitrix24.portal = %self.portal.id(),
                server.address = server,
                server.port = port,
                rpc.method = question.method(),
                http.request.method = "POST",
                http.response.status_code = status,
                bitrix24.reply = ?reply,
                "asked"
            );
            let trouble = match heard(reply) {
                Ok(Err(error)) if error.class() == Class::Expired && self.can_refresh() => {
                    self.refresh().await?;
                    continue;
                }
                Ok(answer) => return Ok(answer),
                Err(Trouble::Moved { to: location }) => {
                    if self.follow(location.as_deref()) {
                        continue;
                    }
                    let to = self.elsewhere(location.as_deref());
                    Trouble::Moved { to }
                }
                Err(trouble) => trouble,
            };
            let retry_after = retry_after.or_else(|| self.until_reset(&trouble));
            return Err(Failure { trouble, retry_after });
        }
    }

    async fn request(&mut self, question: Question) -> Result<Request, Trouble> {
        let mut params = Map::new();
        if let Question::Batch = question {
            params.insert("halt".to_owned(), Value::from(0));
            let commands = COMMANDS.map(|(key, method)| (key.to_owned(), Value::from(method)));
            params.insert("cmd".to_owned(), Value::Object(commands.into_iter().collect()));
        }
        if let Credential::OAuth(tokens) = self.portal.credential() {
            let token = match &self.token {
                Some(token) => token.clone(),
                None => self.take_token(tokens).await?,
            };
            params.insert("auth".to_owned(), Value::from(token.expose()));
        }
        let body = Value::Object(params).to_string().into_bytes();
        let mut url = self.portal.method_url(question.method());
        if let Some(moved) = &self.moved {
            // The path is the same; scheme, host and port are those of a sound URL.
            let _ = url.set_scheme(moved.scheme());
            let _ = url.set_host(moved.host_str());
            let _ = url.set_port(moved.port());
        }
        Ok(Request::new(url, body))
    }

    /// How long the portal takes no calls of the method yet, should it say so.
    fn until_reset(&self, trouble: &Trouble) -> Option<Duration> {
        let Trouble::Api(error) = trouble else {
            return None;
        };
        let reset = UNIX_EPOCH.checked_add(Duration::from_secs(error.reset_at?))?;
        reset.duration_since(self.conduct.clock.now()).ok()
    }

    /// Whether a redirect is followed: from now on the portal is there.
    fn follow(&mut self, location: Option<&str>) -> bool {
        let target = match (&self.moved, location, self.endpoint()) {
            (None, Some(location), Some(endpoint)) => self.conduct.redirects.follow(&endpoint, location),
            _ => None,
        };
        // A host that is made of the secret would tell it to the log and to resolvers.
        let tells = |target: &Url| {
            let secret = self.long_secret().unwrap_or_default();
            without(target.as_str(), secret) != target.as_str()
        };
        if let Some(target) = target.filter(|target| !tells(target)) {
            tracing::debug!(
                bitrix24.portal = %self.portal.id(),
                bitrix24.moved_to = %target,
                "following a redirect"
            );
            self.moved = Some(target);
            return true;
        }
        false
    }

    /// Where a redirect leads to that is not followed, when that is elsewhere.
    fn elsewhere(&self, location: Option<&str>) -> Option<String> {
        let origin = elsewhere(&self.endpoint()?, location?)?;
        Some(self.redact(&origin.ascii_serialization()))
    }

    fn endpoint(&self) -> Option<Url> {
        match &self.moved {
            Some(moved) => Some(moved.clone()),
            None => Url::parse(self.portal.endpoint()).ok(),
        }
    }

    fn can_refresh(&self) -> bool {
        !self.refreshed && matches!(self.portal.credential(), Credential::OAuth(_))
    }

    async fn refresh(&mut self) -> Result<(), Trouble> {
        self.refreshed = true;
        if let Credential::OAuth(tokens) = self.portal.credential() {
            tracing::debug!(bitrix24.portal = %self.portal.id(), "the access token has expired; asking for another");
            self.take_token(tokens).await?;
        }
        Ok(())
    }

    /// Has a token, and another than the one at hand.
    async fn take_token(&mut self, tokens: &Arc<SharedSource>) -> Result<AccessToken, Trouble> {
        self.waits_for_token = true;
        let token = tokens.token(self.token.as_ref(), self.conduct.clock).await;
        self.waits_for_token = false;
        let token = token.map_err(Trouble::Token)?;
        self.token = Some(token.clone());
        Ok(token)
    }

    /// What a portal could repeat.
    fn secret(&self) -> Option<&str> {
        match (self.portal.credential(), &self.token) {
            (Credential::Webhook { code, .. }, _) => Some(code.expose_secret()),
            (Credential::OAuth(_), token) => token.as_ref().map(AccessToken::expose),
        }
    }

    /// The secret, unless it is so short that it could stand for something else.
    fn long_secret(&self) -> Option<&str> {
        self.secret().filter(|secret| secret.len() >= 8)
    }

    fn redact(&self, text: &str) -> String {
        without(text, self.secret().unwrap_or_default())
    }

    /// Takes the credential out of a body before it is read, since reading cuts
    /// texts, perhaps in the middle of it. A code of a few digits could stand for
    /// a revision, too: short ones are left to what comes after.
    fn redact_body(&self, body: Vec<u8>) -> Vec<u8> {
        match self.long_secret() {
            Some(secret) => without_bytes(&body, secret),
            None => body,
        }
    }

    /// Takes the credential out of what the portal wrote. A redirect's target is
    /// still as it was sent, and not printed.
    fn redact_reply(&self, reply: Reply) -> Reply {
        match reply {
            Reply::Error(mut error) => {
                error.code = ErrorCode::new(self.redact(error.code.as_str()));
                error.description = self.redact(&error.description);
                Reply::Error(error)
            }
            Reply::Malformed(mut malformed) => {
                malformed.what = self.redact(&malformed.what);
                Reply::Malformed(malformed)
            }
            other => other,
        }
    }

    /// A transport of the caller's may have put the address into its error.
    fn redact_error(&self, error: TransportError) -> Trouble {
        Trouble::Transport(match error {
            TransportError::Connect(text) => TransportError::Connect(self.redact(&text)),
            TransportError::Broken(text) => TransportError::Broken(self.redact(&text)),
            TransportError::Client(text) => TransportError::Client(self.redact(&text)),
            other => other,
        })
    }
}
