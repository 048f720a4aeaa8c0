//! The options that every command has, and the list of commands.

use clap::{Parser, Subcommand};

use crate::commands::{
    ask, check, completions, diff, emulate, export, features, generate, man, matrix, plan, show, verify, why,
};
use crate::output::Format;

/// What a Bitrix24 portal's chat-bot API can do.
///
/// Exit codes: 0 if all is fine, 1 if the command found something, 2 if it could not tell. Only `ask` and
/// `verify` send requests to portals, and only `emulate` listens.
#[derive(Debug, Parser)]
#[command(name = "imbot-caps", version, about, max_term_width = 100)]
pub(crate) struct Args {
    /// Prints JSON in a documented form: the same as `--format json`.
    #[arg(long, global = true, conflicts_with = "format")]
    pub(crate) json: bool,
    /// The form of the output. By default a terminal gets tables, and a pipe gets tab-separated lines.
    #[arg(long, global = true, value_enum, value_name = "FORM")]
    pub(crate) format: Option<Format>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Asks a portal what it is and what it can do.
    Ask(ask::Ask),
    /// Lists the features of the table.
    Features(features::Features),
    /// Shows one feature: requirement, source, confidence, fallback, danger.
    Show(show::Show),
    /// Says what is gained, lost and changed between two portals.
    Diff(diff::Diff),
    /// Says why a portal has a feature or lacks it.
    Why(why::Why),
    /// Says what the gate does with a call on a portal, and what it sends.
    Plan(plan::Plan),
    /// Says which build has which method.
    Matrix(matrix::Matrix),
    /// Checks an overlay, and shows each problem in its line.
    Check(check::Check),
    /// Prints the constants of an overlay as Rust code.
    Generate(generate::Generate),
    /// Prints the table for other languages, its JSON Schema, or vectors to test a reader of it.
    Export(export::Export),
    /// Serves an emulated portal of a build on this machine.
    Emulate(emulate::Emulate),
    /// Compares a portal with the table, read-only. The report holds no secret, name or text of users.
    Verify(verify::Verify),
    /// Prints the completions for a shell.
    Completions(completions::Completions),
    /// Prints the man page of the program, or of one command.
    Man(man::Man),
}
