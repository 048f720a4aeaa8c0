//! Values as PHP sees them.
//!
//! A portal reads JSON, forms and query strings into the same arrays: ordered,
//! with keys that are integers wherever they look like one. The order decides
//! which command of a batch runs first, and the casts decide what `"N"` or `1`
//! means, so the emulator computes with these values and not with JSON.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

/// A key of an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Int(i64),
    Text(String),
}

impl Key {
    pub(super) fn as_text(&self) -> String {
        match self {
            Key::Int(number) => number.to_string(),
            Key::Text(text) => text.clone(),
        }
    }
}

impl From<&str> for Key {
    /// Text that is an integer in its shortest form is that integer.
    fn from(text: &str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Key::Int(number),
            _ => Key::Text(text.to_owned()),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Array(Array),
}

impl Value {
    /// The string cast: `true` is `"1"`, `false` and null are `""`.
    pub(super) fn to_text(&self) -> String {
        match self {
            Value::Null | Value::Bool(false) => String::new(),
            Value::Bool(true) => "1".to_owned(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::Array(_) => "Array".to_owned(),
        }
    }

    /// The integer cast: the digits at the start of a string, else 0.
    pub(super) fn to_int(&self) -> i64 {
        match self {
            Value::Null => 0,
            Value::Bool(yes) => i64::from(*yes),
            Value::Int(number) => *number,
            // Saturates, where PHP leaves the result open.
            Value::Float(number) => *number as i64,
            Value::Text(text) => leading_int(text),
            Value::Array(array) => i64::from(!array.is_empty()),
        }
    }

    /// The boolean cast.
    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(yes) => *yes,
            Value::Int(number) => *number != 0,
            Value::Float(number) => *number != 0.0,
            Value::Text(text) => !text.is_empty() && text != "0",
            Value::Array(array) => !array.is_empty(),
        }
    }

    pub(super) fn as_array(&self) -> Option<&Array> {
        match self {
            Value::Array(array) => Some(array),
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(yes) => Json::from(*yes),
            Value::Int(number) => Json::from(*number),
            Value::Float(number) => Json::from(*number),
            Value::Text(text) => Json::from(text.as_str()),
            Value::Array(array) => array.to_json(),
        }
    }
}

fn leading_int(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    digits
        .bytes()
        .map_while(|byte| byte.is_ascii_digit().then(|| i64::from(byte - b'0')))
        .fold(0_i64, |sum, digit| {
            sum.saturating_mul(10).saturating_add(sign * digit)
        })
}

/// An ordered map; a list is one whose keys are 0, 1, 2 and so on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Array {
    entries: Vec<(Key, Value)>,
}

impl Array {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Key, &Value)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let key = Key::from(key);
        self.entries
            .iter()
            .find_map(|(own, value)| (*own == key).then_some(value))
    }

    /// The first of these keys that is there and not null, as `a ?? b` finds it.
    pub(super) fn get_any(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter()
            .filter_map(|key| self.get(key))
            .find(|value| **value != Value::Null)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        let key = Key::from(key);
        let at = self.entries.iter().position(|(own, _)| *own == key)?;
        Some(self.entries.remove(at).1)
    }

    /// Changes the value of a key, which is null until then.
    pub(super) fn edit(&mut self, key: Key, edit: impl FnOnce(&mut Value)) {
        if let Some((_, slot)) = self.entries.iter_mut().find(|(own, _)| *own == key) {
            return edit(slot);
        }
        let mut value = Value::Null;
        edit(&mut value);
        self.entries.push((key, value));
    }

    /// The key that a value without one gets: one above the greatest integer.
    pub(super) fn next_key(&self) -> Key {
        let greatest = self.entries.iter().filter_map(|(key, _)| match key {
            Key::Int(number) => Some(*number),
            Key::Text(_) => None,
        });
        Key::Int(greatest.max().map_or(0, |number| number.saturating_add(1)))
    }

    /// This array overlaid with another, as `array_replace` does it.
    pub(super) fn overlaid(self, other: Array) -> Array {
        self.entries.into_iter().chain(other.entries).collect()
    }

    /// The same with upper-case keys, which is how legacy methods read them.
    pub(super) fn with_upper_case_keys(self) -> Array {
        let upper = |(key, value)| match key {
            Key::Text(text) => (Key::Text(text.to_uppercase()), value),
            Key::Int(_) => (key, value),
        };
        self.entries.into_iter().map(upper).collect()
    }

    /// An object, even where the keys are those of a list.
    pub(super) fn to_json_object(&self) -> serde_json::Map<String, Json> {
        self.iter()
            .map(|(key, value)| (key.as_text(), value.to_json()))
            .collect()
    }

    pub(super) fn to_json(&self) -> Json {
        to_json(
            self.iter()
                .map(|(key, value)| (key.clone(), value.to_json()))
                .collect(),
        )
    }
}

impl FromIterator<(Key, Value)> for Array {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(pairs: I) -> Self {
        let mut index: HashMap<Key, usize> = HashMap::new();
        let mut entries: Vec<(Key, Value)> = Vec::new();
        for (key, value) in pairs {
            let at = *index.entry(key.clone()).or_insert(entries.len());
            match entries.get_mut(at) {
                Some((_, slot)) => *slot = value,
                None => entries.push((key, value)),
            }
        }
        Self { entries }
    }
}

/// JSON as PHP writes an array: a list when the keys are 0, 1, 2 and so on, and
/// so `[]` when there are none; else an object.
pub(super) fn to_json(entries: Vec<(Key, Json)>) -> Json {
    let is_list = (0..).zip(&entries).all(|(at, (key, _))| *key == Key::Int(at));
    if is_list {
        entries.into_iter().map(|(_, value)| value).collect()
    } else {
        entries
            .into_iter()
            .map(|(key, value)| (key.as_text(), value))
            .collect()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        // Integers that do not fit become floats.
        Ok(i64::try_from(number).map_or(Value::Float(number as f64), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(value) = items.next_element()? {
            entries.push((Key::Int(entries.len() as i64), value));
        }
        Ok(Value::Array(Array { entries }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = pairs.next_entry::<String, Value>()? {
            entries.push((Key::from(key.as_str()), value));
        }
        Ok(Value::Array(entries.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn arrays_keep_order_and_kind() {
        let value = read(r#"{"z": 1, "a": 2, "z": 3}"#);
        let keys: Vec<_> = value
            .as_array()
            .unwrap()
            .iter()
            .map(|(k, _)| k.as_text())
            .collect();
        assert_eq!(keys, ["z", "a"]);
        assert_eq!(
            read(r#"{"0": "a", "1": "b"}"#).to_json().to_string(),
            r#"["a","b"]"#
        );
        assert_eq!(
            read(r#"{"1": "a", "0": "b"}"#).to_json().to_string(),
            r#"{"1":"a","0":"b"}"#
        );
        assert_eq!(read("{}").to_json().to_string(), "[]");
    }

    #[test]
    fn canonical_integers_become_integer_keys() {
        assert_eq!(Key::from("7"), Key::Int(7));
        assert_eq!(Key::from("-7"), Key::Int(-7));
        for text in ["07", "+7", "-0", " 7", "7.0", "99999999999999999999", ""] {
            assert_eq!(Key::from(text), Key::Text(text.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn casts_are_those_of_php() {
        assert_eq!(read("true").to_text(), "1");
        assert_eq!(read("false").to_text(), "");
        assert_eq!(read("18446744073709551615"), Value::Float(18446744073709551615.0));
        assert_eq!(Value::Text(" -12abc".into()).to_int(), -12);
        assert_eq!(Value::Text("abc".into()).to_int(), 0);
        assert_eq!(Value::Text("9".repeat(40)).to_int(), i64::MAX);
        assert!(!Value::Text("0".into()).is_truthy());
        assert!(Value::Text("false".into()).is_truthy());
    }

    #[test]
    fn keyless_value_follows_greatest_key() {
        let mut array = Array::default();
        assert_eq!(array.next_key(), Key::Int(0));
        array.edit(Key::Int(5), |_| ());
        assert_eq!(array.next_key(), Key::Int(6));
    }
}
