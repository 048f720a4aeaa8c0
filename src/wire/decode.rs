//! Results as types of a program's own.

use std::any::type_name;
use std::fmt::{self, Write};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::redact::shown;

/// Reads a result as a type.
///
/// # Errors
///
/// [`UnexpectedResult`] if the result does not have the form of the type.
pub fn decode<T: DeserializeOwned>(result: Value) -> Result<T, UnexpectedResult> {
    // Without a copy of the result, its shape would be lost. So the type is read by reference.
    T::deserialize(&result).map_err(|_| UnexpectedResult {
        expected: type_name::<T>(),
        shape: shape_of(&result),
    })
}

/// A result does not have the form of the type that was asked for.
///
/// It has the shape of the result: the names of members, and the kinds of their values. It has no
/// value, since a value may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnexpectedResult {
    expected: &'static str,
    shape: String,
}

impl UnexpectedResult {
    /// The name of the type that was asked for.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The shape of the result, such as `{id: number, tags: [text, ..]}`. At most about 400
    /// bytes. A name that may be data, such as a number, is `..`.
    #[must_use]
    pub fn shape(&self) -> &str {
        &self.shape
    }

    /// Removes these secrets from the shape: a portal can use a parameter as a name.
    pub(crate) fn hide(&mut self, secrets: &[&str]) {
        self.shape = shown(&self.shape, secrets);
    }
}

impl fmt::Display for UnexpectedResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the result is no `{}`. Its shape is {}",
            self.expected, self.shape
        )
    }
}

impl std::error::Error for UnexpectedResult {}

/// The levels and the members of an object that are shown, and the longest name.
const LEVELS: usize = 4;
const MEMBERS: usize = 24;
const NAME: usize = 40;

fn shape_of(value: &Value) -> String {
    let mut shape = String::new();
    // Writing to a text cannot fail.
    let _ = write_shape(&mut shape, value, LEVELS);
    shown(&shape, &[])
}

fn write_shape(out: &mut String, value: &Value, levels: usize) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(_) => out.write_str("boolean"),
        Value::Number(_) => out.write_str("number"),
        Value::String(_) => out.write_str("text"),
        Value::Array(items) => match items.first() {
            None => out.write_str("[]"),
            Some(_) if levels == 0 => out.write_str("[..]"),
            Some(first) => {
                out.write_str("[")?;
                write_shape(out, first, levels - 1)?;
                out.write_str(if items.len() > 1 { ", ..]" } else { "]" })
            }
        },
        Value::Object(members) if members.is_empty() => out.write_str("{}"),
        Value::Object(_) if levels == 0 => out.write_str("{..}"),
        Value::Object(members) => {
            out.write_str("{")?;
            for (nth, (name, value)) in members.iter().take(MEMBERS).enumerate() {
                let separator = if nth > 0 { ", " } else { "" };
                let name = if is_name(name) { name } else { ".." };
                write!(out, "{separator}{name}: ")?;
                write_shape(out, value, levels - 1)?;
            }
            out.write_str(if members.len() > MEMBERS { ", ..}" } else { "}" })
        }
    }
}

/// Whether a member is named, and not numbered or looked up by data.
fn is_name(name: &str) -> bool {
    let is_letter = |own: char| own.is_ascii_alphabetic() || own == '_';
    name.len() <= NAME
        && name.starts_with(is_letter)
        && name.chars().all(|own| is_letter(own) || own.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        #[expect(dead_code, reason = "only read")]
        id: u64,
    }

    #[test]
    fn errors_have_shapes_without_values() {
        const SECRET: &str = "s3cret-s3cret";
        for (result, shape) in [
            (json!({"id": SECRET}), "{id: text}"),
            (json!({ "id": 1, SECRET: 2 }), "{id: number, ..: number}"),
            (json!([SECRET, 1]), "[text, ..]"),
            (json!([[[[[1]]]]]), "[[[[[..]]]]]"),
            (json!([[[[[]]]]]), "[[[[[]]]]]"),
            (json!({"a": {"b": {"c": {"d": {}}}}}), "{a: {b: {c: {d: {}}}}}"),
            (
                json!({"id": [[1.5], []], "a": {}, "b": null, "7": true}),
                "{id: [[number], ..], a: {}, b: null, ..: boolean}",
            ),
            (
                json!({"a": {"b": {"c": {"d": {"e": 1}}}}}),
                "{a: {b: {c: {d: {..}}}}}",
            ),
            (json!(SECRET), "text"),
        ] {
            let error = decode::<Sent>(result).unwrap_err();
            assert_eq!(error.shape(), shape);
            assert!(error.expected().ends_with("Sent"));
            assert!(error.to_string().ends_with(&format!("Its shape is {shape}")));
            let texts = format!("{error} {error:?}");
            assert!(!texts.contains("s3cret"), "{texts}");
        }
    }

    #[test]
    fn wide_results_have_short_shapes() {
        let members: serde_json::Map<_, _> = (0..10_000).map(|nth| (format!("m{nth}"), json!([1]))).collect();
        let error = decode::<Sent>(members.into()).unwrap_err();
        assert!(error.to_string().len() < 600, "{error}");
    }
}
