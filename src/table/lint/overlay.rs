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

/// The constants of a program say what the rows with their ids say.
pub(super) fn constant_differs(lint: &Lint<'_>) {
    let is_clean = lint.reader.is_clean();
    for constant in lint.constants {
        let id = constant.id();
        let own = lint.rows().find(|row| row.item.id == id);
        let base = || lint.base.and_then(|base| base.find(id));
        let (span, row, remedy) = match own {
            Some(own) => (
                own.span("requires"),
                Some(&own.item),
                "leave `requires` and `until` out of the row: the constant has both",
            ),
            None => (
                0..0,
                base(),
                "take the constant from the table, such as `Feature::SystemMessage.requirement()`",
            ),
        };
        match row {
            Some(row) if row.range == constant.range => {}
            Some(row) => lint.reader.complain(
                &span,
                Some(id),
                "constant-differs",
                format!(
                    "the row needs {}, and the constant of the program needs {constant}",
                    row.range.named(id)
                ),
                remedy,
            ),
            // A row with another problem was not read. It may be the row of this constant.
            None if !is_clean => {}
            None => lint.reader.complain(
                &span,
                Some(id),
                "constant-without-row",
                "the program has a constant with this id, and the table has no such row",
                "add the row, or correct the id of the constant",
            ),
        }
    }
}
