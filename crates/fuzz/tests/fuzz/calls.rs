//! Calls with each state of knowledge, and the replies to them.

use imbot_caps::plan::{CredentialKind, Mode, PlannedCall, Planner, Policy, Refused, Step, unknown_names};
use imbot_caps::table::{Date, Shim};
use imbot_caps::wire::{Call, Reply};
use imbot_caps::{Caps, Feature, Knowledge, OnUnknown, Table};
use serde_json::{Map, Value, json};

use super::{SECRET, assert_shown, target};

const WORDS: &[&str] = &[
    "\"method\"",
    "\"params\"",
    "\"replies\"",
    "\"fields\"",
    "\"botId\"",
    "\"BOT_ID\"",
    "\"botToken\"",
    "\"dialogId\"",
    "\"message\"",
    "\"keyboard\"",
    "\"cmd\"",
    "\"halt\"",
    "\"auth\"",
    "\"CLIENT_ID\"",
    "\"webhookUrl\"",
    "\"eventMode\"",
    "\"result\"",
    "\"error\"",
    "\"system\"",
    "\"color\"",
    "\"fetch\"",
    "\"Y\"",
    "\"$result[a][id]\"",
    "imbot.v2.Chat.Message.send",
    "imbot.v2.Bot.register",
    "imbot.v2.Event.get",
    "imbot.v2.Chat.add",
    "imbot.message.add",
    "imbot.register",
    "imbot.v2.Revision.get",
    "ERROR_METHOD_NOT_FOUND",
    "batch",
    "null",
    "true",
    "{}",
    "[]",
    ":",
    ",",
    SECRET,
];

const QUERY_WORDS: &[&str] = &[
    "?",
    "&",
    "=",
    "[",
    "]",
    "%5B",
    "%5D",
    "%",
    "%25",
    "+",
    "fields",
    "botId",
    "message",
    "botToken",
    "$result[a]",
    "$result[0][id]",
    "imbot.v2.Chat.Message.send",
    "imbot.message.add",
    "imbot.v2.Bot.register",
    "batch",
    "cmd[a]",
    "\u{0}",
    "%00",
    "%D0",
    ".json",
    "/",
];

/// A parameter that no method has.
const MARK: &str = "zzMark";

const URL: &str = "https://bot.example/on";

fn portals() -> Vec<Caps> {
    let mut all: Vec<Caps> = (28u16..=37).map(Caps::at).collect();
    all.extend([
        Caps::at(17),
        Caps::at(32).without_imbot_v2(),
        Caps::unknown(),
        Caps::unknown().with_imbot_v2(),
        Caps::unknown().on_unknown(OnUnknown::Allow),
        Caps::new(Knowledge::unknown().with_imbot_v2().capped(34)),
    ]);
    all
}

/// What a program gives beside the call.
fn planned<'c>(call: &'c Call, caps: &Caps, nth: usize) -> Result<PlannedCall<'c>, Box<Refused>> {
    let policy = match nth % 3 {
        0 => Policy::default(),
        1 => Policy::default().bot_token_in_event_url(),
        _ => Policy::new(Mode::Reject),
    };
    let kind = [CredentialKind::Application, CredentialKind::Webhook][nth % 2];
    let planner = Planner::new(caps, &policy)
        .webhook_url(Some(URL))
        .credential(kind);
    let planner = match nth % 2 {
        0 => planner,
        _ => planner.today(Date::of_unix(1_795_996_800)),
    };
    planner.plan(call)
}

/// The rows that a request relies on, though the portal has them not: its method, or a parameter that may not be
/// ignored.
fn lacking(call: &Call, caps: &Caps) -> Vec<String> {
    let policy = Policy::default();
    let used = Planner::new(caps, &policy).rows_of(call);
    let table = Table::builtin();
    let rows = used.into_iter().filter_map(|id| table.find(id));
    let is_lacking = |row: &&imbot_caps::table::Row| {
        let is_of_detection = row.id().ends_with("evision.get");
        let has_old_form = row
            .fallback()
            .is_some_and(|own| matches!(own.shim(), Shim::BothForms | Shim::BotTokenInUrl));
        let known: Feature = row.id().parse().unwrap();
        !row.is_safe_when_missing() && !is_of_detection && !has_old_form && caps.check(known).is_unsupported()
    };
    rows.filter(is_lacking).map(|row| row.id().to_owned()).collect()
}

/// Whether each place of the secret is a whole value, and none is a name that texts may show.
fn is_value_alone(value: &Value) -> bool {
    let found = value
        .to_string()
        .to_lowercase()
        .matches(&SECRET.to_lowercase())
        .count();
    found == values(value)
}

fn values(value: &Value) -> usize {
    match value {
        Value::String(text) => usize::from(text == SECRET),
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

fn size(call: &Call) -> usize {
    call.method().len() + call.body(None).len()
}

/// Gives the replies in turns until the call is over.
fn carried_out(mut planned: PlannedCall<'_>, replies: &[Value]) {
    let most = 8 * size(planned.original()) + 16 * 1_024;
    let mut requests = 0;
    loop {
        assert!(size(planned.call()) <= most, "{planned:?}");
        requests += 1;
        assert!(requests <= 200, "the call never ends: {planned:?}");
        let body = replies
            .get(requests % replies.len().max(1))
            .map_or_else(|| "{}".to_owned(), Value::to_string);
        planned = match planned.take(Reply::read(200, None, body.as_bytes())) {
            Step::Send(next) => next,
            Step::Done(done) => {
                assert!(done.warnings().len() <= 100);
                return;
            }
            Step::MethodNotFound(absent) => {
                let done = absent.give_up();
                assert!(
                    !matches!(done.reply(), Reply::Result(_)),
                    "an absent method has no result"
                );
                return;
            }
        };
    }
}

target!(calls, WORDS, 400, |input| {
    let Ok(Value::Object(mut given)) = serde_json::from_slice::<Value>(input) else {
        return;
    };
    let Some(Value::String(method)) = given.remove("method") else {
        return;
    };
    let params = match given.remove("params") {
        Some(Value::Object(params)) => params,
        _ => Map::new(),
    };
    let replies = match given.remove("replies") {
        Some(Value::Array(replies)) => replies,
        _ => Vec::new(),
    };
    // A plan shows the method.
    let is_clean = method != SECRET && is_value_alone(&json!([&method, &params]));
    let is_batch = method.eq_ignore_ascii_case("batch");
    let plain = Call::with_params(method, params);
    let mark = json!({"a": [1, "two"]});
    let call = plain.clone().with(MARK, mark.clone());
    for name in unknown_names(Table::builtin(), call.method(), call.params()) {
        let text = format!("{name} {name:?}");
        assert!(text.len() <= 16 * 1_024);
        if is_clean {
            assert_shown(&text, 16 * 1_024);
        }
    }
    for (nth, caps) in portals().iter().enumerate() {
        let plan = planned(&call, caps, nth);
        match (&plan, planned(&call, caps, nth)) {
            (Ok(one), Ok(other)) => assert!(*one == other, "{one:?} {other:?}"),
            (Err(one), Err(other)) => assert_eq!(*one, other),
            (one, other) => panic!("{one:?} {other:?}"),
        }
        match plan {
            Ok(planned) => {
                if is_clean {
                    let view = serde_json::to_string(&planned).unwrap();
                    assert_shown(&format!("{planned:?} {view}"), 256 * 1_024);
                }
                // Only a portal of a known revision lacks something for certain.
                if !is_batch && caps.knowledge().rest().is_some() && planned.unapplied().is_empty() {
                    for sent in planned
                        .calls()
                        .filter(|sent| !sent.method().eq_ignore_ascii_case("batch"))
                    {
                        let lacking = lacking(sent, caps);
                        assert!(
                            lacking.is_empty(),
                            "{lacking:?} at {:?}: {sent:?}",
                            caps.knowledge().rest()
                        );
                    }
                }
                // An unknown parameter goes where the call goes, or the call is refused.
                let keeps = |sent: &Call| {
                    let is_split = sent.method().eq_ignore_ascii_case("batch") && !is_batch;
                    is_split || sent.params().get(MARK) == Some(&mark)
                };
                assert!(planned.calls().any(keeps), "{planned:?}");
                carried_out(planned, &replies);
            }
            Err(refused) => {
                let view = serde_json::to_string(&refused).unwrap();
                let text = format!("{refused} {refused:?} {view}");
                assert!(text.len() <= 16 * 1_024, "{text}");
                if is_clean {
                    assert_shown(&text, 16 * 1_024);
                }
            }
        }
        // Without the unknown parameter more calls are translated.
        if let Ok(planned) = planned(&plain, caps, nth) {
            carried_out(planned, &replies);
        }
    }
});

target!(queries, QUERY_WORDS, 400, |input| {
    let text = String::from_utf8_lossy(input).into_owned();
    let commands =
        json!({"a": &text, "b": "imbot.v2.Chat.Message.send?botId=1&dialogId=chat5&fields[message]=Hello"});
    for commands in [commands, json!([&text, &text])] {
        let call = Call::new("batch").with("halt", 0).with("cmd", commands.clone());
        let unknown = unknown_names(Table::builtin(), call.method(), call.params());
        assert!(unknown.iter().all(|name| name.to_string().len() <= 8 * 1_024));
        for (nth, caps) in portals().iter().enumerate() {
            match planned(&call, caps, nth) {
                Ok(planned) if planned.is_pass() => assert_eq!(planned.call(), &call),
                Ok(planned) => {
                    assert!(size(planned.call()) <= 8 * size(&call) + 4_096, "{planned:?}");
                    let errors =
                        json!({"result": {"result": {"a": 1}, "result_error": {"b": {"error": "X"}}}});
                    carried_out(planned, &[errors]);
                }
                Err(refused) => assert!(refused.to_string().len() <= 8 * 1_024, "{refused}"),
            }
        }
    }
});
