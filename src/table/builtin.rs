//! The built-in table as one value: the generated constants, put together.

use std::borrow::Cow;
use std::sync::OnceLock;

use semver::Version;

use super::Table;
use crate::feature::generated::{self, ROWS};
use crate::feature::{COUNT, Gate};
use crate::revision::Axis;

pub(super) static BUILTIN: Table = Table {
    version: Version::new(generated::VERSION.0, generated::VERSION.1, generated::VERSION.2),
    imbot_v2: generated::IMBOT_V2,
    cloud: Cow::Borrowed(generated::CLOUD_DOMAINS),
    sources: Cow::Borrowed(generated::SOURCES),
    changes: Cow::Borrowed(generated::CHANGES),
    releases: Cow::Borrowed(generated::RELEASES),
    undated: Cow::Borrowed(generated::UNDATED),
    rows: Cow::Borrowed(&ROWS),
    translations: Cow::Borrowed(generated::TRANSLATIONS),
    documented: Cow::Borrowed(&DOCUMENTED),
    observed: Cow::Borrowed(&OBSERVED),
    overlays: Vec::new(),
    index: OnceLock::new(),
    #[cfg(feature = "registry")]
    cloud_names: OnceLock::new(),
};

/// The gates alone, side by side: readings are made of all of them at once.
static DOCUMENTED: [Gate; COUNT] = gates(false);
static OBSERVED: [Gate; COUNT] = gates(true);

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, over its own bounds"
)]
const fn gates(observed: bool) -> [Gate; COUNT] {
    let mut gates = [Gate::new(Axis::Rest, 0, None, false); COUNT];
    let mut index = 0;
    while index < COUNT {
        let row = &ROWS[index];
        gates[index] = if observed { row.observed_gate() } else { row.gate };
        index += 1;
    }
    gates
}
