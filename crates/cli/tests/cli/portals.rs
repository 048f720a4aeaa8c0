//! `ask`, `verify` and `emulate`, against emulated portals.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use imbot_caps::wire::REVISION_GET;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Fault};
use serde_json::{Value, json};

use crate::support::{Ended, portal, run};

fn ask(arguments: &str, portal: &EmulatedPortal) -> Ended {
    run(arguments).stdin(portal.webhook_url()).end()
}

#[test]
fn ask_tells_what_the_portal_is() {
    let portal = portal(Build::rest(33));
    let ended = ask("ask --allow-http --json", &portal);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = ended.json();
    assert_eq!(document["rest"], json!({"at_least": 33, "at_most": 33}));
    assert_eq!(document["imbot_v2"], true);
    let has = |list: &str, id: &str| document[list].as_array().unwrap().contains(&id.into());
    assert!(has("supported", "message.system"));
    assert!(has("unsupported", "bot.token_rotation") || has("unsupported", "bot.background_id"));
    portal.expect(REVISION_GET).times(1);
}

#[test]
fn webhook_comes_by_variable_or_file() {
    let portal = portal(Build::rest(32));
    let by_variable = run("ask --allow-http")
        .variable("IMBOT_CAPS_WEBHOOK", portal.webhook_url())
        .end();
    assert_eq!(by_variable.code, 0, "{by_variable:?}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webhook");
    std::fs::write(&path, format!("{}\n", portal.webhook_url())).unwrap();
    let by_file = run("ask --allow-http --webhook-file").file(&path).end();
    assert_eq!(by_file.code, 0, "{by_file:?}");
    assert_eq!(by_file.stdout, by_variable.stdout);
}

#[test]
fn portal_file_answers_as_the_portal() {
    let portal = portal(Build::rest32_with_imbot_v2());
    let asked = ask("ask --allow-http --json", &portal);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    std::fs::write(&path, &asked.stdout).unwrap();
    let before = portal.requests().len();
    let why = run("why imbot.v2.Revision.get --json --portal").file(&path).end();
    assert_eq!(why.json()["answer"], "unsupported");
    let diff = run("diff 32-v2").file(&path).end();
    assert_eq!((diff.code, diff.stdout.as_str()), (0, ""), "{diff:?}");
    assert_eq!(portal.requests().len(), before);
}

#[test]
fn address_as_argument_is_refused() {
    let portal = portal(Build::rest(33));
    for ended in [
        run(&format!("ask {}", portal.webhook_url())).end(),
        run(&format!("ask --webhook={}", portal.webhook_url())).end(),
        run("verify acme.bitrix24.com/rest/1/s3cr3tc0de/").end(),
    ] {
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains("IMBOT_CAPS_WEBHOOK"), "{ended:?}");
        assert!(!ended.stderr.contains("/rest/"), "{ended:?}");
    }
    assert!(portal.requests().is_empty());
}

#[test]
fn failed_ask_could_not_tell() {
    let portal = portal(Build::rest(33));
    portal.fault(Fault::error("ACCESS_DENIED"));
    let ended = ask("ask --allow-http", &portal);
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
    assert!(ended.stderr.contains("ACCESS_DENIED"), "{ended:?}");
    let closed = run("ask").stdin("").end();
    assert_eq!(closed.code, 2);
    assert!(closed.stderr.contains("there is no webhook"), "{closed:?}");
}

/// The methods of all requests, and of the commands in batches.
fn asked(portal: &EmulatedPortal) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for request in portal.requests() {
        let commands = request.params["cmd"].as_object().into_iter().flatten();
        asked.extend(
            commands.filter_map(|(_, command)| command.as_str()?.split('?').next().map(str::to_owned)),
        );
        asked.insert(request.method);
    }
    asked
}

#[test]
fn emulated_portals_agree_with_the_table() {
    for build in Build::shipped() {
        let name = format!("{build:?}");
        let portal = portal(build);
        let ended = ask("verify --allow-http --json", &portal);
        let report = ended.json();
        let findings = report["findings"].as_array().unwrap();
        let of = |verdict: &str| {
            findings
                .iter()
                .filter(|own| own["verdict"] == verdict)
                .collect::<Vec<_>>()
        };
        assert!(of("differs").is_empty(), "{name}: {:#?}", of("differs"));
        assert!(of("agrees").len() > 20, "{name}: {findings:#?}");
        assert_eq!(ended.code, 0, "{ended:?}");
        // Nothing was changed.
        assert!(
            portal.bots().is_empty() && portal.messages().is_empty() && portal.subscriptions().is_empty()
        );
        let writes = [
            "register",
            "update",
            "send",
            "add",
            "delete",
            "subscribe",
            "upload",
            "leave",
            "set",
        ];
        for method in asked(&portal) {
            let last = method.rsplit('.').next().unwrap().to_lowercase();
            assert!(!writes.iter().any(|word| last.starts_with(word)), "{method}");
        }
    }
}

#[test]
fn bot_token_lets_answers_be_compared() {
    let registered = json!({
        "botToken": "t0kent0kent0ken",
        "fields": {"code": "a", "type": "bot", "eventMode": "fetch", "properties": {"name": "A"}},
    });
    for (build, has_app_id) in [(Build::rest(33), "yes"), (Build::rest(36), "no")] {
        let portal = portal(build);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let own = Portal::builder()
                .allow_http()
                .webhook(portal.webhook_url())
                .unwrap();
            let client = Registry::new().client(&own);
            client
                .call("imbot.v2.Bot.register", registered.clone())
                .await
                .unwrap();
        });
        let ended = run("verify --allow-http --json")
            .stdin(portal.webhook_url())
            .variable("IMBOT_CAPS_BOT_TOKEN", "t0kent0kent0ken")
            .end();
        let report = ended.json();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(ended.code, 0, "{findings:#?}");
        let field = |own: &&Value| own["subject"] == "field" && own["asked"] == "imbot.v2.Bot.get";
        let found: Vec<&Value> = findings.iter().filter(field).map(|own| &own["found"]).collect();
        assert!(found.contains(&&json!(has_app_id)), "{findings:#?}");
        assert_eq!(portal.bots().len(), 1);
    }
}

#[test]
fn verify_finds_what_differs() {
    let portal = portal(Build::rest(36));
    portal.fault(Fault::error("ERROR_METHOD_NOT_FOUND").on("imbot.v2.Command.list"));
    let ended = ask("verify --allow-http --json", &portal);
    let report = ended.json();
    let findings = report["findings"].as_array().unwrap();
    let differs: Vec<&Value> = findings
        .iter()
        .filter(|own| own["verdict"] == "differs")
        .collect();
    assert_eq!(differs.len(), 1, "{differs:#?}");
    assert_eq!(differs[0]["name"], "imbot.v2.Command.list");
    assert_eq!(
        (&differs[0]["expected"], &differs[0]["found"]),
        (&json!("yes"), &json!("no"))
    );
    assert_eq!(ended.code, 1, "{ended:?}");
}

#[test]
fn verification_names_no_portal() {
    let portal = portal(Build::rest(36));
    // Text of a portal is not repeated.
    let text = json!({"methods": ["im.message.add", "text of a user"]});
    portal.fault(Fault::result(text).on("methods"));
    portal.fault(Fault::error("CODE_OF_A_STRANGER").on("imbot.v2.Bot.get"));
    for form in ["people", "plain", "json"] {
        let ended = ask(&format!("verify --allow-http --format {form}"), &portal);
        let printed = ended.stdout + &ended.stderr;
        for text in ["127.0.0.1", "text of a user", "CODE_OF_A_STRANGER", "http"] {
            assert!(!printed.contains(text), "{text}: {printed}");
        }
    }
}

#[test]
fn emulated_portal_follows_its_script() {
    let mut served = Command::new(env!("CARGO_BIN_EXE_imbot-caps"))
        .args(["emulate", "33", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut script = served.stdin.take().unwrap();
    let mut lines = BufReader::new(served.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let about = next();
    let webhook = about["webhook_url"].as_str().unwrap().to_owned();
    let known = || run("ask --allow-http").stdin(&webhook).end();
    assert!(known().stdout.contains("REST revision 33"));
    writeln!(script, "error ACCESS_DENIED").unwrap();
    assert_eq!(next()["answer"], "ok");
    assert_eq!(known().code, 2);
    writeln!(script, "build 36").unwrap();
    assert_eq!(next()["answer"], "ok");
    assert!(known().stdout.contains("REST revision 36"));
    writeln!(script, "nonsense").unwrap();
    assert_ne!(next()["answer"], "ok");
    drop(script);
    // A wrong line is a finding.
    assert_eq!(served.wait().unwrap().code(), Some(1));
}
