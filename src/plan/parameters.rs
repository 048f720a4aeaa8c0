//! The shims for parameters, applied to one call.

use super::builder::{Outgoing, PlanBuilder};
use super::context::{Context, Decision};
use super::policy::CredentialKind;
use super::refused::Refused;
use super::{json_text_params, shim};
use crate::table::Shim;
use crate::table::index::{RulePath, Rules};
use crate::wire::Call;

/// Applies the shims until none changes anything more. A change by one row can bring in
/// another row.
pub(super) fn adapt(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
    builder: &mut PlanBuilder,
) -> Result<(), Box<Refused>> {
    const ROUNDS: usize = 4;
    let mut current: Option<Call> = None;
    // The places to look at, in this round and in the next.
    let (mut open, mut next) = (u64::MAX, 0);
    for round in 0..ROUNDS {
        for (rule, row) in context.active(&rules.parameters) {
            if rule.paths.iter().all(|place| place.bit & open == 0) {
                continue;
            }
            let decision = context.decide(rule.row, row);
            if matches!(decision, Decision::Nothing)
                || context.credential == CredentialKind::Application && shim::is_of_bot_token(row)
            {
                continue;
            }
            for place in &rule.paths {
                let now = current.as_ref().unwrap_or(call);
                if place.bit & open == 0 || !shim::falls_under(now, &place.path, row) {
                    continue;
                }
                let shim = match decision {
                    Decision::Act(shim) => shim,
                    Decision::Note(shim) if round == 0 => {
                        builder.note(row, shim, &*place.text);
                        continue;
                    }
                    Decision::Note(_) | Decision::Nothing => continue,
                };
                // The token would appear in the logs of another server.
                if shim == Shim::BotTokenInUrl && !context.policy.allows_bot_token_in_event_url() {
                    return Err(context.refused(call, rule.row, row, Some(&place.text)));
                }
                let changed = current.get_or_insert_with(|| call.clone());
                match shim::apply(shim, changed, rule, place, row) {
                    shim::Applied::Nothing => {}
                    shim::Applied::Changed => {
                        // Later rows see the change in this round, earlier rows in the next.
                        open |= touched_by(context, place);
                        next |= touched_by(context, place);
                        builder.change(row, shim, &*place.text);
                    }
                    shim::Applied::Cannot => {
                        return Err(context.refused(call, rule.row, row, Some(&place.text)));
                    }
                }
            }
        }
        if next == 0 {
            break;
        }
        (open, next) = (next, 0);
    }
    if let Some(call) = current.filter(|_| !builder.changes.is_empty()) {
        builder.outgoing = Outgoing::One(call);
    }
    Ok(())
}

/// The places that have to be looked at again after a change at this place.
fn touched_by(context: &Context<'_>, place: &RulePath) -> u64 {
    match context.is_thorough() {
        true => u64::MAX,
        false => place.touches,
    }
}

/// The call without the parameters for which the portal is too old whatever the method is,
/// if the row says to leave them out. So the older method need not have them.
pub(super) fn without_the_new(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
    builder: &mut PlanBuilder,
) -> Option<Call> {
    let mut current: Option<Call> = None;
    let opened = json_text_params::open(context, call, rules);
    let call = opened.as_ref().map_or(call, |opened| &opened.call);
    for (rule, row) in context.active(&rules.parameters) {
        let Some(range) = context.caps.range_at(rule.row) else {
            continue;
        };
        let is_too_old = context.caps.knowledge().bounds(range.counter).1 < range.since;
        if !is_too_old || !matches!(context.decide(rule.row, row), Decision::Act(Shim::Omit)) {
            continue;
        }
        for place in &rule.paths {
            let now = current.as_ref().unwrap_or(call);
            if !shim::falls_under(now, &place.path, row) {
                continue;
            }
            let next = current.get_or_insert_with(|| call.clone());
            if let shim::Applied::Changed = shim::apply(Shim::Omit, next, rule, place, row) {
                builder.change(row, Shim::Omit, &*place.text);
            }
        }
    }
    if let (Some(opened), Some(sent)) = (&opened, &mut current) {
        opened.close(sent);
    }
    current
}
