//! `features`: the rows of the table.

use clap::Args;
use imbot_caps::Feature;
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};

/// Which rows are listed.
#[derive(Debug, Args)]
pub(crate) struct Features {
    /// Only features whose id contains this text.
    text: Option<String>,
}

#[derive(Serialize)]
struct List {
    features: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    requires: String,
}

impl Features {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let text = self.text.unwrap_or_default();
        let features: Vec<_> = Feature::all()
            .map(|feature| Line {
                id: feature.to_string(),
                requires: feature.requirement().to_string(),
            })
            .filter(|line| line.id.contains(&text))
            .collect();
        if output.format == Format::Json {
            output.json("features", &List { features })?;
        } else {
            let rows: Vec<_> = features
                .into_iter()
                .map(|line| vec![line.id, line.requires])
                .collect();
            output.rows(&["feature", "requires"], &rows)?;
        }
        Ok(Outcome::Fine)
    }
}
