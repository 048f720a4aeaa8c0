//! What a command prints: a table for people, tab-separated lines for pipes, or JSON.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::args::Args;
use crate::error::CliError;

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is fine: exit code 0.
    Fine,
    /// The command found something: exit code 1.
    Findings,
    /// The command could not tell: exit code 2.
    CouldNotTell,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Fine => 0,
            Outcome::Findings => 1,
            Outcome::CouldNotTell => 2,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Tables and sentences, for a terminal.
    People,
    /// Tab-separated lines, for a pipe.
    Plain,
    /// One JSON document.
    Json,
}

/// Where a command prints, and in which form.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
}

impl Output {
    pub(crate) fn of(args: &Args) -> Self {
        let format = match (args.json, std::io::stdout().is_terminal()) {
            (true, _) => Format::Json,
            (false, true) => Format::People,
            (false, false) => Format::Plain,
        };
        Self { format }
    }

    /// Prints a document. `form` is the name of its documented form.
    pub(crate) fn json(&mut self, form: &str, document: &impl Serialize) -> Result<(), CliError> {
        #[derive(Serialize)]
        struct Document<'d, T> {
            form: &'d str,
            version: u8,
            #[serde(flatten)]
            document: &'d T,
        }
        let text = serde_json::to_string_pretty(&Document {
            form,
            version: 1,
            document,
        })?;
        Ok(writeln!(anstream::stdout(), "{text}")?)
    }

    /// Prints rows: as a table for people, else as tab-separated lines.
    pub(crate) fn rows(&mut self, head: &[&str], rows: &[Vec<String>]) -> Result<(), CliError> {
        let mut out = anstream::stdout();
        if self.format == Format::People {
            let mut table = comfy_table::Table::new();
            table
                .load_style(comfy_table::presets::NOTHING)
                .set_header(head)
                .add_rows(rows);
            writeln!(out, "{table}")?;
        } else {
            for row in rows {
                writeln!(out, "{}", row.join("\t"))?;
            }
        }
        Ok(())
    }
}
