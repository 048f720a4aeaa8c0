//! Parts of expressions: chains of members, the items of brackets, and a string with all that is added to it.

use super::language::Language;
use super::outline::Outline;
use super::token::{HOLE, Tokens};

/// A string with what is added to it.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) text: String,
    /// The first token of the whole expression, and the token after it.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The text that a name was given, if it was given just one.
pub(super) fn constant<'t>(tokens: &'t Tokens, outline: &Outline, name: &str) -> Option<&'t str> {
    match outline.assignments.get(name)?.as_slice() {
        [value] => tokens.text(*value).filter(|text| !text.contains(HOLE)),
        _ => None,
    }
}

/// The constant that a chain of tokens is: `PREFIX`, `this.prefix`, `self::PREFIX`.
fn constant_at<'t>(tokens: &'t Tokens, outline: &Outline, start: usize, end: usize) -> Option<&'t str> {
    let last = end.checked_sub(1)?;
    let is_own = end == start + 3 && matches!(tokens.word(start), Some("this" | "self" | "$this" | "static"));
    (end == start + 1 || is_own).then(|| constant(tokens, outline, tokens.word(last)?))?
}

/// The text at a token, with the constants in its computed parts.
pub(super) fn filled(tokens: &Tokens, outline: &Outline, at: usize) -> Option<String> {
    let text = tokens.text(at)?;
    if !tokens.is_hole(at + 1) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(HOLE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let mut hole = at + 1;
    for part in parts {
        let end = tokens.mate(hole).filter(|_| tokens.is_hole(hole));
        let value = end.and_then(|end| constant_at(tokens, outline, hole + 1, end));
        match value {
            Some(value) => out.push_str(value),
            None => out.push(HOLE),
        }
        out.push_str(part);
        hole = end.map_or(hole, |end| end + 1);
    }
    Some(out)
}

/// The string at a token, with the strings before and after it that are added to it.
pub(super) fn whole(tokens: &Tokens, outline: &Outline, at: usize) -> Option<Whole> {
    let plus = match tokens.language {
        Language::Php => ".",
        _ => "+",
    };
    let joins = |at: usize| tokens.is(at, plus);
    let mut text = filled(tokens, outline, at)?;
    let (mut start, mut end) = (at, tokens.after(at));
    // Before it: a string, or anything that is computed.
    for _ in 0..8 {
        let Some(sign) = tokens.before(start).filter(|sign| joins(*sign)) else {
            break;
        };
        let Some(before) = tokens.before(sign) else {
            break;
        };
        if let Some(own) = tokens.text(before) {
            text.insert_str(0, own);
            start = before;
        } else {
            start = chain_start(tokens, before);
            match constant_at(tokens, outline, start, before + 1) {
                Some(own) => text.insert_str(0, own),
                None => text.insert(0, HOLE),
            }
        }
    }
    for _ in 0..8 {
        if joins(end) {
            if let Some(own) = tokens.text(end + 1) {
                text.push_str(own);
                end = tokens.after(end + 1);
                continue;
            }
            let from = end + 1;
            end = chain_end(tokens, from);
            match constant_at(tokens, outline, from, end) {
                Some(own) => text.push_str(own),
                None => text.push(HOLE),
            }
            continue;
        }
        // Python joins strings that stand side by side.
        if tokens.language == Language::Python
            && let Some(own) = tokens.text(end)
        {
            text.push_str(own);
            end = tokens.after(end);
            continue;
        }
        // Python: `"..." % x` and `"...".format(x)`.
        if tokens.is(end, "%") && tokens.language == Language::Python {
            end = chain_end(tokens, end + 1);
        }
        break;
    }
    if tokens.is(end, ".")
        && matches!(tokens.word(end + 1), Some("format" | "formatted"))
        && tokens.is(end + 2, "(")
    {
        end = tokens.after(end + 2);
    }
    Some(Whole { text, start, end })
}

/// The first token of a chain such as `a.b(c)->d[e]` that ends here.
pub(super) fn chain_start(tokens: &Tokens, end: usize) -> usize {
    let mut at = end;
    loop {
        if tokens.closes(at)
            && let Some(mate) = tokens.mate(at)
        {
            at = mate;
            // What the bracket belongs to.
            match at.checked_sub(1) {
                Some(before)
                    if tokens.word(before).is_some() || tokens.closes(before) || tokens.is(before, "!") =>
                {
                    at = before;
                    continue;
                }
                _ => {}
            }
        }
        if tokens.is(at, "!") {
            match at.checked_sub(1) {
                Some(before) if tokens.word(before).is_some() => at = before,
                _ => return at,
            }
        }
        let Some(link) = at.checked_sub(1) else {
            return at;
        };
        if tokens.is_any(link, &[".", "->", "::", "?.", "?->"]) && link > 0 {
            at = link - 1;
        } else {
            return at;
        }
    }
}

/// The token after a chain that begins here.
pub(super) fn chain_end(tokens: &Tokens, start: usize) -> usize {
    let mut at = start;
    while matches!(tokens.word(at), Some("await" | "new")) || tokens.is_any(at, &["&", "!", "*"]) {
        at += 1;
    }
    at = tokens.after(at);
    loop {
        if tokens.is_any(at, &[".", "->", "::", "?.", "?->"]) {
            at = tokens.after(at + 1);
        } else if tokens.is(at, "(") || tokens.is(at, "[") || tokens.is(at, "!") && tokens.is(at + 1, "(") {
            at = tokens.after(at);
        } else {
            return at;
        }
    }
}

/// The last name before a bracket, with the first token of its chain: `call` in `this.api.call(`. A
/// macro of Rust keeps its `!`.
pub(super) fn callee(tokens: &Tokens, open: usize) -> Option<(String, usize)> {
    let mut before = open.checked_sub(1)?;
    let is_macro = tokens.is(before, "!") && tokens.language == Language::Rust;
    if is_macro {
        before = before.checked_sub(1)?;
    }
    if tokens.is(before, "?.") {
        before = before.checked_sub(1)?;
    }
    if tokens.is(before, ">") {
        let mut depth = 0_usize;
        for _ in 0..64 {
            match tokens.raw(before) {
                ">" => depth += 1,
                "<" => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = match tokens.mate(before) {
                Some(mate) if mate < before => mate.checked_sub(1)?,
                _ => before.checked_sub(1)?,
            };
            if depth == 0 {
                break;
            }
        }
        if tokens.is(before, "::") {
            before = before.checked_sub(1)?;
        }
    }
    let mut name = tokens.word(before)?.to_owned();
    if is_macro {
        name.push('!');
    }
    Some((name, chain_start(tokens, before)))
}

/// Whether a bracket holds the parameters of a function that is declared there.
pub(super) fn declares(tokens: &Tokens, open: usize) -> bool {
    let Some((_, chain)) = callee(tokens, open).filter(|_| tokens.is(open, "(")) else {
        return false;
    };
    let before = chain.checked_sub(1).and_then(|before| tokens.word(before));
    let is_headed = matches!(before, Some("def" | "function" | "func" | "fn" | "async"));
    let after = tokens.after(open);
    let of_type = tokens.is_any(after, &[":", "->"]);
    let opens_body = |at: usize| tokens.is(at, "{") && tokens.opens(at);
    let has_body = match tokens.language {
        Language::Python => false,
        _ if of_type => (after + 1..after + 12).any(opens_body),
        _ => opens_body(after) || tokens.is(after, "=>"),
    };
    let follows_new = before == Some("new");
    is_headed && before != Some("async") || has_body && !follows_new && !is_in_header(tokens, chain)
}

/// Whether a call stands in a header without brackets: `if call(x) {`.
fn is_in_header(tokens: &Tokens, at: usize) -> bool {
    let mut at = at;
    for _ in 0..24 {
        match at.checked_sub(1) {
            Some(before) if tokens.is_any(before, &[";", "{", "}"]) => return false,
            Some(before) => {
                let heads = ["if", "match", "switch", "while", "for", "return", "await"];
                if tokens.word(before).is_some_and(|word| heads.contains(&word))
                    || tokens.is_any(before, &["=", ":=", "?"])
                {
                    return true;
                }
                at = before;
            }
            None => return false,
        }
    }
    false
}

/// The index of the item of a bracket that a token is in, and all items: the first token of each.
pub(super) fn items(tokens: &Tokens, open: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let Some(end) = tokens.mate(open) else {
        return out;
    };
    let mut at = open + 1;
    let mut is_first = true;
    while at < end && out.len() < 4096 {
        if is_first {
            out.push(at);
            is_first = false;
        }
        if tokens.is(at, ",") || tokens.is(at, ";") {
            is_first = true;
            at += 1;
        } else {
            at = generic_end(tokens, at).unwrap_or_else(|| tokens.after(at));
        }
    }
    out
}

/// The token after `<A, B<C>>`, whose commas separate no items.
fn generic_end(tokens: &Tokens, at: usize) -> Option<usize> {
    let is_typed = matches!(
        tokens.language,
        Language::CSharp | Language::Java | Language::TypeScript | Language::Rust
    );
    let follows_name = at
        .checked_sub(1)
        .is_some_and(|before| tokens.word(before).is_some());
    if !is_typed || !tokens.is(at, "<") || !follows_name {
        return None;
    }
    let mut depth = 1_usize;
    let mut here = at + 1;
    for _ in 0..48 {
        match tokens.raw(here) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "," | "." | "?" | "|" | "&" | "::" => {}
            _ if tokens.word(here).is_some() || tokens.is(here, "[") && tokens.opens(here) => {}
            _ => return None,
        }
        here = tokens.after(here);
        if depth == 0 {
            return Some(here);
        }
    }
    None
}
