//! Bodies, batches, envelopes, and the record of what came in.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator, Webhook};
use serde_json::{Value as Json, json};

use crate::client::{call, get, post, send};

async fn single(build: Build) -> EmulatedPortal {
    Emulator::start_single(build).await.unwrap()
}

async fn batch(portal: &EmulatedPortal, params: Json) -> Json {
    call(portal, "batch", params).await.result()
}

#[tokio::test]
async fn forms_and_queries_are_merged() {
    let portal = single(Build::rest(33)).await;
    let register = format!("{}imbot.v2.Bot.register?botToken=t", portal.webhook_url());
    let form = b"fields[code]=ann&fields[properties][name]=Ann+B&fields[isHidden]=Y";
    let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    let card = send("POST", &register, headers, form).await.unwrap().result();
    assert_eq!(card["bot"]["isHidden"], true);
    let recorded = &portal.requests()[0];
    assert_eq!(
        recorded.params,
        json!({
            "botToken": "t",
            "fields": {"code": "ann", "properties": {"name": "Ann B"}, "isHidden": "Y"},
        })
    );
}

#[tokio::test]
async fn invalid_json_leaves_no_parameters() {
    let portal = single(Build::rest(34)).await;
    let url = format!("{}imbot.v2.Bot.list", portal.webhook_url());
    let body = br#"{"botToken": "t""#;
    let answer = send("POST", &url, "Content-Type: application/json\r\n", body)
        .await
        .unwrap();
    assert_eq!(answer.code(), "BOT_TOKEN_NOT_SPECIFIED");
    assert_eq!(portal.requests()[0].params, json!({}));
}

#[tokio::test]
async fn cloud_and_premises_envelopes_differ() {
    let portal = single(Build::rest(33)).await;
    let cloud = call(&portal, "server.time", json!({})).await.json();
    assert!(cloud["time"]["operating"].is_number());
    portal.set_build(Build::rest(33).on_premise());
    let premises = call(&portal, "server.time", json!({})).await.json();
    assert!(premises["time"]["start"].is_u64());
    assert_eq!(premises["time"].get("operating"), None);
}

#[tokio::test]
async fn batch_answers_commands_by_key() {
    let portal = single(Build::rest(33)).await;
    let narrow = portal.add_webhook(Webhook::new(2, "narrow").scopes(["imbot"]));
    let cmd = json!({"rev": "imbot.v2.Revision.get", "old": "im.revision.get", "no": "a.b"});
    let answer = post(&format!("{narrow}batch"), &json!({"halt": 0, "cmd": cmd}))
        .await
        .result();
    assert_eq!(answer["result"]["rev"]["rest"], 33);
    assert_eq!(
        answer["result_error"],
        json!({
            "old": {"error": "insufficient_scope", "error_description": ""},
            "no": {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"},
        })
    );
    assert_eq!(answer["result_total"], json!([]));
    assert!(answer["result_time"]["rev"]["start"].is_number());
    // The scope is the credential's: the whole call fails for a wrong one.
    let bad = format!("{}1/wrong/batch", portal.rest_url());
    assert_eq!(get(&bad).await.code(), "INVALID_CREDENTIALS");
}

#[tokio::test]
async fn batch_maps_become_lists() {
    let portal = single(Build::rest(33)).await;
    let all = batch(&portal, json!({"cmd": ["server.time", "scope"]})).await;
    assert_eq!(all["result"].as_array().unwrap().len(), 2);
    assert_eq!(all["result_error"], json!([]));
    let second_fails = batch(&portal, json!({"cmd": ["scope", "a.b", "scope"]})).await;
    assert!(second_fails["result"].is_object());
    assert!(second_fails["result_error"]["1"].is_object());
    assert_eq!(batch(&portal, json!({})).await["result"], json!([]));
}

#[tokio::test]
async fn halt_follows_request_order() {
    let portal = single(Build::rest(33)).await;
    let params =
        |halt| format!(r#"{{"halt":{halt},"cmd":{{"z":"scope","m":"a.b","a":"scope","0":"scope"}}}}"#);
    let url = format!("{}batch", portal.webhook_url());
    let headers = "Content-Type: application/json\r\n";
    // Neither sorted nor by number: what comes before the failure is done, and answers
    // stand in the order of the commands.
    for (halt, keys) in [
        ("1", vec!["z"]),
        ("0", vec!["z", "a", "0"]),
        ("\"0\"", vec!["z", "a", "0"]),
    ] {
        let answer = send("POST", &url, headers, params(halt).as_bytes())
            .await
            .unwrap()
            .result();
        let answered: Vec<_> = answer["result"].as_object().unwrap().keys().collect();
        assert_eq!(answered, keys, "halt {halt}");
    }
}

#[tokio::test]
async fn batch_is_limited_and_unnested() {
    let portal = single(Build::rest(33)).await;
    let answer = batch(&portal, json!({"cmd": vec!["server.time"; 51]})).await;
    assert_eq!(answer["result"].as_array().unwrap().len(), 50);
    assert_eq!(
        answer["result_error"]["50"]["error"],
        "ERROR_BATCH_LENGTH_EXCEEDED"
    );
    let nested = batch(&portal, json!({"cmd": {"b": "batch?cmd[]=scope", "n": 7}})).await;
    assert_eq!(
        nested["result_error"]["b"]["error"],
        "ERROR_BATCH_METHOD_NOT_ALLOWED"
    );
    assert_eq!(nested["result_error"].get("n"), None);
}

#[tokio::test]
async fn batch_parameters_resolve_references() {
    let portal = single(Build::rest(33)).await;
    let register = "imbot.v2.Bot.register?botToken=t&fields[code]=a&fields[properties][name]=A";
    let send = "imbot.v2.Chat.Message.send?botToken=t&botId=$result[r][bot][id]\
                &dialogId=1&fields[message]=bot+$result[r][bot][id]&fields[system]=true";
    let body = format!(r#"{{"cmd":{{"r":"{register}","a":"{send}"}}}}"#);
    let url = format!("{}batch", portal.webhook_url());
    let headers = "Content-Type: application/json\r\n";
    let answer = crate::client::send("POST", &url, headers, body.as_bytes())
        .await
        .unwrap();
    assert_eq!(answer.result()["result_error"], json!([]));
    let message = &portal.messages()[0];
    assert_eq!(message.text, format!("bot {}", portal.bots()[0].id));
    assert!(message.is_system);
}

#[tokio::test]
async fn requests_are_recorded_as_received() {
    let emulator = Emulator::start().await.unwrap();
    let (one, two) = (emulator.portal(Build::rest(33)), emulator.portal(Build::rest(30)));
    call(
        &one,
        "imbot.v2.Revision.get.json",
        json!({"a": [1, true], "fields": {}}),
    )
    .await;
    get(&format!("{}no.such?x[y]=z", one.webhook_url())).await;
    call(&two, "server.time", json!({})).await;

    assert_eq!(one.count("imbot.v2.Revision.get"), 1);
    assert_eq!(one.count("imbot.v2.revision.get"), 0);
    let requests = one.take_requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].params, json!({"a": [1, true], "fields": {}}));
    assert_eq!(requests[0].header("Content-type"), Some("application/json"));
    let line = format!("{:?}", requests[1]);
    assert!(line.starts_with("#2 GET /portal-1/rest/1/"), "{line}");
    assert!(line.ends_with(r#"no.such?x[y]=z {"x":{"y":"z"}}"#), "{line}");
    assert_eq!(one.requests().len() + two.requests().len(), 1);
    call(&one, "scope", json!({})).await;
    assert_eq!(one.requests()[0].order, 3);
}

#[tokio::test]
async fn ten_thousand_portals_stay_independent() {
    let emulator = Emulator::start().await.unwrap();
    let portals: Vec<_> = (0..10_000).map(|_| emulator.portal(Build::rest(33))).collect();
    let addresses: std::collections::HashSet<_> = portals.iter().map(EmulatedPortal::webhook_url).collect();
    assert_eq!(addresses.len(), 10_000);
    let members: std::collections::HashSet<_> = portals.iter().map(EmulatedPortal::member_id).collect();
    assert_eq!(members.len(), 10_000);
    for portal in portals.iter().step_by(1_000) {
        assert_eq!(call(portal, "scope", json!({})).await.status, 200);
    }
    let received: usize = portals.iter().map(|portal| portal.requests().len()).sum();
    assert_eq!(received, 10);
    let last = portals.last().unwrap();
    assert_eq!(call(last, "imbot.v2.Revision.get", json!({})).await.status, 200);
    let code = last.webhook_url().rsplit("/rest/").next().unwrap();
    let elsewhere = format!("{}{code}server.time", portals[0].rest_url());
    assert_eq!(get(&elsewhere).await.code(), "INVALID_CREDENTIALS");
    let url = portals[0].url().to_owned();
    drop(emulator);
    let authority = url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap()
        .to_owned();
    // The listener closes as soon as its task has run.
    while tokio::net::TcpStream::connect(&authority).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn batch_method_names_take_no_suffix() {
    let portal = single(Build::rest(33)).await;
    let cmd = json!({
        "a": "SERVER.TIME",
        "b": "imbot.v2.Revision.get",
        "c": "imbot.v2.revision.get",
        "d": "server.time.json",
    });
    let answer = batch(&portal, json!({"cmd": cmd})).await;
    let keys =
        |member: &str| -> Vec<String> { answer[member].as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys("result"), ["a", "b"]);
    assert_eq!(keys("result_error"), ["c", "d"]);
}
