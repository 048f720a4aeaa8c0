//! The commands, a file each.

pub(crate) mod ask;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod emulate;
pub(crate) mod export;
pub(crate) mod features;
pub(crate) mod generate;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod page;
pub(crate) mod plan;
pub(crate) mod review;
pub(crate) mod scan;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod verify;
pub(crate) mod why;

use crate::args::Command;
use crate::error::CliError;
use crate::output::{Outcome, Output};

pub(crate) fn run(command: Command, output: &mut Output) -> Result<Outcome, CliError> {
    match command {
        Command::Ask(ask) => ask.run(output),
        Command::Completions(completions) => completions.run(output),
        Command::Diff(diff) => diff.run(output),
        Command::Emulate(emulate) => emulate.run(output),
        Command::Export(export) => export.run(output),
        Command::Features(features) => features.run(output),
        Command::Review(review) => review.run(output),
        Command::Generate(generate) => generate.run(output),
        Command::Lint(lint) => lint.run(output),
        Command::Man(man) => man.run(output),
        Command::Matrix(matrix) => matrix.run(output),
        Command::Plan(plan) => plan.run(output),
        Command::Show(show) => show.run(output),
        Command::Verify(verify) => verify.run(output),
        Command::Why(why) => why.run(output),
        Command::Page(page) => page.run(output),
        Command::Scan(scan) => scan.run(output),
        Command::Serve(serve) => serve.run(output),
    }
}
