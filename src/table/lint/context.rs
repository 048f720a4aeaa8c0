//! The context of a rule: the file, its base, and the report.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::feature::Requirement;
use crate::table::change::ChangeLogEntry;
use crate::table::document::TableFile;
use crate::table::reader::Reader;
use crate::table::row::Row;
use crate::table::section::Located;
use crate::table::table::Table;

/// A file, the table below it (for an overlay), and the report of problems.
pub(super) struct Lint<'l> {
    pub(super) reader: &'l Reader<'l>,
    pub(super) document: &'l TableFile,
    pub(super) base: Option<&'l Table>,
    /// The constants of the program.
    pub(super) constants: &'l [Requirement],
    /// The ids of the document's rows.
    pub(super) ids: HashSet<&'l str>,
}

impl Lint<'_> {
    pub(super) fn rows(&self) -> impl Iterator<Item = &Located<Row>> {
        self.document.rows.iter()
    }

    pub(super) fn row(
        &self,
        row: &Located<Row>,
        key: &str,
        rule: &'static str,
        what: String,
        remedy: impl Into<String>,
    ) {
        self.reader
            .complain(&row.span(key), Some(&row.item.id), rule, what, remedy);
    }

    pub(super) fn change(&self, code: &str) -> Option<&ChangeLogEntry> {
        let own = self.document.changes.iter().map(|change| &change.item);
        own.chain(self.base.into_iter().flat_map(Table::change_log))
            .find(|change| change.code == code)
    }

    pub(super) fn knows_method(&self, method: &str) -> bool {
        self.document.unversioned_methods().any(|known| known == method)
            || self.ids.contains(method)
            || self.base.is_some_and(|base| base.knows_method(method))
    }

    pub(super) fn methods_begin_with(&self, prefix: &str) -> bool {
        self.rows().any(|row| row.item.id.starts_with(prefix))
            || self
                .base
                .is_some_and(|base| base.rows().any(|row| row.id.starts_with(prefix)))
    }

    /// Reports every duplicate of an earlier value.
    pub(super) fn duplicates<'d, T: Ord>(
        &self,
        values: impl Iterator<Item = (T, Range<usize>, &'d str)>,
        rule: &'static str,
        what: impl Fn(&T) -> String,
    ) {
        let mut seen = BTreeMap::new();
        for (value, span, row) in values {
            if let Some(first) = seen.get(&value) {
                let remedy = format!("rename one of the two; the other is row `{first}`");
                self.reader.complain(&span, Some(row), rule, what(&value), remedy);
            } else {
                seen.insert(value, row.to_owned());
            }
        }
    }
}
