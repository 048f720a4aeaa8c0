//! Reads a whole file.

use super::entries::{change, cloud_domains, event, imbot_v2, object, release, row, source, translation};
use super::keys::{
    CHANGE_KEYS, CLOUD_KEYS, EVENT_KEYS, IMBOT_KEYS, OBJECT_KEYS, OVERLAY_KEYS, RELEASE_KEYS, ROW_KEYS,
    SOURCE_KEYS, TABLE_KEYS, TRANSLATION_KEYS,
};
use super::sources::resolve_sources;
use semver::{Version, VersionReq};

use crate::feature::Requirement;
use crate::table::document::TableFile;
use crate::table::error::TableError;
use crate::table::lint::check;
use crate::table::reader::Reader;
use crate::table::section::Section;
use crate::table::table::Table;

/// The longest table file, in bytes. It is more than five times the crate's own.
const BYTE_LIMIT: usize = 1 << 20;

impl TableFile {
    /// Reads a whole table, such as the crate's own `features.toml`.
    ///
    /// # Errors
    ///
    /// [`TableError`] with 1,000 problems at most, each with its place and remedy: text that is
    /// not TOML or is longer than 1 MiB, keys that are unknown, missing or wrong, and broken
    /// rules.
    pub fn parse(text: &str) -> Result<TableFile, TableError> {
        Self::read(text, None, &[])
    }

    /// Reads a table, or an overlay on `base` with the constants of a program.
    pub(crate) fn read(
        text: &str,
        base: Option<&Table>,
        constants: &[Requirement],
    ) -> Result<TableFile, TableError> {
        let reader = Reader::new(text);
        if text.len() > BYTE_LIMIT {
            let what = format!("the file is longer than {BYTE_LIMIT} bytes");
            reader.complain(&(0..0), None, "too-long", what, "split it into several overlays");
            return reader.finish(None);
        }
        let root = reader.parse()?;
        let keys = if base.is_some() { OVERLAY_KEYS } else { TABLE_KEYS };
        let top = Section::new(&reader, root.get_ref(), 0..0, "the file", None, keys);
        let document = top_level(&top, base, constants);
        if let Some(document) = &document {
            check(&reader, document, base, constants);
        }
        reader.finish(document)
    }
}

fn top_level(
    top: &Section<'_, '_, '_>,
    base: Option<&Table>,
    constants: &[Requirement],
) -> Option<TableFile> {
    let title = top.required("title", Section::str);
    let version = top.required("version", |top, key| {
        top.parsed::<Version>(key, "a version such as \"1.0.0\"")
    });
    let requires = match base {
        Some(_) => top.required("requires", |top, key| {
            top.parsed::<VersionReq>(
                key,
                "what the overlay needs of the table's version, such as \"^2\"",
            )
        }),
        None => None,
    };
    let imbot_v2 = match base {
        None => top.required("imbot_v2", |top, key| {
            imbot_v2(&top.section(key, "imbot_v2", IMBOT_KEYS)?)
        }),
        Some(_) => None,
    };
    let cloud = top.each(
        "cloud",
        "domains of the cloud",
        "source",
        CLOUD_KEYS,
        cloud_domains,
    );
    let sources = top.each("source", "a source", "id", SOURCE_KEYS, source);
    let changes = top.each("change", "a change", "code", CHANGE_KEYS, change);
    let releases = top.each("release", "a release", "rest", RELEASE_KEYS, release);
    let overlay = base.and(title.as_ref());
    let rows = top.each("feature", "a feature", "id", ROW_KEYS, |section| {
        row(section, overlay, constants)
    });

    let translations = top.each(
        "translation",
        "a translation",
        "from",
        TRANSLATION_KEYS,
        translation,
    );

    let objects = top.each("object", "an object of events", "name", OBJECT_KEYS, object);
    let events = top.each("event", "an event", "name", EVENT_KEYS, event);

    let mut document = TableFile {
        title: title?,
        version: version?.1,
        requires: match base {
            Some(_) => Some(requires?.1),
            None => None,
        },
        imbot_v2,
        cloud,
        sources,
        changes,
        releases,
        unversioned_methods: top.list("unversioned_methods").unwrap_or_default(),
        rows,
        translations,
        objects,
        events,
    };
    resolve_sources(&mut document, top, base);
    Some(document)
}
