//! Reads a snapshot record by record. A record that cannot be read is skipped. At most one
//! record is in memory in its JSON form.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use super::error::SnapshotError;
use super::limits::{BYTE_LIMIT, FORMAT, RECORD_LIMIT};
use super::record::{RecordForm, SkipReason, Skipped, SnapshotRecord};
use super::snapshot::Snapshot;

/// Visitor methods that skip a single value, so that the rest of the text is read.
macro_rules! nothing_else {
    ($nothing:expr) => {
        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok($nothing)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok($nothing)
        }
    };
}

/// The limit of values in one record. Names count, too. A whole record has a third of it.
const RECORD_VALUES: usize = 128;

/// The longest text in a record, in bytes: longer than any address.
const TEXT_LIMIT: usize = 1_024;

/// The parts of a text that may be a snapshot.
#[derive(Default)]
struct Read {
    format: Option<Value>,
    records: Option<Snapshot>,
    is_too_many: bool,
}

impl Read {
    /// The snapshot, if the text is one.
    fn finish(self) -> Result<Snapshot, SnapshotError> {
        match self.format.as_ref().and_then(Value::as_u64) {
            Some(1..=FORMAT) => {}
            Some(found @ 1..) => return Err(SnapshotError::Newer { found }),
            Some(0) | None => return Err(SnapshotError::NotASnapshot),
        }
        match self.is_too_many {
            true => Err(SnapshotError::TooMany { limit: RECORD_LIMIT }),
            false => self.records.ok_or(SnapshotError::NotASnapshot),
        }
    }
}

impl Snapshot {
    /// Reads the JSON that `serde_json` has written.
    ///
    /// It reads the text on this thread, in time that is proportional to its length, which is 1 GiB at
    /// most. A program reads its snapshot before it serves requests. While it serves requests, call
    /// this and [`Registry::restore`](crate::Registry::restore) in
    /// [`spawn_blocking`](tokio::task::spawn_blocking).
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] if the text is not a snapshot, has a newer format, or is too large.
    /// Records that cannot be read are not an error: see [`skipped`](Self::skipped).
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, SnapshotError> {
        let json = json.as_ref();
        if json.len() > BYTE_LIMIT {
            return Err(SnapshotError::TooLong { limit: BYTE_LIMIT });
        }
        let read: Result<Read, _> = serde_json::from_slice(json);
        let read = read.map_err(|error| SnapshotError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        read.finish()
    }
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::deserialize(deserializer)?
            .finish()
            .map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Top)
    }
}

/// Reads the whole text. If it is not an object, nothing of it is kept.
struct Top;

impl<'de> Visitor<'de> for Top {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut read = Read::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "format" => read.format = map.next_value_seed(Bounded(&Cell::new(RECORD_VALUES)))?,
                // If there are two lists, the last one counts.
                "records" => (read.records, read.is_too_many) = map.next_value::<Records>()?.0,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(read)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Read, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Read::default())
    }

    nothing_else!(Read::default());
}

/// The list of records, and whether it is longer than the limit.
struct Records((Option<Snapshot>, bool));

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfRecords).map(Records)
    }
}

/// Reads a value that holds no more values than are left. A larger one is skipped, and the rest
/// of the text is read.
#[derive(Clone, Copy)]
struct Bounded<'c>(&'c Cell<usize>);

impl Bounded<'_> {
    fn take(self, value: impl Into<Value>) -> Option<Value> {
        self.enter().then(|| value.into())
    }

    fn enter(self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(self.take(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Option<Value>, E> {
        Ok(self.take(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Option<Value>, E> {
        Ok(self.take(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Option<Value>, E> {
        Ok(self.take(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Option<Value>, E> {
        Ok(Some(text)
            .filter(|text| text.len() <= TEXT_LIMIT)
            .and_then(|text| self.take(text)))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<Value>, E> {
        Ok(self.take(Value::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<Value>, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Value>, A::Error> {
        let mut list = self.enter().then(Vec::new);
        while let Some(item) = items.next_element_seed(self)? {
            list = list.zip(item).map(|(mut list, item)| {
                list.push(item);
                list
            });
        }
        Ok(list.map(Value::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Value>, A::Error> {
        /// The name of a number in serde_json, if another crate has turned on its feature
        /// `arbitrary_precision`.
        const NUMBER: &str = "$serde_json::private::Number";
        let mut object = self.enter().then(Map::new);
        while let Some(name) = members.next_key_seed(self)? {
            let value = members.next_value_seed(self)?;
            let named = name
                .as_ref()
                .and_then(Value::as_str)
                .map(str::to_owned)
                .zip(value);
            object = object.zip(named).map(|(mut object, (name, value))| {
                object.insert(name, value);
                object
            });
        }
        let number = object.as_ref().and_then(|object| object.get(NUMBER)?.as_str());
        let number = number.and_then(|digits| digits.parse::<Number>().ok());
        Ok(number.map(Value::Number).or(object.map(Value::Object)))
    }
}

/// Reads records, each by itself.
struct OfRecords;

impl<'de> Visitor<'de> for OfRecords {
    type Value = (Option<Snapshot>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let (mut snapshot, mut place) = (Snapshot::default(), 0);
        while let Some(value) = items.next_element_seed(Bounded(&Cell::new(RECORD_VALUES)))? {
            if place == RECORD_LIMIT {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                return Ok((None, true));
            }
            let form = value
                .ok_or(SkipReason::Malformed)
                .and_then(|value| RecordForm::deserialize(value).map_err(|_| SkipReason::Malformed));
            match form.and_then(SnapshotRecord::try_from) {
                Ok(record) => snapshot.records.push(record),
                Err(reason) => snapshot.skipped.push(Skipped { place, reason }),
            }
            place = place.saturating_add(1);
        }
        Ok((Some(snapshot), false))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok((None, false))
    }

    nothing_else!((None, false));
}
