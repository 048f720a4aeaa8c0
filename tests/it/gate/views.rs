//! Plans, answers and reports as serde writes them, and as they compare.

use imbot_caps::gate::Gate;
use imbot_caps::plan::{PlannedCall, Policy, Refused, plan};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Feature, Knowledge, Requirement, Support};
use imbot_caps_emulator::{Build, Emulator};
use serde_json::{Value, json};

use crate::support::http::webhook;

const TOKEN: &str = "t0kenthatmustnotbeseen";

fn send() -> Call {
    Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("botToken", TOKEN)
        .with("dialogId", "chat5")
        .with("fields", json!({"message": TOKEN, "system": true}))
}

fn rotate() -> Call {
    Call::new("imbot.v2.Bot.update")
        .with("botId", 7)
        .with("botToken", "an older one")
        .with("fields", json!({"botToken": TOKEN}))
}

fn planned(call: &Call, rest: u16) -> Result<PlannedCall<'_>, Box<Refused>> {
    plan(call, &Caps::at(rest), &Policy::default())
}

fn view(value: &impl serde::Serialize) -> Value {
    let view = serde_json::to_value(value).unwrap();
    assert!(!view.to_string().contains(TOKEN), "{view}");
    view
}

#[test]
fn plan_views_have_no_values() {
    assert_eq!(
        view(&planned(&send(), 36).unwrap()),
        json!({"plan": "pass", "methods": [send().method()], "changes": [], "noted": []})
    );

    let adapted = view(&planned(&send(), 30).unwrap());
    assert_eq!(
        (&adapted["plan"], &adapted["methods"]),
        (&json!("adapt"), &json!(["imbot.message.add"]))
    );
    let change = adapted["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["shim"] == "v1-call")
        .unwrap();
    assert_eq!(change["row"], Feature::ImbotV2ChatMessageSend.as_str());
    assert_eq!(
        (&change["at"], &change["to"]),
        (&json!(send().method()), &json!("imbot.message.add"))
    );

    let refused = view(&planned(&rotate(), 34).unwrap_err());
    assert_eq!(refused["method"], rotate().method());
    assert_eq!(refused["parameter"], "fields.botToken");
    assert_eq!(
        (&refused["row"], &refused["reason"]),
        (&json!("bot.token_rotation"), &json!("unsupported"))
    );
    assert_eq!(refused["unsupported"]["cause"], "too-old");
    assert_eq!(refused["unsupported"]["feature"], "bot.token_rotation");
    let text = refused["text"].as_str().unwrap();
    assert!(text.starts_with("not sent: imbot.v2.Bot.update"), "{text}");
}

#[test]
fn equal_plans_compare_equal() {
    for call in [send(), rotate()] {
        for rest in [30, 32, 34, 36] {
            assert_eq!(planned(&call, rest), planned(&call, rest));
        }
        assert_ne!(planned(&call, 30), planned(&call, 36));
    }
    let other = send().with("dialogId", "chat6");
    assert_ne!(planned(&send(), 30), planned(&other, 30), "the calls differ");
    assert_ne!(
        planned(&rotate(), 33),
        planned(&rotate(), 34),
        "the portals differ"
    );
}

#[test]
fn answers_have_views() {
    let (caps, feature) = (Caps::at(34), Feature::BotTokenRotation);
    assert_eq!(
        view(&caps.check(Feature::SystemMessage)),
        json!({"answer": "supported", "why": null})
    );

    let answer = caps.check(feature);
    let Support::Unsupported(why) = &answer else {
        panic!()
    };
    let written = view(&answer);
    assert_eq!(written["answer"], "unsupported");
    assert_eq!(written["why"]["text"], why.to_string());
    assert_eq!(written["why"]["knowledge"], view(caps.knowledge()));
    assert_eq!(
        written["why"]["requirement"],
        json!({"id": "bot.token_rotation", "counter": "rest", "since": 35, "first_without": null, "imbot_v2": true})
    );

    let unknown = view(&Caps::unknown().check(Requirement::rest("acme.voice", 37)));
    assert_eq!(
        (&unknown["answer"], &unknown["why"]["cause"]),
        (&json!("unknown"), &json!("not-known"))
    );
    assert_eq!(unknown["why"]["feature"], Value::Null);

    assert_eq!(answer, Caps::at(34).check(feature));
    assert_ne!(answer, Caps::at(33).check(feature));
    assert_ne!(
        answer,
        caps.with_revision_basis(imbot_caps::table::RevisionBasis::Observed)
            .check(feature)
    );
}

#[test]
fn caps_have_a_view() {
    let caps = Caps::at(34);
    let written = view(&caps);
    assert_eq!(written["knowledge"], view(&Knowledge::pinned(34)));
    assert_eq!(written["table"], caps.table().version().to_string());
    assert_eq!(
        (&written["revision_basis"], &written["on_unknown"]),
        (&json!("documented"), &json!("deny"))
    );
    assert_eq!(
        written["features"].as_array().unwrap().len(),
        caps.features().len()
    );
    assert_eq!(
        (caps, caps == Caps::at(33)),
        (Caps::new(Knowledge::pinned(34)), false)
    );
}

#[tokio::test]
async fn report_has_a_view() {
    let emulator = Emulator::start().await.unwrap();
    let emulated = emulator.portal(Build::rest(34));
    let registry = imbot_caps::Registry::new();
    let gate = Gate::builder(&registry).oldest_portal(36).build();
    let client = gate.client(&webhook(&emulated));
    let params = Value::Object(rotate().params().clone());
    let error = client.call(rotate().method(), params).await.unwrap_err();

    let refused = view(error.refused().unwrap());
    assert_eq!(refused["refused"]["row"], "bot.token_rotation");
    assert_eq!(
        (&refused["answer_age"], &refused["probe_error"]),
        (&json!(0), &Value::Null)
    );

    let written = view(&gate.report());
    let row = written["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["row"] == "bot.token_rotation")
        .unwrap();
    assert_eq!(row["refused"], json!({"calls": 1, "portals": 1}));
    let advice = json!({"need-not-be-gated": {"id": "bot.token_rotation"}});
    assert!(
        written["advice"].as_array().unwrap().contains(&advice),
        "{written}"
    );
    assert_eq!(gate.report(), gate.report());
}
