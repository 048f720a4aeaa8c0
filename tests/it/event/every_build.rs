//! One life of a bot, on each build and in each form: the events are those of the newest build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use imbot_caps::event::{BotEvent, BotEventKind, EventForm};
use imbot_caps_emulator::Build;
use serde_json::Value;

use super::support::{Bot, PERSON, Registered, registrations};

/// A life on one build.
struct Life {
    label: String,
    events: Vec<BotEvent>,
    ids: BTreeMap<u64, String>,
}

impl Life {
    async fn on(build: &Build, registered: Registered) -> Self {
        let label = format!("{build:?} {registered:?}");
        let mut bot = Bot::start(build.clone(), registered).await;
        let events = bot.live().await;
        let mut ids = BTreeMap::from([(bot.id, "bot".to_owned()), (bot.command_id, "command".to_owned())]);
        for event in &events {
            let chats = [event.chat_id(), event.message_id()];
            for id in chats.into_iter().flatten() {
                // Ids are given in the order of the life, which is one on all builds.
                let place = format!("{:?} {}", event.kind(), ids.len());
                ids.entry(id).or_insert(place);
            }
        }
        Self { label, events, ids }
    }

    /// The leaves of the data, without ids that differ by the number of earlier events.
    fn leaves(&self, event: &BotEvent) -> BTreeMap<String, Value> {
        let mut leaves = BTreeMap::new();
        for (name, value) in event.data() {
            collect(name, value, &mut leaves);
        }
        leaves.retain(|path, _| {
            // The tokens of the bot; its own card, which polled events alone have; and what the table has no
            // types for.
            !path.starts_with("bot.") && !path.starts_with("context") && !path.contains(".params")
        });
        for (path, value) in &mut leaves {
            let id = value
                .as_u64()
                .or_else(|| value.as_str()?.trim_start_matches("chat").parse().ok());
            let is_id = path.ends_with("Id") || path.ends_with("id") || path.ends_with("owner");
            if let Some(id) = id.filter(|id| is_id && *id != PERSON && *id != 0) {
                *value = format!("an id of type {}", type_of(value)).into();
                let _ = id;
            }
            if let Some(text) = value.as_str().filter(|text| text.contains("[USER=")) {
                let bot = self.ids.iter().find(|(_, name)| **name == "bot").unwrap();
                *value = text.replace(&bot.0.to_string(), "bot").into();
            }
        }
        leaves
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::String(_) => "text",
        _ => "other",
    }
}

fn collect(path: &str, value: &Value, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect(&format!("{path}.{name}"), value, leaves);
            }
        }
        Value::Array(items) => {
            for (nth, value) in items.iter().enumerate() {
                collect(&format!("{path}.{nth}"), value, leaves);
            }
        }
        leaf => drop(leaves.insert(path.to_owned(), leaf.clone())),
    }
}

/// The events of each kind, in their order.
fn by_kind(life: &Life) -> BTreeMap<&str, Vec<&BotEvent>> {
    let mut kinds: BTreeMap<&str, Vec<&BotEvent>> = BTreeMap::new();
    for event in &life.events {
        kinds.entry(event.name()).or_default().push(event);
    }
    kinds
}

#[tokio::test]
async fn events_equal_those_of_newest_build() {
    let newest = Build::shipped().last().unwrap();
    let best = Life::on(&newest, Registered::Polled).await;
    let expected = by_kind(&best);
    let (mut compared, mut members) = (0, 0);
    // Which kinds a bot gets, by build and registration.
    let mut heard = String::new();
    for build in Build::shipped() {
        for registered in registrations(&build) {
            let life = Life::on(&build, registered).await;
            let kinds: BTreeSet<String> = life
                .events
                .iter()
                .map(|own| format!("{:?}", own.kind()))
                .collect();
            let kinds: Vec<String> = kinds.into_iter().collect();
            let _ = writeln!(
                heard,
                "{} {registered:?}: {}",
                build_label(&build),
                kinds.join(" ")
            );
            for (name, events) in by_kind(&life) {
                if name == "ONIMBOTV2DELETE" {
                    // The queue of a bot goes with the bot.
                    continue;
                }
                let expected = &expected[name];
                assert_eq!(events.len(), expected.len(), "{}: {name}", life.label);
                for (event, expected) in events.iter().zip(expected) {
                    let (own, theirs) = (life.leaves(event), best.leaves(expected));
                    compared += 1;
                    for (path, value) in &own {
                        let Some(theirs) = theirs.get(path) else {
                            let is_new = event.absent().iter().all(|absent| absent != path);
                            assert!(
                                is_new,
                                "{}: {name} {path} is there and listed as absent",
                                life.label
                            );
                            continue;
                        };
                        members += 1;
                        assert_eq!(value, theirs, "{}: {name} {path}", life.label);
                    }
                }
            }
        }
    }
    println!("{compared} events, {members} members compared");
    assert!(compared > 250 && members > 9_000, "{compared} {members}");
    assert_eq!(heard, include_str!("heard.txt"), "\n{heard}");
}

/// The documentation shows which members each form has.
#[tokio::test]
async fn members_of_forms_are_documented() {
    let newest = Build::shipped().last().unwrap();
    let mut forms: BTreeMap<(String, String), [bool; 3]> = BTreeMap::new();
    for (nth, registered) in [Registered::Older, Registered::Posted, Registered::Polled]
        .into_iter()
        .enumerate()
    {
        let life = Life::on(&newest, registered).await;
        for event in &life.events {
            for (name, value) in event.data() {
                let members: Vec<String> = match value {
                    Value::Object(members) if name != "context" => {
                        members.keys().map(|own| format!("{name}.{own}")).collect()
                    }
                    _ => vec![name.clone()],
                };
                for member in members {
                    forms.entry((event.name().to_owned(), member)).or_default()[nth] = true;
                }
            }
        }
    }
    let mut members: BTreeMap<&str, BTreeMap<&str, [bool; 3]>> = BTreeMap::new();
    for ((event, member), has) in &forms {
        let event = event.trim_start_matches("ONIMBOTV2");
        members.entry(member).or_default().insert(event, *has);
    }
    let mut table = String::from("| member | older | posted | polled |\n|---|---|---|---|\n");
    for (member, events) in members {
        let cell = |form: usize| {
            let those: Vec<&str> = events
                .iter()
                .filter(|(_, has)| has[form])
                .map(|(event, _)| *event)
                .collect();
            match those.len() {
                0 => "no".to_owned(),
                count if count == events.len() => "yes".to_owned(),
                count if count * 2 <= events.len() => those.join(", "),
                _ => {
                    let others = events
                        .iter()
                        .filter(|(_, has)| !has[form])
                        .map(|(event, _)| *event);
                    format!("all but {}", others.collect::<Vec<_>>().join(", "))
                }
            }
        };
        let _ = writeln!(table, "| `{member}` | {} | {} | {} |", cell(0), cell(1), cell(2));
    }
    assert_eq!(
        table,
        include_str!("../../../src/docs/event_members.md"),
        "\n{table}"
    );
}

fn build_label(build: &Build) -> String {
    let caps = build.caps();
    let has_v2 = caps.knowledge().imbot_v2() == Some(true);
    let rest = caps.knowledge().rest().unwrap();
    format!("{rest} {}", if has_v2 { "v2" } else { "v1" })
}

#[tokio::test]
async fn both_forms_agree_on_typed_access() {
    let newest = Build::shipped().last().unwrap();
    for registered in [Registered::Older, Registered::Posted, Registered::Polled] {
        let mut bot = Bot::start(newest.clone(), registered).await;
        let dialog = bot.id.to_string();
        let id = bot.portal.say(PERSON, &dialog, "/echo one two").await.unwrap();
        let events = bot.events().await;
        let event = events
            .iter()
            .find(|event| event.kind() == BotEventKind::CommandAdd)
            .unwrap();
        let command = event.command().unwrap();
        assert_eq!(
            (command.id, command.name, command.params, command.context),
            (bot.command_id, "/echo", "one two", Some("textarea")),
            "{registered:?}"
        );
        assert_eq!(event.message_id(), Some(id));
        assert_eq!(event.user_id(), Some(PERSON));
        assert_eq!(event.bot_id(), Some(bot.id));
        assert_eq!(event.bot_code(), Some("echo"));
        assert_eq!(event.dialog_id(), Some("1"));
        assert_eq!(event.text(), Some("/echo one two"));
        let form = match registered {
            Registered::Older => EventForm::Older,
            Registered::Posted => EventForm::V2Posted,
            Registered::Polled => EventForm::Polled,
        };
        assert_eq!(event.form(), form);
        assert_eq!(event.sent_at().is_some(), registered != Registered::Polled);
        assert_eq!(event.id().is_some(), registered == Registered::Polled);
    }
}

/// Every leaf of a posted event is in the data, or under its own name in `untranslated`.
#[tokio::test]
async fn older_events_lose_nothing() {
    use imbot_caps::event::{ApplicationTokens, Posted};

    let newest = Build::shipped().last().unwrap();
    let mut bot = Bot::start(newest, Registered::Older).await;
    let tokens = ApplicationTokens::new(bot.portal.application_token("local.app"));
    let private = bot.id.to_string();
    let id = bot.portal.say(PERSON, &private, "Hello").await.unwrap();
    bot.portal.edit(id, "Hello again").await;
    bot.portal.delete(id).await;
    bot.portal.say(PERSON, &private, "/echo one").await.unwrap();
    let bodies = bot.bodies();
    assert!(bodies.len() >= 4);
    for body in bodies {
        let events = Posted::from_form(&body)
            .unwrap()
            .verify(&tokens)
            .unwrap()
            .into_events();
        let mut held = BTreeMap::new();
        for event in &events {
            for (name, value) in event.data().iter().chain(event.untranslated()) {
                collect(name, value, &mut held);
            }
        }
        let texts: BTreeSet<String> = held
            .values()
            .map(|value| match value {
                Value::String(text) => text.trim_start_matches('/').to_lowercase(),
                Value::Bool(is) => if *is { "y" } else { "n" }.to_owned(),
                other => other.to_string(),
            })
            .collect();
        for (name, value) in url::form_urlencoded::parse(&body) {
            if name.starts_with("data") && !value.is_empty() {
                assert!(
                    texts.contains(&value.trim_start_matches('/').to_lowercase()),
                    "{name}={value} is lost"
                );
            }
        }
    }
}

/// A bot of a webhook, by the older API: the portal sends its CLIENT_ID as the token.
#[tokio::test]
async fn older_webhook_bot_is_verified() {
    use imbot_caps::event::{ApplicationTokens, Posted};
    use imbot_caps_emulator::Emulator;

    for build in Build::shipped() {
        let emulator = Emulator::start().await.unwrap();
        let portal = emulator.portal(build);
        let (url, mut bodies) = super::support::handler().await;
        let client_id = "c".repeat(60);
        let register = serde_json::json!({
            "CODE": "echo", "CLIENT_ID": client_id, "EVENT_HANDLER": url, "PROPERTIES": {"NAME": "Echo bot"},
        });
        let method = format!("{}imbot.register", portal.webhook_url());
        let reply = reqwest::Client::new()
            .post(method)
            .header("content-type", "application/json")
            .body(register.to_string())
            .send()
            .await
            .unwrap();
        let reply: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
        let id = reply["result"].as_u64().unwrap();
        portal.say(PERSON, &id.to_string(), "Hello").await.unwrap();
        let mut heard = 0;
        while let Ok(body) = bodies.try_recv() {
            let posted = Posted::from_form(&body).unwrap();
            heard += posted
                .verify(&ApplicationTokens::of_bot(&client_id))
                .unwrap()
                .events()
                .len();
        }
        assert!(heard > 0);
    }
}
