//! The events of a table by name, with their rules parsed.

use std::collections::HashMap;

use crate::table::event::{DataRule, EventObject, EventTranslation, MemberRule, MemberType};

/// Objects in objects are looked into up to this depth.
const MAX_DEPTH: usize = 8;

/// The events of a table.
#[derive(Clone, Debug)]
pub(crate) struct EventIndex {
    /// The members of an event by its name.
    members: HashMap<Box<str>, MemberNode>,
    older: HashMap<Box<str>, OlderEvent>,
}

/// An event of the older API.
#[derive(Clone, Debug)]
pub(crate) struct OlderEvent {
    /// The name of the event of imbot.v2.
    pub(crate) newer: Box<str>,
    pub(crate) each: Option<Box<str>>,
    pub(crate) rules: Vec<DataRule>,
}

/// The type of a member, and of the members below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MemberNode {
    /// An integer by which a program acts.
    Id,
    Integer,
    Boolean,
    Text,
    /// Text or an object, or false.
    OrFalse,
    Any,
    Object(HashMap<Box<str>, MemberNode>),
    List(Box<MemberNode>),
}

impl EventIndex {
    pub(crate) fn new(objects: &[EventObject], events: &[EventTranslation]) -> Self {
        let objects: Vec<&EventObject> = objects.iter().collect();
        let members = events
            .iter()
            .map(|event| (event.name().into(), MemberNode::of_event(event, &objects)));
        let older = events.iter().filter_map(|event| {
            let rules = event.data().filter_map(|text| DataRule::parse(text).ok());
            let older = OlderEvent {
                newer: event.name().into(),
                each: event.each().map(Box::from),
                rules: rules.collect(),
            };
            Some((event.older()?.into(), older))
        });
        Self {
            members: members.collect(),
            older: older.collect(),
        }
    }

    /// The members of an event of imbot.v2.
    pub(crate) fn members(&self, name: &str) -> Option<&MemberNode> {
        self.members.get(name)
    }

    pub(crate) fn older(&self, name: &str) -> Option<&OlderEvent> {
        self.older.get(name)
    }
}

impl MemberNode {
    pub(crate) fn of_event(event: &EventTranslation, objects: &[&EventObject]) -> Self {
        object(event.members(), objects, MAX_DEPTH)
    }

    /// Whether there is a member at this path.
    pub(crate) fn has(&self, path: &[Box<str>]) -> bool {
        match (self, path.split_first()) {
            (_, None) => true,
            (Self::Object(members), Some((name, rest))) => {
                members.get(name).is_some_and(|member| member.has(rest))
            }
            _ => false,
        }
    }
}

fn object<'t>(
    members: impl Iterator<Item = &'t str>,
    objects: &[&'t EventObject],
    depth: usize,
) -> MemberNode {
    let rules = members.filter_map(|text| MemberRule::parse(text).ok());
    let members = rules.map(|rule| (rule.name.into(), node(&rule.of, objects, depth)));
    MemberNode::Object(members.collect())
}

fn node(of: &MemberType<'_>, objects: &[&EventObject], depth: usize) -> MemberNode {
    match of {
        MemberType::Id => MemberNode::Id,
        MemberType::Integer => MemberNode::Integer,
        MemberType::Boolean => MemberNode::Boolean,
        MemberType::Text => MemberNode::Text,
        MemberType::OrFalse => MemberNode::OrFalse,
        MemberType::Any => MemberNode::Any,
        MemberType::List(item) => MemberNode::List(Box::new(node(item, objects, depth))),
        MemberType::Object(name) => {
            let found = objects.iter().find(|object| object.name() == *name);
            match found.filter(|_| depth > 0) {
                Some(found) => object(found.members(), objects, depth - 1),
                None => MemberNode::Any,
            }
        }
    }
}
