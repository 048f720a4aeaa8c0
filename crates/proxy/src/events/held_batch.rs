//! [`HeldBatch`]: a batch that goes to the portal without the commands that the server answers.

use imbot_caps::wire::Call;
use serde_json::Value;
use url::Url;

use super::batch;
use super::page::Page;
use super::polling::is_of_kept;

/// A batch without the commands that the server answers.
pub(super) struct HeldBatch {
    /// The keys of all commands.
    pub(super) order: Vec<String>,
    pub(super) held: Vec<(String, Page)>,
    /// The held commands that are wrong: their errors.
    pub(super) wrong: Vec<(String, Value)>,
    /// Whether the first error ends the batch.
    pub(super) halts: bool,
}

/// The key of a command, its text, and the call that it is.
pub(super) type Command = (String, String, Option<Call>);

/// The commands of a batch, if one of them is about events that may be kept.
pub(super) fn commands_of_kept(url: &Url, batch: &Call) -> Option<Vec<Command>> {
    let commands = batch::commands(batch.params())?.into_iter();
    let commands = commands.map(|(key, command)| (key, command.to_owned(), batch::call_of(url, command)));
    let commands: Vec<Command> = commands.collect();
    let is_kept = |call: &Option<Call>| call.as_ref().is_some_and(is_of_kept);
    commands
        .iter()
        .any(|(_, _, call)| is_kept(call))
        .then_some(commands)
}

impl HeldBatch {
    /// Whether a call refers to a command that the portal does not get.
    pub(super) fn is_referred_to(&self, call: &Call) -> bool {
        let pages = self.held.iter().map(|(key, _)| key);
        let mut keys = pages.chain(self.wrong.iter().map(|(key, _)| key));
        keys.any(|key| batch::refers(call.params(), Some(key)))
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.order.iter().position(|own| own == key)
    }

    /// The place of the first of these commands.
    pub(super) fn first_of(&self, keys: &[String]) -> Option<usize> {
        keys.iter().filter_map(|key| self.place(key)).min()
    }

    /// Whether a command runs: after the first error, a batch with `halt` runs none.
    pub(super) fn runs(&self, key: &str, first_failed: Option<usize>) -> bool {
        !self.halts || first_failed.is_none_or(|failed| self.place(key) < Some(failed))
    }
}
