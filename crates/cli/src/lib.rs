//! The command line of `imbot-caps`: what the library knows, for people and for scripts.

mod args;
mod builds;
mod commands;
mod error;
mod input;
mod output;
mod page;
mod review;
mod row_view;
mod runtime;
mod scan;
mod secrets;
mod target;
mod vectors;
mod webhook;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Runs the command of the process's arguments. The exit code is 0 if all is fine, 1 if the command found
/// something, 2 if it could not tell. If the reader of the output has gone, it is 0.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Err(error) = webhook::refuse_addresses(arguments.iter().skip(1).map(AsRef::as_ref)) {
        return complain(&error.to_string());
    }
    let args = args::Args::parse_from(arguments);
    let mut output = output::Output::of(&args);
    match commands::run(args.command, &mut output) {
        Ok(outcome) => outcome.into(),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => complain(&output.hide(&error.to_string())),
    }
}

/// Prints an error. If nobody reads it, the exit code still says that there was one.
fn complain(error: &str) -> ExitCode {
    let _ = writeln!(anstream::stderr(), "imbot-caps: {error}");
    ExitCode::from(2)
}
