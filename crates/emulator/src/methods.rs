//! The methods: what they read, and what they share.

use std::sync::Mutex;

use serde_json::{Value as Json, json};

use super::credential::Caller;
use super::envelope::{Page, RestError};
use super::fault::Faults;
use super::php::{Array, Value};
use super::state::State;

mod attach;
pub(super) mod bot;
mod buttons;
mod card;
pub(super) mod chat;
pub(super) mod command;
pub(super) mod context;
pub(super) mod event;
pub(super) mod file;
pub(super) mod general;
pub(super) mod handler;
pub(super) mod history;
mod image;
pub(super) mod message;
mod owner;
pub(super) mod stubs;
pub(super) mod v1;
pub(super) mod view;

pub(super) type Handler = fn(&mut Call<'_>) -> Result<Json, RestError>;

/// A call that was let through.
pub(super) struct Call<'a> {
    pub(super) state: &'a mut State,
    pub(super) caller: &'a Caller,
    /// Those of the portal, for the commands of a batch.
    pub(super) faults: &'a Mutex<Faults>,
    pub(super) params: Array,
    /// The parameter `start`, which older methods take for where a page begins.
    pub(super) start: i64,
    /// What a method says of its page.
    pub(super) page: Option<Page>,
}

/// The code of an argument that is missing or of the wrong type.
const ARGUMENT: &str = "100";

impl Call<'_> {
    /// The first of these parameters that is there and is not empty text, as text.
    fn text_any(&self, keys: &[&str]) -> Option<String> {
        keys.iter()
            .filter_map(|key| self.params.get(key))
            .map(Value::to_text)
            .find(|text| !text.is_empty())
    }

    /// A controller's required argument.
    fn argument(&self, name: &str) -> Result<&Value, RestError> {
        match self.params.get(name) {
            Some(Value::Null) => Err(RestError::new(
                "MAIN_CONTROLLER_22001",
                format!("Could not find value for parameter {{{name}}}"),
            )),
            Some(value) => Ok(value),
            None => Err(RestError::new(
                ARGUMENT,
                format!("Could not find value for parameter {{{name}}}"),
            )),
        }
    }

    /// The dialog that `dialogId` names, or else the one of the chat `chatId`. Controllers
    /// that take a chat take either.
    fn dialog(&self) -> Result<String, RestError> {
        match (self.params.get("dialogId"), self.params.get("chatId")) {
            (None, Some(chat @ Value::Array(_))) => Err(wrong_type(chat, "chatId", "int")),
            (None, Some(chat)) => Ok(format!("chat{}", chat.to_text())),
            _ => match self.argument("dialogId")? {
                dialog @ Value::Array(_) => Err(wrong_type(dialog, "dialogId", "string")),
                dialog => Ok(dialog.to_text()),
            },
        }
    }

    /// A controller's required whole number.
    fn int_argument(&self, name: &str) -> Result<i64, RestError> {
        as_int(self.argument(name)?, name)
    }

    /// A controller's optional whole number.
    fn int_or(&self, name: &str, default: i64) -> Result<i64, RestError> {
        match self.params.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => as_int(value, name),
        }
    }

    /// A controller's optional `fields`.
    fn fields(&self) -> Result<Array, RestError> {
        match self.params.get("fields") {
            None => Ok(Array::default()),
            Some(Value::Array(fields)) => Ok(fields.clone()),
            Some(other) => Err(wrong_type(other, "fields", "array")),
        }
    }
}

/// The answer of methods that have nothing to tell.
fn done() -> Result<Json, RestError> {
    Ok(json!({"result": true}))
}

fn as_int(value: &Value, name: &str) -> Result<i64, RestError> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Text(text) => text.trim().parse().map_err(|_| wrong_type(value, name, "int")),
        Value::Bool(yes) => Ok(i64::from(*yes)),
        _ => Err(wrong_type(value, name, "int")),
    }
}

fn wrong_type(value: &Value, name: &str, expected: &str) -> RestError {
    let value = value.to_text();
    RestError::new(
        ARGUMENT,
        format!(
            "Invalid value {{{value}}} to match with parameter {{{name}}}. \
             Should be value of type {expected}."
        ),
    )
}

/// What imbot.v2 takes for yes; all else is no.
fn is_yes(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        other => matches!(other.to_text().to_uppercase().as_str(), "Y" | "1" | "TRUE"),
    }
}

/// A JSON value as PHP makes text of it; of structures, nothing.
fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(true) => "1".to_owned(),
        _ => String::new(),
    }
}
