//! The plan for a batch, made command by command.
//!
//! A command that needs no change stays as it is written. If a command becomes several older
//! ones, they take its place with keys of their own, and their replies are merged into one.
//! A later command can refer to the reply of a changed command. Its reference is rewritten to
//! the place where the older reply has the value.

use serde_json::{Map, Value};

use super::builder::{Outgoing, PlanBuilder};
use super::context::Context;
use super::refused::{Reason, Refused};
use super::reply::{CommandTransform, ReplyTransform};
use super::{single, uses};
use crate::table::path::{member, spellings};
use crate::wire::commands::{MAX_COMMANDS, call_of, command, method_of, whole_call_of};
use crate::wire::redact::shown;
use crate::wire::{BATCH, Call, reference};

/// A command with its plan.
struct Planned {
    key: String,
    method: String,
    /// The commands that are sent for it, with their keys. Without a change, the original.
    sent: Vec<(String, Value)>,
    reply: ReplyTransform,
    is_changed: bool,
}

pub(super) fn plan(context: &Context<'_>, batch: &Call) -> Result<PlanBuilder, Box<Refused>> {
    let Some((name, commands)) = member(batch.params(), "cmd") else {
        return Ok(PlanBuilder::default());
    };
    // A portal reads one of several spellings, and it is not known which one. So all are checked.
    for (_, others) in spellings(batch.params(), "cmd").skip(1) {
        plan(context, &Call::new(BATCH).with("cmd", others.clone()))?;
    }
    // Most batches need no change. They are not copied.
    let asks = |command: &str| context.rules(method_of(command)).is_some();
    if !uses::commands_of(batch).any(asks) {
        return Ok(PlanBuilder::default());
    }
    let entries: Vec<(String, &Value)> = match commands {
        Value::Object(commands) => commands.iter().map(|(key, own)| (key.clone(), own)).collect(),
        Value::Array(commands) => (0..).map(|nth: usize| nth.to_string()).zip(commands).collect(),
        _ => return Ok(PlanBuilder::default()),
    };
    let taken: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    let mut whole = PlanBuilder::default();
    let mut planned: Vec<Planned> = Vec::with_capacity(entries.len());
    for (key, written) in entries {
        let Some(text) = written.as_str() else {
            // A portal skips a command that is no text.
            planned.push(Planned::as_it_is(key, written.clone()));
            continue;
        };
        if !asks(text) && !planned.iter().any(Planned::is_reversed) {
            let mut one = Planned::as_it_is(key, written.clone());
            one.method = method_of(text).to_owned();
            planned.push(one);
            continue;
        }
        let Some(mut call) = whole_call_of(text) else {
            // It has more fields than are read, here and by portals. An adapted command would lose them.
            planned.push(Planned::as_it_is(key, written.clone()));
            continue;
        };
        let is_pointed =
            point_all(&mut call, &planned).map_err(|own| lost(context, &call_of(text), &key, &own))?;
        let builder = single::plan(context, &call).map_err(|mut refused| {
            refused.command.get_or_insert_with(|| shown(&key, &[]));
            refused
        })?;
        let PlanBuilder {
            outgoing,
            changes,
            noted,
            reply,
            follow_ups,
        } = builder;
        let calls = match &outgoing {
            Outgoing::AsItIs => &[][..],
            Outgoing::One(call) => std::slice::from_ref(call),
            Outgoing::Several(calls) => calls,
        };
        if let Some(parameter) = calls
            .iter()
            .find_map(|own| reference::find_new(own.params(), call.params()))
        {
            let why =
                "its older form has other text that a portal's batch replaces: send this call by itself";
            return Err(no_form(
                context,
                &call,
                &key,
                Some(&parameter),
                why.to_owned(),
                call.method(),
            ));
        }
        whole.changes.extend(changes);
        whole.noted.extend(noted);
        let follow_ups = follow_ups.into_iter();
        whole
            .follow_ups
            .extend(follow_ups.map(|own| own.of_command(&key)));
        let mut one = match outgoing {
            Outgoing::AsItIs if is_pointed => Planned::of(key.clone(), vec![(key, command(&call).into())]),
            Outgoing::AsItIs => Planned::as_it_is(key, written.clone()),
            Outgoing::One(call) => Planned::of(key.clone(), vec![(key, command(&call).into())]),
            Outgoing::Several(calls) => {
                let keys = free_keys(&key, &taken);
                let sent = keys.zip(calls.iter().map(|call| command(call).into())).collect();
                Planned::of(key, sent)
            }
        };
        one.reply = reply;
        one.method = call.method().to_owned();
        planned.push(one);
    }
    let is_changed = planned.iter().any(|one| one.is_changed);
    let count: usize = planned.iter().map(|one| one.sent.len()).sum();
    if let Some(longest) = planned
        .iter()
        .find(|one| is_changed && count > MAX_COMMANDS && one.sent.len() > 1)
    {
        let call = Call::new(longest.method.as_str());
        let why = format!("with it the batch would have {count} commands, and a portal takes {MAX_COMMANDS}");
        return Err(no_form(context, &call, &longest.key, None, why, &longest.method));
    }
    let transforms: Vec<CommandTransform> = planned
        .iter()
        .filter(|one| !one.reply.is_identity() || one.sent.len() != 1)
        .map(|one| CommandTransform {
            key: one.key.as_str().into(),
            sent: one.sent.iter().map(|(key, _)| key.as_str().into()).collect(),
            reply: one.reply.clone(),
        })
        .collect();
    if is_changed {
        let sent: Vec<_> = planned.into_iter().flat_map(|one| one.sent).collect();
        let counts = sent
            .iter()
            .enumerate()
            .all(|(nth, (key, _))| *key == nth.to_string());
        let commands = match commands.is_array() && counts {
            true => sent.into_iter().map(|(_, command)| command).collect(),
            false => Value::Object(sent.into_iter().collect::<Map<_, _>>()),
        };
        let mut call = batch.clone();
        call.params_mut().insert(name.to_owned(), commands);
        whole.outgoing = Outgoing::One(call);
    }
    if !transforms.is_empty() {
        let keys = taken.iter().map(|key| key.as_str().into()).collect();
        whole.reply = ReplyTransform::Batch(keys, transforms);
    }
    Ok(whole)
}

/// A reference to a part of an earlier reply that the older reply does not have.
struct Lost<'p> {
    parameter: String,
    of: &'p Planned,
}

impl Planned {
    fn as_it_is(key: String, written: Value) -> Self {
        Self {
            sent: vec![(key.clone(), written)],
            key,
            method: String::new(),
            reply: ReplyTransform::default(),
            is_changed: false,
        }
    }

    fn of(key: String, sent: Vec<(String, Value)>) -> Self {
        Self {
            key,
            sent,
            method: String::new(),
            reply: ReplyTransform::default(),
            is_changed: true,
        }
    }

    fn is_reversed(&self) -> bool {
        matches!(self.reply, ReplyTransform::Reverse(_))
    }
}

/// Rewrites the references of a call to the places where the older replies have the values.
/// Returns whether one was changed. It is done before the call is planned, since the plan can
/// change the form of a reference.
fn point_all<'p>(call: &mut Call, earlier: &'p [Planned]) -> Result<bool, Lost<'p>> {
    let earlier: Vec<&Planned> = earlier.iter().filter(|one| one.is_reversed()).collect();
    let mut is_changed = false;
    if earlier.is_empty() {
        return Ok(is_changed);
    }
    for (name, value) in call.params_mut() {
        is_changed |= point(value, &earlier).map_err(|of| Lost {
            parameter: name.clone(),
            of,
        })?;
    }
    Ok(is_changed)
}

/// Rewrites the references in a value. Returns whether one was changed.
fn point<'p>(value: &mut Value, earlier: &[&'p Planned]) -> Result<bool, &'p Planned> {
    let mut changed = false;
    match value {
        Value::Array(items) => {
            for item in items {
                changed |= point(item, earlier)?;
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                changed |= point(member, earlier)?;
            }
        }
        Value::String(text) => {
            if let Some(now) = pointed_text(text, earlier)? {
                *text = now;
                changed = true;
            }
        }
        _ => {}
    }
    Ok(changed)
}

/// A text with its references rewritten; `None` if none has to change.
fn pointed_text<'p>(text: &str, earlier: &[&'p Planned]) -> Result<Option<String>, &'p Planned> {
    const NAME: &str = "$result[";
    let mut now = String::new();
    let mut changed = false;
    let mut rest = text;
    while let Some((before, from)) = rest.find(NAME).and_then(|at| rest.split_at_checked(at)) {
        let mut keys = Vec::new();
        let mut after = from.get(NAME.len() - 1..).unwrap_or_default();
        while let Some((key, tail)) = after.strip_prefix('[').and_then(|tail| tail.split_once(']')) {
            keys.push(key);
            after = tail;
        }
        if keys.is_empty() {
            // Without a closing bracket it is no reference.
            break;
        }
        now.push_str(before);
        match pointed(&keys, earlier)? {
            Some(new) => {
                now.push_str(&new);
                changed = true;
            }
            None => now.push_str(from.strip_suffix(after).unwrap_or(from)),
        }
        rest = after;
    }
    now.push_str(rest);
    Ok(changed.then_some(now))
}

/// The reference to the place where the older reply has the value; `None` if the place is the
/// same.
fn pointed<'p>(keys: &[&str], earlier: &[&'p Planned]) -> Result<Option<String>, &'p Planned> {
    let Some((first, newer)) = keys.split_first() else {
        return Ok(None);
    };
    let Some(of) = earlier.iter().copied().find(|one| one.key == *first) else {
        return Ok(None);
    };
    let ReplyTransform::Reverse(reverse) = &of.reply else {
        return Ok(None);
    };
    let ((before, older), (key, _)) = reverse.older_path(newer).zip(of.sent.last()).ok_or(of)?;
    let keys = std::iter::once(key.clone()).chain(older);
    let brackets: String = keys.map(|key| format!("[{key}]")).collect();
    Ok(Some(format!("{before}$result{brackets}")))
}

/// Keys for the parts of a command. The batch has none of them.
fn free_keys(key: &str, taken: &[String]) -> impl Iterator<Item = String> {
    let keys = (0..).map(move |part: usize| format!("{key}_part{part}"));
    keys.filter(|own| !taken.contains(own))
}

fn lost(context: &Context<'_>, call: &Call, key: &str, lost: &Lost<'_>) -> Box<Refused> {
    let why = format!(
        "it refers to a part of the reply to `{}` that the older method does not give",
        shown(&lost.of.key, &[])
    );
    no_form(context, call, key, Some(&lost.parameter), why, &lost.of.method)
}

/// The refusal of a command that has no older form in this batch.
fn no_form(
    context: &Context<'_>,
    call: &Call,
    key: &str,
    parameter: Option<&str>,
    why: String,
    method: &str,
) -> Box<Refused> {
    let table = context.caps.table();
    let rule = table.index().rules(method).and_then(|rules| rules.whole.first());
    let number = rule.map_or(0, |rule| rule.row);
    let row = rule.and_then(|rule| context.row(rule));
    let row = row.unwrap_or_else(|| table.row(crate::Feature::ImbotV2BotRegister));
    let mut refused = context.refused(call, number, row, parameter);
    refused.command = Some(shown(key, &[]));
    if let Reason::Unsupported(unsupported) = refused.reason {
        refused.reason = Reason::NoOlderForm(unsupported, why);
    }
    refused
}
