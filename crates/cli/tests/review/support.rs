//! Runs the command, and makes editions to run it on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a run printed, and its exit code.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The first column: the fingerprints.
    pub fn findings(&self) -> Vec<&str> {
        self.out
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect()
    }
}

pub fn review(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_imbot-caps"))
        .arg("review")
        .args(arguments)
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An edition of the fixtures: `old`, `new`, `ru-old` or `ru-new`.
pub fn edition(name: &str) -> String {
    let editions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review/editions");
    editions.join(name).to_str().unwrap().to_owned()
}

/// The folder of the pages, below the root of an edition.
pub const PAGES: &str = "api-reference/chat-bots/v2";

/// A copy of the older edition, to change.
pub struct Copy(tempfile::TempDir);

impl Copy {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(Path::new(&edition("old")), folder.path());
        Self(folder)
    }

    pub fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub fn page(&self, page: &str) -> PathBuf {
        self.0.path().join(PAGES).join(page)
    }

    /// Changes a page, which must differ afterwards.
    pub fn change(&self, page: &str, change: impl FnOnce(String) -> String) {
        let path = self.page(page);
        let before = fs::read_to_string(&path).unwrap();
        let after = change(before.clone());
        assert_ne!(before, after, "{page} is unchanged");
        fs::write(path, after).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
