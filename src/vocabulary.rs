//! The methods of the chat-bot API by name, and the parameters that each of them takes.
//! Finds names in a call that no portal knows, and what they were most likely meant to be.
//!
//! `generated.rs` is made of the facts in `tests/docs`. What a table names besides, an
//! overlay's methods and fields among it, is known as well.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use serde_json::{Map, Value};

use crate::table::Table;
use crate::table::index::is_spelled;
use crate::wire::redact::shown_within;

mod generated;
mod parameters;
mod suggestion;
#[cfg(test)]
mod tests;

use generated::METHODS;

/// The longest name that is kept, in bytes.
const MAX_NAME: usize = 100;

/// What the names of controllers have, and those of older methods have not.
const V2: &str = ".v2.";

/// Names in a call that no portal is known to take: misspelt, most likely.
///
/// The call is sent as it is: a portal answers "not found" to such a method, and passes
/// over such a parameter in silence. `Display` says what was meant. Names are cut at
/// about 100 bytes, so that `Display` and `Debug` have less than 8 KiB; values are not
/// shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownName {
    /// The method.
    Method {
        /// As it was called. A name with white space or characters that are not seen is in
        /// quotes.
        method: String,
        /// The method that has most likely been meant.
        suggestion: Option<String>,
    },
    /// Parameters of a method that is known.
    Parameters {
        /// The method, as it was called.
        method: String,
        /// Those that it does not take: at most 16, in the order of the call.
        parameters: Vec<UnknownParameter>,
    },
    /// Text in place of a keyboard, a menu or an attachment. It is no JSON, longer than
    /// 1 MiB, or nested 128 levels deep or more. A portal may still read it: portals take
    /// single quotes, too.
    UnreadableText {
        /// The method, as it was called.
        method: String,
        /// The paths of such parameters, at most 16, in the order of the call.
        parameters: Vec<String>,
    },
}

/// A parameter that a method does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownParameter {
    /// Its path, such as `fields.sytem`. Lists do not count: a button is at
    /// `fields.keyboard`. A name with a dot, white space or characters that are not seen is in
    /// quotes: `fields."message "`.
    pub path: String,
    /// The path that has most likely been meant.
    pub suggestion: Option<String>,
}

impl UnknownName {
    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        match self {
            Self::Method { method, .. }
            | Self::Parameters { method, .. }
            | Self::UnreadableText { method, .. } => method,
        }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method {
                method,
                suggestion: None,
            } => write!(f, "the method `{method}` is not known"),
            Self::Method {
                method,
                suggestion: Some(near),
            } if near.eq_ignore_ascii_case(method) => write!(
                f,
                "no portal finds the method `{method}`, since capital letters matter in its name: did you mean `{near}`?"
            ),
            Self::Method {
                method,
                suggestion: Some(near),
            } => write!(f, "the method `{method}` is not known: did you mean `{near}`?"),
            Self::Parameters { method, parameters } => {
                write!(f, "`{method}` does not take ")?;
                for (nth, parameter) in parameters.iter().enumerate() {
                    if nth > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{parameter}")?;
                }
                Ok(())
            }
            Self::UnreadableText { method, parameters } => {
                write!(f, "`{method}` has text that cannot be read as JSON: ")?;
                for (nth, path) in parameters.iter().enumerate() {
                    let comma = if nth > 0 { ", " } else { "" };
                    write!(f, "{comma}`{path}`")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for UnknownParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.suggestion {
            Some(near) => write!(f, "`{}`: did you mean `{near}`?", self.path),
            None => write!(f, "`{}`", self.path),
        }
    }
}

/// A method of the list.
#[derive(Clone, Copy, Debug)]
struct Method {
    name: &'static str,
    /// The paths of its parameters, between spaces; `None` where they are not listed. A
    /// path may end in `=` and the name of a structure that it holds, or in `~` where
    /// the portal takes the names below it in any spelling.
    params: Option<&'static str>,
}

/// What is known of a method's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It belongs to no namespace of which all methods are listed.
    Elsewhere,
    /// A method of the list, by its number.
    Listed(usize),
    /// A method that only the table names.
    ByTable,
    /// No method.
    Unknown,
}

/// How many methods are listed.
#[cfg_attr(not(feature = "registry"), allow(dead_code, reason = "the live gate's"))]
pub(crate) const fn count() -> usize {
    METHODS.len()
}

/// Looks a method up by its name, in every spelling that portals take.
pub(crate) fn look_up(table: &Table, name: &str) -> Known {
    if !is_of_bots(name) {
        return Known::Elsewhere;
    }
    let own = without_suffix(name);
    if let Some((number, method)) = listed(own)
        && is_spelled(method.name, own)
    {
        return Known::Listed(number);
    }
    let is_of_table =
        || table.index().rules(own).is_some() || table.unversioned_methods().any(|method| method == own);
    match is_of_table() {
        true => Known::ByTable,
        false => Known::Unknown,
    }
}

/// The note about a method that is not known.
pub(crate) fn unknown_method(table: &Table, name: &str) -> UnknownName {
    UnknownName::Method {
        method: cut(&quoted(name)),
        suggestion: suggestion::method(table, without_suffix(name)),
    }
}

/// Notes about the parameters that the method does not take, and about text that is not
/// JSON. Empty where all is well, and where the method's parameters are not listed.
pub(crate) fn unknown_parameters(
    table: &Table,
    number: usize,
    name: &str,
    params: &Map<String, Value>,
) -> impl Iterator<Item = UnknownName> {
    let found = METHODS
        .get(number)
        .and_then(|method| parameters::unknown(table, method, params))
        .unwrap_or_default();
    let (parameters, unreadable) = (found.unknown, found.unreadable);
    let unknown = (!parameters.is_empty()).then(|| UnknownName::Parameters {
        method: cut(name),
        parameters,
    });
    let unreadable = (!unreadable.is_empty()).then(|| UnknownName::UnreadableText {
        method: cut(name),
        parameters: unreadable,
    });
    unknown.into_iter().chain(unreadable)
}

/// Finds the names in a call that no portal is known to take: the method, or parameters of a
/// known method.
///
/// Names that the table has besides, an overlay's among them, are known. A method outside of
/// the namespaces of chat bots is not looked at.
#[must_use]
pub fn unknown_names(table: &Table, name: &str, params: &Map<String, Value>) -> Vec<UnknownName> {
    match look_up(table, name) {
        Known::Elsewhere | Known::ByTable => Vec::new(),
        Known::Listed(number) => unknown_parameters(table, number, name, params).collect(),
        Known::Unknown => vec![unknown_method(table, name)],
    }
}

/// Whether a name begins like those of the chat-bot API.
fn is_of_bots(name: &str) -> bool {
    let module = name.split_once('.').map(|(module, _)| module);
    module.is_some_and(|module| module.eq_ignore_ascii_case("imbot") || module.eq_ignore_ascii_case("im"))
}

/// The method that differs from this name in the case of letters at most.
fn listed(name: &str) -> Option<(usize, &'static Method)> {
    let number = METHODS.binary_search_by(|own| compare(own.name, name)).ok()?;
    Some((number, METHODS.get(number)?))
}

/// The order of the list.
fn compare(a: &str, b: &str) -> Ordering {
    let a = a.bytes().map(|byte| byte.to_ascii_lowercase());
    a.cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Without the suffix that asks for an answer in a format.
fn without_suffix(name: &str) -> &str {
    let suffixes = [".json", ".xml"];
    let stem = suffixes.iter().find_map(|suffix| {
        let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
        end.eq_ignore_ascii_case(suffix).then_some(stem)
    });
    stem.unwrap_or(name)
}

/// A name in quotes, where the eye could take it for another one: with white space in it,
/// or characters that are not seen.
fn quoted(name: &str) -> Cow<'_, str> {
    let is_plain = !name.contains(char::is_whitespace) && name.escape_debug().eq(name.chars());
    match is_plain {
        true => name.into(),
        false => format!("{name:?}").into(),
    }
}

pub(crate) fn cut(name: &str) -> String {
    shown_within(MAX_NAME, name, &[])
}
