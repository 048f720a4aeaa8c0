//! Polling: the offset moves on after the hook, and failures that pass are waited for.

use std::io;
use std::time::Duration;

use imbot_caps::Registry;
use imbot_caps::event::BotEventKind;
use imbot_caps::gate::{CallError, Client, PollError};
use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Fault};
use serde_json::{Value, json};

use crate::support::http::{Untimed, webhook};

const EVENT_GET: &str = "imbot.v2.Event.get";

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
