//! JSON as text, in place of a structure.

use serde_json::Value;

use super::budget;

/// The longest text, in bytes. A portal accepts keyboards and attachments of fewer than 60,000
/// characters (`isAllowSize` of module im). JSON writes a character with six bytes at most, or
/// with twelve outside of the basic plane.
const MAX_LENGTH: usize = 1 << 20;

/// The most values. 60,000 characters have fewer, since a value in a list has at least two
/// characters.
const MAX_VALUES: usize = 32 * 1024;

/// The content of text in place of a structure.
#[derive(Clone, PartialEq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum JsonText {
    /// A list or an object.
    Structure(Value),
    /// A single value, or a word that removes the structure.
    Single,
    /// Text that is not JSON, is too long or too deep, or has too many values. A portal may
    /// still read it: portals accept single quotes.
    Unreadable,
}

/// Reads text. Time and memory are linear in its length, which is bounded.
pub(crate) fn read(text: &str) -> JsonText {
    if is_word(text) {
        return JsonText::Single;
    }
    if text.len() > MAX_LENGTH {
        return JsonText::Unreadable;
    }
    if !budget::is_within(text.as_bytes(), MAX_VALUES) {
        return JsonText::Unreadable;
    }
    match serde_json::from_str(text) {
        Ok(value @ (Value::Array(_) | Value::Object(_))) => JsonText::Structure(value),
        Ok(_) => JsonText::Single,
        Err(_) => JsonText::Unreadable,
    }
}

/// Whether text is a word that removes a structure: `N` removes a keyboard.
pub(crate) fn is_word(text: &str) -> bool {
    matches!(text.trim(), "" | "N" | "Y")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_are_structures() {
        assert_eq!(read(" [1] "), JsonText::Structure(json!([1])));
        assert_eq!(read("{}"), JsonText::Structure(json!({})));
    }

    #[test]
    fn single_values_are_none() {
        for text in ["", " ", "N", "Y", "0", "null", "true", "\"[1]\"", "-7.5"] {
            assert_eq!(read(text), JsonText::Single, "{text}");
        }
    }

    #[test]
    fn other_text_is_unreadable() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let long = format!("[\"{}\"]", "x".repeat(MAX_LENGTH));
        let longest = format!("[\"{}\"]", "x".repeat(MAX_LENGTH - 4));
        assert!(matches!(read(&longest), JsonText::Structure(_)));
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        for text in [
            "hello",
            "[1",
            "{'a': 1}",
            "[1] x",
            "$result[a]",
            deep.as_str(),
            long.as_str(),
            many.as_str(),
        ] {
            assert_eq!(read(text), JsonText::Unreadable, "{:.20}", text);
        }
    }
}
