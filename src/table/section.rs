//! Reads TOML to typed values, and reports each problem with its place.
//!
//! A [`Section`] is one TOML table. Its keys are read by name, and a key outside of its list
//! is a problem. Problems are collected, so that one run reports all of them.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::date::Date;
use super::reader::{Reader, Span};
use super::text::{List, Str};
use crate::revision::{MAX_REVISION, Revision};
use crate::word::{Word, nearest};

/// One TOML table, and the keys that it may have.
pub(super) struct Section<'r, 'd, 't> {
    reader: &'r Reader<'t>,
    table: &'d DeTable<'t>,
    span: Span,
    /// What the table is, for messages: `a feature`, `requires`.
    what: &'static str,
    row: Option<String>,
    keys: &'static [&'static str],
}

impl<'r, 'd, 't> Section<'r, 'd, 't> {
    /// A table that may have these keys and no others.
    pub(super) fn new(
        reader: &'r Reader<'t>,
        table: &'d DeTable<'t>,
        span: Span,
        what: &'static str,
        row_key: Option<&str>,
        keys: &'static [&'static str],
    ) -> Self {
        let mut section = Self {
            reader,
            table,
            span,
            what,
            row: None,
            keys,
        };
        section.row = row_key.and_then(|key| {
            let (_, value) = section.find(key)?;
            match value.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                DeValue::Integer(number) => Some(number.to_string()),
                _ => None,
            }
        });
        section.refuse_unknown_keys();
        section
    }

    fn refuse_unknown_keys(&self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.keys.contains(&name) {
                continue;
            }
            let remedy = match nearest(name, self.keys.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{} may have: {}", self.what, self.keys.join(", ")),
            };
            self.complain(
                &key.span(),
                "unknown-key",
                format!("unknown key `{name}`"),
                remedy,
            );
        }
    }

    pub(super) fn complain(
        &self,
        span: &Span,
        rule: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.reader
            .complain(span, self.row.as_deref(), rule, what, remedy);
    }

    /// The same, for another row.
    pub(super) fn complain_in(
        &self,
        span: &Span,
        row: &str,
        rule: &'static str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.reader.complain(span, Some(row), rule, what, remedy);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The place of a key's value. The table's place if there is no such key.
    pub(super) fn span_of(&self, key: &str) -> Span {
        self.find(key).map_or_else(|| self.span.clone(), |(span, _)| span)
    }

    fn find(&self, key: &str) -> Option<(Span, &'d Spanned<DeValue<'t>>)> {
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((value.span(), value))
    }

    fn typed<T>(
        &self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'d DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let (span, value) = self.find(key)?;
        let found = read(value.get_ref());
        if found.is_none() {
            self.complain(
                &span,
                "wrong-type",
                format!("`{key}` is {}", value.get_ref().type_str()),
                format!("give {expected}"),
            );
        }
        found
    }

    /// A required key.
    pub(super) fn required<T>(&self, key: &str, read: impl FnOnce(&Self, &str) -> Option<T>) -> Option<T> {
        if self.find(key).is_none() {
            self.complain(
                &self.span,
                "missing-key",
                format!("{} has no `{key}`", self.what),
                format!("add `{key}`"),
            );
            return None;
        }
        read(self, key)
    }

    pub(super) fn str(&self, key: &str) -> Option<Str> {
        let text = self.typed(key, "a string", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })?;
        if text.trim().is_empty() {
            self.complain(
                &self.span_of(key),
                "empty",
                format!("`{key}` is empty"),
                "write it, or leave the key out",
            );
            return None;
        }
        // Texts of the table go into errors and logs. A control character could forge lines
        // there.
        if text.contains(char::is_control) {
            self.complain(
                &self.span_of(key),
                "control-character",
                format!("`{key}` holds a control character"),
                "write it on one line, without escapes such as \\n",
            );
            return None;
        }
        Some(Cow::Owned(text))
    }

    pub(super) fn bool(&self, key: &str) -> Option<bool> {
        self.typed(key, "true or false", |value| match value {
            DeValue::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    pub(super) fn revision(&self, key: &str) -> Option<Revision> {
        let number = self.typed(key, "a whole number", |value| match value {
            DeValue::Integer(number) => Some(number.to_string()),
            _ => None,
        })?;
        match number.parse::<Revision>() {
            Ok(revision) if (1..=MAX_REVISION).contains(&revision) => Some(revision),
            _ => {
                self.complain(
                    &self.span_of(key),
                    "revision",
                    format!("`{key}` is {number}, which is no revision"),
                    format!("give a whole number from 1 to {MAX_REVISION}; where every revision has it, leave the key out"),
                );
                None
            }
        }
    }

    pub(super) fn date(&self, key: &str) -> Option<Date> {
        self.typed(
            key,
            "a date such as 2026-04-02, without quotes",
            |value| match value {
                DeValue::Datetime(at) if at.time.is_none() && at.offset.is_none() => {
                    at.date.map(|date| Date {
                        year: date.year,
                        month: date.month,
                        day: date.day,
                    })
                }
                _ => None,
            },
        )
    }

    pub(super) fn list(&self, key: &str) -> Option<List> {
        let items = self.typed(key, "a list of strings", |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(Cow::Owned(text.to_string())),
                    _ => None,
                })
                .collect::<Option<Vec<Str>>>(),
            _ => None,
        })?;
        if items
            .iter()
            .any(|item| item.trim().is_empty() || item.contains(char::is_control))
        {
            self.complain(
                &self.span_of(key),
                "empty",
                format!("`{key}` holds an empty text, or one with control characters"),
                "write it, or take it out",
            );
            return None;
        }
        Some(Cow::Owned(items))
    }

    /// One of the terms of an enum.
    pub(super) fn word<T: Word>(&self, key: &str) -> Option<T> {
        self.one_of(key, T::WORDS, T::of_word)
    }

    /// One of these words.
    pub(super) fn one_of<T>(
        &self,
        key: &str,
        words: &[&str],
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.str(key)?;
        let found = read(&text);
        if found.is_none() {
            self.complain(
                &self.span_of(key),
                "unknown-word",
                format!("`{key}` is \"{text}\""),
                format!("use one of: {}", words.join(", ")),
            );
        }
        found
    }

    /// A text with a syntax of its own, such as a version.
    pub(super) fn parsed<T: std::str::FromStr>(&self, key: &str, expected: &str) -> Option<(Str, T)>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.str(key)?;
        match text.parse() {
            Ok(value) => Some((text, value)),
            Err(error) => {
                self.complain(
                    &self.span_of(key),
                    "version",
                    format!("`{key}` is \"{text}\": {error}"),
                    format!("give {expected}"),
                );
                None
            }
        }
    }

    /// A table within this one.
    pub(super) fn section(
        &self,
        key: &str,
        what: &'static str,
        keys: &'static [&'static str],
    ) -> Option<Section<'r, 'd, 't>> {
        let span = self.span_of(key);
        let table = self.typed(key, "a table", |value| match value {
            DeValue::Table(table) => Some(table),
            _ => None,
        })?;
        let mut section = Section {
            reader: self.reader,
            table,
            span,
            what,
            row: None,
            keys,
        };
        section.row.clone_from(&self.row);
        section.refuse_unknown_keys();
        Some(section)
    }

    /// The tables of a list such as `[[feature]]`, each read to a value.
    pub(super) fn each<T>(
        &self,
        key: &str,
        what: &'static str,
        row_key: &str,
        keys: &'static [&'static str],
        mut read: impl FnMut(&Section<'r, 'd, 't>) -> Option<T>,
    ) -> Vec<Located<T>> {
        let tables = self.typed(key, "a list of tables, written [[…]]", |value| match value {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::Table(table) => Some((table, item.span())),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>(),
            _ => None,
        });
        let mut located = Vec::new();
        for (table, span) in tables.into_iter().flatten() {
            let section = Section::new(self.reader, table, span, what, Some(row_key), keys);
            if let Some(item) = read(&section) {
                let spans = keys.iter().map(|key| (*key, section.span_of(key))).collect();
                located.push(Located { item, spans });
            }
        }
        located
    }
}

/// A value, and the places of its keys in the file.
#[derive(Debug)]
pub(super) struct Located<T> {
    pub(super) item: T,
    spans: Vec<(&'static str, Span)>,
}

impl<T> Located<T> {
    pub(super) fn span(&self, key: &str) -> Span {
        self.spans
            .iter()
            .find(|(name, _)| *name == key)
            .map_or(0..0, |(_, span)| span.clone())
    }
}
