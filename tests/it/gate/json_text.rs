//! Keyboards and menus as JSON text: the gate treats them like structures, in every form in
//! which a request can carry them.

use std::collections::BTreeSet;

use imbot_caps::Table;
use imbot_caps::gate::{Gate, GateMiddleware, RefusedError};
use imbot_caps::plan::{Reason, UnknownName};
use imbot_caps_emulator::{Build, EmulatedPortal, Recorded};
use reqwest::{Client, Method, Request, Url};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use serde_json::{Map, Value, json};

use crate::support::fixture::Stage;
use crate::support::http::{OLD, REVISION};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A row about a member of a structure: its id, the revision where it begins, the
/// structure's older name and the name inside of it, an item, and the methods.
type Case = (
    &'static str,
    u16,
    &'static str,
    &'static str,
    Value,
    &'static [&'static str],
);

fn cases() -> Vec<Case> {
    const EVERYWHERE: [&str; 8] = [
        "im.message.add",
        "im.message.update",
        "imbot.message.add",
        "imbot.message.update",
        "imbot.command.answer",
        "imbot.v2.Chat.Message.send",
        "imbot.v2.Chat.Message.update",
        "imbot.v2.Command.answer",
    ];
    const OLDER: &[&str] = EVERYWHERE.split_at(5).0;
    const SENT: &[&str] = &["im.message.add", "imbot.message.add"];
    let action = json!({"TEXT": "a & b", "ACTION": "SEND", "ACTION_VALUE": "y=1"});
    let link = json!({"TEXT": "ö", "LINK": "https://a.example/?b=c&d[e]=f"});
    let command = json!({"TEXT": "100%+1", "COMMAND": "help"});
    vec![
        (
            "keyboard.action",
            28,
            "KEYBOARD",
            "BUTTONS",
            action.clone(),
            &EVERYWHERE,
        ),
        ("menu.action", 28, "MENU", "ITEMS", action, OLDER),
        ("menu.link", 26, "MENU", "ITEMS", link, SENT),
        ("menu.command", 26, "MENU", "ITEMS", command, SENT),
    ]
}

/// A call that portals with imbot.v2 and those without it take, and what the latter
/// know it as.
fn call(method: &'static str) -> (Value, &'static str) {
    match method {
        "im.message.add" => (json!({"DIALOG_ID": "chat5", "MESSAGE": "m"}), method),
        "im.message.update" => (json!({"MESSAGE_ID": "1", "MESSAGE": "m"}), method),
        "imbot.message.add" => (
            json!({"BOT_ID": "7", "DIALOG_ID": "chat5", "MESSAGE": "m"}),
            method,
        ),
        "imbot.message.update" => (json!({"BOT_ID": "7", "MESSAGE_ID": "1"}), method),
        "imbot.command.answer" => (
            json!({"COMMAND_ID": "3", "MESSAGE_ID": "1", "MESSAGE": "m"}),
            method,
        ),
        "imbot.v2.Chat.Message.send" => (
            json!({"botId": "7", "botToken": "t", "dialogId": "chat5", "fields": {"message": "m"}}),
            "imbot.message.add",
        ),
        "imbot.v2.Chat.Message.update" => (
            json!({"botId": "7", "botToken": "t", "messageId": "1", "fields": {"message": "m"}}),
            "imbot.message.update",
        ),
        "imbot.v2.Command.answer" => (
            json!({
                "botId": "7", "botToken": "t", "commandId": "3", "messageId": "1", "dialogId": "chat5",
                "fields": {"message": "m"},
            }),
            "imbot.command.answer",
        ),
        other => panic!("{other}"),
    }
}

/// The call with this value in the place of the structure.
fn with(method: &'static str, name: &str, value: Value) -> Value {
    let (mut params, _) = call(method);
    match method.contains(".v2.") {
        true => params["fields"][name.to_lowercase()] = value,
        false => params[name] = value,
    }
    params
}

/// How a request carries a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Json,
    Body,
    Query,
    Batch,
    /// As people write it by hand, without an escape.
    RawBatch,
}

const FORMS: [Form; 5] = [Form::Json, Form::Body, Form::Query, Form::Batch, Form::RawBatch];

/// Parameters as pairs, with PHP's brackets.
fn pairs(at: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let mut below = |key: &str, value: &Value| match at.is_empty() {
        true => pairs(key, value, out),
        false => pairs(&format!("{at}[{key}]"), value, out),
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => (0..)
            .zip(items)
            .for_each(|(nth, value): (usize, _)| below(&nth.to_string(), value)),
        Value::String(text) => out.push((at.to_owned(), text.clone())),
        other => panic!("{other} is no text"),
    }
}

fn query(params: &Value) -> String {
    let mut found = Vec::new();
    pairs("", params, &mut found);
    let mut url = Url::parse("http://x/").unwrap();
    url.query_pairs_mut().extend_pairs(found);
    url.query().unwrap().to_owned()
}

fn request(portal: &EmulatedPortal, form: Form, method: &str, params: &Value) -> Request {
    let url = |method: &str| -> Url { format!("{}{method}", portal.webhook_url()).parse().unwrap() };
    let post = |url: Url, content_type: &str, body: String| {
        let mut request = Request::new(Method::POST, url);
        let content_type = content_type.parse().unwrap();
        request.headers_mut().insert("content-type", content_type);
        *request.body_mut() = Some(body.into());
        request
    };
    let batch = |command: String| post(url("batch"), JSON, json!({"cmd": {"a": command}}).to_string());
    match form {
        Form::Json => post(url(method), JSON, params.to_string()),
        Form::Body => post(url(method), FORM, query(params)),
        Form::Query => {
            let mut url = url(method);
            url.set_query(Some(&query(params)));
            Request::new(Method::GET, url)
        }
        Form::Batch => batch(format!("{method}?{}", query(params))),
        Form::RawBatch => {
            let mut found = Vec::new();
            pairs("", params, &mut found);
            let found: Vec<String> = found
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            batch(format!("{method}?{}", found.join("&")))
        }
    }
}

/// A command of a batch, as PHP reads it.
fn command(text: &str) -> (String, Value) {
    let url: Url = format!("http://x/{text}").parse().unwrap();
    let mut params = json!({});
    for (name, value) in url.query_pairs() {
        let mut place = &mut params;
        for key in name.split('[').map(|key| key.trim_end_matches(']')) {
            place = match key.parse::<usize>() {
                Ok(nth) => {
                    if place.is_null() {
                        *place = json!([]);
                    }
                    let items = place.as_array_mut().unwrap();
                    items.resize(items.len().max(nth + 1), Value::Null);
                    &mut items[nth]
                }
                Err(_) => &mut place[key],
            };
        }
        *place = value.as_ref().into();
    }
    (url.path()[1..].to_owned(), params)
}

/// The one call that came in, as the portal reads it; none where nothing did.
fn received(portal: &EmulatedPortal) -> Option<(String, Value)> {
    let is_probe = |own: &Recorded| own.method == REVISION || own.method == OLD;
    let mut requests = portal.take_requests();
    requests.retain(|own| !is_probe(own) && !own.params["cmd"].to_string().contains(REVISION));
    assert!(requests.len() <= 1, "{requests:?}");
    let request = requests.pop()?;
    match request.method.as_str() {
        "batch" => Some(command(request.params["cmd"]["a"].as_str().unwrap())),
        _ => Some((request.method, request.params)),
    }
}

/// What a portal of this build is to receive.
fn expected(method: &'static str, name: &str, value: &Value, rest: u16) -> (String, Value) {
    let params = with(method, name, value.clone());
    let (_, older) = call(method);
    if older == method || rest >= 32 {
        return (method.to_owned(), params);
    }
    let names = [
        ("botId", "BOT_ID"),
        ("botToken", "CLIENT_ID"),
        ("dialogId", "DIALOG_ID"),
        ("messageId", "MESSAGE_ID"),
        ("commandId", "COMMAND_ID"),
    ];
    let drops_dialog = older == "imbot.command.answer";
    let kept = names
        .iter()
        .filter(|(newer, _)| !(drops_dialog && *newer == "dialogId"));
    let of_call = kept.filter_map(|(newer, older)| Some(((*older).to_owned(), params.get(*newer)?.clone())));
    let mut sent: Map<String, Value> = of_call.collect();
    sent.insert("MESSAGE".to_owned(), "m".into());
    sent.insert(name.to_owned(), value.clone());
    (older.to_owned(), sent.into())
}

fn build(rest: u16) -> Build {
    match rest {
        32 => Build::rest32_with_imbot_v2(),
        _ => Build::rest(rest),
    }
}

fn gated(gate: &Gate) -> ClientWithMiddleware {
    let client = ClientBuilder::new(Client::new());
    client.with(GateMiddleware::new(gate)).build()
}

async fn refusal(client: &ClientWithMiddleware, request: Request) -> Option<RefusedError> {
    match client.execute(request).await {
        Ok(_) => None,
        Err(reqwest_middleware::Error::Middleware(error)) => Some(
            error
                .downcast_ref::<RefusedError>()
                .unwrap_or_else(|| panic!("{error}"))
                .clone(),
        ),
        Err(error) => panic!("{error}"),
    }
}

/// The releases below, at and above each edge.
const RELEASES: [u16; 8] = [24, 26, 27, 28, 29, 31, 32, 36];

#[tokio::test]
async fn both_forms_are_sent_alike() {
    let of_rows: BTreeSet<&str> = cases().iter().map(|(id, ..)| *id).collect();
    let inside = |path: &str| {
        let starts = [
            "KEYBOARD",
            "MENU",
            "ATTACH",
            "fields.keyboard",
            "fields.menu",
            "fields.attach",
        ];
        starts
            .iter()
            .any(|start| path.starts_with(start) && path.len() > start.len())
    };
    let rows = Table::builtin()
        .rows()
        .filter(|row| row.applies().request().any(inside));
    assert_eq!(
        rows.map(|row| row.id()).collect::<BTreeSet<_>>(),
        of_rows,
        "a row without a case"
    );
    let stage = Stage::set().await;
    for rest in RELEASES {
        let (portal, _) = stage.known(build(rest)).await;
        let client = gated(&Gate::new(&stage.registry));
        for (id, edge, name, inner, item, methods) in cases() {
            for (method, form) in methods
                .iter()
                .flat_map(|method| FORMS.map(|form| (*method, form)))
            {
                let mut item = item.clone();
                if form == Form::RawBatch {
                    // Without an escape other characters mean something else.
                    item.as_object_mut()
                        .unwrap()
                        .values_mut()
                        .for_each(|own| *own = "x".into());
                }
                for structure in [json!([item]), json!({ inner: [item] })] {
                    let text: Value = structure.to_string().into();
                    for value in [structure, text] {
                        let request = request(&portal, form, method, &with(method, name, value.clone()));
                        let refused = refusal(&client, request).await;
                        let at = format!("{method} with {value} as {form:?} at {rest}");
                        if rest < edge {
                            assert_eq!(refused.map(|own| own.row().id()), Some(id), "{at}");
                            assert_eq!(received(&portal), None, "{at}");
                        } else {
                            assert!(refused.is_none(), "{at}: {refused:?}");
                            assert_eq!(
                                received(&portal),
                                Some(expected(method, name, &value, rest)),
                                "{at}"
                            );
                        }
                    }
                }
            }
        }
    }
}

/// Text that is no JSON is refused where it may hide what the portal lacks. Elsewhere it
/// goes out as it is, and is told once.
#[tokio::test]
async fn harmless_unreadable_text_is_sent() {
    let stage = Stage::set().await;
    for text in ["[{'TEXT': 'x'}]", "[{\"TEXT\": \"x\"", "x"] {
        let gate = Gate::new(&stage.registry);
        let client = gated(&gate);
        let mut unreadable = BTreeSet::new();
        for rest in RELEASES {
            let (portal, _) = stage.known(build(rest)).await;
            for (_, edge, name, _, _, methods) in cases().into_iter().take(2) {
                for (method, form) in methods
                    .iter()
                    .flat_map(|method| FORMS.map(|form| (*method, form)))
                {
                    let params = with(method, name, text.into());
                    let refused = refusal(&client, request(&portal, form, method, &params)).await;
                    let at = format!("{method} with {text} as {form:?} at {rest}");
                    if rest < edge {
                        let refused = refused.unwrap();
                        assert!(
                            matches!(refused.reason(), Reason::UnreadableText(_)),
                            "{at}: {refused}"
                        );
                        assert_eq!(received(&portal), None, "{at}");
                    } else {
                        assert!(refused.is_none(), "{at}: {refused:?}");
                        let expected = expected(method, name, &text.into(), rest);
                        assert_eq!(received(&portal), Some(expected), "{at}");
                    }
                    unreadable.insert(match method.contains(".v2.") {
                        true => format!("{method} fields.{}", name.to_lowercase()),
                        false => format!("{method} {name}"),
                    });
                }
            }
        }
        let notes = gate.report().unknown_names;
        let told = notes.iter().map(|note| match note {
            UnknownName::UnreadableText { method, parameters } => {
                format!("{method} {}", parameters.join(" "))
            }
            other => panic!("{other}"),
        });
        assert_eq!(told.collect::<BTreeSet<_>>(), unreadable);
        assert_eq!(notes.len(), unreadable.len(), "each is told once");
    }
}
