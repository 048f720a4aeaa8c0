//! Finds the parameters of a call, and what is wrong with them on every build.

use std::cell::RefCell;
use std::collections::HashMap;

use imbot_caps::Table;
use imbot_caps::plan::{UnknownName, unknown_names};
use serde_json::{Map, Value as Json};

use super::call_sites::{Site, SiteKind};
use super::context::Context;
use super::expression::{declares, items};
use super::requests::{self, BODY_KEYS, Given, PARAMETER_KEYS};
use super::required;
use super::sdk;
use super::value::{self, Object, Reader, Value};

/// The parameters of a call, as far as the file shows them. `None` if it does not.
pub(super) fn of(reader: Reader<'_>, site: &Site) -> Option<Object> {
    written(reader, site).map(Object::nested)
}

/// The parameters as they are written.
fn written(reader: Reader<'_>, site: &Site) -> Option<Object> {
    let SiteKind::Method {
        name,
        query,
        is_address,
        sdk,
        ..
    } = &site.kind
    else {
        return None;
    };
    if let Some(open) = sdk {
        return by_sdk(reader, name, *open);
    }
    let tokens = reader.tokens;
    let given = match &site.context {
        Context::Argument { open, .. } => requests::after_name(reader, *open, site.start, *is_address),
        Context::Value { .. } => beside_key(reader, site.start, *is_address),
        Context::Item { open } => {
            let found = items(tokens, *open);
            let own = found.iter().position(|item| *item == site.start);
            // Only the first of two is a command of a batch.
            let second = found.get(1).filter(|_| own == Some(0) && found.len() == 2);
            second.map_or(Given::Nothing, |second| {
                Given::of(value::read(reader, *second, 0))
            })
        }
        _ => Given::Nothing,
    };
    match query {
        Some(query) if query.is_empty() => appended(reader, site).or_else(|| given.with_query(query)),
        Some(query) => given.with_query(query),
        None => given.object(),
    }
}

/// `'name?' . http_build_query([...])`
fn appended(reader: Reader<'_>, site: &Site) -> Option<Object> {
    let tokens = reader.tokens;
    let mut at = tokens.after(site.token);
    while at < site.end {
        if tokens.is_any(at, &[".", "+"]) {
            return match value::read(reader, at + 1, 0) {
                Value::Object(object) => Some(object),
                _ => None,
            };
        }
        at = tokens.after(at);
    }
    None
}

/// `{ method: 'name', params: {...} }`, or `method="name", params={...}`.
pub(super) fn beside_key(reader: Reader<'_>, start: usize, is_address: bool) -> Given {
    let tokens = reader.tokens;
    let Some(open) = tokens.parent(start) else {
        return Given::Nothing;
    };
    // The parameters of a function with their defaults say nothing about a call.
    if declares(tokens, open) {
        return Given::Hidden;
    }
    let mut given = Given::Nothing;
    for item in items(tokens, open) {
        let key = tokens
            .text(item)
            .or_else(|| tokens.word(item))
            .unwrap_or_default();
        let holds = PARAMETER_KEYS.contains(&key) || is_address && BODY_KEYS.contains(&key);
        let sign = tokens.after(item);
        if holds && tokens.is_any(sign, &[":", "=>", "="]) {
            given.join(Given::of(value::read(reader, sign + 1, 0)));
        } else if holds && (tokens.is(sign, ",") || tokens.closes(sign)) && tokens.word(item).is_some() {
            // JavaScript: `{ url, data }`
            given.join(Given::of(value::read(reader, item, 0)));
        } else if tokens.is_any(item, &["...", "**"]) {
            given.join(Given::Hidden);
        }
    }
    given
}

/// The named arguments of an SDK's function.
fn by_sdk(reader: Reader<'_>, method: &str, open: usize) -> Option<Object> {
    if reader.tokens.language != super::language::Language::Python {
        return None;
    }
    let mut named = value::named_arguments(reader, open, 0);
    let members = std::mem::take(&mut named.members);
    named.members = members
        .into_iter()
        .filter_map(|(name, value)| Some((sdk::parameter(method, &name)?, value)))
        .collect();
    Some(named)
}

/// What is wrong with the parameters of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Problems {
    /// Parameters that the method does not take: each with the known name.
    pub(super) unknown: Vec<(String, Option<String>)>,
    /// Parameters that should be JSON text and are not.
    pub(super) unreadable: Vec<String>,
    /// Parameters that the method needs.
    pub(super) missing: Vec<String>,
}

/// The most calls that a thread keeps.
const MAX_KEPT: usize = 4096;

thread_local! {
    /// Parameters that are unknown or unreadable, by method and parameters. A program makes many calls twice.
    static KEPT: RefCell<HashMap<(String, String), Problems>> = RefCell::default();
}

/// The parameters that are unknown or unreadable.
fn unknown(method: &str, written: &Map<String, Json>) -> Problems {
    let key = (
        method.to_owned(),
        serde_json::to_string(written).unwrap_or_default(),
    );
    if let Some(problems) = KEPT.with_borrow(|kept| kept.get(&key).cloned()) {
        return problems;
    }
    let mut problems = Problems::default();
    for unknown in unknown_names(Table::builtin(), method, written) {
        match unknown {
            UnknownName::Parameters { parameters, .. } => {
                let parameters = parameters.into_iter().map(|own| (own.path, own.suggestion));
                problems.unknown.extend(parameters);
            }
            UnknownName::UnreadableText { parameters, .. } => problems.unreadable.extend(parameters),
            _ => {}
        }
    }
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(key, problems.clone());
    });
    problems
}

/// Compares parameters with what the documentation says. `written` is what they are as JSON. `is_whole` says
/// that nothing is added to them before the call is sent.
pub(super) fn problems(
    method: &str,
    params: &Object,
    written: &Map<String, Json>,
    is_whole: bool,
) -> Problems {
    let mut problems = unknown(method, written);
    problems.missing = required::missing(method, params, is_whole);
    problems
}
