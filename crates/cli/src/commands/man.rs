//! `man`: the man page.

use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use crate::error::CliError;
use crate::output::{Outcome, Output};

/// Prints the man page of the program, or of one command.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command. Without one, the page is of the whole program.
    command: Option<String>,
}

impl Man {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let mut program = crate::args::Args::command();
        program.build();
        let command = match &self.command {
            None => program,
            Some(name) => {
                let own = program.find_subcommand(name).cloned();
                own.ok_or_else(|| {
                    CliError::Usage(format!(
                        "there is no command `{name}`. `imbot-caps help` lists the commands"
                    ))
                })?
            }
        };
        let mut page = Vec::new();
        Page::new(command).render(&mut page)?;
        output.text(String::from_utf8_lossy(&page).trim_end())?;
        Ok(Outcome::Fine)
    }
}
