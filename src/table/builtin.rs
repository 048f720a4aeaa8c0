//! The built-in table: the generated constants as one value.

use std::borrow::Cow;
use std::sync::OnceLock;

use semver::Version;

use super::generated::{self, ROWS};
use super::row::Row;
use super::table::Table;
use crate::feature::{COUNT, Feature, Requirement, RevisionRange};
use crate::revision::Counter;

static BUILTIN: Table = Table {
    version: Version::new(generated::VERSION.0, generated::VERSION.1, generated::VERSION.2),
    imbot_v2: generated::IMBOT_V2,
    cloud: Cow::Borrowed(generated::CLOUD_DOMAINS),
    sources: Cow::Borrowed(generated::SOURCES),
    changes: Cow::Borrowed(generated::CHANGES),
    releases: Cow::Borrowed(generated::RELEASES),
    unversioned_methods: Cow::Borrowed(generated::UNVERSIONED_METHODS),
    rows: Cow::Borrowed(&ROWS),
    translations: Cow::Borrowed(generated::TRANSLATIONS),
    objects: Cow::Borrowed(generated::EVENT_OBJECTS),
    events: Cow::Borrowed(generated::EVENT_TRANSLATIONS),
    documented: Cow::Borrowed(&DOCUMENTED),
    observed: Cow::Borrowed(&OBSERVED),
    overlays: Vec::new(),
    index: OnceLock::new(),
    event_index: OnceLock::new(),
    #[cfg(feature = "registry")]
    cloud_names: OnceLock::new(),
};

impl Table {
    /// The table of this version of the crate.
    #[must_use]
    pub fn builtin() -> &'static Table {
        &BUILTIN
    }

    /// The row of a feature, or the row of the overlay that replaced it.
    #[must_use]
    pub fn row(&self, feature: Feature) -> &Row {
        // `rows` begins with one row for each feature and is never shortened.
        self.rows.get(feature.index()).unwrap_or_else(|| feature.row())
    }
}

impl Feature {
    /// This feature's row of the built-in table.
    ///
    /// An overlay may replace it: [`Table::row`](crate::Table::row) is the row of a table with
    /// its overlays.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "ROWS has one entry for each variant: both are generated from one list"
    )]
    pub fn row(self) -> &'static Row {
        &ROWS[self.index()]
    }

    /// The requirement of this feature in the built-in table, by the documented revision.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "ROWS has one entry for each variant: both are generated from one list"
    )]
    pub const fn requirement(self) -> Requirement {
        ROWS[self.index()].range.named(self.as_str())
    }
}

/// The ranges alone, side by side: an evaluation reads all of them at once.
static DOCUMENTED: [RevisionRange; COUNT] = ranges(false);
static OBSERVED: [RevisionRange; COUNT] = ranges(true);

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, over its own bounds"
)]
const fn ranges(observed: bool) -> [RevisionRange; COUNT] {
    let mut ranges = [RevisionRange::new(Counter::Rest, 0, None, false); COUNT];
    let mut index = 0;
    while index < COUNT {
        let row = &ROWS[index];
        ranges[index] = if observed { row.observed_range() } else { row.range };
        index += 1;
    }
    ranges
}
