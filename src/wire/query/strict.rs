//! A form body, read without any guess.
//!
//! [`decode`](super::decode) reads what PHP would read. An event is a form that anybody can post. So
//! this reader rejects a form that two readers could read in two ways.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::name::{Keys, split_name};
use crate::wire::percent::hex;

/// The most names and values of a form. An event of a portal has some hundreds. An entry takes about 600 bytes.
pub(crate) const NAME_LIMIT: usize = 16 * 1024;

/// The longest part of a name that an error repeats, in characters.
const SHOWN: usize = 80;

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

/// A name from outside, shortened.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Shown(Box<str>);

impl Shown {
    pub(crate) fn of(name: &str) -> Self {
        let is_plain = |c: char| c.is_ascii_graphic() || c.is_alphanumeric();
        let shown = name.chars().take(SHOWN);
        Self(shown.map(|c| if is_plain(c) { c } else { '?' }).collect())
    }

    fn of_bytes(name: &[u8]) -> Self {
        let end = name.len().min(SHOWN * 4);
        Self::of(&String::from_utf8_lossy(name.get(..end).unwrap_or_default()))
    }
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
    let mut form = Form::default();
    // All names are decoded into one buffer.
    let mut buffer = Vec::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|byte| *byte == b'=');
        let (raw, value) = match at.and_then(|at| pair.split_at_checked(at)) {
            Some((name, value)) => (name, value.get(1..).unwrap_or_default()),
            None => (pair, &b""[..]),
        };
        let shown = |fault: Fault| fault.of(Shown::of_bytes(raw));
        buffer.clear();
        unescape(raw, &mut buffer).map_err(shown)?;
        let name = std::str::from_utf8(&buffer).map_err(|_| shown(Fault::NotUtf8))?;
        let mut bytes = Vec::with_capacity(value.len());
        unescape(value, &mut bytes).map_err(shown)?;
        let value = String::from_utf8(bytes).map_err(|_| shown(Fault::NotUtf8))?;
        form.put(name, value)?;
    }
    Ok(form.finish())
}

/// Puts pairs together that another reader has taken out of a form.
pub(crate) fn decode_pairs<N: AsRef<str>>(
    pairs: impl IntoIterator<Item = (N, String)>,
) -> Result<Map<String, Value>, FormError> {
    let mut form = Form::default();
    for (name, value) in pairs {
        form.put(name.as_ref(), value)?;
    }
    Ok(form.finish())
}

#[derive(Default)]
struct Form {
    root: Map<String, Value>,
    entries: usize,
}

impl Form {
    fn put(&mut self, name: &str, value: String) -> Result<(), FormError> {
        let Some((base, keys)) = split_name(name) else {
            // A name of nothing but spaces carries nothing. Portals send none.
            return match name
                .split('\0')
                .next()
                .unwrap_or_default()
                .trim_start_matches(' ')
            {
                "" => Ok(()),
                _ => Err(FormError::TooDeep(Shown::of(name))),
            };
        };
        if name.contains('\0') {
            // PHP ends a name at a zero byte, and other readers do not.
            return Err(FormError::NotUtf8(Shown::of(name)));
        }
        match self.insert(base, keys, value) {
            _ if self.entries > NAME_LIMIT => Err(FormError::TooMany),
            Some(()) => Ok(()),
            None => Err(FormError::Repeated(Shown::of(name))),
        }
    }

    fn insert(&mut self, base: Cow<'_, str>, keys: Keys<'_>, value: String) -> Option<()> {
        self.entries += 1;
        let place = match self.root.get_mut(&*base) {
            Some(place) => place,
            None => self.root.entry(base).or_insert(Value::Null),
        };
        insert(place, keys, value, &mut self.entries)
    }

    fn finish(mut self) -> Map<String, Value> {
        self.root.values_mut().for_each(make_lists);
        self.root
    }
}

/// Puts a value under these keys. `None` if there is a value already, or if some items of a list have keys and
/// others have none.
fn insert(place: &mut Value, mut keys: Keys<'_>, value: String, entries: &mut usize) -> Option<()> {
    let Some(key) = keys.next() else {
        if !place.is_null() {
            return None;
        }
        *place = Value::String(value);
        return Some(());
    };
    *entries += 1;
    let Some(key) = key else {
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        let items = place.as_array_mut()?;
        items.push(Value::Null);
        return insert(items.last_mut()?, keys, value, entries);
    };
    if place.is_null() {
        *place = Value::Object(Map::new());
    }
    let members = place.as_object_mut()?;
    // The last key is new, so it is not looked for first.
    let found = match keys.is_empty() {
        true => None,
        false => members.get_mut(key),
    };
    match found {
        Some(place) => insert(place, keys, value, entries),
        None => insert(members.entry(key).or_insert(Value::Null), keys, value, entries),
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
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Result<Value, FormError> {
        decode_strict(body.as_bytes()).map(Value::Object)
    }

    #[test]
    fn names_nest_as_in_php() {
        assert_eq!(
            read("a=1&b%5Bc%5D=x+y&d[]=1&d[]=2&e[0][f]=%C3%A4&g[7]=&h").unwrap(),
            json!({"a": "1", "b": {"c": "x y"}, "d": ["1", "2"], "e": [{"f": "ä"}], "g": {"7": ""}, "h": ""})
        );
        assert_eq!(read("&&=1&").unwrap(), json!({}));
    }

    #[test]
    fn ambiguous_forms_are_rejected() {
        for body in [
            "a=1&a=2",
            "a[b]=1&a%5Bb%5D=2",
            "a=1&a[b]=2",
            "a[b]=1&a=2",
            "a.b=1&a_b=2",
            "a[]=1&a[0]=2",
        ] {
            assert!(matches!(read(body), Err(FormError::Repeated(_))), "{body}");
        }
        for body in ["a=%4", "a=%", "a%5=1", "a=%zz"] {
            assert!(matches!(read(body), Err(FormError::BrokenEscape(_))), "{body}");
        }
        assert!(matches!(read("a=%ff"), Err(FormError::NotUtf8(_))));
        assert!(matches!(read("a%00b=1"), Err(FormError::NotUtf8(_))));
        let deep = format!("a{}=1", "[x]".repeat(super::super::name::MAX_DEPTH + 1));
        assert!(matches!(read(&deep), Err(FormError::TooDeep(_))));
        let many: String = (0..NAME_LIMIT).map(|n| format!("a{n}=1&")).collect();
        assert!(read(&many).is_ok());
        assert_eq!(read(&format!("{many}b=1")), Err(FormError::TooMany));
    }

    #[test]
    fn long_names_are_shortened() {
        let body = format!("{0}=1&{0}=2", "n\u{7}".repeat(10_000));
        let Err(FormError::Repeated(name)) = read(&body) else {
            panic!()
        };
        assert!(name.to_string().len() <= SHOWN && !name.to_string().contains('\u{7}'));
    }

    proptest::proptest! {
        #[test]
        fn plain_forms_read_alike(pairs in proptest::collection::vec(("[a-c]{1,2}(\\[[0-2a-b]\\]){0,3}", "[ -~]{0,4}"), 0..12)) {
            let body: String = form_urlencoded(&pairs);
            if let Ok(own) = decode_strict(body.as_bytes()) {
                proptest::prop_assert_eq!(own, super::super::decode(&body));
            }
        }
    }

    fn form_urlencoded(pairs: &[(String, String)]) -> String {
        let mut body = String::new();
        for (name, value) in pairs {
            super::super::append_pair(&mut body, name, value);
        }
        body
    }
}
