//! `page`: the table as one HTML page.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::page;

/// Writes the table as one HTML page, which works offline and without scripts.
#[derive(Debug, Args)]
pub(crate) struct Page {
    /// The folder of the page. It is created if it is missing. The page is its file `index.html`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// A TOML file whose rows are added to the table. If two files have the same row, the last one wins.
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Written {
    file: String,
    bytes: usize,
    features: usize,
}

impl Page {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        let table = page::table(&self.overlays)?;
        let html = page::render(table)?;
        let file = page::write(&self.folder, &html)?;
        let written = Written {
            file: file.display().to_string(),
            bytes: html.len(),
            features: table.rows().len(),
        };
        if output.format == Format::Json {
            output.json("page", &written)?;
        } else {
            let row = vec![
                written.file,
                written.bytes.to_string(),
                written.features.to_string(),
            ];
            output.rows(&["file", "bytes", "features"], &[row])?;
        }
        Ok(Outcome::Fine)
    }
}
