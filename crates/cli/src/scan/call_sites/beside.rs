//! What stands beside a name in its bracket.

use super::super::expression::items;
use super::super::names::{self, Name};
use super::super::token::Tokens;
use super::quick::may_name;

/// Whether a name stands in a table of operations, beside a method that portals have.
pub(super) fn is_beside_known(tokens: &Tokens, start: usize) -> bool {
    let Some(open) = tokens.parent(start) else {
        return false;
    };
    let is_known = |at: usize| {
        let text = tokens.text(at).filter(|text| may_name(text));
        matches!(text.and_then(names::read), Some(Name::Method(own)) if names::suggestion_of(&own.name).is_none())
    };
    items(tokens, open).into_iter().take(64).any(|item| {
        let sign = tokens.after(item);
        match tokens.is_any(sign, &[":", "=>", "="]) {
            true => is_known(sign + 1),
            false => is_known(item),
        }
    })
}

/// Whether a list is a command of a batch: `['name', {...}]`.
pub(super) fn is_batch(tokens: &Tokens, open: usize) -> bool {
    let found = items(tokens, open);
    found.len() == 2 && found.get(1).is_some_and(|second| tokens.opens(*second))
}

/// Whether the code of a refused method stands beside a name: a test expects the refusal.
pub(super) fn expects_refusal(tokens: &Tokens, start: usize) -> bool {
    let Some(open) = tokens.parent(start) else {
        return false;
    };
    let codes = ["ERROR_METHOD_NOT_FOUND", "22002"];
    items(tokens, open)
        .into_iter()
        .any(|item| tokens.text(item).is_some_and(|text| codes.contains(&text)))
}

/// The string of a whole that has the name in it.
pub(super) fn named_at(tokens: &Tokens, at: usize, end: usize, name: &Name) -> usize {
    let name = match name {
        Name::Method(own) => own.name.as_str(),
        _ => return at,
    };
    let has_name = |at: &usize| tokens.text(*at).is_some_and(|text| text.contains(name));
    (at..end).take(256).find(has_name).unwrap_or(at)
}
