//! `$result[key][member]`: a command's parameter taken from an earlier answer.

use serde_json::Value as Json;

use super::super::php::{self, Array, Key, Value};
use super::Answers;

/// The names a reference may begin with, in any case; the portal keeps an
/// earlier answer under the name as written, so only lower case finds one.
const NAMES: [&str; 5] = ["result", "error", "time", "total", "next"];

/// Resolves the references in all values of these parameters, at any depth.
pub(super) fn resolve_all(params: Array, answers: &Answers) -> Array {
    let resolve_value = |value: &Value| match value {
        Value::Array(array) => Value::Array(resolve_all(array.clone(), answers)),
        Value::Text(text) => resolve(text, answers),
        other => other.clone(),
    };
    params
        .iter()
        .map(|(key, value)| (key.clone(), resolve_value(value)))
        .collect()
}

/// A text that is one reference becomes the answer, of whatever type; in a
/// longer text, references to text and numbers are replaced.
fn resolve(text: &str, answers: &Answers) -> Value {
    let mut resolved = text.to_owned();
    for reference in references(text) {
        let Some(found) = look_up(reference, answers) else {
            continue;
        };
        if reference == text {
            return from_json(&found);
        }
        match found {
            Json::String(found) => resolved = resolved.replace(reference, &found),
            Json::Number(found) => resolved = resolved.replace(reference, &found.to_string()),
            _ => {}
        }
    }
    Value::Text(resolved)
}

/// Each dollar sign with a name, up to the next white space.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter_map(|word| {
        let reference = word.split_at_checked(word.find('$')?)?.1;
        let name = reference.strip_prefix('$')?;
        NAMES
            .iter()
            .any(|known| {
                name.get(..known.len())
                    .is_some_and(|n| n.eq_ignore_ascii_case(known))
            })
            .then_some(reference)
    })
}

/// Walks the keys in brackets as far as they lead.
fn look_up(reference: &str, answers: &Answers) -> Option<Json> {
    let (name, rest) = reference.split_once('[')?;
    let entries = match name {
        "$result" => &answers.result,
        "$error" => &answers.error,
        "$time" => &answers.time,
        _ => return None,
    };
    let mut keys = rest
        .split('[')
        .filter_map(|part| part.split_once(']'))
        .map(|(key, _)| key);
    let mut found = php::to_json(entries.clone());
    let first = Key::from(keys.next()?);
    if let Some((_, answer)) = entries.iter().find(|(key, _)| *key == first) {
        found = answer.clone();
        for key in keys {
            match member(&found, key) {
                Some(next) => found = next.clone(),
                None => break,
            }
        }
    }
    Some(found)
}

fn member<'j>(value: &'j Json, key: &str) -> Option<&'j Json> {
    match value {
        Json::Object(members) => members.get(key),
        Json::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

fn from_json(value: &Json) -> Value {
    // Any JSON value is a PHP value, so this does not fail.
    serde_json::from_value(value.clone()).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resolved(text: &str) -> String {
        let answers = Answers {
            result: vec![
                (
                    Key::Text("new".into()),
                    json!({"bot": {"id": 7, "code": "c"}, "list": [10, 20]}),
                ),
                (Key::Int(0), json!("plain")),
            ],
            ..Answers::default()
        };
        resolve(text, &answers).to_json().to_string()
    }

    #[test]
    fn a_whole_reference_keeps_its_type() {
        assert_eq!(resolved("$result[new][bot][id]"), "7");
        assert_eq!(resolved("$result[new][list]"), "[10,20]");
        assert_eq!(resolved("$result[new][list][1]"), "20");
        assert_eq!(resolved("$result[0]"), r#""plain""#);
    }

    #[test]
    fn a_part_becomes_text() {
        assert_eq!(
            resolved("bot $result[new][bot][id] of $result[0]"),
            r#""bot 7 of plain""#
        );
        assert_eq!(resolved("x$result[0]"), r#""xplain""#);
    }

    #[test]
    fn what_leads_nowhere_stays_or_stops_half_way() {
        assert_eq!(resolved("$result"), r#""$result""#);
        assert_eq!(resolved("$price[0] $ $$"), r#""$price[0] $ $$""#);
        assert_eq!(resolved("$result[new][list][9]"), "[10,20]");
        assert_eq!(resolved("$result["), r#""$result[""#);
    }
}
