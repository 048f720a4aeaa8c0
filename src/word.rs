//! Words that stand for values: the ids of features, the counters, and the terms of the table.
//!
//! `as_str` returns the word of a value. `Display` and serde write the same word. [`FromStr`] and
//! serde read it, exactly as it is written. The error of another word is a [`ParseWordError`].
//!
//! ```
//! use imbot_caps::Feature;
//! use imbot_caps::plan::Mode;
//!
//! assert_eq!("message.system".parse(), Ok(Feature::SystemMessage));
//! assert_eq!("observe".parse(), Ok(Mode::Observe));
//!
//! let error = "mesage.system".parse::<Feature>().unwrap_err();
//! assert_eq!(error.to_string(), "`mesage.system` is no feature; did you mean `message.system`?");
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};

mod nearest;

pub(crate) use nearest::nearest;

/// The longest word that an error repeats, in characters.
const SHOWN: usize = 60;

/// A word that stands for no value. Names the known word that is nearest to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseWordError {
    kind: &'static str,
    word: Box<str>,
    nearest: Option<&'static str>,
}

impl ParseWordError {
    pub(crate) fn new(
        kind: &'static str,
        word: &str,
        known: impl Iterator<Item = &'static str>,
    ) -> ParseWordError {
        let shown = match word.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
            None => word.to_owned(),
        };
        Self {
            kind,
            word: shown.into(),
            nearest: nearest(word, known),
        }
    }

    /// The word. A long one is cut after 60 characters.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }

    /// The known word that differs from it by one or two letters, if there is one.
    #[must_use]
    pub fn nearest(&self) -> Option<&'static str> {
        self.nearest
    }
}

impl fmt::Display for ParseWordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.word.escape_debug();
        write!(f, "`{word}` is no {}", self.kind)?;
        match self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseWordError {}

/// An enum whose variants are words.
pub(crate) trait Word: Sized {
    /// The words, in the order of the variants.
    const WORDS: &'static [&'static str];

    /// The variant of a word.
    fn of_word(word: &str) -> Option<Self>;
}

/// Reads a word by serde.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = ParseWordError>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(WordVisitor(PhantomData))
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err = ParseWordError>> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<T, E> {
        word.parse().map_err(E::custom)
    }
}

/// Implements `Display`, `FromStr`, `Serialize` and `Deserialize` by `as_str`.
///
/// `$find` finds the value of a word, and `$known` lists all words.
macro_rules! as_word {
    ($name:ident, $kind:literal, $find:expr, $known:expr) => {
        impl std::fmt::Display for $name {
            /// The word: the same as `as_str`.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::ParseWordError;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $find(word).ok_or_else(|| $crate::word::ParseWordError::new($kind, word, $known))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::word::deserialize(deserializer)
            }
        }
    };
}

/// An enum whose variants are words: see [`Word`].
macro_rules! words {
    (
        $(#[$outer:meta])*
        $kind:literal $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$inner])* $variant,)+
        }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word for this. `Display`, `FromStr` and serde use the same word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

        }

        impl $crate::word::Word for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn of_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some($name::$variant),)+
                    _ => None,
                }
            }
        }

        $crate::word::as_word!(
            $name,
            $kind,
            <$name as $crate::word::Word>::of_word,
            <$name as $crate::word::Word>::WORDS.iter().copied()
        );
    };
}

pub(crate) use {as_word, words};
