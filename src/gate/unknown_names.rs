//! Names in calls that no portal knows. Sites share the notes of them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};

use crate::fair_share::{Account, may_have_more};
use crate::plan::commands_of;
use crate::portal::PortalId;
use crate::site::Sites;
use crate::table::Table;
use crate::vocabulary::{self, Known, UnknownName};
use crate::wire::{BATCH, Call, commands};

mod sampler;

use sampler::CheckSampler;

/// The most notes that are kept. If there are more, the site with the most loses the oldest note
/// of its portal with the most.
const MAX_NOTES: usize = 64;

/// The most notes that a gate logs: anybody can make up names without end.
const MAX_LINES: usize = 256;

/// A site gets at most a quarter of these lines, and a portal an eighth. The program's own machine
/// gets half of them.
const SITE_PART: usize = 3;
const PORTAL_PART: usize = 7;
const LOCAL_PART: usize = 1;

/// The longest name of a method that is kept, in bytes. No portal has one that long.
const MAX_METHOD: usize = 200;

/// The calls that are checked, and the notes.
#[derive(Debug, Default)]
pub(super) struct UnknownNames {
    sampler: CheckSampler,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    notes: VecDeque<Entry>,
    lines: usize,
    /// The number of lines of each site, and of each portal.
    of_sites: HashMap<Box<str>, usize>,
    of_portals: HashMap<Box<str>, usize>,
}

#[derive(Debug)]
struct Entry {
    account: Account,
    /// The names that the note is about. While it is kept, they get no other note.
    names: Vec<String>,
    note: Note,
}

/// A note as it is kept.
#[derive(Clone, Debug)]
enum Note {
    /// An unknown method. The search for a similar name waits until the note is read.
    Method(String),
    Whole(UnknownName),
}

impl Note {
    fn whole(self, table: &Table) -> UnknownName {
        match self {
            Self::Method(name) => vocabulary::unknown_method(table, &name),
            Self::Whole(note) => note,
        }
    }
}

/// The portal of a call, and the table.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    pub(super) portal: &'p PortalId,
    pub(super) table: &'static Table,
}

impl At<'_> {
    fn site(self) -> String {
        Sites::by(self.table).of_address(self.portal.as_origin().unwrap_or_default())
    }
}

impl UnknownNames {
    /// Checks a call, or each command of a batch. Calls `tell` for each new note that is logged.
    pub(super) fn look_at(&self, at: At<'_>, call: &Call, tell: impl Fn(&UnknownName)) {
        if !call.method().eq_ignore_ascii_case(BATCH) {
            let params = |look: &mut dyn FnMut(&Map<String, Value>)| look(call.params());
            return self.look_at_one(at, call.method(), params, &tell);
        }
        for command in commands_of(call) {
            let params =
                |look: &mut dyn FnMut(&Map<String, Value>)| look(commands::call_of(command).params());
            self.look_at_one(at, commands::method_of(command), params, &tell);
        }
    }

    /// Whether the parameters of the next call of a method are checked; `None` if the method is
    /// not checked at all.
    pub(super) fn wants_parameters(&self, at: At<'_>, method: &str) -> Option<bool> {
        match vocabulary::look_up(at.table, method) {
            Known::Elsewhere | Known::ByTable => None,
            Known::Listed(number) => Some(self.sampler.is_due(&at.site(), number)),
            Known::Unknown => Some(false),
        }
    }

    /// The latest notes, in their order.
    pub(super) fn notes(&self, table: &Table) -> Vec<UnknownName> {
        let notes: Vec<_> = self.told().notes.iter().map(|entry| entry.note.clone()).collect();
        notes.into_iter().map(|note| note.whole(table)).collect()
    }

    /// Checks one call. It asks for the parameters only if they are checked.
    fn look_at_one(
        &self,
        at: At<'_>,
        method: &str,
        params: impl FnOnce(&mut dyn FnMut(&Map<String, Value>)),
        tell: &impl Fn(&UnknownName),
    ) {
        match vocabulary::look_up(at.table, method) {
            Known::Elsewhere | Known::ByTable => {}
            Known::Listed(number) => {
                if self.sampler.take(&at.site(), number) {
                    params(&mut |params| {
                        let found = vocabulary::unknown_parameters(at.table, number, method, params);
                        for mut note in found {
                            let names = self.retain_new(&mut note);
                            self.note(at, names, Note::Whole(note), tell);
                        }
                    });
                }
            }
            Known::Unknown => {
                let name = name_of(method, "");
                let names = Vec::from_iter(self.told().is_new(&name).then_some(name));
                let end = (0..=MAX_METHOD).rev().find_map(|end| method.get(..end));
                let kept = if method.len() > MAX_METHOD { end } else { None };
                let note = Note::Method(kept.unwrap_or(method).to_owned());
                self.note(at, names, note, tell);
            }
        }
    }

    /// Removes the parameters that another note has. Returns the names of the rest.
    fn retain_new(&self, note: &mut UnknownName) -> Vec<String> {
        let told = self.told();
        let mut names = Vec::new();
        let mut is_new = |method: &str, parameter: &str| {
            let name = name_of(method, parameter);
            let is_new = told.is_new(&name);
            names.extend(is_new.then_some(name));
            is_new
        };
        match note {
            UnknownName::Method { .. } => {}
            UnknownName::Parameters { method, parameters } => {
                parameters.retain(|parameter| is_new(method, &parameter.path));
            }
            UnknownName::UnreadableText { method, parameters } => {
                parameters.retain(|path| is_new(method, path));
            }
        }
        names
    }

    /// Keeps a note of these names, if there are any.
    fn note(&self, at: At<'_>, names: Vec<String>, note: Note, tell: &impl Fn(&UnknownName)) {
        if names.is_empty() {
            return;
        }
        let account = Sites::by(at.table).account(at.portal);
        let is_told = {
            let mut told = self.told();
            // Another thread may have noted them.
            if !names.iter().any(|name| told.is_new(name)) {
                return;
            }
            let is_told = told.takes_line(&account);
            let note = note.clone();
            told.add(Entry { account, names, note });
            is_told
        };
        if is_told {
            tell(&note.whole(at.table));
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn is_new(&self, name: &str) -> bool {
        let mut names = self.notes.iter().flat_map(|entry| &entry.names);
        names.all(|known| known != name)
    }

    /// Keeps a note. If there are too many, removes one.
    fn add(&mut self, entry: Entry) {
        self.notes.push_back(entry);
        if self.notes.len() <= MAX_NOTES {
            return;
        }
        let accounts = || self.notes.iter().map(|entry| &entry.account);
        let busiest = most(accounts().map(Account::site));
        let of_site = accounts().filter(move |account| Some(account.site()) == busiest);
        let portal = most(of_site.map(Account::portal));
        let oldest = accounts().position(|own| Some(own.portal()) == portal);
        self.notes.remove(oldest.unwrap_or_default());
    }

    /// Takes a line of the log, if the portal may have one more.
    fn takes_line(&mut self, account: &Account) -> bool {
        let left = MAX_LINES.saturating_sub(self.lines);
        let part = |part| if account.is_local() { LOCAL_PART } else { part };
        let has = |counts: &HashMap<Box<str>, usize>, name| counts.get(name).copied().unwrap_or_default();
        let may = may_have_more(has(&self.of_sites, account.site()), left, part(SITE_PART))
            && may_have_more(has(&self.of_portals, account.portal()), left, part(PORTAL_PART));
        if may {
            self.lines += 1;
            *self.of_sites.entry(account.site().into()).or_default() += 1;
            *self.of_portals.entry(account.portal().into()).or_default() += 1;
        }
        may
    }
}

/// The most frequent name; of equally frequent ones the first.
fn most<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<&'n str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    names
        .clone()
        .for_each(|name| *counts.entry(name).or_default() += 1);
    let most = counts.values().max().copied();
    let mut names = names;
    names.find(|name| counts.get(name).copied() == most)
}

fn name_of(method: &str, parameter: &str) -> String {
    format!("{} {parameter}", vocabulary::cut(method))
}
