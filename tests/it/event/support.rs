//! A bot at an emulated portal, and its events.

use std::time::{Duration, UNIX_EPOCH};

use imbot_caps::event::{ApplicationTokens, BotEvent, Posted};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How a bot is registered, and so the form of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    Older,
    Posted,
    Polled,
}

/// The registrations that a build has.
pub fn registrations(build: &Build) -> Vec<Registered> {
    match build.caps().knowledge().imbot_v2() {
        Some(true) => vec![Registered::Older, Registered::Posted, Registered::Polled],
        _ => vec![Registered::Older],
    }
}

/// The person who writes to the bot.
pub const PERSON: u64 = 1;

pub struct Bot {
    pub portal: EmulatedPortal,
    pub id: u64,
    pub command_id: u64,
    registered: Registered,
    token: String,
    tokens: ApplicationTokens,
    bodies: mpsc::UnboundedReceiver<Vec<u8>>,
    offset: u64,
    _emulator: Emulator,
}

impl Bot {
    /// A bot of an application with the command `echo`.
    pub async fn start(build: Build, registered: Registered) -> Self {
        let emulator = Emulator::start().await.unwrap();
        emulator.clock().stop();
        // One time for all lives, so that dates are equal.
        emulator
            .clock()
            .set(UNIX_EPOCH + Duration::from_secs(1_770_000_000));
        let portal = emulator.portal(build);
        let app = portal.install(App::new("local.app", "secret"));
        let (url, bodies) = handler().await;
        let tokens = ApplicationTokens::new(portal.application_token("local.app"));
        let mut bot = Self {
            portal,
            id: 0,
            command_id: 0,
            registered,
            token: app.access_token,
            tokens,
            bodies,
            offset: 0,
            _emulator: emulator,
        };
        if registered == Registered::Older {
            let register = json!({
                "CODE": "echo", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Echo bot"},
            });
            bot.id = bot.call("imbot.register", register).await.as_u64().unwrap();
            let command = json!({
                "BOT_ID": bot.id, "COMMAND": "echo", "EVENT_COMMAND_ADD": url,
                "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Echo"}],
            });
            let id = bot.call("imbot.command.register", command).await;
            bot.command_id = id.as_u64().unwrap();
        } else {
            let mode = match registered {
                Registered::Polled => "fetch",
                _ => "webhook",
            };
            let register = json!({"fields": {
                "code": "echo", "properties": {"name": "Echo bot"}, "eventMode": mode, "webhookUrl": url,
            }});
            let registered = bot.call("imbot.v2.Bot.register", register).await;
            bot.id = registered["bot"]["id"].as_u64().unwrap();
            let command = json!({"botId": bot.id, "command": "echo", "title": {"en": "Echo"}});
            let registered = bot.call("imbot.v2.Command.register", command).await;
            bot.command_id = registered["command"]["id"].as_u64().unwrap();
        }
        bot
    }

    pub async fn call(&self, method: &str, mut params: Value) -> Value {
        params["auth"] = self.token.as_str().into();
        let url = format!("{}{method}", self.portal.rest_url());
        let reply = reqwest::Client::new()
            .post(url)
            .header("content-type", "application/json")
            .body(params.to_string())
            .send()
            .await
            .unwrap();
        let text = reply.text().await.unwrap();
        let mut reply: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(reply.get("error"), None, "{method}: {text}");
        reply["result"].take()
    }

    /// Registers a command that can be given in all chats.
    #[cfg(feature = "reqwest")]
    pub async fn register_common(&self, name: &str) {
        if self.registered == Registered::Older {
            let url = self
                .portal
                .bots()
                .into_iter()
                .find_map(|bot| bot.webhook_url)
                .unwrap();
            let command = json!({
                "BOT_ID": self.id, "COMMAND": name, "COMMON": "Y", "EVENT_COMMAND_ADD": url,
                "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Common"}],
            });
            self.call("imbot.command.register", command).await;
        } else {
            // The flat form of 32 takes texts alone.
            let command = json!({"command": name, "title": {"en": "Common"}, "common": "Y"});
            let mut params = command.clone();
            params["fields"] = command;
            params["botId"] = self.id.into();
            self.call("imbot.v2.Command.register", params).await;
        }
    }

    /// A client of the bot's application, with a gate.
    #[cfg(feature = "reqwest")]
    pub fn client(&self) -> imbot_caps::gate::Client {
        let token = imbot_caps::portal::StaticToken::new(self.token.as_str());
        let portal = imbot_caps::Portal::builder()
            .allow_http()
            .oauth(&self.portal.rest_url(), token)
            .unwrap();
        crate::support::http::untimed().client(&portal)
    }

    /// The bodies that were posted and not read yet.
    pub fn bodies(&mut self) -> Vec<Vec<u8>> {
        let mut bodies = Vec::new();
        while let Ok(body) = self.bodies.try_recv() {
            bodies.push(body);
        }
        bodies
    }

    /// All events since the last look.
    pub async fn events(&mut self) -> Vec<BotEvent> {
        if self.registered == Registered::Polled {
            let params = json!({"botId": self.id, "offset": self.offset, "limit": 100});
            let page = self.call("imbot.v2.Event.get", params).await;
            self.offset = page["nextOffset"].as_u64().unwrap();
            let items = page["events"].as_array().unwrap().clone();
            return items
                .into_iter()
                .map(|item| BotEvent::from_polled(item).unwrap())
                .collect();
        }
        let mut events = Vec::new();
        for body in self.bodies() {
            let posted = Posted::from_form(&body).unwrap();
            assert_eq!(posted.member_id(), Some(self.portal.member_id()));
            events.extend(posted.verify(&self.tokens).unwrap().into_events());
        }
        events
    }

    /// The bot sends a message, and gets its id.
    async fn say(&self, dialog: &str, text: &str) -> u64 {
        if self.registered == Registered::Older {
            let message = json!({"BOT_ID": self.id, "DIALOG_ID": dialog, "MESSAGE": text});
            return self.call("imbot.message.add", message).await.as_u64().unwrap();
        }
        let message = json!({"botId": self.id, "dialogId": dialog, "fields": {"message": text}});
        let sent = self.call("imbot.v2.Chat.Message.send", message).await;
        sent["id"].as_u64().unwrap()
    }

    /// What happens in a bot's life, in one order on all builds.
    pub async fn live(&mut self) -> Vec<BotEvent> {
        let private = self.id.to_string();
        let person = PERSON.to_string();
        let group = group(&self.portal, &[PERSON, self.id]).await;
        self.portal
            .open_with(PERSON, &private, json!({"source": "link"}))
            .await;
        let mention = format!("[USER={}]Echo bot[/USER], hello", self.id);
        for (dialog, text) in [(&private, "Hello"), (&group, mention.as_str())] {
            let id = self.portal.say(PERSON, dialog, text).await.unwrap();
            self.portal.edit(id, &format!("{text} again")).await;
            self.portal.react(PERSON, id, "like").await;
            self.portal.delete(id).await;
        }
        for dialog in [&private, &group] {
            self.portal.say(PERSON, dialog, "/echo one").await.unwrap();
        }
        let own = self.say(&person, "Good morning").await;
        self.portal.react(PERSON, own, "like").await;
        let mut events = self.events().await;
        let (method, params) = match self.registered {
            Registered::Older => ("imbot.unregister", json!({"BOT_ID": self.id})),
            _ => ("imbot.v2.Bot.unregister", json!({"botId": self.id})),
        };
        if self.registered != Registered::Polled {
            self.call(method, params).await;
            // Returns when the events before it were posted.
            self.portal.say(PERSON, "2", "Hello").await;
            events.extend(self.events().await);
        }
        events
    }
}

/// A group chat of these users.
pub async fn group(portal: &EmulatedPortal, users: &[u64]) -> String {
    let created = reqwest::Client::new()
        .post(format!("{}im.chat.add", portal.webhook_url()))
        .header("content-type", "application/json")
        .body(json!({"USERS": users, "TITLE": "Team"}).to_string())
        .send()
        .await
        .unwrap();
    let created: Value = serde_json::from_str(&created.text().await.unwrap()).unwrap();
    format!("chat{}", created["result"])
}

/// The HTTP side of a bot. It answers each request, and passes its body on.
pub async fn handler() -> (String, mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/bot", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = Vec::new();
            let body = loop {
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).await.unwrap();
                assert_ne!(read, 0, "the request ended early");
                received.extend_from_slice(&buffer[..read]);
                if let Some(body) = whole_body(&received) {
                    break body;
                }
            };
            let _ = sender.send(body);
            let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    });
    (url, receiver)
}

fn whole_body(received: &[u8]) -> Option<Vec<u8>> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&received[..end]).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?;
    let body = received.get(end + 4..end + 4 + length.parse::<usize>().unwrap())?;
    Some(body.to_vec())
}
