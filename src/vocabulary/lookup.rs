//! Looks up methods by name.

use std::sync::LazyLock;

use super::generated::METHODS;
use super::method::Method;
use crate::table::Table;
use crate::table::index::{Names, is_spelled};
use crate::wire::without_suffix;

/// The names of the listed methods. A gate looks each call up here. A binary search took 3,800
/// instructions, more than all else that a plan of a passing call does.
static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new(METHODS.iter().map(|method| method.name)));

/// The result of a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The name is outside of the listed namespaces.
    Elsewhere,
    /// A method of the list, by its number.
    Listed(usize),
    /// A method that only the table names.
    ByTable,
    /// A name in a listed namespace that is no known method.
    Unknown,
}

/// How many methods are listed.
#[cfg_attr(not(feature = "registry"), allow(dead_code, reason = "the live gate's"))]
pub(crate) const fn count() -> usize {
    METHODS.len()
}

/// Looks up a method by its name, in every spelling that portals accept.
pub(crate) fn look_up(table: &Table, name: &str) -> Known {
    if !is_of_bots(name) {
        return Known::Elsewhere;
    }
    let own = without_suffix(name);
    if let Some((number, method)) = listed(own)
        && (method.name == own || is_spelled(method.name, own))
    {
        return Known::Listed(number);
    }
    let is_of_table =
        || table.index().rules(own).is_some() || table.unversioned_methods().any(|method| method == own);
    match is_of_table() {
        true => Known::ByTable,
        false => Known::Unknown,
    }
}

/// Whether a name begins like those of the chat-bot API.
fn is_of_bots(name: &str) -> bool {
    let module = name.split_once('.').map(|(module, _)| module);
    module.is_some_and(|module| module.eq_ignore_ascii_case("imbot") || module.eq_ignore_ascii_case("im"))
}

/// The method with this name, without regard to case.
fn listed(name: &str) -> Option<(usize, &'static Method)> {
    let mut found = NAMES.find(name);
    found.find_map(|number| {
        let method = METHODS.get(number)?;
        method.name.eq_ignore_ascii_case(name).then_some((number, method))
    })
}
