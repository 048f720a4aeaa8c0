//! Reads literals of each language as values.

use super::super::expression::{callee, chain_end, items};

use super::super::language::Language;
use super::super::token::Tokens;
use super::created::{created, initializer, list, pairs};
use super::{MAX_DEPTH, Object, Reader, Value};

/// Functions whose result is their argument in another form.
pub(super) const SERIALIZERS: [&str; 21] = [
    "stringify",
    "dumps",
    "json_encode",
    "http_build_query",
    "URLSearchParams",
    "urlencode",
    "json!",
    "Serialize",
    "SerializeObject",
    "Marshal",
    "writeValueAsString",
    "toJson",
    "FormUrlEncodedContent",
    "Body",
    "body",
    "jsonContent",
    "StringContent",
    "Create",
    "object",
    "encode",
    "from",
];

/// Functions that merge their arguments.
const MERGES: [&str; 5] = ["assign", "array_merge", "merge", "putAll", "array_replace"];

/// Reads the value that begins at a token. `limit` is where its item ends.
pub(in super::super) fn read(reader: Reader<'_>, at: usize, depth: usize) -> Value {
    let tokens = reader.tokens;
    if depth > MAX_DEPTH {
        return Value::Unknown;
    }
    let (value, next) = primary(reader, at, depth);
    if ends(tokens, next) {
        return value;
    }
    // More is added to it: `{...} | x`, `[...] + $x`.
    match value {
        Value::Object(mut object) => {
            object.open = true;
            Value::Object(object)
        }
        _ => Value::Unknown,
    }
}

/// Whether an item ends before a token.
fn ends(tokens: &Tokens, at: usize) -> bool {
    match tokens.get(at) {
        None => true,
        Some(token) => {
            tokens.is_any(at, &[",", ";", "=>"])
                || tokens.closes(at)
                || tokens.word(at) == Some("as")
                || token.leads && !tokens.is_any(at, &[".", "->", "?.", "+", "|", "||", "??", "&&", "?"])
        }
    }
}

/// The value of one term, and the token after it.
fn primary(reader: Reader<'_>, at: usize, depth: usize) -> (Value, usize) {
    let tokens = reader.tokens;
    let mut at = at;
    while tokens.is_any(at, &["&", "*", "@"]) || matches!(tokens.word(at), Some("await" | "mut")) {
        at += 1;
    }
    let next = tokens.after(at);
    if let Some(text) = tokens.text(at) {
        let has_hole = text.contains(super::super::token::HOLE);
        let value = if has_hole {
            Value::Unknown
        } else {
            Value::Text(text.to_owned())
        };
        return (value, next);
    }
    if let Some(digits) = tokens.number(at) {
        return (Value::Number(digits.to_owned()), next);
    }
    if tokens.is(at, "-") && tokens.number(at + 1).is_some() {
        return (Value::Number(format!("-{}", tokens.raw(at + 1))), at + 2);
    }
    if tokens.is(at, "{") {
        return (braces(reader, at, depth), next);
    }
    if tokens.is(at, "[") {
        // Go: `[]T{...}`
        if tokens.language == Language::Go {
            let brace = type_end(tokens, at);
            return match tokens.is(brace, "{") {
                true => (list(reader, brace, depth), tokens.after(brace)),
                false => (Value::Unknown, next),
            };
        }
        return (brackets(reader, at, depth), next);
    }
    if tokens.is(at, "(") {
        // A cast, or brackets around a value.
        let inner = items(tokens, at);
        if let [only] = inner.as_slice()
            && (tokens.opens(*only) || tokens.word(*only) == Some("object"))
            && !tokens.opens(next)
        {
            return (read(reader, *only, depth + 1), next);
        }
        return match tokens.opens(next) {
            true => primary(reader, next, depth + 1),
            false => (Value::Unknown, next),
        };
    }
    word(reader, at, depth)
}

fn word(reader: Reader<'_>, at: usize, depth: usize) -> (Value, usize) {
    let tokens = reader.tokens;
    let Some(word) = tokens.word(at) else {
        return (Value::Unknown, tokens.after(at));
    };
    match word {
        "true" | "True" | "TRUE" => return (Value::Bool(true), at + 1),
        "false" | "False" | "FALSE" => return (Value::Bool(false), at + 1),
        "null" | "None" | "nil" | "NULL" | "undefined" => return (Value::Null, at + 1),
        "array" | "Array" if tokens.is(at + 1, "(") => {
            return (brackets(reader, at + 1, depth), tokens.after(at + 1));
        }
        "dict" if tokens.is(at + 1, "(") => {
            return (
                Value::Object(named_arguments(reader, at + 1, depth)),
                tokens.after(at + 1),
            );
        }
        "new" => return created(reader, at, depth),
        "map" if tokens.language == Language::Go => {
            let brace = type_end(tokens, at);
            if tokens.is(brace, "{") {
                return (braces(reader, brace, depth), tokens.after(brace));
            }
        }
        _ => {}
    }
    let end = chain_end(tokens, at);
    // Go: `gin.H{...}`, `Params{...}`
    if tokens.language == Language::Go && tokens.is(end, "{") && tokens.opens(end) {
        let name = end.checked_sub(1).and_then(|last| tokens.word(last));
        let value = match braces(reader, end, depth) {
            // The names of a struct are those of its tags.
            _ if super::tags::has_fields(tokens, end) => super::tags::value(reader, name, end, depth),
            value => value,
        };
        return (value, tokens.after(end));
    }
    if end == at + 1 {
        return (super::variable::value(reader, word, at, depth), end);
    }
    let called = end
        .checked_sub(1)
        .and_then(|last| tokens.mate(last))
        .filter(|open| *open >= at);
    if let Some(open) = called {
        return (result(reader, open, depth), end);
    }
    // `this.name`, `self.name`
    let last = end.checked_sub(1).and_then(|last| tokens.word(last));
    let is_own = matches!(word, "this" | "self" | "$this");
    match last {
        Some(name) if is_own && end == at + 3 => (super::variable::value(reader, name, at, depth), end),
        _ => (Value::Unknown, end),
    }
}

/// The brace after a type of Go.
fn type_end(tokens: &Tokens, start: usize) -> usize {
    let mut at = start;
    for _ in 0..12 {
        if tokens.word(at) == Some("interface") && tokens.is(at + 1, "{") {
            at = tokens.after(at + 1);
            continue;
        }
        if tokens.is(at, "{") {
            break;
        }
        if tokens.word(at).is_some() || tokens.is_any(at, &[".", "*"]) || tokens.is(at, "[") {
            at = tokens.after(at);
        } else {
            break;
        }
    }
    at
}

/// The value of a call whose arguments are in a bracket.
pub(super) fn result(reader: Reader<'_>, open: usize, depth: usize) -> Value {
    let tokens = reader.tokens;
    let Some((name, chain)) = callee(tokens, open).filter(|_| depth <= MAX_DEPTH) else {
        return Value::Unknown;
    };
    let arguments = items(tokens, open);
    // `dumps(...).encode()`
    let is_form =
        arguments.is_empty() && matches!(name.as_str(), "encode" | "toString" | "getBytes" | "to_string");
    let before = open.checked_sub(3).filter(|_| is_form);
    if let Some(inner) = before
        .and_then(|before| tokens.mate(before))
        .filter(|inner| *inner < open)
    {
        return result(reader, inner, depth + 1);
    }
    let class = tokens.word(chain).unwrap_or_default();
    if name == "of" && (class.contains("Map") || class.contains("map")) {
        return Value::Object(pairs(reader, &arguments, depth));
    }
    if name == "ofEntries" {
        let mut object = Object::default();
        for entry in arguments {
            let open = chain_end(tokens, entry)
                .checked_sub(1)
                .and_then(|last| tokens.mate(last));
            let Some(open) = open else {
                object.open = true;
                continue;
            };
            let own = pairs(reader, &items(tokens, open), depth);
            object.open |= own.open;
            object.members.extend(own.members);
        }
        return Value::Object(object);
    }
    if matches!(name.as_str(), "of" | "asList" | "listOf" | "List") {
        return Value::List(
            arguments
                .iter()
                .map(|item| read(reader, *item, depth + 1))
                .collect(),
        );
    }
    if SERIALIZERS.contains(&name.as_str()) {
        return match arguments.first() {
            Some(first) => read(reader, *first, depth + 1),
            None => Value::Unknown,
        };
    }
    if MERGES.contains(&name.as_str()) {
        let mut object = Object {
            members: Vec::new(),
            open: false,
        };
        for argument in arguments {
            match read(reader, argument, depth + 1) {
                Value::Object(own) => {
                    object.members.extend(own.members);
                    object.open |= own.open;
                }
                Value::List(items) if items.is_empty() => {}
                _ => object.open = true,
            }
        }
        return Value::Object(object);
    }
    Value::Unknown
}

/// `dict(a=1)`, `f(a=1)`: the named arguments. One without a name leaves the object open.
pub(in super::super) fn named_arguments(reader: Reader<'_>, open: usize, depth: usize) -> Object {
    let tokens = reader.tokens;
    let mut object = Object::default();
    for item in items(tokens, open) {
        match tokens.word(item) {
            Some(name) if tokens.is(item + 1, "=") => {
                let value = read(reader, item + 2, depth + 1);
                object.members.push((name.to_owned(), value));
            }
            _ => object.open = true,
        }
    }
    object
}

/// `[...]`: a list, or an object of PHP.
fn brackets(reader: Reader<'_>, open: usize, depth: usize) -> Value {
    let tokens = reader.tokens;
    let found = items(tokens, open);
    let is_object = tokens.language == Language::Php
        && found.iter().any(|item| {
            let after = if tokens.text(*item).is_some() {
                tokens.after(*item)
            } else {
                chain_end(tokens, *item)
            };
            tokens.is(after, "=>")
        });
    match is_object {
        true => Value::Object(entries(reader, &found, depth)),
        false if found.iter().any(|item| tokens.is(*item, "...")) => Value::Unknown,
        false => Value::List(
            found
                .into_iter()
                .map(|item| read(reader, item, depth + 1))
                .collect(),
        ),
    }
}

/// `{...}`: an object, or a set of Python.
fn braces(reader: Reader<'_>, open: usize, depth: usize) -> Value {
    let tokens = reader.tokens;
    let found = items(tokens, open);
    if tokens.language == Language::CSharp {
        return Value::Object(initializer(reader, open, depth));
    }
    let is_set = tokens.language == Language::Python
        && found.first().is_some_and(|first| {
            let after = if tokens.text(*first).is_some() {
                tokens.after(*first)
            } else {
                chain_end(tokens, *first)
            };
            !tokens.is(after, ":") && !tokens.is(*first, "**")
        });
    match is_set {
        true => Value::List(
            found
                .into_iter()
                .map(|item| read(reader, item, depth + 1))
                .collect(),
        ),
        false => Value::Object(entries(reader, &found, depth)),
    }
}

/// Whether a name before this `:` or `=>` stands for its value.
fn is_value(tokens: &Tokens, sign: usize) -> bool {
    match tokens.language {
        Language::Python | Language::Go => true,
        // A script in a page of PHP has `:`.
        Language::Php => tokens.is(sign, "=>"),
        _ => false,
    }
}

/// The entries of an object: `key: value`, `"key" => value`, `key`, `...others`.
fn entries(reader: Reader<'_>, found: &[usize], depth: usize) -> Object {
    let tokens = reader.tokens;
    let mut object = Object::default();
    for &item in found {
        if tokens.is_any(item, &["...", "**"]) {
            match read(reader, item + 1, depth + 1) {
                Value::Object(own) => {
                    object.open |= own.open;
                    object.members.extend(own.members);
                }
                _ => object.open = true,
            }
            continue;
        }
        let key = tokens
            .text(item)
            .or_else(|| tokens.word(item))
            .or_else(|| tokens.number(item));
        let after = tokens.after(item);
        let sign = tokens.is_any(after, &[":", "=>"]);
        match key {
            // The key is what a name holds, or a field of a struct.
            Some(name) if sign && tokens.word(item).is_some() && is_value(tokens, after) => {
                match super::super::expression::constant(tokens, reader.outline, name) {
                    Some(key) => {
                        let value = read(reader, after + 1, depth + 1);
                        object.members.push((key.to_owned(), value));
                    }
                    None => object.open = true,
                }
            }
            Some(key) if sign && !key.contains(super::super::token::HOLE) => {
                let value = read(reader, after + 1, depth + 1);
                object.members.push((key.to_owned(), value));
            }
            // JavaScript: `{ key }`
            Some(key) if tokens.word(item).is_some() && ends(tokens, after) => {
                let value = super::variable::value(reader, key, item, depth);
                object.members.push((key.to_owned(), value));
            }
            // JavaScript: `{ key() {...} }`
            Some(key) if tokens.is(after, "(") && tokens.language != Language::Python => {
                object.members.push((key.to_owned(), Value::Unknown))
            }
            _ => object.open = true,
        }
    }
    object
}
