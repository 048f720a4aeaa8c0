//! `emulate`: a portal of a build on this machine.

use std::io;

use clap::Args;
use imbot_caps::{Feature, Table};
use imbot_caps_emulator::{App, EmulatedPortal, Emulator, Imbot, OauthToken, Webhook};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::builds::Build;
use crate::error::CliError;
use crate::output::{Format, Outcome, Output};
use crate::runtime::runtime;

mod script;

use script::Command;

/// Serves an emulated portal of a build on this machine.
///
/// It serves until standard input ends. With `--no-script` it serves until it is stopped.
///
/// The output begins with the addresses and the credentials of the portal. The credentials are made up, and
/// are good for this portal alone. Each line of standard input is a command, and is answered with `ok` as
/// soon as it holds:
///
///   error CODE [on METHOD] [times N | always]    the next call is answered with this error code
///   html STATUS, empty, half-body                it is answered with a web page, with nothing, in part
///   hang-up, reset, lose-answer                  its connection ends without an answer
///   build REVISION                               the portal is updated, or restored to an older build
///   clear                                        all faults end
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Emulate {
    /// The build: 33, or 32-v1 without imbot.v2 and 32-v2 with it. By default it is the newest.
    build: Option<Build>,
    /// The port of 127.0.0.1. By default it is a free one.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Answers under this name, too. The option may be repeated.
    #[arg(long, value_name = "NAME")]
    allowed_host: Vec<String>,
    /// The portal is on its owner's server, and not in the cloud.
    #[arg(long)]
    on_premise: bool,
    /// Reads no commands, and serves until it is stopped.
    #[arg(long)]
    no_script: bool,
}

/// The addresses and the credentials of the portal.
#[derive(Serialize)]
struct About {
    build: Build,
    rest: Option<u16>,
    imbot_v2: bool,
    revision_get: bool,
    url: String,
    webhook_url: String,
    webhook_url_without_scopes: String,
    rest_url: String,
    token_url: String,
    client_id: &'static str,
    client_secret: &'static str,
    access_token: String,
    refresh_token: String,
    expired_token: &'static str,
}

const CLIENT_ID: &str = "app.portal";
const CLIENT_SECRET: &str = "client-secret";
const EXPIRED: &str = "expired-token";

impl Emulate {
    pub(crate) fn run(self, output: &mut Output) -> Result<Outcome, CliError> {
        runtime()?.block_on(self.serve(output))
    }

    async fn serve(self, output: &mut Output) -> Result<Outcome, CliError> {
        let newest = Table::builtin().releases().last();
        let newest = newest.map(|release| Build {
            rest: release.rest(),
            imbot_v2: None,
        });
        let build = self.build.or(newest).ok_or_else(|| {
            CliError::Usage("the table has no releases. Name a build, such as 33".to_owned())
        })?;
        let hosts = self.allowed_host.iter();
        let emulator = hosts.fold(Emulator::builder().port(self.port), |all, host| {
            all.allowed_host(host)
        });
        let on_premise = self.on_premise;
        let portal = emulator
            .start_single(emulated(build, on_premise))
            .await
            .map_err(|error| {
                let port = self.port;
                CliError::Usage(format!(
                    "port {port} cannot be served: {error}. Choose another with `--port`"
                ))
            })?;
        print(&about(build, &portal), output)?;
        if self.no_script {
            std::future::pending::<()>().await;
        }
        let mut lines = BufReader::new(tokio::io::stdin()).lines();
        let mut number = 0_u64;
        let mut outcome = Outcome::Fine;
        while let Some(line) = next_line(&mut lines).await? {
            number = number.saturating_add(1);
            if line.trim().is_empty() {
                continue;
            }
            match line.parse::<Command>() {
                Ok(command) => {
                    obey(&portal, command, on_premise);
                    acknowledge(number, "ok", output)?;
                }
                // The line is not repeated: it may hold a secret.
                Err(problem) => {
                    outcome = Outcome::Findings;
                    acknowledge(number, &problem, output)?;
                }
            }
        }
        Ok(outcome)
    }
}

async fn next_line(
    lines: &mut tokio::io::Lines<BufReader<tokio::io::Stdin>>,
) -> Result<Option<String>, CliError> {
    lines
        .next_line()
        .await
        .map_err(|error: io::Error| CliError::Read {
            name: "standard input".to_owned(),
            error,
        })
}

fn obey(portal: &EmulatedPortal, command: Command, on_premise: bool) {
    match command {
        Command::Fault(fault) => portal.fault(*fault),
        Command::Build(build) => portal.set_build(emulated(build, on_premise)),
        Command::Clear => portal.clear_faults(),
    }
}

/// The answer to a command.
#[derive(Serialize)]
struct Acknowledged<'a> {
    line: u64,
    answer: &'a str,
}

fn acknowledge(line: u64, answer: &str, output: &mut Output) -> Result<(), CliError> {
    match output.format {
        Format::Json => output.json_line_with_secrets("emulator-script", &Acknowledged { line, answer }),
        _ => output.rows(&[], &[vec![format!("line {line}"), answer.to_owned()]]),
    }
}

/// The same build, as the emulator has it.
fn emulated(build: Build, on_premise: bool) -> imbot_caps_emulator::Build {
    let own = imbot_caps_emulator::Build::rest(build.rest);
    let has_revision_get = own.caps().supports(Feature::ImbotV2RevisionGet);
    let own = match build.imbot_v2 {
        None => own,
        Some(false) => own.imbot(Imbot::WithoutV2),
        Some(true) if has_revision_get => own.imbot(Imbot::WithRevisionGet),
        Some(true) => own.imbot(Imbot::WithoutRevisionGet),
    };
    if on_premise { own.on_premise() } else { own }
}

fn about(build: Build, portal: &EmulatedPortal) -> About {
    let caps = portal.build().caps();
    let installation = portal.install(App::new(CLIENT_ID, CLIENT_SECRET));
    portal.add_token(OauthToken::new(EXPIRED, CLIENT_ID).expired());
    let without_scopes = Webhook::new(1, "without-scopes").scopes(Vec::<String>::new());
    About {
        build,
        rest: caps.knowledge().rest(),
        imbot_v2: caps.supports(Feature::ImbotV2BotRegister),
        revision_get: caps.supports(Feature::ImbotV2RevisionGet),
        url: portal.url().to_owned(),
        webhook_url: portal.webhook_url().to_owned(),
        webhook_url_without_scopes: portal.add_webhook(without_scopes),
        rest_url: portal.rest_url(),
        token_url: portal.auth_server().token_url(),
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        access_token: installation.access_token,
        refresh_token: installation.refresh_token,
        expired_token: EXPIRED,
    }
}

fn print(about: &About, output: &mut Output) -> Result<(), CliError> {
    if output.format == Format::Json {
        return output.json_line_with_secrets("emulator", about);
    }
    let rows: Vec<Vec<String>> = [
        ("build", about.build.to_string()),
        ("url", about.url.clone()),
        ("webhook_url", about.webhook_url.clone()),
        (
            "webhook_url_without_scopes",
            about.webhook_url_without_scopes.clone(),
        ),
        ("rest_url", about.rest_url.clone()),
        ("token_url", about.token_url.clone()),
        ("client_id", about.client_id.to_owned()),
        ("client_secret", about.client_secret.to_owned()),
        ("access_token", about.access_token.clone()),
        ("refresh_token", about.refresh_token.clone()),
        ("expired_token", about.expired_token.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| vec![name.to_owned(), value])
    .collect();
    output.rows_with_secrets(&rows)
}
