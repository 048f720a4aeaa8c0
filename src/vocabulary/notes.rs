//! Finds unknown names in a call.

use serde_json::{Map, Value};

use super::generated::METHODS;
use super::lookup::{Known, look_up};
use super::shown::{cut, quoted};
use super::unknown::UnknownName;
use super::{parameters, suggestion};
use crate::table::Table;
use crate::wire::without_suffix;

/// The note about an unknown method.
pub(crate) fn unknown_method(table: &Table, name: &str) -> UnknownName {
    UnknownName::Method {
        method: cut(&quoted(name)),
        suggestion: suggestion::method(table, without_suffix(name)),
    }
}

/// Notes about unknown parameters of a method, and about text that is not JSON. Empty if there
/// are none, or if the method's parameters are not listed.
pub(crate) fn unknown_parameters(
    table: &Table,
    number: usize,
    name: &str,
    params: &Map<String, Value>,
) -> impl Iterator<Item = UnknownName> {
    let found = METHODS
        .get(number)
        .and_then(|method| parameters::unknown(table, method, params))
        .unwrap_or_default();
    let (parameters, unreadable) = (found.unknown, found.unreadable);
    let unknown = (!parameters.is_empty()).then(|| UnknownName::Parameters {
        method: cut(name),
        parameters,
    });
    let unreadable = (!unreadable.is_empty()).then(|| UnknownName::UnreadableText {
        method: cut(name),
        parameters: unreadable,
    });
    unknown.into_iter().chain(unreadable)
}

/// Finds unknown names in a call: the method, or parameters of a known method.
///
/// Names of the table and of its overlays are known. A method outside of the namespaces of chat
/// bots is not checked.
#[must_use]
pub fn unknown_names(table: &Table, name: &str, params: &Map<String, Value>) -> Vec<UnknownName> {
    match look_up(table, name) {
        Known::Elsewhere | Known::ByTable => Vec::new(),
        Known::Listed(number) => unknown_parameters(table, number, name, params).collect(),
        Known::Unknown => vec![unknown_method(table, name)],
    }
}
