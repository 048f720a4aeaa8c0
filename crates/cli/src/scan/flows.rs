//! Finds wrong paths between the generations of the API: a fallback to the older one after any error,
//! and events of one generation that calls of the other answer.

mod detours;

use std::collections::HashSet;
use std::ops::Range;

use super::call_sites::{Site, SiteKind};
use super::names::{Generation, event_generation, generation};
use super::outline::{Block, BlockKind, Outline};
use super::token::Tokens;

/// The codes and names that show that a method is absent.
const ABSENT: [&str; 12] = [
    "method_not_found",
    "methodnotfound",
    "not_found",
    "notfound",
    "22002",
    "2210204",
    "2210205",
    "isunsupported",
    "unsupported",
    "method not found",
    "ismissing",
    "404",
];

/// Methods that answer a person.
const ANSWERS: [&str; 8] = [
    "imbot.v2.Chat.Message.send",
    "imbot.v2.Command.answer",
    "imbot.v2.Chat.InputAction.notify",
    "imbot.v2.File.upload",
    "imbot.message.add",
    "imbot.command.answer",
    "imbot.chat.sendTyping",
    "imbot.message.update",
];

/// The most events of one file that are followed to their answers.
const MAX_HANDLERS: usize = 256;

/// A call that is wrong where it stands, by its number in the list of sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WrongPath {
    pub(super) site: usize,
    /// The site that it goes wrong with.
    pub(super) with: usize,
}

/// The method that a site calls.
fn method(site: &Site) -> Option<&str> {
    match &site.kind {
        SiteKind::Method { name, .. } => Some(name),
        SiteKind::Event(_) => None,
    }
}

fn event(site: &Site) -> Option<&str> {
    match &site.kind {
        SiteKind::Event(name) => Some(name),
        SiteKind::Method { .. } => None,
    }
}

/// The calls of the older API that follow any error of the newer one.
pub(super) fn fallbacks(tokens: &Tokens, outline: &Outline, sites: &[Site]) -> Vec<WrongPath> {
    let mut found = Vec::new();
    for (at, site) in sites.iter().enumerate() {
        if !method(site).is_some_and(is_older) {
            continue;
        }
        let mut before = false;
        for block in outline.blocks_of(site.token) {
            // Something in between tells the errors apart.
            before |= tells_apart(tokens, block.header.start, block.header.end);
            before |= tells_apart(tokens, block.body.start, site.start.max(block.body.start));
            if before {
                break;
            }
            if let Some(with) = newer_before(tokens, outline, sites, site, block) {
                found.push(WrongPath { site: at, with });
                break;
            }
        }
    }
    let has = |part: fn(&str) -> bool| sites.iter().filter_map(method).any(part);
    if !has(|name| name.contains(".v2.")) || !has(is_older) {
        return found;
    }
    for block in &outline.blocks {
        let path = (block.kind == BlockKind::Catch)
            .then(|| detours::of(tokens, outline, sites, block))
            .flatten();
        found.extend(path.filter(|path| !found.iter().any(|own: &WrongPath| own.site == path.site)));
    }
    found
}

/// Whether a method is one that a newer one replaces.
fn is_older(name: &str) -> bool {
    generation(name) == Generation::Older || name.starts_with("im.disk.")
}

/// Whether a method is the newer one in place of another.
fn is_newer_than(newer: &str, older: &str) -> bool {
    match generation(older) {
        Generation::Older => generation(newer) == Generation::Newer,
        _ => newer.starts_with("im.v2.File.") && older.starts_with("im.disk."),
    }
}

/// The newer call whose failure a block handles.
fn newer_before(
    tokens: &Tokens,
    outline: &Outline,
    sites: &[Site],
    site: &Site,
    block: &Block,
) -> Option<usize> {
    let tried = match block.kind {
        BlockKind::Catch => tried(tokens, outline, block)?,
        BlockKind::If if names_error(tokens, block) => {
            let function = outline.function_of(site.token).map_or(0, |own| own.body.start);
            function..block.body.start
        }
        _ => return None,
    };
    let older = method(site)?;
    let newer = |own: &Site| method(own).is_some_and(|name| is_newer_than(name, older));
    sites
        .iter()
        .rposition(|own| newer(own) && tried.contains(&own.token))
}

/// The tokens whose failure a block handles.
fn tried(tokens: &Tokens, outline: &Outline, block: &Block) -> Option<Range<usize>> {
    // `promise.catch(...)`
    if block.header.is_empty() && tokens.word(block.start) == Some("catch") && is_method(tokens, block) {
        return Some(super::outline::statement_start(tokens, block.start)..block.start);
    }
    let tried = outline
        .blocks
        .iter()
        .filter(|own| own.kind == BlockKind::Try && own.body.end <= block.start)
        .max_by_key(|own| own.body.end)?;
    Some(tried.body.clone())
}

fn is_method(tokens: &Tokens, block: &Block) -> bool {
    block
        .start
        .checked_sub(1)
        .is_some_and(|before| tokens.is_any(before, &[".", "?."]))
}

/// Whether a condition asks for an error.
fn names_error(tokens: &Tokens, block: &Block) -> bool {
    let header = block.header.clone();
    let mut words = header.filter_map(|at| tokens.word(at).or_else(|| tokens.text(at)));
    words.any(|word| {
        let small = word.trim_start_matches('$').to_ascii_lowercase();
        small == "err" || small.contains("error") || small.contains("fail") || small.contains("exception")
    })
}

/// Whether tokens ask which error it was.
fn tells_apart(tokens: &Tokens, from: usize, to: usize) -> bool {
    (from..to).any(|at| {
        let name = tokens
            .text(at)
            .or_else(|| tokens.word(at))
            .or_else(|| tokens.number(at));
        name.is_some_and(|name| {
            let small = name.to_ascii_lowercase();
            // A line of the log names no code.
            small.len() < 60 && ABSENT.iter().any(|own| small.contains(own))
        })
    })
}

/// The calls of one generation that answer events of the other.
pub(super) fn mixed(tokens: &Tokens, outline: &Outline, sites: &[Site]) -> Vec<WrongPath> {
    let mut found: Vec<WrongPath> = Vec::new();
    let handlers: Vec<(usize, Generation)> = sites
        .iter()
        .enumerate()
        .filter_map(|(at, site)| Some((at, event_generation(event(site)?))))
        .filter(|(_, generation)| *generation != Generation::Neither)
        .take(MAX_HANDLERS)
        .collect();
    for (handler, of_event) in &handlers {
        let Some(site) = sites.get(*handler) else {
            continue;
        };
        let mut seen = HashSet::new();
        let mut ranges: Vec<Range<usize>> = handled(tokens, outline, site).into_iter().collect();
        let mut depth = 0;
        while let Some(range) = ranges.pop() {
            depth += 1;
            if depth > 24 {
                break;
            }
            for (at, other) in sites.iter().enumerate() {
                let Some(name) = method(other).filter(|_| range.contains(&other.token)) else {
                    continue;
                };
                let of_call = generation(name);
                if ANSWERS.contains(&name)
                    && of_call != *of_event
                    && !is_for_other(outline, &handlers, sites, at, of_call)
                {
                    found.push(WrongPath {
                        site: at,
                        with: *handler,
                    });
                }
            }
            // The functions of the file that are called there.
            for at in range {
                if let Some(name) = tokens.word(at)
                    && seen.insert(name)
                    && let Some(function) = outline.function_named(tokens, name)
                    && !function.body.contains(&at)
                {
                    ranges.push(function.body.clone());
                }
            }
        }
    }
    found.sort();
    found.dedup_by_key(|own| own.site);
    found
}

/// Whether a block around a call handles an event of the call's own generation, too.
fn is_for_other(
    outline: &Outline,
    handlers: &[(usize, Generation)],
    sites: &[Site],
    call: usize,
    of_call: Generation,
) -> bool {
    let Some(site) = sites.get(call) else {
        return false;
    };
    outline.blocks_of(site.token).into_iter().any(|block| {
        handlers.iter().any(|(at, generation)| {
            *generation == of_call
                && sites
                    .get(*at)
                    .is_some_and(|own| block.header.contains(&own.token))
        })
    })
}

/// The tokens that run when an event comes.
fn handled(tokens: &Tokens, outline: &Outline, site: &Site) -> Option<Range<usize>> {
    let token = site.token;
    // `if (event == 'NAME') {...}`
    let condition = outline.blocks.iter().find(|block| block.header.contains(&token));
    if let Some(block) = condition {
        let is_negated = site.start.checked_sub(1).is_some_and(|before| {
            tokens.is_any(before, &["!=", "!=="]) || tokens.word(before) == Some("not")
        });
        // `if (event != 'NAME') return;`: what follows is for it.
        if is_negated {
            let end = outline
                .function_of(token)
                .map_or(tokens.len(), |own| own.body.end);
            return Some(block.body.end..end);
        }
        return Some(block.body.clone());
    }
    // `case 'NAME': ...`
    let mut at = token;
    let mut steps = 0;
    while let Some(before) = at.checked_sub(1).filter(|_| steps < 16) {
        if tokens.word(before) == Some("case") {
            return Some(case_body(tokens, site.end));
        }
        at = before;
        steps += 1;
        if !tokens.is(before, ",") && tokens.text(before).is_none() {
            break;
        }
    }
    // `NAME: handler` and `"NAME" => {...}`
    if tokens.is_any(site.end, &[":", "=>"]) {
        let mut end = site.end + 1;
        while tokens.get(end).is_some() && !tokens.is(end, ",") && !tokens.closes(end) {
            end = tokens.after(end);
        }
        return Some(site.end + 1..end);
    }
    None
}

/// The tokens from a `case` to the next one that is not empty, or to the end of the block.
fn case_body(tokens: &Tokens, from: usize) -> Range<usize> {
    let mut start = from;
    while tokens.is_any(start, &[":", ","])
        || tokens.text(start).is_some()
        || tokens.word(start) == Some("case")
    {
        start += 1;
    }
    let mut end = start;
    while tokens.get(end).is_some() && !tokens.closes(end) {
        if matches!(tokens.word(end), Some("case" | "default" | "break")) {
            break;
        }
        end = tokens.after(end);
    }
    start..end
}
