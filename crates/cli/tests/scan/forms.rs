//! What is printed: the forms, and no secret in any of them.

use std::fs;

use serde_json::Value;

use crate::run::{json, scan};

/// Secrets in all places of a program. None may be printed.
const SECRETS: [&str; 7] = [
    "hook5ecretcode77",
    "b0t70kenvalue99",
    "appl1cationt0ken42",
    "cl1ents3cret000001",
    "c0mmentsecret31337",
    "keysecret0123456789",
    "methodsecret987654321",
];

fn program() -> String {
    let [hook, bot, application, client, comment, key, method] = SECRETS;
    format!(
        "// {comment}
const url = 'https://acme.bitrix24.com/rest/1/{hook}/imbot.v2.Bot.lists?auth={application}'; // {comment}
call('imbot.v2.Chat.Message.send', {{ botToken: '{bot}', dialogId: 'chat1', {key}: 1, fields: {{ sytem: '{bot}' }} }});
call('imbot.v2.Bot.{method}', {{ CLIENT_ID: '{client}' }});
fetch('https://acme.bitrix24.com/rest/1/{hook}/imbot.message.add.json?auth={application}');
call(`imbot.v2.{bot}.${{name}}`, {{}});
const r = call('imbot.v2.Bot.get', {{}}); r.result.{key};
if (e === 'ONIMBOT{application}') call('ONIMBOT{method}');
"
    )
}

#[test]
fn no_form_prints_secrets() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["bot.js", "bot.ts", "bot.html"] {
        let text = if name == "bot.html" {
            format!("<script>{}</script>", program())
        } else {
            program()
        };
        fs::write(folder.path().join(name), text).unwrap();
    }
    let forms: [&[&str]; 5] = [
        &["."],
        &["--uses", "."],
        &["--json", "."],
        &["--sarif", "."],
        &["--rest", "18", "--uses", "."],
    ];
    for arguments in forms {
        let output = scan(folder.path(), arguments);
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("bot.js"), "{arguments:?}");
        let small = text.to_ascii_lowercase();
        for secret in SECRETS {
            assert!(!small.contains(secret), "{arguments:?} prints {secret}: {text}");
        }
    }
}

/// An unfinished colour in the name of a file would hide the lines after it.
#[cfg(unix)]
#[test]
fn control_characters_hide_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    for nth in 0..600 {
        let name = format!("\u{1b}]0;{nth:03}.js");
        fs::write(folder.path().join(name), "call(\"imbot.message.none\", {});\n").unwrap();
    }
    for form in ["plain", "people"] {
        let output = scan(folder.path(), &["--uses", "--format", form, "."]);
        let text = String::from_utf8(output.stdout).unwrap();
        // A finding and a use for each.
        assert_eq!(text.matches(" ]0;").count(), 1_200, "{form}: {text}");
        assert!(!text.contains('\u{1b}'), "{form}");
        assert!(text.contains("files with uses"), "{form}");
    }
}

/// A repository can have a link to any folder of its reader.
#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let (outside, folder) = (wrong_program(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), folder.path().join("linked")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("a b.js"), folder.path().join("b.js")).unwrap();
    let (code, scan) = json(folder.path(), &["."]);
    // No file was found.
    assert_eq!((code, scan["counts"]["files"].as_u64()), (2, Some(0)), "{scan}");
    // The same file is read where it is.
    assert_eq!(json(outside.path(), &["."]).0, 1);
}

fn wrong_program() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "call('imbot.v2.Chat.Message.send', { dialogId: 'chat1', fields: { sytem: true } })\n";
    fs::write(folder.path().join("a b.js"), text).unwrap();
    folder
}

#[test]
fn json_has_documented_members() {
    let folder = wrong_program();
    let (code, scan) = json(folder.path(), &["."]);
    assert_eq!(code, 1);
    assert_eq!(
        (scan["form"].as_str(), scan["version"].as_u64()),
        (Some("scan"), Some(1))
    );
    let members = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/SCAN.md")).unwrap();
    let all = [
        members(&scan),
        members(&scan["findings"][0]),
        members(&scan["uses"][0]),
        members(&scan["counts"]),
    ];
    for member in all.concat() {
        assert!(
            page.contains(&format!("`{member}`")),
            "{member} is not in SCAN.md"
        );
    }
    let finding = &scan["findings"][0];
    assert_eq!(
        (finding["line"].as_u64(), finding["column"].as_u64()),
        (Some(1), Some(6))
    );
    assert_eq!(finding["names"][0], "fields.sytem");
}

#[test]
fn plain_form_has_nine_columns() {
    let folder = wrong_program();
    let output = scan(folder.path(), &["--uses", "."]);
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        assert_eq!(line.split('\t').count(), 9, "{line}");
    }
    assert!(
        text.starts_with("finding\tunknown-parameter\terror\ta b.js\t1\t6\timbot.v2.Chat.Message.send\t"),
        "{text}"
    );
}

#[test]
fn sarif_has_required_members() {
    let folder = wrong_program();
    fs::write(folder.path().join("c.js"), "call('imbot.v2.' + name, {})").unwrap();
    let output = scan(folder.path(), &["--sarif", "."]);
    assert_eq!(output.status.code(), Some(2));
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "imbot-caps");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(
        rules
            .iter()
            .all(|rule| rule["id"].is_string() && rule["shortDescription"]["text"].is_string())
    );
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], result["ruleId"]);
    assert_eq!(result["level"], "error");
    assert!(result["message"]["text"].is_string());
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.js");
    assert_eq!(place["region"]["startLine"], 1);
    assert_eq!(place["region"]["startColumn"], 6);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notes[0]["descriptor"]["id"], "computed-method");
}
