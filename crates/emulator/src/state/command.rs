//! Commands of bots.

use super::State;

/// A command as the portal stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// The command's id.
    pub id: u64,
    /// The bot it belongs to.
    pub bot_id: u64,
    /// What is typed, without the slash.
    pub name: String,
    /// What it does and takes, by language: key, title, hint.
    pub texts: Vec<(String, String, String)>,
    /// Whether it works in all chats.
    pub is_common: bool,
    /// Whether it is kept from the list.
    pub is_hidden: bool,
    /// Whether guests from outside may use it.
    pub is_for_extranet: bool,
}

impl State {
    pub(crate) fn command(&self, id: u64) -> Option<&Command> {
        self.commands.iter().find(|command| command.id == id)
    }

    pub(crate) fn command_mut(&mut self, id: u64) -> Option<&mut Command> {
        self.commands.iter_mut().find(|command| command.id == id)
    }
}
