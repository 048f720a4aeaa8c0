//! Fallbacks after any error that do not stand in the block itself: it calls a function of the file that
//! makes the older call, or it does nothing and the older call follows.

use std::collections::HashSet;
use std::ops::Range;

use imbot_caps::Table;

use super::super::call_sites::Site;
use super::super::outline::{Block, Outline};
use super::super::token::Tokens;
use super::{WrongPath, is_newer_than, method, tells_apart, tried};

/// Words by which a block leaves what is around it.
const LEAVES: [&str; 9] = [
    "return", "throw", "raise", "continue", "break", "exit", "die", "reject", "abort",
];

/// The most functions that are followed.
const MAX_FUNCTIONS: usize = 12;

/// The fallback of a block that handles an error.
pub(super) fn of(tokens: &Tokens, outline: &Outline, sites: &[Site], block: &Block) -> Option<WrongPath> {
    let body = block.body.clone();
    if tells_apart(tokens, block.header.start, block.header.end) || tells_apart(tokens, body.start, body.end)
    {
        return None;
    }
    let tried = tried(tokens, outline, block)?;
    let newer: Vec<usize> = reached(tokens, outline, sites, tried.clone(), true)
        .into_iter()
        .filter(|at| {
            sites
                .get(*at)
                .and_then(method)
                .is_some_and(|name| name.contains(".v2."))
        })
        .collect();
    if newer.is_empty() {
        return None;
    }
    let by_function = reached(tokens, outline, sites, body.clone(), false);
    pair(sites, &newer, by_function.into_iter())
        .or_else(|| after(tokens, outline, sites, block, &tried, &newer))
}

/// The older call after a block that does nothing about the error.
fn after(
    tokens: &Tokens,
    outline: &Outline,
    sites: &[Site],
    block: &Block,
    tried: &Range<usize>,
    newer: &[usize],
) -> Option<WrongPath> {
    let leaves = |at: usize| tokens.word(at).is_some_and(|word| LEAVES.contains(&word));
    // Only if what was tried leaves, what follows is for its failure alone.
    let returns = |at: usize| tokens.word(at) == Some("return");
    if block.body.clone().any(leaves) || !tried.clone().any(returns) {
        return None;
    }
    let function = outline.function_of(block.start)?.body.clone();
    let rest = block.body.end..function.end;
    let own = sites
        .iter()
        .enumerate()
        .filter(|(_, site)| rest.contains(&site.token));
    let own: Vec<usize> = own.map(|(at, _)| at).collect();
    let path = pair(sites, newer, own.into_iter())?;
    let end = sites.get(path.site)?.start;
    (!tells_apart(tokens, rest.start, end)).then_some(path)
}

/// The first older call that the table has in place of one of the newer ones.
fn pair(sites: &[Site], newer: &[usize], older: impl Iterator<Item = usize>) -> Option<WrongPath> {
    for site in older {
        let name = sites.get(site).and_then(method)?;
        let is_newer = |at: &&usize| {
            let newer = sites.get(**at).and_then(method);
            newer.is_some_and(|newer| replaces(newer, name))
        };
        if let Some(with) = newer.iter().find(is_newer) {
            return Some(WrongPath { site, with: *with });
        }
    }
    None
}

/// Whether an older method does the same as a newer one.
fn replaces(newer: &str, older: &str) -> bool {
    let mut translations = Table::builtin().translations();
    is_newer_than(newer, older)
        && (older.starts_with("im.disk.") || translations.any(|own| own.from() == newer && own.to() == older))
}

/// The sites in the functions of the file that tokens call, and perhaps those among the tokens themselves.
fn reached(
    tokens: &Tokens,
    outline: &Outline,
    sites: &[Site],
    from: Range<usize>,
    with_own: bool,
) -> Vec<usize> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut ranges = vec![(from, with_own)];
    let mut count = 0;
    while let Some((range, counts)) = ranges.pop() {
        count += 1;
        if count > MAX_FUNCTIONS {
            break;
        }
        if counts {
            let inside = sites
                .iter()
                .enumerate()
                .filter(|(_, site)| range.contains(&site.token));
            found.extend(inside.map(|(at, _)| at));
        }
        for at in range {
            if let Some(name) = tokens.word(at).filter(|_| tokens.is(at + 1, "("))
                && let Some(function) = outline.function_named(tokens, name)
                && !function.body.contains(&at)
                && seen.insert(name)
            {
                ranges.push((function.body.clone(), true));
            }
        }
    }
    found.sort_unstable();
    found
}
