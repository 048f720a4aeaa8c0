//! Strings that are types of TypeScript.

use super::super::language::Language;
use super::super::outline::statement_start;
use super::super::token::Tokens;

/// Whether a string is a type of TypeScript: `'a' | 'b'`, `event: 'a'` of an interface.
pub(super) fn is_type(tokens: &Tokens, start: usize, end: usize) -> bool {
    if tokens.language != Language::TypeScript {
        return false;
    }
    let before = start.checked_sub(1);
    let previous = |mark: &str| before.is_some_and(|before| tokens.is(before, mark));
    if previous("|") || tokens.is(end, "|") || previous("<") || tokens.is(end, ">") {
        return true;
    }
    let statement = statement_start(tokens, start);
    let word = |at: usize| tokens.word(at);
    if word(statement) == Some("type")
        || word(statement) == Some("export") && word(statement + 1) == Some("type")
    {
        return true;
    }
    // A member of an interface ends with `;` or its line.
    let in_block = tokens.parent(start).is_some_and(|open| {
        let mut at = open;
        let mut is_interface = false;
        for _ in 0..16 {
            match at.checked_sub(1) {
                Some(before)
                    if tokens.word(before) == Some("interface")
                        || tokens.word(before) == Some("type") && tokens.word(before + 1).is_some() =>
                {
                    is_interface = true;
                    break;
                }
                Some(before)
                    if tokens.word(before).is_some()
                        || tokens.is_any(before, &["<", ">", ",", "=", "&", "|"]) =>
                {
                    at = before;
                }
                _ => break,
            }
        }
        tokens.is(open, "{") && is_interface
    });
    in_block && previous(":")
}
