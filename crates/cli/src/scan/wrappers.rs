//! Functions of the program itself that make a method's name: `v2('Chat.get')` for `imbot.v2.Chat.get`.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::names;
use super::sites::{Candidate, Computed, Site, SiteKind, Sites};
use super::token::Tokens;

/// The functions that make a method's name, with what they put before their argument.
pub(super) type Wrappers = BTreeMap<String, BTreeSet<String>>;

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
    for candidate in candidates {
        let Some(name) = method_of(wrappers, &candidate) else {
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
                unknown: None,
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
