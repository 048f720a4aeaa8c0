//! Functions of the program itself that make a method's name: `v2('Chat.get')` for `imbot.v2.Chat.get`.

use std::collections::{BTreeMap, BTreeSet};

use super::call_sites::{Candidate, Computed, Site, SiteKind, Sites};
use super::context::Context;
use super::expression::declares;
use super::names;
use super::outline::{Outline, is_parameter};
use super::token::Tokens;

/// The functions that make a method's name, with what they put before their argument.
pub(super) type Wrappers = BTreeMap<String, BTreeSet<String>>;

/// What stands before the names of the newer methods. `imbot.` and `im.` alone are too short to be sure of a name that
/// no portal has.
const NEWER: &str = "imbot.v2.";

/// How many functions may pass a name on to each other.
const MAX_STEPS: usize = 3;

/// The functions that compute names in a file.
pub(super) fn of(computed: &[Computed]) -> Wrappers {
    let mut wrappers = Wrappers::new();
    for own in computed {
        if let Some(name) = &own.wrapper {
            let prefixes = wrappers.entry(name.clone()).or_default();
            prefixes.insert(own.prefix.clone());
        }
    }
    wrappers
}

/// Adds the functions that pass their own parameter on to one of these functions. Returns each with the function that it
/// calls.
pub(super) fn widen(tokens: &Tokens, outline: &Outline, wrappers: &mut Wrappers) -> Vec<(String, String)> {
    let mut passed = Vec::new();
    for _ in 0..MAX_STEPS {
        let mut found = Vec::new();
        for (name, prefixes) in &*wrappers {
            for at in outline.places(tokens, name) {
                let Some(given) = tokens.word(at + 2).filter(|_| tokens.is(at + 1, "(")) else {
                    continue;
                };
                if tokens.is_any(at + 3, &[")", ","])
                    && !declares(tokens, at + 1)
                    && let Some(function) = outline.function_of(at)
                    && let Some(around) = function.name.and_then(|name| tokens.word(name))
                    && !wrappers.contains_key(around)
                    && is_parameter(tokens, function, given)
                {
                    found.push((around.to_owned(), prefixes.clone()));
                    passed.push((around.to_owned(), name.clone()));
                }
            }
        }
        if found.is_empty() {
            break;
        }
        for (name, prefixes) in found {
            wrappers.entry(name).or_default().extend(prefixes);
        }
    }
    passed
}

/// The method that a call of a function makes.
pub(super) fn method_of(wrappers: &Wrappers, candidate: &Candidate) -> Option<String> {
    let mut prefixes = wrappers.get(&candidate.callee)?.iter();
    prefixes.find_map(|prefix| names::joined(prefix, &candidate.text))
}

/// Adds the calls of such functions to the sites of a file. Returns the functions that are called, and
/// leaves the candidates that call none.
pub(super) fn join(tokens: &Tokens, sites: &mut Sites, wrappers: &Wrappers) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    let candidates = std::mem::take(&mut sites.candidates);
    // A function that makes known methods makes unknown ones, too.
    let known: BTreeSet<String> = candidates
        .iter()
        .filter(|own| method_of(wrappers, own).is_some())
        .map(|own| own.callee.clone())
        .collect();
    for candidate in candidates {
        let unknown = || {
            let prefix = wrappers
                .get(&candidate.callee)?
                .iter()
                .find(|own| *own == NEWER)?;
            // `Chat.rename`; a whole name is read by itself.
            let is_rest = candidate
                .text
                .starts_with(|first: char| first.is_ascii_uppercase());
            let is_like = is_rest && candidate.text.contains('.') && known.contains(&candidate.callee);
            let name = is_like.then(|| format!("{prefix}{}", candidate.text))?;
            let suggestion = names::suggestion_of(&name)?;
            Some((name, Some(suggestion)))
        };
        let made = method_of(wrappers, &candidate)
            .map(|name| (name, None))
            .or_else(unknown);
        let Some((name, unknown)) = made else {
            sites.candidates.push(candidate);
            continue;
        };
        called.insert(candidate.callee.clone());
        sites.sites.push(Site {
            token: candidate.token,
            start: candidate.token,
            end: tokens.after(candidate.token),
            kind: SiteKind::Method {
                name,
                unknown,
                query: None,
                is_address: false,
                sdk: None,
            },
            context: Context::Argument {
                callee: candidate.callee,
                open: candidate.open,
            },
        });
    }
    sites.sites.sort_by_key(|site| site.token);
    called
}
