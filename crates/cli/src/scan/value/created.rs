//! Values that `new` makes, and the initialisers of C#.

use super::super::expression::{chain_end, items};
use super::literal::{SERIALIZERS, read, result};
use super::{Object, Reader, Value};

/// `Map.of("a", 1, "b", 2)`
pub(super) fn pairs(reader: Reader<'_>, arguments: &[usize], depth: usize) -> Object {
    let mut object = Object::default();
    for pair in arguments.chunks(2) {
        match pair {
            [key, value] => match reader.tokens.text(*key) {
                Some(key) => {
                    let value = read(reader, *value, depth + 1);
                    object.members.push((key.to_owned(), value));
                }
                None => object.open = true,
            },
            _ => object.open = true,
        }
    }
    object
}

/// `new X(...) {...}`
pub(super) fn created(reader: Reader<'_>, at: usize, depth: usize) -> (Value, usize) {
    let tokens = reader.tokens;
    let mut here = at + 1;
    let mut is_map = tokens.is_any(here, &["{", "("]);
    let mut class = "";
    let mut depth_of_types = 0_usize;
    for _ in 0..40 {
        if let Some(word) = tokens.word(here) {
            if depth_of_types == 0 {
                class = word;
            }
            is_map |= word.contains("Map") || word.contains("Dictionary") || word.contains("JObject");
        } else if tokens.is(here, "<") {
            depth_of_types += 1;
        } else if tokens.is(here, ">") {
            depth_of_types = depth_of_types.saturating_sub(1);
        } else if tokens.is(here, "<<") || tokens.is_any(here, &[".", ",", "?"]) {
            // A part of the type.
        } else {
            break;
        }
        here += 1;
    }
    if tokens.is(here, "[") {
        let brace = tokens.after(here);
        return match tokens.is(brace, "{") {
            true => (list(reader, brace, depth), tokens.after(brace)),
            false => (Value::Unknown, brace),
        };
    }
    let mut end = here;
    if tokens.is(here, "(") {
        if SERIALIZERS.contains(&class) {
            return (result(reader, here, depth), tokens.after(here));
        }
        end = tokens.after(here);
        let is_empty = tokens.mate(here) == Some(here + 1);
        if !tokens.is(end, "{") {
            let value = match is_map && is_empty {
                true => Value::Object(Object::default()),
                false => Value::Unknown,
            };
            return (value, end);
        }
    }
    if !tokens.is(end, "{") {
        return (Value::Unknown, end);
    }
    let after = tokens.after(end);
    let is_list = class == "List" || class == "HashSet";
    if is_list {
        return (list(reader, end, depth), after);
    }
    // The attributes of a class can rename its properties.
    let is_plain = is_map || class.is_empty() || class == "ExpandoObject";
    let value = match is_plain {
        true => Value::Object(initializer(reader, end, depth)),
        false => Value::Unknown,
    };
    (value, after)
}

/// The braces of C#: `{ a = 1, b }`, `{ ["a"] = 1 }`, `{ {"a", 1} }`.
pub(super) fn initializer(reader: Reader<'_>, open: usize, depth: usize) -> Object {
    let tokens = reader.tokens;
    let mut object = Object::default();
    for item in items(tokens, open) {
        if tokens.is(item, "{") {
            let own = pairs(reader, &items(tokens, item), depth);
            object.open |= own.open;
            object.members.extend(own.members);
        } else if tokens.is(item, "[") {
            let key = tokens.text(item + 1);
            let after = tokens.after(item);
            match key {
                Some(key) if tokens.is(after, "=") => {
                    let value = read(reader, after + 1, depth + 1);
                    object.members.push((key.to_owned(), value));
                }
                _ => object.open = true,
            }
        } else if let Some(name) = tokens.word(item) {
            if tokens.is(item + 1, "=") {
                let value = read(reader, item + 2, depth + 1);
                object.members.push((name.to_owned(), value));
            } else {
                // The name of the member is the last one: `{ a.B }`.
                let last = chain_end(tokens, item)
                    .checked_sub(1)
                    .and_then(|last| tokens.word(last));
                match last {
                    Some(last) => object.members.push((last.to_owned(), Value::Unknown)),
                    None => object.open = true,
                }
            }
        } else {
            object.open = true;
        }
    }
    object
}

pub(super) fn list(reader: Reader<'_>, open: usize, depth: usize) -> Value {
    let found = items(reader.tokens, open);
    Value::List(
        found
            .into_iter()
            .map(|item| read(reader, item, depth + 1))
            .collect(),
    )
}
