//! Methods by name, each with its rules.

use super::names::Names;
#[cfg(test)]
use super::rules::RulePath;
use super::rules::Rules;
use super::spelling::is_spelled;
use crate::table::row::Row;
use crate::table::translation::Translation;

/// Rules by method.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    methods: Vec<Method>,
    names: Names,
}

#[derive(Clone, Debug)]
struct Method {
    name: Box<str>,
    rules: Rules,
}

impl Index {
    /// The rules of these methods. Duplicate names are allowed.
    pub(crate) fn new<'t>(
        methods: impl Iterator<Item = &'t str>,
        rows: &[Row],
        translations: &[Translation],
    ) -> Self {
        let mut names: Vec<&str> = methods.collect();
        names.sort_unstable();
        names.dedup();
        let by_hash = Names::new(names.iter().copied());
        let methods = names.into_iter().map(|name| Method {
            name: name.into(),
            rules: Rules::new(rows, translations, name),
        });
        Self {
            methods: methods.collect(),
            names: by_hash,
        }
    }

    /// The rules of a method, in every spelling that portals accept. The name of an older
    /// method may have any case. In a controller's name, the version and the action may have
    /// any case; the rest must match.
    #[inline]
    pub(crate) fn rules(&self, method: &str) -> Option<&Rules> {
        let mut alike = None;
        for own in self.names.find(method) {
            let own = self.methods.get(own)?;
            if *own.name == *method {
                return Some(&own.rules);
            }
            alike = alike.or_else(|| is_spelled(&own.name, method).then_some(&own.rules));
        }
        alike
    }
}

#[cfg(test)]
impl Index {
    /// Every path of a request.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &RulePath> {
        let rules = self.methods.iter().flat_map(|own| &own.rules.parameters);
        rules.flat_map(|rule| &rule.paths)
    }
}
