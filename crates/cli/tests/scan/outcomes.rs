//! Exit codes: 0 nothing is wrong, 1 findings, 2 something was not analysed.

use std::fs::{self, File};
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{json, scan};

const GOOD: &str = "call('imbot.message.add', { DIALOG_ID: 'chat1', MESSAGE: 'x' })\n";
const NEWER: &str =
    "call('imbot.v2.Chat.Message.send', { botId: 1, dialogId: 'chat1', fields: { message: 'x' } })\n";
const WRONG: &str = "call('imbot.v2.Chat.Message.sned', { dialogId: 'chat1' })\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn rules(scan: &Value) -> Vec<&str> {
    let findings = scan["findings"].as_array().unwrap();
    findings.iter().map(|own| own["rule"].as_str().unwrap()).collect()
}

fn reasons(scan: &Value) -> Vec<&str> {
    let list = scan["not_analysed"].as_array().unwrap();
    list.iter().map(|own| own["reason"].as_str().unwrap()).collect()
}

/// When the time grew with the square of the names, some of these files took 12 to 60 s each.
#[test]
fn many_names_end_soon() {
    let chain: String = (0..40_000).map(|nth| format!("a{}=f({nth}),", nth % 2)).collect();
    let alike = |end: &str| -> String {
        let names = (0..60_000).map(|nth| format!("MESS_{nth:06}_MIDDLEMIDDLEMIDDLE_{nth:06}_TEXT=40{end}"));
        names.collect()
    };
    let functions: String = (0..6_000)
        .map(|nth| {
            format!("function f{nth}(b) {{ const r = b.call('imbot.v2.Bot.list', {{}}); return r.x; }}\n")
        })
        .collect();
    let reads = "const {result} = b.call('imbot.v2.Bot.list', {}); use(result);\n".repeat(3_000);
    let loops: String = (0..12_000)
        .map(|nth| {
            format!(
                "  r{nth} = b.call('imbot.v2.Bot.list', {{}})\n  for item in r{nth}['result']: print(item)\n"
            )
        })
        .collect();
    let nested: String = (0..1_000)
        .map(|nth| format!("{}def f{nth}():\n", " ".repeat(nth)))
        .collect();
    let attributes = "<path d=\"M1\" fill=\"none\"/>".repeat(20_000);
    for (name, text) in [
        ("chain.js", format!("var a0, a1; {chain}0;\n")),
        ("alike.js", alike(";\n")),
        ("alike.py", alike("\n")),
        ("functions.js", functions),
        ("reads.js", reads),
        ("loops.py", format!("def f(b):\n{loops}")),
        ("nested.py", format!("{nested}{}pass\n", " ".repeat(1_000))),
        ("attributes.tsx", format!("{attributes}\n")),
    ] {
        let folder = folder(&[(name, &[&text, WRONG].concat())]);
        let (code, scan) = json(folder.path(), &["."]);
        assert_eq!((code, rules(&scan)), (1, vec!["unknown-method"]), "{name}");
    }
}

#[test]
fn nothing_wrong_is_0() {
    let folder = folder(&[("bot.js", GOOD), ("newer.js", NEWER)]);
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!((code, rules(&scan).len(), reasons(&scan).len()), (0, 0, 0));
    assert_eq!(scan["minimum"]["plain"]["rest"], 32);
    assert_eq!(scan["minimum"]["plain"]["imbot_v2"], true);
    assert_eq!(scan["minimum"]["gated"]["rest"], 18);
    assert_eq!(scan["counts"]["with_uses"], 2);
}

#[test]
fn finding_is_1() {
    let folder = folder(&[("bot.js", WRONG)]);
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!((code, rules(&scan)), (1, vec!["unknown-method"]));
    let message = scan["findings"][0]["message"].as_str().unwrap();
    assert!(message.contains("imbot.v2.Chat.Message.send"), "{message}");
}

#[test]
fn portal_that_is_too_old_is_1() {
    let folder = folder(&[("bot.js", NEWER)]);
    let (code, scan) = json(folder.path(), &["--rest", "30", "."]);
    assert_eq!((code, rules(&scan)), (1, vec!["needs-newer"]));
    assert_eq!(scan["findings"][0]["gate"]["does"], "adapts");
    assert_eq!(scan["findings"][0]["row"], "imbot.v2.Chat.Message.send");
    for arguments in [["--rest", "33", "."].as_slice(), &["--rest", "30", "--gate", "."]] {
        assert_eq!(json(folder.path(), arguments).0, 0, "{arguments:?}");
    }
}

#[test]
fn portal_32_counts_as_without_imbot_v2() {
    let folder = folder(&[("bot.js", NEWER)]);
    assert_eq!(json(folder.path(), &["--rest", "32", "."]).0, 1);
}

#[test]
fn guarded_call_needs_nothing() {
    let guarded = format!("if (revision.rest >= 33) {{ {NEWER} }}");
    let folder = folder(&[("bot.js", &guarded)]);
    let (code, scan) = json(folder.path(), &["--rest", "30", "."]);
    assert_eq!((code, rules(&scan).len()), (0, 0));
    assert_eq!(scan["minimum"]["plain"]["rest"], 18);
}

#[test]
fn computed_method_is_2() {
    let folder = folder(&[("bot.js", "call(`imbot.v2.${name}`, {})\n"), ("wrong.js", WRONG)]);
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!(
        (code, reasons(&scan), rules(&scan)),
        (2, vec!["computed-method"], vec!["unknown-method"])
    );
    assert_eq!(scan["not_analysed"][0]["line"], 1);
}

#[test]
fn unreadable_contents_are_2() {
    let deep = format!("call('imbot.message.add', {}1)", "[".repeat(100_000));
    let folder = folder(&[
        ("good.js", GOOD),
        ("deep.js", &deep),
        ("binary.php", "imbot.\0\u{1}"),
    ]);
    File::create(folder.path().join("huge.json"))
        .unwrap()
        .set_len(6 << 20)
        .unwrap();
    let (code, scan) = json(folder.path(), &["."]);
    let mut reasons = reasons(&scan);
    reasons.sort_unstable();
    assert_eq!((code, reasons), (2, vec!["binary", "too-deep", "too-large"]));
    assert_eq!(scan["uses"].as_array().unwrap().len(), 1);
}

#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let broken = [
        "call('imbot.message.add', { DIALOG_ID: 'x",
        "\"",
        "`${`${",
        "/*",
        "<?php <<<A",
        "'\\",
    ];
    for text in broken {
        for name in [
            "a.js", "a.php", "a.py", "a.go", "a.java", "a.cs", "a.rs", "a.json", "a.ts", "a.html",
        ] {
            let folder = folder(&[(name, &format!("{text} imbot.\n{text}"))]);
            assert!(matches!(json(folder.path(), &["."]).0, 0..=2), "{name} {text}");
        }
    }
}

#[test]
fn missing_path_is_2_and_named() {
    let folder = folder(&[]);
    let output = scan(folder.path(), &["absent"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("absent"));
}

#[test]
fn folder_without_sources_is_2() {
    let folder = folder(&[("README.md", "imbot.message.add")]);
    assert_eq!(scan(folder.path(), &["."]).status.code(), Some(2));
}

#[test]
fn skipped_folders_are_not_read() {
    let folder = folder(&[
        (".gitignore", "ignored/\n"),
        ("ignored/a.js", WRONG),
        ("node_modules/a/a.js", WRONG),
        ("vendor/a.php", "<?php call('imbot.v2.Bot.sned', []);"),
        ("tests/a.js", WRONG),
        ("a.test.js", WRONG),
        ("good.js", GOOD),
    ]);
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!((code, scan["counts"]["files"].as_u64()), (0, Some(1)));
    assert_eq!(scan["counts"]["tests_skipped"], 2);
    assert_eq!(json(folder.path(), &["--tests", "."]).0, 1);
    assert_eq!(json(folder.path(), &["tests"]).0, 1, "a named folder is read");
}

#[test]
fn windows_encodings_are_read() {
    let folder = folder(&[]);
    let mut cyrillic = b"<?php // \xcf\xf0\xe8\xe2\xe5\xf2\n".to_vec();
    cyrillic.extend_from_slice(b"call('imbot.v2.Bot.sned', ['MESSAGE' => '\xcf\xf0']);\n");
    fs::write(folder.path().join("a.php"), cyrillic).unwrap();
    let wide: Vec<u8> = "\u{FEFF}call('imbot.v2.Bot.sned', {})"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.path().join("b.js"), wide).unwrap();
    let (_, scan) = json(folder.path(), &["."]);
    assert_eq!(rules(&scan), ["unknown-method", "unknown-method"]);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_2() {
    let folder = folder(&[("good.js", GOOD)]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket.js")).unwrap();
    std::os::unix::fs::symlink("absent", folder.path().join("dangling.php")).unwrap();
    for arguments in [["."].as_slice(), &["good.js", "socket.js"]] {
        let (code, scan) = json(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(reasons(&scan).iter().all(|reason| *reason == "unreadable"));
        assert_eq!(scan["counts"]["with_uses"], 1, "the rest is analysed");
    }
    let (_, scan) = json(folder.path(), &["."]);
    assert_eq!(reasons(&scan).len(), 2);
}

#[cfg(unix)]
#[test]
fn link_out_of_folder_is_counted() {
    let outside = folder(&[("wrong.js", WRONG)]);
    let folder = folder(&[("good.js", GOOD)]);
    let links = [
        (outside.path().join("wrong.js"), "out.js"),
        (folder.path().join("good.js"), "in.js"),
    ];
    for (target, name) in links {
        std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    }
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!((code, rules(&scan).len()), (2, 0));
    assert_eq!(reasons(&scan).len(), 1, "{scan}");
    assert_eq!(scan["not_analysed"][0]["file"], "out.js");
    assert_eq!(scan["counts"]["files"], 1, "a file of the folder is read once");
}

#[test]
fn wrapper_of_other_file_is_joined() {
    let client = "export const v2 = (name, params) => call(`imbot.v2.${name}`, params)\n";
    let folder = folder(&[
        ("client.js", client),
        ("use.js", "v2('Chat.get', { botId: 1, dialogId: 'chat1' })\n"),
    ]);
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!((code, reasons(&scan).len()), (0, 0));
    assert_eq!(scan["uses"][0]["name"], "imbot.v2.Chat.get");
    assert_eq!(scan["uses"][0]["file"], "use.js");
}

#[test]
fn each_form_has_same_code() {
    let computed = "call(`imbot.v2.${name}`, {})\n";
    for (text, expected) in [(GOOD, 0), (WRONG, 1), (computed, 2)] {
        let folder = folder(&[("bot.js", text)]);
        for form in ["--json", "--sarif", "--uses"] {
            let output = scan(folder.path(), &[form, "."]);
            assert_eq!(output.status.code(), Some(expected), "{form} {text}");
        }
    }
}

#[test]
fn wrong_arguments_are_2() {
    let folder = folder(&[("bot.js", GOOD)]);
    for arguments in [
        ["--rest", "x", "."].as_slice(),
        &["--gate", "."],
        &["--json", "--sarif", "."],
        &[],
    ] {
        assert_eq!(
            scan(folder.path(), arguments).status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}

#[test]
fn pipe_gets_no_progress() {
    let many: Vec<(String, &str)> = (0..500).map(|at| (format!("{at}.js"), GOOD)).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&many);
    let output = scan(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn own_examples_and_clients_have_no_alarm() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for folder in ["examples", "tests/clients"] {
        let (_, scan) = json(&root, &[folder]);
        let findings = scan["findings"].as_array().unwrap();
        assert!(findings.is_empty(), "{folder}: {findings:#?}");
        assert!(!scan["uses"].as_array().unwrap().is_empty(), "{folder}");
    }
}
