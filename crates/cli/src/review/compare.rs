//! What differs between the pages of two editions.

use std::collections::{BTreeMap, BTreeSet};

use super::edition::Edition;
use super::entity::{Entity, EntityKind, Field, Unread};
use super::finding::{Finding, Kind};
use super::words::Part;

/// Compares all pages but the change log. Returns how many parts neither edition lets read, without a change.
pub(super) fn compare(old: &Edition, new: &Edition, found: &mut Vec<Finding>) -> usize {
    for (of, entity) in &new.entities {
        match old.entities.get(of) {
            Some(before) => Pair {
                of,
                old: before,
                new: entity,
                found,
            }
            .compare(),
            None => {
                let kind = match entity.kind {
                    EntityKind::Method => Kind::MethodAdded,
                    EntityKind::Event => Kind::EventAdded,
                    EntityKind::Page => Kind::PageAdded,
                };
                found.push(Finding::new(kind, of, "", &entity.page));
                // The rest of a new page belongs to it. Its days do not: they demand something on a day.
                Pair {
                    of,
                    old: &Entity::new(entity.kind, &entity.page),
                    new: entity,
                    found,
                }
                .days();
            }
        }
    }
    for (of, entity) in old
        .entities
        .iter()
        .filter(|(of, _)| !new.entities.contains_key(*of))
    {
        let kind = match entity.kind {
            EntityKind::Method => Kind::MethodRemoved,
            EntityKind::Event => Kind::EventRemoved,
            EntityKind::Page => Kind::PageRemoved,
        };
        found.push(Finding::new(kind, of, "", &entity.page));
    }
    for (name, page) in &new.mentions {
        if !old.mentions.contains_key(name)
            && !new.entities.contains_key(name)
            && !old.entities.contains_key(name)
        {
            found.push(Finding::new(Kind::NameMentioned, name, "", page));
        }
    }
    unread(&old.unread, &new.unread, found)
}

/// An unread part is a finding if the older edition has not the same one.
fn unread(old: &[Unread], new: &[Unread], found: &mut Vec<Finding>) -> usize {
    let key = |unread: &Unread| (unread.problem, unread.of.clone(), unread.digest.clone());
    let old: BTreeSet<_> = old.iter().map(key).collect();
    let mut same = 0;
    for part in new {
        if old.contains(&key(part)) {
            same += 1;
        } else {
            let digest = if part.digest.is_empty() {
                String::new()
            } else {
                format!(" ({})", part.digest)
            };
            let subject = format!("{} {}{digest}", part.problem, part.place);
            found.push(Finding::new(Kind::Unread, &part.of, &subject, &part.page));
        }
    }
    same
}

/// The same method, event or guide in both editions.
struct Pair<'e> {
    of: &'e str,
    old: &'e Entity,
    new: &'e Entity,
    found: &'e mut Vec<Finding>,
}

impl Pair<'_> {
    fn compare(&mut self) {
        self.fields();
        let (old, new) = (self.old, self.new);
        self.sets(Kind::ErrorAdded, Kind::ErrorRemoved, "", &old.errors, &new.errors);
        let owned = |marks: &BTreeSet<&str>| marks.iter().map(|mark| (*mark).to_owned()).collect();
        self.sets(
            Kind::MarkAdded,
            Kind::MarkRemoved,
            "",
            &owned(&old.marks),
            &owned(&new.marks),
        );
        if new.kind != EntityKind::Page {
            self.sets(Kind::ScopeAdded, Kind::ScopeRemoved, "", &old.scopes, &new.scopes);
            self.sets(
                Kind::SectionAdded,
                Kind::SectionRemoved,
                "#",
                &old.sections,
                &new.sections,
            );
        }
        self.values();
        self.days();
        for revision in new.revisions.difference(&old.revisions) {
            self.push(Kind::RevisionMentioned, &format!("rest-{revision}"));
        }
    }

    fn push(&mut self, kind: Kind, subject: &str) {
        self.found
            .push(Finding::new(kind, self.of, subject, &self.new.page));
    }

    fn changed(&mut self, kind: Kind, subject: &str, old: String, new: String) {
        let value = |text: String| (!text.is_empty()).then_some(text);
        let finding = Finding::changed(kind, self.of, subject, &self.new.page, value(old), value(new));
        self.found.push(finding);
    }

    fn sets(
        &mut self,
        added: Kind,
        removed: Kind,
        mark: &str,
        old: &BTreeSet<String>,
        new: &BTreeSet<String>,
    ) {
        for value in new.difference(old) {
            self.push(added, &format!("{mark}{value}"));
        }
        for value in old.difference(new) {
            self.push(removed, &format!("{mark}{value}"));
        }
    }

    /// What is new or gone in the lists of a page, one finding for each list. A value that moves to another list, as when
    /// an anchor changes, is neither.
    fn values(&mut self) {
        let all = |entity: &Entity| entity.values.values().flatten().cloned().collect::<BTreeSet<_>>();
        let (old, new) = (all(self.old), all(self.new));
        let anchors: BTreeSet<&String> = self.old.values.keys().chain(self.new.values.keys()).collect();
        for anchor in anchors {
            let of = |entity: &Entity, known: &BTreeSet<String>| {
                let list = entity.values.get(anchor).into_iter().flatten();
                list.filter(|value| !known.contains(*value))
                    .cloned()
                    .collect::<BTreeSet<_>>()
            };
            let (gone, added) = (of(self.old, &new), of(self.new, &old));
            if !gone.is_empty() || !added.is_empty() {
                self.changed(Kind::Values, &format!("#{anchor}"), joined(&gone), joined(&added));
            }
        }
    }

    fn days(&mut self) {
        let subject = |(day, role): &(String, &str)| format!("{role} {day}");
        for day in self.new.days.difference(&self.old.days) {
            self.push(Kind::DayAdded, &subject(day));
        }
        for day in self.old.days.difference(&self.new.days) {
            self.push(Kind::DayRemoved, &subject(day));
        }
    }

    fn fields(&mut self) {
        let (old, new) = (self.old, self.new);
        let only = |a: &'_ Entity, b: &'_ Entity| -> Vec<(Part, String)> {
            a.fields
                .keys()
                .filter(|key| !b.fields.contains_key(key))
                .cloned()
                .collect()
        };
        let (mut gone, mut added) = (only(old, new), only(new, old));
        for (key, field) in &new.fields {
            if let Some(before) = old.fields.get(key) {
                self.field(key, before, field);
            }
        }
        self.moved(&mut gone, &mut added);
        for (part, path) in &added {
            self.push(Kind::FieldAdded, &format!("{}:{path}", part.as_str()));
        }
        for (part, path) in &gone {
            self.push(Kind::FieldRemoved, &format!("{}:{path}", part.as_str()));
        }
    }

    /// Takes fields out of both lists that only have another prefix, as when parameters move into an object.
    fn moved(&mut self, gone: &mut Vec<(Part, String)>, added: &mut Vec<(Part, String)>) {
        let by_name = |keys: &[(Part, String)]| {
            let mut names: BTreeMap<(Part, String), Vec<String>> = BTreeMap::new();
            for (part, path) in keys {
                names
                    .entry((*part, last(path).1.to_owned()))
                    .or_default()
                    .push(path.clone());
            }
            names
        };
        let (from, to) = (by_name(gone), by_name(added));
        let mut groups: BTreeMap<(Part, String, String), Vec<String>> = BTreeMap::new();
        for ((part, name), before) in &from {
            let ([before], Some([now])) = (
                before.as_slice(),
                to.get(&(*part, name.clone())).map(Vec::as_slice),
            ) else {
                continue;
            };
            let key = (*part, last(before).0.to_owned(), last(now).0.to_owned());
            groups.entry(key).or_default().push(name.clone());
            gone.retain(|(of, path)| (of, path) != (part, before));
            added.retain(|(of, path)| (of, path) != (part, now));
            let fields = [
                self.old.fields.get(&(*part, before.clone())),
                self.new.fields.get(&(*part, now.clone())),
            ];
            if let [Some(old), Some(new)] = fields {
                self.field(&(*part, now.clone()), old, new);
            }
        }
        for ((part, before, now), names) in groups {
            // The prefix of an object's field is the anchor of its heading, which is no fact.
            if part == Part::Other {
                continue;
            }
            let place = |prefix: &str| format!("{}:{prefix}", part.as_str());
            self.changed(Kind::FieldsMoved, &names.join(","), place(&before), place(&now));
        }
    }

    fn field(&mut self, (part, path): &(Part, String), old: &Field, new: &Field) {
        let subject = format!("{}:{path}", part.as_str());
        let has_other_types = old.types != new.types && !old.types.is_empty() && !new.types.is_empty();
        if has_other_types {
            self.changed(Kind::FieldType, &subject, joined(&old.types), joined(&new.types));
        }
        if old.required != new.required {
            let word = |required| if required { "required" } else { "optional" }.to_owned();
            self.changed(
                Kind::FieldRequired,
                &subject,
                word(old.required),
                word(new.required),
            );
        }
        for revision in new.revisions.difference(&old.revisions) {
            self.push(Kind::FieldRevision, &format!("{subject} rest-{revision}"));
        }
        // Another type has other values.
        if has_other_types {
            return;
        }
        // Names of other fields are references, not values.
        let names: BTreeSet<&str> = [self.old, self.new]
            .into_iter()
            .flat_map(|entity| entity.fields.keys().map(|(_, path)| last(path).1))
            .collect();
        let only =
            |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<BTreeSet<_>>();
        let (gone, added) = (
            only(&old.literals, &new.literals),
            only(&new.literals, &old.literals),
        );
        if gone
            .union(&added)
            .any(|literal| !names.contains(literal.as_str()))
        {
            self.changed(Kind::FieldLiterals, &subject, joined(&gone), joined(&added));
        }
    }
}

fn joined(values: &BTreeSet<String>) -> String {
    values.iter().map(String::as_str).collect::<Vec<_>>().join("|")
}

/// The prefix and the last name of a path.
fn last(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}
