//! Rules about overlays.

use super::context::Lint;
use crate::feature::Feature;

/// An overlay's `requires` must match the version of the table.
pub(super) fn table_version(lint: &Lint<'_>) {
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

/// The variant's name of a replaced row is part of the program.
pub(super) fn override_name(lint: &Lint<'_>) {
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
