//! Follows a reply through the chain after a call or a name: to its body, and to its result.

use super::super::expression::{callee, items};
use super::super::language::Language;
use super::super::token::Tokens;

/// Names between a reply and its `result`.
const WRAPPERS: [&str; 8] = [
    "data",
    "getData",
    "json",
    "response",
    "body",
    "getResponseData",
    "getResult",
    "value",
];

/// What a value is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Level {
    /// The reply, or what a client of the program makes of it.
    Reply,
    /// The body of an HTTP response: its `result` is that of the method.
    Body,
    /// What stands in `result`.
    Result {
        /// Whether it was read from a body for sure.
        of_body: bool,
    },
}

impl Level {
    pub(super) fn is_result(self) -> bool {
        matches!(self, Self::Result { .. })
    }
}

/// How far a chain goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    pub(super) level: Level,
    /// The token after it.
    pub(super) after: usize,
}

/// Follows a chain as far as it reads the reply, its body or its result. `None` if it reads something else
/// before the result.
pub(super) fn follow(tokens: &Tokens, from: usize, level: Level) -> Option<Reached> {
    let mut reached = Reached { level, after: from };
    for _ in 0..12 {
        if reached.level.is_result() {
            return Some(reached);
        }
        let at = reached.after;
        if tokens.is(at, ")") {
            // `(await call(...)).result`
            let closes_only = tokens.mate(at).is_some_and(|open| callee(tokens, open).is_none());
            if !closes_only || member(tokens, at + 1).is_none() {
                return Some(reached);
            }
            reached.after = at + 1;
            continue;
        }
        let Some((name, _, after)) = member(tokens, at) else {
            return Some(reached);
        };
        reached.level = match name {
            "result" => Level::Result {
                of_body: reached.level == Level::Body,
            },
            "json" | "body" | "getResponseData" | "getData" => Level::Body,
            // `response.data` of an HTTP client.
            "data" if !tokens.closes(after.saturating_sub(1)) => Level::Body,
            _ if WRAPPERS.contains(&name) => reached.level,
            _ => return None,
        };
        reached.after = after;
    }
    None
}

/// The member that is read at a token: its name, its token, and the token after it. The brackets of a
/// call are passed.
pub(super) fn member(tokens: &Tokens, at: usize) -> Option<(&str, usize, usize)> {
    if tokens.is(at, "[") {
        let key = tokens.text(at + 1)?;
        return (tokens.after(at + 1) == tokens.mate(at)?).then_some((key, at + 1, tokens.after(at)));
    }
    let mut link = at;
    // `x!.result`, `x?.['result']`
    if tokens.is(link, "!") {
        link += 1;
    }
    if !tokens.is_any(link, &[".", "->", "?.", "?->"]) {
        return None;
    }
    if tokens.is(link + 1, "[") {
        return member(tokens, link + 1);
    }
    let name = tokens.word(link + 1)?;
    if !tokens.is(link + 2, "(") {
        return Some((name, link + 1, link + 2));
    }
    let after = tokens.after(link + 2);
    // `x.get("result")`, `x.get("result", {})`
    if name == "get"
        && let Some(key) = tokens.text(link + 3)
    {
        // Another value in its place may have another shape.
        let other = items(tokens, link + 2).get(1).copied();
        let is_plain = other.is_none_or(|other| is_empty(tokens, other));
        return is_plain.then_some((key, link + 3, after));
    }
    WRAPPERS.contains(&name).then_some((name, link + 1, after))
}

/// Whether a value is empty: `[]`, `{}`, `None`.
fn is_empty(tokens: &Tokens, at: usize) -> bool {
    let is_pair = tokens.opens(at) && tokens.mate(at) == Some(at + 1);
    is_pair
        || matches!(
            tokens.word(at),
            Some("None" | "null" | "undefined" | "False" | "false")
        )
}

/// The name that gets a value, where the chain that begins at `start` is that value, up to `end`. The
/// second is the member of the value that it gets.
pub(super) fn given_to(tokens: &Tokens, start: usize, end: usize) -> Option<(String, Option<String>)> {
    // `with post(...) as name:`
    if tokens.language == Language::Python && tokens.word(end) == Some("as") {
        return Some((tokens.word(end + 1)?.to_owned(), None));
    }
    let mut start = start;
    while let Some(before) = start.checked_sub(1) {
        let is_bracket = tokens.is(before, "(") && callee(tokens, before).is_none();
        if matches!(tokens.word(before), Some("await" | "yield")) || is_bracket || tokens.is(before, "@") {
            start = before;
        } else {
            break;
        }
    }
    let sign = start
        .checked_sub(1)
        .filter(|at| tokens.is_any(*at, &["=", ":="]))?;
    if !ends(tokens, end) {
        return None;
    }
    let before = sign.checked_sub(1)?;
    if tokens.is(before, "}") {
        // `const { result } = ...`, `const { data: reply } = ...`
        let open = tokens.mate(before)?;
        let part = |item: &usize| matches!(tokens.word(*item), Some("result" | "data"));
        let item = items(tokens, open).into_iter().find(part)?;
        let part = tokens.word(item)?;
        let name = match tokens.is(item + 1, ":") {
            true => tokens.word(item + 2)?,
            false => part,
        };
        return Some((name.to_owned(), Some(part.to_owned())));
    }
    // `name: Type = ...`
    let mut at = before;
    for _ in 0..12 {
        if tokens.is(at, ":") {
            return Some((tokens.word(at.checked_sub(1)?)?.to_owned(), None));
        }
        let of_type = tokens.word(at).is_some() || tokens.is_any(at, &["[", "]", "<", ">", ",", ".", "|"]);
        if !of_type || tokens.get(at).is_some_and(|token| token.leads) {
            break;
        }
        at = at.checked_sub(1)?;
    }
    let name = tokens.word(before)?;
    let is_member = before
        .checked_sub(1)
        .is_some_and(|link| tokens.is_any(link, &[".", "->"]));
    (!is_member).then(|| (name.to_owned(), None))
}

/// Whether a value ends here, or an empty one stands for it: `or []`, `|| {}`.
fn ends(tokens: &Tokens, at: usize) -> bool {
    let mut at = at;
    while tokens.is(at, ")") && tokens.mate(at).is_some_and(|open| callee(tokens, open).is_none()) {
        at += 1;
    }
    let is_other = tokens.is_any(at, &["||", "??"]) || tokens.word(at) == Some("or");
    if is_other {
        return is_empty(tokens, at + 1);
    }
    tokens
        .get(at)
        .is_none_or(|token| token.leads && !tokens.is_any(at, &[".", "?.", "->"]))
        || tokens.is_any(at, &[";", ","])
        || tokens.word(at) == Some("as")
}
