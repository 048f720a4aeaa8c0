//! Events from emulated portals to bots of this test.

use std::time::Duration;

use imbot_caps::event::{ApplicationTokens, BotEventKind, Posted};
use imbot_caps_emulator::{Build, EmulatedPortal};
use imbot_caps_proxy::{Bots, Limits};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::support::{Stage, address_of, limits, read, until};

pub const TOKEN: &str = "token-of-the-bot";
pub const SECRET: &str = "0123456789abcdef";
pub const REGISTER: &str = "imbot.v2.Bot.register";
pub const EVENT_GET: &str = "imbot.v2.Event.get";

/// A bot that answers each event with the next of these statuses, and then with 200.
struct Bot {
    address: String,
    events: mpsc::UnboundedReceiver<Got>,
}

#[derive(Debug)]
struct Got {
    id: String,
    body: String,
}

impl Bot {
    async fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/bot", listener.local_addr().unwrap());
        let (send, events) = mpsc::unbounded_channel();
        let statuses: Vec<u16> = statuses.to_vec();
        let mut statuses = statuses.into_iter();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut text = until(&mut stream, "\r\n\r\n").await;
                let header = |text: &str, name: &str| {
                    let line = text
                        .lines()
                        .find(|line| line.to_ascii_lowercase().starts_with(name));
                    line.and_then(|line| line.split(": ").nth(1))
                        .unwrap_or_default()
                        .to_owned()
                };
                let length: usize = header(&text, "content-length").parse().unwrap();
                let body = text.find("\r\n\r\n").unwrap() + 4;
                while text.len() < body + length {
                    text.push_str(&until(&mut stream, "").await);
                }
                let id = header(&text, "imbot-caps-event-id");
                let status = statuses.next().unwrap_or(200);
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                if send
                    .send(Got {
                        id,
                        body: text[body..].to_owned(),
                    })
                    .is_err()
                {
                    return;
                }
            }
        });
        Self { address, events }
    }
}

pub struct Fixture {
    pub stage: Stage,
    pub folder: tempfile::TempDir,
}

impl Fixture {
    pub async fn new(build: Build, wants: &str) -> Self {
        let short = limits(|limits| limits.retry_first = Duration::from_millis(1));
        Self::with(build, wants, short).await
    }

    pub async fn with(build: Build, wants: &str, limits: Limits) -> Self {
        let portal = imbot_caps_emulator::Emulator::start_single(build).await.unwrap();
        Self::at(portal, &format!("bot_token = '{TOKEN}'\n{wants}"), limits).await
    }

    /// A server for a bot with these settings.
    pub async fn at(portal: EmulatedPortal, bot: &str, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = address_of(&portal);
        let toml = format!("[[bot]]\nname = 'a'\nportal = '{at}'\nsecret = '{SECRET}'\n{bot}\n");
        let proxy = super::support::builder(at)
            .bots(Bots::from_toml(&toml).unwrap(), folder.path().join("journal.db"))
            .limits(limits)
            .start()
            .await
            .unwrap();
        let client = super::support::client();
        let stage = Stage {
            portal,
            proxy,
            client,
        };
        Self { stage, folder }
    }

    pub fn address(&self) -> String {
        format!("http://{}/events/{SECRET}", self.stage.proxy.address())
    }

    /// A user writes to the bot.
    pub async fn say(&self, bot: u64, text: &str) {
        self.stage.portal.say(1, &bot.to_string(), text).await.unwrap();
    }

    /// Registers the bot, and returns its id.
    pub async fn register(&self, fields: Value) -> u64 {
        let mut own = json!({"code": "a", "properties": {"name": "A"}});
        own.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let (status, answer) = self
            .stage
            .call(REGISTER, json!({"botToken": TOKEN, "fields": own}))
            .await;
        assert_eq!(status, 200, "{answer}");
        answer["result"]["bot"]["id"].as_u64().unwrap()
    }

    pub async fn post(&self, secret: &str, body: String) -> (u16, Value) {
        let url = format!("http://{}/events/{secret}", self.stage.proxy.address());
        let request = self.stage.client.post(url);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        read(request.body(body).send().await.unwrap()).await
    }

    pub async fn page(&self, bot: u64, offset: Option<u64>) -> Value {
        let mut params = json!({"botId": bot, "botToken": TOKEN});
        if let Some(offset) = offset {
            params["offset"] = offset.into();
        }
        let (status, answer) = self.stage.call(EVENT_GET, params).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["time"]["operating"].is_number(), "{answer}");
        answer["result"].clone()
    }
}

fn deliver(bot: &Bot) -> String {
    format!("deliver = '{}'", bot.address)
}

/// A posted event of this message.
pub fn posted(token: &str, message: u64) -> String {
    format!(
        "event=ONIMBOTV2MESSAGEADD&data[bot][id]=7&data[bot][code]=a&data[message][id]={message}\
         &data[message][text]=Hi&auth[application_token]={token}&auth[domain]=a.example&ts=1"
    )
}

#[tokio::test]
async fn older_event_reaches_bot_in_newest_form() {
    let mut bot = Bot::start(&[]).await;
    let fixture = Fixture::new(Build::rest(30), &deliver(&bot)).await;
    let id = fixture
        .register(json!({"eventMode": "webhook", "webhookUrl": fixture.address()}))
        .await;
    fixture
        .stage
        .portal
        .say(1, &id.to_string(), "Hello")
        .await
        .unwrap();
    fixture.stage.portal.delivered().await;
    assert!(
        fixture
            .stage
            .portal
            .sent_events()
            .contains(&"ONIMBOTMESSAGEADD".to_owned())
    );
    let got = loop {
        let got = bot.events.recv().await.unwrap();
        if got.body.starts_with("event=ONIMBOTV2MESSAGEADD") {
            break got;
        }
    };
    let posted = Posted::from_form(got.body.as_bytes()).unwrap();
    let events = posted
        .verify(&ApplicationTokens::of_bot(TOKEN))
        .unwrap()
        .into_events();
    assert_eq!(events[0].kind(), BotEventKind::MessageAdd);
    assert_eq!((events[0].text(), events[0].bot_id()), (Some("Hello"), Some(id)));
    assert!(got.id.parse::<u64>().is_ok(), "{got:?}");
}

#[tokio::test]
async fn unverified_events_are_refused() {
    let mut bot = Bot::start(&[]).await;
    let fixture = Fixture::new(Build::rest(36), &deliver(&bot)).await;
    for (secret, body, expected) in [
        (SECRET, posted("wrong", 1), 403),
        (SECRET, "event=".to_owned(), 400),
        (SECRET, "x".repeat(5_000_000), 413),
        ("0123456789abcdee", posted(TOKEN, 1), 404),
        ("", posted(TOKEN, 1), 404),
    ] {
        let (status, answer) = fixture.post(secret, body).await;
        assert_eq!(status, expected, "{answer}");
    }
    // The first event that the bot gets is the good one.
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 2)).await.0, 200);
    let got = bot.events.recv().await.unwrap();
    assert!(got.body.contains("data%5Bmessage%5D%5Bid%5D=2"), "{got:?}");
    assert!(got.body.contains("auth%5Bdomain%5D=a.example"), "{got:?}");
}

#[tokio::test]
async fn failed_event_comes_again_with_its_id() {
    let mut bot = Bot::start(&[500, 503]).await;
    let fixture = Fixture::new(Build::rest(36), &deliver(&bot)).await;
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 2)).await.0, 200);
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(bot.events.recv().await.unwrap().id);
    }
    assert_eq!(ids, ["1", "1", "1", "2"]);
}

#[tokio::test]
async fn bot_that_always_fails_gets_the_next_event() {
    let mut bot = Bot::start(&[500; 10]).await;
    let short = limits(|limits| {
        limits.retry_first = Duration::from_millis(1);
        limits.retry_longest = Duration::from_millis(1);
    });
    let fixture = Fixture::with(Build::rest(36), &deliver(&bot), short).await;
    for message in [1, 2] {
        assert_eq!(fixture.post(SECRET, posted(TOKEN, message)).await.0, 200);
    }
    let mut ids = Vec::new();
    for _ in 0..11 {
        ids.push(bot.events.recv().await.unwrap().id);
    }
    assert_eq!((ids[9].as_str(), ids[10].as_str()), ("1", "2"));
}

#[tokio::test]
async fn event_that_is_posted_twice_comes_once() {
    let mut bot = Bot::start(&[]).await;
    let fixture = Fixture::new(Build::rest(36), &deliver(&bot)).await;
    for message in [1, 1, 2] {
        assert_eq!(fixture.post(SECRET, posted(TOKEN, message)).await.0, 200);
    }
    let first = bot.events.recv().await.unwrap();
    let second = bot.events.recv().await.unwrap();
    assert!(first.body.contains("message%5D%5Bid%5D=1") && second.body.contains("message%5D%5Bid%5D=2"));
}

#[tokio::test]
async fn full_journal_acknowledges_nothing() {
    let few = limits(|limits| limits.events = 2);
    // Such an event takes 100 to 200 bytes.
    let small = limits(|limits| limits.event_bytes = 200);
    for (most, expected) in [(few, [200, 200, 503]), (small, [200, 503, 503])] {
        let fixture = Fixture::with(Build::rest(36), "keep = true", most).await;
        for (message, expected) in [1, 2, 3].into_iter().zip(expected) {
            let (status, answer) = fixture.post(SECRET, posted(TOKEN, message)).await;
            assert_eq!(status, expected, "{message}: {answer}");
        }
    }
}

#[tokio::test]
async fn polling_bot_runs_on_portal_that_pushes() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let portal = &fixture.stage.portal;
    portal.strict();
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    for text in ["One", "Two"] {
        portal.say(1, &bot.to_string(), text).await.unwrap();
    }
    portal.delivered().await;
    let texts = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap().iter();
        let messages = events.filter(|event| event["type"] == "ONIMBOTV2MESSAGEADD");
        messages
            .map(|event| event["data"]["message"]["text"].as_str().unwrap().to_owned())
            .collect()
    };
    let page = fixture.page(bot, None).await;
    assert_eq!(texts(&page), ["One", "Two"], "{page}");
    // The same page comes until the bot confirms it.
    assert_eq!(fixture.page(bot, None).await, page);
    let next = page["nextOffset"].as_u64().unwrap();
    assert_eq!(fixture.page(bot, Some(next)).await["events"], json!([]));
    portal.say(1, &bot.to_string(), "Three").await.unwrap();
    portal.delivered().await;
    assert_eq!(texts(&fixture.page(bot, Some(next)).await), ["Three"]);
    assert!(!page.to_string().contains(TOKEN), "{page}");
    portal.expect(EVENT_GET).never();
    portal.assert_no_violations();
}

#[tokio::test]
async fn portal_with_queue_is_polled_itself() {
    let fixture = Fixture::new(Build::rest(36), "keep = true").await;
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    fixture.say(bot, "One").await;
    let page = fixture.page(bot, None).await;
    assert!(page.to_string().contains("One"), "{page}");
    fixture.stage.portal.expect(EVENT_GET).times(1);
    fixture
        .stage
        .portal
        .expect(REGISTER)
        .with("/fields/eventMode", "fetch")
        .times(1);
}

#[tokio::test]
async fn kept_events_need_the_token_of_the_bot() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
    let params = json!({"botId": 7, "botToken": "another-token"});
    let (status, answer) = fixture.stage.call(EVENT_GET, params).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (400, Some("GATE_REFUSED")),
        "{answer}"
    );
    assert_eq!(fixture.page(7, None).await["events"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn kept_events_outlive_the_server() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
    let before = fixture.page(7, None).await;
    let Fixture { stage, folder } = fixture;
    stage.proxy.stop().await;
    let toml = format!(
        "[[bot]]\nname = 'a'\nportal = '{}'\nsecret = '{SECRET}'\nbot_token = '{TOKEN}'\nkeep = true\n",
        address_of(&stage.portal)
    );
    let proxy = super::support::builder(address_of(&stage.portal))
        .bots(Bots::from_toml(&toml).unwrap(), folder.path().join("journal.db"))
        .start()
        .await
        .unwrap();
    let stage = Stage { proxy, ..stage };
    let fixture = Fixture { stage, folder };
    assert_eq!(fixture.page(7, None).await, before);
}
