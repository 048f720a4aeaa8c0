use std::ops::ControlFlow;

use serde_json::{Value, json};

use super::visit::visit;
use super::{Path, is_kind};
use crate::table::terms::ValueKind;

fn has(value: &Value, path: &str, kind: Option<ValueKind>) -> bool {
    let values = ["LIGHT_BLUE", "RED"].into_iter();
    let mut holds = false;
    let _: ControlFlow<()> = visit(value, "", Path::new(path).steps(), &mut |key, value| {
        holds = holds || is_kind(key, value, kind, values.clone());
        ControlFlow::Continue(())
    });
    holds
}

#[test]
fn table_paths_match_parameters() {
    let params = json!({"KEYBOARD": {"BUTTONS": [{"TEXT": "t"}, {"ACTION": "PUT"}]}});
    assert!(has(&params, "KEYBOARD.BUTTONS[].ACTION", None));
    assert!(has(&params, "keyboard.buttons[].action", None));
    assert!(!has(&params, "KEYBOARD.BUTTONS[].ACTION_VALUE", None));
    assert!(!has(&params, "MENU[].ACTION", None));
    let as_php_may = json!({"MENU": {"0": {"TEXT": "t"}, "2": {"ACTION": "PUT"}}});
    assert!(has(&as_php_may, "MENU[].ACTION", None));
    let titles = json!({"fields": {"title": {"en": null}}});
    assert!(has(&titles, "fields.title.<lang>", Some(ValueKind::Null)));
    assert!(!has(&titles, "fields.title.<lang>", Some(ValueKind::String)));
    assert!(!has(&json!([]), "fields", None));
    assert!(has(&json!({"BOT_TOKEN": 1}), "botToken", None));
    assert!(has(&json!([[1], [2]]), "[][]", Some(ValueKind::Integer)));
}

#[test]
fn kinds_are_told_apart() {
    use ValueKind::*;
    for (value, kinds) in [
        (json!(true), &[Boolean][..]),
        (json!(7), &[Integer, String]),
        (json!(null), &[Null]),
        (json!(""), &[]),
        (json!("0"), &[String, Unlisted]),
        (json!("N"), &[String, Text, Unlisted]),
        (json!([]), &[Empty]),
        (json!({}), &[Empty]),
        (json!("LIGHT_BLUE"), &[String, Text]),
        (json!("lightBlue"), &[String, Text, Respelt]),
        (json!("light_blue"), &[String, Text, Respelt]),
        (json!("x".repeat(40)), &[String, Text, Unlisted]),
        (json!("ö".repeat(41)), &[String, Text, Over40Chars, Unlisted]),
    ] {
        let all = [
            Boolean,
            Integer,
            Null,
            String,
            Text,
            Over40Chars,
            Empty,
            Respelt,
            Unlisted,
            CapitalKey,
        ];
        for kind in all {
            let found = is_kind("en", &value, Some(kind), ["LIGHT_BLUE", "RED"].into_iter());
            assert_eq!(found, kinds.contains(&kind), "{value} {kind}");
        }
    }
    assert!(is_kind("EN", &json!(1), Some(CapitalKey), std::iter::empty()));
    assert!(is_kind("en", &json!([1]), None, std::iter::empty()));
}
