//! Exit codes, and folders that cannot be compared or read as a whole.

use std::fs;

use crate::support::{Copy, PAGES, edition, review};

#[test]
fn what_is_no_documentation_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    let prose = tempfile::tempdir().unwrap();
    fs::write(prose.path().join("README.md"), "# A program\n\nText.\n").unwrap();
    let old = edition("old");
    for folder in [empty.path(), prose.path()].map(|path| path.to_str().unwrap().to_owned()) {
        for (a, b) in [(&old, &folder), (&folder, &old)] {
            let run = review(&[a, b]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
        }
        let run = review(&[&folder, &folder]);
        assert!(run.err.contains("no edition of the documentation"), "{}", run.err);
    }
    for missing in ["/nowhere/at/all", "Cargo.toml"] {
        let run = review(&[&old, missing]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(missing), "{}", run.err);
    }
    let run = review(&[&old, &old, "--under", "api-reference/crm"]);
    assert_eq!(run.code, 2);
    let run = review(&[&old, &old, "--under", "../old/api-reference"]);
    assert_eq!(run.code, 2);
}

#[test]
fn usage_errors_have_code_2() {
    assert_eq!(review(&[&edition("old")]).code, 2);
    assert_eq!(
        review(&[&edition("old"), &edition("new"), "--draft", "--json"]).code,
        2
    );
}

#[test]
fn folders_below_the_root_can_be_compared() {
    let [old, new] = ["old", "new"].map(|name| format!("{}/api-reference/chat-bots", edition(name)));
    let below = review(&[&old, &new]);
    let whole = review(&[&edition("old"), &edition("new")]);
    assert_eq!(below.out, whole.out);
    let bots = review(&[&old, &new, "--under", "api-reference/chat-bots/v2/bots"]);
    assert!(bots.findings().contains(&"method-added imbot.v2.Bot.freeze"));
    assert!(
        bots.findings()
            .iter()
            .all(|finding| !finding.contains("change-log")),
        "{}",
        bots.out
    );
    let run = review(&[&old, &format!("{new}/v2/bots")]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("different parts"), "{}", run.err);
}

/// Nothing is skipped in silence, and the rest of the edition is read.
#[test]
fn unreadable_parts_are_findings() {
    let copy = Copy::new();
    fs::write(
        copy.page("bots/bot-bytes.md"),
        b"# Bytes imbot.v2.Bot.bytes\n\xff\xfe\n",
    )
    .unwrap();
    fs::write(copy.page("bots/bot-large.md"), "x".repeat(5 << 20)).unwrap();
    fs::write(
        copy.page("bots/bot-open.md"),
        "# Open imbot.v2.Bot.open\n\n#|\n|| **Name** ||\n",
    )
    .unwrap();
    fs::write(
        copy.page("bots/bot-code.md"),
        "# Code imbot.v2.Bot.code\n\n```js\n",
    )
    .unwrap();
    fs::write(
        copy.page("bots/bot-away.md"),
        "# Away imbot.v2.Bot.away\n\n{% include [a](../../../../../../x.md) %}\n",
    )
    .unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hostname", copy.page("bots/bot-link.md")).unwrap();
    copy.change("bots/bot-paint.md", |text| {
        text.replace("|| `BOT_NOT_FOUND` | Bot", "lost text\n|| see below | Bot")
            .replace("[`boolean`](../../types.md) |", "|")
    });
    let run = review(&[&edition("old"), copy.path()]);
    let problems = [
        "page-not-utf8",
        "page-too-large",
        "unclosed-table",
        "unclosed-code",
        "file-outside-of-edition",
        #[cfg(unix)]
        "page-is-no-file",
        "text-between-rows",
        "row-without-code",
        "row-without-type",
    ];
    for problem in problems {
        let is_told = |finding: &&str| finding.starts_with("unread ") && finding.contains(problem);
        assert!(run.findings().iter().any(is_told), "{problem}: {}", run.out);
    }
    assert!(
        run.findings()
            .contains(&"error-removed imbot.v2.Bot.paint BOT_NOT_FOUND")
    );
    assert_eq!(run.code, 1);
    // The same edition on both sides: what cannot be read did not change, and is counted.
    let same = review(&[copy.path(), copy.path()]);
    assert_eq!((same.code, same.out.as_str()), (0, ""), "{PAGES}");
    assert!(
        same.err.contains(&format!("{} unread parts", problems.len())),
        "{}",
        same.err
    );
}

/// A page can include itself many times.
#[test]
fn includes_of_a_page_are_bounded() {
    let copy = Copy::new();
    let include = "{% include [a](./bot-many.md) %}\n".repeat(2_000);
    fs::write(
        copy.page("bots/bot-many.md"),
        format!("# Many imbot.v2.Bot.many\n\n{include}"),
    )
    .unwrap();
    let run = review(&[&edition("old"), copy.path()]);
    let is_told = |finding: &&str| finding.contains("includes-too-large");
    assert!(run.findings().iter().any(is_told), "{}", run.out);
    assert!(run.out.len() < 1 << 20, "{}", run.out.len());
}

/// A page cannot write to the terminal of its reader.
#[test]
fn control_characters_are_not_printed() {
    let copy = Copy::new();
    copy.change("bots/bot-paint.md", |text| {
        text.replace("`blue`", "`\u{1b}[31mblue`")
            .replace("|| **layers**", "|| **la\u{7}yers**")
    });
    for arguments in [vec![], vec!["--json"], vec!["--draft"], vec!["--stubs"]] {
        let old = edition("old");
        let mut all = vec![old.as_str(), copy.path()];
        all.extend(arguments);
        let run = review(&all);
        assert!(!run.out.contains(['\u{1b}', '\u{7}']), "{}", run.out);
    }
}
