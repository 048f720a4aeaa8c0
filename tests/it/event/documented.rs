//! The examples of the documentation's pages of events.
//!
//! `tests/docs/events.json` has their members and types (bitrix24/b24restdocs, commit 5988ed13). The values
//! are others.

use std::collections::BTreeMap;

use imbot_caps::event::{ApplicationTokens, BotEvent, BotEventKind, Posted};
use serde_json::{Map, Value};

fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../../docs/events.json")).unwrap()
}

/// The examples that a portal posts, as forms with this token.
pub fn forms(token: &str) -> Vec<String> {
    let posted = examples().into_iter().filter(|own| own["form"] != "polled");
    posted
        .map(|mut example| {
            example["event"]["auth"]["application_token"] = token.into();
            form_of(&example["event"])
        })
        .collect()
}

/// A portal posts a form, and the page shows JSON.
fn form_of(event: &Value) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in event.as_object().unwrap() {
        put(&mut form, name.clone(), value);
    }
    form.finish()
}

fn read(example: &Value) -> Vec<BotEvent> {
    let mut event = example["event"].clone();
    if example["form"] == "polled" {
        return vec![BotEvent::from_polled(event).unwrap()];
    }
    // Some pages leave out `auth`.
    if event["auth"]["application_token"].is_null() {
        event["auth"]["application_token"] = "t".into();
    }
    let token = event["auth"]["application_token"].as_str().unwrap();
    let posted = Posted::from_form(form_of(&event).as_bytes()).unwrap();
    let events = posted
        .verify(&ApplicationTokens::new(token))
        .unwrap()
        .into_events();
    let json = Posted::from_value(event.clone()).unwrap();
    assert_eq!(
        events.len(),
        json.verify(&ApplicationTokens::new(token))
            .unwrap()
            .events()
            .len()
    );
    events
}

fn put(form: &mut url::form_urlencoded::Serializer<'_, String>, name: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(is) => drop(form.append_pair(&name, if *is { "1" } else { "0" })),
        Value::String(text) => drop(form.append_pair(&name, text)),
        Value::Array(items) => {
            for (nth, item) in items.iter().enumerate() {
                put(form, format!("{name}[{nth}]"), item);
            }
        }
        Value::Object(members) => {
            for (own, value) in members {
                put(form, format!("{name}[{own}]"), value);
            }
        }
        number => drop(form.append_pair(&name, &number.to_string())),
    }
}

fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                leaves(value, &format!("{path}.{name}"), found);
            }
        }
        leaf => drop(found.insert(path.to_owned(), leaf.clone())),
    }
}

#[test]
fn examples_are_read() {
    let mut kinds = BTreeMap::new();
    for example in examples() {
        for event in read(&example) {
            assert_ne!(event.kind(), BotEventKind::Other, "{example}");
            *kinds.entry(event.kind().name().unwrap()).or_insert(0) += 1;
            if event.name().starts_with("ONIMBOT") {
                assert!(event.bot_id().is_some(), "{example}");
            }
        }
    }
    assert!(kinds.len() >= 12, "{kinds:?}");
}

/// Each member of an example is in the data, or keeps its own name.
#[test]
fn members_of_examples_are_accounted_for() {
    for example in examples() {
        let events = read(&example);
        let mut held = Vec::new();
        for event in &events {
            let mut found = BTreeMap::new();
            leaves(&Value::Object(event.data().clone()), "", &mut found);
            leaves(&Value::Object(event.untranslated().clone()), "", &mut found);
            held.extend(found.into_values().map(|value| match value {
                Value::String(text) => text.trim_start_matches('/').to_lowercase(),
                Value::Bool(is) => if is { "y" } else { "n" }.to_owned(),
                other => other.to_string(),
            }));
        }
        let mut found = BTreeMap::new();
        leaves(&example["event"]["data"], "", &mut found);
        for (path, value) in found {
            let text = match &value {
                Value::Null => continue,
                Value::String(text) if text.is_empty() => continue,
                Value::String(text) => text.trim_start_matches('/').to_lowercase(),
                Value::Bool(is) => if *is { "y" } else { "n" }.to_owned(),
                other => other.to_string(),
            };
            assert!(
                held.contains(&text),
                "{}: {path} = {value} is lost",
                example["page"]
            );
        }
    }
}

/// The types of the documentation are those that posted text becomes.
#[test]
fn posted_text_becomes_documented_types() {
    for example in examples() {
        if example["form"] != "polled" {
            continue;
        }
        let item = &example["event"];
        let posted = serde_json::json!({
            "event": item["type"],
            "data": as_text(&item["data"]),
            "auth": {"application_token": "t"},
        });
        let posted = Posted::from_value(posted).unwrap();
        let events = posted.verify(&ApplicationTokens::new("t")).unwrap().into_events();
        let (mut documented, mut own) = (BTreeMap::new(), BTreeMap::new());
        leaves(&item["data"], "", &mut documented);
        leaves(&Value::Object(events[0].data().clone()), "", &mut own);
        for (path, value) in documented {
            // Not sent, and without a type in the table.
            if value.is_null() || value == Value::Array(vec![]) || path.starts_with(".context") {
                continue;
            }
            assert_eq!(own.get(&path), Some(&value), "{} {path}", item["type"]);
        }
    }
}

/// A value as a form carries it.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Bool(is) => if *is { "1" } else { "0" }.into(),
        Value::Number(number) => number.to_string().into(),
        Value::Array(items) => items.iter().map(as_text).collect(),
        Value::Object(members) => {
            let given = members.iter().filter(|(_, value)| !value.is_null());
            let members: Map<String, Value> = given
                .map(|(name, value)| (name.clone(), as_text(value)))
                .collect();
            members.into()
        }
        other => other.clone(),
    }
}
