//! Bots that poll: of applications, in batches, and on portals between the two generations.

use imbot_caps_emulator::{App, Build, Emulator, Fault, Installation};
use imbot_caps_proxy::Bots;
use serde_json::{Value, json};

use super::events::{EVENT_GET, Fixture, REGISTER, SECRET, TOKEN, posted};
use super::support::{Stage, limits, path_of, raw, read};

/// A server that keeps the events of this application.
async fn of_application(build: Build) -> (Fixture, Installation) {
    let portal = Emulator::start_single(build).await.unwrap();
    let app = portal.install(App::new("local.app", "secret-of-app"));
    portal.finish_installation("local.app");
    let token = portal.application_token("local.app");
    let bot = format!("application_token = '{token}'\napplication = 'local.app'\nkeep = true");
    (Fixture::at(portal, &bot, limits(|_| ())).await, app)
}

/// Where the access token of a request is.
#[derive(Clone, Copy, Debug)]
enum At {
    Body,
    Query,
    Header,
    Form,
}

/// Calls a method with an access token.
async fn call(stage: &Stage, at: At, token: &str, method: &str, mut params: Value) -> (u16, Value) {
    let rest = path_of(&stage.portal.rest_url());
    let url = format!("http://{}{rest}{method}", stage.proxy.address());
    let request = match at {
        At::Query => stage.client.post(format!("{url}?auth={token}")),
        _ => stage.client.post(url),
    };
    let request = match at {
        At::Header => request.bearer_auth(token),
        At::Body | At::Form => {
            params["auth"] = token.into();
            request
        }
        At::Query => request,
    };
    let request = match at {
        At::Form => {
            let mut form = String::new();
            for (name, value) in params.as_object().unwrap() {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                form.push_str(&format!("{name}={value}&"));
            }
            let form = form.trim_end_matches('&').to_owned();
            request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form)
        }
        _ => request
            .header("content-type", "application/json")
            .body(params.to_string()),
    };
    read(request.send().await.unwrap()).await
}

fn fields() -> Value {
    json!({"fields": {"code": "a", "eventMode": "fetch", "properties": {"name": "A"}}})
}

fn texts(page: &Value) -> Vec<&str> {
    let events = page["events"].as_array().unwrap().iter();
    let messages = events.filter(|event| event["type"] == "ONIMBOTV2MESSAGEADD");
    messages
        .map(|event| event["data"]["message"]["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn bot_of_application_polls() {
    let (fixture, app) = of_application(Build::rest(30)).await;
    let (stage, token) = (&fixture.stage, app.access_token.as_str());
    stage.portal.strict();
    for at in [At::Body, At::Query] {
        let (status, answer) = call(stage, at, token, REGISTER, fields()).await;
        assert_eq!(status, 200, "{at:?}: {answer}");
    }
    stage.portal.expect("imbot.register").times(2);
    let bot = stage.portal.bots()[0].id;
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    stage.portal.delivered().await;
    for at in [At::Body, At::Query, At::Header, At::Form] {
        let (status, answer) = call(stage, at, token, EVENT_GET, json!({"botId": bot})).await;
        assert_eq!(status, 200, "{at:?}: {answer}");
        assert_eq!(texts(&answer["result"]), ["One"], "{at:?}: {answer}");
        assert!(!answer.to_string().contains("_token"), "{answer}");
    }
    stage.portal.expect(EVENT_GET).never();
    // The portal named the owner of the token once.
    stage.portal.expect("app.info").times(1);
    stage.portal.assert_no_violations();
}

#[tokio::test]
async fn kept_events_need_a_token_of_the_application() {
    let (fixture, app) = of_application(Build::rest(30)).await;
    let stage = &fixture.stage;
    let (status, answer) = call(stage, At::Body, &app.access_token, REGISTER, fields()).await;
    assert_eq!(status, 200, "{answer}");
    let bot = stage.portal.bots()[0].id;
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    stage.portal.delivered().await;
    let other = stage.portal.install(App::new("local.other", "secret-of-other"));
    stage.portal.finish_installation("local.other");
    let get = json!({"botId": bot, "botToken": "local.app"});
    for token in [other.access_token.as_str(), "wrong-token"] {
        let (status, answer) = call(stage, At::Body, token, EVENT_GET, get.clone()).await;
        assert!(status >= 400 && !answer.to_string().contains("One"), "{answer}");
    }
    let (status, answer) = stage.call(EVENT_GET, get).await;
    assert!(status >= 400 && !answer.to_string().contains("One"), "{answer}");
    // An expired token has the portal's own error, by which SDKs renew it.
    stage.portal.expire_token(&app.access_token);
    let (status, answer) = call(stage, At::Body, &app.access_token, "server.time", json!({})).await;
    assert_eq!(
        (status, answer["error"].as_str()),
        (401, Some("expired_token")),
        "{answer}"
    );
}

#[tokio::test]
async fn batch_has_kept_events_in_its_reply() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    stage.portal.strict();
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    stage.portal.delivered().await;
    let get = format!("{EVENT_GET}?botId={bot}&botToken={TOKEN}");
    // A list, and keys; beside another command, and alone.
    let list = json!({"cmd": ["server.time", get, "scope"], "halt": 0});
    let (status, answer) = stage.call("batch", list).await;
    assert_eq!(status, 200, "{answer}");
    let results = answer["result"]["result"].as_array().unwrap();
    assert!(results[0].is_string() && results[2].is_array(), "{answer}");
    assert_eq!(texts(&results[1]), ["One"]);
    assert!(
        answer["result"]["result_time"][1]["operating"].is_number(),
        "{answer}"
    );
    let keys = json!({"cmd": {"time": "server.time", "events": get}, "halt": 1});
    let (_, answer) = stage.call("batch.json", keys).await;
    assert_eq!(texts(&answer["result"]["result"]["events"]), ["One"], "{answer}");
    stage.portal.take_requests();
    let (status, answer) = stage.call("batch", json!({"cmd": {"events": get}})).await;
    assert_eq!(
        (status, texts(&answer["result"]["result"]["events"])),
        (200, vec!["One"])
    );
    assert_eq!(answer["result"]["result_error"], json!([]), "{answer}");
    assert!(stage.portal.requests().is_empty());
    stage.portal.expect(EVENT_GET).in_batches_too().never();
    stage.portal.assert_no_violations();
}

#[tokio::test]
async fn halted_batch_confirms_no_events() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    stage.portal.delivered().await;
    // This offset would delete the events.
    let get = format!("{EVENT_GET}?botId={bot}&botToken={TOKEN}&offset=1000");
    let halted = json!({"cmd": {"a": "no.such.method", "get": get}, "halt": 1});
    let (_, answer) = stage.call("batch", halted).await;
    assert!(answer["result"]["result_error"]["a"].is_object(), "{answer}");
    assert!(answer["result"]["result"].get("get").is_none(), "{answer}");
    // A batch that the portal does not run.
    stage
        .portal
        .fault(Fault::error("QUERY_LIMIT_EXCEEDED").on("batch").once());
    let limited = json!({"cmd": {"a": "server.time", "get": get}});
    let (status, answer) = stage.call("batch", limited).await;
    assert_eq!((status, &answer["error"]), (503, &json!("QUERY_LIMIT_EXCEEDED")));
    assert_eq!(texts(&fixture.page(bot, None).await), ["One"]);
    // An error of the command itself ends a halted batch.
    stage.portal.take_requests();
    let wrong = format!("{EVENT_GET}?botToken={TOKEN}");
    let batch = json!({"cmd": {"get": wrong, "after": "server.time"}, "halt": 1});
    let (_, answer) = stage.call("batch", batch).await;
    assert_eq!(
        answer["result"]["result_error"]["get"]["error"], "GATE_REFUSED",
        "{answer}"
    );
    assert!(stage.portal.requests().is_empty());
}

#[tokio::test]
async fn references_to_kept_events_are_refused() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    stage.portal.take_requests();
    let get = format!("{EVENT_GET}?botId={bot}&botToken={TOKEN}");
    for cmd in [
        json!({"get": get, "b": "im.message.add?DIALOG_ID=1&MESSAGE=%24result%5Bget%5D%5BnextOffset%5D"}),
        json!({"a": "server.time", "get": format!("{get}&offset=$result[a]")}),
    ] {
        let (status, answer) = stage.call("batch", json!({"cmd": cmd})).await;
        assert_eq!(
            (status, &answer["error"]),
            (400, &json!("GATE_REFUSED")),
            "{answer}"
        );
    }
    assert!(stage.portal.requests().is_empty());
}

#[tokio::test]
async fn batch_registers_polling_bot() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    let register = format!(
        "{REGISTER}?fields[code]=b&fields[eventMode]=fetch&fields[properties][name]=B%26C&botToken={TOKEN}"
    );
    let cmd = json!({"cmd": {"bot": register, "time": "server.time"}});
    let (status, answer) = stage.call("batch", cmd).await;
    assert_eq!(status, 200, "{answer}");
    let bot = answer["result"]["result"]["bot"]["bot"]["id"].as_u64().unwrap();
    assert!(answer["result"]["result"]["time"].is_string(), "{answer}");
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    stage.portal.delivered().await;
    assert_eq!(texts(&fixture.page(bot, None).await), ["One"]);
}

/// The body has no length, so it would be sent in pieces.
#[tokio::test]
async fn chunked_calls_are_read_for_events() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    assert_eq!(fixture.post(SECRET, posted(TOKEN, 1)).await.0, 200);
    let body = json!({"botId": 7, "botToken": TOKEN}).to_string();
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\nX-Trailer: 1\r\n\r\n",
        stage.path(EVENT_GET),
        body.len()
    );
    let answer = raw(stage.proxy.address(), request).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("nextOffset"),
        "{answer}"
    );
    stage.portal.expect(EVENT_GET).never();
}

/// REST 32 alone does not tell whether the portal has imbot.v2.
#[tokio::test]
async fn portal_at_32_is_known_by_its_answers() {
    for (build, is_polled) in [
        (Build::rest32_with_imbot_v2(), true),
        (Build::rest32_without_imbot_v2(), false),
    ] {
        let fixture = Fixture::new(build, "keep = true").await;
        let stage = &fixture.stage;
        stage.portal.strict();
        let bot = fixture.register(json!({"eventMode": "fetch"})).await;
        stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
        stage.portal.delivered().await;
        assert_eq!(texts(&fixture.page(bot, None).await), ["One"], "{is_polled}");
        let times = usize::from(is_polled);
        stage.portal.expect(EVENT_GET).times(times);
        stage.portal.expect("imbot.register").times(1 - times);
        stage.portal.assert_no_violations();
    }
}

/// The portal refuses the registration. It is upgraded later, and then its own queue has the events.
#[tokio::test]
async fn failed_registration_leaves_bot_as_it_is() {
    let fixture = Fixture::new(Build::rest(30), "keep = true").await;
    let stage = &fixture.stage;
    stage
        .portal
        .fault(Fault::error("INTERNAL_SERVER_ERROR").on("imbot.register"));
    let own = json!({"code": "a", "eventMode": "fetch", "properties": {"name": "A"}});
    let register = json!({"botToken": TOKEN, "fields": own});
    let (status, answer) = stage.call(REGISTER, register).await;
    assert!(status >= 400, "{answer}");
    stage.portal.clear_faults();
    stage.portal.set_build(Build::rest(36));
    let bot = fixture.register(json!({"eventMode": "fetch"})).await;
    stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
    assert_eq!(texts(&fixture.page(bot, None).await), ["One"]);
    stage
        .portal
        .expect(REGISTER)
        .with("/fields/eventMode", "fetch")
        .times(1);
    stage.portal.expect(EVENT_GET).times(1);
}

/// An upgrade changes nothing for a bot whose events the portal pushes. A portal of REST 33 sends the events of a new
/// bot only to an address with the token.
#[tokio::test]
async fn pushed_bot_lives_on_after_upgrade() {
    for rest in [33, 36] {
        let fixture = Fixture::new(Build::rest(30), "keep = true").await;
        let stage = &fixture.stage;
        stage.portal.strict();
        let first = fixture.register(json!({"eventMode": "fetch"})).await;
        stage.portal.set_build(Build::rest(rest));
        stage
            .proxy
            .gate()
            .registry()
            .handle(&webhook(stage))
            .refresh()
            .await
            .unwrap();
        assert_eq!(fixture.register(json!({"eventMode": "fetch"})).await, first);
        let second = fixture.register(json!({"code": "b"})).await;
        for bot in [first, second] {
            stage.portal.say(1, &bot.to_string(), "One").await.unwrap();
            stage.portal.delivered().await;
            assert_eq!(texts(&fixture.page(bot, None).await), ["One"], "{bot} at {rest}");
        }
        stage.portal.expect(EVENT_GET).never();
        stage.portal.assert_no_violations();
    }
}

fn webhook(stage: &Stage) -> imbot_caps::Portal {
    let builder = imbot_caps::Portal::builder().allow_http();
    builder.webhook(stage.portal.webhook_url()).unwrap()
}

/// The same host has two portals, with a path each.
#[tokio::test]
async fn portals_with_paths_are_told_apart() {
    let emulator = Emulator::start().await.unwrap();
    let [first, second] = [Build::rest(30), Build::rest(30)].map(|build| emulator.portal(build));
    let folder = tempfile::tempdir().unwrap();
    let mut toml = String::new();
    for (name, portal) in [("a", &first), ("b", &second)] {
        let at = portal.rest_url().replacen("http://", "", 1).replace("/rest/", "");
        toml.push_str(&format!(
            "[[bot]]\nname = '{name}'\nportal = '{at}'\nsecret = '0123456789abcde{name}'\nbot_token = '{TOKEN}'\nkeep = true\n"
        ));
    }
    let host = first.url().split('/').nth(2).unwrap().parse().unwrap();
    let proxy = super::support::builder(host)
        .bots(Bots::from_toml(&toml).unwrap(), folder.path().join("journal.db"))
        .start()
        .await
        .unwrap();
    let client = super::support::client();
    let stage = Stage {
        portal: second,
        proxy,
        client,
    };
    let fixture = Fixture { stage, folder };
    assert_eq!(fixture.post("0123456789abcdea", posted(TOKEN, 1)).await.0, 200);
    assert_eq!(fixture.page(7, None).await["events"], json!([]));
    assert_eq!(fixture.post("0123456789abcdeb", posted(TOKEN, 2)).await.0, 200);
    assert_eq!(texts(&fixture.page(7, None).await), ["Hi"]);
    drop(first);
}
