//! The two lower bounds of a row.

use crate::word::words;

words! {
    /// Which lower bound of a row decides.
    #[derive(Default)]
    "lower bound of a row" LowerBound {
        /// The documented revision. It is safe: every known build with this revision has the
        /// feature.
        #[default]
        Documented = "documented",
        /// The lowest revision of a published source with the feature. Some builds of that
        /// revision may lack it, since a revision covers many builds.
        Observed = "observed",
    }
}
