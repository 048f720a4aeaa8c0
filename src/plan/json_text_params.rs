//! Parameters that come as JSON text: which texts are read, and when a call with
//! unreadable text is refused.

use super::builder::PlanBuilder;
use super::context::{Context, Decision};
use super::decoded::{self, DecodedCall};
use super::refused::{Reason, Refused};
use crate::table::Row;
use crate::table::index::{Rules, TextPath};
use crate::wire::Call;

/// The call with structures in place of its JSON text, if a row asks for a change inside
/// of that text. Other text is not read.
pub(super) fn open(context: &Context<'_>, call: &Call, rules: &'static Rules) -> Option<DecodedCall> {
    let inert = context.inert();
    let is_at_stake = |place: &&'static TextPath| {
        !inert.is_some_and(|inert| place.rows.is_within(inert))
            && decoded::has_text(call, place)
            && inside(context, place, rules).next().is_some()
    };
    decoded::decode(call, rules.texts.iter().filter(is_at_stake))
}

/// The rows that ask for a change inside of a parameter that may be text.
fn inside(
    context: &Context<'_>,
    place: &'static TextPath,
    rules: &'static Rules,
) -> impl Iterator<Item = (usize, &'static Row, Decision)> {
    context
        .active(&rules.parameters)
        .filter(|(rule, _)| place.rows.contains(rule.row))
        .map(|(rule, row)| (rule.row, row, context.decide(rule.row, row)))
        .filter(|(_, _, decision)| !matches!(decision, Decision::Nothing))
}

/// Refuses text that is not readable as JSON, since a row asks for a change inside of it.
pub(super) fn refuse_unreadable(
    context: &Context<'_>,
    opened: &DecodedCall,
    rules: &'static Rules,
    builder: &mut PlanBuilder,
) -> Result<(), Box<Refused>> {
    for (keys, place) in &opened.unreadable {
        let at = keys.join(".");
        for (number, row, decision) in inside(context, place, rules) {
            if let Decision::Note(shim) = decision {
                builder.note(row, shim, at.clone());
                continue;
            }
            let mut refused = context.refused(&opened.call, number, row, Some(&at));
            if let Reason::Unsupported(unsupported) = refused.reason {
                refused.reason = Reason::UnreadableText(unsupported);
            }
            return Err(refused);
        }
    }
    Ok(())
}
