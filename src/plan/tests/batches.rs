//! Batches, planned command by command.

use serde_json::{Value, json};

use super::*;

const ADD: &str = "imbot.v2.Chat.add?botId=7&fields%5Btitle%5D=Room";
const TITLE_AND_COLOR: &str =
    "imbot.v2.Chat.update?botId=7&dialogId=chat5&fields[title]=Room&fields[color]=red";

fn batch_of(commands: Value) -> Call {
    Call::new("batch").with("halt", 0).with("cmd", commands)
}

/// The commands that are sent on a portal without imbot.v2.
#[track_caller]
fn commands(commands: Value) -> Value {
    let call = batch_of(commands);
    let plan = plan(&call, &Caps::at(30), &Policy::default());
    let sent = sent(&call, &plan);
    assert_eq!((&sent[0], &sent[1]["halt"]), (&json!("batch"), &json!(0)));
    sent[1]["cmd"].clone()
}

fn read(batch: &Call, reply_of: Value) -> Value {
    let plan = plan(batch, &Caps::at(30), &Policy::default());
    result(plan.adapted().unwrap().read(reply(reply_of)))
}

#[test]
fn unchanged_commands_stay_byte_identical() {
    let odd = "crm.deal.get?ID=%31&x=a b+c&&y[]=1&y[]=2#frag";
    for all in [
        json!([odd, "user.current"]),
        json!({"a": odd, "b": "", "c": "?", "d": "im.message.add?MESSAGE=x"}),
        json!([]),
        json!({}),
        json!(null),
        json!("text"),
        json!([{"method": "imbot.v2.Chat.add"}, 7, null]),
        json!(["batch?cmd[0]=imbot.v2.File.upload"]),
    ] {
        let call = batch_of(all);
        assert!(
            plan(&call, &Caps::at(30), &Policy::default()).is_pass(),
            "{call:?}"
        );
    }
    assert!(plan(&Call::new("batch"), &Caps::at(30), &Policy::default()).is_pass());
    let sent = commands(json!({"z": odd, "a": ADD, "n": {"x": 1}, "0": "user.current"}));
    assert_eq!(
        sent.to_string(),
        json!({"z": odd, "a": "imbot.chat.add?BOT_ID=7&TITLE=Room", "n": {"x": 1}, "0": "user.current"})
            .to_string()
    );
    // A list stays a list, and the method's case does not matter.
    let call = call("Batch", json!({"CMD": [odd, ADD]}));
    assert_eq!(
        adapted(&call, &Caps::at(30)),
        json!(["Batch", {"CMD": [odd, "imbot.chat.add?BOT_ID=7&TITLE=Room"]}])
    );
}

#[test]
fn only_replies_are_changed() {
    let call = batch_of(json!({"list": "imbot.v2.Bot.list?botToken=t", "me": "user.current"}));
    let plan = plan(&call, &Caps::at(33), &Policy::default());
    let adapted = plan.adapted().unwrap();
    assert!(adapted.changed_call().is_none() && adapted.changes_reply());
    let older = json!({
        "result": {"list": {"bots": [{"id": 1, "appId": "s"}]}, "me": {"appId": "mine"}},
        "result_error": [], "result_time": {"list": {"start": 1}},
    });
    let mut newer = older.clone();
    newer["result"]["list"] = json!({"bots": [{"id": 1}]});
    assert_eq!(result(adapted.read(reply(older))).to_string(), newer.to_string());
    let older = json!({"result": {"me": 1}, "result_error": {"list": {"error": "CLIENT_ID_NOT_SPECIFIED", "error_description": "d"}}});
    let read = result(adapted.read(reply(older)));
    assert_eq!(
        read,
        json!({"result": {"me": 1}, "result_error": {"list": {"error": "BOT_TOKEN_NOT_SPECIFIED", "error_description": "d"}}})
    );
    assert_eq!(code(&adapted.read(error("X"))), "X");
    for odd in [json!(null), json!([]), json!({"result": 1}), json!("x")] {
        assert_eq!(result(adapted.read(reply(odd.clone()))), odd);
    }
}

#[test]
fn references_follow_renamed_results() {
    let sent = commands(json!({
        "add": ADD,
        "whole": "imbot.v2.Chat.Message.send?botId=7&dialogId=$result[add][chat][dialogId]&fields[message]=id $result[add][chat][id], $result[add][chat][id]! $result[other][x] $result[",
        "made": "imbot.v2.Chat.leave?botId=7&dialogId=chat%24result%5Badd%5D%5Bchat%5D%5Bid%5D",
        "guard": "imbot.v2.Chat.setOwner?botId=7&userId=1&dialogId=$result[add][chat][dialogId]",
        "older": "im.message.add?DIALOG_ID=$result[add][chat][dialogId]&LIST[0][x]=$result[add][chat][id]",
        "same": "im.message.add?DIALOG_ID=1&MESSAGE=$result[nobody][x]",
    }));
    let decoded = |key: &str| {
        let call = commands::call_of(sent[key].as_str().unwrap());
        json!([call.method(), call.params()])
    };
    assert_eq!(
        decoded("whole"),
        json!(["imbot.message.add", {
            "BOT_ID": "7", "DIALOG_ID": "chat$result[add]",
            "MESSAGE": "id $result[add], $result[add]! $result[other][x] $result[",
        }])
    );
    assert_eq!(
        decoded("made"),
        json!(["imbot.chat.leave", {"BOT_ID": "7", "CHAT_ID": "$result[add]"}])
    );
    assert_eq!(
        decoded("guard"),
        json!(["imbot.chat.setOwner", {"BOT_ID": "7", "CHAT_ID": "$result[add]", "USER_ID": "1"}])
    );
    assert_eq!(
        decoded("older"),
        json!(["im.message.add", {"DIALOG_ID": "chat$result[add]", "LIST": [{"x": "$result[add]"}]}])
    );
    assert_eq!(
        sent["same"],
        "im.message.add?DIALOG_ID=1&MESSAGE=$result[nobody][x]"
    );
    // What the older reply does not have.
    for lost in [
        "[add]",
        "[add][chat]",
        "[add][chat][name]",
        "[add][users]",
        "[add][chat][id][x]",
    ] {
        let call = batch_of(
            json!({"add": ADD, "next": format!("im.message.add?DIALOG_ID=1&MESSAGE=$result{lost}")}),
        );
        let refused = refused(&call, &Caps::at(30));
        assert_eq!(
            (refused.batch_key(), refused.parameter()),
            (Some("next"), Some("MESSAGE")),
            "{lost}"
        );
        assert_eq!(refused.row().id(), "imbot.v2.Chat.add");
    }
    // Nothing is pointed elsewhere where the portal has it all.
    let call = batch_of(json!({"add": ADD, "next": "im.message.add?DIALOG_ID=$result[add][chat][dialogId]"}));
    assert!(plan(&call, &Caps::at(36), &Policy::default()).is_pass());
}

#[test]
fn list_references_adapt_forward_ones_stay() {
    let sent = commands(json!([
        ADD,
        "im.chat.get?ID=$result[0][chat][id]&X=$result[2][chat][id]",
        ADD
    ]));
    assert_eq!(
        sent[1],
        "im.chat.get?ID=%24result%5B0%5D&X=%24result%5B2%5D%5Bchat%5D%5Bid%5D"
    );
}

#[test]
fn a_command_that_becomes_several() {
    let call = batch_of(
        json!({"a": "user.current", "up": TITLE_AND_COLOR, "up_part0": "user.get", "z": "server.time"}),
    );
    let sent = adapted(&call, &Caps::at(30))[1]["cmd"].clone();
    assert_eq!(
        sent.to_string(),
        json!({
            "a": "user.current",
            "up_part1": "imbot.chat.updateTitle?BOT_ID=7&CHAT_ID=5&TITLE=Room",
            "up_part2": "imbot.chat.updateColor?BOT_ID=7&CHAT_ID=5&COLOR=RED",
            "up_part0": "user.get",
            "z": "server.time",
        })
        .to_string()
    );
    let older = json!({
        "result": {"a": 1, "up_part1": true, "up_part2": true, "up_part0": 3, "z": 4},
        "result_error": [],
        "result_time": {"a": 1, "up_part1": 2, "up_part2": 3, "up_part0": 4, "z": 5},
    });
    assert_eq!(
        read(&call, older).to_string(),
        json!({
            "result": {"a": 1, "up": {"result": true}, "up_part0": 3, "z": 4},
            "result_error": [],
            "result_time": {"a": 1, "up_part0": 4, "z": 5},
        })
        .to_string()
    );
    // One that fails, the batch going on or halted.
    for after in [
        json!({"a": 1, "up_part1": true, "up_part0": 3, "z": 4}),
        json!({"a": 1, "up_part1": true}),
    ] {
        let read = read(
            &call,
            json!({"result": after, "result_error": {"up_part2": {"error": "ACCESS_ERROR"}}}),
        );
        assert_eq!(
            read["result_error"],
            json!({"up": {"error": "ACCESS_DENIED", "error_description": "", "result": true}})
        );
        assert_eq!(
            (&read["result"]["a"], read["result"].get("up")),
            (&json!(1), None)
        );
        assert_eq!(read["result"].get("up_part1"), None);
    }
    // One that did not run has no answer, as any other.
    let halted = json!({"result": [], "result_error": {"a": {"error": "X"}}});
    assert_eq!(read(&call, halted.clone()), halted);
    let half = read(&call, json!({"result": {"up_part1": true}, "result_error": []}));
    assert_eq!(half["result"].get("up"), None);
    assert_eq!(half["result_error"]["up"]["error"], "MALFORMED_REPLY");
}

#[test]
fn expanded_list_reply_stays_list() {
    let call = batch_of(json!(["user.current", TITLE_AND_COLOR, ADD]));
    let sent = adapted(&call, &Caps::at(30))[1]["cmd"].clone();
    let keys: Vec<_> = sent.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["0", "1_part0", "1_part1", "2"]);
    let older = json!({"result": {"0": 1, "1_part0": true, "1_part1": true, "2": 42}, "result_error": []});
    let read_back = read(&call, older);
    assert_eq!(read_back["result"][0], 1);
    assert_eq!(read_back["result"][1], json!({"result": true}));
    assert_eq!(read_back["result"][2]["chat"]["dialogId"], "chat42");
    assert_eq!(read_back["result_error"], json!([]));
    let older = json!({"result": {"0": 1, "2": 42}, "result_error": {"1_part0": {"error": "ACCESS_ERROR"}}});
    let read_back = read(&call, older);
    assert_eq!(read_back["result_error"]["1"]["error"], "ACCESS_DENIED");
    let keys: Vec<_> = read_back["result"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["0", "2"]);
    // A reply that is a list already, as PHP writes it.
    let plain = batch_of(json!(["user.current", ADD]));
    let read_back = read(&plain, json!({"result": [1, "42"], "result_error": []}));
    assert_eq!(read_back["result"][1]["chat"]["id"], 42);
    let read_back = read(
        &plain,
        json!({"result": [1], "result_error": {"1": {"error": "ACCESS_ERROR"}}}),
    );
    assert_eq!(read_back["result"], json!([1]));
    assert_eq!(read_back["result_error"]["1"]["error"], "ACCESS_DENIED");
}

#[test]
fn forgiven_error_moves_to_results() {
    let call = batch_of(json!([
        "imbot.v2.Chat.User.add?botId=7&dialogId=chat5&userIds[]=1"
    ]));
    let read = read(
        &call,
        json!({"result": [], "result_error": [{"error": "NOTHING_TO_ADD"}]}),
    );
    assert_eq!(read, json!({"result": [{"result": true}], "result_error": []}));
}

#[test]
fn the_limit_of_commands() {
    let with = |others: usize| {
        let mut all: Vec<Value> = (0..others).map(|_| json!("user.current")).collect();
        all.push(json!(TITLE_AND_COLOR));
        batch_of(Value::Array(all))
    };
    assert!(
        plan(&with(48), &Caps::at(30), &Policy::default())
            .adapted()
            .is_some()
    );
    let refused = refused(&with(49), &Caps::at(30));
    assert_eq!(
        (refused.batch_key(), refused.method()),
        (Some("49"), "imbot.v2.Chat.update")
    );
    assert!(refused.to_string().contains("51 commands"), "{refused}");
    // One that was too long before is the portal's to refuse.
    let long: Vec<Value> = (0..60).map(|_| json!(ADD)).collect();
    assert!(
        plan(&batch_of(Value::Array(long)), &Caps::at(30), &Policy::default())
            .adapted()
            .is_some()
    );
}

#[test]
fn refused_command_names_its_key() {
    for (commands, key) in [
        (json!({"ok": ADD, "bad": "imbot.v2.File.upload"}), "bad"),
        (json!([ADD, "imbot.v2.File.upload"]), "1"),
    ] {
        let refused = refused(&batch_of(commands), &Caps::at(30));
        assert_eq!(refused.batch_key(), Some(key));
        assert_eq!(refused.method(), "imbot.v2.File.upload");
    }
}

#[test]
fn batch_values_are_text() {
    let sent = commands(json!({
        "send": "imbot.v2.Chat.Message.send?botId=7&dialogId=1&fields[message]=a%26b&fields[system]=1&fields[urlPreview]=0",
        "add": "imbot.v2.Chat.Manager.add?botId=7&dialogId=chat5&userIds[]=1&userIds[]=2",
    }));
    assert_eq!(
        sent,
        json!({
            "send": "imbot.message.add?BOT_ID=7&DIALOG_ID=1&MESSAGE=a%26b&SYSTEM=Y&URL_PREVIEW=N",
            "add_part0": "imbot.chat.setManager?IS_MANAGER=Y&BOT_ID=7&CHAT_ID=5&USER_ID=1",
            "add_part1": "imbot.chat.setManager?IS_MANAGER=Y&BOT_ID=7&CHAT_ID=5&USER_ID=2",
        })
    );
}
