//! Registrations in a batch: the requests about the bots' addresses that follow the batch's reply.

use super::*;

const URL: &str = "https%3A%2F%2Fbot.example%2Fon";

fn register(code: &str) -> String {
    format!(
        "imbot.v2.Bot.register?fields[code]={code}&fields[properties][name]=B&fields[eventMode]=webhook&fields[webhookUrl]={URL}"
    )
}

fn registered(id: u64) -> Value {
    json!({"bot": {"id": id, "eventMode": "webhook"}, "users": []})
}

fn planned(commands: Value) -> PlannedCall<'static> {
    let batch = call("batch", json!({"halt": 0, "cmd": commands, "auth": "a"}));
    super::super::plan(batch, &Caps::at(36), &Policy::default()).unwrap()
}

/// The requests that follow a batch with this result, and then the warnings. The portal lists handlers of another
/// address.
fn followed(commands: Value, result: &Value) -> (Vec<Value>, Vec<&'static str>) {
    let handlers = json!([{"event": "ONIMBOTV2MESSAGEADD", "handler": "https://bot.example/off"}]);
    let handlers = json!({"result": {"bots": {"bots": []}, "handlers": handlers}, "result_error": []});
    let mut requests = Vec::new();
    let mut step = planned(commands).take(reply(json!({"result": result, "result_error": []})));
    loop {
        step = match step {
            Step::Send(planned) => {
                let request = shown(planned.call());
                assert_eq!(request[1]["auth"], "a", "the credential of the batch");
                let is_listing = request[1]["cmd"]["handlers"] == "event.get";
                requests.push(request);
                planned.take(if is_listing {
                    reply(handlers.clone())
                } else {
                    reply(json!(true))
                })
            }
            Step::Done(done) => {
                let Reply::Result(read) = done.reply() else {
                    panic!("{:?}", done.reply())
                };
                assert_eq!(&read["result"], result);
                return (requests, done.warnings().to_vec());
            }
            other => panic!("{other:?}"),
        };
    }
}

/// The bots whose address is set.
fn updated(requests: &[Value]) -> Vec<u64> {
    let updates = requests.iter().filter(|own| own[0] == "imbot.v2.Bot.update");
    updates
        .map(|own| {
            assert_eq!(own[1]["fields"]["webhookUrl"], "https://bot.example/on");
            own[1]["botId"].as_u64().unwrap()
        })
        .collect()
}

#[test]
fn registrations_in_batch_are_followed_in_order() {
    for (commands, result) in [
        (
            json!({"a": register("a"), "me": "imbot.v2.Bot.list", "b": register("b")}),
            json!({"a": registered(7), "me": {"bots": []}, "b": registered(8)}),
        ),
        // A list of commands has numbers for keys.
        (
            json!([register("a"), register("b")]),
            json!([registered(7), registered(8)]),
        ),
    ] {
        let (requests, warnings) = followed(commands, &result);
        assert_eq!(updated(&requests), [7, 8], "{requests:?}");
        assert_eq!(
            requests.len(),
            4,
            "a list of handlers and an update for each: {requests:?}"
        );
        assert!(warnings.is_empty(), "{warnings:?}");
    }
}

#[test]
fn failed_registration_is_not_followed() {
    let planned = planned(json!({"a": register("a"), "b": register("b")}));
    let answer = json!({"result": {"b": registered(8)}, "result_error": {"a": {"error": "X"}}});
    let Step::Send(listing) = planned.take(reply(answer)) else {
        panic!()
    };
    let done = listing.reply_lost().unwrap();
    assert_eq!(done.warnings().len(), 1);
}

#[test]
fn later_change_of_bot_stays() {
    for (later, is_followed) in [
        ("imbot.v2.Bot.update?botId=7&fields[webhookUrl]=x", false),
        ("imbot.v2.bot.unregister.json?botId=7", false),
        ("imbot.update?BOT_ID=7&FIELDS[EVENT_HANDLER]=x", false),
        // The bot of a reference is not known.
        (
            "imbot.v2.Bot.update?botId=$result[a][bot][id]&fields[webhookUrl]=x",
            false,
        ),
        ("imbot.v2.Bot.update?botId=8&fields[webhookUrl]=x", true),
        (
            "imbot.v2.Chat.Message.send?botId=7&dialogId=1&fields[message]=x",
            true,
        ),
    ] {
        let result = json!({"a": registered(7), "later": true});
        let (requests, warnings) = followed(json!({"a": register("a"), "later": later}), &result);
        assert_eq!(!updated(&requests).is_empty(), is_followed, "{later}");
        assert_eq!(
            warnings.iter().any(|own| own.contains("later command")),
            !is_followed,
            "{later}: {warnings:?}"
        );
    }
    let earlier = "imbot.v2.Bot.update?botId=7&fields[webhookUrl]=x";
    let result = json!({"earlier": true, "a": registered(7)});
    let (requests, _) = followed(json!({"earlier": earlier, "a": register("a")}), &result);
    assert_eq!(updated(&requests), [7]);
}

#[test]
fn address_from_another_reply_stays() {
    let own = register("a").replace(URL, "$result[where][url]");
    let result = json!({"where": {"url": "https://bot.example/on"}, "a": registered(7)});
    let (requests, warnings) = followed(json!({"where": "app.info", "a": own}), &result);
    assert!(requests.is_empty(), "{requests:?}");
    assert!(warnings[0].contains("another command"), "{warnings:?}");
}

#[test]
fn many_registrations_are_followed_in_part() {
    let names = || (0..12).map(|nth: u64| (nth, format!("b{nth}")));
    let commands: serde_json::Map<_, _> = names()
        .map(|(_, name)| (name.clone(), register(&name).into()))
        .collect();
    let result: serde_json::Map<_, _> = names().map(|(nth, name)| (name, registered(100 + nth))).collect();
    let (requests, warnings) = followed(commands.into(), &result.into());
    assert_eq!(updated(&requests), (100..110).collect::<Vec<_>>());
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}
