//! Finds the parameters of a call that its method does not have.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::method::{Method, V2};
use super::paths::{Paths, join, structure};
use super::shown::{cut, quoted};
use super::suggestion;
use super::unknown::UnknownParameter;
use crate::table::Table;
use crate::table::index::Rules;
use crate::table::path::{Path, Step, same_name};
use crate::table::translation::{ParamRule, ValueRule};
use crate::wire::json_text::{self, JsonText};

/// The most parameters in one note.
const MAX_PARAMETERS: usize = 16;

/// Parameters of every method: the credential, and parameters that the server itself reads.
const OF_EVERY_CALL: [&str; 8] = [
    "auth",
    "access_token",
    "auth_connector",
    "refresh_token",
    "sessid",
    "start",
    "state",
    "token",
];

/// The prefix of marks that official clients put into the query.
const MARK_OF_CLIENTS: &str = "bx24_";

/// How the names of parameters are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Exact,
    /// Older methods accept any case.
    AnyCase,
    /// Any case, with underscores or without.
    Any,
}

impl Spelling {
    pub(super) fn of(method: &str) -> Self {
        match method.contains(V2) {
            true => Self::Exact,
            false => Self::AnyCase,
        }
    }

    fn same(self, own: &str, name: &str) -> bool {
        match self {
            Self::Exact => own == name,
            Self::AnyCase => own.eq_ignore_ascii_case(name),
            Self::Any => same_name(own, name),
        }
    }
}

/// The problems of a call's parameters.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Parameters that the method does not have.
    pub(super) unknown: Vec<UnknownParameter>,
    /// The paths of text that should be JSON and is not.
    pub(super) unreadable: Vec<String>,
}

/// The problems of the parameters. `None` if the method's parameters are not listed.
pub(super) fn unknown(table: &Table, method: &'static Method, params: &Map<String, Value>) -> Option<Found> {
    let mut search = Search {
        table,
        method,
        rules: table.index().rules(method.name),
        found: Found::default(),
    };
    let level = Level {
        paths: Paths(method.params?),
        at: "",
        above: "",
        shown: "",
        spelling: Spelling::of(method.name),
    };
    search.members(level, params);
    Some(search.found)
}

struct Search<'t> {
    table: &'t Table,
    method: &'static Method,
    rules: Option<&'t Rules>,
    found: Found,
}

/// The position of the search.
#[derive(Clone, Copy)]
struct Level<'p> {
    paths: Paths,
    /// The path in the list.
    at: &'p str,
    /// The path of the call down to where the list begins.
    above: &'p str,
    /// The path of the call down to here, as it is shown.
    shown: &'p str,
    spelling: Spelling,
}

/// Stands for a dot inside of a name. No listed name has it.
const DOT_OF_NAME: &str = "\0";

impl Search<'_> {
    fn members(&mut self, level: Level<'_>, members: &Map<String, Value>) {
        for (name, value) in members {
            if self.found.unknown.len() == MAX_PARAMETERS {
                return;
            }
            let is_of_call = level.above.is_empty() && level.at.is_empty();
            if name.is_empty() || is_number(name) || is_of_call && is_of_every_call(name) {
                continue;
            }
            self.member(level, name, value);
        }
    }

    fn member(&mut self, level: Level<'_>, name: &str, value: &Value) {
        let path = match name.contains('.') {
            true => join(level.at, &name.replace('.', DOT_OF_NAME)),
            false => join(level.at, name),
        };
        let shown = join(level.shown, &shown_name(name));
        let mut is_known = false;
        let mut has_members = false;
        let mut held = None;
        let mut spelling = level.spelling;
        for own in level.paths.iter() {
            let Some(rest) = after(own.path, &path, level.spelling) else {
                continue;
            };
            is_known = true;
            has_members |= !rest.is_empty();
            if rest.is_empty() {
                held = held.or(own.structure);
                if own.takes_any_spelling {
                    spelling = Spelling::Any;
                }
            }
        }
        let whole = join(level.above, &path);
        if !is_known {
            // Some portals also accept the older name of the credential.
            let is_older = self
                .rules
                .is_some_and(|rules| suggestion::newer(self.method, rules, &whole).is_some());
            if is_older || !self.is_of_table(&whole) {
                let meant = join(level.at, name);
                let suggestion =
                    suggestion::parameter(self.method, self.rules, level.paths, level.above, &meant);
                self.found.unknown.push(UnknownParameter {
                    path: cut(&shown),
                    suggestion,
                });
            }
            return;
        }
        if let Some(paths) = held.and_then(structure) {
            let is_of_call = level.above.is_empty();
            let level = Level {
                paths,
                at: "",
                above: &whole,
                shown: &shown,
                spelling: Spelling::Any,
            };
            match value {
                Value::String(text) if is_of_call => self.text(level, text),
                _ => self.value(level, value),
            }
        } else if has_members {
            let level = Level {
                at: &path,
                shown: &shown,
                spelling,
                ..level
            };
            self.value(level, value);
        }
    }

    /// Checks a value. Each item of a list is checked; PHP writes some lists as objects.
    fn value(&mut self, level: Level<'_>, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.value(level, item)),
            Value::Object(members) if !members.is_empty() && members.keys().all(|key| is_number(key)) => {
                members.values().for_each(|item| self.value(level, item));
            }
            Value::Object(members) => self.members(level, members),
            _ => {}
        }
    }

    /// Checks text that a portal reads as JSON.
    fn text(&mut self, level: Level<'_>, text: &str) {
        match json_text::read(text) {
            JsonText::Structure(structure) => self.value(level, &structure),
            JsonText::Unreadable if self.found.unreadable.len() < MAX_PARAMETERS => {
                self.found.unreadable.push(cut(level.shown));
            }
            JsonText::Unreadable | JsonText::Single => {}
        }
    }

    /// Whether a row or a translation of the table names this path, or a path below it.
    fn is_of_table(&self, path: &str) -> bool {
        let begins = |own: &Path| begins_with(own, path);
        let of_rules = self.rules.is_some_and(|rules| {
            let rows = rules.parameters.iter().flat_map(|rule| &rule.paths);
            rows.map(|place| &place.path).chain(&rules.named).any(begins)
        });
        of_rules || {
            // Parameters that the gate itself sends in place of newer calls.
            let translations = self.table.translations();
            let mut to_this = translations.filter(|own| own.to() == self.method.name);
            to_this.any(|own| {
                let params = own.params().filter_map(|rule| ParamRule::parse(rule).ok());
                let set = own.set().filter_map(|rule| ValueRule::parse(rule).ok());
                params
                    .map(|rule| rule.to)
                    .chain(set.map(|rule| rule.path))
                    .any(|own| begins(&own))
            })
        }
    }
}

/// Whether a path of the table begins with a path of the call.
fn begins_with(own: &Path, path: &str) -> bool {
    let mut names = own.steps().iter().filter(|step| !matches!(step, Step::Each));
    path.split('.').all(|part| match names.next() {
        Some(Step::Member(name)) => **name == *part,
        Some(Step::Any | Step::Each) => true,
        None => false,
    })
}

/// The rest of a listed path after a path of the call. `None` if it does not begin with that
/// path.
fn after<'l>(listed: &'l str, path: &str, spelling: Spelling) -> Option<&'l str> {
    let mut rest = Some(listed);
    for part in path.split('.') {
        let (own, others) = match rest?.split_once('.') {
            Some((own, others)) => (own, Some(others)),
            None => (rest?, None),
        };
        if own != "<any>" && !spelling.same(own, part) {
            return None;
        }
        rest = others;
    }
    Some(rest.unwrap_or_default())
}

/// A name as a part of a path: quoted if it has a dot.
fn shown_name(name: &str) -> Cow<'_, str> {
    match name.contains('.') {
        true => format!("{name:?}").into(),
        false => quoted(name),
    }
}

/// Whether a parameter is a mark that an official client puts into each call. No method reads it.
pub(crate) fn is_mark_of_clients(name: &str) -> bool {
    name.starts_with(MARK_OF_CLIENTS)
}

fn is_of_every_call(name: &str) -> bool {
    is_mark_of_clients(name) || OF_EVERY_CALL.iter().any(|own| own.eq_ignore_ascii_case(name))
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}
