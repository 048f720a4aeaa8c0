//! Rules about the change log and its dates.

use std::ops::Range;

use super::context::Lint;
use crate::table::change::ChangeLogEntry;
use crate::table::date::Date;
use crate::table::row::Row;
use crate::table::table::Table;
use crate::table::terms::Confidence;

/// Whether a code has the form of the change log: `BOT-FIX-0402-2`.
fn is_change_code(code: &str) -> bool {
    let parts: Vec<&str> = code.split('-').collect();
    let ["BOT", "NEW" | "FIX" | "BC", day, number] = *parts else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let in_range = |range: Range<usize>, values: std::ops::RangeInclusive<u8>| {
        day.get(range)
            .and_then(|part| part.parse().ok())
            .is_some_and(|part| values.contains(&part))
    };
    day.len() == 4 && digits(day) && in_range(0..2, 1..=12) && in_range(2..4, 1..=31) && digits(number)
}

pub(super) fn change_code_form(lint: &Lint<'_>) {
    let remedy = "codes are BOT-NEW, BOT-FIX or BOT-BC with month, day and number, such as BOT-FIX-0402-2";
    for change in &lint.document.changes {
        let code = &change.item.code;
        if !is_change_code(code) {
            lint.reader.complain(
                &change.span("code"),
                Some(code),
                "change-code",
                format!("`{code}` is no change code"),
                remedy,
            );
        }
    }
    for row in lint.rows() {
        if let Some(code) = row.item.change_log_code().filter(|code| !is_change_code(code)) {
            lint.row(
                row,
                "change",
                "change-code",
                format!("`{code}` is no change code"),
                remedy,
            );
        }
    }
}

pub(super) fn duplicate_change(lint: &Lint<'_>) {
    let taken = lint.base.into_iter().flat_map(Table::change_log);
    let taken = taken.map(|change| (change.code(), 0..0, change.code()));
    let own = lint.document.changes.iter();
    let own = own.map(|change| (&*change.item.code, change.span("code"), &*change.item.code));
    lint.duplicates(taken.chain(own), "duplicate-change", |code| {
        format!("the change `{code}` is listed twice")
    });
}

pub(super) fn unknown_change(lint: &Lint<'_>) {
    for row in lint.rows() {
        let Some(code) = row.item.change_log_code().filter(|code| is_change_code(code)) else {
            continue;
        };
        if lint.change(code).is_none() {
            lint.row(
                row,
                "change",
                "unknown-change",
                format!("no [[change]] has the code `{code}`"),
                "add the [[change]], or correct the code",
            );
        }
    }
}

pub(super) fn documentation_is_no_feature(lint: &Lint<'_>) {
    for row in lint.rows() {
        let change = row.item.change_log_code().and_then(|code| lint.change(code));
        if let Some(change) = change.filter(|change| change.docs_only.is_some()) {
            lint.row(
                row,
                "change",
                "docs-only",
                format!("`{}` changed the documentation alone", change.code),
                "drop the row, or drop `docs_only` from the change",
            );
        }
    }
}

/// If a documented row belongs to a change with a revision, both have the same revision.
pub(super) fn change_disagrees(lint: &Lint<'_>) {
    for row in lint.rows() {
        let range = row.item.range;
        let change = row.item.change_log_code().and_then(|code| lint.change(code));
        let Some(listed) = change.and_then(ChangeLogEntry::rest) else {
            continue;
        };
        let boundary = if range.since > 0 {
            Some(range.since)
        } else {
            range.until()
        };
        let documented = row.item.confidence == Confidence::Documented;
        if documented && boundary.is_some_and(|boundary| boundary != listed) {
            lint.row(
                row,
                "requires",
                "change-disagrees",
                format!("the row's boundary is not {listed}, where its change is listed"),
                "correct the revision, or set `confidence` to what the row rests on",
            );
        }
    }
}

fn published(lint: &Lint<'_>, row: &Row) -> Option<Date> {
    let change = row.change_log_code().and_then(|code| lint.change(code));
    row.published.or(change.map(ChangeLogEntry::published))
}

pub(super) fn sunset_before_publication(lint: &Lint<'_>) {
    for row in lint.rows() {
        if let (Some(published), Some(sunset)) = (published(lint, &row.item), row.item.sunset)
            && sunset <= published
        {
            lint.row(
                row,
                "sunset",
                "sunset-before-publication",
                format!("the sunset {sunset} is not after the publication {published}"),
                "the old form ends after the change is published; correct one of the dates",
            );
        }
    }
}

pub(super) fn effective_before_publication(lint: &Lint<'_>) {
    for row in lint.rows() {
        if let (Some(published), Some(effective)) = (published(lint, &row.item), row.item.effective)
            && effective < published
        {
            lint.row(
                row,
                "effective",
                "effective-before-publication",
                format!("it holds from {effective}, before its publication {published}"),
                "correct one of the dates",
            );
        }
    }
}
