//! A form body, read without any guess.
//!
//! [`decode`](super::decode) reads what PHP would read. An event is a form that anybody can post. So
//! this reader rejects a form that two readers could read in two ways.

use std::fmt;

use serde_json::{Map, Value};

use super::generated::EVENT_NAMES;
use super::name::{Keys, MAX_DEPTH, split_name};
use crate::wire::percent::{self, hex};

/// The most names and values of a form. An event of a portal has some hundreds. An entry takes about 600 bytes.
pub(crate) const NAME_LIMIT: usize = 16 * 1024;

/// The longest part of a name that an error shows, in characters.
const LONGEST_SHOWN: usize = 80;

/// Why a form is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormError {
    /// It has more names and values than [`NAME_LIMIT`].
    TooMany,
    /// A name has more than 64 brackets.
    TooDeep(Shown),
    /// A name is there twice, or as a value and as a list or object.
    Repeated(Shown),
    /// A name or its value is not UTF-8.
    NotUtf8(Shown),
    /// A name or its value has a `%` without two hexadecimal digits after it.
    BrokenEscape(Shown),
}

/// A name from outside, as an error may repeat it.
///
/// In a damaged body, a value may be part of a name: `auth[application_token]?51856fef`. So only short words, and
/// names that a portal sends or could send as an event, are shown. `…` stands for the rest.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Shown(Box<str>);

impl Shown {
    pub(crate) fn of(name: &str) -> Self {
        let end = name
            .char_indices()
            .nth(LONGEST_SHOWN)
            .map_or(name.len(), |(at, _)| at);
        let mut rest = name.get(..end).unwrap_or_default();
        let mut shown = String::new();
        let mut is_closed = false;
        loop {
            let word_end = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(word_end).unwrap_or_default();
            // Only a bracket comes after a closed one. A name that was cut may end in a part of a word.
            let is_cut = after.is_empty() && end < name.len();
            if !word.is_empty() && (is_closed || is_cut || !may_show(word)) {
                break;
            }
            shown.push_str(word);
            rest = after;
            let Some(sign @ ('[' | ']' | '.')) = rest.chars().next() else {
                break;
            };
            shown.push(sign);
            is_closed = sign == ']';
            rest = rest.get(1..).unwrap_or_default();
        }
        if !rest.is_empty() || end < name.len() {
            shown.push('…');
        }
        Self(shown.into())
    }

    /// Of a name with its escapes. A broken escape stays, and ends the name.
    fn of_escaped(name: &[u8]) -> Self {
        // A character has at most four bytes, and an escape three characters for each.
        let end = name.len().min(LONGEST_SHOWN * 4 * 3);
        let plain = percent::decode(name.get(..end).unwrap_or_default(), |byte| byte);
        Self::of(&String::from_utf8_lossy(&plain))
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Shorter words are shown. If one is a part of a secret, the rest is too long to guess.
const UNKNOWN_FROM: usize = 8;

/// Whether a word is short, a name that a portal sends, or could be the name of an event.
fn may_show(word: &str) -> bool {
    let is_event = || word.starts_with("ON") && word.bytes().all(|byte| byte.is_ascii_uppercase());
    word.len() < UNKNOWN_FROM || EVENT_NAMES.binary_search(&word).is_ok() || is_event()
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Reads a form body.
pub(crate) fn decode_strict(body: &[u8]) -> Result<Map<String, Value>, FormError> {
    let mut pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    Form::read(|name| {
        let pair = pairs.next()?;
        let at = pair.iter().position(|byte| *byte == b'=');
        let (raw, value) = match at.and_then(|at| pair.split_at_checked(at)) {
            Some((raw, value)) => (raw, value.get(1..).unwrap_or_default()),
            None => (pair, &b""[..]),
        };
        let shown = |fault: Fault| fault.of(Shown::of_escaped(raw));
        Some(name_of(raw, name).and_then(|()| value_of(value)).map_err(shown))
    })
}

/// Puts pairs together that another reader has taken out of a form.
pub(crate) fn decode_pairs<N: AsRef<str>>(
    pairs: impl IntoIterator<Item = (N, String)>,
) -> Result<Map<String, Value>, FormError> {
    let mut pairs = pairs.into_iter();
    Form::read(|text| {
        let (name, value) = pairs.next()?;
        text.push_str(name.as_ref());
        Some(Ok(value))
    })
}

/// The pairs of a form, one after the other, and how many entries they have made.
///
/// Most names begin as the name before them: `data[USER][ID]`, `data[USER][NAME]`. So the objects of a
/// name stay at hand, and only the rest of the next name is looked up.
struct Form<F> {
    /// Writes the next name into the text, and returns its value.
    next: F,
    name: String,
    /// The value of the name; `None` after the last pair.
    value: Option<String>,
    /// The name before.
    last: String,
    /// How many bytes both names begin with.
    common: usize,
    /// At most so many bytes count as common: `[]` is a new item each time.
    limit: usize,
    entries: usize,
}

impl<F: FnMut(&mut String) -> Option<Result<String, FormError>>> Form<F> {
    fn read(next: F) -> Result<Map<String, Value>, FormError> {
        let mut form = Self {
            next,
            name: String::new(),
            value: None,
            last: String::new(),
            common: 0,
            limit: usize::MAX,
            entries: 0,
        };
        let mut root = Map::new();
        form.advance()?;
        while form.value.is_some() {
            form.put_in_root(&mut root)?;
        }
        root.values_mut().for_each(make_lists);
        Ok(root)
    }

    fn advance(&mut self) -> Result<(), FormError> {
        std::mem::swap(&mut self.name, &mut self.last);
        self.name.clear();
        self.value = (self.next)(&mut self.name).transpose()?;
        let limit = std::mem::replace(&mut self.limit, usize::MAX);
        let both = self.name.bytes().zip(self.last.bytes());
        self.common = both.take_while(|(own, last)| own == last).count().min(limit);
        match self.name.as_bytes().contains(&0) {
            // PHP ends a name at a zero byte, and other readers do not.
            true => Err(FormError::NotUtf8(Shown::of(&self.name))),
            false => Ok(()),
        }
    }

    fn put_in_root(&mut self, root: &mut Map<String, Value>) -> Result<(), FormError> {
        let Some((base, keys)) = split_name(&self.name) else {
            return match self.name.trim_start_matches(' ') {
                // A name of nothing but spaces carries nothing. Portals send none.
                "" => self.advance(),
                _ => Err(FormError::TooDeep(Shown::of(&self.name))),
            };
        };
        let end = keys.start_in(&self.name);
        let place = match root.get_mut(&*base) {
            Some(place) => place,
            None => {
                count(&mut self.entries)?;
                root.entry(base).or_insert(Value::Null)
            }
        };
        self.fill(place, end, MAX_DEPTH)
    }

    /// Puts the value in its place, and the values after it whose names begin with the same `end` bytes. These
    /// bytes are the way to the place.
    fn fill(&mut self, place: &mut Value, end: usize, depth_left: usize) -> Result<(), FormError> {
        loop {
            self.put(place, end, depth_left)?;
            let is_next = self.value.is_some() && self.common >= end;
            if !is_next || self.name.as_bytes().get(end) != Some(&b'[') {
                return Ok(());
            }
        }
    }

    /// Puts the value under the keys that begin at `end`. There must be no value already, and either all items
    /// of a list have keys or none.
    fn put(&mut self, place: &mut Value, end: usize, depth_left: usize) -> Result<(), FormError> {
        let mut keys = Keys::from(&self.name, end);
        let Some(key) = keys.next() else {
            return match (place, self.value.take()) {
                (place @ Value::Null, Some(value)) => {
                    *place = Value::String(value);
                    self.advance()
                }
                _ => Err(self.repeated()),
            };
        };
        let inner_end = keys.start_in(&self.name);
        let Some(depth_left) = depth_left.checked_sub(1) else {
            return Err(FormError::TooDeep(Shown::of(&self.name)));
        };
        let Some(key) = key else {
            count(&mut self.entries)?;
            self.limit = self.limit.min(end);
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let items = place.as_array_mut().ok_or_else(|| self.repeated())?;
            items.push(Value::Null);
            let item = items.last_mut().ok_or_else(|| self.repeated())?;
            return self.fill(item, inner_end, depth_left);
        };
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let members = place.as_object_mut().ok_or_else(|| self.repeated())?;
        // The last key is new, so it is not looked for first.
        let found = match keys.is_empty() {
            true => None,
            false => members.get_mut(key),
        };
        match found {
            Some(inner) => self.fill(inner, inner_end, depth_left),
            None => {
                count(&mut self.entries)?;
                let inner = members.entry(key).or_insert(Value::Null);
                self.fill(inner, inner_end, depth_left)
            }
        }
    }

    fn repeated(&self) -> FormError {
        FormError::Repeated(Shown::of(&self.name))
    }
}

/// Counts one more name or value.
fn count(entries: &mut usize) -> Result<(), FormError> {
    *entries += 1;
    match *entries > NAME_LIMIT {
        true => Err(FormError::TooMany),
        false => Ok(()),
    }
}

/// Makes lists of objects whose keys are 0, 1, 2 and so on.
fn make_lists(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_lists),
        Value::Object(members) => {
            members.values_mut().for_each(make_lists);
            if members.keys().enumerate().all(|(nth, key)| is_place(key, nth)) {
                let members = std::mem::take(members).into_iter();
                *value = Value::Array(members.map(|(_, value)| value).collect());
            }
        }
        _ => {}
    }
}

/// Whether a key is this number, in its shortest form.
fn is_place(key: &str, nth: usize) -> bool {
    let is_shortest = key == "0" || key.starts_with(|first: char| matches!(first, '1'..='9'));
    is_shortest && key.parse() == Ok(nth)
}

#[derive(Clone, Copy)]
enum Fault {
    NotUtf8,
    BrokenEscape,
}

impl Fault {
    fn of(self, name: Shown) -> FormError {
        match self {
            Self::NotUtf8 => FormError::NotUtf8(name),
            Self::BrokenEscape => FormError::BrokenEscape(name),
        }
    }
}

/// Writes a name over the text, without its escapes.
fn name_of(raw: &[u8], text: &mut String) -> Result<(), Fault> {
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.clear();
    unescape(raw, &mut bytes)?;
    *text = String::from_utf8(bytes).map_err(|_| Fault::NotUtf8)?;
    Ok(())
}

fn value_of(raw: &[u8]) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(raw.len());
    unescape(raw, &mut bytes)?;
    String::from_utf8(bytes).map_err(|_| Fault::NotUtf8)
}

/// Appends the text without its escapes.
fn unescape(text: &[u8], into: &mut Vec<u8>) -> Result<(), Fault> {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'%' | b'+')) {
        let (plain, escaped) = rest.split_at_checked(at).unwrap_or_default();
        into.extend_from_slice(plain);
        rest = match escaped {
            [b'+', after @ ..] => {
                into.push(b' ');
                after
            }
            [_, high, low, after @ ..] => {
                let (high, low) = hex(*high).zip(hex(*low)).ok_or(Fault::BrokenEscape)?;
                into.push(high * 16 + low);
                after
            }
            _ => return Err(Fault::BrokenEscape),
        };
    }
    into.extend_from_slice(rest);
    Ok(())
}

#[cfg(test)]
mod tests;
