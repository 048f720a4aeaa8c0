//! The value of a name: what it was given, and what was added since.

use super::super::callees::is_no_call;
use super::super::expression::callee;
use super::super::language::Language;
use super::super::outline::{is_parameter, statement_end};
use super::super::token::Tokens;
use super::literal::SERIALIZERS;
use super::{MAX_DEPTH, Object, Reader, Value, literal};

/// The value of a name at a token.
pub(super) fn value(reader: Reader<'_>, name: &str, at: usize, depth: usize) -> Value {
    if depth > MAX_DEPTH / 4 {
        return Value::Unknown;
    }
    let Some(values) = reader.outline.assignments.get(name) else {
        return Value::Unknown;
    };
    let function = reader.outline.function_of(at);
    let is_near = |value: usize| function.is_none_or(|own| own.body.contains(&value));
    let near = values.iter().rev().find(|value| **value < at && is_near(**value));
    // Outside of all functions: a constant.
    let outside = || {
        let is_parameter = function.is_some_and(|own| is_parameter(reader.tokens, own, name));
        let mut all = values
            .iter()
            .filter(|value| reader.outline.function_of(**value).is_none());
        let first = all.next().filter(|_| !is_parameter);
        first.filter(|_| all.next().is_none())
    };
    let Some(&start) = near.or_else(outside) else {
        return Value::Unknown;
    };
    if start > at {
        return Value::Unknown;
    }
    match literal::read(reader, start, depth + 1) {
        Value::Object(mut object) => {
            additions(reader, name, start, at, &mut object, depth);
            Value::Object(object)
        }
        // PHP and JavaScript: an empty list that gets names.
        Value::List(items) if items.is_empty() => {
            let mut object = Object::default();
            additions(reader, name, start, at, &mut object, depth);
            match object.members.is_empty() && !object.open {
                true => Value::List(items),
                false => Value::Object(object),
            }
        }
        other => other,
    }
}

/// Notes what is added between two tokens: `name["a"] = x`, `name.a = x`, `name.put("a", x)`.
fn additions(reader: Reader<'_>, name: &str, from: usize, to: usize, object: &mut Object, depth: usize) {
    let tokens = reader.tokens;
    let mut at = statement_end(tokens, from).min(to);
    while at < to {
        if tokens.word(at) != Some(name)
            || at
                .checked_sub(1)
                .is_some_and(|before| tokens.is_any(before, &[".", "->"]))
        {
            at += 1;
            continue;
        }
        let mut path = Vec::new();
        let mut is_computed = false;
        let mut here = at + 1;
        loop {
            if tokens.is(here, "[") && tokens.opens(here) {
                match tokens.text(here + 1) {
                    Some(key) if tokens.is(here + 2, "]") => path.push(key.to_owned()),
                    _ => is_computed = true,
                }
                here = tokens.after(here);
            } else if tokens.is(here, ".")
                && let Some(member) = tokens.word(here + 1)
                && !tokens.is(here + 2, "(")
            {
                // A field of a struct of Go may have another name in JSON.
                is_computed |= tokens.language == Language::Go;
                path.push(member.to_owned());
                here += 2;
            } else {
                break;
            }
        }
        // A function may add to it: `fill(name)`.
        if here == at + 1 && is_given(tokens, at) {
            object.open = true;
        }
        if tokens.is(here, "=") {
            if is_computed {
                object.open = true;
            } else if !path.is_empty() {
                let value = literal::read(reader, here + 1, depth + 1);
                object.set(&path, value);
            }
        } else if tokens.is(here, ".")
            && let Some(action) = tokens.word(here + 1)
            && tokens.is(here + 2, "(")
        {
            added_by(reader, action, here + 2, object, depth);
        }
        at = here.max(at + 1);
    }
}

/// Whether a statement gives a name to a function that may change it.
fn is_given(tokens: &Tokens, at: usize) -> bool {
    let ends = tokens.is(at + 1, ",") || tokens.closes(at + 1);
    let Some(open) = tokens.parent(at).filter(|open| ends && tokens.is(*open, "(")) else {
        return false;
    };
    let Some((name, chain)) = callee(tokens, open) else {
        return false;
    };
    let leads = tokens.get(chain).is_some_and(|token| token.leads);
    leads && !is_no_call(&name) && !SERIALIZERS.contains(&name.as_str())
}

fn added_by(reader: Reader<'_>, action: &str, open: usize, object: &mut Object, depth: usize) {
    let arguments = super::super::expression::items(reader.tokens, open);
    match (action, arguments.as_slice()) {
        ("put" | "Add" | "insert" | "set" | "append" | "TryAdd", [key, value]) => {
            match reader.tokens.text(*key) {
                Some(key) => {
                    let value = literal::read(reader, *value, depth + 1);
                    object.set(&[key.to_owned()], value);
                }
                None => object.open = true,
            }
        }
        ("update" | "putAll" | "extend" | "setdefault" | "put" | "insert", _) => object.open = true,
        _ => {}
    }
}
