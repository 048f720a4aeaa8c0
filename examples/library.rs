//! A library with a client of its own, behind a gate: its callers write for the newest
//! portal, and each portal is sent what it can bear.
//!
//! `cargo run --example library --features tower` starts emulated portals on loopback
//! and needs nothing else.

use std::error::Error;
use std::io::{Write, stdout};
use std::pin::Pin;
use std::task::{Context, Poll};

use imbot_caps::gate::{Gate, GateLayer, GateService};
use imbot_caps::transport::ReqwestTransport;
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Portal, Registry, Table};
use imbot_caps_emulator::{Build, Emulator};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tower::{Layer, Service, ServiceExt};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// What the library knows beyond the table: voice messages, of a revision to come.
const OVERLAY: &str = r#"
title = "acme"
version = "0.1.0"
requires = "^2"

[[feature]]
id = "acme.voice"
title = "Voice messages"
kind = "new"
requires = { rest = 37, api = "imbot.v2" }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
fallback = { shim = "omit", note = "The text holds a link to the recording." }
source = "https://example.com/acme"
confidence = "inferred"
"#;

/// How the library sends a call.
#[derive(Clone)]
struct Sender {
    client: reqwest::Client,
    webhook: String,
}

impl Service<Call> for Sender {
    type Response = Reply;
    type Error = reqwest::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, reqwest::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), reqwest::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Self::Future {
        let request = self.client.post(format!("{}{}", self.webhook, call.method()));
        let request = request.header("content-type", "application/json");
        let request = request.body(Value::Object(call.params().clone()).to_string());
        Box::pin(async move {
            let response = request.send().await?;
            let status = response.status().as_u16();
            Ok(Reply::read(status, None, &response.bytes().await?))
        })
    }
}

/// What callers of the library see: a message with a voice. Where there are none, the
/// gate leaves it out, as the row says.
async fn say(bot: &GateService<Sender>, id: u64, voice: &str) -> Result<Reply> {
    let message = Call::new("imbot.v2.Chat.Message.send")
        .with("botId", id)
        .with("botToken", "token")
        .with("dialogId", "1")
        .with(
            "fields",
            json!({"message": voice, "system": true, "voice": voice}),
        );
    Ok(bot.clone().oneshot(message).await?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let table = Table::builtin().with_overlay(OVERLAY)?.leak();
    let registry = Registry::builder(ReqwestTransport::new()).table(table).build();
    // Before revision 35 a webhook's bot hears its events with this alone: see its documentation.
    let gate = Gate::builder(&registry).client_id_in_webhook_url().build();
    let emulator = Emulator::start().await?;
    // A redirect would take the code of a webhook along, and so would a proxy for plain http.
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()?;
    for (rest, method) in [(36, "imbot.v2.Chat.Message.send"), (30, "imbot.message.add")] {
        writeln!(stdout(), "REST {rest}")?;
        let emulated = emulator.portal(Build::rest(rest));
        let (webhook, client) = (emulated.webhook_url().to_owned(), client.clone());
        let layer = GateLayer::new(&gate, &Portal::builder().allow_http().webhook(&webhook)?);
        let bot = layer.layer(Sender { client, webhook });
        let fields = json!({
            "code": "clerk", "properties": {"name": "Clerk"},
            "eventMode": "webhook", "webhookUrl": "https://bot.example/events",
        });
        let register = Call::new("imbot.v2.Bot.register").with("botToken", "token");
        let register = register.with("fields", fields);
        let id = match bot.clone().oneshot(register).await? {
            Reply::Result(registered) => registered.pointer("/bot/id").and_then(Value::as_u64),
            _ => None,
        };
        let said = say(&bot, id.ok_or("no bot")?, "https://acme.example/1.ogg").await?;
        let (mut sent, mut params) = Default::default();
        for request in emulated.take_requests() {
            (sent, params) = (request.method, request.params.to_string());
            writeln!(stdout(), "  {sent} {params}")?;
        }
        let is_right = sent == method && !params.contains("voice") && matches!(said, Reply::Result(_));
        if !is_right || emulated.messages().len() != 1 {
            return Err(format!("REST {rest} did not get its message").into());
        }
    }
    Ok(writeln!(stdout(), "\n{}", gate.report())?)
}
