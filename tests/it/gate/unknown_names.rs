//! Misspelt methods and parameters pass as they are, and are told once each.

use std::collections::BTreeSet;

use imbot_caps::Table;
use imbot_caps::gate::Gate;
#[cfg(feature = "reqwest-middleware")]
use imbot_caps::gate::GateMiddleware;
#[cfg(feature = "tower")]
use imbot_caps::gate::{GateLayer, HttpGateLayer};
use imbot_caps::plan::UnknownName;
#[cfg(feature = "tower")]
use imbot_caps::wire::{Call, Reply};
use imbot_caps_emulator::{Build, EmulatedPortal};
use serde_json::{Value, json};
#[cfg(feature = "tower")]
use tower::{Layer, ServiceExt, service_fn};

use crate::support::fixture::Stage;
use imbot_caps_xtask::facts;

#[cfg(feature = "tower")]
mod sharing;

/// A call with a misspelt name, and what is told of it.
fn misspelt() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "imbot.v2.Chat.Message.Sned",
            json!({"botId": 7}),
            "the method `imbot.v2.Chat.Message.Sned` is not known: did you mean `imbot.v2.Chat.Message.send`?",
        ),
        (
            "imbot.v2.chat.message.send",
            json!({"botId": 7}),
            "no portal finds the method `imbot.v2.chat.message.send`, since capital letters matter in its name: did \
             you mean `imbot.v2.Chat.Message.send`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"botId": 7, "dialogId": "chat5", "fields": {"message": "x", "sytem": true}}),
            "`imbot.v2.Chat.Message.send` does not take `fields.sytem`: did you mean `fields.system`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"BOT_ID": 7, "CLIENT_ID": "t0ken-t0ken", "DIALOG_ID": "chat5", "MESSAGE": "x"}),
            "`imbot.v2.Chat.Message.send` does not take `BOT_ID`: did you mean `botId`?; `CLIENT_ID`: did you mean \
             `botToken`?; `DIALOG_ID`: did you mean `dialogId`?; `MESSAGE`: did you mean `fields.message`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"botId": 7, "fields.message": "x"}),
            "`imbot.v2.Chat.Message.send` does not take `\"fields.message\"`: did you mean `fields.message`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({" botId": 7, "message ": "x", "fields": {"message\u{a0}": "x", "fields.system": true}}),
            "`imbot.v2.Chat.Message.send` does not take `\" botId\"`: did you mean `botId`?; `\"message \"`: did you \
             mean `fields.message`?; `fields.\"message\\u{a0}\"`: did you mean `fields.message`?; \
             `fields.\"fields.system\"`: did you mean `fields.system`?",
        ),
        // No row of the table is about this method.
        (
            "im.counters.get",
            json!({"JSNO": "Y"}),
            "`im.counters.get` does not take `JSNO`: did you mean `JSON`?",
        ),
    ]
}

fn told(gate: &Gate) -> Vec<String> {
    let notes = gate.report().unknown_names;
    notes.iter().map(UnknownName::to_string).collect()
}

#[cfg(feature = "tower")]
fn call(method: &str, params: &Value) -> Call {
    Call::with_params(method, params.as_object().unwrap().clone())
}

fn received(portal: &EmulatedPortal, method: &str, params: &Value) -> bool {
    let requests = portal.take_requests();
    requests
        .iter()
        .any(|request| request.method == method && request.params == *params)
}

#[tokio::test]
async fn misspelt_calls_are_reported_once() {
    let stage = Stage::set().await;
    let (emulated, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let client = gate.client(handle.portal());
    let mut expected = Vec::new();
    for (method, params, note) in misspelt() {
        for _ in 0..3 {
            drop(
                client
                    .call(method, params.as_object().unwrap().clone().into())
                    .await,
            );
            assert!(received(&emulated, method, &params), "{method} is sent as it is");
        }
        expected.push(note);
        assert_eq!(told(&gate), expected);
    }
    let text = gate.report().to_string();
    assert!(expected.iter().all(|note| text.contains(note)), "{text}");
}

#[tokio::test]
async fn batch_commands_are_checked() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let client = gate.client(handle.portal());
    // One without any row of the table, and one with.
    let commands = json!({
        "a": "im.counters.get?JSNO=Y",
        "b": "crm.deal.ad",
    });
    drop(client.call("batch", json!({ "cmd": commands })).await);
    let commands = json!([
        "imbot.v2.Chat.Message.Sned",
        "imbot.v2.Chat.Message.send?botId=7&fields[sytem]=Y&fields[keyboard][0][TXET]=x",
    ]);
    drop(client.call("batch", json!({ "cmd": commands })).await);
    assert_eq!(
        told(&gate),
        [
            "`im.counters.get` does not take `JSNO`: did you mean `JSON`?",
            "the method `imbot.v2.Chat.Message.Sned` is not known: did you mean `imbot.v2.Chat.Message.send`?",
            "`imbot.v2.Chat.Message.send` does not take `fields.sytem`: did you mean `fields.system`?; \
             `fields.keyboard.TXET`: did you mean `fields.keyboard.TEXT`?",
        ]
    );
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn call_service_checks_names() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let sender =
        service_fn(|_: Call| async { Ok::<_, std::convert::Infallible>(Reply::Result(Value::Null)) });
    let service = GateLayer::for_handle(&gate, &handle).layer(sender);
    for (method, params, note) in misspelt() {
        drop(service.clone().oneshot(call(method, &params)).await);
        assert_eq!(told(&gate).last().unwrap(), note);
    }
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn http_service_checks_names() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let service = HttpGateLayer::new(&gate).layer(reqwest::Client::new());
    for (method, params, note) in misspelt() {
        drop(service.clone().oneshot(request(&emulated, method, &params)).await);
        assert_eq!(told(&gate).last().unwrap(), note);
    }
    let batch = json!({"cmd": {"a": "im.counters.gte"}});
    drop(service.oneshot(request(&emulated, "batch", &batch)).await);
    assert!(told(&gate).last().unwrap().contains("im.counters.gte"));
}

#[cfg(feature = "reqwest-middleware")]
#[tokio::test]
async fn middleware_checks_names() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(GateMiddleware::new(&gate))
        .build();
    for (method, params, note) in misspelt() {
        drop(client.execute(request(&emulated, method, &params)).await);
        assert_eq!(told(&gate).last().unwrap(), note);
    }
    let batch = json!({"cmd": {"a": "im.counters.gte"}});
    drop(client.execute(request(&emulated, "batch", &batch)).await);
    assert!(told(&gate).last().unwrap().contains("im.counters.gte"));
}

fn request(portal: &EmulatedPortal, method: &str, params: &Value) -> reqwest::Request {
    let url = format!("{}{method}", portal.webhook_url());
    let mut request = reqwest::Request::new(reqwest::Method::POST, url.parse().unwrap());
    let json = "application/json".parse().unwrap();
    request.headers_mut().insert("content-type", json);
    *request.body_mut() = Some(params.to_string().into());
    request
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn parameter_checks_are_sampled() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let sender =
        service_fn(|_: Call| async { Ok::<_, std::convert::Infallible>(Reply::Result(Value::Null)) });
    let service = GateLayer::for_handle(&gate, &handle).layer(sender);
    let mut looked_at = Vec::new();
    for nth in 0..2_050 {
        // Each call has a typo of its own.
        let params = json!({ (format!("x{nth}")): 1 });
        drop(service.clone().oneshot(call("im.counters.get", &params)).await);
        if told(&gate).len() > looked_at.len() {
            looked_at.push(nth);
        }
    }
    let expected: Vec<i32> = (0..16).chain([1_024, 2_048]).collect();
    assert_eq!(looked_at, expected);
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn hostile_names_fill_no_memory() {
    let stage = Stage::set().await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let sender =
        service_fn(|_: Call| async { Ok::<_, std::convert::Infallible>(Reply::Result(Value::Null)) });
    let service = GateLayer::for_handle(&gate, &handle).layer(sender);
    let long = "x".repeat(1_000);
    for nth in 0..2_000 {
        let params: serde_json::Map<String, Value> = (0..100)
            .map(|own| (format!("{nth}{own}{long}"), json!(1)))
            .collect();
        drop(
            service
                .clone()
                .oneshot(Call::with_params("im.counters.get", params))
                .await,
        );
        drop(
            service
                .clone()
                .oneshot(Call::new(format!("imbot.{nth}{long}")))
                .await,
        );
    }
    let notes = told(&gate);
    assert!(notes.len() <= 64, "{} notes", notes.len());
    let bytes: usize = notes.iter().map(String::len).sum();
    assert!(bytes < 64 * 16 * 300, "{bytes} bytes");
}

#[tokio::test]
async fn strict_mode_notes_misspelt_names() {
    let stage = Stage::set().await;
    let (emulated, _) = stage.known(Build::rest(36)).await;
    for (method, params, note) in misspelt() {
        emulated.strict();
        let client = reqwest::Client::new();
        drop(client.execute(self::request(&emulated, method, &params)).await);
        let [violation] = &emulated.violations()[..] else {
            panic!("{:?}", emulated.violations());
        };
        assert_eq!(violation.unknown_name.as_ref().unwrap().to_string(), note);
        assert!(violation.to_string().starts_with(note), "{violation}");
    }
    emulated.strict();
    let batch = json!({"cmd": {"a": "imbot.v2.Bot.lits"}});
    drop(
        reqwest::Client::new()
            .execute(self::request(&emulated, "batch", &batch))
            .await,
    );
    assert_eq!(emulated.violations().len(), 1);
}

#[tokio::test]
async fn request_examples_have_no_notes() {
    let stage = Stage::set().await;
    let mut count = 0;
    // The gate sends older calls and batches of its own to older portals.
    for build in [
        Build::rest(36),
        Build::rest(33),
        Build::rest32_with_imbot_v2(),
        Build::rest(30),
    ] {
        let (emulated, handle) = stage.known(build).await;
        emulated.strict();
        let gate = Gate::new(&stage.registry);
        let client = gate.client(handle.portal());
        for (method, facts) in facts::documented().unwrap() {
            for shape in &facts.requests {
                drop(client.call(&method, facts::params(shape).into()).await);
                count += 1;
            }
        }
        assert_eq!(told(&gate), [""; 0]);
        let violations = emulated.violations();
        let unknown = violations.iter().filter_map(|own| own.unknown_name.as_ref());
        let unknown: BTreeSet<String> = unknown.map(UnknownName::to_string).collect();
        assert!(unknown.is_empty(), "{unknown:#?}");
    }
    assert!(count > 1_000, "{count}");
}

#[tokio::test]
async fn names_of_overlays_are_known() {
    let table = Table::builtin()
        .with_overlay(
            r#"title = "acme"
version = "0.1.0"
requires = "^2"

[[feature]]
id = "acme.voice"
title = "Voice messages"
kind = "new"
requires = { rest = 20 }
applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice.seconds"] }
source = "https://example.com/acme"
confidence = "inferred"

[[feature]]
id = "imbot.v2.Voice.send"
title = "Voice messages"
kind = "new"
requires = { rest = 20 }
applies = { methods = ["imbot.v2.Voice.send"] }
source = "https://example.com/acme"
confidence = "inferred"
"#,
        )
        .unwrap();
    let stage = Stage::with(|builder| builder.table(table.leak())).await;
    let (_, handle) = stage.known(Build::rest(36)).await;
    let gate = Gate::new(&stage.registry);
    let client = gate.client(handle.portal());
    drop(client.call("imbot.v2.Voice.send", json!({"whatever": 1})).await);
    let fields = json!({"message": "x", "voice": {"seconds": 5}});
    let params = json!({"botId": 7, "dialogId": "chat5", "fields": fields});
    drop(client.call("imbot.v2.Chat.Message.send", params).await);
    assert_eq!(told(&gate), [""; 0]);
    drop(client.call("imbot.v2.Voice.sned", json!({})).await);
    assert_eq!(
        told(&gate),
        ["the method `imbot.v2.Voice.sned` is not known: did you mean `imbot.v2.Voice.send`?"]
    );
}
