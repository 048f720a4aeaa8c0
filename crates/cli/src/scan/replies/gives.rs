//! What a function of the file gives for a reply: the whole body, or its result.

use super::super::expression::{chain_end, chain_start};
use super::super::outline::Outline;
use super::super::token::Tokens;
use super::chain::Level;

/// Words that make a body of a text.
const DECODES: [&str; 5] = ["json", "json_decode", "loads", "JSON", "toArray"];

/// What the function with a name gives, if the file has just one and shows it.
pub(in super::super) fn gives(tokens: &Tokens, outline: &Outline, name: &str) -> Option<Level> {
    let body = outline.function_named(tokens, name)?.body.clone();
    let own = |at: &usize| {
        outline
            .function_of(*at)
            .is_some_and(|function| function.body == body)
    };
    let is_result = |at: usize| tokens.word(at).or_else(|| tokens.text(at)) == Some("result");
    let returns = body.clone().filter(|at| tokens.word(*at) == Some("return"));
    let mut results = 0;
    let mut others = 0;
    for at in returns.filter(own) {
        let mut start = at + 1;
        while matches!(tokens.word(start), Some("await")) || tokens.is(start, "(") {
            start += 1;
        }
        match given(tokens, start) {
            Some(true) => results += 1,
            Some(false) => others += 1,
            None => {}
        }
    }
    let decodes = |at: usize| tokens.word(at).is_some_and(|word| DECODES.contains(&word));
    match (results, others) {
        (1.., 0) => Some(Level::Result { of_body: true }),
        (0, 1..) if body.clone().any(decodes) && !body.clone().any(is_result) => Some(Level::Body),
        _ => None,
    }
}

/// Whether a returned value is a result. `None` if it is nothing.
fn given(tokens: &Tokens, start: usize) -> Option<bool> {
    if matches!(
        tokens.word(start),
        Some("None" | "null" | "undefined" | "false" | "False" | "nil")
    ) || tokens.is_any(start, &[";", "}"])
        || tokens.get(start).is_none_or(|token| token.leads)
    {
        return None;
    }
    let end = chain_end(tokens, start);
    let last = end.checked_sub(1)?;
    let is_name = |at: usize| tokens.word(at).or_else(|| tokens.text(at)) == Some("result");
    // `data.result`, `data["result"]`, `data.get("result")`
    let is_member = end > start + 1 && tokens.word(last) == Some("result");
    let in_bracket = tokens.mate(last).is_some_and(|open| {
        let is_get =
            tokens.is(open, "(") && open.checked_sub(1).and_then(|at| tokens.word(at)) == Some("get");
        open >= start && is_name(open + 1) && (is_get || tokens.is(open, "[") && open + 2 == last)
    });
    let ends = tokens.get(end).is_none_or(|token| token.leads)
        || tokens.is_any(end, &[";", "}"])
        || tokens.word(end) == Some("as");
    let is_plain = ends && chain_start(tokens, last) == start;
    Some((is_member || in_bracket) && is_plain)
}
