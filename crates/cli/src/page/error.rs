//! Why the page could not be made.

use std::io;
use std::path::PathBuf;

use imbot_caps::table::TableError;

/// What happened, with which file, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("the overlay {} cannot be read: {source}. Name a TOML file that you can read", path.display())]
    OverlayUnread { path: PathBuf, source: io::Error },
    #[error("the overlay {} has problems:\n{source}", path.display())]
    OverlayRefused { path: PathBuf, source: TableError },
    #[error("{} cannot be written: {source}. Name a folder that you can write to", path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("{} was not written by imbot-caps, so it stays. Remove it, or name another folder", path.display())]
    Foreign { path: PathBuf },
    #[error("the page cannot be rendered: {0}. Please report it")]
    Template(#[from] askama::Error),
}
