//! The life of a bot's registration: restarts, upgrades of its portal, another address.

use imbot_caps::event::{ApplicationTokens, BotEvent, BotEventKind, EventForm, Posted};
use imbot_caps::gate::{Client, Gate, NewerEventsError};
use imbot_caps::portal::StaticToken;
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Feature, Portal};
use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Fault};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tracing_subscriber::layer::SubscriberExt;

use super::support::{Bot, PERSON, Registered, group, handler};
use crate::probe::log::{Fields, of_this_thread};
use crate::support::http::{untimed, webhook};

/// Who registers the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credential {
    Application,
    Webhook,
}

/// How the bot is registered.
#[derive(Clone, Copy, Debug)]
enum Way {
    Call,
    /// As a command of a batch.
    Batch,
}

const TOKEN: &str = "t0ken";

struct Stage {
    portal: EmulatedPortal,
    access_token: String,
    credential: Credential,
}

impl Stage {
    async fn set(build: Build, credential: Credential) -> Self {
        let portal = Emulator::start_single(build).await.unwrap();
        let access_token = portal.install(App::new("local.app", "secret")).access_token;
        Self {
            portal,
            access_token,
            credential,
        }
    }

    /// The client of a program that has just started: it remembers nothing.
    fn client(&self) -> Client {
        let portal = match self.credential {
            Credential::Webhook => webhook(&self.portal),
            Credential::Application => Portal::builder()
                .allow_http()
                .oauth(&self.portal.rest_url(), StaticToken::new(&*self.access_token))
                .unwrap(),
        };
        let gate = Gate::builder(&untimed()).bot_token_in_event_url().build();
        gate.client(&portal)
    }

    fn with_token(&self, mut params: Value) -> Value {
        if self.credential == Credential::Webhook {
            params["botToken"] = TOKEN.into();
        }
        params
    }

    fn registration(&self, code: &str, url: &str) -> Call {
        let register = json!({"fields": {
            "code": code, "properties": {"name": "Echo bot"}, "eventMode": "webhook", "webhookUrl": url,
        }});
        Call::from_serialize("imbot.v2.Bot.register", &self.with_token(register)).unwrap()
    }

    fn tokens(&self) -> ApplicationTokens {
        match self.credential {
            Credential::Webhook => ApplicationTokens::of_bot(TOKEN),
            Credential::Application => ApplicationTokens::new(self.portal.application_token("local.app")),
        }
    }

    /// What a program does at each start. Returns the bot.
    async fn start(&self, client: &Client, url: &str) -> u64 {
        self.start_by(client, url, Way::Call).await
    }

    async fn start_by(&self, client: &Client, url: &str, way: Way) -> u64 {
        let register = self.registration("echo", url);
        let bot = match way {
            Way::Call => client.send_call(register).await.unwrap(),
            Way::Batch => {
                let list = self.with_token(json!({}));
                let list = Call::from_serialize("imbot.v2.Bot.list", &list).unwrap();
                let replies = client.batch([("echo", register), ("list", list)]).await.unwrap();
                match replies.get("echo") {
                    Some(Reply::Result(bot)) => bot.clone(),
                    other => panic!("{other:?}"),
                }
            }
        };
        let bot = bot["bot"]["id"].as_u64().unwrap();
        let command = json!({"botId": bot, "fields": {"command": "echo", "title": {"en": "Echo"}}});
        client
            .call("imbot.v2.Command.register", self.with_token(command))
            .await
            .unwrap();
        bot
    }

    fn read(&self, client: &Client, bodies: &mut UnboundedReceiver<Vec<u8>>) -> Vec<BotEvent> {
        let mut events = Vec::new();
        while let Ok(body) = bodies.try_recv() {
            let posted = Posted::from_form(&body).unwrap();
            events.extend(client.verify(posted, &self.tokens()).unwrap().into_events());
        }
        events
    }
}

fn of_kind(events: &[BotEvent], kind: BotEventKind) -> usize {
    events.iter().filter(|event| event.kind() == kind).count()
}

/// A bot is registered at one build. Its portal is upgraded or not. The program starts again, with the same
/// address or another. Then each event comes once, to the address that was asked for.
#[tokio::test]
async fn each_start_gets_events_once() {
    let newest = Build::shipped().last().unwrap();
    let mut cases = 0;
    for before in Build::shipped() {
        for after in [before.clone(), newest.clone()] {
            for credential in [Credential::Application, Credential::Webhook] {
                for (moves, way) in [(false, Way::Call), (true, Way::Call), (true, Way::Batch)] {
                    cases += 1;
                    let label = format!("{before:?} -> {after:?}, {credential:?}, moves: {moves}, {way:?}");
                    starts_get_events_once(&before, &after, credential, moves, way, &label).await;
                }
            }
        }
    }
    assert!(cases > 60, "{cases}");
}

async fn starts_get_events_once(
    before: &Build,
    after: &Build,
    credential: Credential,
    moves: bool,
    way: Way,
    label: &str,
) {
    let stage = Stage::set(before.clone(), credential).await;
    let (first, mut at_first) = handler().await;
    let (second, mut at_second) = handler().await;
    let bot = stage.start_by(&stage.client(), &first, way).await;
    stage.portal.set_build(after.clone());
    let client = stage.client();
    let url = if moves { &second } else { &first };
    assert_eq!(stage.start_by(&client, url, way).await, bot, "{label}");
    for text in ["Hello", "/echo one"] {
        stage.portal.say(PERSON, &bot.to_string(), text).await.unwrap();
    }
    let (old, new) = (
        stage.read(&client, &mut at_first),
        stage.read(&client, &mut at_second),
    );
    let (old, heard) = if moves { (old, new) } else { (new, old) };
    assert_eq!(of_kind(&heard, BotEventKind::MessageAdd), 1, "{label}: {heard:?}");
    assert_eq!(of_kind(&heard, BotEventKind::CommandAdd), 1, "{label}: {heard:?}");
    // Only an application can remove the handlers that older builds of imbot.v2 keep.
    let caps = after.caps();
    let keeps = !caps.supports(Feature::SubscriptionCleanup)
        && before.caps().supports(Feature::ImbotV2BotRegister)
        && credential == Credential::Webhook;
    assert!(old.is_empty() || keeps, "{label}: {old:?}");
}

/// Two bots move to another address in one batch.
#[tokio::test]
async fn each_bot_of_batch_gets_its_address() {
    for build in [
        Build::rest32_with_imbot_v2(),
        Build::rest(33),
        Build::rest(35),
        Build::rest(36),
    ] {
        let stage = Stage::set(build.clone(), Credential::Webhook).await;
        let client = stage.client();
        let registration = |code: &str, url: &str| {
            let token = format!("token-of-{code}");
            let fields = json!({
                "code": code, "properties": {"name": "B"}, "eventMode": "webhook", "webhookUrl": url,
            });
            Call::new("imbot.v2.Bot.register")
                .with("botToken", token)
                .with("fields", fields)
        };
        let mut first = [handler().await, handler().await];
        let mut second = [handler().await, handler().await];
        for (code, (url, _)) in ["a", "b"].iter().zip(&first) {
            client.send_call(registration(code, url)).await.unwrap();
        }
        let batch = [
            ("a", registration("a", &second[0].0)),
            ("b", registration("b", &second[1].0)),
        ];
        let replies = client.batch(batch).await.unwrap();
        for (code, [(_, old), (_, new)]) in ["a", "b"]
            .iter()
            .zip(first.iter_mut().zip(&mut second).map(|(old, new)| [old, new]))
        {
            let Some(Reply::Result(bot)) = replies.get(code) else {
                panic!("{replies:?}")
            };
            let dialog = bot["bot"]["id"].to_string();
            stage.portal.say(PERSON, &dialog, "Hello").await.unwrap();
            let posted = |bodies: &mut UnboundedReceiver<Vec<u8>>| {
                let bodies = std::iter::from_fn(|| bodies.try_recv().ok());
                bodies
                    .filter(|body| body.starts_with(b"event=ONIMBOTV2MESSAGEADD"))
                    .count()
            };
            assert_eq!(posted(new), 1, "{build:?} {code}");
            // Older builds of imbot.v2 keep the handlers, and a webhook cannot remove them.
            let keeps = !build.caps().supports(Feature::SubscriptionCleanup);
            assert_eq!(posted(old), usize::from(keeps), "{build:?} {code}");
        }
    }
}

/// What an upgrade does to a bot that was registered before it.
#[tokio::test]
async fn upgraded_bot_hears_older_form_and_is_listed() {
    for credential in [Credential::Application, Credential::Webhook] {
        let stage = Stage::set(Build::rest(30), credential).await;
        let (url, mut bodies) = handler().await;
        let client = stage.client();
        let bot = stage.start(&client, &url).await;
        let listed = client.gate().report().bots_with_older_events;
        assert_eq!(listed.len(), 1, "registered by the older API");
        assert_eq!((listed[0].bot_id, listed[0].events), (bot, 0));
        stage.portal.set_build(Build::rest(36));
        // The program starts again.
        let client = stage.client();
        assert_eq!(stage.start(&client, &url).await, bot);
        assert!(
            client.gate().report().bots_with_older_events.is_empty(),
            "nothing is known yet"
        );
        stage.portal.say(PERSON, &bot.to_string(), "Hello").await.unwrap();
        let events = stage.read(&client, &mut bodies);
        assert_eq!(of_kind(&events, BotEventKind::MessageAdd), 1);
        assert!(events.iter().all(|event| event.form() == EventForm::Older));
        let report = client.gate().report();
        let listed = &report.bots_with_older_events;
        assert_eq!((listed.len(), listed[0].bot_id), (1, bot));
        assert_eq!(listed[0].events, events.len() as u64);
        assert_eq!(&listed[0].portal, client.portal().portal().id());
        assert!(report.to_string().contains(&format!("bot {bot} of ")), "{report}");
        let gone = stage.with_token(json!({"botId": bot}));
        client.call("imbot.v2.Bot.unregister", gone).await.unwrap();
        assert!(client.gate().report().bots_with_older_events.is_empty());
    }
}

/// A portal is upgraded between two messages: the bot hears both, and answers both.
#[tokio::test]
async fn upgrade_between_messages_loses_none() {
    let mut bot = Bot::start(Build::rest(30), Registered::Older).await;
    let client = bot.client();
    let dialog = bot.id.to_string();
    for (build, text) in [(Build::rest(30), "one"), (Build::rest(36), "two")] {
        bot.portal.set_build(build);
        bot.portal.say(PERSON, &dialog, text).await.unwrap();
        let events = bot.events().await;
        let event = events
            .iter()
            .find(|event| event.kind() == BotEventKind::MessageAdd)
            .unwrap();
        assert_eq!(event.text(), Some(text));
        client
            .send_call(event.answer(format!("answer to {text}")).unwrap())
            .await
            .unwrap();
        assert_eq!(
            bot.portal.messages().last().unwrap().text,
            format!("answer to {text}")
        );
    }
}

/// An application's bot moves to the newer form with its id, its chats and its command.
#[tokio::test]
async fn application_moves_to_newer_form() {
    let newest = Build::shipped().last().unwrap();
    for after in Build::shipped() {
        let stage = Stage::set(Build::rest(30), Credential::Application).await;
        let (url, mut bodies) = handler().await;
        let bot = stage.start(&stage.client(), &url).await;
        let chat = group(&stage.portal, &[PERSON, bot]).await;
        stage.portal.set_build(after.clone());
        let client = stage.client();
        // The bot has joined the chat. Its event is posted by the time at which this returns.
        stage.portal.say(PERSON, &bot.to_string(), "Hi").await.unwrap();
        stage.read(&client, &mut bodies);
        let moved = client.use_newer_events(bot, &url).await;
        let form = match after.caps().supports(Feature::ImbotV2BotUpdate) {
            true => {
                assert!(moved.unwrap() >= 4, "{after:?}");
                // A repeat has nothing to remove.
                assert_eq!(client.use_newer_events(bot, &url).await.unwrap(), 0);
                EventForm::V2Posted
            }
            false => {
                assert!(matches!(moved, Err(NewerEventsError::NoImbotV2)));
                EventForm::Older
            }
        };
        assert_eq!(stage.start(&client, &url).await, bot);
        let mention = format!("[USER={bot}]Echo bot[/USER], hello");
        for (dialog, text) in [
            (&bot.to_string(), "Hello"),
            (&chat, &mention),
            (&chat, "/echo one"),
        ] {
            stage.portal.say(PERSON, dialog, text).await.unwrap();
        }
        let events = stage.read(&client, &mut bodies);
        let kinds = [BotEventKind::MessageAdd, BotEventKind::CommandAdd].map(|kind| of_kind(&events, kind));
        assert_eq!(kinds, [2, 1], "{after:?}");
        assert!(events.iter().all(|event| event.form() == form), "{after:?}");
    }
    let stage = Stage::set(newest, Credential::Webhook).await;
    let moved = stage.client().use_newer_events(7, "https://bot.example/").await;
    assert!(matches!(moved, Err(NewerEventsError::Webhook)));
    assert!(stage.portal.requests().is_empty(), "nothing was sent");
}

/// A portal can take an address and not use it. Then the older handlers stay.
#[tokio::test]
async fn move_keeps_older_handlers_until_newer_exist() {
    let stage = Stage::set(Build::rest(30), Credential::Application).await;
    let (url, mut bodies) = handler().await;
    let bot = stage.start(&stage.client(), &url).await;
    stage.portal.set_build(Build::rest(36));
    let answer = json!({"bot": {"id": bot, "eventMode": "webhook"}, "users": []});
    stage
        .portal
        .fault(Fault::result(answer).on("imbot.v2.Bot.update").once());
    let moved = stage.client().use_newer_events(bot, &url).await;
    assert!(matches!(moved, Err(NewerEventsError::NoNewHandler)), "{moved:?}");
    stage.portal.say(PERSON, &bot.to_string(), "Hello").await.unwrap();
    let events = stage.read(&stage.client(), &mut bodies);
    assert_eq!(of_kind(&events, BotEventKind::MessageAdd), 1);
}

/// A bot is registered for one form of events, and the program passes on the other form alone.
#[tokio::test]
async fn unread_form_is_logged_once() {
    let log = Fields::default();
    let _guard = of_this_thread(tracing_subscriber::registry().with(log.clone()));
    let newer = "event=ONIMBOTV2MESSAGEADD&data[bot][id]=7&auth[application_token]=s3cret-token";
    let older = "event=ONIMBOTMESSAGEADD&data[BOT][7][BOT_ID]=7&auth[application_token]=s3cret-token";
    let tokens = ApplicationTokens::new("s3cret-token");
    for (build, other, form) in [
        (Build::rest(30), newer, "older"),
        (Build::rest(36), older, "newer"),
    ] {
        let stage = Stage::set(build, Credential::Application).await;
        let client = stage.client();
        stage.start(&client, "http://127.0.0.1:9/").await;
        let before = log.count("bitrix24.form");
        for nth in 0..40 {
            assert_eq!(
                log.count("bitrix24.form") - before,
                usize::from(nth >= 16),
                "{form} {nth}"
            );
            client
                .verify(Posted::from_form(other.as_bytes()).unwrap(), &tokens)
                .unwrap();
        }
        assert!(log.mention(&format!("{form}: ONIM")));
    }
    assert!(!log.mention("s3cret-token"));
}
