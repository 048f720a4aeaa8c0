//! Literal values: what a file says of the parameters of a call.

mod created;
mod literal;
mod tags;
mod variable;

use serde_json::{Map, Value as Json};

use super::outline::Outline;
use super::token::Tokens;

pub(super) use literal::{named_arguments, read};

/// The most levels of a value that are read. What is deeper counts as computed.
const MAX_DEPTH: usize = 32;

/// A value, as far as the file shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Object(Object),
    List(Vec<Value>),
    Text(String),
    Number(String),
    Bool(bool),
    Null,
    /// It is computed.
    Unknown,
}

/// An object, as far as the file shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    pub(super) members: Vec<(String, Value)>,
    /// Whether it may have members that the file does not show here.
    pub(super) open: bool,
}

impl Object {
    /// Sets a member at a path, as `a["b"]["c"] = x` does.
    pub(super) fn set(&mut self, path: &[String], value: Value) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let at = self.members.iter().position(|(own, _)| own == first);
        if rest.is_empty() {
            match at.and_then(|at| self.members.get_mut(at)) {
                Some((_, own)) => *own = value,
                None => self.members.push((first.clone(), value)),
            }
            return;
        }
        match at.and_then(|at| self.members.get_mut(at)) {
            Some((_, Value::Object(inner))) => inner.set(rest, value),
            Some(_) => {}
            None => {
                let mut inner = Self::default();
                inner.set(rest, value);
                self.members.push((first.clone(), Value::Object(inner)));
            }
        }
    }

    /// The object with names such as `a[b]` as members of members: so PHP reads a form.
    pub(super) fn nested(self) -> Self {
        if !self.members.iter().any(|(name, _)| name.contains('[')) {
            return self;
        }
        let mut nested = Self {
            members: Vec::new(),
            open: self.open,
        };
        for (name, value) in self.members {
            let (path, value) = by_brackets(&name, value);
            nested.set(&path, value);
        }
        nested
    }

    /// The object as parameters of a call. A computed value becomes one of the kind that its name tells.
    pub(super) fn params(&self) -> Map<String, Json> {
        let members = self.members.iter();
        members
            .map(|(name, value)| (name.clone(), value.json(name)))
            .collect()
    }
}

impl Value {
    fn json(&self, name: &str) -> Json {
        match self {
            Self::Object(object) => Json::Object(object.params()),
            Self::List(items) => items.iter().map(|item| item.json("")).collect(),
            Self::Text(text) => text.clone().into(),
            Self::Number(digits) => digits.parse::<i64>().map_or(Json::from(1), Json::from),
            Self::Bool(value) => (*value).into(),
            Self::Null => Json::Null,
            Self::Unknown => placeholder(name),
        }
    }
}

/// A value for a parameter that is computed.
pub(super) fn placeholder(name: &str) -> Json {
    let small = name.to_ascii_lowercase().replace('_', "");
    match small.as_str() {
        "fields" | "properties" => Json::Object(Map::new()),
        "keyboard" | "menu" | "attach" | "lang" => Json::Array(Vec::new()),
        "title" | "params" if name.chars().all(char::is_lowercase) => "x".into(),
        "userids" | "users" => vec![1].into(),
        "dialogid" => "chat1".into(),
        "type" => "bot".into(),
        "eventmode" => "webhook".into(),
        "color" => "AQUA".into(),
        _ if small.ends_with("id") && !small.ends_with("clientid") && small != "templateid" => 1.into(),
        _ => "x".into(),
    }
}

/// Reads values of one file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    pub(super) tokens: &'t Tokens,
    pub(super) outline: &'t Outline,
}

/// The parameters of a query: `a=1&b[c]=2`.
pub(super) fn of_query(query: &str) -> Object {
    let mut object = Object::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if name.contains(super::token::HOLE) {
            object.open = true;
            continue;
        }
        let value = match value.is_empty() || value.contains(super::token::HOLE) {
            true => Value::Unknown,
            false => Value::Text(value.to_owned()),
        };
        let (path, value) = by_brackets(name, value);
        object.set(&path, value);
    }
    object
}

/// The path of a name in brackets. `a[]` is an item of a list.
fn by_brackets(name: &str, value: Value) -> (Vec<String>, Value) {
    let parts = name.split('[').map(|part| part.trim_end_matches(']').to_owned());
    let mut path: Vec<String> = parts.collect();
    match path.len() > 1 && path.last().is_some_and(String::is_empty) {
        true => {
            path.pop();
            (path, Value::List(vec![value]))
        }
        false => (path, value),
    }
}
