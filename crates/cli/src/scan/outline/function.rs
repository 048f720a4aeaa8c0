//! The name of the function whose body a brace opens.

use super::super::language::Language;
use super::super::token::Tokens;
use super::Function;

/// The token of the name of the function whose body this brace opens. `None` if it opens no function's
/// body; `Some(None)` if the function has no name.
pub(super) fn function_name(tokens: &Tokens, brace: usize) -> Option<Option<usize>> {
    let mut at = brace.checked_sub(1)?;
    if begins_control(tokens, at) {
        return None;
    }
    let is_arrow = tokens.is(at, "=>");
    if is_arrow {
        at = at.checked_sub(1)?;
    }
    // Skips the type of the result.
    for _ in 0..32 {
        if tokens.is(at, ")") {
            let open = tokens.mate(at)?;
            let before = open.checked_sub(1)?;
            // Go: the results are in brackets of their own.
            if tokens.is(before, ")") {
                at = before;
                continue;
            }
            return named(tokens, open, is_arrow);
        }
        if is_arrow && tokens.word(at).is_some() {
            return Some(assigned(tokens, at));
        }
        let of_type = tokens.word(at).is_some()
            || tokens.is_any(
                at,
                &[
                    ":", "->", "?", "<", ">", "|", "&", ".", ",", "*", "[", "]", "::", "<<", "'",
                ],
            )
            || tokens.closes(at) && !tokens.is(at, "}");
        if !of_type
            || matches!(
                tokens.word(at),
                Some(
                    "else"
                        | "try"
                        | "do"
                        | "finally"
                        | "class"
                        | "struct"
                        | "return"
                        | "await"
                        | "yield"
                        | "throw"
                        | "case"
                        | "typeof"
                )
            )
        {
            return None;
        }
        at = at.checked_sub(1)?;
    }
    None
}

/// Whether the header before a brace is that of a loop or a condition. In Go and Rust it has no brackets
/// around it, so its last call looks like a function.
fn begins_control(tokens: &Tokens, last: usize) -> bool {
    if !matches!(tokens.language, Language::Go | Language::Rust) {
        return false;
    }
    let mut at = last;
    for _ in 0..64 {
        if tokens.is_any(at, &["{", "}"]) {
            return false;
        }
        if matches!(
            tokens.word(at),
            Some("if" | "for" | "while" | "switch" | "match" | "select" | "range")
        ) {
            return true;
        }
        let start = tokens.mate(at).filter(|mate| *mate < at).unwrap_or(at);
        match start.checked_sub(1) {
            Some(before) => at = before,
            None => return false,
        }
    }
    false
}

/// The name before the brackets of the parameters.
fn named(tokens: &Tokens, open: usize, is_arrow: bool) -> Option<Option<usize>> {
    if is_arrow {
        return Some(assigned(tokens, open));
    }
    let mut before = open.checked_sub(1)?;
    if tokens.is(before, ">") {
        // Generic parameters.
        let mut depth = 0_usize;
        loop {
            match tokens.raw(before) {
                ">" => depth += 1,
                "<" => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = before.checked_sub(1)?;
            if depth == 0 {
                break;
            }
        }
    }
    match tokens.word(before)? {
        "if" | "for" | "while" | "switch" | "catch" | "match" | "foreach" | "elseif" | "using" | "lock"
        | "with" | "fixed" | "synchronized" | "unless" | "return" => None,
        "function" | "fn" | "func" | "async" | "use" => Some(assigned(tokens, before)),
        _ => Some(Some(before)),
    }
}

/// The name that a function gets: `name = (x) => {`, `name: function (x) {`.
fn assigned(tokens: &Tokens, at: usize) -> Option<usize> {
    let mut before = at.checked_sub(1)?;
    while matches!(tokens.word(before), Some("async" | "function" | "move")) {
        before = before.checked_sub(1)?;
    }
    if !tokens.is_any(before, &["=", ":", ":="]) {
        return None;
    }
    before.checked_sub(1).filter(|name| tokens.word(*name).is_some())
}

/// Whether a function has a parameter of this name. Only the tokens before its body are looked at.
pub(in super::super) fn is_parameter(tokens: &Tokens, function: &Function, name: &str) -> bool {
    let start = function.body.start;
    let mut at = start;
    for _ in 0..64 {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        if tokens.is_any(before, &[";", "}"]) || tokens.word(before) == Some("def") {
            return false;
        }
        if tokens.word(before) == Some(name) {
            return true;
        }
        at = before;
    }
    false
}
