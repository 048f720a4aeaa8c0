//! A table as a value: its contents and the look-ups.

use std::borrow::Cow;
use std::sync::OnceLock;

use semver::Version;

use super::change::ChangeLogEntry;
use super::cloud::CloudDomains;
use super::event::{EventObject, EventTranslation};
use super::index::{EventIndex, Index};
use super::release::{ImbotV2Builds, Release};
use super::revision_basis::RevisionBasis;
use super::row::Row;
use super::source::Source;
use super::text::Str;
use super::translation::Translation;
use crate::feature::{COUNT, Requirement, RevisionRange};

/// A table of features: the built-in one, with or without overlays.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) version: Version,
    pub(crate) imbot_v2: ImbotV2Builds,
    pub(crate) cloud: Cow<'static, [CloudDomains]>,
    pub(crate) sources: Cow<'static, [Source]>,
    pub(crate) changes: Cow<'static, [ChangeLogEntry]>,
    pub(crate) releases: Cow<'static, [Release]>,
    pub(crate) unversioned_methods: Cow<'static, [Str]>,
    /// First the features, each at its number, then the rows that overlays added.
    pub(crate) rows: Cow<'static, [Row]>,
    pub(crate) translations: Cow<'static, [Translation]>,
    pub(crate) objects: Cow<'static, [EventObject]>,
    pub(crate) events: Cow<'static, [EventTranslation]>,
    pub(crate) documented: Cow<'static, [RevisionRange; COUNT]>,
    pub(crate) observed: Cow<'static, [RevisionRange; COUNT]>,
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) index: OnceLock<Index>,
    pub(crate) event_index: OnceLock<EventIndex>,
    /// The cloud's own domains, sorted.
    #[cfg(feature = "registry")]
    pub(crate) cloud_names: OnceLock<Box<[Box<str>]>>,
}

/// An overlay that a table was made with.
#[derive(Clone, Debug)]
pub struct Overlay {
    pub(super) title: Str,
    pub(super) version: Version,
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
    /// Keeps the table for the rest of the process, so that [`Caps`](crate::Caps)
    /// can be `Copy`. Call it once, at start-up: the memory of a leaked table is never freed.
    #[must_use]
    pub fn leak(self) -> &'static Table {
        Box::leak(Box::new(self))
    }

    /// The version of the built-in table below all overlays.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The overlays, in the order in which they were added.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.overlays
    }

    /// Every row: the features in order, then the rows that overlays added.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> + Clone {
        self.rows.iter()
    }

    /// The row with this id. Rows of overlays count. Linear search.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Row> {
        self.rows().find(|row| row.id == id)
    }

    /// The requirement of the row with this id. A program needs it to ask for a row that an
    /// overlay added. Linear search: look it up once.
    #[must_use]
    pub fn requirement(&'static self, id: &str, revision_basis: RevisionBasis) -> Option<Requirement> {
        let row = self.find(id)?;
        Some(match revision_basis {
            RevisionBasis::Documented => row.requirement(),
            RevisionBasis::Observed => row.observed_range().named(row.id()),
        })
    }

    /// The entries of the official change log, oldest first.
    pub fn change_log(&self) -> impl ExactSizeIterator<Item = &ChangeLogEntry> + Clone {
        self.changes.iter()
    }

    /// The known REST revisions, lowest first.
    pub fn releases(&self) -> impl ExactSizeIterator<Item = &Release> + Clone {
        self.releases.iter()
    }

    /// The first builds with imbot.v2.
    #[must_use]
    pub fn imbot_v2_builds(&self) -> &ImbotV2Builds {
        &self.imbot_v2
    }

    /// The cloud's own domains: of the built-in table, then of overlays.
    pub fn cloud_domains(&self) -> impl ExactSizeIterator<Item = &CloudDomains> + Clone {
        self.cloud.iter()
    }

    /// Whether a name is one of the cloud's own domains. Binary search.
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

    /// The sources that rows refer to.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> + Clone {
        self.sources.iter()
    }

    /// The translations of imbot.v2 calls to older methods.
    pub fn translations(&self) -> impl ExactSizeIterator<Item = &Translation> + Clone {
        self.translations.iter()
    }

    /// The objects in the data of events.
    pub fn event_objects(&self) -> impl ExactSizeIterator<Item = &EventObject> + Clone {
        self.objects.iter()
    }

    /// The events, and how older events become them.
    pub fn event_translations(&self) -> impl ExactSizeIterator<Item = &EventTranslation> + Clone {
        self.events.iter()
    }

    /// Methods for which no revision is known, mostly the v1 equivalents that rows name.
    pub fn unversioned_methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.unversioned_methods.iter().map(|method| &**method)
    }

    #[inline]
    pub(crate) fn ranges(&self, revision_basis: RevisionBasis) -> &[RevisionRange; COUNT] {
        match revision_basis {
            RevisionBasis::Documented => &self.documented,
            RevisionBasis::Observed => &self.observed,
        }
    }

    /// Every method that the table knows by name.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &str> {
        let named = self.rows().flat_map(|row| row.applies().methods());
        let exact = named.filter(|name| !name.ends_with('*'));
        exact.chain(self.unversioned_methods())
    }

    /// The rows by method, made at first use.
    pub(crate) fn index(&self) -> &Index {
        self.index
            .get_or_init(|| Index::new(self.methods(), &self.rows, &self.translations))
    }

    /// The events by name, made at first use.
    pub(crate) fn event_index(&self) -> &EventIndex {
        self.event_index
            .get_or_init(|| EventIndex::new(&self.objects, &self.events))
    }

    /// Whether the table names this method exactly.
    pub(crate) fn knows_method(&self, method: &str) -> bool {
        self.unversioned_methods().any(|known| known == method) || self.find(method).is_some()
    }
}
