//! What a portal says of itself, and by which secret applications know it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value as Json, json};

use super::super::EmulatedPortal;
use super::event::OF_WEBHOOKS;
use super::{Bot, State};

/// So many characters of an application token are stored.
const LONGEST_TOKEN: usize = 50;

/// Addresses and id of a portal, and the tokens that its events carry.
#[derive(Default)]
pub(crate) struct Identity {
    /// Host and port.
    pub(crate) domain: String,
    pub(crate) member_id: String,
    pub(crate) client_endpoint: String,
    pub(crate) server_endpoint: String,
    /// By the owner of bots; others have one that follows from the portal.
    pub(crate) application_tokens: HashMap<String, String>,
}

impl Identity {
    /// A text of 16 digits that differs by portal and by `what`.
    pub(crate) fn derived(&self, what: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.member_id, what).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The secret by which this owner's bots know the portal. For a webhook's bots it is
    /// the owner itself, as far as the portal's column reaches.
    pub(crate) fn application_token(&self, app_id: &str) -> String {
        let known = self.application_tokens.get(app_id).cloned();
        known.unwrap_or_else(|| match app_id.starts_with(OF_WEBHOOKS) {
            true => app_id.chars().take(LONGEST_TOKEN).collect(),
            false => self.derived(&format!("application {app_id}")),
        })
    }
}

impl EmulatedPortal {
    /// The secret that events carry for this owner of bots, by which they tell a
    /// portal's call from a stranger's. The owner is [`Bot::app_id`]: an
    /// application's client id, or `custom` and a botToken. Older events of a webhook's bot carry its
    /// `CLIENT_ID` instead, 50 characters of it.
    #[must_use]
    pub fn application_token(&self, app_id: &str) -> String {
        self.portal.state().identity.application_token(app_id)
    }

    /// From now on events for this owner carry that secret.
    pub fn set_application_token(&self, app_id: &str, token: &str) {
        let mut state = self.portal.state();
        let tokens = &mut state.identity.application_tokens;
        tokens.insert(app_id.to_owned(), token.to_owned());
    }
}

impl State {
    /// The `auth` block of an event for the bots of an owner. An application that has a live
    /// access token is given it; others can only tell the portal by it.
    pub(crate) fn event_auth(&self, app_id: &str, has_refresh_token: bool) -> Map<String, Json> {
        let own = &self.identity;
        let now = self.build.clock().since_epoch();
        let mut auth = Map::new();
        if let Some(token) = self.credentials.live_token(app_id, now) {
            auth = token.as_auth(now);
        }
        if !has_refresh_token {
            auth.remove("refresh_token");
        }
        for (key, value) in [
            ("domain", &own.domain),
            ("member_id", &own.member_id),
            ("client_endpoint", &own.client_endpoint),
            ("server_endpoint", &own.server_endpoint),
        ] {
            auth.insert(key.to_owned(), json!(value));
        }
        let secret = own.application_token(app_id);
        auth.insert("application_token".to_owned(), secret.into());
        auth
    }

    /// The tokens with which a bot's application acts in its name. A bot of a webhook has
    /// none. Without a live access token the application is told whose portal it is.
    pub(crate) fn bot_auth(&self, bot: &Bot) -> Map<String, Json> {
        if bot.app_id.starts_with(OF_WEBHOOKS) {
            return Map::new();
        }
        let mut auth = self.event_auth(&bot.app_id, true);
        match auth.contains_key("access_token") {
            true => {
                auth.insert("user_id".to_owned(), bot.id.into());
                auth.insert("client_id".to_owned(), bot.app_id.clone().into());
            }
            false => auth.retain(|key, _| !key.ends_with("_endpoint")),
        }
        auth
    }
}
