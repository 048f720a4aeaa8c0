//! The bot. It knows nothing of builds: it reads each event in the newest form, and calls the newest methods.

use std::collections::HashMap;
use std::error::Error;

use imbot_caps::event::{BotEvent, BotEventKind};
use imbot_caps::gate::Client;
use serde_json::{Value, json};
use tokio::sync::Mutex;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

pub struct Bot {
    pub id: u64,
    token: String,
    client: Client,
    /// The bot's answer to each message.
    answers: Mutex<HashMap<u64, Value>>,
    /// What the bot heard and did.
    pub transcript: Mutex<Vec<String>>,
}

impl Bot {
    /// Registers the bot and its command. The portal posts the events to `address`.
    pub async fn register(client: Client, token: String, address: &str) -> Result<Self> {
        let bot = json!({"botToken": token, "fields": {
            "code": "echo", "type": "bot", "properties": {"name": "Echo bot"},
            "eventMode": "webhook", "webhookUrl": address,
        }});
        let registered = client.call("imbot.v2.Bot.register", bot).await?;
        let bot = Self {
            id: registered["bot"]["id"].as_u64().ok_or("the bot has no id")?,
            token,
            client,
            answers: Mutex::default(),
            transcript: Mutex::default(),
        };
        let command = json!({"fields": {"command": "echo", "title": {"en": "Echo"}}});
        bot.call("Command.register", command).await?;
        Ok(bot)
    }

    /// Handles an event.
    pub async fn hear(&self, event: &BotEvent) -> Result<()> {
        if event.user_id() == Some(self.id) {
            return Ok(()); // its own edit
        }
        let text = event.text_without_mentions().unwrap_or_default();
        self.note(&format!("{:?} {text}", event.kind())).await;
        let message = event.message_id().unwrap_or_default();
        match event.kind() {
            BotEventKind::JoinChat => drop(self.answer(event, "Good morning! Try /echo.").await?),
            BotEventKind::CommandAdd => {
                let params = event.command().map_or("", |command| command.params);
                self.answer(event, params).await?;
            }
            BotEventKind::MessageAdd if text == "thank you" => {
                let reaction = json!({"messageId": message, "reaction": "like"});
                self.call("Chat.Message.Reaction.add", reaction).await?;
                self.note("  likes it").await;
            }
            BotEventKind::MessageAdd => {
                let sent = self.answer(event, &format!("You said: {text}")).await?;
                self.answers.lock().await.insert(message, sent["id"].clone());
            }
            BotEventKind::MessageUpdate => {
                let (answer, edited) = (
                    self.answers.lock().await.remove(&message),
                    format!("You meant: {text}"),
                );
                let edit = json!({"messageId": answer, "fields": {"message": edited}});
                self.call("Chat.Message.update", edit).await?;
                self.note(&format!("  edits its answer: {edited}")).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Removes the bot.
    pub async fn unregister(&self) -> Result<Value> {
        self.call("Bot.unregister", json!({})).await
    }

    /// Answers in the dialog of the event.
    async fn answer(&self, event: &BotEvent, text: &str) -> Result<Value> {
        let call = event.answer(text)?.with("botToken", self.token.as_str());
        let sent = self.client.send_call(call).await?;
        self.note(&format!("  answers: {text}")).await;
        Ok(sent)
    }

    async fn call(&self, method: &str, mut params: Value) -> Result<Value> {
        params["botId"] = self.id.into();
        params["botToken"] = self.token.as_str().into();
        Ok(self.client.call(format!("imbot.v2.{method}"), params).await?)
    }

    async fn note(&self, line: &str) {
        self.transcript.lock().await.push(line.trim_end().to_owned());
    }
}
