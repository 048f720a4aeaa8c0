//! Exit codes, forms of the output, and errors.

use std::io::{BufRead, BufReader};

use crate::support::{file, run};

#[test]
fn exit_codes_say_what_was_found() {
    let wrong = file("README.in/wrong.toml");
    let right = file("README.in/acme.toml");
    for (ended, code) in [
        (run("why message.system --rest 33").end(), 0),
        (run("why message.system --rest 32-v1").end(), 1),
        (run("why imbot.v2.Bot.list --rest 32").end(), 2),
        (run("diff 33 33").end(), 0),
        (run("diff 33 34").end(), 1),
        (run("features --change NO-SUCH-CODE").end(), 1),
        (run("lint").file(&right).end(), 0),
        (run("lint").file(&wrong).end(), 1),
        (run("lint no-such-file").end(), 2),
        (run("show no.such.feature").end(), 2),
        (run("no-such-command").end(), 2),
        (run("--help").end(), 0),
    ] {
        assert_eq!(ended.code, code, "{ended:?}");
    }
}

#[test]
fn pipe_gets_lines_with_tabs() {
    let ended = run("features --method imbot.v2.Chat.Message.send").end();
    assert!(ended.stdout.lines().count() > 3, "{ended:?}");
    for line in ended.stdout.lines() {
        assert_eq!(line.split('\t').count(), 4, "{line}");
    }
}

#[test]
fn json_has_form_and_version() {
    for (arguments, form) in [
        ("features --json", "features"),
        ("show message.system --json", "feature"),
        ("why message.system --rest 33 --json", "why"),
        ("diff 33 36 --json", "diff"),
        ("matrix --json", "matrix"),
        ("export", "export-features"),
        ("export vectors", "export-vectors"),
    ] {
        let document = run(arguments).end().json();
        assert_eq!(
            (&document["form"], &document["version"]),
            (&form.into(), &1.into())
        );
        let forms = std::fs::read_to_string(file("FORMS.md")).unwrap();
        assert!(forms.contains(&format!("## `{form}`")), "FORMS.md lacks `{form}`");
    }
}

#[test]
fn pipe_gets_no_colours() {
    let wrong = file("README.in/wrong.toml");
    let ended = run("lint --format people").file(&wrong).end();
    assert!(ended.stdout.contains("error[unknown-key]"), "{ended:?}");
    assert!(!ended.stdout.contains('\u{1b}'), "{ended:?}");
}

#[test]
fn closed_pipe_is_no_error() {
    // The document is longer than a pipe holds, so the program is still writing when the reader leaves.
    let mut child = run("export vectors").start();
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "{\n");
    drop(reader);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

#[test]
fn misspelt_feature_gets_the_nearest() {
    let ended = run("show mesage.system").end();
    assert!(
        ended.stderr.contains("did you mean `message.system`?"),
        "{ended:?}"
    );
}

#[test]
fn each_filter_narrows_the_features() {
    let count = |arguments: &str| run(arguments).end().stdout.lines().count();
    let all = count("features");
    for filter in [
        "features system",
        "features --method imbot.v2.Bot.list",
        "features --kind breaking",
        "features --revision 35",
        "features --change BOT-FIX-0402-2",
    ] {
        let some = count(filter);
        assert!(some > 0 && some < all, "{filter}: {some} of {all}");
    }
}

#[test]
fn module_versions_name_a_portal() {
    let ended = run("why imbot.v2.Bot.list --im 25.1300.0 --imbot 26.0.0 --json").end();
    assert_eq!(ended.json()["answer"], "unsupported");
    let ended = run("why imbot.v2.Bot.list --im 25.1300.0 --json").end();
    assert_eq!(ended.json()["answer"], "unknown");
}
