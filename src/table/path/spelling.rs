//! Spellings of parameters' names.

use serde_json::{Map, Value};

/// A member by its name, or by another spelling. Older methods accept names in any case, and
/// imbot.v2 accepts some as `botToken` and as `BOT_TOKEN`.
pub(crate) fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<(&'m str, &'m Value)> {
    spellings(members, name).next()
}

/// Every spelling of a member that is present, its own name first. If there are two, it is
/// unknown which one a portal reads, so a rule covers all.
pub(crate) fn spellings<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'m str, &'m Value)> {
    let (exact, has_others) = look_up(members, name);
    let others = has_others.then(|| other_spellings(members, name));
    exact.into_iter().chain(others.into_iter().flatten())
}

/// The member of this name, and whether other spellings are present. It scans the names once,
/// which costs no more than a hash.
#[inline]
pub(super) fn look_up<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> (Option<(&'m str, &'m Value)>, bool) {
    let (mut exact, mut has_others) = (None, false);
    for (own, value) in members {
        if !begin_alike(own, name) {
            continue;
        }
        if own == name {
            exact = Some((own.as_str(), value));
        } else if is_spelling(own, name) {
            has_others = true;
        }
    }
    (exact, has_others)
}

pub(super) fn other_spellings<'m>(
    members: &'m Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'m str, &'m Value)> {
    let others = members
        .iter()
        .filter(move |(own, _)| same_name(own, name) && *own != name);
    others.map(|(own, value)| (own.as_str(), value))
}

/// Whether two names are equal without regard to case and underscores.
#[inline]
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    begin_alike(a, b) && (a == b || is_spelling(a, b))
}

/// Whether the first letters allow two names to be equal. It rules out most pairs.
#[inline]
fn begin_alike(a: &str, b: &str) -> bool {
    /// The bit in which upper and lower case differ.
    const CASE: u8 = 0x20;
    let first = |name: &str| name.as_bytes().first().copied().unwrap_or(b'_');
    let (a, b) = (first(a), first(b));
    (a ^ b) & !CASE == 0 || a == b'_' || b == b'_'
}

fn is_spelling(a: &str, b: &str) -> bool {
    plain(a).eq(plain(b))
}

fn plain(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(|byte| *byte != b'_');
    letters.map(|byte| byte.to_ascii_lowercase())
}
