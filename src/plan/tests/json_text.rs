//! Structures that come as JSON text are planned like the structures.

use proptest::prelude::*;

use super::calls::documented;
use super::properties::{URL, any_call, portals, put, sent_calls};
use super::*;
use crate::table::path::{Edit, Path};
use crate::table::{Table, ValueKind};

const SEND: &str = "imbot.v2.Chat.Message.send";

/// The parameters that portals take as text, too.
const TEXTS: [&str; 6] = [
    "KEYBOARD",
    "MENU",
    "ATTACH",
    "fields.keyboard",
    "fields.menu",
    "fields.attach",
];

fn buttons() -> Value {
    json!([{"TEXT": "x", "ACTION": "SEND", "ACTION_VALUE": "y"}])
}

fn send(keyboard: Value) -> Call {
    let fields = json!({"message": "m", "keyboard": keyboard});
    call(SEND, json!({"botId": 7, "dialogId": "chat5", "fields": fields}))
}

fn planned(call: &Call, caps: &Caps) -> Plan {
    let policy = Policy::default();
    Planner::new(caps, &policy)
        .webhook_url(Some(URL))
        .credential(CredentialKind::Webhook)
        .decide(call)
}

fn in_batch(call: &Call) -> Call {
    super::call("batch", json!({"cmd": {"a": commands::command(call)}}))
}

/// A call with structures in place of its texts.
fn opened(call: &Call) -> Call {
    let mut call = call.clone();
    for path in TEXTS.map(Path::new) {
        path.edit_in(call.params_mut(), &mut |_, value| {
            let read = value.as_str().and_then(|text| serde_json::from_str(text).ok());
            match read {
                Some(structure @ (Value::Array(_) | Value::Object(_))) => *value = structure,
                _ => return Edit::Keep,
            }
            Edit::Changed
        });
    }
    call
}

/// What a plan decides, by which rows, and what its calls mean.
fn told(call: &Call, plan: &Plan) -> Value {
    let sent = |sent: &Call| -> Value { sent_calls(sent).iter().map(|own| shown(&opened(own))).collect() };
    match plan {
        Plan::Pass { noted } => json!(["pass", format!("{noted:?}"), sent(call)]),
        Plan::Refuse(refused) => json!(["refuse", refused.to_string()]),
        Plan::Adapt(adapted) => {
            let changes = format!("{:?} {:?}", adapted.changes(), adapted.unapplied());
            json!(["adapt", changes, sent(adapted.call(call))])
        }
    }
}

/// The call with text in place of the structures that a portal takes as text, too.
fn texted(call: &Call) -> Option<Call> {
    let mut text = call.clone();
    let mut is_changed = false;
    for path in TEXTS.map(Path::new) {
        is_changed |= path.edit_in(text.params_mut(), &mut |_, value| match value {
            Value::Array(_) | Value::Object(_) => {
                *value = value.to_string().into();
                Edit::Changed
            }
            _ => Edit::Keep,
        });
    }
    is_changed.then_some(text)
}

/// A value that a row with this kind of value is about.
fn value_of(kind: Option<ValueKind>) -> Value {
    match kind {
        Some(ValueKind::Boolean) => json!(true),
        Some(ValueKind::Empty) => json!([]),
        _ => json!("puce"),
    }
}

/// A call for each row that looks into a structure, method and path.
fn calls_of_rows() -> Vec<Call> {
    let mut calls = Vec::new();
    for row in Table::builtin().rows() {
        let applies = row.applies();
        for method in applies.methods().filter(|method| !method.ends_with('*')) {
            for path in applies.request().map(Path::new) {
                if !TEXTS.iter().any(|text| path.leads_into(&Path::new(text))) {
                    continue;
                }
                let full = documented().into_iter().find(|call| call.method() == method);
                for base in [Some(Call::new(method)), full].into_iter().flatten() {
                    let mut params = Value::Object(base.params().clone());
                    put(&mut params, path.steps(), value_of(applies.value()));
                    calls.push(call(method, params));
                }
            }
        }
    }
    assert!(calls.len() > 60, "{}", calls.len());
    calls
}

#[test]
fn rows_match_text_and_structure() {
    for structure in calls_of_rows() {
        let text = texted(&structure).unwrap();
        for caps in portals() {
            let expected = told(&structure, &planned(&structure, &caps));
            assert_eq!(
                told(&text, &planned(&text, &caps)),
                expected,
                "{} at {caps:?}",
                shown(&text)
            );
            // The numbers of a structure are text in a batch, so what is sent differs.
            let [structure, text] = [&structure, &text].map(|call| {
                let call = in_batch(call);
                let told = told(&call, &planned(&call, &caps));
                json!([told[0], told[1]])
            });
            assert_eq!(text, structure, "{text} at {caps:?}");
        }
        let policy = Policy::default();
        let caps = Caps::at(30);
        let planner = Planner::new(&caps, &policy);
        assert_eq!(planner.rows_of(&text), planner.rows_of(&structure));
        assert_eq!(planner.rows_of(&in_batch(&text)), planner.rows_of(&structure));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_and_structure_plan_alike(call in any_call()) {
        if let Some(text) = texted(&call) {
            for caps in portals() {
                let expected = told(&call, &planned(&call, &caps));
                prop_assert_eq!(told(&text, &planned(&text, &caps)), expected, "{} at {:?}", shown(&text), caps);
            }
        }
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}:,\"'a0 \\\\$N]{0,40}", is_of_batch in any::<bool>()) {
        for method in ["imbot.v2.Command.register", SEND, "imbot.message.add"] {
            let params = json!({
                "botId": 7, "dialogId": "chat5", "fields": {"message": "m", "title": text, "keyboard": text},
                "KEYBOARD": text, "MENU": text,
            });
            let one = call(method, params);
            let one = if is_of_batch { in_batch(&one) } else { one };
            for caps in portals() {
                let _ = planned(&one, &caps);
            }
        }
    }
}

#[test]
fn text_is_sent_as_text() {
    let text = " [ {\"TEXT\": \"x\", \"LINK\": \"y\"} ]";
    let sent = adapted(&send(text.into()), &Caps::at(24));
    assert_eq!(
        sent,
        json!(["imbot.message.add", {"BOT_ID": 7, "DIALOG_ID": "chat5", "MESSAGE": "m", "KEYBOARD": text}])
    );
}

/// Rows that change something inside of structures, and one that a translation heeds.
fn overlay() -> &'static Table {
    let row = |id: &str, rest: u16, methods: &str, request: &str, shim: &str| {
        format!(
            "[[feature]]\nid = \"acme.{id}\"\ntitle = \"{id}\"\nkind = \"new\"\nrequires = {{ rest = {rest} }}\n\
             applies = {{ methods = [\"{methods}\"], request = [\"{request}\"] }}\n\
             fallback = {{ shim = \"{shim}\", note = \"so\" }}\nsource = \"https://acme.example\"\n\
             confidence = \"inferred\"\n\n"
        )
    };
    let rows = [
        row("block", 35, "imbot.message.add", "KEYBOARD[].BLOCK", "yes-no"),
        row("attach", 35, "imbot.message.add", "ATTACH.BLOCKS[].NEW", "omit"),
        row("width", 31, SEND, "fields.keyboard[].WIDTH", "omit"),
    ];
    let head = "title = \"acme\"\nversion = \"1.0.0\"\nrequires = \"^2\"\n\n";
    Table::builtin()
        .with_overlay(&(head.to_owned() + &rows.concat()))
        .unwrap()
        .leak()
}

#[test]
fn changed_text_stays_text() {
    let table = overlay();
    let menu = " [{\"TEXT\": \"x\"}]";
    let call = call(
        "imbot.message.add",
        json!({
            "KEYBOARD": json!([{"TEXT": "ö", "BLOCK": true}]).to_string(),
            "ATTACH": json!({"BLOCKS": [{"NEW": 1, "MESSAGE": "x"}]}).to_string(),
            "MENU": menu,
        }),
    );
    let expected = json!({
        "KEYBOARD": json!([{"TEXT": "ö", "BLOCK": "Y"}]).to_string(),
        "ATTACH": json!({"BLOCKS": [{"MESSAGE": "x"}]}).to_string(),
        "MENU": menu,
    });
    let caps = Caps::at(33).with_table(table);
    assert_eq!(adapted(&call, &caps)[1], expected);
    let batch = adapted(&in_batch(&call), &caps);
    let command = commands::call_of(batch[1]["cmd"]["a"].as_str().unwrap());
    assert_eq!(shown(&command)[1], expected);
    // What is too new for any method is left out before a translation, too.
    let text = json!([{"TEXT": "x", "WIDTH": 9}]).to_string();
    let sent = adapted(&send(text.into()), &Caps::at(30).with_table(table));
    assert_eq!(sent[1]["KEYBOARD"], json!([{"TEXT": "x"}]).to_string());
}

/// A portal decodes text in these places alone.
#[test]
fn text_elsewhere_is_left_alone() {
    let inner = buttons().to_string();
    for params in [
        json!({"BOT_ID": 7, "MESSAGE": "m", "KEYBOARD": {"BUTTONS": inner}}),
        json!({"BOT_ID": 7, "MESSAGE": "m", "KEYBOARD": json!({"BUTTONS": inner}).to_string()}),
        json!({"BOT_ID": 7, "MESSAGE": "m", "KEYBOARD": Value::from(inner.as_str()).to_string()}),
        json!({"BOT_ID": 7, "MESSAGE": "m", "MENU": {"ITEMS": inner}}),
        json!({"BOT_ID": 7, "MESSAGE": "m", "KEYBOARD": [inner]}),
        json!({"BOT_ID": 7, "MESSAGE": inner}),
    ] {
        let call = call("imbot.message.add", params);
        assert!(planned(&call, &Caps::at(24)).is_pass(), "{}", shown(&call));
    }
    // imbot.v2 takes no text for objects and lists; nor has such text an older form.
    let fields = json!({"message": "m", "keyboard": buttons()}).to_string();
    let whole = call(SEND, json!({"botId": 7, "dialogId": "chat5", "fields": fields}));
    assert!(planned(&whole, &Caps::at(36)).is_pass());
    assert_eq!(refused(&whole, &Caps::at(24)).parameter(), Some("fields"));
    let fields = json!({"title": json!({"EN": "Help"}).to_string()});
    let title = call(
        "imbot.v2.Command.update",
        json!({"botId": 7, "commandId": 5, "fields": fields}),
    );
    assert_eq!(adapted(&title, &at_32())[1]["fields"], fields);
}

#[test]
fn relevant_unreadable_text_is_refused() {
    let deep = "[".repeat(200_000);
    let long = format!("[\"{}\"]", "x".repeat(2 << 20));
    for text in [
        "{'BUTTONS': []}",
        "[{\"TEXT\": ",
        "keyboard",
        "[{TEXT:1}]",
        "$result[a]",
        &deep,
        &long,
    ] {
        let call = send(text.into());
        let refused = refused(&call, &Caps::at(24));
        assert!(
            matches!(refused.reason(), Reason::UnreadableText(_)),
            "{refused:?}"
        );
        assert_eq!(
            (refused.row().id(), refused.parameter()),
            ("keyboard.action", Some("KEYBOARD"))
        );
        assert!(refused.unsupported().is_some());
        assert!(
            refused.to_string().contains("cannot be read as JSON"),
            "{refused}"
        );
        assert!(!refused.to_string().contains("TEXT"), "{refused}");
        let command = planned(&in_batch(&call), &Caps::at(24));
        assert_eq!(command.refused().unwrap().batch_key(), Some("a"));
        // Nothing is at stake.
        assert!(planned(&call, &Caps::at(36)).is_pass());
        assert_eq!(adapted(&call, &Caps::at(28))[1]["KEYBOARD"], text);
        let older = super::call("imbot.message.add", json!({"BOT_ID": 7, "keyboard": text}));
        let policy = Policy::default().row("keyboard.action", Mode::Observe);
        match plan(&older, &Caps::at(24), &policy) {
            Plan::Pass { noted } => assert_eq!(noted[0].at(), "keyboard"),
            other => panic!("{other:?}"),
        }
        let policy = Policy::default().row("keyboard.action", Mode::Off);
        assert!(plan(&older, &Caps::at(24), &policy).is_pass());
    }
}

#[test]
fn keyboard_removal_words_pass() {
    for word in ["", "N", "0", "null"] {
        let params = json!({"BOT_ID": 7, "MESSAGE_ID": 1, "KEYBOARD": word, "MENU": word});
        assert!(
            planned(&call("imbot.message.update", params), &Caps::at(24)).is_pass(),
            "{word}"
        );
    }
}
