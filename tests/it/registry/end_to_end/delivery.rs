//! The events of a bot that an incoming webhook registers: each build delivers them, or
//! the gate refuses the registration.

use imbot_caps::Portal;
use imbot_caps::portal::StaticToken;
use imbot_caps::wire::{Call, Reply};
use imbot_caps_emulator::OauthToken;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::*;
use crate::support::http::untimed;

/// A server for events: its address, and the first line of each request.
async fn server() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/bot", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).await.unwrap();
            let text = String::from_utf8_lossy(&buffer[..read]);
            let _ = sender.send(text.lines().next().unwrap_or_default().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        }
    });
    (url, receiver)
}

fn registration(fields: Value) -> Value {
    let mut all = json!({"code": "ann", "properties": {"name": "Ann"}});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    json!({"botToken": TOKEN, "fields": all})
}

/// One message to a new bot: the address at which it was heard, or why there is no bot.
async fn hears(client: &impl Calls, portal: &EmulatedPortal, query: &str) -> Result<String, String> {
    let (url, mut received) = server().await;
    let fields = json!({"eventMode": "webhook", "webhookUrl": format!("{url}{query}")});
    let made = client.call("imbot.v2.Bot.register", registration(fields)).await?;
    portal.say(USER, &made["bot"]["id"].to_string(), "Hello").await;
    Ok(received.try_recv().unwrap_or_default())
}

fn drops_events(portal: &EmulatedPortal) -> bool {
    let caps = portal.build().caps();
    caps.supports(Feature::ImbotV2BotList) && !caps.supports(Feature::WebhookEventsWithoutClientId)
}

/// Runs a client on a portal of its own for each build and each setting of the gate.
async fn through<C: Calls>(client: impl Fn(&Gate, &EmulatedPortal) -> C) {
    let registry = untimed();
    for is_allowed in [false, true] {
        let builder = Gate::builder(&registry);
        let gate = match is_allowed {
            true => builder.bot_token_in_event_url().build(),
            false => builder.build(),
        };
        on_every_build(async |portal| {
            let client = client(&gate, &portal);
            let at = portal.build().caps();
            let heard = hears(&client, &portal, "?a=1").await;
            if drops_events(&portal) && !is_allowed {
                let why = heard.unwrap_err();
                for part in ["CLIENT_ID=<botToken>", "eventMode = fetch"] {
                    assert!(why.contains(part), "{why}");
                }
                assert!(!why.contains(TOKEN), "{why}");
                assert_eq!(portal.count("imbot.v2.Bot.register"), 0, "nothing is sent");
                // The remedy that it names.
                let query = format!("?a=1&CLIENT_ID={TOKEN}");
                assert!(hears(&client, &portal, &query).await.unwrap().contains(&query));
            } else {
                let line = heard.unwrap();
                assert!(line.starts_with("POST /bot?a=1"), "{at:?}: {line}");
                let has_token = line.contains(&format!("CLIENT_ID={TOKEN}"));
                let is_older = !at.supports(Feature::ImbotV2BotList);
                assert_eq!(has_token, drops_events(&portal) || is_older, "{at:?}: {line}");
            }
        })
        .await;
    }
}

fn own_client(gate: &Gate, portal: &EmulatedPortal) -> Client {
    let builder = Portal::builder().allow_http();
    gate.client(&builder.webhook(portal.webhook_url()).unwrap())
}

#[tokio::test]
async fn client_delivers_or_refuses_events() {
    through(own_client).await;
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn middleware_delivers_or_refuses_events() {
    through(|gate, portal| {
        drop(gate.registry().handle(&webhook(portal)));
        OverMiddleware {
            client: reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
                .with(GateMiddleware::new(gate))
                .build(),
            base: portal.webhook_url().to_owned(),
        }
    })
    .await;
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn http_layer_delivers_or_refuses_events() {
    through(|gate, portal| {
        drop(gate.registry().handle(&webhook(portal)));
        OverTower {
            service: HttpGateLayer::new(gate).layer(reqwest::Client::new()),
            base: portal.webhook_url().to_owned(),
        }
    })
    .await;
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn call_layer_delivers_or_refuses_events() {
    through(|gate, portal| {
        let builder = Portal::builder().allow_http();
        let at = builder.webhook(portal.webhook_url()).unwrap();
        OverCalls(GateLayer::new(gate, &at).layer(sender(portal.webhook_url().to_owned())))
    })
    .await;
}

/// Each call of a webhook that leaves a bot at an address without `CLIENT_ID`.
#[tokio::test]
async fn updates_without_client_id_are_refused() {
    let emulator = Emulator::start().await.unwrap();
    for build in Build::shipped() {
        let portal = emulator.portal(build);
        if !portal.build().caps().supports(Feature::ImbotV2BotList) {
            continue;
        }
        let client = own_client(&Gate::new(&untimed()), &portal);
        let made = client
            .call("imbot.v2.Bot.register", registration(json!({})))
            .await;
        let bot = made.unwrap()["bot"]["id"].clone();
        let update = |fields: Value| json!({"botId": bot, "botToken": TOKEN, "fields": fields});
        for fields in [
            json!({"webhookUrl": "https://b.example"}),
            json!({"eventMode": "webhook"}),
            json!({"eventMode": "WEBHOOK", "webhookUrl": "https://b.example?CLIENT_ID=#CLIENT_ID=x"}),
            json!({"EVENT_MODE": "webhook", "WEBHOOK_URL": "https://b.example?x=CLIENT_ID"}),
            json!({"webhookUrl": "https://b.example?CLIENT_ID=other"}),
        ] {
            let done = client.call("imbot.v2.Bot.update", update(fields.clone())).await;
            match drops_events(&portal) {
                true => {
                    let error = done.unwrap_err();
                    let row = error.refused().unwrap().row().id();
                    assert_eq!(row, "events.webhook_client_id", "{fields}");
                }
                false => drop(done.unwrap()),
            }
        }
        // Where nothing is at stake, nothing is changed or noted.
        for fields in [
            json!({"properties": {"name": "Bea"}}),
            json!({"eventMode": "fetch"}),
            json!({"eventMode": "fetch", "webhookUrl": "https://b.example"}),
            json!({"eventMode": "webhook", "webhookUrl": format!("https://b.example/?client_id={TOKEN}#x")}),
        ] {
            let params = update(fields);
            client.call("imbot.v2.Bot.update", params.clone()).await.unwrap();
            let sent = portal.take_requests();
            let sent = sent.iter().rfind(|own| own.method == "imbot.v2.Bot.update");
            assert_eq!(sent.unwrap().params, params);
        }
    }
}

#[tokio::test]
async fn application_addresses_stay_unchanged() {
    let emulator = Emulator::start().await.unwrap();
    for build in Build::shipped() {
        let portal = emulator.portal(build);
        if !portal.build().caps().supports(Feature::ImbotV2BotList) {
            continue;
        }
        portal.add_token(OauthToken::new("access", "local.app"));
        let builder = Portal::builder().allow_http();
        let at = builder
            .oauth(&portal.rest_url(), StaticToken::new("access"))
            .unwrap();
        let gate = Gate::builder(&untimed()).bot_token_in_event_url().build();
        let line = hears(&gate.client(&at), &portal, "?a=1").await.unwrap();
        assert!(line.starts_with("POST /bot?a=1 "), "{line}");
    }
}

#[tokio::test]
async fn batch_commands_are_checked() {
    let portal = Emulator::start_single(Build::rest(33)).await.unwrap();
    let (url, mut received) = server().await;
    let fields = json!({"eventMode": "webhook", "webhookUrl": url});
    let register = Call::with_params(
        "imbot.v2.Bot.register",
        registration(fields).as_object().unwrap().clone(),
    );
    let registry = untimed();
    let refused = own_client(&Gate::new(&registry), &portal)
        .batch([("bot", register.clone())])
        .await
        .unwrap_err();
    assert_eq!(refused.refused().unwrap().batch_key(), Some("bot"));
    let gate = Gate::builder(&registry).bot_token_in_event_url().build();
    let replies = own_client(&gate, &portal).batch([("bot", register)]).await;
    assert!(matches!(replies.unwrap().get("bot"), Some(Reply::Result(_))));
    let id = portal.bots()[0].id;
    portal.say(USER, &id.to_string(), "Hello").await;
    let line = received.try_recv().unwrap();
    assert!(line.contains(&format!("?CLIENT_ID={TOKEN} ")), "{line}");
}

/// A portal compares the value with the token to the letter.
#[tokio::test]
async fn wrong_client_id_never_passes() {
    let upper = TOKEN.to_uppercase();
    let encoded: String = TOKEN.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let right = format!("?a=1&CLIENT_ID={TOKEN}");
    for (query, is_right) in [
        (format!("?a=1&CLIENT_ID={TOKEN}"), true),
        (format!("?CLIENT_ID=other&client_id={TOKEN}"), true),
        (format!("?CLIENT.ID={TOKEN}"), true),
        (format!("?client%5FID={encoded}"), true),
        ("?a=1&CLIENT_ID=other".to_owned(), false),
        (format!("?a=1&CLIENT_ID={upper}"), false),
        (format!("?CLIENT_ID%5B%5D={TOKEN}&a=1"), false),
        (format!("?CLIENT_ID[]={TOKEN}&a=1"), false),
        (format!("?a=1&CLIENT_ID={TOKEN}%20"), false),
        (format!("?a=1&CLIENT_ID=custom{TOKEN}"), false),
        (format!("?CLIENT_ID={TOKEN}&a=1&client_id=x"), false),
        (format!("?a=1&amp;CLIENT_ID={TOKEN}"), false),
    ] {
        for build in Build::shipped().chain([Build::rest(33)]) {
            let naive = Emulator::start_single(build.clone()).await.unwrap();
            naive.strict();
            if !drops_events(&naive) {
                continue;
            }
            // What the portal does without a gate.
            let (url, mut received) = server().await;
            let fields = json!({"eventMode": "webhook", "webhookUrl": format!("{url}{query}")});
            let http = reqwest::Client::new().post(format!("{}imbot.v2.Bot.register", naive.webhook_url()));
            let http = http.header("content-type", "application/json");
            let made = http.body(registration(fields).to_string()).send().await.unwrap();
            let made: Value = serde_json::from_slice(&made.bytes().await.unwrap()).unwrap();
            let bot = made["result"]["bot"]["id"].to_string();
            naive.say(USER, &bot, "Hello").await;
            assert_eq!(received.try_recv().is_ok(), is_right, "{query}");
            let noted = naive.violations();
            assert_eq!(noted.is_empty(), is_right, "{query}: {noted:?}");

            let registry = untimed();
            let portal = Emulator::start_single(build.clone()).await.unwrap();
            let heard = hears(&own_client(&Gate::new(&registry), &portal), &portal, &query).await;
            match is_right {
                true => assert!(
                    heard.unwrap().starts_with(&format!("POST /bot{query} ")),
                    "{query}"
                ),
                false => {
                    let why = heard.unwrap_err();
                    for part in ["CLIENT_ID=<botToken>", "eventMode = fetch"] {
                        assert!(why.contains(part), "{why}");
                    }
                    assert_eq!(portal.count("imbot.v2.Bot.register"), 0, "{query}");
                }
            }
            let portal = Emulator::start_single(build).await.unwrap();
            let gate = Gate::builder(&registry).bot_token_in_event_url().build();
            let line = hears(&own_client(&gate, &portal), &portal, &query).await.unwrap();
            assert!(line.starts_with("POST /bot?"), "{query}: {line}");
            if !is_right && !query.contains("amp;") {
                assert!(line.starts_with(&format!("POST /bot{right} ")), "{query}: {line}");
            }
        }
    }
}
