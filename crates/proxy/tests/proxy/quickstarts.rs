//! The quickstarts of the README, as they are printed.

use std::process::Stdio;

use imbot_caps_emulator::{Build, Emulator};
use imbot_caps_proxy::Bots;
use tokio::process::Command;

use super::support::{address_of, builder, path_of};

const README: &str = include_str!("../../README.md");
const TOKEN: &str = "token-of-the-bot";

/// The block in this language, and its lines of code.
fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let block = README.split(fence.as_str()).nth(1).unwrap();
    block.split("```").next().unwrap()
}

/// Runs the echo bot of this language on the oldest build of the issue and on the newest, until it has answered.
async fn runs(language: &str, program: &str, file: &str) {
    if Command::new(program).arg("--version").output().await.is_err() {
        assert!(std::env::var_os("CI").is_none(), "{program} is missing");
        eprintln!("quickstarts: skipped: {program} is missing");
        return;
    }
    for rest in [30, 36] {
        let folder = tempfile::tempdir().unwrap();
        let portal = Emulator::start_single(Build::rest(rest)).await.unwrap();
        portal.strict();
        let toml = format!(
            "[[bot]]\nname = 'a'\nportal = '{}'\nsecret = '0123456789abcdef'\nbot_token = '{TOKEN}'\nkeep = true\n",
            address_of(&portal)
        );
        let proxy = builder(address_of(&portal))
            .bots(Bots::from_toml(&toml).unwrap(), folder.path().join("journal.db"))
            .start()
            .await
            .unwrap();
        let script = folder.path().join(file);
        std::fs::write(&script, block(language)).unwrap();
        let mut bot = Command::new(program)
            .arg(&script)
            .env(
                "PORTAL",
                format!("http://{}{}", proxy.address(), path_of(portal.webhook_url())),
            )
            .env("BOT_TOKEN", TOKEN)
            .env_remove("http_proxy")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let is_alive = |bot: &mut tokio::process::Child| {
            assert!(bot.try_wait().unwrap().is_none(), "{program} on {rest} ended");
        };
        let id = loop {
            is_alive(&mut bot);
            if let Some(own) = portal.bots().first() {
                break own.id;
            }
            tokio::task::yield_now().await;
        };
        let said = portal.say(1, &id.to_string(), "Hello, 世界 & all").await.unwrap();
        loop {
            is_alive(&mut bot);
            let messages = portal.messages();
            if messages
                .iter()
                .any(|own| own.id > said && own.text == "Hello, 世界 & all")
            {
                break;
            }
            tokio::task::yield_now().await;
        }
        bot.kill().await.unwrap();
        portal.assert_no_violations();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_in_php_answers() {
    runs("php", "php", "bot.php").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_in_python_answers() {
    runs("python", "python3", "bot.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quickstart_in_node_answers() {
    runs("js", "node", "bot.mjs").await;
}
