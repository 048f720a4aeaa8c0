//! `features`: the rows of the table.

use clap::Args;
use imbot_caps::table::{Kind, Row};
use imbot_caps::{Revision, Table};
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::row_view::{RowView, is_about};

/// Lists the features of the table.
///
/// A feature has to pass each filter.
#[derive(Debug, Args)]
pub(crate) struct Features {
    /// Only features whose id or title has this text, in capital or small letters.
    text: Option<String>,
    /// Only features that concern this method.
    #[arg(long)]
    method: Option<String>,
    /// Only features that a change of this kind brought: new, fix, breaking, removed or deprecated.
    #[arg(long)]
    kind: Option<Kind>,
    /// Only features that begin or end at this REST revision.
    #[arg(long)]
    revision: Option<Revision>,
    /// Only features of this entry of the official change log, such as BOT-NEW-0402-1.
    #[arg(long, value_name = "CODE")]
    change: Option<String>,
}

#[derive(Serialize)]
struct List {
    table: String,
    features: Vec<RowView>,
}

impl Features {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let table = Table::builtin();
        let rows = || table.rows().filter(|row| self.has(row));
        if output.format == Format::Json {
            let list = List {
                table: table.version().to_string(),
                features: rows().map(RowView::of).collect(),
            };
            output.json("features", &list)?;
        } else {
            let rows = rows().map(|row| {
                vec![
                    row.id().to_owned(),
                    row.requirement().to_string(),
                    row.kind().to_string(),
                    row.title().to_owned(),
                ]
            });
            let rows: Vec<_> = rows.collect();
            output.rows(&["feature", "requires", "kind", "title"], &rows)?;
        }
        Ok(match rows().next() {
            Some(_) => Outcome::Fine,
            // As grep: nothing was found.
            None => Outcome::Findings,
        })
    }

    fn has(&self, row: &'static Row) -> bool {
        let has_text = |text: &String| {
            let text = text.to_lowercase();
            [row.id(), row.title()]
                .iter()
                .any(|own| own.to_lowercase().contains(&text))
        };
        let requirement = row.requirement();
        let edges = [requirement.since(), requirement.first_without()];
        self.text.as_ref().is_none_or(has_text)
            && self.method.as_ref().is_none_or(|method| is_about(row, method))
            && self.kind.is_none_or(|kind| row.kind() == kind)
            && self
                .revision
                .is_none_or(|revision| edges.contains(&Some(revision)))
            && self.change.as_ref().is_none_or(|code| {
                row.change_log_code()
                    .is_some_and(|own| own.eq_ignore_ascii_case(code))
            })
    }
}
