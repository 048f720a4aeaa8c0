//! Rules about the rows themselves.

use super::context::Lint;
use crate::table::terms::{Kind, ValueKind, WhenUnknown};

pub(super) fn duplicate_id(lint: &Lint<'_>) {
    let ids = lint
        .rows()
        .map(|row| (&*row.item.id, row.span("id"), &*row.item.id));
    lint.duplicates(ids, "duplicate-id", |id| format!("the id `{id}` is taken"));
}

pub(super) fn duplicate_name(lint: &Lint<'_>) {
    let names = lint
        .rows()
        .filter(|row| !row.item.name.is_empty())
        .map(|row| (&*row.item.name, row.span("name"), &*row.item.id));
    lint.duplicates(names, "duplicate-name", |name| {
        format!("the name `{name}` is taken")
    });
}

/// Ids are segments of letters, digits and `_`, joined by dots.
pub(super) fn id_form(lint: &Lint<'_>) {
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
pub(super) fn name_form(lint: &Lint<'_>) {
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

pub(super) fn empty_range(lint: &Lint<'_>) {
    for row in lint.rows() {
        let range = row.item.range;
        if range.until().is_some_and(|until| until <= range.since) {
            let until = range.until().unwrap_or_default();
            lint.row(
                row,
                "until",
                "empty-range",
                format!(
                    "`until` is {until} and it begins at {}: no revision has it",
                    range.since
                ),
                "`until` is the first revision without it, above the one in `requires`",
            );
        }
    }
}

/// A row needs a requirement or a date. Without both it decides nothing.
pub(super) fn gates_nothing(lint: &Lint<'_>) {
    for row in lint.rows() {
        let dated = row.item.effective.is_some() || row.item.sunset.is_some();
        if row.item.range.is_vacuous() && !dated {
            lint.row(
                row,
                "requires",
                "ranges-nothing",
                "`requires` asks for nothing".to_owned(),
                "name a counter or `api`, give `until`, `effective` or `sunset`, or drop the row",
            );
        }
    }
}

pub(super) fn observed_above_documented(lint: &Lint<'_>) {
    for row in lint.rows() {
        let Some(observed) = row.item.observed_since else {
            continue;
        };
        if observed >= row.item.range.since {
            lint.row(
                row,
                "observed_since",
                "observed-above-documented",
                format!(
                    "`observed_since` is {observed}, not below the required {}",
                    row.item.range.since
                ),
                "it is for sightings below the documented revision; drop it, or correct `requires`",
            );
        }
    }
}

pub(super) fn applies_to_nothing(lint: &Lint<'_>) {
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

pub(super) fn unknown_method(lint: &Lint<'_>) {
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
                    "correct its spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
                );
            }
        }
    }
}

pub(super) fn values_for_the_kind(lint: &Lint<'_>) {
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

pub(super) fn removed_when(lint: &Lint<'_>) {
    for row in lint.rows().filter(|row| row.item.kind == Kind::Removed) {
        if row.item.range.until().is_none() && row.item.sunset.is_none() {
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

pub(super) fn refusal_without_danger(lint: &Lint<'_>) {
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
