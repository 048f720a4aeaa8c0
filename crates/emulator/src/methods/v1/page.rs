//! Pages of lists: `OFFSET` or `start`, and `LIMIT`.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, reason = "numbers from outside are here")
)]

use super::super::super::envelope::Page;
use super::super::super::php::Value;
use super::super::Call;

/// How long pages are.
#[derive(Clone, Copy)]
pub(super) struct Lengths {
    /// Where no length is asked for.
    default: i64,
    max: i64,
}

/// Of searches and departments.
pub(super) const SHORT: Lengths = Lengths { default: 10, max: 50 };

/// Of the members of a dialog.
pub(super) const LONG: Lengths = Lengths {
    default: 50,
    max: 200,
};

/// The page of these that the call asks for; the answer tells how many there are.
pub(super) fn of<T>(call: &mut Call<'_>, all: Vec<T>, lengths: Lengths) -> Vec<T> {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let offset = match call.start {
        start if start > 0 => start,
        _ => call.params.get("OFFSET").map_or(0, Value::to_int).max(0),
    };
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit(call, lengths)).unwrap_or_default();
    let page: Vec<T> = all.into_iter().skip(skipped).take(limit).collect();
    let end = i64::try_from(page.len()).map_or(total, |length| offset.saturating_add(length));
    call.page = Some(Page {
        total,
        next: (end < total).then_some(end),
    });
    page
}

/// How long a page may be.
pub(super) fn limit(call: &Call<'_>, lengths: Lengths) -> i64 {
    match call.params.get("LIMIT").map_or(0, Value::to_int) {
        limit if limit > 0 => limit.min(lengths.max),
        _ => lengths.default,
    }
}
