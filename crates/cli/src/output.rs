//! What a command prints: tables for people, tab-separated lines for pipes, or JSON.

use std::borrow::Cow;
use std::io::{BufWriter, IsTerminal, Write};
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
        let version = VERSION;
        let document = Document {
            form,
            version,
            document,
        };
        // JSON is written in very small pieces.
        let mut buffer = BufWriter::with_capacity(PART, Printer::new(Some(&self.secrets)));
        serde_json::to_writer_pretty(&mut buffer, &document).map_err(|error| match error.is_io() {
            true => CliError::Output(error.into()),
            false => CliError::Json(error),
        })?;
        let printer = buffer
            .into_inner()
            .map_err(|error| CliError::Output(error.into_error()))?;
        printer.end()
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
    pub(crate) fn rows<C: AsRef<str>>(
        &mut self,
        head: &[&str],
        rows: impl IntoIterator<Item: AsRef<[C]>>,
    ) -> Result<(), CliError> {
        self.print_rows(Printer::new(Some(&self.secrets)), head, rows)
    }

    /// The same with secrets: the credentials of an emulated portal.
    pub(crate) fn rows_with_secrets(&mut self, rows: &[Vec<String>]) -> Result<(), CliError> {
        self.print_rows(Printer::new(None), &[], rows)
    }

    fn print_rows<C: AsRef<str>>(
        &self,
        mut printer: Printer<'_>,
        head: &[&str],
        rows: impl IntoIterator<Item: AsRef<[C]>>,
    ) -> Result<(), CliError> {
        let mut is_first = true;
        let mut line = |text: &str| {
            let end = if std::mem::take(&mut is_first) { "" } else { "\n" };
            printer.write_all(end.as_bytes())?;
            printer.write_all(text.as_bytes())
        };
        if self.format == Format::People {
            let mut table = comfy_table::Table::new();
            table.load_style(comfy_table::presets::NOTHING);
            if std::io::stdout().is_terminal() {
                table.set_content_arrangement(ContentArrangement::Dynamic);
            }
            if !head.is_empty() {
                table.set_header(head);
            }
            for row in rows {
                table.add_row(row.as_ref().iter().map(|text| cell(&printable(text.as_ref()))));
            }
            // The first column begins at the edge, and no line ends with white space.
            if let Some(first) = table.column_mut(0) {
                first.set_padding((0, 1));
            }
            table.lines().try_for_each(|text| line(text.trim_end()))?;
        } else {
            let mut text = String::new();
            for row in rows {
                text.clear();
                for (nth, cell) in row.as_ref().iter().enumerate() {
                    text.push_str(if nth > 0 { "\t" } else { "" });
                    text.push_str(&printable(cell.as_ref()));
                }
                line(&text)?;
            }
        }
        match is_first {
            true => Ok(()),
            false => printer.end(),
        }
    }

    /// Prints a text, and ends its line.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), CliError> {
        let mut printer = Printer::new(Some(&self.secrets));
        printer.write_all(text.as_bytes())?;
        printer.end()
    }
}

fn print(text: &str) -> Result<(), CliError> {
    let mut printer = Printer::new(None);
    printer.write_all(text.as_bytes())?;
    printer.end()
}

/// From so many bytes on, the whole lines of a text are printed.
const PART: usize = 64 * 1024;

/// Prints a text in parts of whole lines, without secrets. No secret spans two lines.
struct Printer<'s> {
    /// Nothing is removed without it.
    secrets: Option<&'s Secrets>,
    part: Vec<u8>,
    /// The length of the part from which on it is printed.
    enough: usize,
}

impl<'s> Printer<'s> {
    fn new(secrets: Option<&'s Secrets>) -> Self {
        Self {
            secrets,
            part: Vec::new(),
            enough: PART,
        }
    }

    /// Ends the last line, and prints what is left.
    fn end(mut self) -> Result<(), CliError> {
        self.part.push(b'\n');
        self.print(self.part.len())?;
        Ok(std::io::stdout().flush()?)
    }

    /// Prints the first bytes of the part.
    fn print(&mut self, bytes: usize) -> std::io::Result<()> {
        let bytes = self.part.drain(..bytes);
        // All that is printed is UTF-8, for which this is quicker than `from_utf8_lossy`.
        let text = std::str::from_utf8(bytes.as_slice()).map_err(std::io::Error::other)?;
        let text = match self.secrets {
            Some(secrets) => secrets.hide(text),
            None => text.into(),
        };
        // Looking for colours takes long in a large text. Most texts have none.
        let is_plain = |byte: &u8| !byte.is_ascii_control() || matches!(byte, b'\n' | b'\t');
        // Without an end in between, the compiler looks at many bytes at once.
        let are_plain = |some: &[u8]| some.iter().fold(true, |all, byte| all & is_plain(byte));
        match text.as_bytes().chunks(256).all(are_plain) {
            true => std::io::stdout().lock().write_all(text.as_bytes()),
            false => anstream::stdout().lock().write_all(text.as_bytes()),
        }
    }
}

impl Write for Printer<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= self.enough {
            match self.part.iter().rposition(|byte| *byte == b'\n') {
                Some(last) => {
                    self.print(last + 1)?;
                    self.enough = PART;
                }
                // A long line is looked at once more when it is twice as long.
                None => self.enough *= 2,
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A text for a cell. A control character could begin a colour that hides the rows after it.
fn printable(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_control) {
        true => text.replace(char::is_control, " ").into(),
        false => text.into(),
    }
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
