//! References: text in a command of a batch that a portal replaces by a part of another reply.
//!
//! A portal searches all values at any depth for this pattern: `$`, one of five names in any
//! case, then characters other than white space, with at least one pair of brackets that is not
//! empty. It replaces the whole match up to the next white space. There is no escape. Source:
//! `rest/classes/general/rest_util.php`, `processBatchElement`, and `rest_provider.php`,
//! `methodsBatch`.
//!
//! A portal searches names, too. It has split them at brackets before, so a name with such text
//! arrives as another name.

use serde_json::{Map, Value};

/// The names under which a portal keeps the parts of each reply.
const NAMES: [&str; 5] = ["result", "next", "total", "time", "error"];

/// Values that are nested deeper are not written into a command.
const MAX_DEPTH: usize = 64;

/// Each part of a text that a portal would replace or remove, up to white space.
pub(crate) fn matches(text: &str) -> impl Iterator<Item = &str> {
    // PHP's pattern works on bytes, so only ASCII white space counts.
    let words = text.split([' ', '\t', '\n', '\x0B', '\x0C', '\r']);
    words.filter_map(|word| {
        let dollars = word.match_indices('$');
        let mut found = dollars.filter_map(|(at, _)| word.get(at..).zip(path_of(word.get(at + 1..)?)));
        // The first name's match takes the rest of the word, with brackets or without.
        let (whole, path) = found.next()?;
        keys(path).next().is_some().then_some(whole)
    })
}

/// The text after a reference's name.
fn path_of(text: &str) -> Option<&str> {
    NAMES.iter().find_map(|name| {
        let (own, path) = text.split_at_checked(name.len())?;
        own.eq_ignore_ascii_case(name).then_some(path)
    })
}

/// The keys in brackets, as a portal reads them.
fn keys(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        loop {
            let (_, inner) = rest.split_once('[')?;
            let (key, after) = inner.split_once(']')?;
            if !key.is_empty() {
                rest = after;
                return Some(key);
            }
            rest = inner;
        }
    })
}

/// The path of the first parameter whose name or value has such text.
pub(crate) fn find(params: &Map<String, Value>) -> Option<String> {
    let is_one = |text: &str| matches(text).next().is_some();
    search(params, &is_one, &is_one)
}

/// The path of the first value of the new call with a reference that no value of the old call
/// has. The caller wrote the old call's references on purpose.
pub(crate) fn find_new(of: &Map<String, Value>, before: &Map<String, Value>) -> Option<String> {
    let mut known: Vec<Vec<&str>> = Vec::new();
    before
        .values()
        .for_each(|value| collect(value, MAX_DEPTH, &mut known));
    let is_new = |text: &str| matches(text).any(|found| !known.contains(&walk(found)));
    search(of, &|_| false, &is_new)
}

/// The name and the keys of a reference, by which a portal looks up its value.
fn walk(found: &str) -> Vec<&str> {
    let path = found.strip_prefix('$').and_then(path_of).unwrap_or_default();
    let name = found.strip_suffix(path).unwrap_or(found);
    std::iter::once(name).chain(keys(path)).collect()
}

fn collect<'v>(value: &'v Value, depth: usize, into: &mut Vec<Vec<&'v str>>) {
    match value {
        Value::String(text) => into.extend(matches(text).map(walk)),
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| collect(item, depth - 1, into)),
        Value::Object(members) if depth > 0 => {
            members.values().for_each(|item| collect(item, depth - 1, into));
        }
        _ => {}
    }
}

type Test<'t> = &'t dyn Fn(&str) -> bool;

/// The path of the first member whose name or value matches.
fn search(params: &Map<String, Value>, of_name: Test<'_>, of_value: Test<'_>) -> Option<String> {
    let mut path = Vec::new();
    search_members(params, of_name, of_value, MAX_DEPTH, &mut path)?;
    path.reverse();
    Some(path.join("."))
}

/// Appends the path's names from its end to its beginning.
fn search_members(
    members: &Map<String, Value>,
    of_name: Test<'_>,
    of_value: Test<'_>,
    depth: usize,
    path: &mut Vec<String>,
) -> Option<()> {
    members.iter().find_map(|(name, value)| {
        if !of_name(name) {
            search_value(value, of_name, of_value, depth, path)?;
        }
        path.push(name.clone());
        Some(())
    })
}

fn search_value(
    value: &Value,
    of_name: Test<'_>,
    of_value: Test<'_>,
    depth: usize,
    path: &mut Vec<String>,
) -> Option<()> {
    match value {
        Value::String(text) => of_value(text).then_some(()),
        Value::Object(members) if depth > 0 => search_members(members, of_name, of_value, depth - 1, path),
        Value::Array(items) if depth > 0 => items.iter().enumerate().find_map(|(nth, item)| {
            search_value(item, of_name, of_value, depth - 1, path)?;
            path.push(nth.to_string());
            Some(())
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::query;

    #[test]
    fn portal_resolves_these_references() {
        for (text, found) in [
            ("$result[a]", "$result[a]"),
            ("see $result[a][chat][dialogId]!", "$result[a][chat][dialogId]!"),
            ("$ReSuLt[a]", "$ReSuLt[a]"),
            ("$NEXT[a]", "$NEXT[a]"),
            ("x$total[a]", "$total[a]"),
            ("$time[a][start]", "$time[a][start]"),
            ("$error[a]", "$error[a]"),
            ("$error_description[a]", "$error_description[a]"),
            ("$results:see(this)[a]", "$results:see(this)[a]"),
            ("$result\u{a0}[a]", "$result\u{a0}[a]"),
            ("$5$result[a]", "$result[a]"),
            ("$next$result[a]", "$next$result[a]"),
            ("$result[]x[a]", "$result[]x[a]"),
            ("$result[[]", "$result[[]"),
            ("$result[ $time[a]", "$time[a]"),
            ("a\n$result[a]\tb", "$result[a]"),
            (r#"[{"TEXT":"$result[a]"}]"#, r#"$result[a]"}]"#),
            (r#"["$result","b",["c"]]"#, r#"$result","b",["c"]]"#),
        ] {
            assert_eq!(matches(text).collect::<Vec<_>>(), [found], "{text}");
        }
    }

    #[test]
    fn portal_leaves_other_texts() {
        for text in [
            "",
            "$",
            "$result",
            "result[a]",
            "$ result[a]",
            "$result [a]",
            "$result\n[a]",
            "$result\u{b}[a]",
            "$result[]",
            "$result[",
            "$result]a[",
            "$result[a b]",
            "$resul[a]",
            "$price[a]",
            "$re\u{17f}ult[a]",
            "%24result[a]",
            "$result%5Ba%5D",
            r"\u0024result[a]",
            "$rеsult[a]",
        ] {
            assert_eq!(matches(text).next(), None, "{text}");
        }
    }

    #[test]
    fn found_reference_path_is_reported() {
        let with = |params: Value| find(params.as_object().unwrap());
        for (params, path) in [
            (json!({"a": 1, "b": "$result[x]"}), "b"),
            (
                json!({"fields": {"list": [0, {"text": "see $TIME[x]"}]}}),
                "fields.list.1.text",
            ),
            (json!({"keyboard": r#"[{"TEXT":"$next[x]"}]"#}), "keyboard"),
            (json!({"fields": {"$result[x]": 1}}), "fields.$result[x]"),
        ] {
            assert_eq!(with(params).as_deref(), Some(path));
        }
        for params in [
            json!({}),
            json!({"a": [null, true, 7, {"b": ["$result", "[x]"]}]}),
        ] {
            assert_eq!(with(params), None);
        }
    }

    #[test]
    fn only_new_references_are_found() {
        let path = |of: Value, before: Value| find_new(of.as_object().unwrap(), before.as_object().unwrap());
        for (of, before) in [
            ("$result[a]", "\\u0024result[a]"),
            ("$RESULT[A]", "$result[a]"),
            ("$result[a][b]", "$result[a]"),
            ("$result[a]", "$result"),
        ] {
            let found = path(json!({"X": [of]}), json!({"x": before}));
            assert_eq!(found.as_deref(), Some("X.0"), "{of}");
        }
        for (of, before) in [
            ("x $result[a][b]!", "$result[a][b]"),
            ("$result", "y"),
            ("$result[a] $next[b]", "$next[b] and $result[a]"),
        ] {
            let found = path(json!({"X": of}), json!({"x": {"y": [before]}}));
            assert_eq!(found, None, "{of}");
        }
    }

    #[test]
    fn reference_search_covers_sent_depth() {
        let mut value = json!("$result[x]");
        for depth in 0..80 {
            let mut params = Map::new();
            params.insert("a".to_owned(), value.clone());
            let is_sent = !query::encode(&params).is_empty();
            assert_eq!(find(&params).is_some(), is_sent, "{depth}");
            value = if depth % 2 == 0 {
                json!([value])
            } else {
                json!({"b": value})
            };
        }
    }
}
