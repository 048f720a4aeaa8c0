//! `review`: what a new edition of the documentation changes.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::review::{self, Decisions, Finding};

/// The exit code is 0 if nothing is new, 1 if there are findings without a decision, 2 if the editions cannot be
/// compared.
#[derive(Debug, Args)]
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
