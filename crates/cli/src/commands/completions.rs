//! `completions`: for shells.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::error::CliError;
use crate::output::{Outcome, Output};

/// Prints the completions for a shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let mut script = Vec::new();
        let mut command = crate::args::Args::command();
        clap_complete::generate(self.shell, &mut command, "imbot-caps", &mut script);
        output.text(String::from_utf8_lossy(&script).trim_end())?;
        Ok(Outcome::Fine)
    }
}
