//! `show`: one row of the table.

use clap::Args;
use imbot_caps::table::Row;
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::row_view::{RowView, feature};

/// Shows one feature: requirement, source, confidence, fallback, danger.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The id of the feature, such as message.system, or the name of its variant.
    id: String,
}

#[derive(Serialize)]
struct Shown {
    feature: RowView,
}

impl Show {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let row = feature(&self.id)?.row();
        if output.format == Format::Json {
            output.json(
                "feature",
                &Shown {
                    feature: RowView::of(row),
                },
            )?;
        } else {
            output.rows(&[], lines(row))?;
        }
        Ok(Outcome::Fine)
    }
}

/// What a row says, a line each. What it does not say is left out.
fn lines(row: &'static Row) -> Vec<Vec<String>> {
    let applies = row.applies();
    let joined = |items: Vec<&str>| items.join(", ");
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let lines = [
        ("feature", row.id().to_owned()),
        ("title", row.title().to_owned()),
        ("kind", row.kind().to_string()),
        ("requires", row.requirement().to_string()),
        ("variant", format!("Feature::{}", row.name())),
        (
            "seen since",
            row.observed_since()
                .map(|rest| format!("revision {rest}"))
                .unwrap_or_default(),
        ),
        ("change", text(row.change_log_code())),
        (
            "published",
            row.published().map(|day| day.to_string()).unwrap_or_default(),
        ),
        (
            "in force from",
            row.effective().map(|day| day.to_string()).unwrap_or_default(),
        ),
        (
            "old form until",
            row.sunset().map(|day| day.to_string()).unwrap_or_default(),
        ),
        ("module im", text(row.im_versions())),
        ("module imbot", text(row.imbot_versions())),
        ("methods", joined(applies.methods().collect())),
        ("events", joined(applies.events().collect())),
        ("parameters", joined(applies.request().collect())),
        ("reply", joined(applies.response().collect())),
        ("event data", joined(applies.data().collect())),
        ("error codes", joined(applies.errors().collect())),
        (
            "fallback",
            row.fallback()
                .map(|fallback| {
                    let method = fallback.v1().map(|v1| format!(" {v1}")).unwrap_or_default();
                    format!("{}{method}: {}", fallback.shim(), fallback.note())
                })
                .unwrap_or_default(),
        ),
        (
            "where present",
            row.when_present()
                .map(|shim| shim.to_string())
                .unwrap_or_default(),
        ),
        ("while unknown", row.when_unknown().to_string()),
        ("danger", text(row.danger())),
        ("confidence", row.confidence().to_string()),
        ("source", row.source().to_owned()),
        ("evidence", text(row.evidence())),
        ("note", text(row.note())),
    ];
    lines
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect()
}
