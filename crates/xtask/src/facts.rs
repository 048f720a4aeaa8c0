//! The facts in `tests/docs`: what the documentation says of each method.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// What is said of one method, or of a structure that several take.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub params: Vec<Fact>,
    pub source_params: Vec<String>,
    pub any_spelling: Vec<String>,
    /// The members of the answer; of an object of many answers, its own.
    pub result: Vec<Fact>,
    /// The shape of each request example.
    pub requests: Vec<Vec<Fact>>,
}

/// A path, and what stands there.
#[derive(Clone, Debug)]
pub struct Fact {
    pub path: String,
    pub types: String,
}

/// Every method that the documentation describes.
pub fn documented() -> Vec<(String, Facts)> {
    let mut all = read("imbot-v2.toml");
    all.extend(read("v1.toml"));
    all
}

/// The structures that parameters hold.
pub fn structures() -> Vec<(String, Facts)> {
    read("structures.toml")
}

/// The objects that many answers hold.
pub fn entities() -> Vec<(String, Facts)> {
    read("entities.toml")
}

/// The methods that the PHP source alone has.
pub fn of_source_only() -> Vec<String> {
    let text = text("source-only.toml");
    let table = DeTable::parse(&text).unwrap();
    let lists = ["methods", "actions"].map(|key| strings(table.get_ref(), key));
    lists.concat()
}

fn read(file: &str) -> Vec<(String, Facts)> {
    let text = text(file);
    let table = DeTable::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let members = table.get_ref().iter();
    members
        .map(|(name, value)| {
            let DeValue::Table(own) = value.get_ref() else {
                panic!("{file}: {} is no table", name.get_ref());
            };
            let list = |key| strings(own, key);
            let facts = Facts {
                params: list("params").iter().map(|fact| fact_of(fact, ": ")).collect(),
                source_params: list("source_params"),
                any_spelling: list("any_spelling"),
                result: list("result").iter().map(|fact| fact_of(fact, ": ")).collect(),
                requests: list("requests").iter().map(|shape| shape_of(shape)).collect(),
            };
            (name.get_ref().to_string(), facts)
        })
        .collect()
}

fn text(file: &str) -> String {
    let path = crate::root().join("tests/docs").join(file);
    std::fs::read_to_string(path).unwrap()
}

fn strings(table: &DeTable<'_>, key: &str) -> Vec<String> {
    let found = table.iter().find(|(own, _)| own.get_ref() == key);
    let Some((_, value)) = found else {
        return Vec::new();
    };
    let DeValue::Array(items) = value.get_ref() else {
        panic!("{key} is no list");
    };
    let items = items.iter().map(|item| match item.get_ref() {
        DeValue::String(text) => text.to_string(),
        other => panic!("{key} has {other:?}"),
    });
    items.collect()
}

fn shape_of(text: &str) -> Vec<Fact> {
    let facts = text.split(' ').filter(|fact| !fact.is_empty());
    facts.map(|fact| fact_of(fact, ":")).collect()
}

pub fn fact_of(text: &str, between: &str) -> Fact {
    let (path, types) = text
        .split_once(between)
        .unwrap_or_else(|| panic!("{text} has no type"));
    Fact {
        path: path.to_owned(),
        types: types.trim_end_matches(", required").to_owned(),
    }
}

/// Those that hold no other: of `fields` and `fields.name` the second.
pub fn leaves(facts: &[Fact]) -> Vec<Fact> {
    let holds = |own: &Fact, other: &Fact| {
        let rest = other.path.strip_prefix(&own.path);
        rest.is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let leaves = facts
        .iter()
        .filter(|own| !facts.iter().any(|other| holds(own, other)));
    leaves.cloned().collect()
}

/// Parameters of this shape, with values that may well be.
pub fn params(shape: &[Fact]) -> serde_json::Map<String, Value> {
    params_with(shape, |fact| value(&fact.types))
}

/// Parameters of this shape, with these values.
pub fn params_with(shape: &[Fact], value: impl Fn(&Fact) -> Value) -> serde_json::Map<String, Value> {
    let mut whole = Value::Object(serde_json::Map::new());
    for fact in shape {
        let mut place = &mut whole;
        for part in fact.path.split('.') {
            let name = part.trim_end_matches("[]").replace("<any>", "c0ffee");
            if place.is_null() {
                *place = Value::Object(serde_json::Map::new());
            }
            if !name.is_empty() {
                place = place.as_object_mut().unwrap().entry(name).or_insert(Value::Null);
            }
            for _ in 0..part.matches("[]").count() {
                if place.is_null() {
                    *place = Value::Array(vec![Value::Null]);
                }
                place = &mut place.as_array_mut().unwrap()[0];
            }
        }
        *place = value(fact);
    }
    match whole {
        Value::Object(members) => members,
        _ => unreachable!(),
    }
}

/// A value of the first of these types.
pub fn value(types: &str) -> Value {
    match types.split('|').next().unwrap() {
        "integer" => 5.into(),
        "double" => 0.5.into(),
        "boolean" => true.into(),
        "array" => Value::Array(Vec::new()),
        "object" => Value::Object(serde_json::Map::new()),
        "null" => Value::Null,
        _ => "5".into(),
    }
}
