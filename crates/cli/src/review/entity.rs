//! What pages say of a method, an event or a guide.

use std::collections::{BTreeMap, BTreeSet};

use super::words::Part;

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntityKind {
    Method,
    Event,
    /// A guide, a list, a page of objects.
    Page,
}

/// A row of a table of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// In lower case. Empty: the table has no types.
    pub(super) types: BTreeSet<String>,
    pub(super) required: bool,
    pub(super) revisions: BTreeSet<u16>,
    /// What the description shows in backticks, and the numbers in it: allowed values, limits, defaults.
    pub(super) literals: BTreeSet<String>,
}

/// The facts about one method, event or guide.
#[derive(Debug)]
pub(super) struct Entity {
    pub(super) kind: EntityKind,
    /// The page, relative to the root of the documentation.
    pub(super) page: String,
    pub(super) fields: BTreeMap<(Part, String), Field>,
    pub(super) errors: BTreeSet<String>,
    /// Values by the anchor of their table.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
    pub(super) days: BTreeSet<(String, &'static str)>,
    pub(super) revisions: BTreeSet<u16>,
    pub(super) marks: BTreeSet<&'static str>,
    pub(super) scopes: BTreeSet<String>,
    /// Anchors of sections that are no part which each page has.
    pub(super) sections: BTreeSet<String>,
}

impl Entity {
    pub(super) fn new(kind: EntityKind, page: &str) -> Self {
        Self {
            kind,
            page: page.to_owned(),
            fields: BTreeMap::new(),
            errors: BTreeSet::new(),
            values: BTreeMap::new(),
            days: BTreeSet::new(),
            revisions: BTreeSet::new(),
            marks: BTreeSet::new(),
            scopes: BTreeSet::new(),
            sections: BTreeSet::new(),
        }
    }

    /// Adds a field. If the same path has two rows, the field has the types of both.
    pub(super) fn add_field(&mut self, part: Part, path: String, field: Field) {
        let known = self.fields.entry((part, path)).or_default();
        known.types.extend(field.types);
        known.required |= field.required;
        known.revisions.extend(field.revisions);
        known.literals.extend(field.literals);
    }

    /// Adds what another page says of the same method. The first page keeps its name.
    pub(super) fn add(&mut self, other: Self) {
        for ((part, path), field) in other.fields {
            self.add_field(part, path, field);
        }
        for (list, values) in other.values {
            self.values.entry(list).or_default().extend(values);
        }
        self.errors.extend(other.errors);
        self.days.extend(other.days);
        self.revisions.extend(other.revisions);
        self.marks.extend(other.marks);
        self.scopes.extend(other.scopes);
        self.sections.extend(other.sections);
    }
}

/// A part of a page that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unread {
    /// What is wrong with it, such as `row-with-other-number-of-cells`.
    pub(super) problem: &'static str,
    pub(super) of: String,
    pub(super) page: String,
    /// The anchor or the words that lead there.
    pub(super) place: String,
    /// Tells two texts apart that have the same place.
    pub(super) digest: String,
}

/// What one page gives.
#[derive(Debug, Default)]
pub(super) struct PageFacts {
    pub(super) entities: BTreeMap<String, Entity>,
    pub(super) unread: Vec<Unread>,
    /// Methods and events that the page names anywhere outside of code blocks.
    pub(super) mentions: BTreeSet<String>,
}
