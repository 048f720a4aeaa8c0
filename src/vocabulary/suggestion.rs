//! Suggestions for unknown names.

use super::generated::METHODS;
use super::method::{Method, V2};
use super::paths::{Paths, join};
use crate::table::Table;
use crate::table::index::Rules;
use crate::table::path::{Path, Step, same_name};
use crate::table::translation::Origin;
use crate::word::nearest;

/// Names of the same parameter in other methods.
const OTHER_NAMES: [(&str, &str); 3] = [("limit", "range"), ("text", "message"), ("token", "botToken")];

/// A known method for an unknown name.
pub(super) fn method(table: &Table, name: &str) -> Option<String> {
    let names = || METHODS.iter().map(|own| own.name).chain(table.methods());
    let is_alike = |own: &&str| same_name(own, name);
    let found = names().find(is_alike).or_else(|| {
        let lower = name.to_ascii_lowercase();
        let alike: Vec<(String, &str)> = names().map(|own| (own.to_ascii_lowercase(), own)).collect();
        let near = nearest(&lower, alike.iter().map(|(lower, _)| lower.as_str()))?;
        alike.iter().find(|(lower, _)| lower == near).map(|(_, own)| *own)
    });
    found.map(str::to_owned)
}

/// A known parameter for an unknown path. The listed paths begin at `above`.
pub(super) fn parameter(
    method: &Method,
    rules: Option<&Rules>,
    paths: Paths,
    above: &str,
    path: &str,
) -> Option<String> {
    let name = last(path);
    let parent = parent(path);
    let listed = || paths.iter().map(|own| own.path);
    let near = || listed().filter(|own| self::parent(own) == parent);
    let elsewhere = || listed().filter(|own| self::parent(own) != parent);
    let newer = above.is_empty().then(|| newer(method, rules?, path)).flatten();
    let found = newer
        .or_else(|| nearest_of(name, near(), str::to_owned))
        .or_else(|| alike(name, near()))
        .or_else(|| other_name(name, near()))
        .or_else(|| nearest_of(name, near(), str::to_ascii_lowercase))
        .or_else(|| alike(name, elsewhere()))
        .or_else(|| other_name(name, elsewhere()))
        .or_else(|| nearest_of(name, elsewhere(), str::to_ascii_lowercase));
    found.map(|own| join(above, &own))
}

/// The older name of the credential, and the newer one in all methods of imbot.v2.
const CREDENTIAL: (&str, &str) = ("CLIENT_ID", "botToken");

/// The newer parameter, by the table's translation of the method to an older one.
pub(super) fn newer(method: &Method, rules: &Rules, older: &str) -> Option<String> {
    if !method.name.contains(V2) {
        return None;
    }
    let mut params = rules.translations.iter().flat_map(|own| &own.params);
    let translated = params.find_map(|rule| match &rule.from {
        Origin::Call(from) if text(&rule.to).eq_ignore_ascii_case(older) => Some(text(from)),
        _ => None,
    });
    translated.or_else(|| (older == CREDENTIAL.0).then(|| CREDENTIAL.1.to_owned()))
}

fn text(path: &Path) -> String {
    let names = path.steps().iter().filter_map(|step| match step {
        Step::Member(name) => Some(&**name),
        Step::Each => None,
        Step::Any => Some("<any>"),
    });
    names.collect::<Vec<_>>().join(".")
}

fn alike<'p>(name: &str, mut paths: impl Iterator<Item = &'p str>) -> Option<String> {
    paths.find(|own| same_name(last(own), name)).map(str::to_owned)
}

fn other_name<'p>(name: &str, mut paths: impl Iterator<Item = &'p str>) -> Option<String> {
    let (_, meant) = OTHER_NAMES.iter().find(|(own, _)| same_name(own, name))?;
    paths.find(|own| last(own) == *meant).map(str::to_owned)
}

fn nearest_of<'p>(
    name: &str,
    paths: impl Iterator<Item = &'p str>,
    letters: impl Fn(&str) -> String,
) -> Option<String> {
    let paths: Vec<&str> = paths.collect();
    let names: Vec<String> = paths.iter().map(|own| letters(last(own))).collect();
    let near = nearest(&letters(name), names.iter().map(String::as_str))?;
    let found = names.iter().position(|own| own == near)?;
    paths.get(found).map(|own| (*own).to_owned())
}

fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}
