use serde_json::{Map, Value, json};

use super::generated::METHODS;
use super::lookup::{Known, look_up};
use super::method::V2;
use super::notes::{unknown_method, unknown_names};
use super::parameters::Spelling;
use super::paths::{Paths, join, structure};
use super::unknown::{UnknownName, UnknownParameter};

use crate::Table;

fn note(method: &str, params: Value) -> Option<String> {
    let Value::Object(params) = params else {
        panic!("parameters are an object");
    };
    let notes = unknown_names(Table::builtin(), method, &params);
    let notes: Vec<String> = notes.iter().map(UnknownName::to_string).collect();
    (!notes.is_empty()).then(|| notes.join(" and "))
}

/// A name with one slip of the keyboard: a letter left out, or two swapped.
fn slips(name: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = name.chars().collect();
    let left_out = (0..letters.len()).map({
        let letters = letters.clone();
        move |nth| {
            let mut letters = letters.clone();
            letters.remove(nth);
            letters
        }
    });
    let swapped = (1..letters.len()).map(move |nth| {
        let mut letters = letters.clone();
        letters.swap(nth - 1, nth);
        letters
    });
    left_out
        .chain(swapped)
        .map(|letters| letters.into_iter().collect())
}

#[test]
fn list_is_in_order() {
    let names = METHODS.iter().map(|own| own.name.to_ascii_lowercase());
    assert!(names.is_sorted_by(|a, b| a < b));
    for own in METHODS {
        assert!(
            matches!(look_up(Table::builtin(), own.name), Known::Listed(_)),
            "{}",
            own.name
        );
    }
}

#[test]
fn misspelt_names_are_noted() {
    for (method, params, expected) in [
        (
            "imbot.v2.Chat.Message.Sned",
            json!({}),
            "the method `imbot.v2.Chat.Message.Sned` is not known: did you mean `imbot.v2.Chat.Message.send`?",
        ),
        (
            "imbot.v2.chat.message.send",
            json!({}),
            "no portal finds the method `imbot.v2.chat.message.send`, since capital letters matter in its name: did \
             you mean `imbot.v2.Chat.Message.send`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"message": "x", "sytem": true}}),
            "`imbot.v2.Chat.Message.send` does not take `fields.sytem`: did you mean `fields.system`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"BOT_ID": 7, "CLIENT_ID": "t0ken-t0ken", "DIALOG_ID": "chat5", "MESSAGE": "x"}),
            "`imbot.v2.Chat.Message.send` does not take `BOT_ID`: did you mean `botId`?; `CLIENT_ID`: did you mean \
             `botToken`?; `DIALOG_ID`: did you mean `dialogId`?; `MESSAGE`: did you mean `fields.message`?",
        ),
        (
            "imbot.v2.Chat.Message.getContext",
            json!({"limit": 5}),
            "`imbot.v2.Chat.Message.getContext` does not take `limit`: did you mean `range`?",
        ),
        (
            "imbot.message.add",
            json!({"KEYBOARD": {"BUTTONS": [{"TEXT": "a"}, {"TXET": "b"}]}}),
            "`imbot.message.add` does not take `KEYBOARD.BUTTONS.TXET`: did you mean `KEYBOARD.BUTTONS.TEXT`?",
        ),
        (
            "im.message.add",
            json!({"zzzzzz": 1}),
            "`im.message.add` does not take `zzzzzz`",
        ),
        (
            "imbot.message.add",
            json!({"KEYBOARD": r#"[{"TXET": "x"}]"#}),
            "`imbot.message.add` does not take `KEYBOARD.TXET`: did you mean `KEYBOARD.TEXT`?",
        ),
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"message": "x", "keyboard": "[{'TEXT': 'x'}]", "attach": "hello"}}),
            "`imbot.v2.Chat.Message.send` has text that cannot be read as JSON: `fields.keyboard`, `fields.attach`",
        ),
        (
            "imbot.message.add",
            json!({"KEYBORAD": 1, "MENU": "[{"}),
            "`imbot.message.add` does not take `KEYBORAD`: did you mean `KEYBOARD`? and `imbot.message.add` has \
             text that cannot be read as JSON: `MENU`",
        ),
        (
            "imbot.nonsense",
            json!({}),
            "the method `imbot.nonsense` is not known",
        ),
    ] {
        assert_eq!(note(method, params).as_deref(), Some(expected), "{method}");
    }
}

#[test]
fn valid_names_are_not_noted() {
    for (method, params) in [
        ("crm.lead.ad", json!({"FIELDS": 1})),
        ("profile", json!({})),
        ("imbot", json!({})),
        // Older methods in any case, and of a controller the version and the action.
        ("IMBOT.Message.ADD", json!({"message": "x", "Bot_Id": 7})),
        ("imbot.V2.Chat.Message.SEND", json!({})),
        ("imbot.v2.Bot.list.json", json!({})),
        // What the server reads of every call, and marks of official clients.
        (
            "imbot.v2.Bot.list",
            json!({"auth": "x", "start": 0, "bx24_request_id": "1"}),
        ),
        // What the source reads and no page names.
        ("imbot.v2.Chat.get", json!({"chatId": 5, "clientId": "x"})),
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"url_preview": "N", "MESSAGE": "x"}}),
        ),
        ("imbot.sendTyping", json!({"whatever": 1})),
        // Objects with keys of the program's choice, JSON as text, lists as objects.
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"forwardIds": {"c0ffee": 1}}}),
        ),
        (
            "imbot.v2.Command.register",
            json!({"fields": {"title": {"eo": "x"}}}),
        ),
        ("imbot.message.add", json!({"KEYBOARD": r#"[{"TEXT": "x"}]"#})),
        (
            "imbot.message.update",
            json!({"KEYBOARD": "N", "MENU": "", "ATTACH": "N"}),
        ),
        ("imbot.message.add", json!({"KEYBOARD": {"0": {"text": "x"}}})),
        (
            "imbot.v2.Chat.Message.send",
            json!({"fields": {"attach": {"blocks": [{"LINK": [{"name": "x"}]}]}}}),
        ),
    ] {
        assert_eq!(note(method, params), None, "{method}");
    }
}

/// One note names the newer parameters.
#[test]
fn older_parameters_get_newer_suggestions() {
    let older = json!({"BOT_ID": 7, "CLIENT_ID": "x", "DIALOG_ID": "chat5"});
    let mut seen = 0;
    for own in METHODS.iter().filter(|own| own.name.contains(V2)) {
        let Some(paths) = own.params.map(Paths) else {
            continue;
        };
        let notes = unknown_names(Table::builtin(), own.name, older.as_object().unwrap());
        let [UnknownName::Parameters { parameters, .. }] = &notes[..] else {
            panic!("{}: {notes:?}", own.name);
        };
        for (name, newer) in [
            ("BOT_ID", "botId"),
            ("CLIENT_ID", "botToken"),
            ("DIALOG_ID", "dialogId"),
        ] {
            if paths.iter().any(|listed| listed.path == newer) {
                let found = parameters.iter().find(|found| found.path == name);
                let suggestion = found.and_then(|found| found.suggestion.as_deref());
                assert_eq!(suggestion, Some(newer), "{}: {notes:?}", own.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn every_misspelt_method_is_recognised() {
    let (mut right, mut elsewhere, mut others) = (0, 0, Vec::new());
    for own in METHODS {
        let lower = own.name.to_ascii_lowercase();
        for slip in slips(own.name).chain([lower]) {
            match look_up(Table::builtin(), &slip) {
                Known::Elsewhere => elsewhere += 1,
                Known::Listed(_) | Known::ByTable => {}
                Known::Unknown => match unknown_method(Table::builtin(), &slip) {
                    UnknownName::Method { suggestion, .. } if suggestion.as_deref() == Some(own.name) => {
                        right += 1
                    }
                    note => others.push((slip, own.name, note)),
                },
            }
        }
    }
    // As near to another method: either is a good answer.
    for (slip, own, note) in &others {
        let UnknownName::Method {
            suggestion: Some(near),
            ..
        } = note
        else {
            panic!("{slip}: {note}");
        };
        let [slip, own, near] = [slip, *own, near].map(str::to_ascii_lowercase);
        assert!(
            strsim::osa_distance(&slip, &near) <= strsim::osa_distance(&slip, &own),
            "{slip}: {note}"
        );
    }
    println!(
        "{right} right, {} ambiguous, {elsewhere} of another namespace",
        others.len()
    );
    assert!(
        others.len() * 100 < right,
        "{right} right, and not {}",
        others.len()
    );
}

#[test]
fn every_misspelt_parameter_is_recognised() {
    let (mut right, mut known, mut others) = (0, 0, Vec::new());
    for own in METHODS {
        let Some(paths) = own.params.map(Paths) else {
            continue;
        };
        for path in paths
            .iter()
            .flat_map(|listed| with_structure(listed.path, listed.structure))
        {
            let (parent, last) = path.rsplit_once('.').unwrap_or(("", &path));
            if last == "<any>" {
                continue;
            }
            for slip in slips(last) {
                let misspelt = join(parent, &slip);
                let mut params = json!(1);
                for name in misspelt.rsplit('.') {
                    params = json!({ name: params });
                }
                let found = unknown_names(Table::builtin(), own.name, params.as_object().unwrap());
                let [UnknownName::Parameters { parameters, .. }] = &found[..] else {
                    known += 1;
                    continue;
                };
                match &parameters[..] {
                    [one] if one.suggestion.as_ref() == Some(&path) => right += 1,
                    all => others.push((own.name, misspelt, all.to_vec())),
                }
            }
        }
    }
    println!(
        "{right} right, {} ambiguous, {known} are other parameters",
        others.len()
    );
    // Of one letter nothing can be told; else another parameter is as near.
    for (method, misspelt, found) in &others {
        let is_told = matches!(
            &found[..],
            [UnknownParameter {
                suggestion: Some(_),
                ..
            }]
        );
        let name = misspelt.rsplit('.').next().unwrap();
        assert!(is_told || name.len() == 1, "{method} {misspelt}: {found:?}");
    }
    assert!(
        others.len() * 50 < right,
        "{right} right, and not {}",
        others.len()
    );
}

fn with_structure(path: &str, held: Option<&str>) -> Vec<String> {
    let below = held.and_then(structure).into_iter().flat_map(Paths::iter);
    let below = below.map(|own| join(path, own.path));
    std::iter::once(path.to_owned()).chain(below).collect()
}

#[test]
fn lower_cased_parameters_are_recognised() {
    for own in METHODS {
        let Some(paths) = own.params.map(Paths) else {
            continue;
        };
        for path in paths.iter().map(|listed| listed.path) {
            let lower = path.to_ascii_lowercase();
            let is_known = |other: &Paths| other.iter().any(|listed| listed.path == lower);
            if Spelling::of(own.name) != Spelling::Exact || path.contains('.') || is_known(&paths) {
                continue;
            }
            let note = note(own.name, json!({ lower: 1 })).unwrap();
            assert!(note.ends_with(&format!("did you mean `{path}`?")), "{note}");
        }
    }
}

#[test]
fn long_names_are_truncated() {
    let long = "x".repeat(1_000_000);
    let text = note(&format!("imbot.{long}"), json!({})).unwrap();
    assert!(text.len() < 200);
    let text = note("imbot.v2.Bot.list", json!({ long: 1 })).unwrap();
    assert!(text.len() < 200);
    let many: Map<String, Value> = (0..1_000).map(|nth| (format!("x{nth}"), json!(1))).collect();
    let text = note("imbot.v2.Bot.list", many.into()).unwrap();
    assert!(text.len() < 600);
}
