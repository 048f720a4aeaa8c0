//! Functions of the program itself that make a method's name: `v2('Chat.get')` for `imbot.v2.Chat.get`.

use std::collections::{HashMap, HashSet};

use super::analysis::Scanned;
use super::context::Context;
use super::names;
use super::sites::{Site, SiteKind};

/// Adds the calls of such functions to the sites of each file. A computed name whose function is called
/// with a known method counts as analysed.
pub(super) fn join(files: &mut [Scanned]) {
    let mut wrappers: HashMap<String, HashSet<String>> = HashMap::new();
    for computed in files.iter().flat_map(|file| &file.sites.computed) {
        if let Some(name) = &computed.wrapper {
            wrappers
                .entry(name.clone())
                .or_default()
                .insert(computed.prefix.clone());
        }
    }
    let mut called: HashSet<String> = HashSet::new();
    for file in files.iter_mut() {
        let candidates = std::mem::take(&mut file.sites.candidates);
        for candidate in candidates {
            let Some(prefixes) = wrappers.get(&candidate.callee) else {
                continue;
            };
            let Some(name) = prefixes
                .iter()
                .find_map(|prefix| names::joined(prefix, &candidate.text))
            else {
                continue;
            };
            called.insert(candidate.callee.clone());
            file.sites.sites.push(Site {
                token: candidate.token,
                start: candidate.token,
                end: file.tokens.after(candidate.token),
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
        file.sites.sites.sort_by_key(|site| site.token);
    }
    for file in files {
        let is_open = |wrapper: &Option<String>| wrapper.as_ref().is_none_or(|name| !called.contains(name));
        file.sites.computed.retain(|computed| is_open(&computed.wrapper));
    }
}
