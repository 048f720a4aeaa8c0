//! Searches JSON values for secrets, and cuts their text. Makes no copy of a large value.

use std::io;

use serde_json::Value;

use super::finder::Finder;

impl Finder {
    /// The redacted JSON text of a value, with a limit of bytes. Only the part that is read is
    /// written.
    pub(crate) fn shown_json(&self, limit: usize, value: &Value) -> String {
        let most = self.reach(limit).saturating_add(1).saturating_mul(4);
        let mut head = Head {
            text: Vec::new(),
            most,
        };
        // This fails at the end of the part, and then the text is longer.
        let _ = serde_json::to_writer(&mut head, value);
        self.shown(limit, &String::from_utf8_lossy(&head.text))
    }

    /// Whether a text, a number or a name in a value holds one of the secrets.
    pub(crate) fn holds_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.holds(text),
            Value::Number(number) => self.holds(&number.to_string()),
            Value::Array(items) => items.iter().any(|item| self.holds_in(item)),
            Value::Object(members) => {
                let mut members = members.iter();
                members.any(|(name, value)| self.holds(name) || self.holds_in(value))
            }
            Value::Null | Value::Bool(_) => false,
        }
    }
}

/// The beginning of a text that is written.
struct Head {
    text: Vec<u8>,
    most: usize,
}

impl io::Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.most.saturating_sub(self.text.len());
        // At the end nothing is taken, and the writer gets an error.
        let taken = bytes.get(..left).unwrap_or(bytes);
        self.text.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
