//! The addresses that receive the events of bots, as far as calls show them.

use std::fmt;

use serde_json::Value;

use crate::feature::Feature;
use crate::plan::context::bot_id;
use crate::table::path::member;
use crate::wire::{BatchView, Call, Outcome, commands};

/// The prefix of the methods that set the address of a bot's events.
const OF_BOTS: &str = "imbot.v2.Bot.";

/// The address that receives the events of a bot, after a call that has set or removed it.
///
/// `Debug` does not show the address: it may hold a token.
#[derive(Clone, PartialEq, Eq)]
pub struct BotAddress {
    bot: u64,
    url: Option<Box<str>>,
}

impl BotAddress {
    /// The bot that a call is for.
    #[cfg(feature = "registry")]
    pub(crate) fn bot_of(call: &Call) -> Option<u64> {
        bot_id(call)
    }

    /// The id of the bot.
    #[must_use]
    pub fn bot(&self) -> u64 {
        self.bot
    }

    /// The address; `None` if the bot is gone.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }
}

impl fmt::Debug for BotAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotAddress")
            .field("bot", &self.bot)
            .finish_non_exhaustive()
    }
}

/// Whether a method can set the address of a bot's events.
pub(super) fn is_of_bot(method: &str) -> bool {
    method.starts_with(OF_BOTS)
}

/// The address that a call has set, by its result.
pub(super) fn address_of(call: &Call, result: &Value) -> Option<BotAddress> {
    let told = result.get("bot").and_then(|bot| bot.get("id")?.as_u64());
    let bot = told.or_else(|| bot_id(call))?;
    let fields = member(call.params(), "fields").and_then(|(_, fields)| fields.as_object());
    let url = fields.and_then(|fields| member(fields, "webhookUrl")?.1.as_str());
    let is_gone = call.method() == Feature::ImbotV2BotUnregister.as_str();
    let url = url.filter(|_| !is_gone).map(Box::from);
    (is_gone || url.is_some()).then_some(BotAddress { bot, url })
}

/// The addresses that the commands of a batch have set, by its result.
pub(super) fn addresses_of(batch: &Call, result: &Value) -> Vec<BotAddress> {
    let Some((_, Value::Object(commands))) = member(batch.params(), "cmd") else {
        return Vec::new();
    };
    let replies = BatchView::of(result);
    let addresses = commands.iter().filter_map(|(key, command)| {
        let command = command.as_str().filter(|own| is_of_bot(own))?;
        match replies.and_then(|replies| replies.get(key)) {
            Some(Outcome::Result(result)) => address_of(&commands::call_of(command), result),
            _ => None,
        }
    });
    addresses.collect()
}
