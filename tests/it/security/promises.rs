//! SECURITY.md names tests that there are.

use std::fs;
use std::path::Path;

/// The cells of the rows of the threat model: what is promised, and what holds it.
fn promises() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let table = text.split("\n| who |").nth(1).unwrap();
    let table = table.split("\n\n").next().unwrap();
    let rows = table.lines().skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, can, promised, test] = cells.as_slice() else {
            panic!("four cells are in a row: {row}");
        };
        assert!(!can.is_empty() && !promised.is_empty(), "{row}");
        ((*promised).to_owned(), (*test).to_owned())
    })
    .collect()
}

/// Whether a test of this path is in this folder.
fn is_there(folder: &str, path: &str) -> bool {
    let mut modules: Vec<&str> = path.split("::").collect();
    let own = modules.pop().unwrap();
    // Unit tests may stand in the file that they test.
    let inside = modules.strip_suffix(&["tests"]).unwrap_or(&modules).join("/");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    // Those of a binary with one test stand in its root.
    let inside = if inside.is_empty() {
        "main".to_owned()
    } else {
        inside
    };
    [modules.join("/"), inside].iter().any(|file| {
        let text = fs::read_to_string(root.join(format!("{file}.rs"))).unwrap_or_default();
        text.contains(&format!("fn {own}("))
    })
}

#[test]
fn every_promise_names_its_test() {
    let promises = promises();
    assert!(promises.len() > 30, "{}", promises.len());
    for (promised, test) in promises {
        let mut parts = test.split('`');
        let (path, place) = (parts.nth(1), parts.next().unwrap_or_default());
        let path = path.unwrap_or_else(|| panic!("no test holds: {promised}"));
        let folder = match place.trim() {
            "" => "tests/it",
            other => other.trim_matches(['(', ')']),
        };
        assert!(
            is_there(folder, path),
            "there is no {path} in {folder}, which holds: {promised}"
        );
    }
}
