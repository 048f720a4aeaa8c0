//! Query strings and forms, with PHP's square-bracket keys.

use super::php::{Array, Key, Value};

/// PHP's default for `max_input_vars`: what comes after is dropped in silence.
const MAX_VARIABLES: usize = 1_000;

/// PHP's default for `max_input_nesting_level`: a deeper variable is dropped.
const MAX_DEPTH: usize = 64;

/// Reads `a=1&b[c]=2&d[]=3` as `parse_str` does.
///
/// Never fails: what is not UTF-8 is replaced, what has no name is skipped.
pub(super) fn parse(input: &[u8]) -> Array {
    let mut parsed = Array::default();
    for (name, value) in form_urlencoded::parse(input).take(MAX_VARIABLES) {
        if let Some((base, path)) = split_name(&name) {
            parsed.edit(Key::from(base.as_str()), |slot| {
                assign(slot, &path, Value::Text(value.into_owned()));
            });
        }
    }
    parsed
}

/// A name's base and the keys in its brackets; `None` stands for `[]`.
fn split_name(name: &str) -> Option<(String, Vec<Option<&str>>)> {
    let name = name.trim_start_matches(' ');
    // A bracket is only one after a base; the first character is never one.
    let open = name
        .char_indices()
        .skip(1)
        .find_map(|(at, c)| (c == '[').then_some(at));
    let Some((base, mut rest)) = open.and_then(|at| name.split_at_checked(at)) else {
        let base = plain(name);
        return (!base.is_empty()).then_some((base, Vec::new()));
    };
    let mut path = Vec::new();
    while let Some((key, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        // PHP skips one white space before it looks whether there is a key.
        let is_none = matches!(key, "" | " " | "\t" | "\n" | "\r" | "\x0b" | "\x0c");
        path.push((!is_none).then_some(key));
        rest = after;
    }
    if path.is_empty() {
        // An opening bracket that never closes is part of the name.
        return Some((plain(name), path));
    }
    (path.len() <= MAX_DEPTH).then(|| (plain(base), path))
}

/// Characters that cannot stand in the name of a PHP variable become `_`.
fn plain(name: &str) -> String {
    name.replace([' ', '.', '['], "_")
}

fn assign(slot: &mut Value, path: &[Option<&str>], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *slot = value;
        return;
    };
    if !matches!(slot, Value::Array(_)) {
        *slot = Value::Array(Array::default());
    }
    if let Value::Array(array) = slot {
        let key = first.map_or_else(|| array.next_key(), Key::from);
        array.edit(key, |slot| assign(slot, rest, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(input: &str) -> String {
        parse(input.as_bytes()).to_json().to_string()
    }

    #[test]
    fn brackets_nest() {
        assert_eq!(
            json("fields[message]=Hi+there&fields[attach][0][text]=%C3%A4&botId=7"),
            r#"{"fields":{"message":"Hi there","attach":[{"text":"ä"}]},"botId":"7"}"#
        );
        assert_eq!(
            json("a[]=1&a[]=2&a[x]=3&a[]=4"),
            r#"{"a":{"0":"1","1":"2","x":"3","2":"4"}}"#
        );
    }

    #[test]
    fn odd_names_parse_like_php() {
        assert_eq!(json("a.b=1&c d=2"), r#"{"a_b":"1","c_d":"2"}"#);
        assert_eq!(json("a[b=1"), r#"{"a_b":"1"}"#);
        assert_eq!(
            json("a[ ]=1&b[%0B]=2&c[  ]=3"),
            r#"{"a":["1"],"b":["2"],"c":{"  ":"3"}}"#
        );
        assert_eq!(json("a[b]tail=1"), r#"{"a":{"b":"1"}}"#);
        assert_eq!(json("[a]=1"), r#"{"_a]":"1"}"#);
        assert_eq!(json("=1&&x"), r#"{"x":""}"#);
        assert_eq!(json("a=1&a[b]=2"), r#"{"a":{"b":"2"}}"#);
        assert_eq!(json("ä[ö]=1"), r#"{"ä":{"ö":"1"}}"#);
    }

    #[test]
    fn excess_parameters_are_dropped() {
        let deep = format!("a{}=1&b=2", "[x]".repeat(MAX_DEPTH + 1));
        assert_eq!(json(&deep), r#"{"b":"2"}"#);
        let many: String = (0..2_000).map(|n| format!("v{n}=1&")).collect();
        assert_eq!(parse(many.as_bytes()).iter().count(), MAX_VARIABLES);
        parse(b"%ff%fe[%80]=%c3&[[[]]]=&]=[&%");
    }
}
