//! What is new in the change log.

use std::collections::BTreeSet;

use super::finding::{Finding, Kind};
use super::log::{Entry, Log};

/// Compares two change logs.
pub(super) fn compare(old: &Log, new: &Log, found: &mut Vec<Finding>) {
    let page = if new.page.is_empty() { &old.page } else { &new.page };
    let section = |kind, revision: &u16| Finding::new(kind, "change-log", &format!("rest-{revision}"), page);
    found.extend(
        new.revisions
            .difference(&old.revisions)
            .map(|revision| section(Kind::RevisionAdded, revision)),
    );
    found.extend(
        old.revisions
            .difference(&new.revisions)
            .map(|revision| section(Kind::RevisionRemoved, revision)),
    );

    let mut renumbered = BTreeSet::new();
    let gone = old
        .entries
        .values()
        .filter(|entry| !new.entries.contains_key(&entry.code));
    for entry in gone {
        let same = new
            .entries
            .values()
            .find(|other| !old.entries.contains_key(&other.code) && is_same(entry, other));
        match same {
            Some(other) => {
                renumbered.insert(&other.code);
                let [before, now] = [entry, other].map(|entry| Some(entry.code.clone()));
                let finding = Finding::changed(Kind::EntryRenumbered, "change-log", "", page, before, now);
                found.push(finding.with_entry(other));
                fields(entry, other, page, found);
            }
            None => found
                .push(Finding::new(Kind::EntryRemoved, "change-log", &entry.code, page).with_entry(entry)),
        }
    }
    for (code, entry) in &new.entries {
        match old.entries.get(code) {
            Some(before) => fields(before, entry, page, found),
            None if renumbered.contains(code) => {}
            None => found.push(Finding::new(Kind::EntryAdded, "change-log", code, page).with_entry(entry)),
        }
    }
    for unread in new.unread.iter().filter(|unread| !old.unread.contains(unread)) {
        let subject = format!("{} {} ({})", unread.problem, unread.place, unread.digest);
        found.push(Finding::new(Kind::Unread, &unread.of, &subject, &unread.page));
    }
}

/// Whether two entries with different codes are the same change.
fn is_same(a: &Entry, b: &Entry) -> bool {
    let has_anchor = a.own_anchor.is_some() && a.own_anchor == b.own_anchor;
    let has_names =
        !a.methods.is_empty() && a.methods == b.methods && !a.names.is_empty() && a.names == b.names;
    has_anchor || has_names
}

fn fields(old: &Entry, new: &Entry, page: &str, found: &mut Vec<Finding>) {
    let mut changed = |what: &str, before: Option<String>, now: Option<String>| {
        if before != now {
            let subject = format!("{} {what}", new.code);
            let finding = Finding::changed(Kind::EntryChanged, "change-log", &subject, page, before, now);
            found.push(finding.with_entry(new));
        }
    };
    let number = |entry: &Entry| entry.rest.map(|rest| rest.to_string());
    let list = |values: &BTreeSet<String>| {
        (!values.is_empty()).then(|| values.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
    };
    changed("rest", number(old), number(new));
    changed("published", old.published.clone(), new.published.clone());
    changed("from", list(&old.from), list(&new.from));
    changed("until", list(&old.until), list(&new.until));
    // Names that both have say nothing new, so only the difference is shown.
    for (what, old, new) in [
        ("methods", &old.methods, &new.methods),
        ("names", &old.names, &new.names),
    ] {
        let gone = old.difference(new).cloned().collect();
        let added = new.difference(old).cloned().collect();
        changed(what, list(&gone), list(&added));
    }
}
