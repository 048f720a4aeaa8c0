//! The rows of the table that a call falls under, whatever the portal has.

use std::borrow::Cow;

use super::{decoded, shim};
use crate::table::index::{Rule, RulePath};
use crate::table::path::{Prefilter, spellings};
use crate::table::{Row, Table};
use crate::wire::{BATCH, Call, commands};

/// The most levels of batches in batches that are read. A caller can nest them without end,
/// and each level needs stack.
const BATCHES: usize = 4;

/// The commands of a batch that are text, in each spelling of the parameter `cmd`.
pub(crate) fn commands_of(batch: &Call) -> impl Iterator<Item = &str> {
    spellings(batch.params(), "cmd").flat_map(|(_, cmd)| commands::commands(cmd))
}

/// Whether any row of a table is about a command of a batch.
#[cfg(feature = "registry")]
pub(crate) fn concerns_batch(batch: &Call, table: &Table) -> bool {
    commands_of(batch).any(|command| table.index().rules(commands::method_of(command)).is_some())
}

/// The rows that a call falls under. For a batch, the rows of each command.
pub(crate) fn rows_of(call: &Call, table: &'static Table) -> Vec<&'static Row> {
    let mut rows = Vec::new();
    add_rows_of(call, table, 0, &mut rows);
    rows
}

fn add_rows_of(call: &Call, table: &'static Table, depth: usize, rows: &mut Vec<&'static Row>) {
    if call.method().eq_ignore_ascii_case(BATCH) {
        if depth >= BATCHES {
            return;
        }
        for command in commands_of(call) {
            let method = commands::method_of(command);
            // The parameters of other methods are not read.
            if method.eq_ignore_ascii_case(BATCH) || table.index().rules(method).is_some() {
                add_rows_of(&commands::call_of(command), table, depth + 1, rows);
            }
        }
        return;
    }
    let Some(rules) = table.index().rules(call.method()) else {
        return;
    };
    let there = Prefilter::of(call.params());
    let call = decoded::structured(call, rules, there);
    let there = match &call {
        Cow::Owned(decoded) => Prefilter::of(decoded.params()),
        Cow::Borrowed(_) => there,
    };
    let row = |rule: &Rule| table.rows.get(rule.row);
    rows.extend(rules.whole.iter().filter_map(row));
    rows.extend(rules.parameters.iter().filter_map(|rule| {
        let row = row(rule)?;
        let holds =
            |place: &RulePath| there.allows(place.needed) && shim::falls_under(&call, &place.path, row);
        rule.paths.iter().any(holds).then_some(row)
    }));
}
