//! What lives on a portal: its build, credentials, bots and messages.

use super::build::Build;
use super::credential::Credentials;

#[derive(Debug)]
pub(super) struct State {
    pub(super) build: Build,
    pub(super) credentials: Credentials,
    pub(super) bots: Vec<Bot>,
    pub(super) messages: Vec<Message>,
    last_id: u64,
}

impl State {
    pub(super) fn new(build: Build) -> Self {
        Self {
            build,
            credentials: Credentials::default(),
            bots: Vec::new(),
            messages: Vec::new(),
            last_id: 100,
        }
    }

    /// A fresh id. Bots and messages share one counter, so that an id of one
    /// kind never fits the other by accident.
    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(super) fn bot(&self, id: u64) -> Option<&Bot> {
        self.bots.iter().find(|bot| bot.id == id)
    }

    pub(super) fn bot_mut(&mut self, id: u64) -> Option<&mut Bot> {
        self.bots.iter_mut().find(|bot| bot.id == id)
    }

    pub(super) fn bot_by_code(&self, code: &str) -> Option<&Bot> {
        self.bots.iter().find(|bot| bot.code == code)
    }
}

/// A bot as the portal stores it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Bot {
    /// The bot's id, which is also its user id.
    pub id: u64,
    /// The code that its owner chose.
    pub code: String,
    /// `bot`, `network`, `openline`, `supervisor` or `personal`.
    pub kind: String,
    /// Who owns it: an application's client id, or `custom` and the botToken
    /// that it was registered with. So it may hold a secret.
    pub app_id: String,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Position.
    pub work_position: String,
    /// `fetch` or `webhook`.
    pub event_mode: String,
    /// Where events would go.
    pub webhook_url: Option<String>,
    /// Whether it is hidden from the contact list.
    pub is_hidden: bool,
    /// Whether reactions to its messages are on.
    pub is_reactions_enabled: bool,
    /// Whether it works in open channels.
    pub is_support_openline: bool,
    /// The background of its chats.
    pub background_id: Option<String>,
}

/// A message as the portal stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The message's id.
    pub id: u64,
    /// The bot that sent it.
    pub bot_id: u64,
    /// The dialog: `chat` and a chat's id, or a user's id.
    pub dialog_id: String,
    /// The text; empty once deleted.
    pub text: String,
    /// When it was sent, in ISO 8601.
    pub date: String,
    /// Whether it is shown without author, as the chat's own.
    pub is_system: bool,
    /// Whether links in it get a preview.
    pub url_preview: bool,
    /// Whether it is kept from the connectors of open channels.
    pub skip_connector: bool,
    /// Whether connectors are told of it in silence.
    pub silent_connector: bool,
    /// Whether it was deleted, though not for good.
    pub is_deleted: bool,
}
