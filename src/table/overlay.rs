//! Overlays: rows of a program's own, added to a table.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::document::TableFile;
use super::error::TableError;
use super::row::Row;
use super::table::{Overlay, Table};
use super::text::Str;
use crate::feature::Requirement;

impl Table {
    /// The table with one more overlay. A table may have several: the last one wins.
    ///
    /// # Errors
    ///
    /// [`TableError`] with every problem of the overlay. An overlay for another version of the
    /// table is a problem too.
    pub fn with_overlay(&self, text: &str) -> Result<Table, TableError> {
        self.with_requirements(text, &[])
    }

    /// The table with one more overlay and the constants of a program. A row of the overlay leaves
    /// `requires` and `until` out if a constant has its id: the constant is the requirement of the row.
    /// So the program states each revision once.
    ///
    /// ```
    /// use imbot_caps::table::RevisionBasis;
    /// use imbot_caps::{Feature, Requirement, Table};
    ///
    /// const OVERLAY: &str = r#"
    ///     title = "acme"
    ///     version = "0.1.0"
    ///     requires = "^2" # the version of the built-in table
    ///
    ///     [[feature]]
    ///     id = "acme.voice"
    ///     title = "Voice messages from bots"
    ///     kind = "new"
    ///     applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
    ///     source = "https://example.com/acme"
    ///     confidence = "inferred"
    /// "#;
    /// const VOICE: Requirement = Requirement::rest("acme.voice", 37).and_imbot_v2();
    /// const NEEDS: &[Requirement] = &[Feature::SystemMessage.requirement(), VOICE];
    ///
    /// let table = Table::builtin().with_requirements(OVERLAY, NEEDS)?.leak();
    /// assert_eq!(table.requirement("acme.voice", RevisionBasis::Documented), Some(VOICE));
    /// # Ok::<(), imbot_caps::table::TableError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`with_overlay`](Self::with_overlay). A constant without a row is a problem too, and so is
    /// a constant that differs from the row with its id.
    pub fn with_requirements(&self, text: &str, constants: &[Requirement]) -> Result<Table, TableError> {
        let overlay = TableFile::read(text, Some(self), constants)?;
        let mut table = self.clone();
        table.index = OnceLock::new();
        table.event_index = OnceLock::new();
        #[cfg(feature = "registry")]
        {
            table.cloud_names = OnceLock::new();
        }
        table.overlays.push(Overlay {
            title: overlay.title,
            version: overlay.version,
        });
        let rows = table.rows.to_mut();
        let places: HashMap<Str, usize> = rows.iter().map(|row| row.id.clone()).zip(0..).collect();
        for row in overlay.rows.into_iter().map(|row| row.item) {
            let place = places.get(&row.id).copied();
            let Some((index, old)) = place.and_then(|index| Some((index, rows.get_mut(index)?))) else {
                rows.push(row);
                continue;
            };
            if let Some(range) = table.documented.to_mut().get_mut(index) {
                *range = row.range;
            }
            if let Some(range) = table.observed.to_mut().get_mut(index) {
                *range = row.observed_range();
            }
            // The variant's name is part of the program, so the row keeps it.
            let name = old.name.clone();
            *old = Row { name, ..row };
        }
        let translations: Vec<_> = overlay.translations.into_iter().map(|own| own.item).collect();
        let own = table.translations.to_mut();
        own.retain(|old| !translations.iter().any(|new| new.from == old.from));
        own.extend(translations);
        let objects: Vec<_> = overlay.objects.into_iter().map(|own| own.item).collect();
        let own = table.objects.to_mut();
        own.retain(|old| !objects.iter().any(|new| new.name == old.name));
        own.extend(objects);
        let events: Vec<_> = overlay.events.into_iter().map(|own| own.item).collect();
        let own = table.events.to_mut();
        own.retain(|old| !events.iter().any(|new| new.name == old.name));
        own.extend(events);
        let changes = overlay.changes.into_iter().map(|change| change.item);
        table.changes.to_mut().extend(changes);
        let cloud = overlay.cloud.into_iter().map(|cloud| cloud.item);
        table.cloud.to_mut().extend(cloud);
        let sources = overlay.sources.into_iter().map(|source| source.item);
        table.sources.to_mut().extend(sources);
        table
            .unversioned_methods
            .to_mut()
            .extend(overlay.unversioned_methods.into_owned());
        Ok(table)
    }
}
