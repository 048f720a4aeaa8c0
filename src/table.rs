//! The table: every feature, what it requires, and where that is written.
//!
//! The built-in table is `features.toml` at the root of the crate, checked and
//! turned into constants before each release. Programs add to it with overlays:
//! files of the same form that are read at run time.
//!
//! # Overlays
//!
//! An overlay has a title, a version of its own, and says with `requires` which
//! versions of the table it was written against. A row with an id of the table
//! replaces that row whole; others are added. Whatever an overlay decided is
//! named in explanations.
//!
//! ```
//! use imbot_caps::{Caps, Table, Trust};
//!
//! let table = Table::builtin().with_overlay(
//!     r#"
//!     title = "acme"
//!     version = "0.1.0"
//!     requires = "^2"
//!
//!     [[feature]]
//!     id = "acme.voice"
//!     title = "Voice messages from bots"
//!     kind = "new"
//!     requires = { rest = 37, api = "imbot.v2" }
//!     applies = { methods = ["imbot.v2.Chat.Message.send"], request = ["fields.voice"] }
//!     source = "https://example.com/acme"
//!     confidence = "inferred"
//!     "#,
//! )?;
//! let table = table.leak(); // once, at start-up
//!
//! let voice = table.requirement("acme.voice", Trust::Documented).ok_or("no such row")?;
//! assert!(Caps::at(37).with_table(table).supports(voice));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use semver::Version;

use crate::caps::Trust;
use crate::feature::{COUNT, Feature, Requirement, RevisionRange};

mod builtin;
mod document;
mod error;
pub(crate) mod index;
mod lint;
pub(crate) mod path;
mod read;
mod release;
mod reliance;
mod row;
mod terms;
pub(crate) mod translation;

pub use document::Document;
pub use error::{Problem, TableError};
pub use release::{ImbotV2, Release, Seen};
pub use row::{Applies, Change, Date, Fallback, Row};
pub use terms::{Confidence, Kind, Shim, ValueKind, WhenUnknown};

pub use translation::Translation;

pub(crate) use index::Index;
pub(crate) use read::nearest;
pub(crate) use row::{List, Str};

/// A table of features: the built-in one, or it with overlays.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) version: Version,
    pub(crate) imbot_v2: ImbotV2,
    pub(crate) cloud: Cow<'static, [CloudDomains]>,
    pub(crate) sources: Cow<'static, [Source]>,
    pub(crate) changes: Cow<'static, [Change]>,
    pub(crate) releases: Cow<'static, [Release]>,
    pub(crate) unversioned_methods: Cow<'static, [Str]>,
    /// First the features, each at its number; then what overlays added.
    pub(crate) rows: Cow<'static, [Row]>,
    pub(crate) translations: Cow<'static, [Translation]>,
    pub(crate) documented: Cow<'static, [RevisionRange; COUNT]>,
    pub(crate) observed: Cow<'static, [RevisionRange; COUNT]>,
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) index: OnceLock<Index>,
    /// The cloud's own domains, sorted.
    #[cfg(feature = "registry")]
    pub(crate) cloud_names: OnceLock<Box<[Box<str>]>>,
}

/// Where a `source` of the table leads.
#[derive(Clone, Debug)]
pub struct Source {
    pub(crate) id: Str,
    pub(crate) url: Str,
    pub(crate) commit: Option<Str>,
}

impl Source {
    /// The id, as rows name it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The address, with `{commit}` and `{path}` to fill in.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The commit, where a row names none.
    #[must_use]
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }
}

/// Domains below which the cloud gives each of its portals a name of its own, such as
/// `bitrix24.com`. Names below one of them belong to different customers.
#[derive(Clone, Debug)]
pub struct CloudDomains {
    pub(crate) names: List,
    pub(crate) source: Str,
}

impl CloudDomains {
    /// The domains, in lower case.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.names.iter().map(|name| &**name)
    }

    /// The address of the source.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// An overlay that a table was made with.
#[derive(Clone, Debug)]
pub struct Overlay {
    title: Str,
    version: Version,
}

impl Overlay {
    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its own version.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }
}

impl Table {
    /// The table that this version of the crate was released with.
    #[must_use]
    pub fn builtin() -> &'static Table {
        &builtin::BUILTIN
    }

    /// The table with an overlay on it. Overlays may be stacked; the last wins.
    ///
    /// # Errors
    ///
    /// [`TableError`] with every problem of the overlay, and then nothing of it
    /// is used. One that does not fit this table's version is a problem too.
    pub fn with_overlay(&self, text: &str) -> Result<Table, TableError> {
        let overlay = Document::read(text, Some(self))?;
        let mut table = self.clone();
        table.index = OnceLock::new();
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
            if let Some(gate) = table.documented.to_mut().get_mut(index) {
                *gate = row.gate;
            }
            if let Some(gate) = table.observed.to_mut().get_mut(index) {
                *gate = row.observed_range();
            }
            // The variant's name is part of the program.
            let name = old.name.clone();
            *old = Row { name, ..row };
        }
        let translations: Vec<_> = overlay.translations.into_iter().map(|own| own.item).collect();
        let own = table.translations.to_mut();
        own.retain(|old| !translations.iter().any(|new| new.from == old.from));
        own.extend(translations);
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

    /// Keeps the table for the rest of the process, so that [`Caps`](crate::Caps)
    /// can be `Copy`. Meant to be called once, at start-up: the memory of a
    /// leaked table is not given back.
    #[must_use]
    pub fn leak(self) -> &'static Table {
        Box::leak(Box::new(self))
    }

    /// The version of the built-in table below all overlays.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The overlays, in the order they were laid.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// Every row: the features in order, then what overlays added.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> + Clone {
        self.rows.iter()
    }

    /// The row of a feature, as overlays left it.
    #[must_use]
    pub fn row(&self, feature: Feature) -> &Row {
        // `rows` begins with one row for each feature and is never shortened.
        self.rows.get(feature.index()).unwrap_or_else(|| feature.row())
    }

    /// The row with this id, among those of overlays too. Linear.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Row> {
        self.rows().find(|row| row.id == id)
    }

    /// What the row with this id requires: how a program asks for a row that an
    /// overlay added. Linear: look it up once.
    #[must_use]
    pub fn requirement(&'static self, id: &str, trust: Trust) -> Option<Requirement> {
        let row = self.find(id)?;
        Some(match trust {
            Trust::Documented => row.requirement(),
            Trust::Observed => row.observed_range().named(row.id()),
        })
    }

    /// The entries of the official change log, oldest first.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = &Change> + Clone {
        self.changes.iter()
    }

    /// The known REST revisions, lowest first.
    pub fn releases(&self) -> impl ExactSizeIterator<Item = &Release> + Clone {
        self.releases.iter()
    }

    /// When imbot.v2 came.
    #[must_use]
    pub fn imbot_v2(&self) -> &ImbotV2 {
        &self.imbot_v2
    }

    /// The cloud's own domains: those of the built-in table, then those that overlays
    /// added.
    pub fn cloud_domains(&self) -> impl ExactSizeIterator<Item = &CloudDomains> + Clone {
        self.cloud.iter()
    }

    /// Whether a name is one of the cloud's own domains. Does not look at all of them.
    #[cfg(feature = "registry")]
    pub(crate) fn is_cloud_domain(&self, name: &str) -> bool {
        let names = self.cloud_names.get_or_init(|| {
            let names = self.cloud_domains().flat_map(CloudDomains::names);
            let mut names: Vec<Box<str>> = names.map(Box::from).collect();
            names.sort_unstable();
            names.into()
        });
        names.binary_search_by(|own| (**own).cmp(name)).is_ok()
    }

    /// Where sources lead.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> + Clone {
        self.sources.iter()
    }

    /// How calls of imbot.v2 are made with older methods.
    pub fn translations(&self) -> impl ExactSizeIterator<Item = &Translation> + Clone {
        self.translations.iter()
    }

    /// Methods that rows name and no known revision ranges: the v1 equivalents.
    pub fn unversioned_methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.unversioned_methods.iter().map(|method| &**method)
    }

    #[inline]
    pub(crate) fn ranges(&self, trust: Trust) -> &[RevisionRange; COUNT] {
        match trust {
            Trust::Documented => &self.documented,
            Trust::Observed => &self.observed,
        }
    }

    /// Every method that the table knows by name.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &str> {
        let named = self.rows().flat_map(|row| row.applies().methods());
        let exact = named.filter(|name| !name.ends_with('*'));
        exact.chain(self.unversioned_methods())
    }

    /// The rows by method; made when it is first asked for.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// Whether a method is one that the table knows.
    pub(crate) fn knows_method(&self, method: &str) -> bool {
        self.unversioned_methods().any(|known| known == method) || self.find(method).is_some()
    }
}
