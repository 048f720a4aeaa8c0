//! Names in calls that no portal knows. Each is logged once.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use serde_json::{Map, Value};

use crate::plan::commands_of;
use crate::table::Table;
use crate::vocabulary::{self, Known, UnknownName};
use crate::wire::{BATCH, Call, commands};

/// The first calls of a method are all checked, later ones are sampled: one of so many.
const FIRST: u32 = 16;
const ONE_OF: u32 = 1_024;

/// The most notes that are kept, and the most names that are remembered. Further names are
/// not logged.
const MAX_NOTES: usize = 64;
const MAX_NAMES: usize = 256;

/// The number of calls of each method, and the names that were logged.
#[derive(Debug)]
pub(super) struct Watch {
    /// The calls of each method, by the method's number.
    calls: Box<[AtomicU32]>,
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    names: HashSet<String, RandomState>,
    notes: Vec<UnknownName>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            calls: (0..vocabulary::count()).map(|_| AtomicU32::new(0)).collect(),
            told: Mutex::default(),
        }
    }
}

impl Watch {
    /// Checks a call, or each command of a batch. Calls `tell` for each new finding.
    pub(super) fn look_at(&self, table: &Table, call: &Call, tell: impl Fn(&UnknownName)) {
        if !call.method().eq_ignore_ascii_case(BATCH) {
            let params = |look: &mut dyn FnMut(&Map<String, Value>)| look(call.params());
            return self.look_at_one(table, call.method(), params, &tell);
        }
        for command in commands_of(call) {
            let params =
                |look: &mut dyn FnMut(&Map<String, Value>)| look(commands::call_of(command).params());
            self.look_at_one(table, commands::method_of(command), params, &tell);
        }
    }

    /// Whether the parameters of the next call of a method are checked; `None` if the method is
    /// not checked at all.
    pub(super) fn wants_parameters(&self, table: &Table, method: &str) -> Option<bool> {
        match vocabulary::look_up(table, method) {
            Known::Elsewhere | Known::ByTable => None,
            Known::Listed(number) => {
                let before = self.calls.get(number).map(|calls| calls.load(Ordering::Relaxed));
                Some(before.is_some_and(is_due))
            }
            Known::Unknown => Some(false),
        }
    }

    /// The findings, in their order.
    pub(super) fn notes(&self) -> Vec<UnknownName> {
        self.told().notes.clone()
    }

    /// Checks one call. It asks for the parameters only if they are checked.
    fn look_at_one(
        &self,
        table: &Table,
        method: &str,
        params: impl FnOnce(&mut dyn FnMut(&Map<String, Value>)),
        tell: &impl Fn(&UnknownName),
    ) {
        match vocabulary::look_up(table, method) {
            Known::Elsewhere | Known::ByTable => {}
            Known::Listed(number) => {
                if self.counts(number) {
                    params(&mut |params| {
                        let found = vocabulary::unknown_parameters(table, number, method, params);
                        found
                            .filter_map(|found| self.without_told(found))
                            .for_each(|new| self.note(new, tell));
                    });
                }
            }
            Known::Unknown => {
                if self.is_new(method, "") {
                    self.note(vocabulary::unknown_method(table, method), tell);
                }
            }
        }
    }

    /// Counts a call of a method. Returns whether its parameters are checked.
    fn counts(&self, number: usize) -> bool {
        let calls = self.calls.get(number);
        calls.is_some_and(|calls| is_due(calls.fetch_add(1, Ordering::Relaxed)))
    }

    /// The finding without the names that were logged before.
    fn without_told(&self, mut found: UnknownName) -> Option<UnknownName> {
        let is_empty = match &mut found {
            UnknownName::Method { .. } => false,
            UnknownName::Parameters { method, parameters } => {
                parameters.retain(|parameter| self.is_new(method, &parameter.path));
                parameters.is_empty()
            }
            UnknownName::UnreadableText { method, parameters } => {
                parameters.retain(|path| self.is_new(method, path));
                parameters.is_empty()
            }
        };
        if is_empty {
            return None;
        }
        Some(found)
    }

    fn is_new(&self, method: &str, parameter: &str) -> bool {
        let name = vocabulary::cut(method);
        let mut told = self.told();
        if told.names.len() >= MAX_NAMES {
            return false;
        }
        told.names.insert(format!("{name} {parameter}"))
    }

    fn note(&self, note: UnknownName, tell: impl Fn(&UnknownName)) {
        {
            let mut told = self.told();
            if told.notes.len() >= MAX_NOTES {
                return;
            }
            told.notes.push(note.clone());
        }
        tell(&note);
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a call is checked, after so many calls of its method.
fn is_due(before: u32) -> bool {
    before < FIRST || before.is_multiple_of(ONE_OF)
}
