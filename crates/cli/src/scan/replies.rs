//! Finds replies that are read in a shape that no build gives.
//!
//! Only what is read below `result` is judged: how else a client wraps a reply, the file does not show.

use super::expression::{callee, chain_end};
use super::language::Language;
use super::outline::{Outline, statement_start};
use super::parameters::call_end;
use super::shapes::{self, Shape};
use super::sites::Site;
use super::token::Tokens;

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

/// Functions that make a number of a value.
const TO_NUMBER: [&str; 6] = ["int", "intval", "Number", "parseInt", "float", "floatval"];

/// The most places that read one reply.
const MAX_READS: usize = 256;

/// A reply that is read wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) token: usize,
    pub(super) what: Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The result has no such member.
    NoMember(String),
    /// The result is an object, and is read as a number.
    NoNumber,
    /// The result is an object, and is compared with `true`.
    NotTrue,
    /// The result has no members.
    NoObject,
}

/// The wrong reads of the reply of a call.
pub(super) fn misreads(tokens: &Tokens, outline: &Outline, site: &Site, method: &str) -> Vec<Misread> {
    let Some(shape) = shapes::of(method) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let end = call_end(tokens, site);
    // `call(...)['result']['id']`
    found.extend(read_at(tokens, end, method, shape, false));
    let Some((name, from)) = assigned(tokens, site, end) else {
        return found;
    };
    let until = outline
        .function_of(site.token)
        .map_or(tokens.len(), |own| own.body.end);
    let places = outline.places(tokens, &name);
    for at in places
        .into_iter()
        .filter(|at| (from..until).contains(at))
        .take(MAX_READS)
    {
        let before = at.checked_sub(1);
        if before.is_some_and(|before| tokens.is_any(before, &[".", "->", "?."])) {
            continue;
        }
        // It gets another value.
        if tokens.is_any(at + 1, &["=", ":="]) {
            break;
        }
        found.extend(read_at(tokens, at + 1, method, shape, false));
    }
    found.dedup_by_key(|own| tokens.line(own.token));
    found.truncate(4);
    found
}

/// The name that gets the reply, and the token from which it is known.
fn assigned(tokens: &Tokens, site: &Site, end: usize) -> Option<(String, usize)> {
    let open = tokens.parent(site.start)?;
    let (_, chain) = match tokens.is(open, "(") {
        true => callee(tokens, open)?,
        // `make({ method: '...' })`
        false => {
            let outer = tokens.parent(open).filter(|outer| tokens.is(*outer, "("))?;
            callee(tokens, outer)?
        }
    };
    let mut start = chain;
    while let Some(before) = start.checked_sub(1) {
        if matches!(tokens.word(before), Some("await" | "yield")) || tokens.is_any(before, &["(", "@"]) {
            start = before;
        } else {
            break;
        }
    }
    let sign = start
        .checked_sub(1)
        .filter(|at| tokens.is_any(*at, &["=", ":="]))?;
    let name = tokens.word(sign.checked_sub(1)?)?.to_owned();
    // A reply that is read at once is another value: `x = call(...)['result']`.
    let open = if tokens.is(open, "(") {
        open
    } else {
        tokens.parent(open)?
    };
    let after = tokens.after(open);
    let is_read = tokens.is_any(after, &["[", ".", "->", "?.", "?->"]);
    (!is_read && statement_start(tokens, sign) <= sign).then_some((name, end))
}

/// A wrong read that begins after a reply.
fn read_at(tokens: &Tokens, from: usize, method: &str, shape: Shape, in_result: bool) -> Option<Misread> {
    let mut at = from;
    let mut in_result = in_result;
    for _ in 0..12 {
        if tokens.is(at, ")") && !in_result {
            // `(await call(...)).result`
            let closes_only = tokens.mate(at).is_some_and(|open| callee(tokens, open).is_none());
            if !closes_only {
                return None;
            }
            at += 1;
            continue;
        }
        let Some((name, token, after)) = member(tokens, at) else {
            return if in_result {
                ended(tokens, at, from, shape)
            } else {
                None
            };
        };
        if in_result {
            return judged(tokens, name, token, after, method, shape);
        }
        match name {
            "result" => in_result = true,
            _ if WRAPPERS.contains(&name) => {}
            _ => return None,
        }
        at = after;
    }
    None
}

/// The member that is read at a token: its name, its token, and the token after it. The brackets of a
/// call are passed.
fn member(tokens: &Tokens, at: usize) -> Option<(&str, usize, usize)> {
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
        return Some((key, link + 3, after));
    }
    WRAPPERS.contains(&name).then_some((name, link + 1, after))
}

fn judged(
    tokens: &Tokens,
    name: &str,
    token: usize,
    after: usize,
    method: &str,
    shape: Shape,
) -> Option<Misread> {
    // A function of the language, such as `length` or `map`.
    let is_function = tokens.is(after, "(") || matches!(name, "length" | "size" | "toString");
    let is_written = tokens.is(after, "=");
    if is_function || is_written || name.parse::<u64>().is_ok() {
        return None;
    }
    match shape {
        Shape::Object(members) if !members.is_empty() && !shapes::has(method, shape, name) => Some(Misread {
            token,
            what: Wrong::NoMember(name.to_owned()),
        }),
        Shape::Integer | Shape::Boolean => Some(Misread {
            token,
            what: Wrong::NoObject,
        }),
        _ => None,
    }
}

/// Nothing more is read below `result`: the result itself is used.
fn ended(tokens: &Tokens, at: usize, from: usize, shape: Shape) -> Option<Misread> {
    let Shape::Object(_) = shape else {
        return None;
    };
    let token = at.checked_sub(1)?;
    let is_equal = tokens.is_any(at, &["===", "=="]) || tokens.word(at) == Some("is");
    let is_true = matches!(tokens.word(at + 1), Some("true" | "True" | "TRUE"));
    if is_equal && is_true {
        let what = Wrong::NotTrue;
        return Some(Misread { token, what });
    }
    // `int(x["result"])`
    let name = from.checked_sub(1)?;
    let open = name
        .checked_sub(1)
        .filter(|open| tokens.is(*open, "(") && tokens.mate(*open) == Some(at))?;
    let is_number = callee(tokens, open).is_some_and(|(called, _)| TO_NUMBER.contains(&called.as_str()));
    is_number.then_some(Misread {
        token,
        what: Wrong::NoNumber,
    })
}

/// Whether a cast of PHP makes a number of what follows: `(int)$x['result']`.
pub(super) fn casts(tokens: &Tokens, outline: &Outline, site: &Site, method: &str) -> Option<Misread> {
    if tokens.language != Language::Php || !matches!(shapes::of(method), Some(Shape::Object(_))) {
        return None;
    }
    let end = call_end(tokens, site);
    let (name, from) = assigned(tokens, site, end)?;
    let until = outline
        .function_of(site.token)
        .map_or(tokens.len(), |own| own.body.end);
    (from..until).take(20_000).find_map(|at| {
        let is_cast = tokens.is(at, "(") && tokens.word(at + 1) == Some("int") && tokens.is(at + 2, ")");
        let is_read = tokens.word(at + 3) == Some(name.as_str()) && tokens.text(at + 5) == Some("result");
        let is_all = chain_end(tokens, at + 3) == at + 7;
        (is_cast && is_read && is_all).then_some(Misread {
            token: at + 5,
            what: Wrong::NoNumber,
        })
    })
}
