//! JSON whose numbers may be too large for [`serde_json::Value`].
//!
//! A number such as `1e400`, or one of 400 digits, is valid JSON and fits no `f64`. Serde
//! rejects the whole text for it. This reader turns such a number into text, as PHP's
//! `JSON_BIGINT_AS_STRING` does, and keeps the rest.

use std::io::{self, BufReader, Read};

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Error, Value};

use super::budget::is_within;

/// Why a text is rejected.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// It has more values than this.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// It is not JSON, or has another type.
    Json(Error),
}

/// Reads JSON with a limit of values. Names of members count as values. Numbers that fit no
/// `f64` become text.
///
/// The limit bounds the memory: see [`budget`](super::budget). The time is linear in the text.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8], values: usize) -> Result<T, ReadError> {
    if !is_within(text, values) {
        return Err(ReadError::TooMany { limit: values });
    }
    let read = serde_json::from_slice(text).or_else(|error| match has_large(text) {
        true => serde_json::from_reader(BufReader::new(Quoted::of(text))),
        false => Err(error),
    });
    read.map_err(ReadError::Json)
}

/// A text without a byte order mark. Some portals and proxies send one, and serde rejects it.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// Whether it is JSON with a number that fits no `f64`.
fn has_large(text: &[u8]) -> bool {
    // `IgnoredAny` accepts numbers of any size, and rejects text that is not JSON.
    let is_json = serde_json::from_slice::<IgnoredAny>(text).is_ok();
    is_json && Tokens(text).any(|(_, is_large)| is_large)
}

/// The tokens of a JSON text, and whether each is a number that fits no `f64`.
struct Tokens<'t>(&'t [u8]);

impl<'t> Iterator for Tokens<'t> {
    type Item = (&'t [u8], bool);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.0.first()?;
        let length = match first {
            b'"' => length_of_string(self.0),
            b'-' | b'0'..=b'9' => {
                let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                self.0.iter().take_while(|byte| is_of_number(byte)).count()
            }
            _ => 1,
        };
        let (token, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        // The shortest is `9e308`, with five bytes.
        let is_large = *first != b'"' && length >= 5 && serde_json::from_slice::<Value>(token).is_err();
        Some((token, is_large))
    }
}

/// A JSON text, with quotes around numbers that fit no `f64`. The quotes are added while the text
/// is read, since a copy would take as much memory as the text.
struct Quoted<'t> {
    tokens: Tokens<'t>,
    /// The parts to read next, in this order.
    parts: [&'t [u8]; 3],
}

impl<'t> Quoted<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self {
            tokens: Tokens(text),
            parts: [b""; 3],
        }
    }
}

impl Read for Quoted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while let Some(free) = into.get_mut(written..).filter(|free| !free.is_empty()) {
            if let Some(part) = self.parts.iter_mut().find(|part| !part.is_empty()) {
                // Reading from memory does not fail.
                written += part.read(free)?;
                continue;
            }
            let Some((token, is_large)) = self.tokens.next() else {
                break;
            };
            let quote: &[u8] = if is_large { b"\"" } else { b"" };
            self.parts = [quote, token, quote];
        }
        Ok(written)
    }
}

/// The length of the string at the beginning of the text, with its quotes.
fn length_of_string(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const MANY: usize = 10_000;

    #[test]
    fn large_numbers_come_as_text() {
        let digits = "9".repeat(400);
        for large in [
            "1e400",
            "-1e400",
            "1E+400",
            "-1.5e9999",
            &digits,
            &format!("-{digits}.5"),
        ] {
            for (text, value) in [
                (large.to_owned(), json!(large)),
                (format!("[1,{large},2]"), json!([1, large, 2])),
                (
                    format!("{{\"a\": {large} , \"b\":{{\"c\":[{large}]}}, \"d\":1.5}}"),
                    json!({"a": large, "b": {"c": [large]}, "d": 1.5}),
                ),
                // What looks like one within a text is none.
                (
                    format!(r#"["{large}", "\\\"{large}\\", {large}]"#),
                    json!([large, format!("\\\"{large}\\"), large]),
                ),
            ] {
                assert_eq!(read::<Value>(text.as_bytes(), MANY).unwrap(), value, "{text}");
            }
        }
    }

    #[test]
    fn invalid_json_stays_invalid() {
        for text in [
            "1e400x",
            "01e400",
            "1.e400",
            "+1e400",
            "[1e400",
            "[1e400,]",
            "{1e400:1}",
            "{\"a\":1e400,}",
            "1e400 1",
            "-",
            "",
            "nan",
        ] {
            assert!(read::<Value>(text.as_bytes(), MANY).is_err(), "{text}");
        }
    }

    proptest! {
        /// Whatever stands beside comes as serde reads it.
        #[test]
        fn other_values_read_like_serde(
            key: String,
            text: String,
            whole: i64,
            part in -1e300..1e300_f64,
            cut: prop::sample::Index,
        ) {
            let value = json!({key: [text, whole, part, null, true, {}]});
            let beside = format!("[1e400,{value},1e400]");
            let read_beside = read::<Value>(beside.as_bytes(), MANY).unwrap();
            let plain: Value = serde_json::from_str(&value.to_string()).unwrap();
            prop_assert_eq!(read_beside, json!(["1e400", plain, "1e400"]));
            // Half of it is no JSON, and no panic.
            let half = beside.as_bytes().get(..cut.index(beside.len())).unwrap();
            prop_assert!(read::<Value>(half, MANY).is_err());
        }
    }
}
