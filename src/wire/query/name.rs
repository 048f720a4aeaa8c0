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
    let name = name.split('\0').next()?.trim_start_matches(' ');
    // Only a bracket after a base counts, so the first character never does.
    let first = name.chars().next()?.len_utf8();
    let open = name.get(first..)?.find('[').map(|at| at + first);
    let Some((base, rest)) = open.and_then(|at| name.split_at_checked(at)) else {
        return Some((plain(name), Keys("")));
    };
    let keys = Keys(rest);
    // A key has two bytes at least.
    if rest.len() > 2 * MAX_DEPTH && keys.clone().nth(MAX_DEPTH).is_some() {
        return None;
    }
    // An opening bracket that never closes is part of the name.
    match keys.clone().next() {
        Some(_) => Some((plain(base), keys)),
        None => Some((plain(name), keys)),
    }
}

/// The keys in the brackets of a name, in order; `None` stands for `[]`.
#[derive(Clone)]
pub(super) struct Keys<'n>(&'n str);

impl Keys<'_> {
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
    const SPACES: [&str; 7] = ["", " ", "\t", "\n", "\r", "\x0b", "\x0c"];
    let (key, after) = rest.split_once(']')?;
    Some((Some(key).filter(|key| !SPACES.contains(key)), after))
}

/// Characters that cannot stand in the name of a PHP variable become `_`.
fn plain(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| matches!(byte, b' ' | b'.' | b'[')) {
        true => Cow::Owned(name.replace([' ', '.', '['], "_")),
        false => Cow::Borrowed(name),
    }
}
