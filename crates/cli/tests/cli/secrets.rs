//! Every command in every form, with secrets in every input: none is printed.

use std::fs;
use std::path::PathBuf;

use imbot_caps_emulator::{Build, EmulatedPortal, Fault, Webhook};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{portal, run};

const CODE: &str = "c0dec0dec0dec0de";
const OTHER_CODE: &str = "0ther0ther0ther0";
const TOKEN: &str = "t0kent0kent0kent0ken";
const SECRET: &str = "clientsecretclientsecret";
const SECRETS: [&str; 4] = [CODE, OTHER_CODE, TOKEN, SECRET];

/// The commands that the program has, by its own help.
pub fn commands() -> Vec<String> {
    let help = run("--help").end().stdout;
    let list = help
        .split("Commands:\n")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next()
        .unwrap();
    let names = list
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned);
    names.filter(|name| name != "help").collect()
}

struct Inputs {
    folder: TempDir,
    webhook: String,
    _portal: EmulatedPortal,
}

impl Inputs {
    fn new() -> Self {
        let portal = portal(Build::rest(34));
        let webhook = portal.add_webhook(Webhook::new(1, CODE));
        // The portal's own texts repeat secrets, too.
        let said = format!("{CODE} {TOKEN} /rest/1/{OTHER_CODE}/");
        portal.fault(
            Fault::json(400, &json!({"error": "100", "error_description": said})).on("imbot.v2.Bot.get"),
        );
        portal.fault(Fault::result(json!([said])).on("methods"));
        let inputs = Self {
            folder: TempDir::new().unwrap(),
            webhook,
            _portal: portal,
        };
        let call = json!({
            "method": "imbot.v2.Chat.Message.send",
            "params": {
                "botId": 7, "botToken": TOKEN, "dialogId": "chat5", "auth": SECRET,
                "fields": {"message": format!("see {} and {TOKEN}", inputs.webhook), "system": true},
            },
        });
        let batch = json!({
            "method": "batch",
            "params": {"cmd": {"a": format!(
                "imbot.v2.Bot.update?botToken={TOKEN}&fields[webhookUrl]=https%3A%2F%2Fa.example%2F%3FCLIENT_ID%3D{SECRET}"
            )}},
        });
        let wrong_call = json!({"method": [TOKEN], "params": SECRET});
        let knowledge =
            json!({"rest": {"least": 33, "least_from": "program", "most": 33, "most_from": "program"}});
        let portal_file = json!({
            "form": "portal", "version": 1, "knowledge": knowledge, "webhook": inputs.webhook, "token": TOKEN,
        });
        let wrong_portal = json!({"form": "portal", "version": 1, "knowledge": {"rest": TOKEN}});
        let head = "title = \"acme\"\nversion = \"0.1.0\"\nrequires = \"^2\"\n";
        let comment = format!("# client_secret = \"{SECRET}\", see {}\n", inputs.webhook);
        let row = |source: &str| {
            format!(
                "[[feature]]\nid = \"acme.voice\"\ntitle = \"Voice\"\nkind = \"new\"\nrequires = {{ rest = 37 }}\n\
                 applies = {{ methods = [\"m.n\"] }}\nsource = \"{source}\"\nconfidence = \"inferred\"\n"
            )
        };
        let wrong_row = format!(
            "{head}{comment}{}token = \"{TOKEN}\"\nsecret = \"{SECRET}\"\nsunset = \"{}\"\n",
            row("https://example.com"),
            inputs.webhook
        );
        for (name, text) in [
            ("webhook", inputs.webhook.clone()),
            (
                "wrong-webhook",
                format!("{}imbot.v2.Bot.list?auth={TOKEN}", inputs.webhook),
            ),
            ("call.json", call.to_string()),
            ("batch.json", batch.to_string()),
            ("wrong-call.json", wrong_call.to_string()),
            ("no-call.json", format!("{TOKEN} {SECRET}")),
            ("portal.json", portal_file.to_string()),
            ("wrong-portal.json", wrong_portal.to_string()),
            ("acme.toml", format!("{head}{comment}{}", row(&inputs.webhook))),
            ("wrong.toml", wrong_row),
            ("no.toml", format!("token = {TOKEN} {SECRET}\n")),
        ] {
            fs::write(inputs.path(name), text).unwrap();
        }
        inputs
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// What is run: the command with its arguments, and a file as the last argument.
const RUNS: [(&str, Option<&str>); 31] = [
    ("ask --allow-http", None),
    ("ask", None),
    ("ask --allow-http --webhook-file", Some("webhook")),
    ("ask --allow-http --webhook-file", Some("wrong-webhook")),
    ("verify --allow-http", None),
    ("verify --allow-http --webhook-file", Some("webhook")),
    ("features system", None),
    ("show message.system", None),
    ("why message.system --portal", Some("portal.json")),
    ("why message.system --portal", Some("wrong-portal.json")),
    ("why message.system --rest 30", None),
    ("diff 36", Some("portal.json")),
    ("diff 36", Some("wrong-portal.json")),
    ("plan --rest 36", Some("call.json")),
    ("plan --rest 30", Some("call.json")),
    ("plan --rest 30", Some("batch.json")),
    ("plan --rest 36", Some("batch.json")),
    ("plan --rest 30", Some("wrong-call.json")),
    ("plan --rest 30", Some("no-call.json")),
    ("plan --rest 30", None),
    ("matrix", None),
    ("lint", Some("acme.toml")),
    ("lint", Some("wrong.toml")),
    ("lint", Some("no.toml")),
    ("generate", Some("acme.toml")),
    ("export", None),
    ("emulate 33", None),
    ("completions bash", None),
    ("man", None),
    ("serve", None),
    ("serve --portal acme.bitrix24.com --bots", Some("wrong.toml")),
];

/// Commands whose own tests plant secrets.
const TESTED_ELSEWHERE: [&str; 3] = ["page", "scan", "review"];

#[test]
fn no_secret_is_printed() {
    let inputs = Inputs::new();
    let stdin = format!("{}\n{TOKEN}\nerror {SECRET} {SECRET}\n", inputs.webhook);
    let mut printed_something = 0;
    for (arguments, file) in RUNS {
        for form in ["people", "plain", "json"] {
            for variable in ["", &inputs.webhook] {
                let arguments = format!("--format {form} {arguments}");
                let path = file.map(|file| inputs.path(file));
                let mut program = run(&arguments)
                    .stdin(&stdin)
                    .variable("IMBOT_CAPS_WEBHOOK", variable)
                    .variable("IMBOT_CAPS_BOT_TOKEN", TOKEN);
                if let Some(path) = &path {
                    program = program.file(path);
                }
                let ended = program.end();
                printed_something += usize::from(!ended.stdout.is_empty());
                for secret in SECRETS {
                    let printed = [&ended.stdout, &ended.stderr];
                    assert!(
                        !printed.iter().any(|text| text.contains(secret)),
                        "{arguments} {file:?} prints {secret}: {ended:#?}"
                    );
                }
            }
        }
    }
    // Most runs reach their end, where they print what they found.
    assert!(printed_something > RUNS.len() * 3, "{printed_something}");
}

#[test]
fn secrets_are_planted_for_every_command() {
    for command in commands() {
        let is_run = RUNS
            .iter()
            .any(|(arguments, _)| arguments.split(' ').next() == Some(&*command));
        assert!(
            is_run || TESTED_ELSEWHERE.contains(&&*command),
            "add `{command}` to the runs with secrets"
        );
    }
}
