//! What holds for any call, any portal and any reply.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::calls::documented;
use super::*;
use crate::table::index::names;
use crate::table::path::{Path, Step, is_kind, member, same_name};
use crate::table::{Date, Row, Shim, Table};
use crate::wire::query;
use crate::{OnUnknown, Revision};

pub(super) const URL: &str = "https://bot.example/on";

/// Values of all kinds that the table knows, and others.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-2i64..100).prop_map(Value::from),
        select(vec![
            "",
            "0",
            "1",
            "Y",
            "N",
            "y",
            "true",
            "false",
            "lightBlue",
            "LIGHT_BLUE",
            "puce",
            "azure",
            "chat5",
            "5",
            "like",
            "webhook",
            "fetch",
            "bot",
            "$result[a][chat][dialogId]",
            "$result[",
            "chat$result[0][id]",
            "ö",
        ])
        .prop_map(Value::from),
        Just(json!("x".repeat(41))),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"en": "Help", "DE": "Hilfe", "fr": null})),
        Just(json!([1, 2, "3"])),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "fields",
            "botId",
            "BOT_ID",
            "botToken",
            "clientId",
            "command",
            "title",
            "TITLE",
            "hidden",
            "system",
            "backgroundId",
            "EN",
            "ACTION",
            "auth",
            "cmd",
            "properties",
            "color",
            "webhookUrl",
            "0",
            "1",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z_.\\[\\]0-9]{0,6}",
    ]
}

fn methods() -> Vec<String> {
    Table::builtin().methods().map(str::to_owned).collect()
}

/// Every path of a request in the table.
fn paths() -> Vec<String> {
    let rows = Table::builtin().rows().flat_map(|row| row.applies().request());
    let rules = Table::builtin().translations().flat_map(|own| own.required());
    let rules = rules.flat_map(|rule| rule.split(" | "));
    rows.chain(rules).map(str::to_owned).collect()
}

pub(super) fn put(target: &mut Value, steps: &[Step], value: Value) {
    match steps.split_first() {
        None => *target = value,
        Some((Step::Member(name), rest)) => {
            if !target.is_object() {
                *target = json!({});
            }
            put(&mut target[&**name], rest, value);
        }
        Some((Step::Any, rest)) => {
            if !target.is_object() {
                *target = json!({});
            }
            put(&mut target["EN"], rest, value);
        }
        Some((Step::Each, rest)) => {
            let mut item = Value::Null;
            put(&mut item, rest, value);
            *target = json!([item]);
        }
    }
}

/// A call with values at paths of the table, and others.
pub(super) fn any_call() -> impl Strategy<Value = Call> {
    let method = prop_oneof![9 => select(methods()), 1 => "[a-zA-Z.]{0,12}"];
    let at_paths = prop::collection::vec((select(paths()), value()), 0..6);
    let others = prop::collection::vec((name(), value()), 0..2);
    let from_table = (method, at_paths, others).prop_map(|(method, at_paths, others)| {
        let mut params = json!({});
        for (path, value) in at_paths {
            put(&mut params, Path::new(&path).steps(), value);
        }
        for (name, value) in others {
            params[name] = value;
        }
        call(&method, params)
    });
    // A documented call in which some values are others.
    let changed = (
        select(documented()),
        prop::collection::vec((any::<usize>(), value()), 0..3),
    )
        .prop_map(|(mut call, changes)| {
            for (nth, value) in changes {
                let fields = call
                    .params()
                    .get("fields")
                    .and_then(Value::as_object)
                    .map_or(0, Map::len);
                let all = call.params().len() + fields;
                let nth = nth % all.max(1);
                let own = call.params().len();
                let params = call.params_mut();
                let place = match nth < own {
                    true => params.values_mut().nth(nth),
                    false => params
                        .get_mut("fields")
                        .and_then(Value::as_object_mut)
                        .and_then(|fields| fields.values_mut().nth(nth - own)),
                };
                if let Some(place) = place {
                    *place = value;
                }
            }
            call
        });
    prop_oneof![from_table, changed]
}

pub(super) fn any_batch() -> impl Strategy<Value = Call> {
    let command = prop_oneof![
        6 => any_call().prop_map(|call| Value::from(commands::command(&call))),
        1 => "[ -~]{0,40}".prop_map(Value::from),
        1 => value(),
    ];
    let list = prop::collection::vec(command.clone(), 0..4).prop_map(Value::from);
    let key = select(vec!["a", "b", "0", "1", "a_part0", "x"]).prop_map(str::to_owned);
    let map = prop::collection::vec((key, command), 0..4)
        .prop_map(|commands| Value::Object(commands.into_iter().collect()));
    prop_oneof![list, map].prop_map(|commands| Call::new("batch").with("halt", 0).with("cmd", commands))
}

/// Every release that is known, both kinds of 32, and what is not known whole.
pub(super) fn portals() -> Vec<Caps> {
    let mut all: Vec<Caps> = (17u16..=37).map(|rest| Caps::at(Revision::from(rest))).collect();
    all.push(at_32());
    all.push(Caps::at(32).without_imbot_v2());
    all.push(Caps::unknown());
    all.push(Caps::unknown().with_imbot_v2());
    all.push(Caps::unknown().on_unknown(OnUnknown::Allow));
    all.push(Caps::unknown().on_unknown(OnUnknown::AssumeAtLeast(Revision::from(34u16))));
    all.push(Caps::new(Knowledge::imbot_v2_exists()));
    all.push(Caps::new(Knowledge::imbot_v2_absent()));
    all.push(Caps::new(Knowledge::revision_get_exists()));
    all
}

fn planned(call: &Call, caps: &Caps) -> Plan {
    let policy = Policy::default();
    Planner::new(caps, &policy).webhook_url(Some(URL)).decide(call)
}

/// Whether a row has a trap for portals that have it, of which the call is part.
fn is_trapped(call: &Call) -> bool {
    let policy = Policy::default();
    let caps = Caps::at(36);
    let used = Planner::new(&caps, &policy).rows_of(call);
    used.iter().any(|id| {
        Table::builtin()
            .find(id)
            .is_some_and(|row| row.when_present().is_some())
    })
}

/// What a call relies on and the portal has not, as strict mode of the emulator has
/// it: the method, or the path of a row that says so.
fn lacking(call: &Call, caps: &Caps) -> Vec<String> {
    let missing = |row: &&Row| {
        let of_detection = matches!(row.id(), "im.revision.get" | "imbot.v2.Revision.get");
        let known = Feature::from_id(row.id()).unwrap();
        // What a webhook's calls must have; these are an application's.
        let of_webhooks = row
            .fallback()
            .is_some_and(|own| own.shim() == Shim::BotTokenInUrl);
        !of_webhooks && !row.is_safe_when_missing() && !of_detection && caps.check(known).is_unsupported()
    };
    let rows = || Table::builtin().rows().filter(missing);
    if let Some(row) = rows().find(|row| row.id().eq_ignore_ascii_case(call.method())) {
        return vec![row.id().to_owned()];
    }
    let relied_on = |row: &Row| {
        let applies = row.applies();
        if !applies.methods().any(|own| names(own, call.method())) {
            return None;
        }
        let both = row
            .fallback()
            .is_some_and(|fallback| fallback.shim() == Shim::BothForms);
        let found = applies.request().find(|path| {
            let path = Path::new(path);
            let old_form = path.last().filter(|_| both);
            path.holds(call.params(), |key, value| {
                is_kind(key, value, applies.value(), applies.values())
            }) && old_form.is_none_or(|key| member(call.params(), key).is_none())
        });
        found.map(|path| format!("{}: {path}", row.id()))
    };
    rows().filter_map(relied_on).collect()
}

pub(super) fn sent_calls(call: &Call) -> Vec<Call> {
    match call.params().get("cmd") {
        Some(Value::Object(commands)) if call.method() == "batch" => commands
            .values()
            .filter_map(Value::as_str)
            .map(commands::call_of)
            .collect(),
        _ => vec![call.clone()],
    }
}

/// Whether a parameter of an older method is named somewhere in the table.
fn is_named(method: &str, parameter: &str) -> bool {
    let table = Table::builtin();
    let first = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let by_rule = table.translations().filter(|own| own.to() == method).any(|own| {
        let made = own.params().filter_map(|rule| rule.split("->").nth(1));
        let set = own.set().filter_map(|rule| rule.split('=').next());
        made.chain(set)
            .any(|to| first(to.trim().split(' ').next().unwrap_or_default()) == parameter)
    });
    parameter == "auth" || by_rule
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn newest_portal_gets_unchanged_call(call in prop_oneof![any_call(), any_batch()]) {
        let newest = Caps::new(Knowledge::pinned(Revision::MAX).with_imbot_v2());
        for caps in [Caps::at(36), newest] {
            let plan = planned(&call, &caps);
            // Work may follow the registration of a bot. The call and its reply stay.
            let adapted = plan.adapted();
            let stays = adapted.is_some_and(|own| own.changed_call().is_none() && !own.changes_reply());
            prop_assert!(plan.is_pass() || stays || is_trapped(&call), "{:?} of {}", plan, shown(&call));
        }
    }

    #[test]
    fn planning_twice_changes_nothing_more(call in prop_oneof![3 => any_call(), 1 => any_batch()]) {
        let today = Date { year: 2026, month: 11, day: 23 };
        let policy = Policy::default();
        for caps in portals() {
            let planner = Planner::new(&caps, &policy).webhook_url(Some(URL));
            for planner in [planner, planner.today(today)] {
                let Plan::Adapt(adapted) = planner.decide(&call) else { continue };
                let once = adapted.call(&call);
                match planner.decide(once) {
                    Plan::Pass { .. } => {}
                    Plan::Adapt(again) => {
                        prop_assert!(
                            again.changed_call().is_none(),
                            "{:?} of {}: {}", again, shown(once), shown(again.call(once))
                        );
                    }
                    Plan::Refuse(refused) => prop_assert!(false, "{} after {}", refused, shown(once)),
                }
            }
        }
    }

    #[test]
    fn missing_features_are_never_sent(call in any_call()) {
        for caps in portals() {
            let plan = planned(&call, &caps);
            if plan.refused().is_some() || caps.knowledge().rest().is_none() {
                continue;
            }
            let sent = plan.adapted().map_or(&call, |adapted| adapted.call(&call));
            for one in sent_calls(sent) {
                let lacking = lacking(&one, &caps);
                prop_assert!(lacking.is_empty(), "{:?}: {} at {:?}", lacking, shown(&one), caps.knowledge().rest());
                let is_translated = call.method().contains(".v2.") && !one.method().contains(".v2.");
                for parameter in one.params().keys().filter(|_| is_translated) {
                    prop_assert!(is_named(one.method(), parameter), "{} of {}", parameter, one.method());
                }
            }
        }
    }

    #[test]
    fn parameters_without_rows_stay_unchanged(call in any_call()) {
        for caps in portals() {
            let Plan::Adapt(adapted) = planned(&call, &caps) else { continue };
            let Some(sent) = adapted.changed_call().filter(|sent| sent.method() == call.method()) else { continue };
            for (name, value) in call.params() {
                let is_changed = sent.params().get(name) != Some(value);
                let changes = adapted.changes();
                let is_said = changes.iter().any(|change| {
                    let first = change.at().split(['.', '[']).next().unwrap_or_default();
                    same_name(first, name) || change.shim() == Shim::BothForms && same_name(name, "fields")
                });
                prop_assert!(!is_changed || is_said, "{} of {}: {:?}", name, shown(&call), adapted);
            }
        }
    }

    #[test]
    fn no_batch_panics(text in "\\PC{0,60}", key in "\\PC{0,6}", call in any_batch()) {
        for caps in [Caps::at(30), at_32(), Caps::unknown()] {
            let _ = planned(&call, &caps);
            for commands in [json!({&key: &text, "a": "imbot.v2.Chat.add?botId=1"}), json!([&text, &text]), json!(text)] {
                let _ = planned(&Call::new("batch").with("cmd", commands), &caps);
            }
        }
        let again = commands::call_of(&commands::command(&Call::with_params("m", query::decode(&text))));
        prop_assert_eq!(commands::call_of(&commands::command(&again)), again);
    }

    #[test]
    fn replies_never_panic_or_lose_errors(
        call in prop_oneof![any_call(), any_batch()],
        result in value(),
        inner in value(),
        errors in value(),
    ) {
        for caps in [Caps::at(30), at_32(), Caps::unknown(), Caps::at(34)] {
            let Plan::Adapt(adapted) = planned(&call, &caps) else { continue };
            let error = Reply::read(400, None, br#"{"error":"NOT_OF_THE_TABLE"}"#);
            prop_assert_eq!(adapted.read(error.clone()), error);
            let _ = adapted.read(reply(result.clone()));
            let as_batch = json!({"result": inner, "result_error": errors, "result_time": result});
            let read = adapted.read(reply(as_batch));
            let is_answer = matches!(read, Reply::Result(_) | Reply::Error(_) | Reply::Malformed(_));
            prop_assert!(is_answer);
        }
    }

    /// Each command that failed has failed still, under its own key.
    #[test]
    fn batch_errors_are_never_lost(call in any_batch(), failing in any::<usize>()) {
        for caps in [Caps::at(30), at_32(), Caps::at(34)] {
            let Plan::Adapt(adapted) = planned(&call, &caps) else { continue };
            let sent = adapted.call(&call).params()["cmd"].clone();
            let keys: Vec<String> = match &sent {
                Value::Object(commands) => commands.keys().cloned().collect(),
                Value::Array(commands) => (0..commands.len()).map(|nth| nth.to_string()).collect(),
                _ => continue,
            };
            if keys.is_empty() {
                continue;
            }
            let failing = &keys[failing % keys.len()];
            let results: Map<String, Value> =
                keys.iter().filter(|key| *key != failing).map(|key| (key.clone(), json!(1))).collect();
            let read = adapted.read(reply(json!({
                "result": results, "result_error": {failing: {"error": "NOT_OF_THE_TABLE"}},
            })));
            let read = super::result(read);
            let errors = match &read["result_error"] {
                Value::Object(errors) => errors.values().cloned().collect(),
                Value::Array(errors) => errors.clone(),
                other => panic!("{other}"),
            };
            prop_assert_eq!(errors.len(), 1);
            prop_assert_eq!(&errors[0]["error"], "NOT_OF_THE_TABLE");
        }
    }
}
