//! Calls by builds, each with its plan: test vectors for readers of the table in other languages.

use std::collections::{BTreeMap, BTreeSet};

use imbot_caps::plan::{CredentialKind, Planner, Policy};
use imbot_caps::table::{Date, Row, Translation, ValueKind};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Feature, Support, Table};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::builds::Build;

/// All vectors.
#[derive(Serialize)]
pub(crate) struct Vectors {
    table: String,
    /// The day of all calls: the last one that the table names.
    date: Date,
    support: Vec<SupportVector>,
    calls: Vec<CallVector>,
}

/// The answers of one build.
#[derive(Serialize)]
struct SupportVector {
    build: Build,
    supported: Vec<Feature>,
    unknown: Vec<Feature>,
}

/// A call, and the plan of each build for it.
#[derive(Serialize)]
struct CallVector {
    name: String,
    method: String,
    params: Map<String, Value>,
    plans: Vec<PlanVector>,
}

#[derive(Serialize)]
struct PlanVector {
    builds: Vec<Build>,
    #[serde(flatten)]
    plan: Plan,
}

/// A plan without its texts. Those are for people, and may change.
#[derive(PartialEq, Serialize)]
#[serde(tag = "plan", rename_all = "kebab-case")]
enum Plan {
    Pass,
    Adapt {
        calls: Vec<Sent>,
        changes: Vec<Value>,
    },
    Refuse {
        row: &'static str,
        reason: Value,
        parameter: Option<String>,
    },
}

#[derive(PartialEq, Serialize)]
struct Sent {
    method: String,
    params: Map<String, Value>,
}

impl Vectors {
    pub(crate) fn all() -> Self {
        let builds: Vec<(Build, Caps)> = Build::shipped()
            .into_iter()
            .map(|build| (build, build.caps()))
            .collect();
        let date = last_day();
        let calls = calls().into_iter().map(|(name, call)| CallVector {
            name,
            method: call.method().to_owned(),
            params: call.params().clone(),
            plans: plans(&call, &builds, date),
        });
        Self {
            table: Table::builtin().version().to_string(),
            date,
            support: builds.iter().map(|(build, caps)| support(*build, caps)).collect(),
            calls: calls.collect(),
        }
    }
}

fn support(build: Build, caps: &Caps) -> SupportVector {
    let of = |is: fn(&Support) -> bool| {
        Feature::all()
            .filter(|feature| is(&caps.check(*feature)))
            .collect()
    };
    SupportVector {
        build,
        supported: of(Support::is_supported),
        unknown: of(Support::is_unknown),
    }
}

/// The last day that the table names, so that every row with a day is in force.
fn last_day() -> Date {
    let rows = Table::builtin().rows();
    let days = rows.flat_map(|row| [row.effective(), row.sunset()]);
    days.flatten().max().unwrap_or_else(|| Date::of_unix(0))
}

/// The plans of the builds. Neighbours with the same plan are one entry.
fn plans(call: &Call, builds: &[(Build, Caps)], date: Date) -> Vec<PlanVector> {
    let policy = Policy::default();
    let mut plans: Vec<PlanVector> = Vec::new();
    for (build, caps) in builds {
        let planner = Planner::new(caps, &policy)
            .today(date)
            .credential(CredentialKind::Application);
        let plan = match planner.plan(call) {
            Ok(planned) if planned.is_pass() => Plan::Pass,
            Ok(planned) => Plan::Adapt {
                calls: planned.calls().map(sent).collect(),
                changes: planned.changes().iter().map(without_text).collect(),
            },
            Err(refused) => Plan::Refuse {
                row: refused.row().id(),
                reason: without_text(&*refused).get("reason").cloned().unwrap_or_default(),
                parameter: refused.parameter().map(str::to_owned),
            },
        };
        match plans.last_mut() {
            Some(last) if last.plan == plan => last.builds.push(*build),
            _ => plans.push(PlanVector {
                builds: vec![*build],
                plan,
            }),
        }
    }
    plans
}

fn sent(call: &Call) -> Sent {
    Sent {
        method: call.method().to_owned(),
        params: call.params().clone(),
    }
}

/// A view of the library without its text.
fn without_text(view: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    if let Some(members) = value.as_object_mut() {
        members.shift_remove("text");
    }
    value
}

/// A call of each method with its required parameters, and one with each parameter that a row is about.
fn calls() -> Vec<(String, Call)> {
    let table = Table::builtin();
    let mut rows: BTreeMap<&str, Vec<&'static Row>> = BTreeMap::new();
    for translation in table.translations() {
        rows.entry(translation.from()).or_default();
    }
    for row in table.rows() {
        for method in row.applies().methods().filter(|method| !method.ends_with('*')) {
            rows.entry(method).or_default().push(row);
        }
    }
    let mut calls = Vec::new();
    for (method, rows) in rows {
        let base = required_call(method);
        for row in rows {
            for path in row.applies().request() {
                let mut call = base.clone();
                let value = sample_of(row).unwrap_or_else(|| sample(path));
                put(call.params_mut(), path, value);
                calls.push((format!("{method} with {path} ({})", row.id()), call));
            }
        }
        calls.push((method.to_owned(), base));
    }
    calls.sort_by(|a, b| a.0.cmp(&b.0));
    calls
}

/// A call with what its translations require.
fn required_call(method: &str) -> Call {
    let mut call = Call::new(method);
    let of_method = |translation: &&Translation| translation.from() == method && translation.when().is_none();
    let translations = Table::builtin().translations().filter(of_method);
    let mut done = BTreeSet::new();
    for translation in translations {
        // `a | b`: one of them is enough.
        let first = |text: &'static str| text.split('|').next().unwrap_or(text).trim();
        let allowed: BTreeMap<&str, &str> = translation
            .allowed_values()
            .filter_map(|rule| rule.split_once('='))
            .map(|(path, values)| (path.trim(), first(values)))
            .collect();
        for path in translation.required().map(first) {
            if done.insert(path) {
                let value = allowed
                    .get(path)
                    .map_or_else(|| sample(path), |value| json!(value));
                put(call.params_mut(), path, value);
            }
        }
    }
    call
}

/// A value for a parameter, by its name.
fn sample(path: &str) -> Value {
    let name = path.rsplit('.').next().unwrap_or(path);
    match name.trim_end_matches("[]") {
        "dialogId" | "DIALOG_ID" => json!("chat5"),
        name if name.ends_with("Ids") || name.ends_with("IDS") => json!([1]),
        name if name.ends_with("Id") || name.ends_with("ID") => json!(7),
        _ => json!("text"),
    }
}

/// A value of the kind that a row is about. `None`: any value.
fn sample_of(row: &'static Row) -> Option<Value> {
    Some(match row.applies().value()? {
        ValueKind::Boolean => json!(true),
        ValueKind::Integer => json!(1),
        ValueKind::Null => Value::Null,
        ValueKind::String => json!("new"),
        ValueKind::Text => json!("N"),
        ValueKind::Over40Chars => json!("x".repeat(41)),
        ValueKind::Empty => json!([]),
        ValueKind::Respelt => {
            let first = row.applies().values().next().unwrap_or_default();
            json!(first.replace('_', "").to_lowercase())
        }
        ValueKind::Unlisted => json!("nonsense"),
        ValueKind::CapitalKey => json!({"EN": "text"}),
        _ => return None,
    })
}

/// Writes a value at a path. `name[]` is an item of a list, and `<lang>` any key.
fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    let (step, rest) = path
        .split_once('.')
        .map_or((path, None), |(step, rest)| (step, Some(rest)));
    let name = match step.starts_with('<') {
        true => "en",
        false => step.trim_end_matches("[]"),
    };
    let value = match rest {
        None => value,
        Some(rest) => {
            let mut inner = match members.get(name) {
                Some(Value::Object(inner)) => inner.clone(),
                _ => Map::new(),
            };
            put(&mut inner, rest, value);
            Value::Object(inner)
        }
    };
    let value = match step.ends_with("[]") {
        true => json!([value]),
        false => value,
    };
    members.insert(name.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_at_paths() {
        let mut params = Map::new();
        put(&mut params, "fields.keyboard[].text", json!("a"));
        put(&mut params, "fields.title.<lang>", json!("b"));
        assert_eq!(
            Value::Object(params),
            json!({"fields": {"keyboard": [{"text": "a"}], "title": {"en": "b"}}})
        );
    }

    #[test]
    fn each_kind_of_plan_has_a_vector() {
        let vectors = Vectors::all();
        let plans = || vectors.calls.iter().flat_map(|call| &call.plans);
        assert!(plans().any(|own| own.plan == Plan::Pass));
        assert!(plans().any(|own| matches!(own.plan, Plan::Adapt { .. })));
        assert!(plans().any(|own| matches!(own.plan, Plan::Refuse { .. })));
    }

    #[test]
    fn each_build_has_a_plan_for_each_call() {
        let builds = Build::shipped();
        for call in Vectors::all().calls {
            let planned: Vec<Build> = call.plans.into_iter().flat_map(|own| own.builds).collect();
            assert_eq!(planned, builds, "{}", call.name);
        }
    }
}
