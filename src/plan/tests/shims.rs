//! Each shim of the table, in every form that a value may have.

use serde_json::{Value, json};

use super::*;
use crate::table::{Date, Shim};

const SEND: &str = "imbot.v2.Chat.Message.send";

fn day(year: u16, month: u8, day: u8) -> Date {
    Date { year, month, day }
}

/// The value at this path of the call that is sent, and the row that changed it.
#[track_caller]
fn shimmed(method: &str, params: Value, at: &str, caps: &Caps) -> (Value, Vec<&'static str>) {
    let call = call(method, params);
    let plan = plan(&call, caps, &Policy::default());
    let sent = sent(&call, &plan);
    (sent[1].pointer(at).cloned().unwrap_or(Value::Null), rows(&plan))
}

#[test]
fn yes_and_no() {
    for caps in [at_32(), Caps::unknown()] {
        for (value, now) in [
            (json!(true), "Y"),
            (json!(false), "N"),
            (json!("true"), "Y"),
            (json!("FALSE"), "N"),
            (json!("1"), "Y"),
            (json!("0"), "N"),
            (json!(1), "Y"),
            (json!(0), "N"),
            (json!("y"), "Y"),
            (json!("n"), "N"),
        ] {
            let params = json!({"fields": {"system": value}});
            let found = shimmed(SEND, params, "/fields/system", &caps);
            assert_eq!(found, (json!(now), vec!["message.system"]), "{value}");
        }
        for value in [
            json!("Y"),
            json!("N"),
            json!(""),
            json!(null),
            json!(2),
            json!([]),
            json!("maybe"),
        ] {
            let params = json!({"fields": {"system": value}});
            assert!(
                plan(&call(SEND, params), &caps, &Policy::default()).is_pass(),
                "{value}"
            );
        }
    }
    // At the top level, and under another spelling of the name.
    let found = shimmed(
        "imbot.v2.Chat.TextField.enabled",
        json!({"enabled": false}),
        "/enabled",
        &at_32(),
    );
    assert_eq!(found, (json!("N"), vec!["text_field.enabled.boolean"]));
    let params = json!({"fields": {"URL_PREVIEW": false, "urlPreview": true}});
    let found = shimmed(SEND, params, "/fields", &at_32());
    assert_eq!(
        found,
        (
            json!({"URL_PREVIEW": "N", "urlPreview": "Y"}),
            vec!["message.url_preview"]
        )
    );
}

#[test]
fn wrongly_stored_values_are_omitted() {
    let update = "imbot.v2.Bot.update";
    for caps in [Caps::at(33), at_32(), Caps::unknown()] {
        let params = json!({"fields": {"backgroundId": "lava", "isHidden": true}});
        let (fields, _) = shimmed(update, params, "/fields", &caps);
        assert_eq!(fields, json!({"isHidden": true}));
        let params = json!({"fields": {"backgroundId": "mint"}});
        let (fields, _) = shimmed(update, params, "/fields", &caps);
        assert_eq!(fields, json!({"backgroundId": "mint"}));
    }
    let (params, ids) = shimmed(
        "im.recent.get",
        json!({"last_update": 1, "X": 2}),
        "",
        &Caps::at(22),
    );
    assert_eq!(
        (params, ids),
        (json!({"X": 2}), vec!["im.recent.get.last_update"])
    );
    let title = json!({"fields": {"title": {"en": "x", "de": null, "fr": null}}});
    let (title, ids) = shimmed("imbot.v2.Command.update", title, "/fields/title", &at_32());
    assert_eq!(
        (title, ids),
        (json!({"en": "x"}), vec!["command.update.title_null_deletes"])
    );
}

#[test]
fn both_forms_of_a_registration() {
    let register = "imbot.v2.Command.register";
    let fields = json!({"command": "help", "title": {"en": "Help"}, "hidden": true});
    for caps in [at_32(), Caps::unknown()] {
        let (params, _) = shimmed(register, json!({"botId": 7, "fields": fields}), "", &caps);
        let flat = json!({
            "botId": 7, "fields": fields, "command": "help", "title": {"en": "Help"}, "hidden": "Y",
        });
        assert_eq!(params, flat);
        assert_eq!(
            shimmed(register, flat.clone(), "", &caps),
            (flat, vec![]),
            "it has both already"
        );
    }
    // What is there in the other form stays.
    let params = json!({"command": "other", "fields": {"command": "help"}});
    assert_eq!(
        adapted(&call(register, params.clone()), &at_32()),
        json!([register, params])
    );
    // Without the older form, nothing of it.
    for fields in [json!([]), json!({}), json!("x"), json!(null), json!({"other": 1})] {
        let call = call(register, json!({"botId": 7, "fields": fields}));
        assert!(plan(&call, &at_32(), &Policy::default()).is_pass(), "{fields}");
    }
}

#[test]
fn flat_form_after_sunset() {
    let register = "imbot.v2.Command.register";
    let policy = Policy::default();
    let flat = || {
        call(
            register,
            json!({"botId": 7, "COMMAND": "help", "title": {"en": "Help"}}),
        )
    };
    for caps in [Caps::at(36), Caps::at(33), Caps::unknown()] {
        let planner = Planner::new(&caps, &policy);
        for today in [None, Some(day(2026, 9, 29))] {
            let planner = today.map_or(planner, |today| planner.today(today));
            assert!(planner.decide(&flat()).is_pass());
        }
        for today in [day(2026, 9, 30), day(2027, 1, 1)] {
            for fields in [None, Some(json!({})), Some(json!([])), Some(json!(null))] {
                let mut call = flat();
                if let Some(fields) = fields {
                    call.params_mut().insert("fields".to_owned(), fields);
                }
                let plan = planner.today(today).decide(&call);
                let sent = sent(&call, &plan);
                let now = json!({"command": "help", "title": {"en": "Help"}});
                assert_eq!(sent[1]["fields"], now);
                assert_eq!(sent[1]["COMMAND"], "help");
            }
        }
    }
    // `fields` in another spelling is the one that is filled.
    let call = call(register, json!({"command": "help", "FIELDS": {}}));
    let caps = Caps::at(36);
    let plan = Planner::new(&caps, &policy).today(day(2026, 10, 1)).decide(&call);
    assert_eq!(
        sent(&call, &plan)[1],
        json!({"command": "help", "FIELDS": {"command": "help"}})
    );
}

#[test]
fn spellings_of_colours() {
    for (method, at) in [
        ("imbot.v2.Chat.add", "/fields/color"),
        ("imbot.v2.Bot.register", "/fields/properties/color"),
    ] {
        for caps in [at_32(), Caps::unknown()] {
            for (color, now) in [
                ("lightBlue", json!("LIGHT_BLUE")),
                ("light_blue", json!("LIGHT_BLUE")),
                ("LIGHTBLUE", json!("LIGHT_BLUE")),
                ("red", json!("RED")),
                ("RED", json!("RED")),
                ("puce", json!(null)),
                ("", json!("")),
            ] {
                let mut params = json!({"fields": {"properties": {}}});
                params.pointer_mut(at.rsplit_once('/').unwrap().0).unwrap()["color"] = json!(color);
                assert_eq!(shimmed(method, params, at, &caps).0, now, "{color}");
            }
        }
    }
}

#[test]
fn keys_of_languages() {
    let register = "imbot.v2.Command.register";
    let fields =
        json!({"title": {"EN": "lost", "de": "Hilfe", "en": "Help", "Fr": "Aide"}, "params": {"EN": "p"}});
    let (params, _) = shimmed(register, json!({"fields": fields}), "", &at_32());
    let fields = json!({"title": {"de": "Hilfe", "en": "Help", "fr": "Aide"}, "params": {"en": "p"}});
    // The other form is made of the mended one.
    let both = json!({"fields": fields, "title": fields["title"], "params": fields["params"]});
    assert_eq!(params, both);
    // Of two that are both to be changed, the first stands. Some capitals have no
    // small letter, and stay.
    let fields = json!({"title": {"EN": "first", "En": "second", "\u{1d400}": "bold"}});
    let call = call("imbot.v2.Command.update", json!({"fields": fields}));
    let plan = plan(&call, &at_32(), &Policy::default());
    assert_eq!(
        sent(&call, &plan)[1]["fields"]["title"],
        json!({"\u{1d400}": "bold", "en": "first"})
    );
    assert_eq!(rows(&plan), ["command.lang_case"]);
}

#[test]
fn boolean_text_becomes_real_boolean() {
    let get = "imbot.v2.Event.get";
    for caps in [at_32(), Caps::at(33), Caps::at(36), Caps::unknown()] {
        for (value, now) in [
            (json!("Y"), json!(true)),
            (json!("N"), json!(false)),
            (json!("false"), json!(false)),
            (json!("true"), json!(true)),
        ] {
            let found = shimmed(get, json!({"withUserEvents": value}), "/withUserEvents", &caps);
            assert_eq!(found, (now, vec!["event.get.user_events.text"]), "{value}");
        }
        for value in [
            json!(true),
            json!(false),
            json!(null),
            json!("1"),
            json!("0"),
            json!(""),
            json!(1),
        ] {
            let call = call(get, json!({"withUserEvents": value}));
            assert!(plan(&call, &caps, &Policy::default()).is_pass(), "{value}");
        }
        let refused = refused(&call(get, json!({"withUserEvents": "perhaps"})), &caps);
        assert_eq!(refused.parameter(), Some("withUserEvents"));
    }
}

#[test]
fn tokens_that_are_too_long() {
    let policy = Policy::default();
    let long = "ö".repeat(41);
    let register = "imbot.v2.Bot.register";
    for params in [
        json!({"botToken": long}),
        json!({"fields": {"botToken": long}}),
        json!({"BOT_TOKEN": long}),
    ] {
        let call = call(register, params);
        let plan_at = |rest, today: Option<Date>| {
            let caps = Caps::at(rest);
            let planner = Planner::new(&caps, &policy);
            today.map_or(planner, |today| planner.today(today)).decide(&call)
        };
        assert!(plan_at(36, None).is_pass());
        assert!(plan_at(36, Some(day(2026, 8, 5))).is_pass());
        for today in [day(2026, 8, 6), day(2026, 8, 7), day(2027, 1, 1)] {
            let plan = plan_at(36, Some(today));
            let refused = plan.refused().unwrap();
            assert_eq!(refused.row().id(), "bot.token_length_limit");
            assert!(matches!(refused.reason(), Reason::Misread));
            // Those below 36 take it, on any day.
            assert!(plan_at(35, Some(today)).is_pass());
            // A portal whose revision is not known may take it.
            let unknown = Caps::unknown().with_imbot_v2();
            let plan = Planner::new(&unknown, &policy).today(today).decide(&call);
            assert!(plan.refused().is_none(), "{plan:?}");
        }
    }
    let right = call(register, json!({"botToken": "ö".repeat(40)}));
    let caps = Caps::at(36);
    assert!(
        Planner::new(&caps, &policy)
            .today(day(2027, 1, 1))
            .decide(&right)
            .is_pass()
    );
}

#[test]
fn rotation_causing_lockout_is_refused() {
    let rotate = |token: Value| {
        call(
            "imbot.v2.Bot.update",
            json!({"botId": 7, "fields": {"botToken": token}}),
        )
    };
    for caps in [at_32(), Caps::at(33), Caps::at(34), Caps::unknown(), Caps::at(30)] {
        let refused = refused(&rotate(json!("next")), &caps);
        assert_eq!(refused.parameter(), Some("fields.botToken"));
        assert_eq!(refused.method(), "imbot.v2.Bot.update");
    }
    for caps in [Caps::at(35), Caps::at(36)] {
        assert!(plan(&rotate(json!("next")), &caps, &Policy::default()).is_pass());
        let refused = refused(&rotate(json!("x".repeat(41))), &caps);
        assert_eq!(refused.row().id(), "bot.token_rotation.length");
    }
    // Under another spelling beside the right one, too.
    let both = json!({"fields": {"botToken": "", "BOT_TOKEN": "next"}});
    assert_eq!(
        refused(&call("imbot.v2.Bot.update", both), &Caps::at(34))
            .row()
            .id(),
        "bot.token_rotation"
    );
    assert!(
        rows(&plan(&rotate(json!("")), &Caps::at(34), &Policy::default()))
            .iter()
            .all(|id| !id.contains("rotation"))
    );
}

#[test]
fn handlers_that_are_left_behind() {
    let update = |fields: Value| call("imbot.v2.Bot.update", json!({"botId": 7, "fields": fields}));
    let follow_ups = |call: &Call, rest| match plan(call, &Caps::at(rest), &Policy::default()) {
        Plan::Adapt(adapted) => adapted.follow_ups().to_vec(),
        _ => Vec::new(),
    };
    let of = |in_use: Option<&str>, found: &[FollowUp]| match found {
        [FollowUp::UnbindEvents { events, in_use: own }] => events.len() == 8 && own.as_deref() == in_use,
        _ => false,
    };
    let moved = update(json!({"webhookUrl": "https://bot.example/new"}));
    assert!(of(Some("https://bot.example/new"), &follow_ups(&moved, 34)));
    assert!(of(
        None,
        &follow_ups(&call("imbot.v2.Bot.unregister", json!({"botId": 7})), 34)
    ));
    for quiet in [
        json!({"isHidden": true}),
        json!({"webhookUrl": ""}),
        json!({"webhookUrl": null}),
        json!({"webhookUrl": "https://bot.example/new", "eventMode": "fetch"}),
        json!([]),
    ] {
        assert!(follow_ups(&update(quiet), 34).is_empty());
    }
    assert!(follow_ups(&moved, 35).is_empty());
    // A webhook may not remove handlers: it is told, no more.
    let (caps, policy) = (Caps::at(34), Policy::default());
    let planner = Planner::new(&caps, &policy).credential(CredentialKind::Webhook);
    let moved = update(json!({"webhookUrl": "https://bot.example/new?CLIENT_ID=token"}));
    let plan = planner.decide(&moved);
    let adapted = plan.adapted().unwrap();
    assert!(adapted.follow_ups().is_empty());
    assert_eq!(adapted.unapplied()[0].shim(), Shim::EventUnbind);
}

#[test]
fn method_without_older_form_is_refused() {
    for feature in [
        Feature::ImbotV2FileUpload,
        Feature::ImV2EventGet,
        Feature::ImDialogWriting,
    ] {
        let call = Call::new(feature.as_str());
        let refused = refused(&call, &Caps::just_below(feature));
        assert_eq!((refused.row().id(), refused.parameter()), (call.method(), None));
        assert!(
            plan(&call, &Caps::just_at(feature), &Policy::default()).is_pass(),
            "{feature}"
        );
    }
    // Older methods are found in any case, those of controllers as they are spelled.
    assert_eq!(
        refused(&Call::new("IM.Dialog.Writing"), &Caps::at(29)).row().id(),
        "im.dialog.writing"
    );
    assert!(
        plan(
            &Call::new("imbot.v2.file.upload"),
            &Caps::at(30),
            &Policy::default()
        )
        .is_pass()
    );
}

#[test]
fn broken_delete_uses_older_method() {
    let delete = call(
        "imbot.v2.Chat.Message.delete",
        json!({"botId": 7, "messageId": 9, "complete": true}),
    );
    assert_eq!(
        adapted(&delete, &at_32()),
        json!(["imbot.message.delete", {"BOT_ID": 7, "MESSAGE_ID": 9, "COMPLETE": "Y"}])
    );
    assert!(plan(&delete, &Caps::at(33), &Policy::default()).is_pass());
    assert!(
        plan(
            &delete,
            &at_32().on_unknown(crate::OnUnknown::Allow),
            &Policy::default()
        )
        .adapted()
        .is_some()
    );
}

#[test]
fn too_new_parameters_are_omitted_before_translation() {
    let overlay = r#"
        title = "acme"
        version = "0.1.0"
        requires = "^2"

        [[feature]]
        id = "acme.voice"
        title = "Voice messages"
        kind = "new"
        requires = { rest = 37, api = "imbot.v2" }
        applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
        fallback = { shim = "omit", note = "Leave it out." }
        source = "https://example.com/acme"
        confidence = "inferred"
    "#;
    let table = crate::Table::builtin().with_overlay(overlay).unwrap().leak();
    let call = Call::new("imbot.v2.Chat.Message.send")
        .with("botId", 7)
        .with("dialogId", "chat5")
        .with("fields", json!({"message": "Hello", "voice": "v1"}));
    for (rest, method) in [(36, "imbot.v2.Chat.Message.send"), (30, "imbot.message.add")] {
        let plan = plan(&call, &Caps::at(rest).with_table(table), &Policy::default());
        let adapted = plan.adapted().unwrap();
        assert_eq!(adapted.call(&call).method(), method);
        assert!(!format!("{:?}", adapted.call(&call).params()).contains("v1"));
        let shown: Vec<_> = adapted.changes().iter().map(ToString::to_string).collect();
        assert_eq!(shown.first().unwrap(), "`fields.voice` is left out (acme.voice)");
    }
    assert!(plan(&call, &Caps::at(37).with_table(table), &Policy::default()).is_pass());
}
