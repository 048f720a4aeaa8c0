//! Finds the parameters of a call, and what is wrong with them on every build.

use std::cell::RefCell;
use std::collections::HashMap;

use imbot_caps::Table;
use imbot_caps::plan::{UnknownName, unknown_names};
use serde_json::{Map, Value as Json};

use super::context::Context;
use super::expression::{callee, chain_start, items};
use super::required;
use super::sdk;
use super::sites::{Site, SiteKind};
use super::token::Tokens;
use super::value::{self, Object, Reader, Value};

/// Keys of an entry of a batch, or of the options of a call, that hold the parameters.
const PARAMETER_KEYS: [&str; 6] = ["params", "data", "arguments", "args", "payload", "parameters"];

/// Keys of the options of an HTTP client that hold the body.
const BODY_KEYS: [&str; 7] = ["json", "body", "data", "form_params", "params", "query", "form"];

/// Keys of the options of an HTTP client.
const OPTION_KEYS: [&str; 8] = [
    "method",
    "headers",
    "timeout",
    "httpsAgent",
    "signal",
    "body",
    "json",
    "form_params",
];

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
    if let Some(query) = query {
        let mut object = value::of_query(query);
        object.open |= query.is_empty() || query.contains(super::token::HOLE);
        if query.is_empty()
            && let Some(added) = appended(reader, site)
        {
            return Some(added);
        }
        return Some(object);
    }
    let tokens = reader.tokens;
    match &site.context {
        Context::Argument { open, .. } => after_name(reader, *open, site, *is_address),
        Context::Value { .. } => beside_key(reader, site),
        Context::Item { open } => {
            let found = items(tokens, *open);
            let own = found.iter().position(|item| *item == site.start)?;
            // Only the first of two is a command of a batch.
            let second = found.get(own + 1).filter(|_| own == 0 && found.len() == 2)?;
            match value::read(reader, *second, 0) {
                Value::Object(object) => Some(object),
                _ => None,
            }
        }
        _ => None,
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

/// The arguments after the method's name.
fn after_name(reader: Reader<'_>, open: usize, site: &Site, is_address: bool) -> Option<Object> {
    let tokens = reader.tokens;
    let found = items(tokens, open);
    // The name may be inside of another call, such as `format!`.
    let own = found.iter().rposition(|item| *item <= site.start)?;
    let mut first = None;
    for item in found.iter().skip(own + 1) {
        // `json=...` of Python, `params: ...` of C#.
        if let Some(name) = tokens.word(*item)
            && tokens.is_any(item + 1, &["=", ":"])
        {
            if BODY_KEYS.contains(&name) || PARAMETER_KEYS.contains(&name) {
                return object(value::read(reader, item + 2, 0));
            }
            continue;
        }
        first = first.or(Some(*item));
    }
    let item = match first {
        Some(item) => item,
        // Nothing follows: a call without parameters, if it is one at all.
        None if !is_address && found.len() == own + 1 && own <= 1 => return None,
        None => return None,
    };
    let read = object(value::read(reader, item, 0))?;
    if !is_address {
        return Some(read);
    }
    // The options of an HTTP client hold the parameters.
    let is_options = read
        .members
        .iter()
        .any(|(key, _)| OPTION_KEYS.contains(&key.as_str()));
    if !is_options {
        return Some(read);
    }
    let body = BODY_KEYS.iter().find_map(|key| read.get(key))?;
    object(body.clone())
}

fn object(value: Value) -> Option<Object> {
    match value {
        Value::Object(object) => Some(object),
        // PHP and Lua write an empty object as an empty list.
        Value::List(items) if items.is_empty() => Some(Object::default()),
        _ => None,
    }
}

/// `{ method: 'name', params: {...} }`, or `method="name", params={...}`.
fn beside_key(reader: Reader<'_>, site: &Site) -> Option<Object> {
    let tokens = reader.tokens;
    let open = tokens.parent(site.start)?;
    for item in items(tokens, open) {
        let key = tokens
            .text(item)
            .or_else(|| tokens.word(item))
            .unwrap_or_default();
        let sign = tokens.after(item);
        if PARAMETER_KEYS.contains(&key) && tokens.is_any(sign, &[":", "=>", "="]) {
            return object(value::read(reader, sign + 1, 0));
        }
    }
    None
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

/// The uses of a name that holds a method: each with the parameters of the call.
pub(super) fn of_constant(reader: Reader<'_>, name: &str) -> Vec<(usize, Option<Object>)> {
    let tokens = reader.tokens;
    let mut found = Vec::new();
    for at in reader.outline.places(tokens, name) {
        if tokens.is_any(at + 1, &["=", ":", "("]) {
            continue;
        }
        let start = chain_start(tokens, at);
        let Some(open) = tokens.parent(start).filter(|open| tokens.is(*open, "(")) else {
            continue;
        };
        let Some((called, _)) = callee(tokens, open) else {
            continue;
        };
        if super::callees::is_no_call(&called) {
            continue;
        }
        let arguments = items(tokens, open);
        let Some(own) = arguments.iter().position(|item| *item == start) else {
            continue;
        };
        let params = arguments
            .get(own + 1)
            .and_then(|next| object(value::read(reader, *next, 0)));
        found.push((at, params));
    }
    found
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

/// Whether a token is in the arguments of the call of a site.
pub(super) fn call_end(tokens: &Tokens, site: &Site) -> usize {
    match &site.context {
        Context::Argument { open, .. } => tokens.after(*open),
        _ => site.end,
    }
}
