//! Each kind of finding, in both languages.

use std::collections::BTreeSet;

use imbot_caps::table::TableFile;
use serde_json::Value;

use crate::support::{edition, review};

const EXPECTED: &str = include_str!("expected.txt");

fn expected() -> Vec<&'static str> {
    EXPECTED.lines().collect()
}

#[test]
fn each_change_is_found() {
    let run = review(&[&edition("old"), &edition("new")]);
    assert_eq!(run.findings(), expected(), "{}", run.err);
    assert_eq!(run.code, 1);
}

#[test]
fn expected_findings_have_every_kind() {
    let source = include_str!("../../src/review/finding.rs");
    let kinds: BTreeSet<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .filter_map(|(_, word)| word.strip_suffix("\","))
        .collect();
    let found: BTreeSet<&str> = expected()
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(kinds.len() > 30, "{kinds:?}");
    assert_eq!(kinds, found);
}

/// The Russian pages are published first. A decision about them is good for the English ones.
#[test]
fn languages_give_the_same_fingerprints() {
    let run = review(&[&edition("ru-old"), &edition("ru-new")]);
    let russian: BTreeSet<&str> = run.findings().into_iter().collect();
    let is_of_same_pages = |finding: &&str| {
        ["change-log", "imbot.v2.Bot.paint"]
            .iter()
            .any(|of| finding.contains(of))
    };
    let english: BTreeSet<&str> = expected().into_iter().filter(is_of_same_pages).collect();
    let differ: Vec<_> = english.symmetric_difference(&russian).collect();
    // The text of a part that cannot be read is all that is known of it.
    assert!(
        differ
            .iter()
            .all(|finding| finding.starts_with("unread change-log")),
        "{differ:?}"
    );
    assert_eq!(differ.len(), 2);
}

#[test]
fn same_edition_has_no_findings() {
    for name in ["old", "new", "ru-old", "ru-new"] {
        let run = review(&[&edition(name), &edition(name)]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{name}");
    }
}

#[test]
fn json_has_documented_form() {
    let run = review(&["--json", &edition("old"), &edition("new")]);
    let json: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (json["form"].as_str(), json["version"].as_u64()),
        (Some("review"), Some(1))
    );
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        keys(&json),
        [
            "form",
            "version",
            "old",
            "new",
            "findings",
            "decided",
            "unused_decisions",
            "unread_in_both"
        ]
    );
    assert_eq!(keys(&json["old"]), ["pages", "methods", "events", "log_entries"]);
    let findings = json["findings"].as_array().unwrap();
    let fingerprints: Vec<&str> = findings
        .iter()
        .map(|finding| finding["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(fingerprints, expected());
    let entry = findings
        .iter()
        .find(|finding| finding["subject"] == "BOT-BC-0301-2")
        .unwrap();
    assert_eq!(
        keys(entry),
        ["fingerprint", "kind", "of", "subject", "page", "table", "entry"]
    );
    assert_eq!(entry["entry"]["rest"], 91);
    assert_eq!(entry["entry"]["from"][0], "2031-06-01");
    assert_eq!(entry["entry"]["until"][0], "2031-09-01");
}

/// A person can paste the draft into the table: each row is of the table's form and passes its rules.
#[test]
fn draft_is_accepted_by_the_table() {
    let run = review(&["--draft", &edition("old"), &edition("new")]);
    let table = include_str!("../../../../features.toml");
    // Methods of the fixtures that a real table has.
    let known = r#"unversioned_methods = ["imbot.v2.Bot.paint", "imbot.v2.Bot.shelf", "imbot.v2.Bot.melt","#;
    let whole = format!(
        "{}\n{}",
        table.replacen("unversioned_methods = [", known, 1),
        run.out
    );
    let parsed = TableFile::parse(&whole).unwrap_or_else(|error| panic!("{error}\n{}", run.out));
    let row = |id: &str| {
        parsed
            .rows()
            .find(|row| row.id() == id)
            .unwrap_or_else(|| panic!("{id}: {}", run.out))
    };
    let entry = row("draft.bot_bc_0301_2");
    assert_eq!(entry.change_log_code(), Some("BOT-BC-0301-2"));
    assert_eq!(entry.effective().unwrap().to_string(), "2031-06-01");
    assert_eq!(entry.sunset().unwrap().to_string(), "2031-09-01");
    let field = row("imbot.v2.Bot.paint.fields.varnish");
    assert_eq!(field.applies().request().collect::<Vec<_>>(), ["fields.varnish"]);
    let moved = row("imbot.v2.Bot.paint.fields.moved");
    assert_eq!(moved.applies().request().collect::<Vec<_>>(), ["fields.brush"]);
    assert!(parsed.releases().any(|release| release.rest() == 91));
    assert!(
        parsed
            .change_log()
            .any(|change| change.code() == "BOT-NEW-0301-1")
    );
    assert_eq!(run.code, 1);
}

/// What the table has already is named, and is not drafted again.
#[test]
fn rows_of_the_table_are_named() {
    let copy = crate::support::Copy::new();
    std::fs::write(
        copy.page("bots/bot-update.md"),
        "# Update imbot.v2.Bot.update\n\n## Method Parameters\n\n#|\n|| **Name**\n`Type` | **Description** ||\n\
         || **botId***\n`integer` | The bot ||\n|#\n",
    )
    .unwrap();
    let before = copy.path().to_owned();
    let after = crate::support::Copy::new();
    std::fs::copy(copy.page("bots/bot-update.md"), after.page("bots/bot-update.md")).unwrap();
    let field = "|| **fields.botToken**\n`string` | A token ||\n|#";
    after.change("bots/bot-update.md", |text| text.replace("|#", field));
    let run = review(&[&before, after.path()]);
    let line = run.out.lines().next().unwrap();
    let cells: Vec<&str> = line.split('\t').collect();
    assert_eq!(
        cells[0],
        "field-added imbot.v2.Bot.update request:fields.botToken"
    );
    assert!(cells[1].contains("bot.token_rotation"), "{line}");
    assert_eq!(run.out.lines().count(), 1);
    let draft = review(&["--draft", &before, after.path()]);
    assert!(!draft.out.contains("[[feature]]"), "{}", draft.out);
}
