//! The questions of `verify`, and their answers.

use imbot_caps::gate::{CallError, Client};
use imbot_caps::wire::{ErrorClass, IM_REVISION_GET, REVISION_GET};
use serde_json::{Value, json};

/// The list of the methods of the older API.
pub(super) const METHODS: &str = "methods";

/// The methods that are called. Each only reads. Those that need parameters get none: the error shows that
/// the method is there, and nothing is read.
pub(super) const QUESTIONS: [&str; 13] = [
    REVISION_GET,
    IM_REVISION_GET,
    METHODS,
    "imbot.bot.list",
    "imbot.v2.Bot.get",
    "imbot.v2.Bot.list",
    "imbot.v2.Chat.Message.get",
    "imbot.v2.Chat.Message.getContext",
    "imbot.v2.Chat.User.list",
    "imbot.v2.Chat.get",
    "imbot.v2.Command.list",
    "imbot.v2.Event.get",
    "imbot.v2.File.download",
];

/// The answer to a question.
pub(super) struct Answered {
    pub(super) method: &'static str,
    pub(super) answer: Answer,
}

pub(super) enum Answer {
    /// The method ran.
    Result(Value),
    /// The method is there, and answered with this code.
    Refused(String),
    /// There is no such method.
    Absent,
    /// The answer proves nothing: the credential lacks a scope, say, or no answer came.
    Nothing,
}

/// Asks all questions, one after the other.
pub(super) async fn ask(client: &Client) -> Vec<Answered> {
    let mut answers = Vec::new();
    for method in QUESTIONS {
        let answer = match client.call(method, json!({})).await {
            Ok(result) => Answer::Result(result),
            Err(CallError::Api(error)) => match error.class() {
                ErrorClass::Absent => Answer::Absent,
                _ if error.proves_method() => Answer::Refused(error.code.as_str().to_owned()),
                _ => Answer::Nothing,
            },
            Err(_) => Answer::Nothing,
        };
        answers.push(Answered { method, answer });
    }
    answers
}
