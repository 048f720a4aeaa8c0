//! Parameters as query strings and form bodies, with PHP's square-bracket names.
//!
//! The commands of a batch have this form, and clients may send any call in it. All values
//! become text: [`encode`] lists the values of JSON that are lost. Names are read as the
//! server's `parse_str` reads them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::percent;
use name::{MAX_DEPTH, as_int, split_name};

/// The most entries of all lists and objects together. A portal reads about ten thousand fields
/// (PHP's `max_input_vars`), each with up to 65 entries. An entry takes about 600 bytes.
pub(crate) const MAX_ENTRIES: usize = 64 * 1024;

/// Reads `a=1&b[c]=2&d[]=3`: a query string, or a form body.
///
/// All leaves are text. An array whose keys count from 0 is a list, any other an
/// object. Of two values with one name the last stays. What comes after PHP's
/// `max_input_vars` is read too: the client meant it. Never fails: what is not
/// UTF-8 is replaced, what has no name is left out. So are fields beyond [`MAX_ENTRIES`]: see
/// [`decode_whole`].
pub(crate) fn decode(text: impl AsRef<[u8]>) -> Map<String, Value> {
    Pairs::read(text.as_ref()).0.into_object()
}

/// The same. `None` if it has more than [`MAX_ENTRIES`].
pub(crate) fn decode_whole(text: impl AsRef<[u8]>) -> Option<Map<String, Value>> {
    let (pairs, is_whole) = Pairs::read(text.as_ref());
    is_whole.then(|| pairs.into_object())
}

/// The values of a query string or a form body under these names, at any depth: `b` matches
/// `a[b]`, `a[b][]` and `b[0]`. The number is limited, and no value is longer than
/// [`LONGEST_VALUE`]. Other values are skipped. The time is linear in the text.
#[cfg(feature = "registry")]
pub(crate) fn values_of<'t>(
    text: &'t str,
    is_asked: &'t dyn Fn(&str) -> bool,
    most: usize,
) -> impl Iterator<Item = String> + 't {
    let values = pairs(text).filter(move |(name, value)| {
        value.len() <= LONGEST_VALUE && name.len() <= LONGEST_NAME && {
            let name = unescape(name.as_bytes());
            own_name(&name).is_some_and(is_asked)
        }
    });
    values.take(most).map(|(_, value)| unescape(value.as_bytes()))
}

/// The values of a query string or a form body that hold this character.
#[cfg(feature = "registry")]
pub(crate) fn values_with(text: &str, sign: char) -> impl Iterator<Item = String> {
    let written = format!("%{:02X}", u32::from(sign));
    let lower = written.to_ascii_lowercase();
    let values = pairs(text).map(|(_, value)| value);
    let holding = values
        .filter(move |value| value.contains(sign) || value.contains(&written) || value.contains(&lower));
    holding.map(|value| unescape(value.as_bytes()))
}

/// Names and values, still encoded.
#[cfg(feature = "registry")]
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&').filter_map(|pair| pair.split_once('='))
}

/// The last name of `a[b][0][]`: `b`.
#[cfg(feature = "registry")]
fn own_name(name: &str) -> Option<&str> {
    let is_place = |own: &str| own.bytes().all(|byte| byte.is_ascii_digit());
    let parts = name
        .rsplit('[')
        .map(|part| part.strip_suffix(']').unwrap_or(part).trim());
    parts.into_iter().find(|part| !is_place(part))
}

/// The longest value of [`values_of`], and the longest name that is compared, in encoded bytes.
#[cfg(feature = "registry")]
const LONGEST_VALUE: usize = 4 * 1024;
#[cfg(feature = "registry")]
const LONGEST_NAME: usize = 1024;

/// Writes parameters as a query string, or a form body, for [`decode`] and PHP.
///
/// Booleans become `1` and `0`, which imbot.v2 takes for yes and no, and numbers
/// their text. As with PHP's `http_build_query`, null and empty lists and objects
/// are not written at all: an empty list cannot be sent this way. What lies under
/// more than 64 brackets is left out too, since the server would drop it.
///
/// Some names do not arrive as they are: PHP makes `_` of a dot, a space or an
/// opening bracket in the name of a parameter, and ends a member's name at `]`.
pub(crate) fn encode(params: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (name, value) in params {
        append(&mut text, &[name], value);
    }
    text
}

/// Appends one value under the name that this path makes: `cmd` and `a` make
/// `cmd[a]`. A path without a name appends nothing.
pub(crate) fn append(text: &mut String, path: &[&str], value: &Value) {
    let Some((base, keys)) = path.split_first() else {
        return;
    };
    let mut name = String::new();
    escape(&mut name, base);
    for key in keys {
        push_key(&mut name, key);
    }
    append_under(text, &mut name, keys.len(), value);
}

fn append_under(text: &mut String, name: &mut String, depth: usize, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(yes) => append_pair(text, name, if *yes { "1" } else { "0" }),
        Value::Number(number) => append_pair(text, name, &number.to_string()),
        Value::String(value) => append_pair(text, name, value),
        // What is nested deeper is not looked at, so the stack is bounded.
        _ if depth == MAX_DEPTH => {}
        Value::Array(items) => {
            for (nth, item) in items.iter().enumerate() {
                append_member(text, name, depth, &nth.to_string(), item);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                append_member(text, name, depth, key, member);
            }
        }
    }
}

fn append_member(text: &mut String, name: &mut String, depth: usize, key: &str, member: &Value) {
    let length = name.len();
    push_key(name, key);
    append_under(text, name, depth + 1, member);
    name.truncate(length);
}

fn push_key(name: &mut String, key: &str) {
    name.push_str("%5B");
    escape(name, key);
    name.push_str("%5D");
}

fn append_pair(text: &mut String, name: &str, value: &str) {
    if !text.is_empty() {
        text.push('&');
    }
    text.push_str(name);
    text.push('=');
    escape(text, value);
}

/// Percent-encodes all but the unreserved characters. A space becomes `+`.
fn escape(text: &mut String, value: &str) {
    for (nth, part) in value.split(' ').enumerate() {
        if nth > 0 {
            text.push('+');
        }
        percent::encode(text, part.as_bytes(), percent::is_unreserved);
    }
}

fn unescape(text: &[u8]) -> String {
    let spaced = |byte| if byte == b'+' { b' ' } else { byte };
    String::from_utf8_lossy(&percent::decode(text, spaced)).into_owned()
}

/// A PHP array. Its entries have the order in which they were first written: the server runs the
/// commands of a batch in that order.
#[derive(Default)]
struct Pairs {
    entries: Vec<(String, Part)>,
    places: HashMap<String, usize>,
    /// The key of the next value without a key.
    next: i64,
}

enum Part {
    Text(String),
    Array(Pairs),
}

impl Pairs {
    /// Reads a query string or a form body. Also returns whether it was read to its end.
    fn read(text: &[u8]) -> (Self, bool) {
        let mut pairs = Self::default();
        let mut left = MAX_ENTRIES;
        for pair in text.split(|byte| *byte == b'&') {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = unescape(halves.next().unwrap_or_default());
            if let Some((base, keys)) = split_name(&name) {
                let keys: Vec<_> = keys.collect();
                let value = unescape(halves.next().unwrap_or_default());
                // All of its names may be new.
                if keys.len() >= left {
                    return (pairs, false);
                }
                left -= pairs.insert(Some(&base), &keys, value);
            }
        }
        (pairs, true)
    }

    /// Whether the keys are those of a list: 0, 1, 2 and so on, in this order.
    fn is_list(&self) -> bool {
        (0..)
            .zip(&self.entries)
            .all(|(nth, (key, _))| as_int(key) == Some(nth))
    }

    /// Puts a value under a key, and below it under the keys of `path`. `None` stands for
    /// `[]`. Returns the number of new entries.
    fn insert(&mut self, key: Option<&str>, path: &[Option<&str>], value: String) -> usize {
        let key = key.map_or_else(|| self.next.to_string(), str::to_owned);
        if let Some(number) = as_int(&key) {
            self.next = self.next.max(number.saturating_add(1));
        }
        let place = *self.places.entry(key.clone()).or_insert(self.entries.len());
        let is_new = place == self.entries.len();
        if is_new {
            self.entries.push((key, Part::Text(String::new())));
        }
        let made = usize::from(is_new);
        let Some((_, part)) = self.entries.get_mut(place) else {
            return made;
        };
        let Some((key, path)) = path.split_first() else {
            *part = Part::Text(value);
            return made;
        };
        if let Part::Text(_) = part {
            *part = Part::Array(Pairs::default());
        }
        match part {
            Part::Array(inner) => made + inner.insert(*key, path, value),
            Part::Text(_) => made,
        }
    }

    fn into_object(self) -> Map<String, Value> {
        self.entries
            .into_iter()
            .map(|(key, part)| (key, part.into_value()))
            .collect()
    }
}

impl Part {
    /// Text, or a list or object of it.
    fn into_value(self) -> Value {
        match self {
            Part::Text(text) => text.into(),
            Part::Array(pairs) if pairs.is_list() => pairs
                .entries
                .into_iter()
                .map(|(_, part)| part.into_value())
                .collect(),
            Part::Array(pairs) => pairs.into_object().into(),
        }
    }
}

mod generated;
mod name;
mod strict;

pub(crate) use strict::{FormError, NAME_LIMIT, Shown, decode_pairs, decode_strict};

#[cfg(test)]
mod tests;
