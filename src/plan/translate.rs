//! A call of imbot.v2 as calls of older methods, by the table's translations.

use std::borrow::Borrow;

use serde_json::{Map, Value};

use super::builder::PlanBuilder;
use super::context::Context;
use super::refused::{Change, Reason, Refused};
use super::reverse::ReverseTranslation;
use crate::table::index::{Rules, Translated};
use crate::table::path::{Path, Step, same_name};
use crate::table::translation::{Form, Origin, ParamRule, ValueRule};
use crate::table::{Row, Shim};
use crate::vocabulary::is_mark_of_clients;
use crate::wire::Call;

mod value_form;

use value_form::{in_form, is_text};

/// Whether a parameter is one of every request, whatever the method is.
fn is_passed_on(name: &str) -> bool {
    name == "auth" || is_mark_of_clients(name)
}

/// The parameter that has no older form, if it is a parameter, and the reason.
struct NoForm(Option<String>, String);

/// The older calls for a newer one, and the translation of their reply. A refusal if there are
/// none.
pub(super) fn translate(
    context: &Context<'_>,
    call: &Call,
    rules: &'static Rules,
    number: usize,
    row: &'static Row,
    builder: &mut PlanBuilder,
) -> Result<(Vec<Call>, ReverseTranslation), Box<Refused>> {
    let no_form = |NoForm(parameter, why): NoForm| {
        let mut refused = context.refused(call, number, row, parameter.as_deref());
        if let Reason::Unsupported(unsupported) = refused.reason {
            refused.reason = Reason::NoOlderForm(unsupported, why);
        }
        refused
    };
    let wanted: Vec<&'static Translated> = rules
        .translations
        .iter()
        .filter(|own| own.when.as_ref().is_none_or(|path| is_given(path, call)))
        .collect();
    unnamed(call, rules).map_err(no_form)?;
    let mut calls = Vec::new();
    for translation in &wanted {
        add_calls(context, call, translation, row, builder, &mut calls).map_err(no_form)?;
    }
    if calls.is_empty() {
        let why = "none of its parameters has an older form".to_owned();
        return Err(no_form(NoForm(None, why)));
    }
    Ok((calls, ReverseTranslation::of(wanted, call)))
}

/// Adds one older call. If the call has a list and the older method takes a single value, adds
/// one call for each item.
fn add_calls(
    context: &Context<'_>,
    call: &Call,
    translation: &'static Translated,
    row: &'static Row,
    builder: &mut PlanBuilder,
    calls: &mut Vec<Call>,
) -> Result<(), NoForm> {
    for paths in &translation.required {
        if !paths.iter().any(|(_, path)| is_given(path, call)) {
            let (text, others) = paths
                .split_first()
                .map_or(("", &[][..]), |((text, _), others)| (text, others));
            let or = others.iter().map(|(text, _)| format!(", or `{text}`"));
            let why = format!("{} needs it{}", translation.to, or.collect::<String>());
            return Err(NoForm(Some(text.to_owned()), why));
        }
    }
    for rule in &translation.allowed_values {
        let given = find(&rule.path, call);
        let fits = given.is_none_or(|value| rule.values.iter().any(|own| is_text(value, own)));
        if !fits {
            let why = format!("{} knows no such value", translation.to);
            return Err(NoForm(Some(rule.text.to_string()), why));
        }
    }
    for (rule, other) in &translation.dependent_required {
        if is_given(&rule.path, call) && !is_given(other, call) {
            let with = rule.values.first().map_or("another", |other| other);
            let why = format!("{} reads it only together with `{with}`", translation.to);
            return Err(NoForm(Some(rule.text.to_string()), why));
        }
    }
    let count = 1 + translation.set.len() + translation.params.len();
    let mut older = Map::with_capacity(count.min(call.params().len() * 2));
    let mut each: Option<(&ParamRule, Vec<Value>)> = None;
    for (name, value) in call.params().iter().filter(|(name, _)| is_passed_on(name)) {
        older.insert(name.clone(), value.clone());
    }
    let is_default = |rule: &ValueRule| translation.params.iter().any(|own| own.to == rule.path);
    for rule in translation.set.iter().filter(|rule| !is_default(rule)) {
        set(&mut older, rule);
    }
    for rule in &translation.params {
        let is_for_each = has_each(rule_path(rule)) && !has_each(Some(&rule.to));
        let (mut values, mut is_known) = (Vec::new(), true);
        let mut take = |value: &Value| match in_form(&rule.form, value) {
            Some(value) if is_for_each => values.push(value),
            Some(value) => write(&mut older, rule.to.steps(), value, &rule.form),
            None => is_known = false,
        };
        match &rule.from {
            Origin::WebhookUrl => take(&Value::from(context.event_url_of(call).ok_or_else(|| {
                let why = format!(
                    "{} needs the address that the bot's events go to, which is known once the bot \
                     was registered or updated through this gate",
                    translation.to
                );
                NoForm(None, why)
            })?)),
            Origin::Call(path) => path.visit_in(call.params(), &mut |_, value| {
                if !value.is_null() {
                    take(value);
                }
            }),
        }
        if !is_known {
            let why = format!("{} knows no such value", translation.to);
            return Err(NoForm(Some(rule.text.to_string()), why));
        }
        if is_for_each && values.is_empty() {
            let why = format!(
                "{} takes one value for each call, and the list is empty",
                translation.to
            );
            return Err(NoForm(Some(rule.text.to_string()), why));
        }
        if is_for_each {
            each = Some((rule, values));
        }
    }
    // These values are defaults: the call has priority.
    for rule in translation.set.iter().filter(|rule| is_default(rule)) {
        set(&mut older, rule);
    }
    let older = whole_items(translation, older)?;
    for path in &translation.drop {
        if is_given(path, call) {
            builder.change(row, Shim::V1Call, spelled(path));
        }
    }
    builder.changes.push(Change {
        row,
        shim: Shim::V1Call,
        at: match row.id() == call.method() {
            true => row.id().into(),
            false => call.method().to_owned().into(),
        },
        to: Some((*translation.to).into()),
    });
    let with = |params: Map<String, Value>| Call::with_params(&*translation.to, params);
    let Some((rule, values)) = each else {
        calls.push(with(older));
        return Ok(());
    };
    calls.extend(values.into_iter().map(|value| {
        let mut older = older.clone();
        write(&mut older, rule.to.steps(), value, &rule.form);
        with(older)
    }));
    Ok(())
}

/// Checks the lists that are made of maps (`by`). Each item needs the value of the first rule:
/// older methods ignore an item without it.
fn whole_items(translation: &Translated, older: Map<String, Value>) -> Result<Map<String, Value>, NoForm> {
    let mut by = translation
        .params
        .iter()
        .filter(|rule| matches!(rule.form, Form::By(_)));
    let (Some(first), Some(next)) = (by.next(), by.next()) else {
        return Ok(older);
    };
    let older = Value::Object(older);
    if has_each(Some(&first.to)) && first.to.items(&older).contains(&None) {
        let why = format!("{} takes it only together with `{}`", translation.to, first.text);
        return Err(NoForm(Some(next.text.to_string()), why));
    }
    match older {
        Value::Object(older) => Ok(older),
        _ => Ok(Map::new()),
    }
}

fn rule_path(rule: &ParamRule) -> Option<&Path> {
    match &rule.from {
        Origin::Call(path) => Some(path),
        Origin::WebhookUrl => None,
    }
}

fn has_each(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.steps().contains(&Step::Each))
}

fn find<'c>(path: &Path, call: &'c Call) -> Option<&'c Value> {
    path.find_in(call.params()).filter(|value| !value.is_null())
}

fn is_given(path: &Path, call: &Call) -> bool {
    find(path, call).is_some()
}

fn spelled(path: &Path) -> String {
    let names = path.steps().iter().map(|step| match step {
        Step::Member(name) => &**name,
        Step::Each => "[]",
        Step::Any => "<any>",
    });
    names.collect::<Vec<_>>().join(".")
}

/// Finds the first parameter that no translation names.
fn unnamed(call: &Call, rules: &Rules) -> Result<(), NoForm> {
    match first_unnamed(call.params(), &rules.named, &mut Vec::new()) {
        Some(path) => {
            let older = rules.translations.first().map_or("", |own| &own.to);
            let why = format!("{older} has nothing for it");
            Err(NoForm(Some(path), why))
        }
        None => Ok(()),
    }
}

/// The first member of an object that is at none of these paths.
fn first_unnamed<'c, P: Borrow<Path>>(
    members: &'c Map<String, Value>,
    named: &[P],
    at: &mut Vec<&'c str>,
) -> Option<String> {
    let depth = at.len();
    for (name, value) in members {
        if value.is_null() || depth == 0 && is_passed_on(name) {
            continue;
        }
        let leads = || named.iter().map(|path| lead(path.borrow(), depth, name));
        if leads().any(|lead| lead == Lead::Here) {
            continue;
        }
        let is_below =
            matches!(value, Value::Object(_) | Value::Array(_)) && leads().any(|lead| lead == Lead::Below);
        at.push(name);
        let found = match value {
            Value::Object(members) if is_below => {
                let mut below = Vec::with_capacity(named.len());
                let named = named.iter().map(Borrow::borrow);
                below.extend(named.filter(|path| lead(path, depth, name) == Lead::Below));
                first_unnamed::<&Path>(members, &below, at)
            }
            // PHP writes an empty object as an empty list.
            Value::Array(items) if is_below && items.is_empty() => None,
            _ => Some(at.join(".")),
        };
        at.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Where a path leads, at a member of an object on the path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Elsewhere,
    /// To a value inside of this member.
    Below,
    /// To this member, or to each item of it.
    Here,
}

#[inline]
fn lead(path: &Path, depth: usize, name: &str) -> Lead {
    match path.steps().get(depth) {
        Some(Step::Member(own)) if !same_name(own, name) => Lead::Elsewhere,
        Some(Step::Member(_)) if matches!(path.steps().get(depth + 1), Some(Step::Member(_))) => Lead::Below,
        _ => Lead::Here,
    }
}

fn set(members: &mut Map<String, Value>, rule: &ValueRule) {
    if let Some(value) = rule.values.first() {
        write(members, rule.path.steps(), (**value).into(), &Form::AsItIs);
    }
}

/// Writes a value at a path of older parameters. If two rules have one path, the first wins.
fn write(members: &mut Map<String, Value>, steps: &[Step], value: Value, form: &Form) {
    let Some((Step::Member(name), rest)) = steps.split_first() else {
        return;
    };
    match (rest, form) {
        ([], _) => {
            members.entry(&**name).or_insert(value);
        }
        ([Step::Each, Step::Member(last)], Form::By(key)) => {
            let list = members.entry(&**name).or_insert_with(|| Value::Array(Vec::new()));
            if let (Value::Array(items), Value::Object(entries)) = (list, value) {
                // A null removes a text. The older method replaces all texts, so the text is left out.
                let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
                // Keys are languages. Older methods take them in lower case only.
                entries.for_each(|(own, value)| write_by(items, key, own.to_lowercase(), last, value));
            }
        }
        _ => {
            let inner = members
                .entry(&**name)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                write(inner, rest, value, form);
            }
        }
    }
}

/// Writes `name: value` into the item of a list whose `key` is `own`.
fn write_by(items: &mut Vec<Value>, key: &str, own: String, name: &str, value: Value) {
    let known = items
        .iter_mut()
        .find(|item| item.get(key).and_then(Value::as_str) == Some(&own));
    if let Some(item) = known {
        if let Value::Object(item) = item {
            item.insert(name.to_owned(), value);
        }
        return;
    }
    let mut item = Map::new();
    item.insert(key.to_owned(), own.into());
    item.insert(name.to_owned(), value);
    items.push(Value::Object(item));
}
