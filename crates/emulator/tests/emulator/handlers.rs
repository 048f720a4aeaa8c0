//! Handlers of events: listed, made and removed by the application they are of.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, OauthToken};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use crate::client::{Answer, call, post};
use crate::events::handler;

/// The events of a bot of imbot.v2, in the order of its handlers.
const EVENTS: [&str; 8] = [
    "ONIMBOTV2MESSAGEADD",
    "ONIMBOTV2MESSAGEUPDATE",
    "ONIMBOTV2MESSAGEDELETE",
    "ONIMBOTV2JOINCHAT",
    "ONIMBOTV2DELETE",
    "ONIMBOTV2CONTEXTGET",
    "ONIMBOTV2COMMANDADD",
    "ONIMBOTV2REACTIONCHANGE",
];

/// An application on a portal.
struct Application {
    portal: EmulatedPortal,
    token: &'static str,
}

impl Application {
    async fn on(build: Build) -> Self {
        let portal = Emulator::start_single(build).await.unwrap();
        portal.add_token(OauthToken::new("token", "local.app"));
        Self {
            portal,
            token: "token",
        }
    }

    /// Another of the same portal.
    fn beside(&self, token: &'static str, scopes: &[&str]) -> Self {
        let portal = self.portal.clone();
        portal.add_token(OauthToken::new(token, token).scopes(scopes.iter().copied()));
        Self { portal, token }
    }

    async fn call(&self, method: &str, mut params: Json) -> Answer {
        params["auth"] = json!(self.token);
        post(&format!("{}{method}", self.portal.rest_url()), &params).await
    }

    /// Registers a bot with this address.
    async fn bot(&self, code: &str, url: &str) -> Json {
        let fields = json!({
            "code": code, "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": url,
        });
        let card = self
            .call("imbot.v2.Bot.register", json!({"fields": fields}))
            .await;
        card.result()["bot"]["id"].clone()
    }

    async fn update(&self, bot: &Json, fields: Json) {
        let update = json!({"botId": bot, "fields": fields});
        self.call("imbot.v2.Bot.update", update).await.result();
    }

    /// The events that are handled at this address.
    async fn handled_at(&self, url: &str) -> Vec<String> {
        let list = self.call("event.get", json!({})).await.result();
        let list = list.as_array().unwrap().iter();
        list.filter(|own| own["handler"] == url)
            .map(|own| own["event"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn unbind(&self, event: &str, url: &str) -> Json {
        let unbind = json!({"event": event, "handler": url});
        self.call("event.unbind", unbind).await.result()["count"].clone()
    }

    async fn events(&self, params: Json) -> Json {
        self.call("events", params).await.result()
    }
}

/// What was heard until now, by the names of the events. People wait until all
/// were told.
fn heard(received: &mut mpsc::UnboundedReceiver<String>) -> Vec<String> {
    let mut names = Vec::new();
    while let Ok(body) = received.try_recv() {
        names.push(name(&body));
    }
    names
}

async fn next(received: &mut mpsc::UnboundedReceiver<String>) -> String {
    name(&received.recv().await.unwrap())
}

fn name(body: &str) -> String {
    let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == "event").unwrap().1.to_owned()
}

#[tokio::test]
async fn each_bot_handler_is_listed() {
    let app = Application::on(Build::rest(36)).await;
    assert_eq!(app.call("event.get", json!({})).await.result(), json!([]));
    app.bot("ann", "http://127.0.0.1:9/a").await;
    let list = app.call("event.get", json!({})).await.result();
    let expected = EVENTS.map(
        |event| json!({"event": event, "handler": "http://127.0.0.1:9/a", "auth_type": "0", "offline": 0}),
    );
    assert_eq!(list, json!(expected));
    // To the portal, the same handlers of another bot are the same rows.
    app.bot("bob", "http://127.0.0.1:9/a").await;
    app.bot("eve", "http://127.0.0.1:9/e").await;
    let list = app.call("event.get", json!({})).await.result();
    assert_eq!(list.as_array().unwrap().len(), 16);
}

#[tokio::test]
async fn leftover_handlers_receive_until_unbound() {
    let app = Application::on(Build::rest(34)).await;
    let (former, mut at_former) = handler().await;
    let (present, mut at_present) = handler().await;
    let bot = app.bot("ann", &former).await;
    app.update(&bot, json!({"webhookUrl": present})).await;
    assert_eq!(app.handled_at(&former).await, EVENTS);
    assert_eq!(app.handled_at(&present).await, EVENTS);
    let dialog = bot.to_string();
    app.portal.say(1, &dialog, "one").await;
    assert_eq!(heard(&mut at_former), ["ONIMBOTV2MESSAGEADD"]);
    assert_eq!(heard(&mut at_present), ["ONIMBOTV2MESSAGEADD"]);

    // Each event by itself, and no other.
    assert_eq!(app.unbind("OnImBotV2MessageAdd", &former).await, 1);
    assert_eq!(app.handled_at(&former).await, EVENTS[1..]);
    let said = app.portal.say(1, &dialog, "two").await.unwrap();
    app.portal.edit(said, "three").await;
    assert_eq!(heard(&mut at_former), ["ONIMBOTV2MESSAGEUPDATE"]);
    for event in &EVENTS[1..] {
        assert_eq!(app.unbind(event, &former).await, 1, "{event}");
        assert_eq!(app.unbind(event, &former).await, 0, "{event}");
    }
    assert_eq!(app.handled_at(&former).await, [""; 0]);
    heard(&mut at_present);
    app.portal.edit(said, "four").await;
    app.portal.delete(said).await;
    app.portal.open_with(1, &dialog, json!({"source": "link"})).await;
    app.call("imbot.v2.Bot.unregister", json!({"botId": bot}))
        .await
        .result();
    let told = [
        "ONIMBOTV2MESSAGEUPDATE",
        "ONIMBOTV2MESSAGEDELETE",
        "ONIMBOTV2CONTEXTGET",
    ];
    assert_eq!(heard(&mut at_present), told);
    // Calls do not wait for what they cause; the former address would be told first.
    assert_eq!(next(&mut at_present).await, "ONIMBOTV2DELETE");
    assert_eq!(heard(&mut at_former), [""; 0]);
    assert_eq!(app.portal.subscriptions(), [present]);
}

#[tokio::test]
async fn returning_address_receives_event_once() {
    let app = Application::on(Build::rest(34)).await;
    let (url, mut received) = handler().await;
    let bot = app.bot("ann", &url).await;
    app.update(&bot, json!({"webhookUrl": "http://127.0.0.1:9/"}))
        .await;
    app.update(&bot, json!({"webhookUrl": url})).await;
    assert_eq!(app.handled_at(&url).await, EVENTS);
    app.portal.say(1, &bot.to_string(), "one").await;
    assert_eq!(heard(&mut received), ["ONIMBOTV2MESSAGEADD"]);
    // Both records of the row are gone.
    assert_eq!(app.unbind("ONIMBOTV2MESSAGEADD", &url).await, 1);
    app.portal.say(1, &bot.to_string(), "two").await;
    assert_eq!(heard(&mut received), [""; 0]);
}

#[tokio::test]
async fn deleted_bot_handlers_remain_below_35() {
    for (rest, is_left) in [(34, true), (35, false)] {
        let app = Application::on(Build::rest(rest)).await;
        let (url, mut received) = handler().await;
        let bot = app.bot("ann", &url).await;
        app.call("imbot.v2.Bot.unregister", json!({"botId": bot}))
            .await
            .result();
        assert_eq!(next(&mut received).await, "ONIMBOTV2DELETE");
        assert_eq!(!app.handled_at(&url).await.is_empty(), is_left, "{rest}");
        let next = app.bot("bob", "http://127.0.0.1:9/").await;
        app.portal.say(1, &next.to_string(), "secret").await;
        assert_eq!(!heard(&mut received).is_empty(), is_left, "{rest}");
    }
}

#[tokio::test]
async fn only_shared_handlers_remain_from_35() {
    let app = Application::on(Build::rest(35)).await;
    let (former, mut at_former) = handler().await;
    let (present, mut at_present) = handler().await;
    let bot = app.bot("ann", &former).await;
    app.update(&bot, json!({"webhookUrl": present})).await;
    assert_eq!(app.handled_at(&former).await, [""; 0]);
    assert_eq!(app.handled_at(&present).await, EVENTS);
    app.portal.say(1, &bot.to_string(), "one").await;
    assert_eq!(
        (heard(&mut at_former).len(), heard(&mut at_present).len()),
        (0, 1)
    );

    // With a neighbour nothing is cleaned up, since it may be the neighbour's.
    let neighbour = app.bot("bob", "http://127.0.0.1:9/").await;
    app.update(&bot, json!({"webhookUrl": former})).await;
    assert_eq!(app.handled_at(&present).await, EVENTS);
    app.call("imbot.v2.Bot.unregister", json!({"botId": neighbour}))
        .await
        .result();
    app.update(&bot, json!({"eventMode": "fetch"})).await;
    assert_eq!(app.handled_at(&former).await, [""; 0]);
    assert_eq!(app.handled_at(&present).await, [""; 0]);
}

#[tokio::test]
async fn an_application_binds_its_own() {
    let app = Application::on(Build::rest(36)).await;
    let (url, mut received) = handler().await;
    let bind = json!({"EVENT": "onImBotV2MessageAdd", "HANDLER": url, "AUTH_TYPE": 1});
    assert_eq!(app.call("event.bind", bind.clone()).await.result(), true);
    let again = app.call("event.bind", bind).await.error();
    let already = "Unable to set event handler: Handler already binded";
    assert_eq!(again, (400, "ERROR_CORE".into(), already.into()));
    let list = app.call("event.get", json!({})).await.result();
    assert_eq!(
        list,
        json!([{"event": EVENTS[0], "handler": url, "auth_type": "1", "offline": 0}])
    );

    // It hears of all bots of the application that do not poll, and of no other's.
    let own = app.bot("ann", "http://127.0.0.1:9/").await;
    let fetch = json!({"code": "bob", "properties": {"name": "Bob"}});
    let polled = app.call("imbot.v2.Bot.register", json!({"fields": fetch})).await;
    let polled = polled.result()["bot"]["id"].clone();
    let other = app
        .beside("other", &["imbot"])
        .bot("eve", "http://127.0.0.1:9/")
        .await;
    for (bot, times) in [(&own, 1), (&polled, 0), (&other, 0)] {
        app.portal.say(1, &bot.to_string(), "hello").await;
        assert_eq!(heard(&mut received).len(), times, "{bot}");
    }
    // It stays when the bot moves, and goes by its user.
    app.update(&own, json!({"webhookUrl": "http://127.0.0.1:10/"}))
        .await;
    assert_eq!(app.handled_at(&url).await, EVENTS[..1]);
    for (user, count) in [(json!(0), 0), (json!("1"), 1)] {
        let unbind = json!({"event": EVENTS[0], "handler": url, "auth_type": user});
        let answer = app.call("event.unbind", unbind).await.result();
        assert_eq!(answer, json!({"count": count}), "{user}");
    }
    assert_eq!(app.handled_at(&url).await, [""; 0]);
}

#[tokio::test]
async fn offline_handlers_have_no_address() {
    let app = Application::on(Build::rest(36)).await;
    let offline = json!({"event": EVENTS[0], "event_type": "offline", "handler": "http://127.0.0.1:9/"});
    assert_eq!(app.call("event.bind", offline.clone()).await.result(), true);
    let list = app.call("event.get", json!({})).await.result();
    assert_eq!(
        list,
        json!([{"event": EVENTS[0], "connector_id": "", "offline": 1}])
    );
    assert_eq!(app.portal.subscriptions(), [""; 0]);
    let removed = app.call("event.unbind", offline).await.result();
    assert_eq!(removed, json!({"count": 1}));
    let of_offline = json!({"event": "onOfflineEvent", "event_type": "offline"});
    let refused = app.call("event.bind", of_offline).await;
    assert_eq!(refused.code(), "ERROR_ARGUMENT");
}

#[tokio::test]
async fn other_application_cannot_touch_handlers() {
    let app = Application::on(Build::rest(34)).await;
    let other = app.beside("other", &["imbot"]);
    let url = "http://127.0.0.1:9/";
    app.bot("ann", url).await;
    assert_eq!(other.handled_at(url).await, [""; 0]);
    assert_eq!(other.unbind(EVENTS[0], url).await, 0);
    assert_eq!(app.handled_at(url).await, EVENTS);
}

#[tokio::test]
async fn webhook_cannot_manage_handlers() {
    let app = Application::on(Build::rest(34)).await;
    let denied = (
        403,
        "WRONG_AUTH_TYPE".to_owned(),
        "Current authorization type is denied for this method".to_owned(),
    );
    let handler = json!({"event": EVENTS[0], "handler": "http://127.0.0.1:9/"});
    for method in ["events", "event.get", "event.bind", "event.unbind"] {
        // Whatever the parameters are.
        for params in [json!({}), handler.clone()] {
            let answer = call(&app.portal, method, params).await;
            assert_eq!(answer.error(), denied, "{method}");
        }
    }
    // So its bots' former addresses go on hearing: nobody can remove them.
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook",
        "webhookUrl": "http://127.0.0.1:9/",
    });
    let register = json!({"botToken": "t", "fields": fields});
    call(&app.portal, "imbot.v2.Bot.register", register)
        .await
        .result();
    assert_eq!(app.handled_at("http://127.0.0.1:9/").await, [""; 0]);
}

#[tokio::test]
async fn handlers_work_in_batches() {
    let app = Application::on(Build::rest(34)).await;
    let url = "http://127.0.0.1:9/";
    app.bot("ann", url).await;
    let command = format!(
        "event.unbind?event={}&handler=http%3A%2F%2F127.0.0.1%3A9%2F",
        EVENTS[7]
    );
    let batch = json!({"cmd": {"gone": command, "left": "event.get"}});
    let answer = app.call("batch", batch.clone()).await.result();
    assert_eq!(answer["result"]["gone"], json!({"count": 1}));
    assert_eq!(answer["result"]["left"].as_array().unwrap().len(), 7);
    let answer = call(&app.portal, "batch", batch).await.result();
    assert_eq!(answer["result_error"]["left"]["error"], "WRONG_AUTH_TYPE");
}

#[tokio::test]
async fn arguments_are_checked() {
    let app = Application::on(Build::rest(36)).await;
    let url = "http://127.0.0.1:9/";
    for (method, params, code, text) in [
        (
            "event.bind",
            json!({"handler": url}),
            "ERROR_ARGUMENT",
            "Argument 'EVENT' is null or empty",
        ),
        (
            "event.unbind",
            json!({}),
            "ERROR_ARGUMENT",
            "Argument 'EVENT' is null or empty",
        ),
        (
            "event.bind",
            json!({"event": "x"}),
            "ERROR_ARGUMENT",
            "Argument 'HANDLER' is null or empty",
        ),
        (
            "event.unbind",
            json!({"event": "x"}),
            "ERROR_ARGUMENT",
            "Argument 'HANDLER' is null or empty",
        ),
        (
            "event.bind",
            json!({"event": "x", "handler": url, "event_type": "both"}),
            "ERROR_ARGUMENT",
            "Value must be one of {online|offline}",
        ),
        (
            "event.bind",
            json!({"event": "x", "handler": "http://localhost/"}),
            "ERROR_WRONG_HANDLER_URL",
            "Wrong handler URL",
        ),
        (
            "event.bind",
            json!({"event": "x", "handler": "no address"}),
            "ERROR_WRONG_HANDLER_URL",
            "Wrong handler URL",
        ),
        (
            "event.bind",
            json!({"event": "x", "handler": "ftp://a.example/"}),
            "ERROR_UNSUPPORTED_PROTOCOL",
            "Unsupported handler protocol",
        ),
        (
            "event.bind",
            json!({"event": "ONCRMLEADADD", "handler": url}),
            "ERROR_EVENT_NOT_FOUND",
            "Event not found",
        ),
    ] {
        let answer = app.call(method, params.clone()).await.error();
        assert_eq!(
            answer,
            (400, code.to_owned(), text.to_owned()),
            "{method} {params}"
        );
    }
    let narrow = app.beside("narrow", &["im"]);
    let bind = json!({"event": EVENTS[0], "handler": url});
    let refused = narrow.call("event.bind", bind).await;
    assert_eq!(refused.code(), "ERROR_EVENT_NOT_FOUND");
    let common = json!({"event": "onAppUninstall", "handler": url});
    assert_eq!(narrow.call("event.bind", common).await.result(), true);
}

#[tokio::test]
async fn event_list_reveals_imbot_v2() {
    let names = |list: &Json| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    for (build, has_v2) in [
        (Build::rest(30), false),
        (Build::rest32_without_imbot_v2(), false),
        (Build::rest32_with_imbot_v2(), true),
        (Build::rest(36), true),
    ] {
        let app = Application::on(build).await;
        let own = names(&app.events(json!({})).await);
        assert!(own.contains(&"ONAPPUNINSTALL".to_owned()), "{own:?}");
        assert!(own.contains(&"ONIMBOTMESSAGEADD".to_owned()), "{own:?}");
        let v2 = own.iter().filter(|name| name.starts_with("ONIMBOTV2"));
        assert_eq!(v2.count(), if has_v2 { 8 } else { 0 }, "{own:?}");

        let narrow = app.beside("narrow", &[]);
        let common = narrow.events(json!({})).await;
        assert!(!common.to_string().contains("ONIMBOT"), "{common}");
        assert_eq!(narrow.events(json!({"scope": ""})).await, common);
        assert_eq!(names(&narrow.events(json!({"full": 1})).await), own);
        assert_eq!(narrow.events(json!({"scope": "crm", "full": 1})).await, json!([]));
        let of_bots = names(&narrow.events(json!({"scope": "imbot"})).await);
        assert_eq!([names(&common), of_bots].concat(), own);
    }
}
