//! What lives on a portal: its build, credentials, bots, chats, messages,
//! commands, files and events.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value as Json;

use super::build::Build;
use super::credential::Credentials;

mod chat;
mod command;
mod emit;
mod event;
mod file;
mod identity;
mod recipients;

pub(super) use chat::dialog_number;
pub use chat::{Chat, ChatKind};
pub use command::Command;
pub(super) use emit::Recipient;
pub(super) use event::{Delivery, EventKind, Subject};
use event::{Event, Subscription};
pub use file::File;
pub(super) use identity::Identity;
pub(super) use recipients::{mentioned, without_mentions};

pub(super) struct State {
    pub(super) build: Build,
    pub(super) identity: Identity,
    pub(super) credentials: Credentials,
    /// Client ids of applications whose installation is not finished.
    pub(super) unfinished: BTreeSet<String>,
    pub(super) bots: Vec<Bot>,
    pub(super) chats: Vec<Chat>,
    pub(super) messages: Vec<Message>,
    pub(super) commands: Vec<Command>,
    pub(super) files: Vec<File>,
    /// People whose own events are recorded.
    pub(super) recorded_users: Vec<u64>,
    events: Vec<Event>,
    subscriptions: Vec<Subscription>,
    outbox: Vec<Delivery>,
    last_id: u64,
}

impl State {
    pub(super) fn new(build: Build) -> Self {
        Self {
            build,
            identity: Identity::default(),
            credentials: Credentials::default(),
            unfinished: BTreeSet::new(),
            bots: Vec::new(),
            chats: Vec::new(),
            messages: Vec::new(),
            commands: Vec::new(),
            files: Vec::new(),
            recorded_users: Vec::new(),
            events: Vec::new(),
            subscriptions: Vec::new(),
            outbox: Vec::new(),
            last_id: 100,
        }
    }

    /// Whether an application's installation is finished; that of a webhook's
    /// bots needs none.
    pub(super) fn is_installed(&self, client_id: &str) -> bool {
        !self.unfinished.contains(client_id)
    }

    /// A fresh id. All kinds of things share one counter, so that an id of one
    /// kind never fits another by accident.
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

    pub(super) fn message(&self, id: u64) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    pub(super) fn message_mut(&mut self, id: u64) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == id)
    }

    /// Empties a message, or takes it away for good, and tells of it.
    pub(super) fn delete_message(&mut self, id: u64, complete: bool) {
        let Some(message) = self.message_mut(id) else {
            return;
        };
        let before = message.clone();
        message.is_deleted = true;
        message.text.clear();
        self.emit_message(EventKind::MessageDeleted, &before);
        if complete {
            self.messages.retain(|message| message.id != id);
        }
    }

    /// Takes a bot away with its commands, and tells it.
    pub(super) fn remove_bot(&mut self, id: u64) {
        self.emit(id, EventKind::BotDeleted, &Subject::default());
        self.unsubscribe(id);
        self.unsubscribe_v1(id);
        self.bots.retain(|bot| bot.id != id);
        self.commands.retain(|command| command.bot_id != id);
        self.events.retain(|event| event.owner_id != id);
        for chat in &mut self.chats {
            chat.members.retain(|member| *member != id);
        }
    }
}

/// A bot as the portal stores it.
///
/// Printed without `app_id` and `webhook_url`, which may hold the botToken.
#[derive(Clone, PartialEq)]
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
    /// The colour, as `#rrggbb`.
    pub color: String,
    /// `fetch` or `webhook`.
    pub event_mode: String,
    /// Where events go.
    pub webhook_url: Option<String>,
    /// Whether the older API has registered it.
    pub is_v1: bool,
    /// Whether it is hidden from the contact list.
    pub is_hidden: bool,
    /// Whether reactions to its messages are on.
    pub is_reactions_enabled: bool,
    /// Whether it works in open channels.
    pub is_support_openline: bool,
    /// The background of its chats.
    pub background_id: Option<String>,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot")
            .field("id", &self.id)
            .field("code", &self.code)
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("last_name", &self.last_name)
            .field("work_position", &self.work_position)
            .field("color", &self.color)
            .field("event_mode", &self.event_mode)
            .field("is_v1", &self.is_v1)
            .field("is_hidden", &self.is_hidden)
            .field("is_reactions_enabled", &self.is_reactions_enabled)
            .field("is_support_openline", &self.is_support_openline)
            .field("background_id", &self.background_id)
            .finish_non_exhaustive()
    }
}

/// A message as the portal stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    /// The message's id.
    pub id: u64,
    /// The bot that sent it; 0 for a message of a person.
    pub bot_id: u64,
    /// The bot or person who wrote it.
    pub author_id: u64,
    /// The chat it stands in.
    pub chat_id: u64,
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
    /// Its keyboard as the build stored it: without what the build does not know.
    pub keyboard: Option<Json>,
    /// Its menu, in the same way.
    pub menu: Option<Json>,
    /// Whether it was deleted, though not for good.
    pub is_deleted: bool,
    /// The message of the same chat that it answers.
    pub reply_id: Option<u64>,
    /// Who put which reaction on it.
    pub reactions: Vec<(u64, String)>,
}
