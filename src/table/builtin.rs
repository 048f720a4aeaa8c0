//! The built-in table as one value: the generated constants, put together.

use std::borrow::Cow;
use std::sync::OnceLock;

use semver::Version;

use super::Table;
use crate::feature::generated::{self, ROWS};
use crate::feature::{COUNT, RevisionRange};
use crate::revision::Axis;

pub(super) static BUILTIN: Table = Table {
    version: Version::new(generated::VERSION.0, generated::VERSION.1, generated::VERSION.2),
    imbot_v2: generated::IMBOT_V2,
    cloud: Cow::Borrowed(generated::CLOUD_DOMAINS),
    sources: Cow::Borrowed(generated::SOURCES),
    changes: Cow::Borrowed(generated::CHANGES),
    releases: Cow::Borrowed(generated::RELEASES),
    unversioned_methods: Cow::Borrowed(generated::UNDATED),
    rows: Cow::Borrowed(&ROWS),
    translations: Cow::Borrowed(generated::TRANSLATIONS),
    documented: Cow::Borrowed(&DOCUMENTED),
    observed: Cow::Borrowed(&OBSERVED),
    overlays: Vec::new(),
    index: OnceLock::new(),
    #[cfg(feature = "registry")]
    cloud_names: OnceLock::new(),
};

/// The ranges alone, side by side: readings are made of all of them at once.
static DOCUMENTED: [RevisionRange; COUNT] = ranges(false);
static OBSERVED: [RevisionRange; COUNT] = ranges(true);

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, over its own bounds"
)]
const fn ranges(observed: bool) -> [RevisionRange; COUNT] {
    let mut ranges = [RevisionRange::new(Axis::Rest, 0, None, false); COUNT];
    let mut index = 0;
    while index < COUNT {
        let row = &ROWS[index];
        ranges[index] = if observed { row.observed_range() } else { row.gate };
        index += 1;
    }
    ranges
}
