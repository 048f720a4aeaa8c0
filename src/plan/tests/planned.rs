//! Planned calls: the requests one by one, and what their replies make of them.

use super::*;

/// The step as far as it can be compared.
fn told(step: Step<'_>) -> Value {
    match step {
        Step::Send(planned) => shown(planned.call()),
        Step::MethodNotFound(absent) => json!(["absent", absent.requirement().id()]),
        Step::Done(done) => json!(["done", format!("{:?}", done.reply())]),
    }
}

fn next(step: Step<'_>) -> PlannedCall<'_> {
    match step {
        Step::Send(planned) => planned,
        other => panic!("{other:?}"),
    }
}

fn done(step: Step<'_>) -> Done {
    match step {
        Step::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

fn update() -> Call {
    let fields = json!({"eventMode": "webhook", "webhookUrl": "https://bot.example/new"});
    call(
        "imbot.v2.Bot.update",
        json!({"botId": 7, "botToken": "t", "auth": "a", "fields": fields}),
    )
}

fn handlers(urls: &[&str]) -> Reply {
    let handlers: Vec<Value> = urls
        .iter()
        .map(|url| json!({"event": "ONIMBOTV2MESSAGEADD", "handler": url}))
        .collect();
    let bots = json!({"bots": [{"id": 7}]});
    reply(json!({"result": {"bots": bots, "handlers": handlers}, "result_error": []}))
}

/// Where updates leave handlers behind.
fn planned_update() -> PlannedCall<'static> {
    let planned = super::super::plan(update(), &at_32(), &Policy::default()).unwrap();
    assert!(
        planned
            .changes()
            .iter()
            .any(|own| own.shim() == crate::table::Shim::EventUnbind),
        "{planned:?}"
    );
    planned
}

#[test]
fn follow_ups_come_one_by_one() {
    let planned = planned_update();
    assert_eq!(planned.call().method(), "imbot.v2.Bot.update");
    let listing = next(planned.take(reply(json!({"bot": {"id": 7}}))));
    assert_eq!(listing.call().method(), "batch");
    assert_eq!(listing.call().params()["auth"], "a");
    let removal = next(listing.take(handlers(&["https://bot.example/new", "https://bot.example/old"])));
    assert_eq!(
        removal.call().params()["cmd"],
        json!({"handler0": "event.unbind?event=ONIMBOTV2MESSAGEADD&handler=https%3A%2F%2Fbot.example%2Fold&auth_type=0"})
    );
    let done = done(removal.take(reply(
        json!({"result": {"handler0": {"count": 1}}, "result_error": []}),
    )));
    assert_eq!(result(done.reply().clone()), json!({"bot": {"id": 7}}));
    assert!(done.warnings().is_empty());
}

#[test]
fn lost_follow_up_loses_no_reply() {
    let planned = planned_update();
    assert!(planned_update().reply_lost().is_none());
    let listing = next(planned.take(reply(json!({"bot": {"id": 7}}))));
    let done = listing.reply_lost().unwrap();
    assert_eq!(result(done.reply().clone()), json!({"bot": {"id": 7}}));
    assert_eq!(done.warnings().len(), 1);
}

#[test]
fn refused_removal_is_a_warning() {
    let listing = next(planned_update().take(reply(json!(true))));
    let done = done(listing.take(error("ACCESS_DENIED")));
    assert_eq!(result(done.reply().clone()), json!(true));
    assert_eq!(
        done.warnings(),
        ["event handlers of no use may stay in place: the portal did not list them"]
    );
}

#[test]
fn absent_method_has_another_form() {
    let send = call(
        "imbot.v2.Chat.Message.send",
        json!({"botId": 7, "dialogId": "chat5", "fields": {"message": "x"}}),
    );
    let (caps, policy) = (at_32(), Policy::default());
    let planner = Planner::new(&caps, &policy);
    let absent = || match planner.plan(&send).unwrap().take(error("ERROR_METHOD_NOT_FOUND")) {
        Step::MethodNotFound(absent) => absent,
        other => panic!("{other:?}"),
    };
    assert_eq!(absent().requirement().id(), send.method());
    assert_eq!(code(absent().give_up().reply()), "ERROR_METHOD_NOT_FOUND");
    let again = next(planner.replan(absent()));
    assert_eq!(again.call().method(), "imbot.message.add");
    // The other form is the last.
    let refused = done(again.take(error("ERROR_METHOD_NOT_FOUND")));
    assert_eq!(code(refused.reply()), "ERROR_METHOD_NOT_FOUND");
    let again = next(planner.replan(absent()));
    assert_eq!(result(done(again.take(reply(json!(42)))).into_reply())["id"], 42);
}

#[test]
fn absent_method_without_form_is_final() {
    let list = call("imbot.v2.Revision.get", json!({}));
    let (caps, policy) = (Caps::at(36), Policy::new(Mode::Off));
    let planner = Planner::new(&caps, &policy);
    let Step::MethodNotFound(absent) = planner.plan(&list).unwrap().take(error("ERROR_METHOD_NOT_FOUND"))
    else {
        panic!()
    };
    assert_eq!(
        code(done(planner.replan(absent)).reply()),
        "ERROR_METHOD_NOT_FOUND"
    );
    // No row is about it.
    let other = call("crm.lead.add", json!({}));
    let step = planner
        .plan(&other)
        .unwrap()
        .take(error("ERROR_METHOD_NOT_FOUND"));
    assert_eq!(code(done(step).reply()), "ERROR_METHOD_NOT_FOUND");
}

#[test]
fn remembered_address_serves_later_plans() {
    let fields = json!({
        "code": "clerk", "properties": {"name": "Clerk"}, "eventMode": "webhook",
        "webhookUrl": "https://bot.example/on",
    });
    let register = call(
        "imbot.v2.Bot.register",
        json!({"botToken": "t", "fields": fields}),
    );
    let (caps, policy) = (Caps::at(30), Policy::default());
    let planner = Planner::new(&caps, &policy);
    let planned = planner.plan(&register).unwrap();
    assert_eq!(planned.call().method(), "imbot.register");
    let registered = done(planned.take(reply(json!(9))));
    let [address] = registered.bot_addresses() else {
        panic!("{registered:?}")
    };
    assert_eq!(
        (address.bot(), address.url()),
        (9, Some("https://bot.example/on"))
    );
    let command = call(
        "imbot.v2.Command.register",
        json!({"botId": 9, "fields": {"command": "help", "title": {"en": "Help"}}}),
    );
    assert!(planner.plan(&command).is_err());
    let find = |bot| {
        (bot == address.bot())
            .then(|| address.url().map(Box::from))
            .flatten()
    };
    let planned = planner.bot_addresses(&find).plan(&command).unwrap();
    let text = planned
        .call()
        .params()
        .values()
        .any(|own| own == "https://bot.example/on");
    assert!(text, "{:?}", planned.call().params());
}

#[test]
fn batch_addresses_are_remembered() {
    let batch = call(
        "batch",
        json!({"cmd": {
            "add": "imbot.v2.Bot.update?botId=9&fields[webhookUrl]=https%3A%2F%2Fbot.example%2Fon",
            "fails": "imbot.v2.Bot.update?botId=8&fields[webhookUrl]=https%3A%2F%2Fbot.example%2Fon",
            "gone": "imbot.v2.Bot.unregister?botId=7",
        }}),
    );
    let answer = json!({"result": {"add": true, "gone": true}, "result_error": {"fails": {"error": "X"}}});
    let told = |caps: &Caps| {
        let planned = super::super::plan(&batch, caps, &Policy::new(Mode::Off)).unwrap();
        let done = done(planned.take(reply(answer.clone())));
        let bots = done
            .bot_addresses()
            .iter()
            .map(|own| (own.bot(), own.url().map(str::to_owned)));
        bots.collect::<Vec<_>>()
    };
    let url = Some("https://bot.example/on".to_owned());
    assert_eq!(told(&Caps::at(30)), [(9, url), (7, None)]);
    assert_eq!(told(&Caps::at(36)), []);
}

#[test]
fn page_of_events_shrinks() {
    let get = call(
        "imbot.v2.Event.get",
        json!({"botId": 7, "limit": "40", "offset": 5}),
    );
    let mut planned = super::super::plan(&get, &Caps::at(36), &Policy::default()).unwrap();
    assert_eq!(planned.shrink_page(), Some(20));
    assert_eq!(planned.shrink_page_after_timeout(), Some(2));
    assert_eq!(planned.shrink_page_after_timeout(), None);
    assert_eq!(planned.shrink_page(), Some(1));
    assert_eq!(
        shown(planned.call())[1],
        json!({"botId": 7, "limit": 1, "offset": 5})
    );
    assert_eq!(planned.shrink_page(), None);
    assert_eq!(planned.call().params()["limit"], 1);
    let done = done(planned.take(reply(json!({"events": [], "nextOffset": 6}))));
    assert_eq!(result(done.into_reply())["nextOffset"], 6);
    let send = call("imbot.v2.Chat.Message.send", json!({"botId": 7}));
    let mut planned = super::super::plan(&send, &Caps::at(36), &Policy::default()).unwrap();
    assert_eq!(planned.shrink_page(), None);
    assert_eq!(planned.shrink_page_after_timeout(), None);
}

/// Calls that a batch cannot have are sent one by one, and the error says that a part is done.
#[test]
fn further_calls_follow_in_order() {
    let fields = json!({
        "code": "clerk", "properties": {"name": "Clerk $result[a][b]"}, "type": "bot",
        "eventMode": "webhook", "webhookUrl": "https://bot.example/on",
    });
    let calls = [
        call(
            "imbot.v2.Bot.register",
            json!({"botToken": "t", "fields": fields}),
        ),
        call(
            "imbot.v2.Chat.update",
            json!({"botId": 7, "dialogId": "chat5", "fields": {"title": "$result[a][b]", "color": "mint"}}),
        ),
    ];
    let mut several = 0;
    for call in &calls {
        let Ok(planned) = super::super::plan(call, &Caps::at(30), &Policy::default()) else {
            continue;
        };
        let sent: Vec<Value> = planned.calls().map(shown).collect();
        if sent.len() < 2 {
            continue;
        }
        several += 1;
        assert_eq!(shown(planned.call()), sent[0]);
        assert!(!planned.is_partly_done());
        let second = next(planned.take(reply(json!(true))));
        assert_eq!(shown(second.call()), sent[1]);
        assert!(second.is_partly_done());
        let failed = done(second.take(error("X")));
        assert!(failed.is_partly_done());
        let Reply::Error(error) = failed.reply() else {
            panic!("{failed:?}")
        };
        assert!(error.has_result);
    }
    assert!(several > 0);
}

#[test]
fn passing_reply_stays_as_it_is() {
    let other = call("crm.lead.add", json!({}));
    for answer in [reply(json!(1)), error("X"), Reply::Redirect { location: None }] {
        let planned = super::super::plan(&other, &Caps::at(36), &Policy::default()).unwrap();
        assert_eq!(
            told(planned.take(answer.clone())),
            json!(["done", format!("{answer:?}")])
        );
    }
}

/// A portal runs the same method with a suffix, so the plan is the same.
#[test]
fn suffix_changes_no_plan() {
    let params = json!({
        "botId": 7, "botToken": "t", "dialogId": "chat5", "chatId": 5, "cmd": {"a": "imbot.v2.Bot.list"},
        "fields": {"message": "Hello", "system": true, "botToken": "another"},
    });
    let table = crate::Table::builtin();
    let methods = table.rows().flat_map(|row| row.applies().methods());
    let methods: Vec<&str> = methods.chain(["batch", "profile"]).collect();
    assert!(methods.len() > 50, "{}", methods.len());
    for rest in [30, 32, 34, 36] {
        let (caps, policy) = (Caps::at(rest), Policy::default());
        let planner = Planner::new(&caps, &policy);
        for method in &methods {
            let plan = planner.plan(call(method, params.clone()));
            for suffix in [".json", ".JSON", ".xml"] {
                let suffixed = planner.plan(call(&format!("{method}{suffix}"), params.clone()));
                assert_eq!(suffixed, plan, "{method}{suffix} at {rest}");
            }
        }
    }
    // In a batch, too.
    let (caps, policy) = (Caps::at(34), Policy::default());
    for command in [
        "imbot.v2.Bot.update",
        "imbot.v2.Bot.update.json",
        "imbot.v2.Bot.update.JSON",
    ] {
        let command = format!("{command}?botId=7&fields[botToken]=another");
        let batch = call("batch", json!({"cmd": {"a": command}}));
        let refused = Planner::new(&caps, &policy).plan(batch).unwrap_err();
        assert_eq!(
            (refused.row().id(), refused.batch_key()),
            ("bot.token_rotation", Some("a"))
        );
    }
}

#[test]
fn reply_errors_say_what_may_have_run() {
    let error = |code: &str| {
        let body = json!({"error": code, "error_description": "no"}).to_string();
        let Reply::Error(error) = Reply::read(400, None, body.as_bytes()) else {
            panic!()
        };
        ReplyError::Api(error)
    };
    for (error, may_have_run, text) in [
        (
            error("ERROR_METHOD_NOT_FOUND"),
            false,
            "the portal refused the call",
        ),
        (error("SOMETHING_UNKNOWN"), true, "the portal refused the call"),
        (ReplyError::Moved, true, "the portal redirects"),
    ] {
        assert_eq!(error.may_have_run(), may_have_run, "{error}");
        assert!(error.to_string().starts_with(text), "{error}");
    }
}
