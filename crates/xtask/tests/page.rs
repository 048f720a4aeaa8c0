//! ARCHITECTURE.md leads to every file.
//!
//! The row of a room names each file of the room, and so does the row of each other folder. Tests
//! are left out, and so is a file that only declares modules and passes their names on. Each file
//! that the page names exists.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::Item;

/// The folders at the root. A path that begins with one of them is a whole path.
const TOP: [&str; 5] = ["src/", "crates/", "tests/", "benches/", "examples/"];

/// A row of the page that names files.
struct Row {
    /// The folder below the root, from which the names of files begin.
    folder: String,
    /// The names of files, as they are written.
    named: BTreeSet<String>,
}

fn page(root: &Path) -> String {
    fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_whole_path(name: &str) -> bool {
    TOP.iter().any(|top| name.starts_with(top))
}

fn is_file(name: &str) -> bool {
    [".rs", ".md"].iter().any(|end| name.ends_with(end))
}

/// The rows of the table that begins so: each with the files that its second cell names.
fn rows(page: &str, head: &str, below: &str) -> Vec<Row> {
    let table = page.split(head).nth(1).expect("the table is on the page");
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let folder = quoted(cells[0]).next().expect("a row begins with a name");
        let named = quoted(cells[1]).filter(|name| is_file(name) && !is_whole_path(name));
        Row {
            folder: format!("{below}{folder}"),
            named: named.map(str::to_owned).collect(),
        }
    })
    .collect()
}

fn all_rows(page: &str) -> Vec<Row> {
    let mut all = rows(page, "\n| room |", "src/");
    all.extend(rows(page, "\n| folder |", ""));
    assert!(all.len() > 20, "{} rows", all.len());
    all
}

/// Whether a file declares modules and passes names on, and does nothing else.
fn is_module_root(path: &Path) -> bool {
    if path.extension().is_none_or(|end| end != "rs") {
        return false;
    }
    let is_declaration = |item: &Item| match item {
        Item::Use(_) => true,
        Item::Mod(own) => own.content.as_ref().is_none_or(|(_, inside)| inside.is_empty()),
        _ => false,
    };
    let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
    file.items.iter().all(is_declaration)
}

/// The files below a folder, without tests. A folder with a manifest is another package.
fn files(folder: &Path, before: &str, found: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() && !path.join("Cargo.toml").exists() {
            files(&path, &format!("{before}{name}/"), found);
        } else if is_file(name) {
            found.insert(format!("{before}{name}"));
        }
    }
}

#[test]
fn every_file_is_named_in_its_row() {
    let root = imbot_caps_xtask::root();
    let mut missing = Vec::new();
    let mut count = 0;
    for row in all_rows(&page(&root)) {
        // The whole folder is tests. The folders of the root have rows of their own.
        if row.folder == "." || row.folder.split('/').any(|part| part == "tests") {
            continue;
        }
        let folder = root.join(&row.folder);
        let mut found = BTreeSet::new();
        files(&folder, "", &mut found);
        count += row.named.len();
        let unnamed = found.difference(&row.named);
        missing.extend(unnamed.map(|name| folder.join(name)));
        // A room may be a file beside its folder, or a file alone.
        let own = folder.with_extension("rs");
        if own.exists() && !row.named.contains(own.file_name().unwrap().to_str().unwrap()) {
            missing.push(own);
        }
    }
    missing.retain(|path| !is_module_root(path));
    println!("{count} files are named");
    assert!(count > 300, "{count} files");
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not name these files; add each to its row, with what somebody would change there: {missing:#?}"
    );
}

#[test]
fn every_named_file_exists() {
    let root = imbot_caps_xtask::root();
    let page = page(&root);
    let mut unknown = Vec::new();
    for row in all_rows(&page) {
        for name in &row.named {
            let inside = root.join(&row.folder).join(name);
            let own = root.join(&row.folder).with_extension("rs");
            let is_own = own.ends_with(name) && own.exists();
            if !inside.exists() && !is_own {
                unknown.push(format!("row `{}`: `{name}`", row.folder));
            }
        }
    }
    // Paths in prose begin at the root or at `src`.
    let is_path = |name: &&str| is_whole_path(name) || name.contains('/') && is_file(name);
    let prose = page.lines().filter(|line| !line.starts_with('|'));
    let whole = quoted(&page).filter(|name| is_whole_path(name));
    for name in prose.flat_map(quoted).filter(is_path).chain(whole) {
        // `tests/docs/*.toml` stands for the files of a folder.
        let path = name.split('*').next().unwrap();
        if !root.join(path).exists() && !root.join("src").join(path).exists() {
            unknown.push(format!("`{name}`"));
        }
    }
    assert!(
        unknown.is_empty(),
        "ARCHITECTURE.md names files that do not exist: {unknown:#?}"
    );
}
