//! The options that every command has, and the list of commands.

use clap::{Parser, Subcommand};

use crate::commands::{features, serve};

/// What a Bitrix24 portal's chat-bot API can do.
#[derive(Debug, Parser)]
#[command(name = "imbot-caps", version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// Prints JSON in a documented form.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the features of the table.
    Features(features::Features),
    /// Serves bots in any language: each portal gets the calls that it takes.
    Serve(serve::Serve),
}
