//! Each transcript of the README is true.

use imbot_caps_emulator::Build;

use crate::support::portal;

#[test]
fn readme_transcripts_are_true() {
    let portal = portal(Build::rest(33));
    trycmd::TestCases::new()
        .register_bin(
            "imbot-caps",
            std::path::Path::new(env!("CARGO_BIN_EXE_imbot-caps")),
        )
        // `ask` and `verify` read the webhook from here.
        .env("IMBOT_CAPS_WEBHOOK", portal.webhook_url())
        .case("README.md");
}

/// The README shows each command.
#[test]
fn readme_shows_every_command() {
    let readme = std::fs::read_to_string(crate::support::file("README.md")).unwrap();
    for command in crate::secrets::commands() {
        assert!(
            readme.contains(&format!("$ imbot-caps {command}")),
            "the README has no transcript of `{command}`"
        );
    }
}
