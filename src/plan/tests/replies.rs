//! Replies brought back to the form of the newest imbot.v2.

use serde_json::{Value, json};

use super::calls::documented;
use super::*;
use crate::table::Table;

/// What a reply of an older method becomes.
#[track_caller]
fn back(original: &Call, older: Reply) -> Reply {
    let caps = Caps::at(30);
    let policy = Policy::default();
    let plan = Planner::new(&caps, &policy)
        .webhook_url(Some("https://bot.example"))
        .decide(original);
    let adapted = plan.adapted().unwrap_or_else(|| panic!("{plan:?}"));
    assert!(adapted.changes_reply());
    adapted.read(older)
}

fn v2(method: &str, params: Value) -> Call {
    let mut call = call(
        &format!("imbot.v2.{method}"),
        json!({"botId": "7", "botToken": "t"}),
    );
    if let Value::Object(params) = params {
        call.params_mut().extend(params);
    }
    call
}

#[test]
fn results() {
    let register = call(
        "imbot.v2.Bot.register",
        json!({"fields": {
            "code": "c", "eventMode": "webhook", "webhookUrl": "https://b.example", "properties": {"name": "n"},
        }}),
    );
    for (older, id) in [(json!(17), json!(17)), (json!("17"), json!(17))] {
        assert_eq!(
            result(back(&register, reply(older))),
            json!({
                "bot": {
                    "id": id, "code": "c", "type": "bot", "moduleId": "rest", "eventMode": "webhook",
                    "isHidden": false, "backgroundId": null,
                },
                "users": [],
            })
        );
    }
    for older in [json!(null), json!("x"), json!(true), json!([]), json!({"a": 1})] {
        let reply = back(&register, reply(older.clone()));
        assert!(matches!(reply, Reply::Malformed(_)), "{older}: {reply:?}");
    }
    let add = v2("Chat.add", json!({"fields": {"title": "Room"}}));
    let chat = result(back(&add, reply(json!("42"))));
    assert_eq!(
        (&chat["chat"]["id"], &chat["chat"]["dialogId"]),
        (&json!(42), &json!("chat42"))
    );
    assert_eq!(
        (&chat["chat"]["name"], &chat["chat"]["owner"]),
        (&json!("Room"), &json!(7))
    );
    assert_eq!(chat["chat"].get("description"), None);
    let register = v2(
        "Command.register",
        json!({"fields": {"command": "help", "title": {"en": "x"}, "hidden": "Y"}}),
    );
    assert_eq!(
        result(back(&register, reply(json!("5")))),
        json!({"command": {
            "id": 5, "botId": 7, "command": "/help", "common": false, "hidden": true, "extranetSupport": false,
        }})
    );
    let send = v2(
        "Chat.Message.send",
        json!({"dialogId": "1", "fields": {"message": "m"}}),
    );
    assert_eq!(
        result(back(&send, reply(json!(8)))),
        json!({"id": 8, "uuidMap": []})
    );
}

#[test]
fn maps_and_lists() {
    let list = call("imbot.v2.Bot.list", json!({"botToken": "t"}));
    // An item that lacks a member does not take that of the next.
    let older = json!({
        "3": {"ID": "3", "NAME": "A", "OPENLINE": "Y"},
        "9": {"ID": 9, "CODE": "b", "NAME": "B", "OPENLINE": "N"},
    });
    assert_eq!(
        result(back(&list, reply(older))),
        json!({
            "bots": [{"id": 3, "isSupportOpenline": true}, {"id": 9, "code": "b", "isSupportOpenline": false}],
            "users": [{"id": 3, "name": "A"}, {"id": 9, "name": "B"}],
            "hasNextPage": false,
        })
    );
    for older in [json!([]), json!({}), json!(null), json!(false), json!("x")] {
        assert_eq!(
            result(back(&list, reply(older))),
            json!({"bots": [], "users": [], "hasNextPage": false})
        );
    }
    let users = v2("Chat.User.list", json!({"dialogId": "chat5"}));
    for (older, now) in [
        (json!(["1", 2]), json!([{"id": 1}, {"id": 2}])),
        (json!({"0": 1, "3": "2"}), json!([{"id": 1}, {"id": 2}])),
        (json!([]), json!([])),
        (json!(null), json!([])),
    ] {
        assert_eq!(result(back(&users, reply(older))), now);
    }
    let get = v2("Chat.get", json!({"dialogId": "chat5"}));
    let older = json!({"id": "5", "dialog_id": "chat5", "name": "Room", "owner": "1", "manager_list": []});
    assert_eq!(
        result(back(&get, reply(older))),
        json!({"chat": {"id": 5, "dialogId": "chat5", "name": "Room", "owner": 1, "managerList": []}})
    );
}

#[test]
fn errors() {
    let send = v2(
        "Chat.Message.send",
        json!({"dialogId": "1", "fields": {"message": "m"}}),
    );
    for (older, now) in [
        ("BOT_ID_ERROR", "BOT_NOT_FOUND"),
        ("MESSAGE_EMPTY", "EMPTY_MESSAGE"),
        ("expired_token", "expired_token"),
        ("ANOTHER", "ANOTHER"),
    ] {
        let read = back(&send, error(older));
        assert_eq!(code(&read), now);
        let Reply::Error(error) = read else { panic!() };
        assert_eq!((error.description.as_str(), error.status), ("why", 400));
    }
    // What the newer method calls success.
    let add = v2("Chat.User.add", json!({"dialogId": "chat5", "userIds": [1]}));
    assert_eq!(
        result(back(&add, error("NOTHING_TO_ADD"))),
        json!({"result": true})
    );
    assert_eq!(code(&back(&add, error("USER_NOT_FOUND"))), "USER_NOT_FOUND");
    let delete = v2("Chat.User.delete", json!({"dialogId": "chat5", "userId": 1}));
    assert_eq!(
        result(back(&delete, error("USER_NOT_FOUND"))),
        json!({"result": true})
    );
    // What is no reply of the API stays what it is.
    let odd = Reply::read(502, None, b"<html>");
    assert_eq!(back(&send, odd.clone()), odd);
    let moved = Reply::read(302, Some("https://a.example"), b"");
    assert_eq!(back(&send, moved.clone()), moved);
}

#[test]
fn split_call_replies_merge() {
    let update = v2(
        "Chat.update",
        json!({"dialogId": "chat5", "fields": {"title": "t", "color": "red", "avatar": "x"}}),
    );
    let of = |result: Value, errors: Value| reply(json!({"result": result, "result_error": errors}));
    let all = json!({"part0": true, "part1": true, "part2": true});
    assert_eq!(result(back(&update, of(all, json!([])))), json!({"result": true}));
    // The first error counts, in the middle, too.
    let failed = of(
        json!({"part0": true}),
        json!({"part1": {"error": "ACCESS_ERROR", "error_description": "no"}}),
    );
    assert_eq!(code(&back(&update, failed)), "ACCESS_DENIED");
    let failed = of(
        json!([]),
        json!({"part0": {"error": "TITLE_EMPTY"}, "part1": {"error": "X"}}),
    );
    assert_eq!(code(&back(&update, failed)), "TITLE_EMPTY");
    // The batch itself may fail.
    assert_eq!(
        code(&back(&update, error("QUERY_LIMIT_EXCEEDED"))),
        "QUERY_LIMIT_EXCEEDED"
    );
    // What has not all its answers is no success.
    for lacking in [
        of(json!({"part0": true, "part1": true}), json!([])),
        of(json!([]), json!([])),
        reply(json!(null)),
        reply(json!([])),
        reply(json!({"result": {"other": 1}})),
    ] {
        let read = back(&update, lacking);
        assert!(matches!(&read, Reply::Malformed(_)), "{read:?}");
    }
    let managers = v2(
        "Chat.Manager.add",
        json!({"dialogId": "chat5", "userIds": [1, 2, 3]}),
    );
    let failed = of(
        json!({"part0": true}),
        json!({"part1": {"error": "USER_ID_EMPTY"}}),
    );
    assert_eq!(code(&back(&managers, failed)), "EMPTY_USER_IDS");
}

#[test]
fn older_build_replies_are_adapted() {
    let policy = Policy::default();
    let get = call("imbot.v2.Event.get", json!({"botId": 7}));
    let caps = Caps::at(36);
    let ids = ["event.get.next_offset"];
    let plan_of = Planner::new(&caps, &policy).contradicted(&ids).decide(&get);
    let adapted = plan_of.adapted().unwrap();
    assert!(adapted.changed_call().is_none());
    for (older, now) in [
        (
            json!({"lastEventId": 41}),
            json!({"lastEventId": 41, "nextOffset": 42}),
        ),
        (
            json!({"lastEventId": "41"}),
            json!({"lastEventId": "41", "nextOffset": 42}),
        ),
        (
            json!({"lastEventId": 41, "nextOffset": null}),
            json!({"lastEventId": 41, "nextOffset": 42}),
        ),
        (
            json!({"lastEventId": 41, "nextOffset": 50}),
            json!({"lastEventId": 41, "nextOffset": 50}),
        ),
        (json!({"lastEventId": null}), json!({"lastEventId": null})),
        (json!({"lastEventId": -1}), json!({"lastEventId": -1})),
        (json!({"lastEventId": u64::MAX}), json!({"lastEventId": u64::MAX})),
        (json!({"lastEventId": "x"}), json!({"lastEventId": "x"})),
        (json!({}), json!({})),
        (json!([]), json!([])),
        (json!(null), json!(null)),
    ] {
        assert_eq!(result(adapted.read(reply(older))), now);
    }
    assert_eq!(code(&adapted.read(error("X"))), "X");

    let list = call("imbot.v2.Bot.list", json!({"botToken": "t"}));
    let plan_of = plan(&list, &Caps::at(33), &policy);
    let adapted = plan_of.adapted().unwrap();
    assert!(adapted.changed_call().is_none());
    let older =
        json!({"bots": [{"id": 1, "appId": "s"}, {"id": 2}, "x"], "bot": {"APP_ID": "s"}, "appId": 1});
    assert_eq!(
        result(adapted.read(reply(older))),
        json!({"bots": [{"id": 1}, {"id": 2}, "x"], "bot": {}, "appId": 1})
    );
    assert_eq!(
        result(adapted.read(reply(json!({"bots": {"3": {"appId": "s"}}})))),
        json!({"bots": {"3": {}}})
    );
    assert_eq!(result(adapted.read(reply(json!([])))), json!([]));
    assert_eq!(
        code(&adapted.read(error("CLIENT_ID_NOT_SPECIFIED"))),
        "BOT_TOKEN_NOT_SPECIFIED"
    );
    assert_eq!(code(&adapted.read(error("BOT_NOT_FOUND"))), "BOT_NOT_FOUND");
    assert!(plan(&list, &Caps::at(35), &policy).is_pass());
}

#[test]
fn every_translation_reads_any_reply() {
    let (caps, policy) = (Caps::at(30), Policy::default());
    for original in documented() {
        let planner = Planner::new(&caps, &policy).webhook_url(Some("https://bot.example"));
        let Plan::Adapt(adapted) = planner.decide(&original) else {
            continue;
        };
        for older in [
            json!(null),
            json!(true),
            json!("x"),
            json!([]),
            json!({}),
            json!([[1]]),
            json!({"1": 2}),
            json!(1.5),
        ] {
            match adapted.read(reply(older)) {
                Reply::Result(_) | Reply::Malformed(_) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(code(&adapted.read(error("NO_AUTH_FOUND"))), "NO_AUTH_FOUND");
    }
}

/// Of several calls, the rest would not have run.
#[test]
fn split_calls_forgive_no_error() {
    for translation in Table::builtin().translations() {
        let has_each = translation.params().any(|rule| rule.contains("[] ->"));
        let is_one_of_several = translation.when().is_some() || has_each;
        let forgives = translation.errors().any(|rule| rule.ends_with("-> result"));
        assert!(!(is_one_of_several && forgives), "{translation:?}");
    }
}

#[test]
fn bare_boolean_is_nested_when_unknown() {
    let leave = v2("Chat.leave", json!({"dialogId": "chat5"}));
    let planned = plan(&leave, &Caps::unknown(), &Policy::default());
    let adapted = planned.adapted().unwrap();
    assert_eq!(adapted.changed_call(), None);
    for (answered, read) in [
        (json!(true), json!({"result": true})),
        (json!(false), json!({"result": false})),
        (json!({"result": true}), json!({"result": true})),
        (json!(null), json!(null)),
        (json!({"id": 1}), json!({"id": 1})),
    ] {
        assert_eq!(result(adapted.read(reply(answered))), read);
    }
    assert!(plan(&leave, &Caps::at(32).with_imbot_v2(), &Policy::default()).is_pass());
}
