//! What a portal says of itself, and by which secret applications know it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value as Json, json};

use super::super::EmulatedPortal;
use super::{Bot, State};

/// Addresses and id of a portal, and the tokens that its events carry.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Identity {
    /// Host and port.
    pub(in crate::emulator) domain: String,
    pub(in crate::emulator) member_id: String,
    pub(in crate::emulator) client_endpoint: String,
    pub(in crate::emulator) server_endpoint: String,
    /// By the owner of bots; others have one that follows from the portal.
    pub(in crate::emulator) application_tokens: HashMap<String, String>,
}

impl Identity {
    /// A text of 16 digits that differs by portal and by `what`.
    pub(in crate::emulator) fn derived(&self, what: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.member_id, what).hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The secret by which this owner's bots know the portal.
    pub(in crate::emulator) fn application_token(&self, app_id: &str) -> String {
        let known = self.application_tokens.get(app_id).cloned();
        known.unwrap_or_else(|| self.derived(&format!("application {app_id}")))
    }
}

impl EmulatedPortal {
    /// The secret that events carry for this owner of bots, by which they tell a
    /// portal's call from a stranger's. The owner is [`Bot::app_id`]: an
    /// application's client id, or `custom` and a botToken.
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
    /// The `auth` block of an event for a bot. An application that has a live
    /// access token is given it; others can only tell the portal by it.
    pub(in crate::emulator) fn event_auth(&self, bot: &Bot) -> Json {
        let own = &self.identity;
        let mut auth = Map::new();
        let mut put = |key: &str, value: Json| auth.insert(key.to_owned(), value);
        let now = self.build.clock().since_epoch();
        if let Some(token) = self.credentials.live_token(&bot.app_id, now) {
            put("access_token", token.text.into());
            put("expires", token.expires_at.as_secs().into());
            put(
                "expires_in",
                token.expires_at.saturating_sub(now).as_secs().into(),
            );
            put("scope", token.scopes.join(",").into());
            put("status", "L".into());
            put("user_id", token.user_id.into());
        }
        for (key, value) in [
            ("domain", &own.domain),
            ("member_id", &own.member_id),
            ("client_endpoint", &own.client_endpoint),
            ("server_endpoint", &own.server_endpoint),
        ] {
            put(key, json!(value));
        }
        put("application_token", own.application_token(&bot.app_id).into());
        auth.into()
    }
}
