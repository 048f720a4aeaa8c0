//! Pages of lists: `OFFSET` or `start`, and `LIMIT`.

use super::super::super::envelope::Page;
use super::super::super::php::Value;
use super::super::Call;

/// A page without a length that is asked for.
const DEFAULT: i64 = 50;

/// The longest page.
const MAX: i64 = 200;

/// The page of these that the call asks for; the answer tells how many there are.
pub(super) fn of<T>(call: &mut Call<'_>, all: Vec<T>) -> Vec<T> {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let offset = match call.start {
        start if start > 0 => start,
        _ => call.params.get("OFFSET").map_or(0, Value::to_int).max(0),
    };
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit(call)).unwrap_or_default();
    let page: Vec<T> = all.into_iter().skip(skipped).take(limit).collect();
    let end = i64::try_from(page.len()).map_or(total, |length| offset.saturating_add(length));
    call.page = Some(Page {
        total,
        next: (end < total).then_some(end),
    });
    page
}

/// How long a page may be.
pub(super) fn limit(call: &Call<'_>) -> i64 {
    match call.params.get("LIMIT").map_or(0, Value::to_int) {
        limit if limit > 0 => limit.min(MAX),
        _ => DEFAULT,
    }
}
