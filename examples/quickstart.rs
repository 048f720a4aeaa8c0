//! One bot on five portals: it asks each what it can do, then sends a system
//! message and rotates its token the way that portal can bear.
//!
//! `cargo run --example quickstart` starts emulated portals on loopback and needs
//! nothing else. With `IMBOT_WEBHOOK_URL` set to a portal's incoming webhook it
//! asks that portal, and only asks.

use std::error::Error;
use std::io::{Write, stdout};
use std::process::ExitCode;

use imbot_caps::table::Kind;
use imbot_caps::wire::Reply;
use imbot_caps::{Caps, Feature, Portal, Registry, Support, Unsupported};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value, json};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let registry = Registry::new();
    if let Ok(webhook) = std::env::var("IMBOT_WEBHOOK_URL") {
        return ask_only(&registry, &Portal::webhook(&webhook)?).await;
    }
    let emulator = Emulator::start().await?;
    writeln!(
        stdout(),
        "{:<17} {:<41} {:<24} {:<14} requests",
        "portal",
        "known",
        "system message",
        "token"
    )?;
    let (mut wire, mut refusal) = (Vec::new(), None);
    for (name, build) in [
        ("REST 30, v1 only", Build::rest(30).on_premise()),
        ("REST 32, v1 only", Build::rest32_without_imbot_v2().on_premise()),
        ("REST 32, imbot.v2", Build::rest32_with_imbot_v2().on_premise()),
        ("REST 33", Build::rest(33).on_premise()),
        ("REST 36, cloud", Build::rest(36)),
    ] {
        let emulated = emulator.portal(build);
        let portal = Portal::builder().allow_http().webhook(emulated.webhook_url())?;

        // The first time: one request, or two on old portals.
        let caps = registry.caps(&portal).await?;
        let asked = emulated.requests().len();

        let mut bot = Bot::register(&emulated, caps).await?;
        let sent = bot.send_system_message("Maintenance at noon").await?;
        let rotated = bot.rotate_token("another-token").await?;

        // From now on: memory.
        assert_eq!(registry.caps(&portal).await?.features(), caps.features());

        let known = caps.knowledge();
        let rest = known.rest().map_or("?".to_owned(), |rest| rest.to_string());
        let known = format!("{rest}, {}", known.rest_provenance());
        let token = if rotated.is_ok() {
            "rotated"
        } else {
            "kept, refused"
        };
        let requests = emulated.take_requests();
        let (all, bots) = (requests.len(), requests.len() - asked);
        writeln!(
            stdout(),
            "{name:<17} {known:<41} {sent:<24} {token:<14} {asked} to learn, {bots} of the bot"
        )?;
        wire.push(format!("{name}: {all} requests"));
        wire.extend(requests.iter().map(|request| {
            let system = request
                .params
                .pointer("/fields/system")
                .or(request.params.get("SYSTEM"));
            let system = system.map(|value| format!(" with system = {value}"));
            format!("  {}{}", request.method, system.unwrap_or_default())
        }));
        refusal = rotated.err().or(refusal);
    }
    writeln!(stdout(), "\nOver the wire\n\n{}", wire.join("\n"))?;
    if let Some(refusal) = refusal {
        writeln!(stdout(), "\nWhy a token was kept\n\n{refusal}")?;
    }
    Ok(())
}

struct Bot<'p> {
    portal: &'p EmulatedPortal,
    caps: Caps,
    id: u64,
    token: String,
}

impl<'p> Bot<'p> {
    async fn register(portal: &'p EmulatedPortal, caps: Caps) -> Result<Self> {
        let token = "first-token".to_owned();
        let id = if caps.supports(Feature::ImbotV2BotRegister) {
            let fields = json!({"code": "clerk", "properties": {"name": "Clerk"}});
            let reply = call(
                portal,
                "imbot.v2.Bot.register",
                json!({"botToken": token, "fields": fields}),
            )
            .await?;
            reply.pointer("/bot/id").and_then(Value::as_u64)
        } else {
            let bot = json!({
                "CODE": "clerk", "CLIENT_ID": token, "PROPERTIES": {"NAME": "Clerk"},
                "EVENT_HANDLER": "https://bot.example/events",
            });
            call(portal, "imbot.register", bot).await?.as_u64()
        };
        let id = id.ok_or("a registration without id")?;
        Ok(Self {
            portal,
            caps,
            id,
            token,
        })
    }

    /// A field gate: where the boolean may be ignored in silence, `"Y"` is sent,
    /// and where there is no imbot.v2, the older method. Says which way it took.
    async fn send_system_message(&self, text: &str) -> Result<&'static str> {
        let Self {
            portal,
            caps,
            id,
            token,
        } = self;
        if !caps.supports(Feature::ImbotV2ChatMessageSend) {
            let message =
                json!({"BOT_ID": id, "CLIENT_ID": token, "DIALOG_ID": "1", "MESSAGE": text, "SYSTEM": "Y"});
            call(portal, "imbot.message.add", message).await?;
            return Ok("v1 call");
        }
        let (system, way) = caps.choose(
            Feature::SystemMessage,
            || (json!(true), "imbot.v2, boolean"),
            || (json!("Y"), "imbot.v2, \"Y\" for true"),
        );
        let fields = json!({"message": text, "system": system});
        let message = json!({"botId": id, "botToken": token, "dialogId": "1", "fields": fields});
        call(portal, "imbot.v2.Chat.Message.send", message).await?;
        Ok(way)
    }

    /// An older portal would say "done" and keep the old token: ask first.
    async fn rotate_token(&mut self, new: &str) -> Result<Result<(), Unsupported>> {
        if let Err(unsupported) = self.caps.require(Feature::BotTokenRotation) {
            return Ok(Err(unsupported));
        }
        let change = json!({"botId": self.id, "botToken": self.token, "fields": {"botToken": new}});
        call(self.portal, "imbot.v2.Bot.update", change).await?;
        self.token = new.to_owned();
        Ok(Ok(()))
    }
}

/// With a real portal: what it can do, and nothing else.
async fn ask_only(registry: &Registry, portal: &Portal) -> Result<()> {
    let caps = registry.caps(portal).await?;
    writeln!(stdout(), "{}: {}", portal.id(), caps.knowledge())?;
    writeln!(
        stdout(),
        "it has {} of {} features",
        caps.features().len(),
        Feature::all().len()
    )?;
    let of_the_past = |feature: &Feature| matches!(feature.row().kind(), Kind::Removed | Kind::Deprecated);
    for feature in Feature::all().filter(|feature| !of_the_past(feature)) {
        match caps.check(feature) {
            Support::Supported => {}
            Support::Unsupported(_) => {
                writeln!(stdout(), "  lacks     {feature}: {}", feature.row().title())?
            }
            Support::Unknown(_) => writeln!(stdout(), "  not known {feature}: {}", feature.row().title())?,
        }
    }
    Ok(())
}

/// A bot's own client: this crate guards calls and makes none.
async fn call(portal: &EmulatedPortal, method: &str, params: Value) -> Result<Value> {
    // As every client of webhooks should be: a redirect would take the code along, and so would
    // a proxy for plain http.
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .build()?;
    let reply = client
        .post(format!("{}{method}", portal.webhook_url()))
        .header("content-type", "application/json")
        .body(params.to_string())
        .send()
        .await?;
    match Reply::read(reply.status().as_u16(), None, &reply.bytes().await?) {
        Reply::Result(result) => Ok(result),
        other => Err(format!("{method}: {other:?}").into()),
    }
}
