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
        is_test(&text, own)
    })
}

/// Whether a file has a test of this name. A function that only helps tests has no attribute.
fn is_test(text: &str, name: &str) -> bool {
    // The targets of `crates/fuzz` are tests that a macro makes.
    let is_target = text.contains(&format!("target!({name},"));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let starts = |line: &str| {
        [format!("fn {name}("), format!("async fn {name}(")]
            .iter()
            .any(|start| line.starts_with(start.as_str()))
    };
    let has_attribute = |at: usize| {
        let before = lines[..at].iter().rev();
        let mut attributes = before.take_while(|line| !line.is_empty() && !line.ends_with('}'));
        attributes.any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    };
    is_target || (0..lines.len()).any(|at| starts(lines[at]) && has_attribute(at))
}

#[test]
fn only_tests_count_as_tests() {
    let text = "#[test]\nfn a() {}\n\nfn b() {}\n#[tokio::test(start_paused = true)]\n// Why.\nasync fn c() {}\ntarget!(d, W)";
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(|name| is_test(text, name)),
        [true, false, true, true, false]
    );
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
