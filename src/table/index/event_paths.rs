//! The places of older data that the rules of an event read, as a tree: one walk finds all of them.

use serde_json::{Map, Value};

use crate::table::event::DataSource;

/// The places that the rules of an event read. Each has a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventPaths {
    data: PathNodes,
    entry: PathNodes,
    count: usize,
}

/// The places in one object, in the order of the rules.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathNodes(Vec<PathNode>);

#[derive(Clone, Debug)]
struct PathNode {
    name: Box<str>,
    /// Its number, if a rule reads it.
    number: Option<usize>,
    below: PathNodes,
}

impl EventPaths {
    /// Adds a place, and returns its number. A place that is there already keeps its number.
    pub(super) fn add(&mut self, source: &DataSource) -> usize {
        let (nodes, path) = match source {
            DataSource::Data(path) => (&mut self.data, path),
            DataSource::Entry(path) => (&mut self.entry, path),
        };
        let number = nodes.add(path, self.count);
        self.count = self.count.max(number + 1);
        number
    }

    /// The number of places.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The places in the older data.
    pub(crate) fn data(&self) -> &PathNodes {
        &self.data
    }

    /// The places in an entry.
    pub(crate) fn entry(&self) -> &PathNodes {
        &self.entry
    }
}

impl PathNodes {
    /// Adds a place with this number. Returns the number that it has.
    fn add(&mut self, path: &[Box<str>], number: usize) -> usize {
        let Some((first, rest)) = path.split_first() else {
            return number;
        };
        let place = self.0.iter().position(|own| own.name == *first);
        let place = place.unwrap_or_else(|| {
            self.0.push(PathNode {
                name: first.clone(),
                number: None,
                below: Self::default(),
            });
            self.0.len() - 1
        });
        match self.0.get_mut(place) {
            Some(node) if rest.is_empty() => *node.number.get_or_insert(number),
            Some(node) => node.below.add(rest, number),
            None => number,
        }
    }

    /// Writes the values into `found`, each at the number of its place.
    pub(crate) fn find<'v>(&self, members: &'v Map<String, Value>, found: &mut [Option<&'v Value>]) {
        for node in &self.0 {
            let Some(value) = members.get(&*node.name) else {
                continue;
            };
            if let Some(found) = node.number.and_then(|number| found.get_mut(number)) {
                *found = Some(value);
            }
            if let Value::Object(members) = value {
                node.below.find(members, found);
            }
        }
    }

    /// Removes the values whose numbers are marked, and the objects that are empty without them.
    pub(crate) fn remove(&self, members: &mut Map<String, Value>, is_used: &[bool]) {
        let mut place = 0;
        members.retain(|name, value| {
            let Some(node) = self.at(name, &mut place) else {
                return true;
            };
            let is_used_whole = node.number.and_then(|number| is_used.get(number));
            if is_used_whole == Some(&true) {
                return false;
            }
            match value {
                Value::Object(inner) if !inner.is_empty() => {
                    node.below.remove(inner, is_used);
                    !inner.is_empty()
                }
                _ => true,
            }
        });
    }

    /// The node of a member. The search begins where the last one has ended: see `Members::at`.
    fn at(&self, name: &str, place: &mut usize) -> Option<&PathNode> {
        let (before, after) = self.0.split_at_checked(*place).unwrap_or_default();
        let is_it = |own: &&PathNode| *own.name == *name;
        if let Some(found) = after.iter().position(|own| is_it(&own)) {
            *place += found + 1;
            return after.get(found);
        }
        before.iter().find(is_it)
    }
}
