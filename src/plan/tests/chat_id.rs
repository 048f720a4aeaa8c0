//! `chatId`, which portals take beside `dialogId`, in calls for older methods.

use super::*;
use crate::vocabulary;

/// Each method that takes `chatId` beside `dialogId`, on portals of every build.
#[test]
fn chat_id_equals_dialog_id() {
    let table = Table::builtin();
    let takes_chat_id = |method: &str| {
        let params = json!({"chatId": 5});
        vocabulary::unknown_names(table, method, params.as_object().unwrap()).is_empty()
    };
    let mut compared = Vec::new();
    for documented in documented() {
        let method = documented.method();
        if !documented.params().contains_key("dialogId")
            || table.translations().all(|own| own.from() != method)
        {
            continue;
        }
        let mut translated = documented.clone();
        while let Some(lacking) = planned(&translated, &Caps::at(30))
            .refused()
            .and_then(Refused::parameter)
        {
            if lacking == "dialogId" {
                break;
            }
            translated = without(&translated, lacking);
        }
        let with = |name: &str, id: Value| {
            let mut call = translated.clone();
            call.params_mut().shift_remove("dialogId");
            call.params_mut().insert(name.to_owned(), id);
            call
        };
        let by_dialog = with("dialogId", json!("chat5"));
        if !takes_chat_id(method) {
            let plan = planned(&with("chatId", json!(5)), &Caps::at(30));
            assert!(plan.refused().is_some(), "{method} does not take it on any build");
            continue;
        }
        for rest in [17, 24, 30] {
            let said = |call: &Call| match planned(call, &Caps::at(rest)) {
                Plan::Refuse(refused) => json!([refused.row().id(), refused.parameter()]),
                plan => sent(call, &plan),
            };
            let expected = said(&by_dialog);
            for id in [json!(5), json!("5")] {
                let found = said(&with("chatId", id));
                if method != "imbot.v2.Chat.get" {
                    assert_eq!(found, expected, "{method} at {rest}");
                } else {
                    let has_older_form = Caps::at(rest).supports(Feature::ImbotDialogGet);
                    assert_eq!(
                        found[1]["DIALOG_ID"] == "chat5",
                        has_older_form,
                        "{found} at {rest}"
                    );
                }
            }
            for wrong in [json!("chat5"), json!(true), json!("x")] {
                let plan = planned(&with("chatId", wrong), &Caps::at(rest));
                assert!(plan.refused().is_some(), "{method} at {rest}");
            }
            // Where both are given the portal reads `dialogId`.
            let mut both = by_dialog.clone();
            both.params_mut().insert("chatId".to_owned(), json!(6));
            assert_eq!(said(&both), expected, "{method} at {rest}");
        }
        for caps in [at_32(), Caps::at(36)] {
            let plan = planned(&with("chatId", json!(5)), &caps);
            assert!(
                plan.refused().is_none() || planned(&by_dialog, &caps).refused().is_some(),
                "{plan:?}"
            );
        }
        compared.push(method.to_owned());
    }
    compared.dedup();
    assert_eq!(compared.len(), 12, "{compared:?}");
}

#[test]
fn chat_id_accepts_references() {
    let add = "imbot.v2.Chat.add?botId=7&fields[title]=t";
    let leave = "imbot.v2.Chat.leave?botId=7&chatId=$result[new][chat][id]";
    let send = "imbot.v2.Chat.Message.send?botId=7&chatId=$result[new][chat][id]&fields[message]=m";
    let batch = call("batch", json!({"cmd": {"new": add, "a": leave, "b": send}}));
    let sent = sent_at_30(&batch);
    let of = |key: &str| shown(&commands::call_of(sent[1]["cmd"][key].as_str().unwrap()));
    assert_eq!(
        of("a"),
        json!(["imbot.chat.leave", {"BOT_ID": "7", "CHAT_ID": "$result[new]"}])
    );
    assert_eq!(
        of("b"),
        json!(["imbot.message.add", {"BOT_ID": "7", "DIALOG_ID": "chat$result[new]", "MESSAGE": "m"}])
    );
}
