//! Writes the page, and replaces an older page only.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::PageError;

/// The words by which a page of this command is recognised.
const GENERATOR: &str = r#"<meta name="generator" content="imbot-caps">"#;

/// Writes `index.html` into the folder, and returns its path.
pub(crate) fn write(folder: &Path, html: &str) -> Result<PathBuf, PageError> {
    let path = folder.join("index.html");
    match fs::read(&path) {
        Ok(old) if !is_ours(&old) => return Err(PageError::Foreign { path }),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(source) => return Err(PageError::Unwritten { path, source }),
    }
    match replace(folder, &path, html) {
        Ok(()) => Ok(path),
        Err(source) => Err(PageError::Unwritten { path, source }),
    }
}

fn is_ours(page: &[u8]) -> bool {
    page.windows(GENERATOR.len())
        .any(|part| part == GENERATOR.as_bytes())
}

/// A reader never sees half a page: the new one is complete before it takes the name.
fn replace(folder: &Path, path: &Path, html: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".index.html.{}", std::process::id()));
    let written = fs::File::create_new(&draft).and_then(|mut file| file.write_all(html.as_bytes()));
    written.and_then(|()| fs::rename(&draft, path)).inspect_err(|_| {
        // The first error is the one to report. The draft may not exist.
        let _ = fs::remove_file(&draft);
    })
}
