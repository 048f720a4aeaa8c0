//! What a gate says, and what it keeps to itself.

use serde_json::{Value, json};

use super::calls::documented;
use super::*;

const SECRET: &str = "s3cr3t";

/// The same call with a secret in every text, and beside every other value.
fn with_secrets(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str(SECRET),
        Value::Array(items) => {
            items.iter_mut().for_each(with_secrets);
            items.push(json!({"more": SECRET}));
        }
        Value::Object(members) => members.values_mut().for_each(with_secrets),
        other => *other = SECRET.into(),
    }
}

fn say_nothing(plan: &Plan, of: &Call) {
    let mut said = format!("{plan:?} {of:?}");
    if let Plan::Refuse(refused) = plan {
        said += &format!(
            "{refused} {refused:?} {:?} {:?}",
            refused.reason(),
            refused.parameter()
        );
    }
    if let Plan::Adapt(adapted) = plan {
        for change in adapted.changes().iter().chain(adapted.unapplied()) {
            said += &format!("{change} {change:?} {} {:?}", change.at(), change.to());
        }
        said += &format!(
            "{adapted:?} {:?} {:?}",
            adapted.follow_ups(),
            adapted.changed_call()
        );
    }
    assert!(!said.contains(SECRET), "{said}");
}

#[test]
fn no_value_is_shown() {
    let policy = Policy::default();
    for mut original in documented() {
        let plain = original.clone();
        let mut one_by_one = Vec::new();
        for name in plain.params().keys() {
            let mut call = plain.clone();
            with_secrets(&mut call.params_mut()[name]);
            one_by_one.push(call);
            let Some(fields) = plain.params()[name].as_object() else {
                continue;
            };
            for field in fields.keys() {
                let mut call = plain.clone();
                with_secrets(&mut call.params_mut()[name][field]);
                one_by_one.push(call);
            }
        }
        original.params_mut().values_mut().for_each(with_secrets);
        one_by_one.push(original);
        for call in one_by_one {
            let batch =
                Call::new("batch").with("cmd", json!([commands::command(&call), commands::command(&call)]));
            for caps in [Caps::at(30), at_32(), Caps::at(34), Caps::at(36), Caps::unknown()] {
                let url = format!("https://bot.example/?{SECRET}");
                for mode in [Mode::Adapt, Mode::Reject, Mode::Observe] {
                    let policy = Policy::new(mode);
                    let planner = Planner::new(&caps, &policy).webhook_url(Some(&url));
                    assert!(!format!("{planner:?}").contains(SECRET));
                    say_nothing(&planner.decide(&call), &call);
                    say_nothing(&planner.decide(&batch), &batch);
                }
                say_nothing(&plan(&call, &caps, &policy), &call);
            }
        }
    }
    // A reference to an earlier reply is a value, too.
    let batch = Call::new("batch").with(
        "cmd",
        json!({
            "add": "imbot.v2.Chat.add?botId=7&fields[title]=x",
            "send": format!("imbot.v2.Chat.Message.send?botId=7&dialogId=$result[add][{SECRET}]&fields[message]=x"),
        }),
    );
    let plan = plan(&batch, &Caps::at(30), &policy);
    assert!(plan.refused().is_some());
    say_nothing(&plan, &batch);
}

#[test]
fn refusals_explain_cause_and_remedy() {
    let rotate = call("imbot.v2.Bot.update", json!({"fields": {"botToken": "next"}}));
    let refused_there = refused(&rotate, &Caps::at(34)).to_string();
    assert!(
        refused_there.starts_with("not sent: imbot.v2.Bot.update with `fields.botToken`. "),
        "{refused_there}"
    );
    assert!(refused_there.contains("bot.token_rotation"), "{refused_there}");
    let long = call(
        "imbot.v2.Bot.update",
        json!({"fields": {"botToken": "x".repeat(41)}}),
    );
    let said = refused(&long, &Caps::at(36)).to_string();
    assert!(
        said.starts_with(
            "not sent: imbot.v2.Bot.update with `fields.botToken`. `bot.token_rotation.length`: "
        ),
        "{said}"
    );
    assert!(said.contains(". See https://"), "{said}");
    let send = call(
        "imbot.v2.Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "fields": {"message": "m", "replyId": 1}}),
    );
    let said = refused(&send, &Caps::at(30)).to_string();
    assert!(
        said.starts_with("not sent: imbot.v2.Chat.Message.send with `fields.replyId`. imbot.message.add has nothing for it. "),
        "{said}"
    );
    let batch = Call::new("batch").with("cmd", json!({"a": "crm.deal.get", "b": "imbot.v2.File.upload"}));
    let refused = refused(&batch, &Caps::at(30));
    assert_eq!(refused.batch_key(), Some("b"));
    assert!(
        refused
            .to_string()
            .starts_with("not sent: imbot.v2.File.upload, command `b` of a batch. "),
        "{refused}"
    );
}

#[test]
fn changes_say_what_was_done() {
    let said = |call: &Call, caps: &Caps| -> Vec<String> {
        let plan = plan(call, caps, &Policy::default());
        plan.adapted()
            .unwrap()
            .changes()
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let send = call(
        "imbot.v2.Chat.Message.send",
        json!({"botId": 7, "dialogId": "1", "fields": {"message": "m", "system": true}}),
    );
    assert_eq!(
        said(&send, &at_32()),
        ["`fields.system` is sent as \"Y\" or \"N\" (message.system)"]
    );
    assert_eq!(
        said(&send, &Caps::at(30)),
        ["`imbot.v2.Chat.Message.send` is sent as `imbot.message.add` (imbot.v2.Chat.Message.send)"]
    );
    let typing = call(
        "imbot.v2.Chat.InputAction.notify",
        json!({"botId": 7, "dialogId": "1", "duration": 5}),
    );
    assert_eq!(
        said(&typing, &Caps::at(30))[0],
        "`duration` is left out, for it has no older form (imbot.v2.Chat.InputAction.notify)"
    );
    let register = call(
        "imbot.v2.Command.register",
        json!({"fields": {"command": "x", "title": {"EN": "x"}, "hidden": true}}),
    );
    assert_eq!(
        said(&register, &at_32()),
        [
            "the keys of `fields.title.<lang>` are written in small letters (command.lang_case)",
            "`fields.command` is sent in both forms (command.register.fields)",
            "`hidden` is sent as \"Y\" or \"N\" (command.register.flat.boolean)",
        ]
    );
    let get = call("imbot.v2.Bot.get", json!({"botId": 7}));
    assert_eq!(
        said(&get, &Caps::at(33)),
        [
            "the older error code is read as `BOT_TOKEN_NOT_SPECIFIED` (error.bot_token_not_specified)",
            "`bot.appId` is taken out of the reply (bot.app_id)",
        ]
    );
}
