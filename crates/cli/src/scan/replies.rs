//! Finds replies that are read in a shape that no build gives.
//!
//! Only what is read below `result` is judged: how else a client wraps a reply, the file does not show.

mod chain;
mod gives;
mod lists;

use std::collections::BTreeSet;

pub(super) use self::chain::Level;
use self::chain::{follow, given_to, member};
pub(super) use self::gives::gives;
use self::lists::reads_list;
use super::call_sites::{Site, SiteKind};
use super::callees::is_method_key;
use super::context::Context;
use super::expression::{callee, chain_end, chain_start};
use super::language::Language;
use super::outline::{Outline, statement_end, statement_start};
use super::shapes::{self, Shape};
use super::token::Tokens;

/// Functions that make a number of a value.
const TO_NUMBER: [&str; 6] = ["int", "intval", "Number", "parseInt", "float", "floatval"];

/// Functions that ask for the shape of a value, or read an object as one.
const ASK_SHAPE: [&str; 10] = [
    "isArray",
    "isinstance",
    "type",
    "is_array",
    "values",
    "entries",
    "keys",
    "items",
    "array_values",
    "is_object",
];

/// Members that tell of an error, which some clients put beside the result.
const OF_ERRORS: [&str; 3] = ["error", "error_description", "errors"];

/// The most places that read one reply.
const MAX_READS: usize = 256;

/// The most names that one reply is followed to.
const MAX_NAMES: usize = 8;

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
    /// The result is an object, and is read as a list.
    NoList,
}

/// A place that reads a reply.
#[derive(Clone, Copy, Debug)]
struct Read {
    /// The first token of the chain, and the token after its name.
    start: usize,
    after: usize,
    level: Level,
}

/// A call whose reply is judged.
pub(super) struct Call<'c> {
    pub(super) site: &'c Site,
    pub(super) method: &'c str,
    /// What the function of the call gives, as far as the file shows it.
    pub(super) gives: Level,
}

/// The wrong reads of the reply of a call.
pub(super) fn misreads(tokens: &Tokens, outline: &Outline, call: &Call<'_>) -> Vec<Misread> {
    let Some(shape) = shapes::of(call.method) else {
        return Vec::new();
    };
    let reads = reads(tokens, outline, call.site, call.gives);
    // A program that asks for the shape reads each.
    let asks = reads.iter().any(|read| asks_shape(tokens, read));
    // `reply.messages || reply.Messages` reads the right member, too.
    let right: BTreeSet<usize> = reads
        .iter()
        .filter(|read| reads_member(tokens, call.method, shape, read))
        .map(|read| statement_start(tokens, read.start))
        .collect();
    let is_right = |read: &Read, own: &Misread| {
        is_alternative(tokens, read, own) && right.contains(&statement_start(tokens, read.start))
    };
    let mut found: Vec<Misread> = reads
        .iter()
        .filter_map(|read| Some((read, judged(tokens, outline, call.method, shape, read)?)))
        .filter(|(read, own)| match &own.what {
            Wrong::NoMember(name) => !(is_right(read, own) || asks && name == "result"),
            _ => !asks,
        })
        .map(|(_, own)| own)
        .collect();
    found.sort_by_key(|own| own.token);
    found.dedup_by_key(|own| tokens.line(own.token));
    found.truncate(4);
    found
}

/// Whether a wrong read is one of several: `a || b`.
fn is_alternative(tokens: &Tokens, read: &Read, own: &Misread) -> bool {
    let joins = |at: usize| {
        tokens.is_any(at, &["||", "??", "?", ":"]) || matches!(tokens.word(at), Some("or" | "else" | "if"))
    };
    let mut after = tokens.after(own.token);
    while tokens.closes(after)
        && tokens.is_any(after, &["]", ")"])
        && tokens.mate(after).is_some_and(|open| open >= read.start)
    {
        after += 1;
    }
    joins(after) || read.start.checked_sub(1).is_some_and(joins)
}

/// Whether a place reads a member that the result has.
fn reads_member(tokens: &Tokens, method: &str, shape: Shape, read: &Read) -> bool {
    let reached = follow(tokens, read.after, read.level).filter(|reached| reached.level.is_result());
    let member = reached.and_then(|reached| member(tokens, reached.after));
    member.is_some_and(|(name, _, _)| shapes::has(method, shape, name))
}

/// Whether a reply of another method shows that its function gives the whole body: it reads a `result`
/// that the result of the method has not.
pub(super) fn shows_body(tokens: &Tokens, outline: &Outline, site: &Site, method: &str) -> bool {
    let has_result = match shapes::of(method) {
        None => true,
        Some(shape) => shapes::has(method, shape, "result"),
    };
    let reads_result = |read: &Read| {
        let reached = follow(tokens, read.after, read.level);
        read.level == Level::Reply && reached.is_some_and(|reached| reached.level.is_result())
    };
    !has_result
        && reads(tokens, outline, site, Level::Reply)
            .iter()
            .any(reads_result)
}

/// The places that read the reply of a call, through all names that get it or its result.
fn reads(tokens: &Tokens, outline: &Outline, site: &Site, level: Level) -> Vec<Read> {
    let Some((start, end)) = call_of(tokens, site) else {
        return Vec::new();
    };
    let is_address = matches!(&site.kind, SiteKind::Method { is_address: true, .. });
    let mut found = vec![Read {
        start,
        after: end,
        level: if is_address { Level::Body } else { level },
    }];
    let until = outline
        .function_of(site.token)
        .map_or(tokens.len(), |own| own.body.end);
    let mut names: Vec<(String, usize, Level)> = Vec::new();
    let mut next = 0;
    loop {
        for read in found.get(next..).unwrap_or_default() {
            let Some(reached) = follow(tokens, read.after, read.level) else {
                continue;
            };
            if names.len() < MAX_NAMES
                && let Some((name, part)) = given_to(tokens, read.start, reached.after)
            {
                let level = match (part.as_deref(), reached.level) {
                    (Some(_), Level::Result { .. }) => continue,
                    (Some("data"), _) => Level::Body,
                    (Some(_), level) => Level::Result {
                        of_body: level == Level::Body,
                    },
                    (None, level) => level,
                };
                names.push((name, reached.after, level));
            }
        }
        next = found.len();
        let Some((name, from, level)) = names.pop() else {
            return found;
        };
        places(tokens, outline, &name, from..until, level, &mut found);
    }
}

/// The places of a name until it gets another value, at most [`MAX_READS`] in all.
fn places(
    tokens: &Tokens,
    outline: &Outline,
    name: &str,
    range: std::ops::Range<usize>,
    level: Level,
    found: &mut Vec<Read>,
) {
    let mut until = range.end;
    for at in outline.places_in(tokens, name, range) {
        if at >= until || found.len() >= MAX_READS {
            break;
        }
        let before = at.checked_sub(1);
        if before.is_some_and(|before| tokens.is_any(before, &[".", "->", "?."])) {
            continue;
        }
        // It gets another value, which may be a part of this one.
        if tokens.is_any(at + 1, &["=", ":="]) && !in_call(tokens, at) {
            until = until.min(statement_end(tokens, at));
            continue;
        }
        let start = at;
        found.push(Read {
            start,
            after: at + 1,
            level,
        });
    }
}

/// Whether a name before `=` is that of an argument.
fn in_call(tokens: &Tokens, at: usize) -> bool {
    tokens
        .parent(at)
        .is_some_and(|open| tokens.is(open, "(") && callee(tokens, open).is_some())
}

/// The first token of the call of a site, and the token after it. `None` if its reply is one of several.
fn call_of(tokens: &Tokens, site: &Site) -> Option<(usize, usize)> {
    if let SiteKind::Method { sdk: Some(_), .. } = &site.kind {
        return Some((site.start, site.end));
    }
    let open = match &site.context {
        Context::Argument { open, .. } => *open,
        // `make({ method: '...' })`
        Context::Value { key } if is_method_key(key) => {
            let open = tokens.parent(site.start)?;
            match tokens.is(open, "(") {
                true => open,
                false => tokens.parent(open)?,
            }
        }
        _ => return None,
    };
    let (name, start) = callee(tokens, open).filter(|_| tokens.is(open, "("))?;
    let is_batch = name.to_ascii_lowercase().contains("batch");
    (!is_batch).then(|| (start, tokens.after(open)))
}

/// Whether a place asks for the shape of the result.
fn asks_shape(tokens: &Tokens, read: &Read) -> bool {
    let Some(reached) = follow(tokens, read.after, read.level) else {
        return false;
    };
    let asks = |name: Option<&str>| name.is_some_and(|name| ASK_SHAPE.contains(&name));
    let is_called = |at: usize| tokens.is(at, "(");
    let by_member = tokens.is_any(reached.after, &[".", "?."])
        && asks(tokens.word(reached.after + 1))
        && is_called(reached.after + 2);
    let before = read.start.checked_sub(1);
    let by_function = before.is_some_and(|open| {
        is_called(open) && callee(tokens, open).is_some_and(|(name, _)| asks(Some(&name)))
    });
    let by_word = before.is_some_and(|before| matches!(tokens.word(before), Some("typeof")));
    reached.level.is_result() && (by_member || by_function || by_word)
}

/// What is wrong with a read.
fn judged(tokens: &Tokens, outline: &Outline, method: &str, shape: Shape, read: &Read) -> Option<Misread> {
    let reached = follow(tokens, read.after, read.level)?;
    let Level::Result { of_body } = reached.level else {
        return None;
    };
    let at = reached.after;
    let is_object = matches!(shape, Shape::Object(_) | Shape::ById);
    // A loop of PHP goes over values: of an object by id, or of one with a few parts.
    let is_small = matches!(shape, Shape::ById | Shape::Object([] | [_] | [_, _]));
    let is_looped = is_object && !(tokens.language == Language::Php && is_small);
    let no_list = |token: usize| {
        Some(Misread {
            token,
            what: Wrong::NoList,
        })
    };
    if is_looped && reads_list(tokens, outline, read.start, at) {
        return no_list(at.checked_sub(1)?);
    }
    let Some((name, token, after)) = member(tokens, at) else {
        let is_number = tokens.is(at, "[") && tokens.number(at + 1).is_some() && tokens.is(at + 2, "]");
        if is_object && is_number {
            return no_list(at + 1);
        }
        // The result may be what the function gives: then `result` is its member.
        let is_sure = of_body || !shapes::has(method, shape, "result");
        return ended(tokens, at, read, shape, is_sure);
    };
    // A function of the language, such as `length` or `toString`.
    let is_function = tokens.is(after, "(") && tokens.word(token).is_some_and(|word| word == name)
        || matches!(name, "length" | "size" | "toString");
    let is_written = tokens.is(after, "=");
    if is_function || is_written || name.parse::<u64>().is_ok() || OF_ERRORS.contains(&name) {
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
fn ended(tokens: &Tokens, at: usize, read: &Read, shape: Shape, is_sure: bool) -> Option<Misread> {
    let Shape::Object(_) = shape else {
        return None;
    };
    let token = at.checked_sub(1)?;
    let mut value = at + 1;
    let mut is_equal = tokens.is_any(at, &["===", "==", "!==", "!="]);
    if tokens.word(at) == Some("is") {
        is_equal = true;
        value += usize::from(tokens.word(value) == Some("not"));
    }
    let is_true = matches!(tokens.word(value), Some("true" | "True" | "TRUE"));
    if is_equal && is_true && is_sure {
        let what = Wrong::NotTrue;
        return Some(Misread { token, what });
    }
    // `int(x["result"])`
    let open = read
        .start
        .checked_sub(1)
        .filter(|open| tokens.is(*open, "(") && tokens.mate(*open) == Some(at))?;
    let is_number = callee(tokens, open).is_some_and(|(called, _)| TO_NUMBER.contains(&called.as_str()));
    is_number.then_some(Misread {
        token,
        what: Wrong::NoNumber,
    })
}

/// Whether a cast of PHP makes a number of what follows: `(int)$x['result']`.
pub(super) fn casts(tokens: &Tokens, outline: &Outline, call: &Call<'_>) -> Option<Misread> {
    if tokens.language != Language::Php || !matches!(shapes::of(call.method), Some(Shape::Object(_))) {
        return None;
    }
    let found = reads(tokens, outline, call.site, call.gives);
    found.iter().find_map(|read| {
        let cast = read.start.checked_sub(3)?;
        let is_cast =
            tokens.is(cast, "(") && tokens.word(cast + 1) == Some("int") && tokens.is(cast + 2, ")");
        let reached = follow(tokens, read.after, read.level).filter(|reached| reached.level.is_result())?;
        let is_all = chain_end(tokens, chain_start(tokens, read.start)) == reached.after;
        (is_cast && is_all).then_some(Misread {
            token: reached.after.checked_sub(2)?,
            what: Wrong::NoNumber,
        })
    })
}
