//! A portal is upgraded from before imbot.v2 while a bot lives on it.

use imbot_caps::event::{ApplicationTokens, EventForm, Posted};
use imbot_caps::gate::Client;
use imbot_caps::portal::StaticToken;
use imbot_caps::{Portal, Registry};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::support::{PERSON, handler};
use crate::support::http::{Untimed, webhook};

const TOKEN: &str = "a-token-of-the-bot";

struct Bot {
    portal: EmulatedPortal,
    client: Client,
    tokens: ApplicationTokens,
    bodies: UnboundedReceiver<Vec<u8>>,
    id: u64,
    _emulator: Emulator,
}

impl Bot {
    async fn start(is_application: bool) -> Self {
        let emulator = Emulator::start().await.unwrap();
        emulator.clock().stop();
        let emulated = emulator.portal(Build::rest(30).on_premise());
        let (portal, tokens) = match is_application {
            true => {
                let app = emulated.install(App::new("local.app", "secret"));
                let token = StaticToken::new(app.access_token);
                let portal = Portal::builder().allow_http().oauth(&emulated.rest_url(), token);
                let secret = emulated.application_token("local.app");
                (portal.unwrap(), ApplicationTokens::new(secret))
            }
            false => (webhook(&emulated), ApplicationTokens::of_bot(TOKEN)),
        };
        let registry = Registry::builder(Untimed::default())
            .clock(emulator.clock())
            .build();
        let client = registry.client(&portal);
        let (url, bodies) = handler().await;
        let mut register = json!({"fields": {
            "code": "echo", "properties": {"name": "Echo bot"}, "eventMode": "webhook", "webhookUrl": url,
        }});
        if !is_application {
            register["botToken"] = TOKEN.into();
        }
        let registered = client.call("imbot.v2.Bot.register", register).await.unwrap();
        Self {
            portal: emulated,
            client,
            tokens,
            bodies,
            id: registered["bot"]["id"].as_u64().unwrap(),
            _emulator: emulator,
        }
    }

    /// A person writes, and the bot answers each message. Returns the form of its events.
    async fn hears(&mut self, text: &str, is_application: bool) -> Vec<EventForm> {
        self.portal.say(PERSON, &self.id.to_string(), text).await.unwrap();
        let mut forms = Vec::new();
        while let Ok(body) = self.bodies.try_recv() {
            let verified = Posted::from_form(&body).unwrap().verify(&self.tokens).unwrap();
            // An application gets the tokens of the user, and a webhook gets none.
            assert_eq!(verified.tokens().is_some(), is_application);
            for event in verified.events() {
                let Some(text) = event.text() else { continue };
                forms.push(event.form());
                let mut answer = json!({
                    "botId": event.bot_id(), "dialogId": event.dialog_id(),
                    "fields": {"message": format!("You said: {text}")},
                });
                if !is_application {
                    answer["botToken"] = TOKEN.into();
                }
                let sent = self.client.call("imbot.v2.Chat.Message.send", answer).await;
                assert!(sent.unwrap()["id"].is_u64());
            }
        }
        forms
    }

    fn answers(&self) -> Vec<String> {
        let messages = self.portal.messages().into_iter();
        let own = messages.filter(|message| message.author_id == self.id);
        own.map(|message| message.text).collect()
    }
}

#[tokio::test]
async fn upgrade_between_messages_loses_none() {
    for is_application in [false, true] {
        let mut bot = Bot::start(is_application).await;
        assert_eq!(bot.hears("one", is_application).await, [EventForm::Older]);
        bot.portal.set_build(Build::rest(36));
        // The registry still knows the portal as it was.
        assert_eq!(bot.hears("two", is_application).await, [EventForm::Older]);
        bot.client.portal().refresh().await.unwrap();
        bot.portal.take_requests();
        assert_eq!(bot.hears("three", is_application).await, [EventForm::Older]);
        assert_eq!(
            bot.answers(),
            ["You said: one", "You said: two", "You said: three"]
        );
        assert_eq!(bot.portal.count("imbot.v2.Chat.Message.send"), 1);
    }
}
