//! Values in the forms of older methods.

use serde_json::{Map, Value};

use crate::plan::shim::yes_or_no;
use crate::table::path::scalar;
use crate::table::translation::Form;

/// A value in the form of the older method; `None` if it has no such form.
pub(super) fn in_form(form: &Form, value: &Value) -> Option<Value> {
    match form {
        Form::AsItIs => Some(value.clone()),
        // PHP writes an empty object as an empty list.
        Form::By(_) => match value {
            Value::Array(items) if items.is_empty() => Some(Value::Object(Map::new())),
            Value::Object(_) => Some(value.clone()),
            _ => None,
        },
        Form::YesNo => yes_or_no(value).map(|yes| Value::from(if yes { "Y" } else { "N" })),
        Form::ChatId => {
            let text = scalar(value)?;
            id(&text.strip_prefix("chat")?.into())
        }
        Form::DialogId => id(value).map(|id| match id {
            Value::String(reference) => format!("chat{reference}").into(),
            number => format!("chat{number}").into(),
        }),
        Form::Integer => id(value),
        Form::NotEmpty => scalar(value)
            .filter(|text| !text.trim().is_empty())
            .map(|_| value.clone()),
        Form::Capitals => {
            let text = value.as_str()?;
            Some(capitals(text).into())
        }
        Form::Map(pairs) => {
            let (_, new) = pairs.iter().find(|(old, _)| is_text(value, old))?;
            Some((**new).into())
        }
    }
}

/// An id as a number. In a batch it can be a reference to an earlier reply.
fn id(value: &Value) -> Option<Value> {
    let text = scalar(value)?;
    match text.parse::<u64>() {
        Ok(number) if !text.starts_with('+') => Some(number.into()),
        _ => text.starts_with("$result[").then(|| (&*text).into()),
    }
}

/// `lightBlue` as `LIGHT_BLUE`.
fn capitals(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut was_small = false;
    for letter in text.chars() {
        if was_small && letter.is_uppercase() {
            out.push('_');
        }
        was_small = letter.is_lowercase();
        out.extend(letter.to_uppercase());
    }
    out
}

/// Whether a value equals this text.
pub(super) fn is_text(value: &Value, text: &str) -> bool {
    match value {
        Value::Bool(yes) => text == if *yes { "true" } else { "false" },
        other => scalar(other).is_some_and(|own| own == text),
    }
}
