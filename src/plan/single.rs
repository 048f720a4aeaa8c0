//! The plan for one call. A batch is planned above, command by command.

use super::adaptation::FollowUp;
use super::builder::{Outgoing, PlanBuilder};
use super::context::{Context, Decision};
use super::policy::CredentialKind;
use super::refused::Refused;
use super::reply::ReplyTransform;
use super::{json_text_params, parameters, shim, translate};
use crate::feature::Feature;
use crate::table::index::{Rule, Rules};
use crate::table::{Row, Shim};
use crate::wire::Call;

/// Plans a call that is no batch.
pub(super) fn plan(context: &Context<'_>, call: &Call) -> Result<PlanBuilder, Box<Refused>> {
    match context.rules(call.method()) {
        Some(rules) => plan_by(context, call, rules),
        None => Ok(PlanBuilder::default()),
    }
}

/// Plans a call by the rules of its method.
pub(super) fn plan_by(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
) -> Result<PlanBuilder, Box<Refused>> {
    let mut builder = PlanBuilder::default();
    for (rule, row) in context.active(&rules.whole) {
        match context.decide(rule.row, row) {
            Decision::Nothing => {}
            Decision::Note(shim) => {
                let older = rules.translations.first().map(|first| &*first.to);
                builder.note_call(row, shim, call.method(), older);
            }
            Decision::Act(Shim::V1Call | Shim::ImRevision) if !rules.translations.is_empty() => {
                return older_methods(context, call, rules, rule.row, builder);
            }
            Decision::Act(_) => return Err(context.refused(call, rule.row, row, None)),
        }
    }
    let opened = json_text_params::open(context, call, rules);
    if let Some(opened) = &opened {
        json_text_params::refuse_unreadable(context, opened, rules, &mut builder)?;
    }
    let call = opened.as_ref().map_or(call, |opened| &opened.call);
    parameters::adapt(context, call, rules, &mut builder)?;
    if let (Some(opened), Outgoing::One(sent)) = (&opened, &mut builder.outgoing) {
        opened.close(sent);
    }
    replies(context, rules, &mut builder);
    follow_ups(context, call, rules, &mut builder)?;
    Ok(builder)
}

/// Plans a call as calls of older methods. These calls are planned in their turn: an older
/// method depends on rows of its own.
fn older_methods(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
    number: usize,
    mut builder: PlanBuilder,
) -> Result<PlanBuilder, Box<Refused>> {
    let Some(row) = context.caps.table().rows.get(number) else {
        return Ok(builder);
    };
    let shorter = parameters::without_the_new(context, call, rules, &mut builder);
    let call = shorter.as_ref().unwrap_or(call);
    let (calls, reverse) = translate::translate(context, call, rules, number, row, &mut builder)?;
    let mut sent = Vec::with_capacity(calls.len());
    for older in calls {
        let mut of_older = plan(context, &older).map_err(|mut refused| {
            refused.method = format!("{} (as {})", call.method(), refused.method);
            refused
        })?;
        builder.changes.append(&mut of_older.changes);
        builder.noted.append(&mut of_older.noted);
        match of_older.outgoing {
            Outgoing::AsItIs => sent.push(older),
            Outgoing::One(call) => sent.push(call),
            Outgoing::Several(calls) => sent.extend(calls),
        }
    }
    builder.outgoing = match sent.len() {
        1 => sent.pop().map_or(Outgoing::AsItIs, Outgoing::One),
        _ => Outgoing::Several(sent),
    };
    builder.reply = ReplyTransform::Reverse(Box::new(reverse));
    Ok(builder)
}

/// Adds the transforms of the reply.
fn replies(context: &Context<'_>, rules: &'static Rules, builder: &mut PlanBuilder) {
    for (rule, row) in context.active(&rules.replies) {
        match context.decide(rule.row, row) {
            Decision::Act(shim) => builder.transform_reply(row, shim, rule),
            Decision::Note(shim) => builder.note(row, shim, row.id()),
            Decision::Nothing => {}
        }
    }
}

/// Adds the work that has to follow the call.
fn follow_ups(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
    builder: &mut PlanBuilder,
) -> Result<(), Box<Refused>> {
    for (rule, row) in context.active(&rules.after) {
        let decision = context.decide(rule.row, row);
        if let Decision::Nothing = decision {
            continue;
        }
        if row.when_present() == Some(Shim::BotAddress) {
            set_address(context, call, rule.row, row, builder)?;
            continue;
        }
        let Some(follow_up) = shim::unbind(call, row) else {
            continue;
        };
        let FollowUp::UnbindEvents { in_use, .. } = &follow_up else {
            continue;
        };
        // A webhook's handlers serve this bot alone. Without the bot the portal sends nothing.
        if in_use.is_none() && context.credential == CredentialKind::Webhook {
            continue;
        }
        match decision {
            Decision::Act(Shim::EventUnbind) if context.credential == CredentialKind::Application => {
                builder.change(row, Shim::EventUnbind, call.method().to_owned());
                builder.follow_ups.push(follow_up);
            }
            Decision::Act(Shim::EventUnbind) => {
                builder.note(row, Shim::EventUnbind, call.method().to_owned());
            }
            Decision::Act(_) => return Err(context.refused(call, rule.row, row, None)),
            Decision::Note(shim) => builder.note(row, shim, call.method().to_owned()),
            Decision::Nothing => {}
        }
    }
    Ok(())
}

/// Adds the work that makes sure of a bot's address.
fn set_address(
    context: &Context<'_>,
    call: &Call,
    number: usize,
    row: &'static Row,
    builder: &mut PlanBuilder,
) -> Result<(), Box<Refused>> {
    if !shim::sets_address(call) {
        return Ok(());
    }
    match context.decide(number, row) {
        Decision::Act(Shim::BotAddress) => {}
        Decision::Act(_) => return Err(context.refused(call, number, row, None)),
        Decision::Note(shim) => {
            builder.note(row, shim, call.method().to_owned());
            return Ok(());
        }
        Decision::Nothing => return Ok(()),
    }
    let rules = context.rules(Feature::ImbotV2BotUpdate.as_str());
    let unbinds = |rule: &&Rule| {
        let row = context.row(rule);
        row.is_some_and(|row| matches!(context.decide(rule.row, row), Decision::Act(Shim::EventUnbind)))
    };
    let unbind = rules.and_then(|rules| rules.after.iter().find(unbinds));
    // A webhook may not remove handlers.
    let unbind = unbind.filter(|_| context.credential == CredentialKind::Application);
    let events = unbind.and_then(|rule| context.row(rule));
    builder.change(row, Shim::BotAddress, call.method().to_owned());
    builder.follow_ups.push(FollowUp::SetAddress {
        credential: context.credential,
        events: events.map_or_else(Vec::new, |row| row.applies().events().collect()),
        command: None,
    });
    Ok(())
}
