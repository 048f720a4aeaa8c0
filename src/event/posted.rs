//! An event that somebody posted to the address of a bot.

use std::fmt;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::bot_event::{BotEvent, EventForm};
use super::error::EventError;
use super::json::Read;
use super::tokens::ApplicationTokens;
use super::user_tokens::UserTokens;
use super::verified::{Sender, Verified};
use super::{older, typed};
use crate::table::Table;
use crate::wire::json::{self, ReadError};
use crate::wire::query::{NAME_LIMIT, Shown, decode_pairs, decode_strict};

/// The longest body, in bytes. The form of a message of 20,000 characters, percent-encoded, has some
/// hundred thousand bytes.
pub const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// An event that was posted to the address of a bot, as its sender claims. [Verify](Self::verify) it.
#[derive(Clone, PartialEq)]
pub struct Posted {
    name: String,
    handler_id: Option<u64>,
    sent_at: Option<u64>,
    auth: Map<String, Value>,
    data: Map<String, Value>,
}

impl Posted {
    /// Reads the form that a portal posts: `application/x-www-form-urlencoded`, with PHP's keys.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong.
    pub fn from_form(body: &[u8]) -> Result<Self, EventError> {
        within_limit(body.len())?;
        Self::new(decode_strict(body)?)
    }

    /// Reads the pairs of such a form, which another reader has taken out of it: `data[bot][id]` and
    /// `7`. Give all pairs: a reader that drops the second of two equal names hides a forgery.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong.
    pub fn from_pairs<N: AsRef<str>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, EventError> {
        let mut left = BODY_LIMIT;
        let mut is_within = true;
        let pairs = pairs.into_iter().map(|(name, value)| (name, value.into()));
        let pairs = pairs.take_while(|(name, value): &(N, String)| {
            let length = name.as_ref().len().saturating_add(value.len());
            is_within = length <= left;
            left = left.saturating_sub(length);
            is_within
        });
        let fields = decode_pairs(pairs)?;
        match is_within {
            true => Self::new(fields),
            false => Err(EventError::TooLong { limit: BODY_LIMIT }),
        }
    }

    /// Reads an event as JSON: an object with `event`, `data` and `auth`, as a queue or a proxy may hand it on.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong.
    pub fn from_json(body: &[u8]) -> Result<Self, EventError> {
        within_limit(body.len())?;
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let read: Read = json::read(body, NAME_LIMIT).map_err(|error| match error {
            ReadError::TooMany { limit } => EventError::TooMany { limit },
            ReadError::Json(error) => EventError::NotJson {
                why: error.to_string(),
            },
        })?;
        match read.repeated {
            None => Self::from_value(read.value),
            Some(key) => Err(EventError::Repeated {
                key: Shown::of(&key).to_string(),
            }),
        }
    }

    /// Reads an event that was parsed before: an object with `event`, `data` and `auth`.
    ///
    /// # Errors
    ///
    /// [`EventError`] names the key that is wrong.
    pub fn from_value(value: Value) -> Result<Self, EventError> {
        match value {
            Value::Object(fields) => Self::new(fields),
            _ => Err(EventError::wrong(
                "event",
                "an object with `event`, `data` and `auth`",
            )),
        }
    }

    fn new(mut fields: Map<String, Value>) -> Result<Self, EventError> {
        let mut name = match fields.remove("event") {
            Some(Value::String(name)) if !name.is_empty() => name,
            Some(_) => return Err(EventError::wrong("event", "the name of an event")),
            None => return Err(EventError::missing("event")),
        };
        let mut object = |name: &str| match fields.remove(name) {
            Some(Value::Object(members)) => Ok(members),
            // PHP sends an empty list, or nothing, for an empty object.
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Array(items)) if items.is_empty() => Ok(Map::new()),
            Some(_) => Err(EventError::wrong(name, "an object")),
        };
        let (data, auth) = (object("data")?, object("auth")?);
        let number = |name: &str| fields.get(name).and_then(typed::unsigned);
        // PHP compares the names of events in capitals.
        name.make_ascii_uppercase();
        Ok(Self {
            name,
            handler_id: number("event_handler_id"),
            sent_at: number("ts"),
            auth,
            data,
        })
    }

    /// The name of the event, in capitals, as the sender claims: `ONIMBOTMESSAGEADD`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The `member_id` of the portal, as the sender claims. A program finds the stored token by it. A
    /// portal on premise that was never registered has none.
    #[must_use]
    pub fn member_id(&self) -> Option<&str> {
        self.auth_text("member_id")
    }

    pub(super) fn auth_text(&self, name: &str) -> Option<&str> {
        let text = self.auth.get(name)?.as_str()?;
        Some(text).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn auth_number(&self, name: &str) -> Option<u64> {
        self.auth.get(name).and_then(typed::unsigned)
    }

    pub(super) fn data_text(&self, name: &str) -> Option<&str> {
        self.data.get(name)?.as_str()
    }

    /// Checks that the event is from the portal: it has one of these tokens in `auth[application_token]`, at
    /// the top level. Then gives its events.
    ///
    /// A token says which application the event is for, and that the portal sent it. It proves nothing
    /// about the address of the portal. A replay of an event has the same [`ts`](BotEvent::sent_at) and
    /// the same ids.
    ///
    /// # Errors
    ///
    /// [`EventError::Unverified`] before all else, if no token is right. Else the first key that is wrong.
    pub fn verify(self, tokens: &ApplicationTokens) -> Result<Verified, EventError> {
        self.verify_with(tokens, Table::builtin())
    }

    /// The same with the events of another table.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub fn verify_with(self, tokens: &ApplicationTokens, table: &Table) -> Result<Verified, EventError> {
        let sent = self.auth.get("application_token").and_then(Value::as_str);
        if !sent.is_some_and(|sent| tokens.holds(sent)) {
            return Err(EventError::Unverified);
        }
        let (sender, tokens) = (self.sender(), self.user_tokens());
        let events = self.into_events(table)?;
        Ok(Verified {
            sender,
            tokens,
            events,
        })
    }

    fn sender(&self) -> Sender {
        let text = |name| self.auth_text(name).map(str::to_owned);
        Sender {
            member_id: text("member_id"),
            client_endpoint: text("client_endpoint"),
        }
    }

    /// `None` if the event has no access token.
    pub(super) fn user_tokens(&self) -> Option<UserTokens> {
        Some(UserTokens {
            access_token: self.auth_text("access_token")?.into(),
            refresh_token: self.auth_text("refresh_token").map(SecretString::from),
            expires_in: self.auth_number("expires_in"),
            expires_at: self.auth_number("expires"),
            scopes: self.auth_text("scope").map(str::to_owned),
            user_id: self.auth_number("user_id"),
        })
    }

    fn into_events(self, table: &Table) -> Result<Vec<BotEvent>, EventError> {
        let index = table.event_index();
        let mut events = match (index.older(&self.name), index.members(&self.name)) {
            (Some(event), _) => {
                let members = index.members(&event.newer);
                older::read(event, members, &self.name, self.data)?
            }
            (None, members) => {
                let mut data = self.data;
                if let Some(members) = members {
                    typed::read(&mut data, members, &typed::Path::of("data"))?;
                    typed::require_bot(&data, members, || "data[bot][id]".to_owned())?;
                }
                vec![BotEvent::new(self.name, EventForm::V2Posted, data, members)]
            }
        };
        for event in &mut events {
            event.handler_id = self.handler_id;
            event.sent_at = self.sent_at;
        }
        Ok(events)
    }
}

pub(super) fn within_limit(length: usize) -> Result<(), EventError> {
    match length <= BODY_LIMIT {
        true => Ok(()),
        false => Err(EventError::TooLong { limit: BODY_LIMIT }),
    }
}

impl fmt::Debug for Posted {
    /// Without data and tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posted")
            .field("name", &Shown::of(&self.name))
            .field("handler_id", &self.handler_id)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}
