//! Time, links, applications and tokens as portals have them.

use std::time::Duration;

use imbot_caps_emulator::{App, Build, EmulatedPortal, Emulator, Fault, OauthToken, Webhook};
use serde_json::{Value as Json, json};

use crate::client::{Answer, BotClient, call, get, post, send};

async fn single(build: Build) -> EmulatedPortal {
    Emulator::start_single(build).await.unwrap()
}

/// What 617 of 621 dated examples have: whole `start` and `processing`.
#[track_caller]
fn is_time(time: &Json) {
    let number = |key: &str| time[key].as_f64().unwrap_or_else(|| panic!("{key} in {time}"));
    assert!(time["start"].is_u64() && time["processing"].is_u64(), "{time}");
    assert!(time["finish"].is_f64() && time["duration"].is_f64(), "{time}");
    let passed = number("finish") - number("start");
    assert!((passed - number("duration")).abs() < 1e-6, "{time}");
}

#[tokio::test]
async fn time_starts_in_whole_seconds() {
    for (build, in_cloud) in [(Build::rest(36), true), (Build::rest(33).on_premise(), false)] {
        let portal = single(build).await;
        let batch = json!({"cmd": {"a": "scope", "b": "imbot.bot.list"}});
        let answer = call(&portal, "batch", batch).await.json();
        portal.fault(Fault::result(json!(1)).once());
        let faked = call(&portal, "scope", json!({})).await.json();
        let times = &answer["result"]["result_time"];
        for time in [&answer["time"], &times["a"], &times["b"], &faked["time"]] {
            is_time(time);
            if in_cloud {
                assert_eq!(time["operating"], 0, "{time}");
                assert!(time["operating"].is_u64(), "{time}");
            }
        }
    }
}

#[tokio::test]
async fn operating_time_keeps_its_fraction() {
    let portal = single(Build::rest(36)).await;
    portal.set_operating("scope", Duration::from_millis(1_500));
    let answer = call(&portal, "scope", json!({})).await.json();
    assert_eq!(answer["time"]["operating"], 1.5);
}

/// A bot of each credential with a file in a chat, and the link to the file.
async fn link_of(portal: &EmulatedPortal, auth: Option<&str>) -> String {
    let own = |method: &str| match auth {
        None => format!("{}{method}", portal.webhook_url()),
        Some(_) => format!("{}{method}", portal.rest_url()),
    };
    let with = |mut params: Json| {
        let params_of_call = params.as_object_mut().unwrap();
        match auth {
            None => params_of_call.insert("botToken".into(), "t".into()),
            Some(auth) => params_of_call.insert("auth".into(), auth.into()),
        };
        params
    };
    let code = auth.map_or("hooked", |_| "installed");
    let fields = json!({"code": code, "properties": {"name": "Ann"}});
    let register = with(json!({"fields": fields}));
    let bot = post(&own("imbot.v2.Bot.register"), &register).await.result()["bot"]["id"].clone();
    let chat = post(
        &own("imbot.v2.Chat.add"),
        &with(json!({"botId": bot, "fields": {}})),
    )
    .await;
    let dialog = chat.result()["chat"]["dialogId"].clone();
    let upload = json!({"botId": bot, "dialogId": dialog, "fields": {"name": "a.txt", "content": "aGk="}});
    let file = post(&own("imbot.v2.File.upload"), &with(upload)).await.result()["file"]["id"].clone();
    let download = with(json!({"botId": bot, "fileId": file}));
    let answer = post(&own("imbot.v2.File.download"), &download).await.result();
    answer["downloadUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn link_contains_calls_credential() {
    let portal = single(Build::rest(36)).await;
    let hooked = link_of(&portal, None).await;
    let expected = format!("{}download/?token=", portal.webhook_url());
    assert!(hooked.starts_with(&expected), "{hooked}");
    portal.add_token(OauthToken::new("acc+ess", "local.app"));
    let installed = link_of(&portal, Some("acc+ess")).await;
    let expected = format!("{}download.json?auth=acc%2Bess&token=", portal.rest_url());
    assert!(installed.starts_with(&expected), "{installed}");
    for link in [hooked, installed] {
        let file = get(&link).await;
        assert_eq!((file.status, file.text()), (200, "hi"), "{link}");
        assert_eq!(get(&format!("{link}0")).await.error().0, 403);
    }
}

#[tokio::test]
async fn app_info_depends_on_credential() {
    let portal = single(Build::rest(36)).await;
    let narrow = portal.add_webhook(Webhook::new(1, "narrow").scopes(["im"]));
    let info = get(&format!("{narrow}app.info")).await.result();
    assert_eq!(info, json!({"SCOPE": ["im"], "LICENSE": "en_basic"}));
    portal.add_token(OauthToken::new("access", "local.app"));
    let ask = async || {
        get(&format!("{}app.info?auth=access", portal.rest_url()))
            .await
            .result()
    };
    let app = ask().await;
    assert_eq!(
        (&app["LICENSE_TYPE"], &app["LICENSE_FAMILY"]),
        (&json!("basic"), &json!("basic"))
    );
    assert_eq!(
        (&app["INSTALLED"], &app["CODE"]),
        (&json!(true), &json!("local.app"))
    );
    assert_eq!(app.get("SCOPE"), None);
    portal.set_build(Build::rest(33).on_premise());
    let app = ask().await;
    assert_eq!(app["LICENSE"], "en_selfhosted");
    assert_eq!((app.get("LICENSE_TYPE"), app.get("LICENSE_FAMILY")), (None, None));
}

#[tokio::test]
async fn unfinished_installation_receives_no_events() {
    let portal = single(Build::rest(36)).await;
    let (bot_side, mut heard) = listener().await;
    let installation = portal.install(App::new("local.app", "secret"));
    let auth = installation.access_token;
    let fields = json!({
        "code": "ann", "properties": {"name": "Ann"}, "eventMode": "webhook", "webhookUrl": bot_side,
    });
    let register = json!({"auth": auth, "fields": fields});
    let url = format!("{}imbot.v2.Bot.register", portal.rest_url());
    let bot = post(&url, &register).await.result()["bot"]["id"].clone();
    let installed = async || {
        let info = get(&format!("{}app.info?auth={auth}", portal.rest_url())).await;
        info.result()["INSTALLED"].clone()
    };

    portal.reopen_installation("local.app");
    assert_eq!(installed().await, false);
    portal.say(7, &bot.to_string(), "too early").await.unwrap();
    portal.finish_installation("local.app");
    assert_eq!(installed().await, true);
    portal.say(7, &bot.to_string(), "in time").await.unwrap();
    let first = heard.recv().await.unwrap();
    assert!(
        first.contains("in+time") && !first.contains("too+early"),
        "{first}"
    );
}

/// The queue knows of no installation: `im/lib/V2/EventLog` asks for none, while
/// `rest/lib/event/callback.php` does before it calls a handler.
#[tokio::test]
async fn unfinished_installation_only_fills_queue() {
    for build in [Build::rest(36), Build::rest(33)] {
        let portal = single(build).await;
        let (bot_side, mut heard) = crate::events::handler().await;
        let installation = portal.install(App::new("local.app", "secret"));
        let auth = installation.access_token;
        let ask = async |method: &str, mut params: Json| {
            params["auth"] = auth.as_str().into();
            post(&format!("{}{method}", portal.rest_url()), &params)
                .await
                .result()
        };
        let old = json!({"CODE": "old", "PROPERTIES": {"NAME": "Old"}, "EVENT_HANDLER": bot_side});
        let old = ask("imbot.register", old).await.to_string();
        let fields = json!({
            "code": "new", "properties": {"name": "New"}, "eventMode": "webhook", "webhookUrl": bot_side,
        });
        let new = ask("imbot.v2.Bot.register", json!({"fields": fields})).await["bot"]["id"].to_string();
        let fields = json!({"code": "poll", "properties": {"name": "Poll"}});
        let polling = ask("imbot.v2.Bot.register", json!({"fields": fields})).await["bot"]["id"].clone();

        portal.reopen_installation("local.app");
        let dialogs = [old, new, polling.to_string()];
        let say = async |text: &str| {
            let mut said = Vec::new();
            for dialog in &dialogs {
                said.push(portal.say(7, dialog, text).await.unwrap());
            }
            said
        };
        let early = say("early").await;
        for id in early {
            portal.edit(id, "early too").await;
            portal.delete(id).await;
        }
        portal.finish_installation("local.app");
        say("late").await;
        for event in ["ONIMBOTMESSAGEADD", "ONIMBOTV2MESSAGEADD"] {
            let first = heard.recv().await.unwrap();
            let is_late = first.contains("late") && !first.contains("early");
            assert!(first.contains(&format!("event={event}&")) && is_late, "{first}");
        }
        let queue = ask("imbot.v2.Event.get", json!({"botId": polling})).await;
        let texts = queue["events"].to_string();
        assert!(texts.contains("early") && texts.contains("late"), "{texts}");
    }
}

/// Where a bot listens, and the requests that came there.
async fn listener() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/bot", listener.local_addr().unwrap());
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut received = String::new();
            let mut buffer = [0; 65_536];
            while !received.ends_with('\0') && !received.contains("data") {
                match stream.read(&mut buffer).await {
                    Ok(read @ 1..) => received += &String::from_utf8_lossy(&buffer[..read]),
                    _ => break,
                }
            }
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                .await;
            let _ = sender.send(received);
        }
    });
    (url, receiver)
}

#[tokio::test]
async fn an_unknown_token_is_invalid() {
    let portal = single(Build::rest(36)).await;
    portal.add_token(OauthToken::new("revoked", "local.app"));
    portal.revoke("revoked");
    let url = format!("{}server.time", portal.rest_url());
    let refused = (
        401,
        "invalid_token".to_owned(),
        "Unable to get application by token".to_owned(),
    );
    for token in ["garbage", "revoked"] {
        assert_eq!(post(&url, &json!({"auth": token})).await.error(), refused);
        let header = format!("Authorization: Bearer {token}\r\n");
        assert_eq!(send("GET", &url, &header, b"").await.unwrap().error(), refused);
    }
    for none in [json!({}), json!({"auth": ""}), json!({"auth": ["x"]})] {
        assert_eq!(post(&url, &none).await.code(), "NO_AUTH_FOUND", "{none}");
    }
}

#[tokio::test]
async fn token_server_names_the_error() {
    let portal = single(Build::rest(36)).await;
    let installation = portal.install(App::new("local.app", "secret"));
    let (url, good) = (portal.auth_server().token_url(), installation.refresh_token);
    for (client_id, secret, refresh_token, refused) in [
        ("local.app", "secret", "", (400, "invalid_request")),
        ("local.other", "secret", good.as_str(), (200, "wrong_client")),
        ("local.app", "wrong", good.as_str(), (400, "invalid_client")),
        ("local.app", "secret", "garbage", (400, "invalid_grant")),
    ] {
        let query = format!(
            "grant_type=refresh_token&client_id={client_id}&client_secret={secret}&refresh_token={refresh_token}"
        );
        let answer: Answer = get(&format!("{url}?{query}")).await;
        let (status, code, _) = answer.error();
        assert_eq!((status, code.as_str()), refused, "{query}");
    }
    let missing = format!("{url}?grant_type=refresh_token&client_id=local.app&client_secret=secret");
    assert_eq!(get(&missing).await.code(), "invalid_request");
}

#[tokio::test]
async fn tokens_use_letters_digits_dots() {
    let portal = single(Build::rest(36)).await;
    let installation = portal.install(App::new("local.app", "secret"));
    let url = format!(
        "{}?grant_type=refresh_token&client_id=local.app&client_secret=secret&refresh_token={}",
        portal.auth_server().token_url(),
        installation.refresh_token
    );
    let renewed = get(&url).await.json();
    for token in [
        installation.access_token.as_str(),
        &installation.refresh_token,
        renewed["access_token"].as_str().unwrap(),
        renewed["refresh_token"].as_str().unwrap(),
        &portal.application_token("local.app"),
    ] {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
        assert!(token.chars().all(is_plain), "{token}");
    }
}

#[tokio::test]
async fn any_origin_may_read_answers() {
    let portal = single(Build::rest(36)).await;
    let url = |method: &str| format!("{}{method}", portal.webhook_url());
    let wrong = format!("{}1/wrong/scope", portal.rest_url());
    portal.fault(Fault::error("QUERY_LIMIT_EXCEEDED").on("profile"));
    portal.fault(Fault::result(json!(1)).on("app.info"));
    let bot = BotClient::register(&portal, "ann", json!({})).await;
    let preflight = send("OPTIONS", &url("imbot.v2.Bot.list"), "", b"").await.unwrap();
    assert_eq!((preflight.status, preflight.body.len()), (200, 0));
    for answer in [
        get(&url("scope")).await,
        get(&url("no.such.method")).await,
        get(&url("profile")).await,
        get(&url("app.info")).await,
        get(&url("download/?token=x")).await,
        get(&wrong).await,
        bot.call("Bot.get", json!({})).await,
        preflight,
    ] {
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "{answer:?}"
        );
        let allowed = answer.header("access-control-allow-headers");
        assert_eq!(allowed, Some("origin, content-type, accept"));
    }
    // What a browser asks before a call is no call of the method.
    assert_eq!(portal.count("imbot.v2.Bot.list"), 0);
    let page = get(&format!("{}elsewhere", portal.url())).await;
    assert_eq!(page.header("access-control-allow-origin"), None);
}
