//! What a command prints: tables for people, tab-separated lines for pipes, or JSON.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::ValueEnum;
use comfy_table::{Cell, Color, ContentArrangement};
use serde::Serialize;

use crate::args::Args;
use crate::error::CliError;
use crate::secrets::Secrets;

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

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables and sentences, for a terminal.
    People,
    /// Tab-separated lines, for a pipe.
    Plain,
    /// One JSON document.
    Json,
}

/// The version of every form of `--json`.
pub(crate) const VERSION: u8 = 1;

/// A document with the name and the version of its form.
#[derive(Serialize)]
struct Document<'d, T> {
    form: &'d str,
    version: u8,
    #[serde(flatten)]
    document: &'d T,
}

/// Where a command prints, and in which form.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    secrets: Secrets,
}

impl Output {
    pub(crate) fn of(args: &Args) -> Self {
        let format = match (args.json, args.format) {
            (true, _) => Format::Json,
            (false, Some(format)) => format,
            (false, None) if std::io::stdout().is_terminal() => Format::People,
            (false, None) => Format::Plain,
        };
        Self {
            format,
            secrets: Secrets::default(),
        }
    }

    /// The secrets that a command has read. They are removed from all that is printed.
    pub(crate) fn secrets(&mut self) -> &mut Secrets {
        &mut self.secrets
    }

    /// A text without secrets.
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.hide(text)
    }

    /// Prints a document. `form` is the name of its documented form.
    pub(crate) fn json(&mut self, form: &str, document: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(&Document {
            form,
            version: VERSION,
            document,
        })?;
        self.text(&text)
    }

    /// Prints a document as one line, with its secrets: the credentials of an emulated portal.
    pub(crate) fn json_line_with_secrets(
        &mut self,
        form: &str,
        document: &impl Serialize,
    ) -> Result<(), CliError> {
        let text = serde_json::to_string(&Document {
            form,
            version: VERSION,
            document,
        })?;
        print(&text)
    }

    /// Prints rows: as a table for people, else as tab-separated lines. An empty head is left out.
    pub(crate) fn rows(&mut self, head: &[&str], rows: &[Vec<String>]) -> Result<(), CliError> {
        let text = self.rows_as_text(head, rows);
        if text.is_empty() { Ok(()) } else { self.text(&text) }
    }

    /// The same with secrets: the credentials of an emulated portal.
    pub(crate) fn rows_with_secrets(&mut self, rows: &[Vec<String>]) -> Result<(), CliError> {
        print(&self.rows_as_text(&[], rows))
    }

    fn rows_as_text(&self, head: &[&str], rows: &[Vec<String>]) -> String {
        if self.format == Format::People {
            let mut table = comfy_table::Table::new();
            table.load_style(comfy_table::presets::NOTHING);
            if std::io::stdout().is_terminal() {
                table.set_content_arrangement(ContentArrangement::Dynamic);
            }
            if !head.is_empty() {
                table.set_header(head);
            }
            table.add_rows(rows.iter().map(|row| row.iter().map(|text| cell(text))));
            // The first column begins at the edge, and no line ends with white space.
            if let Some(first) = table.column_mut(0) {
                first.set_padding((0, 1));
            }
            let lines = table.lines().map(|line| line.trim_end().to_owned());
            lines.collect::<Vec<_>>().join("\n")
        } else {
            let mut text = String::new();
            for (nth, row) in rows.iter().enumerate() {
                text.push_str(if nth > 0 { "\n" } else { "" });
                for (nth, cell) in row.iter().enumerate() {
                    text.push_str(if nth > 0 { "\t" } else { "" });
                    for (nth, part) in cell.split(['\t', '\n', '\r']).enumerate() {
                        text.push_str(if nth > 0 { " " } else { "" });
                        text.push_str(part);
                    }
                }
            }
            text
        }
    }

    /// Prints a text, and ends its line.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), CliError> {
        print(&self.hide(text))
    }
}

fn print(text: &str) -> Result<(), CliError> {
    // Looking for colours takes long in a large text. Most texts have none.
    let is_plain = |byte: u8| !byte.is_ascii_control() || matches!(byte, b'\n' | b'\t');
    match text.bytes().all(is_plain) {
        true => print_to(&mut std::io::stdout().lock(), text),
        false => print_to(&mut anstream::stdout().lock(), text),
    }
}

fn print_to(out: &mut impl Write, text: &str) -> Result<(), CliError> {
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// A cell. The words of an answer have colours, beside which the word stands.
fn cell(text: &str) -> Cell {
    let color = match text {
        "supported" | "yes" | "all" | "gained" | "agrees" => Some(Color::Green),
        "unsupported" | "no" | "lost" | "differs" => Some(Color::Red),
        "unknown" | "part" | "older" | "changed" | "unclear" => Some(Color::Yellow),
        _ => None,
    };
    match color {
        Some(color) => Cell::new(text).fg(color),
        None => Cell::new(text),
    }
}
