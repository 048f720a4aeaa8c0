//! The registrations of bots in a call or a batch, as far as requests about their addresses follow them.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde_json::Value;

use super::address::{Address, Next};
use super::handlers;
use crate::feature::Feature;
use crate::plan::adaptation::FollowUp;
use crate::plan::context::bot_id;
use crate::table::path::member;
use crate::wire::{BATCH, BatchView, Call, Outcome, commands};

/// The most registrations of one batch that are followed. Each takes one request if its address is right, and a
/// portal takes two requests a second.
const MAX_REGISTRATIONS: usize = 10;

/// The methods by which a later command of a batch gives a bot another address, or removes the bot.
const CHANGES: [&str; 5] = [
    Feature::ImbotV2BotUpdate.as_str(),
    Feature::ImbotV2BotUnregister.as_str(),
    "imbot.register",
    "imbot.update",
    "imbot.unregister",
];

/// A registration that has succeeded.
pub(in crate::plan) struct Registration {
    pub(super) address: Address,
    /// The first request about the address.
    pub(super) next: Next,
    /// The events whose handlers are removed from other addresses after a change.
    pub(super) events: Vec<&'static str>,
}

/// The registrations of a call, and why the addresses of others stay as they are.
#[derive(Default)]
pub(super) struct Registrations {
    pub(super) followed: VecDeque<Registration>,
    pub(super) left: Vec<&'static str>,
}

impl Registrations {
    /// Of the call that was sent, by its result.
    pub(super) fn of(sent: &Call, result: &Value, follow_ups: &[FollowUp]) -> Self {
        let mut all = Self::default();
        for follow_up in follow_ups {
            let FollowUp::SetAddress {
                credential,
                events,
                command,
            } = follow_up
            else {
                continue;
            };
            let found = match command {
                None => Some((Cow::Borrowed(sent), result)),
                Some(key) => command_of(sent, key).zip(result_of(result, key)),
            };
            let Some((call, result)) = found else { continue };
            // The result names no bot.
            let Some(address) = Address::of(&call, result) else {
                continue;
            };
            if command.is_some() && address.has_reference() {
                all.left.push(
                    "a bot's address may be another: its registration takes a part from the reply to another command of the batch",
                );
            } else if command
                .as_deref()
                .is_some_and(|key| is_changed_after(sent, key, &address))
            {
                all.left.push(
                    "a bot's address may be another: a later command of the batch may have changed the bot",
                );
            } else if all.followed.len() == MAX_REGISTRATIONS {
                all.left.push(
                    "a bot's address may be another: the batch registers more bots than are looked at after one call",
                );
            } else {
                let next = address.first(&call, result, *credential, || (BATCH, handlers::listing()));
                all.followed.push_back(Registration {
                    address,
                    next,
                    events: events.clone(),
                });
            }
        }
        all
    }
}

/// The command of a batch with this key.
fn command_of<'c>(batch: &Call, key: &str) -> Option<Cow<'c, Call>> {
    let (_, written) = texts(batch).find(|(own, _)| **own == *key)?;
    Some(Cow::Owned(commands::call_of(written)))
}

fn result_of<'r>(result: &'r Value, key: &str) -> Option<&'r Value> {
    match BatchView::of(result)?.get(key)? {
        Outcome::Result(result) => Some(result),
        Outcome::Error(_) => None,
    }
}

/// The commands of a batch with their keys, in their order.
fn texts(batch: &Call) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let cmd = member(batch.params(), "cmd").map(|(_, cmd)| cmd);
    let with_keys = cmd.and_then(Value::as_object).into_iter().flatten();
    let with_keys = with_keys.map(|(key, own)| (Cow::Borrowed(key.as_str()), own));
    let in_list = cmd.and_then(Value::as_array).into_iter().flatten().enumerate();
    let in_list = in_list.map(|(nth, own)| (Cow::Owned(nth.to_string()), own));
    with_keys
        .chain(in_list)
        .filter_map(|(key, own)| Some((key, own.as_str()?)))
}

/// Whether a later command may have changed the bot. It has not if it names another bot.
fn is_changed_after(batch: &Call, key: &str, address: &Address) -> bool {
    let later = texts(batch).skip_while(|(own, _)| **own != *key).skip(1);
    let mut calls = later
        .filter(|(_, text)| {
            let method = commands::method_of(text);
            CHANGES.iter().any(|own| own.eq_ignore_ascii_case(method))
        })
        .map(|(_, text)| commands::call_of(text));
    calls.any(|call| bot_id(&call).is_none_or(|bot| bot == address.bot()))
}
