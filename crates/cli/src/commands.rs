//! The commands, a file each.

pub(crate) mod features;
pub(crate) mod serve;

use crate::args::Command;
use crate::error::CliError;
use crate::output::{Outcome, Output};

pub(crate) fn run(command: Command, output: &mut Output) -> Result<Outcome, CliError> {
    match command {
        Command::Features(features) => features.run(output),
        Command::Serve(serve) => serve.run(output),
    }
}
