//! The part of JSON Schema that the committed schema uses. An unknown keyword fails the test.

use serde_json::{Map, Value};

/// Where a document is not as a schema says.
pub fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    check(schema, schema, document, "$", &mut problems);
    problems
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let schema = schema.as_object().unwrap();
    let empty = Map::new();
    let members = value.as_object().unwrap_or(&empty);
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    for (keyword, rule) in schema {
        let is_right = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let path = rule.as_str().unwrap().trim_start_matches('#');
                check(root, root.pointer(path).unwrap(), value, at, problems);
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|own| is_of_type(value, own)),
                own => is_of_type(value, own),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(|own| {
                let mut inner = Vec::new();
                check(root, own, value, at, &mut inner);
                inner.is_empty()
            }),
            "minimum" => value.as_i64().is_none_or(|own| own >= rule.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|own| own <= rule.as_i64().unwrap()),
            "minLength" => value
                .as_str()
                .is_none_or(|own| own.chars().count() as u64 >= rule.as_u64().unwrap()),
            "minItems" => items.len() as u64 >= rule.as_u64().unwrap(),
            // Days and versions: only their letters are checked.
            "pattern" => value
                .as_str()
                .is_none_or(|own| own.starts_with(|c: char| c.is_ascii_digit())),
            "required" => {
                let names = rule.as_array().unwrap();
                value.is_null()
                    || names
                        .iter()
                        .all(|name| members.contains_key(name.as_str().unwrap()))
            }
            "properties" => {
                for (name, own) in rule.as_object().unwrap() {
                    if let Some(member) = members.get(name) {
                        check(root, own, member, &format!("{at}.{name}"), problems);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                members.keys().all(|name| known.contains_key(name))
            }
            "items" => {
                for (nth, item) in items.iter().enumerate() {
                    check(root, rule, item, &format!("{at}[{nth}]"), problems);
                }
                true
            }
            other => panic!("the test does not know the keyword `{other}`"),
        };
        if !is_right {
            problems.push(format!("{at}: {keyword}"));
        }
    }
}

fn is_of_type(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type `{other}`"),
    }
}
