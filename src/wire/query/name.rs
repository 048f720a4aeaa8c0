//! Names of variables as PHP's `parse_str` reads them.

use std::borrow::Cow;

/// PHP's default for `max_input_nesting_level`. PHP drops a variable with more brackets.
pub(super) const MAX_DEPTH: usize = 64;

/// The integer that PHP takes a key for: text that is one in its shortest form.
pub(super) fn as_int(key: &str) -> Option<i64> {
    key.parse().ok().filter(|number: &i64| number.to_string() == key)
}

/// A name's base, and the keys in its brackets.
pub(super) fn split_name(name: &str) -> Option<(Cow<'_, str>, Keys<'_>)> {
    // PHP reads names as C strings, so a zero byte ends a name.
    let name = before(name, 0).map_or(name, |(name, _)| name);
    let name = name.trim_start_matches(' ');
    // Only a bracket after a base counts, so the first character never does.
    let first = name.chars().next()?.len_utf8();
    let rest = name.get(first..)?;
    let Some((base_end, _)) = before(rest, b'[') else {
        return Some((plain(name), Keys("")));
    };
    let (base, rest) = name.split_at_checked(first + base_end.len())?;
    let keys = Keys(rest);
    // A key has two bytes at least.
    if rest.len() > 2 * MAX_DEPTH && keys.clone().nth(MAX_DEPTH).is_some() {
        return None;
    }
    // An opening bracket that never closes is part of the name.
    match before(rest, b']') {
        Some(_) => Some((plain(base), keys)),
        None => Some((plain(name), Keys(""))),
    }
}

/// The text before and after this ASCII character. Names are short: a search by words of memory costs more.
fn before(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    let (before, after) = text.split_at_checked(at)?;
    Some((before, after.get(1..)?))
}

/// The keys in the brackets of a name, in order; `None` stands for `[]`.
#[derive(Clone)]
pub(super) struct Keys<'n>(&'n str);

impl<'n> Keys<'n> {
    /// The keys of a name from this byte on.
    pub(super) fn from(name: &'n str, start: usize) -> Self {
        Self(name.get(start..).unwrap_or_default())
    }

    /// The byte of the name with which the keys begin.
    pub(super) fn start_in(&self, name: &str) -> usize {
        name.len() - self.0.len()
    }

    /// Whether nothing is left, neither a key nor a text after the last one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'n> Iterator for Keys<'n> {
    type Item = Option<&'n str>;

    fn next(&mut self) -> Option<Self::Item> {
        let (key, after) = self.0.strip_prefix('[').and_then(close)?;
        self.0 = after;
        Some(key)
    }
}

/// A key up to its closing bracket, and the rest. A single white space is no key.
fn close(rest: &str) -> Option<(Option<&str>, &str)> {
    let (key, after) = before(rest, b']')?;
    let is_none = matches!(
        key.as_bytes(),
        [] | [b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c']
    );
    Some((Some(key).filter(|_| !is_none), after))
}

/// Characters that cannot stand in the name of a PHP variable become `_`.
fn plain(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| matches!(byte, b' ' | b'.' | b'[')) {
        true => Cow::Owned(name.replace([' ', '.', '['], "_")),
        false => Cow::Borrowed(name),
    }
}
