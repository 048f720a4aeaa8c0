//! JSON in which no member is there twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value, and the first name that one of its objects has twice.
pub(super) struct Read {
    pub(super) value: Value,
    pub(super) repeated: Option<String>,
}

impl Read {
    fn of(value: impl Into<Value>) -> Self {
        Self {
            value: value.into(),
            repeated: None,
        }
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVisitor)
    }
}

struct ReadVisitor;

impl<'de> Visitor<'de> for ReadVisitor {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read::of(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Read, E> {
        Ok(Read::of(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Read, E> {
        Ok(Read::of(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Read, E> {
        Ok(Read::of(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Read, E> {
        Ok(Read::of(
            Number::from_f64(value).map_or(Value::Null, Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Read, E> {
        Ok(Read::of(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Read, E> {
        Ok(Read::of(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Read, A::Error> {
        let (mut list, mut repeated) = (Vec::new(), None);
        while let Some(item) = items.next_element::<Read>()? {
            repeated = repeated.or(item.repeated);
            list.push(item.value);
        }
        Ok(Read {
            value: Value::Array(list),
            repeated,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Read, A::Error> {
        let (mut object, mut repeated) = (Map::new(), None);
        while let Some((name, member)) = members.next_entry::<String, Read>()? {
            repeated = repeated.or(member.repeated);
            if object.contains_key(&name) {
                repeated = repeated.or_else(|| Some(name.clone()));
            }
            object.insert(name, member.value);
        }
        Ok(Read {
            value: Value::Object(object),
            repeated,
        })
    }
}
