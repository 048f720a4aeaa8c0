//! A plan under construction.

use std::borrow::Cow;

use super::adaptation::{Adaptation, FollowUp, Plan};
use super::refused::Change;
use super::reply::ReplyTransform;
use crate::table::index::Rule;
use crate::table::{Row, Shim};
use crate::wire::{BATCH, Call, commands, reference};

/// The changes of a call so far.
#[derive(Default)]
pub(super) struct PlanBuilder {
    pub(super) outgoing: Outgoing,
    pub(super) changes: Vec<Change>,
    pub(super) noted: Vec<Change>,
    pub(super) reply: ReplyTransform,
    pub(super) follow_ups: Vec<FollowUp>,
}

/// The calls to send.
#[derive(Default)]
pub(super) enum Outgoing {
    #[default]
    AsItIs,
    One(Call),
    /// Several older calls that do the work of one.
    Several(Vec<Call>),
}

impl PlanBuilder {
    pub(super) fn note(&mut self, row: &'static Row, shim: Shim, at: impl Into<Cow<'static, str>>) {
        self.noted.push(Change {
            row,
            shim,
            at: at.into(),
            to: None,
        });
    }

    /// Notes a change of the whole call, with the older method.
    pub(super) fn note_call(
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

    pub(super) fn change(&mut self, row: &'static Row, shim: Shim, at: impl Into<Cow<'static, str>>) {
        self.changes.push(Change {
            row,
            shim,
            at: at.into(),
            to: None,
        });
    }

    /// Adds the transform of the reply that a row asks for.
    pub(super) fn transform_reply(&mut self, row: &'static Row, shim: Shim, rule: &Rule) {
        let paths = || rule.paths.iter().map(|place| place.path.clone());
        let transform = match shim {
            Shim::NextOffset => ReplyTransform::NextOffset,
            Shim::NestedResult => ReplyTransform::NestResult,
            Shim::StripSecret => ReplyTransform::Remove(paths().collect()),
            Shim::ErrorAlias => {
                let older = row
                    .fallback()
                    .into_iter()
                    .flat_map(|fallback| fallback.older_codes());
                let older: Vec<_> = older.map(Into::into).collect();
                match row.applies().errors().next() {
                    Some(code) => ReplyTransform::RenameErrors(
                        older.into_iter().map(|old| (old, code.into())).collect(),
                    ),
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
        self.reply = std::mem::take(&mut self.reply).then(transform);
    }

    pub(super) fn is_pass(&self) -> bool {
        matches!(self.outgoing, Outgoing::AsItIs)
            && self.reply.is_identity()
            && self.follow_ups.is_empty()
            && self.changes.is_empty()
    }

    /// The plan. Several calls become one batch that stops at the first failure. In a batch, a
    /// portal replaces text that looks like a reference. Calls with such text stay single.
    pub(super) fn finish(self) -> Plan {
        if self.is_pass() {
            return Plan::Pass { noted: self.noted };
        }
        let PlanBuilder {
            outgoing,
            changes,
            noted,
            reply,
            follow_ups,
        } = self;
        let mut then = Vec::new();
        let (call, reply) = match outgoing {
            Outgoing::AsItIs => (None, reply),
            Outgoing::One(call) => (Some(call), reply),
            Outgoing::Several(calls) if calls.iter().any(|call| reference::find(call.params()).is_some()) => {
                let mut calls = calls.into_iter();
                let first = calls.next();
                then.extend(calls);
                (first, reply)
            }
            Outgoing::Several(calls) => {
                let (call, keys) = in_batch(&calls);
                (Some(call), ReplyTransform::Merge(keys, Box::new(reply)))
            }
        };
        Plan::Adapt(Box::new(Adaptation {
            call,
            then,
            changes,
            noted,
            reply,
            follow_ups,
        }))
    }
}

/// One batch for several calls, and its keys in their order.
fn in_batch(calls: &[Call]) -> (Call, Vec<Box<str>>) {
    let mut auth = None;
    let mut cmd = serde_json::Map::new();
    for (nth, call) in calls.iter().enumerate() {
        let mut call = call.clone();
        // A request has one credential, for all its commands.
        auth = call.params_mut().shift_remove("auth").or(auth);
        cmd.insert(format!("part{nth}"), commands::command(&call).into());
    }
    let keys = cmd.keys().map(|key| key.as_str().into()).collect();
    let batch = Call::new(BATCH).with("halt", 1).with("cmd", cmd);
    match auth {
        Some(auth) => (batch.with("auth", auth), keys),
        None => (batch, keys),
    }
}
