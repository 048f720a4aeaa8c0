//! A table file that was read: `features.toml`, or an overlay.

use semver::{Version, VersionReq};

use super::change::ChangeLogEntry;
use super::cloud::CloudDomains;
use super::event::{EventObject, EventTranslation};
use super::release::{ImbotV2Builds, Release};
use super::row::Row;
use super::section::Located;
use super::source::Source;
use super::text::{List, Str};
use super::translation::Translation;

/// A table file that was read and passed every rule.
#[derive(Debug)]
pub struct TableFile {
    pub(super) title: Str,
    pub(super) version: Version,
    pub(super) requires: Option<VersionReq>,
    pub(super) imbot_v2: Option<ImbotV2Builds>,
    pub(super) cloud: Vec<Located<CloudDomains>>,
    pub(super) sources: Vec<Located<Source>>,
    pub(super) changes: Vec<Located<ChangeLogEntry>>,
    pub(super) releases: Vec<Located<Release>>,
    pub(super) unversioned_methods: List,
    pub(super) rows: Vec<Located<Row>>,
    pub(super) translations: Vec<Located<Translation>>,
    pub(super) objects: Vec<Located<EventObject>>,
    pub(super) events: Vec<Located<EventTranslation>>,
}

impl TableFile {
    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The version of the file.
    #[must_use]
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The first builds with imbot.v2. `None` in overlays.
    #[must_use]
    pub fn imbot_v2_builds(&self) -> Option<&ImbotV2Builds> {
        self.imbot_v2.as_ref()
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> + Clone {
        self.rows.iter().map(|row| &row.item)
    }

    /// The entries of the change log.
    pub fn change_log(&self) -> impl ExactSizeIterator<Item = &ChangeLogEntry> + Clone {
        self.changes.iter().map(|change| &change.item)
    }

    /// The releases, oldest first.
    pub fn releases(&self) -> impl ExactSizeIterator<Item = &Release> + Clone {
        self.releases.iter().map(|release| &release.item)
    }

    /// The sources that rows refer to.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> + Clone {
        self.sources.iter().map(|source| &source.item)
    }

    /// The cloud's own domains.
    pub fn cloud_domains(&self) -> impl ExactSizeIterator<Item = &CloudDomains> + Clone {
        self.cloud.iter().map(|domains| &domains.item)
    }

    /// The translations of imbot.v2 calls to older methods.
    pub fn translations(&self) -> impl ExactSizeIterator<Item = &Translation> + Clone {
        self.translations.iter().map(|translation| &translation.item)
    }

    /// The objects in the data of events.
    pub fn event_objects(&self) -> impl ExactSizeIterator<Item = &EventObject> + Clone {
        self.objects.iter().map(|object| &object.item)
    }

    /// The events, and how older events become them.
    pub fn event_translations(&self) -> impl ExactSizeIterator<Item = &EventTranslation> + Clone {
        self.events.iter().map(|event| &event.item)
    }

    /// Methods for which no revision is known.
    pub fn unversioned_methods(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.unversioned_methods.iter().map(|method| &**method)
    }
}
