//! The questions of `verify`, and their answers.

use imbot_caps::gate::{CallError, Client};
use imbot_caps::wire::{BOT_LIST, ErrorClass, IM_REVISION_GET, REVISION_GET};
use serde_json::{Map, Value};

/// The list of the methods of the older API.
pub(super) const METHODS: &str = "methods";

/// The methods that are called. Each only reads. Those that need parameters get none: the error shows that
/// the method is there, and nothing is read.
pub(super) const QUESTIONS: [&str; 13] = [
    REVISION_GET,
    IM_REVISION_GET,
    METHODS,
    "imbot.bot.list",
    BOT_LIST,
    "imbot.v2.Bot.get",
    "imbot.v2.Chat.Message.get",
    "imbot.v2.Chat.Message.getContext",
    "imbot.v2.Chat.User.list",
    "imbot.v2.Chat.get",
    "imbot.v2.Command.list",
    "imbot.v2.Event.get",
    "imbot.v2.File.download",
];

/// The methods that read a bot.
const READ_A_BOT: [&str; 2] = ["imbot.v2.Bot.get", "imbot.v2.Command.list"];

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

/// Asks all questions, one after the other. With the token of a bot, the bot can be read.
pub(super) async fn ask(client: &Client, bot_token: Option<&str>) -> Vec<Answered> {
    let mut answers = Vec::new();
    let mut bot = None;
    for method in QUESTIONS {
        let answer = answer(client.call(method, params(method, bot_token, bot)).await);
        if let (BOT_LIST, Answer::Result(list)) = (method, &answer) {
            bot = list.pointer("/bots/0/id").and_then(Value::as_u64);
        }
        answers.push(Answered { method, answer });
    }
    answers
}

/// The parameters of a question. The id of a bot is given only to methods that read the bot itself: a read
/// of its events could take them from the bot.
fn params(method: &str, bot_token: Option<&str>, bot: Option<u64>) -> Value {
    let mut params = Map::new();
    if let Some(token) = bot_token.filter(|_| method.starts_with("imbot.v2.")) {
        params.insert("botToken".to_owned(), token.into());
    }
    if let Some(bot) = bot.filter(|_| READ_A_BOT.contains(&method)) {
        params.insert("botId".to_owned(), bot.into());
    }
    params.into()
}

fn answer(reply: Result<Value, CallError>) -> Answer {
    match reply {
        Ok(mut result) => {
            leave_out_built_in_commands(&mut result);
            Answer::Result(result)
        }
        Err(CallError::Api(error)) => match error.class() {
            ErrorClass::Absent => Answer::Absent,
            _ if error.proves_method() => Answer::Refused(error.code.as_str().to_owned()),
            _ => Answer::Nothing,
        },
        Err(_) => Answer::Nothing,
    }
}

/// The list of commands begins with the portal's own, of bot 0. Rows are about commands of bots.
fn leave_out_built_in_commands(result: &mut Value) {
    if let Some(commands) = result.get_mut("commands").and_then(Value::as_array_mut) {
        commands.retain(|command| command.get("botId").and_then(Value::as_u64) != Some(0));
    }
}
