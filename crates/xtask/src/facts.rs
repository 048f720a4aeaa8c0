//! The facts in `tests/docs`: what the documentation says of each method.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::SourceError;

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

/// A name, and what is said of it.
type Named = (String, Facts);

/// Every method that the documentation describes.
///
/// # Errors
///
/// [`SourceError`] if a file is missing or wrong. So for all functions that read files.
pub fn documented() -> Result<Vec<Named>, SourceError> {
    let mut all = read("imbot-v2.toml")?;
    all.extend(read("v1.toml")?);
    Ok(all)
}

/// The structures that parameters hold.
///
/// # Errors
///
/// As [`documented`].
pub fn structures() -> Result<Vec<Named>, SourceError> {
    read("structures.toml")
}

/// The objects that many answers hold.
///
/// # Errors
///
/// As [`documented`].
pub fn entities() -> Result<Vec<Named>, SourceError> {
    read("entities.toml")
}

/// The methods that the PHP source alone has.
///
/// # Errors
///
/// As [`documented`].
pub fn of_source_only() -> Result<Vec<String>, SourceError> {
    let file = "tests/docs/source-only.toml";
    let text = crate::read(file)?;
    let wrong = |what: String| SourceError::new(file, what);
    let table = DeTable::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let list = |key| strings(table.get_ref(), key).map_err(wrong);
    Ok([list("methods")?, list("actions")?].concat())
}

fn read(file: &str) -> Result<Vec<Named>, SourceError> {
    let file = format!("tests/docs/{file}");
    let text = crate::read(&file)?;
    let wrong = |what: String| SourceError::new(&file, what);
    let table = DeTable::parse(&text).map_err(|error| wrong(error.to_string()))?;
    let members = table.get_ref().iter();
    members
        .map(|(name, value)| {
            let name = name.get_ref();
            let facts = facts_of(value.get_ref()).map_err(|what| wrong(format!("{name}: {what}")))?;
            Ok((name.to_string(), facts))
        })
        .collect()
}

fn facts_of(value: &DeValue<'_>) -> Result<Facts, String> {
    let DeValue::Table(own) = value else {
        return Err("it is no table".to_owned());
    };
    let list = |key| strings(own, key);
    let facts =
        |key| -> Result<Vec<Fact>, String> { list(key)?.iter().map(|fact| fact_of(fact, ": ")).collect() };
    Ok(Facts {
        params: facts("params")?,
        source_params: list("source_params")?,
        any_spelling: list("any_spelling")?,
        result: facts("result")?,
        requests: list("requests")?
            .iter()
            .map(|shape| shape_of(shape))
            .collect::<Result<_, _>>()?,
    })
}

fn strings(table: &DeTable<'_>, key: &str) -> Result<Vec<String>, String> {
    let found = table.iter().find(|(own, _)| own.get_ref() == key);
    let Some((_, value)) = found else {
        return Ok(Vec::new());
    };
    let DeValue::Array(items) = value.get_ref() else {
        return Err(format!("{key} is no list"));
    };
    let items = items.iter().map(|item| match item.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        other => Err(format!("{key} has {other:?}")),
    });
    items.collect()
}

fn shape_of(text: &str) -> Result<Vec<Fact>, String> {
    let facts = text.split(' ').filter(|fact| !fact.is_empty());
    facts.map(|fact| fact_of(fact, ":")).collect()
}

/// A fact as a file has it.
///
/// # Errors
///
/// The text, if it has no type.
pub fn fact_of(text: &str, between: &str) -> Result<Fact, String> {
    let (path, types) = text
        .split_once(between)
        .ok_or_else(|| format!("{text} has no type"))?;
    Ok(Fact {
        path: path.to_owned(),
        types: types.trim_end_matches(", required").to_owned(),
    })
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
    let mut whole = Value::Null;
    for fact in shape {
        let parts: Vec<&str> = fact.path.split('.').collect();
        put(&mut whole, &parts, value(fact));
    }
    match whole {
        Value::Object(members) => members,
        _ => serde_json::Map::new(),
    }
}

/// Puts a value at a path of names. `[]` after a name stands for the first item of a list. What stands in
/// the way is replaced.
fn put(place: &mut Value, parts: &[&str], value: Value) {
    let Some((part, rest)) = parts.split_first() else {
        *place = value;
        return;
    };
    if let Some(part) = part.strip_prefix("[]") {
        if !place.is_array() {
            *place = Value::Array(vec![Value::Null]);
        }
        if let Some(item) = place.as_array_mut().and_then(|items| items.first_mut()) {
            put(item, &[&[part], rest].concat(), value);
        }
        return;
    }
    let end = part.find("[]").unwrap_or(part.len());
    let (name, lists) = part.split_at(end);
    let rest = match lists {
        "" => rest.to_vec(),
        lists => [&[lists], rest].concat(),
    };
    if name.is_empty() {
        return put(place, &rest, value);
    }
    if !place.is_object() {
        *place = Value::Object(serde_json::Map::new());
    }
    if let Some(members) = place.as_object_mut() {
        let member = members.entry(name.replace("<any>", "c0ffee"));
        put(member.or_insert(Value::Null), &rest, value);
    }
}

/// A value of the first of these types.
pub fn value(types: &str) -> Value {
    match types.split('|').next().unwrap_or_default() {
        "integer" => 5.into(),
        "double" => 0.5.into(),
        "boolean" => true.into(),
        "array" => Value::Array(Vec::new()),
        "object" => Value::Object(serde_json::Map::new()),
        "null" => Value::Null,
        _ => "5".into(),
    }
}
