//! Limits for a text from outside, in bytes and in JSON values.
//!
//! Bytes alone do not bound the memory: `{"":0}` has six bytes and takes about 440 as a
//! [`Value`](serde_json::Value). So values are counted, too. They are counted in the bytes,
//! before serde parses them. So a reply can be rejected while it arrives, and the count does
//! not depend on the features of `serde_json`.

/// The most bytes of an error, of a probe's reply, or of an authorisation server's reply.
pub(crate) const SMALL_BYTES: usize = 64 * 1024;

/// The most values of such a reply.
const SMALL_VALUES: usize = 8 * 1024;

/// The limits of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) bytes: usize,
    /// The names of an object's members count as values.
    pub(crate) values: usize,
}

impl Budget {
    /// The limits for errors, probes and authorisation servers.
    pub(crate) const SMALL: Self = Self {
        bytes: SMALL_BYTES,
        values: SMALL_VALUES,
    };

    /// The default limits for calls. 500 messages of 50 fields, with their users and files,
    /// have about 110,000 values.
    pub(crate) const CALL: Self = Self {
        bytes: 16 * 1024 * 1024,
        values: 512 * 1024,
    };

    /// The limits for a reply with this HTTP status. An error has the small limits.
    fn at(self, status: u16) -> Self {
        match (200..300).contains(&status) {
            true => self,
            false => Self {
                bytes: self.bytes.min(Self::SMALL.bytes),
                values: self.values.min(Self::SMALL.values),
            },
        }
    }
}

/// The limit that a text exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// More bytes than this.
    Bytes(usize),
    /// More values than this.
    Values(usize),
}

/// Measures a reply while it arrives.
pub(crate) struct Meter {
    budget: Budget,
    read: usize,
    #[cfg(any(test, feature = "registry"))]
    counter: Counter,
    /// The first bytes, without white space.
    head: Vec<u8>,
}

impl Meter {
    /// A meter for a reply with this HTTP status.
    pub(crate) fn new(budget: Budget, status: u16) -> Self {
        let budget = budget.at(status);
        Self {
            budget,
            read: 0,
            #[cfg(any(test, feature = "registry"))]
            counter: Counter::new(budget.values),
            head: Vec::new(),
        }
    }

    /// The most bytes that are read.
    #[cfg(feature = "reqwest")]
    pub(crate) fn most_bytes(&self) -> usize {
        self.budget.bytes
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// [`Excess`] if the reply is too large. A reply that begins as an error has an error's
    /// limit of bytes.
    #[cfg(any(test, feature = "registry"))]
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<(), Excess> {
        self.take_bytes(bytes)?;
        match self.counter.take(bytes) {
            true => Ok(()),
            false => Err(Excess::Values(self.budget.values)),
        }
    }

    /// Checks a reply that is in memory as a whole. A short one is not counted: see [`is_within`].
    ///
    /// # Errors
    ///
    /// [`Excess`] if the reply is too large. A reply that begins as an error has an error's
    /// limit of bytes.
    pub(crate) fn check(budget: Budget, status: u16, text: &[u8]) -> Result<(), Excess> {
        let mut meter = Self::new(budget, status);
        meter.take_bytes(text)?;
        let values = meter.budget.values;
        is_within(text, values)
            .then_some(())
            .ok_or(Excess::Values(values))
    }

    fn take_bytes(&mut self, bytes: &[u8]) -> Result<(), Excess> {
        /// So many bytes show whether the first member is an error that is not empty.
        const TELLING: usize = 11;
        let missing = TELLING - self.head.len();
        let visible = bytes.iter().filter(|byte| !is_blank(**byte));
        self.head.extend(visible.take(missing));
        self.read = self.read.saturating_add(bytes.len());
        let most = match begins_with_error(&self.head) {
            true => self.budget.bytes.min(SMALL_BYTES),
            false => self.budget.bytes,
        };
        match self.read > most {
            true => Err(Excess::Bytes(most)),
            false => Ok(()),
        }
    }
}

/// White space, and the bytes of a byte order mark.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xef | 0xbb | 0xbf)
}

/// Whether the first member of an object is an `error` that is not empty.
fn begins_with_error(head: &[u8]) -> bool {
    match head.strip_prefix(br#"{"error":"#) {
        Some([b'"', next, ..]) => *next != b'"',
        Some([b'[', next, ..]) => *next != b']',
        Some([b'{', next, ..]) => *next != b'}',
        Some([first, ..]) => matches!(first, b'1'..=b'9' | b'-' | b't'),
        _ => false,
    }
}

/// Counts the values of a JSON text that comes in pieces.
pub(crate) struct Counter {
    left: usize,
    at: At,
}

#[derive(Clone, Copy)]
enum At {
    /// Before the first byte that is not blank.
    Start,
    Between,
    Text,
    Escape,
    /// In a number or a word.
    Bare,
    /// In a text that begins with neither a list nor an object: one value at most, or no JSON.
    Single,
}

impl Counter {
    /// A counter with this limit.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            left: most,
            at: At::Start,
        }
    }

    /// Counts the next bytes. Returns whether the text is still within the limit.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            let (begins, at) = match (self.at, byte) {
                (At::Single, _) => return true,
                (At::Start, byte) if is_blank(*byte) => (false, At::Start),
                (At::Start, b'{' | b'[') => (true, At::Between),
                (At::Start, _) => (false, At::Single),
                (At::Text, b'\\') => (false, At::Escape),
                (At::Text, b'"') => (false, At::Between),
                (At::Text | At::Escape, _) => (false, At::Text),
                (_, b'"') => (true, At::Text),
                (_, b'{' | b'[') => (true, At::Between),
                (_, b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r') => (false, At::Between),
                (At::Between, _) => (true, At::Bare),
                (At::Bare, _) => (false, At::Bare),
            };
            self.at = at;
            match self.left.checked_sub(usize::from(begins)) {
                Some(left) => self.left = left,
                None => return false,
            }
        }
        true
    }
}

/// Whether a JSON text is within a limit of values. A text that is no list and no object counts
/// as one value at most.
pub(crate) fn is_within(text: &[u8], values: usize) -> bool {
    // Each value has at least one byte.
    text.len() <= values || Counter::new(values).take(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::wire::json;

    /// Values as serde makes them, with the names of members.
    fn count(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
            Value::Object(members) => 1 + members.values().map(|own| 1 + count(own)).sum::<usize>(),
            _ => 1,
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = r#"[\PC"\\{}\[\],: \n\u{0}é😀]{0,8}"#;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e300..1e300_f64).prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 6, move |inner| {
            let members = prop::collection::vec((text, inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// However it is written, and however it is cut into pieces.
        #[test]
        fn value_count_matches_serde(
            value in any_value(),
            is_pretty: bool,
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        ) {
            let value = json!([value]);
            let text = match is_pretty {
                true => format!("\u{feff}\r\n{value:#}\n"),
                false => value.to_string(),
            };
            let exact = count(&value);
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            for (most, is_enough) in [(exact, true), (exact - 1, false)] {
                let mut counter = Counter::new(most);
                let mut pieces = cuts.windows(2).map(|ends| &text.as_bytes()[ends[0]..ends[1]]);
                prop_assert_eq!(pieces.all(|piece| counter.take(piece)), is_enough);
            }
        }

        /// Within the limit the value is serde's: order, duplicates, numbers and all.
        #[test]
        fn limited_text_reads_like_serde(value in any_value(), beside in any_value()) {
            let text = format!(r#"{{"b":{value},"a":[1.0,-0,18446744073709551615,1e3],"b":{beside}}}"#);
            let ours = json::read::<Value>(text.as_bytes(), usize::MAX).unwrap();
            let serdes: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(ours.to_string(), serdes.to_string());
            let refused = json::read::<Value>(text.as_bytes(), 8);
            let is_refused = matches!(refused, Err(json::ReadError::TooMany { limit: 8 }));
            prop_assert!(is_refused);
        }

        /// What is no JSON is refused as serde refuses it, and never counted as less than serde
        /// has made of it by then.
        #[test]
        fn invalid_text_fails_like_serde(text in r#"[\[\]{},:"\\0-9a-z \n-]{0,40}"#) {
            let ours = json::read::<Value>(text.as_bytes(), usize::MAX);
            let serdes = serde_json::from_str::<Value>(&text);
            prop_assert_eq!(ours.is_ok(), serdes.is_ok(), "{}", text);
        }
    }

    #[test]
    fn deep_texts_are_refused() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for (depth, is_read) in [(127, true), (128, false), (100_000, false)] {
                let text = format!("{}0{}", open.repeat(depth), close.repeat(depth));
                let read = json::read::<Value>(text.as_bytes(), usize::MAX);
                assert_eq!(read.is_ok(), is_read, "{open} {depth}");
            }
        }
    }

    #[test]
    fn other_texts_are_not_counted() {
        for text in ["<html>a b c d</html>", "a b c d", "\"a b\"", "", "1 2 3"] {
            assert!(is_within(text.as_bytes(), 1), "{text}");
        }
    }

    #[test]
    fn error_prefix_identifies_error_reply() {
        for (text, is_error) in [
            (r#"{"error":"X""#, true),
            (" {\r\n \"error\" : \"X\"", true),
            ("\u{feff}{\"error\":{\"code\"", true),
            (r#"{"error":["X""#, true),
            (r#"{"error":17,"#, true),
            (r#"{"error":true"#, true),
            (r#"{"error":"","#, false),
            (r#"{"error":" ","#, false),
            (r#"{"error":null,"#, false),
            (r#"{"error":false"#, false),
            (r#"{"error":0,"re"#, false),
            (r#"{"error":[],"#, false),
            (r#"{"error":{},"#, false),
            (r#"{"errors":"X""#, false),
            (r#"{"result":"X""#, false),
            (r#"["error":"X""#, false),
        ] {
            for size in [1, 5, 100] {
                let mut meter = Meter::new(Budget::CALL, 200);
                for piece in text.as_bytes().chunks(size) {
                    meter.take(piece).unwrap();
                }
                let more = meter.take(&vec![b' '; SMALL_BYTES]);
                let expected = if is_error {
                    Err(Excess::Bytes(SMALL_BYTES))
                } else {
                    Ok(())
                };
                assert_eq!(more, expected, "{text}");
            }
        }
    }

    #[test]
    fn status_decides_reply_limit() {
        for (status, most) in [
            (200, 1_000_000),
            (299, 1_000_000),
            (302, SMALL_BYTES),
            (404, SMALL_BYTES),
            (500, SMALL_BYTES),
        ] {
            let budget = Budget {
                bytes: 1_000_000,
                values: 10_000,
            };
            let whole = vec![b'x'; most];
            assert_eq!(Meter::new(budget, status).take(&whole), Ok(()), "{status}");
            let mut meter = Meter::new(budget, status);
            assert_eq!(meter.take(&whole), Ok(()));
            assert_eq!(meter.take(b"x"), Err(Excess::Bytes(most)), "{status}");
        }
    }
}
