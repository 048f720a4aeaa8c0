//! A posted event whose token was right.

use std::fmt;

use super::bot_event::BotEvent;
use super::user_tokens::UserTokens;

/// A posted event that was verified, as one event for each bot and command.
#[derive(Clone, PartialEq)]
pub struct Verified {
    pub(super) sender: Sender,
    pub(super) tokens: Option<UserTokens>,
    pub(super) events: Vec<BotEvent>,
}

impl Verified {
    /// The portal that sent it, as it names itself.
    #[must_use]
    pub fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The tokens of the user whose action caused the event. An event for an application has them, unless no user
    /// caused it. An event for a webhook has none. The tokens of a bot are in `bot.auth` of its events.
    #[must_use]
    pub fn tokens(&self) -> Option<&UserTokens> {
        self.tokens.as_ref()
    }

    /// The events, in the order of the form.
    #[must_use]
    pub fn events(&self) -> &[BotEvent] {
        &self.events
    }

    /// The events.
    #[must_use]
    pub fn into_events(self) -> Vec<BotEvent> {
        self.events
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("sender", &self.sender)
            .field("tokens", &self.tokens)
            .field("events", &self.events)
            .finish()
    }
}

/// The portal of a verified event, as it names itself. A portal can name the address of another: an address
/// is a claim until the authorisation server or the address itself has confirmed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub(super) member_id: Option<String>,
    pub(super) client_endpoint: Option<String>,
}

impl Sender {
    /// `auth[member_id]`.
    #[must_use]
    pub fn member_id(&self) -> Option<&str> {
        self.member_id.as_deref()
    }

    /// `auth[client_endpoint]`: the address of the portal's REST API. `auth[domain]` is not read: it has no
    /// scheme and no path.
    #[must_use]
    pub fn client_endpoint(&self) -> Option<&str> {
        self.client_endpoint.as_deref()
    }
}
