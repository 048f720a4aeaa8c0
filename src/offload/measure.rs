//! Decides which work takes long.

use serde_json::{Map, Value};

use crate::wire::{Call, Reply, budget};

/// The length in bytes above which a text is read off the workers. A shorter text is read in about a
/// millisecond, and handing it over may cost as much.
const LONG: usize = 256 * 1024;

/// The number of JSON values above which a text is read off the workers. Each value may be an error
/// whose texts are searched for secrets.
const MANY: usize = 2 * 1024;

/// The depth above which work with a value takes long. A portal's JSON is less deep: serde reads 128
/// levels.
const DEEPEST: usize = 128;

/// Whether reading a text takes long.
pub(crate) fn is_long(text: &[u8]) -> bool {
    text.len() > LONG || !budget::is_within(text, MANY)
}

/// Whether reading a query or a form takes long. Each of its fields is a value.
pub(crate) fn is_long_form(text: &[u8]) -> bool {
    !Measure::default().takes_text(text)
}

/// Whether work with the parameters of a call takes long.
pub(crate) fn is_long_call(call: &Call) -> bool {
    is_long_of([call])
}

/// Whether work with the parameters of several calls takes long.
pub(crate) fn is_long_of<'c>(calls: impl IntoIterator<Item = &'c Call>) -> bool {
    let mut measure = Measure::default();
    let mut calls = calls.into_iter();
    !calls.all(|call| measure.takes_members(call.params(), DEEPEST))
}

/// Whether work with the result of a call takes long. The texts of an error were cut.
pub(crate) fn is_long_reply(reply: &Reply) -> bool {
    matches!(reply, Reply::Result(result) if is_long_value(result))
}

/// Whether work with a value takes long.
pub(crate) fn is_long_value(value: &Value) -> bool {
    !Measure::default().takes(value, DEEPEST)
}

/// How much more is short work. Stops at the first value that is too much.
struct Measure {
    bytes: usize,
    values: usize,
}

impl Default for Measure {
    fn default() -> Self {
        Self {
            bytes: LONG,
            values: MANY,
        }
    }
}

impl Measure {
    /// Counts a value of at most this depth. Returns whether all is still short work.
    fn takes(&mut self, value: &Value, depth: usize) -> bool {
        match (value, depth.checked_sub(1)) {
            (Value::String(text), _) => self.takes_text(text.as_bytes()),
            (Value::Array(items), Some(depth)) => {
                self.takes_more(0, 1) && items.iter().all(|item| self.takes(item, depth))
            }
            (Value::Object(members), Some(depth)) => self.takes_members(members, depth),
            (Value::Array(_) | Value::Object(_), None) => false,
            _ => self.takes_more(0, 1),
        }
    }

    fn takes_members(&mut self, members: &Map<String, Value>, depth: usize) -> bool {
        let mut members = members.iter();
        self.takes_more(0, 1)
            && members.all(|(name, value)| self.takes_more(name.len(), 1) && self.takes(value, depth))
    }

    /// Counts a text. It may be JSON, or a command of a batch. So each sign that separates values
    /// there counts as a value, also if it is percent-encoded.
    fn takes_text(&mut self, text: &[u8]) -> bool {
        if !self.takes_more(text.len(), 1) {
            return false;
        }
        // Most texts have no percent sign. Then two loops without branches count. `is_sign` at each byte
        // took 19,000 instructions for a message of 900 bytes.
        let signs = match count(text, |byte| byte == b'%') {
            0 => count(text, is_plain_sign),
            _ => {
                let signs = (0..text.len()).filter(|at| is_sign(text.get(*at..).unwrap_or_default()));
                signs.count()
            }
        };
        self.takes_more(0, signs)
    }

    fn takes_more(&mut self, bytes: usize, values: usize) -> bool {
        let left = self.bytes.checked_sub(bytes).zip(self.values.checked_sub(values));
        let is_within = left.is_some();
        (self.bytes, self.values) = left.unwrap_or_default();
        is_within
    }
}

/// The number of bytes for which `is` holds. Sums of bytes are what the compiler makes vectors of.
fn count(text: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let of_chunk = |chunk: &[u8]| {
        chunk
            .iter()
            .fold(0_u8, |sum, byte| sum.wrapping_add(u8::from(is(*byte))))
    };
    // A chunk has no more than a byte can count.
    let chunks = text.chunks(usize::from(u8::MAX));
    chunks.map(|chunk| usize::from(of_chunk(chunk))).sum()
}

fn is_plain_sign(byte: u8) -> bool {
    matches!(byte, b'&' | b',' | b':' | b'[' | b'{')
}

/// Whether a text begins with a sign that separates values, plain or percent-encoded.
fn is_sign(text: &[u8]) -> bool {
    match text {
        [first, ..] if is_plain_sign(*first) => true,
        // `%25` is the percent sign itself: such text may be encoded twice.
        [b'%', first, second, ..] => matches!(
            (first, second.to_ascii_uppercase()),
            (b'2', b'6' | b'C' | b'5') | (b'3', b'A') | (b'5' | b'7', b'B')
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_counts_agree() {
        for byte in (0..=u8::MAX).filter(|byte| *byte != b'%') {
            for length in [0, 1, 254, 255, 256, 511, 700] {
                let text = vec![byte; length];
                let signs = (0..length).filter(|at| is_sign(&text[*at..])).count();
                assert_eq!(count(&text, is_plain_sign), signs, "{length} times {byte}");
            }
        }
    }

    #[test]
    fn much_of_anything_is_long() {
        let many = MANY - 10;
        for (value, is_long) in [
            (json!("x".repeat(LONG - 1)), false),
            (json!("x".repeat(LONG + 1)), true),
            (json!({"x".repeat(LONG + 1): 1}), true),
            (json!(vec![0; many]), false),
            (json!(vec![0; MANY]), true),
            (json!(vec!["x".repeat(200); many]), true),
            // Of a text that is JSON or a command, its values count.
            (json!(format!("[{}0]", "0,".repeat(MANY))), true),
            (json!(format!("method?{}", "a=1&".repeat(MANY))), true),
            (
                json!(format!("method?a={}", "%5b%257B".repeat(MANY / 2 + 1))),
                true,
            ),
            (json!("%D0%9F".repeat(MANY)), false),
            (json!({"a": {"b": vec![vec![1]; many / 2]}}), false),
        ] {
            assert_eq!(is_long_value(&value), is_long, "{:.40}", value.to_string());
            let call = Call::new("profile").with("a", value);
            assert_eq!(is_long_call(&call), is_long);
        }
        let deep = (0..100_000).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        assert!(is_long_value(&deep));
        // It is dropped level by level, since serde's own drop needs the stack.
        let mut rest = deep;
        while let Value::Array(mut items) = rest {
            rest = items.pop().unwrap_or_default();
        }
    }
}
