//! Overlays of the table.

use std::sync::atomic::{AtomicUsize, Ordering};

use imbot_caps::plan::{Policy, plan};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Table};

use super::target;

const WORDS: &[&str] = &[
    "[[feature]]\n",
    "[[change]]\n",
    "[[release]]\n",
    "[[cloud]]\n",
    "[[translation]]\n",
    "[[event]]\n",
    "id = ",
    "title = ",
    "kind = ",
    "\"new\"",
    "\"removed\"",
    "requires",
    "until",
    "rest = 37",
    "api = \"imbot.v2\"",
    "applies",
    "methods",
    "request",
    "fallback",
    "shim",
    "\"drop\"",
    "v1",
    "{",
    "}",
    "[",
    "]",
    "\"fields.a.b\"",
    "\"fields[].x\"",
    "imbot.v2.Chat.Message.send",
    "imbot.message.add",
    "2026-02-31",
    "\n",
    "\"",
    "\\u0000",
];

/// A table that caps may use is never freed, so few are made.
static LEAKED: AtomicUsize = AtomicUsize::new(0);

target!(overlays, WORDS, 1_500, |input| {
    let text = String::from_utf8_lossy(input);
    let builtin = Table::builtin();
    let read = builtin.with_overlay(&text);
    match &read {
        Ok(table) => {
            let added = table.rows().len() - builtin.rows().len();
            assert!(added <= input.len() / 16, "{added}");
            // A row of the built-in table is another only if the overlay says so.
            for row in builtin.rows() {
                let own = table.find(row.id()).unwrap();
                assert!(
                    own.overlay().is_some() || own.title() == row.title(),
                    "{}",
                    row.id()
                );
            }
        }
        Err(error) => {
            let lines = text.lines().count() + 1;
            assert!(!error.problems().is_empty() && error.problems().len() <= 1_000);
            let report = error.to_string();
            assert!(
                report.len() <= 13_000 * error.problems().len(),
                "{}",
                report.len()
            );
            assert!(
                !report.chars().any(|own| own.is_control() && own != '\n'),
                "{report:?}"
            );
            assert!(
                report.starts_with("line ") || report.starts_with("the "),
                "{report}"
            );
            let line = report
                .strip_prefix("line ")
                .and_then(|rest| rest.split(',').next());
            assert!(
                line.is_none_or(|line| line.parse::<usize>().unwrap() <= lines),
                "{report}"
            );
        }
    }
    assert_eq!(read.is_ok(), builtin.with_overlay(&text).is_ok());
    if let Ok(table) = read
        && LEAKED.fetch_add(1, Ordering::Relaxed) < 40
    {
        let table = table.leak();
        for rest in [30, 34, 36] {
            let caps = Caps::at(rest).with_table(table);
            let call = Call::new("imbot.v2.Chat.Message.send")
                .with("fields", serde_json::json!({"voice": 1, "a": 2}));
            let policy = Policy::default();
            assert_eq!(
                plan(&call, &caps, &policy).is_ok(),
                plan(&call, &caps, &policy).is_ok()
            );
        }
    }
});
