//! An event in the form of the newest imbot.v2.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::absent;
use super::error::EventError;
use super::kind::BotEventKind;
use super::{mention, typed};
use crate::table::Table;
use crate::table::index::MemberNode;

/// The form in which a portal gave an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventForm {
    /// Posted, in the form of the older API.
    Older,
    /// Posted, in the form of imbot.v2. Events of the application have this form, too.
    V2Posted,
    /// An item of `Event.get`.
    Polled,
}

/// An event for one bot, in the form that the newest `imbot.v2.Event.get` gives. See the
/// [module](super).
#[derive(Clone, PartialEq)]
pub struct BotEvent {
    name: String,
    kind: BotEventKind,
    form: EventForm,
    data: Map<String, Value>,
    types: Option<Arc<MemberNode>>,
    pub(super) older_name: Option<String>,
    pub(super) untranslated: Map<String, Value>,
    pub(super) handler_id: Option<u64>,
    pub(super) sent_at: Option<u64>,
    id: Option<u64>,
    date: Option<String>,
}

/// A command that somebody gave. `Debug` leaves out the text after it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command<'e> {
    /// The id of the registered command.
    pub id: u64,
    /// Its name with a slash: `/help`.
    pub name: &'e str,
    /// The text after the command.
    pub params: &'e str,
    /// Where it was given: `textarea`, `keyboard` or `menu`.
    pub context: Option<&'e str>,
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("id", &self.id)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// A reaction that somebody added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reaction<'e> {
    /// Its code: `like`.
    pub code: &'e str,
    /// `add` or `delete`.
    pub action: &'e str,
}

impl BotEvent {
    /// `types` are those of the table, to which the data was brought.
    pub(super) fn new(
        name: String,
        form: EventForm,
        data: Map<String, Value>,
        types: Option<&Arc<MemberNode>>,
    ) -> Self {
        Self {
            kind: BotEventKind::of(&name),
            name,
            form,
            data,
            types: types.map(Arc::clone),
            older_name: None,
            untranslated: Map::new(),
            handler_id: None,
            sent_at: None,
            id: None,
            date: None,
        }
    }

    /// Reads an item of `events` in the reply to `imbot.v2.Event.get`, or to `im.v2.Event.get`.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong.
    ///
    /// ```
    /// use imbot_caps::event::BotEvent;
    /// use serde_json::json;
    ///
    /// let item = json!({
    ///     "eventId": 5, "type": "ONIMBOTV2JOINCHAT", "date": "2025-01-15T10:30:00+02:00",
    ///     "data": {"bot": {"id": 7}, "dialogId": "chat5"},
    /// });
    /// let event = BotEvent::from_polled(item)?;
    /// assert_eq!((event.id(), event.bot_id(), event.dialog_id()), (Some(5), Some(7), Some("chat5")));
    /// # Ok::<(), imbot_caps::event::EventError>(())
    /// ```
    pub fn from_polled(item: Value) -> Result<Self, EventError> {
        Self::from_polled_with(item, Table::builtin())
    }

    /// The same with the events of another table.
    ///
    /// # Errors
    ///
    /// Those of [`from_polled`](Self::from_polled).
    pub fn from_polled_with(item: Value, table: &Table) -> Result<Self, EventError> {
        let Value::Object(mut item) = item else {
            return Err(EventError::wrong(
                "event",
                "an object with `eventId`, `type` and `data`",
            ));
        };
        let name = match item.remove("type") {
            Some(Value::String(name)) if !name.is_empty() => name,
            Some(_) => return Err(EventError::wrong("type", "the name of an event")),
            None => return Err(EventError::missing("type")),
        };
        let mut data = match item.remove("data") {
            Some(Value::Object(data)) => data,
            None | Some(Value::Null) => Map::new(),
            Some(Value::Array(items)) if items.is_empty() => Map::new(),
            Some(_) => return Err(EventError::wrong("data", "an object")),
        };
        let id = match item.get("eventId") {
            Some(id) => typed::unsigned(id).ok_or_else(|| EventError::wrong("eventId", "an id"))?,
            None => return Err(EventError::missing("eventId")),
        };
        let types = table.event_index().members(&name);
        if let Some(types) = types {
            typed::read(&mut data, types, &typed::Path::of("data"))?;
            typed::require_bot(&data, types, || "data[bot][id]".to_owned())?;
        }
        let mut event = Self::new(name, EventForm::Polled, data, types);
        event.id = Some(id);
        event.date = item.get("date").and_then(Value::as_str).map(str::to_owned);
        Ok(event)
    }

    /// Its name in imbot.v2. An event that the table does not know has the name that the portal sent.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is about.
    #[must_use]
    pub fn kind(&self) -> BotEventKind {
        self.kind
    }

    /// The form in which the portal gave it.
    #[must_use]
    pub fn form(&self) -> EventForm {
        self.form
    }

    /// The name of the older event that it was.
    #[must_use]
    pub fn older_name(&self) -> Option<&str> {
        self.older_name.as_deref()
    }

    /// The number of the event in the queue. Only polled events have one.
    #[must_use]
    pub fn id(&self) -> Option<u64> {
        self.id
    }

    /// The date of the event in ISO 8601. Only polled events have one.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.date.as_deref()
    }

    /// The time at which the portal sent it, in seconds since 1970. Only posted events have one.
    #[must_use]
    pub fn sent_at(&self) -> Option<u64> {
        self.sent_at
    }

    /// The id of the event handler at the portal. Only posted events have one.
    #[must_use]
    pub fn handler_id(&self) -> Option<u64> {
        self.handler_id
    }

    /// All of its data, in the newest form. `bot.auth` of a posted event holds tokens: keep it out of logs.
    #[must_use]
    pub fn data(&self) -> &Map<String, Value> {
        &self.data
    }

    /// All of its data.
    #[must_use]
    pub fn into_data(self) -> Map<String, Value> {
        self.data
    }

    /// The paths of the members that the table names and the portal did not send, or sent as null: `message.date`.
    /// They are found anew with each call.
    #[must_use]
    pub fn absent(&self) -> Vec<String> {
        let types = self.types.as_deref();
        types.map_or_else(Vec::new, |types| absent::absent(&self.data, types))
    }

    /// What an older event had in addition, under its own names: `PARAMS`, `USER`, `BOT` or
    /// `COMMAND`. It holds tokens: keep it out of logs.
    #[must_use]
    pub fn untranslated(&self) -> &Map<String, Value> {
        &self.untranslated
    }

    fn at(&self, object: &str, member: &str) -> Option<&Value> {
        self.data.get(object)?.get(member)
    }

    fn text_at(&self, object: &str, member: &str) -> Option<&str> {
        self.at(object, member)?.as_str()
    }

    /// The id of the bot.
    #[must_use]
    pub fn bot_id(&self) -> Option<u64> {
        self.at("bot", "id")?.as_u64()
    }

    /// The code of the bot.
    #[must_use]
    pub fn bot_code(&self) -> Option<&str> {
        self.text_at("bot", "code")
    }

    /// The id of the dialog: `chat5`, or the id of the user in a private chat.
    #[must_use]
    pub fn dialog_id(&self) -> Option<&str> {
        let own = self.data.get("dialogId").and_then(Value::as_str);
        own.or_else(|| self.text_at("chat", "dialogId"))
    }

    /// The id of the chat. Older events of private chats may have none.
    #[must_use]
    pub fn chat_id(&self) -> Option<u64> {
        let chat = self.at("chat", "id").or_else(|| self.at("message", "chatId"));
        chat?.as_u64()
    }

    /// The id of the message.
    #[must_use]
    pub fn message_id(&self) -> Option<u64> {
        let message = self.at("message", "id").or_else(|| self.data.get("messageId"));
        message?.as_u64()
    }

    /// The id of the user: the author of a message, or whoever gave the command, added the bot or changed the
    /// reaction.
    #[must_use]
    pub fn user_id(&self) -> Option<u64> {
        let user = self.at("user", "id").or_else(|| self.at("message", "authorId"));
        // The author of a message of the system is 0.
        user?.as_u64().filter(|id| *id != 0)
    }

    /// The text of the message, with mentions.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text_at("message", "text")
    }

    /// Whether the text mentions the bot: `[USER=7]Echo bot[/USER]`.
    #[must_use]
    pub fn mentions_bot(&self) -> bool {
        let text = self.text().zip(self.bot_id());
        text.is_some_and(|(text, bot)| mention::is_mentioned(text, bot))
    }

    /// The text of the message without mentions of the bot, and without a comma or colon after each.
    #[must_use]
    pub fn text_without_mentions(&self) -> Option<String> {
        let text = self.text()?;
        Some(match self.bot_id() {
            Some(bot) => mention::without(text, bot),
            None => text.to_owned(),
        })
    }

    /// The command, if somebody gave one.
    #[must_use]
    pub fn command(&self) -> Option<Command<'_>> {
        Some(Command {
            id: self.at("command", "id")?.as_u64()?,
            name: self.text_at("command", "command")?,
            params: self.text_at("command", "params").unwrap_or_default(),
            context: self.text_at("command", "context"),
        })
    }

    /// The reaction, if one was added or removed.
    #[must_use]
    pub fn reaction(&self) -> Option<Reaction<'_>> {
        Some(Reaction {
            code: self.data.get("reaction")?.as_str()?,
            action: self.data.get("action")?.as_str()?,
        })
    }
}

impl fmt::Debug for BotEvent {
    /// Names and ids alone: the data may hold tokens and texts of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotEvent")
            .field("kind", &self.kind)
            .field("form", &self.form)
            .field("bot_id", &self.bot_id())
            .field("message_id", &self.message_id())
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
