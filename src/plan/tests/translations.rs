//! Calls of imbot.v2 as older methods.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::calls::documented;
use super::*;
use crate::table::Table;

#[path = "chat_id.rs"]
mod chat_id;

const URL: &str = "https://bot.example/on";

fn planned(call: &Call, caps: &Caps) -> Plan {
    let policy = Policy::default();
    Planner::new(caps, &policy).webhook_url(Some(URL)).decide(call)
}

fn without(call: &Call, path: &str) -> Call {
    let mut call = call.clone();
    let mut members = call.params_mut();
    let mut names: Vec<_> = path.split('.').collect();
    let last = names.pop().unwrap();
    for name in names {
        members = members[name].as_object_mut().unwrap();
    }
    members.shift_remove(last).unwrap();
    call
}

/// What becomes of each documented call. A parameter that has no older form is
/// named, and then left out.
fn matrix(caps: &Caps) -> String {
    let mut out = String::new();
    for mut call in documented() {
        writeln!(out, "{}", call.method()).unwrap();
        loop {
            match planned(&call, caps) {
                Plan::Pass { .. } => writeln!(out, "  passes").unwrap(),
                Plan::Refuse(refused) => {
                    let why = match refused.reason() {
                        Reason::NoOlderForm(_, why) => why.clone(),
                        other => {
                            assert!(matches!(other, Reason::Unsupported(_)), "{refused}");
                            "there is nothing like it".to_owned()
                        }
                    };
                    writeln!(out, "  refused: {}: {why}", refused.parameter().unwrap_or("-")).unwrap();
                    if let Some(parameter) = refused.parameter() {
                        call = without(&call, parameter);
                        continue;
                    }
                }
                Plan::Adapt(adapted) => {
                    let sent = adapted.changed_call().unwrap();
                    if let Some(commands) = sent.params().get("cmd").and_then(Value::as_object) {
                        assert_eq!((sent.method(), &sent.params()["halt"]), ("batch", &json!(1)));
                        for (key, command) in commands {
                            writeln!(out, "  {key}: {}", command.as_str().unwrap()).unwrap();
                        }
                    } else {
                        let params = Value::Object(sent.params().clone());
                        writeln!(out, "  {} {params}", sent.method()).unwrap();
                    }
                }
            }
            break;
        }
    }
    out
}

#[test]
fn every_documented_call() {
    let pinned = include_str!("translations.txt");
    for caps in [Caps::at(30), Caps::at(32).without_imbot_v2()] {
        let found = matrix(&caps);
        assert_eq!(found, pinned, "now it is:\n{found}");
    }
}

fn v2(method: &str, params: Value) -> Call {
    call(&format!("imbot.v2.{method}"), params)
}

#[track_caller]
fn sent_at_30(call: &Call) -> Value {
    sent(call, &planned(call, &Caps::at(30)))
}

#[track_caller]
fn why(call: &Call) -> (Option<String>, String) {
    let plan = planned(call, &Caps::at(30));
    let refused = plan.refused().unwrap_or_else(|| panic!("{plan:?}"));
    match refused.reason() {
        Reason::NoOlderForm(_, why) => (refused.parameter().map(str::to_owned), why.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn alternate_parameter_names_are_translated() {
    let now = json!(["imbot.unregister", {"BOT_ID": 7, "CLIENT_ID": "t"}]);
    for params in [
        json!({"botId": 7, "botToken": "t"}),
        json!({"BOT_ID": 7, "BOT_TOKEN": "t"}),
        json!({"botId": 7, "clientId": "t"}),
        json!({"botId": 7, "CLIENT_ID": "t"}),
        json!({"botId": 7, "clientId": "other", "botToken": "t"}),
        json!({"botId": 7, "clientId": "t", "botToken": null}),
    ] {
        assert_eq!(sent_at_30(&v2("Bot.unregister", params)), now);
    }
    // An application has no token of a bot; what it has is passed on.
    assert_eq!(
        sent_at_30(&v2("Bot.unregister", json!({"botId": 7, "auth": "access"}))),
        json!(["imbot.unregister", {"auth": "access", "BOT_ID": 7}])
    );
    let all = v2(
        "Chat.update",
        json!({"botId": 7, "auth": "access", "dialogId": "chat5", "fields": {"title": "t", "color": "red"}}),
    );
    let sent = sent_at_30(&all);
    assert_eq!(sent[1]["auth"], "access");
    assert!(!sent[1]["cmd"].to_string().contains("access"));
    for method in Table::builtin().translations() {
        let rules: Vec<_> = method.params().collect();
        let has = |rule| rules.contains(&rule);
        assert_eq!(
            has("botToken -> CLIENT_ID"),
            has("clientId -> CLIENT_ID"),
            "{}",
            method.from()
        );
    }
}

#[test]
fn nulls_count_as_missing() {
    let send = v2(
        "Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "x": null, "fields": {"message": "m", "replyId": null, "system": null}}),
    );
    assert_eq!(
        sent_at_30(&send),
        json!(["imbot.message.add", {"BOT_ID": 7, "DIALOG_ID": "1", "MESSAGE": "m"}])
    );
    let send = v2(
        "Chat.Message.send",
        json!({"botId": null, "dialogId": "1", "fields": {"message": "m"}}),
    );
    assert_eq!(
        why(&send),
        (Some("botId".to_owned()), "imbot.message.add needs it".to_owned())
    );
}

#[test]
fn refusal_names_the_nested_parameter() {
    for (method, more) in [
        ("Bot.update", json!({"botToken": "next"})),
        ("Bot.update", json!({"isSupportOpenline": true})),
        ("Chat.Message.update", json!({"replyId": 1})),
        ("Command.update", json!({"command": "x"})),
    ] {
        let name = more.as_object().unwrap().keys().next().unwrap().clone();
        let call = v2(
            method,
            json!({"botId": 7, "messageId": 9, "commandId": 1, "fields": more}),
        );
        let mut call = call;
        let others: &[&str] = match method {
            "Bot.update" => &["messageId", "commandId"],
            "Command.update" => &["messageId"],
            _ => &["commandId"],
        };
        for other in others {
            call.params_mut().shift_remove(*other);
        }
        assert_eq!(why(&call).0, Some(format!("fields.{name}")), "{method}");
    }
    let odd = v2("Bot.update", json!({"botId": 7, "fields": "x"}));
    assert_eq!(why(&odd).0.as_deref(), Some("fields"));
    let odd = v2("Bot.update", json!({"botId": 7, "fields": [1]}));
    assert_eq!(why(&odd).0.as_deref(), Some("fields"));
}

#[test]
fn values_without_an_older_form() {
    let bot = |more: Value| {
        let mut params = json!({"botId": 7, "dialogId": "chat5", "messageId": 9});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        params
    };
    let take = |params: Value, names: &[&str]| {
        let members = params.as_object().unwrap().clone();
        Value::Object(
            members
                .into_iter()
                .filter(|(name, _)| names.contains(&name.as_str()))
                .collect(),
        )
    };
    for (method, params, parameter) in [
        (
            "Chat.leave",
            json!({"botId": 7, "dialogId": "5"}),
            Some("dialogId"),
        ),
        ("Chat.leave", json!({"botId": 7, "dialogId": 5}), Some("dialogId")),
        (
            "Chat.leave",
            json!({"botId": 7, "dialogId": "chat"}),
            Some("dialogId"),
        ),
        (
            "Chat.leave",
            json!({"botId": 7, "dialogId": "chat-5"}),
            Some("dialogId"),
        ),
        (
            "Chat.leave",
            json!({"botId": 7, "dialogId": "chat+5"}),
            Some("dialogId"),
        ),
        (
            "Chat.leave",
            json!({"botId": 7, "dialogId": {"a": 1}}),
            Some("dialogId"),
        ),
        ("Chat.get", json!({"botId": 7, "dialogId": "5"}), Some("dialogId")),
        (
            "Chat.Message.update",
            take(
                bot(json!({"fields": {"message": ""}})),
                &["botId", "messageId", "fields"],
            ),
            Some("fields.message"),
        ),
        (
            "Chat.Message.update",
            take(
                bot(json!({"fields": {"message": " \n"}})),
                &["botId", "messageId", "fields"],
            ),
            Some("fields.message"),
        ),
        (
            "Chat.Message.Reaction.add",
            json!({"botId": 7, "messageId": 9, "reaction": "kiss"}),
            Some("reaction"),
        ),
        (
            "Chat.Manager.add",
            take(bot(json!({"userIds": []})), &["botId", "dialogId", "userIds"]),
            Some("userIds[]"),
        ),
        (
            "Chat.Manager.add",
            take(bot(json!({"userIds": [null]})), &["botId", "dialogId", "userIds"]),
            Some("userIds[]"),
        ),
        (
            "Chat.Manager.add",
            take(bot(json!({"userIds": 5})), &["botId", "dialogId", "userIds"]),
            Some("userIds[]"),
        ),
        (
            "Chat.update",
            take(bot(json!({"fields": {}})), &["botId", "dialogId", "fields"]),
            None,
        ),
        (
            "Chat.update",
            take(
                bot(json!({"fields": {"title": null}})),
                &["botId", "dialogId", "fields"],
            ),
            None,
        ),
        ("Bot.list", json!({"offset": 50}), Some("offset")),
        (
            "Command.register",
            json!({"botId": 7, "fields": {"command": "x", "title": "Help"}}),
            Some("fields.title"),
        ),
        (
            "Command.register",
            json!({"botId": 7, "fields": {"command": "x", "title": {"en": "x"}, "params": {"de": "y"}}}),
            Some("fields.params"),
        ),
        (
            "Command.update",
            json!({"botId": 7, "commandId": 1, "fields": {"params": {"de": "y"}}}),
            Some("fields.params"),
        ),
        (
            "Command.update",
            json!({"botId": 7, "commandId": 1, "fields": {"hidden": "perhaps"}}),
            Some("fields.hidden"),
        ),
    ] {
        let call = v2(method, params);
        assert_eq!(why(&call).0.as_deref(), parameter, "{}", shown(&call));
    }
    let register = |fields: Value| {
        let mut all = json!({
            "code": "c", "eventMode": "webhook", "webhookUrl": "https://b.example", "properties": {"name": "n"},
        });
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        v2("Bot.register", json!({"fields": all}))
    };
    assert_eq!(sent_at_30(&register(json!({})))[0], "imbot.register");
    for (fields, parameter) in [
        (json!({"eventMode": "fetch"}), "fields.eventMode"),
        (json!({"eventMode": null}), "fields.eventMode"),
        (json!({"isHidden": true}), "fields.isHidden"),
        (json!({"type": "personal"}), "fields.type"),
        (json!({"webhookUrl": null}), "fields.webhookUrl"),
        (json!({"properties": {"lastName": "n"}}), "fields.properties.name"),
        (
            json!({"properties": {"name": "n", "email": "e"}}),
            "fields.properties.email",
        ),
    ] {
        assert_eq!(
            why(&register(fields.clone())).0.as_deref(),
            Some(parameter),
            "{fields}"
        );
    }
    // The address of the events is not in the call.
    let command = v2(
        "Command.register",
        json!({"botId": 7, "fields": {"command": "x", "title": {"en": "x"}}}),
    );
    let refused = refused(&command, &Caps::at(30));
    assert!(
        refused
            .to_string()
            .contains("needs the address that the bot's events go to"),
        "{refused}"
    );
}

#[test]
fn older_method_limits_also_apply() {
    let button = v2(
        "Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "fields": {"message": "m", "keyboard": {"BUTTONS": [{"ACTION": "PUT"}]}}}),
    );
    assert_eq!(sent_at_30(&button)[0], "imbot.message.add");
    let refused_at_27 = refused(&button, &Caps::at(27));
    assert_eq!(refused_at_27.row().id(), "keyboard.action");
    assert_eq!(
        refused_at_27.method(),
        "imbot.v2.Chat.Message.send (as imbot.message.add)"
    );
    let get = v2("Chat.get", json!({"botId": 7, "dialogId": "chat5"}));
    assert_eq!(refused(&get, &Caps::at(23)).row().id(), "imbot.dialog.get");
    assert_eq!(
        refused(&v2("Revision.get", json!({})), &Caps::at(17)).row().id(),
        "im.revision.get"
    );
}

#[test]
fn revision_get_falls_back_at_32() {
    let get = v2("Revision.get", json!({}));
    assert_eq!(adapted(&get, &at_32()), json!(["im.revision.get", {}]));
    assert_eq!(adapted(&get, &Caps::at(33)), json!(["imbot.v2.Revision.get", {}]));
}

/// `enabled` is true unless the call says otherwise.
#[test]
fn a_default_is_translated() {
    let caps = Caps::at(33).without_imbot_v2();
    let sent = |more: Value| {
        let mut params = json!({"botId": 7, "dialogId": "chat5"});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let call = call("imbot.v2.Chat.TextField.enabled", params);
        let plan = planned(&call, &caps);
        plan.adapted().unwrap().call(&call).params()["TEXT_FIELD_ENABLED"].clone()
    };
    assert_eq!(sent(json!({})), "Y");
    assert_eq!(sent(json!({"enabled": null})), "Y");
    assert_eq!(sent(json!({"enabled": true})), "Y");
    assert_eq!(sent(json!({"enabled": false})), "N");
}

/// What is sent to a method that limits its size may come back as too large.
#[test]
fn oversize_errors_are_translated() {
    let mut seen = 0;
    for translation in Table::builtin().translations() {
        for (parameter, error) in [("ATTACH", "ATTACH_OVERSIZE"), ("KEYBOARD", "KEYBOARD_OVERSIZE")] {
            if translation
                .params()
                .any(|rule| rule.ends_with(&format!("-> {parameter}")))
            {
                seen += 1;
                let known = translation.errors().any(|rule| rule.starts_with(error));
                assert!(known, "{} knows no {error}", translation.from());
            }
        }
    }
    assert!(seen >= 6, "{seen}");
}

/// The official client for JavaScript puts them into the query of each call.
#[test]
fn marks_of_clients_are_passed_on() {
    let params = json!({"botId": 7, "botToken": "token", "bx24_request_id": "1", "bx24_sdk_ver": "2"});
    let sent = adapted(&call("imbot.v2.Bot.unregister", params), &Caps::at(30));
    let older = json!({"BOT_ID": 7, "CLIENT_ID": "token", "bx24_request_id": "1", "bx24_sdk_ver": "2"});
    assert_eq!(sent, json!(["imbot.unregister", older]));
}
