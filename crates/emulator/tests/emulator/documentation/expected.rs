//! What the documentation says of an answer, as a tree, and its comparison with one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use imbot_caps_xtask::facts::{Fact, Facts};

/// The kinds and the paths of what differs.
pub(super) type Found = BTreeSet<(&'static str, String)>;

/// A member of an answer.
#[derive(Default)]
pub(super) struct Expected {
    types: BTreeSet<String>,
    /// By name; `<any>` is every other name, and `[]` is each item of a list.
    members: BTreeMap<String, Expected>,
}

impl Expected {
    /// The whole answer: its members are `result` and those beside it.
    pub(super) fn new<'a>(
        facts: impl IntoIterator<Item = &'a Fact>,
        entities: &BTreeMap<String, Facts>,
    ) -> Self {
        let mut whole = Self::default();
        whole.types.insert("object".to_owned());
        for fact in facts {
            whole.add(&fact.path, &fact.types, entities);
        }
        whole
    }

    fn add(&mut self, path: &str, types: &str, entities: &BTreeMap<String, Facts>) {
        let mut place = self;
        for name in path.replace("[]", ".[]").split('.') {
            place = place.members.entry(name.to_owned()).or_default();
        }
        for name in types.split('|') {
            place.add_type(name, entities);
        }
    }

    fn add_type(&mut self, name: &str, entities: &BTreeMap<String, Facts>) {
        if let Some(item) = name.strip_suffix("[]") {
            self.types.insert("array".to_owned());
            let items = self.members.entry("[]".to_owned()).or_default();
            items.add_type(item, entities);
            return;
        }
        let kind = match name {
            "datetime" | "file" => "string",
            other => other,
        };
        let Some(entity) = entities.get(name) else {
            self.types.insert(kind.to_owned());
            return;
        };
        self.types.insert("object".to_owned());
        for fact in &entity.result {
            self.add(&fact.path, &fact.types, entities);
        }
    }

    pub(super) fn compare(&self, answer: &Json) -> Found {
        let mut body = answer.clone();
        // The same beside every answer, and compared elsewhere.
        body.as_object_mut().unwrap().remove("time");
        let mut found = BTreeSet::new();
        self.walk(&body, "", &mut found);
        found
    }

    fn walk(&self, value: &Json, path: &str, found: &mut Found) {
        let kind = kind(value);
        // An item is not typed where its list names members of it alone.
        let is_typed = !self.types.is_empty() && !self.types.contains("any");
        let is_double = kind == "integer" && self.types.contains("double");
        if is_typed && !is_double && !self.types.contains(kind) {
            found.insert(("types", format!("{path}: {kind}")));
            return;
        }
        match value {
            Json::Array(items) => {
                let path = format!("{path}[]");
                let Some(expected) = self.members.get("[]") else {
                    if !items.is_empty() {
                        found.insert(("unnamed", path));
                    }
                    return;
                };
                if items.is_empty() && !expected.members.is_empty() {
                    found.insert(("missing", path.clone()));
                }
                let each = items.iter().map(|item| {
                    let mut own = BTreeSet::new();
                    expected.walk(item, &path, &mut own);
                    own
                });
                found.extend(of_list(each.collect()));
            }
            Json::Object(members) => {
                let below = |name: &str| match path.is_empty() {
                    true => name.to_owned(),
                    false => format!("{path}.{name}"),
                };
                let named: Vec<_> = self.members.keys().filter(|name| *name != "[]").collect();
                for name in named.iter().filter(|name| **name != "<any>") {
                    if !members.contains_key(*name) {
                        found.insert(("missing", below(name)));
                    }
                }
                for (name, value) in members {
                    let (shown, expected) = match self.members.get(name) {
                        Some(expected) => (name.as_str(), Some(expected)),
                        None => ("<any>", self.members.get("<any>")),
                    };
                    match expected {
                        Some(expected) => expected.walk(value, &below(shown), found),
                        None => {
                            found.insert(("unnamed", below(name)));
                        }
                    }
                }
                if named.iter().any(|name| *name == "<any>") && members.is_empty() {
                    found.insert(("missing", below("<any>")));
                }
            }
            _ => {}
        }
    }
}

/// What differs in a list: a page names the members of all kinds of items, so that one is
/// missing where no item has it.
fn of_list(items: Vec<Found>) -> Found {
    let is_missing_in = |item: &Found, path: &str| {
        let mut missing = item.iter().filter(|(kind, _)| *kind == "missing");
        // Its parent may be missing.
        missing.any(|(_, own)| {
            let rest = path.strip_prefix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    let all = items.iter().flatten().cloned();
    all.filter(|(kind, path)| *kind != "missing" || items.iter().all(|item| is_missing_in(item, path)))
        .collect()
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() => "double",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
