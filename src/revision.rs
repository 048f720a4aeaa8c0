//! The four counters a portal reports, as they come over the wire.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A counter's value.
pub type Revision = u16;

/// The largest value taken for a revision.
///
/// In eight public years no counter passed 130, so a value of five digits is a
/// wrong field, a timestamp or a broken proxy rather than a revision, and is
/// refused instead of being believed.
pub const MAX_REVISION: Revision = 9_999;

/// One of the counters that `imbot.v2.Revision.get` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Axis {
    /// The server's REST API: the one to gate on.
    Rest,
    /// The web client's protocol.
    Web,
    /// The mobile client's protocol.
    Mobile,
    /// The desktop client's protocol. Not monotonic: in 2025 it was 5 or 6 by
    /// a portal setting. Portals below REST revision 26 do not report it.
    Desktop,
}

impl Axis {
    /// Every axis, in the order of the documentation.
    pub const ALL: [Axis; 4] = [Axis::Rest, Axis::Web, Axis::Mobile, Axis::Desktop];

    /// The key on the wire and in the table: `rest`, `web`, `mobile`, `desktop`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Axis::Rest => "rest",
            Axis::Web => "web",
            Axis::Mobile => "mobile",
            Axis::Desktop => "desktop",
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn from_key(key: &str) -> Option<Axis> {
        Axis::ALL.into_iter().find(|axis| axis.key() == key)
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Axis::Rest => "REST",
            other => other.key(),
        })
    }
}

/// What a portal reported: each counter, or nothing where it was silent.
///
/// Reading is tolerant where portals differ and strict where a wrong value would
/// be believed:
///
/// - keys that are missing or `null` are "not reported"; other keys are ignored;
/// - a whole number may come as an integer, as a float without fraction, or as
///   a string of digits, since PHP and proxies produce all three;
/// - negative, fractional and absurd values (above [`MAX_REVISION`]), booleans,
///   lists and objects are no counters. For `rest` that is an error that names the
///   key; another axis counts as not reported, since it must not discard `rest`. (A
///   probe keeps the other counters beside a wrong `rest`, too.)
///
/// ```
/// use imbot_caps::Revisions;
///
/// let seen: Revisions =
///     serde_json::from_str(r#"{"rest": "33", "web": 130.0, "im_revision_mobile": 23}"#)?;
/// assert_eq!(seen.rest(), Some(33));
/// assert_eq!(seen.web(), Some(130));
/// assert_eq!(seen.desktop(), None);
///
/// let refused = serde_json::from_str::<Revisions>(r#"{"rest": -1}"#);
/// assert!(refused.unwrap_err().to_string().contains("`rest`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Revisions {
    reported: [Option<Revision>; 4],
}

impl Revisions {
    /// A portal that reported `rest` and nothing else.
    #[must_use]
    pub const fn rest_only(rest: Revision) -> Self {
        Self {
            reported: [Some(rest), None, None, None],
        }
    }

    /// The same with one more counter reported.
    #[must_use]
    pub fn with(mut self, axis: Axis, value: Revision) -> Self {
        if let Some(slot) = self.reported.get_mut(axis.index()) {
            *slot = Some(value);
        }
        self
    }

    /// The same without the REST revision, where so many other counters than 0 were
    /// reported.
    #[cfg(feature = "registry")]
    pub(crate) fn others(self, least: usize) -> Option<Self> {
        let [_, web, mobile, desktop] = self.reported;
        let reported = [None, web, mobile, desktop];
        let count = reported.iter().filter(|other| **other > Some(0)).count();
        (count >= least).then_some(Self { reported })
    }

    /// The counter of one axis, when it was reported.
    #[must_use]
    pub fn get(&self, axis: Axis) -> Option<Revision> {
        self.reported.get(axis.index()).copied().flatten()
    }

    /// The REST revision, when it was reported.
    #[must_use]
    pub fn rest(&self) -> Option<Revision> {
        self.get(Axis::Rest)
    }

    /// The web client's counter, when it was reported.
    #[must_use]
    pub fn web(&self) -> Option<Revision> {
        self.get(Axis::Web)
    }

    /// The mobile client's counter, when it was reported.
    #[must_use]
    pub fn mobile(&self) -> Option<Revision> {
        self.get(Axis::Mobile)
    }

    /// The desktop client's counter, when it was reported.
    #[must_use]
    pub fn desktop(&self) -> Option<Revision> {
        self.get(Axis::Desktop)
    }
}

impl fmt::Debug for Revisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for axis in Axis::ALL {
            if let Some(value) = self.get(axis) {
                map.entry(&format_args!("{}", axis.key()), &value);
            }
        }
        map.finish()
    }
}

impl Serialize for Revisions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for axis in Axis::ALL {
            if let Some(value) = self.get(axis) {
                map.serialize_entry(axis.key(), &value)?;
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

/// All counters that can be read, and what is wrong with `rest`.
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
            let Some(axis) = Axis::from_key(&key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let Counter(value) = map.next_value()?;
            if axis == Axis::Rest {
                let error = value.as_ref().err();
                wrong = error.map(|error| format!("`{}` is no revision: {error}", axis.key()));
            }
            let value = value.unwrap_or_default();
            if let Some(slot) = seen.reported.get_mut(axis.index()) {
                *slot = value;
            }
        }
        Ok(Counters { seen, wrong })
    }
}

/// A counter, or why the value is none. Values of all types are read to their end, so
/// that the members after them are read too.
struct Counter(Result<Option<Revision>, String>);

impl Counter {
    fn wrong(unexpected: Unexpected<'_>) -> Self {
        let error: de::value::Error = de::Error::invalid_value(unexpected, &CounterVisitor);
        Counter(Err(error.to_string()))
    }
}

impl<'de> Deserialize<'de> for Counter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CounterVisitor)
    }
}

struct CounterVisitor;

impl<'de> Visitor<'de> for CounterVisitor {
    type Value = Counter;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {MAX_REVISION}")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Counter, E> {
        Ok(match Revision::try_from(value) {
            Ok(revision) if revision <= MAX_REVISION => Counter(Ok(Some(revision))),
            _ => Counter::wrong(Unexpected::Unsigned(value)),
        })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Counter, E> {
        match u64::try_from(value) {
            Ok(value) => self.visit_u64(value),
            Err(_) => Ok(Counter::wrong(Unexpected::Signed(value))),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Counter, E> {
        // NaN and infinities fail the range check; the cast is exact within it.
        if value.fract() == 0.0 && (0.0..=f64::from(MAX_REVISION)).contains(&value) {
            Ok(Counter(Ok(Some(value as Revision))))
        } else {
            Ok(Counter::wrong(Unexpected::Float(value)))
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Counter, E> {
        let digits = value.trim();
        if digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse::<u64>()
        {
            return self.visit_u64(number);
        }
        // Not repeated: whatever stands where a number should may be a secret.
        Ok(Counter::wrong(Unexpected::Other("text that is no number")))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Counter, E> {
        Ok(Counter::wrong(Unexpected::Bool(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Counter, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Counter::wrong(Unexpected::Seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Counter, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Counter::wrong(Unexpected::Map))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Counter, E> {
        Ok(Counter(Ok(None)))
    }

    fn visit_none<E: de::Error>(self) -> Result<Counter, E> {
        Ok(Counter(Ok(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Revisions, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn accepts_portal_counters() {
        let full = read(r#"{"rest":36,"web":130,"mobile":23,"desktop":6}"#).unwrap();
        assert_eq!(
            Axis::ALL.map(|axis| full.get(axis)),
            [Some(36), Some(130), Some(23), Some(6)]
        );
        let old = read(r#"{"rest":18,"web":117,"mobile":9}"#).unwrap();
        assert_eq!(old.desktop(), None);
        for same in [r#""33""#, r#"" 33 ""#, "33.0", "33", "3.3e1"] {
            let seen = read(&format!(r#"{{"rest":{same}}}"#)).unwrap();
            assert_eq!(seen.rest(), Some(33), "{same}");
        }
        let odd = read(r#"{"rest":33,"web":null,"nested":{"rest":[1,{"a":2}]}}"#).unwrap();
        assert_eq!(odd, Revisions::rest_only(33));
    }

    #[test]
    fn rejects_invalid_counters() {
        for wrong in [
            "-1",
            "33.5",
            "10000",
            "1e9",
            "1e400",
            "18446744073709551616",
            "true",
            "[]",
            "[33]",
            "{}",
            r#""""#,
            r#""+33""#,
            r#""0x21""#,
            r#""33.0""#,
            r#""thirty""#,
            r#""99999999999999999999999""#,
        ] {
            let error = read(&format!(r#"{{"rest":{wrong}}}"#)).unwrap_err();
            assert!(
                error.contains("rest") || error.contains("number out of range"),
                "{wrong}: {error}"
            );
        }
        for wrong in ["[]", "33", "null", "\"rest\"", "true"] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains("revision counters"), "{wrong}: {error}");
        }
    }

    #[test]
    fn bad_counter_keeps_the_others() {
        let nonsense = [
            "-1",
            "33.5",
            "10000",
            "1e99",
            "true",
            "[]",
            "[[33]]",
            "{}",
            r#"{"a":[1]}"#,
            r#""""#,
            r#""many""#,
            "null",
        ];
        for spoilt in [Axis::Web, Axis::Mobile, Axis::Desktop] {
            for wrong in nonsense {
                // Before the others and after them.
                let others: Vec<_> = Axis::ALL.into_iter().filter(|axis| *axis != spoilt).collect();
                let good: Vec<_> = others
                    .iter()
                    .map(|axis| format!(r#""{}":33"#, axis.key()))
                    .collect();
                let good = good.join(",");
                let wrong = format!(r#""{}":{wrong}"#, spoilt.key());
                for text in [format!("{{{wrong},{good}}}"), format!("{{{good},{wrong}}}")] {
                    let seen = read(&text).unwrap();
                    assert!(others.iter().all(|axis| seen.get(*axis) == Some(33)), "{text}");
                    assert_eq!(seen.get(spoilt), None, "{text}");
                }
            }
        }
    }

    #[test]
    fn writes_what_it_reads() {
        let seen = Revisions::rest_only(33).with(Axis::Desktop, 6);
        let text = serde_json::to_string(&seen).unwrap();
        assert_eq!(text, r#"{"rest":33,"desktop":6}"#);
        assert_eq!(read(&text).unwrap(), seen);
        assert_eq!(format!("{seen:?}"), "{rest: 33, desktop: 6}");
    }
}
