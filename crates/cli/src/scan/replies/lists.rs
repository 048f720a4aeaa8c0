//! Results that are read as lists.

use super::super::language::Language;
use super::super::outline::Outline;
use super::super::token::Tokens;

/// The most places of a loop's item that are looked at.
const MAX_PLACES: usize = 256;

/// Functions of the lists of JavaScript.
const OF_LISTS: [&str; 13] = [
    "map",
    "forEach",
    "filter",
    "find",
    "findIndex",
    "some",
    "every",
    "reduce",
    "flatMap",
    "slice",
    "push",
    "sort",
    "at",
];

/// Whether a result is read as a list: by a function of lists, or in a loop over objects.
pub(super) fn reads_list(tokens: &Tokens, outline: &Outline, start: usize, at: usize) -> bool {
    let is_script = tokens.language.is_script();
    let by_function = tokens.is_any(at, &[".", "?."])
        && tokens.word(at + 1).is_some_and(|name| OF_LISTS.contains(&name))
        && tokens.is(at + 2, "(");
    if is_script && by_function {
        return true;
    }
    let Some(sign) = start.checked_sub(1) else {
        return false;
    };
    if is_script && tokens.word(sign) == Some("of") {
        return tokens.is(at, ")");
    }
    if tokens.language == Language::Php {
        return loops_in_php(tokens, sign, at);
    }
    if tokens.language != Language::Python || tokens.word(sign) != Some("in") {
        return false;
    }
    // `for item in result`: an object gives its names, which have no members.
    let Some(name) = sign.checked_sub(1).and_then(|before| tokens.word(before)) else {
        return false;
    };
    let is_loop = sign
        .checked_sub(2)
        .is_some_and(|before| tokens.word(before) == Some("for"));
    let is_all =
        tokens.is_any(at, &[":", "]", ")", "}"]) || matches!(tokens.word(at), Some("if" | "or" | "for"));
    let range = match tokens.parent(start) {
        Some(open) if !tokens.is(at, ":") => open..tokens.after(open),
        _ => {
            let end = outline
                .function_of(start)
                .map_or(tokens.len(), |own| own.body.end);
            at..end
        }
    };
    let reads_member = |at: usize| {
        let by_get = tokens.is(at + 1, ".") && tokens.word(at + 2) == Some("get");
        by_get || tokens.is(at + 1, "[") && tokens.text(at + 2).is_some()
    };
    let mut places = outline.places_in(tokens, name, range).take(MAX_PLACES);
    is_loop && is_all && places.any(reads_member)
}

/// `foreach ($result as $item)` whose body reads members of the item.
fn loops_in_php(tokens: &Tokens, sign: usize, at: usize) -> bool {
    let is_loop =
        tokens.is(sign, "(") && sign.checked_sub(1).and_then(|before| tokens.word(before)) == Some("foreach");
    // `$result as $key => $item` reads an object by its names.
    let item = (is_loop && tokens.word(at) == Some("as"))
        .then(|| tokens.word(at + 1))
        .flatten();
    let Some(item) = item.filter(|_| tokens.is(at + 2, ")")) else {
        return false;
    };
    let end = super::super::outline::statement_end(tokens, at + 3);
    let end = tokens.mate(at + 3).filter(|mate| *mate > at + 3).unwrap_or(end);
    (at + 3..end)
        .any(|at| tokens.word(at) == Some(item) && tokens.is(at + 1, "[") && tokens.text(at + 2).is_some())
}
