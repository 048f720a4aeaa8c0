//! One emulated portal, for clients in any language.
//!
//! `cargo run --example portal [REST] [imbot-v2] [on-premise] [strict] [port=N] [host=NAME]` starts it
//! at the root of a port of its own; at the newest revision and in the cloud unless told
//! otherwise. `imbot-v2` is the build with imbot.v2 but no `imbot.v2.Revision.get`. With
//! `host=NAME` the portal answers under this name, too; the argument may be repeated. With `strict` it ends with an
//! error if a call relied on what the build lacks.
//!
//! The first line on stdout is a JSON object of its addresses and credentials. A
//! line on stdin is an error code that the next request is answered with, printed
//! again as soon as that holds. The portal serves until stdin closes.

use std::error::Error;
use std::io::{Write, stdin, stdout};

use imbot_caps::{Feature, Table};
use imbot_caps_emulator::{App, Build, Emulator, Fault, OauthToken, Webhook};
use serde_json::json;

// More than one thread: the portal serves while this one waits for stdin.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let newest = Table::builtin().releases().last().ok_or("no releases")?;
    let mut build = Build::rest(newest.rest());
    let mut on_premise = false;
    let mut strict = false;
    let mut emulator = Emulator::builder();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "on-premise" => on_premise = true,
            "strict" => strict = true,
            port if port.starts_with("port=") => {
                emulator = emulator.port(port.trim_start_matches("port=").parse()?)
            }
            host if host.starts_with("host=") => {
                emulator = emulator.allowed_host(host.trim_start_matches("host="))
            }
            "imbot-v2" => build = Build::rest32_with_imbot_v2(),
            number => build = Build::rest(number.parse().map_err(|error| format!("{number}: {error}"))?),
        }
    }
    if on_premise {
        build = build.on_premise();
    }
    let caps = build.caps();
    let portal = emulator.start_single(build).await?;
    if strict {
        portal.strict();
    }
    let installation = portal.install(App::new("app.portal", "client-secret"));
    portal.add_token(OauthToken::new("expired-token", "app.portal").expired());
    let without_scopes = Webhook::new(1, "without-scopes").scopes(Vec::<String>::new());
    let about = json!({
        "rest": caps.knowledge().rest(),
        "has_imbot_v2": caps.supports(Feature::ImbotV2BotRegister),
        "has_revision_get": caps.supports(Feature::ImbotV2RevisionGet),
        "has_command_fields": caps.supports(Feature::CommandRegisterFields),
        "url": portal.url(),
        "webhook_url": portal.webhook_url(),
        "webhook_url_without_scopes": portal.add_webhook(without_scopes),
        "rest_url": portal.rest_url(),
        "deletes_messages": caps.supports(Feature::MessageDeleteWorks),
        "token_url": portal.auth_server().token_url(),
        "client_id": "app.portal",
        "client_secret": "client-secret",
        "access_token": installation.access_token,
        "refresh_token": installation.refresh_token,
        "expired_token": "expired-token",
    });
    writeln!(stdout(), "{about}")?;
    for line in stdin().lines() {
        let code = line?;
        portal.fault(Fault::error(code.as_str()).once());
        writeln!(stdout(), "{code}")?;
    }
    let violations = portal.violations();
    match violations.is_empty() {
        true => Ok(()),
        false => Err(format!("calls relied on what the build lacks: {violations:?}").into()),
    }
}
