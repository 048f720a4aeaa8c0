//! Asking one portal with one credential.

use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use url::Url;

use super::{Conduct, Trouble};
use crate::clock::Clock;
use crate::portal::{AccessToken, Credential, Portal};
use crate::transport::{Request, Transport, TransportError};
use crate::wire::{Class, ErrorCode, Reply};

pub(super) struct Session<'p> {
    transport: &'p dyn Transport,
    clock: &'p dyn Clock,
    portal: &'p Portal,
    token: Option<AccessToken>,
    refreshed: bool,
}

impl<'p> Session<'p> {
    pub(super) fn new(conduct: &Conduct<'p>, portal: &'p Portal) -> Self {
        Self {
            transport: conduct.transport,
            clock: conduct.clock,
            portal,
            token: None,
            refreshed: false,
        }
    }

    /// Calls a method without parameters. An expired token is replaced once in a
    /// session; what comes after that is the answer.
    pub(super) async fn ask(&mut self, method: &'static str) -> Result<Reply, Trouble> {
        loop {
            let request = self.request(method).await?;
            let response = self
                .transport
                .send(request)
                .await
                .map_err(|error| self.redact_error(error))?;
            let body = self.redact_body(response.body);
            let reply = Reply::read(response.status, response.location.as_deref(), &body);
            let reply = self.redact_reply(reply);
            tracing::debug!(portal = %self.portal.id(), method, status = response.status, ?reply, "asked");
            let expired = matches!(&reply, Reply::Error(error) if error.class() == Class::Expired);
            if !expired || self.refreshed || !matches!(self.portal.credential(), Credential::OAuth(_)) {
                return Ok(reply);
            }
            self.refresh().await?;
        }
    }

    async fn request(&mut self, method: &str) -> Result<Request, Trouble> {
        let mut params = Map::new();
        if let Credential::OAuth(tokens) = self.portal.credential() {
            let token = match &self.token {
                Some(token) => token,
                None => {
                    let first = tokens.token(None, self.clock).await;
                    self.token.insert(first.map_err(Trouble::Token)?)
                }
            };
            params.insert("auth".to_owned(), Value::from(token.expose()));
        }
        let body = Value::Object(params).to_string().into_bytes();
        Ok(Request::new(self.portal.method_url(method), body))
    }

    async fn refresh(&mut self) -> Result<(), Trouble> {
        self.refreshed = true;
        if let Credential::OAuth(tokens) = self.portal.credential() {
            tracing::debug!(portal = %self.portal.id(), "the access token has expired; asking for another");
            let token = tokens.token(self.token.as_ref(), self.clock).await;
            self.token = Some(token.map_err(Trouble::Token)?);
        }
        Ok(())
    }

    fn redact(&self, text: &str) -> String {
        let text = self.portal.redact(text);
        match &self.token {
            Some(token) if !token.expose().is_empty() => text.replace(token.expose(), "…"),
            _ => text,
        }
    }

    /// Takes the credential out of a body before it is read, since reading cuts
    /// texts, perhaps in the middle of it. A code of a few digits could stand for
    /// a revision, too: short ones are left to what comes after.
    fn redact_body(&self, body: Vec<u8>) -> Vec<u8> {
        const SHORT: usize = 8;
        let secret = match (self.portal.credential(), &self.token) {
            (Credential::Webhook { code, .. }, _) => code.expose_secret(),
            (Credential::OAuth(_), Some(token)) => token.expose(),
            (Credential::OAuth(_), None) => return body,
        };
        if secret.len() < SHORT || !body.windows(secret.len()).any(|part| part == secret.as_bytes()) {
            return body;
        }
        String::from_utf8_lossy(&body).replace(secret, "…").into_bytes()
    }

    /// Takes the credential out of what the portal wrote, and out of where it
    /// redirects to.
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
            Reply::Moved { location } => Reply::Moved {
                location: location
                    .and_then(|location| self.elsewhere(&location))
                    .map(|origin| self.redact(&origin)),
            },
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

    /// The scheme, host and port that a redirect leads to, when those are not
    /// the portal's own.
    fn elsewhere(&self, location: &str) -> Option<String> {
        let endpoint = Url::parse(self.portal.endpoint()).ok()?;
        let target = endpoint.join(location).ok()?.origin();
        (target != endpoint.origin()).then(|| target.ascii_serialization())
    }
}
