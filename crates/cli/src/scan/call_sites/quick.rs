//! Quick tests of a string or a word. Most name nothing.

use super::super::language::Language;
use super::super::token::Tokens;

/// A quick test whether a string may be what a constant is put before: `${V2}.Chat.get`.
pub(super) fn may_be_rest(tokens: &Tokens, at: usize, text: &str) -> bool {
    let plus = if tokens.language == Language::Php {
        "."
    } else {
        "+"
    };
    let is_joined = tokens.is_hole(at + 1) || tokens.before(at).is_some_and(|before| tokens.is(before, plus));
    is_joined && text.len() < 60 && text.contains(|letter: char| letter.is_ascii_alphabetic())
}

/// A quick test whether a string may name anything.
pub(super) fn may_name(text: &str) -> bool {
    has_namespace(text)
        || text.len() > 6 && (text.len() <= 48 || text.contains(',')) && is_like_event(text)
        || text.len() > 6 && text.contains(",ONIM")
}

/// Whether a text has `im.` or `imbot.` in it.
fn has_namespace(text: &str) -> bool {
    let mut dots = text.match_indices('.').filter_map(|(at, _)| text.get(..at));
    dots.any(|before| before.ends_with("im") || before.ends_with("imbot"))
}

fn is_like_event(text: &str) -> bool {
    begins_like_event(text.trim().as_bytes())
}

/// Whether a text begins as the names of events do, in any case of letters.
pub(super) fn begins_like_event(text: &[u8]) -> bool {
    let start = text.first_chunk::<4>();
    start.is_some_and(|start| start.eq_ignore_ascii_case(b"ONIM"))
}
