//! `review`: what a new edition of the documentation changes.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::review::{self, Decisions, Finding};

/// Lists what a new edition of the documentation changes.
///
/// The exit code is 0 if nothing is new, 1 if there are findings without a decision, 2 if the editions cannot be
/// compared.
#[derive(Debug, Args)]
#[command(after_long_help = FORMS)]
pub(crate) struct Review {
    /// The folder of the older edition: the one that holds `api-reference`, or a folder below it.
    old: PathBuf,
    /// The same folder of the newer edition.
    new: PathBuf,
    /// A file of decisions. Findings that it names are not new.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// A folder to read, relative to the root of the documentation. Usually the chat bots and the chats are read.
    #[arg(long, value_name = "FOLDER")]
    under: Vec<String>,
    /// Prints a draft of rows for `features.toml` in place of the list.
    #[arg(long, conflicts_with_all = ["stubs", "json"])]
    draft: bool,
    /// Prints the new findings as entries for the file of decisions.
    #[arg(long, conflicts_with = "json")]
    stubs: bool,
}

/// What `--help` says of the forms.
const FORMS: &str = "\
Findings:
  A line has the fingerprint, the rows of the built-in table that already speak of it, and the page. The
  fingerprint has the kind, the method, the event or the page, what of it, and the values. It has no line
  numbers and no sentences, so it is the same for the English and the Russian pages. What cannot be read
  is a finding of the kind `unread`, if the older edition does not have the same text.

Decisions:
  A TOML file. Each entry names one finding by its fingerprint, or many by a pattern with `*`.

    [[decision]]
    finding = \"method-added imbot.v2.Example.get\"
    decision = \"accept\"      # accept, reject or later
    note = \"why\"             # optional

    [[decision]]
    pattern = \"page-added *\"
    decision = \"reject\"

JSON (form `review`, version 1):
  old, new            counts of an edition: pages, methods, events, log_entries
  findings, decided   findings without and with a decision. Each has fingerprint, kind, of, subject, page
                      and table; where they apply, old, new, entry (of the change log) and decision
  unused_decisions    fingerprints and patterns that no finding of this run has
  unread_in_both      parts that cannot be read and are the same in both editions";

impl Review {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let decisions = match &self.decisions {
            Some(path) => Decisions::read(path)?,
            None => Decisions::default(),
        };
        let review = review::review(&self.old, &self.new, &self.under, &decisions)?;
        if self.draft || self.stubs {
            let text = match self.draft {
                true => review::draft(&review.findings),
                false => review::stubs(&review.findings),
            };
            anstream::stdout().write_all(text.as_bytes())?;
        } else if output.format == Format::Json {
            output.json("review", &review)?;
        } else {
            let rows: Vec<_> = review.findings.iter().map(row).collect();
            output.rows(&["finding", "in the table", "page"], &rows)?;
        }
        if output.format != Format::Json {
            let read = |counts: &review::Counts| {
                format!(
                    "{} pages, {} methods, {} events, {} entries",
                    counts.pages, counts.methods, counts.events, counts.log_entries
                )
            };
            anstream::eprintln!(
                "{} new findings, {} decided. Old: {}. New: {}. {} unread parts are the same in both. {} decisions \
                 were not used.",
                review.findings.len(),
                review.decided.len(),
                read(&review.old),
                read(&review.new),
                review.unread_in_both,
                review.unused_decisions.len(),
            );
        }
        Ok(match review.findings.is_empty() {
            true => Outcome::Fine,
            false => Outcome::Findings,
        })
    }
}

fn row(finding: &Finding) -> Vec<String> {
    vec![
        finding.fingerprint.clone(),
        finding.table.join(","),
        finding.page.clone(),
    ]
}
