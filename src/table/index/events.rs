//! The events of a table by name, with their rules parsed.

use std::collections::HashMap;
use std::sync::Arc;

use super::event_paths::EventPaths;
use crate::table::event::{DataRule, EventObject, EventTranslation, MemberRule, MemberType};

/// Objects in objects are looked into up to this depth.
const MAX_DEPTH: usize = 8;

/// The events of a table.
#[derive(Clone, Debug)]
pub(crate) struct EventIndex {
    /// The members of an event by its name.
    members: HashMap<Box<str>, Arc<MemberNode>>,
    older: HashMap<Box<str>, OlderEvent>,
}

/// An event of the older API.
#[derive(Clone, Debug)]
pub(crate) struct OlderEvent {
    /// The name of the event of imbot.v2.
    pub(crate) newer: Box<str>,
    pub(crate) each: Option<Box<str>>,
    pub(crate) rules: Vec<OlderRule>,
    /// The places that the rules read.
    pub(crate) sources: EventPaths,
}

/// Where a member comes from.
#[derive(Clone, Debug)]
pub(crate) struct OlderRule {
    pub(crate) rule: DataRule,
    /// The number of its source.
    pub(crate) source: usize,
    /// Whether the member is an id.
    pub(crate) is_id: bool,
    /// Whether a rule before it may have given the member.
    pub(crate) is_second: bool,
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
    Object(Members),
    List(Box<MemberNode>),
}

/// The types of an object's members, in the order of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members(Vec<(Box<str>, MemberNode)>);

impl Members {
    pub(crate) fn get(&self, name: &str) -> Option<&MemberNode> {
        self.at(name, &mut 0)
    }

    /// The type of a member. `place` is where the search begins, and then where it is to begin for the next
    /// member: portals send members in about the order of the table.
    pub(crate) fn at(&self, name: &str, place: &mut usize) -> Option<&MemberNode> {
        let (before, after) = self.0.split_at_checked(*place).unwrap_or_default();
        let is_it = |own: &(Box<str>, MemberNode)| *own.0 == *name;
        if let Some(found) = after.iter().position(is_it) {
            *place += found + 1;
            return after.get(found).map(|(_, of)| of);
        }
        before.iter().find(|own| is_it(own)).map(|(_, of)| of)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &MemberNode)> {
        self.0.iter().map(|(name, of)| (&**name, of))
    }

    /// The last type of a name counts.
    fn add(&mut self, name: &str, of: MemberNode) {
        match self.0.iter_mut().find(|(own, _)| **own == *name) {
            Some((_, own)) => *own = of,
            None => self.0.push((name.into(), of)),
        }
    }
}

impl EventIndex {
    pub(crate) fn new(objects: &[EventObject], events: &[EventTranslation]) -> Self {
        let objects: Vec<&EventObject> = objects.iter().collect();
        let mut members = HashMap::new();
        let mut older = HashMap::new();
        for event in events {
            let types = MemberNode::of_event(event, &objects);
            if let Some(name) = event.older() {
                older.insert(name.into(), OlderEvent::new(event, &types));
            }
            members.insert(event.name().into(), Arc::new(types));
        }
        Self { members, older }
    }

    /// The members of an event of imbot.v2.
    pub(crate) fn members(&self, name: &str) -> Option<&Arc<MemberNode>> {
        self.members.get(name)
    }

    pub(crate) fn older(&self, name: &str) -> Option<&OlderEvent> {
        self.older.get(name)
    }
}

impl OlderEvent {
    fn new(event: &EventTranslation, types: &MemberNode) -> Self {
        let mut sources = EventPaths::default();
        let mut rules: Vec<OlderRule> = Vec::new();
        for rule in event.data().filter_map(|text| DataRule::parse(text).ok()) {
            let meets = |own: &OlderRule| own.rule.to.iter().zip(&rule.to).all(|(own, other)| own == other);
            rules.push(OlderRule {
                source: sources.add(&rule.from),
                is_id: types.at(&rule.to) == Some(&MemberNode::Id),
                is_second: rules.iter().any(meets),
                rule,
            });
        }
        Self {
            newer: event.name().into(),
            each: event.each().map(Box::from),
            rules,
            sources,
        }
    }
}

impl MemberNode {
    pub(crate) fn of_event(event: &EventTranslation, objects: &[&EventObject]) -> Self {
        object(event.members(), objects, MAX_DEPTH)
    }

    /// The type of the member at this path.
    pub(crate) fn at(&self, path: &[Box<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |of, name| match of {
            Self::Object(members) => members.get(name),
            _ => None,
        })
    }
}

fn object<'t>(
    members: impl Iterator<Item = &'t str>,
    objects: &[&'t EventObject],
    depth: usize,
) -> MemberNode {
    let mut of = Members::default();
    for rule in members.filter_map(|text| MemberRule::parse(text).ok()) {
        of.add(rule.name, node(&rule.of, objects, depth));
    }
    MemberNode::Object(of)
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
