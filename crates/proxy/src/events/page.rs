//! [`Page`]: the events that a bot asks for by `imbot.v2.Event.get`.

use std::sync::Arc;

use imbot_caps::wire::Call;
use serde_json::Value;

use super::settings::Bot;

/// A page of events that a bot asks for.
pub(crate) struct Page {
    pub(crate) bot: Arc<Bot>,
    pub(crate) bot_id: u64,
    pub(crate) offset: Option<u64>,
    pub(crate) limit: u16,
}

impl Page {
    /// Reads a call.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(crate) fn of(bot: &Arc<Bot>, call: &Call) -> Result<Self, &'static str> {
        let number = |name: &str| call.params().get(name).and_then(number);
        let bot_id = number("botId").ok_or("imbot.v2.Event.get needs `botId`")?;
        if call.params().get("withUserEvents").is_some_and(is_truthy) {
            return Err("the server keeps the events of the bot alone: leave `withUserEvents` out");
        }
        let limit = number("limit").unwrap_or(100).clamp(1, 1_000);
        Ok(Self {
            bot: Arc::clone(bot),
            bot_id,
            offset: number("offset"),
            limit: u16::try_from(limit).unwrap_or(100),
        })
    }
}

/// A form has numbers as text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// Whether a portal takes a value for a yes.
pub(crate) fn is_truthy(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
        && value != ""
        && value != "0"
        && value != "N"
        && *value != 0
}
