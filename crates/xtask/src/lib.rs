//! The files of the repository that are generated: each as it should be now.

#![allow(missing_docs, reason = "a program of the repository, not a library")]

use std::fmt;
use std::path::{Path, PathBuf};

pub mod ages;
pub mod commands;
pub mod constants;
pub mod event_names;
pub mod facts;
pub mod matrix;
pub mod names;

/// A generated file.
pub struct Generated {
    /// Its path below the root of the repository.
    pub path: &'static str,
    /// Its text as it should be.
    pub text: String,
}

impl Generated {
    /// Whether the file in the repository has another text.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        std::fs::read_to_string(root().join(self.path)).ok().as_deref() != Some(&*self.text)
    }
}

/// Why a source of the generated files cannot be used. `Display` names the file.
#[derive(Debug)]
pub struct SourceError {
    file: String,
    what: String,
}

impl SourceError {
    fn new(file: &str, what: impl fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            what: what.to_string(),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

impl std::error::Error for SourceError {}

/// The text of a file of the repository.
fn read(file: &str) -> Result<String, SourceError> {
    std::fs::read_to_string(root().join(file)).map_err(|error| SourceError::new(file, error))
}

/// All generated files.
///
/// # Errors
///
/// [`SourceError`] if `features.toml` or a file of `tests/docs` is missing or wrong.
pub fn all() -> Result<Vec<Generated>, SourceError> {
    let mut all = constants::generate()?;
    all.push(Generated {
        path: "src/vocabulary/generated.rs",
        text: names::generate()?,
    });
    all.push(Generated {
        path: "src/wire/query/generated.rs",
        text: event_names::generate()?,
    });
    all.push(Generated {
        path: "src/docs/matrix.md",
        text: matrix::page(),
    });
    Ok(all)
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
