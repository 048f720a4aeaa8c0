//! Rules about translations.

use super::context::Lint;
use crate::table::translation::alternatives;

pub(super) fn unknown_translation(lint: &Lint<'_>) {
    for located in &lint.document.translations {
        let translation = &located.item;
        for (key, method) in [("from", &translation.from), ("to", &translation.to)] {
            if !lint.knows_method(method) {
                lint.reader.complain(
                    &located.span(key),
                    Some(&translation.from),
                    "unknown-method",
                    format!("no row is about the method `{method}`"),
                    "correct its spelling (case counts), add a row with its name as the id, or list it in `unversioned_methods`",
                );
            }
        }
    }
}

/// A required parameter must also be translated. Otherwise a call with it would be refused
/// because of that parameter.
pub(super) fn unnamed_requirement(lint: &Lint<'_>) {
    for located in &lint.document.translations {
        let translation = &located.item;
        let named = || {
            let params = translation.params().filter_map(|rule| rule.split_once("->"));
            let allowed = translation
                .allowed_values()
                .filter_map(|rule| rule.split_once('='));
            let named = params.chain(allowed).map(|(path, _)| path.trim());
            named.chain(translation.drop())
        };
        let required = translation.required().filter_map(|own| alternatives(own).ok());
        let when = translation.when().into_iter();
        for (key, path) in required
            .flatten()
            .map(|path| ("required", path))
            .chain(when.map(|path| ("when", path)))
        {
            let is_in = |path: &str, outer: &str| {
                let rest = path.strip_prefix(outer);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if !named().any(|own| is_in(own, path) || is_in(path, own)) {
                lint.reader.complain(
                    &located.span(key),
                    Some(&translation.from),
                    "unnamed-requirement",
                    format!("nothing says what becomes of `{path}`"),
                    "name it in `params`, in `allowed_values`, or in `drop` where it does not matter",
                );
            }
        }
    }
}
