//! `src/docs/matrix.md`: what becomes of every call of imbot.v2 on every release.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use imbot_caps::plan::{Change, CredentialKind, PlannedCall, Planner, Policy, Reason, Refused};
use imbot_caps::table::{Date, Fallback, Row, Shim, ValueKind};
use imbot_caps::wire::Call;
use imbot_caps::{Caps, Table};
use imbot_caps_emulator::Build;
use serde_json::{Map, Value as Json, json};

mod full_calls;
mod words;

pub use full_calls::*;
pub use words::*;

/// A release, which 32 was twice.
pub struct Column {
    pub label: String,
    pub build: Build,
    pub caps: Caps,
}

pub fn columns() -> Vec<Column> {
    let twofold = Table::builtin().imbot_v2_builds().rest();
    let mut columns = Vec::new();
    for release in Table::builtin().releases() {
        let rest = release.rest();
        let column = |label: String, build, caps| Column { label, build, caps };
        if rest == twofold {
            columns.push(column(
                format!("{rest} (v1)"),
                Build::rest32_without_imbot_v2(),
                Caps::at(rest).without_imbot_v2(),
            ));
            columns.push(column(
                format!("{rest} (v2)"),
                Build::rest32_with_imbot_v2(),
                Caps::at(rest).with_imbot_v2(),
            ));
        } else {
            columns.push(column(rest.to_string(), Build::rest(rest), Caps::at(rest)));
        }
    }
    columns
}

/// The last day that the table names: what had a day is in force, and what had one
/// until when is over. A table without days gives the first day of 1970.
pub fn today() -> Date {
    let days = Table::builtin()
        .rows()
        .flat_map(|row| [row.effective(), row.sunset()]);
    days.flatten().max().unwrap_or_else(|| Date::of_unix(0))
}

/// A call with its plan, or its refusal.
pub type Plan<'c> = Result<PlannedCall<'c>, Box<Refused>>;

pub fn plan<'c>(call: &'c Call, caps: &Caps) -> Plan<'c> {
    planner(caps, CredentialKind::Application).plan(call)
}

pub fn planner(caps: &Caps, credential: CredentialKind) -> Planner<'_> {
    static POLICY: LazyLock<Policy> = LazyLock::new(Policy::default);
    Planner::new(caps, &POLICY)
        .today(today())
        .webhook_url(Some("http://127.0.0.1:9/bot"))
        .credential(credential)
}

/// What becomes of a full call: of all that can be sent, and of what cannot.
pub struct Outcome {
    /// The call without what it is refused with.
    pub call: Call,
    pub plan: Plan<'static>,
    pub refused_with: Vec<Refused>,
}

pub fn outcome(call: &Call, required: &[&str], caps: &Caps) -> Outcome {
    let mut call = call.clone();
    let mut refused_with = Vec::new();
    loop {
        let plan = plan(&call, caps);
        let refused = plan.as_ref().err().map(|refused| Refused::clone(refused));
        let parameter = refused
            .as_ref()
            .and_then(own_parameter)
            .filter(|path| !required.contains(&path.as_str()));
        let (Some(refused), Some(parameter)) = (refused, parameter) else {
            let plan = plan.map(PlannedCall::into_owned);
            return Outcome {
                call,
                plan,
                refused_with,
            };
        };
        let path: Vec<&str> = parameter.split('.').collect();
        assert!(
            take_out(call.params_mut(), &path),
            "{parameter} of {} is not there",
            call.method()
        );
        refused_with.push(refused);
    }
}

/// The parameter of the call that a refusal names; it may name the older one's.
pub fn own_parameter(refused: &Refused) -> Option<String> {
    let parameter = refused.parameter()?;
    Some(match parameter.strip_prefix("KEYBOARD.") {
        Some(rest) => format!("fields.keyboard.{rest}"),
        None => parameter.to_owned(),
    })
}

/// Takes out what a path leads to; whether there was anything.
pub fn take_out(members: &mut Map<String, Json>, path: &[&str]) -> bool {
    match path {
        [] => false,
        [last] => members.shift_remove(*last).is_some(),
        [first, rest @ ..] => match (
            members.get_mut(first.trim_end_matches("[]")),
            first.ends_with("[]"),
        ) {
            (Some(Json::Array(items)), true) => {
                let items = items.iter_mut().filter_map(Json::as_object_mut);
                items.fold(false, |any, item| take_out(item, rest) | any)
            }
            (Some(Json::Object(members)), false) => take_out(members, rest),
            _ => false,
        },
    }
}

pub fn page() -> String {
    let columns = columns();
    let mut reasons = Reasons::default();
    let mut out = format!(
        "# What becomes of a call\n\n\
         A bot writes each call as the newest imbot.v2 has it. This page says what the [gate](crate::gate) makes\n\
         of such calls on each REST revision that was shipped.\n\n\
         No portal below revision 32 has imbot.v2. With revision 32, some portals have imbot.v2, and others have\n\
         only the older API, `imbot.*`. The tables call these portals 32 (v2) and 32 (v1). Some changes of the API\n\
         start or end on a date. The tables show what holds on {}, the last of these dates.\n\n\
         word | what the gate does\n---|---\n\
         as is | sends the call byte for byte, and returns the reply unchanged\n\
         changed | sends the same method; changes parameters or the reply, or sends further requests after the call\n\
         older | sends one or more older methods, and translates the reply into the newer form\n\
         refused | sends nothing; the error says why, and what to do\n\
         a word with \\* | does this with a call that lacks certain parameters; refuses a call that has one of \
         them (the section [What the gate does with each method](#what-the-gate-does-with-each-method) names \
         them)\n\n\
         A number in brackets is the number of a reason [at the end](#why-calls-are-refused).\n\n\
         ## Methods\n\n\
         Each row is about a call with all documented parameters, written as the newest revision accepts them.\n\n",
        today()
    );
    let calls = calls();
    let mut rows: Vec<(&str, Vec<Cell>)> = Vec::new();
    for (method, (call, required)) in &calls {
        let cells = columns
            .iter()
            .map(|column| told(&outcome(call, required, &column.caps), &mut reasons));
        rows.push((method, cells.collect()));
    }
    let words: Vec<Vec<String>> = rows
        .iter()
        .map(|(_, cells)| cells.iter().map(|cell| cell.word.clone()).collect())
        .collect();
    let lines = rows
        .iter()
        .zip(&words)
        .map(|((method, _), words)| (method.trim_start_matches("imbot.v2.").to_owned(), words.clone()));
    table(&mut out, "imbot.v2.", &columns, &lines.collect::<Vec<_>>());

    out.push_str("\n## What the gate does with each method\n");
    for (method, cells) in &rows {
        let texts: Vec<String> = cells.iter().map(|cell| cell.line.clone()).collect();
        if texts.iter().all(String::is_empty) {
            continue;
        }
        let _ = write!(out, "\n`{method}`\n\n");
        for group in groups(std::slice::from_ref(&texts)) {
            if let Some(text) = texts.get(group.0).filter(|text| !text.is_empty()) {
                let _ = writeln!(out, "- {}: {text}.", label(&columns, group));
            }
        }
    }

    out.push_str(
        "\n## Single parameters\n\n\
         Each row is about a call with one of these parameters. Besides it, the call has only the required \
         parameters.\n\n",
    );
    let lines: Vec<(String, Vec<String>)> = parameters(&calls)
        .into_iter()
        .map(|(name, row, call)| {
            let cells = columns
                .iter()
                .map(|column| cell(row, &call, &column.caps, &mut reasons));
            (name, cells.collect())
        })
        .collect();
    table(&mut out, "imbot.v2.", &columns, &lines);

    out.push_str("\n## Why calls are refused\n\n");
    for (at, reason) in reasons.0.iter().enumerate() {
        let _ = writeln!(
            out,
            "{}. {}",
            at + 1,
            reason.replace('<', "\\<").replace('[', "\\[")
        );
    }
    out
}

pub fn table(out: &mut String, first: &str, columns: &[Column], lines: &[(String, Vec<String>)]) {
    let cells: Vec<_> = lines.iter().map(|(_, cells)| cells.clone()).collect();
    let groups = groups(&cells);
    let labels: Vec<_> = groups.iter().map(|group| label(columns, *group)).collect();
    let _ = writeln!(out, "{first} | {}", labels.join(" | "));
    let _ = writeln!(out, "---|{}", vec!["---"; groups.len()].join("|"));
    for (name, cells) in lines {
        let cells = groups.iter().filter_map(|(first, _)| cells.get(*first));
        let cells: Vec<_> = cells.map(String::as_str).collect();
        let _ = writeln!(out, "{name} | {}", cells.join(" | "));
    }
}

/// What a row makes of a call that has what it is about, and nothing else that
/// matters.
pub fn cell(row: &Row, call: &Call, caps: &Caps, reasons: &mut Reasons) -> String {
    let credential = match row.fallback().map(Fallback::shim) {
        // The one row about bots that a webhook registers.
        Some(Shim::BotTokenInUrl) => CredentialKind::Webhook,
        _ => CredentialKind::Application,
    };
    match planner(caps, credential).plan(call) {
        Ok(planned) if planned.is_pass() => "as is".to_owned(),
        Err(refused) => format!("refused ({})", reasons.of(&refused)),
        Ok(adapted) => {
            let own = adapted
                .changes()
                .iter()
                .find(|change| change.row().id() == row.id());
            match own {
                Some(change) => match change.shim() {
                    Shim::YesNo => "as \"Y\" or \"N\"".to_owned(),
                    Shim::Omit => "left out".to_owned(),
                    Shim::BothForms => "in both forms".to_owned(),
                    Shim::Spelling => "respelt".to_owned(),
                    Shim::LowerKeys => "in small letters".to_owned(),
                    Shim::Boolean => "as a boolean".to_owned(),
                    Shim::StripSecret => "taken out of the reply".to_owned(),
                    _ => short(change),
                },
                None if !older_methods(&adapted).is_empty() => {
                    let is_dropped = adapted.changes().iter().any(|change| {
                        is_left_out(change) && row.applies().request().any(|path| path == change.at())
                    });
                    if is_dropped { "left out" } else { "older" }.to_owned()
                }
                None => "as is".to_owned(),
            }
        }
    }
}

/// For every row about a parameter, or with a trap: a call that it is about.
pub fn parameters(
    calls: &BTreeMap<String, (Call, &'static [&'static str])>,
) -> Vec<(String, &'static Row, Call)> {
    let mut found = Vec::new();
    for row in Table::builtin().rows() {
        let applies = row.applies();
        let of_v2 = |own: &str| {
            let own = if own == "imbot.v2.*" {
                "imbot.v2.Chat.leave"
            } else {
                own
            };
            calls.contains_key(own).then(|| own.to_owned())
        };
        let methods: Vec<String> = applies.methods().filter_map(of_v2).collect();
        let is_about_all = applies.methods().any(|own| own.ends_with(".*"));
        let Some((full, required)) = methods.first().and_then(|method| calls.get(method)) else {
            continue;
        };
        let mut call = required_part(full, required);
        let paths: Vec<&str> = applies
            .request()
            .filter(|path| !path.starts_with("KEYBOARD") && !path.starts_with("MENU"))
            .collect();
        let Some(first) = paths.first() else {
            if let Some(response) = applies.response().next().filter(|_| row.when_present().is_some()) {
                found.push((
                    format!("{}: `{response}` of the reply", names(&methods)),
                    row,
                    call,
                ));
            }
            continue;
        };
        if matches!(
            row.id(),
            "command.register.flat" | "command.register.flat.boolean"
        ) && let Some(Json::Object(fields)) = call.params_mut().shift_remove("fields")
        {
            call.params_mut().extend(fields);
        }
        if row
            .fallback()
            .is_some_and(|own| own.shim() == Shim::BotTokenInUrl)
        {
            put(call.params_mut(), "botToken", None, full);
            let name = "Bot.register, Bot.update by a webhook: `fields.webhookUrl` without `CLIENT_ID`";
            found.push((name.to_owned(), row, call));
            continue;
        }
        let value = sample(row);
        let shown = value_shown(row)
            .map(|shown| format!(" {shown}"))
            .unwrap_or_default();
        put(call.params_mut(), first, value, full);
        let names_of_paths: Vec<_> = paths.iter().map(|path| format!("`{path}`")).collect();
        let of = if is_about_all {
            "all methods".to_owned()
        } else {
            names(&methods)
        };
        found.push((format!("{of}: {}{shown}", names_of_paths.join(", ")), row, call));
    }
    found
}

pub fn names(methods: &[String]) -> String {
    let names: Vec<_> = methods
        .iter()
        .map(|method| method.trim_start_matches("imbot.v2."))
        .collect();
    names.join(", ")
}

/// What kind of value a row is about, for people.
pub fn value_shown(row: &Row) -> Option<&'static str> {
    of_kind(row.applies().value()?).map(|(shown, _)| shown)
}

/// A value of the kind that a row is about; `None` for the one of the full call.
pub fn sample(row: &Row) -> Option<Json> {
    of_kind(row.applies().value()?).map(|(_, sample)| sample)
}

/// A kind of value for people, and a value of the kind. `None` for a kind that is new: a test names it.
fn of_kind(kind: ValueKind) -> Option<(&'static str, Json)> {
    Some(match kind {
        ValueKind::Boolean => ("as a boolean", json!(true)),
        ValueKind::Integer => ("as a number", json!(1)),
        ValueKind::Null => ("null", json!({"en": "A", "de": null})),
        ValueKind::String => ("given", json!("new")),
        ValueKind::Text => ("as text, such as \"N\"", json!("N")),
        ValueKind::Over40Chars => ("of more than 40 characters", json!("x".repeat(41))),
        ValueKind::Empty => ("empty", json!([])),
        ValueKind::Respelt => ("in another spelling, such as lightBlue", json!("lightBlue")),
        ValueKind::Unlisted => ("that is none of those known", json!("nonsense")),
        ValueKind::CapitalKey => ("with a language in capitals", json!({"EN": "A"})),
        _ => return None,
    })
}

/// The full call with what it cannot go without.
pub fn required_part(full: &Call, required: &[&str]) -> Call {
    let mut call = Call::new(full.method());
    for path in required.iter().copied().chain(["botToken"]) {
        if has(full.params(), path) {
            put(call.params_mut(), path, None, full);
        }
    }
    // Without these two a registration has no older form.
    for path in ["fields.eventMode", "fields.webhookUrl"] {
        if full.method().ends_with("Bot.register") {
            put(call.params_mut(), path, None, full);
        }
    }
    call
}

pub fn has(members: &Map<String, Json>, path: &str) -> bool {
    at(members, path).is_some()
}

pub fn at<'v>(members: &'v Map<String, Json>, path: &str) -> Option<&'v Json> {
    let mut value: Option<&Json> = None;
    for name in path.split('.') {
        value = match value {
            None => members.get(name),
            Some(value) => value.get(name),
        };
        value?;
    }
    value
}

/// Writes a value at a path, of which `<lang>` and `[]` are the end. Where there is
/// none, the one of the full call, unless one stands there already. A parent that is no object stays as it is.
pub fn put(members: &mut Map<String, Json>, path: &str, value: Option<Json>, full: &Call) {
    let path = path.split(".<").next().unwrap_or_default();
    let path = path.split("[]").next().unwrap_or_default();
    if value.is_none() && has(members, path) {
        return;
    }
    let value = value.or_else(|| at(full.params(), path).cloned());
    let value = value.unwrap_or_else(|| json!("t"));
    let (parents, last) = match path.rsplit_once('.') {
        Some((parents, last)) => (parents.split('.').collect(), last),
        None => (Vec::new(), path),
    };
    let mut members = members;
    for name in parents {
        let Json::Object(inner) = members.entry(name).or_insert_with(|| json!({})) else {
            return;
        };
        members = inner;
    }
    members.insert(last.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_sample() {
        for kind in ValueKind::ALL {
            assert!(of_kind(*kind).is_some(), "{kind:?} has no sample");
        }
    }
}
