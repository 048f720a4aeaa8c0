//! Why two editions could not be compared.

use std::path::PathBuf;

/// Why two editions could not be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReviewError {
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error(
        "{} holds no page of a method, so it is no edition of the documentation. Name the folder that has \
         `api-reference`, or a folder below it",
        .0.display()
    )]
    NoDocumentation(PathBuf),
    #[error("{} has more than {most} pages. Name a folder with fewer pages by --under", folder.display())]
    TooManyPages { folder: PathBuf, most: usize },
    #[error(
        "{old} of the old edition and {new} of the new one are different parts. Name the same folder of both"
    )]
    DifferentParts { old: String, new: String },
    #[error("the decisions in {} cannot be read: {problem}", path.display())]
    Decisions { path: PathBuf, problem: String },
}
