//! A quick test that a path leads nowhere.

use serde_json::{Map, Value};

use super::steps::{Path, Step};

/// A hint of the names in the first two levels of parameters, one bit for each kind of
/// name: what a path needs and parameters have not, it leads to nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hint {
    first: u64,
    second: u64,
}

impl Hint {
    /// Of the names that are there.
    pub(crate) fn of(members: &Map<String, Value>) -> Self {
        let mut hint = Self::default();
        for (name, value) in members {
            hint.first |= kind_of_name(name);
            if let Value::Object(inner) = value {
                let kinds = inner.keys().map(|name| kind_of_name(name));
                hint.second = kinds.fold(hint.second, |all, kind| all | kind);
            }
        }
        hint
    }

    /// Of the names that a path leads by.
    pub(crate) fn of_path(path: &Path) -> Self {
        let kind = |step: Option<&Step>| match step {
            Some(Step::Member(name)) => kind_of_name(name),
            Some(Step::Each | Step::Any) | None => 0,
        };
        Self {
            first: kind(path.steps().first()),
            second: kind(path.steps().get(1)),
        }
    }

    /// Whether all that is needed may be there.
    #[inline]
    pub(crate) fn allows(self, needed: Self) -> bool {
        needed.first & !self.first == 0 && needed.second & !self.second == 0
    }
}

/// One bit, the same for all spellings of a name: by its first letter and its last.
fn kind_of_name(name: &str) -> u64 {
    let is_letter = |byte: &&u8| **byte != b'_';
    let bytes = name.as_bytes();
    let first = bytes.iter().find(is_letter).map_or(0, u8::to_ascii_lowercase);
    let last = bytes.iter().rfind(is_letter).map_or(0, u8::to_ascii_lowercase);
    1 << ((first.wrapping_mul(5) ^ last) & 63)
}
