//! What becomes of every call of imbot.v2 on every release: printed, published as a
//! page of the documentation, and held against emulated portals.
//!
//! Where the page is stale, the test writes it afresh and fails: run it again, and
//! commit it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use imbot_caps::emulator::{Build, EmulatedPortal, Emulator};
use imbot_caps::gate::{Adaptation, Change, Plan, Planner, Policy, Reason, Refused};
use imbot_caps::table::{Date, Row, Shim, ValueKind};
use imbot_caps::wire::{BATCH, Call};
use imbot_caps::{Caps, Table};
use serde_json::{Map, Value as Json, json};

use crate::expected::METHODS;

/// Each method with all that is documented for it, as a bot of the newest revision
/// would send it, but for whose call it is; and the paths without which it is no call.
fn full_calls() -> Vec<(&'static str, Json, &'static [&'static str])> {
    const CHAT: &[&str] = &["botId", "dialogId"];
    const MESSAGE: &[&str] = &["botId", "messageId"];
    let keyboard = json!({"BUTTONS": [
        {"TEXT": "Yes", "COMMAND": "yes", "COMMAND_PARAMS": "1"},
        {"TEXT": "Copy", "ACTION": "COPY", "ACTION_VALUE": "42"},
    ]});
    let attach = json!([{"MESSAGE": "More"}]);
    let properties = json!({
        "name": "Ann", "lastName": "Bot", "workPosition": "Helper", "color": "lightBlue", "gender": "F",
        "avatar": "aGk=",
    });
    let of_bot = json!({
        "properties": properties, "eventMode": "webhook", "webhookUrl": "http://127.0.0.1:9/bot",
        "isHidden": false, "isReactionsEnabled": true, "isSupportOpenline": true, "backgroundId": "azure",
    });
    let with = |fields: &Json, more: Json| {
        let mut fields = fields.clone();
        extend(&mut fields, more);
        fields
    };
    vec![
        ("Revision.get", json!({}), &[]),
        (
            "Bot.register",
            json!({"fields": with(&of_bot, json!({"code": "ann", "type": "bot", "botToken": "t"}))}),
            &["fields.code", "fields.botToken", "fields.properties.name"],
        ),
        ("Bot.unregister", json!({}), &["botId"]),
        (
            "Bot.update",
            json!({"fields": with(&of_bot, json!({"botToken": "new"}))}),
            &["botId", "fields.properties.name"],
        ),
        ("Bot.get", json!({}), &["botId"]),
        (
            "Bot.list",
            json!({"filter": {"type": "bot"}, "limit": 50, "offset": 0}),
            &[],
        ),
        (
            "Chat.add",
            json!({"fields": {
                "title": "T", "description": "D", "color": "lightBlue", "avatar": "aGk=", "userIds": [1, 2],
                "ownerId": 1, "message": "Hello",
            }}),
            &["botId"],
        ),
        ("Chat.get", json!({"dialogId": "chat5"}), CHAT),
        (
            "Chat.update",
            json!({"dialogId": "chat5", "fields": {
                "title": "T", "description": "D", "color": "lightBlue", "avatar": "aGk=",
            }}),
            &["botId", "dialogId", "fields.title"],
        ),
        (
            "Chat.setOwner",
            json!({"dialogId": "chat5", "userId": 1}),
            &["botId", "dialogId", "userId"],
        ),
        ("Chat.leave", json!({"dialogId": "chat5"}), CHAT),
        (
            "Chat.InputAction.notify",
            json!({
                "dialogId": "chat5", "statusMessageCode": "IMBOT_AGENT_ACTION_THINKING", "duration": 20,
            }),
            CHAT,
        ),
        (
            "Chat.Manager.add",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.Manager.delete",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.Message.send",
            json!({"dialogId": "chat5", "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "system": true, "urlPreview": false,
                "skipConnector": true, "silentConnector": true, "replyId": 7, "templateId": "x",
                "forwardIds": {"y": 8},
            }}),
            &["botId", "dialogId", "fields.message"],
        ),
        (
            "Chat.Message.update",
            json!({"messageId": 7, "fields": {
                "message": "Hello", "attach": attach, "keyboard": keyboard, "urlPreview": false,
            }}),
            &["botId", "messageId", "fields.message"],
        ),
        (
            "Chat.Message.delete",
            json!({"messageId": 7, "complete": true}),
            MESSAGE,
        ),
        ("Chat.Message.get", json!({"messageId": 7}), MESSAGE),
        (
            "Chat.Message.getContext",
            json!({"messageId": 7, "range": 10}),
            MESSAGE,
        ),
        (
            "Chat.Message.read",
            json!({"dialogId": "chat5", "messageId": 7}),
            CHAT,
        ),
        (
            "Chat.Message.Reaction.add",
            json!({"messageId": 7, "reaction": "like"}),
            &["botId", "messageId", "reaction"],
        ),
        (
            "Chat.Message.Reaction.delete",
            json!({"messageId": 7, "reaction": "like"}),
            &["botId", "messageId", "reaction"],
        ),
        (
            "Chat.TextField.enabled",
            json!({"dialogId": "chat5", "enabled": false}),
            CHAT,
        ),
        (
            "Chat.User.list",
            json!({"dialogId": "chat5", "order": {"ID": "ASC"}, "limit": 50}),
            CHAT,
        ),
        (
            "Chat.User.add",
            json!({"dialogId": "chat5", "userIds": [1, 2]}),
            &["botId", "dialogId", "userIds"],
        ),
        (
            "Chat.User.delete",
            json!({"dialogId": "chat5", "userId": 2}),
            &["botId", "dialogId", "userId"],
        ),
        (
            "Command.register",
            json!({"fields": {
                "command": "help", "title": {"en": "Help"}, "params": {"en": "what"}, "common": true,
                "hidden": false, "extranetSupport": true,
            }}),
            &["botId", "fields.command", "fields.title"],
        ),
        (
            "Command.unregister",
            json!({"commandId": 7}),
            &["botId", "commandId"],
        ),
        (
            "Command.update",
            json!({"commandId": 7, "fields": {
                "command": "aid", "title": {"en": "Aid"}, "params": {"en": "what"}, "common": true,
                "hidden": false, "extranetSupport": true,
            }}),
            &["botId", "commandId", "fields.title"],
        ),
        (
            "Command.answer",
            json!({"commandId": 7, "messageId": 7, "dialogId": "chat5", "fields": {
                "message": "So", "attach": attach, "keyboard": keyboard, "system": true, "urlPreview": false,
            }}),
            &["botId", "commandId", "messageId", "dialogId", "fields.message"],
        ),
        ("Command.list", json!({}), &["botId"]),
        (
            "Event.get",
            json!({"offset": 1, "limit": 50, "withUserEvents": true}),
            &["botId"],
        ),
        (
            "File.upload",
            json!({"dialogId": "chat5", "fields": {"name": "a.txt", "content": "aGk=", "message": "Look"}}),
            &["botId", "dialogId", "fields.name", "fields.content"],
        ),
        ("File.download", json!({"fileId": 7}), &["botId", "fileId"]),
    ]
}

fn extend(members: &mut Json, more: Json) {
    if let (Json::Object(members), Json::Object(more)) = (members, more) {
        members.extend(more);
    }
}

/// The full calls by their methods, with the paths they cannot go without.
fn calls() -> BTreeMap<String, (Call, &'static [&'static str])> {
    let calls = full_calls().into_iter().map(|(name, more, required)| {
        let mut params = json!({});
        if !matches!(name, "Revision.get" | "Bot.register" | "Bot.list") {
            extend(&mut params, json!({"botId": 7}));
        }
        if !matches!(name, "Revision.get" | "Bot.register") {
            extend(&mut params, json!({"botToken": "t"}));
        }
        extend(&mut params, more);
        let name = format!("imbot.v2.{name}");
        (name.clone(), (Call::of(name, object(params)), required))
    });
    calls.collect()
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(members) => members,
        other => panic!("{other}"),
    }
}

/// A release, which 32 was twice.
struct Column {
    label: String,
    build: Build,
    caps: Caps,
}

fn columns() -> Vec<Column> {
    let twofold = Table::builtin().imbot_v2().rest();
    let mut columns = Vec::new();
    for release in Table::builtin().releases() {
        let rest = release.rest();
        let column = |label: String, build, caps| Column { label, build, caps };
        if rest == twofold {
            columns.push(column(
                format!("{rest} (v1)"),
                Build::rest32_without_imbot_v2(),
                Caps::at(rest).with_imbot_v2(false),
            ));
            columns.push(column(
                format!("{rest} (v2)"),
                Build::rest32_with_imbot_v2(),
                Caps::at(rest).with_imbot_v2(true),
            ));
        } else {
            columns.push(column(rest.to_string(), Build::rest(rest), Caps::at(rest)));
        }
    }
    columns
}

/// The last day that the table names: what had a day is in force, and what had one
/// until when is over.
fn today() -> Date {
    let days = Table::builtin()
        .rows()
        .flat_map(|row| [row.effective(), row.sunset()]);
    days.flatten().max().unwrap()
}

fn plan(call: &Call, caps: &Caps) -> Plan {
    let policy = Policy::default();
    Planner::new(caps, &policy)
        .today(today())
        .webhook_url(Some("http://127.0.0.1:9/bot"))
        .plan(call)
}

/// What becomes of a full call: of all that can be sent, and of what cannot.
struct Outcome {
    /// The call without what it is refused with.
    call: Call,
    plan: Plan,
    refused_with: Vec<Refused>,
}

fn outcome(call: &Call, required: &[&str], caps: &Caps) -> Outcome {
    let mut call = call.clone();
    let mut refused_with = Vec::new();
    loop {
        let plan = plan(&call, caps);
        let refused = plan.refused().cloned();
        let parameter = refused
            .as_ref()
            .and_then(own_parameter)
            .filter(|path| !required.contains(&path.as_str()));
        let (Some(refused), Some(parameter)) = (refused, parameter) else {
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
fn own_parameter(refused: &Refused) -> Option<String> {
    let parameter = refused.parameter()?;
    Some(match parameter.strip_prefix("KEYBOARD.") {
        Some(rest) => format!("fields.keyboard.{rest}"),
        None => parameter.to_owned(),
    })
}

/// Takes out what a path leads to; whether there was anything.
fn take_out(members: &mut Map<String, Json>, path: &[&str]) -> bool {
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

/// Why calls are refused, each reason once.
#[derive(Default)]
struct Reasons(Vec<String>);

impl Reasons {
    fn number(&mut self, reason: String) -> usize {
        let known = self.0.iter().position(|own| *own == reason);
        known.unwrap_or_else(|| {
            self.0.push(reason);
            self.0.len() - 1
        }) + 1
    }

    fn of(&mut self, refused: &Refused) -> usize {
        let row = refused.row();
        let fallback = row.fallback().map(|own| own.note().trim_end_matches('.'));
        let text = match refused.reason() {
            Reason::NoOlderForm(_, why) => {
                let older = why.split(' ').next().unwrap_or_default();
                match why.strip_prefix(older) {
                    Some(rest) if older.starts_with("im") => {
                        let rest = rest.replace("nothing for it", "nothing for this parameter");
                        format!("`{older}`{rest}.")
                    }
                    _ => format!("{}.", first_letter_up(why)),
                }
            }
            _ => match (fallback, row.danger()) {
                (Some(note), Some(danger)) => format!("{} {note}.", sentence(danger)),
                (Some(note), None) => format!("{note}."),
                (None, _) => sentence(row.title()),
            },
        };
        self.number(text)
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn first_letter_up(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is said of a method on a release.
struct Cell {
    /// The word in the table.
    word: String,
    /// What more there is to say below it.
    line: String,
}

fn told(outcome: &Outcome, reasons: &mut Reasons) -> Cell {
    let mut parts = Vec::new();
    let word = match &outcome.plan {
        Plan::Pass { .. } => "as is",
        Plan::Adapt(adapted) => {
            let older = older_methods(adapted);
            if older.is_empty() {
                parts.extend(adapted.changes().iter().map(short));
                "changed"
            } else {
                parts.push(format!("sent as {}", older.join(", ")));
                parts.extend(conditions(outcome.call.method(), &older));
                let left_out = adapted.changes().iter().filter(|change| is_left_out(change));
                parts.extend(listed("left out", left_out.map(|change| change.at().to_owned())));
                let others = adapted.changes().iter();
                parts.extend(
                    others
                        .filter(|change| change.shim() != Shim::V1Call && change.shim() != Shim::ImRevision)
                        .map(short),
                );
                "older"
            }
        }
        Plan::Refuse(refused) => {
            let number = reasons.of(refused);
            parts.push(match own_parameter(refused) {
                Some(parameter) => format!("refused for `{parameter}` ({number})"),
                None => format!("refused ({number})"),
            });
            "refused"
        }
        other => panic!("{other:?}"),
    };
    if word != "refused" {
        let mut with: Vec<(usize, Vec<String>)> = Vec::new();
        for refused in &outcome.refused_with {
            let (number, name) = (reasons.of(refused), own_parameter(refused).unwrap_or_default());
            match with.iter_mut().find(|(own, _)| *own == number) {
                Some((_, names)) => names.push(name),
                None => with.push((number, vec![name])),
            }
        }
        for (number, names) in with {
            parts.extend(listed("refused with", names.into_iter()).map(|text| format!("{text} ({number})")));
        }
    }
    let word = match outcome.refused_with.is_empty() || word == "refused" {
        true => word.to_owned(),
        false => format!("{word}\\*"),
    };
    let line = parts.join("; ");
    Cell { word, line }
}

fn is_left_out(change: &Change) -> bool {
    change.shim() == Shim::V1Call && change.to().is_none()
}

fn listed(what: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
}

/// The older methods that an adapted call goes to, in their order.
fn older_methods(adapted: &Adaptation) -> Vec<String> {
    let mut methods = Vec::new();
    for change in adapted.changes() {
        if let (Shim::V1Call | Shim::ImRevision, Some(to)) = (change.shim(), change.to()) {
            let to = format!("`{to}`");
            if !methods.contains(&to) {
                methods.push(to);
            }
        }
    }
    methods
}

/// What else a call must be like to have an older form.
fn conditions(method: &str, older: &[String]) -> Vec<String> {
    let mut conditions = Vec::new();
    let translations = Table::builtin()
        .translations()
        .filter(|own| own.from() == method && older.contains(&format!("`{}`", own.to())));
    for translation in translations {
        for rule in translation.only() {
            let (path, values) = rule.split_once(" = ").unwrap();
            let first = values.split(" | ").next().unwrap();
            conditions.push(format!("`{path}` must be `{first}`"));
        }
        for rule in translation.params().filter(|rule| rule.ends_with("as chat-id")) {
            let (path, _) = rule.split_once(" -> ").unwrap();
            conditions.push(format!("`{path}` must be a group chat's"));
        }
        if translation.params().any(|rule| rule.starts_with("@webhookUrl")) {
            let known = "the address of the bot's events must be known from its registration or update through the gate";
            conditions.push(known.to_owned());
        }
        if let Some(rule) = translation
            .params()
            .find(|rule| rule.contains("[] -> ") && !rule.contains(" as by "))
        {
            let (path, _) = rule.split_once("[] -> ").unwrap();
            conditions.push(format!("one call for each of `{path}`"));
        }
    }
    conditions.sort();
    conditions.dedup();
    conditions
}

/// What was done, in a few words.
fn short(change: &Change) -> String {
    let at = change.at();
    match change.shim() {
        Shim::YesNo => format!("`{at}` as \"Y\" or \"N\""),
        Shim::Omit => format!("`{at}` left out"),
        Shim::BothForms => "sent flat as well as in `fields`".to_owned(),
        Shim::Spelling => format!("`{at}` respelt"),
        Shim::LowerKeys => format!("keys of `{at}` in small letters"),
        Shim::Boolean => format!("`{at}` as a boolean"),
        Shim::NextOffset => format!("`{at}` made of the older cursor"),
        Shim::ErrorAlias => format!("the older error code read as `{at}`"),
        Shim::StripSecret => format!("`{at}` taken out of the reply"),
        Shim::EventUnbind => {
            "followed by the removal of event handlers out of use (applications alone)".to_owned()
        }
        Shim::V1Call | Shim::ImRevision | Shim::None | Shim::Refuse => change.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Neighbours that agree in all lines, as one: the places they span.
fn groups(lines: &[Vec<String>]) -> Vec<(usize, usize)> {
    let count = lines.first().map_or(0, Vec::len);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for at in 0..count {
        match groups.last_mut() {
            Some((_, last)) if lines.iter().all(|line| line[*last] == line[at]) => *last = at,
            _ => groups.push((at, at)),
        }
    }
    groups
}

fn label(columns: &[Column], (first, last): (usize, usize)) -> String {
    match first == last {
        true => columns[first].label.clone(),
        false => format!("{}–{}", columns[first].label, columns[last].label),
    }
}

fn page() -> String {
    let columns = columns();
    let mut reasons = Reasons::default();
    let mut out = format!(
        "# What becomes of a call\n\n\
         A bot calls imbot.v2 as the newest revision has it. This is what the [gate](crate::gate) makes of such\n\
         calls on each REST revision that was shipped. Below 32 there is no imbot.v2; 32 was reported without it,\n\
         here 32 (v1), and with it, 32 (v2). What was announced for a day up to {} counts as in force.\n\n\
         word | what is done\n---|---\n\
         as is | the call is sent byte for byte\n\
         changed | sent as a call that the portal understands, or its reply is read in another way\n\
         older | sent as one or more older methods, and the reply is brought into the newer form\n\
         refused | nothing is sent; the error says why and what to do\n\
         \\* | so it is without some of its parameters, and refused with them\n\n\
         A number in brackets leads to the reasons [at the end](#why-calls-are-refused).\n\n\
         ## Methods\n\n\
         Each with every parameter that is documented for it, in a form that is sound on the newest revision.\n\n",
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

    out.push_str("\n## What is done with them\n");
    for (method, cells) in &rows {
        let texts: Vec<String> = cells.iter().map(|cell| cell.line.clone()).collect();
        if texts.iter().all(String::is_empty) {
            continue;
        }
        let _ = write!(out, "\n`{method}`\n\n");
        for group in groups(std::slice::from_ref(&texts)) {
            if !texts[group.0].is_empty() {
                let _ = writeln!(out, "- {}: {}.", label(&columns, group), texts[group.0]);
            }
        }
    }

    out.push_str(
        "\n## Single parameters\n\n\
         What is done with a call that has one of these and, apart from it, only what it cannot go without.\n\n",
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

fn table(out: &mut String, first: &str, columns: &[Column], lines: &[(String, Vec<String>)]) {
    let cells: Vec<_> = lines.iter().map(|(_, cells)| cells.clone()).collect();
    let groups = groups(&cells);
    let labels: Vec<_> = groups.iter().map(|group| label(columns, *group)).collect();
    let _ = writeln!(out, "{first} | {}", labels.join(" | "));
    let _ = writeln!(out, "---|{}", vec!["---"; groups.len()].join("|"));
    for (name, cells) in lines {
        let cells: Vec<_> = groups.iter().map(|(first, _)| cells[*first].as_str()).collect();
        let _ = writeln!(out, "{name} | {}", cells.join(" | "));
    }
}

/// What a row makes of a call that has what it is about, and nothing else that
/// matters.
fn cell(row: &Row, call: &Call, caps: &Caps, reasons: &mut Reasons) -> String {
    match plan(call, caps) {
        Plan::Pass { .. } => "as is".to_owned(),
        Plan::Refuse(refused) => format!("refused ({})", reasons.of(&refused)),
        Plan::Adapt(adapted) => {
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
        other => panic!("{other:?}"),
    }
}

/// For every row about a parameter, or with a trap: a call that it is about.
fn parameters(
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
        let Some(method) = methods.first() else { continue };
        let (full, required) = &calls[method];
        let mut call = required_part(full, required);
        let paths: Vec<&str> = applies
            .request()
            .filter(|path| !path.starts_with("KEYBOARD") && !path.starts_with("MENU"))
            .collect();
        let Some(first) = paths.first() else {
            if let Some(response) = applies.response().next().filter(|_| row.present().is_some()) {
                found.push((
                    format!("{}: `{response}` of the reply", names(&methods)),
                    row,
                    call,
                ));
            }
            continue;
        };
        if row.id() == "command.register.flat" || row.id() == "command.register.flat.boolean" {
            let fields = call.params_mut().shift_remove("fields").unwrap();
            call.params_mut().extend(object(fields));
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

fn names(methods: &[String]) -> String {
    let names: Vec<_> = methods
        .iter()
        .map(|method| method.trim_start_matches("imbot.v2."))
        .collect();
    names.join(", ")
}

/// What kind of value a row is about, for people.
fn value_shown(row: &Row) -> Option<&'static str> {
    Some(match row.applies().value()? {
        ValueKind::Boolean => "as a boolean",
        ValueKind::Integer => "as a number",
        ValueKind::Null => "null",
        ValueKind::String => "given",
        ValueKind::Text => "as text, such as \"N\"",
        ValueKind::Over40Chars => "of more than 40 characters",
        ValueKind::Empty => "empty",
        ValueKind::Respelt => "in another spelling, such as lightBlue",
        ValueKind::Unlisted => "that is none of those known",
        ValueKind::CapitalKey => "with a language in capitals",
        other => panic!("{other:?}"),
    })
}

/// A value of the kind that a row is about; `None` for the one of the full call.
fn sample(row: &Row) -> Option<Json> {
    Some(match row.applies().value()? {
        ValueKind::Boolean => json!(true),
        ValueKind::Integer => json!(1),
        ValueKind::Null => json!({"en": "A", "de": null}),
        ValueKind::String => json!("new"),
        ValueKind::Text => json!("N"),
        ValueKind::Over40Chars => json!("x".repeat(41)),
        ValueKind::Empty => json!([]),
        ValueKind::Respelt => json!("lightBlue"),
        ValueKind::Unlisted => json!("nonsense"),
        ValueKind::CapitalKey => json!({"EN": "A"}),
        other => panic!("{other:?}"),
    })
}

/// The full call with what it cannot go without.
fn required_part(full: &Call, required: &[&str]) -> Call {
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

fn has(members: &Map<String, Json>, path: &str) -> bool {
    at(members, path).is_some()
}

fn at<'v>(members: &'v Map<String, Json>, path: &str) -> Option<&'v Json> {
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
/// none, the one of the full call, unless one stands there already.
fn put(members: &mut Map<String, Json>, path: &str, value: Option<Json>, full: &Call) {
    let path = path.split(".<").next().unwrap().split("[]").next().unwrap();
    if value.is_none() && has(members, path) {
        return;
    }
    let value = value.or_else(|| at(full.params(), path).cloned());
    let value = value.unwrap_or_else(|| json!("t"));
    let mut members = members;
    let mut names: Vec<&str> = path.split('.').collect();
    let last = names.pop().unwrap();
    for name in names {
        let inner = members.entry(name).or_insert_with(|| json!({}));
        members = inner.as_object_mut().unwrap();
    }
    members.insert(last.to_owned(), value);
}

#[test]
fn the_page_is_fresh() {
    let fresh = page();
    println!("{fresh}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/matrix.md");
    let stale = std::fs::read_to_string(&path).unwrap_or_default();
    if fresh != stale {
        std::fs::write(&path, &fresh).unwrap();
        panic!("src/docs/matrix.md was stale; it is written afresh: run the tests again and commit it");
    }
}

#[test]
fn every_method_has_its_call_and_passes_on_the_newest_release() {
    let calls = calls();
    let mut methods: Vec<_> = METHODS.to_vec();
    methods.sort_unstable();
    assert_eq!(calls.keys().map(String::as_str).collect::<Vec<_>>(), methods);
    let columns = columns();
    assert_eq!(columns.len(), Build::shipped().count());
    for (column, build) in columns.iter().zip(Build::shipped()) {
        assert_eq!(
            column.caps.features(),
            build.caps().features(),
            "{}",
            column.label
        );
    }
    let newest = columns.last().unwrap();
    for (method, (call, _)) in &calls {
        assert!(plan(call, &newest.caps).is_pass(), "{method}");
    }
}

/// Sends a call to an emulated portal, and tells the codes of its errors: those of the
/// commands too, where it is a batch.
async fn codes(client: &reqwest::Client, portal: &EmulatedPortal, call: &Call) -> Vec<String> {
    let url = format!("{}{}", portal.webhook_url(), call.method());
    let body = serde_json::to_vec(call.params()).unwrap();
    let request = client.post(url).header("Content-Type", "application/json");
    let answer = request.body(body).send().await.unwrap().bytes().await.unwrap();
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    let of_commands = answer["result"]["result_error"].as_object();
    let of_commands = of_commands.into_iter().flat_map(Map::values);
    let errors = of_commands.filter(|_| call.method() == BATCH).chain([&answer]);
    let codes = errors.filter_map(|error| error["error"].as_str());
    codes.map(str::to_owned).collect()
}

fn is_absent(codes: &[String]) -> bool {
    codes
        .iter()
        .any(|code| code == "ERROR_METHOD_NOT_FOUND" || code == "22002")
}

/// The plans agree with what portals have: a call that is sent meets a method that is
/// there, and relies on nothing that is not; one that is refused for its method would
/// have met none.
#[tokio::test]
async fn the_matrix_agrees_with_emulated_portals() {
    let emulator = Emulator::start().await.unwrap();
    let client = reqwest::Client::new();
    let (mut passed, mut adapted, mut refused) = (0, 0, 0);
    for column in columns() {
        let portal = emulator.portal(column.build.clone());
        portal.strict();
        for (method, (full, required)) in &calls() {
            let Outcome { call, plan, .. } = outcome(full, required, &column.caps);
            let case = format!("{method} on {}", column.label);
            match plan {
                Plan::Pass { .. } => {
                    passed += 1;
                    let codes = codes(&client, &portal, &call).await;
                    assert!(!is_absent(&codes), "{case}: {codes:?}");
                }
                Plan::Adapt(change) => {
                    adapted += 1;
                    let codes = codes(&client, &portal, change.call(&call)).await;
                    assert!(!is_absent(&codes), "{case}: {codes:?}");
                }
                Plan::Refuse(error) => {
                    refused += 1;
                    let is_whole = error.parameter().is_none();
                    assert!(is_whole, "{case}: {error}");
                    // What takes its place is missing too.
                    let is_older = error.row().id() != method;
                    let violations = portal.violations().len();
                    let codes = codes(&client, &portal, full).await;
                    assert!(is_absent(&codes), "{case}: {codes:?}");
                    assert!(is_older || portal.violations().len() > violations, "{case}");
                    portal.strict();
                }
                other => panic!("{case}: {other:?}"),
            }
            portal.assert_no_violations();
        }
    }
    println!("{passed} calls sent as they are, {adapted} adapted, {refused} refused");
}
