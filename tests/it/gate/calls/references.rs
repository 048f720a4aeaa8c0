//! Text that a portal's batch replaces by a part of another reply: written by the client
//! where it is meant, and kept out of batches where a user wrote it.

use imbot_caps::gate::{Batch, BatchCommand, CallError, Client, ReferenceError, ResultReference};
use imbot_caps::wire::{Call, Reply};
use imbot_caps_emulator::{Build, EmulatedPortal, Fault};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::*;

mod one_by_one;

/// A portal with a bot, and a client for it that has asked what it is.
async fn stage(build: Build) -> (EmulatedPortal, Client, u64) {
    let portal = portal(build).await;
    let client = client(&portal);
    let id = bot(&client).await;
    portal.take_requests();
    (portal, client, id)
}

fn own(id: u64, method: &str) -> Call {
    Call::new(method).with("botId", id).with("botToken", "old")
}

fn say(id: u64, text: &str) -> Call {
    own(id, SEND)
        .with("dialogId", "1")
        .with("fields", json!({"message": text}))
}

#[tokio::test]
async fn reference_like_text_is_refused() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    let get = own(id, "imbot.v2.Chat.get").with("dialogId", "chat5");
    let with = |fields: Value| own(id, SEND).with("dialogId", "1").with("fields", fields);
    let mut cases: Vec<(Call, String)> = Vec::new();
    for name in ["result", "next", "total", "time", "error"] {
        for name in [name.to_owned(), name.to_uppercase(), format!("{name}, {name}")] {
            let text = format!("see ${name}[a][chat][dialogId] there").replace(", ", ",");
            cases.push((say(id, &text), "fields.message".to_owned()));
        }
    }
    const TEXT: &str = "$Result[a]";
    let nested = json!({"keyboard": [[{"text": "x"}, {"text": TEXT}]]});
    let as_text = json!({"keyboard": format!(r#"[[{{"text":"{TEXT}"}}]]"#)});
    cases.extend([
        (with(nested), "fields.keyboard.0.1.text".to_owned()),
        (with(as_text), "fields.keyboard".to_owned()),
        (with(json!({TEXT: 1})), format!("fields.{TEXT}")),
        (say(id, "x").with(TEXT, "y"), TEXT.to_owned()),
        (say(id, "x").with("dialogId", TEXT), "dialogId".to_owned()),
    ]);
    for (call, path) in cases {
        let error = client.batch([("a", get.clone()), ("b", call)]).await.unwrap_err();
        let CallError::LooksLikeReference { command, parameter } = &error else {
            panic!("{path}: {error:?}")
        };
        assert_eq!((command.as_str(), parameter), ("b", &path));
        assert!(!error.may_have_run());
        let text = error.to_string();
        assert!(
            text.contains("`b`") && text.contains(&format!("`{path}`")),
            "{text}"
        );
        assert!(text.contains("by itself"), "{text}");
    }
    assert_eq!(called(&portal), [""; 0]);
    // By itself it is sent as it is.
    client.send_call(say(id, TEXT)).await.unwrap();
    assert_eq!(portal.messages()[0].text, TEXT);
}

#[tokio::test]
async fn command_method_allows_no_parameters() {
    let (portal, client, _) = stage(Build::rest(36)).await;
    for method in ["profile?a=$result[x]", "profile#", "profile&a=b", ""] {
        let error = client.batch([("a", Call::new(method))]).await.unwrap_err();
        assert!(matches!(error, CallError::InvalidMethod), "{method}: {error}");
    }
    assert_eq!(called(&portal), [""; 0]);
}

#[tokio::test]
async fn reference_resolves_to_named_result() {
    for build in [Build::rest(36), Build::rest(30)] {
        let (portal, client, id) = stage(build).await;
        let add = own(id, "imbot.v2.Chat.add").with("fields", json!({"title": "Team", "userIds": [1]}));
        let to = |path: &str| ResultReference::to("add").at(path);
        let send = |text: &str| own(id, SEND).with("fields", json!({"message": text}));
        let batch = Batch::new()
            .call("add", add)
            .call("one", send("1").with_reference("dialogId", to("chat.dialogId")))
            .call(
                "two",
                send("2").with_reference("dialogId", to("chat").at("id").with_prefix("chat")),
            )
            .call(
                "three",
                say(id, "replaced").with_reference("fields.message", to("chat.id").with_prefix("made of ")),
            )
            .call(
                "four",
                BatchCommand::from(own(id, SEND))
                    .with("dialogId", "1")
                    .with_reference("fields.message", to("chat.dialogId")),
            );
        let replies = client.batch(batch).await.unwrap();
        let Some(Reply::Result(made)) = replies.get("add") else {
            panic!("{replies:?}")
        };
        assert!(
            replies.iter().all(|(_, reply)| matches!(reply, Reply::Result(_))),
            "{replies:?}"
        );
        let chat = made["chat"]["id"].as_u64().unwrap();
        let messages = portal.messages();
        let in_chat = messages.iter().filter(|own| own.chat_id == chat);
        assert_eq!(
            in_chat.map(|own| own.text.as_str()).collect::<Vec<_>>(),
            ["1", "2"]
        );
        let elsewhere = messages.iter().filter(|own| own.chat_id != chat);
        assert_eq!(
            elsewhere.map(|own| own.text.clone()).collect::<Vec<_>>(),
            [format!("made of {chat}"), format!("chat{chat}")]
        );
    }
}

#[tokio::test]
async fn references_work_in_lists() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    let me = Call::new("profile");
    let add = |title: &str, users: Value| {
        own(id, "imbot.v2.Chat.add").with("fields", json!({"title": title, "userIds": users}))
    };
    let to = || ResultReference::to("me").at("ID");
    let batch = Batch::new()
        .call("me", me)
        .call(
            "replaced",
            add("replaced", json!([999])).with_reference("fields.userIds.0", to()),
        )
        .call(
            "added",
            add("added", json!([1])).with_reference("fields.userIds.1", to()),
        )
        .call(
            "made",
            add("made", json!(null)).with_reference("fields.userIds.0", to()),
        );
    let replies = client.batch(batch).await.unwrap();
    let sent = portal.take_requests().pop().unwrap();
    let commands = sent.params["cmd"].to_string();
    for (key, place) in [("replaced", 0), ("added", 1), ("made", 0)] {
        assert!(
            matches!(replies.get(key), Some(Reply::Result(_))),
            "{key}: {replies:?}"
        );
        let written = format!("title%5D={key}");
        let command = sent.params["cmd"][key].as_str().unwrap();
        assert!(command.contains(&written), "{commands}");
        let at = format!("userIds%5D%5B{place}%5D=%24result%5Bme%5D%5BID%5D");
        assert!(command.contains(&at), "{command}");
    }
}

#[tokio::test]
async fn invalid_reference_is_refused() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    let first = || ("first", BatchCommand::from(Call::new("profile")));
    let last = || ("last", BatchCommand::from(Call::new("server.time")));
    let to = |to: ResultReference, path: &str| say(id, "x").with("list", json!([1])).with_reference(path, to);
    let name = |name: &str| ReferenceError::Name(name.to_owned());
    let fine = || ResultReference::to("first").at("ID");
    let cases = [
        (
            to(ResultReference::to("nobody"), "dialogId"),
            "dialogId",
            ReferenceError::NoSuchCall("nobody".to_owned()),
        ),
        (
            to(ResultReference::to("last"), "fields.message"),
            "fields.message",
            ReferenceError::Later("last".to_owned()),
        ),
        (
            to(ResultReference::to("own"), "dialogId"),
            "dialogId",
            ReferenceError::OwnReply,
        ),
        (to(fine().at(""), "dialogId"), "dialogId", name("")),
        (to(fine().at("a]b"), "dialogId"), "dialogId", name("a]b")),
        (to(fine().at("x.a b"), "dialogId"), "dialogId", name("a b")),
        (
            to(fine().with_prefix("$error"), "dialogId"),
            "dialogId",
            ReferenceError::PrefixIsReference,
        ),
        (
            to(fine().with_prefix("$next[a] "), "dialogId"),
            "dialogId",
            ReferenceError::PrefixIsReference,
        ),
        (to(fine(), "dialogId.x"), "dialogId.x", ReferenceError::IntoText),
        (to(fine(), "botId.x"), "botId.x", ReferenceError::Path),
        (to(fine(), "list.2"), "list.2", ReferenceError::Path),
        (to(fine(), "list.x"), "list.x", ReferenceError::Path),
        (to(fine(), ""), "", ReferenceError::Path),
        (to(fine(), "fields..x"), "fields..x", ReferenceError::Path),
        (to(fine(), "fields[x]"), "fields[x]", ReferenceError::Path),
    ];
    for (own, path, expected) in cases {
        let error = client.batch([first(), ("own", own), last()]).await.unwrap_err();
        let CallError::Reference {
            command,
            parameter,
            why,
        } = &error
        else {
            panic!("{path}: {error:?}")
        };
        assert_eq!(
            (command.as_str(), parameter.as_str(), why),
            ("own", path, &expected)
        );
        assert!(!error.may_have_run());
        let text = error.to_string();
        assert!(
            text.contains("`own`") && text.contains(&why.to_string()),
            "{text}"
        );
    }
    assert_eq!(called(&portal), [""; 0]);
}

#[tokio::test]
async fn failed_reference_stops_dependent_commands() {
    let (portal, client, id) = stage(Build::rest(36)).await;
    let secret = Call::new("profile");
    let fails = own(id, "imbot.v2.Chat.get").with("dialogId", "chat999");
    let tell = || say(id, "x").with_reference("fields.message", ResultReference::to("get").at("chat.name"));
    let batch = [
        ("secret", BatchCommand::from(secret)),
        ("get", fails.into()),
        ("tell", tell()),
        ("after", Call::new("server.time").into()),
    ];
    let replies = client.batch(batch).await.unwrap();
    assert!(matches!(replies.get("get"), Some(Reply::Error(_))));
    assert_eq!((replies.get("tell"), replies.get("after")), (None, None));
    assert!(portal.messages().is_empty());
    // Without a reference it goes on, unless told otherwise.
    let batch = || {
        Batch::from([
            ("no", Call::new("no.such.method")),
            ("after", Call::new("server.time")),
        ])
    };
    let replies = client.batch(batch()).await.unwrap();
    assert!(matches!(replies.get("after"), Some(Reply::Result(_))));
    let replies = client.batch(batch().halt()).await.unwrap();
    assert_eq!(replies.get("after"), None);
}

#[test]
fn text_arrives_unchanged_or_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let stages = runtime.block_on(async { [stage(Build::rest(36)).await, stage(Build::rest(30)).await] });
    let pieces = select(vec![
        "$",
        "result",
        "$result",
        "$Next",
        "$TOTAL",
        "$time",
        "$error",
        "[",
        "]",
        "[me]",
        "[me][NAME]",
        "[]",
        "$result[me][NAME]",
        "$RESULT[0]",
        "$time[me]",
        "a",
        "5",
        "#",
        "&",
        "=",
        "+",
        "%24",
        "%",
        " ",
        "\n",
        "\u{b}",
        "\u{a0}",
        "\u{2003}",
        "ß",
        "\\u0024",
        "\"",
        "}",
        "?",
    ]);
    let text = prop::collection::vec(pieces, 1..7).prop_map(|pieces| pieces.concat());
    let text = text.prop_filter("a message needs text", |text| !text.trim().is_empty());
    let counts = std::cell::Cell::new((0, 0));
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&text, |text| {
        for (portal, client, id) in &stages {
            portal.take_requests();
            let before = portal.messages().len();
            let batch = [("me", Call::new("profile")), ("say", say(*id, &text))];
            let (refused, sent) = counts.get();
            match runtime.block_on(client.batch(batch)) {
                Err(CallError::LooksLikeReference { .. }) => {
                    prop_assert_eq!(called(portal), [""; 0]);
                    prop_assert_eq!(portal.messages().len(), before);
                    counts.set((refused + 1, sent));
                }
                Err(other) => prop_assert!(false, "{other}"),
                Ok(replies) => {
                    prop_assert!(
                        matches!(replies.get("say"), Some(Reply::Result(_))),
                        "{replies:?}"
                    );
                    let messages = portal.messages();
                    // A portal takes white space away at both ends.
                    prop_assert_eq!(messages.last().unwrap().text.as_str(), text.trim());
                    counts.set((refused, sent + 1));
                }
            }
        }
        Ok(())
    });
    outcome.unwrap();
    let (refused, sent) = counts.get();
    assert!(refused > 20 && sent > 20, "{refused} refused, {sent} sent");
}

/// Paths of texts and numbers in a value, with these.
fn leaves(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        _ => format!("{path}.{name}"),
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, own)| leaves(own, &below(name), into)),
        Value::Array(items) => {
            for (nth, own) in items.iter().enumerate() {
                leaves(own, &below(&nth.to_string()), into);
            }
        }
        Value::String(text) => into.push((path.to_owned(), text.clone())),
        other => into.push((path.to_owned(), other.to_string())),
    }
}

#[test]
fn reference_resolves_to_its_value() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (portal, client, id) = runtime.block_on(stage(Build::rest(36)));
    let leaf = prop_oneof!["[a$\\[\\] ]{0,6}", Just("$result[me]".to_owned())].prop_map(Value::from);
    let leaf = prop_oneof![leaf, any::<i32>().prop_map(Value::from)];
    let names = select(vec!["a", "0", "7", "01", "$result", "é", "x-y", "A", "(", "\""]);
    let reply = leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 1..4).prop_map(|members| {
                Value::Object(
                    members
                        .into_iter()
                        .map(|(name, own)| (name.to_owned(), own))
                        .collect(),
                )
            }),
        ]
    });
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&(reply, any::<prop::sample::Index>()), |(reply, which)| {
        let reply = json!({"in": reply});
        let mut all = Vec::new();
        leaves(&reply, "", &mut all);
        let (path, value) = which.get(&all);
        portal.fault(Fault::result(reply).on("server.time").inside_batch().once());
        let to = ResultReference::to("time").at(path).with_prefix("It is ");
        let batch = Batch::new()
            .call("time", Call::new("server.time"))
            .call("tell", say(id, "").with_reference("fields.message", to));
        let replies = runtime.block_on(client.batch(batch)).unwrap();
        prop_assert!(
            matches!(replies.get("tell"), Some(Reply::Result(_))),
            "{replies:?}"
        );
        let messages = portal.messages();
        let expected = format!("It is {value}");
        prop_assert_eq!(messages.last().unwrap().text.as_str(), expected.trim());
        Ok(())
    });
    outcome.unwrap();
}
