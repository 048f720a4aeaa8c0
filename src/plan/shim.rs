//! The shims for parameters. A shim is a small change that makes a parameter valid on an older
//! portal.

use serde_json::{Map, Value};

use super::adaptation::FollowUp;
use super::bot_token_in_url;
use crate::table::index::{Rule, RulePath};
use crate::table::path::{Edit, Path, is_kind, member, respelt, scalar};
use crate::table::{Row, Shim, ValueKind};
use crate::wire::Call;

/// The outcome of a shim.
pub(super) enum Applied {
    Changed,
    /// The value has the right form already.
    Nothing,
    /// The value has no such form, or the shim is not for parameters.
    Cannot,
}

/// Whether a call has a value at a path that the row is about.
pub(super) fn falls_under(call: &Call, path: &Path, row: &Row) -> bool {
    path.holds(call.params(), |key, value| concerns(row, key, value))
        && (!is_of_bot_token(row) || bot_token_in_url::lacks_bot_token_in_url(call.method(), call.params()))
}

/// Whether the row is about the address of a bot that a webhook has registered. Such a row does
/// not apply to an application's bot.
pub(super) fn is_of_bot_token(row: &Row) -> bool {
    row.fallback()
        .is_some_and(|fallback| fallback.shim() == Shim::BotTokenInUrl)
}

fn concerns(row: &Row, key: &str, value: &Value) -> bool {
    let applies = row.applies();
    match applies.value() {
        // In forms and batches every value is text.
        Some(ValueKind::Boolean) => yes_or_no(value).is_some() && !matches!(value.as_str(), Some("Y" | "N")),
        kind => is_kind(key, value, kind, applies.values()),
    }
}

/// Applies a shim to every value at a path that the row is about.
pub(super) fn apply(shim: Shim, call: &mut Call, rule: &Rule, place: &RulePath, row: &Row) -> Applied {
    let mut cannot = false;
    let mut change = |key: &str, value: &mut Value| {
        if !concerns(row, key, value) {
            return Edit::Keep;
        }
        let new = match shim {
            Shim::Omit => return Edit::Remove,
            Shim::LowerKeys => return Edit::Rename(key.to_lowercase()),
            Shim::YesNo => yes_or_no(value).map(|yes| Value::from(if yes { "Y" } else { "N" })),
            Shim::Boolean => yes_or_no(value).map(Value::from),
            Shim::Spelling => value
                .as_str()
                .and_then(|text| respelt(text, row.applies().values()))
                .map(Value::from),
            _ => None,
        };
        match new {
            Some(new) if new == *value => Edit::Keep,
            Some(new) => {
                *value = new;
                Edit::Changed
            }
            None => {
                cannot = true;
                Edit::Keep
            }
        }
    };
    let changed = match shim {
        Shim::BotTokenInUrl => {
            return match bot_token_in_url::add(call) {
                true => Applied::Changed,
                false => Applied::Cannot,
            };
        }
        Shim::BothForms => both_forms(call.params_mut(), rule, &place.text),
        _ => place.path.edit_in(call.params_mut(), &mut change),
    };
    match (cannot, changed) {
        (true, _) => Applied::Cannot,
        (false, true) => Applied::Changed,
        (false, false) => Applied::Nothing,
    }
}

/// The boolean that a portal makes of a text, a number or a boolean.
pub(super) fn yes_or_no(value: &Value) -> Option<bool> {
    if let Value::Bool(yes) = value {
        return Some(*yes);
    }
    let text = scalar(value)?;
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match () {
        () if is_one_of(["Y", "1", "true"]) => Some(true),
        () if is_one_of(["N", "0", "false"]) => Some(false),
        () => None,
    }
}

/// Writes the values of the row's paths in both forms: a value inside of `fields` also beside
/// it, and a value beside it also inside. A value that is there in the other form stays.
fn both_forms(params: &mut Map<String, Value>, rule: &Rule, text: &str) -> bool {
    const FIELDS: &str = "fields";
    let is_inside = text.split_once('.').is_some_and(|(first, _)| first == FIELDS);
    let mut changed = false;
    for RulePath { path, .. } in &rule.paths {
        let (Some(name), Some(value)) = (path.last(), path.find_in(params).cloned()) else {
            continue;
        };
        let other = match is_inside {
            true => &mut *params,
            false => {
                let own = member(params, FIELDS).map_or(FIELDS, |(own, _)| own).to_owned();
                let fields = params.entry(own).or_insert(Value::Null);
                match fields {
                    // JSON's null, and PHP's empty array.
                    Value::Null => *fields = Value::Object(Map::new()),
                    Value::Array(items) if items.is_empty() => *fields = Value::Object(Map::new()),
                    _ => {}
                }
                match fields {
                    Value::Object(fields) => fields,
                    _ => return changed,
                }
            }
        };
        if member(other, name).is_none() {
            other.insert(name.to_owned(), value);
            changed = true;
        }
    }
    changed
}

/// Whether a registration names an address for the bot's events.
pub(super) fn sets_address(call: &Call) -> bool {
    let fields = member(call.params(), "fields").and_then(|(_, fields)| fields.as_object());
    let of = |name| fields.and_then(|fields| member(fields, name)?.1.as_str());
    let is_webhook = of("eventMode").is_some_and(|mode| mode.eq_ignore_ascii_case("webhook"));
    is_webhook && of("webhookUrl").is_some_and(|url| !url.is_empty())
}

/// The clean-up after a call that makes event handlers useless. `None` if the call changes no
/// address.
pub(super) fn unbind(call: &Call, row: &'static Row) -> Option<FollowUp> {
    let fields = member(call.params(), "fields").and_then(|(_, fields)| fields.as_object());
    let of = |name| fields.and_then(|fields| member(fields, name));
    let is_the_end = call.method().to_ascii_lowercase().ends_with(".unregister");
    let url = of("webhookUrl").and_then(|(_, url)| url.as_str());
    let url = url.filter(|url| !url.is_empty());
    // No portal sends events to a bot that polls.
    let mode = of("eventMode").and_then(|(_, mode)| mode.as_str());
    let polls = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("fetch"));
    if !is_the_end && (url.is_none() || polls) {
        return None;
    }
    Some(FollowUp::UnbindEvents {
        events: row.applies().events().collect(),
        in_use: url.map(str::to_owned),
    })
}
