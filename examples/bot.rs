//! A bot without a branch: written once against the newest imbot.v2, run on four
//! emulated portals from 2021 to today.
//!
//! `cargo run --example bot` needs nothing else, and prints what each portal was sent.

#![allow(clippy::indexing_slicing, reason = "of JSON: what is missing is null")]

use std::error::Error;
use std::io::{Write, stdout};

use imbot_caps::gate::{CallError, Client, Gate};
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The bot. It knows nothing of revisions.
struct Bot {
    client: Client,
    id: Value,
}

const TOKEN: &str = "a-token-of-the-bot";

impl Bot {
    async fn register(client: Client) -> Result<Self> {
        let fields = json!({
            "code": "helper", "type": "bot", "eventMode": "webhook",
            "webhookUrl": "https://bot.example/events",
            "properties": {"name": "Helper", "color": "lightBlue"},
        });
        let registered = client
            .call(
                "imbot.v2.Bot.register",
                json!({"botToken": TOKEN, "fields": fields}),
            )
            .await?;
        let id = registered["bot"]["id"].clone();
        Ok(Self { client, id })
    }

    async fn call(&self, method: &str, mut params: Value) -> std::result::Result<Value, CallError> {
        params["botId"] = self.id.clone();
        params["botToken"] = TOKEN.into();
        self.client.call(format!("imbot.v2.{method}"), params).await
    }

    /// Everything that it does in its life.
    async fn live(&self) -> Result<()> {
        let command = json!({"command": "help", "title": {"en": "Help"}, "params": {"en": "[topic]"}});
        self.call("Command.register", json!({"fields": command})).await?;
        let chat = self
            .call("Chat.add", json!({"fields": {"title": "Team", "userIds": [1]}}))
            .await?;
        let dialog = &chat["chat"]["dialogId"];
        let greeting = json!({
            "message": "Good morning", "system": true, "urlPreview": false,
            "keyboard": {"BUTTONS": [{"TEXT": "Help", "COMMAND": "help"}]},
        });
        self.call(
            "Chat.Message.send",
            json!({"dialogId": dialog, "fields": greeting}),
        )
        .await?;
        self.call("Chat.Manager.add", json!({"dialogId": dialog, "userIds": [1]}))
            .await?;
        let note = json!({"dialogId": dialog, "fields": {"message": "One moment"}});
        let sent = self.call("Chat.Message.send", note).await?;
        self.call(
            "Chat.Message.delete",
            json!({"messageId": sent["id"], "complete": true}),
        )
        .await?;
        // A new token, where the portal really takes it. Old ones say "success" and keep
        // the old one: there the gate refuses, and the bot keeps its token, too.
        let rotation = self
            .call("Bot.update", json!({"fields": {"botToken": "another-token"}}))
            .await;
        match rotation {
            Ok(_) => writeln!(stdout(), "  the token is another now")?,
            Err(error) if error.refused().is_some() => writeln!(stdout(), "  the token stays: {error}")?,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let emulator = Emulator::start().await?;
    // Before revision 35 a webhook's bot hears its events with this alone. Its token then
    // stands in the log of the server that receives them.
    let gate = Gate::builder(&Registry::new()).bot_token_in_event_url().build();
    for (name, build) in [
        ("today's cloud, revision 36", Build::rest(36)),
        ("revision 34, on premise", Build::rest(34).on_premise()),
        ("revision 32 with imbot.v2", Build::rest32_with_imbot_v2()),
        ("revision 30, before imbot.v2", Build::rest(30).on_premise()),
    ] {
        writeln!(stdout(), "\n{name}")?;
        let emulated = emulator.portal(build);
        let portal = Portal::builder().allow_http().webhook(emulated.webhook_url())?;
        let bot = Bot::register(gate.client(&portal)).await?;
        bot.live().await?;
        print_requests(&emulated)?;
    }
    writeln!(stdout(), "\n{}", gate.report())?;
    Ok(())
}

fn print_requests(emulated: &EmulatedPortal) -> Result<()> {
    for request in emulated.requests() {
        let text = request.params.to_string();
        let short: String = text.chars().take(110).collect();
        let more = if short.len() < text.len() { "…" } else { "" };
        writeln!(stdout(), "  {} {short}{more}", request.method)?;
    }
    Ok(())
}
