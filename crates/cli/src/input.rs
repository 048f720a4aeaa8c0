//! Reads files and standard input.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::CliError;

/// The longest input, in bytes. A table file has at most one MiB, and a call less.
const LIMIT: u64 = 4 << 20;

/// The name of an input, for errors.
pub(crate) fn name(path: &Path) -> String {
    match path == Path::new("-") {
        true => "standard input".to_owned(),
        false => path.display().to_string(),
    }
}

/// The text of a file. `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<String, CliError> {
    let of_error = |error| CliError::Read {
        name: name(path),
        error,
    };
    let mut bytes = Vec::new();
    // One byte more than the limit shows a longer input.
    match path == Path::new("-") {
        true => std::io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes),
        false => File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes)),
    }
    .map_err(of_error)?;
    if bytes.len() as u64 > LIMIT {
        return Err(CliError::TooLong {
            name: name(path),
            limit: LIMIT,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| CliError::NotText { name: name(path) })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    })
}

/// A value from the JSON of a file. `wanted` says what the file has to be.
pub(crate) fn json<T: DeserializeOwned>(path: &Path, wanted: &'static str) -> Result<T, CliError> {
    let text = read(path)?;
    // The error's own text may repeat a value, and a value may be a secret.
    serde_json::from_str(&text).map_err(|error| CliError::Shape {
        name: name(path),
        line: error.line(),
        column: error.column(),
        what: match error.classify() {
            Category::Eof => "the JSON ends too early",
            Category::Syntax | Category::Io => "this is no JSON",
            Category::Data => "a member is missing or has another type",
        },
        wanted,
    })
}
