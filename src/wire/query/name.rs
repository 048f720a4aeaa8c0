//! Names of variables as PHP's `parse_str` reads them.

/// PHP's default for `max_input_nesting_level`. PHP drops a variable with more brackets.
pub(super) const MAX_DEPTH: usize = 64;

/// The integer that PHP takes a key for: text that is one in its shortest form.
pub(super) fn as_int(key: &str) -> Option<i64> {
    key.parse().ok().filter(|number: &i64| number.to_string() == key)
}

/// A name's base and the keys in its brackets; `None` stands for `[]`.
pub(super) fn split_name(name: &str) -> Option<(String, Vec<Option<&str>>)> {
    // PHP reads names as C strings, so a zero byte ends a name.
    let name = name.split('\0').next()?.trim_start_matches(' ');
    // Only a bracket after a base counts, so the first character never does.
    let open = name
        .char_indices()
        .skip(1)
        .find_map(|(at, c)| (c == '[').then_some(at));
    let Some((base, mut rest)) = open.and_then(|at| name.split_at_checked(at)) else {
        let base = plain(name);
        return (!base.is_empty()).then_some((base, Vec::new()));
    };
    let mut path = Vec::new();
    while let Some((key, after)) = rest.strip_prefix('[').and_then(close) {
        if path.len() == MAX_DEPTH {
            return None;
        }
        path.push(key);
        rest = after;
    }
    if path.is_empty() {
        // An opening bracket that never closes is part of the name.
        return Some((plain(name), path));
    }
    Some((plain(base), path))
}

/// A key up to its closing bracket, and the rest. A single white space is no key.
fn close(rest: &str) -> Option<(Option<&str>, &str)> {
    const SPACES: [&str; 7] = ["", " ", "\t", "\n", "\r", "\x0b", "\x0c"];
    let (key, after) = rest.split_once(']')?;
    Some((Some(key).filter(|key| !SPACES.contains(key)), after))
}

/// Characters that cannot stand in the name of a PHP variable become `_`.
fn plain(name: &str) -> String {
    name.replace([' ', '.', '['], "_")
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| digit.try_into().ok())
}
