//! The labelled corpus: how much of what is there is found, and how much of what is found is there.
//!
//! A label is a comment at the end of a line, after `~`, which is taken out before the scan. Several labels
//! have `;` between them. A label has a rule, or `use`, `computed` or `trap`; then the method or event; then
//! the parameters, or `guarded`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run;

/// The least precision and recall in each language.
const LEAST: f64 = 0.95;

/// The marks before a label, one for each kind of comment.
const MARKS: [&str; 4] = [" //~ ", " #~ ", " <!-- //~ ", "  #~ "];

/// What is found at a line, or is labelled there.
type Fact = (String, usize, String);

struct Corpus {
    folder: tempfile::TempDir,
    labels: BTreeMap<String, BTreeSet<Fact>>,
    traps: usize,
}

/// The labels of a line, and the line without them.
fn split(line: &str) -> (&str, Vec<String>) {
    let found = MARKS
        .iter()
        .filter_map(|mark| line.find(mark).map(|at| (at, mark.len())))
        .min();
    let Some((at, length)) = found else {
        return (line, Vec::new());
    };
    let labels = line[at + length..].trim_end_matches("-->").split(';');
    (&line[..at], labels.map(|label| label.trim().to_owned()).collect())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

fn corpus() -> Corpus {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/corpus");
    let folder = tempfile::tempdir().unwrap();
    let mut labels: BTreeMap<String, BTreeSet<Fact>> = BTreeMap::new();
    let mut traps = 0;
    for language in files(&source) {
        let name = language.file_name().unwrap().to_str().unwrap().to_owned();
        fs::create_dir(folder.path().join(&name)).unwrap();
        let own = labels.entry(name.clone()).or_default();
        for file in files(&language) {
            let path = format!("{name}/{}", file.file_name().unwrap().to_str().unwrap());
            let mut text = String::new();
            for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                let (line, found) = split(line);
                text.push_str(line);
                text.push('\n');
                for label in found {
                    match label.as_str() {
                        "trap" => traps += 1,
                        label => {
                            own.insert((path.clone(), number + 1, label.to_owned()));
                        }
                    }
                }
            }
            fs::write(folder.path().join(&path), text).unwrap();
        }
    }
    Corpus {
        folder,
        labels,
        traps,
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// What a scan found, in the words of the labels.
fn found(scan: &Value) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    let place = |own: &Value| {
        let line = usize::try_from(own["line"].as_u64().unwrap()).unwrap();
        (text(own, "file").to_owned(), line)
    };
    for own in scan["uses"].as_array().unwrap() {
        let (file, line) = place(own);
        let guarded = if text(own, "guard") == "condition" {
            " guarded"
        } else {
            ""
        };
        facts.insert((file, line, format!("use {}{guarded}", text(own, "name"))));
    }
    for own in scan["findings"].as_array().unwrap() {
        let (file, line) = place(own);
        let rule = text(own, "rule");
        let names: Vec<&str> = own["names"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let subject = if rule == "deprecated" {
            text(own, "row")
        } else {
            text(own, "name")
        };
        let names = match rule {
            "unknown-parameter" | "missing-parameter" => format!(" {}", names.join(" ")),
            _ => String::new(),
        };
        facts.insert((file, line, format!("{rule} {subject}{names}")));
    }
    for own in scan["not_analysed"].as_array().unwrap() {
        let (file, line) = place(own);
        assert_eq!(text(own, "reason"), "computed-method", "{file}");
        facts.insert((file, line, "computed".to_owned()));
    }
    facts
}

fn share(part: usize, of: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(of.max(1)).unwrap())
}

#[test]
fn corpus_is_found_in_each_language() {
    let corpus = corpus();
    let mut labelled = 0;
    let mut wrong = Vec::new();
    let mut table = format!(
        "{:<12} {:>6} {:>6} {:>10} {:>8}\n",
        "language", "labels", "found", "precision", "recall"
    );
    for (language, labels) in &corpus.labels {
        let (code, scan) = run::json(corpus.folder.path(), &[language]);
        assert_eq!(code, 2, "{language} has computed methods");
        let found = found(&scan);
        let right = found.intersection(labels).count();
        let (precision, recall) = (share(right, found.len()), share(right, labels.len()));
        labelled += labels.len();
        table.push_str(&format!(
            "{language:<12} {:>6} {:>6} {precision:>10.3} {recall:>8.3}\n",
            labels.len(),
            found.len()
        ));
        if precision < LEAST || recall < LEAST || std::env::var_os("SCAN_CORPUS_ALL").is_some() {
            wrong.extend(
                found
                    .difference(labels)
                    .map(|fact| format!("not there: {fact:?}")),
            );
            wrong.extend(
                labels
                    .difference(&found)
                    .map(|fact| format!("not found: {fact:?}")),
            );
        }
    }
    println!("{table}{labelled} labels, {} traps", corpus.traps);
    let wrong = wrong.join("\n");
    assert!(wrong.is_empty(), "{table}{wrong}");
    assert!(labelled >= 200, "{labelled} labels");
    assert!(corpus.traps >= 80, "{} traps", corpus.traps);
}
