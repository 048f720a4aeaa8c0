//! The command line of `imbot-caps`: what the library knows, for people and for scripts.

mod args;
mod commands;
mod error;
mod output;
mod scan;

use std::process::ExitCode;

use clap::Parser;

/// Runs the command of the process's arguments. The exit code is 0 if all is fine, 1 if the command found
/// something, 2 if it could not tell.
#[must_use]
pub fn main() -> ExitCode {
    let args = args::Args::parse();
    let mut output = output::Output::of(&args);
    match commands::run(args.command, &mut output) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            anstream::eprintln!("imbot-caps: {error}");
            ExitCode::from(2)
        }
    }
}
