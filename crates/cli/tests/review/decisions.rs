//! The file of decisions: the next run shows what is new.

use std::fs;

use crate::support::{edition, review};

/// Runs with a file of this text.
fn with(text: &str, more: &[&str]) -> crate::support::Run {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("decisions.toml");
    fs::write(&file, text).unwrap();
    let (old, new) = (edition("old"), edition("new"));
    let mut arguments = vec![old.as_str(), new.as_str(), "--decisions", file.to_str().unwrap()];
    arguments.extend(more);
    review(&arguments)
}

#[test]
fn decided_findings_are_not_new() {
    let all = review(&[&edition("old"), &edition("new")]);
    let one = with(
        "[[decision]]\nfinding = \"method-added imbot.v2.Bot.freeze\"\ndecision = \"accept\"\n",
        &[],
    );
    assert_eq!(one.findings().len(), all.findings().len() - 1);
    assert!(!one.out.contains("method-added"));
    assert_eq!(one.code, 1);
}

/// The stubs of a run, once decided, silence exactly this run.
#[test]
fn decided_stubs_leave_nothing() {
    let stubs = review(&["--stubs", &edition("old"), &edition("new")]).out;
    let decided = stubs.replace("decision = \"\"", "decision = \"later\"");
    let run = with(&decided, &[]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    // A stub that nobody decided is an error, not a decision.
    let undecided = with(&stubs, &[]);
    assert_eq!(undecided.code, 2);
    assert!(undecided.err.contains("decisions.toml"), "{}", undecided.err);
}

#[test]
fn patterns_decide_many_findings() {
    let run = with(
        "[[decision]]\npattern = \"* imbot.v2.Bot.paint *\"\ndecision = \"reject\"\nnote = \"x\"\n",
        &["--json"],
    );
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let decided = json["decided"].as_array().unwrap();
    assert!(decided.len() > 10);
    assert!(
        decided
            .iter()
            .all(|finding| finding["of"] == "imbot.v2.Bot.paint")
    );
    assert_eq!(decided[0]["decision"]["decision"], "reject");
    assert_eq!(decided[0]["decision"]["note"], "x");
}

/// A value that changes once more is another finding.
#[test]
fn decision_holds_for_one_value() {
    let text = "[[decision]]\nfinding = \"field-literals imbot.v2.Bot.paint request:layers 3 -> 4\"\ndecision = \"reject\"\n";
    let run = with(text, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        json["unused_decisions"][0],
        "field-literals imbot.v2.Bot.paint request:layers 3 -> 4"
    );
    assert!(run.out.contains("request:layers 3 -> 5"));
}

#[test]
fn wrong_files_are_errors() {
    let cases = [
        ("[[decision]]\nfinding = \"a\"\ndecision = \"maybe\"\n", "maybe"),
        (
            "[[decision]]\nfinding = \"a\"\ndecision = \"accept\"\nnotes = \"\"\n",
            "notes",
        ),
        (
            "[[decision]]\ndecision = \"accept\"\n",
            "either `finding` or `pattern`",
        ),
        (
            "[[decision]]\nfinding = \"a\"\npattern = \"b\"\ndecision = \"accept\"\n",
            "either `finding` or `pattern`",
        ),
        ("[[decisions]]\n", "decisions"),
        ("not toml", "decisions.toml"),
    ];
    for (text, part) in cases {
        let run = with(text, &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
        assert!(run.err.contains(part), "{text}: {}", run.err);
    }
    let twice = "[[decision]]\nfinding = \"a\"\ndecision = \"accept\"\n".repeat(2);
    assert!(with(&twice, &[]).err.contains("two decisions"));
    let gone = review(&[
        &edition("old"),
        &edition("new"),
        "--decisions",
        "/nowhere/decisions.toml",
    ]);
    assert_eq!(gone.code, 2);
}
