//! Polling: the offset moves on after the hook, and failures that pass are waited for.

use std::io;
use std::time::Duration;

use imbot_caps::event::BotEventKind;
use imbot_caps::gate::{CallError, Client, PollError};
use imbot_caps::{Feature, Registry};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use serde_json::{Value, json};

use crate::support::http::{Untimed, webhook};

const EVENT_GET: &str = "imbot.v2.Event.get";
const BOT_GET: &str = "imbot.v2.Bot.get";

/// A bot of a webhook that polls.
struct Bot {
    emulator: Emulator,
    portal: EmulatedPortal,
    client: Client,
    id: u64,
}

impl Bot {
    async fn start(build: Build) -> Self {
        let emulator = Emulator::start().await.unwrap();
        emulator.clock().stop();
        let portal = emulator.portal(build);
        let registry = Registry::builder(Untimed::default())
            .clock(emulator.clock())
            .build();
        let client = registry.client(&webhook(&portal));
        let register = json!({
            "botToken": "t", "fields": {"code": "b", "properties": {"name": "B"}, "eventMode": "fetch"},
        });
        let registered = client.call("imbot.v2.Bot.register", register).await.unwrap();
        let id = registered["bot"]["id"].as_u64().unwrap();
        portal.take_requests();
        Self {
            emulator,
            portal,
            client,
            id,
        }
    }

    async fn say(&self, texts: &[&str]) {
        for text in texts {
            self.portal.say(1, &self.id.to_string(), text).await.unwrap();
        }
    }

    fn offsets(&self) -> Vec<Value> {
        let requests = self.portal.take_requests().into_iter();
        let pages = requests.filter(|request| request.method == EVENT_GET);
        pages
            .map(|request| request.params.get("offset").cloned().unwrap_or_default())
            .collect()
    }
}

/// The hook fails at this text.
async fn texts_until(
    polling: &mut imbot_caps::gate::EventPolling,
    bad: &str,
) -> (Vec<(u64, String)>, Result<usize, PollError<io::Error>>) {
    let mut texts = Vec::new();
    let result = polling
        .page(async |event| {
            let event = event.unwrap();
            if event.kind() == BotEventKind::MessageAdd {
                let text = event.text().unwrap().to_owned();
                if text == bad {
                    return Err(io::Error::other("no room"));
                }
                texts.push((event.id().unwrap(), text));
            }
            Ok(())
        })
        .await;
    (texts, result)
}

#[tokio::test]
async fn offset_moves_after_hook() {
    let bot = Bot::start(Build::rest(36)).await;
    bot.say(&["one", "two", "three"]).await;
    let mut polling = bot.client.events(bot.id).bot_token("t");
    let (texts, result) = texts_until(&mut polling, "two").await;
    assert!(matches!(result, Err(PollError::Hook(_))), "{result:?}");
    assert_eq!(texts.iter().map(|(_, text)| &**text).collect::<Vec<_>>(), ["one"]);
    let stored = polling.offset().unwrap();
    // After a crash the program begins at the stored offset.
    let mut polling = bot.client.events(bot.id).bot_token("t").from_offset(stored);
    let (again, result) = texts_until(&mut polling, "").await;
    assert!(result.is_ok());
    assert_eq!(
        again.iter().map(|(_, text)| &**text).collect::<Vec<_>>(),
        ["two", "three"]
    );
    let (rest, result) = texts_until(&mut polling, "").await;
    assert_eq!((rest.len(), result.unwrap()), (0, 0));
    let offsets = bot.offsets();
    assert_eq!(offsets[0], Value::Null, "the first request confirms nothing");
    assert_eq!(offsets[1], json!(stored));
}

#[tokio::test]
async fn dropped_page_confirms_nothing() {
    let bot = Bot::start(Build::rest(36)).await;
    bot.say(&["one", "two"]).await;
    let mut polling = bot.client.events(bot.id).bot_token("t");
    let mut seen = 0;
    {
        let page = polling.page(async |event| {
            seen += usize::from(event.unwrap().kind() == BotEventKind::MessageAdd);
            if seen == 1 {
                return Ok::<(), io::Error>(());
            }
            std::future::pending().await
        });
        let mut page = std::pin::pin!(page);
        // The second hook never returns. The page is dropped while it runs.
        let idle = async {
            while bot.portal.count(EVENT_GET) == 0 {
                tokio::task::yield_now().await;
            }
            for _ in 0..10_000 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            result = &mut page => panic!("{result:?}"),
            () = idle => {}
        }
    }
    let (texts, _) = texts_until(&mut polling, "").await;
    assert_eq!(texts.last().unwrap().1, "two", "the event comes again");
}

#[tokio::test]
async fn portal_without_polling_refuses_at_once() {
    for build in [Build::rest(30), Build::rest32_without_imbot_v2()] {
        let emulator = Emulator::start().await.unwrap();
        let portal = emulator.portal(build);
        let registry = Registry::builder(Untimed::default())
            .clock(emulator.clock())
            .build();
        let client = registry.client(&webhook(&portal));
        let mut polling = client.events(7).bot_token("t");
        let error = polling.run(async |_| Ok::<(), io::Error>(())).await.unwrap_err();
        assert!(matches!(error, PollError::Call(CallError::Refused(_))), "{error}");
        assert!(error.to_string().contains("address"), "{error}");
        assert_eq!(portal.count(EVENT_GET), 0);
    }
}

#[tokio::test]
async fn passing_failures_are_waited_for() {
    let bot = Bot::start(Build::rest(36)).await;
    bot.say(&["one"]).await;
    bot.portal.fault(Fault::html(503).on(EVENT_GET).times(3));
    let mut polling = bot.client.events(bot.id).bot_token("t");
    let mut texts = Vec::new();
    let began = bot.emulator.clock().now();
    let run = polling.run(async |event| match event.unwrap().text() {
        Some(text) => {
            texts.push(text.to_owned());
            Err(io::Error::other("enough"))
        }
        None => Ok(()),
    });
    let advance = async {
        loop {
            bot.emulator.clock().advance(Duration::from_millis(100));
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        }
    };
    let error = tokio::select! {
        result = run => result.unwrap_err(),
        () = advance => unreachable!(),
    };
    assert!(matches!(error, PollError::Hook(_)), "{error}");
    assert_eq!(texts, ["one"]);
    let passed = bot.emulator.clock().now().duration_since(began).unwrap();
    // 1 s, 2 s and 4 s.
    assert!(passed >= Duration::from_secs(7), "{passed:?}");
    assert_eq!(bot.offsets().len(), 4);
}

#[tokio::test]
async fn lasting_failures_end_polling() {
    let bot = Bot::start(Build::rest(36)).await;
    let mut polling = bot.client.events(bot.id + 1_000).bot_token("t");
    let error = polling.run(async |_| Ok::<(), io::Error>(())).await.unwrap_err();
    assert!(matches!(&error, PollError::Call(CallError::Api(_))), "{error}");
    assert_eq!(bot.offsets().len(), 1);
}

/// The queue of a bot with an address stays empty for ever, and the reply to `Event.get` does not tell.
#[tokio::test]
async fn bot_with_address_is_not_polled() {
    let polls = Build::shipped().filter(|build| build.caps().supports(Feature::ImbotV2EventGet));
    let mut cases = 0;
    for build in polls {
        for is_older in [true, false] {
            cases += 1;
            let bot = Bot::start(build.clone()).await;
            let url = "https://bot.example/?CLIENT_ID=t";
            let (method, params) = match is_older {
                true => (
                    "imbot.register",
                    json!({
                        "CODE": "older", "CLIENT_ID": "t", "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "B"},
                    }),
                ),
                false => (
                    "imbot.v2.Bot.register",
                    json!({"botToken": "t", "fields": {
                        "code": "newer", "properties": {"name": "B"}, "eventMode": "webhook", "webhookUrl": url,
                    }}),
                ),
            };
            let registered = bot.client.call(method, params).await.unwrap();
            let id = registered
                .as_u64()
                .or_else(|| registered["bot"]["id"].as_u64())
                .unwrap();
            bot.portal.say(1, &id.to_string(), "Hello").await.unwrap();
            bot.portal.take_requests();
            let mut polling = bot.client.events(id).bot_token("t");
            let error = polling.run(async |_| Ok::<(), io::Error>(())).await.unwrap_err();
            assert!(
                matches!(error, PollError::NotPolled { bot_id } if bot_id == id),
                "{build:?}: {error}"
            );
            assert!(error.to_string().contains("imbot.v2.Bot.update"), "{error}");
            assert_eq!(
                (bot.portal.count(EVENT_GET), bot.portal.count(BOT_GET)),
                (1, 1),
                "{build:?}"
            );
            // The program switches the bot to polling, and goes on.
            let update = json!({"botId": id, "botToken": "t", "fields": {"eventMode": "fetch"}});
            bot.client.call("imbot.v2.Bot.update", update).await.unwrap();
            bot.portal.say(1, &id.to_string(), "Hello again").await.unwrap();
            let (texts, result) = texts_until(&mut polling, "").await;
            assert_eq!(texts.len(), 1, "{build:?}: {result:?}");
            assert_eq!(texts[0].1, "Hello again", "{build:?}");
        }
    }
    assert!(cases >= 8, "{cases}");
}

/// A bot that polls is asked about once. If the portal does not say how it gets its events, polling goes on.
#[tokio::test]
async fn mode_is_asked_for_once() {
    let bot = Bot::start(Build::rest(36)).await;
    bot.portal.fault(Fault::html(503).on(BOT_GET).once());
    let mut polling = bot.client.events(bot.id).bot_token("t");
    for nth in 1..=4 {
        let (texts, result) = texts_until(&mut polling, "").await;
        assert_eq!((texts.len(), result.unwrap()), (0, 0));
        assert_eq!(
            bot.portal.count(BOT_GET),
            nth.min(2),
            "asked again after a failure that passes"
        );
    }
    bot.portal
        .fault(Fault::result(json!({"bot": {"id": bot.id}})).on(BOT_GET).once());
    let mut polling = bot.client.events(bot.id).bot_token("t");
    for _ in 0..2 {
        let (_, result) = texts_until(&mut polling, "").await;
        assert_eq!(result.unwrap(), 0);
    }
    assert_eq!(bot.portal.count(BOT_GET), 3);
    bot.say(&["one"]).await;
    assert_eq!(texts_until(&mut polling, "").await.0.len(), 1);
}
