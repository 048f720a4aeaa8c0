//! The data of events, and how older events become events of imbot.v2.
//!
//! This file parses the rules, and reading a table checks each of them. Reading an event applies
//! them.

use super::terms::Confidence;
use super::text::{List, Str, strs};

/// An object in the data of events, in the form that `imbot.v2.Event.get` gives.
#[derive(Clone, Debug)]
pub struct EventObject {
    pub(crate) name: Str,
    pub(crate) members: List,
    pub(crate) source: Str,
    pub(crate) confidence: Confidence,
    pub(crate) note: Option<Str>,
}

impl EventObject {
    /// Its name: `Message`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its members with their types: `isSystem: boolean`.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.members)
    }

    /// The address of the page or file that states it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How sure it is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// A remark.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// An event of imbot.v2, and how an event of the older API becomes one.
#[derive(Clone, Debug)]
pub struct EventTranslation {
    pub(crate) name: Str,
    pub(crate) members: List,
    pub(crate) older: Option<Str>,
    pub(crate) each: Option<Str>,
    pub(crate) data: List,
    pub(crate) source: Str,
    pub(crate) evidence: Option<Str>,
    pub(crate) confidence: Confidence,
    pub(crate) note: Option<Str>,
}

impl EventTranslation {
    /// Its name: `ONIMBOTV2MESSAGEADD`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The members of its data, with their types: `message: Message`.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.members)
    }

    /// The name of the older event.
    #[must_use]
    pub fn older(&self) -> Option<&str> {
        self.older.as_deref()
    }

    /// The member of the older data that has an entry for each bot, or for each command. Each entry
    /// makes one event.
    #[must_use]
    pub fn each(&self) -> Option<&str> {
        self.each.as_deref()
    }

    /// Where the members come from in the older data: `message.id <- $.PARAMS.MESSAGE_ID as integer`.
    pub fn data(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        strs(&self.data)
    }

    /// The address of the page or file that states it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A second address that states it: the page of the older event.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }

    /// How sure it is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// A remark.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// `<member>: <type>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemberRule<'t> {
    pub(crate) name: &'t str,
    pub(crate) of: MemberType<'t>,
}

/// The type of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MemberType<'t> {
    /// An integer by which a program acts. An event with another value is an error.
    Id,
    Integer,
    Boolean,
    Text,
    /// Text or an object, or false.
    OrFalse,
    Any,
    /// An [`EventObject`] with this name.
    Object(&'t str),
    List(Box<MemberType<'t>>),
}

impl<'t> MemberRule<'t> {
    pub(crate) fn parse(text: &'t str) -> Result<Self, String> {
        let halves = text.split_once(':').map(|(name, of)| (name.trim(), of.trim()));
        match halves {
            Some((name, of)) if !of.is_empty() && is_name(name) => Ok(Self {
                name,
                of: MemberType::parse(of),
            }),
            _ => Err(format!("`{text}` is not of the form member: type")),
        }
    }
}

impl<'t> MemberType<'t> {
    fn parse(text: &'t str) -> Self {
        match text {
            "id" => Self::Id,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "string" => Self::Text,
            "string|boolean" | "object|boolean" => Self::OrFalse,
            "any" => Self::Any,
            other => match other.strip_suffix("[]") {
                Some(item) => Self::List(Box::new(Self::parse(item))),
                None => Self::Object(other),
            },
        }
    }

    /// The object that it names, itself or as the item of a list.
    pub(crate) fn object(&self) -> Option<&'t str> {
        match self {
            Self::Object(name) => Some(name),
            Self::List(item) => item.object(),
            _ => None,
        }
    }
}

/// `<path> <- <source>`, perhaps ` as <form>`.
#[derive(Clone, Debug)]
pub(crate) struct DataRule {
    /// The names of the path.
    pub(crate) to: Vec<Box<str>>,
    pub(crate) from: DataSource,
    pub(crate) form: DataForm,
}

#[derive(Clone, Debug)]
pub(crate) enum DataSource {
    /// `$.a.b`: the older data.
    Data(Vec<Box<str>>),
    /// `@.a`: the entry.
    Entry(Vec<Box<str>>),
}

/// The form of a value of older data in the newer data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DataForm {
    AsItIs,
    Integer,
    Boolean,
    /// The name of a command with a slash before it.
    Slash,
    /// In small letters.
    Lower,
    /// One value for another. Any other value gives no member.
    Map(Vec<(Box<str>, Box<str>)>),
}

impl DataRule {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not of the form path <- $.path, perhaps as a form");
        let (to, from) = text.split_once("<-").ok_or_else(wrong)?;
        let (from, form) = match from.split_once(" as ") {
            Some((from, form)) => (from, DataForm::parse(form.trim()).ok_or_else(wrong)?),
            None => (from, DataForm::AsItIs),
        };
        let from = from.trim();
        let from = match (from.strip_prefix("$."), from.strip_prefix("@.")) {
            (Some(path), _) => DataSource::Data(names(path).ok_or_else(wrong)?),
            (_, Some(path)) => DataSource::Entry(names(path).ok_or_else(wrong)?),
            _ => return Err(wrong()),
        };
        Ok(Self {
            to: names(to.trim()).ok_or_else(wrong)?,
            from,
            form,
        })
    }
}

impl DataForm {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "slash" => Self::Slash,
            "lower" => Self::Lower,
            pairs => {
                let pairs = pairs.split('|').map(|pair| {
                    let (older, newer) = pair.split_once('=')?;
                    Some((older.trim().into(), newer.trim().into()))
                });
                Self::Map(pairs.collect::<Option<_>>()?)
            }
        })
    }
}

fn names(path: &str) -> Option<Vec<Box<str>>> {
    let names = path.split('.');
    names.map(|name| is_name(name).then(|| name.into())).collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_rules_are_errors() {
        for text in [
            "",
            "a",
            "a <-",
            "a <- b",
            "a <- $",
            "a[] <- $.b",
            "a <- $.b[]",
            "a <- $.b as strange",
            "<- $.b",
            "a.. <- $.b",
        ] {
            assert!(DataRule::parse(text).is_err(), "{text}");
        }
        for text in ["", "a", "a:", ": id", "a b: id", "a[]: id"] {
            assert!(MemberRule::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lists_name_their_item() {
        let rule = MemberRule::parse("additionalMessages: Message[]").unwrap();
        assert_eq!(rule.of.object(), Some("Message"));
        assert_eq!(
            MemberRule::parse("departments: integer[]").unwrap().of,
            MemberType::List(Box::new(MemberType::Integer))
        );
    }
}
