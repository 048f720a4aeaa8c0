//! Counters as they come over the wire.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::counter::Counter;
use super::number::{MAX_REVISION, Revision};
use super::revisions::Revisions;

impl Serialize for Revisions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for counter in Counter::ALL {
            if let Some(value) = self.get(counter) {
                map.serialize_entry(counter.as_str(), &value)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Revisions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Counters { seen, wrong } = Counters::deserialize(deserializer)?;
        wrong.map_or(Ok(seen), |wrong| Err(de::Error::custom(wrong)))
    }
}

/// All counters that can be read, and why `rest` is wrong.
pub(crate) struct Counters {
    pub(crate) seen: Revisions,
    pub(crate) wrong: Option<String>,
}

impl<'de> Deserialize<'de> for Counters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(CountersVisitor)
    }
}

struct CountersVisitor;

impl<'de> Visitor<'de> for CountersVisitor {
    type Value = Counters;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of revision counters, with the key `rest`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Counters, A::Error> {
        let (mut seen, mut wrong) = (Revisions::default(), None);
        while let Some(key) = map.next_key::<String>()? {
            let Some(counter) = Counter::of_word(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let CounterValue(value) = map.next_value()?;
            if counter == Counter::Rest {
                let error = value.as_ref().err();
                wrong = error.map(|error| format!("`{}` is no revision: {error}", counter.as_str()));
            }
            let value = value.unwrap_or_default();
            if let Some(slot) = seen.reported.get_mut(counter.index()) {
                *slot = value;
            }
        }
        Ok(Counters { seen, wrong })
    }
}

/// A counter, or why the value is wrong. Values of all types are read to their end, so
/// that the members after them can be read.
struct CounterValue(Result<Option<Revision>, String>);

impl CounterValue {
    fn wrong(unexpected: Unexpected<'_>) -> Self {
        let error: de::value::Error = de::Error::invalid_value(unexpected, &CounterValueVisitor);
        CounterValue(Err(error.to_string()))
    }
}

impl<'de> Deserialize<'de> for CounterValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CounterValueVisitor)
    }
}

struct CounterValueVisitor;

impl<'de> Visitor<'de> for CounterValueVisitor {
    type Value = CounterValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {MAX_REVISION}")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<CounterValue, E> {
        Ok(match Revision::try_from(value) {
            Ok(revision) if revision <= MAX_REVISION => CounterValue(Ok(Some(revision))),
            _ => CounterValue::wrong(Unexpected::Unsigned(value)),
        })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<CounterValue, E> {
        match u64::try_from(value) {
            Ok(value) => self.visit_u64(value),
            Err(_) => Ok(CounterValue::wrong(Unexpected::Signed(value))),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<CounterValue, E> {
        // NaN and infinities fail the range check; the cast is exact within it.
        if value.fract() == 0.0 && (0.0..=f64::from(MAX_REVISION)).contains(&value) {
            Ok(CounterValue(Ok(Some(value as Revision))))
        } else {
            Ok(CounterValue::wrong(Unexpected::Float(value)))
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<CounterValue, E> {
        let digits = value.trim();
        if digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse::<u64>()
        {
            return self.visit_u64(number);
        }
        // The error does not repeat the text: it may be a secret.
        Ok(CounterValue::wrong(Unexpected::Other("text that is no number")))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<CounterValue, E> {
        Ok(CounterValue::wrong(Unexpected::Bool(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<CounterValue, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(CounterValue::wrong(Unexpected::Seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<CounterValue, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(CounterValue::wrong(Unexpected::Map))
    }

    fn visit_unit<E: de::Error>(self) -> Result<CounterValue, E> {
        Ok(CounterValue(Ok(None)))
    }

    fn visit_none<E: de::Error>(self) -> Result<CounterValue, E> {
        Ok(CounterValue(Ok(None)))
    }
}
