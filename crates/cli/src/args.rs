//! The options that every command has, and the list of commands.

use clap::{Parser, Subcommand};

use crate::commands::{
    ask, completions, diff, emulate, export, features, generate, lint, man, matrix, page, plan, review, scan,
    serve, show, verify, why,
};
use crate::output::Format;

/// What a Bitrix24 portal's chat-bot API can do.
///
/// Exit codes: 0 if all is fine, 1 if the command found something, 2 if it could not tell. `ask`,
/// `verify` and `serve` send requests to portals. `emulate` and `serve` listen. Other commands use no network.
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

// No documentation here: clap would show it as the program's own. Each command documents itself.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ask(ask::Ask),
    Features(features::Features),
    Review(review::Review),
    Show(show::Show),
    Diff(diff::Diff),
    Why(why::Why),
    Plan(plan::Plan),
    Matrix(matrix::Matrix),
    Lint(lint::Lint),
    Generate(generate::Generate),
    Export(export::Export),
    Emulate(emulate::Emulate),
    Verify(verify::Verify),
    Completions(completions::Completions),
    Man(man::Man),
    Page(page::Page),
    Scan(scan::Scan),
    Serve(serve::Serve),
}
