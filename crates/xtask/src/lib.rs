//! The files of the repository that are generated: each as it should be now.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a developer's tool stops at the first surprise"
)]

use std::path::{Path, PathBuf};

pub mod constants;
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

/// All generated files.
#[must_use]
pub fn all() -> Vec<Generated> {
    let text = std::fs::read_to_string(root().join("features.toml")).unwrap();
    let mut all = constants::generate(&text);
    all.push(Generated {
        path: "src/vocabulary/generated.rs",
        text: names::generate(),
    });
    all.push(Generated {
        path: "src/docs/matrix.md",
        text: matrix::page(),
    });
    all
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
