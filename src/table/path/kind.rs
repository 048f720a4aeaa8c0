//! Kinds of values, as rows name them.

use std::borrow::Cow;

use serde_json::Value;

use super::spelling::same_name;
use crate::table::terms::ValueKind;

/// Whether a value is of a kind. `key` is the value's key.
pub(crate) fn is_kind<'r>(
    key: &str,
    value: &Value,
    kind: Option<ValueKind>,
    mut values: impl Iterator<Item = &'r str>,
) -> bool {
    let Some(kind) = kind else {
        return true;
    };
    match kind {
        ValueKind::Boolean => value.is_boolean(),
        ValueKind::Integer => value.is_i64() || value.is_u64(),
        ValueKind::Null => value.is_null(),
        ValueKind::String => value.is_number() || value.as_str().is_some_and(|text| !text.is_empty()),
        ValueKind::Text => value.as_str().is_some_and(|text| !matches!(text, "" | "0" | "1")),
        // A number has fewer characters.
        ValueKind::Over40Chars => value.as_str().is_some_and(|text| text.chars().nth(40).is_some()),
        ValueKind::Empty => match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        },
        ValueKind::Respelt => value.as_str().is_some_and(|text| respelt(text, values).is_some()),
        ValueKind::Unlisted => value
            .as_str()
            .is_some_and(|text| !text.is_empty() && !values.any(|own| same_name(own, text))),
        // A capital letter without a lower case cannot be changed, so it does not count.
        ValueKind::CapitalKey => key
            .chars()
            .any(|letter| !letter.to_lowercase().eq(std::iter::once(letter))),
    }
}

/// The listed value of which the text is another spelling.
pub(crate) fn respelt<'r>(text: &str, mut values: impl Iterator<Item = &'r str>) -> Option<&'r str> {
    values.find(|own| same_name(own, text)).filter(|own| *own != text)
}

/// Text, or a number as text.
pub(crate) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}
