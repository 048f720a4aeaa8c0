//! A batch, planned command by command.
//!
//! What needs no change stays as it is written. Where a command becomes several,
//! they stand in its place under keys of their own, and their replies are brought
//! together again. Later commands that refer to the reply of a changed one are
//! pointed to where the value stands now.

use serde_json::{Map, Value};

use super::builder::{Draft, Outgoing};
use super::planner::Planner;
use super::refused::{Reason, Refused};
use super::reply::{Command, Reading};
use crate::table::index::Index;
use crate::table::path::{member, spellings};
use crate::wire::redact::shown;
use crate::wire::{BATCH, Call, query, reference};

/// What a portal takes at most; the rest of a longer batch is refused there.
pub(crate) const MAX_COMMANDS: usize = 50;

/// A call as a command of a batch.
pub(crate) fn command(call: &Call) -> String {
    let query = query::encode(call.params());
    match query.is_empty() {
        true => call.method().to_owned(),
        false => format!("{}?{query}", call.method()),
    }
}

/// A command of a batch as a call.
pub(crate) fn call_of(command: &str) -> Call {
    Call::of(method_of(command), query::decode(query_of(command)))
}

/// The same; `None` if it has more fields than are read.
fn whole_call_of(command: &str) -> Option<Call> {
    let params = query::decode_whole(query_of(command))?;
    Some(Call::of(method_of(command), params))
}

fn query_of(command: &str) -> &str {
    let (address, _fragment) = command.split_once('#').unwrap_or((command, ""));
    let (_, query) = address.split_once('?').unwrap_or((address, ""));
    query
}

/// A command after its plan.
struct Planned {
    key: String,
    method: String,
    /// What is sent for it, under which keys; the original where it stays.
    sent: Vec<(String, Value)>,
    reading: Reading,
    is_changed: bool,
}

/// The commands of a batch, as far as they are text. They have keys, or are a list.
pub(crate) fn commands(batch: &Call) -> impl Iterator<Item = &str> {
    spellings(batch.params(), "cmd").flat_map(|(_, commands)| {
        let with_keys = commands.as_object().into_iter().flat_map(Map::values);
        let in_list = commands.as_array().into_iter().flatten();
        with_keys.chain(in_list).filter_map(Value::as_str)
    })
}

/// Whether any row of a table is about a command of a batch.
#[cfg_attr(not(feature = "registry"), expect(dead_code, reason = "the live gate's"))]
pub(crate) fn is_of_table(batch: &Call, index: &Index) -> bool {
    commands(batch).any(|command| index.rules(method_of(command)).is_some())
}

/// The method of a command.
pub(crate) fn method_of(command: &str) -> &str {
    let address = command.split_once('#').map_or(command, |(address, _)| address);
    address.split_once('?').map_or(address, |(method, _)| method)
}

pub(crate) fn draft(planner: &Planner<'_>, batch: &Call) -> Result<Draft, Box<Refused>> {
    let Some((name, commands)) = member(batch.params(), "cmd") else {
        return Ok(Draft::default());
    };
    // Of two spellings a portal reads one, and it is not known which.
    for (_, others) in spellings(batch.params(), "cmd").skip(1) {
        draft(planner, &Call::new(BATCH).with("cmd", others.clone()))?;
    }
    // Most batches ask for nothing, and are left without a copy.
    let asks = |command: &str| planner.rules(method_of(command)).is_some();
    if !self::commands(batch).any(asks) {
        return Ok(Draft::default());
    }
    let entries: Vec<(String, &Value)> = match commands {
        Value::Object(commands) => commands.iter().map(|(key, own)| (key.clone(), own)).collect(),
        Value::Array(commands) => (0..).map(|nth: usize| nth.to_string()).zip(commands).collect(),
        _ => return Ok(Draft::default()),
    };
    let taken: Vec<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    let mut whole = Draft::default();
    let mut planned: Vec<Planned> = Vec::with_capacity(entries.len());
    for (key, written) in entries {
        let Some(text) = written.as_str() else {
            // The portal passes over what is no text.
            planned.push(Planned::as_it_is(key, written.clone()));
            continue;
        };
        if !asks(text) && !planned.iter().any(Planned::is_read_back) {
            let mut one = Planned::as_it_is(key, written.clone());
            one.method = method_of(text).to_owned();
            planned.push(one);
            continue;
        }
        let Some(mut call) = whole_call_of(text) else {
            // No portal reads all of it either. Adapted, it would lose what is not read here.
            planned.push(Planned::as_it_is(key, written.clone()));
            continue;
        };
        let is_pointed =
            point_all(&mut call, &planned).map_err(|own| lost(planner, &call_of(text), &key, &own))?;
        let draft = planner.draft(&call).map_err(|mut refused| {
            refused.command.get_or_insert_with(|| shown(&key, &[]));
            refused
        })?;
        let Draft {
            outgoing,
            changes,
            noted,
            reading,
            follow_ups,
        } = draft;
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
                planner,
                &call,
                &key,
                Some(&parameter),
                why.to_owned(),
                call.method(),
            ));
        }
        whole.changes.extend(changes);
        whole.noted.extend(noted);
        whole.follow_ups.extend(follow_ups);
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
        one.reading = reading;
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
        return Err(no_form(planner, &call, &longest.key, None, why, &longest.method));
    }
    let readings: Vec<Command> = planned
        .iter()
        .filter(|one| !one.reading.is_as_it_comes() || one.sent.len() != 1)
        .map(|one| Command {
            key: one.key.as_str().into(),
            sent: one.sent.iter().map(|(key, _)| key.as_str().into()).collect(),
            reading: one.reading.clone(),
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
    if !readings.is_empty() {
        let keys = taken.iter().map(|key| key.as_str().into()).collect();
        whole.reading = Reading::Batch(keys, readings);
    }
    Ok(whole)
}

/// A reference to a part of an earlier reply that is not there any more.
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
            reading: Reading::default(),
            is_changed: false,
        }
    }

    fn of(key: String, sent: Vec<(String, Value)>) -> Self {
        Self {
            key,
            sent,
            method: String::new(),
            reading: Reading::default(),
            is_changed: true,
        }
    }

    fn is_read_back(&self) -> bool {
        matches!(self.reading, Reading::Back(_))
    }
}

/// Points the references of a call to where the earlier replies have the values now;
/// whether there were any to change. This comes before the call's own plan, which
/// may change their form.
fn point_all<'p>(call: &mut Call, earlier: &'p [Planned]) -> Result<bool, Lost<'p>> {
    let earlier: Vec<&Planned> = earlier.iter().filter(|one| one.is_read_back()).collect();
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

/// Whether a reference in this value was changed.
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

/// A text with its references changed; `None` where it has none to change.
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
            // It never closes, and is no reference.
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

/// Where the value of a reference is now; `None` where it is where it was.
fn pointed<'p>(keys: &[&str], earlier: &[&'p Planned]) -> Result<Option<String>, &'p Planned> {
    let Some((first, newer)) = keys.split_first() else {
        return Ok(None);
    };
    let Some(of) = earlier.iter().copied().find(|one| one.key == *first) else {
        return Ok(None);
    };
    let Reading::Back(back) = &of.reading else {
        return Ok(None);
    };
    let ((before, older), (key, _)) = back.older_path(newer).zip(of.sent.last()).ok_or(of)?;
    let keys = std::iter::once(key.clone()).chain(older);
    let brackets: String = keys.map(|key| format!("[{key}]")).collect();
    Ok(Some(format!("{before}$result{brackets}")))
}

/// Keys for the parts of a command, none of which is in the batch.
fn free_keys(key: &str, taken: &[String]) -> impl Iterator<Item = String> {
    let keys = (0..).map(move |part: usize| format!("{key}_part{part}"));
    keys.filter(|own| !taken.contains(own))
}

fn lost(planner: &Planner<'_>, call: &Call, key: &str, lost: &Lost<'_>) -> Box<Refused> {
    let why = format!(
        "it refers to a part of the reply to `{}` that the older method does not give",
        shown(&lost.of.key, &[])
    );
    no_form(planner, call, key, Some(&lost.parameter), why, &lost.of.method)
}

/// The refusal of a command because of what this method lacks.
fn no_form(
    planner: &Planner<'_>,
    call: &Call,
    key: &str,
    parameter: Option<&str>,
    why: String,
    method: &str,
) -> Box<Refused> {
    let table = planner.caps.table();
    let rule = table.index().rules(method).and_then(|rules| rules.whole.first());
    let number = rule.map_or(0, |rule| rule.row);
    let row = rule.and_then(|rule| planner.row(rule));
    let row = row.unwrap_or_else(|| table.row(crate::Feature::ImbotV2BotRegister));
    let mut refused = planner.refused(call, number, row, parameter);
    refused.command = Some(shown(key, &[]));
    if let Reason::Unsupported(unsupported) = refused.reason {
        refused.reason = Reason::NoOlderForm(unsupported, why);
    }
    refused
}
