//! `$result[key][member]`: a command's parameter taken from an earlier answer.

use serde_json::Value as Json;

use super::super::php::{self, Array, Key, Value};
use super::Answers;

/// The names a reference may begin with, in any case; the portal keeps an
/// earlier answer under the name as written, so only lower case finds one.
const NAMES: [&str; 5] = ["result", "next", "total", "time", "error"];

/// What the pattern of the portal takes for white space, since it looks at bytes.
const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\x0B', '\x0C', '\r'];

/// Resolves the references in all values of these parameters, at any depth. The portal
/// looks at names, too, but no name of a query string can hold a pair of brackets.
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
        let found = look_up(&reference, answers);
        if reference.whole == text {
            return from_json(&found);
        }
        match found {
            Json::String(found) => resolved = resolved.replace(reference.whole, &found),
            Json::Number(found) => resolved = resolved.replace(reference.whole, &found.to_string()),
            _ => {}
        }
    }
    Value::Text(resolved)
}

struct Reference<'t> {
    whole: &'t str,
    name: &'t str,
    keys: Vec<&'t str>,
}

/// Each dollar sign with a name, up to the next white space, that has keys in brackets.
fn references(text: &str) -> impl Iterator<Item = Reference<'_>> {
    text.split(WHITE_SPACE).filter_map(|word| {
        let at = |(at, _)| {
            let (_, whole) = word.split_at_checked(at)?;
            let after = whole.strip_prefix('$')?;
            let is_name = |name: &&str| {
                let own = after.get(..name.len());
                own.is_some_and(|own| own.eq_ignore_ascii_case(name))
            };
            let known = NAMES.into_iter().find(is_name)?;
            let (name, path) = after.split_at_checked(known.len())?;
            let keys = keys(path);
            Some(Reference { whole, name, keys })
        };
        let first = word.match_indices('$').find_map(at)?;
        (!first.keys.is_empty()).then_some(first)
    })
}

/// What stands in brackets: from an opening one to the next closing one, if there is
/// anything between them.
fn keys(path: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut opened = None;
    for (at, byte) in path.bytes().enumerate() {
        match (byte, opened) {
            (b'[', None) => opened = Some(at + 1),
            (b']', Some(from)) => {
                keys.extend(path.get(from..at).filter(|key| !key.is_empty()));
                opened = None;
            }
            _ => {}
        }
    }
    keys
}

/// Walks the keys as far as they lead.
fn look_up(reference: &Reference<'_>, answers: &Answers) -> Json {
    let entries = match reference.name {
        "result" => &answers.result,
        "error" => &answers.error,
        "time" => &answers.time,
        "total" => &answers.total,
        "next" => &answers.next,
        _ => return Json::Null,
    };
    let mut found = php::to_json(entries.clone());
    for key in &reference.keys {
        match member(&found, key) {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// What PHP's `isset` finds under a key: a null counts as nothing, and text has characters.
fn member(value: &Json, key: &str) -> Option<Json> {
    let position = || match Key::from(key) {
        Key::Int(position) => Some(position),
        Key::Text(_) => None,
    };
    let found = match value {
        Json::Object(members) => members.get(key)?.clone(),
        Json::Array(items) => items.get(usize::try_from(position()?).ok()?)?.clone(),
        Json::String(text) => {
            let bytes = text.as_bytes();
            let position = match position()? {
                from_end @ ..0 => i64::try_from(bytes.len()).ok()? + from_end,
                position => position,
            };
            let byte = bytes.get(usize::try_from(position).ok()?)?;
            String::from_utf8_lossy(&[*byte]).into_owned().into()
        }
        _ => return None,
    };
    (!found.is_null()).then_some(found)
}

fn from_json(value: &Json) -> Value {
    // Any JSON value is a PHP value, so this does not fail.
    serde_json::from_value(value.clone()).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answers() -> Answers {
        Answers {
            result: vec![
                (
                    Key::Text("new".into()),
                    json!({"bot": {"id": 7, "code": "c"}, "list": [10, 20], "none": null}),
                ),
                (Key::Int(0), json!("plain")),
            ],
            ..Answers::default()
        }
    }

    fn resolved(text: &str) -> String {
        resolve(text, &answers()).to_json().to_string()
    }

    #[test]
    fn whole_reference_keeps_its_type() {
        assert_eq!(resolved("$result[new][bot][id]"), "7");
        assert_eq!(resolved("$result[new][list]"), "[10,20]");
        assert_eq!(resolved("$result[new][list][1]"), "20");
        assert_eq!(resolved("$result[0]"), r#""plain""#);
        // Anything but white space may stand before, between and after the brackets.
        assert_eq!(resolved("$results:[new]\u{a0}.[bot]!![id]."), "7");
    }

    #[test]
    fn a_part_becomes_text() {
        assert_eq!(
            resolved("bot $result[new][bot][id] of $result[0]"),
            r#""bot 7 of plain""#
        );
        assert_eq!(resolved("x$result[0]"), r#""xplain""#);
        assert_eq!(resolved("$5$result[0]"), r#""$5plain""#);
    }

    #[test]
    fn broken_reference_stays_or_resolves_partly() {
        assert_eq!(resolved("$result"), r#""$result""#);
        assert_eq!(resolved("$price[0] $ $$"), r#""$price[0] $ $$""#);
        assert_eq!(resolved("$result[new][list][9]"), "[10,20]");
        assert_eq!(resolved("$result[new][list][01]"), "[10,20]");
        assert_eq!(resolved("$result[new][bot][none][id]"), r#"{"id":7,"code":"c"}"#);
        assert_eq!(resolved("$result[0][1]"), r#""l""#);
        assert_eq!(resolved("$result["), r#""$result[""#);
        assert_eq!(resolved("$result[] [0]"), r#""$result[] [0]""#);
    }

    #[test]
    fn only_lower_case_reference_resolves() {
        assert_eq!(resolved("$RESULT[0]"), "null");
        assert_eq!(resolved("x $Result[0]"), r#""x $Result[0]""#);
        assert_eq!(resolved("$total[0]"), "[]");
    }
}
