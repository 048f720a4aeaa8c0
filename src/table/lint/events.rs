//! Rules about events and their objects.

use std::collections::HashSet;

use super::context::Lint;
use crate::table::event::{DataRule, DataSource, MemberRule};
use crate::table::index::MemberNode;
use crate::table::table::Table;

/// The types that objects and events name.
pub(super) fn unknown_object(lint: &Lint<'_>) {
    let own = lint.document.event_objects();
    let base = lint.base.into_iter().flat_map(Table::event_objects);
    let known: HashSet<&str> = own.chain(base).map(|object| object.name()).collect();
    let objects = lint.document.objects.iter();
    let objects = objects.map(|own| (own.span("members"), &own.item.name, &own.item.members));
    let events = lint.document.events.iter();
    let events = events.map(|own| (own.span("members"), &own.item.name, &own.item.members));
    for (span, name, members) in objects.chain(events) {
        let rules = members.iter().filter_map(|text| MemberRule::parse(text).ok());
        for object in rules.filter_map(|rule| rule.of.object()) {
            if !known.contains(object) {
                lint.reader.complain(
                    &span,
                    Some(name),
                    "unknown-object",
                    format!("no [[object]] has the name `{object}`"),
                    "correct its spelling (case counts), or use id, integer, boolean, string, string|boolean, object|boolean or any",
                );
            }
        }
    }
}

pub(super) fn duplicate_event(lint: &Lint<'_>) {
    let events = || lint.document.events.iter();
    let names = events().map(|own| (&*own.item.name, own.span("name"), &*own.item.name));
    let older = events().filter_map(|own| {
        let older = own.item.older.as_deref()?;
        Some((older, own.span("older"), &*own.item.name))
    });
    lint.duplicates(names.chain(older), "duplicate-event", |name| {
        format!("the event `{name}` is there twice")
    });
    let objects = lint.document.objects.iter();
    let objects = objects.map(|own| (&*own.item.name, own.span("name"), &*own.item.name));
    lint.duplicates(objects, "duplicate-object", |name| {
        format!("the object `{name}` is there twice")
    });
}

/// A rule gives a member that the event has.
pub(super) fn unknown_member(lint: &Lint<'_>) {
    let own = lint.document.event_objects();
    let base = lint.base.into_iter().flat_map(Table::event_objects);
    let objects: Vec<_> = own.chain(base).collect();
    for located in &lint.document.events {
        let event = &located.item;
        let node = MemberNode::of_event(event, &objects);
        for rule in event.data().filter_map(|text| DataRule::parse(text).ok()) {
            if node.at(&rule.to).is_none() {
                lint.reader.complain(
                    &located.span("data"),
                    Some(&event.name),
                    "unknown-member",
                    format!("the event has no member `{}`", rule.to.join(".")),
                    "name it in `members` or in its [[object]], or correct its spelling",
                );
            }
        }
    }
}

/// Only an event with `each` has entries.
pub(super) fn entry_without_each(lint: &Lint<'_>) {
    for located in &lint.document.events {
        let event = &located.item;
        let mut rules = event.data().filter_map(|text| DataRule::parse(text).ok());
        let has_entry = rules.any(|rule| matches!(rule.from, DataSource::Entry(_)));
        if has_entry && event.each.is_none() {
            lint.reader.complain(
                &located.span("data"),
                Some(&event.name),
                "entry-without-each",
                "a rule reads an entry (`@`), and the event has no `each`",
                "name the member with the entries in `each`, or read the older data (`$`)",
            );
        }
    }
}
