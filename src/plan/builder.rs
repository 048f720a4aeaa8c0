//! A plan while it is made.

use std::borrow::Cow;

use super::adaptation::{Adaptation, FollowUp, Plan};
use super::refused::Change;
use super::reply::Reading;
use crate::table::index::Rule;
use crate::table::{Row, Shim};
use crate::wire::{BATCH, Call, reference};

/// What has become of a call so far.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) outgoing: Outgoing,
    pub(crate) changes: Vec<Change>,
    pub(crate) noted: Vec<Change>,
    pub(crate) reading: Reading,
    pub(crate) follow_ups: Vec<FollowUp>,
}

/// What is sent.
#[derive(Default)]
pub(crate) enum Outgoing {
    #[default]
    AsItIs,
    One(Call),
    /// Several older calls that share the work of one.
    Several(Vec<Call>),
}

impl Draft {
    pub(crate) fn note(&mut self, row: &'static Row, shim: Shim, at: impl Into<Cow<'static, str>>) {
        self.noted.push(Change {
            row,
            shim,
            at: at.into(),
            to: None,
        });
    }

    /// Notes a call as a whole, and the older method that would serve.
    pub(crate) fn note_call(
        &mut self,
        row: &'static Row,
        shim: Shim,
        method: &str,
        older: Option<&'static str>,
    ) {
        self.noted.push(Change {
            row,
            shim,
            at: method.to_owned().into(),
            to: older.map(Cow::Borrowed),
        });
    }

    pub(crate) fn change(&mut self, row: &'static Row, shim: Shim, at: impl Into<Cow<'static, str>>) {
        self.changes.push(Change {
            row,
            shim,
            at: at.into(),
            to: None,
        });
    }

    /// Has the reply read by a row.
    pub(crate) fn read_reply(&mut self, row: &'static Row, shim: Shim, rule: &Rule) {
        let paths = || rule.places.iter().map(|place| place.path.clone());
        let reading = match shim {
            Shim::NextOffset => Reading::NextOffset,
            Shim::NestedResult => Reading::Nested,
            Shim::StripSecret => Reading::Strip(paths().collect()),
            Shim::ErrorAlias => {
                let older = row
                    .fallback()
                    .into_iter()
                    .flat_map(|fallback| fallback.older_codes());
                let older: Vec<_> = older.map(Into::into).collect();
                match row.applies().errors().next() {
                    Some(code) => Reading::Alias(older.into_iter().map(|old| (old, code.into())).collect()),
                    None => return,
                }
            }
            _ => return,
        };
        let at = match shim {
            Shim::ErrorAlias => row.applies().errors().next(),
            _ => row.applies().response().next(),
        };
        self.change(row, shim, at.unwrap_or_default());
        self.reading = std::mem::take(&mut self.reading).then(reading);
    }

    pub(crate) fn is_pass(&self) -> bool {
        matches!(self.outgoing, Outgoing::AsItIs)
            && self.reading.is_as_it_comes()
            && self.follow_ups.is_empty()
            && self.changes.is_empty()
    }

    /// The plan. Several calls become one batch, which stops at the first that fails. A
    /// portal replaces text of a batch that reads like a reference, so with such text they
    /// stay single.
    pub(crate) fn finish(self) -> Plan {
        if self.is_pass() {
            return Plan::Pass { noted: self.noted };
        }
        let Draft {
            outgoing,
            changes,
            noted,
            reading,
            follow_ups,
        } = self;
        let mut then = Vec::new();
        let (call, reading) = match outgoing {
            Outgoing::AsItIs => (None, reading),
            Outgoing::One(call) => (Some(call), reading),
            Outgoing::Several(calls) if calls.iter().any(|call| reference::find(call.params()).is_some()) => {
                let mut calls = calls.into_iter();
                let first = calls.next();
                then.extend(calls);
                (first, reading)
            }
            Outgoing::Several(calls) => {
                let (call, keys) = in_batch(&calls);
                (Some(call), Reading::Shared(keys, Box::new(reading)))
            }
        };
        Plan::Adapt(Box::new(Adaptation {
            call,
            then,
            changes,
            noted,
            reading,
            follow_ups,
        }))
    }
}

/// One batch for several calls, and its keys in their order.
fn in_batch(calls: &[Call]) -> (Call, Vec<Box<str>>) {
    let mut auth = None;
    let mut commands = serde_json::Map::new();
    for (nth, call) in calls.iter().enumerate() {
        let mut call = call.clone();
        // The credential is the request's.
        auth = call.params_mut().shift_remove("auth").or(auth);
        commands.insert(format!("part{nth}"), super::batch::command(&call).into());
    }
    let keys = commands.keys().map(|key| key.as_str().into()).collect();
    let batch = Call::new(BATCH).with("halt", 1).with("cmd", commands);
    match auth {
        Some(auth) => (batch.with("auth", auth), keys),
        None => (batch, keys),
    }
}
