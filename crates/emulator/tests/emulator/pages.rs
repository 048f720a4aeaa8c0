//! Pages of lists: how many there are, and where the next page begins.

use imbot_caps_emulator::{Build, EmulatedPortal, Emulator};
use serde_json::{Value as Json, json};

use crate::client::call;

/// A chat of the calling person with three more.
async fn chat_of_four() -> (EmulatedPortal, String) {
    let portal = Emulator::start_single(Build::rest(36)).await.unwrap();
    let chat = json!({"USERS": [1, 7, 8, 9], "TITLE": "Tea"});
    let chat = call(&portal, "im.chat.add", chat).await.result();
    (portal, format!("chat{chat}"))
}

#[tokio::test]
async fn lists_tell_total_and_next() {
    let (portal, dialog) = chat_of_four().await;
    for (params, ids, next) in [
        (json!({}), vec![1, 7, 8, 9], None),
        (json!({"LIMIT": 3}), vec![1, 7, 8], Some(3)),
        (json!({"LIMIT": 3, "OFFSET": 3}), vec![9], None),
        (json!({"LIMIT": 1, "OFFSET": 1}), vec![7], Some(2)),
        // As clients ask for pages of any list.
        (json!({"LIMIT": 1, "start": 2}), vec![8], Some(3)),
        (json!({"OFFSET": 9}), vec![], None),
    ] {
        let mut asked = params.clone();
        asked["DIALOG_ID"] = json!(dialog);
        let answer = call(&portal, "im.dialog.users.list", asked).await.json();
        let found = answer["result"].as_array().unwrap().iter();
        let found: Vec<_> = found.map(|user| user["id"].as_i64().unwrap()).collect();
        assert_eq!(found, ids, "{params}");
        assert_eq!(answer["total"], 4, "{params}");
        assert_eq!(answer.get("next").and_then(Json::as_i64), next, "{params}");
    }
    let after = json!({"DIALOG_ID": dialog, "LAST_ID": 7});
    let answer = call(&portal, "im.dialog.users.list", after).await.json();
    assert_eq!(answer["result"][0]["id"], 8);
    assert_eq!(answer.get("total"), None);
}

#[tokio::test]
async fn batches_tell_totals_by_command() {
    let (portal, dialog) = chat_of_four().await;
    let commands = json!({
        "first": format!("im.dialog.users.list?DIALOG_ID={dialog}&LIMIT=3"),
        "second": format!("im.dialog.users.list?DIALOG_ID={dialog}&OFFSET=$next[first]"),
        "third": "im.revision.get",
    });
    let answer = call(&portal, "batch", json!({"cmd": commands})).await.result();
    assert_eq!(answer["result_total"], json!({"first": 4, "second": 4}));
    assert_eq!(answer["result_next"], json!({"first": 3}));
    assert_eq!(answer["result"]["second"][0]["id"], 9);
}

#[tokio::test]
async fn searches_match_partial_names() {
    let (portal, _) = chat_of_four().await;
    for (method, text, count) in [
        ("im.search.user.list", "user", 4),
        ("im.search.user.list", "9", 1),
        ("im.search.user.list", "nobody", 0),
        ("im.search.chat.list", "tea", 1),
        ("im.search.department.list", "every", 1),
        ("im.search.department.list", "tea", 0),
    ] {
        let answer = call(&portal, method, json!({"FIND": text})).await.json();
        assert_eq!(answer["total"], count, "{method} {text}");
        let found = &answer["result"];
        let found = found
            .as_array()
            .map(Vec::len)
            .or_else(|| Some(found.as_object()?.len()));
        assert_eq!(found, Some(count), "{method} {text}");
        assert_eq!(call(&portal, method, json!({})).await.code(), "FIND_SHORT");
    }
}

#[tokio::test]
async fn reading_reports_unread_messages() {
    let (portal, dialog) = chat_of_four().await;
    let first = portal.say(7, &dialog, "one").await.unwrap();
    let last = portal.say(7, &dialog, "two").await.unwrap();
    let counters = call(&portal, "im.counters.get", json!({})).await.result();
    let chat: i64 = dialog[4..].parse().unwrap();
    assert_eq!(counters["CHAT"], json!({(chat.to_string()): 2}));
    assert_eq!(
        (&counters["TYPE"]["ALL"], &counters["DIALOG"]),
        (&json!(2), &json!([]))
    );
    for (params, last, counter) in [(json!({"MESSAGE_ID": first}), first, 1), (json!({}), last, 0)] {
        let mut asked = params;
        asked["DIALOG_ID"] = json!(dialog);
        let read = call(&portal, "im.dialog.read", asked).await.result();
        let expected = json!({"dialogId": dialog, "chatId": chat, "lastId": last, "counter": counter});
        assert_eq!(read, expected);
    }
    let refused = call(&portal, "im.dialog.read", json!({"DIALOG_ID": "x"})).await;
    assert_eq!(refused.code(), "DIALOG_ID_EMPTY");
}
