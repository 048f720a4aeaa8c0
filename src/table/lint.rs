//! The rules a table must keep, one function each.
//!
//! Reading has already made sure of types and keys; here are the rules between
//! values, and between rows.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::Table;
use super::document::Document;
use super::read::{Located, Reader};
use super::row::{Change, Row};
use super::terms::{Kind, ValueKind, WhenUnknown};
use super::translation::alternatives;
use crate::feature::Feature;

mod changes;
mod cloud;
mod releases;

/// Applies every rule.
pub(super) fn check<'l>(reader: &'l Reader<'l>, document: &'l Document, base: Option<&'l Table>) {
    let lint = Lint {
        reader,
        document,
        base,
        ids: document.rows().map(Row::id).collect(),
    };
    for rule in RULES {
        rule(&lint);
    }
}

const RULES: &[fn(&Lint<'_>)] = &[
    table_version,
    duplicate_id,
    duplicate_name,
    id_form,
    name_form,
    override_name,
    empty_range,
    gates_nothing,
    observed_above_documented,
    applies_to_nothing,
    unknown_method,
    changes::change_code_form,
    changes::duplicate_change,
    changes::unknown_change,
    changes::documentation_is_no_feature,
    changes::change_disagrees,
    changes::sunset_before_publication,
    changes::effective_before_publication,
    values_for_the_kind,
    unknown_translation,
    unnamed_requirement,
    removed_when,
    refusal_without_danger,
    releases::unreleased_revision,
    releases::below_every_release,
    releases::release_modules,
    releases::release_order,
    releases::release_versions,
    releases::imbot_v2_order,
    cloud::cloud_domain_form,
    cloud::cloud_domain_of_overlay,
    cloud::duplicate_cloud_domain,
    releases::duplicate_source,
    releases::source_url,
];

struct Lint<'l> {
    reader: &'l Reader<'l>,
    document: &'l Document,
    base: Option<&'l Table>,
    /// The ids of the document's rows.
    ids: HashSet<&'l str>,
}

impl Lint<'_> {
    fn rows(&self) -> impl Iterator<Item = &Located<Row>> {
        self.document.rows.iter()
    }

    fn row(
        &self,
        row: &Located<Row>,
        key: &str,
        rule: &'static str,
        what: String,
        remedy: impl Into<String>,
    ) {
        self.reader
            .complain(&row.span(key), Some(&row.item.id), rule, what, remedy);
    }

    fn change(&self, code: &str) -> Option<&Change> {
        let own = self.document.changes.iter().map(|change| &change.item);
        own.chain(self.base.into_iter().flat_map(Table::changes))
            .find(|change| change.code == code)
    }

    fn knows_method(&self, method: &str) -> bool {
        self.document.unversioned_methods().any(|known| known == method)
            || self.ids.contains(method)
            || self.base.is_some_and(|base| base.knows_method(method))
    }

    fn methods_begin_with(&self, prefix: &str) -> bool {
        self.rows().any(|row| row.item.id.starts_with(prefix))
            || self
                .base
                .is_some_and(|base| base.rows().any(|row| row.id.starts_with(prefix)))
    }

    /// Complains of every value but the first of those that are equal.
    fn duplicates<'d, T: Ord>(
        &self,
        values: impl Iterator<Item = (T, Range<usize>, &'d str)>,
        rule: &'static str,
        what: impl Fn(&T) -> String,
    ) {
        let mut seen = BTreeMap::new();
        for (value, span, row) in values {
            if let Some(first) = seen.get(&value) {
                let remedy = format!("rename one of the two; the other is row `{first}`");
                self.reader.complain(&span, Some(row), rule, what(&value), remedy);
            } else {
                seen.insert(value, row.to_owned());
            }
        }
    }
}

/// An overlay's `requires` must admit the table it is laid on.
fn table_version(lint: &Lint<'_>) {
    let (Some(base), Some(requires)) = (lint.base, &lint.document.requires) else {
        return;
    };
    if !requires.matches(base.version()) {
        lint.reader.complain(
            &(0..0),
            None,
            "table-version",
            format!(
                "the overlay requires table {requires}, and this table is {}",
                base.version()
            ),
            "check the overlay's rows against this table, then widen `requires`",
        );
    }
}

fn duplicate_id(lint: &Lint<'_>) {
    let ids = lint
        .rows()
        .map(|row| (&*row.item.id, row.span("id"), &*row.item.id));
    lint.duplicates(ids, "duplicate-id", |id| format!("the id `{id}` is taken"));
}

fn duplicate_name(lint: &Lint<'_>) {
    let names = lint
        .rows()
        .filter(|row| !row.item.name.is_empty())
        .map(|row| (&*row.item.name, row.span("name"), &*row.item.id));
    lint.duplicates(names, "duplicate-name", |name| {
        format!("the name `{name}` is taken")
    });
}

/// Ids are segments of letters, digits and `_`, joined by dots.
fn id_form(lint: &Lint<'_>) {
    for row in lint.rows() {
        let good = row.item.id.split('.').all(|segment| {
            !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        if !good {
            lint.row(
                row,
                "id",
                "id-form",
                format!("`{}` is no id", row.item.id),
                "use letters, digits and `_`, in segments joined by dots, such as `message.system`",
            );
        }
    }
}

/// Names become variants of `Feature`.
fn name_form(lint: &Lint<'_>) {
    for row in lint.rows().filter(|row| !row.item.name.is_empty()) {
        let name = &row.item.name;
        let good = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && name != "Self";
        if !good {
            lint.row(
                row,
                "name",
                "name-form",
                format!("`{name}` is no name of a variant"),
                "use UpperCamelCase of letters and digits, such as `SystemMessage`",
            );
        }
    }
}

/// The variant's name of a replaced row is part of the program.
fn override_name(lint: &Lint<'_>) {
    for row in lint.rows().filter(|_| lint.base.is_some()) {
        let name = &*row.item.name;
        let expected = Feature::from_id(&row.item.id).map_or("", |feature| feature.row().name());
        if !name.is_empty() && name != expected {
            lint.row(
                row,
                "name",
                "override-name",
                format!("an overlay cannot name a feature `{name}`"),
                "leave `name` out: names of variants are part of the program",
            );
        }
    }
}

fn empty_range(lint: &Lint<'_>) {
    for row in lint.rows() {
        let gate = row.item.gate;
        if gate.until().is_some_and(|until| until <= gate.since) {
            let until = gate.until().unwrap_or_default();
            lint.row(
                row,
                "until",
                "empty-range",
                format!(
                    "`until` is {until} and it begins at {}: no revision has it",
                    gate.since
                ),
                "`until` is the first revision without it, above the one in `requires`",
            );
        }
    }
}

/// A row that asks nothing, and has no date either, answers no question.
fn gates_nothing(lint: &Lint<'_>) {
    for row in lint.rows() {
        let dated = row.item.effective.is_some() || row.item.sunset.is_some();
        if row.item.gate.is_vacuous() && !dated {
            lint.row(
                row,
                "requires",
                "ranges-nothing",
                "`requires` asks for nothing".to_owned(),
                "name an axis or `api`, give `until`, `effective` or `sunset`, or drop the row",
            );
        }
    }
}

fn observed_above_documented(lint: &Lint<'_>) {
    for row in lint.rows() {
        let Some(observed) = row.item.observed_since else {
            continue;
        };
        if observed >= row.item.gate.since {
            lint.row(
                row,
                "observed_since",
                "observed-above-documented",
                format!(
                    "`observed_since` is {observed}, not below the required {}",
                    row.item.gate.since
                ),
                "it is for sightings below the documented revision; drop it, or correct `requires`",
            );
        }
    }
}

fn applies_to_nothing(lint: &Lint<'_>) {
    for row in lint.rows() {
        if row.item.applies.is_empty() {
            lint.row(
                row,
                "applies",
                "applies-to-nothing",
                "`applies` names nothing".to_owned(),
                "name the methods or events that it concerns",
            );
        }
    }
}

fn unknown_method(lint: &Lint<'_>) {
    for row in lint.rows() {
        let v1 = row
            .item
            .fallback
            .as_ref()
            .and_then(|fallback| fallback.v1.as_deref());
        let named = row.item.applies.methods().map(|method| ("applies", method));
        for (key, method) in named.chain(v1.map(|method| ("fallback", method))) {
            let known = match method.strip_suffix('*') {
                Some(prefix) => prefix.ends_with('.') && lint.methods_begin_with(prefix),
                None => lint.knows_method(method),
            };
            if !known {
                lint.row(
                    row,
                    key,
                    "unknown-method",
                    format!("no row is about the method `{method}`"),
                    "correct its spelling (case counts), add a row for it, or list it in `unversioned_methods`",
                );
            }
        }
    }
}

fn values_for_the_kind(lint: &Lint<'_>) {
    for row in lint.rows() {
        let applies = &row.item.applies;
        let wants = matches!(applies.value, Some(ValueKind::Respelt | ValueKind::Unlisted));
        if wants == applies.values.is_empty() {
            lint.row(
                row,
                "applies",
                "values-for-the-kind",
                "`values` and the kinds \"respelt\" and \"unlisted\" go together".to_owned(),
                "list the values in `values`, or choose another `value`",
            );
        }
    }
}

fn unknown_translation(lint: &Lint<'_>) {
    for located in &lint.document.translations {
        let translation = &located.item;
        for (key, method) in [("from", &translation.from), ("to", &translation.to)] {
            if !lint.knows_method(method) {
                lint.reader.complain(
                    &located.span(key),
                    Some(&translation.from),
                    "unknown-method",
                    format!("no row is about the method `{method}`"),
                    "correct its spelling (case counts), add a row for it, or list it in `unversioned_methods`",
                );
            }
        }
    }
}

/// What a call must have is not by that alone translated: a call with it would be
/// refused for having it.
fn unnamed_requirement(lint: &Lint<'_>) {
    for located in &lint.document.translations {
        let translation = &located.item;
        let named = || {
            let params = translation.params().filter_map(|rule| rule.split_once("->"));
            let only = translation.only().filter_map(|rule| rule.split_once('='));
            let named = params.chain(only).map(|(path, _)| path.trim());
            named.chain(translation.drop())
        };
        let required = translation.required().filter_map(|own| alternatives(own).ok());
        let when = translation.when().into_iter();
        for (key, path) in required
            .flatten()
            .map(|path| ("required", path))
            .chain(when.map(|path| ("when", path)))
        {
            let is_in = |path: &str, outer: &str| {
                let rest = path.strip_prefix(outer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if !named().any(|own| is_in(own, path) || is_in(path, own)) {
                lint.reader.complain(
                    &located.span(key),
                    Some(&translation.from),
                    "unnamed-requirement",
                    format!("nothing says what becomes of `{path}`"),
                    "name it in `params`, in `only`, or in `drop` where it does not matter",
                );
            }
        }
    }
}

fn removed_when(lint: &Lint<'_>) {
    for row in lint.rows().filter(|row| row.item.kind == Kind::Removed) {
        if row.item.gate.until().is_none() && row.item.sunset.is_none() {
            lint.row(
                row,
                "kind",
                "removed-when",
                "it is `removed`, and nothing says when".to_owned(),
                "give `until` (the first revision without it) or `sunset`",
            );
        }
    }
}

fn refusal_without_danger(lint: &Lint<'_>) {
    for row in lint
        .rows()
        .filter(|row| row.item.when_unknown == WhenUnknown::Refuse)
    {
        if row.item.danger.is_none() {
            lint.row(
                row,
                "unknown",
                "refusal-without-danger",
                "`unknown` is \"refuse\", and no `danger` says why".to_owned(),
                "say in `danger` what harm a portal without it would do, or use \"send\"",
            );
        }
    }
}

#[cfg(test)]
mod tests;
