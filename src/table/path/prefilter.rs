//! A quick test whether a path can match.

use serde_json::{Map, Value};

use super::steps::{Path, Step};

/// The names in the first two levels of parameters, as bits: a small Bloom filter. If a bit
/// that a path needs is missing, the path matches nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefilter {
    first: u64,
    second: u64,
}

impl Prefilter {
    /// The bits of these parameters.
    pub(crate) fn of(members: &Map<String, Value>) -> Self {
        let mut names = Self::default();
        for (name, value) in members {
            names.first |= kind_of_name(name);
            if let Value::Object(inner) = value {
                let kinds = inner.keys().map(|name| kind_of_name(name));
                names.second = kinds.fold(names.second, |all, kind| all | kind);
            }
        }
        names
    }

    /// The bits that a path needs.
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

    /// Whether all needed bits are present.
    #[inline]
    pub(crate) fn allows(self, needed: Self) -> bool {
        needed.first & !self.first == 0 && needed.second & !self.second == 0
    }
}

/// The bit of a name, from its first and last letter. All spellings have the same bit.
fn kind_of_name(name: &str) -> u64 {
    let is_letter = |byte: &&u8| **byte != b'_';
    let bytes = name.as_bytes();
    let first = bytes.iter().find(is_letter).map_or(0, u8::to_ascii_lowercase);
    let last = bytes.iter().rfind(is_letter).map_or(0, u8::to_ascii_lowercase);
    1 << ((first.wrapping_mul(5) ^ last) & 63)
}
