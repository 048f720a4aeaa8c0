//! The call that answers an event.

use serde_json::{Map, Value};

use super::bot_event::BotEvent;
use crate::wire::Call;
use crate::wire::query::Shown;

const ANSWER: &str = "imbot.v2.Command.answer";
const SEND: &str = "imbot.v2.Chat.Message.send";

/// Why no call answers an event. It repeats the name of the event, shortened, and no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The event is for no bot.
    #[error("`{event}` is for no bot, so no bot can answer it: choose the bot and the dialog yourself")]
    NoBot {
        /// The name of the event.
        event: String,
    },
    /// The event names no dialog.
    #[error("`{event}` names no dialog to answer in: choose the dialog yourself")]
    NoDialog {
        /// The name of the event.
        event: String,
    },
    /// The answer is neither text nor an object.
    #[error("an answer is text, or an object with the `fields` of a message")]
    NoFields,
}

impl BotEvent {
    /// The call that answers in the dialog of the event, for the newest imbot.v2. It sends nothing: give it to a
    /// gate, such as [`Client::send_call`](crate::gate::Client::send_call), which sends it in the form that the
    /// portal takes. Give a webhook's call the `botToken`.
    ///
    /// The answer is the text, or an object with the `fields` of the method: `message`, `attach`, `keyboard`,
    /// `system`, `urlPreview`.
    ///
    /// | event | method | result |
    /// |---|---|---|
    /// | a command | `imbot.v2.Command.answer` | `{"result": true}` |
    /// | any other | `imbot.v2.Chat.Message.send` | `{"id": 42}`, and more |
    ///
    /// A command can come from a chat in which the bot is no member. Only `Command.answer` may write there. The
    /// older method for it needs text, so on a portal without imbot.v2 the gate refuses an answer that has only
    /// an attachment. Source: the documentation of `imbot.v2.Command.answer`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`].
    ///
    /// ```
    /// use imbot_caps::event::BotEvent;
    /// use serde_json::json;
    ///
    /// let event = BotEvent::from_polled(json!({
    ///     "eventId": 5, "type": "ONIMBOTV2MESSAGEADD",
    ///     "data": {"bot": {"id": 7}, "chat": {"dialogId": "chat5"}, "message": {"id": 42, "text": "Hello"}},
    /// }))?;
    /// let call = event.answer("Good morning")?.with("botToken", "t0ken");
    /// assert_eq!(call.method(), "imbot.v2.Chat.Message.send");
    /// assert_eq!(call.params()["dialogId"], "chat5");
    /// assert_eq!(call.params()["fields"], json!({"message": "Good morning"}));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer(&self, answer: impl Into<Value>) -> Result<Call, AnswerError> {
        let event = || Shown::of(self.name()).to_string();
        let bot = self
            .bot_id()
            .ok_or_else(|| AnswerError::NoBot { event: event() })?;
        let dialog = self
            .dialog_id()
            .ok_or_else(|| AnswerError::NoDialog { event: event() })?;
        let fields = match answer.into() {
            Value::Object(fields) => fields,
            text @ Value::String(_) => Map::from_iter([("message".to_owned(), text)]),
            _ => return Err(AnswerError::NoFields),
        };
        let call = match self.command().zip(self.message_id()) {
            Some((command, message)) => Call::new(ANSWER)
                .with("botId", bot)
                .with("commandId", command.id)
                .with("messageId", message),
            None => Call::new(SEND).with("botId", bot),
        };
        Ok(call.with("dialogId", dialog).with("fields", fields))
    }
}
